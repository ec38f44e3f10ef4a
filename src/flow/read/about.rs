//! What a document does not say of itself: its name and type, and what a module takes and gives.

use std::collections::BTreeMap;

use crate::catalogue::{self, FlowType, Modules, Role, rules};
use crate::diagnostics::{Diagnostic, codes, listed};
use crate::flow::breach::{answer, breach};
use crate::flow::build::CONTRACT_TYPES;
use crate::flow::{Block, Contract, Field, Flow, FlowKind, Part, Value};
use crate::json::Json;
use crate::source::{Span, Spanned};

/// What is known of a document from around it.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub name: String,
    /// Nothing where neither a wrapper nor the metadata says: then it is inferred, and that is said.
    pub kind: Option<Known>,
    pub description: Option<String>,
    /// A module's contract, in the service's form.
    pub contract: Option<Json>,
}

/// A flow of some type, or a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Flow(FlowType),
    Module,
}

/// The kind of a document; with messages where it had to be inferred, or where a contract is not one.
pub(super) fn kind(json: &Json, about: &About, actions: &[Json]) -> (FlowKind, Vec<Diagnostic>) {
    let (known, inferred) = match about.kind.or_else(|| from_name(&about.name)) {
        Some(known) => (known, Vec::new()),
        None => {
            let (known, why) = infer(json, actions);
            let words = match known {
                Known::Flow(flow_type) => {
                    format!("an {} flow", flow_type.words()).replace("an c", "a c").replace("an q", "a q")
                }
                Known::Module => "a module".to_owned(),
            };
            let span =
                json.get("Version").or_else(|| json.get("StartAction")).map_or(json.span.head(), |json| json.span);
            let problem = Diagnostic::new(
                codes::TYPE_INFERRED,
                span,
                format!("nothing says what type of flow this is; it is read as {words}"),
            )
            .label(why)
            .help(
                "if it is another, give the answer of `describe-contact-flow`; in a source that is made of it, the first line says the type",
            );
            (known, vec![problem])
        }
    };
    let mut problems = inferred;
    let kind = match known {
        Known::Flow(flow_type) => FlowKind::Flow(flow_type),
        Known::Module => {
            let given = about.contract.as_ref().or_else(|| json.at(&["Metadata", "settings"]));
            FlowKind::Module(given.map(|given| contract(given, &mut problems)).unwrap_or_default())
        }
    };
    (kind, problems)
}

/// The type that a name says: `acme-agent-whisper`, `CUSTOMER_QUEUE default`.
fn from_name(name: &str) -> Option<Known> {
    let words: String = name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let words = format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "));
    // `inbound` and `campaign` are words that a name has for other reasons.
    let is_telling = |flow_type: &FlowType| flow_type.words().contains(' ');
    FlowType::all()
        .filter(is_telling)
        .find(|flow_type| words.contains(&format!(" {} ", flow_type.words())))
        .map(Known::Flow)
}

/// The type in which most of the actions are at home; of several, the first of the usual order.
fn infer(json: &Json, actions: &[Json]) -> (Known, String) {
    let rows: Vec<_> = actions.iter().filter_map(|action| catalogue::find(action.text("Type")?)).collect();
    if json.get("Settings").is_some() {
        return (Known::Module, "it has `Settings`, as modules have".to_owned());
    }
    if let Some(row) = rows.iter().find(|row| row.flow_types.modules == Modules::Only) {
        return (Known::Module, format!("`{}` stands in modules only", row.name));
    }
    let misplaced = |flow_type: FlowType| {
        let refused = rows.iter().filter(|row| row.flow_types.refused.contains(&flow_type)).count();
        let unlisted = rows.iter().filter(|row| !row.flow_types.listed.contains(&flow_type)).count();
        (refused, unlisted)
    };
    let best = FlowType::all().min_by_key(|flow_type| misplaced(*flow_type)).unwrap_or(FlowType::Inbound);
    let inbound = misplaced(FlowType::Inbound);
    let telling = rows
        .iter()
        .find(|row| !row.flow_types.listed.contains(&FlowType::Inbound) && row.flow_types.listed.contains(&best));
    match telling {
        Some(row) if misplaced(best) < inbound => {
            (Known::Flow(best), format!("`{}` stands in flows of this type", row.name))
        }
        _ => (Known::Flow(FlowType::Inbound), "its actions can all stand in such a flow, as most can".to_owned()),
    }
}

// ---- modules ------------------------------------------------------------------------------------------------------

/// Whether `Settings` of a module's content are the ones that every module has.
pub(super) fn is_standard(settings: &serde_json::Value) -> bool {
    let transition = |name: &str| serde_json::json!({"DisplayName": name, "ReferenceName": name, "Description": ""});
    *settings
        == serde_json::json!({
            "InputParameters": [],
            "OutputParameters": [],
            "Transitions": [transition("Success"), transition("Error")],
        })
}

