//! That the checker finds what is wrong, and only that.

use serde_json::{Value, json};

use super::{What, problems};

fn action(identifier: &str, kind: &str, parameters: impl Into<Value>, transitions: impl Into<Value>) -> Value {
    let (parameters, transitions) = (parameters.into(), transitions.into());
    json!({"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions})
}

fn fails_to(target: &str) -> Value {
    json!([{"NextAction": target, "ErrorType": "NoMatchingError"}])
}

fn document(actions: &[Value]) -> Value {
    let mut notes = serde_json::Map::new();
    for (index, action) in actions.iter().enumerate() {
        let identifier = action["Identifier"].as_str().unwrap_or_default();
        notes.insert(identifier.to_owned(), json!({"position": {"x": 300 * index, "y": 40}}));
    }
    json!({
        "Version": "2019-10-30",
        "StartAction": actions[0]["Identifier"],
        "Metadata": {
            "entryPointPosition": {"x": 0, "y": 0}, "ActionMetadata": notes, "Annotations": [],
        },
        "Actions": actions,
    })
}

fn good() -> Value {
    document(&[
        action(
            "say",
            "MessageParticipant",
            json!({"Text": "Hello"}),
            json!({"NextAction": "ask", "Conditions": [], "Errors": fails_to("bye")}),
        ),
        action(
            "ask",
            "CheckHoursOfOperation",
            json!({}),
            json!({
                "NextAction": "bye",
                "Conditions": [
                    {"NextAction": "bye", "Condition": {"Operator": "Equals", "Operands": ["True"]}},
                    {"NextAction": "bye", "Condition": {"Operator": "Equals", "Operands": ["False"]}},
                ],
                "Errors": fails_to("bye"),
            }),
        ),
        action("bye", "DisconnectParticipant", json!({}), json!({})),
    ])
}

fn check(document: &Value) -> Vec<String> {
    problems(&document.to_string(), What::Flow)
}

#[test]
fn a_sound_document_passes() {
    assert_eq!(check(&good()), [""; 0]);
}

/// Breaks the good document at a place, and gives what is said about it.
#[track_caller]
fn breaks(pointer: &str, value: Value, says: &str) {
    let mut broken = good();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = broken.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(map), Value::Null) => {
            map.remove(key).unwrap();
        }
        (Value::Object(map), value) => {
            map.insert(key.to_owned(), value);
        }
        (Value::Array(items), Value::Null) => {
            items.remove(key.parse().unwrap());
        }
        (Value::Array(items), value) => items[key.parse::<usize>().unwrap()] = value,
        _ => panic!("no place {pointer}"),
    }
    let found = check(&broken);
    assert!(found.iter().any(|problem| problem.contains(says)), "{says:?} is not in {found:#?}");
}

#[test]
fn the_document_is_held_to_its_form() {
    breaks("/Version", json!("2020-01-01"), "version");
    breaks("/StartAction", json!("nowhere"), "starts at");
    breaks("/StartAction", json!("ask"), "nothing leads to \"say\"");
    breaks("/Settings", json!({}), "keys are");
    breaks("/Metadata", Value::Null, "keys are");
    breaks("/Actions/2", Value::Null, "goes to \"bye\"");
    breaks("/Actions", json!([]), "no action");
}

#[test]
fn actions_are_held_to_their_form() {
    breaks("/Actions/0/Metadata", json!({}), "has the keys");
    breaks("/Actions/0/Parameters", Value::Null, "has the keys");
    breaks("/Actions/0/Identifier", json!("ask"), "two actions");
    breaks("/Actions/0/Identifier", json!("a:b"), "may not");
    breaks("/Actions/0/Identifier", json!("toString"), "reserved");
    breaks("/Actions/0/Identifier", json!("x".repeat(51)), "51 characters");
    breaks("/Actions/0/Parameters/Text", json!(""), "empty text");
    breaks("/Actions/0/Parameters/Text", json!(5), "no string");
    breaks("/Actions/0/Parameters/Media", json!({"Uri": ""}), "Media.Uri");
    breaks("/Actions/0/Parameters/Media", json!([true]), "Media[0]");
}

