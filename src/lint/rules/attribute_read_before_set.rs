//! `attribute-read-before-set`: an attribute that this flow sets, read where some path has not set it yet.

use std::collections::BTreeSet;

use crate::catalogue::Role;
use crate::flow::{Block, BlockId};
use crate::lint::analysis::{Key, Read, View, path, reads};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    // Attributes also come from outside: with a call that the API makes, or from an agent's desktop. One that the flow sets
    // by itself is its own.
    let written: BTreeSet<&Key> = view.facts.written().filter(|key| key.is_attribute()).collect();
    if written.is_empty() {
        return;
    }
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        if is_question(block) {
            continue;
        }
        let mut told = BTreeSet::new();
        for read in reads(block) {
            let Some(key) = Key::of(read.path).filter(|key| written.contains(key)) else { continue };
            let status = view.facts.before(id, &key);
            if status.may_be_unset() && !status.is_never_set() && told.insert(read.path) {
                tell(view, id, &key, read, report);
            }
        }
    }
}

/// Whether the block asks what the attribute is: then it may be nothing.
fn is_question(block: &Block) -> bool {
    block.action.row().is_none_or(|row| row.role == Role::Compare)
}

fn tell(view: &View, id: BlockId, key: &Key, read: Read, report: &mut Report) {
    let Some(start) = view.flow.start() else { return };
    let trail = path(view.flow, start, id, |from, exit| view.facts.keeps_unset(from, exit, key));
    let mut finding = report
        .finding(view, id, read.span, format!("`{}` may not be set here", read.path))
        .label("empty on some path")
        .help(view.speech().say("set it before the paths part, or ask with `if` whether it is there", "set it before the paths part, or check it before it is read"))
        .subject(read.path);
    if let Some(trail) = trail {
        finding = finding.trail(view.flow, &trail);
    }
    report.push(finding);
}
