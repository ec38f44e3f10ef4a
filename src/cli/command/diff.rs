//! `flowc diff`: what changed between two versions of flows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::args::{Diff, DiffFormat, Global};
use crate::cli::project::Project;
use crate::cli::revision::{Repository, parts};
use crate::cli::snapshot::{Snapshot, from_top, normal};
use crate::cli::terminal::Console;
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{Diagnostic, render};
use crate::diff::report::{self, Form};
use crate::driver;
use crate::source::Source;

pub fn run(diff: &Diff, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let folder = Project::folder_around(global)?;
    let [old, new] = sides(diff, &folder)?;
    let mut compared = driver::diff(&old.side(), &new.side());
    for snapshot in [&old, &new] {
        compared.diff.unread.extend(snapshot.unread());
    }
    let mut is_sound = compared.diff.unread.is_empty();
    for ((snapshot, problems), inner) in [old, new].iter().zip(compared.problems).zip(compared.inner) {
        let found: Vec<Diagnostic> = snapshot.problems.iter().cloned().chain(problems).collect();
        is_sound &= !found.iter().any(Diagnostic::is_error);
        let texts: Vec<Source> = snapshot.texts.iter().chain(&inner).cloned().collect();
        console.diagnostics(&found, &texts);
    }
    let form = match diff.format {
        Some(DiffFormat::Json) => Form::Json,
        None if console.format == render::Format::Json => Form::Json,
        Some(DiffFormat::Markdown) => Form::Markdown,
        Some(DiffFormat::Human) | None => Form::Human { color: console.stdout.color },
    };
    console.result(&report::report(&compared.diff, form));
    let is_wanted = is_sound && (compared.diff.is_empty() || !diff.exit_code);
    Ok(if is_wanted { Outcome::Clean } else { Outcome::Problems })
}

/// What one side is, as it was named.
enum Named {
    Here(PathBuf),
    Then { revision: String, path: Option<String> },
}

/// Both sides, as the command line names them.
fn sides(diff: &Diff, folder: &Path) -> Result<[Snapshot; 2], Failure> {
    let (old, new) = match (diff.old.as_deref(), diff.new.as_deref()) {
        (Some(old), Some(new)) => (named(old, folder), Some(named(new, folder))),
        (Some(range), None) if !folder.join(range).exists() && range.contains("..") => {
            return of_range(diff, range, folder);
        }
        (old, _) => (named(old.unwrap_or("HEAD"), folder), None),
    };
    let (old, new) = match (old, new) {
        (Named::Here(old), None) => {
            return Err(Failure::new(format!("`{}` is compared with nothing", old.display()))
                .help("name two files or folders, or a revision: `flowc diff HEAD -- flows-src`"));
        }
        (old, None) => (old, None),
        (old, new) => (old, new),
    };
    let old_side = snapshot(&old, diff, folder)?;
    let new_side = match new {
        Some(new) => snapshot(&new, diff, folder)?,
        // A revision by itself is held against what lies here.
        None => match &old {
            Named::Then { path: Some(path), .. } => {
                let repository = Repository::needed(folder)?;
                let top =
                    repository.prefix.split('/').filter(|part| !part.is_empty()).map(|_| "../").collect::<String>();
                here(&[folder.join(top + &from_top(&repository, path))])?
            }
            _ => here(&paths_of(diff, folder))?,
        },
    };
    known_paths([old_side, new_side], diff)
}

/// A path that limits the comparison may be gone or new, but one that neither side knows is a slip.
fn known_paths(sides: [Snapshot; 2], diff: &Diff) -> Result<[Snapshot; 2], Failure> {
    let [old, new] = &sides;
    let unknown = old.absent.intersection(&new.absent).find_map(|at| diff.paths.get(*at));
    match unknown {
        Some(path) => Err(Failure::new(format!("neither side has a file or folder `{}`", path.display()))
            .help("check the spelling; paths are taken from the working directory")),
        None => Ok(sides),
    }
}

