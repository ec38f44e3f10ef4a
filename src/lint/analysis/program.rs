//! All flows of a project, and what each can be entered with.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::facts::Elsewhere;
use super::modules::{Summary, called, named, resource};
use super::{Facts, Graph, Key, Origins, Status, Values, Writers, each_text};
use crate::catalogue::{Effect, FlowType, ResourceKind, Role};
use crate::flow::{Block, BlockId, Flow, Links, Outline, Speech, Text, cycles};
use crate::source::{Form, Source, Span};

/// A flow with what is known of each of its points.
#[derive(Debug)]
pub struct View<'f> {
    pub flow: &'f Flow,
    /// The source that it was read from.
    pub path: &'f str,
    /// Its text, by which fixes find their places.
    source: &'f Source,
    /// Whether it was written in the language rather than read from a document.
    pub is_source: bool,
    pub graph: Graph,
    pub facts: Facts,
    /// What compared references can hold.
    pub values: Values,
    /// Whose answers results are, once a rule has asked.
    origins: OnceLock<Origins>,
    /// The flows of the project that contacts leave for this one.
    pub callers: Vec<usize>,
    /// Whether contacts come in here from outside, as far as the project knows.
    pub is_root: bool,
    /// Where contacts leave this flow for another of the project, or run one beside it.
    pub sites: Vec<Site>,
}

/// A block by which a contact comes into another flow of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    pub block: BlockId,
    /// The flow's place among the views.
    pub to: usize,
    pub way: Way,
}

/// How a contact comes from flow to flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It leaves for the other and does not come back.
    Leaves,
    /// It goes through a module and comes back.
    Calls,
    /// The other runs later, at an event.
    Event,
}

/// The flows of a project.
#[derive(Debug)]
pub struct Program<'f> {
    pub views: Vec<View<'f>>,
    /// What the sources declare besides blocks.
    pub outline: Outline,
    /// By flow: the modules that call each other or themselves, so that nothing is known of what a call does.
    pub recursive: Vec<Vec<usize>>,
}

/// How a flow can be entered: the status of what travels with the contact.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    keys: BTreeMap<Key, Status>,
    /// Of all other keys.
    other: Status,
}

impl Entry {
    fn all(status: Status) -> Self {
        Self { keys: BTreeMap::new(), other: status }
    }

    fn get(&self, key: &Key) -> Status {
        self.keys.get(key).copied().unwrap_or(self.other)
    }

    /// Adds another way in. Whether that was news.
    fn join(&mut self, more: &Self) -> bool {
        let mut news = false;
        for key in more.keys.keys() {
            if !self.keys.contains_key(key) {
                self.keys.insert(key.clone(), self.other);
            }
        }
        for (key, status) in &mut self.keys {
            let both = status.or(more.get(key));
            news |= both != *status;
            *status = both;
        }
        let both = self.other.or(more.other);
        news |= both != self.other;
        self.other = both;
        news
    }
}

/// By flow, where contacts come into other flows of the project.
fn sites(flows: &[(&Flow, &Source)], links: &Links) -> Vec<Vec<Site>> {
    let of = |from: usize, flow: &Flow| {
        let find = |kind: ResourceKind, name: &str| links.target(from, kind, name);
        let mut sites = Vec::new();
        for (block, action) in flow.blocks() {
            let left_for: Vec<&str> = left_for(action).collect();
            for name in named(action, ResourceKind::Flow) {
                let way = if left_for.contains(&name) { Way::Leaves } else { Way::Event };
                sites.extend(find(ResourceKind::Flow, name).map(|to| Site { block, to, way }));
            }
            let module = called(action).and_then(|name| find(ResourceKind::Module, name));
            sites.extend(module.map(|to| Site { block, to, way: Way::Calls }));
        }
        sites
    };
    flows.par_iter().enumerate().map(|(from, (flow, _))| of(from, flow)).collect()
}

/// The names of the flows that a contact leaves for.
fn left_for(block: &Block) -> impl Iterator<Item = &str> {
    block.effects().iter().filter_map(|effect| match effect {
        Effect::Leaves { to } => resource(block.arg(to)?, ResourceKind::Flow),
        _ => None,
    })
}

/// What the modules of a project do to what their callers have, by their places among the flows.
struct Modules<'l> {
    links: &'l Links,
    summaries: HashMap<usize, Summary>,
}

