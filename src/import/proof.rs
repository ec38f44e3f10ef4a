//! Compiles what an import wrote, and holds the result against the flow that it came from.

use std::collections::HashMap;

use serde_json::{Map, Value as Plain};

use super::names::Names;
use crate::catalogue::{self, Param, resources};
use crate::flow::build::{self, Index, Options};
use crate::flow::{Arg, Block, BlockId, Flow, Outlet, Part, Value};
use crate::source::Source;
use crate::syntax::Parsed;

/// Something that came out different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands in the document that was read.
    pub place: String,
    pub what: String,
}

pub(super) struct Proof {
    /// Blocks whose sentence does not say exactly them.
    pub changed: Vec<BlockId>,
    pub differences: Vec<Difference>,
}

impl Proof {
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty() && self.differences.is_empty()
    }
}

/// Compiles a source and compares. `order` says which block each line was written for.
pub(super) fn compare(
    flow: &Flow,
    source: &Source,
    parsed: &Parsed,
    order: &[BlockId],
    names: &Names,
    project: &Options,
) -> Proof {
    let index = Index::new([source], [&parsed.file], project);
    let built = parsed.file.declarations.first().and_then(|declaration| build::flow(&index, declaration).flow);
    let Some(built) = built else {
        let why = parsed.diagnostics.clone().into_sorted().first().map_or_else(
            || "nothing was built".to_owned(),
            |problem| format!("{} at {:?}", problem.message, source.slice(problem.primary.span)),
        );
        return Proof { changed: Vec::new(), differences: vec![whole(format!("the source does not compile: {why}"))] };
    };
    if let Some(problem) = parsed.diagnostics.iter().find(|problem| problem.is_error()) {
        // What stands around such a line may still be what was read.
        let what = format!("{} at {:?}", problem.message, source.slice(problem.primary.span));
        return Proof { changed: Vec::new(), differences: vec![whole(what)] };
    }
    // Blocks come in the order of their lines, whatever the order in which bodies were built.
    let mut made: Vec<BlockId> = built.blocks().map(|(id, _)| id).collect();
    made.sort_by_key(|id| built.block(*id).map_or(0, |block| block.span.start));
    if made.len() != order.len() {
        let what = format!("the source compiles to {} blocks, and {} were read", made.len(), order.len());
        return Proof { changed: Vec::new(), differences: vec![whole(what)] };
    }
    let became: HashMap<BlockId, BlockId> = made.iter().copied().zip(order.iter().copied()).collect();
    let mut proof = Proof { changed: Vec::new(), differences: Vec::new() };
    let start = built.start().and_then(|start| became.get(&start).copied());
    if start != flow.start() {
        proof.differences.push(whole("the flow begins somewhere else".to_owned()));
    }
    for (new, old) in made.iter().zip(order) {
        let (Some(new_block), Some(old_block)) = (built.block(*new), flow.block(*old)) else { continue };
        let place = || format!("Actions[{}]", old.index());
        let mut differs = |what: String| {
            proof.changed.push(*old);
            proof.differences.push(Difference { place: place(), what });
        };
        if new_block.action.name() != old_block.action.name() {
            differs(format!("`{}` became `{}`", old_block.action.name(), new_block.action.name()));
        }
        let (ours, theirs) = (arguments(new_block, names), arguments(old_block, names));
        if ours != theirs {
            differs(format!("Parameters {} became {}", Plain::Object(theirs), Plain::Object(ours)));
        }
        let ours = exits(&built, *new, &|id| became.get(&id).copied());
        let theirs = exits(flow, *old, &|id| Some(id));
        if ours != theirs {
            differs(format!("the branches {theirs:?} became {ours:?}"));
        }
    }
    proof
}

fn whole(what: String) -> Difference {
    Difference { place: "the document".to_owned(), what }
}

/// The arguments of a block as the service is given them, without what it takes for granted.
fn arguments(block: &Block, names: &Names) -> Map<String, Plain> {
    let mut map = object(&block.args, names);
    // By its name: said in quotes, the compiler knows nothing of it, and the service assumes the same.
    if let Some(row) = catalogue::find(block.action.name()) {
        leave_out_assumed(row.params, &mut map);
    }
    map.sort_keys();
    map
}

/// Takes out what the service takes for granted, and the objects that held nothing else.
pub(super) fn leave_out_assumed(params: &[Param], map: &mut Map<String, Plain>) {
    for param in params {
        let is_assumed = match map.get_mut(param.name) {
            Some(Plain::Object(entries)) if !entries.is_empty() => {
                leave_out_assumed(param.kind.fields(), entries);
                entries.is_empty()
            }
            Some(Plain::String(text)) => param.assumed == Some(text.as_str()),
            Some(Plain::Bool(flag)) => param.assumed == Some(if *flag { "true" } else { "false" }),
            _ => false,
        };
        if is_assumed {
            map.shift_remove(param.name);
        }
    }
}

fn object(args: &[Arg], names: &Names) -> Map<String, Plain> {
    let mut map: Map<String, Plain> =
        args.iter().map(|arg| (arg.name.value.to_string(), plain(&arg.value, names))).collect();
    map.sort_keys();
    map
}

fn plain(value: &Value, names: &Names) -> Plain {
    match value {
        Value::Text(text) => {
            let mut joined = String::new();
            for part in &text.parts {
                match part {
                    Part::Literal(text) | Part::Path(text) => joined.push_str(text),
                    Part::Address(address) => joined.push_str(&address.text),
                    Part::Resource(kind, name) => match names.address(*kind, name) {
                        Some(address) => joined.push_str(address),
                        None => joined.push_str(&resources::placeholder(*kind, name)),
                    },
                }
            }
            Plain::String(joined)
        }
        Value::Plain(plain, _) => plain.clone(),
        Value::List(items, _) => Plain::Array(items.iter().map(|item| plain(item, names)).collect()),
        Value::Map(entries, _) => Plain::Object(object(entries, names)),
    }
}

/// The exits of a block: conditions in order, unless they are fixed results, then the rest, whose order means nothing.
fn exits(flow: &Flow, id: BlockId, became: &dyn Fn(BlockId) -> Option<BlockId>) -> Vec<(String, Option<BlockId>)> {
    let mut conditions = Vec::new();
    let mut others = Vec::new();
    for exit in flow.exits(id) {
        let target = became(exit.target);
        match &exit.outlet {
            Outlet::Condition(condition) => {
                conditions.push((format!("{} {:?}", condition.operator, condition.operands), target));
            }
            Outlet::Error(error) => others.push((error.to_string(), target)),
            Outlet::Next => others.push(("NextAction".to_owned(), target)),
        }
    }
    others.sort();
    if flow.block(id).is_some_and(|block| super::has_fixed_results(block.action.name())) {
        conditions.sort();
    }
    conditions.extend(others);
    conditions
}
