//! `no-match-ignored`: what a caller gave, compared, and what fits nothing goes on as if it did.

use crate::flow::{Exit, Outlet};
use crate::lint::analysis::{View, compared};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// What callers give: typed, said to a bot, or chosen in a view.
const GIVEN: [&str; 4] = ["$.StoredCustomerInput", "$.Lex.", "$.Views.", "$.Media.InitialMessage"];

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        let Some(path) = compared(block).filter(|path| GIVEN.iter().any(|given| path.starts_with(given))) else { continue };
        let exits = view.flow.exits(id);
        let matched: Vec<&Exit> = exits.iter().filter(|exit| matches!(exit.outlet, Outlet::Condition(_))).collect();
        if matched.is_empty() {
            continue;
        }
        let none = exits.iter().find(|exit| matches!(&exit.outlet, Outlet::Error(error) if error == NO_MATCH));
        let (span, label) = match none {
            None => (block.span, "has no branch for anything else"),
            // One of several branches may well be what happens to the rest. All of them are no comparison.
            Some(none) if matched.iter().all(|exit| exit.target == none.target) => (none.span, "leads where the others lead"),
            Some(_) => continue,
        };
        let finding = report
            .finding(view, id, span, format!("whatever `{path}` is, the flow goes on as if it fitted"))
            .label(label)
            .help("let what fits nothing lead to another try, or to a way out")
            .subject(path);
        report.push(finding);
    }
}

/// The error that a comparison raises where nothing fits.
const NO_MATCH: &str = "NoMatchingCondition";
