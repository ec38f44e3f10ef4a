//! `module-depth`: modules that call each other deeper than the service follows, or for ever.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint::analysis::{Program, Site, Way};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

/// Modules inside one another that the service follows.
const DEPTH_MAX: usize = 5;

fn check(program: &Program, report: &mut Report) {
    let is_recursive: BTreeSet<usize> = program.recursive.iter().flatten().copied().collect();
    for cycle in &program.recursive {
        let inside = cycle.iter().find_map(|at| {
            let view = program.views.get(*at)?;
            let site = calls(program, *at).find(|site| cycle.contains(&site.to) && view.graph.reaches(site.block))?;
            Some((view, site))
        });
        let Some((view, site)) = inside else { continue };
        let Some(block) = view.flow.block(site.block) else { continue };
        let name = &view.flow.name.value;
        let message = if cycle.len() == 1 {
            format!("the module `{name}` calls itself")
        } else {
            format!("the module `{name}` comes to call itself, through {} others", cycle.len() - 1)
        };
        let finding = report
            .finding(view, site.block, block.span, message)
            .label("the service refuses to go in again")
            .help(view.speech().say("repeat inside the module with `repeat`, or go back with a transfer between flows", "repeat inside the module with a loop, or go back with a transfer between flows"));
        report.push(finding);
    }
    for (at, depth) in depths(program, &is_recursive) {
        let Some(view) = program.views.get(at).filter(|_| depth == DEPTH_MAX) else { continue };
        for site in calls(program, at).filter(|site| !is_recursive.contains(&site.to)) {
            let Some(block) = view.flow.block(site.block).filter(|_| view.graph.reaches(site.block)) else { continue };
            let finding = report
                .finding(view, site.block, block.span, format!("this call can be {} modules deep", depth + 1))
                .label(format!("{DEPTH_MAX} inside one another are the most"))
                .help("let an outer module do what this one calls, or return before it is called");
            report.push(finding);
        }
    }
}

fn calls<'p>(program: &'p Program, at: usize) -> impl Iterator<Item = &'p Site> {
    program.views.get(at).into_iter().flat_map(|view| &view.sites).filter(|site| site.way == Way::Calls)
}

/// How deep each flow can be called: not at all for a flow, once for a module that a flow calls.
fn depths(program: &Program, is_recursive: &BTreeSet<usize>) -> BTreeMap<usize, usize> {
    let mut depths: BTreeMap<usize, usize> = BTreeMap::new();
    let mut callers: Vec<usize> = vec![0; program.views.len()];
    let known = |site: &&Site| !is_recursive.contains(&site.to);
    for at in 0..program.views.len() {
        for site in calls(program, at).filter(known).filter(|_| !is_recursive.contains(&at)) {
            callers.get_mut(site.to).into_iter().for_each(|count| *count += 1);
        }
    }
    let mut ready: Vec<usize> = (0..program.views.len()).filter(|at| callers.get(*at) == Some(&0)).collect();
    while let Some(at) = ready.pop() {
        let is_module = program.views.get(at).is_some_and(|view| view.flow.is_module());
        let depth = *depths.entry(at).or_insert(usize::from(is_module));
        if is_recursive.contains(&at) {
            continue;
        }
        for site in calls(program, at).filter(known) {
            let below = depths.entry(site.to).or_default();
            *below = (*below).max(depth + 1);
            if let Some(count) = callers.get_mut(site.to) {
                *count -= 1;
                if *count == 0 {
                    ready.push(site.to);
                }
            }
        }
    }
    depths
}
