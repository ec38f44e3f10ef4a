//! All flows of a project, and what each can be entered with.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::{Facts, Graph, Key, Status};
use crate::catalogue::{Effect, FlowType, ResourceKind, Role};
use crate::flow::{Block, BlockId, Flow, Part, Value};
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
    /// The flows of the project that contacts leave for this one.
    pub callers: Vec<usize>,
}

/// The flows of a project.
#[derive(Debug)]
pub struct Program<'f> {
    pub views: Vec<View<'f>>,
}

/// How a flow can be entered: the status of what travels with the contact.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    keys: BTreeMap<Key, Status>,
    /// Of all other keys.
    other: Status,
}

impl Entry {
    fn get(&self, key: &Key) -> Status {
        self.keys.get(key).copied().unwrap_or(self.other)
    }

    /// Adds another way in. Whether that was news.
    fn join(&mut self, more: &Self) -> bool {
        let before = self.clone();
        let known: BTreeSet<Key> = self.keys.keys().chain(more.keys.keys()).cloned().collect();
        self.keys = known.into_iter().map(|key| (key.clone(), before.get(&key).or(more.get(&key)))).collect();
        self.other = self.other.or(more.other);
        *self != before
    }
}

/// The calls between flows: by flow, the block that leaves and the flow that it leaves for.
fn calls(flows: &[(&Flow, &Source)]) -> Vec<Vec<(BlockId, usize)>> {
    let mut index: HashMap<&str, usize> = HashMap::new();
    for (at, (flow, _)) in flows.iter().enumerate() {
        if !flow.is_module() {
            index.entry(&flow.name.value).or_insert(at);
        }
    }
    let leaves = |flow: &Flow| {
        let mut found = Vec::new();
        for (id, block) in flow.blocks() {
            for target in left_for(block) {
                found.extend(index.get(target).map(|at| (id, *at)));
            }
        }
        found
    };
    flows.iter().map(|(flow, _)| leaves(flow)).collect()
}

/// The names of the flows that a contact leaves for.
fn left_for(block: &Block) -> impl Iterator<Item = &str> {
    block.effects().iter().filter_map(|effect| {
        let Effect::Leaves { to } = effect else { return None };
        match block.arg(to).and_then(Value::as_text)?.parts.as_slice() {
            [Part::Resource(ResourceKind::Flow, name)] => Some(name.as_str()),
            _ => None,
        }
    })
}

/// Whether a block may set anything at all: what it runs is not looked into.
fn doubts(block: &Block) -> bool {
    block.action.row().is_none_or(|row| row.role == Role::CallModule)
}

impl<'f> Program<'f> {
    /// Solves all flows, each with the source that it was read from.
    pub fn new(flows: &[(&'f Flow, &'f Source)]) -> Self {
        let calls = calls(flows);
        let mut callers: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); flows.len()];
        for (from, calls) in calls.iter().enumerate() {
            for (_, to) in calls {
                if let Some(callers) = callers.get_mut(*to).filter(|_| *to != from) {
                    callers.insert(from);
                }
            }
        }
        let graphs: Vec<Graph> = flows.par_iter().map(|(flow, _)| Graph::new(flow)).collect();
        let mut entries: Vec<Entry> = flows
            .iter()
            .zip(&callers)
            .map(|((flow, _), callers)| if callers.is_empty() { outermost(flow) } else { nothing_yet() })
            .collect();
        let solved = |at: usize, entry: &Entry| {
            let (flow, graph) = (flows.get(at)?.0, graphs.get(at)?);
            Some(Facts::new(flow, graph, |key| entered(flow, entry, key), doubts))
        };
        let mut facts: Vec<Option<Facts>> =
            entries.par_iter().enumerate().map(|(at, entry)| solved(at, entry)).collect();
        // A flow is solved again whenever it turns out to be entered in another way; there are only so many.
        let mut work: BTreeSet<usize> = (0..flows.len()).collect();
        while let Some(from) = work.pop_first() {
            for (site, to) in calls.get(from).into_iter().flatten() {
                let Some(way) = facts
                    .get(from)
                    .and_then(Option::as_ref)
                    .zip(entries.get(from))
                    .and_then(|(facts, entry)| left_with(facts, entry, *site, graphs.get(from)?))
                else {
                    continue;
                };
                if let Some(entry) = entries.get_mut(*to)
                    && entry.join(&way)
                {
                    let again = solved(*to, entry);
                    if let Some(slot) = facts.get_mut(*to) {
                        *slot = again;
                    }
                    work.insert(*to);
                }
            }
        }
        let mut views = Vec::with_capacity(flows.len());
        for (((flow, source), graph), (facts, callers)) in flows.iter().zip(graphs).zip(facts.into_iter().zip(callers))
        {
            let Some(facts) = facts else { continue };
            let is_source = source.form() == Form::Flow;
            views.push(View {
                flow,
                path: &source.path,
                source,
                is_source,
                graph,
                facts,
                callers: callers.into_iter().collect(),
            });
        }
        Self { views }
    }
}

/// What a contact has with it where it leaves a flow; nothing if no path leads there.
fn left_with(facts: &Facts, entry: &Entry, site: BlockId, graph: &Graph) -> Option<Entry> {
    if !graph.reaches(site) {
        return None;
    }
    let mut keys = entry.keys.clone();
    for key in facts.keys().filter(|key| key.travels()) {
        keys.insert(key.clone(), facts.before(site, key));
    }
    Some(Entry { keys, other: entry.other })
}

/// The entry of a flow that no other leads to.
fn outermost(flow: &Flow) -> Entry {
    let is_first = flow.flow_type() == Some(FlowType::Inbound);
    Entry { keys: BTreeMap::new(), other: if is_first { Status::UNSET } else { Status::UNKNOWN } }
}

fn nothing_yet() -> Entry {
    Entry { keys: BTreeMap::new(), other: Status::NONE }
}

/// How a key stands at a flow's beginning.
fn entered(flow: &Flow, entry: &Entry, key: &Key) -> Status {
    match key {
        _ if flow.is_module() => Status::UNKNOWN,
        key if key.travels() => entry.get(key),
        Key::Path(_) if !key.is_attribute() && entry.other != Status::UNSET => Status::UNKNOWN,
        // The voice that an instance speaks with where nothing sets one.
        _ => Status::UNSET,
    }
}

impl View<'_> {
    /// Whether contacts come in here from outside, as far as the project knows.
    pub fn is_entrance(&self) -> bool {
        self.callers.is_empty() && self.flow.flow_type() == Some(FlowType::Inbound)
    }

    /// What is written at a place; nothing in documents, which are not written, and in fragments of other files.
    pub fn written(&self, span: Span) -> Option<&str> {
        let is_here = self.is_source && span.source == self.source.id;
        self.source.text.get(span.range()).filter(|_| is_here)
    }

    /// The place of the first such part of what is written at a place, as a whole word.
    pub fn place_of(&self, span: Span, part: &str) -> Option<Span> {
        let text = self.written(span)?;
        let goes_on = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let at = text.match_indices(part).map(|(at, _)| at).find(|at| {
            let (before, behind) = (text.get(..*at), text.get(at + part.len()..));
            !goes_on(before.and_then(|text| text.chars().next_back()))
                && !goes_on(behind.and_then(|text| text.chars().next()))
        })?;
        let start = span.start as usize + at;
        Some(Span::new(span.source, start, start + part.len()))
    }
}
