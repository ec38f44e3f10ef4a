//! Two flows as numbers: what is equal in either has the same one, so that comparing is cheap.

use std::collections::HashMap;

use super::fields::{Addresses, Field, fields};
use crate::flow::{Flow, Outlet};
use crate::import::Words;

/// A flow as a graph of numbers.
#[derive(Debug)]
pub(super) struct Graph {
    pub start: Option<usize>,
    pub nodes: Vec<Node>,
}

#[derive(Debug)]
pub(super) struct Node {
    /// What it does and is given.
    pub content: u32,
    /// What it does.
    pub action: u32,
    pub fields: Vec<Field>,
    /// Ways out, in order: a number for the outlet, and the target.
    pub exits: Vec<(u32, usize)>,
    by_outlet: Vec<(u32, usize)>,
    /// Ways in: the outlet, and where it comes from.
    pub entries: Vec<(u32, usize)>,
}

impl Graph {
    pub fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    pub fn content(&self, at: usize) -> Option<u32> {
        self.node(at).map(|node| node.content)
    }

    pub fn exits(&self, at: usize) -> &[(u32, usize)] {
        self.node(at).map(|node| node.exits.as_slice()).unwrap_or_default()
    }

    pub fn entries(&self, at: usize) -> &[(u32, usize)] {
        self.node(at).map(|node| node.entries.as_slice()).unwrap_or_default()
    }

    /// Where an outlet leads.
    pub fn target(&self, at: usize, outlet: u32) -> Option<usize> {
        let exits = &self.node(at)?.by_outlet;
        let found = exits.binary_search_by_key(&outlet, |exit| exit.0).ok()?;
        exits.get(found).map(|exit| exit.1)
    }
}

/// Gives out numbers, the same for the same.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    contents: HashMap<(u32, Vec<Field>), u32>,
    actions: HashMap<String, u32>,
    outlets: HashMap<(Outlet, u32), u32>,
}

/// The number of a key, which is the count of those before it where it is new.
pub(super) fn number<K: Eq + std::hash::Hash>(numbers: &mut HashMap<K, u32>, key: K) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(key).or_insert(next)
}

impl Numbers {
    pub fn graph(&mut self, flow: &Flow, words: &Words, addresses: Addresses) -> Graph {
        let mut nodes: Vec<Node> = flow
            .blocks()
            .map(|(id, block)| {
                let fields = fields(block, words, addresses);
                let action = number(&mut self.actions, block.action.name().to_owned());
                let content = number(&mut self.contents, (action, fields.clone()));
                let mut counts: HashMap<&Outlet, u32> = HashMap::new();
                let mut exits: Vec<(u32, usize)> = Vec::new();
                for exit in flow.exits(id) {
                    // The same outlet twice is nothing that the service takes; told apart by how many came before.
                    let count = counts.entry(&exit.outlet).or_default();
                    let outlet = number(&mut self.outlets, (exit.outlet.clone(), *count));
                    *count += 1;
                    exits.push((outlet, exit.target.index()));
                }
                let mut by_outlet = exits.clone();
                by_outlet.sort_unstable();
                Node { content, action, fields, exits, by_outlet, entries: Vec::new() }
            })
            .collect();
        for at in 0..nodes.len() {
            let exits = nodes.get(at).map(|node| node.exits.clone()).unwrap_or_default();
            for (outlet, target) in exits {
                if let Some(node) = nodes.get_mut(target) {
                    node.entries.push((outlet, at));
                }
            }
        }
        Graph { start: flow.start().map(crate::flow::BlockId::index), nodes }
    }
}
