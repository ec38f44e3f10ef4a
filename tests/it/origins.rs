//! Where blocks come from, in source and in documents, and what messages call the blocks of a document.

use flowc::catalogue::{Lowering, Sentence};
use flowc::driver::{self, Settings};
use flowc::flow::{BlockOrigin, Flow, Inserted};
use flowc::source::{Source, SourceId};

use crate::catalogue::compiled_examples;

fn flow_of(text: &str) -> Flow {
    let checked = driver::check(&[Source::new(SourceId(0), "main.flow", text)], &Settings::default());
    let errors: Vec<&str> =
        checked.diagnostics.iter().filter(|found| found.is_error()).map(|found| found.message.as_str()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    checked.flows[0].flow().clone()
}

fn read(document: &str) -> Flow {
    let read = driver::documents(&Source::new(SourceId(0), "main.json", document), 1);
    read.documents.into_iter().find_map(|document| document.flow).unwrap()
}

/// What kind of origin it is, in a word.
fn kind(origin: &BlockOrigin) -> &'static str {
    match origin {
        BlockOrigin::Sentence(_) => "sentence",
        BlockOrigin::Set => "set",
        BlockOrigin::If => "if",
        BlockOrigin::Match(_) => "match",
        BlockOrigin::Repeat => "repeat",
        BlockOrigin::Retry(_) => "retry",
        BlockOrigin::Do => "do",
        BlockOrigin::Quoted => "quoted",
        BlockOrigin::Document(_) => "document",
        BlockOrigin::Inserted(Inserted::HangUp) => "hang-up",
        BlockOrigin::Inserted(Inserted::SavedResult) => "saved result",
        BlockOrigin::Inserted(Inserted::Companion(_)) => "companion",
        BlockOrigin::Inserted(Inserted::MappedNames) => "mapped names",
        BlockOrigin::Inserted(Inserted::StandIn) => "stand-in",
    }
}

#[test]
fn every_line_says_where_its_block_comes_from() {
    let flow = flow_of(
        r#"inbound flow Main for voice {
  on error -> sorry

  set $.Attributes.a = "b"
  do MessageParticipant (Text: "x")
  do "MessageParticipantLater" (Text: "x")
  if $.Attributes.a == "b" { say "b" }
  match $.Attributes.a { "gold" -> next else -> next }
  repeat 3 { say "again" }
  menu "Press 1." { 1 -> next timeout { retry (max: 2) { spent -> next } } else -> next }
  invoke lookup as one
  invoke other
  say "{$one.name}"
  disconnect

  step sorry {
    say "Sorry."
    disconnect
  }
}
"#,
    );
    let kinds: Vec<&str> = flow.blocks().map(|(_, block)| kind(&block.origin)).collect();
    for wanted in ["sentence", "set", "do", "quoted", "if", "match", "repeat", "retry", "saved result"] {
        assert!(kinds.contains(&wanted), "no {wanted} among {kinds:?}");
    }
}

#[test]
fn a_block_of_a_document_knows_the_sentence_that_it_was_said_by() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (_, example, text, document) in compiled_examples() {
        let (written, found) = (flow_of(&text), read(&document));
        for (_, block) in written.blocks() {
            // `map resources` is not in a build without an environment.
            let same = found.blocks().map(|(_, block)| block).find(|same| same.identifier == block.identifier);
            let Some(same) = same else { continue };
            let (Some(wanted), Some(action)) = (block.origin.sentence(), same.origin.document()) else { continue };
            // The words of a companion are those of the line that it belongs to; without them the line may be another.
            let fixes = |param: &str| wanted.fixed.iter().any(|(path, _)| *path == param);
            let needs_companion = matches!(wanted.lowering, Lowering::Companion { param, .. } if fixes(param));
            if needs_companion || matches!(kind(&block.origin), "companion" | "retry" | "match") {
                continue;
            }
            count += 1;
            if action.sentence.map(Sentence::head) != Some(wanted.head()) {
                wrong.push(format!("`{example}`: {}, not {}", same.label, wanted.head()));
            }
        }
    }
    assert!(
        count > 250 && wrong.is_empty(),
        "{} of {count} are called something else:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_block_that_nobody_named_is_called_by_what_comes_before_it() {
    let document = |first: &str| {
        format!(
            r#"{{"Version": "2019-10-30", "StartAction": "{first}", "Actions": [
  {{"Identifier": "00000000-0000-4000-8000-000000000002", "Type": "UpdateContactTargetQueue",
    "Parameters": {{"QueueId": "arn:aws:connect:eu-central-1:111122223333:instance/i/queue/q"}},
    "Transitions": {{"NextAction": "Bye, caller", "Errors": [{{"NextAction": "Bye, caller", "ErrorType": "NoMatchingError"}}]}}}},
  {{"Identifier": "{first}", "Type": "MessageParticipant", "Parameters": {{"Text": "Welcome\nto `us` and to everybody else here"}},
    "Transitions": {{"NextAction": "00000000-0000-4000-8000-000000000002"}}}},
  {{"Identifier": "Bye, caller", "Type": "DisconnectParticipant", "Parameters": {{}}, "Transitions": {{}}}},
  {{"Identifier": "00000000-0000-4000-8000-000000000003", "Type": "NobodyKnows", "Parameters": {{}}, "Transitions": {{}}}}
]}}"#
        )
    };
    let called =
        |first: &str| -> Vec<String> { read(&document(first)).blocks().map(|(_, block)| block.said()).collect() };
    let first = "00000000-0000-4000-8000-000000000001";
    let expected = [
        "`set queue` after `say \"Welcome to 'us' and to everybody..\"`",
        "`say` at the start",
        "`Bye, caller`",
        "`NobodyKnows`",
    ];
    assert_eq!(called(first), expected);
    assert_eq!(called("hello")[1], "`hello`", "a name that a person gave is the block's");
}
