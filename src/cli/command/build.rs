//! `flowc build`: sources in, the out folder brought up to date, or nothing at all where there is an error.

use std::collections::BTreeSet;
use std::time::Instant;

use rayon::prelude::*;

use super::{check, watch};
use crate::cli::args::{Build, BuildFormat, Global};
use crate::cli::output::{Folder, State};
use crate::cli::project::Project;
use crate::cli::terminal::{Console, counted, tally};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::Diagnostic;
use crate::driver::{self, Form, Output, Product};
use crate::validate::ValidFlow;

pub fn run(build: &Build, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    if build.watch {
        return watch::run(build, global, console);
    }
    let (outcome, summary) = once(build, &Project::open(global, &build.paths)?, console)?;
    console.summary(&(summary + &console.elapsed(begin)));
    Ok(outcome)
}

/// One build, and a line about it.
pub fn once(build: &Build, project: &Project, console: &Console) -> Result<(Outcome, String), Failure> {
    let (mut checked, diagnostics) = check::checked(project, console);
    if check::outcome(&diagnostics) == Outcome::Problems {
        let left = if build.check { "nothing compared" } else { "nothing written" };
        return Ok((Outcome::Problems, format!("{left}: {}", tally(&diagnostics))));
    }
    checked.flows.retain(|flow| project.is_chosen(flow.flow().span.source));
    let out = build.out.clone().unwrap_or_else(|| project.root.join(&project.settings.out));
    let folder = Folder::open(out)?;
    let job = Job { build, project, folder: &folder };
    let flows = checked.flows;
    if build.check { job.compare(flows, console, &diagnostics) } else { job.write(flows, console, &diagnostics) }
}

struct Job<'a> {
    build: &'a Build,
    project: &'a Project,
    folder: &'a Folder,
}

impl Job<'_> {
    fn write(
        &self,
        flows: Vec<ValidFlow>,
        console: &Console,
        diagnostics: &[Diagnostic],
    ) -> Result<(Outcome, String), Failure> {
        let count = counted(flows.len(), "flow");
        let products = self.each(flows, |output| self.folder.put(output), console)?;
        let changed =
            products.iter().filter(|product| product.states.iter().any(|state| *state != State::Fresh)).count();
        let (manifest, kept) = self.manifest(products);
        self.folder.put(&manifest)?;
        let leftovers = self.leftovers(&kept);
        leftovers.iter().try_for_each(|name| self.folder.remove(name))?;
        let removed = match leftovers.len() {
            0 => String::new(),
            count => format!(", {} removed", counted(count, "file")),
        };
        Ok((Outcome::Clean, format!("built {count}, {changed} changed{removed}: {}", tally(diagnostics))))
    }

    fn compare(
        &self,
        flows: Vec<ValidFlow>,
        console: &Console,
        diagnostics: &[Diagnostic],
    ) -> Result<(Outcome, String), Failure> {
        let count = counted(flows.len(), "flow");
        let products = self.each(flows, |output| self.folder.state(output), console)?;
        let mut findings: Vec<(String, &str)> = Vec::new();
        for product in &products {
            for (name, state) in product.names.iter().zip(product.states) {
                findings.extend(word(state).map(|word| (name.clone(), word)));
            }
        }
        let (manifest, kept) = self.manifest(products);
        findings.extend(word(self.folder.state(&manifest)?).map(|word| (manifest.name, word)));
        findings.extend(self.leftovers(&kept).into_iter().map(|name| (name, "extra")));
        findings.sort();
        for (name, state) in &findings {
            console.finding(state, &self.shown(name));
        }
        if findings.is_empty() {
            return Ok((Outcome::Clean, format!("{count} up to date: {}", tally(diagnostics))));
        }
        let files = counted(findings.len(), "file");
        Ok((Outcome::Problems, format!("{files} not up to date; `flowc build` writes what is missing or stale")))
    }

    /// Compiles the flows side by side and does something with every output, so that only few are held at once. Each
    /// flow is let go of with its outputs.
    fn each(
        &self,
        flows: Vec<ValidFlow>,
        act: impl Fn(&Output) -> Result<State, Failure> + Sync,
        console: &Console,
    ) -> Result<Vec<Done>, Failure> {
        let form = match self.build.format {
            BuildFormat::Content => Form::Content,
            BuildFormat::Envelope => Form::Envelope,
        };
        let progress = console.progress(flows.len());
        let done = |flow: ValidFlow| {
            let Product { outputs: [document, map], entry } = driver::product(&flow, self.project.texts(), form);
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
            driver::manifest(entries)
        } else {
            driver::merged_manifest(&self.folder.manifest, entries)
        };
        (manifest, kept)
    }

    /// A build of some flows says nothing about the others.
    fn leftovers(&self, kept: &BTreeSet<String>) -> Vec<String> {
        if self.project.is_whole() { self.folder.leftovers(kept) } else { Vec::new() }
    }

    fn shown(&self, name: &str) -> String {
        let folder = self.build.out.as_ref().map(|out| out.to_string_lossy().into_owned());
        format!("{}/{name}", folder.as_deref().unwrap_or(&self.project.settings.out).trim_end_matches('/'))
    }
}

/// What became of one flow.
struct Done {
    names: [String; 2],
    states: [State; 2],
    entry: crate::emit::manifest::Entry,
}

fn word(state: State) -> Option<&'static str> {
    match state {
        State::Fresh => None,
        State::Stale => Some("stale"),
        State::Missing => Some("missing"),
    }
}
