//! Heights: each node as near as can be to the line of its neighbours, none on another.

use super::GAP_Y;
use super::lanes::{Sketch, What};

/// Between two lanes, and between a lane and a block.
const LANE_GAP: i64 = 16;
pub(super) const LANE_CLEARANCE: i64 = 26;
/// Sweeps that may change the order of a layer, and sweeps that only straighten.
const ORDERING_ROUNDS: usize = 3;
const STRAIGHTENING_ROUNDS: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sweep {
    Rightwards,
    Leftwards,
}

/// Orders the layers and sets the heights.
pub(super) fn place(sketch: &mut Sketch) {
    let mut best: Option<(u64, Vec<Vec<usize>>)> = None;
    for _ in 0..ORDERING_ROUNDS {
        // The last sweep goes with the branches, so that they keep the order of the source where nothing else decides.
        sweep(sketch, Sweep::Leftwards, true);
        sweep(sketch, Sweep::Rightwards, true);
        let crossings = sketch.crossings();
        if best.as_ref().is_some_and(|(fewest, _)| crossings >= *fewest) {
            break;
        }
        best = Some((crossings, sketch.layers.clone()));
        if crossings == 0 {
            break;
        }
    }
    if let Some((_, layers)) = best {
        sketch.layers = layers;
    }
    for _ in 0..STRAIGHTENING_ROUNDS {
        let moved = sweep(sketch, Sweep::Rightwards, false);
        // Not a short cut: when neither moves anything, none after them would.
        if !(sweep(sketch, Sweep::Leftwards, false) || moved) {
            return;
        }
    }
    sweep(sketch, Sweep::Rightwards, false);
}

/// A node and where its neighbours on one side want it.
#[derive(Debug, Clone, Copy)]
struct Wish {
    y: i64,
    weight: i64,
    node: usize,
}

/// Goes over all layers once; says whether a node moved.
fn sweep(sketch: &mut Sketch, direction: Sweep, reorder: bool) -> bool {
    let count = sketch.layers.len();
    let mut wishes: Vec<Wish> = Vec::new();
    let mut room = Room::default();
    let mut moved = false;
    for step in 0..count {
        let number = if direction == Sweep::Rightwards { step } else { count - 1 - step };
        let Some(layer) = sketch.layers.get(number) else { continue };
        wishes.clear();
        wishes.extend(layer.iter().map(|&node| wish(sketch, node, direction)));
        if reorder {
            wishes.sort_by_key(|wish| wish.y);
        }
        moved |= settle(sketch, &wishes, &mut room);
        if let Some(layer) = sketch.layers.get_mut(number).filter(|_| reorder) {
            layer.clear();
            layer.extend(wishes.iter().map(|wish| wish.node));
        }
    }
    moved
}

/// The mean of what those neighbours say that pull hardest; a node without any stays where it is. So the main line runs
/// straight through a block, whatever else leads there.
fn wish(sketch: &Sketch, index: usize, direction: Sweep) -> Wish {
    let Some(node) = sketch.nodes.get(index) else { return Wish { y: 0, weight: 1, node: index } };
    let links = if direction == Sweep::Rightwards { &sketch.left } else { &sketch.right }.of(index);
    let (mut hardest, mut sum, mut count) = (0, 0, 0);
    for link in links {
        if link.weight > hardest {
            (hardest, sum, count) = (link.weight, 0, 0);
        }
        if link.weight == hardest {
            sum += sketch.nodes.get(link.node).map_or(0, |neighbour| neighbour.y) + link.offset;
            count += 1;
        }
    }
    if count == 0 {
        return Wish { y: node.y, weight: 1, node: index };
    }
    Wish { y: nearest(sum, count), weight: hardest, node: index }
}

/// A quotient, rounded: cut off, errors would add up along a line.
fn nearest(sum: i64, count: i64) -> i64 {
    // Most sums are of one, and dividing takes a processor as long as all else here.
    if count == 1 {
        return sum;
    }
    (2 * sum + count).div_euclid((2 * count).max(1))
}

/// Nodes of a layer that touch one another and move as one.
#[derive(Debug, Clone, Copy)]
struct Pool {
    sum: i64,
    weight: i64,
    members: usize,
    mean: i64,
}

impl Pool {
    fn new(sum: i64, weight: i64, members: usize) -> Self {
        Self { sum, weight, members, mean: nearest(sum, weight) }
    }
}

/// What [`settle`] works in, kept from layer to layer.
#[derive(Debug, Default)]
struct Room {
    offsets: Vec<i64>,
    pools: Vec<Pool>,
}

/// The heights nearest to the wishes (least squares) among all that keep the order and the gaps: pool adjacent
/// violators, over the wishes less what must lie above them.
fn settle(sketch: &mut Sketch, wishes: &[Wish], room: &mut Room) -> bool {
    let Room { offsets, pools } = room;
    offsets.clear();
    pools.clear();
    let mut offset = 0;
    let mut above: Option<(bool, i64)> = None;
    for wish in wishes {
        let (is_block, height) =
            sketch.nodes.get(wish.node).map_or((false, 0), |node| (matches!(node.what, What::Block(_)), node.height));
        if let Some((above_is_block, above_height)) = above {
            let gap = match (above_is_block, is_block) {
                (true, true) => GAP_Y,
                (false, false) => LANE_GAP,
                _ => LANE_CLEARANCE,
            };
            offset += above_height + gap;
        }
        above = Some((is_block, height));
        offsets.push(offset);
        // Of one alone the mean is its wish.
        let y = wish.y - offset;
        let mut pool = Pool { sum: y * wish.weight, weight: wish.weight, members: 1, mean: y };
        while let Some(last) = pools.pop_if(|last| last.mean >= pool.mean) {
            pool = Pool::new(pool.sum + last.sum, pool.weight + last.weight, pool.members + last.members);
        }
        pools.push(pool);
    }
    let mut moved = false;
    let mut placed = wishes.iter().zip(offsets.iter());
    for pool in pools {
        for (wish, offset) in placed.by_ref().take(pool.members) {
            if let Some(node) = sketch.nodes.get_mut(wish.node) {
                moved |= node.y != pool.mean + offset;
                node.y = pool.mean + offset;
            }
        }
    }
    moved
}
