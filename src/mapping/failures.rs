//! Failures of `map resources` after which contacts go on without it.
//!
//! Where looking up has failed, somebody has to be told so, and then the addresses of that are written in. But a clause such as
//! `error -> next` leads on to the flow's own lines, so that all of them are reached without the map as well, and it is of no use
//! any more.

use std::collections::BTreeSet;

use super::analysis::{Analysis, Node, Side};
use super::plan::{Plan, Reason, Resolution};
use crate::catalogue::ResourceKind;
use crate::flow::{Block, BlockId, Flow, Outlet};
use crate::source::Span;

/// A clause after which contacts go on without the map.
#[derive(Debug)]
pub(super) struct GoingOn {
    pub span: Span,
    /// The names that are written in because of it.
    pub count: usize,
}

/// A way out of a mapping that leads on to the lines behind it.
struct Clause {
    /// The flow's place, the mapping, and the place of the exit among its exits.
    flow: usize,
    exit: (BlockId, usize),
    span: Span,
    /// The blocks that contacts come to behind it.
    reached: BTreeSet<BlockId>,
}

/// All of them, each with what it costs. A name is counted where closing all of these clauses would let it be looked up.
pub(super) fn going_on(analysis: &Analysis, plan: &Plan) -> Vec<GoingOn> {
    let clauses: Vec<Clause> = analysis.flows.iter().enumerate().flat_map(|(at, node)| clauses(at, node)).collect();
    if clauses.is_empty() {
        return Vec::new();
    }
    let closed: BTreeSet<(usize, BlockId, usize)> =
        clauses.iter().map(|clause| (clause.flow, clause.exit.0, clause.exit.1)).collect();
    // By flow, how its blocks are reached when the clauses do not lead on; nothing where that is as before.
    let sides: Vec<Option<Vec<Side>>> = analysis
        .flows
        .iter()
        .enumerate()
        .map(|(at, node)| {
            let is_closed = |id: BlockId, exit: usize| closed.contains(&(at, id, exit));
            let has_any = clauses.iter().any(|clause| clause.flow == at);
            has_any.then(|| super::analysis::sides(node.flow, is_closed))
        })
        .collect();
    let is_before = |at: usize, used: usize| {
        let Some(placed) = analysis.get(at).and_then(|node| node.uses.get(used)) else { return false };
        match sides.get(at).and_then(Option::as_ref) {
            Some(sides) => sides.get(placed.of.block.index()).is_none_or(|side| side.before || !side.behind),
            None => placed.before,
        }
    };
    let unmapped = analysis.unmapped(is_before);
    let is_freed = |at: usize, used: usize| !is_before(at, used) || unmapped.get(at).copied().flatten().is_none();
    let is_early = |at: usize, used: usize| {
        let resolution = plan.flows.get(at).and_then(|flow| flow.uses.get(used));
        matches!(resolution, Some(Resolution::Address(_, Reason::Early(_)) | Resolution::Missing(Reason::Early(_))))
    };
    clauses
        .iter()
        .map(|clause| {
            let mut names: BTreeSet<(ResourceKind, &str)> = BTreeSet::new();
            let mut seen: BTreeSet<usize> = BTreeSet::new();
            let mut open: Vec<usize> = Vec::new();
            let mut look = |at: usize, is_reached: &dyn Fn(BlockId) -> bool, open: &mut Vec<usize>| {
                let Some(node) = analysis.get(at) else { return };
                for (number, used) in node.uses.iter().enumerate().filter(|(_, used)| is_reached(used.of.block)) {
                    open.extend(used.target.filter(|_| used.before));
                    if is_early(at, number) && is_freed(at, number) {
                        names.insert((used.of.kind, used.of.name));
                    }
                }
            };
            look(clause.flow, &|block| clause.reached.contains(&block), &mut open);
            while let Some(at) = open.pop() {
                if seen.insert(at) {
                    look(at, &|_| true, &mut open);
                }
            }
            GoingOn { span: clause.span, count: names.len() }
        })
        .filter(|found| found.count > 0)
        .collect()
}

/// The clauses of a flow's mappings that lead on to what the flow does.
fn clauses(at: usize, node: &Node) -> Vec<Clause> {
    let flow = node.flow;
    let mut found = Vec::new();
    if !node.maps {
        return found;
    }
    for (id, _) in flow.blocks().filter(|(_, block)| block.maps_resources()) {
        let exits = flow.exits(id);
        let Some(next) = exits.iter().find(|exit| exit.outlet == Outlet::Next).map(|exit| exit.target) else {
            continue;
        };
        let intended = reached(flow, next, &|_, outlet| !matches!(outlet, Outlet::Error(_)));
        for (number, exit) in exits.iter().enumerate().filter(|(_, exit)| matches!(exit.outlet, Outlet::Error(_))) {
            // What lies behind a mapping that succeeds has been looked up after all.
            let is_unmapped = |from: BlockId, outlet: &Outlet| {
                matches!(outlet, Outlet::Error(_)) || !flow.block(from).is_some_and(Block::maps_resources)
            };
            let reached = reached(flow, exit.target, &is_unmapped);
            // A few words and a good-bye that other lines share are no going on; the next line is, and so is one that decides.
            let decides = |id: &BlockId| {
                flow.exits(*id).iter().any(|exit| matches!(exit.outlet, Outlet::Condition(_))) && intended.contains(id)
            };
            if reached.contains(&next) || reached.iter().any(decides) {
                found.push(Clause { flow: at, exit: (id, number), span: exit.span, reached });
            }
        }
    }
    found
}

/// The blocks that are reached from one, itself among them, by ways that may be taken.
fn reached(flow: &Flow, from: BlockId, may_take: &dyn Fn(BlockId, &Outlet) -> bool) -> BTreeSet<BlockId> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(flow.exits(id).iter().filter(|exit| may_take(id, &exit.outlet)).map(|exit| exit.target));
        }
    }
    seen
}
