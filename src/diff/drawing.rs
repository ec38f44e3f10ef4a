//! What is around the changes, as small graphs: both versions laid over each other.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::Side;
use super::matching::Matching;
use crate::emit;

/// Most blocks of one drawing: more do not fit beside a text.
const NODES_MAX: usize = 20;

/// A part of a flow where something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// How many blocks would belong to it and are left out.
    pub left_out: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub sentence: String,
    pub mark: Mark,
    pub is_start: bool,
    pub is_end: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Places among the nodes.
    pub from: usize,
    pub to: usize,
    /// Empty where all is well.
    pub branch: String,
    pub is_error: bool,
    pub mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Changed,
    Added,
    Removed,
}

/// The blocks that something is told of.
#[derive(Debug, Default)]
pub(super) struct Marks {
    new: BTreeSet<usize>,
    old: BTreeSet<usize>,
}

impl Marks {
    pub fn touch(&mut self, new: usize) {
        self.new.insert(new);
    }

    /// A block that is gone.
    pub fn touch_old(&mut self, old: usize) {
        self.old.insert(old);
    }
}

/// A block of either version: those that are in both count as new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    New(usize),
    Gone(usize),
}

struct Overlay<'a, 'f> {
    old: &'a Side<'f>,
    new: &'a Side<'f>,
    matching: &'a Matching,
    /// Branches that are there, or were, in order: from, to, the words, whether it is an error, how it fared.
    edges: Vec<(At, At, String, bool, Mark)>,
}

/// A drawing for each group of changes that lie beside each other.
pub(super) fn drawings(old: &Side, new: &Side, matching: &Matching, marks: &Marks) -> Vec<Drawing> {
    if marks.new.is_empty() && marks.old.is_empty() {
        return Vec::new();
    }
    let mut overlay = Overlay { old, new, matching, edges: Vec::new() };
    overlay.collect();
    let core: Vec<At> =
        marks.new.iter().map(|at| At::New(*at)).chain(marks.old.iter().map(|at| At::Gone(*at))).collect();
    let is_core = |at: &At| match at {
        At::New(at) => marks.new.contains(at),
        At::Gone(at) => marks.old.contains(at),
    };
    // Changes belong together where a branch leads from one to the other, or where both lead to the same changed place.
    let mut near: BTreeMap<At, Vec<usize>> = BTreeMap::new();
    for (number, (from, to, ..)) in overlay.edges.iter().enumerate() {
        if is_core(from) {
            near.entry(*from).or_default().push(number);
        }
        if is_core(to) && to != from {
            near.entry(*to).or_default().push(number);
        }
    }
    let mut seen: BTreeSet<At> = BTreeSet::new();
    let mut drawings = Vec::new();
    for first in core {
        if !seen.insert(first) {
            continue;
        }
        let mut nodes: Vec<At> = vec![first];
        let mut others: Vec<At> = Vec::new();
        let mut edges: BTreeSet<usize> = BTreeSet::new();
        let mut open = vec![first];
        while let Some(at) = open.pop() {
            for number in near.get(&at).into_iter().flatten() {
                edges.insert(*number);
                let Some((from, to, ..)) = overlay.edges.get(*number) else { continue };
                let other = if *from == at { *to } else { *from };
                if !is_core(&other) {
                    others.push(other);
                } else if seen.insert(other) {
                    nodes.push(other);
                    open.push(other);
                }
            }
        }
        others.sort_unstable();
        others.dedup();
        // What a changed branch leads to, or led to, first.
        let is_changed = |at: &At| {
            edges
                .iter()
                .filter_map(|number| overlay.edges.get(*number))
                .any(|edge| edge.4 != Mark::Same && (edge.0 == *at || edge.1 == *at))
        };
        let (changed, same): (Vec<At>, Vec<At>) = others.into_iter().partition(is_changed);
        nodes.extend(changed);
        nodes.extend(same);
        let left_out = nodes.len().saturating_sub(NODES_MAX);
        nodes.truncate(NODES_MAX);
        nodes.sort_unstable();
        drawings.push(overlay.drawing(&nodes, &edges, marks, left_out));
    }
    drawings
}

impl Overlay<'_, '_> {
    /// All branches of both versions.
    fn collect(&mut self) {
        for at in 0..self.new.graph.nodes.len() {
            let was = self.matching.old_of(at);
            let words = self.new.branches(at);
            let variant = self.new.flow.at(at).and_then(|(_, block)| block.variant());
            let exits = self.new.exits(at).iter().zip(self.new.graph.exits(at)).zip(words);
            for ((exit, (outlet, target)), word) in exits {
                let before = was.and_then(|was| self.old.graph.target(was, *outlet));
                let is_kept = before.is_some_and(|before| self.matching.new_of(before) == Some(*target));
                let mark = if is_kept { Mark::Same } else { Mark::Added };
                let is_error = emit::is_failure(variant, &exit.outlet);
                self.edges.push((At::New(at), At::New(*target), word, is_error, mark));
            }
        }
        for at in 0..self.old.graph.nodes.len() {
            let now = self.matching.new_of(at);
            let variant = self.old.flow.at(at).and_then(|(_, block)| block.variant());
            let words = self.old.branches(at);
            let exits = self.old.exits(at).iter().zip(self.old.graph.exits(at)).zip(words);
            for ((exit, (outlet, target)), word) in exits {
                let after = now.and_then(|now| self.new.graph.target(now, *outlet));
                if after.is_some() && after == self.matching.new_of(*target) {
                    continue;
                }
                let is_error = emit::is_failure(variant, &exit.outlet);
                self.edges.push((self.place(at), self.place(*target), word, is_error, Mark::Removed));
            }
        }
    }

    fn place(&self, old: usize) -> At {
        self.matching.new_of(old).map_or(At::Gone(old), At::New)
    }

    fn drawing(&self, nodes: &[At], edges: &BTreeSet<usize>, marks: &Marks, left_out: usize) -> Drawing {
        let place = |at: &At| nodes.binary_search(at).ok();
        // And what fared otherwise between two blocks that are drawn anyway.
        let others = self
            .edges
            .iter()
            .enumerate()
            .filter(|(_, edge)| edge.4 != Mark::Same && place(&edge.0).is_some() && place(&edge.1).is_some());
        let edges: BTreeSet<usize> = edges.iter().copied().chain(others.map(|(number, _)| number)).collect();
        let drawn = edges.iter().filter_map(|number| self.edges.get(*number)).filter_map(|edge| {
            let (from, to, branch, is_error, mark) = edge;
            let branch = if branch == "next" { String::new() } else { branch.clone() };
            Some(Edge { from: place(from)?, to: place(to)?, branch, is_error: *is_error, mark: *mark })
        });
        let edges: Vec<Edge> = drawn.collect();
        let node = |at: &At| match at {
            At::New(at) => Node {
                sentence: self.new.said(*at).sentence,
                mark: match self.matching.old_of(*at) {
                    None => Mark::Added,
                    Some(_) if marks.new.contains(at) => Mark::Changed,
                    Some(_) => Mark::Same,
                },
                is_start: self.new.graph.start == Some(*at),
                is_end: self.new.graph.exits(*at).is_empty(),
            },
            At::Gone(at) => Node {
                sentence: self.old.said(*at).sentence,
                mark: Mark::Removed,
                is_start: false,
                is_end: self.old.graph.exits(*at).is_empty(),
            },
        };
        Drawing { nodes: nodes.iter().map(node).collect(), edges, left_out }
    }
}
