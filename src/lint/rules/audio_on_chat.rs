//! `audio-on-chat`: markup or a recording where a chat can come.

use crate::catalogue::{Channel, speech};
use crate::flow::Block;
use crate::lint::analysis::{View, spoken};
use crate::lint::speech::may_be_chat;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        // What asks for keys is for calls only, whatever it says.
        let works = block.action.row().is_some_and(|row| row.channels.contains(&Channel::Chat));
        let Some(what) = what(block).filter(|_| works && may_be_chat(view, id)) else { continue };
        let finding = report
            .finding(view, id, block.span, format!("{what} says nothing to a chat"))
            .label("a chat can come here")
            .help(view.speech().say("say it as plain text, or ask for `$.Channel` before it", "play it as plain text, or check `$.Channel` before it"));
        report.push(finding);
    }
}

/// What a block says that only a voice can say.
fn what(block: &Block) -> Option<&'static str> {
    if speech::PLAYED.iter().any(|param| block.arg(param).is_some()) {
        return Some("a recording");
    }
    spoken(block).iter().any(|said| said.is_ssml).then_some("speech markup")
}
