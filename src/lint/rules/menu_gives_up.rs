//! `menu-gives-up`: a menu that ends the call at the first wrong key.

use crate::catalogue::{Effect, Literals, Next, Role};
use crate::diagnostics::Safety;
use crate::flow::{BlockId, Exit, Outlet};
use crate::lint::analysis::{Problem, View, backward};
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    let menus: Vec<BlockId> = view
        .flow
        .blocks()
        .filter(|(id, block)| {
            let keys = block.variant().is_some_and(|variant| {
                variant.literals == Literals::Keys && matches!(variant.next, Next::Copies(_))
            });
            keys && view.graph.reaches(*id)
        })
        .map(|(id, _)| id)
        .collect();
    if menus.is_empty() {
        return;
    }
    let helped = backward(view.flow, &view.graph, &Helped { view });
    let is_helped = |id: BlockId| helped.get(id.index()).copied().flatten().unwrap_or(true);
    for id in menus {
        let Some(block) = view.flow.block(id) else { continue };
        // Not the menu's own failure, which no second try mends.
        let is_miss = |exit: &&Exit| match &exit.outlet {
            Outlet::Error(error) => error != crate::catalogue::FAILURE,
            _ => false,
        };
        let missed: Vec<&Exit> = view.flow.exits(id).iter().filter(is_miss).collect();
        let Some(first) = missed.first() else { continue };
        if missed.iter().any(|exit| is_helped(exit.target)) {
            continue;
        }
        let mut finding = report
            .finding(view, id, block.span, "this menu ends the call when the first key is wrong or none comes")
            .label("asks only once")
            .also(first.span, "leads to the end")
            .help(view.speech().say("ask again: `timeout, else { retry (max: 2) { spent -> sorry } }`", "ask again, and count the tries with a loop"));
        // `timeout, else -> sorry`: the arrow is what the last try leads to.
        let written = view.written(first.span).unwrap_or_default();
        if let Some((patterns, target)) = written.split_once("->").filter(|(_, target)| is_word(target.trim())) {
            let again = format!("{{ retry (max: 2) {{ spent -> {} }} }}", target.trim());
            let start = first.span.start as usize + patterns.len();
            let arrow = Span::new(first.span.source, start, first.span.end as usize);
            finding = finding.fix("ask again", arrow, again, Safety::Unsafe);
        }
        report.push(finding);
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether some path from a point asks again, or leaves the contact with somebody.
struct Helped<'a> {
    view: &'a View<'a>,
}

impl Problem for Helped<'_> {
    type Fact = bool;

    fn boundary(&self, at: BlockId) -> bool {
        // What ends otherwise than by hanging up goes on elsewhere.
        let row = self.view.flow.block(at).and_then(|block| block.action.row());
        row.is_none_or(|row| row.role != Role::HangUp)
    }

    fn join(&self, into: &mut bool, more: &bool) -> bool {
        let before = *into;
        *into |= more;
        *into != before
    }

    fn along(&self, id: BlockId, exit: &Exit, fact: &bool) -> bool {
        let speaks = self.view.flow.block(id).is_some_and(|block| block.has(Effect::Speaks) && !block.has(Effect::Asks));
        // That a goodbye cannot be said is no way on.
        if speaks && matches!(exit.outlet, Outlet::Error(_)) {
            return false;
        }
        let helps = self.view.flow.block(id).is_none_or(|block| {
            let here = |effect: &Effect| {
                matches!(effect, Effect::Asks | Effect::HandsOver | Effect::Leaves { .. } | Effect::NeedsQueue { .. })
            };
            block.action.row().is_none_or(|row| row.role == Role::CallModule) || block.effects().iter().any(here)
        });
        helps || *fact
    }
}
