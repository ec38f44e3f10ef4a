//! Intake on real exports, read in place where `$FLOWC_CORPUS` names a folder of them: every file is recognised or
//! refused for a reason, and every old export becomes a document of today.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use flowc::diagnostics::codes;
use flowc::intake::{self, Intake, Origin};
use flowc::source::{Source, SourceId};

use crate::support::baseline::files_below;

/// The flows of a folder of the corpus, or nothing where there is none.
fn corpus(folder: &str) -> Vec<(String, String)> {
    let Some(corpus) = std::env::var_os("FLOWC_CORPUS") else {
        println!("skipped: FLOWC_CORPUS is not set");
        return Vec::new();
    };
    let folder = PathBuf::from(corpus).join(folder);
    let files: Vec<(String, String)> = files_below(&folder)
        .into_iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    assert!(!files.is_empty(), "{} has no files", folder.display());
    files
}

fn read(path: &str, text: &str) -> Intake {
    let mut last = 0;
    intake::read(&Source::new(SourceId(0), path, text), &mut || {
        last += 1;
        SourceId(last)
    })
}

#[test]
fn every_flow_is_recognised_or_refused_for_a_reason() {
    let mut origins: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in corpus("flows") {
        let intake = read(&path, &text);
        assert!(!intake.found.is_empty() || intake.diagnostics.has_errors(), "{path}");
        for found in &intake.found {
            *origins.entry(format!("{:?}", found.origin)).or_default() += 1;
            let json: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            assert!(found.origin != Origin::Content || found.json.plain() == json, "{path} was changed");
        }
        for problem in intake.diagnostics.iter() {
            println!("{path}: {} {}", problem.code.id(), problem.message);
        }
    }
    println!("{origins:?}");
}

#[test]
fn every_old_export_becomes_a_document_of_today() {
    let mut without: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in corpus("old") {
        let intake = read(&path, &text);
        let [found] = intake.found.as_slice() else { panic!("{path}: {:?}", intake.diagnostics) };
        assert_eq!(found.origin, Origin::Old, "{path}");
        assert!(found.kind.is_some() && found.name.is_some(), "{path}");
        let old: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let today = found.json.plain();
        let actions = today["Actions"].as_array().unwrap();
        assert_eq!(actions.len(), old["modules"].as_array().unwrap().len(), "{path}");
        assert!(actions.iter().any(|action| action["Identifier"] == today["StartAction"]), "{path}");
        for (action, block) in actions.iter().zip(old["modules"].as_array().unwrap()) {
            assert_eq!(targets(action), old_targets(block), "{path}: {action}");
        }
        for problem in intake.diagnostics.iter() {
            assert_eq!(problem.code, codes::NO_COUNTERPART, "{path}: {problem:?}");
            *without.entry(problem.message.clone()).or_default() += 1;
        }
    }
    for (what, count) in &without {
        println!("{count:4}  {what}");
    }
}

/// Where an action leads, each target once.
fn targets(action: &serde_json::Value) -> Vec<String> {
    let transitions = &action["Transitions"];
    let lists = ["Errors", "Conditions"].iter().filter_map(|key| transitions[key].as_array()).flatten();
    let mut targets: Vec<String> = lists
        .map(|way| &way["NextAction"])
        .chain(transitions.get("NextAction"))
        .map(|target| target.as_str().unwrap().to_owned())
        .collect();
    targets.sort();
    targets.dedup();
    targets
}

fn old_targets(block: &serde_json::Value) -> Vec<String> {
    let mut targets: Vec<String> = block["branches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| way["transition"].as_str().unwrap().to_owned())
        .collect();
    targets.sort();
    targets.dedup();
    targets
}
