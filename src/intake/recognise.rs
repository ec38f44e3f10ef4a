//! What a JSON value is: a document, or something that holds documents, or something else that looks like it.

use super::template;
use super::{Found, FoundKind, Origin, Reader, flow_type, old, tree};
use crate::diagnostics::{Diagnostic, codes};
use crate::json::{Json, Node};
use crate::source::Span;

/// The only version of documents there is.
const VERSION: &str = "2019-10-30";

/// Keys of which one is enough to know the service's answer by, where its outer key is missing.
const ANSWER_KEYS: [&str; 6] = ["Arn", "Id", "Type", "State", "Status", "InstanceId"];

/// Things that are no flows and are told about, of one text: who has more of them has the wrong file.
const REFUSED_MAX: usize = 20;

/// What a wrapper says about the document in it.
#[derive(Default)]
struct Said {
    name: Option<String>,
    kind: Option<FoundKind>,
    description: Option<String>,
    contract: Option<Json>,
    addresses: Vec<String>,
}

impl Reader<'_> {
    /// Takes every flow out of a value, or says that there is none.
    pub(super) fn recognise(&mut self, json: Json) {
        match json.node {
            Node::List(items) if items.iter().any(holds_flows) => {
                for item in items {
                    self.one(item);
                }
            }
            Node::List(ref items) => self.refuse(items.first().unwrap_or(&json)),
            _ => self.one(json),
        }
    }

    fn refuse(&mut self, json: &Json) {
        self.refused += 1;
        if self.refused <= REFUSED_MAX {
            self.intake.diagnostics.push(not_a_flow(json));
        }
    }

    fn one(&mut self, json: Json) {
        if !holds_flows(&json) {
            self.refuse(&json);
        } else if template::is_template(&json) {
            self.template(&json);
        } else if let Some(answer) = json.get("ContactFlow").filter(|answer| has_content(answer)) {
            self.answer(answer, false);
        } else if let Some(answer) = json.get("ContactFlowModule").filter(|answer| has_content(answer)) {
            self.answer(answer, true);
        } else if let Some(answers) = listed(&json) {
            for answer in answers {
                if has_content(answer) {
                    self.answer(answer, json.get("ContactFlowModules").is_some());
                } else {
                    self.refuse(answer);
                }
            }
        } else if holds_content(&json) {
            if json.get("ContactFlowType").is_some() { self.envelope(&json) } else { self.answer(&json, false) }
        } else {
            self.document(json, Said::default(), Origin::Content);
        }
    }

    /// The service's answer, without its outer key. `is_module` is what the outer key said.
    fn answer(&mut self, json: &Json, is_module: bool) {
        let is_module = is_module
            || json.text("Arn").is_some_and(|arn| arn.contains("/flow-module/"))
            || (json.get("Type").is_none() && json.get("Settings").is_some());
        let kind = match json.text("Type").and_then(flow_type) {
            _ if is_module => Some(FoundKind::Module),
            flow_type => flow_type.map(FoundKind::Flow),
        };
        self.wrapped(json, kind, &Origin::Describe);
    }

    fn envelope(&mut self, json: &Json) {
        let word = json.text("ContactFlowType").unwrap_or_default();
        let kind = if word == "MODULE" { Some(FoundKind::Module) } else { flow_type(word).map(FoundKind::Flow) };
        self.wrapped(json, kind, &Origin::Envelope);
    }

    fn wrapped(&mut self, json: &Json, kind: Option<FoundKind>, origin: &Origin) {
        let name = json.text("Name").map(str::to_owned);
        let of = name.clone().map(|name| format!(" of {name}")).unwrap_or_default();
        let said = Said {
            kind,
            description: json.text("Description").filter(|text| !text.is_empty()).map(str::to_owned),
            contract: json.get("Settings").and_then(|settings| self.contract(settings, &of)),
            addresses: ["Arn", "Id"].iter().filter_map(|key| json.text(key)).map(str::to_owned).collect(),
            name,
        };
        let Some(content) = json.get("Content") else { return };
        match content.as_text() {
            Some(text) => self.text_document(text, &of, said, origin),
            None => self.inner_document(content.clone(), said, origin),
        }
    }

    /// A module's contract, which stands in its wrapper as a string.
    fn contract(&mut self, settings: &Json, of: &str) -> Option<Json> {
        let Some(text) = settings.as_text() else {
            return settings.as_object().is_some().then(|| settings.clone());
        };
        if text.trim().is_empty() {
            return None;
        }
        match self.inner(text, &format!("Settings{of}")) {
            Ok(contract) => Some(contract),
            Err(problem) => {
                self.intake.diagnostics.push(*problem);
                None
            }
        }
    }

    /// A flow of a template. `content` is its text, or the document itself.
    pub(super) fn resource(
        &mut self,
        resource: &str,
        properties: &Json,
        content: Result<String, Json>,
        is_module: bool,
    ) {
        let literal = |key: &str| {
            properties.get(key).and_then(template::text).filter(|text| !text.is_empty() && !text.contains("${"))
        };
        let kind = if is_module {
            Some(FoundKind::Module)
        } else {
            literal("Type").as_deref().and_then(flow_type).map(FoundKind::Flow)
        };
        let of = format!(" of {resource}");
        let settings = properties.get("Settings").map(|settings| match template::text(settings) {
            Some(text) => tree::text(text, settings.span),
            None => settings.clone(),
        });
        let said = Said {
            name: literal("Name"),
            kind,
            description: literal("Description"),
            contract: settings.and_then(|settings| self.contract(&settings, &of)),
            addresses: Vec::new(),
        };
        let origin = Origin::Template { resource: resource.to_owned() };
        match content {
            Ok(text) => self.text_document(&text, &of, said, &origin),
            Err(json) => self.inner_document(json, said, &origin),
        }
    }

    fn text_document(&mut self, text: &str, of: &str, said: Said, origin: &Origin) {
        match self.inner(text, &format!("Content{of}")) {
            Ok(json) => self.inner_document(json, said, origin),
            Err(problem) => self.intake.diagnostics.push(*problem),
        }
    }

    fn inner_document(&mut self, json: Json, said: Said, origin: &Origin) {
        if is_document(&json) || old::is_old(&json) {
            self.document(json, said, origin.clone());
        } else {
            self.refuse(&json);
        }
    }

    /// A document, in today's form or in the old one.
    fn document(&mut self, json: Json, said: Said, origin: Origin) {
        let is_old = old::is_old(&json);
        let json = if is_old { old::today(&json, &mut self.intake.diagnostics) } else { json };
        let metadata = |key: &str| json.at(&["Metadata", key]).and_then(Json::as_text).filter(|text| !text.is_empty());
        let has_contract = json.get("Settings").is_some_and(|settings| settings.as_object().is_some());
        let kind = said
            .kind
            .or_else(|| metadata("type").and_then(flow_type).map(FoundKind::Flow))
            .or(has_contract.then_some(FoundKind::Module));
        self.intake.found.push(Found {
            source: json.span.source,
            name: said.name.or_else(|| metadata("name").map(str::to_owned)),
            kind,
            description: said.description.or_else(|| metadata("description").map(str::to_owned)),
            contract: said.contract,
            addresses: said.addresses,
            origin: if is_old && origin == Origin::Content { Origin::Old } else { origin },
            json,
        });
    }
}

