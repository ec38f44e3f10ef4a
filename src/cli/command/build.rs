//! `flowc build`: sources in, the out folder brought up to date, or nothing at all where there is an error.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use super::{check, watch};
use crate::cli::args::{Build, BuildFormat, Global};
use crate::cli::environments;
use crate::cli::output::{Folder, State, gone};
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
    let out = build.out.clone().unwrap_or_else(|| project.root.join(&project.settings.out));
    if !project.environments.is_empty() {
        return in_environments(build, project, &out, console);
    }
    let (mut checked, diagnostics) = check::checked(project, console);
    if check::outcome(&diagnostics) == Outcome::Problems {
        return Ok((Outcome::Problems, nothing(build.check, &diagnostics)));
    }
    checked.flows.retain(|flow| project.is_chosen(flow.flow().span.source));
    let folder = Folder::open(out)?;
    let job = Job { build, project, folder: &folder, place: String::new(), map: None };
    let flows = checked.flows.into_iter().map(|flow| (flow, None)).collect();
    let (outcome, done) = job.run(flows, console)?;
    Ok((outcome, job.summary(&done, &diagnostics)))
}

/// One build for every environment, each into a folder of its own. Nothing is written if one of them has an error.
fn in_environments(
    build: &Build,
    project: &Project,
    out: &Path,
    console: &Console,
) -> Result<(Outcome, String), Failure> {
    let (mapped, diagnostics) = environments::mapped(project, console);
    if check::outcome(&diagnostics) == Outcome::Problems {
        return Ok((Outcome::Problems, nothing(build.check, &diagnostics)));
    }
    let mut outcome = Outcome::Clean;
    let mut lines = Vec::new();
    let names: BTreeSet<String> = mapped.iter().map(|mapped| mapped.name.clone()).collect();
    let written_in = fallback_lines(&mapped, project);
    for mut mapped in mapped {
        let folder = Folder::open(out.join(&mapped.name))?;
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
        for (name, folder) in gone(out, &names)? {
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
                lines.push(format!("{name}: no environment any more, {} removed", counted(folder.clear(out)?, "file")));
            }
        }
    }
    Ok((outcome, lines.join("\n")))
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
        let products = self.each(flows, |output| self.folder.put(output), console)?;
        let changed =
            products.iter().filter(|product| product.states.iter().any(|state| *state != State::Fresh)).count();
        let (manifest, kept) = self.manifest(products);
        self.folder.put(&manifest)?;
        match &self.map {
            Some(map) => drop(self.folder.put(map)?),
            None if !self.place.is_empty() => self.folder.remove(driver::RESOURCE_MAP)?,
            None => {}
        }
        let leftovers = self.leftovers(&kept);
        leftovers.iter().try_for_each(|name| self.folder.remove(name))?;
        Ok((Outcome::Clean, Report { count, changed, removed: leftovers.len(), findings: 0 }))
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
        let form = match self.build.format {
            BuildFormat::Content => Form::Content,
            BuildFormat::Envelope => Form::Envelope,
        };
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
            driver::merged_manifest(&self.folder.manifest, self.environment(), entries)
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
