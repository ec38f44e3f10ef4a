//! `step-name`: a step whose name does not fit the project's pattern.

use std::collections::BTreeSet;

use crate::lint::analysis::View;
use crate::lint::{Check, Report, matches};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let Some(pattern) = report.config.pattern(super::STEP_NAME).map(str::to_owned) else { return };
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (id, block) in view.flow.blocks() {
        let step = block.step.split('/').next().unwrap_or_default();
        if step.is_empty() || matches(&pattern, step) || !told.insert(step) {
            continue;
        }
        let finding = report
            .finding(view, id, block.span, format!("the name of the step `{step}` does not fit `{pattern}`"))
            .label("in the step")
            .help("rename it and the arrows to it, or change the pattern in flowc.toml")
            .subject(step);
        report.push(finding);
    }
}
