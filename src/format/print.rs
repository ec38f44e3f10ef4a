//! How declarations and lines look.

use std::ops::Range;

use super::pen::{Gap, Pen, WIDTH_MAX};
use super::value::{ROUND, Row};
use crate::source::Source;
use crate::syntax::Parsed;
use crate::syntax::ast::{
    Assignments, Attribute, Body, Branch, Choice, Declaration, Entry, FlowDeclaration, FragmentDeclaration, Line,
    ModuleDeclaration, Name, Part, Raw, Sentence, Statement, StatementKind, Typed, Value,
};

/// Targets that are longer than this do not move the column of the others.
const TARGET_WIDTH_MAX: usize = 60;

/// The canonical text of a source without errors.
pub(super) fn file(source: &Source, parsed: &Parsed) -> String {
    let mut pen = Pen::new(source, &parsed.comments);
    let declarations = &parsed.file.declarations;
    let begins = |index: usize| declarations.get(index).map_or(source.text.len(), |next| declaration_place(next).start);
    for (index, declaration) in declarations.iter().enumerate() {
        let place = declaration_place(declaration);
        pen.lead(place.start, if index == 0 { Gap::First } else { Gap::Forced });
        pen.declaration(declaration);
        pen.at = place.end;
        pen.trail(begins(index + 1));
    }
    pen.rest(source.text.len(), if declarations.is_empty() { Gap::First } else { Gap::Kept });
    if !pen.out.is_empty() {
        pen.out.push('\n');
    }
    pen.out
}

/// Where something begins, which is at its first attribute, and where it ends.
fn with_attributes(attributes: &[Attribute], place: Range<usize>) -> Range<usize> {
    attributes.first().map_or(place.start, |first| first.span.span.start as usize)..place.end
}

fn declaration_place(declaration: &Declaration) -> Range<usize> {
    let head = match declaration {
        Declaration::Flow(flow) => &flow.head,
        Declaration::Module(module) => &module.head,
        Declaration::Fragment(fragment) => &fragment.head,
    };
    with_attributes(&head.attributes, head.span.span.range())
}

fn line_place(line: &Line) -> Range<usize> {
    let place = line.span().range();
    match line {
        Line::Handler(_) => place,
        Line::Step(step) => with_attributes(&step.attributes, place),
        Line::Statement(statement) => with_attributes(&statement.attributes, place),
    }
}

/// A line and the arrow behind it.
fn row_place(row: &[Line]) -> Range<usize> {
    let place = |line: Option<&Line>| line.map_or(0..0, line_place);
    place(row.first()).start..place(row.last()).end
}

/// Whether a line may share its line with the braces around it.
fn is_simple(line: &Line) -> bool {
    let Line::Statement(statement) = line else { return false };
    statement.attributes.is_empty()
        && match &statement.kind {
            StatementKind::Jump(_) | StatementKind::Raw(_) | StatementKind::Use { .. } | StatementKind::Sentence(_) => {
                true
            }
            StatementKind::Set(assignments) => !assignments.block,
            StatementKind::Choice(_) | StatementKind::Repeat { .. } | StatementKind::Broken => false,
        }
}

/// What a body may look like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// On one line, if the author put it there and it holds one simple line.
    AsWritten,
    /// Over several lines, unless it is empty: what has an alternative.
    Broken,
}

