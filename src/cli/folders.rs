//! Folders on the command line of what takes documents beside sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::project::{Project, documents_below, has_flows, normal, root_above};
use crate::diagnostics::{Diagnostic, codes};

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
        found.retain(|problem| problem.code != codes::NOT_A_FLOW || !others.contains(&problem.primary.span.source));
        found
    }
}

fn documents_of(folder: &Path) -> Vec<PathBuf> {
    let is_project = std::path::absolute(folder).is_ok_and(|path| root_above(&path) == Some(path.as_path()));
    if is_project { Vec::new() } else { documents_below(folder) }
}
