//! How contacts pass through the flows of a project, and where `map resources` has run by then.
//!
//! A flow has two sides: the blocks that some path reaches without having passed its `map resources`, and those behind it.
//! What a contact brings into a flow holds on the first side; on the second, the flow's own mapping has run. Flows pass it
//! on to the flows that they name: by transfers, event hooks, callbacks and calls alike.

use std::collections::{HashMap, VecDeque};

use super::uses::{Use, uses};
use crate::catalogue::{self, FlowType, ResourceKind};
use crate::flow::{BlockId, Flow, Outlet, Value};
use crate::source::Span;

/// All flows of a project, and how they hang together.
#[derive(Debug)]
pub struct Analysis<'f> {
    pub flows: Vec<Node<'f>>,
}

/// A flow among the others.
#[derive(Debug)]
pub struct Node<'f> {
    pub flow: &'f Flow,
    /// In the order of blocks.
    pub uses: Vec<Placed<'f>>,
    /// Whether it says `map resources`.
    pub maps: bool,
    /// Whether nothing in the project leads here, so that contacts come in from outside.
    pub is_root: bool,
    /// The flow through which contacts can come here without any mapping; the first one, by its place.
    pub unmapped_by: Option<usize>,
    /// The flows whose mapping may be the one that contacts bring along.
    pub mapped_by: Bits,
}

/// A use, and the sides of its flow that it stands on. Where no path leads counts as the first side.
#[derive(Debug)]
pub struct Placed<'f> {
    pub of: Use<'f>,
    pub before: bool,
    pub behind: bool,
    /// The flow of this project that it names.
    pub target: Option<usize>,
}

impl<'f> Analysis<'f> {
    pub fn new(flows: &[&'f Flow]) -> Self {
        // Of several that are called alike, the first: a source before a document that was made of it.
        let mut index: HashMap<(ResourceKind, &str), usize> = HashMap::with_capacity(flows.len());
        for (at, flow) in flows.iter().enumerate() {
            index.entry((flow.resource_kind(), flow.name.value.as_str())).or_insert(at);
        }
        let words = flows.len().div_ceil(64);
        let mut analysis = Self { flows: flows.iter().map(|flow| node(flow, &index, words)).collect() };
        analysis.find_roots();
        analysis.spread_unmapped();
        analysis.spread_mapped();
        analysis
    }

    /// The flow at an index of [`Self::flows`].
    pub fn get(&self, at: usize) -> Option<&Node<'f>> {
        self.flows.get(at)
    }

    fn find_roots(&mut self) {
        let mut is_target = vec![false; self.flows.len()];
        for (at, node) in self.flows.iter().enumerate() {
            for target in node.uses.iter().filter_map(|used| used.target).filter(|target| *target != at) {
                if let Some(slot) = is_target.get_mut(target) {
                    *slot = true;
                }
            }
        }
        for (node, is_target) in self.flows.iter_mut().zip(is_target) {
            node.is_root = !is_target;
        }
    }

    /// Contacts come in, without any mapping, where nothing leads and where the flow maps by itself.
    fn spread_unmapped(&mut self) {
        let is_before =
            |at: usize, used: usize| self.get(at).and_then(|node| node.uses.get(used)).is_some_and(|used| used.before);
        let unmapped = self.unmapped(is_before);
        for (node, by) in self.flows.iter_mut().zip(unmapped) {
            node.unmapped_by = by;
        }
    }

    /// By flow, the flow through which contacts come there without any mapping, if some do. `is_before` says of a flow's use
    /// whether it is reached so in the flow.
    pub(super) fn unmapped(&self, is_before: impl Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
        let mut unmapped = vec![None; self.flows.len()];
        let mut reached = vec![false; self.flows.len()];
        for entry in (0..self.flows.len()).filter(|at| self.is_entry(*at)) {
            self.reach(entry, &mut reached, |_| true);
            self.unmap(entry, &is_before, &mut unmapped);
        }
        // What is left are flows that only lead to each other: contacts must come in somewhere among them.
        for at in (0..reached.len()).filter(|at| reached.get(*at) == Some(&false)) {
            self.unmap(at, &is_before, &mut unmapped);
        }
        unmapped
    }

    fn is_entry(&self, at: usize) -> bool {
        self.get(at).is_some_and(|node| node.is_root || node.maps)
    }

    /// Marks all flows that contacts can come to from this one without any mapping.
    fn unmap(&self, entry: usize, is_before: &impl Fn(usize, usize) -> bool, unmapped: &mut [Option<usize>]) {
        let mut queue = vec![entry];
        while let Some(at) = queue.pop() {
            let (Some(node), Some(slot)) = (self.get(at), unmapped.get_mut(at)) else { continue };
            if slot.is_some() {
                continue;
            }
            *slot = Some(entry);
            let before = node.uses.iter().enumerate().filter(|(used, _)| is_before(at, *used));
            queue.extend(before.filter_map(|(_, used)| used.target));
        }
    }

    fn reach(&self, from: usize, reached: &mut [bool], through: impl Fn(&Placed) -> bool) {
        let mut queue = vec![from];
        while let Some(at) = queue.pop() {
            let (Some(node), Some(slot)) = (self.get(at), reached.get_mut(at)) else { continue };
            if !std::mem::replace(slot, true) {
                queue.extend(node.uses.iter().filter(|used| through(used)).filter_map(|used| used.target));
            }
        }
    }

