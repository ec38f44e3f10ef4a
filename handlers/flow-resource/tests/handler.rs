//! The resource's life against Connect and Lambda on loopback, and the answer that always comes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops, helpers included"
)]

use std::time::Duration;

use handler_common::http::HttpClient;
use handler_common::testing::{Received, Reply, Server, samples};
use handler_common::world::World;
use serde_json::{Value, json};

const INSTANCE: &str = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const ARN: &str =
    "arn:aws:connect:us-east-1:111122223333:instance/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/contact-flow/ffff";
const STACK: &str = "arn:aws:cloudformation:us-east-1:111122223333:stack/acme/0000";

fn function(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:111122223333:function:{name}")
}

fn properties() -> Value {
    json!({
        "ServiceToken": "arn", "InstanceId": INSTANCE, "Name": "Main", "Content": "{}", "Description": "d",
        "LambdaArns": [function("one")],
    })
}

fn event(kind: &str, server: &Server, properties: &Value) -> Value {
    let mut event = json!({
        "RequestType": kind, "ResponseURL": format!("{}/answer", server.url()), "StackId": STACK, "RequestId": "r-1",
        "LogicalResourceId": "MainFlow", "ResourceType": "Custom::ConnectContactFlow", "ResourceProperties": properties,
    });
    if kind != "Create" {
        event["PhysicalResourceId"] = ARN.into();
    }
    event
}

/// Everything works: what a test scripts comes first.
async fn server(script: impl Fn(&Received) -> Option<Reply> + Send + Sync + 'static) -> Server {
    Server::answering(move |received| {
        if let Some(reply) = script(received) {
            return reply;
        }
        match (received.method.as_str(), received.path.as_str()) {
            ("PUT", path) if path.starts_with("/contact-flows/") => {
                Reply::Json(200, json!({ "ContactFlowId": "ffff", "ContactFlowArn": ARN }))
            }
            ("GET", path) if path.starts_with("/contact-flows/") => {
                Reply::Json(200, json!({ "ContactFlow": { "Type": "CONTACT_FLOW", "Tags": {} } }))
            }
            _ => Reply::Text(200, String::new()),
        }
    })
    .await
}

fn world(server: &Server) -> World<(), HttpClient> {
    World::still()
        .variable_set("AWS_ENDPOINT_URL", server.url())
        .variable_set("AWS_REGION", "us-east-1")
        .variable_set("AWS_ACCESS_KEY_ID", "id")
        .variable_set("AWS_SECRET_ACCESS_KEY", "secret")
        .variable_set("RESPONSE_HOST", "127.0.0.1")
        .with_http(HttpClient::new().unwrap())
}

/// The answer that CloudFormation got, and the calls before it.
async fn answered(server: &Server, event: Value) -> (Value, Vec<String>) {
    let answer = flow_resource::handle(event, &world(server)).await.unwrap();
    let received = server.received();
    let put = received.last().unwrap();
    assert_eq!((put.method.as_str(), put.path.as_str()), ("PUT", "/answer"));
    assert_eq!(put.headers.get("content-type").map(String::as_str), Some(""), "the address was signed without one");
    assert_eq!(put.json(), answer);
    let calls =
        received.iter().filter(|it| it.path != "/answer").map(|it| format!("{} {}", it.method, it.path)).collect();
    (answer, calls)
}

fn duplicate() -> Reply {
    Reply::Json(409, json!({ "__type": "DuplicateResourceException" }))
}

