//! What messages about documents say: the block, the parameter as JSON has it, where it is or would be, and what to do with
//! nothing but JSON and the console.

use flowc::diagnostics::Diagnostic;
use flowc::driver::{self, Settings};
use flowc::source::{Source, SourceId};

/// A document of one action, which leads to an end.
fn document(action: &str, parameters: &str, transitions: &str) -> String {
    format!(
        r#"{{"Version": "2019-10-30", "StartAction": "00000000-0000-4000-8000-000000000001", "Metadata": {{"type": "contactFlow"}}, "Actions": [
  {{"Identifier": "00000000-0000-4000-8000-000000000001", "Type": "{action}", "Parameters": {{{parameters}}}, "Transitions": {{{transitions}}}}},
  {{"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {{}}, "Transitions": {{}}}}
]}}"#
    )
}

fn problems(text: &str) -> Vec<Diagnostic> {
    driver::check(&[Source::new(SourceId(0), "main.json", text)], &Settings::default()).diagnostics
}

/// Message, path and help of every error and warning.
fn told(action: &str, parameters: &str, transitions: &str) -> Vec<String> {
    let line = |found: &Diagnostic| {
        let path = found.path.as_ref().map_or("", |path| path.as_str());
        format!("{} | {path} | {}", found.message, found.help.as_deref().unwrap_or_default())
    };
    problems(&document(action, parameters, transitions)).iter().map(line).collect()
}

const NEXT: &str = r#""NextAction": "bye""#;
const ERRORS: &str = r#""Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]"#;

