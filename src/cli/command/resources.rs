//! `flowc resources`: what flows need of an instance.

use serde_json::{Value, json};

use super::check::outcome;
use crate::cli::args::{Global, ListFormat, Resources};
use crate::cli::environments::{checked, columns, place};
use crate::cli::project::Project;
use crate::cli::terminal::Console;
use crate::cli::{Failure, Outcome};
use crate::diagnostics::Diagnostic;
use crate::driver::{self, Group, ResourceRow, UnusedName};

pub fn run(resources: &Resources, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let project = Project::open(global, &[])?.with_known(&resources.environments)?;
    let (groups, diagnostics) = if project.environments.is_empty() {
        let checked = driver::check(project.sources(), &project.settings);
        let diagnostics = project.diagnostics(checked.diagnostics.clone());
        (vec![Group { environments: Vec::new(), checked }], diagnostics)
    } else {
        checked(&project, console)
    };
    let errors: Vec<Diagnostic> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    console.diagnostics(&errors, project.texts());
    let text = match (resources.unused, resources.format) {
        (false, ListFormat::Text) => used_table(&driver::resources(&groups), &project),
        (false, ListFormat::Json) => used_json(&driver::resources(&groups), &project),
        (true, ListFormat::Text) => unused_table(&driver::unused(&groups), &project),
        (true, ListFormat::Json) => unused_json(&driver::unused(&groups), &project),
    };
    match resources.format {
        ListFormat::Text => console.lines(&text),
        ListFormat::Json => console.result(&text),
    }
    Ok(outcome(&errors))
}

fn used_table(rows: &[ResourceRow], project: &Project) -> String {
    let mut head: Vec<String> = ["kind", "name", "takes"].map(str::to_owned).into();
    head.extend(rows.first().into_iter().flat_map(|row| &row.environments).map(|(name, _)| name.clone()));
    head.push("said in".to_owned());
    let mut table = vec![head];
    for row in rows {
        let mut cells = vec![row.kind.word().to_owned(), row.name.clone(), takes(row).to_owned()];
        cells.extend(
            row.environments.iter().map(|(_, known)| if known.is_some() { "known" } else { "missing" }.to_owned()),
        );
        let first = row.uses.first().map(|used| place(used.span, project.texts())).unwrap_or_default();
        let more = row.uses.len().saturating_sub(1);
        cells.push(if more == 0 { first } else { format!("{first} and {more} more") });
        table.push(cells);
    }
    columns(&table)
}

/// What the places that name something take.
fn takes(row: &ResourceRow) -> &'static str {
    match row.uses.iter().filter(|used| used.is_fixed).count() {
        0 => "references",
        count if count == row.uses.len() => "addresses",
        _ => "both",
    }
}

fn used_json(rows: &[ResourceRow], project: &Project) -> String {
    let uses = |row: &ResourceRow| -> Vec<Value> {
        let one = |used: &driver::ResourceUse| {
            let takes = if used.is_fixed { "addresses" } else { "references" };
            json!({ "flow": used.flow, "place": place(used.span, project.texts()), "takes": takes })
        };
        row.uses.iter().map(one).collect()
    };
    let row = |row: &ResourceRow| {
        let environments: serde_json::Map<String, Value> =
            row.environments.iter().map(|(name, address)| (name.clone(), json!(address))).collect();
        json!({ "kind": row.kind.word(), "name": row.name, "uses": uses(row), "environments": environments })
    };
    crate::emit::manifest::text(&Value::Array(rows.iter().map(row).collect()))
}

fn unused_table(rows: &[UnusedName], project: &Project) -> String {
    let mut table = vec![["environment", "kind", "name", "given in"].map(str::to_owned).to_vec()];
    for row in rows {
        let place = place(row.key, project.texts());
        table.push(vec![row.environment.clone(), row.kind.word().to_owned(), row.name.clone(), place]);
    }
    columns(&table)
}

fn unused_json(rows: &[UnusedName], project: &Project) -> String {
    let row = |row: &UnusedName| {
        let place = place(row.key, project.texts());
        json!({ "environment": row.environment, "kind": row.kind.word(), "name": row.name, "place": place })
    };
    crate::emit::manifest::text(&Value::Array(rows.iter().map(row).collect()))
}
