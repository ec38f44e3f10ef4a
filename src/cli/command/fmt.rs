//! `flowc fmt`: sources in their one form.

use rayon::prelude::*;
use similar::TextDiff;

use crate::cli::args::{Fmt, Global};
use crate::cli::project::{self, Project};
use crate::cli::terminal::{Console, counted, tally};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{Diagnostic, render};
use crate::format::{self, Formatted};
use crate::source::{Form, Source};

pub fn run(fmt: &Fmt, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    if fmt.stdin {
        return stdin(fmt, console);
    }
    let project = Project::open(global, &fmt.paths)?;
    // What is beside sources has a form of its own.
    let is_source = |source: &&Source| project.is_chosen(source.id) && source.form() != Form::Layout;
    let sources: Vec<&Source> = project.sources().iter().filter(is_source).collect();
    let formatted: Vec<(&Source, Formatted)> =
        sources.into_par_iter().map(|source| (source, format::format(source))).collect();

    let mut diagnostics = Vec::new();
    let mut changed = 0;
    let total = formatted.len();
    let mut edited = Vec::new();
    for (source, formatted) in formatted {
        match formatted {
            Formatted::Unchanged => {}
            Formatted::Changed(text) => {
                if fmt.check {
                    differs(source, &text, console);
                } else if project.replace(source, &text)? {
                    console.finding("formatted", &source.path);
                } else {
                    edited.push(&*source.path);
                    continue;
                }
                changed += 1;
            }
            Formatted::Broken(problems) => diagnostics.extend(problems),
            Formatted::Unsound(reason) => return Err(unsound(source, &reason)),
        }
    }
    let diagnostics = project.diagnostics(diagnostics);
    console.diagnostics(&diagnostics, project.texts());
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let errors = if broken { format!("; {} in files left as they are", tally(&diagnostics)) } else { String::new() };
    let summary = match (fmt.check, changed) {
        (true, 0) => format!("{} checked, none would change", counted(total, "file")),
        (true, _) => format!("{} of {total} would change; `flowc fmt` changes them", counted(changed, "file")),
        (false, _) => format!("{changed} of {} changed", counted(total, "file")),
    };
    console.summary(&(summary + &errors));
    project::unless_edited(&edited)?;
    Ok(if broken || fmt.check && changed > 0 { Outcome::Problems } else { Outcome::Clean })
}

fn stdin(fmt: &Fmt, console: &Console) -> Result<Outcome, Failure> {
    let (source, problems) = project::stdin()?;
    let formatted = if problems.is_empty() { format::format(&source) } else { Formatted::Broken(problems) };
    match formatted {
        Formatted::Changed(text) if fmt.check => {
            differs(&source, &text, console);
            return Ok(Outcome::Problems);
        }
        Formatted::Changed(text) => console.result(&text),
        Formatted::Unchanged if fmt.check => {}
        Formatted::Unchanged => console.result(&source.text),
        Formatted::Broken(problems) => {
            console.diagnostics(&problems, std::slice::from_ref(&source));
            return Ok(Outcome::Problems);
        }
        Formatted::Unsound(reason) => return Err(unsound(&source, &reason)),
    }
    Ok(Outcome::Clean)
}

/// What would change: lines for people, the name for programs.
fn differs(source: &Source, text: &str, console: &Console) {
    if console.format == render::Format::Human {
        let diff = TextDiff::from_lines(&*source.text, text);
        let (old, new) = (format!("a/{}", source.path), format!("b/{}", source.path));
        console.lines(&diff.unified_diff().header(&old, &new).to_string());
    } else {
        console.finding("unformatted", &source.path);
    }
}

fn unsound(source: &Source, reason: &str) -> Failure {
    Failure::new(format!("formatting `{}` would change what it means ({reason}), so it was left alone", source.path))
        .help("this is a bug in flowc; please report it with the file")
}
