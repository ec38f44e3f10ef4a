//! `impossible-comparison`: a comparison with a value that nothing writes.

use std::collections::BTreeSet;

use ecow::EcoString;

use crate::catalogue::ResourceKind;
use crate::diagnostics::Safety;
use crate::flow::{BlockId, Outlet};
use crate::lint::analysis::{Held, View, compared, holds, named};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let Some(path) = compared(block) else { continue };
        let Some((values, known)) = written(view, id, path).or_else(|| answered(view, id, path, report)) else { continue };
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

/// The constants that a reference can hold here, and all that are written to it anywhere.
fn written<'v>(view: &'v View, id: BlockId, path: &str) -> Option<(Vec<&'v str>, Vec<&'v str>)> {
    let held: Vec<&str> = view.values.before(id, path).filter(Held::is_known)?.constants().collect();
    let known = view.values.written(path).filter(|_| !held.is_empty())?;
    Some((held, known.iter().map(String::as_str).collect()))
}

/// The same of a function's answer, by the contracts of all that can have answered.
fn answered<'r>(view: &View, id: BlockId, path: &str, report: &Report<'r>) -> Option<(Vec<&'r str>, Vec<&'r str>)> {
    let field = path.strip_prefix(ANSWER).filter(|field| !field.contains(['.', '[']))?;
    let origin = view.origins().before(id, path).filter(|origin| !origin.many && !origin.other)?;
    let config = report.config;
    let values = |by: &BlockId| {
        let name = named(view.flow.block(*by)?, ResourceKind::Lambda).next()?;
        config.contracts.get(name)?.values(field)
    };
    let known: BTreeSet<&str> = origin.blocks.iter().map(values).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    let known: Vec<&str> = known.into_iter().collect();
    (!known.is_empty()).then(|| (known.clone(), known))
}

/// What answers of functions are read by.
const ANSWER: &str = "$.External.";

/// A few values, as a sentence lists them.
fn listed(values: &[&str]) -> String {
    let shown: Vec<String> = values.iter().take(SHOWN_MAX).map(|value| format!("`{value}`")).collect();
    let more = if values.len() > SHOWN_MAX { " or others" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// More values than these nobody reads in a message.
const SHOWN_MAX: usize = 4;
