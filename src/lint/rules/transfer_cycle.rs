//! `transfer-cycle`: flows that can transfer to each other for ever, while nobody is asked anything.

use std::collections::BTreeSet;

use crate::catalogue::{Effect, Role};
use crate::flow::{Block, BlockId, cycles};
use crate::lint::analysis::{Program, Site, View, Way, compared, path, writes};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

fn check(program: &Program, report: &mut Report) {
    for cycle in cycles(&edges(program, |_| true)) {
        // What the flows of the cycle write, a comparison in it may stop at.
        let written: BTreeSet<String> = cycle
            .iter()
            .filter_map(|at| program.views.get(*at))
            .flat_map(|view| view.flow.blocks().flat_map(|(_, block)| writes(block)))
            .map(|write| write.path)
            .collect();
        let is_open = |block: &Block| compared(block).is_none_or(|path| !written.contains(path));
        let inside = |at: usize| cycle.contains(&at);
        let among: Vec<Vec<usize>> = edges(program, is_open)
            .into_iter()
            .enumerate()
            .map(|(from, to)| if inside(from) { to.into_iter().filter(|to| inside(*to)).collect() } else { Vec::new() })
            .collect();
        for cycle in cycles(&among) {
            tell(program, &cycle, is_open, report);
        }
    }
}

fn tell(program: &Program, cycle: &[usize], is_open: impl Fn(&Block) -> bool, report: &mut Report) {
    let Some(view) = cycle.first().and_then(|at| program.views.get(*at)) else { return };
    let Some(site) = leaving(view).find(|site| cycle.contains(&site.to) && is_restless(view, site, &is_open)) else {
        return;
    };
    let Some(block) = view.flow.block(site.block) else { return };
    let names: Vec<&str> =
        cycle.iter().filter_map(|at| program.views.get(*at)).map(|view| view.flow.name.value.as_str()).collect();
    let message = match names.as_slice() {
        [name] => format!("the flow `{name}` can transfer to itself for ever"),
        [first, second] => format!("the flows `{first}` and `{second}` can transfer to each other for ever"),
        [first, .., last] => format!("the flows from `{first}` to `{last}` can transfer to each other for ever"),
        [] => return,
    };
    let mut finding = report
        .finding(view, site.block, block.span, message)
        .label("nobody is asked anything on the way round")
        .help("ask or wait before going back, or let one of the flows end the contact");
    let trail = view.flow.start().and_then(|start| {
        path(view.flow, start, site.block, |from, _| view.flow.block(from).is_none_or(|block| is_passed(block, &is_open)))
    });
    if let Some(trail) = trail {
        finding = finding.trail(view.flow, &trail);
    }
    report.push(finding);
}

/// By flow, the flows that it can leave for without a rest.
fn edges(program: &Program, is_open: impl Fn(&Block) -> bool) -> Vec<Vec<usize>> {
    let targets = |view: &View| leaving(view).filter(|site| is_restless(view, site, &is_open)).map(|site| site.to).collect();
    program.views.iter().map(targets).collect()
}

fn leaving<'v>(view: &'v View) -> impl Iterator<Item = &'v Site> {
    view.sites.iter().filter(|site| site.way == Way::Leaves)
}

fn is_restless(view: &View, site: &Site, is_open: &impl Fn(&Block) -> bool) -> bool {
    let passed = |from: BlockId| view.flow.block(from).is_none_or(|block| is_passed(block, is_open));
    view.flow.start().is_some_and(|start| {
        start == site.block || path(view.flow, start, site.block, |from, _| passed(from)).is_some()
    })
}

/// Whether contacts come through a block without an answer or a pause.
fn is_passed(block: &Block, is_open: &impl Fn(&Block) -> bool) -> bool {
    let doubts = block.action.row().is_none_or(|row| row.role == Role::CallModule);
    !doubts && is_open(block) && !block.effects().iter().any(|effect| matches!(effect, Effect::Asks | Effect::Waits))
}
