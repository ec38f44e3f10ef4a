//! A step whose errors go another way than those of the flow says so once.
//!
//! Under the handler of the flow, each of its statements has a clause for that. With a handler of its own, the step says
//! instead where an error goes the flow's way.

use super::structure::{Branch, Clause, Line, Outline, Section, Target};
use super::units::{Default, Unit, Units, Way};

/// Clauses that a handler has to save.
const CLAUSES_MIN: usize = 3;

/// Gives each step the handler that its clauses ask for.
pub(super) fn handle(outline: &mut Outline, units: &Units) {
    // A handler with a body is no target that a clause could name.
    let around = match outline.handler {
        Some(Branch::Arrow(target)) => Some(target),
        Some(Branch::Body(_)) | None => None,
    };
    for section in &mut outline.steps {
        // Errors in the step that a handler points at are another matter.
        if around == Some(Target::Step(section.step)) {
            continue;
        }
        let Some(target) = agreed(section, units, around) else { continue };
        section.handler = Some(target);
        each(&mut section.lines, &mut |unit, clauses| {
            let Some(unit) = units.list.get(unit) else { return };
            for way in handled(unit) {
                match (said(way, clauses), around) {
                    (Some(at), _) => {
                        if let Some(clause) = clauses.get_mut(at).filter(|found| found.branch == Branch::Arrow(target))
                        {
                            clause.patterns.retain(|pattern| *pattern != way.pattern);
                        }
                    }
                    (None, Some(around)) => {
                        clauses.push(Clause { patterns: vec![way.pattern.clone()], branch: Branch::Arrow(around) });
                    }
                    (None, None) => {}
                }
            }
            clauses.retain(|clause| !clause.patterns.is_empty());
        });
    }
}

/// Where most errors of a step go, if a handler saves clauses then: what was left to the handler around needs one.
fn agreed(section: &mut Section, units: &Units, around: Option<Target>) -> Option<Target> {
    let mut votes: Vec<(Target, usize)> = Vec::new();
    let mut silent = 0;
    each(&mut section.lines, &mut |unit, clauses| {
        let Some(unit) = units.list.get(unit) else { return };
        for way in handled(unit) {
            let clause = said(way, clauses).and_then(|at| clauses.get(at));
            match clause.map(|clause| &clause.branch) {
                None => silent += 1,
                // `again` leads to another place from each statement.
                Some(Branch::Arrow(Target::Again) | Branch::Body(_)) => {}
                Some(Branch::Arrow(target)) => match votes.iter_mut().find(|(known, _)| known == target) {
                    Some((_, count)) => *count += 1,
                    None => votes.push((*target, 1)),
                },
            }
        }
    });
    if silent > 0 && around.is_none() {
        return None;
    }
    let votes = votes.into_iter().filter(|(target, _)| *target != Target::Step(section.step));
    // Of two with as many votes, the first.
    let most = votes.rev().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count >= CLAUSES_MIN + silent).map(|(target, _)| target)
}

/// The ways out that a handler covers.
fn handled(unit: &Unit) -> impl Iterator<Item = &Way> {
    unit.ways.iter().filter(|way| matches!(way.default, Default::Handled { .. }))
}

/// The clause that names a way.
fn said(way: &Way, clauses: &[Clause]) -> Option<usize> {
    clauses.iter().position(|clause| clause.patterns.contains(&way.pattern))
}

/// Each statement of some lines and of the bodies in them, with its clauses.
fn each(lines: &mut [Line], act: &mut dyn FnMut(usize, &mut Vec<Clause>)) {
    let mut open: Vec<&mut [Line]> = vec![lines];
    while let Some(lines) = open.pop() {
        for line in lines {
            match line {
                Line::Jump(_) => {}
                Line::Repeat { body, .. } => open.push(body),
                Line::If { arms, otherwise } => {
                    open.extend(arms.iter_mut().map(|(_, body)| body.as_mut_slice()));
                    open.push(otherwise);
                }
                Line::Statement { unit, clauses } | Line::Retry { unit, clauses } => {
                    act(*unit, clauses);
                    let bodies = clauses.iter_mut().filter_map(|clause| match &mut clause.branch {
                        Branch::Body(body) => Some(body.as_mut_slice()),
                        Branch::Arrow(_) => None,
                    });
                    open.extend(bodies);
                }
            }
        }
    }
}
