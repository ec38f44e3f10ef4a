//! `flowc emit`: a project of its own for a deployment tool.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use super::build::{fallback_lines, nothing, word};
use super::check::outcome;
use crate::cli::args::{Emit, EmitTarget, Global};
use crate::cli::environments::{checked, told};
use crate::cli::files::{Folder, List, Place, State};
use crate::cli::project::Project;
use crate::cli::terminal::{Console, counted};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::Diagnostic;
use crate::driver::{self, Group, Mapped, MissingName, Output, Tool};
use crate::emit::function::Function;

/// What a target comes to.
#[derive(Default)]
struct Files {
    outputs: Vec<Output>,
    diagnostics: Vec<Diagnostic>,
    missing: Vec<MissingName>,
    notes: Vec<String>,
}

pub fn run(emit: &Emit, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    let project = Project::open(global, &[])?.with(&emit.environments)?;
    let (groups, diagnostics) = groups(&project, console);
    if outcome(&diagnostics) == Outcome::Problems {
        console.diagnostics(&diagnostics, project.texts());
        console.summary(&nothing(emit.check, &diagnostics));
        return Ok(Outcome::Problems);
    }
    let mut files = match emit.target {
        EmitTarget::Content => content(&groups, &project),
        EmitTarget::Envelope => envelope(&groups, &project)?,
        EmitTarget::Cloudformation => template(Tool::Cloudformation, &groups, &project)?,
        EmitTarget::Terraform => template(Tool::Terraform, &groups, &project)?,
    };
    files.diagnostics.splice(0..0, diagnostics);
    let environments: Vec<String> = project.environments.iter().map(|environment| environment.name.clone()).collect();
    let diagnostics = told(files.diagnostics, &files.missing, &environments, &project, console);
    if outcome(&diagnostics) == Outcome::Problems {
        console.summary(&nothing(emit.check, &diagnostics));
        return Ok(Outcome::Problems);
    }
    let usual = Path::new("dist").join(target_word(emit.target));
    let place = Place::new(&project.root, &project.folder(), &usual, emit.out.as_deref())?;
    let (outcome, summary) = write(emit, &place, &files.outputs, console)?;
    console.summary(&(summary + &console.elapsed(begin)));
    files.notes.iter().for_each(|note| console.note(note));
    Ok(outcome)
}

fn target_word(target: EmitTarget) -> &'static str {
    match target {
        EmitTarget::Content => "content",
        EmitTarget::Envelope => "envelope",
        EmitTarget::Cloudformation => "cloudformation",
        EmitTarget::Terraform => "terraform",
    }
}

/// The project as it is in its environments; without one, as it is for all.
fn groups<'p>(project: &'p Project, console: &Console) -> (Vec<Group<'p>>, Vec<Diagnostic>) {
    if !project.environments.is_empty() {
        return checked(project, console);
    }
    let mut checked = driver::check(project.sources(), &project.settings);
    let diagnostics = project.diagnostics(std::mem::take(&mut checked.diagnostics));
    (vec![Group { environments: Vec::new(), checked }], diagnostics)
}

// ---- targets ------------------------------------------------------------------------------------------------------

/// As `flowc build` writes it.
fn content(groups: &[Group], project: &Project) -> Files {
    let mut files = Files::default();
    let mapped = driver::map_all(groups);
    for one in &mapped {
        let mut entries = Vec::new();
        for (flow, resources) in &one.flows {
            let product = driver::product(flow, project.texts(), driver::Form::Content);
            let [document, _] = product.outputs;
            let mut entry = product.entry;
            entry.resources.clone_from(resources);
            entries.push(entry);
            files.put(&one.name, document);
        }
        files.put(&one.name, driver::manifest(Some(&one.name), entries));
        if let Some(map) = one.resource_map() {
            files.put(&one.name, map);
        }
    }
    for group in groups.iter().filter(|group| group.environments.is_empty()) {
        let mut entries = Vec::new();
        for flow in &group.checked.flows {
            let product = driver::product(flow, project.texts(), driver::Form::Content);
            let [document, _] = product.outputs;
            entries.push(product.entry);
            files.put("", document);
        }
        files.put("", driver::manifest(None, entries));
    }
    files.mapped(&mapped, project);
    files
}

