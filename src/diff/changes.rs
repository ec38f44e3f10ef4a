//! From pairs of blocks to what a reviewer wants to know.
//!
//! A branch that leads to a new block counts as that block's, where the way comes back to what the branch led to before, and
//! one that led to a block that is gone counts as that one's: who puts a line between two others has changed neither.

use std::collections::{BTreeMap, HashMap};

use super::drawing::{self, Drawing, Marks};
use super::fields::{Addresses, has_names, leaves};
use super::graph::{Graph, Numbers};
use super::matching::{Matching, matching};
use super::place::Places;
use super::{Change, Detail, Said, Told, Version, Way};
use crate::catalogue::{Operator, Role, word_of};
use crate::emit;
use crate::flow::{Action, Block, BlockId, Exit, Flow, Outlet};
use crate::import::Words;
use crate::source::Form;

/// How many of the ways that lead to a block are told.
const WAYS_MAX: usize = 3;

/// What changed about a flow, and pictures of it.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub changes: Vec<Told>,
    pub drawings: Vec<Drawing>,
}

/// Compares two versions of one flow.
pub(super) fn compare(old: &Version, new: &Version) -> Compared {
    let by_name = old.form != new.form || has_names(&old.flow) != has_names(&new.flow);
    let addresses = if by_name { Addresses::ByName } else { Addresses::AsGiven };
    let mut numbers = Numbers::default();
    let old_words = Words::new(&old.flow);
    let new_words = Words::new(&new.flow);
    let old_graph = numbers.graph(&old.flow, &old_words, addresses);
    let new_graph = numbers.graph(&new.flow, &new_words, addresses);
    let matching = matching(&old_graph, &new_graph);
    let (mut old_places, mut new_places) = (Places::new(old), Places::new(new));
    let old = Side::new(&old.flow, old_words, old_graph, |at| matching.new_of(at), old.form);
    let new = Side::new(&new.flow, new_words, new_graph, |at| matching.old_of(at), new.form);
    let mut comparison = Comparison { old, new, matching, found: Vec::new(), marks: Marks::default() };
    comparison.about();
    comparison.blocks();
    comparison.branches();
    let mut found = std::mem::take(&mut comparison.found);
    found.sort_by_key(|found| found.rank);
    let mut told = |found: Found| {
        let (before, after) = match found.at {
            At::Flow => (old_places.of_flow(), new_places.of_flow()),
            At::Blocks { old, new } => (old.and_then(|at| old_places.of(at)), new.and_then(|at| new_places.of(at))),
        };
        Told { change: found.change, before, after }
    };
    let changes: Vec<Told> = found.into_iter().map(&mut told).collect();
    let drawings = drawing::drawings(&comparison.old, &comparison.new, &comparison.matching, &comparison.marks);
    Compared { changes, drawings }
}

/// One version, with what is asked of it more than once.
pub(super) struct Side<'f> {
    pub flow: &'f Flow,
    pub words: Words<'f>,
    pub graph: Graph,
    form: Form,
    /// The order in which a reader comes to the blocks, from the beginning.
    ranks: Vec<usize>,
    /// For each block without a counterpart, the group of such blocks that it hangs together with.
    group: Vec<Option<usize>>,
    /// The blocks with a counterpart that each group leads to.
    groups: Vec<Vec<usize>>,
    /// Whether the contact is hung up on if from here on all is well and nobody chooses.
    hangs_up: Vec<bool>,
}

impl<'f> Side<'f> {
    fn new(
        flow: &'f Flow,
        words: Words<'f>,
        graph: Graph,
        counterpart: impl Fn(usize) -> Option<usize>,
        form: Form,
    ) -> Self {
        let (group, groups) = groups(&graph, counterpart);
        let (ranks, hangs_up) = (ranks(&graph), hangs_up(flow));
        Self { flow, words, graph, form, ranks, group, groups, hangs_up }
    }

    fn block(&self, at: usize) -> Option<(BlockId, &'f Block)> {
        self.flow.at(at)
    }

