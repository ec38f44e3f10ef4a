//! The house rules, held by reading the source: who may use whom, which crate stops where, how files begin and how
//! long they are.

use std::fs;
use std::path::PathBuf;

use flowc::catalogue;

use crate::support::baseline::{files_below, repository};

/// Which of our modules a module may use. Arrows point down only: shells, faces, passes, model, ground.
const LAYERS: [(&str, &[&str]); 16] = [
    ("source", &[]),
    ("catalogue", &[]),
    ("diagnostics", &["source"]),
    ("syntax", &["source", "diagnostics"]),
    ("json", &["source", "diagnostics"]),
    ("intake", &["source", "diagnostics", "catalogue", "json"]),
    ("flow", &["source", "diagnostics", "catalogue", "syntax", "json"]),
    ("format", &["source", "diagnostics", "syntax"]),
    ("validate", &["source", "diagnostics", "catalogue", "flow"]),
    ("lint", &["source", "diagnostics", "catalogue", "flow"]),
    ("emit", &["source", "diagnostics", "catalogue", "flow", "validate"]),
    ("import", &["source", "diagnostics", "catalogue", "json", "syntax", "flow", "format", "emit"]),
    ("diff", &["source", "catalogue", "flow", "emit", "import"]),
    ("mapping", &["source", "diagnostics", "catalogue", "flow"]),
    (
        "driver",
        &[
            "source",
            "diagnostics",
            "catalogue",
            "json",
            "intake",
            "syntax",
            "flow",
            "format",
            "validate",
            "emit",
            "import",
            "diff",
            "mapping",
            "lint",
        ],
    ),
    (
        "cli",
        &[
            "source",
            "diagnostics",
            "catalogue",
            "syntax",
            "flow",
            "format",
            "validate",
            "emit",
            "import",
            "diff",
            "mapping",
            "lint",
            "driver",
        ],
    ),
];

/// What may be named in one module only, and why.
const CONFINED: [(&str, &str, &str); 13] = [
    ("pest::", "syntax", "the parser is a detail of how trees come about"),
    ("jsonc_parser::", "json", "everyone else sees values with places"),
    ("saphyr_parser::", "intake", "YAML is a form in which templates come, and nothing else here is"),
    ("petgraph::", "flow", "everyone else asks a flow domain questions"),
    ("clap::", "cli", "the compiler has no command line"),
    ("indicatif::", "cli", "the compiler has no terminal"),
    ("zip::", "cli", "the compiler makes texts; packing programs is the shell's"),
    ("notify::", "cli", "the compiler sees no files"),
    ("std::fs", "cli", "below the shell there are texts, not files: that is what makes a build the same everywhere"),
    ("std::env", "cli", "below the shell nothing depends on where it runs"),
    ("std::process", "cli", "only the shell starts or ends a process"),
    ("std::net", "cli", "a build reaches nobody; only the shell serves, and on loopback"),
    ("std::time", "cli", "below the shell there is no clock: the same input gives the same bytes"),
];

const LINES_MAX: usize = 700;

/// Files that are longer, and why they may be.
const LONG: [(&str, &str); 0] = [];

/// A file of `src`: its path in there, its module, and its text.
struct SourceFile {
    path: String,
    module: String,
    text: String,
}

impl SourceFile {
    /// The code without comments, and without its unit tests, which may know more than the code does.
    fn code(&self) -> Vec<(usize, &str)> {
        if self.path.ends_with("tests.rs") || self.path.ends_with("properties.rs") || self.path.contains("/tests/") {
            return Vec::new();
        }
        let lines = self.text.lines().enumerate().map(|(number, line)| (number + 1, line));
        lines
            .take_while(|(_, line)| !line.starts_with("#[cfg(test)]") || !self.text.contains("mod tests {"))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .collect()
    }
}

fn files() -> Vec<SourceFile> {
    let folder = repository("src");
    let files: Vec<SourceFile> = files_below(&folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let shown = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
            let module = shown.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
            SourceFile { path: shown, module, text: fs::read_to_string(&path).unwrap() }
        })
        .collect();
    assert!(files.len() > 40, "the sources were not found");
    files
}

