//! `missing-description`: a flow that does not say what it is for.

use crate::diagnostics::Safety;
use crate::lint::analysis::View;
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    // The content of a flow has no description; the service keeps it elsewhere.
    if view.is_source && view.flow.description.as_ref().is_none_or(|text| text.trim().is_empty()) {
        let what = if view.flow.is_module() { "module" } else { "flow" };
        let mut finding = report
            .about(view, format!("the {what} `{}` does not say what it is for", view.flow.name.value))
            .label("without a description")
            .help(format!("write a line above it: `/// What this {what} does.`"));
        if let Some(place) = above(view) {
            let text = format!("/// {}.\n", view.flow.name.value.as_str().replace(['_', '\n', '\r'], " "));
            finding = finding.fix("say its name in words", place, text, Safety::Unsafe);
        }
        report.push(finding);
    }
}

/// Where a description stands: above the declaration and the lines with `@` above that.
fn above(view: &View) -> Option<Span> {
    let text = view.written(Span { start: 0, end: view.flow.span.start, ..view.flow.span })?;
    let mut at = text.len();
    while let Some(before) = text.get(..at).filter(|before| !before.is_empty()) {
        let line = before.strip_suffix('\n')?.rsplit('\n').next().unwrap_or_default();
        match line.trim() {
            "" => break,
            line if line.starts_with("//") || line.ends_with('}') => break,
            attribute if attribute.starts_with('@') => at = at.saturating_sub(line.len() + 1),
            // The end of something that began further up.
            _ => return None,
        }
    }
    Some(Span::new(view.flow.span.source, at, at))
}
