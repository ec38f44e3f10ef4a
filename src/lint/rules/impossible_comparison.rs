//! `impossible-comparison`: a comparison with a value that nothing writes.

use ecow::EcoString;

use crate::diagnostics::Safety;
use crate::flow::Outlet;
use crate::lint::analysis::{Held, View, compared, holds};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let Some(path) = compared(block) else { continue };
        let Some(held) = view.values.before(id, path).filter(Held::is_known) else { continue };
        let values: Vec<&str> = held.constants().collect();
        let Some(known) = view.values.written(path).filter(|_| !values.is_empty()) else { continue };
        for exit in view.flow.exits(id) {
            let Outlet::Condition(condition) = &exit.outlet else { continue };
            let operand = condition.operands.first().map(EcoString::as_str).unwrap_or_default();
            if known.iter().any(|value| holds(condition, value) != Some(false)) {
                continue;
            }
            let mut finding = report
                .finding(view, id, exit.span, format!("`{path}` is never `{operand}` here"))
                .label("no path leads on from this branch")
                .subject(format!("{path} {operand}"));
            let close = crate::diagnostics::closest(operand, values.iter().copied());
            let same = values.iter().find(|value| value.eq_ignore_ascii_case(operand)).copied();
            let place = view.place_of(exit.span, operand);
            if let (Some(close), Some(place)) = (same.or(close), place.filter(|_| !operand.is_empty())) {
                finding = finding.fix(&format!("compare with `{close}`"), place, close, Safety::Unsafe);
            }
            finding = finding.help(match same.or(close) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("what can be there is {}; compare with that, or remove the branch", listed(&values)),
            });
            report.push(finding);
        }
    }
}

/// A few values, as a sentence lists them.
fn listed(values: &[&str]) -> String {
    let shown: Vec<String> = values.iter().take(SHOWN_MAX).map(|value| format!("`{value}`")).collect();
    let more = if values.len() > SHOWN_MAX { " or others" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// More values than these nobody reads in a message.
const SHOWN_MAX: usize = 4;
