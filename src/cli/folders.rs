//! Folders on the command line of what takes documents beside sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::files::normal;
use super::project::{Project, documents_below, has_flows, root_above};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;

/// Paths of a command line, and which documents were found rather than named.
#[derive(Debug, Default)]
pub struct Folders {
    pub paths: Vec<PathBuf>,
    found: BTreeSet<PathBuf>,
}

impl Folders {
    /// Puts the documents below a folder in its place, or beside its sources if it has some. The folder of a project is the
    /// project: what lies beside its sources was compiled from them, or is no flow.
    pub fn new(paths: &[PathBuf]) -> Self {
        let mut folders = Self::default();
        for path in paths {
            let documents = if path.is_dir() { documents_of(path) } else { Vec::new() };
            if documents.is_empty() || has_flows(path) {
                folders.paths.push(path.clone());
            }
            folders
                .found
                .extend(documents.iter().filter_map(|path| std::path::absolute(path).ok()).map(|path| normal(&path)));
            folders.paths.extend(documents);
        }
        folders
    }

    /// What there is to say of the documents, but that there is no flow in one that nobody named: it is somebody else's.
    pub fn about(&self, project: &Project, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let sources = project.sources();
        let others: BTreeSet<_> = sources
            .iter()
            .filter(|source| self.found.contains(&project.path(source)))
            .map(|source| source.id)
            .collect();
        let is_other =
            |problem: &Diagnostic| problem.code == codes::NOT_A_FLOW && others.contains(&problem.primary.span.source);
        let refused: BTreeSet<_> =
            found.iter().filter(|problem| is_other(problem)).map(|problem| problem.primary.span.source).collect();
        let mut chosen = sources.iter().filter(|source| project.is_chosen(source.id));
        let is_nothing_left = !refused.is_empty() && chosen.all(|source| refused.contains(&source.id));
        let first = found.iter().find(|problem| is_other(problem)).map(|problem| problem.primary.span);
        found.retain(|problem| !is_other(problem));
        // A green answer about nothing would deceive.
        found.extend(first.filter(|_| is_nothing_left).map(nothing));
        found
    }
}

/// Says that folders have documents and none is a flow; the place is that of one of them.
pub fn nothing(span: Span) -> Diagnostic {
    Diagnostic::new(codes::NOTHING_TO_DO, span, "there is no flow in the folders that were named")
        .label("such as this, which is none")
        .help("`flowc explain FC0702` lists what is understood")
}

fn documents_of(folder: &Path) -> Vec<PathBuf> {
    let is_project = std::path::absolute(folder).is_ok_and(|path| root_above(&path) == Some(path.as_path()));
    if is_project { Vec::new() } else { documents_below(folder) }
}
