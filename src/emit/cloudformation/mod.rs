//! A project as a CloudFormation template: one for all environments, with parameters for what it does not have itself.

mod api;
mod functions;

pub(super) use api::{GATEWAY_MS, all_routes, log_line};

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::function::Table;
use super::stack::{Name, Piece, Refusal, Stack, Unit};
use super::{contract, document};
use crate::catalogue::{ResourceKind, resources};

/// What CloudFormation takes in one template: bytes, resources, parameters, outputs.
const LIMITS: [(&str, usize); 4] = [("bytes", 1_000_000), ("Resources", 500), ("Parameters", 200), ("Outputs", 200)];

/// What flows wait for that talk to bots.
const BOTS_READY: &str = "BotsReady";

/// What CloudFormation puts something else in place of, a parameter or a secret, once all functions of a template are done:
/// joining it from parts would not help.
const REFERENCE: &str = "{{resolve:";
/// The same in JSON, where a character may be written by its number.
const REFERENCE_IN_JSON: &str = "{\\u007bresolve:";

/// The template; if CloudFormation would refuse it, why.
pub fn template(stack: &Stack) -> Result<String, Refusal> {
    let mut parts = Parts::default();
    parts.parameter("InstanceArn", instance_parameter());
    for name in &stack.outside {
        parts.parameter(stack.id(name), outside_parameter(name));
    }
    if !stack.functions.is_empty() {
        parts.parameter("CodeBucket", text_parameter("The S3 bucket with the packages of the functions"));
        parts.parameter("Architecture", architecture_parameter());
        parts.parameter("LogRetentionDays", retention_parameter());
    }
    for table in stack.tables() {
        parts.table(table);
    }
    if stack.bots().next().is_some() {
        parts.bots(stack);
    }
    for name in stack.functions.keys().filter(|name| stack.is_invoked(name)) {
        parts.function(stack, name);
    }
    for at in &stack.awaited {
        let Some(unit) = stack.units.get(*at) else { continue };
        parts.awaited(unit);
    }
    for (at, unit) in stack.units.iter().enumerate() {
        parts.unit(stack, at, unit);
    }
    // These may be told the addresses of flows, and no flow needs theirs.
    for name in stack.functions.keys().filter(|name| !stack.is_invoked(name)) {
        parts.function(stack, name);
    }
    if let Some(id) = parts.twice {
        let what = format!("two things of the project would both be `{id}` in the template");
        return Err(Refusal::new(what, "rename the flow or function that is called like a part of another"));
    }
    let Parts { parameters, conditions, resources, outputs, .. } = parts;
    let counts = [0, resources.len(), parameters.len(), outputs.len()];
    let mut template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Amazon Connect flows and what they need, compiled by flowc",
        "Parameters": parameters,
    });
    if let (Some(template), false) = (template.as_object_mut(), conditions.is_empty()) {
        template.insert("Conditions".to_owned(), Value::Object(conditions));
    }
    if let Some(template) = template.as_object_mut() {
        template.insert("Resources".to_owned(), Value::Object(resources));
        template.insert("Outputs".to_owned(), Value::Object(outputs));
    }
    let text = document::indented(&template);
    for ((what, most), count) in LIMITS.into_iter().zip(counts) {
        let count = if what == "bytes" { text.len() } else { count };
        if count > most {
            let what = format!("the template would have {count} {what}, and CloudFormation takes {most}");
            return Err(Refusal::new(what, "deploy parts of the project from projects of their own"));
        }
    }
    // Only documents are JSON, where it can be written otherwise; names and descriptions are plain.
    if text.contains(REFERENCE) {
        let is_it = |unit: &&Unit| {
            [Some(&*unit.flow.name.value), unit.flow.description.as_deref()]
                .into_iter()
                .flatten()
                .any(|text| text.contains(REFERENCE))
        };
        let whose = match stack.units.iter().find(is_it) {
            Some(unit) => format!("the name or description of `{}`", unit.flow.name.value),
            None => "a name or description".to_owned(),
        };
        let what =
            format!("{whose} holds `{REFERENCE}`, in place of which CloudFormation would put a parameter or a secret");
        return Err(Refusal::new(what, "write it otherwise; in texts that a flow says it may stand"));
    }
    Ok(text)
}

