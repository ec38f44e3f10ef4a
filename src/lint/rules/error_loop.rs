//! `error-loop`: a failure that leads back to what failed, for ever.

use crate::catalogue::{self, Effect, FlowType, Role};
use crate::flow::{Block, BlockId, Exit, Outlet};
use crate::lint::analysis::{View, path};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let flow = view.flow;
    for (id, block) in flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        let Some(failure) = flow.exits(id).iter().find(|exit| is_failure(exit)) else { continue };
        // What goes on as if nothing had happened comes back only by way of a cycle that is there anyway.
        let goes_on = flow.exits(id).iter().any(|exit| exit.target == failure.target && !matches!(exit.outlet, Outlet::Error(_)));
        if goes_on && failure.target != id {
            continue;
        }
        let may_take = |from: BlockId, exit: &Exit| {
            if from == id { exit == failure } else { flow.block(from).is_some_and(|block| is_passed(block, exit)) }
        };
        let Some(trail) = path(flow, id, id, may_take) else { continue };
        let speaks = trail.iter().skip(1).filter_map(|at| flow.block(*at)).any(|block| block.has(Effect::Speaks));
        if speaks && flow.flow_type().is_some_and(|kind| WAITING.contains(&kind)) {
            continue;
        }
        let finding = report
            .finding(view, id, block.span, format!("when {} fails, the flow comes back to it, and it fails again", block.said()))
            .label("never ends if it keeps failing")
            .also(failure.span, "leads back")
            .help(view.speech().say("let the failure lead to a way out, or count the tries with `retry` or `repeat`", "connect the error branch to a way out, or count the tries with a loop"))
            .trail(flow, &trail);
        report.push(finding);
    }
}

/// Flows that may go round until an agent is free: somebody else ends them.
const WAITING: [FlowType; 3] = [FlowType::CustomerQueue, FlowType::CustomerHold, FlowType::AgentHold];

fn is_failure(exit: &Exit) -> bool {
    matches!(&exit.outlet, Outlet::Error(error) if error == catalogue::FAILURE)
}

/// Whether a block is passed by this exit without an answer, a pause or a count. That another block fails as well is not
/// assumed.
fn is_passed(block: &Block, exit: &Exit) -> bool {
    let counts = block.action.row().is_none_or(|row| matches!(row.role, Role::Loop | Role::CallModule));
    let takes_time =
        |effect: &Effect| matches!(effect, Effect::Asks | Effect::Waits | Effect::HandsOver | Effect::Leaves { .. });
    !counts && !block.effects().iter().any(takes_time) && !is_failure(exit)
}
