//! `unreachable-block`: blocks that no path leads to.

use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// The compiler warns of the same: where both are asked, this one speaks.
fn check(view: &View, report: &mut Report) {
    for id in view.flow.lost() {
        let Some(block) = view.flow.block(id) else { continue };
        let finding = report
            .finding(view, id, block.span, format!("no path reaches {}", block.said()))
            .label("nothing leads here")
            .help("remove it and what follows it, or let a branch lead here");
        report.push(finding);
    }
}