/// The values of the template's parameters in one environment, in the form that `aws cloudformation` reads.
pub fn parameters(
    stack: &Stack,
    instance: &str,
    address: &dyn Fn(&Name) -> Option<String>,
    settings: &BTreeMap<String, String>,
) -> String {
    let mut values = vec![json!({ "ParameterKey": "InstanceArn", "ParameterValue": instance })];
    for name in &stack.outside {
        if let Some(value) = address(name) {
            values.push(json!({ "ParameterKey": stack.id(name), "ParameterValue": value }));
        }
    }
    for (id, value) in settings {
        values.push(json!({ "ParameterKey": id, "ParameterValue": value }));
    }
    document::indented(&Value::Array(values))
}

#[derive(Default)]
struct Parts {
    /// The versions of modules that flows call, by the module.
    versions: BTreeMap<Name, String>,
    parameters: Map<String, Value>,
    conditions: Map<String, Value>,
    resources: Map<String, Value>,
    outputs: Map<String, Value>,
    /// An id that two things have.
    twice: Option<String>,
}

impl Parts {
    fn parameter(&mut self, id: &str, parameter: Value) {
        // Functions may ask for one thing, in the same words.
        if self.parameters.get(id).is_some_and(|known| *known != parameter) || self.resources.contains_key(id) {
            self.twice = Some(id.to_owned());
        }
        self.parameters.insert(id.to_owned(), parameter);
    }

    fn resource(&mut self, id: String, resource: Value) {
        if self.resources.contains_key(&id) || self.parameters.contains_key(&id) {
            self.twice = Some(id.clone());
        }
        self.resources.insert(id, resource);
    }

    fn output(&mut self, id: &str, description: &str, value: &Value) {
        self.outputs.insert(id.to_owned(), json!({ "Description": description, "Value": value }));
    }

    // ---- tables and bots --------------------------------------------------------------------------------------------

    /// A table that functions keep items in, unless one that is there already is named. It outlives the stack: what it holds
    /// is nobody's to remove.
    fn table(&mut self, table: &Table) {
        let id = table.id();
        let what = format!("The name of a table like `{}` that is there already; empty to make one", table.name);
        self.parameter(&format!("{id}Name"), with(text_parameter(&what), "Default", json!("")));
        let is_made = json!({ "Fn::Equals": [{ "Ref": format!("{id}Name") }, ""] });
        self.conditions.insert(format!("{id}IsMade"), is_made);
        let keys = table.keys();
        let names: Vec<Value> =
            keys.iter().map(|(name, _)| json!({ "AttributeName": name, "AttributeType": "S" })).collect();
        let schema: Vec<Value> =
            keys.iter().map(|(name, kind)| json!({ "AttributeName": name, "KeyType": kind })).collect();
        let mut properties = json!({
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": names,
            "KeySchema": schema,
            "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
        });
        if let Some(expires) = &table.expires {
            let specification = json!({ "AttributeName": expires, "Enabled": true });
            properties = with(properties, "TimeToLiveSpecification", specification);
        }
        self.resource(
            id.clone(),
            json!({
                "Type": "AWS::DynamoDB::Table",
                "Condition": format!("{id}IsMade"),
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": properties,
            }),
        );
    }

    /// The name of a table, whoever made it.
    fn table_name(table: &Table) -> Value {
        let id = table.id();
        json!({ "Fn::If": [format!("{id}IsMade"), { "Ref": id }, { "Ref": format!("{id}Name") }] })
    }

