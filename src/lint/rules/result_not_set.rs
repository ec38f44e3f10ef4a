//! `result-not-set`: a result read on a path on which nothing has answered.

use std::collections::BTreeSet;

use crate::catalogue::{Effect, Role};
use crate::flow::Block;
use crate::lint::analysis::{Key, View, each_text, path, reads, writes};
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    // What a flow is entered with from elsewhere is not known; where it fills a result by itself, it means that one.
    let written: BTreeSet<&Key> = view.facts.written().filter(|key| !key.is_attribute()).collect();
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        let asks = block.action.row().is_none_or(|row| row.role == Role::Compare);
        let mut told = BTreeSet::new();
        let copied = copied(block);
        for read in reads(block).into_iter().filter(|read| !copied.contains(&read.span)) {
            let Some(key) = Key::of(read.path).filter(|key| written.contains(key)) else { continue };
            let status = view.facts.before(id, &key);
            // A comparison finds nothing and goes on as if nothing fitted, which may be meant.
            if !status.may_be_unset() || (asks && status.may_be_set()) || !told.insert(read.path) {
                continue;
            }
            let mut finding = report
                .finding(view, id, read.span, format!("`{}` may have no value here", read.path))
                .label("nothing has answered on some path")
                .help(view.speech().say("let the path on which the answer fails go elsewhere, or ask with `if` before it is used", "let the path on which the answer fails go elsewhere, or check the answer before it is used"))
                .subject(read.path);
            let start = view.flow.start();
            let trail = start.and_then(|start| {
                path(view.flow, start, id, |from, exit| view.facts.keeps_unset(from, exit, &key))
            });
            if let Some(trail) = trail {
                finding = finding.trail(view.flow, &trail);
            }
            report.push(finding);
        }
    }
}

/// The places where a block hands results on as they are, to an attribute or a function. Nothing stays nothing there, and
/// whoever reads it then may ask.
fn copied(block: &Block) -> BTreeSet<Span> {
    let runs = block.effects().iter().any(|effect| matches!(effect, Effect::Runs { .. }));
    if !runs && writes(block).is_empty() {
        return BTreeSet::new();
    }
    let mut copied = BTreeSet::new();
    each_text(&block.args, &mut |text| {
        if text.as_path().is_some() {
            copied.insert(text.span);
        }
    });
    copied
}
