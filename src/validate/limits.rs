//! Counts and identifiers.

use super::Report;
use crate::catalogue::limits::{ACTIONS_MAX, IDENTIFIER_CHARACTERS_MAX, IDENTIFIER_FORBIDDEN, IDENTIFIER_RESERVED};
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
                format!("this {what} becomes {count} actions, and the service takes {ACTIONS_MAX}"),
            )
            .label("too large")
            .help("move parts into modules, which have a limit of their own; a fragment counts at every use"),
        );
    }
}

pub(super) fn identifier(block: &Block, report: &mut Report) {
    let identifier = &block.identifier;
    let length = identifier.chars().count();
    let problem = if length == 0 {
        "it is empty".to_owned()
    } else if length > IDENTIFIER_CHARACTERS_MAX {
        format!("it has {length} characters, and the service takes {IDENTIFIER_CHARACTERS_MAX}")
    } else if let Some(character) = identifier.chars().find(|c| IDENTIFIER_FORBIDDEN.contains(c)) {
        format!("it holds `{character}`")
    } else if IDENTIFIER_RESERVED.contains(&identifier.as_str()) {
        "the service keeps it for itself".to_owned()
    } else {
        return;
    };
    report.push(
        Diagnostic::new(
            codes::BAD_IDENTIFIER,
            block.span,
            format!("the service refuses the identifier `{identifier}`: {problem}"),
        )
        .label("identified by the `@id` above it")
        .help("use letters, digits, spaces, dashes and underscores"),
    );
}
