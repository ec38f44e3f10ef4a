//! Which block of the old flow is which block of the new one. Identifiers, places and the order in the document say nothing
//! about that: what a block does, what it is given, and what it is connected with do.
//!
//! Three steps, each a loop over what is left. Blocks whose surroundings are found exactly once on both sides belong
//! together (`anchor`). From there, and from the beginning, whatever is connected in the same way with two blocks that belong
//! together is a candidate; the best supported are taken first, alike before altered, and before these what is left once on
//! both sides (`spread`). At last, where two alike blocks were taken for each other, they are exchanged if fewer connections
//! differ then (`exchange`).
//!
//! Work is linear in blocks and branches, but for a logarithm: wherever many could be paired with many, nobody is.

use std::collections::{BinaryHeap, HashMap};

use super::exchange;
use super::graph::{Graph, number};
use super::similarity::similarity;

/// How far the surroundings of a block are looked at to know it again.
const RADIUS: usize = 4;
/// A block that more branches lead to says nothing about where it is: any edit changes its surroundings.
const ENTRIES_MAX: usize = 8;
/// Most pairs that are considered of blocks that lead to the same place in the same way.
const PAIRS_MAX: usize = 64;
/// How often blocks are looked for that are left once on both sides: each pass can leave others once.
const PASSES: usize = 4;
/// What two values must have in common for a block to count as altered rather than as another one, where nothing but the
/// block before or behind it is the same.
const ALIKE: f64 = 0.5;

/// Pairs of blocks.
#[derive(Debug)]
pub(super) struct Matching {
    /// By old block, the new one.
    pub new_of: Vec<Option<usize>>,
    /// By new block, the old one.
    pub old_of: Vec<Option<usize>>,
}

impl Matching {
    pub fn new_of(&self, old: usize) -> Option<usize> {
        self.new_of.get(old).copied().flatten()
    }

    pub fn old_of(&self, new: usize) -> Option<usize> {
        self.old_of.get(new).copied().flatten()
    }

    fn is_open(&self, old: usize, new: usize) -> bool {
        self.new_of(old).is_none() && self.old_of(new).is_none()
    }

    pub fn pair(&mut self, old: usize, new: usize) {
        if let (Some(old_slot), Some(new_slot)) = (self.new_of.get_mut(old), self.old_of.get_mut(new)) {
            (*old_slot, *new_slot) = (Some(new), Some(old));
        }
    }
}

/// Matches two graphs, whose numbers were given out together.
pub(super) fn matching(old: &Graph, new: &Graph) -> Matching {
    let matching = Matching { new_of: vec![None; old.nodes.len()], old_of: vec![None; new.nodes.len()] };
    let mut matcher = Matcher { old, new, matching, support: HashMap::new(), open: BinaryHeap::new() };
    matcher.anchor();
    matcher.spread();
    matcher.pair_ends();
    exchange::mend(old, new, &mut matcher.matching);
    matcher.matching
}

struct Matcher<'g> {
    old: &'g Graph,
    new: &'g Graph,
    matching: Matching,
    /// By how many connections two blocks are held together.
    support: HashMap<(usize, usize), u32>,
    open: BinaryHeap<Candidate>,
}

/// Two blocks that may belong together; the best one is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    is_alike: bool,
    support: u32,
    /// Earlier blocks first, so that the answer is always the same.
    order: std::cmp::Reverse<(usize, usize)>,
}

