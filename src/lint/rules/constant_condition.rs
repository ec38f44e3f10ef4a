//! `constant-condition`: a condition that every path has decided already.

use ecow::EcoString;

use crate::flow::{Exit, Outlet};
use crate::lint::analysis::{Held, View, compared, holds};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let Some(path) = compared(block) else { continue };
        let Some(held) = view.values.before(id, path).filter(Held::is_known) else { continue };
        let mut left: Vec<&str> = held.constants().collect();
        // Where nothing has been written, a comparison asks whether something has.
        let Some(known) = view.values.written(path).filter(|_| !left.is_empty()) else { continue };
        let conditions = view.flow.exits(id).iter().filter_map(|exit| match &exit.outlet {
            Outlet::Condition(condition) => Some((exit, condition)),
            _ => None,
        });
        let mut told: Vec<(&Exit, String, &str)> = Vec::new();
        for (exit, condition) in conditions {
            let operand = condition.operands.first().map(EcoString::as_str).unwrap_or_default();
            let decides = |value: &&str| holds(condition, value);
            if left.iter().any(|value| decides(value).is_none()) {
                left.clear();
                told.clear();
                break;
            }
            // What nothing writes at all is told by another rule.
            let is_possible = known.iter().any(|value| holds(condition, value) != Some(false));
            let (fit, rest): (Vec<&str>, Vec<&str>) = left.iter().partition(|value| decides(value) == Some(true));
            if fit.is_empty() && is_possible {
                told.push((exit, format!("`{path}` is never `{operand}` here"), "no path leads on from this branch"));
            } else if rest.is_empty() && !fit.is_empty() && !held.may_be_unset() {
                told.push((exit, format!("`{path}` is always `{operand}` here"), "every path takes this branch"));
                break;
            }
            left = rest;
        }
        for (exit, message, label) in told {
            let subject = message.clone();
            let finding = report
                .finding(view, id, exit.span, message)
                .label(label)
                .help("remove the comparison, or compare before the paths have decided it")
                .subject(subject);
            report.push(finding);
        }
    }
}
