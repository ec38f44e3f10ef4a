//! HTTP APIs in front of functions, and rules that tell functions of events.

use serde_json::{Value, json};

use super::functions::{Writing, full_name};
use super::{Parts, plain, snake};
use crate::emit::cloudformation::{GATEWAY_MS, all_routes, log_line};
use crate::emit::document;
use crate::emit::function::Route;

impl Parts {
    /// An API, what it passes on, and to whom.
    pub(super) fn api(&mut self, one: Writing) {
        let Writing { id, name, function, .. } = one;
        let api = format!("${{aws_apigatewayv2_api.{id}.id}}");
        self.resource(
            "aws_apigatewayv2_api",
            id,
            json!({
                "name": full_name(name),
                "description": plain(&format!("Passes requests on to {name}")),
                "protocol_type": "HTTP",
            }),
        );
        self.resource(
            "aws_apigatewayv2_integration",
            id,
            json!({
                "api_id": api,
                "integration_type": "AWS_PROXY",
                "integration_uri": format!("${{aws_lambda_function.{id}.arn}}"),
                "payload_format_version": "2.0",
                "timeout_milliseconds": GATEWAY_MS,
            }),
        );
        let mut routes = Vec::new();
        for (words, route) in all_routes(function) {
            let route_id = format!("{id}_{}", snake(&words));
            self.resource(
                "aws_apigatewayv2_route",
                &route_id,
                json!({
                    "api_id": api,
                    "route_key": plain(&route.key()),
                    "authorization_type": if route.is_signed { "AWS_IAM" } else { "NONE" },
                    "target": format!("integrations/${{aws_apigatewayv2_integration.{id}.id}}"),
                }),
            );
            routes.push(format!("aws_apigatewayv2_route.{route_id}"));
        }
        self.log_group(&format!("{id}_access"), &format!("/aws/vendedlogs/apis/{}", full_name(name)));
        self.stage(one, &routes);
        self.permission(&format!("{id}_api"), id, "apigateway.amazonaws.com", &execution(id, "*/*"));
        self.signers(one);
        let keys: Vec<String> = function.routes.iter().map(Route::key).collect();
        let what = format!("The address of the API of `{name}`, in front of {}", keys.join(", "));
        self.output(&format!("{id}_url"), &what, &format!("${{aws_apigatewayv2_api.{id}.api_endpoint}}"));
    }

    /// The one stage, which is always what was last deployed, and lets no more through than it should.
    fn stage(&mut self, one: Writing, routes: &[String]) {
        let Writing { id, name, function, .. } = one;
        let rate = format!("{id}_requests_per_second");
        self.variable(&rate, &format!("How many requests per second `{name}` is passed at most"), Some(json!(50)));
        let rate = format!("${{var.{rate}}}");
        let mut stage = json!({
            "api_id": format!("${{aws_apigatewayv2_api.{id}.id}}"),
            "name": "$default",
            "auto_deploy": true,
            "access_log_settings": {
                "destination_arn": format!("${{aws_cloudwatch_log_group.{id}_access.arn}}"), "format": log_line(),
            },
            "default_route_settings": { "throttling_burst_limit": rate, "throttling_rate_limit": rate },
        });
        let limited = function.routes.iter().filter_map(|route| Some((route, route.per_second?)));
        let limited: Vec<Value> = limited
            .map(|(route, most)| {
                json!({
                    "route_key": plain(&route.key()), "throttling_burst_limit": most, "throttling_rate_limit": most,
                })
            })
            .collect();
        if let (Some(stage), false) = (stage.as_object_mut(), limited.is_empty()) {
            stage.insert("route_settings".to_owned(), Value::Array(limited));
            stage.insert("depends_on".to_owned(), json!(routes));
        }
        self.resource("aws_apigatewayv2_stage", id, stage);
    }

    /// That somebody may call a function.
    fn permission(&mut self, permission: &str, function: &str, principal: &str, source: &str) {
        self.resource(
            "aws_lambda_permission",
            permission,
            json!({
                "action": "lambda:InvokeFunction",
                "function_name": format!("${{aws_lambda_function.{function}.function_name}}"),
                "principal": principal,
                "source_arn": source,
            }),
        );
    }

    /// A policy for those who may sign requests, such as the role of an identity pool.
    fn signers(&mut self, one: Writing) {
        let Writing { id, name, function, .. } = one;
        let signed = function.routes.iter().filter(|route| route.is_signed);
        let routes: Vec<String> =
            signed.map(|route| execution(id, &format!("$default/{}{}", route.method, plain(&route.path)))).collect();
        if routes.is_empty() {
            return;
        }
        let statement = json!({ "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": routes });
        let policy = document::json(&json!({ "Version": "2012-10-17", "Statement": [statement] }));
        let what = format!("May send {name} the requests that have to be signed");
        self.resource(
            "aws_iam_policy",
            &format!("{id}_signers"),
            json!({ "name": format!("{}-signers", full_name(name)), "description": plain(&what), "policy": policy }),
        );
        let what = format!("The ARN of the policy for the role of those who sign requests to `{name}`");
        self.output(&format!("{id}_signers"), &what, &format!("${{aws_iam_policy.{id}_signers.arn}}"));
    }

    /// The events that a function is told of.
    pub(super) fn rules(&mut self, one: Writing) {
        let Writing { id, name, function, .. } = one;
        for (at, event) in function.events.iter().enumerate() {
            let rule = if at == 0 { id.to_owned() } else { format!("{id}_{}", at + 1) };
            let pattern = plain(&document::json(&event.pattern));
            let number = if at == 0 { String::new() } else { format!("-{}", at + 1) };
            self.resource(
                "aws_cloudwatch_event_rule",
                &rule,
                json!({
                    "name": format!("{}{number}", full_name(name)),
                    "description": plain(&event.about),
                    "event_pattern": pattern,
                }),
            );
            self.resource(
                "aws_cloudwatch_event_target",
                &rule,
                json!({
                    "rule": format!("${{aws_cloudwatch_event_rule.{rule}.name}}"),
                    "arn": format!("${{aws_lambda_function.{id}.arn}}"),
                }),
            );
            let source = format!("${{aws_cloudwatch_event_rule.{rule}.arn}}");
            self.permission(&format!("{rule}_events"), id, "events.amazonaws.com", &source);
        }
    }
}

/// The address of a part of an API, as permissions name it.
fn execution(id: &str, part: &str) -> String {
    format!("${{aws_apigatewayv2_api.{id}.execution_arn}}/{part}")
}