impl Matcher<'_> {
    // ---- anchors ------------------------------------------------------------------------------------------------------

    /// Pairs blocks that are the only ones with their surroundings, the widest surroundings first.
    fn anchor(&mut self) {
        let colours = colours(self.old, self.new);
        for (old_colours, new_colours) in colours.iter().skip(1).rev() {
            let mut found: HashMap<u32, (Seen, Seen)> = HashMap::new();
            for (at, colour) in old_colours.iter().enumerate().filter(|(at, _)| self.matching.new_of(*at).is_none()) {
                found.entry(*colour).or_default().0.add(at);
            }
            for (at, colour) in new_colours.iter().enumerate().filter(|(at, _)| self.matching.old_of(*at).is_none()) {
                found.entry(*colour).or_default().1.add(at);
            }
            // In order of the blocks: a hash table has none.
            for (at, colour) in old_colours.iter().enumerate() {
                if let Some((Seen::Once(old), Seen::Once(new))) = found.get(colour)
                    && *old == at
                {
                    self.matching.pair(*old, *new);
                }
            }
        }
    }

    // ---- candidates ---------------------------------------------------------------------------------------------------

    /// Pairs what is connected with pairs.
    fn spread(&mut self) {
        if let (Some(old), Some(new)) = (self.old.start, self.new.start) {
            self.support(old, new);
        }
        let pairs: Vec<(usize, usize)> =
            self.matching.new_of.iter().enumerate().filter_map(|(old, new)| Some((old, (*new)?))).collect();
        for (old, new) in pairs {
            self.look_around(old, new);
        }
        self.take_candidates(true);
        // Before anything counts as altered: what is left once on both sides is itself, wherever it stands now.
        for _ in 0..PASSES {
            if !self.pair_only_ones() {
                break;
            }
            self.take_candidates(true);
        }
        self.take_candidates(false);
    }

    /// Pairs what does and is given what nothing else does that is left. Whether there was any.
    fn pair_only_ones(&mut self) -> bool {
        let mut left: HashMap<u32, (Seen, Seen)> = HashMap::new();
        for (old, node) in self.old.nodes.iter().enumerate().filter(|(old, _)| self.matching.new_of(*old).is_none()) {
            left.entry(node.content).or_default().0.add(old);
        }
        for (new, node) in self.new.nodes.iter().enumerate().filter(|(new, _)| self.matching.old_of(*new).is_none()) {
            left.entry(node.content).or_default().1.add(new);
        }
        let mut pairs: Vec<(usize, usize)> = left
            .into_values()
            .filter_map(|seen| if let (Seen::Once(old), Seen::Once(new)) = seen { Some((old, new)) } else { None })
            .collect();
        pairs.sort_unstable();
        for (old, new) in &pairs {
            self.matching.pair(*old, *new);
        }
        for (old, new) in &pairs {
            self.look_around(*old, *new);
        }
        !pairs.is_empty()
    }

    /// Takes the best candidates one after the other; those that are alike come first, and may be the only ones wanted.
    fn take_candidates(&mut self, only_alike: bool) {
        while let Some(best) = self.open.pop() {
            if only_alike && !best.is_alike {
                self.open.push(best);
                return;
            }
            let Candidate { is_alike, support, order: std::cmp::Reverse((old, new)) } = best;
            let is_current = self.support.get(&(old, new)) == Some(&support);
            if is_current && self.matching.is_open(old, new) && (is_alike || self.is_altered(old, new, support)) {
                self.matching.pair(old, new);
                self.look_around(old, new);
            }
        }
    }

    /// One more connection speaks for two blocks.
    fn support(&mut self, old: usize, new: usize) {
        let (Some(a), Some(b)) = (self.old.node(old), self.new.node(new)) else { return };
        if a.action != b.action || !self.matching.is_open(old, new) {
            return;
        }
        let support = self.support.entry((old, new)).or_default();
        *support += 1;
        let is_alike = a.content == b.content;
        self.open.push(Candidate { is_alike, support: *support, order: std::cmp::Reverse((old, new)) });
    }

    /// Whatever a pair is connected with in the same way on both sides.
    fn look_around(&mut self, old: usize, new: usize) {
        let (before, after) = (self.old, self.new);
        for (outlet, target) in before.exits(old) {
            if let Some(other) = after.target(new, *outlet) {
                self.support(*target, other);
            }
        }
        // What leads here by the same outlet and does the same; many are nobody's surroundings.
        let mut sources: HashMap<(u32, u32), Sides> = HashMap::new();
        for (outlet, source) in before.entries(old).iter().filter(|entry| self.matching.new_of(entry.1).is_none()) {
            let action = before.node(*source).map_or(0, |node| node.action);
            sources.entry((*outlet, action)).or_default().0.push(*source);
        }
        for (outlet, source) in after.entries(new).iter().filter(|entry| self.matching.old_of(entry.1).is_none()) {
            let action = after.node(*source).map_or(0, |node| node.action);
            if let Some(both) = sources.get_mut(&(*outlet, action)) {
                both.1.push(*source);
            }
        }
        let mut sources: Vec<((u32, u32), Sides)> = sources.into_iter().collect();
        sources.sort_unstable();
        for (_, (olds, news)) in sources {
            if olds.len() * news.len() <= PAIRS_MAX {
                for (old, new) in olds.iter().flat_map(|old| news.iter().map(move |new| (*old, *new))) {
                    self.support(old, new);
                }
            } else {
                self.pair_by_content(&olds, &news);
            }
        }
    }

    /// Supports those of many that are alike and of which there are few.
    fn pair_by_content(&mut self, olds: &[usize], news: &[usize]) {
        let mut by_content: HashMap<u32, Sides> = HashMap::new();
        for old in olds {
            by_content.entry(self.old.content(*old).unwrap_or_default()).or_default().0.push(*old);
        }
        for new in news {
            by_content.entry(self.new.content(*new).unwrap_or_default()).or_default().1.push(*new);
        }
        let mut by_content: Vec<(u32, Sides)> = by_content.into_iter().collect();
        by_content.sort_unstable();
        for (_, (olds, news)) in by_content.iter().filter(|(_, (olds, news))| olds.len() * news.len() <= PAIRS_MAX) {
            for (old, new) in olds.iter().flat_map(|old| news.iter().map(move |new| (*old, *new))) {
                self.support(old, new);
            }
        }
    }

    /// Whether two blocks that are given different things are one that was altered: most of what is around them is the same,
    /// or much of what they are given.
    fn is_altered(&self, old: usize, new: usize, support: u32) -> bool {
        let around = |graph: &Graph, at| graph.exits(at).len() + graph.entries(at).len();
        let most = around(self.old, old).max(around(self.new, new));
        if 2 * support as usize >= most {
            return true;
        }
        let (Some(a), Some(b)) = (self.old.node(old), self.new.node(new)) else { return false };
        similarity(&a.fields, &b.fields) >= ALIKE
    }

    /// Pairs what is left, is alike, and leads nowhere or is led to by nothing: an end that has lost its only branch is still
    /// the same end.
    fn pair_ends(&mut self) {
        let is_loose = |graph: &Graph, at: usize| {
            let is_own = |connections: &[(u32, usize)]| connections.iter().all(|connection| connection.1 == at);
            is_own(graph.exits(at)) || is_own(graph.entries(at))
        };
        let mut left: HashMap<u32, Vec<usize>> = HashMap::new();
        for (new, node) in self.new.nodes.iter().enumerate().rev() {
            if self.matching.old_of(new).is_none() {
                left.entry(node.content).or_default().push(new);
            }
        }
        for (old, node) in self.old.nodes.iter().enumerate() {
            let Some(candidates) = left.get_mut(&node.content) else { continue };
            if self.matching.new_of(old).is_some() {
                continue;
            }
            let fits = |new: &usize| is_loose(self.old, old) || is_loose(self.new, *new);
            if let Some(new) = candidates.last().copied().filter(fits) {
                candidates.pop();
                self.matching.pair(old, new);
                self.look_around(old, new);
            }
        }
        self.take_candidates(false);
    }
}