#[tokio::test]
async fn a_flow_is_created_behind_its_functions() {
    let server = server(|_| None).await;
    let (answer, calls) = answered(&server, event("Create", &server, &properties())).await;
    let expected = json!({
        "Status": "SUCCESS", "Reason": "", "PhysicalResourceId": ARN, "StackId": STACK, "RequestId": "r-1",
        "LogicalResourceId": "MainFlow", "Data": { "ContactFlowId": "ffff", "ContactFlowArn": ARN },
    });
    assert_eq!(answer, expected);
    let one = "arn%3Aaws%3Alambda%3Aus-east-1%3A111122223333%3Afunction%3Aone";
    assert_eq!(
        calls,
        [
            format!("POST /2015-03-31/functions/{one}/policy"),
            format!("PUT /instance/{INSTANCE}/lambda-function"),
            format!("PUT /contact-flows/{INSTANCE}"),
        ]
    );
    let received = server.received();
    let permission = received[0].json();
    assert_eq!(permission["SourceArn"], format!("arn:aws:connect:us-east-1:111122223333:instance/{INSTANCE}"));
    assert_eq!(permission["SourceAccount"], "111122223333");
    let body = received[2].json();
    assert_eq!(body["Type"], "CONTACT_FLOW");
    assert_eq!(body["Content"], "{}");
    assert_eq!(body["Tags"], json!({ "flow-resource": "acme/MainFlow" }));
}

#[tokio::test]
async fn what_is_associated_already_is_fine() {
    let server = server(|it| match it.path.as_str() {
        path if path.ends_with("/policy") => Some(Reply::Json(409, json!({ "__type": "ResourceConflictException" }))),
        path if path.ends_with("/lambda-function") => Some(duplicate()),
        _ => None,
    })
    .await;
    let (answer, _) = answered(&server, event("Create", &server, &properties())).await;
    assert_eq!(answer["Status"], "SUCCESS");
}