    pub fn said(&self, at: usize) -> Said {
        self.block(at).map_or_else(
            || Said { sentence: String::new(), step: String::new() },
            |(_, block)| Said { sentence: block.label.clone(), step: block.step.to_string() },
        )
    }

    pub fn exits(&self, at: usize) -> &'f [Exit] {
        self.block(at).map(|(id, _)| self.flow.exits(id)).unwrap_or_default()
    }

    /// The branches of a block in the language's words, in the order of its exits.
    pub fn branches(&self, at: usize) -> Vec<String> {
        self.block(at).map(|(id, _)| self.words.branches(id)).unwrap_or_default()
    }

    fn way(&self, at: usize, outlet: u32) -> Way {
        let place = self.graph.exits(at).iter().position(|exit| exit.0 == outlet);
        let branch = place.and_then(|place| self.branches(at).into_iter().nth(place));
        Way { block: self.said(at), branch: branch.unwrap_or_default() }
    }

    fn hangs_up(&self, at: usize) -> bool {
        self.hangs_up.get(at).copied().unwrap_or(false)
    }

    fn rank(&self, at: usize) -> usize {
        self.ranks.get(at).copied().unwrap_or(usize::MAX)
    }

    /// The blocks with a counterpart that the group of a block leads to.
    fn beyond(&self, at: usize) -> &[usize] {
        let group = self.group.get(at).copied().flatten().and_then(|group| self.groups.get(group));
        group.map(Vec::as_slice).unwrap_or_default()
    }
}

/// Where a change stands among the others: the rank of its block in the new flow; what is gone stands behind what was before
/// it.
type Rank = (usize, usize, usize);

/// A change, as it is found.
struct Found {
    rank: Rank,
    at: At,
    change: Change,
}

/// What a change is about.
#[derive(Debug, Clone, Copy)]
enum At {
    Flow,
    /// A block, by its number in either version.
    Blocks {
        old: Option<usize>,
        new: Option<usize>,
    },
}

impl At {
    fn both(old: usize, new: usize) -> Self {
        Self::Blocks { old: Some(old), new: Some(new) }
    }
}

struct Comparison<'f> {
    old: Side<'f>,
    new: Side<'f>,
    matching: Matching,
    found: Vec<Found>,
    marks: Marks,
}

/// How the target of a branch, or the beginning, fared.
enum Fate {
    Same,
    /// What differs is told with a block that is new or gone.
    Told,
    Moved,
}

