//! `flowc graph`: one flow as a picture.

use super::check;
use crate::cli::args::{Global, Graph, GraphFormat};
use crate::cli::project::Project;
use crate::cli::terminal::Console;
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{Diagnostic, closest};
use crate::driver;
use crate::emit::{self, Format};

pub fn run(graph: &Graph, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let project = Project::open(global, &[])?;
    let checked = driver::check(project.sources(), &project.settings);
    let format = match graph.format {
        GraphFormat::Svg => Format::Svg,
        GraphFormat::Mermaid => Format::Mermaid,
        GraphFormat::Dot => Format::Dot,
    };
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
