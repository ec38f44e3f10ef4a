//! Documents of one run lead to each other by whatever they are addressed by, and check and lint know the same of that.

use flowc::driver::{self, Settings};
use flowc::source::{Source, SourceId};
use serde_json::{Value, json};

const INSTANCE: &str = "arn:aws:connect:eu-central-1:111122223333:instance/00000000-0000-4000-8000-000000000000";
const ID: &str = "11111111-1111-4111-8111-111111111111";

fn action(identifier: &str, kind: &str, parameters: &Value, next: &str) -> Value {
    let errors = json!([{ "NextAction": next, "ErrorType": "NoMatchingError" }]);
    json!({ "Identifier": identifier, "Type": kind, "Parameters": parameters,
            "Transitions": { "NextAction": next, "Conditions": [], "Errors": errors } })
}

fn last(identifier: &str, kind: &str) -> Value {
    json!({ "Identifier": identifier, "Type": kind, "Parameters": {}, "Transitions": {} })
}

fn content(actions: &Value) -> Value {
    json!({ "Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Actions": actions })
}

/// A flow whose customer queue event runs what is addressed so.
fn hooking(address: &str) -> Value {
    let hooks = json!({ "EventHooks": { "CustomerQueue": address } });
    content(&json!([action("hook", "UpdateContactEventHooks", &hooks, "bye"), last("bye", "DisconnectParticipant")]))
}

/// A flow that no such event runs.
fn inbound() -> Value {
    content(&json!([last("bye", "DisconnectParticipant")]))
}

fn described(name: &str, id: &str, content: &Value) -> Value {
    let arn = format!("{INSTANCE}/contact-flow/{id}");
    json!({ "ContactFlow": { "Arn": arn, "Id": id, "Name": name, "Type": "CONTACT_FLOW", "Content": content.to_string() } })
}

fn module(name: &str, id: &str, content: &Value) -> Value {
    let arn = format!("{INSTANCE}/flow-module/{id}");
    json!({ "ContactFlowModule": { "Arn": arn, "Id": id, "Name": name, "Content": content.to_string() } })
}

fn with_metadata(mut content: Value, name: &str, hook: Option<&str>) -> Value {
    let about = hook.map_or(
        json!({}),
        |shown| json!({ "hook": { "parameters": { "EventHooks": { "CustomerQueue": { "displayName": shown } } } } }),
    );
    content["Metadata"] = json!({ "name": name, "type": "contactFlow", "ActionMetadata": about });
    content
}

/// The codes and rules that check and lint give for some files; of both, what check says is the same.
fn told(files: &[(&str, Value)]) -> (Vec<String>, Vec<String>) {
    let sources: Vec<Source> =
        files.iter().zip(1..).map(|((path, json), id)| Source::new(SourceId(id), *path, format!("{json:#}"))).collect();
    let settings = Settings::default();
    let shown = |problem: &flowc::diagnostics::Diagnostic| format!("{}: {}", problem.code.id(), problem.message);
    let checked: Vec<String> = driver::check(&sources, &settings).diagnostics.iter().map(shown).collect();
    let linted = driver::lint(&sources, &settings);
    let of_lint: Vec<String> = linted.problems.iter().map(shown).collect();
    assert_eq!(checked, of_lint);
    (checked, linted.findings.iter().map(|finding| finding.rule.name().to_owned()).collect())
}

fn is_misfit(files: &[(&str, Value)]) -> bool {
    told(files).0.iter().any(|shown| shown.starts_with("FC0805"))
}

#[test]
fn a_flow_is_known_by_its_arn_and_its_id() {
    let waiting = ("b.json", described("Waiting", ID, &inbound()));
    for address in
        [format!("{INSTANCE}/contact-flow/{ID}"), format!("{INSTANCE}/contact-flow/{ID}:$SAVED"), ID.to_owned()]
    {
        let main = described("Main", "main", &hooking(&address));
        assert!(is_misfit(&[("a.json", main), waiting.clone()]), "{address}");
    }
    let elsewhere = INSTANCE.replace("instance/00000000", "instance/99999999");
    let main = described("Main", "main", &hooking(&format!("{elsewhere}/contact-flow/{ID}")));
    assert!(!is_misfit(&[("a.json", main), waiting]), "another instance has another flow of that id");
}

#[test]
fn a_flow_is_known_by_the_resource_of_its_template() {
    let resource = |content: &Value, name: &str| json!({ "Type": "AWS::Connect::ContactFlow", "Properties": { "Name": name, "Type": "CONTACT_FLOW", "Content": { "Fn::Sub": content.to_string() } } });
    for address in ["${Waiting}", "${Waiting.ContactFlowArn}"] {
        let template = json!({ "Resources": { "Main": resource(&hooking(address), "Main"), "Waiting": resource(&inbound(), "In the queue") } });
        assert!(is_misfit(&[("template.json", template)]), "{address}");
    }
    let template = json!({ "Resources": { "Main": resource(&hooking("${Music}"), "Main"), "Waiting": resource(&inbound(), "In the queue") } });
    assert!(!is_misfit(&[("template.json", template)]));
}