/// Whether a value is a document or holds some.
fn holds_flows(json: &Json) -> bool {
    json.as_object().is_some()
        && (old::is_old(json)
            || is_document(json)
            || template::is_template(json)
            || holds_content(json)
            || ["ContactFlow", "ContactFlowModule"].iter().any(|key| json.get(key).is_some_and(has_content))
            || listed(json).is_some_and(|answers| answers.iter().any(has_content)))
}

/// Several answers under one key, as searches give them.
fn listed(json: &Json) -> Option<&[Json]> {
    ["ContactFlows", "ContactFlowModules"].iter().find_map(|key| json.get(key)?.as_list())
}

/// Whether an answer has what it was asked for.
fn has_content(answer: &Json) -> bool {
    answer.get("Content").is_some_and(|content| matches!(content.node, Node::Text(_) | Node::Object(_)))
}

/// Whether this is an answer or an envelope: a document as a string, and something beside it.
fn holds_content(json: &Json) -> bool {
    let has = |key: &&str| json.get(key).is_some();
    json.get("Content").is_some_and(|content| match &content.node {
        Node::Text(text) => text.trim_start().starts_with('{') || has(&"ContactFlowType"),
        Node::Object(_) => is_document(content) || old::is_old(content),
        _ => false,
    }) && (ANSWER_KEYS.iter().any(has) || has(&"Name") || has(&"ContactFlowType"))
}

/// Whether this is a document, even a broken one.
fn is_document(json: &Json) -> bool {
    let is_other = other(json).is_some();
    // The actions of a view's template are words.
    let has_actions = json
        .get("Actions")
        .and_then(Json::as_list)
        .is_some_and(|actions| actions.iter().all(|action| action.as_text().is_none()));
    !is_other && (has_actions || json.get("StartAction").is_some() || json.text("Version") == Some(VERSION))
}

/// What else of Connect this is, by the key that tells.
fn other(json: &Json) -> Option<(Span, &'static str)> {
    const KEYS: [(&str, &str); 9] = [
        ("Observations", "this is a test case for a flow, not a flow"),
        ("TestCase", "this is a test case for a flow, not a flow"),
        ("Template", "this is the template of a view, not a flow"),
        ("View", "this is a view, not a flow"),
        ("ViewContent", "this is a view, not a flow"),
        ("ContactFlowSummaryList", "this is a list of flows without their content"),
        ("ContactFlowModulesSummaryList", "this is a list of modules without their content"),
        ("ContactFlow", "this answer has no content"),
        ("ContactFlowModule", "this answer has no content"),
    ];
    KEYS.iter().find_map(|(key, what)| {
        let member = json.as_object()?.iter().find(|member| member.name.value == *key)?;
        // A flow may have any key too many; what makes it a flow weighs more.
        let is_flow = json.get("StartAction").is_some() && *key != "Observations";
        (!is_flow).then_some((member.name.span, *what))
    })
}

fn not_a_flow(json: &Json) -> Diagnostic {
    let (span, what) = other(json).unwrap_or_else(|| {
        let first = Span { end: json.span.start.saturating_add(1).min(json.span.end), ..json.span };
        let resources = json.as_object().and_then(|members| members.iter().find(|m| m.name.value == "Resources"));
        match resources {
            Some(member) => (member.name.span, "there is no flow in this template"),
            None => (first, "this is JSON, but no flow"),
        }
    });
    let help = if what.contains("content") {
        "`aws connect describe-contact-flow` and `describe-contact-flow-module` give the content"
    } else {
        "flows are read as content, as the answer of `aws connect describe-contact-flow`, as an object with `Name`, \
         `ContactFlowType` and `Content`, from CloudFormation templates, and in the form from before 2019"
    };
    Diagnostic::new(codes::NOT_A_FLOW, span, what).label("by this it is known").help(help)
}
