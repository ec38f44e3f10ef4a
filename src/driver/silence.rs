//! Warnings that a project says are right: `@allow(FC0803, "..")` above what they are about, an entry of a file beside
//! documents, the level of a rule that is the same finding. Errors stay.

use std::collections::BTreeSet;

use super::Exported;
use crate::diagnostics::{Code, Diagnostic};
use crate::flow::{Allow, Flow};
use crate::lint::{Config, Entry, rules};
use crate::source::{Source, SourceId, Span};

/// Gives warnings that a rule of lint has as well the level that the project gives to the rule.
pub(super) fn level(diagnostics: &mut Vec<Diagnostic>, sources: &[&Source], config: &Config) {
    let path = |id: SourceId| sources.iter().find(|source| source.id == id).map_or("", |source| &*source.path);
    diagnostics.retain_mut(|diagnostic| {
        let Some(rule) = rules::same_as(diagnostic.code) else { return true };
        let level = config.setting(rule, path(diagnostic.primary.span.source)).level();
        diagnostic.level = level.unwrap_or(diagnostic.level);
        level.is_some()
    });
}

/// Takes out the warnings that sources and entries allow, and tells which lines and entries did. Entries are about documents.
pub(super) fn silence<'f>(
    flows: impl IntoIterator<Item = &'f Flow>,
    documents: &[Exported],
    entries: &[Entry],
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeSet<Span> {
    let allows: Vec<&Allow> = flows.into_iter().flat_map(|flow| &flow.allows).collect();
    let mut used = BTreeSet::new();
    if allows.is_empty() && entries.is_empty() {
        return used;
    }
    diagnostics.retain(|diagnostic| {
        let span = diagnostic.primary.span;
        let is_meant = |name: &str| is_called(diagnostic.code, name) && is_silenced(diagnostic);
        let lines = allows.iter().filter(|allow| allow.covers(span) && is_meant(&allow.rule.value));
        let entries = entries.iter().filter(|entry| is_meant(&entry.rule.value) && is_about(entry, documents, span));
        let meant: Vec<Span> = lines.map(|allow| allow.span).chain(entries.map(|entry| entry.span)).collect();
        used.extend(&meant);
        meant.is_empty()
    });
    used
}

/// Whether a code is meant by a name: its own, or that of the rule that is the same finding.
fn is_called(code: Code, name: &str) -> bool {
    name == code.id() || rules::same_as(code).is_some_and(|rule| rule.name() == name)
}

/// Whether a project may say that it is right. What a project has made an error of a warning, it may.
fn is_silenced(diagnostic: &Diagnostic) -> bool {
    !diagnostic.is_error() || rules::same_as(diagnostic.code).is_some()
}

/// Whether a place lies in the flow, and in the block, that an entry names.
fn is_about(entry: &Entry, documents: &[Exported], span: Span) -> bool {
    let holds = |outer: Span| outer.source == span.source && outer.start <= span.start && span.end <= outer.end;
    let is_block = |document: &Exported, wanted: &str| {
        document.actions.iter().any(|(identifier, action)| identifier == wanted && holds(*action))
    };
    documents
        .iter()
        .filter(|document| document.flow.name.value == entry.flow.value && holds(document.flow.span))
        .any(|document| entry.block.as_ref().is_none_or(|block| is_block(document, &block.value)))
}
