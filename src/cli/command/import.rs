//! `flowc import`: documents in, sources out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;
use similar::TextDiff;

use super::check;
use crate::cli::args::{Global, Import};
use crate::cli::files::{Fence, State};
use crate::cli::folders;
use crate::cli::project::{self, Project, is_stdin};
use crate::cli::terminal::{Console, counted, tally};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{Diagnostic, codes, render};
use crate::driver::{self, ImportedFlow, Surroundings};
use crate::import::{Options, Stats};
use crate::source::limits::SOURCE_BYTES_MAX;
use crate::source::{Source, SourceId, shown_line, without_commands};

pub fn run(import: &Import, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    let Inputs { mut texts, mut problems, found } = inputs(import)?;
    let to_stdout = import.out.is_none() && import.inputs.iter().all(|input| is_stdin(input));
    let folder = if to_stdout { None } else { Some(folder(import, global)?) };
    let project = folder.as_deref().map(joined).transpose()?.flatten();
    let around = surroundings(project.as_ref(), folder.as_deref());

    let options = Options { keep_identifiers: import.keep_ids, keep_addresses: import.keep_arns };
    let base = u32::try_from(texts.len()).unwrap_or(u32::MAX).saturating_add(1);
    let readable: Vec<&Source> = texts
        .iter()
        .filter(|source| !problems.iter().any(|problem| problem.primary.span.source == source.id))
        .collect();
    let progress = console.progress("importing", readable.len());
    let mut imported = driver::import_all(&readable, base, options, &around.settings, &|| progress.step());
    drop(progress);
    let judgement = driver::judge(&mut imported, JUDGED, options, import.verify, &around);
    let flows = imported.flows;
    texts.extend(imported.inner);
    problems.extend(imported.diagnostics.into_sorted());
    // A file of a folder that holds no flow is somebody else's.
    let is_other =
        |problem: &Diagnostic| problem.code == codes::NOT_A_FLOW && found.contains(&problem.primary.span.source);
    let first = problems.iter().find(|problem| is_other(problem)).map(|problem| problem.primary.span);
    problems.retain(|problem| !is_other(problem));
    let is_nothing_left = flows.is_empty() && problems.is_empty();
    problems.extend(first.filter(|_| is_nothing_left).map(folders::nothing));
    let problems = driver::untyped_once(problems, &texts.iter().collect::<Vec<_>>());
    console.diagnostics(&problems, &texts);
    for flow in &flows {
        renamed(flow, console);
    }

    let (written, kept) = match &folder {
        None => {
            flows.iter().filter_map(|flow| flow.files.first()).for_each(|file| console.result(&file.text));
            ("to stdout".to_owned(), 0)
        }
        Some(folder) => {
            let kept = write(&flows, folder, import.force, console)?;
            (format!("into {}", shown(folder)), kept)
        }
    };
    let mut known = judgement.sources;
    known.extend(project.iter().flat_map(Project::texts).cloned());
    console.diagnostics(&judgement.refused, &known);
    for flow in &flows {
        differences(flow, console);
    }
    let mut summary = vec![format!("imported {} {written}", counted(flows.len() - kept, "flow"))];
    if let (false, Some(first)) = (problems.is_empty(), summary.first_mut()) {
        *first = format!("{first}: {}", tally(&problems));
    }
    if kept > 0 {
        let kept = counted(kept, "source");
        summary.push(format!("{kept} kept, which an import would write otherwise; `--force` replaces"));
    }
    // What was kept is not what was verified.
    let is_verified = import.verify && kept == 0 && !problems.iter().any(is_unread);
    let is_sound = !problems.iter().any(Diagnostic::is_error);
    summary.extend(verdict(&flows, &judgement.refused, is_verified, is_sound));
    let summary = summary.join("; ");
    if import.stats {
        stats(&flows, console);
    }
    let summary = summary + &console.elapsed(begin);
    if to_stdout {
        console.note(&summary);
    } else {
        console.summary(&summary);
    }
    let differing = flows.iter().any(|flow| !flow.differences.is_empty());
    let is_clean = !differing && kept == 0 && judgement.refused.is_empty();
    Ok(if is_clean { check::outcome(&problems) } else { Outcome::Problems })
}

/// The id of the first imported source: beyond those of all inputs and of the texts in them.
const JUDGED: u32 = 1 << 30;

/// The project whose sources the imported ones are to be.
fn joined(folder: &Path) -> Result<Option<Project>, Failure> {
    let folder = std::path::absolute(folder).map_err(|error| Failure::io("find", folder, &error))?;
    let Some(root) = project::root_above(&folder) else { return Ok(None) };
    let project = Project::at(root, &[])?;
    Ok(Some(project).filter(|project| folder.starts_with(project.folder())))
}

fn surroundings<'p>(project: Option<&'p Project>, folder: Option<&Path>) -> Surroundings<'p> {
    let below = |shown: String| if shown.is_empty() || shown == "." { String::new() } else { format!("{shown}/") };
    match (project, folder) {
        (Some(project), Some(folder)) => {
            let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
            let folder = below(project::shown(&project.root, &folder));
            Surroundings { settings: project.settings.clone(), sources: project.sources(), folder }
        }
        (None, Some(folder)) => Surroundings { folder: below(shown(folder)), ..Surroundings::default() },
        (_, None) => Surroundings::default(),
    }
}

