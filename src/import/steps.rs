//! Names of steps: for what they say or do.

use std::collections::{BTreeMap, BTreeSet};

use super::units::{Unit, UnitKind};
use crate::flow::{Flow, Part, Value};
use crate::syntax::is_plain_word;

/// Words and characters of a step's name.
const WORDS_MAX: usize = 4;
const CHARACTERS_MAX: usize = 32;

/// Targets that every body has, so that no step can be called that.
const BUILT_IN: [&str; 3] = ["next", "again", "unhandled"];

/// Words that say little at the end of a name.
const FILLERS: [&str; 24] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "have", "in", "is", "of", "on", "or", "our",
    "that", "the", "to", "was", "we", "with", "your",
];

/// A name for each of some statements, no two alike.
pub(super) fn names<'u>(flow: &Flow, units: impl Iterator<Item = (usize, &'u Unit)>) -> BTreeMap<usize, String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    units
        .map(|(index, unit)| {
            let wanted = name(flow, unit);
            let mut unique = wanted.clone();
            let mut count = 1;
            while BUILT_IN.contains(&unique.as_str()) || !taken.insert(unique.clone()) {
                count += 1;
                unique = format!("{wanted}_{count}");
            }
            (index, unique)
        })
        .collect()
}

fn name(flow: &Flow, unit: &Unit) -> String {
    let block = unit.blocks.first().and_then(|id| flow.block(*id));
    // Where a person has chosen words, those are the name.
    let chosen = block.filter(|block| block.readable).map(|block| words(&block.identifier, usize::MAX));
    if let Some(chosen) = chosen.filter(|chosen| chosen.chars().any(char::is_alphabetic)) {
        return chosen;
    }
    let said = match &unit.kind {
        UnitKind::If { test, .. } => format!("check {}", subject(&test.text)),
        UnitKind::Loop { .. } => "count".to_owned(),
        UnitKind::Line(text) => block.and_then(|block| spoken(&block.args)).unwrap_or_else(|| plain(text)),
    };
    let name = words(&said, WORDS_MAX);
    if is_plain_word(&name) { name } else { "step".to_owned() }
}

/// The first text that a participant hears or reads: what a person remembers of a block.
fn spoken(args: &[crate::flow::Arg]) -> Option<String> {
    let text = args.iter().find(|arg| matches!(arg.name.value.as_ref(), "Text" | "SSML"))?;
    let Value::Text(text) = &text.value else { return None };
    let mut said = String::new();
    for part in &text.parts {
        match part {
            Part::Literal(literal) => said.push_str(&without_tags(literal)),
            Part::Path(path) => {
                said.push_str(path.rsplit(['.', '\'']).find(|word| !word.is_empty()).unwrap_or_default());
            }
            Part::Resource(_, name) => said.push_str(name),
            Part::Address(address) => said.push_str(&address.name),
        }
        said.push(' ');
    }
    said.chars().any(char::is_alphabetic).then_some(said)
}

/// A text without what stands in angle brackets.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in text.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            plain if !inside => out.push(plain),
            _ => {}
        }
    }
    out
}

/// What a condition is about.
fn subject(test: &str) -> String {
    let path = test.split(' ').next().unwrap_or_default().trim_start_matches('(');
    path.trim_end_matches("']").rsplit(['.', '\'']).next().unwrap_or_default().to_owned()
}

/// A sentence without settings and signs.
fn plain(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let words = if text == "disconnect" { "hang up" } else { first };
    let words = words.strip_prefix("do ").unwrap_or(words);
    let words = words.split(" (").next().unwrap_or(words).replace("$.Attributes.", "").replace("$.", "");
    if text.starts_with("set {") { "set attributes".to_owned() } else { words }
}

/// The first words of a text, joined as a name.
pub(super) fn words(text: &str, most: usize) -> String {
    let mut found: Vec<String> = Vec::new();
    let mut length = 0;
    for word in split(text) {
        length += word.chars().count() + 1;
        if found.len() >= most || (!found.is_empty() && length > CHARACTERS_MAX) {
            break;
        }
        found.push(word);
    }
    while found.len() > 1 && found.last().is_some_and(|word| FILLERS.contains(&word.as_str())) {
        found.pop();
    }
    let mut name = found.join("_");
    if name.chars().count() > CHARACTERS_MAX {
        name = name.chars().take(CHARACTERS_MAX).collect();
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, "step_");
    }
    if name.is_empty() { "step".to_owned() } else { name }
}

/// Words in lower case, also those that only a capital letter begins.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before_lower = false;
    for character in text.chars() {
        if !character.is_alphanumeric() {
            if character != '\'' && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            before_lower = false;
            continue;
        }
        if character.is_uppercase() && before_lower {
            words.push(std::mem::take(&mut word));
        }
        before_lower = character.is_lowercase();
        word.extend(character.to_lowercase());
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
