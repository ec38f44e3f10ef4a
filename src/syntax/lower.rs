//! From the parser's pairs to the tree.

mod clauses;
mod openings;
mod values;

use ecow::EcoString;
use pest::Parser;
use pest::iterators::{Pair, Pairs};

use super::ast::{
    Assignments, Attribute, Body, Branch, Choice, Declaration, Entry, File, FlowDeclaration, FragmentDeclaration,
    Handler, Head, Line, ModuleDeclaration, Name, Part, Raw, Reference, Segment, Sentence, Statement, StatementKind,
    Step, Text, Typed,
};
use super::parser::{FlowParser, Rule};
use super::recover::{self, Place};
use super::scan::{Comment, Scan};
use super::text;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{Source, Span, Spanned};
use values::quantity;

pub(super) fn file(source: &Source, scan: &Scan, diagnostics: &mut Diagnostics) -> File {
    let pairs = match FlowParser::parse(Rule::file, &source.text) {
        Ok(pairs) => pairs,
        Err(error) => {
            // The grammar takes every text; if it ever does not, that is still a message and not a crash.
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
            };
            diagnostics.push(
                Diagnostic::new(codes::SYNTAX, Span::new(source.id, at, at + 1), "this cannot be understood")
                    .label("here"),
            );
            return File::default();
        }
    };
    let mut cx = Lower { source, comments: &scan.comments, open: &scan.open, within_open: false, diagnostics };
    let mut declarations = Vec::new();
    let mut above = None;
    for pair in pairs.flat_map(children) {
        match pair.as_rule() {
            Rule::attributes => above = Some(pair),
            Rule::rest => cx.broken_attributes(above.take(), &pair),
            Rule::flow => declarations.push(Declaration::Flow(cx.flow(pair, above.take()))),
            Rule::module => declarations.push(Declaration::Module(cx.module(pair, above.take()))),
            Rule::fragment => declarations.push(Declaration::Fragment(cx.fragment(pair, above.take()))),
            Rule::junk_declaration => {
                above = None;
                let span = cx.span(&pair);
                cx.broken(span, span, Place::TopLevel);
            }
            _ => {}
        }
    }
    cx.lost_attributes(above, Place::TopLevel);
    File { declarations }
}

struct Lower<'a> {
    source: &'a Source,
    comments: &'a [Comment],
    /// The texts that are never closed.
    open: &'a [Span],
    /// Whether one of them is in what is being lowered.
    within_open: bool,
    diagnostics: &'a mut Diagnostics,
}

/// Everything before the substance of a declaration, step or statement.
struct Opening {
    doc: Option<String>,
    attributes: Vec<Attribute>,
    span: Spanned<()>,
}

