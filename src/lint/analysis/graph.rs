//! The blocks of a flow in an order that suits both directions.

use std::collections::VecDeque;

use crate::flow::{BlockId, Exit, Flow};

/// An order of the blocks that paths from the start reach, and the ways into each.
#[derive(Debug)]
pub struct Graph {
    /// Reverse postorder: apart from what leads back, a block stands behind all that lead to it.
    pub order: Vec<BlockId>,
    /// By block, its place in the order.
    rank: Vec<Option<usize>>,
    /// By block, the blocks that lead to it.
    into: Vec<Vec<BlockId>>,
}

impl Graph {
    pub fn new(flow: &Flow) -> Self {
        let mut graph = Self {
            order: Vec::with_capacity(flow.len()),
            rank: vec![None; flow.len()],
            into: vec![Vec::new(); flow.len()],
        };
        let mut seen = vec![false; flow.len()];
        // A block, and how many of its targets have been looked at.
        let mut stack: Vec<(BlockId, usize)> = Vec::new();
        let mut enter = |id: BlockId, stack: &mut Vec<(BlockId, usize)>| {
            if let Some(seen) = seen.get_mut(id.index())
                && !std::mem::replace(seen, true)
            {
                stack.push((id, 0));
            }
        };
        if let Some(start) = flow.start() {
            enter(start, &mut stack);
        }
        while let Some((id, next)) = stack.pop() {
            match flow.exits(id).get(next) {
                Some(exit) => {
                    stack.push((id, next + 1));
                    enter(exit.target, &mut stack);
                }
                None => graph.order.push(id),
            }
        }
        graph.order.reverse();
        for (rank, id) in graph.order.iter().enumerate() {
            if let Some(slot) = graph.rank.get_mut(id.index()) {
                *slot = Some(rank);
            }
            for target in flow.successors(*id) {
                if let Some(into) = graph.into.get_mut(target.index())
                    && into.last() != Some(id)
                {
                    into.push(*id);
                }
            }
        }
        graph
    }

    /// The block's place in the order; nothing if no path reaches it.
    pub fn rank(&self, id: BlockId) -> Option<usize> {
        self.rank.get(id.index()).copied().flatten()
    }

    pub fn reaches(&self, id: BlockId) -> bool {
        self.rank(id).is_some()
    }

    /// The blocks that lead to a block.
    pub fn into(&self, id: BlockId) -> &[BlockId] {
        self.into.get(id.index()).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A shortest path between two blocks over exits that may be taken: both ends included, or nothing if there is none. A path
/// from a block to itself has at least one exit.
pub fn path(
    flow: &Flow,
    from: BlockId,
    to: BlockId,
    may_take: impl Fn(BlockId, &Exit) -> bool,
) -> Option<Vec<BlockId>> {
    let mut came_from: Vec<Option<BlockId>> = vec![None; flow.len()];
    let mut queue = VecDeque::from([from]);
    while let Some(id) = queue.pop_front() {
        for exit in flow.exits(id).iter().filter(|exit| may_take(id, exit)) {
            let Some(slot) = came_from.get_mut(exit.target.index()) else { continue };
            if slot.is_some() || (exit.target == from && from != to) {
                continue;
            }
            *slot = Some(id);
            if exit.target == to {
                return Some(walked(&came_from, from, to));
            }
            queue.push_back(exit.target);
        }
    }
    None
}

fn walked(came_from: &[Option<BlockId>], from: BlockId, to: BlockId) -> Vec<BlockId> {
    let mut path = vec![to];
    let mut at = to;
    while let Some(before) = came_from.get(at.index()).copied().flatten() {
        path.push(before);
        at = before;
        if at == from {
            break;
        }
    }
    path.reverse();
    path
}
