//! Documents, source maps and manifests of small flows.

use super::*;
use crate::catalogue::{self, FlowType, Operator, ResourceKind};
use crate::flow::{
    Action, Arg, Block, BlockId, BlockOrigin, Condition, Contract, Field, FlowKind, Outlet, Part, Text, Value,
};
use crate::source::{SourceId, Span, Spanned};

/// Builds flows line by line; a stand-in for sources in the tests of emission.
pub(crate) struct Draft {
    pub flow: Flow,
}

pub(crate) const NOWHERE: Span = Span { source: SourceId(0), start: 0, end: 0 };

pub(crate) fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, NOWHERE)
}

pub(crate) fn text(text: &str) -> Value {
    Value::literal(text, NOWHERE)
}

pub(crate) fn parts(parts: &[Part]) -> Value {
    Value::Text(Text { parts: parts.into(), span: NOWHERE })
}

pub(crate) fn path(path: &str) -> Value {
    parts(&[Part::Path(path.into())])
}

pub(crate) fn resource(kind: ResourceKind, name: &str) -> Value {
    parts(&[Part::Resource(kind, name.into())])
}

pub(crate) fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Map(args(entries), NOWHERE)
}

pub(crate) fn args(entries: Vec<(&str, Value)>) -> Vec<Arg> {
    entries
        .into_iter()
        .map(|(name, value)| Arg { name: Spanned::new(name.to_owned().into(), NOWHERE), value })
        .collect()
}

pub(crate) fn equals(operand: &str) -> Outlet {
    Outlet::Condition(Condition::new(Operator::Equals, operand).into())
}

pub(crate) fn error(name: &str) -> Outlet {
    Outlet::Error(name.to_owned().into())
}

pub(crate) const ANY: &str = "NoMatchingError";
pub(crate) const ELSE: &str = "NoMatchingCondition";

impl Draft {
    pub fn new(name: &str) -> Self {
        Self { flow: Flow::new(spanned(name.into()), FlowKind::Flow(FlowType::Inbound), NOWHERE) }
    }

    pub fn module(name: &str, contract: Contract) -> Self {
        Self { flow: Flow::new(spanned(name.into()), FlowKind::Module(contract), NOWHERE) }
    }

    /// A block; the first is the start.
    pub fn block(&mut self, action: &str, label: &str, entries: Vec<(&str, Value)>) -> BlockId {
        let identifier = format!("b{}", self.flow.len());
        let action = catalogue::find(action).map_or_else(|| Action::Raw(action.to_owned()), Action::Known);
        let id = self.flow.add(Block {
            action,
            args: args(entries),
            identifier,
            readable: false,
            span: NOWHERE,
            step: ecow::EcoString::new(),
            label: label.to_owned(),
            origin: BlockOrigin::Do,
        });
        if self.flow.len() == 1 {
            self.flow.begin_at(id);
        }
        id
    }

    pub fn step(&mut self, id: BlockId, step: &str) {
        self.flow.block_mut(id).unwrap().step = step.into();
    }

    pub fn say(&mut self, words: &str) -> BlockId {
        self.block("MessageParticipant", &format!("say \"{words}\""), vec![("Text", text(words))])
    }

    pub fn hang_up(&mut self) -> BlockId {
        self.block("DisconnectParticipant", "disconnect", vec![])
    }

    pub fn menu(&mut self, words: &str) -> BlockId {
        let entries = vec![("Text", text(words)), ("StoreInput", text("False")), ("InputTimeLimitSeconds", text("5"))];
        self.block("GetParticipantInput", &format!("menu \"{words}\""), entries)
    }

    pub fn to(&mut self, from: BlockId, outlet: Outlet, to: BlockId) -> &mut Self {
        self.flow.connect(from, outlet, to, NOWHERE);
        self
    }

    pub fn next(&mut self, from: BlockId, to: BlockId) -> &mut Self {
        self.to(from, Outlet::Next, to)
    }

    pub fn valid(self) -> ValidFlow {
        ValidFlow::assume(self.flow)
    }
}

/// A menu that sets a queue; its failures go to one place.
pub(crate) fn small() -> Draft {
    let mut draft = Draft::new("Main");
    let menu = draft.menu("For sales, press 1.");
    let queue = draft.block(
        "UpdateContactTargetQueue",
        "set queue Sales",
        vec![("QueueId", resource(ResourceKind::Queue, "Sales"))],
    );
    let transfer = draft.block("TransferContactToQueue", "transfer to queue", vec![]);
    let sorry = draft.say("Sorry, \"no\" luck.");
    let end = draft.hang_up();
    draft.to(menu, equals("1"), queue);
    draft.to(menu, error("InputTimeLimitExceeded"), menu);
    draft.to(menu, error(ELSE), sorry);
    draft.to(menu, error(ANY), end);
    draft.next(queue, transfer).to(queue, error(ANY), sorry);
    draft.next(transfer, end).to(transfer, error("QueueAtCapacity"), sorry).to(transfer, error(ANY), sorry);
    draft.next(sorry, end);
    draft
}