#[test]
fn a_flow_is_known_by_the_name_that_the_console_shows_and_by_its_file() {
    let address = format!("{INSTANCE}/contact-flow/{ID}");
    let main = |shown: Option<&str>| with_metadata(hooking(&address), "Main", shown);
    let waiting = |name: &str| with_metadata(inbound(), name, None);
    assert!(is_misfit(&[("a.json", main(Some("Waiting"))), ("b.json", waiting("Waiting"))]));
    assert!(is_misfit(&[("a.json", main(Some("waiting-flow"))), ("x/waiting-flow.json", waiting("In the queue"))]));
    assert!(is_misfit(&[("a.json", main(None)), (&format!("x/{ID}.json"), waiting("In the queue"))]));
    assert!(!is_misfit(&[("a.json", main(Some("Music"))), ("b.json", waiting("Waiting"))]));
}

#[test]
fn of_several_flows_of_one_name_the_nearest_is_meant_or_none() {
    let address = format!("{INSTANCE}/contact-flow/{ID}");
    let main = with_metadata(hooking(&address), "Main", Some("Waiting"));
    let right = {
        let mut right = with_metadata(content(&json!([last("end", "EndFlowExecution")])), "Waiting", None);
        right["Metadata"]["type"] = json!("customerQueue");
        right
    };
    let wrong = with_metadata(inbound(), "Waiting", None);
    let files = |right_path: &'static str, wrong_path: &'static str| {
        [("dev/a.json", main.clone()), (right_path, right.clone()), (wrong_path, wrong.clone())]
    };
    assert!(!is_misfit(&files("dev/b.json", "live/b.json")));
    assert!(is_misfit(&files("live/b.json", "dev/b.json")));
    assert!(!is_misfit(&files("live/b.json", "test/b.json")), "nobody knows which");
}

#[test]
fn an_address_counts_more_than_a_name() {
    let address = format!("{INSTANCE}/contact-flow/{ID}");
    let main = with_metadata(hooking(&address), "Main", Some("Waiting"));
    let main = described("Main", "main", &main);
    let old = described("Waiting", "22222222-1111-4111-8111-111111111111", &inbound());
    let mut meant = described("Renamed", ID, &content(&json!([last("end", "EndFlowExecution")])));
    meant["ContactFlow"]["Type"] = json!("CUSTOMER_QUEUE");
    assert!(!is_misfit(&[("a.json", main), ("b.json", old), ("c.json", meant)]));
}

#[test]
fn modules_that_call_each_other_by_address_are_counted() {
    let calling = |id: &str| {
        let called = json!({ "FlowModuleId": format!("{INSTANCE}/flow-module/{id}:$LATEST") });
        content(&json!([action("call", "InvokeFlowModule", &called, "back"), last("back", "EndFlowModuleExecution")]))
    };
    let plain = content(&json!([last("back", "EndFlowModuleExecution")]));
    let chain = |length: usize| {
        let id = |at: usize| format!("{at}1111111-1111-4111-8111-111111111111");
        (0..length)
            .map(|at| {
                module(&format!("M{at}"), &id(at), &if at + 1 == length { plain.clone() } else { calling(&id(at + 1)) })
            })
            .zip(["0.json", "1.json", "2.json", "3.json", "4.json", "5.json"])
            .map(|(json, path)| (path, json))
            .collect::<Vec<_>>()
    };
    let is_deep = |files: &[(&str, Value)]| told(files).1.iter().any(|rule| rule == "module-depth");
    assert!(!is_deep(&chain(5)));
    assert!(is_deep(&chain(6)));
    assert!(is_deep(&[("a.json", module("Round", ID, &calling(ID)))]), "one that calls itself");
}

