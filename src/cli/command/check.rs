//! `flowc check`: every problem, nothing written.

use std::time::Instant;

use super::build::told_left_out;
use crate::cli::args::{Check, Global};
use crate::cli::environments;
use crate::cli::folders::Folders;
use crate::cli::project::Project;
use crate::cli::terminal::{Console, counted, tally};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::Diagnostic;
use crate::driver::{self, Checked};
use crate::source::Source;

pub fn run(check: &Check, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    let folders = Folders::new(&check.paths);
    let project = Project::open_with_documents(global, &folders.paths)?.with(&check.environments)?;
    told_left_out(&project, console);
    if !project.environments.is_empty() {
        let (mapped, diagnostics) = environments::mapped(&project, console);
        let places = counted(mapped.len(), "environment");
        console.summary(&(format!("checked {places}: {}", tally(&diagnostics)) + &console.elapsed(begin)));
        return Ok(outcome(&diagnostics));
    }
    let (checked, diagnostics) = checked_with(&project, &folders, console);
    let flows = checked.declared.iter().filter(|name| project.is_chosen(name.span.source)).count();
    let summary = format!("checked {}: {}", counted(flows, "flow"), tally(&diagnostics));
    console.summary(&(summary + &console.elapsed(begin)));
    Ok(outcome(&diagnostics))
}

/// Checks a project and tells what there is to say about the chosen part of it.
pub fn checked(project: &Project, console: &Console) -> (Checked, Vec<Diagnostic>) {
    checked_with(project, &Folders::default(), console)
}

/// The same where documents may stand in folders.
fn checked_with(project: &Project, folders: &Folders, console: &Console) -> (Checked, Vec<Diagnostic>) {
    let progress = console.progress("checking", 2 * project.sources().len());
    let mut checked = driver::check_with(project.sources(), &project.settings, &|| progress.step());
    drop(progress);
    let diagnostics = folders.about(project, project.diagnostics(std::mem::take(&mut checked.diagnostics)));
    let texts: Vec<Source> = project.texts().iter().chain(&checked.inner).cloned().collect();
    console.diagnostics(&diagnostics, &texts);
    (checked, diagnostics)
}

pub fn outcome(diagnostics: &[Diagnostic]) -> Outcome {
    if diagnostics.iter().any(Diagnostic::is_error) { Outcome::Problems } else { Outcome::Clean }
}
