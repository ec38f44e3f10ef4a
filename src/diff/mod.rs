//! What changed between two versions of flows, by meaning: which blocks do something else, are new or are gone, and which
//! branches lead elsewhere. How blocks are called, where the console shows them, and in what order a document lists them
//! means nothing.
//!
//! `flows` finds out which flow became which. Of two versions of one, `graph` makes numbers, `matching` pairs the blocks, and
//! `changes` tells what differs in the words of the language, `place` where; `drawing` keeps what is around it. `callers` finds who leads to
//! a flow that changed. `report` writes all of it for people and for programs.

mod callers;
mod changes;
mod drawing;
mod exchange;
mod fields;
mod flows;
mod graph;
mod matching;
mod place;
pub mod report;
mod similarity;

pub use drawing::{Drawing, Edge, Mark, Node};
pub use place::{Action, Origin, Place, Texts};

use crate::flow::Flow;
use crate::import;
use crate::source::Form;

/// A flow as one of two sides has it.
#[derive(Debug, Clone)]
pub struct Version {
    pub flow: Flow,
    /// The file that it stands in.
    pub path: String,
    pub form: Form,
    /// Whether something but its file names it.
    pub is_named: bool,
    pub origin: Origin,
}

impl Version {
    pub fn new(mut flow: Flow, path: impl Into<String>, form: Form, is_named: bool) -> Self {
        // A source has its own words.
        if form == Form::Document {
            import::label(&mut flow);
        }
        Self { flow, path: path.into(), form, is_named, origin: Origin::default() }
    }

    /// The same, with the texts that tell where its blocks stand.
    #[must_use]
    pub fn from(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    pub fn name(&self) -> &str {
        &self.flow.name.value
    }
}

/// What changed.
#[derive(Debug, Clone, Default)]
pub struct Diff {
    /// The flows that are not the same any more, by name.
    pub flows: Vec<FlowDiff>,
    /// How many are.
    pub same: usize,
    /// The names of flows that could not be compared, because a side cannot be read, and the paths of texts in which no flow
    /// could be read at all.
    pub unread: Vec<String>,
}

impl Diff {
    pub fn is_empty(&self) -> bool {
        self.flows.is_empty()
    }
}

/// What changed about one flow.
#[derive(Debug, Clone)]
pub struct FlowDiff {
    pub name: String,
    /// The words of its declaration: `inbound flow`, `module`.
    pub kind: String,
    pub path: String,
    /// The line of its declaration in a source.
    pub line: Option<usize>,
    pub state: State,
    pub changes: Vec<Told>,
    /// The flows that lead here, where the change may be noticed as well.
    pub callers: Vec<String>,
    pub drawings: Vec<Drawing>,
    /// How many blocks it has; before, if it was removed.
    pub blocks: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Added,
    Removed,
    /// It had this name before. It may have changed besides.
    Renamed(String),
    Changed,
}

/// A block, as a reader would speak of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// The sentence without its clauses.
    pub sentence: String,
    /// The step of the source that it stands in; empty where there is none.
    pub step: String,
}

/// A way out of a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub block: Said,
    /// The branch as a clause names it: `timeout`, `1`, `next`.
    pub branch: String,
}

/// A change, and where its block stands in either version: nothing where it is new or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub change: Change,
    pub before: Option<Place>,
    pub after: Option<Place>,
}

/// One change, at one block unless it is about the whole flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Something about the flow itself.
    About { what: String, before: Option<String>, after: Option<String> },
    /// The flow begins with another block.
    Begins { before: Option<Said>, after: Option<Said>, hangs_up: bool },
    /// A new block: what leads to it, and where it goes on if all is well. The flow may begin with it.
    Added { block: Said, is_first: bool, from: Vec<Way>, to: Option<Said>, hangs_up: bool },
    /// A block that is gone: what led to it, and where that goes now. The flow may have begun with it.
    Removed { block: Said, is_first: bool, from: Vec<Way>, now: Vec<Said>, hangs_up: bool },
    /// A block that is given other things.
    Edited { before: Said, after: Said, details: Vec<Detail> },
    /// A branch that leads elsewhere, is new, or is gone.
    Branch { way: Way, is_error: bool, before: Option<Said>, after: Option<Said>, hangs_up: bool },
    /// A branch that is taken in another case and leads where it did.
    Case { block: Said, before: String, after: String },
    /// Branches that are tried in another order.
    Order { block: Said, before: Vec<String>, after: Vec<String> },
}

impl FlowDiff {
    /// Its file, and in a source the line.
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }
}

impl Change {
    /// Whether a path newly ends with the contact being hung up on.
    pub fn hangs_up(&self) -> bool {
        match self {
            Self::Begins { hangs_up, .. }
            | Self::Added { hangs_up, .. }
            | Self::Removed { hangs_up, .. }
            | Self::Branch { hangs_up, .. } => *hangs_up,
            Self::About { .. } | Self::Edited { .. } | Self::Case { .. } | Self::Order { .. } => false,
        }
    }
}

/// One value of a block, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What a source calls it: `text`, `timeout`, `queue`.
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Compares two sides. With `as_one`, a side that has one flow is held against the one of the other side, whatever they are
/// called.
pub fn diff(old: &[Version], new: &[Version], as_one: bool) -> Diff {
    let pairs = flows::pairs(old, new, as_one);
    let callers = callers::Callers::new(new);
    let mut diff = Diff::default();
    for (before, after) in &pairs.kept {
        let compared = changes::compare(before, after);
        let is_renamed = before.name() != after.name() && (!as_one || (before.is_named && after.is_named));
        let state = if is_renamed { State::Renamed(before.name().to_owned()) } else { State::Changed };
        if compared.changes.is_empty() && !is_renamed {
            diff.same += 1;
            continue;
        }
        diff.flows.push(FlowDiff {
            changes: compared.changes,
            drawings: compared.drawings,
            callers: callers.of(&after.flow),
            ..about(after, state)
        });
    }
    let added = pairs.added.iter().map(|version| about(version, State::Added));
    diff.flows.extend(added);
    let removed = pairs
        .removed
        .iter()
        .map(|version| FlowDiff { callers: callers.of(&version.flow), ..about(version, State::Removed) });
    diff.flows.extend(removed);
    diff.flows.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    diff
}

fn about(version: &Version, state: State) -> FlowDiff {
    let declared = place::Places::new(version).of_flow().filter(|_| version.form == Form::Flow);
    FlowDiff {
        line: declared.map(|place| place.line),
        name: version.name().to_owned(),
        kind: crate::emit::kind_words(&version.flow),
        path: version.path.clone(),
        state,
        changes: Vec::new(),
        callers: Vec::new(),
        drawings: Vec::new(),
        blocks: version.flow.len(),
    }
}