impl Comparison<'_> {
    fn tell(&mut self, rank: Rank, at: At, change: Change) {
        self.found.push(Found { rank, at, change });
    }

    fn fate(&self, old: usize, new: usize) -> Fate {
        match (self.matching.new_of(old), self.matching.old_of(new)) {
            (Some(now), Some(_)) if now == new => Fate::Same,
            (Some(now), None) if self.new.beyond(new).contains(&now) => Fate::Told,
            (None, Some(was)) if self.old.beyond(old).contains(&was) => Fate::Told,
            (None, None) => Fate::Told,
            _ => Fate::Moved,
        }
    }

    // ---- the flow itself ----------------------------------------------------------------------------------------------

    fn about(&mut self) {
        let (old, new) = (self.old.flow, self.new.flow);
        let mut found: Vec<(String, Option<String>, Option<String>)> = Vec::new();
        // Only a source can say some of it, so what a document lacks is not gone.
        let is_told = |before: bool, after: bool| self.old.form == self.new.form || (before && after);
        let mut compare = |what: &str, before: Option<String>, after: Option<String>| {
            if before != after {
                found.push((what.to_owned(), before, after));
            }
        };
        compare("type", Some(emit::kind_words(old)), Some(emit::kind_words(new)));
        if is_told(old.description.is_some(), new.description.is_some()) {
            compare("description", old.description.clone(), new.description.clone());
        }
        if is_told(!old.channels.is_empty(), !new.channels.is_empty()) {
            let words = |flow: &Flow| {
                let words: Vec<&str> = flow.channels.iter().map(|channel| channel.word()).collect();
                (!words.is_empty()).then(|| words.join(", "))
            };
            compare("channels", words(old), words(new));
        }
        if let (Some(before), Some(after)) = (old.contract(), new.contract())
            && is_told(!before.is_empty(), !after.is_empty())
        {
            let fields = |fields: &[crate::flow::Field]| -> BTreeMap<String, String> {
                fields.iter().map(|field| (field.name.value.to_string(), field.kind.value.to_string())).collect()
            };
            let branches = |contract: &crate::flow::Contract| -> BTreeMap<String, String> {
                contract.branches.iter().map(|branch| (branch.value.to_string(), branch.value.to_string())).collect()
            };
            for (what, before, after) in [
                ("input", fields(&before.inputs), fields(&after.inputs)),
                ("branch", branches(before), branches(after)),
                ("result", fields(&before.returns), fields(&after.returns)),
            ] {
                let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                for name in names {
                    compare(&format!("{what} `{name}`"), before.get(name).cloned(), after.get(name).cloned());
                }
            }
        }
        let settings = |flow: &Flow| flow.settings.as_ref().map(ToString::to_string);
        if is_told(old.settings.is_some(), new.settings.is_some()) {
            compare("settings", settings(old), settings(new));
        }
        let notes = |flow: &Flow| {
            let mut notes: Vec<String> = flow.notes.iter().map(|note| note.text.clone()).collect();
            notes.sort_unstable();
            notes
        };
        let (mut before, mut after) = (notes(old), notes(new));
        before.retain(|note| after.iter().position(|other| other == note).map(|at| after.remove(at)).is_none());
        found.extend(before.into_iter().map(|note| ("note".to_owned(), Some(note), None)));
        found.extend(after.into_iter().map(|note| ("note".to_owned(), None, Some(note))));
        for (order, (what, before, after)) in found.into_iter().enumerate() {
            self.tell((0, 0, order), At::Flow, Change::About { what, before, after });
        }
        if let (Some(before), Some(after)) = (self.old.graph.start, self.new.graph.start)
            && matches!(self.fate(before, after), Fate::Moved)
        {
            let hangs_up = self.new.hangs_up(after) && !self.old.hangs_up(before);
            let change =
                Change::Begins { before: Some(self.old.said(before)), after: Some(self.new.said(after)), hangs_up };
            self.marks.touch(after);
            self.tell((0, 1, 0), At::both(before, after), change);
        }
    }

    // ---- blocks -------------------------------------------------------------------------------------------------------

    fn blocks(&mut self) {
        for at in 0..self.new.graph.nodes.len() {
            match self.matching.old_of(at) {
                None => self.added(at),
                Some(was) if self.old.graph.content(was) != self.new.graph.content(at) => self.edited(was, at),
                Some(_) => {}
            }
        }
        // What is gone stands behind what a reader of the old flow came to before it.
        let mut order: Vec<usize> = (0..self.old.graph.nodes.len()).collect();
        order.sort_by_key(|at| self.old.rank(*at));
        let mut behind = 0;
        for at in order {
            match self.matching.new_of(at) {
                Some(now) => behind = self.new.rank(now),
                None => self.removed(at, behind),
            }
        }
    }

    fn rank(&self, new: usize, order: usize) -> Rank {
        (self.new.rank(new).saturating_add(1), order, new)
    }

    fn added(&mut self, at: usize) {
        let graph = &self.new.graph;
        let kept = |at: usize| self.matching.old_of(at);
        let mut from: Vec<Way> = Vec::new();
        let is_first = graph.start == Some(at);
        let mut hangs_up =
            is_first && self.new.hangs_up(at) && self.old.graph.start.is_some_and(|start| !self.old.hangs_up(start));
        for (outlet, source) in graph.entries(at) {
            from.push(self.new.way(*source, *outlet));
            let target = kept(*source).and_then(|was| self.old.graph.target(was, *outlet));
            // Where no branch was, the one that is new tells.
            hangs_up |= self.new.hangs_up(at) && target.is_some_and(|target| !self.old.hangs_up(target));
        }
        from.sort();
        from.dedup();
        let to = next(&self.new, at);
        let block = self.new.said(at);
        let change = Change::Added { block, is_first, from, to, hangs_up };
        self.marks.touch(at);
        self.tell(self.rank(at, 0), At::Blocks { old: None, new: Some(at) }, change);
    }

    fn removed(&mut self, at: usize, behind: usize) {
        let mut from: Vec<Way> = Vec::new();
        let mut targets: Vec<usize> = Vec::new();
        let is_first = self.old.graph.start == Some(at);
        targets.extend(self.new.graph.start.filter(|_| is_first));
        for (outlet, source) in self.old.graph.entries(at) {
            from.push(self.old.way(*source, *outlet));
            targets.extend(self.matching.new_of(*source).and_then(|new| self.new.graph.target(new, *outlet)));
        }
        // What is new tells of itself.
        targets.retain(|target| self.matching.old_of(*target).is_some());
        let hangs_up = !self.old.hangs_up(at) && targets.iter().any(|target| self.new.hangs_up(*target));
        let mut now: Vec<Said> = targets.iter().map(|target| self.new.said(*target)).collect();
        from.sort();
        from.dedup();
        now.sort();
        now.dedup();
        self.marks.touch_old(at);
        let block = self.old.said(at);
        let rank = (behind.saturating_add(1), 9, self.old.rank(at));
        let gone = At::Blocks { old: Some(at), new: None };
        self.tell(rank, gone, Change::Removed { block, is_first, from, now, hangs_up });
    }

    fn edited(&mut self, was: usize, at: usize) {
        let (Some((_, old)), Some((_, new))) = (self.old.block(was), self.new.block(at)) else { return };
        let (Some(before), Some(after)) = (self.old.graph.node(was), self.new.graph.node(at)) else { return };
        let text = |side: &Side, block: &Block, path: &[String]| {
            let params = block.action.row().map_or(&[][..], |row| row.params);
            let found = leaves(&block.args, params).into_iter().find(|leaf| leaf.path == path);
            found.map(|leaf| side.words.value(leaf.kind.zip(leaf.param), leaf.value))
        };
        let mut paths: Vec<&Vec<String>> = before.fields.iter().chain(&after.fields).map(|field| &field.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let mut details = Vec::new();
        for path in paths {
            let find = |fields: &[super::fields::Field]| {
                fields.iter().find(|field| field.path == *path).map(|field| field.text.clone())
            };
            if find(&before.fields) != find(&after.fields) {
                let what = match &new.action {
                    Action::Known(row) => word_of(row, path),
                    Action::Raw(_) => path.join("."),
                };
                let (mut was, mut is) = (text(&self.old, old, path), text(&self.new, new, path));
                // Another address of the same name: there is nothing else to tell them apart by.
                if was == is {
                    (was, is) = (find(&before.fields), find(&after.fields));
                }
                details.push(Detail { what, before: was, after: is });
            }
        }
        let change = Change::Edited { before: self.old.said(was), after: self.new.said(at), details };
        self.marks.touch(at);
        self.tell(self.rank(at, 1), At::both(was, at), change);
    }

    // ---- branches -----------------------------------------------------------------------------------------------------

    fn branches(&mut self) {
        for at in 0..self.new.graph.nodes.len() {
            if let Some(was) = self.matching.old_of(at) {
                self.branches_of(was, at);
            }
        }
    }

    fn branches_of(&mut self, was: usize, at: usize) {
        let before: Vec<(u32, usize)> = self.old.graph.exits(was).to_vec();
        let after: Vec<(u32, usize)> = self.new.graph.exits(at).to_vec();
        if before.iter().map(|exit| exit.0).eq(after.iter().map(|exit| exit.0))
            && before.iter().zip(&after).all(|(a, b)| matches!(self.fate(a.1, b.1), Fate::Same))
        {
            return;
        }
        let now: HashMap<u32, usize> = after.iter().copied().collect();
        let then: HashMap<u32, usize> = before.iter().copied().collect();
        for (place, (outlet, target)) in after.iter().enumerate() {
            if let Some(old) = then.get(outlet)
                && matches!(self.fate(*old, *target), Fate::Moved)
            {
                self.branch(was, at, Some(*old), Some((place, *target)), None);
            }
        }
        let mut gone: Vec<(usize, usize)> = before
            .iter()
            .enumerate()
            .filter(|(_, exit)| !now.contains_key(&exit.0))
            .map(|(place, exit)| (place, exit.1))
            .collect();
        for (place, (_, target)) in after.iter().enumerate().filter(|(_, exit)| !then.contains_key(&exit.0)) {
            let is_case = |side: &Side, at: usize, place: usize| {
                side.exits(at).get(place).is_some_and(|exit| matches!(exit.outlet, Outlet::Condition(_)))
            };
            let same = gone.iter().position(|(old_place, old)| {
                is_case(&self.old, was, *old_place)
                    && is_case(&self.new, at, place)
                    && !matches!(self.fate(*old, *target), Fate::Moved)
            });
            match same.map(|found| gone.remove(found)) {
                Some((old_place, _)) => self.case(was, at, old_place, place),
                None => self.branch(was, at, None, Some((place, *target)), None),
            }
        }
        for (place, target) in gone {
            self.branch(was, at, Some(target), None, Some(place));
        }
        self.order(was, at, &before, &after);
    }

    fn branch(
        &mut self,
        was: usize,
        at: usize,
        before: Option<usize>,
        after: Option<(usize, usize)>,
        old_place: Option<usize>,
    ) {
        let (side, block, place) = match (after, old_place) {
            (Some((place, _)), _) => (&self.new, at, place),
            (None, place) => (&self.old, was, place.unwrap_or_default()),
        };
        let branch = side.branches(block).into_iter().nth(place).unwrap_or_default();
        let variant = side.block(block).and_then(|(_, block)| block.variant());
        let is_error = side.exits(block).get(place).is_some_and(|exit| emit::is_failure(variant, &exit.outlet));
        let after = after.map(|(_, target)| target);
        let hangs_up = after.is_some_and(|target| self.new.hangs_up(target))
            && before.is_none_or(|target| !self.old.hangs_up(target));
        let change = Change::Branch {
            way: Way { block: self.new.said(at), branch },
            is_error,
            before: before.map(|target| self.old.said(target)),
            after: after.map(|target| self.new.said(target)),
            hangs_up,
        };
        self.marks.touch(at);
        self.tell(self.rank(at, 2), At::both(was, at), change);
    }

    fn case(&mut self, was: usize, at: usize, old_place: usize, place: usize) {
        let before = self.old.branches(was).into_iter().nth(old_place).unwrap_or_default();
        let after = self.new.branches(at).into_iter().nth(place).unwrap_or_default();
        // The shares of a split are counted up: one that is another moves those behind it.
        if before != after {
            let block = self.new.said(at);
            self.marks.touch(at);
            self.tell(self.rank(at, 3), At::both(was, at), Change::Case { block, before, after });
        }
    }

    /// Whether conditions are tried in another order, where that can make a difference.
    fn order(&mut self, was: usize, at: usize, before: &[(u32, usize)], after: &[(u32, usize)]) {
        let tried = |side: &Side, block: usize, exits: &[(u32, usize)], others: &[(u32, usize)]| -> Vec<(u32, usize)> {
            let others: std::collections::HashSet<u32> = others.iter().map(|exit| exit.0).collect();
            let conditions = side.exits(block).iter().zip(exits).enumerate();
            conditions
                .filter(|(_, (exit, (outlet, _)))| {
                    matches!(exit.outlet, Outlet::Condition(_)) && others.contains(outlet)
                })
                .map(|(place, (_, (outlet, _)))| (*outlet, place))
                .collect()
        };
        let (old, new) = (tried(&self.old, was, before, after), tried(&self.new, at, after, before));
        let is_equality = |exit: &Exit| match &exit.outlet {
            Outlet::Condition(condition) => condition.operator == Operator::Equals.name(),
            Outlet::Next | Outlet::Error(_) => true,
        };
        if old.iter().map(|(outlet, _)| outlet).eq(new.iter().map(|(outlet, _)| outlet))
            || self.new.exits(at).iter().all(is_equality)
        {
            return;
        }
        let words = |side: &Side, block: usize, tried: &[(u32, usize)]| -> Vec<String> {
            let words = side.branches(block);
            tried.iter().filter_map(|(_, place)| words.get(*place).cloned()).collect()
        };
        let change = Change::Order {
            block: self.new.said(at),
            before: words(&self.old, was, &old),
            after: words(&self.new, at, &new),
        };
        self.marks.touch(at);
        self.tell(self.rank(at, 4), At::both(was, at), change);
    }
}

