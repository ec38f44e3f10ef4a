//! Changes in words, for the reports that people read.

use crate::diff::changes::first_ways;
use crate::diff::{Change, Detail, Diff, FlowDiff, Place, Said, State, Told, Way};
use crate::emit::shortened;

/// Columns of the sentence that a line is about, and of the others in it: enough to know them by.
const SENTENCE_COLUMNS: usize = 72;
const OTHER_COLUMNS: usize = 44;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    /// Words of a source.
    Code(String),
}

/// What kind of change a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Added,
    Removed,
    Edited,
    Moved,
}

impl Sign {
    pub fn mark(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Edited => '~',
            Self::Moved => '>',
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Edited => "changed",
            Self::Moved => "re-routed",
        }
    }
}

/// A change as a line, and the values that belong to it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub sign: Sign,
    pub pieces: Vec<Piece>,
    pub details: Vec<Detail>,
}

struct Writer(Vec<Piece>);

impl Writer {
    fn words(mut self, words: &str) -> Self {
        match self.0.last_mut() {
            Some(Piece::Words(before)) => before.push_str(words),
            _ => self.0.push(Piece::Words(words.to_owned())),
        }
        self
    }

    fn code(mut self, code: &str) -> Self {
        self.0.push(Piece::Code(code.to_owned()));
        self
    }

    /// The block that the line is about, with its step.
    fn said(self, said: &Said) -> Self {
        let writer = self.code(&shortened(&said.sentence, SENTENCE_COLUMNS));
        if said.step.is_empty() { writer } else { writer.words(" in ").code(&said.step) }
    }

    fn other(self, said: &Said) -> Self {
        self.code(&shortened(&said.sentence, OTHER_COLUMNS))
    }

    fn first(self, is_first: bool) -> Self {
        if is_first { self.words(", at the beginning") } else { self }
    }

    /// `, after a, after "timeout" of b and 2 more`.
    fn ways(mut self, lead: &str, ways: &[Way]) -> Self {
        let (shown, more) = first_ways(ways);
        for (at, way) in shown.iter().enumerate() {
            let is_last = at > 0 && at + 1 == shown.len() && more == 0;
            let lead = if at == 0 {
                lead
            } else if is_last {
                " and "
            } else {
                ", "
            };
            self = match way.branch.as_str() {
                "next" | "" => self.words(lead).other(&way.block),
                branch => self.words(lead).code(branch).words(" of ").other(&way.block),
            };
        }
        if more > 0 { self.words(&format!(" and {more} more")) } else { self }
    }

    fn hangs_up(self, hangs_up: bool) -> Self {
        if hangs_up { self.words("; this path ends in a disconnect now") } else { self }
    }
}

/// A change in words.
pub(super) fn line(change: &Change) -> Line {
    let none = Vec::new();
    let writer = Writer(Vec::new());
    let (sign, writer, details) = match change {
        Change::About { what, before, after } => {
            let detail = Detail { what: what.clone(), before: before.clone(), after: after.clone() };
            (Sign::Edited, writer.words("the flow itself"), vec![detail])
        }
        Change::Begins { before, after, hangs_up } => {
            let writer = match (before, after) {
                (Some(before), Some(after)) => {
                    writer.words("the flow begins with ").other(after).words(" instead of ").other(before)
                }
                (None, Some(after)) => writer.words("the flow begins with ").said(after),
                (_, None) => writer.words("the flow begins nowhere"),
            };
            (Sign::Moved, writer.hangs_up(*hangs_up), none)
        }
        Change::Added { block, is_first, from, to, hangs_up } => {
            let mut writer = writer.said(block).first(*is_first).ways(", after ", from);
            if let Some(to) = to {
                writer = writer.words(", before ").other(to);
            }
            (Sign::Added, writer.hangs_up(*hangs_up), none)
        }
        Change::Removed { block, is_first, from, now, hangs_up } => {
            let mut writer = writer.said(block).first(*is_first).ways(", after ", from);
            for (at, now) in now.iter().enumerate() {
                writer = writer.words(if at == 0 { "; it goes on there with " } else { " and " }).other(now);
            }
            (Sign::Removed, writer.hangs_up(*hangs_up), none)
        }
        Change::Edited { before, after, details } => {
            // Where the words are others, the new ones are worth little beside the values.
            let shown = if before.sentence.len() <= after.sentence.len() { before } else { after };
            (Sign::Edited, writer.said(shown), details.clone())
        }
        Change::Branch { way, is_error, before, after, hangs_up } => {
            let (sign, writer) = branch(writer, way, *is_error, before.as_ref(), after.as_ref());
            (sign, writer.hangs_up(*hangs_up), none)
        }
        Change::Case { block, before, after } => {
            let detail = Detail { what: "branch".to_owned(), before: Some(before.clone()), after: Some(after.clone()) };
            (Sign::Edited, writer.said(block), vec![detail])
        }
        Change::Order { block, before, after } => {
            let detail = Detail {
                what: "order of the branches".to_owned(),
                before: Some(before.join(", ")),
                after: Some(after.join(", ")),
            };
            (Sign::Edited, writer.said(block), vec![detail])
        }
    };
    Line { sign, pieces: writer.0, details }
}

