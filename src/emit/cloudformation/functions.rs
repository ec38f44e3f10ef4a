//! Functions in a template: what they may do, which settings they have, where they write their logs, and who may call them.

use serde_json::{Map, Value, json};

use super::{Parts, get, sub, text_parameter, with};
use crate::emit::function::{Function, Given, Grant, Is, On, Piece, Setting, capitals, pieces};
use crate::emit::stack::Stack;

/// A function while it is written.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub stack: &'a Stack<'a>,
    pub id: &'a str,
    pub name: &'a str,
    pub function: &'a Function,
}

impl Parts {
    /// A function, what it may do, where it writes its log, and who may call it.
    pub(super) fn function(&mut self, stack: &Stack, name: &str) {
        let Some(function) = stack.functions.get(name) else { return };
        let id = stack.function_id(name);
        let one = Writing { stack, id, name, function };
        let what = format!("The package of the function `{name}` in the bucket");
        self.parameter(&format!("{id}CodeKey"), with(text_parameter(&what), "Default", json!(format!("{name}.zip"))));
        self.log_group(&format!("{id}Logs"), &format!("/aws/lambda/${{AWS::StackName}}-{name}"));
        if !function.routes.is_empty() {
            self.api(one);
        }
        let environment = self.environment(one);
        self.role(one);
        let mut properties = json!({
            "FunctionName": sub(&format!("${{AWS::StackName}}-{name}")),
            "Description": description(one),
            "Runtime": "provided.al2023",
            "Architectures": [{ "Ref": "Architecture" }],
            "Handler": "bootstrap",
            "Code": { "S3Bucket": { "Ref": "CodeBucket" }, "S3Key": { "Ref": format!("{id}CodeKey") } },
            "Role": get(&format!("{id}Role"), "Arn"),
            "Timeout": function.seconds,
            "MemorySize": 256,
            "LoggingConfig": { "LogGroup": { "Ref": format!("{id}Logs") } },
        });
        if !environment.is_empty() {
            properties = with(properties, "Environment", json!({ "Variables": environment }));
        }
        self.resource(id.to_owned(), json!({ "Type": "AWS::Lambda::Function", "Properties": properties }));
        if stack.is_invoked(name) {
            self.association(id);
        }
        if !function.routes.is_empty() {
            self.routes(one);
        }
        self.rules(one);
    }

    pub(super) fn log_group(&mut self, id: &str, name: &str) {
        self.resource(
            id.to_owned(),
            json!({
                "Type": "AWS::Logs::LogGroup",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": { "LogGroupName": sub(name), "RetentionInDays": { "Ref": "LogRetentionDays" } },
            }),
        );
    }

    /// That the flows of an instance may call a function.
    fn association(&mut self, id: &str) {
        self.resource(
            format!("{id}Permission"),
            json!({
                "Type": "AWS::Lambda::Permission",
                "Properties": {
                    "Action": "lambda:InvokeFunction",
                    "FunctionName": get(id, "Arn"),
                    "Principal": "connect.amazonaws.com",
                    "SourceAccount": { "Ref": "AWS::AccountId" },
                    "SourceArn": { "Ref": "InstanceArn" },
                },
            }),
        );
        self.resource(
            format!("{id}Association"),
            json!({
                "Type": "AWS::Connect::IntegrationAssociation",
                "Properties": {
                    "InstanceId": { "Ref": "InstanceArn" },
                    "IntegrationType": "LAMBDA_FUNCTION",
                    "IntegrationArn": get(id, "Arn"),
                },
            }),
        );
    }

    // ---- settings ---------------------------------------------------------------------------------------------------

    /// The variables of a function, and the parameters that they come from.
    fn environment(&mut self, one: Writing) -> Map<String, Value> {
        let mut variables = Map::new();
        if let Some(table) = &one.function.table {
            variables.insert("STORE_TABLE".to_owned(), Self::table_name(table));
        }
        for setting in &one.function.settings {
            if let Some(id) = one.stack.setting_id(one.name, setting) {
                self.parameter(id, setting_parameter(setting, &one.stack.setting_about(setting, id)));
                if matches!(setting.is, Is::Url(_)) {
                    self.given_condition(id);
                }
            }
            variables.insert(setting.name.clone(), value(one, setting));
        }
        variables
    }

    /// A condition for a parameter that may be empty.
    fn given_condition(&mut self, parameter: &str) -> String {
        let condition = format!("{parameter}IsGiven");
        // A list of names is empty if all of them together are.
        let is_list = self.parameters.get(parameter).is_some_and(|known| known["Type"] == "CommaDelimitedList");
        let all = if is_list { json!({ "Fn::Join": ["", { "Ref": parameter }] }) } else { json!({ "Ref": parameter }) };
        self.conditions.insert(condition.clone(), json!({ "Fn::Not": [{ "Fn::Equals": [all, ""] }] }));
        condition
    }

    // ---- roles ------------------------------------------------------------------------------------------------------

