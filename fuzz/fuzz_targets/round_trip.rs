//! Documents of known and unknown blocks: each becomes source in the formatter's form that compiles to the document.

#![no_main]

#[path = "../documents.rs"]
mod documents;

use flowc::driver;
use flowc::format::{Formatted, format};
use flowc::import::Options;
use flowc::source::{Source, SourceId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let document = documents::document(bytes).to_string();
    let source = Source::new(SourceId(0), "main.json", document.as_str());
    for (keep_identifiers, keep_addresses) in [(false, false), (true, false), (false, true)] {
        let options = Options { keep_identifiers, keep_addresses };
        let imported = driver::import(&source, 1, options, true);
        let [flow] = imported.flows.as_slice() else { panic!("{:#?}\n{document}", imported.diagnostics) };
        let text = &flow.files[0].text;
        assert_eq!(flow.differences, [], "\n{document}\n{text}");
        let again = Source::new(SourceId(0), "main.flow", text.as_str());
        assert_eq!(format(&again), Formatted::Unchanged, "\n{document}\n{text}");
    }
});
