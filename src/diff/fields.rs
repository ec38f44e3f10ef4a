//! What blocks are given, in a form in which the same is equal: identifiers, places, and what the service assumes anyway
//! are not in it.

use crate::catalogue::{Kind, Param, ResourceKind, resources};
use crate::flow::{Arg, Block, Flow, Part, Value};
use crate::import::Words;

/// One value that a block is given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Field {
    /// The keys that lead to it: `["LexV2Bot", "AliasArn"]`.
    pub path: Vec<String>,
    /// As the document has it, in JSON.
    pub text: String,
}

/// How resources are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addresses {
    /// By what stands in the flow, a name or an address.
    AsGiven,
    /// By name also where the flow has an address, as far as it tells what that is called. So a source can be held against
    /// a document.
    ByName,
}

/// Whether a flow names resources, rather than addressing them.
pub(super) fn has_names(flow: &Flow) -> bool {
    flow.blocks().any(|(_, block)| {
        let mut open: Vec<&Value> = block.args.iter().map(|arg| &arg.value).collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Text(text) if text.parts.iter().any(|part| matches!(part, Part::Resource(..))) => return true,
                Value::Text(_) | Value::Plain(..) => {}
                Value::List(items, _) => open.extend(items),
                Value::Map(entries, _) => open.extend(entries.iter().map(|entry| &entry.value)),
            }
        }
        false
    })
}

/// Everything that a block is given, in order of its path.
pub(super) fn fields(block: &Block, words: &Words, addresses: Addresses) -> Vec<Field> {
    let params = block.action.row().map_or(&[][..], |row| row.params);
    let mut fields: Vec<Field> = leaves(&block.args, params)
        .into_iter()
        .filter(|leaf| !leaf.is_assumed())
        .map(|leaf| Field { text: canonical(leaf.value, leaf.kind, words, addresses), path: leaf.path })
        .collect();
    fields.sort_unstable();
    fields
}

/// A value that is no object.
pub(super) struct Leaf<'a> {
    pub path: Vec<String>,
    pub value: &'a Value,
    pub param: Option<&'static Param>,
    pub kind: Option<&'static Kind>,
}

impl Leaf<'_> {
    /// Whether the service takes this for granted where the document says nothing.
    fn is_assumed(&self) -> bool {
        let assumed = self.param.and_then(|param| param.assumed);
        let given = match self.value {
            Value::Plain(serde_json::Value::Bool(flag), _) => Some(if *flag { "true" } else { "false" }),
            value => value.as_literal(),
        };
        assumed.is_some() && given == assumed
    }
}

/// The values of a block, objects taken apart. A list is one value, unless it is one of objects.
pub(super) fn leaves<'a>(args: &'a [Arg], params: &'static [Param]) -> Vec<Leaf<'a>> {
    let of = |params: &'static [Param], name: &str| params.iter().find(|param| param.name == name);
    let mut open: Vec<Leaf> = Vec::new();
    for arg in args.iter().rev() {
        let param = of(params, &arg.name.value);
        let kind = param.map(|param| &param.kind);
        open.push(Leaf { path: vec![arg.name.value.to_string()], value: &arg.value, param, kind });
    }
    let mut leaves = Vec::new();
    while let Some(leaf) = open.pop() {
        let below = |step: String| leaf.path.iter().cloned().chain([step]).collect();
        match leaf.value {
            Value::Map(entries, _) if !entries.is_empty() => {
                for entry in entries.iter().rev() {
                    let (param, kind) = match leaf.kind {
                        Some(Kind::Map { value, .. }) => (leaf.param, Some(*value)),
                        kind => {
                            let param = of(kind.map_or(&[][..], Kind::fields), &entry.name.value);
                            (param, param.map(|param| &param.kind))
                        }
                    };
                    open.push(Leaf { path: below(entry.name.value.to_string()), value: &entry.value, param, kind });
                }
            }
            Value::List(items, _) if items.iter().any(|item| matches!(item, Value::Map(..))) => {
                let kind = leaf.kind.map(Kind::element);
                for (at, item) in items.iter().enumerate().rev() {
                    open.push(Leaf { path: below(at.to_string()), value: item, param: leaf.param, kind });
                }
            }
            _ => leaves.push(leaf),
        }
    }
    leaves
}

fn canonical(value: &Value, kind: Option<&'static Kind>, words: &Words, addresses: Addresses) -> String {
    match value {
        Value::Text(text) => {
            let mut joined = String::new();
            for part in &text.parts {
                match part {
                    Part::Literal(text) | Part::Path(text) => joined.push_str(text),
                    Part::Address(address) => joined.push_str(&address.text),
                    Part::Resource(kind, name) => joined.push_str(&resources::placeholder(*kind, name)),
                }
            }
            if let (Some(Kind::Resource(kind)), Addresses::ByName) = (kind, addresses)
                && let Some(name) = words.name_of(*kind, &joined)
            {
                joined = resources::placeholder(*kind, name);
            }
            serde_json::Value::String(joined).to_string()
        }
        Value::Plain(plain, _) => plain.to_string(),
        // A list of lists is nothing that the service has, but a document may.
        Value::List(items, _) => {
            let element = kind.map(Kind::element);
            let items: Vec<String> = items.iter().map(|item| canonical(item, element, words, addresses)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(..) => "{}".to_owned(),
    }
}

/// What a value names, if it is a fixed name or address of a resource.
pub(super) fn resource(leaf: &Leaf, words: &Words) -> Option<(ResourceKind, String)> {
    let Some(Kind::Resource(kind)) = leaf.kind else { return None };
    let text = leaf.value.as_text()?;
    let name = match text.parts.as_slice() {
        [Part::Resource(_, name)] => name.to_string(),
        [Part::Address(address)] => address.name.clone(),
        [Part::Literal(address)] => words.name_of(*kind, address)?.to_owned(),
        _ => return None,
    };
    Some((*kind, name))
}
