//! A project as Terraform configuration in JSON, with a template file for the content of each flow.

mod api;
mod functions;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::function::Table;
use super::stack::{Name, Piece, Refusal, Stack, Unit};
use super::{document, file_stem};
use crate::catalogue::ResourceKind;

/// The configuration's file.
pub const MAIN: &str = "main.tf.json";

/// The files of the configuration: names and texts.
///
/// # Errors
///
/// Two things of the project would have one address.
pub fn configuration(stack: &Stack) -> Result<Vec<(String, String)>, Refusal> {
    let mut parts = Parts::default();
    parts.variable("instance_arn", "The ARN of the Amazon Connect instance", None);
    parts.local("instance_id", "${element(split(\"/\", var.instance_arn), 1)}");
    for name in &stack.outside {
        let what = format!("The address of the {} `{}`", name.0.word(), plain(&name.1));
        parts.variable(&snake(stack.id(name)), &what, None);
    }
    if !stack.functions.is_empty() {
        parts.variable("name_prefix", "What the names of functions begin with", Some(json!("connect")));
        parts.variable("code_bucket", "The S3 bucket with the packages of the functions", None);
        let what = "What the packages of the functions were built for: arm64 or x86_64";
        parts.variable("architecture", what, Some(json!("arm64")));
        parts.variable("log_retention_days", "How many days the logs of the functions are kept", Some(json!(30)));
    }
    for table in stack.tables() {
        parts.table(table);
    }
    parts.about_instance(stack);
    for name in stack.functions.keys() {
        parts.function(stack, name);
    }
    for at in &stack.awaited {
        if let Some(unit) = stack.units.get(*at) {
            parts.awaited(unit);
        }
    }
    for (at, unit) in stack.units.iter().enumerate() {
        parts.unit(stack, at, unit);
    }
    if let Some(id) = parts.twice {
        let what = format!("two things of the project would both be `{id}` in the configuration");
        return Err(Refusal::new(what, "rename the flow or function that is called like a part of another"));
    }
    let Parts { variables, locals, resources, outputs, mut files, .. } = parts;
    let resources: Map<String, Value> =
        resources.into_iter().map(|(kind, instances)| (kind, Value::Object(instances))).collect();
    let main = json!({
        "terraform": {
            "required_version": ">= 1.3",
            "required_providers": { "aws": { "source": "hashicorp/aws", "version": ">= 5.0" } },
        },
        "variable": variables,
        "locals": locals,
        "resource": resources,
        "output": outputs,
    });
    files.push((MAIN.to_owned(), document::indented(&main)));
    files.sort();
    Ok(files)
}

/// The values of the configuration's variables in one environment.
pub fn variables(
    stack: &Stack,
    instance: &str,
    address: &dyn Fn(&Name) -> Option<String>,
    settings: &BTreeMap<String, String>,
) -> String {
    let mut values = Map::new();
    values.insert("instance_arn".to_owned(), json!(instance));
    for name in &stack.outside {
        if let Some(value) = address(name) {
            values.insert(snake(stack.id(name)), json!(value));
        }
    }
    values.extend(settings.iter().map(|(id, value)| (snake(id), json!(value))));
    document::indented(&Value::Object(values))
}

#[derive(Default)]
struct Parts {
    variables: Map<String, Value>,
    locals: Map<String, Value>,
    resources: BTreeMap<String, Map<String, Value>>,
    outputs: Map<String, Value>,
    files: Vec<(String, String)>,
    /// An address that two things have.
    twice: Option<String>,
}

impl Parts {
    fn variable(&mut self, name: &str, description: &str, default: Option<Value>) {
        let kind = if default.as_ref().is_some_and(Value::is_number) { "number" } else { "string" };
        let mut variable =
            Map::from_iter([("type".to_owned(), json!(kind)), ("description".to_owned(), json!(plain(description)))]);
        variable.extend(default.map(|default| ("default".to_owned(), default)));
        let variable = Value::Object(variable);
        if self.variables.get(name).is_some_and(|known| *known != variable) {
            self.twice = Some(format!("var.{name}"));
        }
        self.variables.insert(name.to_owned(), variable);
    }

