//! Who leads to a flow: by a transfer, as a module, or because of an event.

use std::collections::{BTreeMap, BTreeSet};

use super::Version;
use super::fields::{leaves, resource};
use crate::catalogue::ResourceKind;
use crate::flow::Flow;
use crate::import::Words;

/// The flows that name each flow.
#[derive(Debug, Default)]
pub(super) struct Callers {
    of: BTreeMap<(ResourceKind, String), BTreeSet<String>>,
}

impl Callers {
    pub fn new(versions: &[Version]) -> Self {
        let mut callers = Self::default();
        for version in versions {
            let words = Words::new(&version.flow);
            for (_, block) in version.flow.blocks() {
                let params = block.action.row().map_or(&[][..], |row| row.params);
                for leaf in leaves(&block.args, params) {
                    if let Some(named) = resource(&leaf, &words)
                        && matches!(named.0, ResourceKind::Flow | ResourceKind::Module)
                    {
                        callers.of.entry(named).or_default().insert(version.name().to_owned());
                    }
                }
            }
        }
        callers
    }

    /// The names of the flows that lead to one, without itself.
    pub fn of(&self, flow: &Flow) -> Vec<String> {
        let name = &flow.name.value;
        let found = self.of.get(&(flow.resource_kind(), name.to_string()));
        found.into_iter().flatten().filter(|caller| *caller != name).cloned().collect()
    }
}
