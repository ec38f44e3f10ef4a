//! Which flow of a run is meant where one of them names another.
//!
//! Flows of the language name each other, and a name means one flow. A document has addresses, and two documents may be
//! called alike, so that each document says for itself which flow each of its names is.

use std::collections::{BTreeMap, HashMap};

use ecow::EcoString;

use super::Flow;
use crate::catalogue::ResourceKind;

/// The names that one flow uses, and the places of the flows that they mean.
pub type Targets = BTreeMap<(ResourceKind, EcoString), usize>;

/// The links between flows, by their places in a list.
#[derive(Debug, Clone, Default)]
pub struct Links {
    by_name: HashMap<(ResourceKind, EcoString), usize>,
    own: HashMap<usize, Targets>,
}

impl Links {
    /// By their names alone; of several that are called alike, the first.
    pub fn by_name<'f>(flows: impl IntoIterator<Item = &'f Flow>) -> Self {
        let mut links = Self::default();
        for (at, flow) in flows.into_iter().enumerate() {
            links.by_name.entry((flow.resource_kind(), flow.name.value.clone())).or_insert(at);
        }
        links
    }

    /// Says what the names of one flow mean: these and no others.
    pub fn set(&mut self, from: usize, targets: Targets) {
        self.own.insert(from, targets);
    }

    /// The flow that a name in a flow means.
    pub fn target(&self, from: usize, kind: ResourceKind, name: &str) -> Option<usize> {
        let key = (kind, EcoString::from(name));
        self.own.get(&from).map_or_else(|| self.by_name.get(&key), |own| own.get(&key)).copied()
    }
}
