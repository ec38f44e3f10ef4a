//! `long-speech`: a text longer than the service says in one go.

use crate::lint::analysis::{View, spoken};
use crate::lint::speech::{literals, may_be_chat, without_tags};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// Characters of a text that are said; tags are not counted.
const SAID_MAX: usize = 3_000;
/// Characters of a chat message.
const CHAT_MAX: usize = 1_024;

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let is_chat = may_be_chat(view, id);
        for said in spoken(block) {
            let text = literals(&said);
            let length = if said.is_ssml { without_tags(&text).chars().count() } else { text.chars().count() };
            let (what, most) = match length {
                length if length > SAID_MAX => ("a voice says", SAID_MAX),
                length if is_chat && length > CHAT_MAX => ("a chat message takes", CHAT_MAX),
                _ => continue,
            };
            let finding = report
                .finding(view, id, said.text.span, format!("this text has {length} characters, and {what} {most}"))
                .label("longer than is taken in one go")
                .help(view.speech().say("say it in several sentences, each in a line of its own", "say it in several sentences, each in a block of its own"));
            report.push(finding);
        }
    }
}
