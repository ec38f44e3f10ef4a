//! Intake by small texts of every kind, and by hostile ones.

use super::*;
use crate::diagnostics::Code;
use crate::json::Node;
use crate::source::limits::SOURCE_BYTES_MAX;

const CONTENT: &str = r#"{"Version":"2019-10-30","StartAction":"bye","Metadata":{"name":"Goodbye","type":"customerQueue","description":"Says it."},"Actions":[{"Identifier":"bye","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

fn read(path: &str, text: &str) -> (Source, Intake) {
    let source = Source::new(SourceId(7), path, text);
    let mut last = 100;
    let intake = super::read(&source, &mut || {
        last += 1;
        SourceId(last)
    });
    (source, intake)
}

/// The beginning of a text that was cut off.
fn cut(text: &str, size: usize) -> &str {
    text.get(..size).unwrap()
}

#[track_caller]
fn one(path: &str, text: &str) -> (Found, Intake) {
    let (_, intake) = read(path, text);
    assert!(intake.diagnostics.is_empty(), "{:?}", intake.diagnostics);
    let [found] = intake.found.as_slice() else { panic!("{} flows", intake.found.len()) };
    (found.clone(), intake)
}

/// The codes of what is said about a text in which there is no flow.
fn refused(path: &str, text: &str) -> Vec<Code> {
    let (_, intake) = read(path, text);
    assert!(intake.found.is_empty(), "{text}");
    intake.diagnostics.iter().map(|problem| problem.code).collect()
}

