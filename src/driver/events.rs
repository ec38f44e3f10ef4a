//! What events run, across documents: for sources, the compiler says so while it builds them.

use std::collections::BTreeMap;

use super::Document;
use crate::catalogue::{FlowType, Param, ResourceKind};
use crate::diagnostics::Diagnostic;
use crate::flow::build::wrong_type;
use crate::flow::{Arg, Flow, Part, Value};
use crate::import::Words;
use crate::source::Span;

/// The types of flows, by name. Nothing stands for a name that several flows of different types have.
#[derive(Debug, Default)]
pub struct Types<'f> {
    of: BTreeMap<&'f str, Option<(FlowType, Span)>>,
}

impl<'f> Types<'f> {
    /// Of a document that does not say its type, it was inferred, and may be another.
    pub fn new(sources: impl Iterator<Item = &'f Flow>, documents: impl Iterator<Item = &'f Document>) -> Self {
        let mut types = Self::default();
        let told = documents.filter(|document| document.is_typed).filter_map(|document| document.flow.as_ref());
        for flow in sources.chain(told) {
            let Some(flow_type) = flow.flow_type() else { continue };
            let known = types.of.entry(&flow.name.value).or_insert(Some((flow_type, flow.name.span)));
            if known.is_some_and(|(known, _)| known != flow_type) {
                *known = None;
            }
        }
        types
    }

    /// The events of a document that would run a flow of another type than theirs.
    pub fn misfits(&self, document: &Document) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let Some(flow) = &document.flow else { return found };
        for (_, block) in flow.blocks() {
            let mut open: Vec<(&[Param], &[Arg])> = Vec::new();
            open.extend(block.action.row().map(|row| (row.params, block.args.as_slice())));
            while let Some((params, args)) = open.pop() {
                for arg in args {
                    let Some(param) = params.iter().find(|param| param.name == arg.name.value) else { continue };
                    match (param.leads_to, &arg.value) {
                        (Some(wanted), value) => found.extend(self.misfit(flow, wanted, value)),
                        (None, Value::Map(entries, _)) => open.push((param.kind.fields(), entries)),
                        (None, _) => {}
                    }
                }
            }
        }
        found
    }

    fn misfit(&self, flow: &Flow, wanted: FlowType, value: &Value) -> Option<Diagnostic> {
        let text = value.as_text()?;
        let words = Words::new(flow);
        let name = match text.parts.as_slice() {
            [Part::Resource(ResourceKind::Flow, name)] => name,
            _ => words.name_of(ResourceKind::Flow, text.as_literal()?)?,
        };
        let (found, declared) = (*self.of.get(name)?)?;
        (found != wanted).then(|| {
            wrong_type(name, found, wanted, text.span)
                .also(declared, "this flow")
                .help(format!("choose a flow of the type `{}`", wanted.words()))
        })
    }
}
