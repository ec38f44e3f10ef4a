//! Documents that the live service took or refused, written anew from the words of those who asked it: `gate/accepted/` and
//! `gate/refused/`. Each must get the service's answer, as a document and as the source that an import makes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use flowc::diagnostics::Diagnostic;
use flowc::driver::{self, Settings};
use flowc::import::Options;
use flowc::source::{Source, SourceId};

use crate::support::baseline::{Baselines, entries, name, repository};

/// What was refused, and what the witness said.
const REFUSED: &[(&str, &str)] = &[
    ("action-with-metadata", "an action with `Metadata` of its own was refused"),
    ("answering-in-an-inbound-flow", "inbound flows refused it"),
    ("bot-without-agent", "the error branch was refused"),
    ("buffer-with-conditions", "the key buffer refused conditions"),
    ("callback-number-that-fails", "the error branch was refused"),
    ("caller-id-number", "the key was refused"),
    ("cancel-key-as-a-boolean", r#""Invalid Action type""#),
    ("case-branch-of-a-search", "the branch was refused where no contact is linked"),
    ("case-without-its-branch", "the branch is required where a contact is linked"),
    ("chat-processing-without-settings", "the settings are required, though the page reads otherwise"),
    ("comparison-of-a-name-space", "a name space alone was refused"),
    ("comparison-of-a-word", "literals were refused"),
    ("comparison-that-fails", "the error branch was refused"),
    ("compound-operands", "exactly one operand"),
    ("data-that-is-not-declared", "undeclared names were refused"),
    ("empty-attribute", "an empty value was refused"),
    ("empty-operand", "an empty operand was refused"),
    ("empty-text-of-a-view", "an empty text directly in `ViewData` was refused"),
    ("failures-in-an-agent-transfer", "both branches were refused in this type of flow"),
    ("failures-of-a-call-that-does-not-resume", "both branches were refused"),
    ("finish-key", r#""Invalid Action property name""#),
    ("flat-flow-attributes", "flat values were refused"),
    ("flow-attributes-as-references", "flat values were refused"),
    ("hang-up-in-a-whisper", "whisper and hold flows refused it"),
    ("hang-up-on-hold", "whisper and hold flows refused it"),
    ("hang-up-that-goes-on", r#""Action does not support transitions""#),
    ("hours-that-match-nothing", "the error branch was refused"),
    ("id-of-an-object", "a page forbids it, and every export keeps it"),
    ("id-with-a-colon", "a page forbids it, and every export keeps it"),
    ("input-without-store", r#""Action is missing required property. Path: Actions[0].Parameters.StoreInput""#),
    ("logging-that-fails", "the error branch was refused"),
    ("menu-of-phone-numbers", "the error branch was refused"),
    ("message-with-conditions", "conditions were refused"),
    ("no-action-CheckAttribute", r#""Invalid Action type""#),
    ("no-action-MessageParticipants", r#""Invalid Action type""#),
    ("no-action-PlayPrompt", r#""Invalid Action type""#),
    ("no-action-SetContactAttributes", r#""Invalid Action type""#),
    ("no-action-StartMediaStreaming", r#""Invalid Action type""#),
    ("no-action-TransferToQueue", r#""Invalid Action type""#),
    ("no-action-UnTagContact", r#""Invalid Action type""#),
    ("no-next-of-compare", r#""Action is missing required property", for 29 types"#),
    ("no-next-of-hours", r#""Action is missing required property", for 29 types"#),
    ("no-next-of-input", r#""Action is missing required property", for 29 types"#),
    ("no-next-of-loop", r#""Action is missing required property", for 29 types"#),
    ("no-next-of-message", r#""Action is missing required property", for 29 types"#),
    ("no-next-of-percentages", r#""Action is missing required property", for 29 types"#),
    ("no-next-of-view", r#""Action is missing required property", for 29 types"#),
    ("no-next-of-wait", r#""Action is missing required property", for 29 types"#),
    ("no-such-target", "branches lead to actions of the document"),
    ("no-tag-keys", "an empty list was refused"),
    ("operator-all", "compound operators, and `Exists` in contact flows, were refused"),
    ("operator-and", "compound operators, and `Exists` in contact flows, were refused"),
    ("operator-any", "compound operators, and `Exists` in contact flows, were refused"),
    ("operator-contains", "compound operators, and `Exists` in contact flows, were refused"),
    ("operator-exists", "compound operators, and `Exists` in contact flows, were refused"),
    ("operator-not", "compound operators, and `Exists` in contact flows, were refused"),
    ("operator-or", "compound operators, and `Exists` in contact flows, were refused"),
    ("percentages-that-fail", "the error branch was refused"),
    ("phone-number-encrypted", "encryption beside the validation of phone numbers was refused"),
    ("phone-number-without-its-branch", "the branch is required"),
    ("queue-by-name", r#""Failed to convert id""#),
    ("queue-in-the-transfer", r#""Invalid Action property name""#),
    ("redaction-of-voice", "the branch was refused beside voice and screen"),
    ("result-that-is-not-declared", "undeclared names were refused"),
    ("routing-that-fails", "the error branch was refused"),
    ("settings-of-a-flow", "`Settings` were refused in a flow"),
    ("seven-tags", "more than six tags were refused"),
    ("sign-in-without-conditions", "missing required property, recorded in October 2026"),
    ("sign-in-without-pool", "missing required property, recorded in October 2026"),
    ("sign-in-without-profiles", "missing required property, recorded in October 2026"),
    ("sign-in-without-time", "missing required property, recorded in October 2026"),
    ("sign-in-without-time-branch", "missing required property, recorded in October 2026"),
    ("stored-input-of-phone-numbers", "the error branch was refused"),
    ("stored-input-with-conditions", "stored input refused conditions"),
    ("tags-without-error", "the action without its error branch was refused"),
    ("transfer-without-full", r#""Action is missing required error. Error: QueueAtCapacity""#),
    ("two-messages", r#""Only one of these properties may be defined""#),
    ("two-recordings", "exactly one of the three objects"),
    ("untag-without-error", "the action without its error branch was refused"),
    ("view-without-time-branch", "all three branches are required"),
    ("wait-by-another-name", "the name that a page prints was refused"),
    ("wait-for-AsyncLambdaCompletion", "the spelling of the event was refused"),
    ("wait-for-LambdaReturned", "the spelling of the event was refused"),
];

/// What only a document can hold: a source says it another way, or not at all.
const ONLY_DOCUMENTS: &[&str] = &[
    "queue-by-name",
    "id-with-a-colon",
    "id-of-an-object",
    "action-with-metadata",
    "hang-up-that-goes-on",
    "no-next-of-compare",
    "no-next-of-hours",
    "no-next-of-input",
    "no-next-of-loop",
    "no-next-of-message",
    "no-next-of-percentages",
    "no-next-of-view",
    "no-next-of-wait",
    "no-such-target",
    "settings-of-a-flow",
    "wait-by-another-name",
];

/// The documents of a folder by name.
fn documents(folder: &str) -> BTreeMap<String, String> {
    let files = entries(&repository(&format!("tests/gate/{folder}")));
    let read = files.iter().map(|path| {
        let name = name(path);
        (name.strip_suffix(".json").unwrap().to_owned(), fs::read_to_string(path).unwrap())
    });
    read.collect()
}

fn check(path: &str, text: &str) -> Vec<Diagnostic> {
    driver::check(&[Source::new(SourceId(0), path, text)], &Settings::default()).diagnostics
}

fn errors(found: &[Diagnostic]) -> Vec<String> {
    found
        .iter()
        .filter(|problem| problem.is_error())
        .map(|problem| format!("{} {}", problem.code.id(), problem.message))
        .collect()
}

/// The source that an import makes of a document, and how what it compiles to differs.
fn imported(name: &str, text: &str) -> (String, Vec<String>) {
    let source = Source::new(SourceId(0), format!("{name}.json"), text);
    let imported = driver::import(&source, 1, Options { keep_identifiers: false, keep_addresses: true }, true);
    let [flow] = imported.flows.as_slice() else { panic!("{name}: {:?}", imported.diagnostics) };
    let differences = flow.differences.iter().map(|found| format!("{}: {}", found.place, found.what)).collect();
    (flow.files[0].text.clone(), differences)
}

#[test]
fn what_the_service_took_is_no_error() {
    let mut problems = String::new();
    for (name, text) in documents("accepted") {
        for error in errors(&check("document.json", &text)) {
            let _ = writeln!(problems, "{name}: the document: {error}");
        }
        let (source, differences) = imported(&name, &text);
        for error in errors(&check("source.flow", &source)) {
            let _ = writeln!(problems, "{name}: the source: {error}\n{source}");
        }
        for difference in differences {
            let _ = writeln!(problems, "{name}: the source compiles to something else: {difference}\n{source}");
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn what_the_service_refused_is_an_error() {
    let mut problems = String::new();
    let mut told = String::new();
    let documents = documents("refused");
    for (name, text) in &documents {
        let found = check("document.json", text);
        let errors_found = errors(&found);
        let _ = writeln!(told, "{name}");
        for error in &errors_found {
            let _ = writeln!(told, "    {error}");
        }
        if errors_found.is_empty() {
            let _ = writeln!(problems, "{name}: the document passes");
        }
        if ONLY_DOCUMENTS.contains(&name.as_str()) {
            continue;
        }
        let (source, _) = imported(name, text);
        if errors(&check("source.flow", &source)).is_empty() {
            let _ = writeln!(problems, "{name}: the source passes\n{source}");
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
    let named: BTreeSet<&str> = REFUSED.iter().map(|(name, _)| *name).collect();
    assert_eq!(named, documents.keys().map(String::as_str).collect::<BTreeSet<_>>(), "documents, and their witnesses");
    let mut baselines = Baselines::default();
    baselines.expect(&repository("tests/gate/refused.txt"), &told);
    baselines.finish();
}
