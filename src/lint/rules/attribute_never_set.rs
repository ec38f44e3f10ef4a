//! `attribute-never-set`: an attribute read that no flow of the project sets.

use std::collections::BTreeSet;

use crate::lint::analysis::{Key, Program, reads, writes};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

fn check(program: &Program, report: &mut Report) {
    let mut written: BTreeSet<String> = BTreeSet::new();
    let mut is_known = true;
    for view in &program.views {
        for (_, block) in view.flow.blocks() {
            is_known &= block.action.row().is_some();
            written.extend(writes(block).into_iter().map(|write| write.path));
        }
    }
    // An action that nothing is known of may set anything.
    if !is_known {
        return;
    }
    for view in &program.views {
        for (id, block) in view.flow.blocks() {
            let mut told = BTreeSet::new();
            for read in reads(block) {
                let is_attribute = Key::of(read.path).is_some_and(|key| key.is_attribute());
                if !is_attribute || written.contains(read.path) || !told.insert(read.path) {
                    continue;
                }
                let finding = report
                    .finding(view, id, read.span, format!("no flow sets `{}`", read.path))
                    .label("empty, as far as the project knows")
                    .help("set it before it is read, or allow it where it comes from outside: the API, an agent's desktop")
                    .subject(read.path);
                report.push(finding);
            }
        }
    }
}
