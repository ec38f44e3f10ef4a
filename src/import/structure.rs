//! From a graph back to bodies: what follows what, what stands in a branch, and what needs a step.
//!
//! Where control comes together again is where text can fall through. The dominators of the graph say where that can be:
//! a statement's branches may end in what it alone leads to. What several places lead to that nothing falls into becomes
//! a step. Which those are shows only while bodies are laid out, so laying out is repeated until no new step is found:
//! steps are only ever added.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, bump};
use super::units::{Default, Unit, UnitKind, Units};
use crate::flow::{BlockId, Flow};

/// Bodies inside one another that a reader can still follow; what lies deeper becomes a step.
const DEPTH_MAX: usize = 6;

/// A flow in bodies. Statements are named by their index.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub handler: Option<Branch>,
    pub opening: Vec<Line>,
    /// In the order in which a reader meets them.
    pub steps: Vec<Section>,
}

/// A step, named by its first statement.
#[derive(Debug)]
pub(super) struct Section {
    pub step: usize,
    /// Its own `on error`.
    pub handler: Option<Target>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    Statement {
        unit: usize,
        clauses: Vec<Clause>,
    },
    /// `retry`: the counter of the statement around.
    Retry {
        unit: usize,
        clauses: Vec<Clause>,
    },
    If {
        arms: Vec<(Arm, Vec<Line>)>,
        otherwise: Vec<Line>,
    },
    Repeat {
        unit: usize,
        body: Vec<Line>,
    },
    Jump(Target),
}

/// A condition: a statement's, as it stands or turned round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Arm {
    pub unit: usize,
    pub negated: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    pub patterns: Vec<String>,
    pub branch: Branch,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Branch {
    Arrow(Target),
    Body(Vec<Line>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Step(usize),
    Next,
    Again,
    Unhandled,
}

/// Where the errors of a body go that no clause names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handler {
    None,
    Next,
    Unhandled,
    To(usize),
}

/// Lays a flow out. With `chains`, a choice that is all there is to an alternative becomes an `else if`; without, each
/// statement keeps a line of its own for what stands above it.
pub(super) fn outline(flow: &Flow, units: &Units, handler: Handler, chains: bool) -> Outline {
    let graph = Graph::new(flow, units, handler);
    let mut steps: BTreeSet<usize> = BTreeSet::new();
    let inline_handler = graph.is_only_handled(handler);
    if let (Handler::To(target), false) = (handler, inline_handler) {
        steps.insert(target);
    }
    loop {
        let mut layout = Layout {
            graph: &graph,
            units,
            handler,
            chains,
            known: &steps,
            found: BTreeSet::new(),
            placed: vec![false; units.list.len()],
            granted: vec![false; units.list.len()],
            falls: vec![0; units.list.len()],
            queue: Vec::new(),
        };
        let outline = layout.whole(inline_handler);
        if layout.found.is_empty() {
            return outline;
        }
        let found = layout.found;
        steps.extend(found);
    }
}

/// What a line can see.
#[derive(Clone, Copy)]
struct Here {
    /// What control falls into at the end of the body.
    follow: Option<usize>,
    /// The statement whose clause this is.
    owner: Option<Owner>,
    cover: Cover,
    depth: usize,
}

#[derive(Clone, Copy)]
struct Owner {
    unit: usize,
    after: Option<usize>,
}

/// What covers an error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cover {
    By(Handler),
    /// The handler's own body: nothing.
    Nothing,
    /// The step that the handler points at: what the service requires carries on there, so a clause has to say.
    OwnStep,
}

struct Layout<'a> {
    graph: &'a Graph,
    units: &'a Units,
    handler: Handler,
    chains: bool,
    known: &'a BTreeSet<usize>,
    found: BTreeSet<usize>,
    placed: Vec<bool>,
    /// Statements that some line before them will fall into.
    granted: Vec<bool>,
    /// How many bodies have ended in falling into each statement.
    falls: Vec<usize>,
    queue: Vec<usize>,
}

