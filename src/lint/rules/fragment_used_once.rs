//! `fragment-used-once`: a fragment that is copied to one place only.

use crate::lint::analysis::Program;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

fn check(program: &Program, report: &mut Report) {
    for fragment in &program.outline.fragments {
        let (message, place) = match fragment.uses.as_slice() {
            [] => (format!("the fragment `{}` is used nowhere", fragment.name.value), None),
            [place] => (format!("the fragment `{}` is used in one place only", fragment.name.value), Some(*place)),
            _ => continue,
        };
        let mut finding = report
            .declared(&fragment.path, &fragment.name, message)
            .label("saves no line")
            .help("write its lines where it is used, or make it a step there");
        if let Some(place) = place {
            finding = finding.also(place, "used here");
        }
        report.push(finding);
    }
}
