//! Real exports, read in place: every file is recognised or refused for a
//! reason, every old one becomes a document of today, and every flow becomes source that compiles to its document.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use flowc::diagnostics::{Diagnostic, codes};
use flowc::driver::{self, Form, ImportedFlow, Settings};
use flowc::flow::build::{self, Index};
use flowc::format::{Formatted, format};
use flowc::import::{Options, Stats};
use flowc::intake::{self, Intake, Origin};
use flowc::source::{Source, SourceId};
use flowc::{emit, syntax};

use crate::support::baseline::files_below;
use crate::support::exports;

/// The flows of a folder of the corpus, or nothing where there is none.
fn corpus(folder: &str) -> Vec<(String, String)> {
    let folder = exports::folder().unwrap().join(folder);
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

// ---- import -------------------------------------------------------------------------------------------------------

const WAYS: [Options; 2] = [
    Options { keep_identifiers: false, keep_addresses: false },
    Options { keep_identifiers: true, keep_addresses: false },
];

/// What a run over many files came to.
#[derive(Default)]
struct Table {
    files: usize,
    imported: usize,
    refused: Vec<String>,
    verified: usize,
    wrong: Vec<String>,
}

impl Table {
    /// Imports a file in all ways. Answers the flows without their identifiers.
    fn import(&mut self, path: &str, text: &str) -> Vec<ImportedFlow> {
        self.files += 1;
        let source = Source::new(SourceId(0), path, text);
        let [plain, kept] = WAYS.map(|options| driver::import(&source, 1, options, true));
        if plain.flows.is_empty() {
            let problems: Vec<&Diagnostic> = plain.diagnostics.iter().filter(|problem| problem.is_error()).collect();
            match problems.first() {
                Some(problem) => {
                    self.refused.push(format!("{path}: {} {}", problem.code.id(), problem.message));
                    let length = if problem.primary.span.source == source.id { text.len() } else { usize::MAX };
                    if problem.primary.span.range().end > length {
                        self.wrong.push(format!("{path}: the reason for refusing it has no place in it"));
                    }
                }
                None => self.wrong.push(format!("{path}: there is no flow, and no word about it")),
            }
            return Vec::new();
        }
        self.imported += 1;
        let before = self.wrong.len();
        for flow in plain.flows.iter().chain(&kept.flows) {
            self.hold(path, flow);
        }
        self.verified += usize::from(self.wrong.len() == before);
        plain.flows
    }

    /// A flow compiles to its document, stands in the formatter's form, and compiles to the same bytes each time.
    fn hold(&mut self, path: &str, flow: &ImportedFlow) {
        for difference in &flow.differences {
            self.wrong.push(format!("{path}: {}: {}", difference.place, difference.what));
        }
        let text = flow.files[0].text.as_str();
        if format(&Source::new(SourceId(0), "main.flow", text)) != Formatted::Unchanged {
            self.wrong.push(format!("{path}: the source is not in the formatter's form"));
        }
        let first = compiled(text);
        if first.is_empty() || first != compiled(text) {
            self.wrong.push(format!("{path}: compiling twice gives two documents, or none"));
        }
    }

    fn finish(self) {
        println!("{:>5} files", self.files);
        println!("{:>5} imported", self.imported);
        println!("{:>5} of them verified, with and without identifiers", self.verified);
        println!("{:>5} refused", self.refused.len());
        for reason in &self.refused {
            println!("      {reason}");
        }
        assert!(self.wrong.is_empty(), "\n{}", self.wrong.join("\n"));
    }
}

/// What a source compiles to, also one that the service would refuse.
fn compiled(text: &str) -> String {
    let source = Source::new(SourceId(0), "main.flow", text);
    let parsed = syntax::parse(&source);
    let settings = build::Options::default();
    let index = Index::new([&source], [&parsed.file], &settings);
    let flows = parsed.file.declarations.iter().filter_map(|declaration| build::flow(&index, declaration).flow);
    flows.map(|flow| emit::json_text(&emit::draft(&flow))).collect()
}

/// Which flows have only actions that the service has, as far as the corpus says.
fn of_known_actions() -> BTreeSet<String> {
    let text =
        exports::folder().and_then(|place| fs::read_to_string(place.join("index.json")).ok()).unwrap_or_default();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
    let is_known = |row: &&serde_json::Value| row["unrecognised_types"].as_array().is_some_and(Vec::is_empty);
    let file =
        |row: &serde_json::Value| row["file"].as_str().and_then(|file| file.rsplit('/').next().map(str::to_owned));
    rows.iter().filter(is_known).filter_map(file).collect()
}

#[test]
fn every_flow_becomes_source_that_compiles_to_it() {
    let mut table = Table::default();
    let known = of_known_actions();
    let (mut flows, mut total) = (0, Stats::default());
    for (path, text) in corpus("flows") {
        for flow in table.import(&path, &text) {
            if known.contains(&path) {
                flows += 1;
                total += flow.stats;
            }
        }
    }
    let [sentences, lines, jumps, named] = total.rates();
    println!("{flows:>5} of known actions alone: {total:?}");
    println!(
        "      blocks that are sentences {sentences}, lines to a block {lines}, jumps and headings {jumps}, named {named}"
    );
    table.finish();
}

/// Old exports may hold what has no counterpart today, so their flows are checked, and what is said is shown.
#[test]
fn every_old_export_becomes_source() {
    let mut table = Table::default();
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    let mut accepted = 0;
    for (path, text) in corpus("old") {
        let flows = table.import(&path, &text);
        assert!(!flows.is_empty(), "{path} is refused");
        for flow in flows {
            let source = Source::new(SourceId(0), "main.flow", flow.files[0].text.as_str());
            let checked = driver::check(std::slice::from_ref(&source), &Settings::default());
            for valid in &checked.flows {
                accepted += 1;
                let _ = driver::product(valid, std::slice::from_ref(&source), Form::Content);
            }
            for problem in checked.diagnostics {
                *said.entry(problem.code.id().to_owned()).or_default() += 1;
            }
        }
    }
    println!("{accepted:>5} accepted by check; what it says of all:");
    for (what, count) in &said {
        println!("{count:>5}  {what}");
    }
    table.finish();
}
