//! `flowc build`: sources in, the out folder brought up to date, or nothing at all where there is an error.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use super::{check, watch};
use crate::cli::args::{Build, BuildFormat, Global};
use crate::cli::environments;
use crate::cli::files::{Folder, List, Lock, Place, State, gone};
use crate::cli::project::Project;
use crate::cli::terminal::{Console, counted, tally};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::Diagnostic;
use crate::driver::{self, Fallback, Form, Mapped, Output, Product};
use crate::emit::manifest::Resource;
use crate::validate::ValidFlow;

pub fn run(build: &Build, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    if build.watch {
        return watch::run(build, global, console);
    }
    let project = Project::open(global, &build.paths)?.with(&build.environments)?;
    let (outcome, summary) = once(build, &project, console)?;
    console.summary(&(summary + &console.elapsed(begin)));
    Ok(outcome)
}

/// One build, and a line about it.
pub fn once(build: &Build, project: &Project, console: &Console) -> Result<(Outcome, String), Failure> {
    told_left_out(project, console);
    if !project.environments.is_empty() {
        return in_environments(build, project, console);
    }
    let (mut checked, diagnostics) = check::checked(project, console);
    if check::outcome(&diagnostics) == Outcome::Problems {
        return Ok((Outcome::Problems, nothing(build.check, &diagnostics)));
    }
    checked.flows.retain(|flow| project.is_chosen(flow.flow().span.source));
    let place = place(build, project)?;
    let _lock = lock(build, &place, console)?;
    let folder = Folder::open(&place.fence, place.path.clone(), List::Manifest)?;
    let job = Job { build, project, folder: &folder, place: String::new(), map: None };
    let flows = checked.flows.into_iter().map(|flow| (flow, None)).collect();
    let (outcome, done) = job.run(flows, console)?;
    Ok((outcome, job.summary(&done, &diagnostics)))
}

/// One build for every environment, each into a folder of its own. Nothing is written if one of them has an error.
fn in_environments(build: &Build, project: &Project, console: &Console) -> Result<(Outcome, String), Failure> {
    let (mapped, diagnostics) = environments::mapped(project, console);
    if check::outcome(&diagnostics) == Outcome::Problems {
        return Ok((Outcome::Problems, nothing(build.check, &diagnostics)));
    }
    let mut outcome = Outcome::Clean;
    let mut lines = Vec::new();
    let names: BTreeSet<String> = mapped.iter().map(|mapped| mapped.name.clone()).collect();
    let written_in = fallback_lines(&mapped, project);
    let place = place(build, project)?;
    let _lock = lock(build, &place, console)?;
    for mut mapped in mapped {
        let folder = Folder::open(&place.fence, place.path.join(&mapped.name), List::Manifest)?;
        let map = mapped.resource_map();
        let job = Job { build, project, folder: &folder, place: format!("{}/", mapped.name), map };
        mapped.flows.retain(|(flow, _)| project.is_chosen(flow.flow().span.source));
        let flows = mapped.flows.into_iter().map(|(flow, resources)| (flow, Some(resources))).collect();
        let (one, done) = job.run(flows, console)?;
        lines.push(format!("{}: {}", mapped.name, job.summary(&done, &diagnostics)));
        if one == Outcome::Problems {
            outcome = one;
        }
    }
    lines.extend(written_in);
    if build.environments.all_envs && project.is_whole() {
        for (name, folder) in gone(&place, &names)? {
            let job = Job { build, project, folder: &folder, place: format!("{name}/"), map: None };
            if build.check {
                let own = folder.own();
                for file in &own {
                    console.finding("extra", &job.shown(file));
                }
                let count = counted(own.len(), "file");
                lines.push(format!("{name}: no environment any more; `flowc build --all-envs` removes {count}"));
                outcome = Outcome::Problems;
            } else {
                lines.push(format!(
                    "{name}: no environment any more, {} removed",
                    counted(folder.clear(&place.path)?, "file")
                ));
            }
        }
    }
    Ok((outcome, lines.join("\n")))
}

fn place(build: &Build, project: &Project) -> Result<Place, Failure> {
    Place::new(&project.root, &project.folder(), Path::new(&project.settings.out), build.out.as_deref())
}

/// Holds the out folder while something is written.
fn lock(build: &Build, place: &Place, console: &Console) -> Result<Option<Lock>, Failure> {
    let wait = || console.note(&format!("another flowc writes to `{}`; waiting for it", place.path.display()));
    if build.check { Ok(None) } else { place.take(build.force, wait).map(Some) }
}

