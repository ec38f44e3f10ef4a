//! `silent-hang-up`: a path that ends the contact before it has heard a word.

use crate::catalogue::{Channel, Effect, Role};
use crate::lint::analysis::{Key, View, path};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    // A flow that never speaks runs behind the caller's back, such as the one after an agent has hung up.
    let speaks = view.flow.blocks().any(|(_, block)| block.has(Effect::Speaks));
    let is_call = view.flow.channels.is_empty() || view.flow.channels.contains(&Channel::Voice);
    if !speaks || !is_call || !view.is_entrance() {
        return;
    }
    for (id, block) in view.flow.blocks() {
        let hangs_up = block.action.row().is_some_and(|row| row.role == Role::HangUp);
        if !hangs_up || !view.facts.before(id, &Key::Spoken).may_be_unset() {
            continue;
        }
        let mut finding = report
            .finding(view, id, block.span, "on some path the caller hears nothing before this")
            .label("hangs up in silence")
            .help(view.speech().say("say a sentence before it: let the errors of the first lines lead to a step that does", "play a message before it: connect the error branches of the first blocks to one"));
        let start = view.flow.start();
        let trail = start.and_then(|start| {
            path(view.flow, start, id, |from, exit| view.facts.keeps_unset(from, exit, &Key::Spoken))
        });
        if let Some(trail) = trail {
            finding = finding.trail(view.flow, &trail);
        }
        report.push(finding);
    }
}
