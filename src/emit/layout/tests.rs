//! Layouts: no overlaps, and the main line straight.

use proptest::prelude::*;

use super::*;
use crate::emit::tests::{Draft, error, small};

fn overlaps(a: &Frame, b: &Frame) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

fn drawn(size: usize, edges: &[(usize, usize, bool)]) -> Flow {
    let mut draft = Draft::new("Random");
    let ids: Vec<BlockId> = (0..size).map(|_| draft.hang_up()).collect();
    for &(from, to, failing) in edges {
        let outlet = if failing { error("NoMatchingError") } else { Outlet::Next };
        draft.to(ids[from % size], outlet, ids[to % size]);
    }
    draft.flow
}

proptest! {
    #[test]
    fn nothing_overlaps(size in 1..40_usize, edges in prop::collection::vec((0..40_usize, 0..40_usize, any::<bool>()), 0..120)) {
        let flow = drawn(size, &edges);
        let layout = layout(&flow);
        for (at, frame) in layout.frames.iter().enumerate() {
            for other in &layout.frames[..at] {
                prop_assert!(!overlaps(frame, other), "{frame:?} {other:?}");
            }
            for stretch in layout.forward.iter().chain(&layout.back).flat_map(|lane| &lane.stretches) {
                let lane = Frame { x: stretch.x, y: stretch.y, width: WIDTH, height: 1 };
                prop_assert!(!overlaps(frame, &lane), "{frame:?} {lane:?}");
            }
        }
    }

    /// Without cycles every connection goes to the right, as long as its blocks are reached.
    #[test]
    fn connections_go_to_the_right(size in 2..40_usize, edges in prop::collection::vec((0..40_usize, 0..40_usize, any::<bool>()), 0..120)) {
        let forward: Vec<(usize, usize, bool)> = edges
            .iter()
            .map(|&(from, to, failing)| (from % size, to % size, failing))
            .filter(|(from, to, _)| from < to)
            .collect();
        let flow = drawn(size, &forward);
        let layout = layout(&flow);
        let reachable = flow.reachable();
        for &id in &reachable {
            for target in flow.successors(id) {
                prop_assert!(layout.frame(id).x + WIDTH < layout.frame(target).x);
            }
        }
    }
}

#[test]
fn the_main_line_is_straight_and_lost_blocks_stand_below() {
    let mut draft = Draft::new("Line");
    let line: Vec<BlockId> = (0..6).map(|at| draft.say(&at.to_string())).collect();
    let sorry = draft.say("sorry");
    let lost = draft.say("lost");
    for pair in line.windows(2) {
        draft.next(pair[0], pair[1]);
    }
    for &id in &line[..5] {
        draft.to(id, error("NoMatchingError"), sorry);
    }
    let layout = layout(&draft.flow);
    let heights: Vec<i64> = line[..5].iter().map(|&id| layout.frame(id).y).collect();
    assert_eq!(heights, [layout.frame(line[0]).y; 5]);
    assert_eq!(layout.frame(line[0]).x, 200);
    let lowest = layout.frames[..7].iter().map(|frame| frame.y + frame.height).max().unwrap();
    assert!(layout.frame(lost).y > lowest);
    // Five failures share one lane.
    assert_eq!(layout.forward[sorry.index()].stretches.len(), 4);
}

#[test]
fn a_way_back_has_a_lane_of_its_own() {
    let draft = small();
    let layout = layout(&draft.flow);
    assert_eq!(layout.back[0].stretches.len(), 1);
    let frame = layout.frames[0];
    assert!(layout.back[0].stretches[0].y > frame.y + frame.height);
}

#[test]
fn very_large_flows_are_laid_out() {
    let mut edges: Vec<(usize, usize, bool)> = (0..9_999).map(|at| (at, at + 1, false)).collect();
    edges.extend((0..9_999).map(|at| (at, (at * 7_919 + 5_000) % 10_000, true)));
    edges.extend((0..9_999).map(|at| (at, 9_999, true)));
    let layout = layout(&drawn(10_000, &edges));
    assert_eq!(layout.frames.len(), 10_000);
    super::layout(&Draft::new("Empty").flow);
}
