//! `attribute-never-read`: an attribute that flows set and none reads.

use std::collections::BTreeSet;

use crate::lint::analysis::{Program, reads, writes};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

fn check(program: &Program, report: &mut Report) {
    let mut read: BTreeSet<&str> = BTreeSet::new();
    for view in &program.views {
        read.extend(view.flow.blocks().flat_map(|(_, block)| reads(block)).map(|read| read.path));
    }
    for view in &program.views {
        for (id, block) in view.flow.blocks() {
            for write in writes(block).into_iter().filter(|write| !read.contains(write.path.as_str())) {
                let finding = report
                    .finding(view, id, write.span, format!("no flow reads `{}`", write.path))
                    .label("set for nobody here")
                    .help("remove it, or allow it where agents or reports read it")
                    .subject(write.path.clone());
                report.push(finding);
            }
        }
    }
}