#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut problems = Vec::new();
    for file in files() {
        let Some((_, below)) = LAYERS.iter().find(|row| row.0 == file.module) else {
            if !["lib", "main"].contains(&file.module.as_str()) {
                problems.push(format!("src/{}: `{}` has no row in the table of layers", file.path, file.module));
            }
            continue;
        };
        for (number, line) in file.code() {
            for used in used_modules(line) {
                let is_known = LAYERS.iter().any(|row| row.0 == used);
                if used != file.module && is_known && !below.contains(&used) {
                    problems.push(format!(
                        "src/{}:{number}: `{}` uses `{used}`, which does not lie below it. It may use {below:?}: what \
                         both need belongs further down, and what `{used}` decides is not for `{}` to know.",
                        file.path, file.module, file.module
                    ));
                }
            }
        }
    }
    none(&problems);
}

/// The modules behind `crate::` in a line: `crate::flow::Flow`, `crate::{flow, syntax::ast}`.
fn used_modules(line: &str) -> Vec<&str> {
    let word = |text: &'static str| move |c: char| !c.is_ascii_lowercase() && !text.contains(c);
    line.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split(',').map(str::trim).collect(),
            None => vec![rest],
        })
        .filter_map(|path| path.split(word("_")).next())
        .filter(|module| !module.is_empty())
        .collect()
}

#[test]
fn crates_stay_where_they_belong() {
    let mut problems = Vec::new();
    for file in files() {
        for (number, line) in file.code() {
            for (name, home, why) in CONFINED {
                let is_home = file.module == home || (home == "cli" && file.module == "main");
                if line.contains(name) && !is_home {
                    problems.push(format!("src/{}:{number}: `{name}` belongs in `{home}` alone: {why}", file.path));
                }
            }
        }
    }
    none(&problems);
}

#[test]
fn files_say_what_they_are_and_stay_short() {
    let mut problems = Vec::new();
    for file in files() {
        if !file.text.starts_with("//!") {
            problems.push(format!("src/{} does not begin by saying what it is: `//! ..`", file.path));
        }
        let lines = file.text.lines().count();
        let is_excused = LONG.iter().any(|row| row.0 == file.path);
        if lines > LINES_MAX && !is_excused {
            problems.push(format!("src/{} has {lines} lines: what are its two halves called?", file.path));
        }
        if lines <= LINES_MAX && is_excused {
            problems.push(format!("src/{} is short enough: take it off the list", file.path));
        }
    }
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rs");
    for path in ["tests", "benches", "fuzz"].iter().flat_map(|folder| files_below(&repository(folder))).filter(is_rust)
    {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        if lines > LINES_MAX {
            problems.push(format!("{} has {lines} lines: what are its two halves called?", path.display()));
        }
    }
    none(&problems);
}

#[test]
fn only_the_catalogue_knows_an_action_by_name() {
    let mut problems = Vec::new();
    for file in files().iter().filter(|file| file.module != "catalogue") {
        for (number, line) in file.code() {
            for row in catalogue::all() {
                // `Loop` and `Wait` are words as well; as a whole literal they are the action's name.
                if line.contains(&format!("\"{}\"", row.name)) {
                    problems.push(format!(
                        "src/{}:{number} names {}: could this knowledge be a column in the catalogue?",
                        file.path, row.name
                    ));
                }
            }
        }
    }
    none(&problems);
}

#[test]
fn no_unsafe_code_and_no_machine_in_the_sources() {
    let mut problems = Vec::new();
    // Put together here, so that this file does not hold what it looks for.
    let forbidden = [
        ["uns", "afe "].concat(),
        ["/ho", "me/"].concat(),
        ["/ro", "ot/"].concat(),
        ["/Us", "ers/"].concat(),
        ["/t", "mp/"].concat(),
    ];
    let folders = ["src", "tests", "flows-src", "docs", "grammar"];
    for path in folders.iter().flat_map(|folder| files_below(&repository(folder))) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            if let Some(found) = forbidden.iter().find(|word| line.contains(word.as_str())) {
                problems.push(format!("{}:{}: {found:?}", path.display(), number + 1));
            }
        }
    }
    none(&problems);
}

#[test]
fn the_scan_sees_uses() {
    assert_eq!(used_modules("use crate::flow::Flow;"), ["flow"]);
    assert_eq!(used_modules("use crate::{flow, syntax::ast};"), ["flow", "syntax"]);
    assert_eq!(used_modules("let x = crate::emit::stem(crate::source::a);"), ["emit", "source"]);
}
