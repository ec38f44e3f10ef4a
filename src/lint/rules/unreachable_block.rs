//! `unreachable-block`: blocks that no path leads to.

use std::collections::BTreeSet;

use crate::diagnostics::codes;
use crate::flow::{Allow, BlockId};
use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// Tells the first block of each stretch, not every block in it.
fn check(view: &View, report: &mut Report) {
    let flow = view.flow;
    if flow.start().is_none() {
        return;
    }
    let is_lost = |id: BlockId| !view.graph.reaches(id);
    let led_to: BTreeSet<BlockId> =
        flow.blocks().filter(|(id, _)| is_lost(*id)).flat_map(|(id, _)| flow.successors(id)).collect();
    let mut told: BTreeSet<BlockId> = BTreeSet::new();
    // First those that nothing leads to at all; what is left then only leads to itself.
    let (first, second): (Vec<BlockId>, Vec<BlockId>) =
        flow.blocks().map(|(id, _)| id).filter(|id| is_lost(*id)).partition(|id| !led_to.contains(id));
    for id in first.into_iter().chain(second) {
        if told.contains(&id) {
            continue;
        }
        let Some(block) = flow.block(id) else { continue };
        // The compiler warns of it too, and may have been told that it is right.
        let is_right = |allow: &Allow| allow.rule.value == codes::UNREACHABLE.id() && allow.blocks.contains(&id.index());
        if flow.allows.iter().any(is_right) {
            continue;
        }
        let finding = report
            .finding(view, id, block.span, format!("no path reaches {}", block.said()))
            .label("nothing leads here")
            .help("remove it and what follows it, or let a branch lead here");
        report.push(finding);
        let mut rest = vec![id];
        while let Some(at) = rest.pop() {
            if told.insert(at) {
                rest.extend(flow.successors(at).filter(|next| is_lost(*next)));
            }
        }
    }
}