fn escaped(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn content_is_known_by_its_keys() {
    let (found, _) = one("a.json", CONTENT);
    assert_eq!(found.origin, Origin::Content);
    assert_eq!(found.name.as_deref(), Some("Goodbye"));
    assert_eq!(found.kind, Some(FoundKind::Flow(FlowType::CustomerQueue)));
    assert_eq!(found.description.as_deref(), Some("Says it."));
    assert_eq!(found.source, SourceId(7));
    assert_eq!(found.json.plain(), serde_json::from_str::<serde_json::Value>(CONTENT).unwrap());

    for broken in [
        r#"{"Version":"2019-10-30"}"#,
        r#"{"Actions":[]}"#,
        r#"{"StartAction":"a","Actions":{}}"#,
        "\u{feff}{\"Actions\":[{}]}",
    ] {
        assert_eq!(one("a.json", broken).0.kind, None, "{broken}");
    }
    let module = r#"{"Version":"2019-10-30","Actions":[],"Settings":{"InputParameters":[]}}"#;
    assert_eq!(one("a.json", module).0.kind, Some(FoundKind::Module));
}

#[test]
fn answers_of_the_service_hold_the_content_as_a_string() {
    let text = format!(
        r#"{{"ContactFlow":{{"Arn":"arn:x","Id":"1","Name":"Main","Type":"QUEUE_TRANSFER","Description":"","Content":{}}}}}"#,
        escaped(&CONTENT.replace(",\"", ",\n\""))
    );
    let (found, intake) = one("main.json", &text);
    assert_eq!((found.origin, found.name.as_deref()), (Origin::Describe, Some("Main")));
    assert_eq!(found.kind, Some(FoundKind::Flow(FlowType::QueueTransfer)), "the wrapper counts");
    assert_eq!(found.description.as_deref(), Some("Says it."), "an empty one says nothing");
    let [inner] = intake.sources.as_slice() else { panic!("no text of its own") };
    assert_eq!((inner.id, &*inner.path), (found.source, "main.json (Content of Main)"));
    let start = found.json.get("StartAction").unwrap().span;
    assert_eq!(inner.slice(start), "\"bye\"");
    assert_eq!(inner.lines().position(&inner.text, start.start as usize).line, 2);
}

#[test]
fn modules_bring_their_contract() {
    let settings = r#"{"transitions":{"results":[{"name":"Verified"}]}}"#;
    let answer = format!(
        r#"{{"Name":"Verify","Arn":"arn:aws:connect:x:1:instance/i/flow-module/m","Content":{},"Settings":{}}}"#,
        escaped(CONTENT),
        escaped(settings)
    );
    for text in [answer.clone(), format!(r#"{{"ContactFlowModule":{answer}}}"#), format!("[{answer}]")] {
        let (found, intake) = one("verify.json", &text);
        assert_eq!((found.kind, found.origin), (Some(FoundKind::Module), Origin::Describe));
        let contract = found.contract.unwrap();
        assert!(contract.at(&["transitions", "results"]).is_some());
        assert_eq!(intake.sources[0].slice(contract.span), settings);
        assert_eq!(&*intake.sources[0].path, "verify.json (Settings of Verify)");
    }
}

#[test]
fn envelopes_are_read_as_they_are_written() {
    let text = format!(r#"{{"Name":"Main","ContactFlowType":"CONTACT_FLOW","Content":{}}}"#, escaped(CONTENT));
    let (found, _) = one("main.json", &text);
    assert_eq!((found.origin, found.kind), (Origin::Envelope, Some(FoundKind::Flow(FlowType::Inbound))));
    let text = format!(r#"{{"Name":"V","ContactFlowType":"MODULE","Content":{},"Settings":"{{}}"}}"#, escaped(CONTENT));
    let (found, _) = one("v.json", &text);
    assert_eq!(found.kind, Some(FoundKind::Module));
    assert_eq!(found.contract.unwrap().as_object(), Some(&[][..]));
}

#[test]
fn several_flows_in_one_text_are_all_found() {
    for text in [
        format!("[{CONTENT}, {CONTENT}]"),
        format!("{CONTENT}\n{CONTENT}\n"),
        format!(r#"{{"ContactFlows":[{{"Content":{0}}},{{"Content":{0}}}]}}"#, escaped(CONTENT)),
    ] {
        let (_, intake) = read("all.json", &text);
        assert_eq!(intake.found.len(), 2, "{text}");
        assert!(intake.diagnostics.is_empty());
    }
    let text = format!("{CONTENT}\n{CONTENT}");
    let (source, intake) = read("all.json", &text);
    for found in &intake.found {
        assert_eq!(source.slice(found.json.get("StartAction").unwrap().span), "\"bye\"");
    }
    // The second was cut off: the first is there all the same.
    let (_, intake) = read("all.json", cut(&text, text.len() - 5));
    assert_eq!(intake.found.len(), 1);
    let problems: Vec<_> = intake.diagnostics.iter().collect();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, codes::NOT_JSON);
    assert_eq!(problems[0].primary.span.end as usize, text.len() - 5);
}

#[test]
fn what_is_no_flow_is_called_what_it_is() {
    for (text, says) in [
        (r#"{"Version":"2019-10-30","Observations":[]}"#, "a test case"),
        (r#"{"Template":"{}","Actions":["Back"]}"#, "a view"),
        (r#"{"ContactFlowSummaryList":[{"Id":"1"}]}"#, "without their content"),
        (r#"{"ContactFlow":{"Id":"1","Name":"a"}}"#, "no content"),
        (r#"{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}"#, "in this template"),
        (r#"{"Version":"2012-10-17","Statement":[]}"#, "this is JSON, but no flow"),
        ("[]", "this is JSON, but no flow"),
        ("[1, 2]", "this is JSON, but no flow"),
    ] {
        let (source, intake) = read("a.json", text);
        let problems: Vec<_> = intake.diagnostics.iter().collect();
        assert_eq!((problems.len(), intake.found.len()), (1, 0), "{text}");
        assert_eq!(problems[0].code, codes::NOT_A_FLOW, "{text}");
        assert!(problems[0].message.contains(says), "{text}: {}", problems[0].message);
        assert!(!source.slice(problems[0].primary.span).is_empty() || text == "[]", "{text}");
    }
    assert_eq!(refused("a.json", cut(CONTENT, 90)), [codes::NOT_JSON]);
    assert_eq!(refused("a.json", ""), [codes::NOT_JSON]);
    assert_eq!(refused("a.json", "<html></html>"), [codes::NOT_JSON]);
    assert_eq!(refused("a.yaml", "Resources: {}\n"), [codes::NOT_A_FLOW]);
}

#[test]
fn a_string_that_is_cut_off_is_told_about_where_it_ends() {
    let text = format!(r#"{{"Name":"Main","ContactFlowType":"CONTACT_FLOW","Content":{}}}"#, escaped(cut(CONTENT, 60)));
    let (_, intake) = read("main.json", &text);
    let problems: Vec<_> = intake.diagnostics.iter().collect();
    assert_eq!(problems[0].code, codes::NOT_JSON);
    assert_eq!(problems[0].primary.span.source, intake.sources[0].id);
}

#[test]
fn json_templates_hold_flows_as_strings_and_as_objects() {
    let sub = CONTENT.replace("bye", "${Bye}");
    let template = |content: &str| {
        format!(
            r#"{{"Resources":{{"Flow":{{"Type":"AWS::Connect::ContactFlow","Properties":{{"Name":"Main","Type":"AGENT_WHISPER","Content":{content}}}}}}}}}"#
        )
    };
    let origin = Origin::Template { resource: "Flow".into() };
    for content in [
        escaped(&sub),
        format!(r#"{{"Fn::Sub":{}}}"#, escaped(&sub)),
        format!(r#"{{"Fn::Sub":[{},{{"Bye":{{"Ref":"X"}}}}]}}"#, escaped(&sub)),
        format!(
            r#"{{"Fn::Join":["",[{},{{"Ref":"Bye"}},{}]]}}"#,
            escaped(sub.split_once("${Bye}").unwrap().0),
            escaped(sub.split_once("${Bye}").unwrap().1)
        ),
        format!(r#"{{"Fn::ToJsonString":{sub}}}"#),
        sub.replace("\"${Bye}\"", r#"{"Fn::GetAtt":["Bye"]}"#),
    ] {
        let (found, _) = one("t.json", &template(&content));
        assert_eq!(found.origin, origin, "{content}");
        assert_eq!(found.kind, Some(FoundKind::Flow(FlowType::AgentWhisper)));
        assert_eq!(found.name.as_deref(), Some("Main"));
        assert_eq!(found.json.text("StartAction"), Some("${Bye}"), "{content}");
    }
    for content in [r#"{"Ref":"Parameter"}"#, r#"{"Fn::Sub":"${Parameter}"}"#, r#"{"Fn::Transform":{}}"#, "1"] {
        assert_eq!(refused("t.json", &template(content)), [codes::NOT_A_FLOW], "{content}");
    }
}

#[test]
fn yaml_templates_are_read_with_their_short_tags() {
    let text = "\
# Ünïcode before the content moves no place.
Parameters:
  Queue: { Type: String }
Resources:
  Main:
    Type: AWS::Connect::ContactFlow
    Properties:
      InstanceArn: !Ref Instance
      Name: !Sub '${AWS::StackName}-main'
      Type: CONTACT_FLOW
      Content: !Sub |
        {
          \"Version\": \"2019-10-30\",
          \"StartAction\": \"${!bye}\",
          \"Actions\": [{ \"Identifier\": \"${Queue.Arn}\" }]
        }
  Verify:
    Type: AWS::Connect::ContactFlowModule
    Properties:
      Name: Verify
      Content:
        Version: 2019-10-30
        StartAction: a
        Actions:
          - Identifier: a
            Type: EndFlowModuleExecution
            Parameters: { Queue: !GetAtt Queue.Arn, Count: 3, On: true }
";
    let (source, intake) = read("t.yaml", text);
    assert!(intake.diagnostics.is_empty(), "{:?}", intake.diagnostics);
    let [main, verify] = intake.found.as_slice() else { panic!("{:?}", intake.found) };
    assert_eq!((main.name.as_deref(), main.kind), (None, Some(FoundKind::Flow(FlowType::Inbound))));
    assert_eq!(main.json.text("StartAction"), Some("${!bye}"));
    assert_eq!(main.json.get("Actions").unwrap().as_list().unwrap()[0].text("Identifier"), Some("${Queue.Arn}"));
    let inner = &intake.sources[0];
    assert_eq!(&*inner.path, "t.yaml (Content of Main)");
    assert_eq!(inner.lines().position(&inner.text, main.json.get("StartAction").unwrap().span.start as usize).line, 3);

    assert_eq!((verify.name.as_deref(), verify.kind), (Some("Verify"), Some(FoundKind::Module)));
    let action = &verify.json.get("Actions").unwrap().as_list().unwrap()[0];
    assert_eq!(source.slice(action.get("Identifier").unwrap().span), "a");
    assert_eq!(source.slice(action.get("Type").unwrap().span), "EndFlowModuleExecution");
    let parameters = action.get("Parameters").unwrap();
    assert_eq!(parameters.text("Queue"), Some("${Queue.Arn}"));
    assert_eq!(parameters.get("Count").unwrap().node, Node::Number("3".into()));
    assert_eq!(parameters.get("On").unwrap().node, Node::Bool(true));
}

#[test]
fn hostile_yaml_ends_in_a_diagnostic() {
    let marker = "# AWS::Connect::ContactFlow\n";
    let laughs: Vec<String> = (1..30).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    assert_eq!(refused("t.yaml", &format!("{marker}a0: &a0 [ha]\n{}", laughs.concat())), [codes::TOO_LARGE]);
    let long = format!("{marker}a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(1000));
    assert_eq!(refused("t.yaml", &long), [codes::TOO_LARGE]);
    let itself = format!("{marker}a: &a [*a]\n");
    assert_eq!(refused("t.yaml", &itself).len(), 1);
    let deep = format!("{marker}a: {}{}", "[".repeat(200), "]".repeat(200));
    assert_eq!(refused("t.yaml", &deep), [codes::TOO_DEEP]);
    let deeper = format!("{marker}a: {}", "[".repeat(100_000));
    assert!(!refused("t.yaml", &deeper).is_empty());
    let steps: Vec<String> = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(refused("t.yaml", &format!("{marker}{}", steps.concat())), [codes::TOO_DEEP]);
    assert_eq!(refused("t.yaml", &format!("{marker}a: 'open\n")), [codes::NOT_JSON]);
    assert_eq!(refused("t.yaml", &format!("{marker}{}", "é".repeat(SOURCE_BYTES_MAX))), [codes::TOO_LARGE]);
}

#[test]
fn hostile_json_ends_in_a_diagnostic() {
    assert_eq!(refused("a.json", &format!("{CONTENT}{}", " ".repeat(SOURCE_BYTES_MAX))), [codes::TOO_LARGE]);
    assert_eq!(refused("a.json", &"[".repeat(100_000)), [codes::TOO_DEEP]);
    let inner = "[".repeat(10_000);
    let text = format!(r#"{{"Name":"a","ContactFlowType":"CONTACT_FLOW","Content":"{inner}"}}"#);
    assert_eq!(refused("a.json", &text), [codes::TOO_DEEP]);
}

#[test]
fn a_text_full_of_other_things_is_told_about_in_few_words() {
    let (_, intake) = read("a.json", &format!("{CONTENT}{}", "{}".repeat(10_000)));
    assert_eq!((intake.found.len(), intake.diagnostics.iter().count()), (1, 20));
    let attributes = r#"{"name":"Attribute","key":"k","value":"v"},"#.repeat(5_000);
    let block = format!(r#"{{"id":"a","type":"SetAttributes","parameters":[{attributes}1]}}"#);
    let (_, intake) = read("old.json", &format!(r#"{{"modules":[{block}{}],"version":"1"}}"#, ",1".repeat(10_000)));
    assert_eq!(intake.diagnostics.iter().count(), 500);
}

// ---- the old form -------------------------------------------------------------------------------------------------

/// An old export of one block with branches to `x`.
fn old(block: &str) -> String {
    format!(
        r#"{{"modules":[{block},{{"id":"x","type":"Disconnect","branches":[],"parameters":[],"metadata":{{"position":{{"x":9,"y":8}}}}}}],"version":"1","type":"contactFlow","start":"a","metadata":{{"name":"Old","type":"contactFlow","snapToGrid":false}}}}"#
    )
}

fn action(block: &str) -> (serde_json::Value, Vec<String>) {
    let (_, intake) = read("old.json", &old(block));
    assert_eq!(intake.found[0].origin, Origin::Old);
    let said = intake.diagnostics.iter().map(|problem| problem.message.clone()).collect();
    (intake.found[0].json.plain()["Actions"][0].clone(), said)
}

#[test]
fn an_old_export_becomes_a_document_that_points_into_it() {
    let text = old(
        r#"{"id":"a","type":"SetQueue","branches":[{"condition":"Success","transition":"x"},{"condition":"Error","transition":"x"}],"parameters":[{"name":"Queue","value":"","resourceName":"Sales"}],"metadata":{"position":{"x":1,"y":2}}}"#,
    );
    let (source, intake) = read("old.json", &text);
    let found = &intake.found[0];
    assert_eq!((found.kind, found.name.as_deref()), (Some(FoundKind::Flow(FlowType::Inbound)), Some("Old")));
    assert_eq!(
        found.json.plain(),
        serde_json::json!({
            "Version": "2019-10-30",
            "StartAction": "a",
            "Metadata": {
                "name": "Old", "type": "contactFlow", "snapToGrid": false,
                "ActionMetadata": {
                    "a": { "position": { "x": 1, "y": 2 }, "parameters": { "QueueId": { "displayName": "Sales" } } },
                    "x": { "position": { "x": 9, "y": 8 } },
                },
            },
            "Actions": [
                {
                    "Identifier": "a", "Type": "UpdateContactTargetQueue",
                    "Parameters": { "QueueId": "${queue:Sales}" },
                    "Transitions": {
                        "NextAction": "x",
                        "Errors": [{ "NextAction": "x", "ErrorType": "NoMatchingError" }],
                        "Conditions": [],
                    },
                },
                { "Identifier": "x", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {} },
            ],
        })
    );
    let action = &found.json.get("Actions").unwrap().as_list().unwrap()[0];
    assert_eq!(source.slice(action.get("Type").unwrap().span), "\"SetQueue\"");
    assert_eq!(source.slice(action.at(&["Parameters", "QueueId"]).unwrap().span), "\"Sales\"");
    assert_eq!(source.slice(action.at(&["Transitions", "NextAction"]).unwrap().span), "\"x\"");
}

#[test]
fn old_values_become_references() {
    for (namespace, name, path) in [
        ("External", "state", "$.External.state"),
        ("User Defined", "my key", "$.Attributes['my key']"),
        ("System", "Customer Number", "$.CustomerEndpoint.Address"),
        ("System", "Queue.ARN", "$.Queue.ARN"),
        ("Lex.Slots", "city", "$.Lex.Slots.city"),
    ] {
        let (action, said) = action(&format!(
            r#"{{"id":"a","type":"CheckAttribute","branches":[{{"condition":"Evaluate","conditionType":"GreaterThan","conditionValue":5,"transition":"x"}},{{"condition":"NoMatch","transition":"a"}}],"parameters":[{{"name":"Attribute","value":"{name}"}},{{"name":"Namespace","value":"{namespace}"}}]}}"#
        ));
        assert_eq!(action["Parameters"], serde_json::json!({ "ComparisonValue": path }));
        assert_eq!(action["Transitions"]["NextAction"], "a", "what the console copies");
        let condition = &action["Transitions"]["Conditions"][0]["Condition"];
        assert_eq!(*condition, serde_json::json!({ "Operator": "NumberGreaterThan", "Operands": ["5"] }));
        assert!(said.is_empty(), "{said:?}");
    }
    let (action, said) = action(
        r#"{"id":"a","type":"SetAttributes","branches":[],"parameters":[{"name":"Attribute","key":"a.b","namespace":"Moon","value":"phase"}]}"#,
    );
    assert_eq!(action["Parameters"], serde_json::json!({ "Attributes": { "a.b": "phase" } }));
    assert!(said[0].contains("`phase` of the namespace `Moon`"), "{said:?}");
}

#[test]
fn old_parameters_find_their_places() {
    let typed = |kind: &str, target: &str, parameters: &str| {
        let (action, said) = action(&format!(
            r#"{{"id":"a","type":"{kind}","target":{target},"branches":[{{"condition":"Error","transition":"x"}}],"parameters":{parameters}}}"#
        ));
        assert!(said.is_empty(), "{kind}: {said:?}");
        (action["Type"].as_str().unwrap().to_owned(), action["Parameters"].clone())
    };
    let (name, parameters) = typed(
        "LoopPrompts",
        "null",
        r#"[{"name":"Text","key":"text","value":"a"},{"name":"AudioPrompt","value":"arn:p","resourceName":"p.wav"},{"name":"Text","key":"ssml","value":"<speak/>"}]"#,
    );
    assert_eq!(name, "MessageParticipantIteratively");
    assert_eq!(
        parameters,
        serde_json::json!({ "Messages": [{ "Text": "a" }, { "PromptId": "arn:p" }, { "SSML": "<speak/>" }] })
    );
    let (_, parameters) = typed(
        "StoreUserInput",
        "null",
        r#"[{"name":"Text","value":"<speak/>"},{"name":"TextToSpeechType","value":"ssml"},{"name":"CustomerInputType","value":"Custom"},{"name":"Timeout","value":"5"},{"name":"MaxDigits","value":4},{"name":"EncryptEntry","value":false},{"name":"DisableCancel","value":"true"}]"#,
    );
    assert_eq!(
        parameters,
        serde_json::json!({
            "SSML": "<speak/>", "InputTimeLimitSeconds": "5", "StoreInput": "True",
            "InputValidation": { "CustomValidation": { "MaximumLength": "4" } },
            "DTMFConfiguration": { "DisableCancelKey": "True" },
        })
    );
    let (_, parameters) = typed(
        "SetRecordingBehavior",
        "null",
        r#"[{"name":"RecordingBehaviorOption","value":"Disable"},{"name":"RecordingParticipantOption","value":"Both"}]"#,
    );
    assert_eq!(parameters, serde_json::json!({ "RecordingBehavior": { "RecordedParticipants": [] } }));
    let (_, parameters) = typed(
        "StopMediaStreaming",
        "null",
        r#"[{"name":"Track","value":"FromCustomer"},{"name":"Track","value":"ToCustomer"},{"name":"MediaStreamTypes","value":"Audio"}]"#,
    );
    assert_eq!(
        parameters,
        serde_json::json!({
            "MediaStreamingState": "Disabled", "MediaStreamType": "Audio",
            "Participants": [{ "MediaDirections": ["From", "To"], "ParticipantType": "Customer" }],
        })
    );
    let (name, parameters) = typed(
        "Transfer",
        "\"PhoneNumber\"",
        r#"[{"name":"PhoneNumber","namespace":"External","value":"number"},{"name":"TimeLimit","value":"30"}]"#,
    );
    assert_eq!(name, "TransferParticipantToThirdParty");
    assert_eq!(parameters["ContinueFlowExecution"], "False");
    let (_, parameters) =
        typed("SetScreenPop", "null", r#"[{"name":"key","value":"note"},{"name":"value","value":"Hi"}]"#);
    assert_eq!(parameters, serde_json::json!({ "Attributes": { "note": "Hi" } }));
    let (_, parameters) = typed(
        "SetEventHook",
        "null",
        r#"[{"name":"Type","value":"CustomerQueue"},{"name":"ContactFlowId","value":"f"}]"#,
    );
    assert_eq!(parameters, serde_json::json!({ "EventHooks": { "CustomerQueue": "f" } }));
}

#[test]
fn shares_become_bounds() {
    let (action, _) = action(
        r#"{"id":"a","type":"PercentileBranching","branches":[{"condition":"Evaluate","conditionType":"Equals","conditionValue":"30","transition":"x"},{"condition":"Evaluate","conditionType":"Equals","conditionValue":"20","transition":"x"},{"condition":"NoMatch","conditionType":"Equals","conditionValue":"50","transition":"a"}],"parameters":[]}"#,
    );
    let bounds: Vec<_> = action["Transitions"]["Conditions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| (way["Condition"]["Operator"].as_str().unwrap(), way["Condition"]["Operands"][0].as_str().unwrap()))
        .collect();
    assert_eq!(bounds, [("NumberLessThan", "31"), ("NumberLessThan", "51")]);
    assert_eq!(action["Transitions"]["NextAction"], "a");
}

#[test]
fn what_has_no_counterpart_is_kept_and_told_about() {
    let (action, said) = action(
        r#"{"id":"a","type":"Hologram","target":"Room","branches":[{"condition":"Success","transition":"x"},{"condition":"Flicker","transition":"x"}],"parameters":[{"name":"Color","value":"blue"},{"name":"Part","value":1},{"name":"Part","value":2},{"name":"Tag","key":"k","value":"v"}]}"#,
    );
    assert_eq!(
        action,
        serde_json::json!({
            "Identifier": "a", "Type": "Hologram",
            "Parameters": { "Color": "blue", "Part": ["1", "2"], "Tag": { "k": "v" }, "target": "Room" },
            "Transitions": {
                "NextAction": "x", "Errors": [{ "NextAction": "x", "ErrorType": "Flicker" }], "Conditions": [],
            },
        })
    );
    assert_eq!(said, ["`Hologram (Room)` blocks have no counterpart in today's flows"]);
}

#[test]
fn known_blocks_keep_unknown_parameters_and_branches() {
    let (action, said) = action(
        r#"{"id":"a","type":"Wait","branches":[{"condition":"Flicker","transition":"x"}],"parameters":[{"name":"TimeoutSeconds","value":"5"},{"name":"Mood","value":"calm"},{"name":"InterruptOnCustomerReturn","value":"perhaps"}]}"#,
    );
    assert_eq!(
        action["Parameters"],
        serde_json::json!({ "TimeLimitSeconds": "5", "Mood": "calm", "InterruptOnCustomerReturn": "perhaps" })
    );
    assert_eq!(action["Transitions"]["Errors"][0]["ErrorType"], "Flicker");
    assert_eq!(said.len(), 3, "{said:?}");
}

#[test]
fn broken_old_exports_are_read_as_far_as_they_go() {
    let text = r#"{"modules":[1,{"id":"a","type":7,"branches":{},"parameters":[1,{"name":2}]},{"id":"b","type":"Disconnect"},{"id":"c","type":"PlayPrompt","branches":[{"condition":"Success"},3]}],"version":"1"}"#;
    let (_, intake) = read("old.json", text);
    let json = intake.found[0].json.plain();
    assert_eq!(json["Actions"].as_array().unwrap().len(), 3);
    assert_eq!(json["Actions"][2]["Transitions"]["NextAction"], serde_json::Value::Null);
    assert!(intake.diagnostics.iter().any(|problem| problem.code == codes::MALFORMED));
    assert_eq!(intake.found[0].kind, None);
}
