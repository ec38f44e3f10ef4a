//! `queue-not-set`: a transfer to a queue on a path that has set none.

use crate::catalogue::Effect;
use crate::lint::analysis::{Key, Program, View, Way, path};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

fn check(program: &Program, report: &mut Report) {
    let known = known(program);
    for (view, is_known) in program.views.iter().zip(known) {
        if view.is_source || is_known {
            look(view, report);
        }
    }
}

/// By flow, whether it is to be seen here what happens to queues: it sets one, by itself or in a module that it calls, or comes
/// after a flow that does. A document by itself does not show who transfers to it, with a queue that is set already.
fn known(program: &Program) -> Vec<bool> {
    let sets = |view: &View| view.facts.written().any(|key| *key == Key::Queue);
    let mut known: Vec<bool> = program.views.iter().map(sets).collect();
    // Callers know of what they call, and then all that is led to knows of who leads there.
    let mut calls: Vec<(usize, usize)> = Vec::new();
    let mut leads: Vec<(usize, usize)> = Vec::new();
    for (from, view) in program.views.iter().enumerate() {
        for site in &view.sites {
            leads.push((from, site.to));
            calls.extend((site.way == Way::Calls).then_some((site.to, from)));
        }
    }
    for edges in [calls, leads] {
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            for (from, to) in &edges {
                let is_known = known.get(*from).copied().unwrap_or_default();
                if let Some(slot) = known.get_mut(*to).filter(|slot| is_known && !**slot) {
                    *slot = true;
                    is_settled = false;
                }
            }
        }
    }
    known
}

fn look(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let needs = block.effects().iter().any(|effect| match effect {
            Effect::NeedsQueue { unless } => unless.iter().all(|param| block.arg(param).is_none()),
            _ => false,
        });
        let status = view.facts.before(id, &Key::Queue);
        if !needs || !status.may_be_unset() {
            continue;
        }
        let (message, label) = if status.is_never_set() {
            ("no queue has been set for this transfer", "goes nowhere")
        } else {
            ("on some path no queue has been set for this transfer", "goes nowhere on that path")
        };
        let mut finding = report
            .finding(view, id, block.span, message)
            .label(label)
            .help(view.speech().say("say `set queue <queue>` before it, or `transfer to queue <queue>`", "set a working queue before it, on every path"));
        let trail = view.flow.start().and_then(|start| {
            path(view.flow, start, id, |from, exit| view.facts.keeps_unset(from, exit, &Key::Queue))
        });
        if let Some(trail) = trail {
            finding = finding.trail(view.flow, &trail);
        }
        report.push(finding);
    }
}
