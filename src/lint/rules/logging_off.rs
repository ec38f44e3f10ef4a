//! `logging-off`: an entry flow that leaves no trace of what its calls went through.

use crate::catalogue::{Effect, input};
use crate::diagnostics::Safety;
use crate::lint::analysis::View;
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let logs = view.flow.blocks().any(|(_, block)| block.has(Effect::Logs) && block.is(&input::LOGGED));
    if view.is_entrance() && !logs {
        let mut finding = report
            .about(view, format!("`{}` never switches its log on", view.flow.name.value))
            .label("calls leave no trace")
            .help(view.speech().say("begin it with `set logging on`, and switch it off around what callers must not have logged", "begin with a block that switches the log on, and switch it off around what callers must not have logged"));
        if let Some(place) = first_line(view) {
            finding = finding.fix("switch it on first", place, "set logging on\n", Safety::Unsafe);
        }
        report.push(finding);
    }
}

/// Where the flow's first statement begins, if nothing is said above it that is about it.
fn first_line(view: &View) -> Option<Span> {
    let place = view.flow.block(view.flow.start()?)?.span.head();
    let above = view.written(Span { start: view.flow.span.start, ..place })?;
    // Deeper, it would stand inside the statement: `set { .. }`.
    let depth = above.matches('{').count().checked_sub(above.matches('}').count());
    (view.begins_line(place) && depth == Some(1)).then_some(place)
}