impl Layout<'_> {
    fn whole(&mut self, inline_handler: bool) -> Outline {
        let mut outline = Outline::default();
        let covered = Here { follow: None, owner: None, cover: Cover::By(self.handler), depth: 0 };
        outline.handler = match self.handler {
            Handler::None => None,
            Handler::Next => Some(Branch::Arrow(Target::Next)),
            Handler::Unhandled => Some(Branch::Arrow(Target::Unhandled)),
            Handler::To(target) if !inline_handler => Some(Branch::Arrow(Target::Step(target))),
            Handler::To(target) => {
                // Placed first, so that nothing else takes it for its own.
                let here = Here { cover: Cover::Nothing, ..covered };
                Some(Branch::Body(self.sequence(target, true, here)))
            }
        };
        if let Some(start) = self.graph.start {
            outline.opening = self.sequence(start, false, covered);
        }
        let mut steps: BTreeMap<usize, Vec<Line>> = BTreeMap::new();
        let mut order: Vec<usize> = Vec::new();
        let mut at = 0;
        loop {
            while let Some(step) = self.queue.get(at).copied() {
                at += 1;
                if !steps.contains_key(&step) && !self.is_placed(step) {
                    let cover =
                        if self.handler == Handler::To(step) { Cover::OwnStep } else { Cover::By(self.handler) };
                    let lines = self.sequence(step, true, Here { cover, ..covered });
                    steps.insert(step, lines);
                    order.push(step);
                }
            }
            // The handler's own step, and what nothing reaches.
            let left = |index: &usize| !self.is_placed(*index);
            let handled = match self.handler {
                Handler::To(target) if left(&target) => Some(target),
                _ => None,
            };
            let is_root = |index: &usize| {
                left(index) && self.graph.forward(*index) <= 1 && self.graph.named.get(*index) == Some(&0)
            };
            let next = handled
                .or_else(|| (0..self.units.list.len()).find(is_root))
                .or_else(|| (0..self.units.list.len()).find(left));
            let Some(next) = next else { break };
            // A handler's step that nothing else leads to is a step all the same.
            self.queue.push(next);
        }
        // The handler's step reads best at the end.
        let section = |step| Section { step, handler: None, lines: steps.remove(&step).unwrap_or_default() };
        outline.steps = order.into_iter().map(section).collect();
        if let Handler::To(target) = self.handler
            && let Some(place) = outline.steps.iter().position(|section| section.step == target)
        {
            let handled = outline.steps.remove(place);
            outline.steps.push(handled);
        }
        outline
    }

    fn is_placed(&self, unit: usize) -> bool {
        self.placed.get(unit).copied().unwrap_or(true)
    }

    fn unit(&self, index: usize) -> Option<&Unit> {
        self.units.list.get(index)
    }

    fn of(&self, id: BlockId) -> usize {
        self.units.of.get(id.index()).copied().unwrap_or_default()
    }

    /// An arrow to a step; the statement becomes one if it was none.
    fn jump(&mut self, unit: usize) -> Line {
        if !self.known.contains(&unit) {
            self.found.insert(unit);
        }
        self.queue.push(unit);
        Line::Jump(Target::Step(unit))
    }

    /// The lines from a statement on. `granted`: this is the place that falls into it, or its own step.
    fn sequence(&mut self, start: usize, granted: bool, here: Here) -> Vec<Line> {
        let mut lines = Vec::new();
        let (mut at, mut granted) = (start, granted);
        loop {
            if Some(at) == here.follow && !granted {
                bump(&mut self.falls, at);
                return lines;
            }
            if let Some(owner) = here.owner.filter(|_| !granted) {
                if owner.unit == at {
                    lines.push(Line::Jump(Target::Again));
                    return lines;
                }
                if owner.after == Some(at) {
                    bump(&mut self.falls, at);
                    lines.push(Line::Jump(Target::Next));
                    return lines;
                }
            }
            let is_step =
                self.known.contains(&at) && !(granted && lines.is_empty() && !self.is_placed(at) && here.depth == 0);
            let is_shared = !granted && (self.graph.forward(at) > 1 || self.granted.get(at) == Some(&true));
            if is_step || self.is_placed(at) || is_shared || here.depth > DEPTH_MAX {
                let jump = self.jump(at);
                lines.push(jump);
                return lines;
            }
            if let Some(placed) = self.placed.get_mut(at) {
                *placed = true;
            }
            let Some(next) = self.statement(at, here, &mut lines) else { return lines };
            (at, granted) = next;
        }
    }

    /// Writes one statement; where the body goes on, and whether that was kept for it.
    fn statement(&mut self, at: usize, here: Here, lines: &mut Vec<Line>) -> Option<(usize, bool)> {
        let kind = self.unit(at)?.kind.clone();
        match kind {
            UnitKind::If { yes, no, .. } => self.choice(at, self.of(yes), self.of(no), here, lines),
            UnitKind::Loop { again, done, .. } => {
                let (again, done) = (self.of(again), self.of(done));
                if here.owner.is_some_and(|owner| owner.unit == again) {
                    return self.retry(at, here, lines);
                }
                // The head of a `repeat` has no clauses.
                let is_plain = self.unit(at).is_some_and(|unit| unit.ways.len() == 2);
                if is_plain && self.goes_round(at, again) && !self.known.contains(&again) && again != at {
                    let after = self.keep(done, at);
                    let inner = Here { follow: Some(at), depth: here.depth + 1, ..here };
                    // Inside, the end falls into the counter, not into what follows it.
                    let inner = Here { owner: None, ..inner };
                    let body = self.sequence(again, false, inner);
                    lines.push(Line::Repeat { unit: at, body });
                    return Some((done, after));
                }
                self.line(at, here, lines)
            }
            UnitKind::Line(_) => self.line(at, here, lines),
        }
    }

    fn fallen(&self, unit: usize) -> usize {
        self.falls.get(unit).copied().unwrap_or(0)
    }

    /// Whether what a counter leads to comes back to it, and nothing else leads into the middle.
    fn goes_round(&self, counter: usize, body: usize) -> bool {
        self.graph.forward(body) == 1 && self.graph.dominates(counter, body) && self.graph.leads(body, counter) > 0
    }

    /// Keeps a statement for the place that is going to fall into it, if it may stand there; whether it may.
    fn keep(&mut self, unit: usize, above: usize) -> bool {
        let is_free = !self.known.contains(&unit)
            && !self.is_placed(unit)
            && unit != above
            && self.graph.dominates(above, unit)
            && self.granted.get(unit) == Some(&false);
        if is_free && let Some(granted) = self.granted.get_mut(unit) {
            *granted = true;
        }
        is_free
    }

    fn line(&mut self, at: usize, here: Here, lines: &mut Vec<Line>) -> Option<(usize, bool)> {
        let unit = self.unit(at)?.clone();
        let next = unit.next.map(|id| self.of(id));
        // What the body goes on with behind this statement: its success, or where its branches come together.
        let (after, own, kept) = match next {
            Some(next) if Some(next) == here.follow => {
                bump(&mut self.falls, next);
                (here.follow, None, false)
            }
            Some(next) => {
                let kept = self.keep(next, at);
                (Some(next), Some(next), kept)
            }
            None => match self.joint(at, here.follow) {
                Some(joint) => {
                    let kept = self.keep(joint, at);
                    (Some(joint), Some(joint), kept)
                }
                None => (here.follow, None, false),
            },
        };
        let before = own.map(|own| self.fallen(own));
        let clauses = self.clauses(at, &unit, after, here, false);
        lines.push(Line::Statement { unit: at, clauses });
        // What nothing falls into needs no arrow behind the statement.
        own.filter(|own| kept || next.is_some() || Some(self.fallen(*own)) != before).map(|own| (own, kept))
    }

    fn retry(&mut self, at: usize, here: Here, lines: &mut Vec<Line>) -> Option<(usize, bool)> {
        let unit = self.unit(at)?.clone();
        let clauses = self.clauses(at, &unit, here.follow, here, true);
        lines.push(Line::Retry { unit: at, clauses });
        None
    }

    /// Where the branches of a statement that has no success come together: what it alone leads to and most of them
    /// reach, or a step that several of them end in. Nothing where that is what the body falls into anyway.
    fn joint(&self, at: usize, follow: Option<usize>) -> Option<usize> {
        let mut best: Option<(usize, usize)> = None;
        let children = self.graph.children.get(at)?;
        let steps = self.known.iter().filter(|step| !children.contains(step) && self.graph.leads(at, **step) > 1);
        let merges = children.iter().filter(|child| self.graph.forward(**child) > 1 && !self.known.contains(child));
        let stepped = children.iter().filter(|child| self.known.contains(child) && self.graph.leads(at, **child) > 1);
        for candidate in merges.chain(stepped).chain(steps) {
            if *candidate == at
                || Some(*candidate) == follow
                || self.is_placed(*candidate) && !self.known.contains(candidate)
            {
                continue;
            }
            let leads = self.graph.leads(at, *candidate);
            if best.is_none_or(|(most, _)| leads > most) {
                best = Some((leads, *candidate));
            }
        }
        let falling = follow.map_or(0, |follow| self.graph.leads(at, follow));
        best.filter(|(leads, _)| *leads > falling).map(|(_, unit)| unit)
    }

    fn choice(&mut self, at: usize, yes: usize, no: usize, here: Here, lines: &mut Vec<Line>) -> Option<(usize, bool)> {
        let follow = here.follow;
        let joint = self.joint(at, follow);
        let falling = |from: usize| follow.is_some_and(|follow| from == follow || self.graph.leads(from, follow) > 0);
        let is_own = |unit: usize| {
            self.graph.forward(unit) == 1 && self.graph.dominates(at, unit) && !self.known.contains(&unit)
        };
        let can_negate =
            matches!(self.unit(at).map(|unit| &unit.kind), Some(UnitKind::If { test, .. }) if test.negated.is_some());
        // With no place where both sides come together, the one that ends stands in the braces and the other goes on.
        if joint.is_none() {
            let small = |unit: usize| if is_own(unit) { self.graph.size(unit) } else { 0 };
            let yes_leaves = Some(yes) != follow && !(is_own(yes) && falling(yes));
            let no_leaves = Some(no) != follow && !(is_own(no) && falling(no));
            let turn = if yes_leaves && no_leaves {
                can_negate && small(yes) > 2 * small(no) + 2
            } else {
                can_negate && no_leaves
            };
            if yes_leaves || turn {
                let (body, rest) = if turn { (no, yes) } else { (yes, no) };
                if Some(rest) != follow {
                    let kept = self.keep(rest, at);
                    let lines_of =
                        self.sequence(body, false, Here { follow: Some(rest), depth: here.depth + 1, ..here });
                    lines.push(Line::If {
                        arms: vec![(Arm { unit: at, negated: turn }, lines_of)],
                        otherwise: Vec::new(),
                    });
                    return Some((rest, kept));
                }
            }
        }
        let (after, kept) = match joint {
            Some(joint) => (Some(joint), self.keep(joint, at)),
            None => (follow, false),
        };
        let before = joint.map(|joint| self.fallen(joint));
        let inner = Here { follow: after, depth: here.depth + 1, ..here };
        let turn = Some(yes) == after && can_negate;
        let (first, second) = if turn { (no, yes) } else { (yes, no) };
        let body = self.sequence(first, false, inner);
        let otherwise = self.sequence(second, false, inner);
        let mut arms = vec![(Arm { unit: at, negated: turn }, body)];
        // `else { if .. }` reads as `else if ..`.
        let otherwise = match <[Line; 1]>::try_from(otherwise) {
            Ok([Line::If { arms: more, otherwise }]) if self.chains => {
                arms.extend(more);
                otherwise
            }
            Ok([line]) => vec![line],
            Err(lines) => lines,
        };
        lines.push(Line::If { arms, otherwise });
        joint.filter(|joint| kept || Some(self.fallen(*joint)) != before).map(|joint| (joint, kept))
    }

    // ---- clauses ----------------------------------------------------------------------------------------------------

    fn clauses(&mut self, at: usize, unit: &Unit, after: Option<usize>, here: Here, is_retry: bool) -> Vec<Clause> {
        /// Patterns that lead to one place.
        struct Group {
            patterns: Vec<String>,
            to: Option<usize>,
            ends_in_condition: bool,
        }
        let mut groups: Vec<Group> = Vec::new();
        for way in &unit.ways {
            let to = way.to.map(|id| self.of(id));
            if is_retry && way.pattern == CONTINUE {
                continue;
            }
            if Self::goes_without_saying(way.default, to, after, here.cover) {
                if let Some(after) = after.filter(|after| to == Some(*after)) {
                    bump(&mut self.falls, after);
                }
                continue;
            }
            let pattern = if is_retry && way.pattern == DONE { SPENT.to_owned() } else { way.pattern.clone() };
            let last = groups.len().saturating_sub(1);
            let fitting = groups.iter_mut().enumerate().find(|(index, group)| {
                group.to == to && (!way.is_condition || (*index == last && group.ends_in_condition))
            });
            match fitting {
                Some((_, group)) => {
                    group.patterns.push(pattern);
                    group.ends_in_condition &= way.is_condition;
                }
                None => groups.push(Group { patterns: vec![pattern], to, ends_in_condition: way.is_condition }),
            }
        }
        if unit.next.is_none() && unit.continues && !unit.is_terminal && after.is_some() {
            groups.push(Group { patterns: vec!["next".to_owned()], to: None, ends_in_condition: false });
        } else if let Some(next) = unit.next.map(|id| self.of(id))
            && !unit.continues
        {
            // A default target that the action has no use for, kept as it was found.
            groups.push(Group { patterns: vec!["next".to_owned()], to: Some(next), ends_in_condition: false });
        }
        groups
            .into_iter()
            .map(|group| {
                let branch = match group.to {
                    None => Branch::Arrow(Target::Unhandled),
                    Some(to) if Some(to) == after => {
                        bump(&mut self.falls, to);
                        Branch::Arrow(Target::Next)
                    }
                    Some(to) if to == at => Branch::Arrow(Target::Again),
                    Some(to) => {
                        let owner = Some(Owner { unit: at, after });
                        let inner = Here { follow: after, owner, cover: here.cover, depth: here.depth + 1 };
                        let lines = self.sequence(to, false, inner);
                        match lines.as_slice() {
                            [] => Branch::Arrow(Target::Next),
                            [Line::Jump(target)] => Branch::Arrow(*target),
                            _ => Branch::Body(lines),
                        }
                    }
                };
                Clause { patterns: group.patterns, branch }
            })
            .collect()
    }

    /// Whether a branch goes where it goes without a clause. `to` is nothing where the document has no such branch.
    fn goes_without_saying(default: Default, to: Option<usize>, after: Option<usize>, cover: Cover) -> bool {
        match default {
            Default::Absent => to.is_none(),
            Default::Explicit => false,
            Default::After => to.is_some() && to == after,
            Default::Handled { required } => match cover {
                Cover::By(Handler::To(target)) => to == Some(target),
                Cover::By(Handler::Next) if required => to.is_some() && to == after,
                Cover::By(Handler::Unhandled) => to.is_none(),
                Cover::By(Handler::None) | Cover::Nothing if required => to.is_none(),
                Cover::OwnStep if required => false,
                Cover::By(Handler::Next | Handler::None) | Cover::Nothing | Cover::OwnStep => to == after,
            },
        }
    }
}

/// The outlet words of a counter, and what a retry calls its end.
const CONTINUE: &str = "continue";
const DONE: &str = "done";
const SPENT: &str = "spent";
