//! What the actions of a document would be called in a source: how messages speak of a block that nobody named.

use std::cmp::Reverse;
use std::collections::VecDeque;

use ecow::{EcoString, eco_format};

use crate::catalogue::{ActionSpec, Lowering, Piece, Role, Sentence, Setting};
use crate::flow::value::{is_fixed, lookup};
use crate::flow::{Action, Arg, Before, Block, BlockId, Flow, Outlet, Part, Text, Value};

/// Characters of a value among the words of a sentence.
const VALUE_CHARACTERS_MAX: usize = 32;

/// The sentence that says most of an action: of those whose words agree with what is given, the one that misses least, then
/// the one that leaves least unsaid. The action may lack what a sentence needs: then it is the sentence of a draft. `chooses`
/// is whether the action has branches with conditions.
pub(super) fn sentence(row: &'static ActionSpec, args: &[Arg], chooses: bool) -> Option<&'static Sentence> {
    let agrees = |sentence: &Sentence, path: &str, wanted: &str| match lookup(args, path) {
        Some(value) => is_fixed(value, wanted) || settings(sentence).any(|set| set == path),
        None => row.param(path).is_some_and(|param| param.assumed == Some(wanted)),
    };
    let takes = |setting: &Setting| setting.takes(lookup(args, setting.param).and_then(Value::as_literal));
    let fits = |sentence: &&Sentence| {
        !matches!(sentence.lowering, Lowering::Retry | Lowering::MapResources { .. })
            && (sentence.chooses || !chooses)
            && sentence.fixed.iter().all(|(path, wanted)| agrees(sentence, path, wanted))
            && sentence.settings.iter().all(takes)
    };
    let mut leaves = Vec::new();
    if row.sentences.len() > 1 {
        flatten(args, "", &mut leaves);
    }
    let quality = |sentence: &Sentence| {
        let missing = slots(sentence).filter(|slot| lookup(args, slot).is_none()).count();
        let fixed = || sentence.fixed.iter().map(|(path, _)| *path);
        let is_said = |leaf: &&String| {
            fixed().chain(all_slots(sentence)).chain(settings(sentence)).any(|path| covers(path, leaf))
        };
        let unsaid = leaves.len() - leaves.iter().filter(is_said).count();
        // A sentence that is given a part of an object says more than one that is given the object.
        let depth: usize = slots(sentence).map(|slot| slot.matches('.').count()).sum();
        (Reverse(missing), Reverse(unsaid), sentence.fixed.len(), depth, !sentence.chooses)
    };
    // Of equals the first, which the catalogue means to be the plain one.
    row.sentences.iter().filter(fits).rev().max_by_key(|sentence| quality(sentence))
}

/// The paths of all values that have none below them.
fn flatten(args: &[Arg], prefix: &str, leaves: &mut Vec<String>) {
    fn below(value: &Value, path: String, leaves: &mut Vec<String>) {
        match value {
            Value::Map(entries, _) if !entries.is_empty() => flatten(entries, &format!("{path}."), leaves),
            Value::List(items, _) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    below(item, format!("{path}.{index}"), leaves);
                }
            }
            _ => leaves.push(path),
        }
    }
    for arg in args {
        below(&arg.value, format!("{prefix}{}", arg.name.value), leaves);
    }
}

/// Whether a path is another, or leads to it.
fn covers(path: &str, leaf: &str) -> bool {
    leaf.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The parameters that a sentence must be given.
fn slots(sentence: &Sentence) -> impl Iterator<Item = &'static str> {
    sentence.pattern.iter().filter_map(slot)
}

/// The parameters that the words of a sentence can give.
fn all_slots(sentence: &Sentence) -> impl Iterator<Item = &'static str> {
    let optional = |piece: &'static Piece| match piece {
        Piece::Optional(inner) => *inner,
        piece => std::slice::from_ref(piece),
    };
    sentence.pattern.iter().flat_map(optional).filter_map(slot)
}