impl Modules<'_> {
    /// What a block of a flow does that is not in its row.
    fn elsewhere(&self, from: usize, block: &Block) -> Elsewhere<&Summary> {
        match block.action.row() {
            None => Elsewhere::Anything,
            Some(row) if row.role == Role::CallModule => {
                let module = called(block).and_then(|name| self.links.target(from, ResourceKind::Module, name));
                let summary = module.and_then(|at| self.summaries.get(&at));
                summary.map_or(Elsewhere::Anything, Elsewhere::Calls)
            }
            Some(_) => Elsewhere::Nothing,
        }
    }
}

impl<'f> Program<'f> {
    /// Solves all flows, each with the source that it was read from. The links are by the places of these flows.
    pub fn new(flows: &[(&'f Flow, &'f Source)], links: &Links, outline: Outline) -> Self {
        let sites = sites(flows, links);
        let mut callers: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); flows.len()];
        for (from, sites) in sites.iter().enumerate() {
            for site in sites.iter().filter(|site| site.to != from) {
                if let Some(callers) = callers.get_mut(site.to) {
                    callers.insert(from);
                }
            }
        }
        let graphs: Vec<Graph> = flows.par_iter().map(|(flow, _)| Graph::new(flow)).collect();
        let calls: Vec<Vec<usize>> = sites
            .iter()
            .map(|sites| sites.iter().filter(|site| site.way == Way::Calls).map(|site| site.to).collect())
            .collect();
        let recursive = cycles(&calls);
        let modules = summaries(flows, links, &graphs, &calls, &recursive);
        let is_root = roots(flows, &sites, &callers);
        let facts = solve(flows, &graphs, &sites, &is_root, &modules);
        let writers = Writers::new(flows);
        let is_called = |at: usize| callers.get(at).is_some_and(|callers| !callers.is_empty());
        let values: Vec<Values> = flows
            .par_iter()
            .zip(&graphs)
            .enumerate()
            .map(|(at, ((flow, source), graph))| {
                let is_known =
                    is_called(at) || source.form() == Form::Flow && flow.flow_type() == Some(FlowType::Inbound);
                Values::new(flow, graph, &writers, is_known, is_called(at))
            })
            .collect();
        let mut views = Vec::with_capacity(flows.len());
        let found = facts.into_iter().zip(values).zip(is_root.into_iter().zip(callers.into_iter().zip(sites)));
        for (((flow, source), graph), ((facts, values), (is_root, (callers, sites)))) in
            flows.iter().zip(graphs).zip(found)
        {
            views.push(View {
                flow,
                source,
                path: &source.path,
                is_source: source.form() == Form::Flow,
                graph,
                facts,
                values,
                origins: OnceLock::new(),
                callers: callers.into_iter().collect(),
                is_root,
                sites,
            });
        }
        Self { views, outline, recursive }
    }
}

/// By flow, whether contacts come in from outside: nothing leads there, or only what itself begins there. Of flows that lead
/// only to each other, the first one that can be an entry.
fn roots(flows: &[(&Flow, &Source)], sites: &[Vec<Site>], callers: &[BTreeSet<usize>]) -> Vec<bool> {
    let mut is_root: Vec<bool> = callers.iter().map(BTreeSet::is_empty).collect();
    let mut reached = is_root.clone();
    let mut rest: Vec<usize> = (0..flows.len()).filter(|at| reached.get(*at) == Some(&true)).collect();
    let is_inbound = |at: usize| flows.get(at).is_some_and(|(flow, _)| flow.flow_type() == Some(FlowType::Inbound));
    let (first, second): (Vec<usize>, Vec<usize>) = (0..flows.len()).partition(|at| is_inbound(*at));
    let mut others = first.into_iter().chain(second);
    loop {
        while let Some(at) = rest.pop() {
            for site in sites.get(at).into_iter().flatten() {
                if let Some(slot) = reached.get_mut(site.to).filter(|slot| !**slot) {
                    *slot = true;
                    rest.push(site.to);
                }
            }
        }
        let Some(next) = others.find(|at| reached.get(*at) == Some(&false)) else { return is_root };
        for slot in [is_root.get_mut(next), reached.get_mut(next)].into_iter().flatten() {
            *slot = true;
        }
        rest.push(next);
    }
}

