//! A flow with a plan applied: names become what the plan says, and `map resources` becomes the blocks that it stands for.
//!
//! Identifiers of other blocks do not move, and neither does their order.

use std::collections::{BTreeMap, BTreeSet};

use ecow::eco_format;
use smallvec::smallvec;

use super::analysis::ATTRIBUTES;
use super::plan::{FlowPlan, Resolution};
use crate::catalogue;
use crate::flow::id::{Identifiers, Style};
use crate::flow::{Action, Address, Arg, Block, BlockId, BlockOrigin, Exit, Flow, Inserted, Outlet, Part, Text, Value};
use crate::source::Spanned;

/// Keys that one block copies. The service names no limit; a longer list is hard to read in the console's form.
const KEYS_MAX: usize = 50;
/// Where the mapping function's answer is read.
const ANSWER: &str = "$.External";

/// A flow as it is in one environment.
pub fn mapped(flow: &Flow, plan: &FlowPlan) -> Flow {
    let mut resolved = flow.clone();
    let ids: Vec<BlockId> = flow.blocks().map(|(id, _)| id).collect();
    let mut uses = plan.uses.iter();
    for id in ids {
        if let Some(block) = resolved.block_mut(id) {
            block.args.iter_mut().for_each(|arg| resolve(&mut arg.value, &mut uses));
        }
    }
    // A mapping that copies nothing has kept its name, and is left out with it.
    let maps = |id: BlockId| flow.block(id).is_some_and(Block::maps_resources);
    let is_plain = |id: BlockId| resolved.block(id).is_some_and(|block| !block.maps_resources());
    let copied: BTreeSet<BlockId> = flow.blocks().map(|(id, _)| id).filter(|id| maps(*id) && is_plain(*id)).collect();
    let copies = if flow.is_module() { &BTreeMap::new() } else { &plan.copies };
    rebuilt(&resolved, &copied, copies)
}

/// A flow without its `map resources`, as it is where no environment is known; nothing if it has none.
pub fn unmapped(flow: &Flow) -> Option<Flow> {
    let has_mapping = flow.blocks().any(|(_, block)| block.maps_resources());
    has_mapping.then(|| rebuilt(flow, &BTreeSet::new(), &BTreeMap::new()))
}

/// Resolves the names in a value, in the order in which `uses` finds them.
fn resolve<'p>(value: &mut Value, uses: &mut impl Iterator<Item = &'p Resolution>) {
    match value {
        Value::Text(text) => {
            for part in &mut text.parts {
                let Part::Resource(kind, name) = part else { continue };
                match uses.next() {
                    Some(Resolution::Attribute(key)) => *part = Part::Path(eco_format!("{ATTRIBUTES}.{key}")),
                    Some(Resolution::Address(address, _)) => {
                        let address = Address { kind: *kind, name: name.as_str().to_owned(), text: address.clone() };
                        *part = Part::Address(Box::new(address));
                    }
                    Some(Resolution::Template | Resolution::Missing(_) | Resolution::Nothing) | None => {}
                }
            }
        }
        Value::List(items, _) => items.iter_mut().for_each(|item| resolve(item, uses)),
        Value::Map(entries, _) => entries.iter_mut().for_each(|entry| resolve(&mut entry.value, uses)),
        Value::Plain(..) => {}
    }
}

/// A flow with copying blocks behind these of its blocks, and without what is still `map resources`.
fn rebuilt(flow: &Flow, copied: &BTreeSet<BlockId>, keys: &BTreeMap<String, String>) -> Flow {
    let skipped = |id: BlockId| {
        let is_mapping = flow.block(id).is_some_and(Block::maps_resources);
        is_mapping.then(|| flow.exits(id).iter().find(|exit| exit.outlet == Outlet::Next).map(|exit| exit.target))?
    };
    // Lines that only lead to each other are left as they are.
    let landing = |id: BlockId| {
        let mut at = id;
        for _ in 0..flow.len() {
            match skipped(at) {
                Some(next) => at = next,
                None => return at,
            }
        }
        id
    };
    let reached = flow.reachable();
    let stays = reached_by(flow, &landing);
    let mut rebuilt = flow.emptied();
    let mut places: Vec<Option<BlockId>> = Vec::with_capacity(flow.len());
    let mut identifiers = identifiers(flow);
    let mut copies: Vec<(BlockId, Vec<BlockId>)> = Vec::new();
    for (id, block) in flow.blocks() {
        // What only a mapping's failure led to goes with the mapping.
        if landing(id) != id || reached.contains(&id) && !stays.contains(&id) {
            places.push(None);
            continue;
        }
        places.push(Some(rebuilt.add(block.clone())));
        if copied.contains(&id) {
            copies.push((id, copying(block, keys, &mut identifiers).map(|block| rebuilt.add(block)).collect()));
        }
    }
    let place = |id: BlockId| places.get(landing(id).index()).copied().flatten();
    for (id, _) in flow.blocks() {
        let Some(at) = place(id).filter(|_| landing(id) == id) else { continue };
        let exits = flow.exits(id).iter().filter_map(|exit| Some((exit, place(exit.target)?)));
        match copies.iter().find(|(copied, _)| *copied == id) {
            None => exits.for_each(|(exit, to)| rebuilt.connect(at, exit.outlet.clone(), to, exit.span)),
            Some((_, blocks)) => chain(at, blocks, &exits.collect::<Vec<_>>(), &mut rebuilt),
        }
    }
    if let Some(start) = flow.start().and_then(place) {
        rebuilt.begin_at(start);
    }
    rebuilt
}

