//! Any bytes as a file that is to be imported: there is an answer, soon, and nothing panics.

#![no_main]

use flowc::driver;
use flowc::import::Options;
use flowc::source::{Source, SourceId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The command line refuses what is not text before it asks the driver.
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = Source::new(SourceId(0), "main.json", text);
    for keep in [false, true] {
        let options = Options { keep_identifiers: keep, keep_addresses: keep };
        let imported = driver::import(&source, 1, options, true);
        assert!(
            !imported.flows.is_empty() || imported.diagnostics.has_errors(),
            "there is no flow, and no word about it"
        );
        for flow in &imported.flows {
            assert_eq!(flow.differences, [], "{}", flow.files[0].text);
        }
    }
    // The same file where sources are expected.
    let checked = driver::check(&[source], &driver::Settings::default());
    for flow in &checked.flows {
        let _ = flowc::emit::compact(flow);
    }
});
