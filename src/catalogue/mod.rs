//! What Amazon Connect has: actions, references, resource kinds, flow types and limits, as data.
//!
//! One row per action ([`ActionSpec`]) holds everything that the rest of the compiler knows about it: how it is said,
//! what it takes, how it can be left, where it is allowed. No other module knows an action by name. The catalogue
//! knows no source, no span and no graph.

pub mod actions;
mod builders;
mod evidence;
pub mod limits;
pub mod paths;
pub mod resources;
pub mod spec;

pub use evidence::{Evidence, Family, Witness};
pub use resources::ResourceKind;
pub use spec::*;

use std::collections::HashMap;
use std::sync::LazyLock;

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

/// A sentence's form for readers: `check hours [<hours>]`.
pub fn shape(row: &ActionSpec, sentence: &Sentence) -> String {
    fn pieces(row: &ActionSpec, pattern: &[Piece], shape: &mut Vec<String>) {
        for piece in pattern {
            shape.push(match piece {
                Piece::Words(words) => (*words).to_owned(),
                Piece::Slot(path) => format!("<{}>", slot_word(row, path)),
                Piece::Map(_) => "(<key>: <value>, ..)".to_owned(),
                Piece::WordList(path) => format!("<{}>, ..", slot_word(row, path)),
                Piece::Name => "<name>".to_owned(),
                Piece::Optional(inner) => {
                    let mut optional = Vec::new();
                    pieces(row, inner, &mut optional);
                    format!("[{}]", optional.join(" "))
                }
            });
        }
    }
    let mut shape = Vec::new();
    pieces(row, sentence.pattern, &mut shape);
    shape.join(" ")
}

/// What stands in a slot, in a word or two.
fn slot_word(row: &ActionSpec, path: &str) -> String {
    let param = row.param(path);
    match param.map(|param| &param.kind) {
        Some(Kind::Text { what, .. } | Kind::Name { what }) => {
            what.trim_start_matches("a ").trim_start_matches("an ").to_owned()
        }
        Some(Kind::Number { .. } | Kind::Amount { .. } | Kind::Phone) => "number".to_owned(),
        Some(Kind::Duration { .. }) => "duration".to_owned(),
        Some(Kind::Switch { .. } | Kind::Flag) => "on | off".to_owned(),
        Some(Kind::Choice(choices) | Kind::Choices(choices)) => {
            choices.iter().map(|choice| choice.0).collect::<Vec<_>>().join(" | ")
        }
        Some(Kind::Resource(kind)) => kind.word().to_owned(),
        Some(Kind::List(_)) => "list".to_owned(),
        // The companion's parameter is named for what it is.
        None => path.trim_end_matches("Id").to_lowercase(),
        Some(_) => "value".to_owned(),
    }
}
