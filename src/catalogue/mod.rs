//! What Amazon Connect has: actions, references, resource kinds, flow types and limits, as data.
//!
//! One row per action ([`ActionSpec`]) holds everything that the rest of the compiler knows about it: how it is said,
//! what it takes, how it can be left, where it is allowed. No other module knows an action by name. The catalogue
//! knows no source, no span and no graph.

pub mod actions;
mod builders;
mod designer;
mod effects;
mod evidence;
pub mod limits;
pub mod old;
pub mod paths;
mod places;
pub mod resources;
mod rule;
pub mod rules;
mod saying;
pub mod spec;

pub use designer::{Holds, Mark};
pub use effects::{Effect, input, recording, speech};
pub use evidence::{Evidence, Family, Seen, Witness};
pub use places::{Allowed, Channel, FlowType, Modules};
pub use resources::ResourceKind;
pub use rule::{Basis, Demand, Rests, Rule, Severity};
pub use saying::{said_by, shape, word_of};
pub use spec::*;

use std::collections::HashMap;
use std::sync::LazyLock;

/// A row that claims for an error a witness that cannot be one does not compile.
const _: () = rules::hold(actions::TABLES);

/// Every row, family by family, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static ActionSpec> {
    actions::TABLES.iter().flat_map(|table| table.iter())
}

/// The row of a Connect action type.
pub fn find(name: &str) -> Option<&'static ActionSpec> {
    static BY_NAME: LazyLock<HashMap<&'static str, &'static ActionSpec>> =
        LazyLock::new(|| all().map(|row| (row.name, row)).collect());
    BY_NAME.get(name).copied()
}

/// The row that plays a structural part in the language, such as the comparison behind `if`.
pub fn with_role(role: Role) -> Option<&'static ActionSpec> {
    all().find(|row| row.role == role)
}

/// A sentence and the row that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    pub row: &'static ActionSpec,
    pub sentence: &'static Sentence,
}

/// All sentences that begin with a word, in catalogue order.
pub fn phrases(first: &str) -> &'static [Phrase] {
    static BY_WORD: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
        let mut index: HashMap<&'static str, Vec<Phrase>> = HashMap::new();
        for row in all() {
            for sentence in row.sentences {
                index.entry(sentence.verb()).or_default().push(Phrase { row, sentence });
            }
        }
        index
    });
    BY_WORD.get(first).map(Vec::as_slice).unwrap_or_default()
}

/// The first words of all sentences, for suggestions.
pub fn verbs() -> impl Iterator<Item = &'static str> {
    all().flat_map(|row| row.sentences.iter().map(Sentence::verb))
}

/// The row that a `set <reference> = ..` line belongs to, and the dotted path of the parameter it sets.
pub fn assignment(root: &str) -> Option<(&'static ActionSpec, &'static Assignment)> {
    all().find_map(|row| row.assigns.iter().find(|assign| assign.root == root).map(|assign| (row, assign)))
}

/// The error that an action raises when it fails altogether.
pub const FAILURE: &str = "NoMatchingError";
