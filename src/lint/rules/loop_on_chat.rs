//! `loop-on-chat`: prompts that are repeated where a chat can come.

use crate::catalogue::Effect;
use crate::lint::analysis::View;
use crate::lint::speech::may_be_chat;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        if !block.has(Effect::Loops) || !may_be_chat(view, id) {
            continue;
        }
        let finding = report
            .finding(view, id, block.span, "prompts are repeated for calls only")
            .label("a chat that comes here takes the error branch")
            .help(view.speech().say("ask for `$.Channel` before it, and say and wait for chats: `say \"..\"`, `wait 5m`", "check `$.Channel` before it, and let chats get a message and wait"));
        report.push(finding);
    }
}