    fn local(&mut self, name: &str, value: &str) {
        self.locals.insert(name.to_owned(), json!(value));
    }

    /// What addresses are put together from, where any is.
    fn about_instance(&mut self, stack: &Stack) {
        if stack.functions.values().any(functions::puts_addresses_together) {
            for (name, part) in [("partition", 1), ("region", 3), ("account", 4)] {
                self.local(name, &format!("${{element(split(\":\", var.instance_arn), {part})}}"));
            }
        }
    }

    fn resource(&mut self, kind: &str, id: &str, resource: Value) {
        if self.resources.entry(kind.to_owned()).or_default().insert(id.to_owned(), resource).is_some() {
            self.twice = Some(format!("{kind}.{id}"));
        }
    }

    fn output(&mut self, id: &str, description: &str, value: &str) {
        self.outputs.insert(id.to_owned(), json!({ "description": plain(description), "value": value }));
    }

    /// A table that functions keep items in, unless one that is there already is named.
    fn table(&mut self, table: &Table) {
        let id = snake(&table.id());
        let what = format!("The ARN of a table like `{}` that is there already; empty to make one", table.name);
        self.variable(&format!("{id}_arn"), &what, Some(json!("")));
        let attributes: Vec<Value> =
            table.keys().iter().map(|(name, _)| json!({ "name": name, "type": "S" })).collect();
        let mut resource = json!({
            "count": format!("${{var.{id}_arn == \"\" ? 1 : 0}}"),
            "name": format!("${{var.name_prefix}}-{}", plain(&table.name)),
            "billing_mode": "PAY_PER_REQUEST",
            "hash_key": table.partition_key,
            "attribute": attributes,
            "point_in_time_recovery": { "enabled": true },
            "lifecycle": { "prevent_destroy": true },
        });
        if let Some(resource) = resource.as_object_mut() {
            resource.extend(table.sort_key.as_ref().map(|key| ("range_key".to_owned(), json!(key))));
            let expires = table.expires.as_ref();
            resource.extend(expires.map(|name| ("ttl".to_owned(), json!({ "attribute_name": name, "enabled": true }))));
        }
        self.resource("aws_dynamodb_table", &id, resource);
        let own = format!("one(aws_dynamodb_table.{id}[*].arn)");
        self.local(&format!("{id}_arn"), &format!("${{var.{id}_arn == \"\" ? {own} : var.{id}_arn}}"));
    }

    /// A flow that an earlier one refers to: a flow stands in for it until its own address is known.
    fn awaited(&mut self, unit: &Unit) {
        let id = snake(&unit.id);
        let name = &unit.flow.name.value;
        self.variable(
            &format!("{id}_arn"),
            &format!("The ARN of `{name}` from the outputs; empty when it is made for the first time"),
            Some(json!("")),
        );
        let mut resource = flow_resource(unit, json!(plain(&super::stack::stand_in(unit.flow))));
        if let Some(resource) = resource.as_object_mut() {
            let most = crate::catalogue::limits::NAME_CHARACTERS_MAX;
            let name: String = format!("{name} (until it is known)").chars().take(most).collect();
            resource.insert("name".to_owned(), json!(plain(&name)));
            resource.insert("count".to_owned(), json!(format!("${{var.{id}_arn == \"\" ? 1 : 0}}")));
            resource.shift_remove("description");
        }
        self.resource(resource_type(unit), &format!("{id}_stand_in"), resource);
        let stand_in = format!("one({}.{id}_stand_in[*].arn)", resource_type(unit));
        self.local(&format!("{id}_arn"), &format!("${{var.{id}_arn == \"\" ? {stand_in} : var.{id}_arn}}"));
    }

