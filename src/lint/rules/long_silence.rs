//! `long-silence`: functions one after another while the caller hears nothing.

use crate::catalogue::{Channel, Effect, input};
use crate::flow::{BlockId, Exit, Value};
use crate::lint::analysis::{Problem, View, forward};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// Callers hang up when they hear nothing for as long.
const SECONDS_MAX: u32 = 20;
/// More is not counted, so that a cycle comes to rest.
const SECONDS_COUNTED: u32 = 60;

fn check(view: &View, report: &mut Report) {
    if !view.flow.channels.is_empty() && !view.flow.channels.contains(&Channel::Voice) {
        return;
    }
    // Who is on the line with an agent hears the agent.
    if view.flow.blocks().any(|(_, block)| block.has(Effect::Holds)) {
        return;
    }
    let silence = Silence { view };
    let before = forward(view.flow, &view.graph, &silence);
    for (id, block) in view.flow.blocks() {
        let Some(waited) = before.get(id.index()).copied().flatten() else { continue };
        let here = seconds(view, id);
        if here == 0 || waited > SECONDS_MAX || waited + here <= SECONDS_MAX {
            continue;
        }
        let finding = report
            .finding(view, id, block.span, format!("the caller can hear nothing for {} seconds by here", waited + here))
            .label(format!("up to {here} seconds more"))
            .help("say a word between the functions, or give them less time");
        report.push(finding);
    }
}

/// How long a block keeps the caller in silence, at most.
fn seconds(view: &View, id: BlockId) -> u32 {
    let Some(block) = view.flow.block(id) else { return 0 };
    let runs = block.effects().iter().find_map(|effect| match effect {
        Effect::Runs { limit, most, .. } => Some((block.arg(limit), *most)),
        _ => None,
    });
    let Some((limit, most)) = runs.filter(|_| !block.is(&input::NOT_AWAITED)) else { return 0 };
    limit.and_then(Value::as_literal).and_then(|text| text.trim().parse().ok()).unwrap_or(most).min(SECONDS_COUNTED)
}

struct Silence<'a> {
    view: &'a View<'a>,
}

impl Problem for Silence<'_> {
    type Fact = u32;

    fn boundary(&self, _: BlockId) -> u32 {
        0
    }

    fn join(&self, into: &mut u32, more: &u32) -> bool {
        let before = *into;
        *into = before.max(*more);
        *into != before
    }

    fn along(&self, id: BlockId, _: &Exit, fact: &u32) -> u32 {
        let heard = self.view.flow.block(id).is_none_or(|block| {
            let is_heard = |effect: &Effect| matches!(effect, Effect::Speaks | Effect::Asks | Effect::Waits | Effect::HandsOver);
            block.action.row().is_none() || block.effects().iter().any(is_heard)
        });
        if heard { 0 } else { (fact + seconds(self.view, id)).min(SECONDS_COUNTED) }
    }
}
