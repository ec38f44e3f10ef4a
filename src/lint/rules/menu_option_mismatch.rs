//! `menu-option-mismatch`: a menu that says other keys than it takes.

use std::collections::BTreeSet;

use crate::catalogue::{Effect, Literals};
use crate::flow::{Block, Outlet, Speech};
use crate::lint::analysis::{View, spoken};
use crate::lint::speech::words_of;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let is_menu = block.has(Effect::Asks)
            && block.variant().is_some_and(|variant| variant.literals == Literals::Keys)
            && view.graph.reaches(id);
        let Some(said) = is_menu.then(|| keys_said(block)).flatten() else { continue };
        let taken: BTreeSet<char> = view
            .flow
            .exits(id)
            .iter()
            .filter_map(|exit| match &exit.outlet {
                Outlet::Condition(condition) => condition.operands.first().and_then(|operand| single(operand)),
                _ => None,
            })
            .collect();
        // Any key at all will do where no key is told from another.
        if taken.is_empty() {
            continue;
        }
        let span = spoken(block).first().map_or(block.span, |said| said.text.span);
        for key in said.difference(&taken) {
            let finding = report
                .finding(view, id, span, format!("this menu says to press {key}, and has no branch for it"))
                .label("says it here")
                .help(match view.speech() {
                    Speech::Source => format!("add a branch `{key} {{ .. }}`, or leave it out of the words"),
                    Speech::Document => format!("add a condition `Equals \"{key}\"`, or leave it out of the words"),
                })
                .subject(key.to_string());
            report.push(finding);
        }
        let words = words_of(block).unwrap_or_default().to_lowercase();
        let is_mentioned = |wanted: char| {
            words.contains(wanted) || KEYS.iter().any(|(name, key)| *key == wanted && words.contains(name))
        };
        for key in taken.difference(&said).filter(|key| !is_mentioned(**key)) {
            let finding = report
                .finding(view, id, span, format!("this menu takes {key} without saying so"))
                .label(format!("says nothing of {key}"))
                .help("say what it is for, or remove the branch")
                .subject(key.to_string());
            report.push(finding);
        }
    }
}

/// The key that an operand is; what is longer is none.
fn single(operand: &str) -> Option<char> {
    let mut letters = operand.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// The keys that a menu's words offer. Nothing where they cannot be told: a recording, a reference, or no word that asks for a
/// key.
fn keys_said(block: &Block) -> Option<BTreeSet<char>> {
    let words = words_of(block)?.to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '#' | '*' | '\'')))
        .filter(|word| !word.is_empty())
        .collect();
    let mut keys = BTreeSet::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if !ASKING.contains(word) {
            continue;
        }
        while words.get(at).is_some_and(|word| FILLING.contains(word)) {
            at += 1;
        }
        // `press 1, 2 or 3`
        while let Some(key) = words.get(at).and_then(|word| key(word)) {
            keys.insert(key);
            at += 1;
            let or = words.get(at).is_some_and(|word| *word == "or") && words.get(at + 1).and_then(|word| self::key(word)).is_some();
            at += usize::from(or);
        }
    }
    (!keys.is_empty()).then_some(keys)
}

/// Words before a key.
const ASKING: [&str; 8] = ["press", "pressing", "dial", "push", "oprima", "presione", "marque", "pulse"];
/// Words between those and the key.
const FILLING: [&str; 10] = ["or", "say", "the", "number", "key", "digit", "option", "el", "la", "tecla"];

fn key(word: &str) -> Option<char> {
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && (letter.is_ascii_digit() || matches!(letter, '#' | '*'))
    {
        return Some(letter);
    }
    KEYS.iter().find(|(name, _)| *name == word).map(|(_, key)| *key)
}

const KEYS: [(&str, char); 25] = [
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("pound", '#'),
    ("hash", '#'),
    ("star", '*'),
    ("asterisk", '*'),
    ("uno", '1'),
    ("dos", '2'),
    ("tres", '3'),
    ("cuatro", '4'),
    ("cinco", '5'),
    ("seis", '6'),
    ("siete", '7'),
    ("ocho", '8'),
    ("nueve", '9'),
    ("cero", '0'),
    ("numeral", '#'),
];
