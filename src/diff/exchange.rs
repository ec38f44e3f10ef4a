//! The last step of matching: where alike blocks were taken for each other, they are exchanged if fewer connections differ
//! then.
//!
//! Blocks that are alike often come in rows: two functions, each with an apology behind its failure. Exchanging the functions
//! alone helps nobody, since their apologies would be the wrong ones then. So an exchange takes along what hangs on it, as
//! far as that is alike too, and is judged as a whole.

use super::graph::Graph;
use super::matching::Matching;

/// How often exchanges are looked for. Each pass mends what the one before has made worth mending.
const PASSES: usize = 4;
/// Most branches that lead to a block that is exchanged; where more do, it is the end of everything.
const ENTRIES_MAX: usize = 64;
/// Most blocks that one exchange takes along. It bounds the work for each block.
const TAKEN_MAX: usize = 24;

/// Exchanges alike blocks where fewer connections differ then.
pub(super) fn mend(old: &Graph, new: &Graph, matching: &mut Matching) {
    for _ in 0..PASSES {
        let mut is_better = false;
        if let (Some(first), Some(other)) = (old.start, new.start) {
            is_better |= try_exchange(old, new, matching, first, other);
        }
        for at in 0..old.nodes.len() {
            let Some(now) = matching.new_of(at) else { continue };
            for (at, other) in beside(old, new, matching, at, now) {
                is_better |= try_exchange(old, new, matching, at, other);
            }
        }
        if !is_better {
            return;
        }
    }
}

/// Pairs two blocks that are alike, alone or with what hangs on them, if that is better.
fn try_exchange(old: &Graph, new: &Graph, matching: &mut Matching, at: usize, other: usize) -> bool {
    [1, TAKEN_MAX].into_iter().any(|most| {
        let mut exchange = Exchange { old, new, matching, changed: Vec::new(), around: Vec::new(), before: 0 };
        exchange.take(at, other, most);
        exchange.settle()
    })
}

/// What two blocks lead to by the same branch, and what leads to them by the same branch and is the only one to do and be
/// given that, where it is alike and paired otherwise.
fn beside(old: &Graph, new: &Graph, matching: &Matching, at: usize, now: usize) -> Vec<(usize, usize)> {
    let is_other =
        |pair: &(usize, usize)| matching.new_of(pair.0) != Some(pair.1) && old.content(pair.0) == new.content(pair.1);
    let targets = old.exits(at).iter().filter_map(|(outlet, target)| Some((*target, new.target(now, *outlet)?)));
    let mut found: Vec<(usize, usize)> = targets.filter(is_other).collect();
    let (entries, others) = (old.entries(at), new.entries(now));
    if entries.len() > ENTRIES_MAX || others.len() > ENTRIES_MAX {
        return found;
    }
    for (outlet, source) in entries {
        let content = old.content(*source);
        let is_only = entries.iter().filter(|(by, from)| by == outlet && old.content(*from) == content).count() == 1;
        let mut same = others.iter().filter(|(by, from)| by == outlet && new.content(*from) == content);
        if let (true, Some((_, other)), None) = (is_only, same.next(), same.next()) {
            found.extend(Some((*source, *other)).filter(is_other));
        }
    }
    found
}

/// Pairs that are being tried.
struct Exchange<'a> {
    old: &'a Graph,
    new: &'a Graph,
    matching: &'a mut Matching,
    /// What was paired with what, before each step.
    changed: Vec<Step>,
    /// The old blocks whose connections may fare otherwise now, and how many of those differed before.
    around: Vec<usize>,
    before: usize,
}

/// Two blocks that are paired now, and what each was paired with.
#[derive(Debug, Clone, Copy)]
struct Step {
    old: usize,
    new: usize,
    was_new: Option<usize>,
    was_old: Option<usize>,
}

