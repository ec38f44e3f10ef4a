//! One side of a comparison: files and folders as they lie here, or as a revision has them.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::Failure;
use super::files;
use super::project::{self, Project};
use super::revision::{Entry, Repository, Tree};
use crate::diagnostics::Diagnostic;
use crate::driver::{self, Settings};
use crate::source::{Form, LAYOUT_ENDING, Source, SourceId};

/// Texts to compare the flows of.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The project file first.
    pub texts: Vec<Source>,
    pub settings: Settings,
    pub chosen: Option<BTreeSet<SourceId>>,
    /// What went wrong in reading.
    pub problems: Vec<Diagnostic>,
    pub is_file: bool,
    /// What stands before the paths of a revision: `main:`.
    pub prefix: String,
    /// Which of the paths that it was asked for it has nothing of, by their place in the list.
    pub absent: BTreeSet<usize>,
}

impl Snapshot {
    pub fn sources(&self) -> &[Source] {
        self.texts.get(1..).unwrap_or_default()
    }

    pub fn side(&self) -> driver::Side<'_> {
        driver::Side {
            sources: self.sources(),
            settings: &self.settings,
            chosen: self.chosen.as_ref(),
            is_file: self.is_file,
            prefix: &self.prefix,
        }
    }

    /// The paths of texts that could not be read.
    pub fn unread(&self) -> BTreeSet<String> {
        let sources =
            self.problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.primary.span.source);
        let path = |id: SourceId| self.texts.iter().find(|text| text.id == id).map(|text| text.path.to_string());
        sources.filter_map(path).collect()
    }

    // ---- here ---------------------------------------------------------------------------------------------------------

    /// Files and folders as they lie here. A folder of a project is the project; in any other, all flows count, in source and
    /// in documents.
    pub fn here(paths: &[PathBuf]) -> Result<Self, Failure> {
        if paths.is_empty() {
            return Ok(Self::default());
        }
        let mut wanted = Vec::new();
        let mut root = None;
        let is_file = matches!(paths, [path] if path.is_file());
        for path in paths {
            let path = std::path::absolute(path).map_err(|error| Failure::io("find", path, &error))?;
            let around = project::root_above(&path);
            if around == Some(path.as_path()) && paths.len() == 1 {
                return Ok(Self::of(Project::at(&path, &[])?, false));
            }
            root = root.or_else(|| around.map(Path::to_owned));
            if path.is_dir() {
                let documents = project::documents_below(&path);
                // Without any, what is missing is told of the folder.
                if documents.is_empty() || project::has_flows(&path) {
                    wanted.push(path);
                }
                wanted.extend(documents);
            } else {
                wanted.push(path);
            }
        }
        let project = match root {
            Some(root) => Project::at(&root, &wanted)?,
            None => Project::outside(&wanted)?,
        };
        Ok(Self::of(project, is_file))
    }

    fn of(project: Project, is_file: bool) -> Self {
        let problems = project.diagnostics(Vec::new());
        let chosen = project.chosen().cloned();
        let texts = project.texts().to_vec();
        Self { texts, settings: project.settings, chosen, problems, is_file, ..Self::default() }
    }

    // ---- then ---------------------------------------------------------------------------------------------------------

    /// The same of a revision; paths are from the top of the checkout, and one that the revision does not have is empty.
    /// Without any, all of the checkout's folder in which this runs.
    pub fn then(tree: &Tree, name: &str, paths: &[String]) -> Result<Self, Failure> {
        let prefix = format!("{name}:");
        let root = project_root(tree, paths)?;
        let settings_path = root.as_ref().map(|root| format!("{root}{}", driver::FILE_NAME));
        let text = match &settings_path {
            Some(path) => {
                let found = followed(tree, tree.files(std::slice::from_ref(path))?)?;
                tree.texts(&found)?.into_iter().next().flatten()
            }
            None => Some(String::new()),
        };
        let shown = settings_path.as_deref().unwrap_or(driver::FILE_NAME);
        let is_read = text.is_some();
        let file = Source::new(SourceId(0), format!("{prefix}{shown}"), text.unwrap_or_default());
        let (settings, mut problems) = if root.is_some() { driver::settings(&file) } else { Default::default() };
        if !is_read {
            problems.push(project::unreadable(SourceId(0)));
        }
        let folder = root.as_ref().map(|root| joined(root, &settings.source));
        let is_whole = matches!((paths, &root), ([path], Some(root)) if folder_of(path) == *root);
        let below = |entry: &Entry, folder: &str| {
            entry
                .path
                .strip_prefix(folder)
                .is_some_and(|rest| folder.is_empty() || folder.ends_with('/') || rest.is_empty())
        };
        let mut wanted: Vec<String> = if is_whole { Vec::new() } else { paths.to_vec() };
        wanted.extend(folder.clone());
        let mut files = tree.files(&wanted)?;
        let is_named = |entry: &Entry| paths.iter().any(|path| below(entry, path) || below(entry, &folder_of(path)));
        let absent = (0..).zip(paths).filter(|(_, path)| {
            let is_below = |entry: &Entry| below(entry, path) || below(entry, &folder_of(path));
            !is_whole && !files.iter().any(is_below)
        });
        let absent: BTreeSet<usize> = absent.map(|(at, _)| at).collect();
        let is_declared = |entry: &Entry| folder.as_ref().is_some_and(|folder| below(entry, folder));
        files.retain(|entry| match Form::of(&entry.path) {
            Form::Flow => files::is_flow(Path::new(&entry.path)) && (is_declared(entry) || is_named(entry)),
            Form::Layout => entry.path.ends_with(LAYOUT_ENDING) && is_declared(entry),
            Form::Document => !is_whole && is_named(entry),
        });
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let files = followed(tree, files)?;
        let mut snapshot = Self {
            texts: vec![file],
            settings,
            chosen: (!is_whole).then(BTreeSet::new),
            problems,
            is_file: matches!((paths, files.as_slice()), ([path], [.., _]) if files.iter().any(|file| file.path == *path)),
            prefix,
            absent,
        };
        let texts = tree.texts(&files)?;
        for (entry, text) in files.iter().zip(texts) {
            let id = SourceId(u32::try_from(snapshot.texts.len()).unwrap_or(u32::MAX));
            if let Some(chosen) = snapshot.chosen.as_mut().filter(|_| is_named(entry)) {
                chosen.insert(id);
            }
            if text.is_none() {
                snapshot.problems.push(project::unreadable(id));
            }
            snapshot.texts.push(Source::new(
                id,
                format!("{}{}", snapshot.prefix, entry.path),
                text.unwrap_or_default(),
            ));
        }
        Ok(snapshot)
    }
}