fn actions(flow: &Flow) -> Vec<serde_json::Value> {
    let document: serde_json::Value = serde_json::from_str(&document::compact(flow)).unwrap();
    document["Actions"].as_array().unwrap().clone()
}

fn transitions(flow: &Flow, at: usize) -> String {
    actions(flow)[at]["Transitions"].to_string()
}

#[test]
fn a_document_reads_like_this() {
    let mut draft = Draft::new("Hello");
    let say = draft.say("Welcome");
    let end = draft.hang_up();
    draft.next(say, end).to(say, error(ANY), end);
    let expected = r#"{
  "Version": "2019-10-30",
  "StartAction": "b0",
  "Metadata": {
    "entryPointPosition": { "x": 40, "y": 40 },
    "ActionMetadata": {
      "b0": { "position": { "x": 200, "y": 40 } },
      "b1": { "position": { "x": 500, "y": 40 } }
    },
    "Annotations": [],
    "name": "Hello",
    "description": "",
    "type": "contactFlow",
    "status": "published",
    "hash": {}
  },
  "Actions": [
    {
      "Parameters": { "Text": "Welcome" },
      "Identifier": "b0",
      "Type": "MessageParticipant",
      "Transitions": {
        "NextAction": "b1",
        "Errors": [
          { "NextAction": "b1", "ErrorType": "NoMatchingError" }
        ]
      }
    },
    { "Parameters": {}, "Identifier": "b1", "Type": "DisconnectParticipant", "Transitions": {} }
  ]
}
"#;
    assert_eq!(artifact(&draft.valid(), &Source::new(SourceId(0), "hello.flow", "")).content, expected);
}

