//! `flowc graph`: one flow as a picture.

use std::path::Path;

use super::check;
use crate::cli::args::{Global, Graph, GraphFormat};
use crate::cli::project::{self, Project};
use crate::cli::terminal::Console;
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{Diagnostic, closest};
use crate::driver;
use crate::emit::{self, Format};
use crate::import;
use crate::source::SourceId;

pub fn run(graph: &Graph, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let format = match graph.format {
        GraphFormat::Svg => Format::Svg,
        GraphFormat::Mermaid => Format::Mermaid,
        GraphFormat::Dot => Format::Dot,
    };
    let path = Path::new(&graph.flow);
    if project::is_document(path) && path.is_file() {
        return document(path, format, console);
    }
    let project = Project::open(global, &[])?;
    let checked = driver::check(project.sources(), &project.settings);
    if let Some(flow) = checked.flows.iter().find(|flow| flow.flow().name.value == graph.flow) {
        console.result(&emit::picture(flow.flow(), format));
        return Ok(Outcome::Clean);
    }
    // A flow that has errors is not drawn; theirs are the files to look at.
    let declared = checked.declared.iter().find(|name| name.value == graph.flow);
    let broken = project.diagnostics(checked.diagnostics);
    let problems: Vec<Diagnostic> = broken
        .into_iter()
        .filter(|problem| declared.is_none_or(|name| name.span.source == problem.primary.span.source))
        .filter(Diagnostic::is_error)
        .collect();
    if declared.is_some() {
        console.diagnostics(&problems, project.texts());
        return Ok(check::outcome(&problems));
    }
    let names = || checked.declared.iter().map(|name| name.value.as_str());
    let help = match closest(&graph.flow, names()) {
        Some(close) => format!("did you mean `{close}`?"),
        None if !problems.is_empty() => "it may stand in a source with errors; `flowc check` shows them".to_owned(),
        None => format!("the project has {}", listed(names())),
    };
    Err(Failure::new(format!("there is no flow or module `{}`", graph.flow)).help(help))
}

/// Draws the flow of a document as it stands, with or without errors: a draft is worth looking at.
fn document(path: &Path, format: Format, console: &Console) -> Result<Outcome, Failure> {
    let (source, mut problems) =
        project::single(path, SourceId(0), &project::fence_around(path.parent().unwrap_or(path)));
    let mut texts = vec![source];
    let mut flows = Vec::new();
    if problems.is_empty()
        && let Some(source) = texts.first()
    {
        let read = driver::documents(source, 1);
        problems.extend(read.diagnostics);
        flows.extend(read.documents.into_iter().filter_map(|document| document.flow));
        texts.extend(read.inner);
    }
    console.diagnostics(&problems, &texts);
    match flows.as_mut_slice() {
        [] => Ok(Outcome::Problems),
        [flow] => {
            import::label(flow);
            console.result(&emit::picture(flow, format));
            Ok(Outcome::Clean)
        }
        several => {
            let names = listed(several.iter().map(|flow| flow.name.value.as_str()));
            Err(Failure::new(format!("`{}` holds several flows: {names}", path.display()))
                .help("`flowc import` makes a source of each, which can be drawn by its name"))
        }
    }
}

/// The first few names; a project can have hundreds.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let shown: Vec<&str> = names.iter().take(10).map(String::as_str).collect();
    match (names.len(), names.len() - shown.len()) {
        (0, _) => "none".to_owned(),
        (_, 0) => shown.join(", "),
        (_, more) => format!("{}, and {more} more", shown.join(", ")),
    }
}
