//! What flows read and compare of the answers of functions, held against contracts: what is certainly wrong is told, and
//! what may be right is not.

use std::fs;

use flowc::driver::{self, Settings};
use flowc::flow::Function;
use flowc::source::{Source, SourceId};

use crate::support::baseline::repository;

const STATE: &str = r#"{ "handler": "state", "outcomes": {
    "known": { "keys": { "state": { "values": ["open", "sent"] }, "place": {} }, "open": false },
    "none": { "keys": { "state": { "values": ["unknown"] } }, "open": false }
} }"#;
const OTHER: &str = r#"{ "handler": "other", "outcomes": { "known": { "keys": { "town": {} }, "open": false } } }"#;
const OPEN: &str = r#"{ "handler": "open", "outcomes": { "known": { "keys": {}, "open": true } } }"#;

/// What is said of a flow with these lines, and a module beside it, besides what every flow of this kind is told.
fn told(lines: &str) -> Vec<String> {
    let text = format!(
        "inbound flow Main for voice {{\n  on error -> over\n{lines}\n  -> over\n  step over {{\n    disconnect\n  }}\n}}\n\
         module Look () {{\n  on error {{ return }}\n  invoke other\n  return\n}}\n"
    );
    problems(&[("main.flow", &text)], &[STATE, OTHER, OPEN])
}

fn problems(files: &[(&str, &str)], contracts: &[&str]) -> Vec<String> {
    let sources: Vec<Source> =
        (0..).zip(files).map(|(id, (path, text))| Source::new(SourceId(id), *path, *text)).collect();
    let mut settings = Settings::default();
    settings.functions.extend(contracts.iter().filter_map(|text| Function::read(text)));
    settings.options.values.insert("TwilioNumber".to_owned(), "+12065550100".to_owned());
    let checked = driver::check(&sources, &settings);
    checked.diagnostics.iter().map(|problem| format!("{}: {}", problem.code.id(), problem.message)).collect()
}

#[test]
fn a_key_that_is_never_answered_is_told_wherever_it_is_read() {
    let unknown = ["FC0221: `state` never answers `stat`"];
    assert_eq!(told("invoke state\nsay \"$.External.stat\""), unknown);
    assert_eq!(told("invoke state as s\nsay \"$s.stat\""), unknown);
    // Also if the invocation can have failed: then there is nothing.
    assert_eq!(told("invoke state as s { error -> next }\nsay \"$s.stat\""), unknown);
    // And where a later answer would replace it, so that the compiler keeps it.
    assert_eq!(told("invoke state as s\ninvoke other as o\nsay \"$s.stat $o.town\""), unknown);
    assert_eq!(told("invoke state as s\ninvoke other as o\nsay \"$s.place $o.town\""), [""; 0]);
}

#[test]
fn a_value_outside_of_a_closed_set_is_told() {
    let unknown = ["FC0221: `state` never answers \"shut\" for `state`"];
    let compared = |before: &str, path: &str, value: &str| {
        told(&format!("{before}\nmatch {path} {{\n \"{value}\" -> over\n else -> next\n}}"))
    };
    assert_eq!(compared("invoke state as s", "$s.state", "shut"), unknown);
    assert_eq!(compared("invoke state as s", "$s.state", "unknown"), [""; 0]);
    assert_eq!(compared("invoke state as s", "$s.place", "anywhere"), [""; 0]);
    let both = "invoke state as s\ninvoke other as o\nsay \"$o.town\"";
    assert_eq!(compared(both, "$s.state", "shut"), unknown);
    assert_eq!(compared(both, "$s.state", "sent"), [""; 0]);
}

#[test]
fn what_may_be_somebody_else_s_answer_is_not_told() {
    for lines in [
        // From before the flow.
        "say \"$.External.stat\"\ninvoke state",
        // From a module.
        "invoke state\ncall Look\nsay \"$.External.stat\"",
        // From a function of which nothing, or not everything, is known.
        "invoke elsewhere\nsay \"$.External.stat\"",
        "invoke state\ninvoke open\nsay \"$.External.stat\"",
        // From one of two functions, of which the other knows it.
        "if $.Attributes.a == \"b\" {\n invoke state\n} else {\n invoke other\n}\nsay \"$.External.town\"",
    ] {
        assert_eq!(told(lines), [""; 0], "{lines}");
    }
    let lines = "if $.Attributes.a == \"b\" {\n invoke state\n} else {\n invoke other\n}\nsay \"$.External.country\"";
    assert_eq!(told(lines).len(), 1, "neither knows it");
}

/// Flow and function are held together: who renames a field or a value in the function's code gets another contract, and
/// the flow does not check any more.
#[test]
fn a_renamed_field_or_value_of_a_handler_fails_the_flow() {
    let flow = fs::read_to_string(repository("flows-src/voiceit/voice-login.flow")).unwrap();
    let contract = fs::read_to_string(repository("handlers/voice-gate/contract.json")).unwrap();
    let check = |contract: &str| problems(&[("voice-login.flow", &flow)], &[contract]);
    assert_eq!(check(&contract), [""; 0]);
    let renamed = check(&contract.replace("\"Branch\"", "\"Way\""));
    assert!(
        !renamed.is_empty() && renamed.iter().all(|problem| problem.contains("never answers `Branch`")),
        "{renamed:?}"
    );
    assert_eq!(
        check(&contract.replace("\"locked\"", "\"barred\"")),
        [r#"FC0221: `voice-gate` never answers "locked" for `Branch`"#; 2]
    );
    assert_eq!(check(&contract.replace("\"code\"", "\"digits\"")), ["FC0220: `voice-gate` takes no `code`"]);
}
