//! What a flow uses, in the order of its blocks.

use crate::catalogue::{Binding, Kind, Param, ResourceKind};
use crate::flow::{Arg, Block, BlockId, Flow, Outlet, Part, Text, Value};
use crate::source::Span;

/// A place where a flow names a resource.
#[derive(Debug, Clone, Copy)]
pub struct Use<'f> {
    pub block: BlockId,
    pub kind: ResourceKind,
    pub name: &'f str,
    pub span: Span,
    /// Whether the service takes only an address here, not a reference.
    pub fixed: Option<Fixed>,
    /// Whether this is the invocation that `map resources` stands for.
    pub is_mapping: bool,
}

/// Why a use takes only an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// The catalogue says so of the parameter.
    Parameter,
    /// The branches of a module are held against it when the flow is created.
    Branches,
}

/// Everything that a flow names.
pub fn uses(flow: &Flow) -> Vec<Use<'_>> {
    let mut found = Vec::new();
    for (id, block) in flow.blocks() {
        let params = block.action.row().map_or(&[][..], |row| row.params);
        let mut seeker = Seeker { flow, id, block, found: &mut found };
        seeker.args(&block.args, params);
    }
    found
}

struct Seeker<'f, 'o> {
    flow: &'f Flow,
    id: BlockId,
    block: &'f Block,
    found: &'o mut Vec<Use<'f>>,
}

impl<'f> Seeker<'f, '_> {
    fn args(&mut self, args: &'f [Arg], params: &'static [Param]) {
        for arg in args {
            let param = params.iter().find(|param| param.name == arg.name.value);
            self.value(&arg.value, param, param.map(|param| &param.kind));
        }
    }

    fn value(&mut self, value: &'f Value, param: Option<&'static Param>, kind: Option<&'static Kind>) {
        match value {
            Value::Text(text) => self.text(text, param),
            Value::Plain(..) => {}
            Value::List(items, _) => {
                let element = if let Some(Kind::List(element)) = kind { Some(*element) } else { kind };
                for item in items {
                    self.value(item, param, element);
                }
            }
            Value::Map(entries, _) => match kind {
                Some(Kind::Map { value, .. }) => {
                    for entry in entries {
                        self.value(&entry.value, param, Some(value));
                    }
                }
                kind => self.args(entries, kind.map_or(&[][..], Kind::fields)),
            },
        }
    }

    fn text(&mut self, text: &'f Text, param: Option<&'static Param>) {
        for part in &text.parts {
            let Part::Resource(kind, name) = part else { continue };
            let is_fixed = param.is_none_or(|param| param.fixed || param.binding == Binding::Static);
            let branches = || {
                let mut exits = self.flow.exits(self.id).iter();
                *kind == ResourceKind::Module && exits.any(|exit| matches!(exit.outlet, Outlet::Condition(_)))
            };
            let fixed = if is_fixed {
                Some(Fixed::Parameter)
            } else if branches() {
                Some(Fixed::Branches)
            } else {
                None
            };
            let is_mapping = self.block.maps_resources();
            let (block, span) = (self.id, text.span);
            self.found.push(Use { block, kind: *kind, name, span, fixed, is_mapping });
        }
    }
}
