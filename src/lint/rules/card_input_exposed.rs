//! `card-input-exposed`: card numbers and the like, handed on in clear to an attribute or a function.

use std::collections::BTreeMap;

use super::unencrypted_card_input::secret;
use crate::catalogue::{Effect, input};
use crate::flow::{Block, BlockId};
use crate::lint::analysis::{Key, Read, View, reads, writes};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let asks = |block: &Block| block.is(&input::STORED) && block.arg(input::ENCRYPTION).is_none();
    let asked: BTreeMap<BlockId, &str> =
        view.flow.blocks().filter(|(_, block)| asks(block)).filter_map(|(id, block)| Some((id, secret(block)?))).collect();
    if asked.is_empty() {
        return;
    }
    let origins = view.origins();
    let typed = |id: BlockId, read: &Read| {
        let mut blocks = origins.before(id, read.path).into_iter().flat_map(|origin| &origin.blocks);
        blocks.find_map(|by| Some((*by, *asked.get(by)?)))
    };
    // What an attribute was given that only this flow sees, it may hand on from there.
    let mut kept: BTreeMap<String, (BlockId, &str)> = BTreeMap::new();
    for (id, block) in view.flow.blocks() {
        for write in writes(block).into_iter().filter(|write| !Key::of(&write.path).is_some_and(|key| key.travels())) {
            let path = write.value.and_then(|text| text.as_path());
            let from = path.and_then(|path| typed(id, &Read { path, span: write.span }));
            kept.extend(from.map(|from| (write.path, from)));
        }
    }
    for (id, block) in view.flow.blocks() {
        let runs = block.effects().iter().any(|effect| matches!(effect, Effect::Runs { .. }));
        let travels = writes(block).iter().any(|write| Key::of(&write.path).is_none_or(|key| key.travels()));
        if !runs && !travels {
            continue;
        }
        for read in reads(block) {
            let Some((by, what)) = typed(id, &read).or_else(|| kept.get(read.path).copied()) else { continue };
            let to = if runs { "goes to a function in clear" } else { "is kept with the contact in clear" };
            let label = if runs { "in the event, and in the function's log" } else { "in the contact record, for everyone who can see it" };
            let mut finding = report
                .finding(view, id, read.span, format!("{what} {to}"))
                .label(label)
                .help(view.speech().say("encrypt what is typed: give `key` and `certificate` where it is asked for", "encrypt what is typed: give `InputEncryption` where it is asked for"))
                .subject(read.path);
            if let Some(asked) = view.flow.block(by) {
                finding = finding.also(asked.span, "asked for here");
            }
            report.push(finding);
        }
    }
}
