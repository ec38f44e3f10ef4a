//! `unchecked-input`: what a caller typed, said back or handed on before anything has looked at it.

use std::collections::BTreeSet;

use crate::catalogue::{Effect, Role, input};
use crate::flow::{Block, BlockId, Exit, Outlet};
use crate::lint::analysis::{Problem, View, forward, path, reads, spoken};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// Where what was typed is read.
const TYPED: &str = "$.StoredCustomerInput";

fn check(view: &View, report: &mut Report) {
    if !view.flow.blocks().any(|(_, block)| block.is(&input::STORED)) {
        return;
    }
    let copies = copies(view);
    let unchecked = forward(view.flow, &view.graph, &Unchecked { view });
    for (id, block) in view.flow.blocks() {
        let is_unchecked = unchecked.get(id.index()).copied().flatten().unwrap_or_default();
        if !is_unchecked || !block.has(Effect::Speaks) {
            continue;
        }
        let said = spoken(block).into_iter().find(|said| {
            said.text.parts.iter().any(|part| {
                matches!(part, crate::flow::Part::Path(path) if path == TYPED || copies.contains(path.as_str()))
            })
        });
        let Some(said) = said else { continue };
        let mut finding = report
            .finding(view, id, said.text.span, "what the caller typed is said back before anything has looked at it")
            .label("says `Timeout` where nothing was typed")
            .help(view.speech().say("ask with `if` or `match` what was typed, or let a function check it, before it is said", "compare what was typed, or let a function check it, before it is said"));
        let asked = view.flow.blocks().find(|(at, block)| {
            block.is(&input::STORED) && path(view.flow, *at, id, |from, exit| !checks(view, from, exit)).is_some()
        });
        if let Some((_, asked)) = asked {
            finding = finding.also(asked.span, "asks for it");
        }
        report.push(finding);
    }
}

/// The attributes that hold what was typed, as it is.
fn copies(view: &View) -> BTreeSet<String> {
    let writes = view.flow.blocks().flat_map(|(_, block)| crate::lint::analysis::writes(block));
    writes
        .filter(|write| write.value.is_some_and(|text| text.as_path() == Some(TYPED)))
        .map(|write| write.path)
        .collect()
}

/// Whether a block looks at what was typed, or sends it to something that does.
fn checks(view: &View, id: BlockId, _: &Exit) -> bool {
    view.flow.block(id).is_none_or(|block| {
        let looks = block.action.row().is_none_or(|row| matches!(row.role, Role::Compare | Role::CallModule));
        let runs = block.effects().iter().any(|effect| matches!(effect, Effect::Runs { .. }));
        looks || runs && !reads(block).is_empty()
    })
}

struct Unchecked<'a> {
    view: &'a View<'a>,
}

impl Problem for Unchecked<'_> {
    type Fact = bool;

    fn boundary(&self, _: BlockId) -> bool {
        false
    }

    fn join(&self, into: &mut bool, more: &bool) -> bool {
        let before = *into;
        *into |= more;
        *into != before
    }

    fn along(&self, id: BlockId, exit: &Exit, fact: &bool) -> bool {
        let asks = |block: &Block| block.is(&input::STORED) && !matches!(exit.outlet, Outlet::Error(_));
        if self.view.flow.block(id).is_some_and(asks) { true } else { *fact && !checks(self.view, id, exit) }
    }
}
