//! `missing-description`: a flow that does not say what it is for.

use crate::diagnostics::Safety;
use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    // The content of a flow has no description; the service keeps it elsewhere.
    if view.is_source && view.flow.description.as_ref().is_none_or(|text| text.trim().is_empty()) {
        let what = if view.flow.is_module() { "module" } else { "flow" };
        let mut finding = report
            .about(view, format!("the {what} `{}` does not say what it is for", view.flow.name.value))
            .label("without a description")
            .help(format!("write a line above it: `/// What this {what} does.`"));
        if view.written(view.flow.span).is_some() {
            let text = format!("/// {}.\n", view.flow.name.value.replace(['_', '\n', '\r'], " "));
            finding = finding.fix("say its name in words", view.flow.span.head(), text, Safety::Unsafe);
        }
        report.push(finding);
    }
}
