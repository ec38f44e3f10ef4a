//! `requeue-without-prompts`: a transfer from queue to queue before anything has been played.

use crate::catalogue::Effect;
use crate::lint::analysis::{Key, View, path};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks().filter(|(_, block)| block.has(Effect::Requeues)) {
        if !view.facts.before(id, &Key::Looped).may_be_unset() {
            continue;
        }
        let mut finding = report
            .finding(view, id, block.span, "on some path no prompts have been looped before this transfer")
            .label("the service refuses to transfer here")
            .help(view.speech().say("put `loop prompts [..] (interrupt: 30s)` before it", "loop prompts before it, with an interruption"));
        let start = view.flow.start();
        let trail = start.and_then(|start| {
            path(view.flow, start, id, |from, exit| view.facts.keeps_unset(from, exit, &Key::Looped))
        });
        if let Some(trail) = trail {
            finding = finding.trail(view.flow, &trail);
        }
        report.push(finding);
    }
}
