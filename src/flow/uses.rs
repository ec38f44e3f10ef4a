//! What a block reads, writes and says.

use std::borrow::Cow;

use crate::catalogue::speech;
use crate::flow::{Arg, Block, BlockId, Flow, Part, Text, Value};
use crate::source::Span;
use crate::syntax::usual;

/// A reference in an argument.
#[derive(Debug, Clone, Copy)]
pub struct Read<'f> {
    pub path: &'f str,
    pub span: Span,
}

/// Everything that a block reads, in the order of its arguments.
pub fn reads(block: &Block) -> Vec<Read<'_>> {
    let mut found = Vec::new();
    each_text(&block.args, &mut |text| {
        for part in &text.parts {
            if let Part::Path(path) = part {
                found.push(Read { path, span: text.span });
            }
        }
    });
    found
}

/// A flow with all references in their usual spelling, so that two that read the same are the same; nothing where they are.
pub fn respelled(flow: &Flow) -> Option<Flow> {
    let is_usual = |read: &Read| matches!(usual(read.path), Cow::Borrowed(_));
    let other: Vec<BlockId> =
        flow.blocks().filter(|(_, block)| !reads(block).iter().all(is_usual)).map(|(id, _)| id).collect();
    if other.is_empty() {
        return None;
    }
    let mut flow = flow.clone();
    for id in other {
        for arg in flow.block_mut(id).into_iter().flat_map(|block| &mut block.args) {
            each_text_mut(&mut arg.value, &mut |text| {
                for part in &mut text.parts {
                    if let Part::Path(path) = part {
                        *path = usual(path).into();
                    }
                }
            });
        }
    }
    Some(flow)
}

/// Calls a function with every text in a value. Nesting is bounded where arguments are read.
pub fn each_text_mut(value: &mut Value, found: &mut impl FnMut(&mut Text)) {
    match value {
        Value::Text(text) => found(text),
        Value::List(items, _) => items.iter_mut().for_each(|item| each_text_mut(item, found)),
        Value::Map(entries, _) => entries.iter_mut().for_each(|entry| each_text_mut(&mut entry.value, found)),
        Value::Plain(..) => {}
    }
}

/// Calls a function with every text among arguments, nested ones too. Nesting is bounded where arguments are read.
pub fn each_text<'f>(args: &'f [Arg], found: &mut impl FnMut(&'f Text)) {
    let mut rest: Vec<&'f Value> = args.iter().rev().map(|arg| &arg.value).collect();
    while let Some(value) = rest.pop() {
        match value {
            Value::Text(text) => found(text),
            Value::Plain(..) => {}
            Value::List(items, _) => rest.extend(items.iter().rev()),
            Value::Map(entries, _) => rest.extend(entries.iter().rev().map(|arg| &arg.value)),
        }
    }
}

/// A reference that a block sets, and to what.
#[derive(Debug, Clone)]
pub struct Write<'f> {
    /// As a read of it would be spelled.
    pub path: String,
    pub value: Option<&'f Text>,
    pub span: Span,
}

/// The references that a block sets when it succeeds.
pub fn writes(block: &Block) -> Vec<Write<'_>> {
    let mut found = Vec::new();
    for assign in block.action.row().map_or(&[][..], |row| row.assigns) {
        let Some((param, below)) = assign.param.split_once(".*").filter(|_| assign.keyed) else {
            let Some(value) = block.arg(assign.param) else { continue };
            found.push(Write { path: assign.root.to_owned(), value: value.as_text(), span: value.span() });
            continue;
        };
        let Some(Value::Map(entries, _)) = block.arg(param) else { continue };
        for entry in entries {
            let value = match (&entry.value, below.strip_prefix('.')) {
                (Value::Map(fields, _), Some(field)) => {
                    fields.iter().find(|arg| arg.name.value == field).and_then(|arg| arg.value.as_text())
                }
                (value, _) => value.as_text(),
            };
            found.push(Write { path: path_of(assign.root, &entry.name.value), value, span: entry.name.span });
        }
    }
    found
}

/// The reference that reads a key, as flows spell it.
fn path_of(root: &str, key: &str) -> String {
    let is_plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_plain { format!("{root}.{key}") } else { format!("{root}['{key}']") }
}

/// A message of a block.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'f> {
    pub text: &'f Text,
    pub is_ssml: bool,
}

/// The texts that a block says, in order. What it plays from a recording is not among them.
pub fn spoken(block: &Block) -> Vec<Spoken<'_>> {
    let mut found = Vec::new();
    if !block.effects().contains(&crate::catalogue::Effect::Speaks) {
        return found;
    }
    said(&block.args, &mut found);
    if let Some(Value::List(items, _)) = block.arg(speech::SEVERAL) {
        for item in items {
            if let Value::Map(entries, _) = item {
                said(entries, &mut found);
            }
        }
    }
    found
}

fn said<'f>(args: &'f [Arg], found: &mut Vec<Spoken<'f>>) {
    for arg in args {
        let is_ssml = arg.name.value == speech::SSML;
        if let (true, Value::Text(text)) = (is_ssml || arg.name.value == speech::TEXT, &arg.value) {
            found.push(Spoken { text, is_ssml });
        }
    }
}
