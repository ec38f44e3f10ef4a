//! Every diagnostic code has a folder in `tests/errors/` that proves it and a page in `docs/errors/` that explains it.
//!
//! A folder holds `bad.flow`, which gives the code and no other, `good.flow`, the same flow mended, which compiles without
//! a word and stands in the one form that `flowc fmt` gives it (or both with the ending `.json`, for documents), and `expected.txt`, what a person reads about the bad one.
//! A `flowc.toml` beside them holds for both.
//!
//! Where one flow text cannot show the problem, `bad/` and `good/` are whole projects instead, and `flowc check` runs in a
//! copy of them. In these, the first line of `<name>.repeat` is a number, and the file stands for one called `<name>` that
//! has the other lines that many times, with the time's number for `{n}`: some problems are too large for a repository. In
//! a project with environments, it is all of them that are checked.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use flowc::diagnostics::{Code, Level, codes};
use flowc::format::{Formatted, format};

use crate::support::baseline::{Baselines, Project, entries, files_below, flowc, name, repository};

const FOLDER: &str = "tests/errors";
const PAGES: &str = "docs/errors";

#[test]
fn every_code_has_a_folder_and_every_folder_a_code() {
    let known: BTreeSet<String> = codes::ALL.iter().map(|code| code.id().to_owned()).collect();
    let folders: BTreeSet<String> = entries(&repository(FOLDER)).iter().map(|path| name(path)).collect();
    let pages: BTreeSet<String> =
        entries(&repository(PAGES)).iter().map(|path| name(path).trim_end_matches(".md").to_owned()).collect();
    assert_eq!(known, folders, "codes, and folders in {FOLDER}");
    assert_eq!(known, pages, "codes, and pages in {PAGES}");
}

#[test]
fn every_code_is_constructed_somewhere() {
    let registry = fs::read_to_string(repository("src/diagnostics/codes.rs")).unwrap();
    let constants: Vec<&str> =
        registry.lines().filter_map(|line| line.trim().split_once(" = \"FC")).map(|(name, _)| name).collect();
    assert_eq!(constants.len(), codes::ALL.len());
    let mut texts = String::new();
    for path in files_below(&repository("src")) {
        let is_test = path.ends_with("tests.rs");
        if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            let text = fs::read_to_string(path).unwrap();
            // What only a module's own tests name does not count.
            texts.push_str(text.split("#[cfg(test)]\nmod tests {").next().unwrap());
        }
    }
    let words: BTreeSet<&str> = texts.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').collect();
    let unused: Vec<&&str> =
        constants.iter().filter(|name| !words.contains(format!("codes::{name}").as_str())).collect();
    assert!(unused.is_empty(), "no place constructs {unused:?}");
}

#[test]
fn bad_examples_give_their_code_and_good_ones_compile() {
    let mut baselines = Baselines::default();
    for &code in codes::ALL {
        let folder = repository(FOLDER).join(code.id());
        let (bad, good) = if folder.join("bad").is_dir() {
            projects(code, &folder, &mut baselines)
        } else {
            single_flows(code, &folder, &mut baselines)
        };
        page(code, &folder, &bad, &good, &mut baselines);
        tidy(&folder, &mut baselines);
    }
    baselines.finish();
}

/// Both examples as the page shows them.
fn single_flows(code: Code, folder: &Path, baselines: &mut Baselines) -> (String, String) {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let settings = read("flowc.toml");
    // What is wrong with a document shows in one.
    let form = if folder.join("bad.json").is_file() { "json" } else { "flow" };
    let (bad_file, good_file) = (format!("bad.{form}"), format!("good.{form}"));
    let (bad, good) = (read(&bad_file), read(&good_file));

    let project = Project::check(&settings, &[(&bad_file, &bad)]);
    let others: Vec<&str> = project.codes().into_iter().filter(|id| *id != code.id()).collect();
    if project.diagnostics.is_empty() || !others.is_empty() {
        baselines.fail(format!("{}: the bad example gives {:?}\n{}", code.id(), project.codes(), project.rendered()));
    }
    for diagnostic in &project.diagnostics {
        message_rules(code, diagnostic, baselines);
    }
    baselines.expect(&folder.join("expected.txt"), &project.rendered());

    let project = Project::check(&settings, &[(&good_file, &good)]);
    if !project.diagnostics.is_empty() || project.checked.flows.is_empty() {
        baselines.fail(format!("{}: {good_file} does not compile cleanly\n{}", code.id(), project.rendered()));
    }
    if form == "flow" && !matches!(format(&project.sources[1]), Formatted::Unchanged) {
        baselines.fail(format!("{}: good.flow is not formatted", code.id()));
    }
    (fenced(form, &bad), fenced(form, &good))
}