#[test]
fn transitions_are_held_to_the_action() {
    breaks("/Actions/0/Transitions/NextAction", Value::Null, "has no NextAction");
    breaks("/Actions/0/Transitions/NextAction", json!("nowhere"), "goes to");
    breaks("/Actions/0/Transitions/Errors/0/ErrorType", json!("Oops"), "may not have Oops");
    breaks("/Actions/1/Transitions/Errors", json!([]), "must say where NoMatchingError");
    breaks("/Actions/1/Transitions/Errors", json!([fails_to("bye")[0], fails_to("say")[0]]), "twice");
    breaks("/Actions/2/Transitions/NextAction", json!("say"), "ends, yet");
    breaks("/Actions/2/Type", json!("EndFlowModuleExecution"), "no module");
    breaks("/Actions/1/Type", json!("Loop"), "needs the conditions");
    breaks("/Actions/1/Type", json!("MessageParticipant"), "takes no conditions");
    breaks("/Actions/1/Transitions/Conditions/1", Value::Null, "needs the conditions");
    let test = "/Actions/1/Transitions/Conditions/0/Condition";
    breaks(&format!("{test}/Operator"), json!("And"), "cannot be tested");
    breaks(&format!("{test}/Operands"), json!(["a", "b"]), "exactly one");
    breaks(&format!("{test}/Operands"), json!([1]), "exactly one");
    breaks(&format!("{test}/Operands"), json!([""]), "empty text");
    breaks(&format!("{test}/Operands"), json!(["$.Attributes.a"]), "not static");
    breaks(&format!("{test}/Operands"), json!(["False"]), "twice");
}

#[test]
fn errors_depend_on_parameters() {
    let mut input = good();
    input["Actions"][0]["Type"] = json!("GetParticipantInput");
    assert!(check(&input).iter().any(|problem| problem.contains("InputTimeLimitExceeded")));
    input["Actions"][0]["Parameters"] = json!({"StoreInput": "True", "InputValidation": {"CustomValidation": {}}});
    assert_eq!(check(&input), [""; 0]);
    input["Actions"][0]["Parameters"]["InputValidation"] = json!({"PhoneNumberValidation": {}});
    assert!(check(&input).iter().any(|problem| problem.contains("InvalidPhoneNumber")));
}

#[test]
fn a_message_loop_without_interruption_has_no_next_action() {
    let mut input = good();
    input["Actions"][0]["Type"] = json!("MessageParticipantIteratively");
    assert!(check(&input).iter().any(|problem| problem.contains("never goes on")));
    input["Actions"][0]["Transitions"]["Errors"][0]["NextAction"] = json!("ask");
    assert_eq!(check(&input), [""; 0]);
}

#[test]
fn blocks_have_places_and_do_not_overlap() {
    let place = "/Metadata/ActionMetadata/say/position";
    breaks(place, json!({"x": 301, "y": 41}), "overlap");
    breaks(place, json!({"x": 300, "y": -43}), "overlap");
    breaks(place, json!({"X": 0, "Y": 0}), "has no place");
    breaks("/Metadata/ActionMetadata/say", Value::Null, "has no place");
    breaks("/Metadata/ActionMetadata/stray", json!({}), "which is no action");
    breaks("/Metadata/EntryPointPosition", json!({}), "EntryPointPosition");
}

#[test]
fn modules_alone_have_settings() {
    assert!(problems(&good().to_string(), What::Module).iter().any(|problem| problem.contains("keys are")));
    let mut module = good();
    module["Settings"] = json!({"InputParameters": [], "OutputParameters": [], "Transitions": []});
    assert_eq!(problems(&module.to_string(), What::Module), [""; 0]);
}

#[test]
fn limits_are_counted() {
    let chain = |length: usize| {
        let mut actions: Vec<Value> = (0..length)
            .map(|index| {
                let next = json!({"NextAction": format!("{}", index + 1)});
                action(&index.to_string(), "UpdateFlowLoggingBehavior", json!({}), next)
            })
            .collect();
        actions.push(action(&length.to_string(), "DisconnectParticipant", json!({}), json!({})));
        document(&actions)
    };
    assert_eq!(check(&chain(249)), [""; 0]);
    assert!(check(&chain(250)).iter().any(|problem| problem.contains("251 actions")));
    let mut long = good();
    long["Actions"][0]["Parameters"]["Text"] = json!("x".repeat(256_000));
    assert!(check(&long).iter().any(|problem| problem.contains("characters, and")));
}
