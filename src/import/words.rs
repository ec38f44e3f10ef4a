//! Parts of a flow in the words of the language, for those who speak about flows without writing one.

use super::names::Names;
use super::{phrase, ways};
use crate::catalogue::{Kind, Param, ResourceKind};
use crate::flow::{BlockId, Flow, Value};

/// Speaks about one flow.
#[derive(Debug)]
pub struct Words<'f> {
    flow: &'f Flow,
    names: Names,
}

impl<'f> Words<'f> {
    pub fn new(flow: &'f Flow) -> Self {
        Self { flow, names: Names::new(flow, false) }
    }

    /// What a resource with this address is called, as far as the flow tells.
    pub fn name_of(&self, kind: ResourceKind, address: &str) -> Option<&str> {
        self.names.of(kind, address)
    }

    /// A value as a sentence would have it; as the service has it where the catalogue does not know the parameter.
    pub fn value(&self, given: Option<(&'static Kind, &'static Param)>, value: &Value) -> String {
        given
            .and_then(|(kind, param)| phrase::convert(kind, param, value, &self.names))
            .unwrap_or_else(|| phrase::json(value))
    }

    /// The ways out of a block, in the order of its exits, each as a clause begins: `timeout`, `1`, `> 5`. Success is `next`.
    pub fn branches(&self, id: BlockId) -> Vec<String> {
        let mut patterns = ways::patterns(self.flow, id).into_iter();
        let is_next = |exit: &crate::flow::Exit| exit.outlet == crate::flow::Outlet::Next;
        let word = |exit| if is_next(exit) { Some("next".to_owned()) } else { patterns.next() };
        self.flow.exits(id).iter().map(word).map(Option::unwrap_or_default).collect()
    }
}
