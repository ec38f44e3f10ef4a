//! Counts and identifiers.

use super::Report;
use crate::catalogue::limits::{self, ACTIONS_MAX};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::{Block, Flow};

pub(super) fn size(flow: &Flow, report: &mut Report) {
    let count = flow.len();
    if count > ACTIONS_MAX {
        let what = if flow.is_module() { "module" } else { "flow" };
        report.push(
            Diagnostic::new(
                codes::TOO_MANY_ACTIONS,
                flow.name.span,
                format!(
                    "this {what} {} {count} actions, and the service takes {ACTIONS_MAX}",
                    flow.speech().say("becomes", "has")
                ),
            )
            .label("too large")
            .help(flow.speech().say(
                "move parts into modules, which have a limit of their own; a fragment counts at every use",
                "move parts into modules, which have a limit of their own",
            )),
        );
    }
}

pub(super) fn identifier(block: &Block, report: &mut Report) {
    let identifier = &block.identifier;
    let Some(problem) = limits::identifier_problem(identifier) else { return };
    // Building said so already where the source gives the identifier.
    if report.diagnostics.iter().any(|known| known.code == codes::BAD_IDENTIFIER) {
        return;
    }
    report.push(
        Diagnostic::new(
            codes::BAD_IDENTIFIER,
            block.span,
            format!("the service refuses the identifier `{identifier}`: {problem}"),
        )
        .path(block.origin.document().map(|action| action.path.key("Identifier")))
        .label("this block has it")
        .help("use letters, digits, spaces, dashes and underscores"),
    );
}