fn slot(piece: &'static Piece) -> Option<&'static str> {
    match piece {
        Piece::Slot(path) | Piece::Map(path) | Piece::WordList(path) => Some(path),
        Piece::Words(_) | Piece::Name | Piece::Optional(_) => None,
    }
}

/// The parameters that the settings of a sentence give.
fn settings(sentence: &Sentence) -> impl Iterator<Item = &'static str> {
    sentence
        .settings
        .iter()
        .flat_map(|setting| std::iter::once(setting.param).chain(setting.implies.iter().map(|(path, _)| *path)))
}

/// The words of a block's line up to its first value, and that value: `say "Welcome"`.
pub(super) fn words(action: &Action, args: &[Arg], sentence: Option<&'static Sentence>) -> String {
    let first = || args.first().and_then(|arg| shown(&arg.value));
    match (action.row(), sentence) {
        (Some(row), _) if row.role == Role::Compare => joined("if", first()),
        (Some(row), _) if row.role == Role::Loop => joined("repeat", first()),
        (_, Some(sentence)) => {
            let slot = slots(sentence).next();
            joined(sentence.head(), slot.and_then(|slot| shown(lookup(args, slot)?)))
        }
        (Some(row), None) => match assigned(row, args) {
            Some(reference) => joined("set", Some(reference)),
            None => row.name.to_owned(),
        },
        (None, None) => action.name().to_owned(),
    }
}

fn joined(words: &str, value: Option<EcoString>) -> String {
    match value {
        Some(value) => format!("{words} {value}"),
        None => words.to_owned(),
    }
}

/// The first reference that an action writes, as a `set` line has it.
fn assigned(row: &'static ActionSpec, args: &[Arg]) -> Option<EcoString> {
    row.assigns.iter().find_map(|assign| match assign.param.split_once(".*") {
        None => lookup(args, assign.param).map(|_| assign.root.into()),
        Some((map, _)) => match lookup(args, map)? {
            Value::Map(entries, _) => entries.first().map(|entry| eco_format!("{}.{}", assign.root, entry.name.value)),
            _ => None,
        },
    })
}

/// A value that is short enough to be told, on one line. Addresses say nothing to a reader.
fn shown(value: &Value) -> Option<EcoString> {
    let Value::Text(Text { parts, .. }) = value else { return None };
    match parts.as_slice() {
        [Part::Path(path)] => Some(path.clone()),
        [Part::Literal(text)] if !crate::flow::value::is_address(text) => {
            let line: String = text.split_whitespace().collect::<Vec<&str>>().join(" ");
            // A message has code in backticks.
            let line = line.replace('`', "'");
            match line.char_indices().nth(VALUE_CHARACTERS_MAX) {
                Some((end, _)) => Some(eco_format!("\"{}..\"", line.get(..end).unwrap_or_default().trim_end())),
                None => Some(eco_format!("\"{line}\"")),
            }
        }
        _ => None,
    }
}

/// What each block comes after, on the shortest way from the start; success goes before branches, and those before errors.
pub(super) fn befores(flow: &Flow, start: BlockId) -> Vec<Before> {
    let mut befores = vec![Before::Unknown; flow.len()];
    let mut open = VecDeque::from([start]);
    if let Some(first) = befores.get_mut(start.index()) {
        *first = Before::Start;
    }
    while let Some(id) = open.pop_front() {
        let words = flow.block(id).map(|block: &Block| EcoString::from(block.label.as_str())).unwrap_or_default();
        let exits = flow.exits(id);
        let order = |exit: &&crate::flow::Exit| match exit.outlet {
            Outlet::Next => 0,
            Outlet::Condition(_) => 1,
            Outlet::Error(_) => 2,
        };
        let mut exits: Vec<&crate::flow::Exit> = exits.iter().collect();
        exits.sort_by_key(order);
        for exit in exits {
            if let Some(before) = befores.get_mut(exit.target.index()).filter(|before| **before == Before::Unknown) {
                *before = Before::Block(words.clone());
                open.push_back(exit.target);
            }
        }
    }
    befores
}
