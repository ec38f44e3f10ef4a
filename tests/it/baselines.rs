//! One folder per feature of the language: the source, and what every stage of the compiler makes of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flowc::driver::{self, Form};
use flowc::flow::build::{self, Index};
use flowc::format::{Formatted, format};
use flowc::source::{Source, SourceId};
use flowc::syntax;

use crate::support::baseline::{Baselines, Project, entries, is_kind, name, repository};
use crate::support::checker::{self, What};
use crate::support::graph::graph;
use crate::support::tree::tree;

const SOURCE: &str = "main.flow";

#[test]
fn every_stage_answers_as_before() {
    let mut baselines = Baselines::default();
    let cases = entries(&repository("tests/baselines"));
    assert!(!cases.is_empty(), "there are no cases");
    for case in cases {
        hold(&case, &mut baselines);
    }
    baselines.finish();
}

fn hold(case: &Path, baselines: &mut Baselines) {
    let text = fs::read_to_string(case.join(SOURCE)).unwrap();
    let settings = fs::read_to_string(case.join(driver::FILE_NAME)).unwrap_or_default();
    let files = files(&text, &settings);
    let mut known: BTreeSet<String> = BTreeSet::from([SOURCE.to_owned(), driver::FILE_NAME.to_owned()]);
    for (file, answer) in &files {
        baselines.expect(&case.join(file), answer);
        known.insert(file.clone());
    }
    for stray in entries(case).iter().map(|path| name(path)).filter(|file| !known.contains(file)) {
        if updating() {
            fs::remove_file(case.join(&stray)).unwrap();
        } else {
            baselines.fail(format!("{}/{stray} is no answer of the compiler any more", name(case)));
        }
    }
    let is_valid = files.iter().any(|(file, _)| is_kind(file, "json"));
    if name(case).starts_with("invalid-") == is_valid {
        baselines
            .fail(format!("{}: a case is called `invalid-..` when it does not compile, and only then", name(case)));
    }
    for (file, document) in files.iter().filter(|(file, _)| is_kind(file, "json")) {
        let what = if document.contains("\n  \"Settings\": {") { What::Module } else { What::Flow };
        for problem in checker::problems(document, what) {
            baselines.fail(format!("{}/{file}: {problem}", name(case)));
        }
    }
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| !value.is_empty())
}

/// The answers of all stages, by file name. A stage with nothing to say has no file.
fn files(text: &str, settings: &str) -> Vec<(String, String)> {
    let project = Project::check(settings, &[(SOURCE, text)]);
    let source = &project.sources[1];
    let parsed = syntax::parse(source);
    let mut files = vec![
        ("main.ast".to_owned(), tree(source, &parsed.file)),
        ("main.graph".to_owned(), graphs(source, settings)),
        ("main.diagnostics.txt".to_owned(), project.rendered()),
    ];
    match format(source) {
        Formatted::Unchanged => files.push(("main.fmt.flow".to_owned(), text.to_owned())),
        Formatted::Changed(text) => files.push(("main.fmt.flow".to_owned(), text)),
        Formatted::Broken(_) => {}
        Formatted::Unsound(difference) => panic!("the formatter is unsound: {difference}"),
    }
    if !project.checked.has_errors() {
        let is_alone = project.checked.flows.len() == 1;
        for flow in &project.checked.flows {
            let [document, _] = driver::product(flow, &project.sources, Form::Content).outputs;
            let file = if is_alone { "main.json".to_owned() } else { document.name };
            files.push((file, document.text));
        }
    }
    files.retain(|(_, answer)| !answer.is_empty());
    files
}

/// The graphs of all declarations, of the broken ones too as far as they go.
fn graphs(source: &Source, settings: &str) -> String {
    let (settings, _) = driver::settings(&Source::new(SourceId(0), driver::FILE_NAME, settings));
    let parsed = syntax::parse(source);
    let index = Index::new([source], [&parsed.file], &settings.options);
    let flows = parsed.file.declarations.iter().filter_map(|declaration| build::flow(&index, declaration).flow);
    flows.map(|flow| graph(&flow)).collect::<Vec<_>>().join("\n")
}
