//! The flows of this repository: real ones, held against the service's rules by the independent checker.

use std::fs;

use flowc::driver::{self, Checked, Form, Settings};
use flowc::source::{Source, SourceId};

use crate::support::baseline::{files_below, is_kind, repository};
use crate::support::checker::{self, What};

/// The repository's own project.
pub fn project() -> (Vec<Source>, Settings) {
    let text = fs::read_to_string(repository(driver::FILE_NAME)).unwrap();
    let (settings, problems) = driver::settings(&Source::new(SourceId(0), driver::FILE_NAME, text));
    assert!(problems.is_empty(), "{problems:?}");
    let folder = repository(&settings.source);
    let paths: Vec<_> = files_below(&folder).into_iter().filter(|path| is_kind(path, "flow")).collect();
    assert!(!paths.is_empty());
    let sources = paths
        .iter()
        .enumerate()
        .map(|(number, path)| {
            let shown = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
            Source::new(SourceId(u32::try_from(number).unwrap()), shown, fs::read_to_string(path).unwrap())
        })
        .collect();
    (sources, settings)
}

/// All documents of a checked project, by file name.
pub fn documents(checked: &Checked, sources: &[Source]) -> Vec<(String, String, What)> {
    checked
        .flows
        .iter()
        .map(|flow| {
            let [document, _] = driver::product(flow, sources, Form::Content).outputs;
            let what = if flow.flow().is_module() { What::Module } else { What::Flow };
            (document.name, document.text, what)
        })
        .collect()
}

#[test]
fn the_repository_s_flows_compile_to_what_the_service_takes() {
    let (sources, settings) = project();
    let checked = driver::check(&sources, &settings);
    assert!(!checked.has_errors(), "{:#?}", checked.diagnostics);
    for (file, text, what) in documents(&checked, &sources) {
        assert_eq!(checker::problems(&text, what), [""; 0], "{file}");
    }
}

/// The length is only measured where an estimate comes near the limit, so the estimate must never be too low.
#[test]
fn no_document_is_longer_than_its_estimate() {
    let (sources, settings) = project();
    for valid in driver::check(&sources, &settings).flows {
        let length = flowc::emit::compact(&valid).chars().count();
        assert_eq!(flowc::emit::length_beyond(valid.flow(), length - 1), Some(length), "{}", valid.flow().name.value);
        assert_eq!(flowc::emit::length_beyond(valid.flow(), length), None);
    }
}

#[test]
fn what_is_committed_is_what_they_compile_to() {
    let (sources, settings) = project();
    let checked = driver::check(&sources, &settings);
    for (file, text, _) in documents(&checked, &sources) {
        let committed = fs::read_to_string(repository(&settings.out).join(&file)).unwrap_or_default();
        assert!(committed == text, "{}/{file} is stale: `cargo run --release -- build`", settings.out);
    }
}

#[test]
fn they_stand_in_their_canonical_form() {
    for source in project().0 {
        assert_eq!(flowc::format::format(&source), flowc::format::Formatted::Unchanged, "{}", source.path);
    }
}
