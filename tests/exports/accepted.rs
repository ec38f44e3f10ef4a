//! Flows that the console exported have been accepted: none of them has an error, in `check`, in what an import makes of it,
//! or in a build, but for those whose exports cannot have been published as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use flowc::diagnostics::Diagnostic;
use flowc::driver::{self, Settings};
use flowc::import::Options;
use flowc::source::{Source, SourceId};

use crate::support::exports;

/// Exports whose errors are true, by the beginning of their hash in the index; the codes, and why the service refuses them.
const TRUE_ERRORS: &[(&str, &[&str], &str)] = &[
    (
        "62274c84beb4",
        &["FC0308", "FC0315", "FC0401", "FC0703"],
        "a draft: branches and addresses are not connected, three bots have nothing to say, and the service refuses a target that is no action",
    ),
    (
        "6c7d370fb8aa",
        &["FC0301", "FC0402", "FC0703"],
        "a draft, as its status says: branches lead nowhere, and functions are missing",
    ),
    (
        "539c0a62e97d",
        &["FC0213", "FC0506", "FC0704", "FC0705", "FC0706", "FC0707"],
        "written by hand since: conditions, branches and types that the service refuses, no beginning, and an identifier twice",
    ),
    ("790f3f7061a1", &["FC0315"], EMPTIED),
    ("6e22f4a1c0d1", &["FC0315"], EMPTIED),
    ("01a63cccaf57", &["FC0315"], EMPTIED),
    ("bfadbfa85a05", &["FC0315"], EMPTIED),
    ("93645074b992", &["FC0315"], EMPTIED),
    ("13e27fe86aa8", &["FC0315"], EMPTIED),
    ("2c4d04159e11", &["FC0315"], EMPTIED),
    ("760905115cf9", &["FC0315"], EMPTIED),
    ("3ddd4295c0c1", &["FC0315"], EMPTIED),
    ("01fca12f2b24", &["FC0315"], EMPTIED),
    ("83d978980b53", &["FC0315"], EMPTIED),
];

/// Somebody took addresses out before publishing.
const EMPTIED: &str = "its addresses were emptied before it was published: an empty address is no id";

/// The genuine exports of the console: hash, file and text.
fn genuine() -> Vec<(String, String, String)> {
    let corpus = exports::folder().unwrap();
    let index = fs::read_to_string(corpus.join("index.json")).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&index).unwrap();
    let genuine = rows.iter().filter(|row| row["genuine"] == true);
    let text = |file: &str| {
        let folders = ["flows", "old"].map(|folder| corpus.join(folder).join(file));
        fs::read_to_string(folders.iter().find(|path| path.exists()).unwrap()).unwrap()
    };
    let found = genuine.map(|row| {
        let (hash, file) = (row["sha256_of_canonical"].as_str().unwrap(), row["file"].as_str().unwrap());
        (hash[..12].to_owned(), file.to_owned(), text(file))
    });
    found.collect()
}

fn errors<'d>(found: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<(String, String)> {
    let errors = found.into_iter().filter(|problem| problem.is_error());
    errors.map(|problem| (problem.code.id().to_owned(), problem.message.clone())).collect()
}

/// Everything that `check`, `import` and `build` call an error in a file.
fn all_errors(file: &str, text: &str) -> Vec<(String, String)> {
    let settings = Settings::default();
    let document = Source::new(SourceId(0), file, text);
    let mut found = errors(&driver::check(std::slice::from_ref(&document), &settings).diagnostics);
    for options in [
        Options { keep_identifiers: false, keep_addresses: false },
        Options { keep_identifiers: true, keep_addresses: true },
    ] {
        let imported = driver::import(&document, 1, options, true);
        found.extend(errors(imported.diagnostics.iter()));
        for flow in imported.flows {
            found.extend(
                flow.differences.iter().map(|found| ("differs".to_owned(), format!("{}: {}", found.place, found.what))),
            );
            let source = Source::new(SourceId(0), "imported.flow", flow.files[0].text.as_str());
            found.extend(errors(&driver::check(&[source], &settings).diagnostics));
        }
    }
    found
}

#[test]
fn what_the_console_exported_has_no_error() {
    let files = genuine();
    let known: BTreeMap<&str, &[&str]> = TRUE_ERRORS.iter().map(|(file, codes, _)| (*file, *codes)).collect();
    let mut problems = Vec::new();
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for (hash, file, text) in &files {
        let codes = known.get(hash.as_str()).copied().unwrap_or_default();
        let found = all_errors(file, text);
        if let (Some((name, _)), false) = (known.get_key_value(hash.as_str()), found.is_empty()) {
            met.insert(name);
        }
        let others = found.iter().filter(|(code, _)| !codes.contains(&code.as_str()));
        problems.extend(others.map(|(code, message)| format!("{hash} {file}: {code} {message}")));
    }
    let stale = known.keys().filter(|file| !met.contains(*file));
    problems.extend(stale.map(|file| format!("{file} has no error any more")));
    println!("{} genuine exports, {} of them with true errors", files.len(), met.len());
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(TRUE_ERRORS.len() <= 25);
}
