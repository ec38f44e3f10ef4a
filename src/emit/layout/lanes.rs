//! Ways kept free for connections that pass over layers.
//!
//! All connections to one block share one lane per direction. That keeps the sketch small (one stretch per layer, not
//! one per connection), and reads well: the failures of twenty blocks become one line to the step that handles them.

use super::place::LANE_CLEARANCE;
use super::rank::Ranks;
use super::{ENTRY, Ways, signed};

/// Stretches of lanes in all, for each block, and for small flows: past this, a connection is drawn straight.
const STRETCHES_PER_BLOCK_MAX: usize = 8;
const STRETCHES_MIN: usize = 1_000;
/// Lanes are straight before failures are, and bend round the main line.
const LANE_WEIGHT: i64 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Block(usize),
    Forward(usize),
    Back(usize),
}

/// A neighbour in the layer before or after, and how far below its top this node's top would be if they were in line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub node: usize,
    pub offset: i64,
    pub weight: i64,
}

/// A block or a stretch of a lane.
#[derive(Debug)]
pub(super) struct Node {
    pub what: What,
    pub layer: usize,
    pub height: i64,
    pub y: i64,
}

/// The links of all nodes to one side in one list, by node, and for each in the order of additions.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Until [`Links::sort`], in the order of additions, with their owners.
    added: Vec<(usize, Link)>,
    list: Vec<Link>,
    /// By node: where its links begin; the last entry is where all end.
    begins: Vec<usize>,
}