#[test]
fn where_there_is_no_success_exit_the_default_copies_another() {
    let draft = small();
    assert_eq!(
        transitions(&draft.flow, 0),
        r#"{"NextAction":"b3","Conditions":[{"NextAction":"b1","Condition":{"Operator":"Equals","Operands":["1"]}}],"Errors":[{"NextAction":"b0","ErrorType":"InputTimeLimitExceeded"},{"NextAction":"b3","ErrorType":"NoMatchingCondition"},{"NextAction":"b4","ErrorType":"NoMatchingError"}]}"#
    );
    // Without the outlet that is copied, the first one serves.
    let mut draft = Draft::new("Odd");
    let menu = draft.menu("?");
    let end = draft.hang_up();
    draft.to(menu, equals("1"), end);
    assert!(transitions(&draft.flow, 0).starts_with(r#"{"NextAction":"b1","#));
}

#[test]
fn an_unknown_action_without_exits_ends_the_flow() {
    let mut draft = Draft::new("Raw");
    let first = draft.block("SomethingNew2030", "do", vec![("A", Value::Plain(serde_json::json!(1), NOWHERE))]);
    let last = draft.block("SomethingElse", "do", vec![]);
    draft.to(
        first,
        Outlet::Condition(Condition { operator: "Odd".into(), operands: smallvec::smallvec![] }.into()),
        last,
    );
    assert_eq!(
        transitions(&draft.flow, 0),
        r#"{"NextAction":"b1","Conditions":[{"NextAction":"b1","Condition":{"Operator":"Odd","Operands":[]}}]}"#
    );
    assert_eq!(transitions(&draft.flow, 1), "{}");
    assert_eq!(actions(&draft.flow)[0]["Parameters"].to_string(), r#"{"A":1}"#);
}

#[test]
fn values_keep_their_order_and_their_references() {
    let mut draft = Draft::new("Values");
    let joined = [
        Part::Literal("Hi ".into()),
        Part::Path("$.Attributes.name".into()),
        Part::Literal(", \"line\"\n".into()),
        Part::Resource(ResourceKind::Queue, "Sales".into()),
    ];
    draft.block(
        "Any",
        "do",
        vec![
            ("Z", parts(&joined)),
            ("A", Value::List(vec![text("x"), path("$.Channel"), map(vec![("k", text("v"))])], NOWHERE)),
        ],
    );
    assert_eq!(
        actions(&draft.flow)[0]["Parameters"].to_string(),
        r#"{"Z":"Hi $.Attributes.name, \"line\"\n${queue:Sales}","A":["x","$.Channel",{"k":"v"}]}"#
    );
}

fn note(flow: &Flow, block: &str) -> String {
    let document: serde_json::Value = serde_json::from_str(&document::compact(flow)).unwrap();
    let mut note = document["Metadata"]["ActionMetadata"][block].clone();
    note.as_object_mut().unwrap().shift_remove("position");
    note.to_string()
}

#[test]
fn the_designer_is_told_the_names_behind_addresses() {
    let mut draft = small();
    assert_eq!(
        note(&draft.flow, "b1"),
        r#"{"parameters":{"QueueId":{"displayName":"Sales"}},"queue":{"text":"Sales"}}"#
    );
    draft.block("UpdateContactTargetQueue", "", vec![("QueueId", path("$.Attributes.q"))]);
    assert_eq!(note(&draft.flow, "b5"), r#"{"parameters":{"QueueId":{"useDynamic":true}},"useDynamic":true}"#);
    let bot = map(vec![("AliasArn", resource(ResourceKind::Bot, "ACME"))]);
    draft.block("ConnectParticipantWithLexBot", "", vec![("LexV2Bot", bot)]);
    assert_eq!(
        note(&draft.flow, "b6"),
        r#"{"parameters":{"LexV2Bot":{"AliasArn":{"displayName":"ACME","lexV2BotName":"ACME"}}},"useLexBotDropdown":true,"lexV2BotName":"ACME","conditionMetadata":[]}"#
    );
    let set = map(vec![("tier", path("$.External.tier")), ("fixed", text("1"))]);
    draft.block("UpdateContactAttributes", "", vec![("Attributes", set)]);
    assert_eq!(
        note(&draft.flow, "b7"),
        r#"{"parameters":{"Attributes":{"tier":{"useDynamic":true}}},"dynamicParams":["tier"]}"#
    );
    let prompts = Value::List(
        vec![map(vec![("Text", text("a"))]), map(vec![("PromptId", resource(ResourceKind::Prompt, "b.wav"))])],
        NOWHERE,
    );
    draft.block("MessageParticipantIteratively", "", vec![("Messages", prompts)]);
    draft.flow.blocks().for_each(drop);
    assert_eq!(
        note(&draft.flow, "b8"),
        r#"{"parameters":{"Messages":[null,{"PromptId":{"displayName":"b.wav"}}]},"audio":[{"id":"${prompt:b.wav}","text":"b.wav","type":"Prompt"}]}"#
    );
}

#[test]
fn the_designer_is_told_how_to_show_conditions() {
    let mut draft = Draft::new("Conditions");
    let menu = draft.menu("?");
    let compare = draft.block("Compare", "if", vec![("ComparisonValue", path("$.Channel"))]);
    let split = draft.block("DistributeByPercentage", "split", vec![]);
    let end = draft.hang_up();
    draft.to(menu, equals("1"), compare);
    draft.to(compare, Outlet::Condition(Condition::new(Operator::NumberGreaterThan, "5").into()), split);
    for limit in ["21", "51"] {
        draft.to(split, Outlet::Condition(Condition::new(Operator::NumberLessThan, limit).into()), end);
    }
    let without_ids = |block: &str| {
        let mut note: serde_json::Value = serde_json::from_str(&note(&draft.flow, block)).unwrap();
        let notes = note["conditionMetadata"].as_array_mut().unwrap();
        for note in notes.iter_mut() {
            assert_eq!(note.as_object_mut().unwrap().shift_remove("id").unwrap().as_str().unwrap().len(), 36);
        }
        note["conditionMetadata"].to_string()
    };
    assert_eq!(without_ids("b0"), r#"[{"value":"1"}]"#);
    assert_eq!(
        without_ids("b1"),
        r#"[{"operator":{"name":"Is greater than","value":"GreaterThan","shortDisplay":">"},"value":"5"}]"#
    );
    assert_eq!(
        without_ids("b2"),
        r#"[{"percent":{"value":20,"display":"20%"},"name":"2","value":"20"},{"percent":{"value":30,"display":"30%"},"name":"3","value":"30"}]"#
    );
}

fn field(name: &str, kind: &str) -> Field {
    Field { name: spanned(name.into()), kind: spanned(kind.into()) }
}

#[test]
fn a_module_has_a_contract_and_the_standard_form() {
    let contract = Contract {
        inputs: vec![field("pin", "string")],
        branches: vec![spanned("good".into())],
        returns: vec![field("tries", "integer")],
    };
    let mut draft = Draft::module("Verify", contract);
    draft.block("EndFlowModuleExecution", "return good", vec![("Result", text("good"))]);
    let expected = r#"{"input":{"schema":{"type":"object","properties":{"pin":{"type":"string"}}}},"resultData":{"schema":{"type":"object","properties":{"tries":{"type":"integer"}}}},"transitions":{"results":[{"name":"good","description":"good"}]}}"#;
    assert_eq!(super::contract(&draft.flow).as_deref(), Some(expected));
    let document: serde_json::Value = serde_json::from_str(&document::compact(&draft.flow)).unwrap();
    assert_eq!(
        document["Settings"].to_string(),
        r#"{"InputParameters":[],"OutputParameters":[],"Transitions":[{"DisplayName":"Success","ReferenceName":"Success","Description":""},{"DisplayName":"Error","ReferenceName":"Error","Description":""}]}"#
    );
    assert_eq!(super::contract(&Draft::module("Empty", Contract::default()).flow).as_deref(), Some("{}"));
    assert_eq!(super::contract(&small().flow), None);

    let valid = draft.valid();
    let envelope: serde_json::Value = serde_json::from_str(&envelope(&valid)).unwrap();
    let keys: Vec<&String> = envelope.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["Name", "ContactFlowType", "Content", "Settings"]);
    assert_eq!(envelope["ContactFlowType"], "MODULE");
    assert_eq!(envelope["Content"].as_str().unwrap(), compact(&valid));
}

#[test]
fn the_envelope_has_three_keys() {
    let valid = small().valid();
    let text = envelope(&valid);
    assert!(text.starts_with("{\n  \"Name\": \"Main\",\n  \"ContactFlowType\": \"CONTACT_FLOW\",\n  \"Content\": \"{"));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap().as_object().unwrap().len(), 3);
}

#[test]
fn a_document_that_is_too_long_is_measured() {
    let mut draft = small();
    for text in ["schön 長い", "\"\u{1}\"", &"x".repeat(300_000)] {
        draft.say(text);
        let exact = document::compact(&draft.flow).chars().count();
        assert_eq!(length_beyond(&draft.flow, exact - 1), Some(exact));
        assert_eq!(length_beyond(&draft.flow, exact), None);
    }
}

#[test]
fn the_source_map_has_a_line_for_each_block() {
    let mut draft = small();
    let source =
        Source::new(SourceId(0), "flows-src/main.flow", "inbound flow Main {\n  menu \"For sales, press 1.\"\n}\n");
    let id = draft.flow.start().unwrap();
    draft.flow.block_mut(id).unwrap().span = Span::new(SourceId(0), 22, 30);
    let elsewhere = draft.say("from a fragment");
    draft.flow.block_mut(elsewhere).unwrap().span = Span::new(SourceId(7), 0, 1);
    draft.step(elsewhere, "trouble");
    let map = artifact(&draft.valid(), &source).source_map;
    let lines: Vec<&str> = map.lines().collect();
    assert_eq!(lines[..3], ["{", "  \"flow\": \"Main\",", "  \"blocks\": {"]);
    assert_eq!(
        lines[3],
        r#"    "b0": {"file":"flows-src/main.flow","line":2,"column":3,"action":"GetParticipantInput","statement":"menu \"For sales, press 1.\""},"#
    );
    assert_eq!(
        lines[8],
        r#"    "b5": {"step":"trouble","action":"MessageParticipant","statement":"say \"from a fragment\""}"#
    );
    assert!(serde_json::from_str::<serde_json::Value>(&map).is_ok());
    let empty = artifact(&Draft::new("Empty").valid(), &source);
    assert!(serde_json::from_str::<serde_json::Value>(&empty.source_map).is_ok());
}

#[test]
fn the_manifest_is_sorted_and_names_what_is_used() {
    let source = Source::new(SourceId(0), "a.flow", "");
    let module = artifact(&Draft::module("A", Contract::default()).valid(), &source);
    let mut draft = small();
    draft.flow.description = Some("Takes calls.".into());
    draft.block(
        "Any",
        "",
        vec![("X", Value::List(vec![resource(ResourceKind::Flow, "b"), resource(ResourceKind::Flow, "a")], NOWHERE))],
    );
    let main = artifact(&draft.valid(), &source);
    let text = manifest::manifest(None, vec![module.entry.clone(), main.entry.clone()]);
    assert_eq!(text, manifest::manifest(None, vec![main.entry.clone(), module.entry]));
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut first = manifest["flows"][0].clone();
    let hash = first.as_object_mut().unwrap().shift_remove("blake3").unwrap();
    assert_eq!(hash.as_str().unwrap().len(), 64);
    assert_eq!(
        first.to_string(),
        r#"{"name":"Main","kind":"flow","type":"CONTACT_FLOW","description":"Takes calls.","file":"Main.json","resources":[{"kind":"flow","name":"a"},{"kind":"flow","name":"b"},{"kind":"queue","name":"Sales"}]}"#
    );
    assert_eq!(manifest["flows"][1]["file"], "A.module.json");
    assert_eq!(manifest["flows"][1]["type"], "MODULE");
}
