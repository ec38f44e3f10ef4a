//! Where problems are in documents, by path: who has only JSON finds a value by its keys, not by a line and a column.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::diagnostics::Diagnostic;
use crate::intake;
use crate::json::{Json, path_at};
use crate::source::{Form, Path, Source, SourceId, Span};

/// Gives every problem of a document its path, and its fixes the quotes of JSON. `inner` are texts that were found inside documents. A problem that says
/// the path by itself, because what it is about is missing, keeps it.
pub(super) fn add_paths<'d, 's>(
    diagnostics: impl IntoIterator<Item = &'d mut Diagnostic>,
    sources: impl IntoIterator<Item = &'s Source>,
    inner: &'s [Source],
) {
    let documents = sources.into_iter().filter(|source| source.form() == Form::Document).chain(inner);
    let documents: BTreeMap<SourceId, &Source> = documents.map(|source| (source.id, source)).collect();
    let place = |problem: &Diagnostic| problem.primary.span.source;
    let open: Vec<&mut Diagnostic> =
        diagnostics.into_iter().filter(|problem| documents.contains_key(&place(problem))).collect();
    let wanted: BTreeSet<SourceId> = open.iter().map(|problem| place(problem)).collect();
    let trees: BTreeMap<SourceId, Vec<Json>> =
        wanted.par_iter().filter_map(|id| documents.get(id).map(|source| (*id, intake::trees(source)))).collect();
    for problem in open {
        keep_quotes(problem, &documents);
        let span = problem.primary.span;
        let Some(found) = trees.get(&span.source).and_then(|trees| path_in(trees, span)) else { continue };
        problem.path = match problem.path.take() {
            Some(own) => Some(own.within(&found).unwrap_or(found)),
            None => Some(found),
        };
    }
}

/// What replaces a JSON string is one too.
fn keep_quotes(problem: &mut Diagnostic, documents: &BTreeMap<SourceId, &Source>) {
    for fix in &mut problem.fixes {
        let text = documents.get(&fix.span.source).map_or("", |source| source.slice(fix.span));
        let is_string = text.starts_with('"') && text.ends_with('"');
        if is_string && !fix.replacement.starts_with('"') {
            fix.replacement = serde_json::Value::from(fix.replacement.as_str()).to_string();
        }
    }
}

/// The path of the smallest value or key around a place; nothing for a whole text.
fn path_in(trees: &[Json], span: Span) -> Option<Path> {
    trees.iter().find_map(|tree| path_at(tree, span)).filter(|path| !path.is_empty())
}
