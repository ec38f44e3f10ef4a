//! `flowc import`: documents in, sources out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;

use super::check;
use crate::cli::args::{Global, Import};
use crate::cli::output::{self, State};
use crate::cli::project::{self, Project};
use crate::cli::terminal::{Console, counted, tally};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{Diagnostic, render};
use crate::driver::{self, Imported, ImportedFlow};
use crate::import::{Options, Stats};
use crate::source::{Source, SourceId};

pub fn run(import: &Import, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    let (mut texts, mut problems) = inputs(import)?;
    let options = Options { keep_identifiers: import.keep_ids, keep_addresses: import.keep_arns };
    let base = u32::try_from(texts.len()).unwrap_or(u32::MAX).saturating_add(1);
    let readable = |source: &&Source| !problems.iter().any(|problem| problem.primary.span.source == source.id);
    let progress = console.progress("importing", texts.len());
    let read: Vec<Imported> = texts
        .par_iter()
        .filter(readable)
        .map(|source| {
            let imported = driver::import(source, base, options, import.verify);
            progress.step();
            imported
        })
        .collect();
    drop(progress);
    let mut flows = Vec::new();
    for imported in read {
        texts.extend(imported.inner);
        problems.extend(imported.diagnostics.into_sorted());
        flows.extend(imported.flows);
    }
    console.diagnostics(&problems, &texts);

    let to_stdout = import.out.is_none() && import.inputs.iter().all(|input| is_stdin(input));
    let written = if to_stdout {
        flows.iter().filter_map(|flow| flow.files.first()).for_each(|file| console.result(&file.text));
        "to stdout".to_owned()
    } else {
        let folder = folder(import, global)?;
        write(&mut flows, &folder, console)?;
        format!("into {}", shown(&folder))
    };
    let differing = flows.iter().filter(|flow| !flow.differences.is_empty()).count();
    for flow in &flows {
        differences(flow, console);
    }
    let told = if problems.is_empty() { String::new() } else { format!(": {}", tally(&problems)) };
    let verified = match (import.verify, differing) {
        (false, _) => String::new(),
        (true, 0) => "; each compiles to its document".to_owned(),
        (true, 1) => "; one does not compile to its document".to_owned(),
        (true, several) => format!("; {several} do not compile to their documents"),
    };
    let summary = format!("imported {} {written}{told}{verified}", counted(flows.len(), "flow"));
    if import.stats {
        stats(&flows, console);
    }
    let summary = summary + &console.elapsed(begin);
    if to_stdout {
        console.note(&summary);
    } else {
        console.summary(&summary);
    }
    Ok(if differing > 0 { Outcome::Problems } else { check::outcome(&problems) })
}

/// The texts of all inputs, by path.
fn inputs(import: &Import) -> Result<(Vec<Source>, Vec<Diagnostic>), Failure> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for input in import.inputs.iter().filter(|input| !is_stdin(input)) {
        if input.is_dir() {
            let below = project::documents_below(input);
            if below.is_empty() {
                return Err(Failure::new(format!("there is no document in `{}`", input.display()))
                    .help("documents end in `.json`, `.yaml`, `.yml` or `.template`"));
            }
            paths.extend(below);
        } else if input.exists() {
            paths.push(input.clone());
        } else {
            return Err(Failure::new(format!("there is no file `{}`", input.display()))
                .help("check the spelling; `-` is stdin"));
        }
    }
    paths.sort();
    paths.dedup();
    let id = |index: usize| SourceId(u32::try_from(index).unwrap_or(u32::MAX));
    let read: Vec<(Source, Vec<Diagnostic>)> =
        paths.par_iter().enumerate().map(|(index, path)| project::single(path, id(index))).collect();
    let (mut texts, problems): (Vec<Source>, Vec<Vec<Diagnostic>>) = read.into_iter().unzip();
    let mut problems: Vec<Diagnostic> = problems.into_iter().flatten().collect();
    if import.inputs.iter().any(|input| is_stdin(input)) {
        let (source, found) = project::stdin()?;
        let id = id(texts.len());
        problems.extend(found.into_iter().map(|mut problem| {
            problem.primary.span.source = id;
            problem
        }));
        texts.push(Source { id, ..source });
    }
    Ok((texts, problems))
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Where sources go: where the command says, else where the project has its own.
fn folder(import: &Import, global: &Global) -> Result<PathBuf, Failure> {
    if let Some(out) = &import.out {
        return Ok(out.clone());
    }
    Ok(Project::around(global)?.unwrap_or_else(|| PathBuf::from(".")))
}

