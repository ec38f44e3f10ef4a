//! `recording-unannounced`: a contact is recorded or analysed, and nobody has told it.

use crate::catalogue::{Channel, Effect, Role};
use crate::flow::{Block, BlockId};
use crate::lint::analysis::{Key, View, path};
use crate::lint::{Check, Report, recording};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    // A document does not declare its channels; now and then its name says.
    let is_called_chat = view.flow.name.value.to_lowercase().contains("chat");
    if !view.flow.channels.contains(&Channel::Voice) && (!view.flow.channels.is_empty() || is_called_chat) {
        return;
    }
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        let is_untold = view.facts.before(id, &Key::Announced).may_be_unset();
        if recording::switches(block) != Some(true) || !is_untold || !view.values.may_be(id, Channel::Voice) {
            continue;
        }
        let at_once = recording::begins_at_once(block);
        let Some(trail) = (if at_once { Some(vec![id]) } else { to_an_agent(view, id) }) else { continue };
        let label = if at_once { "begins at once" } else { "begins when an agent answers, who is reached by this path" };
        let start = view.flow.start().and_then(|start| {
            path(view.flow, start, id, |from, exit| view.facts.keeps_unset(from, exit, &Key::Announced))
        });
        let whole: Vec<BlockId> = start.into_iter().flatten().chain(trail.into_iter().skip(1)).collect();
        let finding = report
            .finding(view, id, block.span, format!("{} records, and on some path the caller is not told", block.said()))
            .label(label)
            .help("say before it that calls are recorded, on every path")
            .trail(view.flow, &whole);
        report.push(finding);
    }
}

/// A path on which an agent is reached and nothing tells the caller.
fn to_an_agent(view: &View, id: BlockId) -> Option<Vec<BlockId>> {
    let flow = view.flow;
    let is_silent = |from: BlockId| {
        let known = |block: &Block| block.action.row().is_some_and(|row| row.role != Role::CallModule);
        // Recording may be switched off again.
        let goes_on = |block: &Block| {
            known(block) && !recording::may_announce(block) && recording::switches(block) != Some(false)
        };
        from == id || flow.block(from).is_some_and(goes_on)
    };
    let reached = flow.blocks().filter(|(_, block)| block.has(Effect::HandsOver));
    reached.map(|(agent, _)| agent).find_map(|agent| path(flow, id, agent, |from, _| is_silent(from)))
}