/// Connect has a flow of the name on the second page of its list, with a tag.
async fn with_flow_of_the_name(owner: &'static str, kind: &'static str) -> Server {
    server(move |it| match (it.method.as_str(), it.path.as_str()) {
        ("PUT", path) if path.starts_with("/contact-flows/") => Some(duplicate()),
        ("GET", path) if path.contains("nextToken=a%2Fb") => {
            Some(Reply::Json(200, json!({ "ContactFlowSummaryList": [{ "Name": "Main", "Arn": ARN }] })))
        }
        ("GET", path) if path.starts_with("/contact-flows-summary/") => Some(Reply::Json(
            200,
            json!({ "ContactFlowSummaryList": [{ "Name": "Other", "Arn": "x" }], "NextToken": "a/b" }),
        )),
        ("GET", _) => {
            Some(Reply::Json(200, json!({ "ContactFlow": { "Type": kind, "Tags": { "flow-resource": owner } } })))
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_flow_of_the_same_name_is_adopted_if_it_is_ours() {
    let server = with_flow_of_the_name("acme/MainFlow", "CONTACT_FLOW").await;
    let (answer, calls) = answered(&server, event("Create", &server, &properties())).await;
    assert_eq!(answer["Status"], "SUCCESS");
    assert_eq!(answer["PhysicalResourceId"], ARN);
    assert!(calls.contains(&format!("POST /contact-flows/{INSTANCE}/ffff/content")), "{calls:?}");
}

#[tokio::test]
async fn a_flow_of_the_same_name_that_is_not_ours_is_left_alone() {
    for (owner, kind) in [("other/MainFlow", "CONTACT_FLOW"), ("acme/MainFlow", "CUSTOMER_QUEUE")] {
        let server = with_flow_of_the_name(owner, kind).await;
        let (answer, calls) = answered(&server, event("Create", &server, &properties())).await;
        assert_eq!(answer["Status"], "FAILED");
        assert!(answer["Reason"].as_str().unwrap().contains("not this resource"), "{answer}");
        assert_eq!(answer["PhysicalResourceId"], "none-r-1");
        assert!(!calls.iter().any(|call| call.contains("/content")), "{calls:?}");
    }
}

#[tokio::test]
async fn an_update_changes_what_changed_and_lets_go_last() {
    let server = server(|_| None).await;
    let mut new = properties();
    new["LambdaArns"] = json!([function("two")]);
    new["Name"] = "Main 2".into();
    let mut event = event("Update", &server, &new);
    event["OldResourceProperties"] = properties();
    let (answer, calls) = answered(&server, event).await;
    assert_eq!(answer["PhysicalResourceId"], ARN);
    let kinds: Vec<_> = calls.iter().map(|call| call.split('?').next().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(kinds[..4], ["policy", "lambda-function", "content", "metadata"], "{calls:?}");
    assert!(calls[4].starts_with("DELETE /instance/") && calls[4].contains("one"), "{calls:?}");
    assert!(calls[5].starts_with("DELETE /2015-03-31/functions/"), "{calls:?}");
}

#[tokio::test]
async fn an_update_of_the_content_alone_renames_nothing() {
    let server = server(|_| None).await;
    let mut event = event("Update", &server, &properties());
    event["OldResourceProperties"] = properties();
    let (_, calls) = answered(&server, event).await;
    assert_eq!(calls, [format!("POST /contact-flows/{INSTANCE}/ffff/content")]);
}

#[tokio::test]
async fn another_instance_or_type_is_another_flow() {
    let other = ARN.replace("ffff", "9999");
    for (name, value) in [("InstanceId", json!("bbbbbbbb")), ("Type", json!("CUSTOMER_QUEUE"))] {
        let created = other.clone();
        let server = server(move |it| {
            let is_create = it.method == "PUT" && it.path.starts_with("/contact-flows/");
            is_create.then(|| Reply::Json(200, json!({ "ContactFlowArn": created })))
        })
        .await;
        let mut new = properties();
        new[name] = value;
        let mut event = event("Update", &server, &new);
        event["OldResourceProperties"] = properties();
        let (answer, calls) = answered(&server, event).await;
        assert_eq!(answer["PhysicalResourceId"], other, "{name}");
        // In the same instance, the deletion that follows must not take the functions away.
        assert_eq!(calls.iter().any(|call| call.starts_with("POST /tags/")), name == "Type");
    }
}

#[tokio::test]
async fn a_deletion_deletes_and_lets_go() {
    let server = server(|_| None).await;
    let (answer, calls) = answered(&server, event("Delete", &server, &properties())).await;
    assert_eq!((&answer["Status"], &answer["PhysicalResourceId"]), (&json!("SUCCESS"), &json!(ARN)));
    assert_eq!(calls[1], format!("DELETE /contact-flows/{INSTANCE}/ffff"));
    assert_eq!(calls.len(), 4);
}

#[tokio::test]
async fn a_deletion_of_a_replaced_flow_keeps_the_functions() {
    let server = server(|it| {
        let replaced = json!({ "ContactFlow": { "Tags": { "flow-resource-replaced": "true" } } });
        (it.method == "GET").then(|| Reply::Json(200, replaced))
    })
    .await;
    let (_, calls) = answered(&server, event("Delete", &server, &properties())).await;
    assert_eq!(calls.len(), 2, "{calls:?}");
}

#[tokio::test]
async fn a_deletion_of_what_is_gone_or_never_was_succeeds() {
    let gone = server(|_| Some(Reply::Json(404, json!({ "__type": "ResourceNotFoundException" })))).await;
    let mut request = event("Delete", &gone, &properties());
    request["ResponseURL"] = format!("{}/answer", server(|_| None).await.url()).into();
    let never = server(|_| None).await;
    let mut event = event("Delete", &never, &properties());
    for id in ["none-r-1", "", "arn:aws:s3:::bucket", "arn:aws:connect:x:1:instance/../contact-flow/y"] {
        event["PhysicalResourceId"] = id.into();
        let (answer, calls) = answered(&never, event.clone()).await;
        assert_eq!(answer["Status"], "SUCCESS", "{id}");
        assert!(calls.is_empty(), "{calls:?}");
    }
    // The answer goes to another server than the calls here.
    let answers = server(|_| None).await;
    request["ResponseURL"] = format!("{}/answer", answers.url()).into();
    let answer = flow_resource::handle(request, &world(&gone)).await.unwrap();
    assert_eq!(answer["Status"], "SUCCESS");
}

#[tokio::test]
async fn a_service_that_is_silent_or_breaks_is_answered_as_a_failure() {
    for reply in [Reply::Silence(Duration::from_mins(1)), Reply::Reset, Reply::Json(500, json!({}))] {
        let server = server(move |it| (it.path != "/answer").then(|| reply.clone())).await;
        let world = world(&server).variable_set("TIME_BUDGET_MS", "500");
        let answer = flow_resource::handle(event("Create", &server, &properties()), &world).await.unwrap();
        assert_eq!(answer["Status"], "FAILED");
        assert_eq!(server.received().last().unwrap().path, "/answer");
    }
}

/// A world that panics when it is asked for a secret.
struct Panicking<'a>(&'a World<(), HttpClient>);

impl handler_common::world::Environment for Panicking<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        assert_ne!(name, "AWS_SECRET_ACCESS_KEY", "on purpose");
        self.0.variable(name)
    }
}

impl handler_common::world::Clock for Panicking<'_> {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
}

impl handler_common::world::Random for Panicking<'_> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), handler_common::Failure> {
        self.0.fill(bytes)
    }
}

