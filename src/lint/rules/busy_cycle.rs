//! `busy-cycle`: lines that repeat without a pause, an answer or a count.

use crate::catalogue::{self, Effect, FlowType, Role};
use crate::flow::{Block, BlockId, Exit, Outlet, cycles};
use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let flow = view.flow;
    let ids: Vec<BlockId> = flow.blocks().map(|(id, _)| id).collect();
    // Without the blocks that take time or count, what still comes back never rests.
    let rests: Vec<bool> = flow.blocks().map(|(id, block)| rests(block) || !view.graph.reaches(id)).collect();
    let is_restless = |id: BlockId| rests.get(id.index()) == Some(&false);
    let edges: Vec<Vec<usize>> = ids
        .iter()
        .map(|id| {
            let targets = lasting(view, *id).filter(|to| is_restless(*id) && is_restless(*to));
            targets.map(BlockId::index).collect()
        })
        .collect();
    for cycle in cycles(&edges) {
        let blocks: Vec<(BlockId, &Block)> =
            cycle.iter().filter_map(|at| ids.get(*at)).filter_map(|id| Some((*id, flow.block(*id)?))).collect();
        // Somebody else ends what repeats while a contact waits, as long as something is said.
        let waits = flow.flow_type().is_some_and(|kind| WAITING.contains(&kind));
        if waits && blocks.iter().any(|(_, block)| block.has(Effect::Speaks)) {
            continue;
        }
        let Some((id, first)) = blocks.first() else { continue };
        let mut finding = report
            .finding(view, *id, first.span, format!("the cycle that begins with {} has no pause and no end", first.said()))
            .label("comes back here at once")
            .help(view.speech().say("count it with `repeat` or `retry`, or put a `wait` into it", "count the rounds with a loop, or put a wait into it"));
        if let Some((_, last)) = blocks.last().filter(|_| blocks.len() > 1) {
            finding = finding.also(last.span, "this is part of it");
        }
        report.push(finding);
    }
}

/// Where a block leads when it succeeds. What comes back only where something fails is told by `error-loop`.
fn lasting<'v>(view: &'v View, id: BlockId) -> impl Iterator<Item = BlockId> + 'v {
    let fails = |exit: &&Exit| matches!(&exit.outlet, Outlet::Error(error) if error == catalogue::FAILURE);
    view.flow.exits(id).iter().filter(move |exit| !fails(exit)).map(|exit| exit.target)
}

/// Flows that may go round until an agent is free.
const WAITING: [FlowType; 3] = [FlowType::CustomerQueue, FlowType::CustomerHold, FlowType::AgentHold];

/// Whether a block takes time, or takes another way after so many times.
fn rests(block: &Block) -> bool {
    let counts = block.action.row().is_none_or(|row| matches!(row.role, Role::Loop | Role::CallModule));
    counts || block.effects().iter().any(|effect| matches!(effect, Effect::Asks | Effect::Waits | Effect::HandsOver))
}
