//! `queue-not-set`: a transfer to a queue on a path that has set none.

use crate::catalogue::Effect;
use crate::lint::analysis::{Key, View, path};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let needs = block.effects().iter().any(|effect| match effect {
            Effect::NeedsQueue { unless } => unless.iter().all(|param| block.arg(param).is_none()),
            _ => false,
        });
        let status = view.facts.before(id, &Key::Queue);
        // A document by itself does not show who transfers to it, with a queue that is set already.
        let is_known = view.is_source || view.facts.written().any(|key| *key == Key::Queue);
        if !needs || !is_known || !status.may_be_unset() {
            continue;
        }
        let (message, label) = if status.is_never_set() {
            ("no queue has been set for this transfer", "goes nowhere")
        } else {
            ("on some path no queue has been set for this transfer", "goes nowhere on that path")
        };
        let mut finding = report
            .finding(view, id, block.span, message)
            .label(label)
            .help("say `set queue <queue>` before it, or `transfer to queue <queue>`");
        let trail = view.flow.start().and_then(|start| {
            path(view.flow, start, id, |from, exit| view.facts.keeps_unset(from, exit, &Key::Queue))
        });
        if let Some(trail) = trail {
            finding = finding.trail(view.flow, &trail);
        }
        report.push(finding);
    }
}
