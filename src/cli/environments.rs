//! A project in its environments: checked, mapped, and what there is to say about it.

use std::fmt::Write as _;

use super::Outcome;
use super::command::check::outcome;
use super::project::Project;
use super::terminal::Console;
use crate::diagnostics::{Diagnostic, codes, render};
use crate::driver::{self, Group, Mapped, MissingName};
use crate::source::{Source, Span, shown_line};

/// Checks the project and maps it to its environments; tells what there is to say, and gives it back. With an error in
/// flows or files there is nothing to map.
pub fn mapped(project: &Project, console: &Console) -> (Vec<Mapped>, Vec<Diagnostic>) {
    let (groups, mut diagnostics) = checked(project, console);
    if outcome(&diagnostics) == Outcome::Problems {
        console.diagnostics(&diagnostics, project.texts());
        return (Vec::new(), diagnostics);
    }
    let mapped = driver::map_all(&groups);
    diagnostics.extend(driver::told(&mapped));
    diagnostics.retain(|problem| project.is_chosen(problem.primary.span.source));
    let names: Vec<String> = mapped.iter().map(|mapped| mapped.name.clone()).collect();
    let diagnostics = told(diagnostics, &driver::missing(&mapped), &names, project, console);
    (mapped, diagnostics)
}

/// Tells problems, and what environments lack: in one table for people, one by one for programs. Gives all of it back.
pub fn told(
    mut diagnostics: Vec<Diagnostic>,
    missing: &[MissingName],
    environments: &[String],
    project: &Project,
    console: &Console,
) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|problem| problem.primary.span);
    let problems: Vec<Diagnostic> = missing.iter().map(MissingName::diagnostic).collect();
    if console.format == render::Format::Human {
        console.diagnostics(&diagnostics, project.texts());
        if !missing.is_empty() {
            console.note(&table(missing, environments, project.texts()));
        }
        diagnostics.extend(problems);
    } else {
        diagnostics.extend(problems);
        diagnostics.sort_by_key(|problem| problem.primary.span);
        console.diagnostics(&diagnostics, project.texts());
    }
    diagnostics
}

/// Checks the project as it is in each of its environments.
pub fn checked<'p>(project: &'p Project, console: &Console) -> (Vec<Group<'p>>, Vec<Diagnostic>) {
    let progress = console.progress("checking", 2 * project.sources().len());
    let (groups, found) =
        driver::check_in(project.sources(), &project.settings, &project.environments, &|| progress.step());
    drop(progress);
    (groups, project.diagnostics(found))
}

/// A place as people write it: `flows-src/main.flow:3:13`.
pub fn place(span: Span, texts: &[Source]) -> String {
    let Some(source) = texts.get(span.source.0 as usize) else { return String::new() };
    let at = crate::source::LineIndex::new(&source.text).position(&source.text, span.start as usize);
    format!("{}:{}:{}", source.path, at.line, at.column)
}

/// Rows in columns that are as wide as they need to be.
pub fn columns(rows: &[Vec<String>]) -> String {
    let shown = |row: &Vec<String>| row.iter().map(|cell| shown_line(cell).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|at| width(at).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            // Writing to a string cannot fail.
            let _ = write!(line, "{cell:width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What environments do not know, in one table: names down, environments across.
fn table(missing: &[MissingName], environments: &[String], texts: &[Source]) -> String {
    let mut head = vec!["kind".to_owned(), "name".to_owned()];
    head.extend(environments.iter().cloned());
    head.push("first said".to_owned());
    let mut rows = vec![head];
    for row in missing {
        let mut cells = vec![row.kind.word().to_owned(), row.name.clone()];
        let lacks = |name: &String| row.environments.contains(name);
        cells.extend(environments.iter().map(|name| if lacks(name) { "missing" } else { "-" }.to_owned()));
        let mut place = place(row.span, texts);
        if let Some(near) = &row.near {
            let _ = write!(place, "  did you mean `{near}`?");
        }
        cells.push(place);
        rows.push(cells);
    }
    let code = codes::MISSING_RESOURCE;
    let table: String = columns(&rows).lines().fold(String::new(), |text, line| text + "  " + line + "\n");
    let count = super::terminal::counted(missing.len(), "name");
    format!(
        "{}[{}]: {count} without an address in some environment\n{table}  help: add each to the environment's file: a \
         table by its kind, and in it `\"<name>\" = \"<ARN or id>\"`",
        code.level().word(),
        code.id(),
    )
}
