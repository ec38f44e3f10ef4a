//! `attribute-name`: an attribute whose name does not fit the project's pattern.

use std::collections::BTreeSet;

use crate::lint::analysis::{Key, View, writes};
use crate::lint::{Check, Report, matches};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let Some(pattern) = report.config.pattern(super::ATTRIBUTE_NAME).map(str::to_owned) else { return };
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (id, block) in view.flow.blocks() {
        // What the compiler keeps by itself has a name of its own.
        let named = writes(block).into_iter().filter(|write| Key::of(&write.path).is_some_and(|key| key.travels()));
        for write in named {
            let name = write.path.strip_prefix("$.Attributes").unwrap_or(&write.path).trim_matches(['.', '[', ']', '\'']);
            if matches(&pattern, name) || !told.insert(name.to_owned()) {
                continue;
            }
            let finding = report
                .finding(view, id, write.span, format!("the name `{name}` does not fit `{pattern}`"))
                .label("named otherwise than the rest")
                .help("rename it everywhere, or change the pattern in flowc.toml")
                .subject(name);
            report.push(finding);
        }
    }
}
