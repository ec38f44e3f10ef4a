//! `error-ignored`: a failure that goes on like success, to lines that read the answer.

use crate::catalogue::{self, Role};
use crate::diagnostics::Safety;
use crate::flow::{BlockId, Outlet};
use crate::lint::analysis::{View, fails_like_it_succeeds, path, reads};
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        let Some(row) = block.action.row() else { continue };
        let Some(results) = row.results else { continue };
        if !fails_like_it_succeeds(view.flow, id) {
            continue;
        }
        // Who asks what the answer is has thought of there being none.
        let user = view.flow.blocks().find(|(user, block)| {
            let asks = block.action.row().is_none_or(|row| row.role == Role::Compare);
            let uses = reads(block).iter().any(|read| {
                read.path.strip_prefix(results.namespace).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            });
            let compares = |at| {
                let block = view.flow.block(at);
                block.and_then(|block| block.action.row()).is_some_and(|row| row.role == Role::Compare)
            };
            // What something else has answered on the way is read there.
            let replaces = |at| {
                let others = view.flow.block(at).and_then(|block| block.action.row()).and_then(|row| row.results);
                at != id && others.is_some_and(|others| others.namespace == results.namespace)
            };
            !asks && uses && path(view.flow, id, *user, |from, _| !compares(from) && !replaces(from)).is_some()
        });
        let Some((_, user)) = user else { continue };
        let mut finding = report
            .finding(view, id, block.span, format!("when {} fails, the flow goes on as if it had not", block.said()))
            .label("both ways lead to the same place")
            .also(user.span, "reads what it did not answer")
            .help(view.speech().say("let the failure lead elsewhere: `{ error -> sorry }`", "connect the error branch to another block than success"));
        if let Some(clause) = clause(view, id) {
            finding = finding.fix("leave it to `on error`", clause, "", Safety::Unsafe);
        }
        report.push(finding);
    }
}

/// The words `error -> next`, with the braces if nothing else stands in them, where the flow has an `on error` instead.
fn clause(view: &View, id: BlockId) -> Option<Span> {
    let handler = handler(view.written(view.flow.span)?)?;
    let step = view.flow.block(id)?.step.as_str();
    // The step that handles errors is not covered by it, and these targets handle nothing.
    let leads_on = |target: &str| ![step, "next", "again", "unhandled"].contains(&target.trim());
    let handles = handler.trim().strip_prefix("->").is_none_or(leads_on);
    let is_failure = |outlet: &Outlet| matches!(outlet, Outlet::Error(error) if error == catalogue::FAILURE);
    let exit = view.flow.exits(id).iter().find(|exit| is_failure(&exit.outlet)).filter(|_| handles)?;
    if !view.written(exit.span)?.split_whitespace().eq(["error", "->", "next"]) {
        return None;
    }
    let before = view.written(Span { start: view.flow.span.start, end: exit.span.start, ..exit.span })?.trim_end();
    let behind = view.written(Span { start: exit.span.end, end: view.flow.span.end, ..exit.span })?;
    match (before.strip_suffix('{'), behind.trim_start().strip_prefix('}')) {
        (Some(before), Some(rest)) => {
            let start = view.flow.span.start as usize + before.trim_end().len();
            Some(Span::new(exit.span.source, start, view.flow.span.end as usize - rest.len()))
        }
        _ => Some(exit.span),
    }
}

/// What stands behind `on error` in a flow's own body. Lines count as deeper by their braces, which a text may hold as well:
/// then there is no fix.
fn handler(flow: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for line in flow.lines() {
        if let Some(handler) = line.trim().strip_prefix("on error").filter(|_| depth == 1) {
            return Some(handler);
        }
        depth = (depth + line.matches('{').count()).checked_sub(line.matches('}').count())?;
    }
    None
}
