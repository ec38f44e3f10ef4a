//! The examples of the manual compile. A fenced block says what it is by the words behind its backticks:
//!
//! - `flow`: a whole file
//! - `flow body`: what stands in a flow's braces; the test lends it a handler, the handler's step and an end
//! - `flow bad`, `flow bad FC0401`: a whole file that gives an error, and, where one is named, that error

use std::fs;
use std::path::PathBuf;

use flowc::diagnostics::Diagnostic;

use crate::support::baseline::{Baselines, Project, files_below, is_kind, name, repository};

/// The values that examples read as `$env.<name>`.
const SETTINGS: &str =
    "[values]\nSupportNumber = \"+12065550100\"\nClosingTime = \"nine o'clock\"\nNightQueue = \"Night\"\n";

/// An example: where it begins, what it is, and what it says.
struct Example {
    place: String,
    kind: Vec<String>,
    text: String,
}

#[test]
fn every_example_does_what_its_page_says() {
    let mut failures = Baselines::default();
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for example in examples(&name(&page), &text) {
            count += 1;
            if let Err(problem) = check(&example) {
                failures.fail(format!("{}: {problem}", example.place));
            }
        }
    }
    assert!(count > 20, "only {count} examples were found");
    failures.finish();
}

#[test]
fn every_page_of_the_manual_is_in_its_index() {
    let index = fs::read_to_string(repository("docs/language/README.md")).unwrap();
    for page in files_below(&repository("docs/language")) {
        let page = name(&page);
        assert!(page == "README.md" || index.contains(&format!("({page})")), "{page} is not in the index");
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut failures = Baselines::default();
    let records = files_below(&repository("docs/decisions"));
    for page in pages().into_iter().chain(records) {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let target = link.split('#').next().unwrap();
            let is_local = !target.is_empty() && !target.contains("://") && !target.contains(char::is_whitespace);
            if is_local && !page.parent().unwrap().join(target).exists() {
                failures.fail(format!("{}: `{link}` leads nowhere", page.display()));
            }
        }
    }
    failures.finish();
}

/// The pages with examples. The front page may be missing in a tree that holds the compiler alone.
fn pages() -> Vec<PathBuf> {
    let mut pages = files_below(&repository("docs/language"));
    pages.extend([repository("docs/mapping.md"), repository("grammar/README.md"), repository("README.md")]);
    pages.retain(|page| is_kind(page, "md") && page.exists());
    pages
}

fn examples(page: &str, text: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<Example> = None;
    for (number, line) in (1..).zip(text.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                let kind = kind.split_whitespace().map(str::to_owned).collect();
                open = Some(Example { place: format!("{page}:{number}"), kind, text: String::new() });
            }
            (Some(_), Some("")) => examples.extend(open.take()),
            (Some(example), _) => example.text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page} ends inside an example");
    examples.retain(|example| example.kind.first().is_some_and(|word| word == "flow"));
    examples
}

fn check(example: &Example) -> Result<(), String> {
    let words: Vec<&str> = example.kind.iter().skip(1).map(String::as_str).collect();
    match words.as_slice() {
        [] => compiles(&example.text),
        ["body"] => compiles(&wrapped(&example.text)),
        ["bad"] => fails(&example.text, None),
        ["bad", code] => fails(&example.text, Some(code)),
        ["warns", code] => warns(&example.text, code),
        _ => Err(format!("`{}` is not a kind of example", example.kind.join(" "))),
    }
}

fn compiles(text: &str) -> Result<(), String> {
    let project = Project::check(SETTINGS, &[("example.flow", text)]);
    let is_sound = !project.diagnostics.iter().any(Diagnostic::is_error);
    if is_sound { Ok(()) } else { Err(format!("does not compile\n{}", project.rendered())) }
}

fn warns(text: &str, code: &str) -> Result<(), String> {
    let project = Project::check(SETTINGS, &[("example.flow", text)]);
    let has = project.diagnostics.iter().any(|problem| problem.code.id() == code && !problem.is_error());
    let is_sound = !project.diagnostics.iter().any(Diagnostic::is_error);
    if has && is_sound { Ok(()) } else { Err(format!("does not just warn of {code}\n{}", project.rendered())) }
}

fn fails(text: &str, code: Option<&str>) -> Result<(), String> {
    let project = Project::check(SETTINGS, &[("example.flow", text)]);
    let errors: Vec<&str> =
        project.diagnostics.iter().filter(|problem| problem.is_error()).map(|problem| problem.code.id()).collect();
    match code {
        None if errors.is_empty() => Err("compiles, and should not".to_owned()),
        Some(code) if !errors.contains(&code) => Err(format!("gives {errors:?}, and should give {code}")),
        _ => Ok(()),
    }
}

/// A flow around the lines of a body. What the lines bring themselves is not lent: a handler, the step `trouble`. The
/// lent end stands before the first step; where the lines end by themselves, nothing reaches it, which is no error.
fn wrapped(body: &str) -> String {
    let has = |start: &str| body.lines().any(|line| line.starts_with(start));
    let steps = body.lines().position(|line| line.starts_with("step ")).unwrap_or(usize::MAX);
    let mut text = "inbound flow Example {\n".to_owned();
    if !has("on error ") {
        text.push_str("on error -> trouble\n");
    }
    for line in body.lines().take(steps) {
        text.extend([line, "\n"]);
    }
    text.push_str("disconnect\n");
    for line in body.lines().skip(steps) {
        text.extend([line, "\n"]);
    }
    if !has("step trouble ") {
        text.push_str("step trouble { disconnect }\n");
    }
    text + "}\n"
}
