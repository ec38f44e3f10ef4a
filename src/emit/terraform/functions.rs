//! Functions in a configuration: what they may do, which settings they have, where they write their logs, and who may call
//! them.

use serde_json::{Map, Value, json};

use super::{Parts, address, plain, snake};
use crate::emit::document;
use crate::emit::function::{Function, Given, Grant, Is, On, Piece, Setting, capitals, pieces};
use crate::emit::stack::{Name, Stack};

/// A function while it is written.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub stack: &'a Stack<'a>,
    pub id: &'a str,
    pub name: &'a str,
    pub function: &'a Function,
}

/// Whether an account, a region or a partition is part of an address that the function needs.
pub(super) fn puts_addresses_together(function: &Function) -> bool {
    let is_put_together = |pattern: &String| {
        pieces(pattern).iter().any(|piece| matches!(piece, Piece::Partition | Piece::Region | Piece::Account))
    };
    function.grants.iter().any(|grant| match &grant.on {
        On::Patterns(patterns) => patterns.iter().any(is_put_together),
        On::Asked(_) => false,
    })
}

impl Parts {
    pub(super) fn function(&mut self, stack: &Stack, name: &str) {
        let Some(function) = stack.functions.get(name) else { return };
        let id = snake(stack.function_id(name));
        let one = Writing { stack, id: &id, name, function };
        self.variable(
            &format!("{id}_code_key"),
            &format!("The package of the function `{name}` in the bucket"),
            Some(json!(format!("{name}.zip"))),
        );
        let full_name = full_name(name);
        self.log_group(&id, &format!("/aws/lambda/{full_name}"));
        let assume = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "lambda.amazonaws.com" },
        }] });
        self.resource("aws_iam_role", &id, json!({ "name": full_name, "assume_role_policy": document::json(&assume) }));
        let environment = self.environment(one);
        let mut needed = vec![format!("aws_cloudwatch_log_group.{id}")];
        needed.extend(self.policies(one));
        let is_invoked = stack.is_invoked(name);
        let description = if is_invoked { format!("Called by flows as {name}") } else { name.to_owned() };
        let mut properties = json!({
            "function_name": full_name,
            "description": plain(&description),
            "role": format!("${{aws_iam_role.{id}.arn}}"),
            "runtime": "provided.al2023",
            "architectures": ["${var.architecture}"],
            "handler": "bootstrap",
            "s3_bucket": "${var.code_bucket}",
            "s3_key": format!("${{var.{id}_code_key}}"),
            "timeout": function.seconds,
            "memory_size": 256,
            "depends_on": needed,
        });
        if let (Some(properties), false) = (properties.as_object_mut(), environment.is_empty()) {
            properties.insert("environment".to_owned(), json!({ "variables": environment }));
        }
        self.resource("aws_lambda_function", &id, properties);
        if is_invoked {
            let function = format!("${{aws_lambda_function.{id}.arn}}");
            let association = json!({ "instance_id": "${local.instance_id}", "function_arn": function });
            self.resource("aws_connect_lambda_function_association", &id, association);
        }
        if !function.routes.is_empty() {
            self.api(one);
        }
        self.rules(one);
    }

    pub(super) fn log_group(&mut self, id: &str, name: &str) {
        let group = json!({ "name": name, "retention_in_days": "${var.log_retention_days}" });
        self.resource("aws_cloudwatch_log_group", id, group);
    }

    /// The variables of a function, and those of the configuration that they come from.
    fn environment(&mut self, one: Writing) -> Map<String, Value> {
        let mut variables = Map::new();
        let is_in_table =
            one.function.grants.iter().any(|grant| grant.on == On::Asked(None) && grant.service() == "dynamodb");
        if is_in_table {
            let table = match &one.function.table {
                Some(table) => format!("local.{}_arn", snake(&table.id())),
                None => format!("var.{}_dynamodb", one.id),
            };
            variables.insert("STORE_TABLE".to_owned(), json!(format!("${{element(split(\"/\", {table}), 1)}}")));
        }
        for setting in &one.function.settings {
            if let Some(id) = one.stack.setting_id(one.name, setting) {
                let default = match (&setting.default, &setting.is) {
                    (Some(default), _) => Some(json!(plain(default))),
                    (None, Is::Url(_)) => Some(json!("")),
                    (None, _) => None,
                };
                self.variable(&snake(id), &one.stack.setting_about(setting, id), default);
            }
            if let Some((local, made)) = made(one, setting) {
                self.local(&local, &format!("${{{made}}}"));
            }
            variables.insert(setting.name.clone(), json!(value(one, setting)));
        }
        variables
    }

    /// What the function's contract names, and nothing else. What depends on a setting stands in a policy of its own, which is
    /// there if the setting has a value. The answer is what the function has to wait for.
    fn policies(&mut self, one: Writing) -> Vec<String> {
        let id = one.id;
        let mut statements = vec![json!({
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": format!("${{aws_cloudwatch_log_group.{id}.arn}}:*"),
        })];
        let mut policies = vec![format!("aws_iam_role_policy.{id}")];
        for grant in &one.function.grants {
            let (resource, conditions) = self.granted(one, grant);
            let statement = json!({ "Effect": "Allow", "Action": grant.actions, "Resource": resource });
            if conditions.is_empty() {
                statements.push(statement);
                continue;
            }
            let all: Vec<String> = conditions.iter().map(|variable| format!("var.{variable} != \"\"")).collect();
            let own =
                format!("{id}_{}", snake(&grant.actions.first().map(|action| capitals(action)).unwrap_or_default()));
            let mut policy = policy(one, &format!("contract-{own}"), &[statement]);
            if let Some(policy) = policy.as_object_mut() {
                policy.insert("count".to_owned(), json!(format!("${{{} ? 1 : 0}}", all.join(" && "))));
            }
            policies.push(format!("aws_iam_role_policy.{own}"));
            self.resource("aws_iam_role_policy", &own, policy);
        }
        self.resource("aws_iam_role_policy", id, policy(one, "contract", &statements));
        policies
    }

    /// What actions are allowed on, and the variables without which there is no such thing.
    fn granted(&mut self, one: Writing, grant: &Grant) -> (Value, Vec<String>) {
        let Writing { name, function, .. } = one;
        let service = grant.service();
        let variable = format!("{}_{}", one.id, snake(&capitals(service)));
        match &grant.on {
            On::Asked(None) => {
                if let (true, Some(table)) = (service == "dynamodb", &function.table) {
                    return (json!(format!("${{local.{}_arn}}", snake(&table.id()))), Vec::new());
                }
                self.variable(&variable, &format!("The ARN of what `{name}` may use of `{service}`"), None);
                (json!(format!("${{var.{variable}}}")), Vec::new())
            }
            On::Asked(Some(about)) => {
                self.variable(&variable, about, Some(json!("")));
                (json!(format!("{LIST}{variable}{LIST}")), vec![variable])
            }
            On::Patterns(patterns) => {
                let needed = function.needed_by(patterns).filter_map(|setting| one.stack.setting_id(name, setting));
                let conditions = needed.map(snake).collect();
                let mut addresses: Vec<Value> =
                    patterns.iter().map(|pattern| json!(address_of(one, pattern))).collect();
                let only = (addresses.len() == 1).then(|| addresses.pop()).flatten();
                (only.unwrap_or(Value::Array(addresses)), conditions)
            }
        }
    }
}