/// What calling each module does, from those that call none upwards. Those that call themselves stay unknown.
fn summaries<'l>(
    flows: &[(&Flow, &Source)],
    links: &'l Links,
    graphs: &[Graph],
    calls: &[Vec<usize>],
    recursive: &[Vec<usize>],
) -> Modules<'l> {
    let mut modules = Modules { links, summaries: HashMap::new() };
    let mut waits_for: Vec<BTreeSet<usize>> = calls.iter().map(|calls| calls.iter().copied().collect()).collect();
    let mut called_by: Vec<Vec<usize>> = vec![Vec::new(); flows.len()];
    for (from, calls) in waits_for.iter().enumerate() {
        for to in calls {
            if let Some(slot) = called_by.get_mut(*to) {
                slot.push(from);
            }
        }
    }
    let is_recursive: BTreeSet<usize> = recursive.iter().flatten().copied().collect();
    for at in &is_recursive {
        if let Some(slot) = waits_for.get_mut(*at) {
            slot.clear();
        }
    }
    let mut ready: Vec<usize> =
        (0..flows.len()).filter(|at| waits_for.get(*at).is_some_and(BTreeSet::is_empty)).collect();
    while let Some(at) = ready.pop() {
        let Some(((flow, _), graph)) = flows.get(at).zip(graphs.get(at)) else { continue };
        if flow.is_module() && !is_recursive.contains(&at) {
            let entry = Entry::all(Status::AS_ENTERED);
            let facts =
                Facts::new(flow, graph, |key| entered_module(&entry, key), |block| modules.elsewhere(at, block));
            if let Some(summary) = Summary::new(flow, &facts) {
                modules.summaries.insert(at, summary);
            }
        }
        for caller in called_by.get(at).into_iter().flatten() {
            if let Some(slot) = waits_for.get_mut(*caller)
                && slot.remove(&at)
                && slot.is_empty()
            {
                ready.push(*caller);
            }
        }
    }
    modules
}

/// The facts of all flows, entered from outside and from each other.
fn solve(
    flows: &[(&Flow, &Source)],
    graphs: &[Graph],
    sites: &[Vec<Site>],
    is_root: &[bool],
    modules: &Modules,
) -> Vec<Facts> {
    let mut entries: Vec<Entry> = flows
        .iter()
        .zip(is_root)
        .map(|((flow, _), is_root)| if *is_root { outermost(flow) } else { Entry::all(Status::NONE) })
        .collect();
    let solved = |at: usize, flow: &Flow, graph: &Graph, entry: &Entry| {
        Facts::new(flow, graph, |key| entered(flow, entry, key), |block| modules.elsewhere(at, block))
    };
    let mut facts: Vec<Facts> = flows
        .par_iter()
        .zip(graphs)
        .zip(&entries)
        .enumerate()
        .map(|(at, (((flow, _), graph), entry))| solved(at, flow, graph, entry))
        .collect();
    // A flow is solved again whenever it turns out to be entered in another way; there are only so many.
    let mut work: BTreeSet<usize> = (0..flows.len()).collect();
    let mut stale: BTreeSet<usize> = BTreeSet::new();
    while let Some(from) = work.pop_first() {
        let Some((((flow, _), graph), entry)) = flows.get(from).zip(graphs.get(from)).zip(entries.get(from)) else {
            continue;
        };
        if stale.remove(&from)
            && let Some(slot) = facts.get_mut(from)
        {
            *slot = solved(from, flow, graph, entry);
        }
        for site in sites.get(from).into_iter().flatten().filter(|site| graph.reaches(site.block)) {
            let Some(facts) = facts.get(from) else { continue };
            let Some(entry) = entries.get(from) else { continue };
            let way = left_with(facts, entry, site);
            if let Some(entry) = entries.get_mut(site.to)
                && entry.join(&way)
            {
                stale.insert(site.to);
                work.insert(site.to);
            }
        }
    }
    facts
}

/// What a contact has with it where it comes from one flow into another.
fn left_with(facts: &Facts, entry: &Entry, site: &Site) -> Entry {
    let goes_along = |key: &&Key| match site.way {
        Way::Calls => key.is_shared_with_modules(),
        Way::Leaves | Way::Event => key.travels(),
    };
    let other = facts.before(site.block, &Key::Rest);
    // A key that this flow does not name is as it was, unless something set all there is.
    let mut keys: BTreeMap<Key, Status> =
        entry.keys.iter().filter(|(key, _)| goes_along(key)).map(|(key, status)| (key.clone(), *status)).collect();
    if other != entry.other {
        for status in keys.values_mut() {
            *status = status.or(other);
        }
    }
    for key in facts.keys().filter(|key| goes_along(key)) {
        keys.insert(key.clone(), facts.before(site.block, key));
    }
    let mut way = Entry { keys, other };
    if site.way == Way::Event {
        for status in way.keys.values_mut() {
            *status = status.later();
        }
        way.other = way.other.later();
    }
    way
}

