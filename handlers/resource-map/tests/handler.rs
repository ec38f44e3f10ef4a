//! What the handler answers, and what was wrong with the function it replaces: generated code, one map for whoever asks.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops, helpers included"
)]

use handler_common::Failure;
use handler_common::connect::{Answer, Event};
use handler_common::store::{ChosenStore, Key, Store, Table};
use handler_common::testing::{Logs, Reply, Server, invocation, samples};
use handler_common::world::World;
use resource_map::source::Configured;
use serde_json::{Value, json};

const INSTANCE: &str = "arn:aws:connect:us-east-1:111122223333:instance/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const QUEUE: &str = "arn:aws:connect:us-east-1:111122223333:instance/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/queue/00000000-1111-4222-8333-444444444444";

async fn answer_of(world: World, event: Value) -> Result<Answer, Failure> {
    resource_map::handle(Event::read(event)?, &Configured::new(world)?).await
}

/// The answer when the file holds a text.
async fn answered(map: &str) -> Result<Answer, Failure> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), map).unwrap();
    let world = World::still().variable_set("RESOURCE_MAP", &format!("file:{}", file.path().display()));
    answer_of(world, invocation("+17182345678", &json!({}))).await
}

fn for_instance(resources: &Value) -> String {
    json!({ INSTANCE: resources, "arn:other": { "key": "arn:x:y" } }).to_string()
}

#[tokio::test]
async fn the_keys_of_the_asking_instance_are_answered() {
    let answer = answered(&for_instance(&json!({ "queue_Sales": QUEUE, "prompt-Beep": "arn:a:b" }))).await.unwrap();
    assert_eq!(answer.into_value(), json!({ "queue_Sales": QUEUE, "prompt-Beep": "arn:a:b" }));
}

#[tokio::test]
async fn a_map_of_one_instance_needs_the_instances_name() {
    let flat = json!({ "queue_Sales": QUEUE }).to_string();
    assert!(matches!(answered(&flat).await, Err(Failure::Configuration(_))));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), flat).unwrap();
    let world = |instance: &str| {
        let world = World::still().variable_set("INSTANCE_ARN", instance);
        world.variable_set("RESOURCE_MAP", &format!("file:{}", file.path().display()))
    };
    let event = || invocation("+17182345678", &json!({}));
    assert_eq!(answer_of(world(INSTANCE), event()).await.unwrap().get("queue_Sales"), Some(QUEUE));
    assert!(answer_of(world("arn:another"), event()).await.is_err());
}

#[tokio::test]
async fn what_the_compiler_writes_is_answered() {
    let map = concat!(env!("CARGO_MANIFEST_DIR"), "/../../out/dev/resource-map.json");
    let world =
        World::still().variable_set("INSTANCE_ARN", INSTANCE).variable_set("RESOURCE_MAP", &format!("file:{map}"));
    let written: Value = serde_json::from_str(&std::fs::read_to_string(map).unwrap()).unwrap();
    let answer = answer_of(world, invocation("+17182345678", &json!({}))).await.unwrap();
    assert!(answer.get("queue_ACME_Sales").is_some());
    assert_eq!(answer.into_value(), written);
}

#[tokio::test]
async fn an_unknown_instance_is_told_so() {
    let failure = answered(r#"{ "arn:other": {} }"#).await.unwrap_err();
    assert!(failure.to_string().contains(INSTANCE), "{failure}");
    assert_eq!(failure.kind(), "UnusableConfiguration");
}

#[tokio::test]
async fn the_map_may_be_a_parameter_of_ssm() {
    let ssm = Server::replying(vec![Reply::Json(
        200,
        json!({ "Parameter": { "Value": for_instance(&json!({ "k": "arn:v" })) } }),
    )])
    .await;
    let world = || {
        World::still()
            .variable_set("RESOURCE_MAP", "ssm:/acme/dev/resources")
            .variable_set("AWS_ENDPOINT_URL_SSM", ssm.url())
            .variable_set("AWS_REGION", "us-east-1")
            .variable_set("AWS_ACCESS_KEY_ID", "id")
            .variable_set("AWS_SECRET_ACCESS_KEY", "secret")
    };
    let configured = Configured::new(world()).unwrap();
    for _ in 0..2 {
        let event = Event::read(invocation("+17182345678", &json!({}))).unwrap();
        let answer = resource_map::handle(event, &configured).await.unwrap();
        assert_eq!(answer.get("k"), Some("arn:v"));
    }
    let received = ssm.received();
    assert_eq!(received.len(), 1, "the second answer comes from what was read for the first");
    assert_eq!(received[0].json(), json!({ "Name": "/acme/dev/resources", "WithDecryption": true }));
    assert_eq!(received[0].headers["x-amz-target"], "AmazonSSM.GetParameter");
    assert!(received[0].headers["authorization"].starts_with("AWS4-HMAC-SHA256 Credential=id/"));
}

#[tokio::test]
async fn a_refusal_by_ssm_is_a_failure_that_names_it() {
    let refusal = Reply::Json(400, json!({ "__type": "com.amazonaws#ParameterNotFound" }));
    let ssm = Server::replying(vec![refusal]).await;
    let world = World::still()
        .variable_set("RESOURCE_MAP", "ssm:/none")
        .variable_set("AWS_ENDPOINT_URL", ssm.url())
        .variable_set("AWS_REGION", "us-east-1")
        .variable_set("AWS_ACCESS_KEY_ID", "id")
        .variable_set("AWS_SECRET_ACCESS_KEY", "secret");
    let failure = answer_of(world, invocation("+17182345678", &json!({}))).await.unwrap_err();
    assert!(failure.to_string().contains("ParameterNotFound"), "{failure}");
}

#[tokio::test]
async fn the_map_may_be_in_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let world = || {
        World::still()
            .variable_set("RESOURCE_MAP", "store")
            .variable_set("STORE_FILE", &folder.path().join("store").to_string_lossy())
    };
    let table = Table { name: "ResourceMap".to_owned(), partition_key: "instanceArn", sort_key: None };
    let store = ChosenStore::open(&world(), table).unwrap();
    let item = json!({ "resources": { "k": "arn:v" } });
    store.insert(&Key::new(INSTANCE), item.as_object().unwrap()).await.unwrap();
    let event = invocation("+17182345678", &json!({}));
    assert_eq!(answer_of(world(), event).await.unwrap().get("k"), Some("arn:v"));
}

