//! The graph against reason: lines that no path reaches, cycles that no path leaves.

use std::collections::BTreeSet;

use super::Report;
use crate::catalogue::FlowType;
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::{BlockId, Flow};

pub(super) fn check(flow: &Flow, report: &mut Report) {
    unreachable(flow, report);
    endless(flow, report);
}

/// Tells the first block of each unreachable stretch, not every block in it.
fn unreachable(flow: &Flow, report: &mut Report) {
    let reachable = flow.reachable();
    if flow.start().is_none() || reachable.len() == flow.len() {
        return;
    }
    let lost: Vec<BlockId> = flow.blocks().map(|(id, _)| id).filter(|id| !reachable.contains(id)).collect();
    let mut told: BTreeSet<BlockId> = BTreeSet::new();
    for &id in &lost {
        if told.contains(&id) {
            continue;
        }
        let Some(block) = flow.block(id) else { continue };
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
        let mut rest = vec![id];
        while let Some(at) = rest.pop() {
            if told.insert(at) {
                rest.extend(flow.successors(at).filter(|next| !reachable.contains(next)));
            }
        }
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