/// Where a block goes on if all is well.
fn next(side: &Side, at: usize) -> Option<Said> {
    let exit = side.exits(at).iter().find(|exit| exit.outlet == Outlet::Next)?;
    Some(side.said(exit.target.index()))
}

/// The ways that are told of many.
pub(super) fn first_ways(ways: &[Way]) -> (&[Way], usize) {
    let shown = ways.get(..WAYS_MAX).unwrap_or(ways);
    (shown, ways.len() - shown.len())
}

// ---- questions about one flow -----------------------------------------------------------------------------------------

/// The order in which a reader comes to the blocks: along the first branch first. What nothing leads to comes last.
fn ranks(graph: &Graph) -> Vec<usize> {
    let mut ranks = vec![usize::MAX; graph.nodes.len()];
    let mut next = 0;
    for from in graph.start.into_iter().chain(0..graph.nodes.len()) {
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            let Some(rank @ &mut usize::MAX) = ranks.get_mut(at) else { continue };
            *rank = next;
            next += 1;
            open.extend(graph.exits(at).iter().rev().map(|exit| exit.1));
        }
    }
    ranks
}

/// The blocks without a counterpart that hang together, and what has one that each group leads to.
fn groups(graph: &Graph, counterpart: impl Fn(usize) -> Option<usize>) -> (Vec<Option<usize>>, Vec<Vec<usize>>) {
    let mut group: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for from in 0..graph.nodes.len() {
        if counterpart(from).is_some() || group.get(from) != Some(&None) {
            continue;
        }
        let mut beyond = Vec::new();
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if counterpart(at).is_some() {
                continue;
            }
            let Some(slot @ None) = group.get_mut(at) else { continue };
            *slot = Some(groups.len());
            open.extend(graph.entries(at).iter().map(|entry| entry.1));
            for (_, target) in graph.exits(at) {
                if counterpart(*target).is_some() {
                    beyond.push(*target);
                } else {
                    open.push(*target);
                }
            }
        }
        beyond.sort_unstable();
        beyond.dedup();
        groups.push(beyond);
    }
    (group, groups)
}

/// For each block, whether the contact is hung up on at the end of the way on which all is well and nobody chooses.
fn hangs_up(flow: &Flow) -> Vec<bool> {
    let mut known: Vec<Option<bool>> = vec![None; flow.len()];
    for (from, _) in flow.blocks() {
        let mut way = Vec::new();
        let mut at = from;
        let ends = loop {
            match known.get_mut(at.index()) {
                Some(Some(ends)) => break *ends,
                // Until it is known: going in circles ends nothing.
                Some(slot) => *slot = Some(false),
                None => break false,
            }
            way.push(at);
            let is_end = |block: &Block| block.action.row().is_some_and(|row| row.role == Role::HangUp);
            if flow.block(at).is_some_and(is_end) {
                break true;
            }
            let is_choice = |exit: &Exit| matches!(exit.outlet, Outlet::Condition(_));
            let exits = flow.exits(at);
            match exits.iter().find(|exit| exit.outlet == Outlet::Next) {
                Some(next) if !exits.iter().any(is_choice) => at = next.target,
                _ => break false,
            }
        };
        for at in way {
            if let Some(slot) = known.get_mut(at.index()) {
                *slot = Some(ends);
            }
        }
    }
    known.into_iter().map(Option::unwrap_or_default).collect()
}
