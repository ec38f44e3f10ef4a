//! `logging-off`: an entry flow that leaves no trace of what its calls went through.

use crate::catalogue::{Effect, input};
use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let logs = view.flow.blocks().any(|(_, block)| block.has(Effect::Logs) && block.is(&input::LOGGED));
    if view.is_entrance() && !logs {
        let finding = report
            .about(view, format!("`{}` never switches its log on", view.flow.name.value))
            .label("calls leave no trace")
            .help("begin it with `set logging on`, and switch it off around what callers must not have logged");
        report.push(finding);
    }
}
