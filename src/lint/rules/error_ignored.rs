//! `error-ignored`: a failure that goes on like success, to lines that read the answer.

use crate::catalogue::Role;
use crate::lint::analysis::{View, fails_like_it_succeeds, path, reads};
use crate::lint::{Check, Report};

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
        let finding = report
            .finding(view, id, block.span, format!("when {} fails, the flow goes on as if it had not", block.said()))
            .label("both ways lead to the same line")
            .also(user.span, "reads what it did not answer")
            .help("let the failure lead elsewhere: `{ error -> sorry }`");
        report.push(finding);
    }
}
