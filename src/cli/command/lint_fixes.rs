//! The part of `flowc lint` that fixes: what was changed, what would be, and what was left alone.

use std::fmt::Write as _;

use similar::TextDiff;

use crate::cli::project::Project;
use crate::cli::terminal::{Console, counted};
use crate::cli::{Failure, Outcome};
use crate::diagnostics::Safety;
use crate::driver::Fixed;
use crate::lint::Finding;
use crate::source::{Form, Source};

/// Writes the files that have changed, and tells which, and what was left as it was; gives the paths of those that somebody
/// edited meanwhile.
pub fn write<'f>(
    fixed: &'f Fixed,
    project: &Project,
    is_wanted: &dyn Fn(&Finding) -> bool,
) -> Result<(String, Vec<&'f str>), Failure> {
    let mut told = String::new();
    let mut edited = Vec::new();
    for (source, count) in changed(fixed) {
        if !project.replace(source, &source.text)? {
            edited.push(&*source.path);
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(told, "fixed {} in {}", counted(count, "finding"), source.path);
    }
    told += &left(fixed);
    let is_of_document = |finding: &&Finding| Form::of(&finding.path) == Form::Document && is_wanted(finding);
    let documents = fixed.linted.findings.iter().filter(is_of_document).count();
    if documents > 0 {
        let _ = writeln!(
            told,
            "left {} in documents, which are not fixed; `flowc import` makes sources of them",
            counted(documents, "finding")
        );
    }
    Ok((told, edited))
}

/// Shows what would change, and writes nothing.
pub fn show(fixed: &Fixed, project: &Project, every_fix: bool, console: &Console) -> Outcome {
    let mut total = 0;
    for (source, count) in changed(fixed) {
        total += count;
        let old = project.sources().iter().find(|old| old.id == source.id).map_or("", |old| &old.text);
        let diff = TextDiff::from_lines(old, &*source.text);
        let (old, new) = (format!("a/{}", source.path), format!("b/{}", source.path));
        console.lines(&diff.unified_diff().header(&old, &new).to_string());
    }
    let left = left(fixed);
    if !left.is_empty() {
        console.note(left.trim_end());
    }
    if total == 0 {
        console.summary("nothing would be fixed");
        return Outcome::Clean;
    }
    let flag = if every_fix { "--unsafe-fixes" } else { "--fix" };
    let (findings, files) = (counted(total, "finding"), counted(fixed.changed.len(), "file"));
    console.summary(&format!("{findings} in {files} would be fixed; `flowc lint {flag}` fixes them"));
    Outcome::Problems
}

/// How many of the findings have a fix, by what applies it: added to a summary.
pub fn offer(findings: &[Finding]) -> String {
    let count = |safety: Safety| {
        findings.iter().filter(|finding| finding.diagnostic.fixes.iter().any(|fix| fix.safety == safety)).count()
    };
    let mut text = String::new();
    for (safety, flag) in [(Safety::Safe, "--fix"), (Safety::Unsafe, "--unsafe-fixes")] {
        let count = count(safety);
        if count > 0 {
            // Writing to a string cannot fail.
            let _ = write!(text, "; {count} for `{flag}`");
        }
    }
    text
}

fn changed(fixed: &Fixed) -> impl Iterator<Item = (&Source, usize)> {
    let count = |source: &Source| fixed.changed.get(&source.id).copied();
    fixed.sources.iter().filter_map(move |source| count(source).map(|count| (source, count)))
}

fn left(fixed: &Fixed) -> String {
    let mut told = String::new();
    for left in &fixed.left {
        let Some(source) = fixed.sources.iter().find(|source| source.id == left.span.source) else { continue };
        let line = source.lines().line(left.span.start as usize);
        let _ = writeln!(told, "left {}:{line} as it was ({}): {}", source.path, left.title, left.why);
    }
    if !fixed.is_settled {
        told.push_str("some fixes undo one another; look at what they did\n");
    }
    told
}