/// What a build would say of the sources, and whether each is proven.
fn verdict(flows: &[ImportedFlow], refused: &[Diagnostic], verify: bool, is_sound: bool) -> Vec<String> {
    let mut told = Vec::new();
    if !refused.is_empty() {
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        for problem in refused {
            *codes.entry(problem.code.id()).or_default() += 1;
        }
        let codes: Vec<String> = codes
            .into_iter()
            .map(|(code, count)| if count == 1 { code.to_owned() } else { format!("{code} ({count} times)") })
            .collect();
        let failing = flows.iter().filter(|flow| flow.builds == Some(false)).count();
        let which = if flows.len() == 1 { "it".to_owned() } else { format!("{failing} of them") };
        told.push(format!("`flowc build` refuses {which}: {}", codes.join(", ")));
    }
    let proven = flows.iter().filter(|flow| flow.is_proven()).count();
    match (verify, flows.len()) {
        (false, _) | (true, 0) => {}
        (true, all) if proven == all && is_sound => told.push("each compiles to its document".to_owned()),
        // What the service asks for and a document lacks, such as a target, the source has.
        (true, all) if proven == all => {
            told.push("each compiles to its document, apart from the errors there".to_owned());
        }
        (true, 1) => told.push("it does not compile to its document".to_owned()),
        (true, all) => told.push(format!("{proven} of {all} compile to their documents")),
    }
    told
}

/// Whether something could not be read at all.
fn is_unread(problem: &Diagnostic) -> bool {
    problem.is_error()
        && [codes::NOT_JSON, codes::NOT_A_FLOW, codes::NOT_TEXT, codes::UNREADABLE].contains(&problem.code)
}

/// A name that a flow could not keep.
fn renamed(flow: &ImportedFlow, console: &Console) {
    let Some(renamed) = &flow.renamed else { return };
    match console.format {
        render::Format::Json => {
            let object = serde_json::json!({
                "state": "renamed", "flow": flow.name, "from": renamed.from, "why": renamed.why,
            });
            console.result(&format!("{object}\n"));
        }
        render::Format::Human | render::Format::Short => {
            console.note(&format!("`{}` is called `{}` here: {}", renamed.from, flow.name, renamed.why));
        }
    }
}

/// The texts of all inputs, by path.
struct Inputs {
    texts: Vec<Source>,
    problems: Vec<Diagnostic>,
    /// Those that were found in folders rather than named.
    found: BTreeSet<SourceId>,
}

fn inputs(import: &Import) -> Result<Inputs, Failure> {
    let mut below_folders: BTreeSet<PathBuf> = BTreeSet::new();
    let mut paths: Vec<PathBuf> = Vec::new();
    for input in import.inputs.iter().filter(|input| !is_stdin(input)) {
        if input.is_dir() {
            let below = project::documents_below(input);
            if below.is_empty() {
                return Err(Failure::new(format!("there is no document in `{}`", input.display()))
                    .help("documents end in `.json`, `.yaml`, `.yml` or `.template`"));
            }
            below_folders.extend(below.iter().cloned());
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
    let is_found = |path: &PathBuf| below_folders.contains(path) && !import.inputs.contains(path);
    let id = |index: usize| SourceId(u32::try_from(index).unwrap_or(u32::MAX));
    let fences: BTreeMap<&Path, Fence> = import
        .inputs
        .iter()
        .filter(|input| input.is_dir())
        .map(|input| (input.as_path(), project::fence_around(input)))
        .collect();
    let beside = project::fence_around(Path::new("."));
    let fence_of = |path: &Path| path.ancestors().find_map(|above| fences.get(above)).unwrap_or(&beside);
    let read: Vec<(Source, Vec<Diagnostic>)> =
        paths.par_iter().enumerate().map(|(index, path)| project::single(path, id(index), fence_of(path))).collect();
    let found = paths.iter().enumerate().filter(|(_, path)| is_found(path)).map(|(index, _)| id(index)).collect();
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
    Ok(Inputs { texts, problems, found })
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

/// Writes the files of all flows but those of which one is there and says something else: what differs is shown. How many
/// flows were left alone for that.
fn write(flows: &[ImportedFlow], folder: &Path, force: bool, console: &Console) -> Result<usize, Failure> {
    let mut kept = 0;
    let fence = project::fence_around(folder);
    for flow in flows {
        if !force && other_content(flow, folder, &fence, console) {
            kept += 1;
            continue;
        }
        for (index, file) in flow.files.iter().enumerate() {
            let state = fence.put(&folder.join(&file.name), file.text.as_bytes())?;
            if state != State::Fresh && index == 0 {
                console.finding("imported", &file.name);
            }
        }
    }
    Ok(kept)
}

/// Whether one of a flow's files is there and is not what the import would write. Shows how.
fn other_content(flow: &ImportedFlow, folder: &Path, fence: &Fence, console: &Console) -> bool {
    let mut is_other = false;
    for file in &flow.files {
        let path = folder.join(&file.name);
        let old = match fence.bytes(&path, SOURCE_BYTES_MAX as u64) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).replace("\r\n", "\n"),
            Err(unread) if unread.is_missing() && !path.is_symlink() => continue,
            // What cannot be looked at is somebody's, and is not shown.
            Err(_) => {
                is_other = true;
                console.finding("kept", &file.name);
                continue;
            }
        };
        if old == file.text {
            continue;
        }
        is_other = true;
        console.finding("kept", &file.name);
        if console.format == render::Format::Human {
            let diff = TextDiff::from_lines(old.as_str(), file.text.as_str());
            let (here, there) = (format!("a/{}", file.name), format!("b/{}", file.name));
            console.lines(&diff.unified_diff().header(&here, &there).to_string());
        }
    }
    is_other
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
                let [name, place, what] =
                    [&flow.name, &difference.place, &difference.what].map(|text| shown_line(text));
                without_commands(&format!("differs {name}: {place}: {what}\n")).into_owned()
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
        let name: String = shown_line(name).chars().take(width).collect();
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
