//! `flowc build --watch`: a build at every change, until it is interrupted.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::build;
use crate::cli::args::{Build, Global};
use crate::cli::project::Project;
use crate::cli::terminal::{Console, duration};
use crate::cli::{Failure, Outcome};
use crate::driver::FILE_NAME;

/// Editors save in several steps; a build begins once they have been quiet for this long.
const QUIET: Duration = Duration::from_millis(100);

pub fn run(build: &Build, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let open = || Project::open(global, &build.paths)?.with(&build.environments);
    let mut project = open()?;
    loop {
        // Watching begins before the build, so that no change falls between the two.
        let watch = Watch::new(&project)?;
        report(build, &project, console, Instant::now());
        let watched = project.folder();
        while watched == project.folder() {
            watch.wait()?;
            let begin = Instant::now();
            match open() {
                Ok(fresh) => {
                    project = fresh;
                    if watched == project.folder() {
                        report(build, &project, console, begin);
                    }
                }
                // A project file may be gone for a moment while it is saved.
                Err(failure) => console.failure(&failure),
            }
        }
    }
}

fn report(build: &Build, project: &Project, console: &Console, begin: Instant) {
    match build::once(build, project, console) {
        Ok((_, summary)) => console.summary(&format!("{summary} in {}", duration(begin.elapsed()))),
        Err(failure) => console.failure(&failure),
    }
}

struct Watch {
    events: Receiver<notify::Result<Event>>,
    root: PathBuf,
    folder: PathBuf,
    /// Watches as long as it lives.
    _watcher: notify::RecommendedWatcher,
}

impl Watch {
    fn new(project: &Project) -> Result<Self, Failure> {
        let (sender, events) = channel();
        let failed = |error: notify::Error| Failure::new(format!("cannot watch the sources: {error}"));
        let mut watcher = notify::recommended_watcher(sender).map_err(failed)?;
        let (root, folder) = (project.root.clone(), project.folder());
        // The project's own folder tells of flowc.toml, also when an editor replaces it, and of the source folder.
        watcher.watch(&root, RecursiveMode::NonRecursive).map_err(failed)?;
        if folder.is_dir() && folder != root {
            watcher.watch(&folder, RecursiveMode::Recursive).map_err(failed)?;
        }
        let environments = project.environments_folder();
        if environments.is_dir() {
            watcher.watch(&environments, RecursiveMode::NonRecursive).map_err(failed)?;
        }
        Ok(Self { events, root, folder, _watcher: watcher })
    }

    /// Returns when something has changed and then been quiet.
    fn wait(&self) -> Result<(), Failure> {
        let gone = || Failure::new("watching has stopped: the system sends no more events");
        loop {
            let event = self.events.recv().map_err(|_| gone())?;
            if self.matters(&event) {
                break;
            }
        }
        loop {
            match self.events.recv_timeout(QUIET) {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(gone()),
            }
        }
    }

    fn matters(&self, event: &notify::Result<Event>) -> bool {
        match event {
            // Events may have been lost, so anything may have changed.
            Err(_) => true,
            Ok(event) if event.need_rescan() => true,
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => false,
            Ok(event) => event.paths.iter().any(|path| self.is_input(path)),
        }
    }

    /// Sources, and folders that may hold some; not what the build itself writes.
    fn is_input(&self, path: &Path) -> bool {
        if path == self.folder || path == self.root.join(FILE_NAME) {
            return true;
        }
        let is_named = path.file_name().is_some_and(|name| name == ".gitignore");
        let is_source = path.extension().is_none_or(|ending| ending == "flow");
        // Environments, and the files that they include.
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        is_named && path.starts_with(&self.root) || is_source && path.starts_with(&self.folder) || is_toml
    }
}
