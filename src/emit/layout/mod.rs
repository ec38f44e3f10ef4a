//! Where the blocks stand: layers from left to right, in source order, without overlaps and with few crossings.
//!
//! The steps are those of every layered drawing. [`rank`] breaks the cycles and gives each block a layer, [`lanes`]
//! keeps a way free for connections that pass over layers, and [`place`] orders the layers and finds the heights. All
//! of it is integers and loops: the same flow has the same picture on every machine, whatever its depth.

mod lanes;
mod place;
mod rank;

use super::picture::is_failure;
use crate::catalogue::Variant;
use crate::flow::{BlockId, Flow, Outlet};

/// Width of a block. The console's are a little narrower.
pub const WIDTH: i64 = 210;
/// The part of a block above its exits: what it is and what it says.
pub const HEADER: i64 = 60;
/// One exit of a block. The console gives each, success included, a line of its own.
pub const ROW: i64 = 24;
/// Where connections enter, and where the success exit leaves: at one height, so that the main line is straight.
pub const ENTRY: i64 = 30;
/// Between two layers: room for the curves.
pub const GAP_X: i64 = 90;
/// Between two blocks of a layer.
pub const GAP_Y: i64 = 40;
/// Where the entry point stands, and how far from it the first layer is.
const ORIGIN: Point = Point { x: 40, y: 40 };
const ENTRY_WIDTH: i64 = 160;

/// A place on the canvas; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    pub x: i64,
    pub y: i64,
}

/// A block's place and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Frame {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

/// A way kept free over several layers, which all connections to one block share.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lane {
    /// Left ends of the stretches, one per layer, from left to right. Each is as wide as a block.
    pub stretches: Vec<Point>,
}

/// The drawing of a flow.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// By block.
    pub frames: Vec<Frame>,
    ways: Ways,
    /// By target: the lane that leads to it from the left, and the one that leads back to it from the right.
    pub forward: Vec<Lane>,
    pub back: Vec<Lane>,
    pub entry: Point,
}

impl Layout {
    pub fn frame(&self, id: BlockId) -> Frame {
        self.frames.get(id.index()).copied().unwrap_or_default()
    }

    /// How far below a block's top each exit leaves.
    pub fn ports(&self, id: BlockId) -> impl Iterator<Item = i64> {
        self.ways.of(id.index()).iter().map(|way| way.port)
    }

    /// The right and lower ends of everything.
    pub fn extent(&self) -> Point {
        let stretches = || self.forward.iter().chain(&self.back).flat_map(|lane| &lane.stretches);
        Point {
            x: self.frames.iter().map(|frame| frame.x + frame.width).max().unwrap_or(0),
            y: (self.frames.iter().map(|frame| frame.y + frame.height))
                .chain(stretches().map(|point| point.y))
                .max()
                .unwrap_or(0),
        }
    }
}

/// A connection, as the layout sees it.
#[derive(Debug, Clone, Copy)]
struct Way {
    target: usize,
    port: i64,
    weight: i64,
}

/// The connections of all blocks in one list.
#[derive(Debug, Clone, Default)]
struct Ways {
    list: Vec<Way>,
    /// By block: where its connections end, which is where the next one's begin.
    ends: Vec<usize>,
}

impl Ways {
    fn collect(flow: &Flow) -> Self {
        let mut ways = Self { list: Vec::with_capacity(3 * flow.len()), ends: Vec::with_capacity(flow.len()) };
        for (id, block) in flow.blocks() {
            let variant = block.variant();
            let mut row = HEADER;
            for exit in flow.exits(id) {
                let port = if exit.outlet == Outlet::Next {
                    ENTRY
                } else {
                    row += ROW;
                    row - ROW / 2
                };
                ways.list.push(Way { target: exit.target.index(), port, weight: weight(variant, &exit.outlet) });
            }
            ways.ends.push(ways.list.len());
        }
        ways
    }

    /// Of blocks.
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn of(&self, block: usize) -> &[Way] {
        let begin = block.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(block).and_then(|end| self.list.get(begin..*end)).unwrap_or_default()
    }
}

/// How strongly a connection pulls: the main line is straight, failures make room.
fn weight(variant: Option<&Variant>, outlet: &Outlet) -> i64 {
    match outlet {
        Outlet::Next => 1024,
        outlet if is_failure(variant, outlet) => 1,
        Outlet::Condition(_) | Outlet::Error(_) => 64,
    }
}

/// Lays a flow out. Blocks that no path reaches stand below the others.
pub fn layout(flow: &Flow) -> Layout {
    let ways = Ways::collect(flow);
    let mut reachable = vec![false; flow.len()];
    for id in flow.reachable() {
        if let Some(slot) = reachable.get_mut(id.index()) {
            *slot = true;
        }
    }
    // The start comes first, so that the walk begins there and not at the block that happens to be written first.
    let start = flow.start().map(BlockId::index);
    let (mut upper, lower): (Vec<usize>, Vec<usize>) =
        (0..flow.len()).partition(|index| reachable.get(*index).copied().unwrap_or(false));
    upper.sort_by_key(|index| (Some(*index) != start, *index));

    let mut result = Layout {
        frames: (0..ways.len())
            .map(|block| Frame { x: 0, y: 0, width: WIDTH, height: HEADER + ROW * signed(ways.of(block).len()) })
            .collect(),
        forward: vec![Lane::default(); ways.len()],
        back: vec![Lane::default(); ways.len()],
        entry: ORIGIN,
        ways: Ways::default(),
    };
    let mut top = ORIGIN.y;
    for group in [upper, lower] {
        if !group.is_empty() {
            arrange(&group, &ways, top, &mut result);
            top = result.extent().y + 2 * GAP_Y;
        }
    }
    if let Some(start) = flow.start() {
        result.entry.y = result.frame(start).y;
    }
    result.ways = ways;
    result
}

/// Lays out one group of blocks below `top`, by the connections within it.
fn arrange(group: &[usize], ways: &Ways, top: i64, result: &mut Layout) {
    let ranks = rank::rank(group, ways);
    let heights: Vec<i64> = result.frames.iter().map(|frame| frame.height).collect();
    let mut sketch = lanes::sketch(&ranks, ways, &heights);
    place::place(&mut sketch);
    let shift = top - sketch.top();
    let column = |layer: usize| ORIGIN.x + ENTRY_WIDTH + signed(layer) * (WIDTH + GAP_X);
    for node in &sketch.nodes {
        let (x, y) = (column(node.layer), node.y + shift);
        match node.what {
            lanes::What::Block(block) => {
                if let Some(frame) = result.frames.get_mut(block) {
                    (frame.x, frame.y) = (x, y);
                }
            }
            lanes::What::Forward(target) => {
                if let Some(lane) = result.forward.get_mut(target) {
                    lane.stretches.push(Point { x, y });
                }
            }
            lanes::What::Back(target) => {
                if let Some(lane) = result.back.get_mut(target) {
                    lane.stretches.push(Point { x, y });
                }
            }
        }
    }
    for lane in result.forward.iter_mut().chain(&mut result.back) {
        lane.stretches.sort_by_key(|point| point.x);
    }
}

/// Sizes as coordinates.
pub(super) fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
