//! The words of what is said.

use super::analysis::{Spoken, View, spoken};
use crate::catalogue::Channel;
use crate::catalogue::speech::PLAYED;
use crate::flow::{Block, BlockId, Part};

/// All that a block says, without tags. Nothing where it cannot be told: a recording, a reference, or no word at all.
pub(super) fn words_of(block: &Block) -> Option<String> {
    if PLAYED.iter().any(|param| block.arg(param).is_some()) {
        return None;
    }
    let mut words = String::new();
    for said in spoken(block) {
        for part in &said.text.parts {
            let Part::Literal(text) = part else { return None };
            words.push_str(&without_tags(text));
            words.push(' ');
        }
    }
    (!words.trim().is_empty()).then_some(words)
}

/// What a text says for itself, references left out.
pub(super) fn literals(said: &Spoken) -> String {
    let literal = |part: &Part| match part {
        Part::Literal(text) => Some(text.clone()),
        _ => None,
    };
    said.text.parts.iter().filter_map(literal).collect::<Vec<_>>().join(" ")
}

/// The text with a word for each reference; nothing if all of it comes from elsewhere.
pub(super) fn with_references(said: &Spoken) -> Option<String> {
    let mut text = String::new();
    let mut has_words = false;
    for part in &said.text.parts {
        match part {
            Part::Literal(literal) => {
                has_words |= !literal.trim().is_empty();
                text.push_str(literal);
            }
            Part::Path(_) | Part::Resource(..) | Part::Address(_) => text.push_str("reference"),
        }
    }
    has_words.then_some(text)
}

/// Whether a text has a place that a template fills before the flow is deployed.
pub(super) fn is_templated(text: &str) -> bool {
    ["{{", "${", "<<", "%%"].iter().any(|open| text.contains(open))
}

/// A text without what stands in angle brackets.
pub(super) fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '<' => depth += 1,
            '>' if depth > 0 => {
                depth -= 1;
                plain.push(' ');
            }
            letter if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

/// Whether a chat can come to a block: the flow is said to be for chats, or a comparison has told.
pub(super) fn may_be_chat(view: &View, id: BlockId) -> bool {
    let is_told = view.flow.channels.contains(&Channel::Chat) || view.values.knows_channel(id);
    is_told && view.values.may_be(id, Channel::Chat)
}