/// Sources that a note names; there can be a folder full.
const LEFT_OUT_SHOWN: usize = 5;

/// What of the project is not compiled because of its name, or because a `.gitignore` names it.
pub(super) fn told_left_out(project: &Project, console: &Console) {
    let names: Vec<String> = project.left_out.iter().take(LEFT_OUT_SHOWN).map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return;
    }
    let more = match project.left_out.len() - names.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (count, verb) = (project.left_out.len(), if project.left_out.len() == 1 { "is" } else { "are" });
    let names = names.join(", ");
    console
        .note(&format!("{count} of the source folder {verb} left out, hidden or named in a .gitignore: {names}{more}"));
}

/// Addresses that a report shows; `flowc resources` and the manifest have all.
const FALLBACKS_SHOWN: usize = 20;

/// What several environments share is said once, with their names.
pub(super) fn fallback_lines(all: &[Mapped], project: &Project) -> Vec<String> {
    let shown = |(fallback, environments): &(&Fallback, Vec<&str>)| {
        let place = environments::place(fallback.span, project.texts());
        let is_one = all.len() < 2;
        let where_so = if is_one { String::new() } else { format!(" ({})", environments.join(", ")) };
        format!("  written in{where_so}: {} `{}` at {place}, because {}", fallback.kind, fallback.name, fallback.reason)
    };
    let fallbacks = driver::written_in(all);
    let mut lines: Vec<String> = fallbacks.iter().take(FALLBACKS_SHOWN).map(shown).collect();
    if let more @ 1.. = fallbacks.len().saturating_sub(FALLBACKS_SHOWN) {
        lines.push(format!("  and {more} more; the manifest lists them all"));
    }
    lines
}

pub(super) fn nothing(checks: bool, diagnostics: &[Diagnostic]) -> String {
    let left = if checks { "nothing compared" } else { "nothing written" };
    format!("{left}: {}", tally(diagnostics))
}

struct Job<'a> {
    build: &'a Build,
    project: &'a Project,
    folder: &'a Folder,
    /// Where in the out folder the job's own folder is.
    place: String,
    /// What the mapping function answers from.
    map: Option<Output>,
}

/// A flow, and what became of its names if they were mapped.
type Planned = (ValidFlow, Option<Vec<Resource>>);

/// What a job did, in words.
struct Report {
    count: usize,
    changed: usize,
    removed: usize,
    findings: usize,
}

