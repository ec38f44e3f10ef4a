//! What things are called in templates: letters and digits, from the kind and the name alone.
//!
//! What is deployed is known by its id, so an id never depends on what else there is: one more flow would make another of one
//! that is there. Where a name says less or more than its id, enough of its hash comes after it to tell it from its like.

use std::collections::BTreeMap;

use super::stack::Name;
use crate::catalogue::ResourceKind;

/// Characters before the hash. The service takes 255; what comes after an id (`Association`) has to fit as well.
const CHARACTERS_MAX: usize = 200;
const HASH_CHARACTERS: usize = 8;
/// What templates add to the id of a flow. A flow that is called so would have the id of another's part.
const PARTS: [&str; 5] = ["Arn", "IsKnown", "IsAwaited", "StandIn", "Address"];

/// The id of something with a name.
pub(super) fn id(kind: ResourceKind, name: &str) -> String {
    let prefix = words(kind.word());
    let mut id = format!("{prefix}{}", words(name));
    let is_other_kinds = |other: &ResourceKind| {
        let other = words(other.word());
        other != prefix && other.starts_with(&prefix) && id.starts_with(&other)
    };
    let is_whole = is_told_by_words(kind, name)
        && id.len() <= CHARACTERS_MAX
        && !ends_like_a_hash(name)
        && !PARTS.iter().any(|part| name.ends_with(part))
        && !ResourceKind::ALL.iter().any(is_other_kinds);
    if !is_whole {
        id.truncate(CHARACTERS_MAX);
        let whole = [kind.word(), name].join("\n");
        id.extend(blake3::hash(whole.as_bytes()).to_hex().chars().take(HASH_CHARACTERS));
    }
    id
}

/// Two names with one id, if there are such; ids are compared without their case, as Terraform has none.
pub(super) fn clash(ids: &BTreeMap<Name, String>) -> Option<String> {
    let mut known: BTreeMap<String, &Name> = BTreeMap::new();
    ids.iter().find_map(|(name, id)| {
        let other = known.insert(id.to_lowercase(), name)?;
        let [one, two] = [other, name].map(|(kind, name)| format!("{} `{name}`", kind.described()));
        Some(format!("{one} and {two} would both be `{id}`"))
    })
}

/// Whether no other name of the kind has these words: functions are named like programs, all else in words that begin with a
/// capital.
fn is_told_by_words(kind: ResourceKind, name: &str) -> bool {
    let is_word = |word: &str| {
        let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().skip(1).all(rest)
    };
    if kind == ResourceKind::Lambda {
        return name.split('-').all(|word| is_word(word) && word.starts_with(|c: char| c.is_ascii_lowercase()));
    }
    let mut spaced = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push(if c == ' ' { '_' } else { c });
    }
    name.starts_with(|c: char| c.is_ascii_uppercase()) && spaced.split(' ').all(is_word)
}

fn ends_like_a_hash(name: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let end: Vec<char> = name.chars().rev().take(HASH_CHARACTERS).collect();
    end.len() == HASH_CHARACTERS && end.into_iter().all(is_digit)
}

/// The letters and digits of a text; what is between others begins a word.
fn words(text: &str) -> String {
    let mut words = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        words.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        words.push_str(letters.as_str());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(name: &str) -> String {
        id(ResourceKind::Queue, name)
    }

    #[test]
    fn a_name_of_words_is_its_own_id() {
        assert_eq!(queue("BasicQueue"), "QueueBasicQueue");
        assert_eq!(id(ResourceKind::Flow, "Main"), "FlowMain");
        assert_eq!(id(ResourceKind::Lambda, "find-customer"), "LambdaFindCustomer");
        assert_eq!(id(ResourceKind::PhoneNumber, "Main2"), "PhoneNumberMain2");
    }

    #[test]
    fn what_an_id_does_not_say_is_in_its_hash() {
        let names = [
            "BasicQueue",
            "Basic Queue",
            "Basic_Queue",
            "basic queue",
            "Basic  Queue",
            "BASICQUEUE",
            "é",
            "値段",
            "",
            "Ab",
            "A b",
            "A B",
            "AB",
            "aB",
            "MainArn",
            "Main1a2b3c4d",
        ];
        let ids: Vec<String> = names.iter().map(|name| queue(name).to_lowercase()).collect();
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len(), "{ids:?}");
        assert!(queue("é").len() == 13 && queue("Basic Queue").starts_with("QueueBasicQueue"));
        assert_ne!(id(ResourceKind::User, "PoolMain"), id(ResourceKind::UserPool, "Main"));
        assert!(queue(&"A".repeat(300)).len() == CHARACTERS_MAX + HASH_CHARACTERS);
    }

    #[test]
    fn a_name_that_is_made_to_have_another_s_id_has_a_hash_itself() {
        let target = queue("Basic Queue");
        assert_ne!(queue(target.trim_start_matches("Queue")), target);
    }

    #[test]
    fn two_names_with_one_id_are_told() {
        let name = |text: &str| (ResourceKind::Queue, text.to_owned());
        let ids = BTreeMap::from([(name("one"), "QueueX".to_owned()), (name("two"), "Queuex".to_owned())]);
        assert_eq!(clash(&ids).unwrap(), "a queue `one` and a queue `two` would both be `Queuex`");
    }
}