/// The form with three keys, for a provisioner that makes the map by itself.
fn envelope(groups: &[Group], project: &Project) -> Result<Files, Failure> {
    let mut files = Files::default();
    let mut all = Vec::new();
    for group in groups {
        let flows = &group.checked.flows;
        if group.environments.is_empty() {
            all.push(driver::provisioned(flows, None));
        }
        all.extend(group.environments.iter().map(|environment| driver::provisioned(flows, Some(environment))));
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    files.mapped(&all, project);
    for mapped in &all {
        for output in driver::envelopes(mapped, project.texts()).map_err(Failure::new)? {
            files.put(&mapped.name, output);
        }
        let modules = mapped.flows.iter().filter(|(flow, _)| flow.flow().is_module()).count();
        if modules > 0 {
            let place = if mapped.name.is_empty() { "modules".to_owned() } else { format!("{}/modules", mapped.name) };
            files
                .notes
                .push(format!("{} in `{place}`: the provisioner deploys flows alone", counted(modules, "module")));
        }
    }
    Ok(files)
}

fn template(tool: Tool, groups: &[Group], project: &Project) -> Result<Files, Failure> {
    let functions = functions(project)?;
    let mut files = Files::default();
    for group in groups {
        // Where `$env` values differ, so do documents: such environments have templates of their own.
        let names: Vec<String> =
            group.environments.iter().map(|environment| environment.name.replace('/', "-")).collect();
        let place = if groups.len() == 1 { String::new() } else { names.first().cloned().unwrap_or_default() };
        let (outputs, missing) = driver::templates(tool, group, functions)
            .map_err(|refusal| Failure::new(refusal.what).help(refusal.help))?;
        for output in outputs {
            files.put(&place, output);
        }
        files.missing.extend(missing);
        for note in driver::limits(tool, group) {
            if !files.notes.contains(&note) {
                files.notes.push(note);
            }
        }
    }
    Ok(files)
}

/// The functions of the project, each of which has a contract that can be read.
fn functions(project: &Project) -> Result<&BTreeMap<String, Function>, Failure> {
    for (name, path) in project.contracts()? {
        if !project.functions.contains_key(&name) {
            return Err(Failure::new(format!("`{}` is not a contract: it is no JSON object", path.display())));
        }
    }
    Ok(&project.functions)
}

impl Files {
    fn put(&mut self, place: &str, output: Output) {
        let name = if place.is_empty() { output.name } else { format!("{place}/{}", output.name) };
        self.outputs.push(Output { name, text: output.text });
    }

    /// What mapping had to say.
    fn mapped(&mut self, all: &[Mapped], project: &Project) {
        self.diagnostics.extend(driver::told(all));
        self.notes.extend(fallback_lines(all, project));
        self.missing = driver::missing(all);
    }
}

// ---- writing ------------------------------------------------------------------------------------------------------

fn write(emit: &Emit, place: &Place, outputs: &[Output], console: &Console) -> Result<(Outcome, String), Failure> {
    let out = &place.path;
    let wait = || console.note(&format!("another flowc writes to `{}`; waiting for it", out.display()));
    let _lock = if emit.check { None } else { Some(place.take(emit.force, wait)?) };
    let folder = Folder::open(&place.fence, out.clone(), List::Emitted)?;
    let names: BTreeSet<String> = outputs.iter().map(|output| output.name.clone()).collect();
    let list = names.iter().map(|name| format!("{name}\n")).collect::<Vec<_>>().concat();
    let list = Output { name: List::Emitted.name().to_owned(), text: list };
    let gone = folder.leftovers(&names);
    let count = counted(names.len(), "file");
    if emit.check {
        let mut findings: Vec<(&str, &str)> = gone.iter().map(|name| (name.as_str(), "extra")).collect();
        for output in outputs {
            findings.extend(word(folder.state(output)?).map(|word| (output.name.as_str(), word)));
        }
        // The list says what the files are. By itself, it is one only where they are right and it is not.
        if findings.is_empty() {
            findings.extend(word(folder.state(&list)?).map(|word| (list.name.as_str(), word)));
        }
        findings.sort_unstable();
        for (name, state) in &findings {
            console.finding(state, &format!("{}/{name}", shown(emit, place)));
        }
        let outcome = if findings.is_empty() { Outcome::Clean } else { Outcome::Problems };
        return Ok((outcome, format!("{count}, {} not up to date", findings.len())));
    }
    if !emit.force {
        let foreign = folder.foreign(outputs.iter().map(|output| output.name.as_str()));
        for output in outputs.iter().filter(|output| foreign.contains(&output.name)) {
            if folder.state(output)? != State::Fresh {
                return Err(folder.refuse(&output.name));
            }
        }
    }
    folder.begin(&names)?;
    let mut changed = 0;
    for output in outputs {
        changed += usize::from(folder.put(output)? != State::Fresh);
    }
    gone.iter().try_for_each(|name| folder.remove(name))?;
    folder.put(&list)?;
    folder.end()?;
    Ok((Outcome::Clean, format!("emitted {count}, {changed} changed")))
}

/// The folder as it was named.
fn shown(emit: &Emit, place: &Place) -> String {
    emit.out.as_ref().unwrap_or(&place.path).display().to_string()
}