impl Job<'_> {
    fn run(&self, flows: Vec<Planned>, console: &Console) -> Result<(Outcome, Report), Failure> {
        if self.build.check { self.compare(flows, console) } else { self.write(flows, console) }
    }

    fn summary(&self, report: &Report, diagnostics: &[Diagnostic]) -> String {
        let Report { count, changed, removed, findings } = report;
        let count = counted(*count, "flow");
        match (self.build.check, findings) {
            (true, 0) => format!("{count} up to date: {}", tally(diagnostics)),
            (true, findings) => {
                let files = counted(*findings, "file");
                format!("{files} not up to date; `flowc build` writes what is missing or stale")
            }
            (false, _) => {
                let removed = match removed {
                    0 => String::new(),
                    count => format!(", {} removed", counted(*count, "file")),
                };
                format!("built {count}, {changed} changed{removed}: {}", tally(diagnostics))
            }
        }
    }

    fn write(&self, flows: Vec<Planned>, console: &Console) -> Result<(Outcome, Report), Failure> {
        let count = flows.len();
        self.begin(&flows)?;
        let products = self.each(flows, |output| self.folder.put(output), console)?;
        let changed =
            products.iter().filter(|product| product.states.iter().any(|state| *state != State::Fresh)).count();
        let (manifest, kept) = self.manifest(products);
        match &self.map {
            Some(map) => drop(self.folder.put(map)?),
            None if !self.place.is_empty() => self.folder.remove(driver::RESOURCE_MAP)?,
            None => {}
        }
        let leftovers = self.leftovers(&kept);
        leftovers.iter().try_for_each(|name| self.folder.remove(name))?;
        // Last: what it lists is there, and what is not there it does not list.
        self.folder.put(&manifest)?;
        self.folder.end()?;
        Ok((Outcome::Clean, Report { count, changed, removed: leftovers.len(), findings: 0 }))
    }

    /// Before anything is written: whether somebody's files are in the way.
    fn begin(&self, flows: &[Planned]) -> Result<(), Failure> {
        let names: Vec<[String; 2]> = flows.iter().map(|(flow, _)| driver::output_names(flow)).collect();
        let map = self.map.as_ref().map(|map| map.name.as_str());
        let others = || [driver::MANIFEST].into_iter().chain(map);
        let foreign = self.folder.foreign(names.iter().flatten().map(String::as_str).chain(others()));
        if !self.build.force && !foreign.is_empty() {
            if let Some(name) = others().find(|name| foreign.contains(*name)) {
                return Err(self.folder.refuse(name));
            }
            // A file that holds what it would hold is in nobody's way.
            let in_the_way =
                flows.iter().zip(&names).filter(|(_, names)| names.iter().any(|name| foreign.contains(name)));
            for ((flow, _), _) in in_the_way {
                let product = driver::product(flow, self.project.texts(), self.form());
                for output in product.outputs.iter().filter(|output| foreign.contains(&output.name)) {
                    if self.folder.state(output)? != State::Fresh {
                        return Err(self.folder.refuse(&output.name));
                    }
                }
            }
        }
        let names = names.into_iter().flatten().chain(others().map(str::to_owned)).collect();
        self.folder.begin(&names)
    }

    fn form(&self) -> Form {
        match self.build.format {
            BuildFormat::Content => Form::Content,
            BuildFormat::Envelope => Form::Envelope,
        }
    }

    fn compare(&self, flows: Vec<Planned>, console: &Console) -> Result<(Outcome, Report), Failure> {
        let count = flows.len();
        let products = self.each(flows, |output| self.folder.state(output), console)?;
        let mut findings: Vec<(String, &str)> = Vec::new();
        for product in &products {
            for (name, state) in product.names.iter().zip(product.states) {
                findings.extend(word(state).map(|word| (name.clone(), word)));
            }
        }
        let (manifest, kept) = self.manifest(products);
        for output in [Some(&manifest), self.map.as_ref()].into_iter().flatten() {
            findings.extend(word(self.folder.state(output)?).map(|word| (output.name.clone(), word)));
        }
        findings.extend(self.leftovers(&kept).into_iter().map(|name| (name, "extra")));
        findings.sort();
        for (name, state) in &findings {
            console.finding(state, &self.shown(name));
        }
        let outcome = if findings.is_empty() { Outcome::Clean } else { Outcome::Problems };
        Ok((outcome, Report { count, changed: 0, removed: 0, findings: findings.len() }))
    }

    /// Compiles the flows side by side and does something with every output, so that only few are held at once. Each
    /// flow is let go of with its outputs.
    fn each(
        &self,
        flows: Vec<Planned>,
        act: impl Fn(&Output) -> Result<State, Failure> + Sync,
        console: &Console,
    ) -> Result<Vec<Done>, Failure> {
        let form = self.form();
        let progress = console.progress("writing", flows.len());
        let done = |(flow, resources): Planned| {
            let Product { outputs: [document, map], mut entry } = driver::product(&flow, self.project.texts(), form);
            entry.resources = resources.unwrap_or(entry.resources);
            let states = [act(&document)?, act(&map)?];
            progress.step();
            Ok(Done { names: [document.name, map.name], states, entry })
        };
        flows.into_par_iter().map(done).collect()
    }

    /// The manifest, and the names of all files that this build stands for.
    fn manifest(&self, products: Vec<Done>) -> (Output, BTreeSet<String>) {
        let kept = products.iter().flat_map(|product| product.names.clone()).collect();
        let entries = products.into_iter().map(|product| product.entry).collect();
        let manifest = if self.project.is_whole() {
            driver::manifest(self.environment(), entries)
        } else {
            driver::merged_manifest(&self.folder.listed, self.environment(), entries)
        };
        (manifest, kept)
    }

    /// The environment that the job is for.
    fn environment(&self) -> Option<&str> {
        self.place.strip_suffix('/')
    }

    /// A build of some flows says nothing about the others.
    fn leftovers(&self, kept: &BTreeSet<String>) -> Vec<String> {
        if self.project.is_whole() { self.folder.leftovers(kept) } else { Vec::new() }
    }

    fn shown(&self, name: &str) -> String {
        let folder = self.build.out.as_ref().map(|out| out.to_string_lossy().into_owned());
        format!(
            "{}/{}{name}",
            folder.as_deref().unwrap_or(&self.project.settings.out).trim_end_matches('/'),
            self.place
        )
    }
}

/// What became of one flow.
struct Done {
    names: [String; 2],
    states: [State; 2],
    entry: crate::emit::manifest::Entry,
}

pub(super) fn word(state: State) -> Option<&'static str> {
    match state {
        State::Fresh => None,
        State::Stale => Some("stale"),
        State::Missing => Some("missing"),
    }
}
