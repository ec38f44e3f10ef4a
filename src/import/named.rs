//! Names in place of addresses, where something is known under its name: so that the flows of a folder of exports are known to
//! lead to each other, and functions and bots to have contracts.

use smallvec::smallvec;

use super::names::Names;
use crate::catalogue::{Kind, Param, ResourceKind};
use crate::flow::{Arg, BlockId, Flow, Part, Text, Value};

/// The flow with the names of what `is_known`; nothing if it addresses none of that.
pub fn named(flow: &Flow, is_known: &dyn Fn(ResourceKind, &str) -> bool) -> Option<Flow> {
    let names = Names::new(flow, false);
    let is_met = names.resources().iter().any(|resource| is_known(resource.kind, &resource.name));
    if !is_met {
        return None;
    }
    let naming = Naming { names, is_known };
    let mut named = flow.clone();
    let ids: Vec<BlockId> = flow.blocks().map(|(id, _)| id).collect();
    for id in ids {
        if let Some(block) = named.block_mut(id)
            && let Some(row) = block.action.row()
        {
            naming.args(row.params, &mut block.args);
        }
    }
    Some(named)
}

struct Naming<'a> {
    names: Names,
    is_known: &'a dyn Fn(ResourceKind, &str) -> bool,
}

impl Naming<'_> {
    fn args(&self, params: &'static [Param], args: &mut [Arg]) {
        for arg in args {
            if let Some(param) = params.iter().find(|param| param.name == arg.name.value) {
                self.value(&param.kind, &mut arg.value);
            }
        }
    }

    /// Nesting is bounded where documents are read.
    fn value(&self, kind: &'static Kind, value: &mut Value) {
        match (kind, value) {
            (Kind::Resource(kind), value) => {
                let name = value.as_literal().and_then(|address| self.names.of(*kind, address));
                if let Some(name) = name.filter(|name| (self.is_known)(*kind, name)) {
                    let parts = smallvec![Part::Resource(*kind, (*name).into())];
                    *value = Value::Text(Text { parts, span: value.span() });
                }
            }
            (Kind::List(kind), Value::List(items, _)) => {
                for item in items {
                    self.value(kind, item);
                }
            }
            (Kind::Map { value: kind, .. }, Value::Map(entries, _)) => {
                for entry in entries {
                    self.value(kind, &mut entry.value);
                }
            }
            (kind, Value::Map(entries, _)) => self.args(kind.fields(), entries),
            _ => {}
        }
    }
}