/// Links as what they lead to, under their own paths. One that leads nowhere in the revision cannot be compared.
fn followed(tree: &Tree, files: Vec<Entry>) -> Result<Vec<Entry>, Failure> {
    let follow = |entry: Entry| {
        if !entry.is_link {
            return Ok(entry);
        }
        let target = tree.target(&entry)?.ok_or_else(|| {
            Failure::new(format!("`{}` is a link in the revision, and leads to no file there", entry.path))
                .help("compare the files that are meant, by their own paths")
        })?;
        Ok(target.under(entry.path))
    };
    files.into_iter().map(follow).collect()
}

/// The folder of the project file above the paths, as far as they have one.
fn project_root(tree: &Tree, paths: &[String]) -> Result<Option<String>, Failure> {
    let Some(path) = paths.first() else { return Ok(None) };
    let mut folders = vec![folder_of(path)];
    let mut rest = path.trim_end_matches('/');
    while let Some((above, _)) = rest.rsplit_once('/') {
        folders.push(format!("{above}/"));
        rest = above;
    }
    folders.push(String::new());
    folders.dedup();
    let files: Vec<String> = folders.iter().map(|folder| format!("{folder}{}", driver::FILE_NAME)).collect();
    let found = tree.files(&files)?;
    Ok(folders
        .into_iter()
        .find(|folder| found.iter().any(|file| file.path == format!("{folder}{}", driver::FILE_NAME))))
}

/// A path as that of a folder: with a slash at its end, unless it is the top.
fn folder_of(path: &str) -> String {
    let path = path.trim_end_matches('/');
    if path.is_empty() { String::new() } else { format!("{path}/") }
}

fn joined(root: &str, folder: &str) -> String {
    let plain = normal(&format!("{root}{folder}"));
    folder_of(&plain)
}

/// A path without `.` and `..`.
pub fn normal(path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => {
                parts.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    parts.join("/")
}

/// A path of a revision, from the top of the checkout: `./a` and `../a` are from the working directory, as git has it.
pub fn from_top(repository: &Repository, path: &str) -> String {
    let is_relative = path.starts_with("./") || path.starts_with("../") || path == "." || path == "..";
    if is_relative { normal(&format!("{}{path}", repository.prefix)) } else { normal(path) }
}
