//! `contact-chain`: more transfers in a row than the service takes.

use std::collections::BTreeSet;

use crate::flow::cycles;
use crate::lint::analysis::{Program, Site, Way};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

/// The flows that one contact can go through: twelve segments, which are eleven transfers.
const FLOWS_MAX: usize = 12;

fn check(program: &Program, report: &mut Report) {
    let edges: Vec<Vec<usize>> = program.views.iter().map(|view| leaving(view.sites.as_slice()).map(|site| site.to).collect()).collect();
    // What goes round is told by another rule; here it counts as no step.
    let mut group: Vec<Option<usize>> = vec![None; edges.len()];
    for (number, cycle) in cycles(&edges).iter().enumerate() {
        for at in cycle {
            group.get_mut(*at).into_iter().for_each(|slot| *slot = Some(number));
        }
    }
    let group = |at: usize| group.get(at).copied().flatten();
    let is_step = |from: usize, to: usize| from != to && (group(from).is_none() || group(from) != group(to));
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets.iter().filter(|to| is_step(from, **to)) {
            before.get_mut(*to).into_iter().for_each(|slot| {
                slot.insert(from);
            });
        }
    }
    let mut place = vec![1_usize; edges.len()];
    let mut ready: Vec<usize> = (0..edges.len()).filter(|at| before.get(*at).is_some_and(BTreeSet::is_empty)).collect();
    while let Some(from) = ready.pop() {
        let here = place.get(from).copied().unwrap_or_default();
        let targets: BTreeSet<usize> =
            edges.get(from).into_iter().flatten().copied().filter(|to| is_step(from, *to)).collect();
        for to in targets {
            place.get_mut(to).into_iter().for_each(|slot| *slot = (*slot).max(here + 1));
            if let Some(slot) = before.get_mut(to)
                && slot.remove(&from)
                && slot.is_empty()
            {
                ready.push(to);
            }
        }
    }
    for (at, view) in program.views.iter().enumerate().filter(|(at, _)| place.get(*at) == Some(&FLOWS_MAX)) {
        for site in leaving(&view.sites).filter(|site| is_step(at, site.to) && view.graph.reaches(site.block)) {
            let Some(block) = view.flow.block(site.block) else { continue };
            let finding = report
                .finding(view, site.block, block.span, format!("this transfer can be the {FLOWS_MAX}th in a row"))
                .label("a contact goes through 12 flows at most")
                .help("call modules instead of transferring, or let fewer flows lead to each other");
            report.push(finding);
        }
    }
}

fn leaving(sites: &[Site]) -> impl Iterator<Item = &Site> {
    sites.iter().filter(|site| site.way == Way::Leaves)
}
