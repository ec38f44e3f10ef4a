//! The graph against reason: lines that no path reaches, cycles that no path leaves.

use super::Report;
use crate::catalogue::FlowType;
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::{Flow, Speech};

pub(super) fn check(flow: &Flow, report: &mut Report) {
    unreachable(flow, report);
    endless(flow, report);
}

/// Tells where each unreachable stretch begins, not every block in it. The rule `unreachable-block` of lint is the same
/// finding, with a level that projects decide.
fn unreachable(flow: &Flow, report: &mut Report) {
    for block in flow.lost().into_iter().filter_map(|id| flow.block(id)) {
        let said = block.said();
        report.push(
            Diagnostic::new(codes::UNREACHABLE, block.span, format!("no path reaches {said}"))
                .label(block.origin.speech().say("nothing leads to this line", "nothing leads here"))
                .help(match (block.origin.speech(), block.step.split('/').next().unwrap_or_default()) {
                    (Speech::Document, _) => "remove it, or connect a branch to it".to_owned(),
                    (Speech::Source, "") => "remove it, or let an earlier line lead here".to_owned(),
                    (Speech::Source, step) => format!("remove it, or go to step `{step}` with an arrow"),
                }),
        );
    }
}

/// Flows that wait with the contact may go round for ever: somebody else ends them.
const WAITING: [FlowType; 3] = [FlowType::CustomerQueue, FlowType::CustomerHold, FlowType::AgentHold];

fn endless(flow: &Flow, report: &mut Report) {
    if flow.flow_type().is_some_and(|flow_type| WAITING.contains(&flow_type)) {
        return;
    }
    for cycle in flow.traps() {
        let (Some(first), last) = (cycle.first().and_then(|id| flow.block(*id)), cycle.last()) else { continue };
        let said = first.said();
        let mut diagnostic =
            Diagnostic::new(codes::ENDLESS, first.span, format!("no path leaves the cycle that begins with {said}"))
                .label("comes back here for ever")
                .help(first.origin.speech().say(
                    "bound it with `repeat` or `retry`, or give one of its branches a way out",
                    "count the rounds with a loop, or connect one of its branches to a block outside of it",
                ));
        if let Some(last) =
            last.filter(|last| cycle.len() > 1 && Some(*last) != cycle.first()).and_then(|id| flow.block(*id))
        {
            diagnostic = diagnostic.also(last.span, "this is part of it");
        }
        report.push(diagnostic);
    }
}