/// A contract in the service's form: JSON schemas of what goes in and comes out, and the names of the branches.
fn contract(json: &Json, problems: &mut Vec<Diagnostic>) -> Contract {
    let mut refuse = |span, message: String, done: &str| {
        problems.push(
            Diagnostic::new(codes::MALFORMED, span, message)
                .label(done)
                .help("a contract has named keys, each of a type of JSON schema such as `string`"),
        );
    };
    let mut fields = |part: &str| -> Vec<Field> {
        let properties = json.at(&[part, "schema", "properties"]).and_then(Json::as_object).unwrap_or_default();
        properties
            .iter()
            .filter_map(|property| {
                let name = property.name.value.as_str();
                if name.is_empty() {
                    refuse(property.name.span, "a key of the contract has no name".to_owned(), "left out");
                    return None;
                }
                let said = property.value.text("type").unwrap_or("string");
                let kind = if CONTRACT_TYPES.contains(&said) {
                    said
                } else {
                    let message = format!("`{name}` of the contract is of the type `{said}`, which there is not");
                    refuse(property.value.span, message, "read as `string`");
                    "string"
                };
                Some(Field {
                    name: Spanned::new(property.name.value.as_str().into(), property.name.span),
                    kind: Spanned::new(kind.into(), property.value.span),
                })
            })
            .collect()
    };
    let branches = json.at(&["transitions", "results"]).and_then(Json::as_list).unwrap_or_default();
    Contract {
        inputs: fields("input"),
        branches: branches
            .iter()
            .filter_map(|branch| Some(Spanned::new(branch.text("name")?.into(), branch.span)))
            .collect(),
        returns: fields("resultData"),
    }
}

impl Contract {
    pub(super) fn is_none_declared(&self) -> bool {
        self.inputs.is_empty() && self.branches.is_empty() && self.returns.is_empty()
    }
}

/// What a module returns and does not declare.
pub(super) fn undeclared(flow: &Flow, contract: &Contract) -> Vec<Diagnostic> {
    let branches: Vec<&str> = contract.branches.iter().map(|branch| branch.value.as_str()).collect();
    let fields: Vec<&str> = contract.returns.iter().map(|field| field.name.value.as_str()).collect();
    let told = |span, block: &Block, name: &str, what: &str, known: &[&str]| {
        let message = format!("the module declares no {what} `{name}`, which {} gives", block.said());
        breach(rules::MODULE_RESULT, codes::MODULE_CONTRACT, span, message)
            .label(answer(rules::MODULE_RESULT))
            .help(format!("it declares {}", listed(known)))
            .suggest(name, known.iter().copied())
    };
    let mut problems = Vec::new();
    let returns = flow.blocks().filter(|(_, block)| block.action.row().is_some_and(|row| row.role == Role::Return));
    for (block, arg) in returns.flat_map(|(_, block)| block.args.iter().map(move |arg| (block, arg))) {
        match &arg.value {
            Value::Text(text) => {
                if let Some(branch) = text.as_literal().filter(|branch| !branches.contains(branch)) {
                    problems.push(told(text.span, block, branch, "branch", &branches));
                }
            }
            Value::Map(entries, _) => {
                let unknown = entries.iter().filter(|entry| !fields.contains(&&*entry.name.value));
                problems.extend(unknown.map(|entry| told(entry.name.span, block, &entry.name.value, "field", &fields)));
            }
            Value::List(..) | Value::Plain(..) => {}
        }
    }
    problems
}

/// What a module's own actions say of its contract: what they read of its input, and what they return.
pub(super) fn contract_in_use(flow: &Flow) -> Contract {
    const INPUT: &str = "$.Modules.Input.";
    let mut inputs: BTreeMap<String, Span> = BTreeMap::new();
    let mut found = Contract::default();
    for (_, block) in flow.blocks() {
        let mut texts = Vec::new();
        block.args.iter().for_each(|arg| collect(&arg.value, &mut texts));
        for (path, span) in texts {
            if let Some(key) = path.strip_prefix(INPUT) {
                let key = key.split(['.', '[']).next().unwrap_or(key);
                inputs.entry(key.to_owned()).or_insert(span);
            }
        }
        if block.action.row().is_none_or(|row| row.role != Role::Return) {
            continue;
        }
        for arg in &block.args {
            match &arg.value {
                Value::Text(text) => {
                    if let Some(branch) = text.as_literal().filter(|branch| !branch.is_empty())
                        && !found.branches.iter().any(|known| known.value == branch)
                    {
                        found.branches.push(Spanned::new(branch.into(), text.span));
                    }
                }
                Value::Map(entries, _) => {
                    for entry in entries {
                        if !found.returns.iter().any(|known| known.name.value.as_str() == entry.name.value) {
                            let kind = Spanned::new(kind_of(&entry.value).into(), entry.value.span());
                            let name = Spanned::new((*entry.name.value).into(), entry.name.span);
                            found.returns.push(Field { name, kind });
                        }
                    }
                }
                Value::List(..) | Value::Plain(..) => {}
            }
        }
    }
    let string = |span| Spanned::new("string".into(), span);
    found.inputs = inputs
        .into_iter()
        .map(|(name, span)| Field { name: Spanned::new(name.into(), span), kind: string(span) })
        .collect();
    found
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "string",
        Value::Plain(serde_json::Value::Number(_), _) => "number",
        Value::Plain(serde_json::Value::Bool(_), _) => "boolean",
        Value::Plain(..) => "null",
        Value::List(..) => "array",
        Value::Map(..) => "object",
    }
}

fn collect<'v>(value: &'v Value, paths: &mut Vec<(&'v str, Span)>) {
    match value {
        Value::Text(text) => paths.extend(text.parts.iter().filter_map(|part| match part {
            Part::Path(path) => Some((path.as_str(), text.span)),
            Part::Literal(_) | Part::Resource(..) | Part::Address(_) => None,
        })),
        Value::List(items, _) => items.iter().for_each(|item| collect(item, paths)),
        Value::Map(entries, _) => entries.iter().for_each(|entry| collect(&entry.value, paths)),
        Value::Plain(..) => {}
    }
}
