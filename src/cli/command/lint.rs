//! `flowc lint`: what the service accepts and a caller would regret.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::lint_fixes as fixing;

use crate::cli::args::{Global, Lint, LintFormat};
use crate::cli::folders::Folders;
use crate::cli::output;
use crate::cli::project::{self, Project};
use crate::cli::terminal::{Console, counted, tally};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{Diagnostic, closest, render};
use crate::driver;
use crate::lint::baseline::{self, Known};
use crate::lint::report::{self, Form};
use crate::lint::{Finding, Rule, rules};
use crate::source::Source;

pub fn run(lint: &Lint, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    if lint.list {
        console.result(&list());
        return Ok(Outcome::Clean);
    }
    if let Some(name) = &lint.explain {
        console.result(&render::page(rule(name)?.code, console.stdout));
        return Ok(Outcome::Clean);
    }
    let begin = Instant::now();
    let folders = Folders::new(&lint.paths);
    let mut project = Project::open_with_documents(global, &folders.paths)?;
    if let Some(path) = &lint.allow_file {
        project.load_allowed(path)?;
    }
    project.settings.lint.only = lint.rule.as_deref().map(rule).transpose()?.map(Rule::name);
    // What a contract does not say, no rule knows; that one cannot be read is said where it is used.
    project.settings.lint.contracts = project.settings.functions.clone();
    project.load_bots()?;
    let known = match &lint.baseline {
        Some(path) => Known::read(&std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?),
        None => Known::default(),
    };
    let mends = lint.fix || lint.unsafe_fixes;
    let linted = if mends || lint.diff {
        let is_wanted =
            |finding: &Finding| project.is_chosen(finding.diagnostic.primary.span.source) && !known.holds(finding);
        let fixed = driver::fix(project.sources(), &project.settings, lint.unsafe_fixes, &is_wanted);
        if lint.diff {
            return Ok(fixing::show(&fixed, &project, lint.unsafe_fixes, console));
        }
        let told = fixing::write(&fixed, &project, &is_wanted)?;
        match form(lint.format, console.format) {
            Some(_) if !told.is_empty() => console.note(told.trim_end()),
            Some(_) => {}
            None => console.result(&told),
        }
        project.take(fixed.sources);
        fixed.linted
    } else {
        driver::lint(project.sources(), &project.settings)
    };
    let errors: Vec<Diagnostic> = folders.about(&project, project.diagnostics(linted.errors));
    let is_chosen = |finding: &Finding| project.is_chosen(finding.diagnostic.primary.span.source);
    let findings: Vec<Finding> = linted.findings.into_iter().filter(is_chosen).collect();
    if let Some(path) = &lint.write_baseline {
        let known = baseline::text(&findings);
        output::put(path, known.as_bytes())?;
        console.summary(&format!("wrote {} to {}", counted(findings.len(), "finding"), path.display()));
        return Ok(Outcome::Clean);
    }
    let found = findings.len();
    let findings: Vec<Finding> = findings.into_iter().filter(|finding| !known.holds(finding)).collect();
    let texts: Vec<Source> = project.texts().iter().chain(&linted.inner).cloned().collect();

    let all: Vec<Diagnostic> =
        errors.iter().chain(findings.iter().map(|finding| &finding.diagnostic)).cloned().collect();
    let flows = linted.flows.iter().filter(|source| project.is_chosen(**source)).count();
    let summary = format!("linted {}: {}", counted(flows, "flow"), tally(&all))
        + &known_before(found - findings.len())
        + &fixing::offer(&findings)
        + &console.elapsed(begin);
    match form(lint.format, console.format) {
        Some(form) => {
            let texts = if form == Form::Json { texts.clone() } else { from_here(&project, &texts) };
            console.result(&report::report(form, &findings, &errors, &texts));
            console.note(&summary);
        }
        None => {
            console.diagnostics_as(rendered(lint.format), &all, &texts);
            console.summary(&summary);
        }
    }
    if lint.format == Some(LintFormat::Github) {
        step_summary(&report::report(Form::Summary, &findings, &errors, &from_here(&project, &texts)))?;
    }
    Ok(if all.iter().any(Diagnostic::is_error) { Outcome::Problems } else { Outcome::Clean })
}

/// The texts by the paths that they have from the working directory: what shows reports knows a repository, and not where
/// the project lies in it.
fn from_here(project: &Project, texts: &[Source]) -> Vec<Source> {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let below = here.ok().and_then(|here| project.root.strip_prefix(here).map(Path::to_path_buf).ok());
    let Some(below) = below.filter(|below| *below != Path::new("")) else { return texts.to_vec() };
    let moved = |source: &Source| {
        let path = Path::new(&*source.path);
        let path = if path.is_relative() { &below.join(path) } else { path };
        Source::new(source.id, project::shown(Path::new(""), path), source.text.clone())
    };
    texts.iter().map(moved).collect()
}

/// Adds to the page of the workflow's step, where there is one.
fn step_summary(text: &str) -> Result<(), Failure> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(());
    };
    let file = OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| Failure::io("write", &path, &error))
}

fn known_before(known: usize) -> String {
    if known == 0 { String::new() } else { format!(", {} of the baseline left out", counted(known, "finding")) }
}

/// The form for people, where another is asked for than usual.
fn rendered(format: Option<LintFormat>) -> Option<render::Format> {
    match format {
        Some(LintFormat::Human) => Some(render::Format::Human),
        Some(LintFormat::Short) => Some(render::Format::Short),
        _ => None,
    }
}

/// The form for programs; nothing where people read.
fn form(format: Option<LintFormat>, otherwise: render::Format) -> Option<Form> {
    match format {
        Some(LintFormat::Human | LintFormat::Short) => None,
        Some(LintFormat::Json) => Some(Form::Json),
        Some(LintFormat::Sarif) => Some(Form::Sarif),
        Some(LintFormat::Github) => Some(Form::Github),
        Some(LintFormat::Gitlab) => Some(Form::Gitlab),
        Some(LintFormat::Junit) => Some(Form::Junit),
        None => (otherwise == render::Format::Json).then_some(Form::Json),
    }
}

fn rule(name: &str) -> Result<&'static Rule, Failure> {
    let wanted = name.trim();
    rules::find(wanted).ok_or_else(|| {
        let help = match closest(wanted, rules::ALL.iter().map(Rule::name)) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "`flowc lint --list` shows them all".to_owned(),
        };
        Failure::new(format!("there is no rule `{wanted}`")).help(help)
    })
}

fn list() -> String {
    let widest = rules::ALL.iter().map(|rule| rule.name().len()).max().unwrap_or_default();
    rules::ALL.iter().fold(String::new(), |mut text, rule| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:widest$}  {:5}  {}", rule.name(), rule.default.word(), rule.title());
        text
    })
}
