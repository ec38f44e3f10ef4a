//! A syntax tree as text: a node per line, the source line it begins on in the margin, what belongs to it indented.

use std::fmt::Write;

use flowc::source::{LineIndex, Source, Span};
use flowc::syntax::ast::{
    Attribute, AttributeValue, Body, Branch, Clauses, Condition, Declaration, Element, File, Head, Line, Name, Part,
    Pattern, PatternKind, Quantity, Reference, Segment, Setting, Statement, StatementKind, Text, Typed, Value,
};

/// The tree of a source.
pub fn tree(source: &Source, file: &File) -> String {
    let mut printer = Printer { lines: source.lines(), depth: 0, out: String::new() };
    for declaration in &file.declarations {
        printer.declaration(declaration);
    }
    printer.out
}

struct Printer {
    lines: LineIndex,
    depth: usize,
    out: String,
}

impl Printer {
    fn node(&mut self, span: Span, text: &str) {
        let line = self.lines.line(span.start as usize);
        let indent = "  ".repeat(self.depth);
        writeln!(self.out, "{line:>4}  {indent}{text}").unwrap();
    }

    fn inside(&mut self, print: impl FnOnce(&mut Self)) {
        self.depth += 1;
        print(self);
        self.depth -= 1;
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let (head, title, body) = match declaration {
            Declaration::Flow(flow) => {
                let channels =
                    if flow.channels.is_empty() { String::new() } else { format!(" for {}", names(&flow.channels)) };
                (
                    &flow.head,
                    format!("flow {} type {:?}{channels}", flow.head.name.value, flow.flow_type.value),
                    &flow.body,
                )
            }
            Declaration::Module(module) => {
                let (inputs, branches, returns) =
                    (typed(&module.inputs), names(&module.branches), typed(&module.returns));
                (
                    &module.head,
                    format!("module {} ({inputs}) -> [{branches}] returns ({returns})", module.head.name.value),
                    &module.body,
                )
            }
            Declaration::Fragment(fragment) => (
                &fragment.head,
                format!("fragment {} ({})", fragment.head.name.value, names(&fragment.parameters)),
                &fragment.body,
            ),
        };
        let Head { doc, attributes, span, .. } = head;
        self.node(span.span, &title);
        self.inside(|printer| {
            printer.notes(span.span, doc.as_deref(), attributes);
            printer.body(body);
        });
    }

    fn notes(&mut self, span: Span, doc: Option<&str>, attributes: &[Attribute]) {
        if let Some(doc) = doc {
            self.node(span, &format!("doc {doc:?}"));
        }
        for attribute in attributes {
            let values: Vec<String> = attribute
                .values
                .iter()
                .map(|value| match value {
                    AttributeValue::Word(word) => word.value.to_string(),
                    AttributeValue::Text(value) => text(value),
                })
                .collect();
            self.node(attribute.span.span, &format!("attribute {}({})", attribute.name.value, values.join(", ")));
        }
    }

    fn body(&mut self, body: &Body) {
        for line in &body.lines {
            match line {
                Line::Handler(handler) => self.branch(handler.span.span, "handler", &handler.branch),
                Line::Step(step) => {
                    self.node(step.span.span, &format!("step {}", step.name.value));
                    self.inside(|printer| {
                        printer.notes(step.span.span, step.doc.as_deref(), &step.attributes);
                        printer.body(&step.body);
                    });
                }
                Line::Statement(statement) => self.statement(statement),
            }
        }
    }

