//! The graph against reason: lines that no path reaches, cycles that no path leaves.

use super::Report;
use crate::catalogue::FlowType;
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::Flow;

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
                .label("nothing leads to this line")
                .help(if block.step.is_empty() {
                    "remove it, or let an earlier line lead here".to_owned()
                } else {
                    format!(
                        "remove it, or go to step `{}` with an arrow",
                        block.step.split('/').next().unwrap_or_default()
                    )
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
                .help("bound it with `repeat` or `retry`, or give one of its branches a way out");
        if let Some(last) =
            last.filter(|last| cycle.len() > 1 && Some(*last) != cycle.first()).and_then(|id| flow.block(*id))
        {
            diagnostic = diagnostic.also(last.span, "this is part of it");
        }
        report.push(diagnostic);
    }
}
