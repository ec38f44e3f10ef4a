//! That the checker finds what is wrong, and only that.

use serde_json::{Value, json};

use super::parameters::{Holds, Key, actions};
use super::refusals::{Count, GROUPS, REFUSALS, REFUSED_OPERATORS, WRONG_TYPES, group};
use super::rules::{Operands, rule};
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
    breaks("/Actions/0/Parameters/Media", json!({"Uri": ""}), "empty text in Media.Uri");
    breaks("/Actions/0/Parameters/Media", json!([true]), "Media is no object");
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
    input["Actions"][0]["Parameters"] = json!({
        "StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {"CustomValidation": {"MaximumLength": "9"}},
    });
    assert_eq!(check(&input), [""; 0]);
    input["Actions"][0]["Parameters"]["InputValidation"] = json!({"PhoneNumberValidation": {"NumberFormat": "E164"}});
    assert!(check(&input).iter().any(|problem| problem.contains("InvalidPhoneNumber")));
}

#[test]
fn a_message_loop_without_interruption_has_no_next_action() {
    let mut input = good();
    input["Actions"][0]["Type"] = json!("MessageParticipantIteratively");
    input["Actions"][0]["Parameters"] = json!({"Messages": [{"Text": "Please hold."}]});
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
                action(&index.to_string(), "UpdateFlowLoggingBehavior", json!({"FlowLoggingBehavior": "Enabled"}), next)
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

// ---- what the service refuses -------------------------------------------------------------------------------------

/// An action in a document around which all is well: every branch that it needs is there.
fn alone(kind: &str, parameters: &Value, flow_type: &str) -> Value {
    let is_module = flow_type.is_empty();
    let end = if is_module { "EndFlowModuleExecution" } else { "EndFlowExecution" };
    let end = action("bye", end, json!({}), json!({}));
    let empty = serde_json::Map::new();
    let transitions = match rule(kind, parameters.as_object().unwrap_or(&empty)) {
        None => json!({}),
        Some(rule) => {
            let operands: Vec<&str> = match &rule.operands {
                Operands::Exactly(operands) => operands.clone(),
                Operands::Among(_) | Operands::None => Vec::new(),
                Operands::Free(least) => vec!["5"; *least],
            };
            let test = |operand: &str| json!({"Operator": rule.operators[0], "Operands": [operand]});
            let conditions: Vec<Value> =
                operands.iter().map(|operand| json!({"NextAction": "bye", "Condition": test(operand)})).collect();
            let errors: Vec<Value> =
                rule.required.iter().map(|error| json!({"NextAction": "bye", "ErrorType": error})).collect();
            json!({"NextAction": "bye", "Conditions": conditions, "Errors": errors})
        }
    };
    let ends = transitions.get("NextAction").is_none();
    let one = action("one", kind, parameters.clone(), transitions);
    let mut made = if ends { document(&[one]) } else { document(&[one, end]) };
    if is_module {
        made["Settings"] = json!({"InputParameters": [], "OutputParameters": [], "Transitions": []});
        made["Metadata"]["settings"] = json!({
            "resultData": {"schema": {"properties": {"number": {"type": "string"}}}},
            "transitions": {"results": [{"name": "Done", "description": "Done"}]},
        });
    } else {
        made["Metadata"]["type"] = json!(flow_type);
    }
    made
}

fn check_alone(kind: &str, parameters: &Value, flow_type: &str) -> Vec<String> {
    let what = if flow_type.is_empty() { What::Module } else { What::Flow };
    problems(&alone(kind, parameters, flow_type).to_string(), what)
}

/// Parameters that hold no more than what the table calls for.
fn least(keys: &[Key]) -> Value {
    let needed = keys.iter().filter(|key| key.required);
    Value::Object(needed.map(|key| (key.name.clone(), some(&key.holds))).collect())
}

fn some(holds: &Holds) -> Value {
    match holds {
        Holds::Text | Holds::TextOrNumber | Holds::Anything => json!("$.Attributes.a"),
        Holds::Address => json!("arn:aws:connect:eu-west-2:111122223333:instance/a/queue/b"),
        Holds::Boolean => json!(true),
        Holds::Number => json!(1),
        Holds::Texts => json!(["a"]),
        Holds::Map => json!({"a": "b"}),
        Holds::Object(keys) => least(keys),
        Holds::Objects(keys) => json!([least(keys)]),
        Holds::MapOfObjects(keys) => json!({"a": least(keys)}),
    }
}

#[test]
fn every_parameter_that_is_needed_is_missed() {
    let mut counted = 0;
    for (kind, keys) in actions() {
        let whole = least(keys);
        for key in keys.iter().filter(|key| key.required) {
            let mut broken = whole.clone();
            broken.as_object_mut().unwrap().remove(&key.name);
            let wanted = format!("{} is missing", key.name);
            let found = check_alone(kind, &broken, "campaign");
            assert!(found.iter().any(|problem| problem.contains(&wanted)), "{kind}: {wanted} is not in {found:#?}");
            let found = check_alone(kind, &whole, "campaign");
            assert!(found.iter().all(|problem| !problem.contains(&wanted)), "{kind}: {found:#?}");
            counted += 1;
        }
        let mut broken = whole;
        broken["Bogus"] = json!("x");
        let found = check_alone(kind, &broken, "campaign");
        assert!(
            found.iter().any(|problem| problem.contains("Bogus is an invalid property name")),
            "{kind}: {found:#?}"
        );
    }
    assert!(counted >= 80, "{counted}");
}

#[test]
fn values_have_their_types() {
    let says = |kind: &str, parameters: Value, wanted: &str| {
        let found = check_alone(kind, &parameters, "contactFlow");
        assert!(found.iter().any(|problem| problem.contains(wanted)), "{wanted:?} is not in {found:#?}");
    };
    says("UpdateContactTargetQueue", json!({"QueueId": "Customer Service"}), "cannot be converted to an id");
    says("TransferContactToQueue", json!({"QueueId": "a"}), "QueueId is an invalid property name");
    let input = |dtmf: Value| {
        let validation = json!({"CustomValidation": {"MaximumLength": "4"}});
        json!({
            "StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": validation, "DTMFConfiguration": dtmf,
        })
    };
    says("GetParticipantInput", input(json!({"DisableCancelKey": false})), "which is no string");
    says("GetParticipantInput", input(json!({"FinishOnKey": "#"})), "FinishOnKey is an invalid property name");
    says("GetParticipantInput", input(json!("x")), "DTMFConfiguration is no object");
    says("UpdateFlowAttributes", json!({"FlowAttributes": {"x": "y"}}), "FlowAttributes.x is no object");
    says("UpdateContactAttributes", json!({"Attributes": {"x": 1}}), "which is no string");
    says("UpdateContactAttributes", json!({"Attributes": ["x"]}), "Attributes is no object");
    says("UpdateContactAttributes", json!({"Attributes": {"x": ""}}), "empty text");
    says("UntagContact", json!({"TagKeys": "a"}), "TagKeys is no list");
    says("EvaluateDataTableValues", json!({"Queries": {}}), "Queries is no list");
    let filler = json!({"AudioFillerConfiguration": {"Enabled": "true", "StartDelayInMilliseconds": "1"}});
    says("ConnectParticipantWithAgenticCX", filler.clone(), "Enabled is \"true\", of the wrong type");
    says("ConnectParticipantWithAgenticCX", filler, "StartDelayInMilliseconds is \"1\", of the wrong type");
    says(
        "TransferParticipantToThirdParty",
        json!({"CallerIdNumber": "a"}),
        "CallerIdNumber is an invalid property name",
    );
}

#[test]
fn types_that_do_not_exist_are_refused() {
    for (wrong, right) in WRONG_TYPES {
        let found = check_alone(wrong, &json!({}), "contactFlow");
        assert!(found.iter().any(|problem| problem.contains("invalid action type")), "{wrong}: {found:#?}");
        assert!(right.is_empty() || actions().contains_key(right), "{right} is no action");
        assert!(!actions().contains_key(wrong), "{wrong} is an action");
    }
}

#[test]
fn operators_that_are_refused_are_refused() {
    for operator in REFUSED_OPERATORS {
        breaks("/Actions/1/Transitions/Conditions/0/Condition/Operator", json!(operator), "cannot be tested with");
    }
}

#[test]
fn groups_have_as_many_members_as_they_may() {
    for row in GROUPS {
        let (kind, count, members) = row;
        let with = |given: usize| members[..given].iter().map(|key| ((*key).to_owned(), json!("x"))).collect();
        let wrong: &[usize] = match count {
            Count::Exactly => &[0, 2],
            Count::AtMost => &[2],
            Count::AtLeast => &[0],
        };
        for given in 0..=2 {
            let found = check_alone(kind, &Value::Object(with(given)), "contactFlow");
            let is_told = found.iter().any(|problem| problem.contains("may be defined, not"));
            let others = GROUPS.iter().any(|other| other.0 == *kind && !std::ptr::eq(other, row));
            assert!(is_told == wrong.contains(&given) || others, "{kind} with {given}: {found:#?}");
            let own = group(row, &with(given));
            assert_eq!(own.is_some(), wrong.contains(&given), "{kind} with {given}");
        }
    }
}

#[test]
fn every_refusal_refuses_what_it_is_about_and_nothing_else() {
    for row in REFUSALS {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let found = check_alone(row.action, &read(row.refused), row.refused_in);
        assert!(
            found.iter().any(|problem| problem.contains(row.says)),
            "{}: {:?} is not in {found:#?}",
            row.action,
            row.says
        );
        assert_eq!(check_alone(row.action, &read(row.taken), row.taken_in), [""; 0], "{}: {}", row.action, row.says);
    }
}

/// What pages or tools call refused, and the service has taken.
#[test]
fn what_the_service_has_taken_is_taken() {
    let arn = "arn:aws:connect:eu-west-2:111122223333:instance/a/contact-flow/b";
    let message = r#"{"StoreInput": "False", "InputTimeLimitSeconds": "5"}"#;
    let hooks = json!({"EventHooks": {"AgentWhisper": arn, "CustomerWhisper": arn}}).to_string();
    let guarded = json!({
        "EventHooks": {"AgentWhisper": arn}, "EventHooksConfiguration": {"AgentWhisper": {"DisableExecution": "false"}},
    })
    .to_string();
    let taken = [
        ("UpdateContactAttributes", r#"{"Attributes": {"a": "$.Attributes.['my key']", "b": "$.CallbackNumber"}}"#),
        ("UpdateContactAttributes", r#"{"Attributes": {"a": "$.CustomerCallBackPhoneNumber", "b": "$.NewRoot.key"}}"#),
        ("UpdateContactAttributes", r#"{"Attributes": {"a_$.Attributes.counter": "1", "$.External.key0": "2"}}"#),
        ("UpdateContactAttributes", r#"{"Attributes": {"a": "$.Attributes.$.StoredCustomerInput"}}"#),
        ("UpdateContactAttributes", r#"{"Attributes": {}}"#),
        ("GetParticipantInput", message),
        ("UpdateContactTextToSpeechVoice", r#"{"TextToSpeechVoice": "Joanna", "TextToSpeechEngine": "Turbo"}"#),
        ("UpdateContactTextToSpeechVoice", r#"{"TextToSpeechVoice": "Joanna", "TextToSpeechStyle": "Standard"}"#),
        ("UpdateContactData", r#"{"Name": "Claim"}"#),
        ("UpdateContactEventHooks", "{}"),
        ("UpdateContactEventHooks", &hooks),
        ("UpdateContactEventHooks", &guarded),
        ("LoadContactContent", "{}"),
        ("Loop", r#"{"LoopCount": 3}"#),
        ("TagContact", r#"{"Tags": {"aws:a": "b"}}"#),
        ("EndFlowExecution", "{}"),
        ("Wait", r#"{"TimeLimitSeconds": "60", "ContinueExecution": "True"}"#),
        (
            "CreateCallbackContact",
            r#"{"RetryDelaySeconds": "60", "InitialCallDelaySeconds": "60", "MaximumConnectionAttempts": "1", "CallbackMode": "CustomerFirst"}"#,
        ),
    ];
    for (kind, parameters) in taken {
        for flow_type in ["contactFlow", "queueTransfer"] {
            let found = check_alone(kind, &serde_json::from_str(parameters).unwrap(), flow_type);
            assert_eq!(found, [""; 0], "{kind} {parameters}");
        }
    }
    let functions = r#"{"LambdaFunctionARN": "arn:aws:lambda:eu-west-2:111122223333:function:a", "InvocationTimeLimitSeconds": "8", "LambdaInvocationAttributes": {"a": "$.Views", "b": "$.Lex"}}"#;
    assert_eq!(check_alone("InvokeLambdaFunction", &serde_json::from_str(functions).unwrap(), "contactFlow"), [""; 0]);
    // An error branch of the older recording block, and a share that is a number.
    let recording = json!({"RecordingBehavior": {"RecordedParticipants": []}});
    let mut recorded = alone("UpdateContactRecordingBehavior", &recording, "contactFlow");
    recorded["Actions"][0]["Transitions"]["Errors"] = fails_to("bye");
    assert_eq!(check(&recorded), [""; 0]);
    let mut split = alone("DistributeByPercentage", &json!({}), "contactFlow");
    split["Actions"][0]["Transitions"]["Conditions"][0]["Condition"]["Operands"] = json!([21]);
    assert_eq!(check(&split), [""; 0]);
}
