//! HTTP APIs in front of functions, and rules that tell functions of events.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::functions::Writing;
use super::{Parts, get, sub, with};
use crate::emit::function::{Route, capitals};
use crate::emit::stack::unique;

/// What is kept of each request. Neither who asked nor what for: a query may hold what only its sender should know.
const LOGGED: [(&str, &str); 7] = [
    ("requestId", "$context.requestId"),
    ("time", "$context.requestTime"),
    ("route", "$context.routeKey"),
    ("status", "$context.status"),
    ("milliseconds", "$context.responseLatency"),
    ("error", "$context.error.message"),
    ("integrationError", "$context.integrationErrorMessage"),
];

/// The longest that a gateway waits.
pub(in crate::emit) const GATEWAY_MS: u32 = 29_000;

/// One line of the access log.
pub(in crate::emit) fn log_line() -> String {
    let line: Map<String, Value> = LOGGED.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    crate::emit::document::json(&Value::Object(line))
}

/// The routes of an API with their ids: those of the contract, and for each path of pages one by which a browser asks first
/// whether it may. The function answers that as well; nothing about origins is the gateway's to know.
pub(in crate::emit) fn all_routes(one: &crate::emit::function::Function) -> Vec<(String, Route)> {
    let asked = one.asked_first().into_iter().map(|path| Route {
        method: "OPTIONS".to_owned(),
        path: path.to_owned(),
        is_signed: false,
        is_for_pages: true,
        per_second: None,
    });
    let mut taken = BTreeSet::new();
    let routes = one.routes.iter().cloned().chain(asked);
    routes
        .map(|route| {
            let words = format!("{}{}", capitals(&route.method), capitals(&route.path));
            (unique(&words, &mut taken), route)
        })
        .collect()
}

impl Parts {
    /// The API itself, which a function may be told the address of.
    pub(super) fn api(&mut self, one: Writing) {
        let Writing { id, name, .. } = one;
        self.resource(
            format!("{id}Api"),
            json!({
                "Type": "AWS::ApiGatewayV2::Api",
                "Properties": {
                    "Name": sub(&format!("${{AWS::StackName}}-{name}")),
                    "Description": format!("Passes requests on to `{name}`"),
                    "ProtocolType": "HTTP",
                },
            }),
        );
    }

    /// What the API passes on, and to whom.
    pub(super) fn routes(&mut self, one: Writing) {
        let Writing { id, name, function, .. } = one;
        let api = json!({ "Ref": format!("{id}Api") });
        self.resource(
            format!("{id}Integration"),
            json!({
                "Type": "AWS::ApiGatewayV2::Integration",
                "Properties": {
                    "ApiId": api,
                    "IntegrationType": "AWS_PROXY",
                    "IntegrationUri": get(id, "Arn"),
                    "PayloadFormatVersion": "2.0",
                    "TimeoutInMillis": GATEWAY_MS,
                },
            }),
        );
        let mut ids = Vec::new();
        for (words, route) in all_routes(function) {
            let route_id = format!("{id}Route{words}");
            self.resource(
                route_id.clone(),
                json!({
                    "Type": "AWS::ApiGatewayV2::Route",
                    "Properties": {
                        "ApiId": api,
                        "RouteKey": route.key(),
                        "AuthorizationType": if route.is_signed { "AWS_IAM" } else { "NONE" },
                        "Target": sub(&format!("integrations/${{{id}Integration}}")),
                    },
                }),
            );
            ids.push(route_id);
        }
        self.log_group(&format!("{id}AccessLogs"), &format!("/aws/vendedlogs/apis/${{AWS::StackName}}-{name}"));
        self.stage(one, &ids);
        self.resource(
            format!("{id}ApiPermission"),
            json!({
                "Type": "AWS::Lambda::Permission",
                "Properties": {
                    "Action": "lambda:InvokeFunction",
                    "FunctionName": get(id, "Arn"),
                    "Principal": "apigateway.amazonaws.com",
                    "SourceArn": execute(id, "*/*"),
                },
            }),
        );
        self.signers(one);
        let url = get(&format!("{id}Api"), "ApiEndpoint");
        let keys: Vec<String> = function.routes.iter().map(Route::key).collect();
        let what = format!("The address of the API of `{name}`, in front of {}", keys.join(", "));
        self.output(&format!("{id}Url"), &what, &url);
    }