    fn unit(&mut self, stack: &Stack, at: usize, unit: &Unit) {
        let mut text = String::new();
        let mut variables: Vec<(String, String)> = Vec::new();
        stack.content(unit, &mut |piece| match piece {
            Piece::Text(literal) => text.push_str(&plain(literal)),
            Piece::Address(name) => {
                let id = snake(stack.id(name));
                // A dollar sign right before would make text of the reference.
                let dollars = text.len() - text.trim_end_matches('$').len();
                text.truncate(text.len() - dollars);
                text.push_str(&"${\"$\"}".repeat(dollars));
                text.extend(["${", &id, "}"]);
                let address = address(stack, at, name, &id);
                if !variables.iter().any(|(known, _)| *known == id) {
                    variables.push((id, address));
                }
            }
        });
        let file = format!("flows/{}.json.tftpl", file_stem(&unit.flow.name.value, unit.flow.is_module()));
        self.files.push((file.clone(), text));
        let arguments: Vec<String> = variables.iter().map(|(id, address)| format!("{id} = {address}")).collect();
        let arguments = if arguments.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", arguments.join(", ")) };
        let content = format!("${{templatefile(\"${{path.module}}/{}\", {arguments})}}", quoted(&file));
        let mut resource = flow_resource(unit, json!(content));
        let associations: Vec<String> = unit
            .refers
            .iter()
            .filter(|name| name.0 == ResourceKind::Lambda && stack.functions.contains_key(&name.1))
            .map(|name| format!("aws_connect_lambda_function_association.{}", snake(stack.id(name))))
            .collect();
        if let (Some(resource), false) = (resource.as_object_mut(), associations.is_empty()) {
            resource.insert("depends_on".to_owned(), json!(associations));
        }
        let id = snake(&unit.id);
        self.resource(resource_type(unit), &id, resource);
        let what = if unit.flow.is_module() { "module" } else { "flow" };
        let description = format!("The ARN of the {what} `{}`", unit.flow.name.value);
        self.output(&format!("{id}_arn"), &description, &format!("${{{}.{id}.arn}}", resource_type(unit)));
    }
}

/// The expression of an address.
fn address(stack: &Stack, at: usize, name: &Name, id: &str) -> String {
    if stack.is_broken(at, name) {
        return format!("local.{id}_arn");
    }
    match stack.place(name).and_then(|at| stack.units.get(at)) {
        Some(unit) => format!("{}.{id}.arn", resource_type(unit)),
        None if name.0 == ResourceKind::Lambda && stack.functions.contains_key(&name.1) => {
            format!("aws_lambda_function.{id}.arn")
        }
        None => format!("var.{id}"),
    }
}

fn resource_type(unit: &Unit) -> &'static str {
    if unit.flow.is_module() { "aws_connect_contact_flow_module" } else { "aws_connect_contact_flow" }
}

fn flow_resource(unit: &Unit, content: Value) -> Value {
    let flow = unit.flow;
    let mut resource = Map::new();
    resource.insert("instance_id".to_owned(), json!("${local.instance_id}"));
    resource.insert("name".to_owned(), json!(plain(&flow.name.value)));
    if let Some(flow_type) = flow.flow_type() {
        resource.insert("type".to_owned(), json!(flow_type.api_name()));
    }
    if let Some(description) = flow.description.as_ref().filter(|text| !text.trim().is_empty()) {
        resource.insert("description".to_owned(), json!(plain(description)));
    }
    resource.insert("content".to_owned(), content);
    Value::Object(resource)
}

/// A text in which Terraform replaces nothing.
fn plain(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// A file's name inside quotes inside a template.
fn quoted(file: &str) -> String {
    plain(&file.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `QueueBasicQueue` as Terraform spells names: `queue_basic_queue`.
fn snake(id: &str) -> String {
    let mut name = String::new();
    let mut before = false;
    for c in id.chars() {
        if c.is_ascii_uppercase() && before {
            name.push('_');
        }
        before = c.is_ascii_lowercase() || c.is_ascii_digit();
        name.push(c.to_ascii_lowercase());
    }
    name
}