    /// That flows may talk to bots. Where the console has associated them already, a parameter says so.
    fn bots(&mut self, stack: &Stack) {
        self.parameter(
            "AssociateBots",
            json!({
                "Type": "String",
                "Description": "Whether this stack associates bots with the instance; no where they are already",
                "Default": "yes",
                "AllowedValues": ["yes", "no"],
            }),
        );
        self.conditions
            .insert("BotsAreAssociated".to_owned(), json!({ "Fn::Equals": [{ "Ref": "AssociateBots" }, "yes"] }));
        let mut ready = Map::new();
        for name in stack.bots() {
            let id = format!("{}Association", stack.id(name));
            self.resource(
                id.clone(),
                json!({
                    "Type": "AWS::Connect::IntegrationAssociation",
                    "Condition": "BotsAreAssociated",
                    "Properties": {
                        "InstanceId": { "Ref": "InstanceArn" },
                        "IntegrationType": "LEX_BOT",
                        "IntegrationArn": { "Ref": stack.id(name) },
                    },
                }),
            );
            ready.insert(id.clone(), json!({ "Fn::If": ["BotsAreAssociated", { "Ref": id }, "" ] }));
        }
        // Nothing can wait for what may not be there; this can, and flows wait for it.
        self.resource(
            BOTS_READY.to_owned(),
            json!({ "Type": "AWS::CloudFormation::WaitConditionHandle", "Metadata": ready }),
        );
    }

    // ---- flows ------------------------------------------------------------------------------------------------------

    /// A flow that an earlier one refers to: a flow stands in for it until its own address is known.
    fn awaited(&mut self, unit: &Unit) {
        let id = &unit.id;
        let name = &unit.flow.name.value;
        let what =
            format!("The ARN of `{name}` from the outputs of this stack; empty when it is made for the first time");
        let parameter = with(text_parameter(&what), "Default", json!(""));
        self.parameter(&format!("{id}Arn"), parameter);
        let known = json!({ "Fn::Not": [{ "Fn::Equals": [{ "Ref": format!("{id}Arn") }, ""] }] });
        self.conditions.insert(format!("{id}IsKnown"), known);
        let stand_in = json!({ "Fn::Equals": [{ "Ref": format!("{id}Arn") }, ""] });
        self.conditions.insert(format!("{id}IsAwaited"), stand_in);
        let content = literal(&super::stack::stand_in(unit.flow));
        let name = shortened(&format!("{name} (until it is known)"));
        let resource = flow_resource(unit, &properties(unit, &name, json!(content)));
        self.resource(format!("{id}StandIn"), with(resource, "Condition", json!(format!("{id}IsAwaited"))));
    }

    fn unit(&mut self, stack: &Stack, at: usize, unit: &Unit) {
        let mut text = String::new();
        let mut variables = Map::new();
        stack.content(unit, &mut |piece| match piece {
            Piece::Text(plain) => text.push_str(&literal(plain).replace("${", "${!")),
            Piece::Address(name) => {
                let id = stack.id(name);
                if stack.is_broken(at, name) {
                    let awaited = json!({ "Fn::If": [
                        format!("{id}IsKnown"), { "Ref": format!("{id}Arn") }, { "Ref": format!("{id}StandIn") },
                    ] });
                    variables.insert(format!("{id}Address"), awaited);
                    text.extend(["${", id, "Address}"]);
                } else {
                    text.push_str(&self.reference(stack, name, id));
                }
            }
        });
        let version = unit.flow.is_module().then(|| version_id(unit, &text));
        let content = match (variables.is_empty(), text.contains("${")) {
            (true, true) => json!({ "Fn::Sub": text }),
            (true, false) => json!(text),
            (false, _) => json!({ "Fn::Sub": [text, variables] }),
        };
        let mut needed: Vec<String> = unit
            .refers
            .iter()
            .filter(|name| name.0 == ResourceKind::Lambda && stack.functions.contains_key(&name.1))
            .map(|name| format!("{}Association", stack.id(name)))
            .collect();
        if unit.refers.iter().any(|name| name.0 == ResourceKind::Bot) {
            needed.push(BOTS_READY.to_owned());
        }
        let mut own = properties(unit, &unit.flow.name.value, content);
        let description = unit.flow.description.as_ref().filter(|text| !text.trim().is_empty());
        own.extend(description.map(|text| ("Description".to_owned(), json!(text))));
        own.extend(contract(unit.flow).map(|settings| ("Settings".to_owned(), json!(literal(&settings)))));
        let mut resource = flow_resource(unit, &own);
        if !needed.is_empty() {
            resource = with(resource, "DependsOn", json!(needed));
        }
        self.resource(unit.id.clone(), resource);
        if let Some(version) = version {
            self.version(unit, version);
        }
        let what = if unit.flow.is_module() { "module" } else { "flow" };
        let description = format!("The ARN of the {what} `{}`", unit.flow.name.value);
        self.output(&unit.id, &description, &json!({ "Ref": unit.id }));
    }