/// `A..B`, and `A...B`: from where the two parted.
fn of_range(diff: &Diff, range: &str, folder: &Path) -> Result<[Snapshot; 2], Failure> {
    let (old, new, from_base) = match range.split_once("...") {
        Some((old, new)) => (old, new, true),
        None => range.split_once("..").map_or((range, "", false), |(old, new)| (old, new, false)),
    };
    let or_head = |revision: &str| if revision.is_empty() { "HEAD".to_owned() } else { revision.to_owned() };
    let (mut old, new) = (or_head(old), or_head(new));
    if from_base {
        let repository = Repository::needed(folder)?;
        old = repository.merge_base(&old, &new)?.ok_or_else(|| {
            Failure::new(format!("`{old}` and `{new}` have no commit in common"))
                .help("check the spelling; in a shallow checkout, fetch more of the history")
        })?;
    }
    let side = |revision| snapshot(&Named::Then { revision, path: None }, diff, folder);
    known_paths([side(old)?, side(new)?], diff)
}

/// A file or a folder where there is one of that name, else a revision.
fn named(text: &str, folder: &Path) -> Named {
    let path = folder.join(text);
    if path.symlink_metadata().is_ok() {
        return Named::Here(path);
    }
    let (revision, path) = parts(text);
    Named::Then { revision: revision.to_owned(), path: path.map(str::to_owned) }
}

/// The paths that the comparison is about, where sides are whole revisions.
fn paths_of(diff: &Diff, folder: &Path) -> Vec<PathBuf> {
    if diff.paths.is_empty() {
        vec![folder.to_owned()]
    } else {
        diff.paths.iter().map(|path| folder.join(path)).collect()
    }
}

fn snapshot(side: &Named, diff: &Diff, folder: &Path) -> Result<Snapshot, Failure> {
    let (revision, path) = match side {
        Named::Here(path) => return here(std::slice::from_ref(path)),
        Named::Then { revision, path } => (revision, path),
    };
    let unknown = || {
        let shown = path.as_ref().map_or(revision.clone(), |path| format!("{revision}:{path}"));
        Failure::new(format!("there is no file, no folder and no revision `{shown}`"))
            .help("paths are taken from the working directory; `git log --oneline` lists revisions")
    };
    // Without one, it is most likely a slip in a path.
    let repository = Repository::around(folder)?.ok_or_else(unknown)?;
    let tree = repository.tree(revision)?.ok_or_else(unknown)?;
    let paths: Vec<String> = match path {
        Some(path) => vec![from_top(&repository, path)],
        None if diff.paths.is_empty() => vec![repository.prefix.trim_end_matches('/').to_owned()],
        None => {
            let paths = diff.paths.iter().map(|path| path.to_string_lossy());
            paths.map(|path| normal(&format!("{}{path}", repository.prefix))).collect()
        }
    };
    let found = Snapshot::then(&tree, revision, &paths)?;
    // A path that was named must be there; one that limits a comparison may be new.
    if path.is_some() && found.chosen.as_ref().is_some_and(BTreeSet::is_empty) {
        return Err(Failure::new(format!("`{revision}` has no flow in `{}`", paths.join("`, `"))).help(
            "paths behind a revision are taken from the top of the checkout; begin with `./` for the working directory",
        ));
    }
    Ok(found)
}

/// What lies here. A path that is not there any more has no flows.
fn here(paths: &[PathBuf]) -> Result<Snapshot, Failure> {
    let is_present = |path: &&PathBuf| path.symlink_metadata().is_ok();
    let present: Vec<PathBuf> = paths.iter().filter(is_present).cloned().collect();
    let absent = (0..).zip(paths).filter(|(_, path)| !is_present(path)).map(|(at, _)| at).collect();
    Ok(Snapshot { absent, ..Snapshot::here(&present)? })
}