impl Links {
    pub fn of(&self, node: usize) -> &[Link] {
        match self.begins.get(node..) {
            Some([begin, end, ..]) => self.list.get(*begin..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// A counting sort by owner, which keeps the order of additions.
    fn sort(&mut self, nodes: usize) {
        self.begins = vec![0; nodes + 2];
        for (owner, _) in &self.added {
            if let Some(slot) = self.begins.get_mut(owner + 2) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut self.begins {
            sum += *slot;
            *slot = sum;
        }
        self.list = vec![Link { node: 0, offset: 0, weight: 0 }; self.added.len()];
        // Each owner's end is counted up from its beginning, and so becomes the next one's beginning.
        for (owner, link) in self.added.drain(..) {
            if let Some(next) = self.begins.get_mut(owner + 1) {
                put(&mut self.list, *next, link);
                *next += 1;
            }
        }
    }
}

/// The blocks of a group with their lanes, in layers.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    pub nodes: Vec<Node>,
    /// Nodes of each layer, from the top down.
    pub layers: Vec<Vec<usize>>,
    pub left: Links,
    pub right: Links,
}

impl Sketch {
    /// Nothing yet, with room for so many nodes and their links.
    fn with_room(ranks: &Ranks, ways: &Ways, nodes: usize) -> Self {
        let last = ranks.order.iter().filter_map(|block| ranks.layer(*block)).max();
        let links = || Links { added: Vec::with_capacity(nodes + ways.list.len()), ..Links::default() };
        Self {
            nodes: Vec::with_capacity(nodes),
            layers: vec![Vec::new(); last.map_or(0, |last| last + 1)],
            left: links(),
            right: links(),
        }
    }

    pub fn top(&self) -> i64 {
        self.nodes.iter().map(|node| node.y).min().unwrap_or(0)
    }

    fn add(&mut self, what: What, layer: usize, height: i64) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node { what, layer, height, y: 0 });
        if self.layers.len() <= layer {
            self.layers.resize_with(layer + 1, Vec::new);
        }
        if let Some(nodes) = self.layers.get_mut(layer) {
            nodes.push(index);
        }
        index
    }

    /// Ties a node to one in the next layer: `drop` is how far the right one's top would be below the left one's.
    fn link(&mut self, left: usize, right: usize, drop: i64, weight: i64) {
        if left.max(right) < self.nodes.len() {
            self.right.added.push((left, Link { node: right, offset: -drop, weight }));
            self.left.added.push((right, Link { node: left, offset: drop, weight }));
        }
    }

    /// Draws a lane to the lower side of a block of its own layer.
    fn beside(&mut self, block: usize, stretch: usize) {
        let height = self.nodes.get(block).map_or(0, |node| node.height);
        let link = Link { node: block, offset: height + LANE_CLEARANCE, weight: LANE_WEIGHT };
        self.left.added.push((stretch, link));
        self.right.added.push((stretch, link));
    }
}

/// The layers that a lane to a block runs through; empty when `to` is not past `from`.
#[derive(Debug, Clone, Copy, Default)]
struct Reach {
    from: usize,
    to: usize,
}

impl Reach {
    fn len(self) -> usize {
        self.to.saturating_sub(self.from)
    }
}

/// The stretches of one lane, from its first layer on.
#[derive(Debug, Clone, Default)]
struct Run {
    from: usize,
    nodes: Vec<usize>,
}

impl Run {
    fn at(&self, layer: usize) -> Option<usize> {
        layer.checked_sub(self.from).and_then(|at| self.nodes.get(at)).copied()
    }
}

/// Sets out blocks and lanes, and ties them to their neighbours.
pub(super) fn sketch(ranks: &Ranks, ways: &Ways, heights: &[i64]) -> Sketch {
    let (forward, back) = reaches(ranks, ways);
    let mut room = (ranks.order.len() * STRETCHES_PER_BLOCK_MAX).max(STRETCHES_MIN);
    let mut by_length: Vec<(usize, bool, usize)> = (ranks.order.iter())
        .flat_map(|&block| {
            let length = |reaches: &[Reach]| reaches.get(block).map_or(0, |reach| reach.len());
            [(length(&forward), false, block), (length(&back), true, block)]
        })
        .filter(|(length, ..)| *length > 0)
        .collect();
    by_length.sort_unstable();
    let mut granted = [vec![false; ways.len()], vec![false; ways.len()]];
    let mut granted_stretches = 0;
    for (length, is_back, block) in by_length {
        if length > room {
            break;
        }
        room -= length;
        granted_stretches += length;
        if let Some(slot) = granted.get_mut(usize::from(is_back)).and_then(|granted| granted.get_mut(block)) {
            *slot = true;
        }
    }
    let [forward_granted, back_granted] = granted;

    let mut sketch = Sketch::with_room(ranks, ways, ranks.order.len() + granted_stretches);
    let mut nodes = vec![usize::MAX; ways.len()];
    let mut forward_runs = vec![Run::default(); ways.len()];
    let mut back_runs = vec![Run::default(); ways.len()];
    for &block in &ranks.order {
        let layer = ranks.layer(block).unwrap_or(0);
        let node = sketch.add(What::Block(block), layer, heights.get(block).copied().unwrap_or(0));
        put(&mut nodes, block, node);
        for (reaches, granted, runs, what) in [
            (&forward, &forward_granted, &mut forward_runs, What::Forward(block)),
            (&back, &back_granted, &mut back_runs, What::Back(block)),
        ] {
            if granted.get(block).copied().unwrap_or(false) {
                let reach = reaches.get(block).copied().unwrap_or_default();
                let run = (reach.from..reach.to).map(|layer| sketch.add(what, layer, 0)).collect();
                put(runs, block, Run { from: reach.from, nodes: run });
            }
        }
    }
    for &block in &ranks.order {
        let node = nodes.get(block).copied().unwrap_or(usize::MAX);
        let layer = ranks.layer(block).unwrap_or(0);
        for runs in [&forward_runs, &back_runs] {
            for pair in runs.get(block).map(|run| run.nodes.windows(2)).into_iter().flatten() {
                if let [left, right] = pair {
                    sketch.link(*left, *right, 0, LANE_WEIGHT);
                }
            }
        }
        if let Some(last) = layer.checked_sub(1).and_then(|layer| forward_runs.get(block)?.at(layer)) {
            sketch.link(last, node, -ENTRY, LANE_WEIGHT);
        }
        for way in ways.of(block) {
            let Some(target) = ranks.layer(way.target) else { continue };
            if target <= layer {
                let runs = back_runs.get(way.target);
                if let Some(stretch) = runs.and_then(|run| run.at(layer)) {
                    sketch.beside(node, stretch);
                }
                if let (Some(stretch), Some(&owner)) = (runs.and_then(|run| run.at(target)), nodes.get(way.target)) {
                    sketch.beside(owner, stretch);
                }
                continue;
            }
            let joined = forward_runs.get(way.target).and_then(|run| run.at(layer + 1));
            if let Some(stretch) = joined.filter(|_| target > layer + 1) {
                sketch.link(node, stretch, way.port, way.weight);
            } else if target == layer + 1 {
                let right = nodes.get(way.target).copied().unwrap_or(usize::MAX);
                sketch.link(node, right, way.port - ENTRY, way.weight);
            }
        }
    }
    sketch.left.sort(sketch.nodes.len());
    sketch.right.sort(sketch.nodes.len());
    sketch.stack();
    sketch
}

/// Which layers the lanes to each block run through: forward ones between the first source and the block, backward ones
/// from under the block to under its last source, since they must pass both.
fn reaches(ranks: &Ranks, ways: &Ways) -> (Vec<Reach>, Vec<Reach>) {
    let mut forward = vec![Reach::default(); ways.len()];
    let mut back = vec![Reach::default(); ways.len()];
    for &block in &ranks.order {
        let layer = ranks.layer(block).unwrap_or(0);
        for way in ways.of(block) {
            let Some(target) = ranks.layer(way.target) else { continue };
            if target > layer {
                if let Some(reach) = forward.get_mut(way.target).filter(|_| target > layer + 1) {
                    let from = if reach.len() == 0 { layer + 1 } else { reach.from.min(layer + 1) };
                    *reach = Reach { from, to: target };
                }
            } else if let Some(reach) = back.get_mut(way.target) {
                *reach = Reach { from: target, to: reach.to.max(layer + 1) };
            }
        }
    }
    (forward, back)
}

impl Sketch {
    /// First heights: everything in the order in which it was added.
    fn stack(&mut self) {
        for layer in &self.layers {
            let mut y = 0;
            for &index in layer {
                if let Some(node) = self.nodes.get_mut(index) {
                    node.y = y;
                    y += node.height + super::GAP_Y;
                }
            }
        }
    }

