//! Identifiers that an unrelated edit does not move.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use uuid::Uuid;

use crate::catalogue::limits::IDENTIFIER_CHARACTERS_MAX;

/// How identifiers look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// UUID v5 of the flow's name and the statement's place.
    #[default]
    Uuid,
    /// Words from the step and the statement.
    Readable,
}

/// Whether an identifier is one that the console or a build gave out, rather than words that a person chose.
pub fn looks_like_uuid(text: &str) -> bool {
    Uuid::try_parse(text).is_ok()
}

/// The name space of all identifiers: UUID v5 of this address in the URL name space.
const NAMESPACE: &str = "https://flowc.dev/identifiers";

/// Gives out identifiers for one flow. An identifier depends on the flow's name, the step, what the statement says, and
/// how many of the same came before it in the step; on nothing else.
#[derive(Debug)]
pub struct Identifiers {
    style: Style,
    space: Uuid,
    counts: HashMap<String, usize>,
    /// What is being named, kept so that each does not make room anew.
    place: String,
    taken: HashSet<String>,
}

impl Identifiers {
    /// For a flow of so many blocks.
    pub fn new(style: Style, flow: &str, blocks: usize) -> Self {
        let root = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
        let space = Uuid::new_v5(&root, flow.as_bytes());
        Self { style, space, counts: HashMap::with_capacity(blocks), place: String::new(), taken: HashSet::new() }
    }

    /// Keeps an identifier that the source fixes from being given out; false if it was taken before.
    pub fn reserve(&mut self, identifier: &str) -> bool {
        self.taken.insert(identifier.to_owned())
    }

    /// The identifier of a statement: `step` it stands in, `action` it becomes, `label` it says.
    pub fn next(&mut self, step: &str, action: &str, label: &str) -> String {
        match self.style {
            Style::Uuid => {
                self.place.clear();
                self.place.extend([step, "\n", action, "\n", label]);
                let count = match self.counts.get_mut(&self.place) {
                    Some(count) => count,
                    None => self.counts.entry(self.place.clone()).or_default(),
                };
                *count += 1;
                let _ = write!(self.place, "\n{count}");
                uuid(&self.space, &self.place)
            }
            Style::Readable => {
                let wanted = if step.is_empty() { slug(label) } else { slug(&format!("{step} {label}")) };
                self.unique(&wanted)
            }
        }
    }

    fn unique(&mut self, wanted: &str) -> String {
        let mut number = 1_usize;
        let mut candidate = wanted.to_owned();
        while !self.taken.insert(candidate.clone()) {
            number += 1;
            let suffix = format!("-{number}");
            let kept: String = wanted.chars().take(IDENTIFIER_CHARACTERS_MAX - suffix.len()).collect();
            candidate = kept + &suffix;
        }
        candidate
    }
}

/// The UUID v5 of something in a name space.
pub fn uuid(space: &Uuid, name: &str) -> String {
    Uuid::new_v5(space, name.as_bytes()).hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

/// Lower-case words with dashes, cut at a word where one ends in time.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() && slug.len() + 1 + word.len() > IDENTIFIER_CHARACTERS_MAX - 4 {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(IDENTIFIER_CHARACTERS_MAX - 4).map(|c| c.to_ascii_lowercase()));
    }
    if slug.is_empty() { "block".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_depends_on_its_own_place_alone() {
        let mut one = Identifiers::new(Style::Uuid, "Main", 2);
        let first = one.next("", "Say", "say \"a\"");
        let second = one.next("", "Say", "say \"a\"");
        let mut two = Identifiers::new(Style::Uuid, "Main", 2);
        two.next("", "Say", "say \"b\"");
        assert_eq!(two.next("", "Say", "say \"a\""), first);
        assert_ne!(first, second);
        assert_ne!(Identifiers::new(Style::Uuid, "Other", 1).next("", "Say", "say \"a\""), first);
    }

    #[test]
    fn readable_identifiers_are_words_and_unique() {
        let mut ids = Identifiers::new(Style::Readable, "Main", 3);
        assert_eq!(ids.next("trouble", "Say", "say \"We have an issue.\""), "trouble-say-we-have-an-issue");
        assert_eq!(ids.next("trouble", "Say", "say \"We have an issue.\""), "trouble-say-we-have-an-issue-2");
        assert!(ids.next("", "Say", &"long words ".repeat(20)).len() <= IDENTIFIER_CHARACTERS_MAX);
    }
}
