//! `flowc lint`: what the service accepts and a caller would regret.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::lint_fixes as fixing;

use crate::cli::args::{Global, Lint, LintFormat};
use crate::cli::files::{self, Fence};
use crate::cli::folders::Folders;
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
    let mut project = Project::open_with_documents(global, &folders.paths)?.with(&lint.environments)?;
    if let Some(path) = &lint.allow_file {
        project.load_allowed(path)?;
    }
    project.settings.lint.only = lint.rule.as_deref().map(rule).transpose()?.map(Rule::name);
    // What a contract does not say, no rule knows; that one cannot be read is said where it is used.
    project.settings.lint.contracts = project.settings.functions.clone();
    project.load_bots()?;
    let known = match &lint.baseline {
        Some(path) => Known::read(&project.text(path)?),
        None => Known::default(),
    };
    let mends = lint.fix || lint.unsafe_fixes;
    if mends && !lint.diff && lint.paths.iter().any(|path| project::is_stdin(path)) {
        return Err(Failure::new("stdin cannot be fixed").help("`--diff` shows what would change"));
    }
    let linted = if mends || lint.diff {
        let is_wanted =
            |finding: &Finding| project.is_chosen(finding.diagnostic.primary.span.source) && !known.holds(finding);
        let fixed = driver::fix(project.sources(), &project.settings, lint.unsafe_fixes, &is_wanted);
        if lint.diff {
            return Ok(fixing::show(&fixed, &project, lint.unsafe_fixes, console));
        }
        let (told, edited) = fixing::write(&fixed, &project, &is_wanted)?;
        match form(lint.format, console.format) {
            Some(_) if !told.is_empty() => console.note(told.trim_end()),
            Some(_) => {}
            None => console.lines(&told),
        }
        project::unless_edited(&edited)?;
        project.take(fixed.sources);
        fixed.linted
    } else if project.environments.is_empty() {
        driver::lint(project.sources(), &project.settings)
    } else {
        driver::lint_in(project.sources(), &project.settings, &project.environments)
    };
    let texts: Vec<Source> = project.texts().iter().chain(&linted.inner).cloned().collect();
    let is_chosen = |finding: &Finding| project.is_chosen(finding.diagnostic.primary.span.source);
    let mut findings: Vec<Finding> = linted.findings.into_iter().filter(is_chosen).collect();
    let mut problems: Vec<Diagnostic> = folders.about(&project, project.diagnostics(linted.problems));
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    // Who runs check beside lint reads there what both know.
    if lint.no_check {
        problems.clear();
        findings.retain(|finding| lint.rule.is_some() || rules::code_of(finding.rule).is_none());
    } else if lint.rule.is_some() {
        problems.retain(Diagnostic::is_error);
    }
    if let Some(path) = &lint.write_baseline {
        let text = baseline::text(&findings, &problems, &texts);
        write_baseline(path, &text, lint.force, &project)?;
        console.summary(&format!("wrote {} to {}", counted(text.lines().count(), "finding"), path.display()));
        return Ok(Outcome::Clean);
    }
    let found = findings.len() + problems.len();
    findings.retain(|finding| !known.holds(finding));
    let problems = known.news(&problems, &texts);

    let told = findings.iter().map(|finding| &finding.diagnostic);
    let mut all: Vec<Diagnostic> = problems.iter().chain(told).cloned().collect();
    // By place, as check has them: ids follow paths.
    all.sort_by_key(|diagnostic| diagnostic.primary.span);
    let flows = linted.flows.iter().filter(|source| project.is_chosen(**source)).count();
    let summary = format!("linted {}: {}", counted(flows, "flow"), tally(&all))
        + &unlooked(errors, lint.no_check)
        + &known_before(found - findings.len() - problems.len())
        + &fixing::offer(&findings)
        + &console.elapsed(begin);
    match form(lint.format, console.format) {
        Some(form) => {
            let texts = if form == Form::Json { texts.clone() } else { from_here(&project, &texts) };
            console.result(&report::report(form, &findings, &problems, &texts));
            console.note(&summary);
        }
        None => {
            console.diagnostics_as(rendered(lint.format), &all, &texts);
            console.summary(&summary);
        }
    }
    if lint.format == Some(LintFormat::Github) {
        step_summary(&report::report(Form::Summary, &findings, &problems, &from_here(&project, &texts)))?;
    }
    // What check says is not told twice, and has the last word all the same.
    Ok(if errors > 0 || all.iter().any(Diagnostic::is_error) { Outcome::Problems } else { Outcome::Clean })
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
    files::add_to(&path, text)
}

/// Writes a baseline where there is none of somebody else's files.
fn write_baseline(path: &Path, text: &str, force: bool, project: &Project) -> Result<(), Failure> {
    let absolute = std::path::absolute(path).map_err(|error| Failure::io("find", path, &error))?;
    let is_other =
        || absolute.symlink_metadata().is_ok() && !project.text(&absolute).is_ok_and(|text| baseline::is_one(&text));
    if !force && is_other() {
        return Err(Failure::new(format!("`{}` is there, and is no baseline", path.display()))
            .help("name another file; `--force` overwrites this one"));
    }
    let folder = absolute.parent().unwrap_or(&absolute);
    let fence = if absolute.starts_with(&project.root) { project.fence.clone() } else { Fence::new(folder) };
    fence.put(&absolute, text.as_bytes()).map(drop)
}

/// Errors that were not told: with them, a flow could not be looked at.
fn unlooked(errors: usize, is_silent: bool) -> String {
    match errors {
        1.. if is_silent => format!("; {} of the compiler, which `flowc check` shows", counted(errors, "error")),
        _ => String::new(),
    }
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