/// The pairs inside a pair, without its keywords and comments.
type Inner<'i> = std::iter::Filter<Pairs<'i, Rule>, fn(&Pair<'i, Rule>) -> bool>;

fn children(pair: Pair<Rule>) -> Inner {
    pair.into_inner().filter(|inner| {
        !matches!(
            inner.as_rule(),
            Rule::comment
                | Rule::inner_nl
                | Rule::kw_flow
                | Rule::kw_for
                | Rule::kw_module
                | Rule::kw_returns
                | Rule::kw_fragment
                | Rule::kw_on
                | Rule::kw_error
                | Rule::kw_step
                | Rule::kw_if
                | Rule::kw_else
                | Rule::kw_repeat
                | Rule::kw_do
                | Rule::kw_use
                | Rule::kw_set
                | Rule::kw_when
                | Rule::kw_or
                | Rule::kw_and
                | Rule::equals
        )
    })
}

impl Lower<'_> {
    fn span(&self, pair: &Pair<Rule>) -> Span {
        let span = pair.as_span();
        Span::new(self.source.id, span.start(), span.end())
    }

    fn spanned(&self, pair: &Pair<Rule>) -> Spanned<()> {
        Spanned::new((), self.span(pair))
    }

    /// Trailing space and comments that the grammar skipped at the end of a rule are not part of it.
    fn trimmed(&self, span: Span) -> Span {
        let mut end = span.end;
        loop {
            let kept = self.source.slice(Span { end, ..span }).trim_end_matches(is_space).len();
            end = span.start + u32::try_from(kept).unwrap_or(0);
            let above = self.comments.partition_point(|comment| comment.span.start < end);
            match above.checked_sub(1).and_then(|index| self.comments.get(index)) {
                Some(comment) if comment.span.end >= end && comment.span.start >= span.start => {
                    end = comment.span.start;
                }
                _ => return Span { end, ..span },
            }
        }
    }

    fn name(&self, pair: &Pair<Rule>) -> Name {
        Spanned::new(pair.as_str().into(), self.span(pair))
    }

    /// A word, or a text without references.
    fn word_or_text(&mut self, pair: &Pair<Rule>) -> Name {
        if pair.as_rule() != Rule::text {
            return self.name(pair);
        }
        let text = self.text(pair);
        let span = text.span.span;
        let value = text.literal().unwrap_or_else(|| {
            self.diagnostics.push(
                Diagnostic::new(codes::STATIC_ONLY, span, "a name cannot hold a reference")
                    .label("known only while a call runs")
                    .help(r"write `\$` for a dollar sign"),
            );
            text.segments
                .iter()
                .map(|segment| match segment {
                    Segment::Literal(literal) => literal.as_str(),
                    Segment::Reference(reference) => reference.root.as_str(),
                })
                .collect()
        });
        Spanned::new(value.into(), span)
    }

    fn text(&mut self, pair: &Pair<Rule>) -> Text {
        let span = self.span(pair);
        let closed = !self.holds_open(span);
        self.within_open |= !closed;
        text::text(self.source, span, closed, self.diagnostics)
    }

    /// Whether a text that is never closed begins in a span. All of these have been told.
    fn holds_open(&self, span: Span) -> bool {
        let next = self.open.partition_point(|open| open.start < span.start);
        self.open.get(next).is_some_and(|open| open.start < span.end)
    }

    /// What comes of lowering something, and whether a text in it is never closed, so that what it says is not certain.
    fn guarded<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let around = std::mem::take(&mut self.within_open);
        let lowered = lower(self);
        (lowered, std::mem::replace(&mut self.within_open, around))
    }

    /// Tells what is wrong with something that fits no rule, unless that is a text which is never closed. `read` is what
    /// the rule is held against once more.
    fn broken(&mut self, span: Span, read: Span, place: Place) {
        if !self.holds_open(span) {
            self.diagnostics.push(recover::junk(self.source, span, read, place));
        }
    }

    fn reference(&self, pair: &Pair<Rule>) -> Reference {
        text::reference(pair.as_str(), self.span(pair))
    }

    // ---- declarations -----------------------------------------------------------------------------------------------

    fn flow(&mut self, pair: Pair<Rule>, above: Option<Pair<Rule>>) -> FlowDeclaration {
        let whole = self.span(&pair);
        let inner = children(pair);
        let opening = self.opening(whole, above);
        let mut flow_type = Spanned::new(EcoString::new(), opening.span.span.head());
        let mut name = flow_type.clone();
        let mut channels = Vec::new();
        let mut body = None;
        for part in inner {
            match part.as_rule() {
                Rule::flow_type => {
                    let words: Vec<&str> = part.as_str().split_ascii_whitespace().collect();
                    flow_type = Spanned::new(words.join(" ").into(), self.span(&part));
                }
                Rule::word | Rule::text => name = self.word_or_text(&part),
                Rule::channels => channels = children(part).map(|word| self.name(&word)).collect(),
                Rule::body => body = Some(self.body(part)),
                _ => {}
            }
        }
        let body = body.unwrap_or_else(|| empty_body(opening.span.span));
        FlowDeclaration { head: head(opening, name), flow_type, channels, body }
    }

    fn module(&mut self, pair: Pair<Rule>, above: Option<Pair<Rule>>) -> ModuleDeclaration {
        let whole = self.span(&pair);
        let inner = children(pair);
        let opening = self.opening(whole, above);
        let mut name = Spanned::new(EcoString::new(), opening.span.span.head());
        let (mut inputs, mut branches, mut returns, mut body) = (Vec::new(), Vec::new(), Vec::new(), None);
        for part in inner {
            match part.as_rule() {
                Rule::word | Rule::text => name = self.word_or_text(&part),
                Rule::inputs => inputs = children(part).map(|typed| self.typed(typed)).collect(),
                Rule::branches => branches = children(part).map(|branch| self.word_or_text(&branch)).collect(),
                Rule::returns => returns = children(part).map(|typed| self.typed(typed)).collect(),
                Rule::body => body = Some(self.body(part)),
                _ => {}
            }
        }
        let body = body.unwrap_or_else(|| empty_body(opening.span.span));
        ModuleDeclaration { head: head(opening, name), inputs, branches, returns, body }
    }

    fn typed(&mut self, pair: Pair<Rule>) -> Typed {
        let span = self.span(&pair);
        let mut words = children(pair).map(|word| self.word_or_text(&word));
        let none = || Spanned::new(EcoString::new(), span);
        Typed { name: words.next().unwrap_or_else(none), kind: words.next().unwrap_or_else(none) }
    }

    fn fragment(&mut self, pair: Pair<Rule>, above: Option<Pair<Rule>>) -> FragmentDeclaration {
        let whole = self.span(&pair);
        let inner = children(pair);
        let opening = self.opening(whole, above);
        let mut name = Spanned::new(EcoString::new(), opening.span.span.head());
        let (mut parameters, mut body) = (Vec::new(), None);
        for part in inner {
            match part.as_rule() {
                Rule::word => name = self.name(&part),
                Rule::parameters => parameters = children(part).map(|word| self.name(&word)).collect(),
                Rule::body => body = Some(self.body(part)),
                _ => {}
            }
        }
        let body = body.unwrap_or_else(|| empty_body(opening.span.span));
        FragmentDeclaration { head: head(opening, name), parameters, body }
    }

    // ---- bodies -----------------------------------------------------------------------------------------------------

    fn unclosed(&mut self, open: Span, missing: &Pair<Rule>) {
        let whole = Span::new(self.source.id, open.start as usize, missing.as_span().start());
        // A block of text that is never closed has taken the brace.
        if self.open.binary_search_by_key(&whole.end, |open| open.end).is_ok() {
            return;
        }
        if let Some((opens, closes)) = recover::misplaced_brace(self.source.slice(whole)) {
            let brace = |at: usize| Span::new(self.source.id, open.start as usize + at, open.start as usize + at + 1);
            self.diagnostics.push(
                Diagnostic::new(codes::UNCLOSED, brace(opens), "this brace is never closed")
                    .label("opens here")
                    .also(brace(closes), "by its indentation, this closes another one")
                    .help("close the brace, or mend the indentation if this is what is meant"),
            );
            return;
        }
        let open = Span { end: open.start + 1, ..open };
        let at = self.trimmed(whole).tail();
        self.diagnostics.push(
            Diagnostic::new(codes::UNCLOSED, open, "this brace is never closed")
                .label("opens here")
                .also(at, "`}` expected by here")
                .help("close the brace; `flowc fmt` shows by its indentation what belongs where"),
        );
    }

    fn body(&mut self, pair: Pair<Rule>) -> Body {
        let span = self.span(&pair);
        let mut lines = Vec::new();
        let mut closed = true;
        let mut above: Option<Pair<Rule>> = None;
        // Where the line that was read last begins, here and among the others.
        let mut last: Option<(Pair<Rule>, usize)> = None;
        for line in children(pair) {
            match line.as_rule() {
                Rule::attributes => {
                    last = None;
                    above = Some(line);
                }
                Rule::rest => match last.take() {
                    Some((begin, at)) => self.broken_line(&begin, &line, at, &mut lines),
                    None => self.broken_attributes(above.take(), &line),
                },
                Rule::item => {
                    last = Some((line.clone(), lines.len()));
                    lines.extend(self.item(line, above.take()));
                }
                Rule::jump => lines.push(Line::Statement(self.onward(line))),
                Rule::handler => {
                    self.lost_attributes(above.take(), Place::Line);
                    last = Some((line.clone(), lines.len()));
                    lines.push(Line::Handler(self.handler(line)));
                }
                Rule::missing => {
                    closed = false;
                    self.unclosed(span, &line);
                }
                _ => {
                    above = None;
                    let span = self.span(&line);
                    lines.push(Line::Statement(self.junk(span, span, Place::Line)));
                }
            }
        }
        self.lost_attributes(above, Place::Line);
        Body { lines: tight(lines), closed, span: Spanned::new((), span) }
    }

    /// A line that begins well and goes on with what fits nothing. If it holds bodies, these count, and only what comes
    /// after them is read once more; else nothing of it is certain.
    fn broken_line(&mut self, begin: &Pair<Rule>, rest: &Pair<Rule>, at: usize, lines: &mut Vec<Line>) {
        let rest = self.span(rest);
        let whole = self.span(begin).to(rest);
        let kind = if begin.as_rule() == Rule::item { children(begin.clone()).next() } else { Some(begin.clone()) };
        let holds_bodies = |kind: Pair<Rule>| {
            children(kind).any(|part| matches!(part.as_rule(), Rule::body | Rule::clauses | Rule::otherwise))
        };
        let (place, read) = match kind.as_ref().map(Pair::as_rule) {
            Some(Rule::choice) => (Place::AfterChoice, rest),
            Some(Rule::set_block) => (Place::AfterBody, rest),
            _ if kind.is_some_and(holds_bodies) => (Place::AfterBody, rest),
            _ => (Place::Line, whole),
        };
        if place == Place::Line {
            lines.truncate(at);
            lines.push(Line::Statement(self.junk(whole, whole, place)));
        } else {
            let broken = self.junk(rest, read, place);
            if matches!(lines.last(), Some(Line::Statement(_))) {
                lines.push(Line::Statement(broken));
            }
        }
    }

    /// The arrow behind a statement: a line of its own, wherever it stands.
    fn onward(&mut self, pair: Pair<Rule>) -> Statement {
        let span = Spanned::new((), self.trimmed(self.span(&pair)));
        let target = children(pair).next().and_then(|arrow| self.arrow(arrow));
        let kind = target.map_or(StatementKind::Broken, StatementKind::Jump);
        Statement { doc: None, attributes: Vec::new(), kind, span }
    }

    fn junk(&mut self, span: Span, read: Span, place: Place) -> Statement {
        self.broken(span, read, place);
        let span = Spanned::new((), self.trimmed(span));
        Statement { doc: None, attributes: Vec::new(), kind: StatementKind::Broken, span }
    }

    fn handler(&mut self, pair: Pair<Rule>) -> Handler {
        let span = self.span(&pair);
        let span = Spanned::new((), self.trimmed(span));
        let branch = children(pair).next().map(|branch| self.branch(branch));
        Handler { branch: branch.unwrap_or_else(|| Branch::Body(empty_body(span.span))), span }
    }

    fn item(&mut self, pair: Pair<Rule>, above: Option<Pair<Rule>>) -> Option<Line> {
        let whole = self.span(&pair);
        let opening = self.opening(whole, above);
        let pair = children(pair).next()?;
        Some(if pair.as_rule() == Rule::step {
            Line::Step(self.step(pair, opening))
        } else {
            Line::Statement(self.statement(pair, opening))
        })
    }

    fn step(&mut self, pair: Pair<Rule>, opening: Opening) -> Step {
        let whole = opening.span.span;
        let mut inner = children(pair);
        let name = inner.next().map_or_else(|| Spanned::new(EcoString::new(), whole), |word| self.name(&word));
        let body = inner.next().map_or_else(|| empty_body(whole), |body| self.body(body));
        Step { doc: opening.doc, attributes: opening.attributes, name, body, span: opening.span }
    }

    fn statement(&mut self, pair: Pair<Rule>, opening: Opening) -> Statement {
        let rule = pair.as_rule();
        let mut inner = children(pair);
        let begin = opening.span.span;
        let (kind, within_open) = self.guarded(|cx| match rule {
            Rule::jump => inner.next().and_then(|arrow| cx.arrow(arrow)).map(StatementKind::Jump),
            Rule::choice => Some(cx.choice(inner)),
            Rule::repeat => cx.repeat(inner),
            Rule::raw => cx.raw(inner),
            Rule::use_fragment => cx.use_fragment(inner),
            Rule::set_block => Some(cx.assignments(inner, begin, true)),
            Rule::assignment => cx.assignment(inner, begin),
            Rule::sentence => Some(cx.sentence(inner, begin)),
            _ => None,
        });
        Statement {
            doc: opening.doc,
            attributes: opening.attributes,
            kind: kind.filter(|_| !within_open).unwrap_or(StatementKind::Broken),
            span: opening.span,
        }
    }

    fn arrow(&self, pair: Pair<Rule>) -> Option<Name> {
        children(pair).next().map(|word| self.name(&word))
    }

    fn branch(&mut self, pair: Pair<Rule>) -> Branch {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::arrow => Branch::Arrow(self.arrow(pair).unwrap_or_else(|| Spanned::new(EcoString::new(), span))),
            _ => Branch::Body(self.body(pair)),
        }
    }

    fn choice(&mut self, inner: Inner) -> StatementKind {
        let mut arms = Vec::new();
        let mut condition = None;
        let mut otherwise = None;
        for part in inner {
            match part.as_rule() {
                Rule::condition => condition = Some(self.condition(part)),
                Rule::body => {
                    let body = self.body(part);
                    arms.extend(condition.take().map(|condition| (condition, body)));
                }
                Rule::otherwise => otherwise = children(part).next().map(|body| self.body(body)),
                _ => {}
            }
        }
        StatementKind::Choice(Choice { arms, otherwise })
    }

    fn repeat(&mut self, mut inner: Inner) -> Option<StatementKind> {
        let count = inner.next().and_then(|value| self.value(value))?;
        let body = inner.next().map(|body| self.body(body))?;
        Some(StatementKind::Repeat { count, body })
    }

    fn raw(&mut self, inner: Inner) -> Option<StatementKind> {
        let (mut action, mut quoted, mut settings, mut clauses) = (None, false, Vec::new(), None);
        for part in inner {
            match part.as_rule() {
                Rule::settings => settings = self.settings(part),
                Rule::clauses => clauses = Some(self.clauses(part)),
                rule => {
                    quoted = rule == Rule::text;
                    action = Some(self.word_or_text(&part));
                }
            }
        }
        action.map(|action| StatementKind::Raw(Raw { action, quoted, settings, clauses }))
    }

    fn use_fragment(&mut self, mut inner: Inner) -> Option<StatementKind> {
        let fragment = inner.next().map(|word| self.name(&word))?;
        let settings = inner.next();
        let arguments_span = settings.as_ref().map(|pair| self.spanned(pair));
        let arguments = settings.map(|pair| self.settings(pair)).unwrap_or_default();
        Some(StatementKind::Use { fragment, arguments, arguments_span })
    }

    fn assignments(&mut self, inner: Inner, begin: Span, block: bool) -> StatementKind {
        let mut entries = Vec::new();
        let mut clauses = None;
        let mut head = begin;
        let mut last = begin;
        for part in inner {
            match part.as_rule() {
                Rule::entry => {
                    last = self.span(&part);
                    let span = Spanned::new((), self.trimmed(last));
                    let (entry, within_open) = self.guarded(|cx| cx.entry(children(part), span));
                    entries.extend(entry.filter(|_| !within_open));
                }
                Rule::rest => {
                    entries.pop_if(|entry: &mut Entry| entry.span.span.start == last.start);
                    let whole = last.to(self.span(&part));
                    self.broken(whole, whole, Place::Entry);
                }
                Rule::junk => {
                    let span = self.span(&part);
                    self.broken(span, span, Place::Entry);
                }
                Rule::missing => self.unclosed(begin, &part),
                Rule::clauses => {
                    let at = part.as_span().start();
                    head = self.trimmed(Span::new(self.source.id, begin.start as usize, at));
                    clauses = Some(self.clauses(part));
                }
                _ => {}
            }
        }
        StatementKind::Set(Assignments { block, entries: tight(entries), clauses, head: Spanned::new((), head) })
    }

    fn entry(&mut self, mut inner: Inner, span: Spanned<()>) -> Option<Entry> {
        let target = inner.next().map(|reference| self.reference(&reference))?;
        let value = inner.next().and_then(|value| self.value(value))?;
        Some(Entry { target, value, span })
    }

    fn assignment(&mut self, mut inner: Inner, begin: Span) -> Option<StatementKind> {
        let target = inner.next().map(|reference| self.reference(&reference))?;
        let value = inner.next().and_then(|value| self.value(value))?;
        let head = Spanned::new((), begin.head().to(value.span()));
        let clauses = inner.next().map(|clauses| self.clauses(clauses));
        let span = Spanned::new((), target.span.span.to(value.span()));
        Some(StatementKind::Set(Assignments {
            block: false,
            entries: vec![Entry { target, value, span }],
            clauses,
            head,
        }))
    }

    fn sentence(&mut self, inner: Inner, begin: Span) -> StatementKind {
        let mut parts = Vec::new();
        let mut clauses = None;
        for part in inner {
            match part.as_rule() {
                Rule::clauses => clauses = Some(self.clauses(part)),
                Rule::word => parts.push(Part::Word(self.name(&part))),
                Rule::comma => parts.push(Part::Comma(self.spanned(&part))),
                Rule::settings => {
                    let span = self.spanned(&part);
                    parts.push(Part::Settings(self.settings(part), span));
                }
                // A map behind the words can only be the clauses of a sentence that has none.
                _ => parts.extend(self.value(part).map(Part::Value)),
            }
        }
        let head = parts.last().map_or(begin, |last| begin.head().to(last.span()));
        StatementKind::Sentence(Sentence { parts: tight(parts), clauses, head: Spanned::new((), head) })
    }
}

/// What the grammar skips between tokens, and newlines. Other space is part of words.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\u{feff}')
}

fn head(opening: Opening, name: Name) -> Head {
    Head { doc: opening.doc, attributes: opening.attributes, name, span: opening.span }
}

/// Without room to grow: most lists of a tree have one element or two, and a project has hundreds of thousands of them.
fn tight<T>(mut list: Vec<T>) -> Vec<T> {
    list.shrink_to_fit();
    list
}

fn empty_body(span: Span) -> Body {
    Body { lines: Vec::new(), closed: true, span: Spanned::new((), span.tail()) }
}