    /// Connections that cross one another, between all pairs of neighbouring layers.
    pub fn crossings(&self) -> u64 {
        let mut rank = vec![0_usize; self.nodes.len()];
        for layer in &self.layers {
            for (at, &index) in layer.iter().enumerate() {
                put(&mut rank, index, at);
            }
        }
        let mut crossings = 0;
        let mut ends: Vec<(usize, i64, usize)> = Vec::new();
        for (number, layer) in self.layers.iter().enumerate().skip(1) {
            let before = |node: usize| self.nodes.get(node).is_some_and(|node| node.layer + 1 == number);
            ends.clear();
            for &index in layer {
                let to = rank.get(index).copied().unwrap_or(0);
                ends.extend(self.left.of(index).iter().filter(|link| before(link.node)).map(|link| {
                    let from = rank.get(link.node).copied().unwrap_or(0);
                    (from, link.offset, to)
                }));
            }
            ends.sort_unstable();
            crossings += inversions(ends.iter().map(|end| end.2), layer.len());
        }
        crossings
    }
}

/// Pairs that stand in falling order, by a tree of counts.
fn inversions(values: impl Iterator<Item = usize>, bound: usize) -> u64 {
    let mut tree = vec![0_u64; bound + 1];
    let mut total = 0;
    for (seen, value) in values.enumerate() {
        let mut not_greater = 0;
        let mut at = value + 1;
        while at > 0 {
            not_greater += tree.get(at).copied().unwrap_or(0);
            at &= at - 1;
        }
        total += u64::try_from(signed(seen)).unwrap_or(0) - not_greater;
        let mut at = value + 1;
        while let Some(slot) = tree.get_mut(at) {
            *slot += 1;
            at += at & at.wrapping_neg();
        }
    }
    total
}

fn put<T>(table: &mut [T], index: usize, value: T) {
    if let Some(slot) = table.get_mut(index) {
        *slot = value;
    }
}