impl Pen<'_> {
    // ---- declarations -----------------------------------------------------------------------------------------------

    fn declaration(&mut self, declaration: &Declaration) {
        match declaration {
            Declaration::Flow(flow) => self.flow(flow),
            Declaration::Module(module) => self.module(module),
            Declaration::Fragment(fragment) => self.fragment(fragment),
        }
    }

    /// Writes attributes, each on its line, and begins the line of what they belong to.
    fn attributes(&mut self, attributes: &[Attribute], start: u32) {
        for (index, attribute) in attributes.iter().enumerate() {
            let next = attributes.get(index + 1).map_or(start, |next| next.span.span.start) as usize;
            self.attribute(attribute);
            self.trail(next);
            self.lead(next, Gap::Tight);
        }
    }

    fn flow(&mut self, flow: &FlowDeclaration) {
        self.attributes(&flow.head.attributes, flow.head.span.span.start);
        self.push(&flow.flow_type.value);
        self.push(" flow ");
        self.copy(flow.head.name.span);
        for (index, channel) in flow.channels.iter().enumerate() {
            self.push(if index == 0 { " for " } else { ", " });
            self.copy(channel.span);
        }
        self.push(" ");
        self.body(&flow.body, Shape::Broken);
    }

    fn module(&mut self, module: &ModuleDeclaration) {
        self.attributes(&module.head.attributes, module.head.span.span.start);
        self.push("module ");
        self.copy(module.head.name.span);
        let mut at = module.head.name.span.end as usize;
        at = self.contract(&module.inputs.iter().map(Row::Typed).collect::<Vec<_>>(), at, " ");
        if let Some(last) = module.branches.last() {
            self.branches(&module.branches);
            at = last.span.end as usize;
        }
        let token = self.token(at);
        if self.starts(token, "returns") && token < module.body.span.span.start as usize {
            let returns: Vec<Row> = module.returns.iter().map(|typed: &Typed| Row::Typed(typed)).collect();
            self.contract(&returns, token + "returns".len(), " returns ");
        }
        self.push(" ");
        self.body(&module.body, Shape::Broken);
    }

    fn fragment(&mut self, fragment: &FragmentDeclaration) {
        self.attributes(&fragment.head.attributes, fragment.head.span.span.start);
        self.push("fragment ");
        self.copy(fragment.head.name.span);
        let parameters: Vec<Row> = fragment.parameters.iter().map(|word| Row::Plain(word.span)).collect();
        self.contract(&parameters, fragment.head.name.span.end as usize, " ");
        self.push(" ");
        self.body(&fragment.body, Shape::Broken);
    }

    /// Writes the brackets that may come next in a declaration, behind the words that lead them; the offset behind them.
    /// Empty ones say nothing.
    fn contract(&mut self, rows: &[Row], at: usize, lead: &str) -> usize {
        let open = self.token(at);
        if !self.starts(open, "(") {
            return at;
        }
        let end = self.bracket(rows.last().map_or(open + 1, |last| last.place().end)) + 1;
        if !rows.is_empty() || self.has_comment(&(open..end)) {
            self.push(lead);
            self.group(open..end, ROUND, rows, 2);
        }
        end
    }

    fn branches(&mut self, branches: &[Name]) {
        let (Some(first), Some(last)) = (branches.first(), branches.last()) else { return };
        let whole = first.span.start as usize..last.span.end as usize;
        self.push(" -> ");
        let line: Vec<&str> = branches.iter().map(|branch| self.source.slice(branch.span)).collect();
        let line = line.join(", ");
        if !self.has_comment(&whole) && self.fits(&line, 2) {
            self.push(&line);
            return;
        }
        self.level += 1;
        for (index, branch) in branches.iter().enumerate() {
            if index > 0 {
                self.push(",");
                self.trail(branch.span.start as usize);
                self.lead(branch.span.start as usize, Gap::Tight);
            }
            self.copy(branch.span);
            self.at = branch.span.end as usize;
        }
        self.level -= 1;
    }

    // ---- bodies -----------------------------------------------------------------------------------------------------

    fn body(&mut self, body: &Body, shape: Shape) {
        let whole = body.span.span.range();
        let within = whole.start + 1..whole.end.saturating_sub(1);
        if body.lines.is_empty() && !self.has_comment(&within) {
            self.push("{}");
        } else if self.flat {
            match body.lines.as_slice() {
                [line, rest @ ..] if is_simple(line) && self.one_line(body.span.span) => {
                    self.push("{ ");
                    self.line(line);
                    match rest {
                        [] => {}
                        [onward] if self.is_onward(line, onward) => {
                            self.push(" ");
                            self.line(onward);
                        }
                        _ => self.fail(),
                    }
                    self.push(" }");
                }
                _ => self.fail(),
            }
        } else {
            let line = if shape == Shape::AsWritten { self.try_flat(|trial| trial.body(body, shape)) } else { None };
            match line {
                Some(line) if self.fits(&line, 0) => self.push(&line),
                _ => {
                    let gap = |row: &&[Line]| {
                        if matches!(row, [Line::Step(_), ..]) { Gap::Forced } else { Gap::Kept }
                    };
                    let rows: Vec<&[Line]> = body.lines.chunk_by(|line, next| self.is_onward(line, next)).collect();
                    self.push("{");
                    self.rows(within, &rows, |row| row_place(row), gap, |pen, row| pen.row_of_lines(row));
                    self.push("}");
                }
            }
        }
        self.at = whole.end;
    }

    /// Whether a line is the arrow behind another, on its line.
    fn is_onward(&self, line: &Line, next: &Line) -> bool {
        let is_statement = match line {
            Line::Statement(statement) => !matches!(statement.kind, StatementKind::Jump(_) | StatementKind::Broken),
            Line::Handler(_) | Line::Step(_) => false,
        };
        let Line::Statement(Statement { kind: StatementKind::Jump(_), attributes, .. }) = next else { return false };
        let between = line.span().tail().to(next.span().head());
        is_statement && attributes.is_empty() && self.one_line(between)
    }

    /// A line, and the arrow behind it if that fits.
    fn row_of_lines(&mut self, row: &[Line]) {
        let Some((line, onward)) = row.split_first() else { return };
        self.line(line);
        for arrow in onward {
            let Line::Statement(Statement { kind: StatementKind::Jump(target), .. }) = arrow else { continue };
            let width = self.source.slice(target.span).chars().count() + " -> ".len();
            if self.fits("", width) {
                self.push(" ");
            } else {
                self.newline();
            }
            self.arrow(target);
        }
    }

    fn line(&mut self, line: &Line) {
        match line {
            Line::Handler(handler) => {
                self.push("on error ");
                self.branch(&handler.branch);
            }
            Line::Step(step) => {
                self.attributes(&step.attributes, step.span.span.start);
                self.push("step ");
                self.copy(step.name.span);
                self.push(" ");
                self.body(&step.body, Shape::AsWritten);
            }
            Line::Statement(statement) => self.statement(statement),
        }
    }

    pub(super) fn branch(&mut self, branch: &Branch) {
        match branch {
            Branch::Arrow(target) => self.arrow(target),
            Branch::Body(body) => self.body(body, Shape::AsWritten),
        }
    }

    fn arrow(&mut self, target: &Name) {
        self.push("-> ");
        self.copy(target.span);
        self.at = target.span.end as usize;
    }

    // ---- statements -------------------------------------------------------------------------------------------------

    fn statement(&mut self, statement: &Statement) {
        self.attributes(&statement.attributes, statement.span.span.start);
        match &statement.kind {
            StatementKind::Jump(target) => self.arrow(target),
            StatementKind::Choice(choice) => {
                let line =
                    if self.one_line(statement.span.span) { self.try_flat(|trial| trial.choice(choice)) } else { None };
                match line {
                    Some(line) if self.fits(&line, 0) => self.push(&line),
                    _ => self.choice(choice),
                }
            }
            StatementKind::Repeat { count, body } => {
                self.push("repeat ");
                self.value(count, 2);
                self.push(" ");
                self.body(body, Shape::AsWritten);
            }
            StatementKind::Raw(raw) => self.raw(raw),
            StatementKind::Use { fragment, arguments, arguments_span } => {
                self.push("use ");
                self.copy(fragment.span);
                if let Some(span) = arguments_span {
                    self.push(" ");
                    self.settings(arguments, span.span.range(), 0);
                }
            }
            StatementKind::Set(assignments) => self.assignments(assignments, statement.span.span.start as usize),
            StatementKind::Sentence(sentence) => self.sentence(sentence),
            // Only sources with errors hold one, and those are not printed.
            StatementKind::Broken => self.copy(statement.span.span),
        }
    }

    fn choice(&mut self, choice: &Choice) {
        let arms = choice.arms.iter().map(|(condition, body)| (Some(condition), body));
        for (index, (condition, body)) in arms.chain(choice.otherwise.iter().map(|body| (None, body))).enumerate() {
            if index > 0 {
                // A comment between the brace and `else` takes the line, so `else` goes to the next.
                let word = self.token(self.at);
                if self.has_comment(&(self.at..word)) {
                    self.trail(word);
                    self.lead(word, Gap::Tight);
                } else {
                    self.push(" ");
                }
                self.push("else ");
            }
            if let Some(condition) = condition {
                self.push("if ");
                self.condition(condition);
                self.push(" ");
            }
            self.body(body, Shape::Broken);
        }
    }

    fn raw(&mut self, raw: &Raw) {
        self.push("do ");
        self.copy(raw.action.span);
        let open = self.token(raw.action.span.end as usize);
        // No line begins with a bracket, so this one is not the next line's.
        if self.starts(open, "(") {
            let last = raw.settings.last().map_or(open + 1, |last| last.value.span().end as usize);
            let end = self.bracket(last) + 1;
            if !raw.settings.is_empty() || self.has_comment(&(open..end)) {
                self.push(" ");
                self.settings(&raw.settings, open..end, if raw.clauses.is_some() { 2 } else { 0 });
            }
        }
        self.clauses(raw.clauses.as_ref());
    }

    fn assignments(&mut self, assignments: &Assignments, start: usize) {
        self.push("set ");
        let entries = &assignments.entries;
        if assignments.block {
            let open = self.token(start + "set".len());
            let close = self.token(entries.last().map_or(open + 1, |last| last.value.span().end as usize));
            if entries.is_empty() && !self.has_comment(&(open..close)) {
                self.push("{}");
            } else {
                let width = |span| self.source.slice(span).chars().count();
                let widths = entries.iter().map(|entry| width(entry.target.span.span));
                let column = widths.filter(|&width| width <= TARGET_WIDTH_MAX).max().unwrap_or(0);
                self.push("{");
                let place = |entry: &Entry| entry.target.span.span.to(entry.value.span()).range();
                self.rows(
                    open + 1..close,
                    entries,
                    place,
                    |_| Gap::Kept,
                    |pen, entry| {
                        let target = pen.source.slice(entry.target.span.span);
                        pen.push(&format!("{target:column$} = "));
                        pen.value(&entry.value, 0);
                    },
                );
                self.push("}");
            }
            self.at = close + 1;
        } else {
            for entry in entries {
                self.copy(entry.target.span.span);
                self.push(" = ");
                self.value(&entry.value, if assignments.clauses.is_some() { 2 } else { 0 });
            }
        }
        self.clauses(assignments.clauses.as_ref());
    }

    fn sentence(&mut self, sentence: &Sentence) {
        let mut rest = sentence.parts.as_slice();
        let mut first = true;
        while let Some((part, after)) = rest.split_first() {
            rest = after;
            self.push(if first || matches!(part, Part::Comma(_)) { "" } else { " " });
            first = false;
            let behind = self.behind(rest, sentence.clauses.is_some());
            match part {
                Part::Word(word) => self.copy(word.span),
                Part::Comma(_) => self.push(","),
                Part::Value(value) => self.value(value, behind),
                Part::Settings(settings, span) => self.settings(settings, span.span.range(), behind),
            }
        }
        self.clauses(sentence.clauses.as_ref());
    }

    /// How many characters must stand on the line of a part behind it: to the next place that can be broken.
    fn behind(&self, rest: &[Part], clauses: bool) -> usize {
        let mut width = 0;
        for part in rest {
            if width > WIDTH_MAX {
                return width;
            }
            width += match part {
                Part::Settings(..) | Part::Value(Value::List(..) | Value::Map(..)) => return width + 2,
                Part::Comma(_) => 1,
                part => {
                    let raw = self.source.slice(part.span());
                    match raw.split_once('\n') {
                        Some((first, _)) => return width + 1 + first.chars().count(),
                        None => 1 + raw.chars().count(),
                    }
                }
            };
        }
        width + if clauses { 2 } else { 0 }
    }
}
