//! The least solution of a data-flow problem, by a worklist.

use std::collections::BTreeSet;

use super::Graph;
use crate::flow::{BlockId, Exit, Flow};

/// What is to be known at each block, and how it changes on the way.
///
/// Facts must only grow under `join`, and can grow only so often: then the worklist comes to rest.
pub trait Problem {
    type Fact: Clone;

    /// What holds where the search begins: before the start, or behind a block without exits.
    fn boundary(&self, at: BlockId) -> Self::Fact;

    /// Adds what another path says. Whether that was news.
    fn join(&self, into: &mut Self::Fact, more: &Self::Fact) -> bool;

    /// The fact on the far side of a block, for one of its exits.
    fn along(&self, id: BlockId, exit: &Exit, fact: &Self::Fact) -> Self::Fact;
}

/// By block, what holds before it. Nothing for a block that no path reaches.
pub fn forward<P: Problem>(flow: &Flow, graph: &Graph, problem: &P) -> Vec<Option<P::Fact>> {
    let mut facts: Vec<Option<P::Fact>> = vec![None; flow.len()];
    let Some(start) = flow.start() else { return facts };
    if let Some(slot) = facts.get_mut(start.index()) {
        *slot = Some(problem.boundary(start));
    }
    let mut work = BTreeSet::from([0]);
    while let Some(rank) = work.pop_first() {
        let Some(&id) = graph.order.get(rank) else { continue };
        let Some(before) = facts.get(id.index()).cloned().flatten() else { continue };
        for exit in flow.exits(id) {
            let behind = problem.along(id, exit, &before);
            if merge(problem, &mut facts, exit.target, behind) {
                work.extend(graph.rank(exit.target));
            }
        }
    }
    facts
}

/// By block, what holds of the paths that lie before it. Nothing for a block that no path reaches.
pub fn backward<P: Problem>(flow: &Flow, graph: &Graph, problem: &P) -> Vec<Option<P::Fact>> {
    let mut facts: Vec<Option<P::Fact>> = vec![None; flow.len()];
    let mut work: BTreeSet<std::cmp::Reverse<usize>> = (0..graph.order.len()).map(std::cmp::Reverse).collect();
    while let Some(std::cmp::Reverse(rank)) = work.pop_first() {
        let Some(&id) = graph.order.get(rank) else { continue };
        let mut news = false;
        if flow.exits(id).is_empty() {
            news |= merge(problem, &mut facts, id, problem.boundary(id));
        }
        for exit in flow.exits(id) {
            if let Some(behind) = facts.get(exit.target.index()).cloned().flatten() {
                let here = problem.along(id, exit, &behind);
                news |= merge(problem, &mut facts, id, here);
            }
        }
        if news {
            work.extend(graph.into(id).iter().filter_map(|before| graph.rank(*before)).map(std::cmp::Reverse));
        }
    }
    facts
}

fn merge<P: Problem>(problem: &P, facts: &mut [Option<P::Fact>], at: BlockId, fact: P::Fact) -> bool {
    match facts.get_mut(at.index()) {
        None => false,
        Some(Some(known)) => problem.join(known, &fact),
        Some(slot) => {
            *slot = Some(fact);
            true
        }
    }
}