    /// A role that allows what the function's contract names, and nothing else.
    fn role(&mut self, one: Writing) {
        let mut statements = vec![json!({
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": get(&format!("{}Logs", one.id), "Arn"),
        })];
        for grant in &one.function.grants {
            let (resource, conditions) = self.granted(one, grant);
            let mut statement = json!({ "Effect": "Allow", "Action": grant.actions, "Resource": resource });
            for condition in conditions {
                statement = json!({ "Fn::If": [condition, statement, { "Ref": "AWS::NoValue" }] });
            }
            statements.push(statement);
        }
        self.resource(
            format!("{}Role", one.id),
            json!({
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [{
                            "Effect": "Allow",
                            "Principal": { "Service": "lambda.amazonaws.com" },
                            "Action": "sts:AssumeRole",
                        }],
                    },
                    "Policies": [{
                        "PolicyName": "contract",
                        "PolicyDocument": { "Version": "2012-10-17", "Statement": statements },
                    }],
                },
            }),
        );
    }

    /// What actions are allowed on, and the conditions under which there is such a thing.
    fn granted(&mut self, one: Writing, grant: &Grant) -> (Value, Vec<String>) {
        let Writing { name, function, .. } = one;
        let service = grant.service();
        let parameter = format!("{}{}", one.id, capitals(service));
        match &grant.on {
            On::Asked(None) if service == "dynamodb" && function.table.is_some() => {
                let arn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}";
                let table = function.table.as_ref().map(Self::table_name);
                (json!({ "Fn::Sub": [arn, { "Table": table }] }), Vec::new())
            }
            On::Asked(None) => {
                self.parameter(&parameter, text_parameter(&format!("The ARN of what `{name}` may use of `{service}`")));
                (json!({ "Ref": parameter }), Vec::new())
            }
            On::Asked(Some(about)) => {
                let list = json!({ "Type": "CommaDelimitedList", "Description": about, "Default": "" });
                self.parameter(&parameter, list);
                (json!({ "Ref": parameter }), vec![self.given_condition(&parameter)])
            }
            On::Patterns(patterns) => {
                let needed: Vec<&str> =
                    function.needed_by(patterns).filter_map(|setting| one.stack.setting_id(name, setting)).collect();
                let conditions = needed.into_iter().map(|id| self.given_condition(id)).collect();
                let mut addresses: Vec<Value> = patterns.iter().map(|pattern| address(one, pattern)).collect();
                let only = (addresses.len() == 1).then(|| addresses.pop()).flatten();
                (only.unwrap_or(Value::Array(addresses)), conditions)
            }
        }
    }
}

fn description(one: Writing) -> String {
    let Writing { name, function, .. } = one;
    if one.stack.is_invoked(name) {
        return format!("Called by flows as `{name}`");
    }
    let mut callers = Vec::new();
    if !function.routes.is_empty() {
        callers.push("over HTTP");
    }
    if !function.events.is_empty() {
        callers.push("for events");
    }
    if callers.is_empty() { format!("`{name}`") } else { format!("`{name}`, called {}", callers.join(" and ")) }
}

fn setting_parameter(setting: &Setting, about: &str) -> Value {
    let parameter = text_parameter(about);
    match (&setting.default, &setting.is) {
        (Some(default), _) => with(parameter, "Default", json!(default)),
        (None, Is::Url(_)) => with(parameter, "Default", json!("")),
        (None, _) => with(parameter, "MinLength", json!(1)),
    }
}

/// The value of a setting.
fn value(one: Writing, setting: &Setting) -> Value {
    match (one.function.given.get(&setting.name), &setting.is) {
        (Some(Given::Text(text)), _) => json!(text),
        (Some(Given::Flow(name)), Is::FlowId) => after_slash(&json!({ "Ref": one.stack.id(name) }), 3),
        (Some(Given::Flow(name)), _) => json!({ "Ref": one.stack.id(name) }),
        (None, Is::InstanceArn) => json!({ "Ref": "InstanceArn" }),
        (None, Is::InstanceId) => after_slash(&json!({ "Ref": "InstanceArn" }), 1),
        (None, is) => {
            let given = json!({ "Ref": one.stack.setting_id(one.name, setting) });
            let Is::Url(path) = is else { return given };
            let own = sub(&format!("${{{}Api.ApiEndpoint}}{path}", one.id));
            let condition = one.stack.setting_id(one.name, setting).map(|id| format!("{id}IsGiven"));
            json!({ "Fn::If": [condition, given, own] })
        }
    }
}

/// A part of an ARN, between slashes.
fn after_slash(arn: &Value, part: usize) -> Value {
    json!({ "Fn::Select": [part, { "Fn::Split": ["/", arn] }] })
}

/// An address that a role names.
fn address(one: Writing, pattern: &str) -> Value {
    let mut text = String::new();
    let mut variables = Map::new();
    let pieces = pieces(pattern);
    if let [Piece::Text(plain)] = pieces.as_slice() {
        return json!(plain);
    }
    for piece in &pieces {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Partition => text.push_str("${AWS::Partition}"),
            Piece::Region => text.push_str("${AWS::Region}"),
            Piece::Account => text.push_str("${AWS::AccountId}"),
            Piece::Instance => text.push_str("${InstanceArn}"),
            Piece::Setting(name) => {
                let setting = one.function.settings.iter().find(|setting| setting.name == *name);
                let value = setting.map_or_else(|| json!(""), |setting| value(one, setting));
                if pieces.len() == 1 {
                    return value;
                }
                if let Some(parameter) = value.get("Ref").and_then(Value::as_str) {
                    text.extend(["${", parameter, "}"]);
                } else {
                    let variable = capitals(name);
                    text.extend(["${", &variable, "}"]);
                    variables.insert(variable, value);
                }
            }
        }
    }
    if variables.is_empty() { sub(&text) } else { json!({ "Fn::Sub": [text, variables] }) }
}