    fn branch(&mut self, span: Span, what: &str, branch: &Branch) {
        match branch {
            Branch::Arrow(target) => self.node(span, &format!("{what} -> {}", target.value)),
            Branch::Body(body) => {
                self.node(span, what);
                self.inside(|printer| printer.body(body));
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let span = statement.span.span;
        match &statement.kind {
            StatementKind::Jump(target) => self.node(span, &format!("jump -> {}", target.value)),
            StatementKind::Broken => self.node(span, "broken"),
            StatementKind::Use { fragment, arguments, .. } => {
                self.node(span, &format!("use {} ({})", fragment.value, settings(arguments)));
            }
            StatementKind::Repeat { count, body } => {
                self.node(span, &format!("repeat {}", value(count)));
                self.inside(|printer| printer.body(body));
            }
            StatementKind::Choice(choice) => {
                self.node(span, "choice");
                self.inside(|printer| {
                    for (test, body) in &choice.arms {
                        printer.node(body.span.span, &format!("if {}", condition(test)));
                        printer.inside(|printer| printer.body(body));
                    }
                    if let Some(body) = &choice.otherwise {
                        printer.node(body.span.span, "else");
                        printer.inside(|printer| printer.body(body));
                    }
                });
            }
            StatementKind::Raw(raw) => {
                let quoted = if raw.quoted { " unchecked" } else { "" };
                self.node(span, &format!("raw{quoted} {} ({})", raw.action.value, settings(&raw.settings)));
                self.clauses(raw.clauses.as_ref());
            }
            StatementKind::Set(set) => {
                self.node(span, if set.block { "set several" } else { "set" });
                self.inside(|printer| {
                    for entry in &set.entries {
                        printer
                            .node(entry.span.span, &format!("{} = {}", reference(&entry.target), value(&entry.value)));
                    }
                });
                self.clauses(set.clauses.as_ref());
            }
            StatementKind::Sentence(sentence) => {
                let parts: Vec<String> = sentence.parts.iter().map(part).collect();
                self.node(span, &format!("sentence {}", parts.join(" ")));
                self.clauses(sentence.clauses.as_ref());
            }
        }
        self.inside(|printer| printer.notes(span, statement.doc.as_deref(), &statement.attributes));
    }

    fn clauses(&mut self, clauses: Option<&Clauses>) {
        let Some(clauses) = clauses else { return };
        self.inside(|printer| {
            for clause in &clauses.clauses {
                let patterns: Vec<String> = clause.patterns.iter().map(pattern).collect();
                printer.branch(clause.span.span, &format!("clause {}", patterns.join(", ")), &clause.branch);
            }
        });
    }
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join(", ")
}

fn typed(fields: &[Typed]) -> String {
    fields.iter().map(|field| format!("{}: {}", field.name.value, field.kind.value)).collect::<Vec<_>>().join(", ")
}

fn part(part: &Part) -> String {
    match part {
        Part::Word(word) => word.value.to_string(),
        Part::Value(found) => value(found),
        Part::Settings(entries, _) => format!("({})", settings(entries)),
        Part::Comma(_) => ",".to_owned(),
    }
}

fn settings(entries: &[Setting]) -> String {
    let entry = |entry: &Setting| {
        let name = if entry.quoted { format!("{:?}", entry.name.value) } else { entry.name.value.to_string() };
        format!("{name}: {}", value(&entry.value))
    };
    entries.iter().map(entry).collect::<Vec<_>>().join(", ")
}

/// A word stands in angle brackets where it is a value.
fn value(found: &Value) -> String {
    match found {
        Value::Word(word) => format!("<{}>", word.value),
        Value::Text(found) => text(found),
        Value::Reference(found) => reference(found),
        Value::Quantity(found) => quantity(&found.value),
        Value::List(items, _) => {
            let item = |item: &Element| match &item.tag {
                Some(tag) => format!("{} {}", tag.value, value(&item.value)),
                None => value(&item.value),
            };
            format!("[{}]", items.iter().map(item).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries, _) => format!("{{{}}}", settings(entries)),
    }
}

/// The pieces of a text, with a plus between; a block text is marked.
fn text(found: &Text) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Literal(literal) => format!("{literal:?}"),
        Segment::Reference(found) => reference(found),
    };
    let pieces: Vec<String> = found.segments.iter().map(segment).collect();
    let joined = if pieces.is_empty() { "\"\"".to_owned() } else { pieces.join(" + ") };
    if found.block {
        format!("block({joined})")
    } else if pieces.len() > 1 {
        format!("({joined})")
    } else {
        joined
    }
}

fn reference(found: &Reference) -> String {
    let steps: Vec<String> = found.steps.iter().map(|step| format!(".{step}")).collect();
    format!("${}{}", found.root, steps.concat())
}

fn quantity(found: &Quantity) -> String {
    format!("{}{}", found.number, found.unit.text())
}

fn pattern(found: &Pattern) -> String {
    match &found.kind {
        PatternKind::Word(word) => word.to_string(),
        PatternKind::Text(found) => text(found),
        PatternKind::Quantity(found) => quantity(found),
        PatternKind::Key(key) => key.to_string(),
        PatternKind::Comparison(operator, operand) => format!("{} {}", operator.value.text(), value(operand)),
        PatternKind::When { operator, operands } => {
            let words = [format!("when {}", operator.value)].into_iter().chain(operands.iter().map(text));
            words.collect::<Vec<_>>().join(" ")
        }
        PatternKind::Error(found) => format!("error {}", text(found)),
    }
}

fn condition(found: &Condition) -> String {
    let joined =
        |parts: &[Condition], word: &str| format!("({})", parts.iter().map(condition).collect::<Vec<_>>().join(word));
    match found {
        Condition::Any(parts) => joined(parts, " or "),
        Condition::All(parts) => joined(parts, " and "),
        Condition::Not(inner) => format!("not {}", condition(inner)),
        Condition::Test(test) => {
            format!("{} {} {}", reference(&test.subject), test.operator.value.text(), value(&test.operand))
        }
    }
}