/// The entry of a flow that no other leads to.
fn outermost(flow: &Flow) -> Entry {
    let is_first = flow.flow_type() == Some(FlowType::Inbound);
    Entry::all(if is_first { Status::UNSET } else { Status::UNKNOWN })
}

/// How a key stands at a flow's beginning.
fn entered(flow: &Flow, entry: &Entry, key: &Key) -> Status {
    match key {
        key if flow.is_module() => entered_module(entry, key),
        key if key.travels() => entry.get(key),
        key if key.is_result() && entry.other != Status::UNSET => Status::UNKNOWN,
        // The voice that an instance speaks with where nothing sets one.
        _ => Status::UNSET,
    }
}

/// How a key stands at a module's beginning: what its caller was answered, and its flow attributes, are not seen there.
fn entered_module(entry: &Entry, key: &Key) -> Status {
    if key.is_shared_with_modules() { entry.get(key) } else { Status::UNSET }
}

impl View<'_> {
    /// How to speak of the flow.
    pub fn speech(&self) -> Speech {
        self.flow.speech()
    }

    /// Whose answers results are.
    pub fn origins(&self) -> &Origins {
        self.origins.get_or_init(|| Origins::new(self.flow, &self.graph))
    }

    /// The texts of a source, by block. An export has none: it is of one instance, and may say so.
    pub fn source_texts(&self) -> impl Iterator<Item = (BlockId, &Block, &Text)> {
        self.flow.blocks().filter(|_| self.is_source).flat_map(|(id, block)| {
            let mut texts = Vec::new();
            each_text(&block.args, &mut |text| texts.push((id, block, text)));
            texts
        })
    }

    /// Whether what stands at a place is read from the environment, and only looks like a fixed text once it is built.
    pub fn is_from_environment(&self, span: Span) -> bool {
        self.written(span).is_some_and(|text| text.contains("$env."))
    }

    /// Whether contacts come in here from outside, with nothing set.
    pub fn is_entrance(&self) -> bool {
        self.is_root && self.flow.flow_type() == Some(FlowType::Inbound)
    }

    /// What is written at a place; nothing in documents, which are not written, and in fragments of other files.
    pub fn written(&self, span: Span) -> Option<&str> {
        let is_here = self.is_source && span.source == self.source.id;
        self.source.text.get(span.range()).filter(|_| is_here)
    }

    /// Whether a line begins at a place, and none above is about it: a line with `@`, a comment.
    pub fn begins_line(&self, span: Span) -> bool {
        let above = self.written(Span { start: 0, end: span.start, ..span }).unwrap_or_default();
        let Some((before, indent)) = above.rsplit_once('\n') else { return false };
        let last = before.lines().next_back().unwrap_or_default().trim_start();
        indent.trim().is_empty() && !last.starts_with('@') && !last.starts_with("//")
    }

    /// What stands behind a place on its line.
    pub fn behind(&self, span: Span) -> Option<&str> {
        let end = u32::try_from(self.source.text.len()).ok()?;
        self.written(Span { start: span.end, end, ..span })?.lines().next()
    }

    /// The place of the first such part of what is written at a place; a word is not found in a longer one.
    pub fn place_of(&self, span: Span, part: &str) -> Option<Span> {
        let text = self.written(span)?;
        let is_word = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let goes_on = |outer: Option<char>, inner: Option<char>| is_word(outer) && is_word(inner);
        let at = text.match_indices(part).map(|(at, _)| at).find(|at| {
            let (before, behind) =
                (text.get(..*at).unwrap_or_default(), text.get(at + part.len()..).unwrap_or_default());
            !goes_on(before.chars().next_back(), part.chars().next())
                && !goes_on(behind.chars().next(), part.chars().next_back())
        })?;
        let start = span.start as usize + at;
        Some(Span::new(span.source, start, start + part.len()))
    }
}
