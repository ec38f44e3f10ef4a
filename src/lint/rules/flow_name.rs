//! `flow-name`: a flow whose name does not fit the project's pattern.

use crate::lint::analysis::View;
use crate::lint::{Check, Report, matches};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let name = &view.flow.name.value;
    let Some(pattern) = report.config.pattern(super::FLOW_NAME).filter(|pattern| !matches(pattern, name)) else { return };
    let finding = report
        .about(view, format!("the name `{name}` does not fit `{pattern}`"))
        .label("named otherwise than the rest")
        .help("rename it, or change the pattern in flowc.toml");
    report.push(finding);
}