#[test]
fn whose_queue_is_set_is_known_across_modules_and_flows() {
    let share = json!({ "Identifier": "share", "Type": "DistributeByPercentage", "Parameters": {}, "Transitions": {
        "NextAction": "back", "Errors": [{ "NextAction": "back", "ErrorType": "NoMatchingCondition" }],
        "Conditions": [{ "NextAction": "set", "Condition": { "Operator": "NumberLessThan", "Operands": ["51"] } }] } });
    let queue = json!({ "QueueId": format!("{INSTANCE}/queue/{ID}") });
    let mut set = action("set", "UpdateContactTargetQueue", &queue, "back");
    set["Transitions"]["Errors"][0]["NextAction"] = json!("bye");
    let bye = last("bye", "DisconnectParticipant");
    let routing = |first: &[&Value]| {
        let back = last("back", "EndFlowModuleExecution");
        let actions: Vec<&Value> = first.iter().copied().chain([&set, &back, &bye]).collect();
        module("Route", ID, &content(&json!(actions)))
    };
    let (always, sometimes) = (routing(&[]), routing(&[&share]));
    let called = json!({ "FlowModuleId": format!("{INSTANCE}/flow-module/{ID}") });
    let mut call = action("call", "InvokeFlowModule", &called, "go");
    call["Transitions"]["Errors"][0]["NextAction"] = json!("bye");
    let mut queueing = action("go", "TransferContactToQueue", &json!({}), "bye");
    queueing["Transitions"]["Errors"] = json!([{ "NextAction": "bye", "ErrorType": "QueueAtCapacity" }, { "NextAction": "bye", "ErrorType": "NoMatchingError" }]);
    let found = |files: &[(&str, Value)]| told(files).1.iter().any(|rule| rule == "queue-not-set");

    let main = described("Main", "main", &content(&json!([call, queueing, bye])));
    assert!(!found(&[("a.json", main.clone()), ("b.json", always.clone())]));
    assert!(found(&[("a.json", main.clone()), ("b.json", sometimes.clone())]));
    assert!(!found(&[("a.json", main)]), "nobody knows what the module does");

    let other = "22222222-1111-4111-8111-111111111111";
    let transfer =
        action("go", "TransferToFlow", &json!({ "ContactFlowId": format!("{INSTANCE}/contact-flow/{other}") }), "bye");
    let main = described("Main", "main", &content(&json!([call, transfer, bye])));
    let second = described("Second", other, &content(&json!([queueing, bye])));
    assert!(!found(&[("a.json", main.clone()), ("b.json", always), ("c.json", second.clone())]));
    assert!(found(&[("a.json", main), ("b.json", sometimes), ("c.json", second.clone())]));
    assert!(!found(&[("c.json", second)]), "nobody knows what contacts bring along");
}

#[test]
fn what_types_documents_have_is_doubted_once() {
    let untyped = |path| (path, inbound());
    let one = told(&[untyped("a.json")]).0;
    assert_eq!(one.len(), 1);
    assert!(one[0].contains("it is read as an inbound flow"), "{one:?}");
    let several = told(&[untyped("a.json"), untyped("b.json"), untyped("c.json")]).0;
    assert_eq!(
        several,
        ["FC0708: nothing says what type of flow 3 documents are; they are read as an inbound flow (3)"]
    );
}

#[test]
fn flows_of_sources_and_documents_lead_to_each_other() {
    let waiting = with_metadata(inbound(), "Waiting", None);
    let text = "inbound flow Main {\n  on error { disconnect }\n\n  set customer queue flow Waiting\n  disconnect\n}\n";
    let sources =
        [Source::new(SourceId(1), "main.flow", text), Source::new(SourceId(2), "waiting.json", waiting.to_string())];
    let checked = driver::check(&sources, &Settings::default());
    let codes: Vec<&str> = checked.diagnostics.iter().map(|problem| problem.code.id()).collect();
    assert_eq!(codes, ["FC0805"]);
    assert_eq!(checked.diagnostics[0].primary.span.source, SourceId(1));
}

/// A flow that passes an input to a module and waits for a branch of it.
fn calling(input: &str, branch: &str) -> Value {
    let mut call = action(
        "call",
        "InvokeFlowModule",
        &json!({ "FlowModuleId": format!("{INSTANCE}/flow-module/{ID}"), "Input": { input: "gold" } }),
        "bye",
    );
    call["Transitions"]["Conditions"] =
        json!([{ "NextAction": "bye", "Condition": { "Operator": "Equals", "Operands": [branch] } }]);
    content(&json!([call, last("bye", "DisconnectParticipant")]))
}

#[test]
fn what_a_module_does_not_declare_is_refused_in_a_document_that_calls_it() {
    let field = |name: &str| json!({ "schema": { "type": "object", "properties": { name: { "type": "string" } } } });
    let contract = json!({ "input": field("tier"), "resultData": field("score"), "transitions": { "results": [{ "name": "Found" }] } });
    let mut returning = content(&json!([last("back", "EndFlowModuleExecution")]));
    returning["Metadata"] = json!({ "settings": contract });
    let rating = ("b.json", module("Rating", ID, &returning));
    let errors = |input: &str, branch: &str| {
        let main = ("a.json", described("Main", "main", &calling(input, branch)));
        let (checked, _) = told(&[main, rating.clone()]);
        checked.into_iter().filter(|shown| shown.starts_with("FC0215")).collect::<Vec<_>>()
    };
    assert_eq!(errors("tier", "Found"), Vec::<String>::new());
    assert_eq!(errors("level", "Found"), ["FC0215: module `Rating` declares no input `level`"]);
    assert_eq!(errors("tier", "Lost"), ["FC0215: module `Rating` declares no branch `Lost`"]);
}