#[test]
fn a_place_that_is_none_is_refused_at_the_start() {
    for place in ["file:", "ssm:", "somewhere", "http://example.com/map"] {
        assert!(Configured::new(World::still().variable_set("RESOURCE_MAP", place)).is_err(), "{place}");
    }
}

#[tokio::test]
async fn weakness_03_names_are_data_and_never_code() {
    let odd = r#"queue " + process.exit() + ""#;
    let failure = answered(&for_instance(&json!({ odd: "arn:v" }))).await.unwrap_err();
    assert!(failure.to_string().contains("a flow cannot read the key"), "{failure}");
    let address = r"arn:\' ); throw 'x'";
    assert_eq!(answered(&for_instance(&json!({ "key": address }))).await.unwrap().get("key"), Some(address));
}

#[tokio::test]
async fn weakness_06_an_address_that_was_not_found_is_no_address() {
    for address in ["", "arn:aws:lex:us-east-1:1:bot-alias/B/undefined", "arn:x:", "${queue:Sales}", "null"] {
        assert!(answered(&for_instance(&json!({ "bot": address }))).await.is_err(), "{address}");
    }
    assert!(answered(r#"{ "arn:i": { "bot": null } }"#).await.is_err());
}

#[tokio::test]
async fn weakness_07_names_that_collide_or_cannot_be_read_are_reported() {
    let twice = format!(r#"{{ "{INSTANCE}": {{ "Sales": "arn:queue", "Sales": "arn:flow" }} }}"#);
    assert!(answered(&twice).await.is_err());
    assert!(answered(&for_instance(&json!({ "Beep.wav": "arn:v" }))).await.is_err());
}

#[tokio::test]
async fn weakness_08_an_answer_over_the_limit_is_refused() {
    let resources: serde_json::Map<_, _> = (0..400).map(|n| (format!("queue_{n}"), json!(QUEUE))).collect();
    let failure = answered(&for_instance(&Value::Object(resources))).await.unwrap_err();
    assert_eq!(failure.kind(), "UnusableAnswer");
}

#[tokio::test]
async fn weakness_09_a_map_that_cannot_be_read_is_a_named_failure() {
    for broken in ["", "[]", "{", r#"{ "arn:i": 7 }"#, r#"{ "a": "arn:v", "arn:i": {} }"#] {
        assert_eq!(answered(broken).await.unwrap_err().kind(), "UnusableConfiguration", "{broken}");
    }
    let missing = World::still().variable_set("RESOURCE_MAP", "file:no/such/file.json");
    assert!(answer_of(missing, invocation("+17182345678", &json!({}))).await.is_err());
}

#[tokio::test]
async fn callers_leave_no_trace_in_logs() {
    let logs = Logs::caught();
    answered(&for_instance(&json!({ "key": "arn:v" }))).await.unwrap();
    logs.hold_none_of(&["7182345678"]);
}

#[tokio::test]
async fn sample_events_get_their_answers() {
    let folder = env!("CARGO_MANIFEST_DIR");
    for sample in samples(folder) {
        let world = World::still().variable_set("RESOURCE_MAP", &format!("file:{folder}/tests/map/resource-map.json"));
        let answer = answer_of(world, sample.event.clone()).await;
        sample.is_answered_by(answer.map(Answer::into_value));
    }
}