/// How often something was seen.
#[derive(Debug, Clone, Copy, Default)]
enum Seen {
    #[default]
    Never,
    Once(usize),
    Often,
}

impl Seen {
    fn add(&mut self, at: usize) {
        *self = if matches!(self, Self::Never) { Self::Once(at) } else { Self::Often };
    }
}

/// What each block looks like from so far: by itself, with its neighbours, with theirs, and so on.
fn colours(old: &Graph, new: &Graph) -> Vec<(Vec<u32>, Vec<u32>)> {
    let contents = |graph: &Graph| graph.nodes.iter().map(|node| node.content).collect::<Vec<u32>>();
    let mut rounds = vec![(contents(old), contents(new))];
    for _ in 0..RADIUS {
        let mut numbers: HashMap<Surroundings, u32> = HashMap::new();
        let Some((before_old, before_new)) = rounds.last() else { break };
        let mut round = |graph: &Graph, before: &[u32]| {
            let colour = |at: usize| before.get(at).copied().unwrap_or_default();
            let of = |connections: &[(u32, usize)]| {
                let mut seen: Vec<(u32, u32)> = connections.iter().map(|(outlet, at)| (*outlet, colour(*at))).collect();
                seen.sort_unstable();
                seen
            };
            graph
                .nodes
                .iter()
                .enumerate()
                .map(|(at, node)| {
                    let entries = if node.entries.len() > ENTRIES_MAX { None } else { Some(of(&node.entries)) };
                    number(&mut numbers, (colour(at), of(&node.exits), entries))
                })
                .collect::<Vec<u32>>()
        };
        let olds = round(old, before_old);
        let news = round(new, before_new);
        rounds.push((olds, news));
    }
    rounds
}

/// Blocks of the old flow and of the new one.
type Sides = (Vec<usize>, Vec<usize>);

/// A block's own colour, what it leads to, and what leads to it.
type Surroundings = (u32, Vec<(u32, u32)>, Option<Vec<(u32, u32)>>);