/// A branch that leads elsewhere, is new, or is gone. Success has no name worth telling.
fn branch(writer: Writer, way: &Way, is_error: bool, before: Option<&Said>, after: Option<&Said>) -> (Sign, Writer) {
    let is_next = way.branch == "next";
    let writer =
        if is_next { writer.said(&way.block) } else { writer.code(&way.branch).words(" of ").said(&way.block) };
    match (before, after) {
        (Some(before), Some(after)) => {
            let leads = if is_next { " goes on with " } else { " goes to " };
            (Sign::Moved, writer.words(leads).other(after).words(" instead of ").other(before))
        }
        (None, Some(after)) if is_next => (Sign::Added, writer.words(" goes on now, with ").other(after)),
        (None, Some(after)) if is_error => (Sign::Added, writer.words(" is handled now: it goes to ").other(after)),
        (None, Some(after)) => (Sign::Added, writer.words(" is a new branch, and goes to ").other(after)),
        (Some(before), None) if is_next => {
            (Sign::Removed, writer.words(" does not go on any more; it went on with ").other(before))
        }
        (Some(before), None) if is_error => {
            (Sign::Removed, writer.words(" is not handled any more; it went to ").other(before))
        }
        (Some(before), None) => (Sign::Removed, writer.words(" is no branch any more; it went to ").other(before)),
        (None, None) => (Sign::Moved, writer),
    }
}

/// Where a change is to be looked at: `at new.flow:5, before at old.flow:4`. Of a place in the same file only the line is told
/// before, and of the same place nothing.
pub(super) fn places(told: &Told) -> Vec<Piece> {
    let writer = Writer(Vec::new());
    let at = |place: &Place| format!("{}:{}", place.file, place.line) + &action(place);
    let writer = match (&told.before, &told.after) {
        (None, None) => writer,
        (Some(old), None) => writer.words("was at ").code(&at(old)),
        (None, Some(new)) => writer.words("at ").code(&at(new)),
        (Some(old), Some(new)) if old.file != new.file => {
            writer.words("at ").code(&at(new)).words(", before at ").code(&at(old))
        }
        (Some(old), Some(new)) => {
            let writer = writer.words("at ").code(&at(new));
            let is_same = old.line == new.line && old.action == new.action;
            let line = format!("line {}{}", old.line, action(old));
            if is_same { writer } else { writer.words(", before at ").code(&line) }
        }
    };
    writer.0
}

/// What a document calls a block: ` Actions[3] 80cdc712-6217-5d19-8b88-328e91fad24c`.
fn action(place: &Place) -> String {
    let Some(action) = &place.action else { return String::new() };
    let path = action.path.as_deref().map(|path| format!(" {path}")).unwrap_or_default();
    format!("{path} {}", action.identifier)
}

/// `1 path newly ends`.
pub(super) fn newly_ending(count: usize) -> String {
    if count == 1 { "1 path newly ends".to_owned() } else { format!("{count} paths newly end") }
}

/// What became of a flow, in a word.
pub(super) fn state(flow: &FlowDiff) -> &'static str {
    match flow.state {
        State::Added => "added",
        State::Removed => "removed",
        State::Renamed(_) => "renamed",
        State::Changed => "changed",
    }
}

/// `1 flow changed, 2 added; 5 are the same`.
pub fn summary(diff: &Diff) -> String {
    let count = |is: fn(&State) -> bool| diff.flows.iter().filter(|flow| is(&flow.state)).count();
    let counts = [
        (count(|state| *state == State::Changed), "changed"),
        (count(|state| matches!(state, State::Renamed(_))), "renamed"),
        (count(|state| *state == State::Added), "added"),
        (count(|state| *state == State::Removed), "removed"),
    ];
    let mut told: Vec<String> = Vec::new();
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        let noun = if !told.is_empty() {
            ""
        } else if count == 1 {
            " flow"
        } else {
            " flows"
        };
        told.push(format!("{count}{noun} {what}"));
    }
    // Nothing is said of what was not read.
    let is_silent = told.is_empty() && diff.unread.is_empty();
    let mut parts = if is_silent { vec!["no change".to_owned()] } else { Vec::new() };
    if !told.is_empty() {
        parts.push(told.join(", "));
    }
    match diff.same {
        0 => {}
        1 if is_silent => {}
        1 => parts.push("1 is the same".to_owned()),
        same => parts.push(format!("{same} are the same")),
    }
    if !diff.unread.is_empty() {
        parts.push(format!("not compared, for their errors: {}", diff.unread.join(", ")));
    }
    parts.join("; ")
}
