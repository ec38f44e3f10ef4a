//! Warnings that a source says are right: `@allow(FC0803, "..")` above what they are about. Errors stay.

use std::collections::BTreeSet;

use crate::diagnostics::Diagnostic;
use crate::flow::{Allow, Flow};
use crate::source::Span;

/// Takes out the warnings that a flow's source allows, and tells which lines did.
pub(super) fn silence<'f>(
    flows: impl IntoIterator<Item = &'f Flow>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<Span> {
    let allows: Vec<&Allow> = flows.into_iter().flat_map(|flow| &flow.allows).collect();
    let mut used = BTreeSet::new();
    if allows.is_empty() {
        return used;
    }
    diagnostics.retain(|diagnostic| {
        let is_about = |allow: &&&Allow| {
            allow.covers(diagnostic.primary.span) && allow.rule.value == diagnostic.code.id() && !diagnostic.is_error()
        };
        let meant: Vec<Span> = allows.iter().filter(is_about).map(|allow| allow.span).collect();
        used.extend(&meant);
        meant.is_empty()
    });
    used
}