/// What every message keeps to, so that a reader always finds the same things in the same places.
fn message_rules(code: Code, diagnostic: &flowc::diagnostics::Diagnostic, baselines: &mut Baselines) {
    let message = &diagnostic.message;
    let labels = diagnostic.secondary.iter().map(|label| &label.text).chain([&diagnostic.primary.text]);
    for text in labels.chain(&diagnostic.help).chain([message]) {
        if text.ends_with('.') && !text.ends_with("..") || text.starts_with(char::is_uppercase) {
            baselines.fail(format!("{}: begins with a capital or ends with a full stop: {text}", code.id()));
        }
    }
    if diagnostic.help.as_ref().is_none_or(String::is_empty) {
        baselines.fail(format!("{}: says no word about what to do: {message}", code.id()));
    }
    if message.matches('`').count() % 2 == 1 {
        baselines.fail(format!("{}: has a lone backtick: {message}", code.id()));
    }
}

fn projects(code: Code, folder: &Path, baselines: &mut Baselines) -> (String, String) {
    let run = |name: &str| {
        let copy = tempfile::tempdir().unwrap();
        for path in files_below(&folder.join(name)) {
            let (shown, bytes) = expanded(&folder.join(name), &path);
            let to = copy.path().join(shown);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        let has_environments = copy.path().join("environments").is_dir();
        flowc(copy.path(), if has_environments { &["check", "--all-envs"] } else { &["check"] })
    };
    let bad = run("bad");
    let codes: BTreeSet<&str> =
        bad.stderr.split(['[', ']']).filter(|word| word.len() == 6 && word.starts_with("FC")).collect();
    let ends_with = i32::from(code.level() == Level::Error);
    if codes != BTreeSet::from([code.id()]) || bad.code != Some(ends_with) {
        baselines.fail(format!("{}: bad/ gives {codes:?} and ends with {:?}\n{}", code.id(), bad.code, bad.stderr));
    }
    baselines.expect(&folder.join("expected.txt"), &bad.stderr);
    let good = run("good");
    if good.code != Some(0) || !good.stderr.is_empty() || good.stdout.contains("checked 0 flows") {
        baselines.fail(format!("{}: good/ does not compile cleanly\n{}{}", code.id(), good.stdout, good.stderr));
    }
    (listing(&folder.join("bad")), listing(&folder.join("good")))
}

/// A file of an example project: its path in the project and its content.
fn expanded(project: &Path, path: &Path) -> (String, Vec<u8>) {
    let shown = path.strip_prefix(project).unwrap().to_str().unwrap().to_owned();
    let bytes = fs::read(path).unwrap();
    match shown.strip_suffix(".repeat") {
        Some(whole) => {
            let text = String::from_utf8(bytes).unwrap();
            let (count, text) = text.split_once('\n').unwrap();
            let count: usize = count.parse().unwrap();
            let whole_text: String = (1..=count).map(|number| text.replace("{n}", &number.to_string())).collect();
            (whole.to_owned(), whole_text.into_bytes())
        }
        None => (shown, bytes),
    }
}

/// A project as the page shows it: every file by its path, with what it holds below it.
fn listing(project: &Path) -> String {
    let mut text = String::new();
    for path in files_below(project) {
        let shown = path.strip_prefix(project).unwrap().to_str().unwrap().to_owned();
        let content = fs::read(&path).unwrap();
        let content = String::from_utf8_lossy(&content).into_owned();
        let (shown, content) = match shown.strip_suffix(".repeat") {
            Some(whole) => {
                let (count, content) = content.split_once('\n').unwrap();
                (format!("{whole}, {count} times over"), content.to_owned())
            }
            None => (shown, content),
        };
        if !text.is_empty() {
            text.push('\n');
        }
        writeln!(text, "{shown}:").unwrap();
        for line in content.lines() {
            writeln!(text, "{}", format!("    {line}").trim_end()).unwrap();
        }
    }
    fenced("text", &text)
}

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{text}```\n")
}

/// The page: its title and prose as they are written, the examples as they are in the folder.
fn page(code: Code, folder: &Path, bad: &str, good: &str, baselines: &mut Baselines) {
    let path = repository(PAGES).join(format!("{}.md", code.id()));
    let stored = fs::read_to_string(&path).unwrap();
    let prose = stored.split("\n## ").next().unwrap().trim_end();
    let title = format!("# {}: {}", code.id(), code.0.title);
    if prose.lines().next() != Some(&title) || prose.lines().count() < 3 {
        baselines.fail(format!("{}: its page does not begin with `{title}` and a paragraph", code.id()));
    }
    let mut text = format!("{prose}\n\n## Bad\n\n{bad}\n## Good\n\n{good}");
    if let Ok(settings) = fs::read_to_string(folder.join("flowc.toml")) {
        write!(text, "\n## With this flowc.toml\n\n{}", fenced("toml", &settings)).unwrap();
    }
    baselines.expect(&path, &text);
}

/// Nothing lies in a folder that no test reads.
fn tidy(folder: &Path, baselines: &mut Baselines) {
    const KNOWN: [&str; 8] =
        ["bad", "bad.flow", "bad.json", "expected.txt", "flowc.toml", "good", "good.flow", "good.json"];
    for path in entries(folder).iter().filter(|path| !KNOWN.contains(&name(path).as_str())) {
        baselines.fail(format!("nothing reads {}", path.display()));
    }
}