/// The blocks that can be reached when arrows go to where they land.
fn reached_by(flow: &Flow, landing: &impl Fn(BlockId) -> BlockId) -> BTreeSet<BlockId> {
    let mut seen = BTreeSet::new();
    let mut queue: Vec<BlockId> = flow.start().map(landing).into_iter().collect();
    while let Some(id) = queue.pop() {
        if seen.insert(id) {
            queue.extend(flow.successors(id).map(landing));
        }
    }
    seen
}

/// Ties the copying blocks in behind a mapping: one behind the other, each failing to where the mapping fails to.
fn chain(mapping: BlockId, blocks: &[BlockId], exits: &[(&Exit, BlockId)], rebuilt: &mut Flow) {
    let failure = exits.iter().find(|(exit, _)| matches!(exit.outlet, Outlet::Error(_))).map(|(_, to)| *to);
    for (exit, to) in exits {
        let to = if exit.outlet == Outlet::Next { blocks.first().copied().unwrap_or(*to) } else { *to };
        rebuilt.connect(mapping, exit.outlet.clone(), to, exit.span);
    }
    let Some((next, end)) = exits.iter().find(|(exit, _)| exit.outlet == Outlet::Next) else { return };
    let behind = blocks.iter().skip(1).copied().chain([*end]);
    for (block, to) in blocks.iter().zip(behind) {
        rebuilt.connect(*block, Outlet::Next, to, next.span);
        let outlets = rebuilt.block(*block).and_then(Block::variant).map_or(&[][..], |variant| variant.outlets);
        for spec in outlets {
            if let (catalogue::Exit::Error(error), Some(to)) = (spec.exit, failure) {
                rebuilt.connect(*block, Outlet::Error(error.into()), to, next.span);
            }
        }
    }
}

/// The blocks that copy these keys from the function's answer to the contact.
fn copying<'b>(
    mapping: &'b Block,
    keys: &'b BTreeMap<String, String>,
    identifiers: &'b mut Identifiers,
) -> impl Iterator<Item = Block> + 'b {
    let keys: Vec<(&String, &String)> = keys.iter().collect();
    let chunks: Vec<Vec<(&String, &String)>> = keys.chunks(KEYS_MAX).map(<[_]>::to_vec).collect();
    let assignment = catalogue::assignment(ATTRIBUTES);
    chunks.into_iter().filter_map(move |keys| {
        let (row, assignment) = assignment?;
        let (param, _) = assignment.param.split_once('.')?;
        let span = mapping.span;
        let entry = |(key, answer): (&String, &String)| Arg {
            name: Spanned::new(key.clone().into(), span),
            value: Value::Text(Text { parts: smallvec![Part::Path(eco_format!("{ANSWER}.{answer}"))], span }),
        };
        let value = Value::Map(keys.into_iter().map(entry).collect(), span);
        let label = "keep resources".to_owned();
        Some(Block {
            identifier: identifiers.next(&mapping.step, row.name, &label),
            action: Action::Known(row),
            args: vec![Arg { name: Spanned::new(param.into(), span), value }],
            readable: mapping.readable,
            span,
            step: mapping.step.clone(),
            label,
            origin: BlockOrigin::Inserted(Inserted::MappedNames),
        })
    })
}

/// Identifiers for new blocks, of the same style as the flow's own, which they leave alone.
fn identifiers(flow: &Flow) -> Identifiers {
    let is_readable = flow.blocks().any(|(_, block)| block.maps_resources() && block.readable)
        || flow.blocks().all(|(_, block)| block.readable);
    let style = if is_readable { Style::Readable } else { Style::Uuid };
    let mut identifiers = Identifiers::new(style, &flow.name.value, flow.len());
    for (_, block) in flow.blocks() {
        identifiers.reserve(&block.identifier);
    }
    identifiers
}
