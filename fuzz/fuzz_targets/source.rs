//! Any text as a source: there is an answer, soon, and nothing panics; what the formatter makes of it is in its form.
//!
//! Most bytes are pieces of the language, so that deep and unclosed things are found by chance; the rest are themselves.

#![no_main]

use flowc::driver::{self, Settings};
use flowc::format::{Formatted, format};
use flowc::source::{Source, SourceId};
use libfuzzer_sys::fuzz_target;

const PIECES: &[&str] = &[
    "{", "}", "(", ")", "[", "]", "\n", " ", "\"", "\"\"\"", "\\", "//", "///", "$", ".", "'", "@", ",", ":", "->", "=",
    "==", "!=", "<", ">=", "*", "#", "%", "1", "30s", "\r\n", "\u{feff}", "\u{a0}", "\u{202e}", "é", "inbound flow Main {\n",
    "customer queue flow Wait {\n", "module Find (a: text) -> found, none returns (b: text) {\n", "fragment common(x) {\n",
    "for voice, chat ", "on error -> bye\n", "on error {\n", "step bye {\n", "disconnect\n", "say \"Hello $.Attributes.name.\"",
    "say ", "set $.Attributes.a = \"b\"", "set {\n", "$.Attributes.a = ", "if $.Attributes.a == \"b\" {\n", "else ", "else if ",
    "menu \"Press 1.\" ", "1 -> next", "timeout -> again", "error -> bye", "else -> next", "collect \"Number?\" (max: 4)",
    "match $.Attributes.a {\n", "split {\n", "20% -> next\n", "retry (max: 2) ", "repeat 2 {\n", "loop ", "use common(", "call Find ",
    "invoke Lookup ", "as found ", "$found.b", "do TagContact ", "do \"New\" ", "(Tags: { a: \"b\" })", "map resources ", "set queue Sales ",
    "transfer to queue ", "return found\n", "wait 5m ", "@id(\"a\")\n", "@allow(unused-step, \"why\")\n", "@note(\"\")\n", "not ", " and ", " or ",
    "contains ", "starts with ", "when Equals \"a\" ", "$env.number", "$.Attributes['a//b']", "$.External.a", "-> next\n", "-> bye\n", "unhandled",
];

fuzz_target!(|bytes: &[u8]| {
    let mut text = String::new();
    for &byte in bytes {
        match PIECES.get(usize::from(byte)) {
            Some(piece) => text.push_str(piece),
            None => text.push(char::from(byte)),
        }
    }
    let source = Source::new(SourceId(0), "main.flow", text.as_str());
    match format(&source) {
        Formatted::Changed(formatted) => {
            let again = Source::new(SourceId(0), "main.flow", formatted.as_str());
            assert_eq!(format(&again), Formatted::Unchanged, "\n{text}\n---\n{formatted}");
        }
        Formatted::Unsound(reason) => panic!("{reason}\n{text}"),
        Formatted::Unchanged | Formatted::Broken(_) => {}
    }
    let checked = driver::check(std::slice::from_ref(&source), &Settings::default());
    for flow in &checked.flows {
        let _ = flowc::emit::compact(flow);
    }
    let _ = driver::lint(&[source], &Settings::default());
});
