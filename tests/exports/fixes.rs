//! The fixes of lint, applied to what real exports become: they settle, compile, and leave none behind.

use std::fs;

use flowc::driver;
use flowc::format::{self, Formatted};
use flowc::source::{Source, SourceId};

use crate::control::bad_examples;
use crate::support::baseline::{files_below, is_kind};
use crate::support::exports;

/// The sources that an import makes of a document.
fn imported(text: &str) -> Vec<Source> {
    let document = Source::new(SourceId(0), "export.json", text);
    let flows = driver::import(&document, 1, flowc::import::Options::default(), false).flows;
    let files = flows.into_iter().flat_map(|flow| flow.files).filter(|file| is_kind(&file.name, "flow"));
    let source = |(at, file): (usize, driver::Output)| {
        Source::new(SourceId(u32::try_from(at).unwrap() + 1), file.name, file.text)
    };
    files.enumerate().map(source).collect()
}

#[test]
fn fixes_of_real_flows_settle_and_leave_none_behind() {
    let corpus = exports::folder().unwrap();
    let (_, settings) = bad_examples();
    let (mut files, mut fixed) = (0, 0);
    // Every third is enough to meet what real flows have.
    for path in files_below(&corpus.join("flows")).into_iter().step_by(3) {
        let sources = imported(&fs::read_to_string(&path).unwrap());
        if sources.is_empty() || driver::check(&sources, &settings).has_errors() {
            continue;
        }
        let shown = path.display();
        let result = driver::fix(&sources, &settings, true, &|_| true);
        assert!(result.is_settled && result.left.is_empty(), "{shown}: {:?}", result.left);
        assert!(result.linted.errors().next().is_none(), "{shown}: {:?}", result.linted.problems);
        let remaining = result.linted.findings.iter().find(|finding| !finding.diagnostic.fixes.is_empty());
        assert!(remaining.is_none(), "{shown}: {remaining:?}");
        for source in result.sources.iter().filter(|source| result.changed.contains_key(&source.id)) {
            assert_eq!(format::format(source), Formatted::Unchanged, "{shown}");
        }
        files += 1;
        fixed += result.changed.values().sum::<usize>();
    }
    println!("{fixed} findings of {files} flows were fixed");
    assert!(files > 50 && fixed > files, "{fixed} findings of {files} flows");
}
