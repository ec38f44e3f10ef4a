//! The statements of a flow as a graph of its own, as its text sees it, and what dominates what in it.

use std::collections::BTreeSet;

use super::structure::Handler;
use super::units::{Default, UnitKind, Units};
use crate::flow::{BlockId, Flow, immediate_dominators};

/// The statements and what leads from one to another in the text: edges that a handler takes care of are not there.
pub(super) struct Graph {
    pub start: Option<usize>,
    /// Distinct targets of each statement.
    edges: Vec<Vec<usize>>,
    /// Statements that lead to each, not counting those that it dominates: these go back.
    forward: Vec<usize>,
    /// Any edges at all into a statement but those that a handler covers.
    pub named: Vec<usize>,
    /// The numbers of a walk over the dominator tree: one statement dominates another if its interval holds the other's.
    enter: Vec<usize>,
    leave: Vec<usize>,
    pub children: Vec<Vec<usize>>,
}

impl Graph {
    pub fn new(flow: &Flow, units: &Units, handler: Handler) -> Self {
        let count = units.list.len();
        let of = |id: BlockId| units.of.get(id.index()).copied().unwrap_or_default();
        let mut edges: Vec<Vec<usize>> = Vec::with_capacity(count);
        let mut covered: Vec<(usize, usize)> = Vec::new();
        for (index, unit) in units.list.iter().enumerate() {
            let mut targets: Vec<usize> = Vec::new();
            for way in &unit.ways {
                let Some(to) = way.to.map(of) else { continue };
                if let (Default::Handled { .. }, Handler::To(target)) = (way.default, handler)
                    && target == to
                {
                    covered.push((index, to));
                    continue;
                }
                targets.push(to);
            }
            targets.extend(unit.next.map(of));
            match &unit.kind {
                UnitKind::If { yes, no, .. } => targets.extend([of(*yes), of(*no)]),
                UnitKind::Loop { .. } | UnitKind::Line(_) => {}
            }
            targets.sort_unstable();
            targets.dedup();
            edges.push(targets);
        }
        let start = flow.start().map(of);
        let mut named = vec![0; count];
        for target in edges.iter().flatten() {
            bump(&mut named, *target);
        }
        let mut graph = Self {
            start,
            edges,
            forward: vec![0; count],
            named,
            enter: vec![0; count],
            leave: vec![0; count],
            children: vec![Vec::new(); count],
        };
        graph.dominate(&covered, handler);
        graph
    }

    /// Finds what dominates what. Everything that the beginning does not reach hangs below it as if it did.
    fn dominate(&mut self, covered: &[(usize, usize)], handler: Handler) {
        let count = self.edges.len();
        let mut roots: BTreeSet<usize> = self.start.into_iter().collect();
        if let (Handler::To(target), false) = (handler, covered.is_empty()) {
            roots.insert(target);
        }
        let mut reached = vec![false; count];
        for from in &roots {
            self.reach(*from, &mut reached);
        }
        for index in self.unreached_order() {
            if reached.get(index) == Some(&false) {
                roots.insert(index);
                self.reach(index, &mut reached);
            }
        }
        let listed: Vec<usize> = roots.iter().copied().collect();
        let parents = immediate_dominators(&self.edges, &listed);
        for (index, parent) in parents.iter().enumerate() {
            if let Some(children) = parent.and_then(|parent| self.children.get_mut(parent)) {
                children.push(index);
            }
        }
        // Numbers by a walk without recursion.
        let mut clock = 0;
        for top in 0..count {
            if parents.get(top).copied().flatten().is_some() {
                continue;
            }
            let mut stack = vec![(top, false)];
            while let Some((node, done)) = stack.pop() {
                clock += 1;
                if done {
                    if let Some(slot) = self.leave.get_mut(node) {
                        *slot = clock;
                    }
                    continue;
                }
                if let Some(slot) = self.enter.get_mut(node) {
                    *slot = clock;
                }
                stack.push((node, true));
                stack.extend(self.children.get(node).into_iter().flatten().map(|child| (*child, false)));
            }
        }
        let mut forward = vec![0; count];
        for (from, targets) in self.edges.iter().enumerate() {
            for target in targets {
                if !self.dominates(*target, from) {
                    bump(&mut forward, *target);
                }
            }
        }
        for top in &roots {
            bump(&mut forward, *top);
        }
        self.forward = forward;
    }

    fn reach(&self, from: usize, reached: &mut [bool]) {
        let mut stack = vec![from];
        while let Some(node) = stack.pop() {
            match reached.get_mut(node) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            stack.extend(self.edges.get(node).into_iter().flatten());
        }
    }

    /// The order in which what nothing reaches is taken up: what no other leads to first.
    fn unreached_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.edges.len()).collect();
        order.sort_by_key(|index| (self.named.get(*index).copied().unwrap_or(0) > 0, *index));
        order
    }

    pub fn dominates(&self, above: usize, below: usize) -> bool {
        let at = |list: &[usize], index: usize| list.get(index).copied().unwrap_or(0);
        at(&self.enter, above) <= at(&self.enter, below) && at(&self.leave, below) <= at(&self.leave, above)
    }

    pub fn forward(&self, index: usize) -> usize {
        self.forward.get(index).copied().unwrap_or(0)
    }

    /// How many statements at or below one lead to a target.
    pub fn leads(&self, from: usize, target: usize) -> usize {
        let below = |(index, targets): &(usize, &Vec<usize>)| targets.contains(&target) && self.dominates(from, *index);
        self.edges.iter().enumerate().filter(below).count()
    }

    /// Statements at and below one.
    pub fn size(&self, index: usize) -> usize {
        let at = |list: &[usize]| list.get(index).copied().unwrap_or(0);
        (at(&self.leave).saturating_sub(at(&self.enter))).div_ceil(2)
    }

    /// Whether nothing but errors that the handler covers leads to its target: then it can stand in the handler itself.
    pub fn is_only_handled(&self, handler: Handler) -> bool {
        let Handler::To(target) = handler else { return false };
        Some(target) != self.start && self.named.get(target) == Some(&0)
    }
}

pub(super) fn bump(counts: &mut [usize], index: usize) {
    if let Some(count) = counts.get_mut(index) {
        *count += 1;
    }
}