impl Exchange<'_> {
    /// Pairs two blocks, and then what they lead to and what leads to them in the same way, as long as it is alike.
    fn take(&mut self, at: usize, other: usize, most: usize) {
        let mut open = std::collections::VecDeque::from([(at, other)]);
        while let Some((at, other)) = open.pop_front() {
            if self.changed.len() >= most {
                return;
            }
            let Some(step) = self.step(at, other) else { continue };
            open.extend(beside(self.old, self.new, self.matching, step.old, step.new));
            // What they were paired with belongs together now, and so does what hangs on that.
            if let (Some(old), Some(new)) = (step.was_old, step.was_new) {
                open.extend(beside(self.old, self.new, self.matching, old, new));
            }
        }
    }

    /// Exchanges one pair; nothing if it is one already, or if something would be paired that is not alike.
    fn step(&mut self, old: usize, new: usize) -> Option<Step> {
        let (was_new, was_old) = (self.matching.new_of(old), self.matching.old_of(new));
        let alike = |a: usize, b: usize| self.old.content(a) == self.new.content(b);
        let is_done = self.changed.iter().any(|step| step.old == old || step.new == new);
        if was_new == Some(new) || is_done || !alike(old, new) {
            return None;
        }
        if let (Some(was_old), Some(was_new)) = (was_old, was_new)
            && !alike(was_old, was_new)
        {
            return None;
        }
        let touched = [Some(old), was_old].into_iter().flatten();
        if touched.clone().any(|at| self.old.entries(at).len() > ENTRIES_MAX) {
            return None;
        }
        for at in touched {
            self.look_at(at);
            for (_, source) in self.old.entries(at) {
                self.look_at(*source);
            }
        }
        let step = Step { old, new, was_new, was_old };
        self.set(step.was_old, step.was_new);
        self.matching.pair(old, new);
        self.changed.push(step);
        Some(step)
    }

    /// Notes how an old block's connections fare, before any step changes that.
    fn look_at(&mut self, at: usize) {
        if !self.around.contains(&at) {
            self.around.push(at);
            self.before += self.differing(at);
        }
    }

    /// Keeps what was tried if fewer connections differ, and takes it back if not. Whether it was kept.
    fn settle(mut self) -> bool {
        let after: usize = self.around.iter().map(|at| self.differing(*at)).sum();
        if self.changed.is_empty() || after < self.before {
            return !self.changed.is_empty();
        }
        while let Some(step) = self.changed.pop() {
            if let Some(slot) = self.matching.new_of.get_mut(step.old) {
                *slot = step.was_new;
            }
            if let Some(slot) = self.matching.old_of.get_mut(step.new) {
                *slot = step.was_old;
            }
            if let Some(slot) = step.was_old.and_then(|at| self.matching.new_of.get_mut(at)) {
                *slot = Some(step.new);
            }
            if let Some(slot) = step.was_new.and_then(|at| self.matching.old_of.get_mut(at)) {
                *slot = Some(step.old);
            }
        }
        false
    }

    fn set(&mut self, old: Option<usize>, new: Option<usize>) {
        if let Some(slot) = old.and_then(|at| self.matching.new_of.get_mut(at)) {
            *slot = new;
        }
        if let Some(slot) = new.and_then(|at| self.matching.old_of.get_mut(at)) {
            *slot = old;
        }
    }

    /// How many connections of an old block are not those of its new one.
    fn differing(&self, old: usize) -> usize {
        let Some(new) = self.matching.new_of(old) else { return 1 };
        let kept = |exit: &&(u32, usize)| {
            let target = self.new.target(new, exit.0);
            target.is_some_and(|target| self.is_kept(exit.1, target))
        };
        let (exits, others) = (self.old.exits(old), self.new.exits(new));
        let same = exits.iter().filter(kept).count();
        exits.len().max(others.len()) - same
    }

    /// Whether a branch that led to an old block and leads to a new one has not been changed itself: they belong together, or
    /// one of them was taken out of the way to the other, or put into it.
    fn is_kept(&self, old: usize, new: usize) -> bool {
        let leads = |graph: &Graph, from, to| graph.exits(from).iter().any(|exit| exit.1 == to);
        match (self.matching.new_of(old), self.matching.old_of(new)) {
            (Some(now), Some(_)) => now == new,
            (None, Some(was)) => leads(self.old, old, was),
            (Some(now), None) => leads(self.new, new, now),
            (None, None) => false,
        }
    }
}