    /// A version that flows call. Its id holds the content's hash, so that another content is another version; the one
    /// before it stays for the contacts that are in it.
    fn version(&mut self, unit: &Unit, id: String) {
        self.versions.insert(unit.name(), id.clone());
        self.resource(
            id,
            json!({
                "Type": "AWS::Connect::ContactFlowModuleVersion",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": { "ContactFlowModuleId": { "Ref": unit.id } },
            }),
        );
    }

    /// What `Fn::Sub` replaces by an address.
    fn reference(&self, stack: &Stack, name: &Name, id: &str) -> String {
        match self.versions.get(name) {
            Some(version) => format!("${{{version}.ContactFlowModuleVersionARN}}"),
            None if name.0 == ResourceKind::Lambda && stack.functions.contains_key(&name.1) => format!("${{{id}.Arn}}"),
            None => format!("${{{id}}}"),
        }
    }
}

/// The content says which versions of other modules it calls, so that a new one of theirs is a new one of this.
fn version_id(unit: &Unit, content: &str) -> String {
    let short: String = blake3::hash(content.as_bytes()).to_hex().chars().take(12).collect();
    format!("{}Version{short}", unit.id)
}

fn flow_resource(unit: &Unit, properties: &Map<String, Value>) -> Value {
    let kind = if unit.flow.is_module() { "AWS::Connect::ContactFlowModule" } else { "AWS::Connect::ContactFlow" };
    json!({ "Type": kind, "Properties": properties })
}

/// What every flow or module has.
fn properties(unit: &Unit, name: &str, content: Value) -> Map<String, Value> {
    let mut properties = Map::new();
    properties.insert("InstanceArn".to_owned(), json!({ "Ref": "InstanceArn" }));
    properties.insert("Name".to_owned(), json!(name));
    properties.extend(unit.flow.flow_type().map(|flow_type| ("Type".to_owned(), json!(flow_type.api_name()))));
    properties.insert("Content".to_owned(), content);
    properties
}

/// JSON in which CloudFormation replaces nothing when all its functions are done, and that says the same.
fn literal(json: &str) -> String {
    json.replace(REFERENCE, REFERENCE_IN_JSON)
}

/// An object with one more entry.
fn with(mut object: Value, key: &str, value: Value) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
    object
}

fn shortened(name: &str) -> String {
    name.chars().take(crate::catalogue::limits::NAME_CHARACTERS_MAX).collect()
}

// ---- parameters ---------------------------------------------------------------------------------------------------

fn instance_parameter() -> Value {
    json!({
        "Type": "String",
        "Description": "The ARN of the Amazon Connect instance",
        "AllowedPattern": "arn:aws[-a-z0-9]*:connect:[-a-z0-9]+:[0-9]{12}:instance/[-a-zA-Z0-9]+",
    })
}

fn text_parameter(description: &str) -> Value {
    json!({ "Type": "String", "Description": description })
}

fn architecture_parameter() -> Value {
    json!({
        "Type": "String",
        "Description": "What the packages of the functions were built for",
        "Default": "arm64",
        "AllowedValues": ["arm64", "x86_64"],
    })
}

fn retention_parameter() -> Value {
    json!({
        "Type": "Number",
        "Description": "How many days the logs of the functions are kept",
        "Default": 30,
        "AllowedValues": [1, 3, 7, 14, 30, 60, 90, 180, 365],
    })
}

fn outside_parameter(name: &Name) -> Value {
    let (kind, name) = name;
    let address = match kind.address().id {
        resources::IdShape::Function | resources::IdShape::BotAlias => "The ARN",
        resources::IdShape::PhoneNumber => "The number or ARN",
        resources::IdShape::Uuid | resources::IdShape::Plain => "The ARN or id",
    };
    with(text_parameter(&format!("{address} of the {} `{name}`", kind.word())), "MinLength", json!(1))
}

fn sub(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}

fn get(id: &str, attribute: &str) -> Value {
    json!({ "Fn::GetAtt": [id, attribute] })
}