#[test]
fn what_is_missing_is_told_with_its_place_in_json() {
    let branches = r#""NextAction": "bye", "Errors": [
        {"NextAction": "bye", "ErrorType": "InputTimeLimitExceeded"}, {"NextAction": "bye", "ErrorType": "NoMatchingCondition"},
        {"NextAction": "bye", "ErrorType": "NoMatchingError"}]"#;
    assert_eq!(
        told("GetParticipantInput", r#""Text": "Press 1.", "InputTimeLimitSeconds": "5""#, branches),
        [
            "`GetParticipantInput` at the start needs `StoreInput` | Actions[0].Parameters.StoreInput | add `\"StoreInput\": \"..\"` to `Parameters`"
        ]
    );
    assert_eq!(
        told("CheckHoursOfOperation", "", &format!("{NEXT}, {ERRORS}")),
        ["the service requires the branches `Equals \"True\"` and `Equals \"False\"` of `check hours` at the start | \
             Actions[0].Transitions.Conditions | add `{ \"NextAction\": \"..\", \"Condition\": { \"Operator\": \"Equals\", \
             \"Operands\": [\"True\"] } }` and `{ \"NextAction\": \"..\", \"Condition\": { \"Operator\": \"Equals\", \"Operands\": \
             [\"False\"] } }` to `Transitions.Conditions`; in the console, connect the branches"]
    );
    assert_eq!(
        told("UpdateContactTargetQueue", r#""QueueId": "11111111-2222-4333-8444-555555555555""#, NEXT),
        [
            "the service requires the branch `NoMatchingError` of `set queue` at the start | Actions[0].Transitions.Errors | add \
             `{ \"ErrorType\": \"NoMatchingError\", \"NextAction\": \"..\" }` to `Transitions.Errors`; in the console, connect the \
             branch"
        ]
    );
    let found = told("MessageParticipant", r#""Text": "Hello.""#, ERRORS);
    assert_eq!(
        found.first().map(String::as_str),
        Some(
            "`say` at the start has no `NextAction` | Actions[0].Transitions.NextAction | add `\"NextAction\": \"..\"` to \
             `Transitions`; in the console, connect the block to the next one"
        )
    );
}

#[test]
fn a_parameter_is_called_by_its_path_and_an_address_by_what_it_is_of() {
    let end = format!("{NEXT}, {ERRORS}");
    assert_eq!(
        told("InvokeLambdaFunction", r#""LambdaFunctionARN": "", "InvocationTimeLimitSeconds": "3""#, &end),
        ["`LambdaFunctionARN` of `invoke` at the start is empty where the address of a function belongs | \
             Actions[0].Parameters.LambdaFunctionARN | give the address; `check --placeholders` passes over those that are \
             filled in later"]
    );
    let prompts = r#""Messages": [{"Text": "Please wait."}, {"Text": ""}]"#;
    let found = told("MessageParticipantIteratively", prompts, ERRORS);
    assert!(found.iter().any(|line| line.contains("`Messages[1].Text` of `loop prompts` at the start")), "{found:?}");
    // A key that is a number is no element of a list.
    let found = told("UpdateContactAttributes", r#""Attributes": {"1": ""}, "TargetContact": "Current""#, &end);
    assert!(found.iter().any(|line| line.contains("`Attributes.1` of ")), "{found:?}");
}

#[test]
fn a_branch_is_at_its_own_name_and_fixes_keep_the_quotes() {
    let end = r#""NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingErorr"}]"#;
    let text = document("UpdateContactTargetQueue", r#""QueueId": "11111111-2222-4333-8444-555555555555""#, end);
    let found = problems(&text);
    let branch = found.iter().find(|found| found.message.contains("NoMatchingErorr")).unwrap();
    assert_eq!(branch.path.as_ref().map(flowc::json::Path::as_str), Some("Actions[0].Transitions.Errors[0].ErrorType"));
    let fix = branch.fixes.first().unwrap();
    assert_eq!((&text[fix.span.range()], fix.replacement.as_str()), ("\"NoMatchingErorr\"", "\"NoMatchingError\""));
}

#[test]
fn help_about_a_document_has_no_words_of_the_language() {
    // A cycle, a menu that gives up, a block that nothing leads to.
    let text = r#"{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "contactFlow"}, "Actions": [
  {"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello."}, "Transitions": {"NextAction": "b", "Errors": [{"NextAction": "b", "ErrorType": "NoMatchingError"}]}},
  {"Identifier": "b", "Type": "MessageParticipant", "Parameters": {"Text": "Hello."}, "Transitions": {"NextAction": "a", "Errors": [{"NextAction": "a", "ErrorType": "NoMatchingError"}]}},
  {"Identifier": "c", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
]}"#;
    let found = problems(text);
    let help: Vec<&str> = found.iter().filter_map(|found| found.help.as_deref()).collect();
    assert!(help.len() >= 2, "{found:?}");
    for word in ["`repeat`", "`retry`", "clause", "arrow", "line", "step", "parentheses"] {
        assert!(help.iter().all(|help| !help.contains(word)), "{word} in {help:?}");
    }
}

const BOT: &str = r#""Text": "Hello.", "LexV2Bot": {"AliasArn": "arn:aws:lex:us-east-1:111122223333:bot-alias/ABCDEFGHIJ/TSTALIASID"}"#;
const BOT_ERRORS: &str = r#""NextAction": "bye", "Conditions": [], "Errors": [
    {"NextAction": "bye", "ErrorType": "NoMatchingCondition"}, {"NextAction": "bye", "ErrorType": "NoMatchingError"}"#;
const SILENCE: &str = r#", {"NextAction": "bye", "ErrorType": "InputTimeLimitExceeded"}"#;

#[test]
fn the_silence_of_a_bot_has_a_branch_exactly_where_it_has_a_time() {
    let found =
        |parameters: &str, errors: &str| told("ConnectParticipantWithLexBot", parameters, &format!("{errors}]"));
    let limited = format!(r#"{BOT}, "LexTimeoutSeconds": {{"Text": "60"}}"#);
    let both = format!("{BOT_ERRORS}{SILENCE}");
    assert_eq!(found(BOT, BOT_ERRORS), [""; 0]);
    assert_eq!(found(&limited, &both), [""; 0]);
    assert_eq!(
        found(BOT, &both),
        ["the branch `InputTimeLimitExceeded` of `ask` at the start is never taken as it is here | \
             Actions[0].Transitions.Errors[2].ErrorType | it comes only together with `LexTimeoutSeconds`: remove the branch, \
             or add what it waits for"]
    );
    assert_eq!(
        found(&limited, BOT_ERRORS),
        ["the service is said to require the branch `InputTimeLimitExceeded` of `ask` at the start together with \
             `LexTimeoutSeconds` | Actions[0].Transitions.Errors | add `{ \"ErrorType\": \"InputTimeLimitExceeded\", \
             \"NextAction\": \"..\" }` to `Transitions.Errors`; in the console, connect the branch"]
    );
}