/// Marks a variable that is a list, while it stands in quotes.
const LIST: char = '\u{e000}';

fn policy(one: Writing, name: &str, statements: &[Value]) -> Value {
    let text = document::json(&json!({ "Version": "2012-10-17", "Statement": statements }));
    let mut policy = String::new();
    for (at, part) in text.split(LIST).enumerate() {
        if at % 2 == 1 {
            // The quotes around go: what comes of this is a list.
            policy.truncate(policy.len().saturating_sub(1));
            policy.extend(["${jsonencode(split(\",\", var.", part, "))}"]);
        } else {
            policy.push_str(if at == 0 { part } else { part.strip_prefix('"').unwrap_or(part) });
        }
    }
    json!({ "name": name, "role": format!("${{aws_iam_role.{}.id}}", one.id), "policy": policy })
}

/// The name of what belongs to a function.
pub(super) fn full_name(name: &str) -> String {
    format!("${{var.name_prefix}}-{}", plain(name))
}

/// What has to be put together to be the value of a setting: the name of a local value, and the expression. A policy is a
/// text in quotes, in which an expression with quotes of its own could not stand.
fn made(one: Writing, setting: &Setting) -> Option<(String, String)> {
    let id = one.id;
    match (one.function.given.get(&setting.name), &setting.is) {
        (Some(Given::Flow(name)), Is::FlowId) => {
            let flow = snake(one.stack.id(name));
            Some((format!("{flow}_id"), format!("element(split(\"/\", {}), 3)", flow_address(one, name))))
        }
        (None, Is::Url(path)) => {
            let variable = snake(one.stack.setting_id(one.name, setting)?);
            let own = format!("\"${{aws_apigatewayv2_api.{id}.api_endpoint}}{}\"", plain(path));
            Some((variable.clone(), format!("var.{variable} == \"\" ? {own} : var.{variable}")))
        }
        _ => None,
    }
}

/// The value of a setting.
fn value(one: Writing, setting: &Setting) -> String {
    let expression = match (one.function.given.get(&setting.name), &setting.is) {
        (Some(Given::Text(text)), _) => return plain(text),
        (Some(Given::Flow(name)), is) if *is != Is::FlowId => flow_address(one, name),
        (None, Is::InstanceArn) => "var.instance_arn".to_owned(),
        (None, Is::InstanceId) => "local.instance_id".to_owned(),
        _ => match (made(one, setting), one.stack.setting_id(one.name, setting)) {
            (Some((local, _)), _) => format!("local.{local}"),
            (None, Some(id)) => format!("var.{}", snake(id)),
            (None, None) => return String::new(),
        },
    };
    format!("${{{expression}}}")
}

fn flow_address(one: Writing, name: &Name) -> String {
    // Behind all flows, so that none is still to come.
    address(one.stack, one.stack.units.len(), name, &snake(one.stack.id(name)))
}

/// An address that a role names.
fn address_of(one: Writing, pattern: &str) -> String {
    let parts = pieces(pattern).into_iter().map(|piece| match piece {
        Piece::Text(text) => plain(text),
        Piece::Partition => "${local.partition}".to_owned(),
        Piece::Region => "${local.region}".to_owned(),
        Piece::Account => "${local.account}".to_owned(),
        Piece::Instance => "${var.instance_arn}".to_owned(),
        Piece::Setting(name) => {
            let setting = one.function.settings.iter().find(|setting| setting.name == name);
            setting.map(|setting| value(one, setting)).unwrap_or_default()
        }
    });
    parts.collect()
}