    /// Tells every flow whose mappings contacts can bring along.
    fn spread_mapped(&mut self) {
        let mut queue: VecDeque<usize> = VecDeque::new();
        for at in 0..self.flows.len() {
            let Some(node) = self.get(at).filter(|node| node.maps) else { continue };
            let targets: Vec<usize> =
                node.uses.iter().filter(|used| used.behind).filter_map(|used| used.target).collect();
            for target in targets {
                if self.flows.get_mut(target).is_some_and(|node| node.mapped_by.insert(at)) {
                    queue.push_back(target);
                }
            }
        }
        while let Some(at) = queue.pop_front() {
            let Some(node) = self.get(at) else { continue };
            let brought = node.mapped_by.clone();
            let targets: Vec<usize> =
                node.uses.iter().filter(|used| used.before).filter_map(|used| used.target).collect();
            for target in targets {
                if self.flows.get_mut(target).is_some_and(|node| node.mapped_by.join(&brought)) {
                    queue.push_back(target);
                }
            }
        }
    }

    /// Where contacts come in, with no mapping on any path: a flow that nothing leads to, and that was meant for contacts.
    pub fn forgot(&self, node: &Node) -> bool {
        node.is_root && !node.maps && node.flow.flow_type() == Some(FlowType::Inbound)
    }

    /// The lines that set an attribute of the contact: its name, and where.
    pub fn assigned(&self) -> Vec<(&'f str, Span)> {
        let Some((row, assignment)) = catalogue::assignment(ATTRIBUTES) else { return Vec::new() };
        let Some((param, _)) = assignment.param.split_once('.') else { return Vec::new() };
        let mut assigned = Vec::new();
        for node in &self.flows {
            for (_, block) in node.flow.blocks() {
                let is_assignment = block.action.row().is_some_and(|known| std::ptr::eq(known, row));
                if let (true, Some(Value::Map(entries, _))) = (is_assignment, block.arg(param)) {
                    assigned.extend(entries.iter().map(|entry| (&*entry.name.value, entry.name.span)));
                }
            }
        }
        assigned
    }
}

/// Where a contact carries addresses.
pub(super) const ATTRIBUTES: &str = "$.Attributes";

fn node<'f>(flow: &'f Flow, index: &HashMap<(ResourceKind, &str), usize>, words: usize) -> Node<'f> {
    let uses = uses(flow);
    // Most flows have no mapping, and then every block is on the first side.
    let maps = uses.iter().any(|used| used.is_mapping) && !flow.is_module();
    let sides = maps.then(|| sides(flow, |_, _| false));
    let placed = |of: Use<'f>| {
        let (before, behind) = match &sides {
            Some(sides) => sides.get(of.block.index()).map_or((true, false), |side| (side.before, side.behind)),
            None => (true, false),
        };
        Placed { of, before: before || !behind, behind, target: index.get(&(of.kind, of.name)).copied() }
    };
    let uses = uses.into_iter().map(placed).collect();
    Node { flow, uses, maps, is_root: false, unmapped_by: None, mapped_by: Bits(vec![0; words]) }
}

/// Where a block stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Side {
    /// Whether a path reaches it that has not passed a mapping.
    pub before: bool,
    /// Whether one does that has.
    pub behind: bool,
}

/// By block, where it stands. `is_closed` says which exits of a block, by their places, nobody takes.
pub(super) fn sides(flow: &Flow, is_closed: impl Fn(BlockId, usize) -> bool) -> Vec<Side> {
    let mut sides = vec![Side::default(); flow.len()];
    let mut queue: Vec<(BlockId, bool)> = flow.start().map(|start| (start, false)).into_iter().collect();
    while let Some((id, mapped)) = queue.pop() {
        let Some(side) = sides.get_mut(id.index()) else { continue };
        let seen = if mapped { &mut side.behind } else { &mut side.before };
        if std::mem::replace(seen, true) {
            continue;
        }
        let maps = flow.block(id).is_some_and(crate::flow::Block::maps_resources);
        for (_, exit) in flow.exits(id).iter().enumerate().filter(|(number, _)| !is_closed(id, *number)) {
            let succeeds = maps && !matches!(exit.outlet, Outlet::Error(_));
            queue.push((exit.target, mapped || succeeds));
        }
    }
    sides
}

/// A set of flows, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits(Vec<u64>);

impl Bits {
    fn insert(&mut self, bit: usize) -> bool {
        let Some(word) = self.0.get_mut(bit / 64) else { return false };
        let before = *word;
        *word |= 1 << (bit % 64);
        *word != before
    }

    fn join(&mut self, other: &Self) -> bool {
        let mut news = false;
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            news |= *word | more != *word;
            *word |= more;
        }
        news
    }

    /// The places in the set, in order. Most sets are small among many flows: words without any are passed over at once.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let left = std::iter::successors(Some(*word), |word| Some(word & word.wrapping_sub(1)));
            left.take_while(|word| *word != 0).map(move |word| at * 64 + word.trailing_zeros() as usize)
        })
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}
