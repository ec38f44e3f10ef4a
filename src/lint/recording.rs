//! What is recorded of a contact, and whether it was told.

use super::analysis::{Spoken, spoken};
use super::speech::{is_templated, literals, without_tags};
use crate::catalogue::recording::{ANALYSED, AT_ONCE, PARTICIPANTS};
use crate::catalogue::{Effect, speech};
use crate::flow::{Block, Value};

/// Whether a block switches recording or analytics on, or off. Nothing where it does neither.
pub(super) fn switches(block: &Block) -> Option<bool> {
    if !block.has(Effect::Records) {
        return None;
    }
    let mut lists = PARTICIPANTS.iter().filter_map(|param| block.arg(param)).peekable();
    let decides = lists.peek().is_some();
    let records = lists.any(|list| !matches!(list, Value::List(items, _) if items.is_empty()));
    let analyses = ANALYSED.iter().any(|when| block.is(when));
    if records || analyses || begins_at_once(block) { Some(true) } else { decides.then_some(false) }
}

/// Whether it records from here on, and not only once an agent has answered.
pub(super) fn begins_at_once(block: &Block) -> bool {
    AT_ONCE.iter().any(|when| block.is(when))
}

/// Whether a block tells that the contact is recorded, or may do so: a recording says what nobody here can read.
pub(super) fn may_announce(block: &Block) -> bool {
    if !block.has(Effect::Speaks) {
        return false;
    }
    let said = spoken(block);
    let is_unread = said.is_empty() || speech::PLAYED.iter().any(|param| block.arg(param).is_some());
    let announces = |said: &Spoken| {
        let text = literals(said).to_lowercase();
        let words = without_tags(&text);
        let is_elsewhere =
            (said.text.has_path() || is_templated(&text)) && words.split_whitespace().count() < WORDS_MIN;
        is_elsewhere || WORDS.iter().any(|word| words.contains(word))
    };
    is_unread || block.arg(speech::SEVERAL).is_some() || said.iter().any(announces)
}

/// A text with a reference, or with a place that a template fills, and fewer words is read from elsewhere.
const WORDS_MIN: usize = 2;

/// What an announcement says, in any form of these words.
const WORDS: [&str; 12] = [
    "record",
    "monitor",
    "quality",
    "grab",
    "gravad",
    "calidad",
    "aufgezeichnet",
    "aufzeichn",
    "mitgeschnitten",
    "enregistr",
    "registrat",
    "opgenomen",
];