impl handler_common::http::Http for Panicking<'_> {
    async fn send(
        &self,
        request: &handler_common::http::Request,
        timeout: Duration,
    ) -> Result<handler_common::http::Response, handler_common::Failure> {
        self.0.send(request, timeout).await
    }
}

#[tokio::test]
async fn a_panic_is_answered_as_a_failure() {
    let server = server(|_| None).await;
    let world = world(&server);
    let answer = flow_resource::handle(event("Create", &server, &properties()), &Panicking(&world)).await.unwrap();
    assert_eq!(answer["Status"], "FAILED");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn properties_that_are_none_are_refused_and_answered() {
    let bad = [
        ("InstanceId", json!("../other")),
        ("InstanceId", Value::Null),
        ("Name", json!("")),
        ("Name", json!("x".repeat(128))),
        ("Type", json!("FLOW")),
        ("Content", json!("")),
        ("Content", json!({ "Bucket": "b" })),
        ("Content", json!({ "Bucket": "b", "Key": "../../x" })),
        ("LambdaArns", json!("arn")),
        ("LambdaArns", json!(["arn:aws:lambda:us-east-1:1:function:a/../b"])),
        ("LambdaArns", json!([7])),
    ];
    for (name, value) in bad {
        let server = server(|_| None).await;
        let mut properties = properties();
        properties[name] = value.clone();
        let (answer, calls) = answered(&server, event("Create", &server, &properties)).await;
        assert_eq!(answer["Status"], "FAILED", "{name} {value}");
        assert!(calls.is_empty(), "{calls:?}");
    }
}

#[tokio::test]
async fn the_answer_goes_to_aws_and_nowhere_else() {
    let server = server(|_| None).await;
    for url in [
        "https://evil.example/answer",
        "http://bucket.s3.amazonaws.com/answer",
        "https://evil.example/.amazonaws.com",
        "https://amazonaws.com.evil.example/",
        "https://bucket.s3.amazonaws.com@evil.example/",
        "https://evil.example?x=.amazonaws.com",
        "",
    ] {
        let mut event = event("Delete", &server, &properties());
        event["ResponseURL"] = url.into();
        assert!(flow_resource::handle(event, &world(&server)).await.is_err(), "{url}");
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn the_content_may_be_an_object() {
    let server =
        server(|it| it.path.ends_with("/flows/Main.json").then(|| Reply::Text(200, "{\"Version\":1}".to_owned())))
            .await;
    let mut properties = properties();
    properties["Content"] = json!({ "Bucket": "assets", "Key": "flows/Main.json" });
    let (answer, calls) = answered(&server, event("Create", &server, &properties)).await;
    assert_eq!(answer["Status"], "SUCCESS");
    assert_eq!(calls[0], "GET /assets/flows/Main.json");
    assert!(server.received()[0].headers.contains_key("x-amz-content-sha256"));
    assert_eq!(server.received()[3].json()["Content"], "{\"Version\":1}");
}

#[tokio::test]
async fn sample_events_get_their_answers() {
    let server = server(|_| None).await;
    for sample in samples(env!("CARGO_MANIFEST_DIR")) {
        let mut event = sample.event.clone();
        event["ResponseURL"] = format!("{}/answer", server.url()).into();
        sample.is_answered_by(flow_resource::handle(event, &world(&server)).await);
    }
}