    /// The one stage, which is always what was last deployed, and lets no more through than it should.
    fn stage(&mut self, one: Writing, routes: &[String]) {
        let Writing { id, name, function, .. } = one;
        let rate = format!("{id}RequestsPerSecond");
        self.parameter(
            &rate,
            json!({
                "Type": "Number",
                "Description": format!("How many requests per second `{name}` is passed at most"),
                "Default": 50,
                "MinValue": 1,
            }),
        );
        let mut properties = json!({
            "ApiId": { "Ref": format!("{id}Api") },
            "StageName": "$default",
            "AutoDeploy": true,
            "AccessLogSettings": { "DestinationArn": get(&format!("{id}AccessLogs"), "Arn"), "Format": log_line() },
            "DefaultRouteSettings": {
                "ThrottlingBurstLimit": { "Ref": rate }, "ThrottlingRateLimit": { "Ref": rate },
            },
        });
        let limited: Map<String, Value> = function
            .routes
            .iter()
            .filter_map(|route| Some((route, route.per_second?)))
            .map(|(route, most)| (route.key(), json!({ "ThrottlingBurstLimit": most, "ThrottlingRateLimit": most })))
            .collect();
        let mut stage = json!({ "Type": "AWS::ApiGatewayV2::Stage" });
        if !limited.is_empty() {
            properties = with(properties, "RouteSettings", Value::Object(limited));
            // Limits are for routes that are there.
            stage = with(stage, "DependsOn", json!(routes));
        }
        self.resource(format!("{id}Stage"), with(stage, "Properties", properties));
    }

    /// A policy for those who may sign requests, such as the role of an identity pool.
    fn signers(&mut self, one: Writing) {
        let Writing { id, name, function, .. } = one;
        let signed = function.routes.iter().filter(|route| route.is_signed);
        let routes: Vec<Value> =
            signed.map(|route| execute(id, &format!("$default/{}{}", route.method, route.path))).collect();
        if routes.is_empty() {
            return;
        }
        let statement = json!({ "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": routes });
        self.resource(
            format!("{id}Signers"),
            json!({
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "Description": format!("May send `{name}` the requests that have to be signed"),
                    "PolicyDocument": { "Version": "2012-10-17", "Statement": [statement] },
                },
            }),
        );
        let what = format!("The ARN of the policy for the role of those who sign requests to `{name}`");
        self.output(&format!("{id}Signers"), &what, &json!({ "Ref": format!("{id}Signers") }));
    }

    /// The events that a function is told of.
    pub(super) fn rules(&mut self, one: Writing) {
        let Writing { id, function, .. } = one;
        for (at, event) in function.events.iter().enumerate() {
            let rule = if at == 0 { format!("{id}Rule") } else { format!("{id}Rule{}", at + 1) };
            self.resource(
                rule.clone(),
                json!({
                    "Type": "AWS::Events::Rule",
                    "Properties": {
                        "Description": event.about,
                        "EventPattern": event.pattern,
                        "Targets": [{ "Id": "function", "Arn": get(id, "Arn") }],
                    },
                }),
            );
            self.resource(
                format!("{rule}Permission"),
                json!({
                    "Type": "AWS::Lambda::Permission",
                    "Properties": {
                        "Action": "lambda:InvokeFunction",
                        "FunctionName": get(id, "Arn"),
                        "Principal": "events.amazonaws.com",
                        "SourceArn": get(&rule, "Arn"),
                    },
                }),
            );
        }
    }
}

/// The address of a part of an API, as permissions name it.
fn execute(id: &str, part: &str) -> Value {
    sub(&format!("arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{id}Api}}/{part}"))
}