fn shown(folder: &Path) -> String {
    let current = std::env::current_dir().unwrap_or_default();
    let shown = folder.strip_prefix(&current).unwrap_or(folder).to_string_lossy().into_owned();
    if shown.is_empty() { ".".to_owned() } else { shown }
}

/// Writes all files. Flows of one name get files of their own.
fn write(flows: &mut [ImportedFlow], folder: &Path, console: &Console) -> Result<(), Failure> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for flow in flows {
        let Some(first) = flow.files.first().map(|file| file.name.clone()) else { continue };
        let mut count = 1;
        let mut name = first.clone();
        while !taken.insert(name.to_lowercase()) {
            count += 1;
            name = again(&first, count);
        }
        for file in &mut flow.files {
            if count > 1 {
                file.name = again(&file.name, count);
            }
            let state = output::put(&folder.join(&file.name), file.text.as_bytes())?;
            if state != State::Fresh && file.name == name {
                console.finding("imported", &name);
            }
        }
    }
    Ok(())
}

/// `Main.resources.toml` for the second time: `Main-2.resources.toml`.
fn again(name: &str, count: usize) -> String {
    let ending = [".resources.toml", ".layout.json", ".flow"].into_iter().find(|ending| name.ends_with(ending));
    let ending = ending.unwrap_or_default();
    let stem = name.strip_suffix(ending).unwrap_or(name);
    format!("{stem}-{count}{ending}")
}

fn differences(flow: &ImportedFlow, console: &Console) {
    for difference in &flow.differences {
        console.result(&match console.format {
            render::Format::Json => {
                let object = serde_json::json!({
                    "state": "differs", "flow": flow.name, "path": difference.place, "what": difference.what,
                });
                format!("{object}\n")
            }
            render::Format::Human | render::Format::Short => {
                format!("differs {}: {}: {}\n", flow.name, difference.place, difference.what)
            }
        });
    }
}

fn stats(flows: &[ImportedFlow], console: &Console) {
    let mut total = Stats::default();
    for flow in flows {
        total += flow.stats;
    }
    if console.format == render::Format::Json {
        let row = |name: &str, stats: &Stats| {
            serde_json::json!({
                "flow": name, "blocks": stats.blocks, "sentences": stats.sentences, "lines": stats.lines,
                "text": stats.text, "jumps": stats.jumps, "resources": stats.resources, "named": stats.named,
            })
        };
        for flow in flows {
            console.result(&format!("{}\n", row(&flow.name, &flow.stats)));
        }
        return;
    }
    let width = flows.iter().map(|flow| flow.name.chars().count()).max().unwrap_or(0).clamp(5, 48);
    let row = |name: &str, stats: &Stats| {
        let name: String = name.chars().take(width).collect();
        let [sentences, lines, jumps, named] = stats.rates();
        console.result(&format!(
            "{name:width$}  {:>6}  {sentences:>9}  {:>5}  {lines:>5}  {jumps:>5}  {named:>5}\n",
            stats.blocks, stats.lines
        ));
    };
    console.result(&format!(
        "{:width$}  {:>6}  {:>9}  {:>5}  {:>5}  {:>5}  {:>5}\n",
        "flow", "blocks", "sentences", "lines", "/blk", "jumps", "named"
    ));
    for flow in flows {
        row(&flow.name, &flow.stats);
    }
    row("all", &total);
}
