//! Names in place of addresses, where something is known under a name: so that the flows of a folder of exports are known to
//! lead to each other, and functions and bots to have contracts.

use ecow::EcoString;
use smallvec::smallvec;

use super::names::Names;
use crate::catalogue::{Kind, Param, ResourceKind};
use crate::flow::{Arg, BlockId, Flow, Part, Text, Value};

/// Says what to call a thing of a kind with an address. The last is what the flow that addresses it calls it, if it does.
pub type NameOf<'n> = dyn FnMut(ResourceKind, &str, Option<&str>) -> Option<EcoString> + 'n;

/// The flow with names in place of addresses, as far as there are any.
pub fn named(flow: &Flow, name_of: &mut NameOf) -> Flow {
    let mut naming = Naming { names: Names::new(flow, false), name_of };
    let mut named = flow.clone();
    let ids: Vec<BlockId> = flow.blocks().map(|(id, _)| id).collect();
    for id in ids {
        if let Some(block) = named.block_mut(id)
            && let Some(row) = block.action.row()
        {
            naming.args(row.params, &mut block.args);
        }
    }
    named
}

struct Naming<'a, 'n> {
    names: Names,
    name_of: &'a mut NameOf<'n>,
}

impl Naming<'_, '_> {
    fn args(&mut self, params: &'static [Param], args: &mut [Arg]) {
        for arg in args {
            if let Some(param) = params.iter().find(|param| param.name == arg.name.value) {
                self.value(&param.kind, &mut arg.value);
            }
        }
    }

    /// Nesting is bounded where documents are read.
    fn value(&mut self, kind: &'static Kind, value: &mut Value) {
        match (kind, value) {
            (Kind::Resource(kind), value) => {
                let Some(address) = value.as_literal().filter(|address| !address.is_empty()) else { return };
                if let Some(name) = (self.name_of)(*kind, address, self.names.of(*kind, address)) {
                    let parts = smallvec![Part::Resource(*kind, name)];
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
