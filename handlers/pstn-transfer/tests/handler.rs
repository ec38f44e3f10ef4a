//! Both actions against a service on loopback, and what was wrong with the programs that this one replaces.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops, helpers included"
)]

use std::sync::Arc;
use std::time::Duration;

use handler_common::Failure;
use handler_common::connect::{Answer, Event};
use handler_common::http::HttpClient;
use handler_common::testing::{Logs, Reply, Server, invocation, samples};
use handler_common::world::{HandClock, World};
use pstn_transfer::Caches;
use serde_json::{Value, json};

const AGENT: &str = "customers/acme/profiles/main/virtualAgents/va-1";
const FLOW: &str = include_str!("../../../flows-src/pstn-transfer/va-pstn-transfer.flow");

type TestWorld = World<Caches, HttpClient>;

/// A world with an API key, whose service is on loopback.
fn world(api: &Server) -> TestWorld {
    bare().variable_set("apiDomain", api.url()).variable_set("apiKey", "key-123")
}

fn bare() -> TestWorld {
    World::still()
        .variable_set("virtualAgentName", AGENT)
        .variable_set("HTTP_RETRY_BASE_DELAY", "1ms")
        .with_store(Caches::default())
        .with_http(HttpClient::new().unwrap())
}

/// A world with a client of OAuth.
fn oauth(api: &Server, auth: &Server) -> TestWorld {
    bare()
        .variable_set("apiDomain", api.url())
        .variable_set("authDomain", auth.url())
        .variable_set("oauthClientId", "client")
        .variable_set("oauthClientSecret", "hush-hush")
}

async fn answered(world: &TestWorld, parameters: Value) -> Result<Answer, Failure> {
    pstn_transfer::handle(Event::read(invocation("+17182345678", &parameters)).unwrap(), world).await
}

fn transfer() -> Value {
    json!({ "action": "get_pstn_transfer_data" })
}

fn found() -> Reply {
    Reply::Json(200, json!({ "phoneNumber": "+12065550123", "dtmfSequence": "1234*" }))
}

fn token(life: i64) -> Reply {
    Reply::Json(200, json!({ "access_token": "token-1", "token_type": "Bearer", "expires_in": life }))
}

fn status(status: u16) -> Reply {
    Reply::Json(status, json!({ "error": "said +17182345678", "code": status }))
}

#[tokio::test]
async fn a_transfer_is_asked_for_with_the_whole_contact() {
    let api = Server::replying(vec![found()]).await;
    let answer = answered(&world(&api), json!({ "action": "get_pstn_transfer_data", "tier": "gold" })).await.unwrap();
    assert_eq!(answer.into_value(), json!({ "phoneNumber": "+12065550123", "dtmfSequence": "1234*" }));
    let received = &api.received()[0];
    assert_eq!(received.path, format!("/v1/{AGENT}:generatePSTNTransferData"));
    assert_eq!(received.headers["authorization"], "ApiKey key-123");
    let body = received.json();
    assert_eq!(body["callId"], "11111111-2222-4333-8444-555555555555");
    assert_eq!(body["supportedDtmfChars"], "0123456789*");
    assert_eq!(body["ccaasMetadata"]["LanguageCode"], "en-US", "fields that nobody here knows are passed on");
    assert_eq!(body["ccaasMetadata"]["parameters"], json!({ "tier": "gold" }));
    assert_eq!(body["ccaasMetadata"]["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn a_handoff_is_answered_by_its_four_names() {
    let handoff = json!({ "handoff": {
        "conversation": "customers/acme/profiles/main/conversations/1", "conversationCorrelationId": "c",
        "summary": "wants a loan", "transferTarget": "pstn:sales", "metadataByTaxonomy": { "x": 1 },
    } });
    let api = Server::replying(vec![Reply::Json(200, handoff)]).await;
    let answer = answered(&world(&api), json!({ "action": "get_handoff_data" })).await.unwrap();
    let expected = json!({
        "handoff_conversation": "customers/acme/profiles/main/conversations/1", "handoff_conversationCorrelationId": "c",
        "handoff_summary": "wants a loan", "handoff_transferTarget": "pstn:sales",
    });
    assert_eq!(answer.into_value(), expected);
    assert_eq!(api.received()[0].path, "/v1/customers/acme/profiles/main/handoffs:fetchAIAgentHandoff");
    assert_eq!(api.received()[0].json(), json!({ "correlationId": "11111111-2222-4333-8444-555555555555" }));
}

#[tokio::test]
async fn missing_fields_of_a_handoff_are_empty_and_a_missing_handoff_is_a_failure() {
    let api = Server::replying(vec![
        Reply::Json(200, json!({ "handoff": { "summary": null } })),
        Reply::Json(200, json!({})),
    ])
    .await;
    let world = world(&api);
    let answer = answered(&world, json!({ "action": "get_handoff_data" })).await.unwrap();
    assert_eq!(answer.get("handoff_transferTarget"), Some(""));
    assert_eq!(answer.get("handoff_summary"), Some(""));
    let failure = answered(&world, json!({ "action": "get_handoff_data" })).await.unwrap_err();
    assert_eq!(failure.kind(), "UpstreamFailed");
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_does_not_is_not() {
    for passing in [408, 429, 500, 503] {
        let api = Server::replying(vec![status(passing), found()]).await;
        answered(&world(&api), transfer()).await.unwrap();
        assert_eq!(api.received().len(), 2, "{passing}");
    }
    for lasting in [400, 403, 404, 302] {
        let api = Server::replying(vec![status(lasting), found()]).await;
        let failure = answered(&world(&api), transfer()).await.unwrap_err();
        assert!(failure.to_string().contains(&lasting.to_string()), "{failure}");
        assert_eq!(api.received().len(), 1, "{lasting}");
    }
    let api = Server::replying(vec![Reply::Reset, found()]).await;
    answered(&world(&api), transfer()).await.unwrap();
    let api = Server::replying(vec![status(500)]).await;
    answered(&world(&api), transfer()).await.unwrap_err();
    assert_eq!(api.received().len(), 4, "three more times, and no more");
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_used_until_shortly_before_its_end() {
    for (life, usable) in [(3600, 3300), (300, 150), (10, 5)] {
        let (api, auth) = (Server::replying(vec![found()]).await, Server::replying(vec![token(life)]).await);
        let clock = Arc::new(HandClock::at("2026-01-02T03:04:05Z").unwrap());
        let world = oauth(&api, &auth).with_clock(Arc::clone(&clock));
        answered(&world, transfer()).await.unwrap();
        clock.advance(usable * 1000 - 1000);
        answered(&world, transfer()).await.unwrap();
        assert_eq!(auth.received().len(), 1, "{life}");
        clock.advance(1000);
        answered(&world, transfer()).await.unwrap();
        assert_eq!(auth.received().len(), 2, "{life}");
        assert_eq!(auth.received()[0].path, "/v1/oauth/regionalToken");
        // "client:hush-hush"
        assert_eq!(auth.received()[0].headers["authorization"], "Basic Y2xpZW50Omh1c2gtaHVzaA==");
        assert_eq!(auth.received()[0].json(), json!({ "grant_type": "client_credentials" }));
        assert_eq!(api.received()[0].headers["authorization"], "Bearer token-1");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_or_none_is_a_failure_that_names_it() {
    let bad = [
        status(401),
        token(0),
        Reply::Json(200, json!({ "access_token": "", "expires_in": 10 })),
        Reply::Json(200, json!({ "access_token": "a\r\nb", "expires_in": 10 })),
    ];
    for reply in bad {
        let (api, auth) = (Server::replying(vec![found()]).await, Server::replying(vec![reply]).await);
        let failure = answered(&oauth(&api, &auth), transfer()).await.unwrap_err();
        assert!(failure.to_string().contains("token"), "{failure}");
        assert!(api.received().is_empty());
    }
}

#[tokio::test]
async fn weakness_01_the_flow_names_the_action_and_without_one_it_is_the_transfer() {
    assert!(FLOW.contains(r#"invoke pstn-transfer with (action: "get_pstn_transfer_data")"#));
    let api = Server::replying(vec![found()]).await;
    answered(&world(&api), json!({})).await.unwrap();
    assert!(api.received()[0].path.ends_with(":generatePSTNTransferData"));
    let failure = answered(&world(&api), json!({ "action": "get_lost" })).await.unwrap_err();
    assert_eq!(failure.kind(), "UnusableEvent");
}

#[test]
fn weakness_02_and_03_whatever_fails_in_the_flow_leads_to_a_person() {
    assert!(FLOW.contains("on error -> person"));
    let person = FLOW.split("step person {").nth(1).unwrap();
    assert!(person.contains("say ") && person.contains("transfer to queue"));
}

#[test]
fn weakness_04_the_flow_acts_on_the_target() {
    assert!(FLOW.contains("match $handoff.handoff_transferTarget"));
    assert!(FLOW.contains(r#""pstn:sales""#) && FLOW.contains("else"));
}

#[test]
fn weakness_05_the_flow_speaks_neither_digits_nor_target() {
    for line in FLOW.lines().filter(|line| line.trim_start().starts_with("say ")) {
        assert!(!line.contains("dtmf") && !line.contains("handoff"), "{line}");
    }
}

#[tokio::test]
async fn weakness_06_an_answer_comes_within_the_flows_limit_or_not_at_all() {
    assert!(FLOW.contains("timeout: 8s"));
    let silent = Server::replying(vec![Reply::Silence(Duration::from_mins(1))]).await;
    let world = world(&silent).variable_set("TIME_BUDGET_MS", "300");
    let failure =
        tokio::time::timeout(Duration::from_secs(8), answered(&world, transfer())).await.unwrap().unwrap_err();
    assert!(matches!(failure, Failure::Deadline | Failure::Upstream(_)), "{failure}");
    let too_long = world.variable_set("TIME_BUDGET_MS", "9000");
    assert_eq!(answered(&too_long, transfer()).await.unwrap_err().kind(), "UnusableConfiguration");
}

/// The version that did not compile was never run by anybody. This one is: with the first version's settings, whose
/// `apiDomain` is a whole address.
#[tokio::test]
async fn weakness_07_the_first_versions_settings_work() {
    let api = Server::replying(vec![found()]).await;
    let world = bare().variable_set("apiDomain", &format!("{}/", api.url())).variable_set("apiKey", "key-123");
    answered(&world, json!({ "virtualAgentName": AGENT })).await.unwrap();
}

#[tokio::test]
async fn weakness_08_no_setting_is_told_to_the_service() {
    let api = Server::replying(vec![found()]).await;
    let parameters = json!({
        "action": "get_pstn_transfer_data", "virtualAgentName": AGENT, "region": "us-west-2-prod", "apiKey": "a",
        "oauthSecretArn": "b", "oauthClientId": "c", "oauthClientSecret": "d", "supportedDtmfChars": "e", "ours": "kept",
        "authDomain": "https://auth.us-west-2-prod.cresta.ai",
    });
    answered(&world(&api), parameters).await.unwrap();
    assert_eq!(api.received()[0].json()["ccaasMetadata"]["parameters"], json!({ "ours": "kept" }));
    assert_eq!(api.received()[0].headers["authorization"], "ApiKey key-123");
}

#[tokio::test]
async fn weakness_09_credentials_from_a_flow_are_none_and_logs_hold_nothing() {
    let logs = Logs::caught();
    let api = Server::replying(vec![found()]).await;
    let keyless = bare().variable_set("apiDomain", api.url());
    let failure = answered(&keyless, json!({ "apiKey": "from-the-flow" })).await.unwrap_err();
    assert_eq!(failure.kind(), "UnusableConfiguration");
    assert!(api.received().is_empty());

    answered(&world(&api), transfer()).await.unwrap();
    let refusing = Server::replying(vec![status(400)]).await;
    let failure = answered(&world(&refusing), transfer()).await.unwrap_err();
    assert!(!failure.to_string().contains("7182345678"), "{failure}");
    logs.hold_none_of(&["7182345678", "key-123", "from-the-flow", "2065550123", "1234*"]);
}

#[tokio::test]
async fn weakness_10_a_host_that_a_flow_names_gets_no_key_unless_it_is_allowed() {
    let stranger = Server::replying(vec![found()]).await;
    let world = || bare().variable_set("apiKey", "key-123").variable_set("region", "us-west-2-prod");
    let failure = answered(&world(), json!({ "apiDomain": stranger.url() })).await.unwrap_err();
    assert!(failure.to_string().contains("ALLOWED_HOSTS"), "{failure}");
    assert!(stranger.received().is_empty());
    let allowing = world().variable_set("ALLOWED_HOSTS", "other.example, 127.0.0.1");
    answered(&allowing, json!({ "apiDomain": stranger.url() })).await.unwrap();
}

#[tokio::test]
async fn weakness_11_an_api_key_needs_no_region() {
    let api = Server::replying(vec![found()]).await;
    answered(&world(&api), transfer()).await.unwrap();
    let nowhere = bare().variable_set("apiKey", "key-123");
    assert!(answered(&nowhere, transfer()).await.unwrap_err().to_string().contains("neither `region` nor `apiDomain`"));
    let alone = world(&api).variable_set("oauthClientId", "c").variable_set("oauthClientSecret", "s");
    assert!(answered(&alone, transfer()).await.unwrap_err().to_string().contains("come together"));
}

#[tokio::test]
async fn weakness_12_a_secret_is_read_once_from_any_partition() {
    for arn in ["arn:aws:secretsmanager:us-west-2:1:secret:s", "arn:aws-cn:secretsmanager:cn-north-1:1:secret:s"] {
        let secret = json!({ "SecretString": r#"{ "oauthClientId": "id", "oauthClientSecret": "hush" }"# });
        let secrets = Server::replying(vec![Reply::Json(200, secret)]).await;
        let (api, auth) = (Server::replying(vec![found()]).await, Server::replying(vec![token(3600)]).await);
        let world = oauth(&api, &auth)
            .variable_set("oauthSecretArn", arn)
            .variable_set("AWS_ENDPOINT_URL_SECRETSMANAGER", secrets.url())
            .variable_set("AWS_REGION", "eu-west-1")
            .variable_set("AWS_ACCESS_KEY_ID", "id")
            .variable_set("AWS_SECRET_ACCESS_KEY", "secret");
        for _ in 0..3 {
            answered(&world, transfer()).await.unwrap();
        }
        assert_eq!(secrets.received().len(), 1);
        assert_eq!(secrets.received()[0].json(), json!({ "SecretId": arn }));
        // "id:hush": the secret wins over the client in the environment.
        assert_eq!(auth.received()[0].headers["authorization"], "Basic aWQ6aHVzaA==");
    }
}

#[tokio::test]
async fn a_secret_without_credentials_is_a_failure() {
    for text in ["not JSON", "{}", r#"{ "oauthClientId": "id", "oauthClientSecret": "" }"#] {
        let secrets = Server::replying(vec![Reply::Json(200, json!({ "SecretString": text }))]).await;
        let world = bare()
            .variable_set("region", "us-west-2-prod")
            .variable_set("oauthSecretArn", "arn:aws:secretsmanager:us-west-2:1:secret:s")
            .variable_set("AWS_ENDPOINT_URL", secrets.url())
            .variable_set("AWS_REGION", "us-west-2")
            .variable_set("AWS_ACCESS_KEY_ID", "id")
            .variable_set("AWS_SECRET_ACCESS_KEY", "secret");
        assert_eq!(answered(&world, transfer()).await.unwrap_err().kind(), "UnusableConfiguration", "{text}");
    }
}

#[tokio::test]
async fn weakness_13_tokens_are_kept_by_where_they_come_from_and_forgotten_when_refused() {
    let api = Server::answering(|received| match received.headers["authorization"].as_str() {
        "Bearer old" => status(401),
        _ => found(),
    })
    .await;
    let named = |name: &str| Reply::Json(200, json!({ "access_token": name, "expires_in": 3600 }));
    let auth = Server::replying(vec![named("old"), named("new")]).await;
    let other = Server::replying(vec![named("other")]).await;
    let world = oauth(&api, &auth).variable_set("ALLOWED_HOSTS", "127.0.0.1");
    answered(&world, transfer()).await.unwrap();
    assert_eq!(auth.received().len(), 2, "the refused token was replaced within the call");
    answered(&world, json!({ "authDomain": other.url() })).await.unwrap();
    assert_eq!(other.received().len(), 1, "another place, another token");
    let last = api.received().pop().unwrap();
    assert_eq!(last.headers["authorization"], "Bearer other");
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_a_failure() {
    let api = Server::replying(vec![status(401)]).await;
    let auth = Server::replying(vec![token(3600)]).await;
    answered(&oauth(&api, &auth), transfer()).await.unwrap_err();
    assert_eq!(api.received().len(), 2);
}

#[tokio::test]
async fn weakness_14_parts_of_a_name_are_plain() {
    let api = Server::replying(vec![found()]).await;
    for part in ["%2E%2e", "%2f", "a%2Fb", "..", "a b", "a?b", "ä", "a\0"] {
        let name = format!("customers/acme/profiles/main/virtualAgents/{part}");
        let failure = answered(&world(&api), json!({ "virtualAgentName": name })).await.unwrap_err();
        assert_eq!(failure.kind(), "UnusableConfiguration", "{part}");
    }
    assert!(api.received().is_empty());
}

#[tokio::test]
async fn weakness_15_an_empty_parameter_does_not_hide_a_good_setting() {
    let api = Server::replying(vec![found()]).await;
    answered(&world(&api), json!({ "virtualAgentName": "", "apiDomain": "", "region": "", "action": "" }))
        .await
        .unwrap();
}

#[tokio::test]
async fn weakness_16_an_answer_that_connect_cannot_dial_is_a_failure() {
    let bad = [
        json!([]),
        json!({}),
        json!({ "phoneNumber": "2065550123" }),
        json!({ "phoneNumber": "+1 206 555 0123" }),
        json!({ "phoneNumber": 12_065_550_123_u64 }),
        json!({ "phoneNumber": "+12065550123", "dtmfSequence": "12x4" }),
        json!({ "phoneNumber": "+12065550123", "dtmfSequence": 1234 }),
        json!({ "phoneNumber": "+12065550123", "dtmfSequence": "1".repeat(51) }),
    ];
    for body in bad {
        let api = Server::replying(vec![Reply::Json(200, body.clone())]).await;
        assert_eq!(answered(&world(&api), transfer()).await.unwrap_err().kind(), "UpstreamFailed", "{body}");
    }
    let api = Server::replying(vec![Reply::Text(200, "<html>".to_owned())]).await;
    assert_eq!(answered(&world(&api), transfer()).await.unwrap_err().kind(), "UpstreamFailed");
    let longest = json!({ "phoneNumber": "+12065550123", "dtmfSequence": "1".repeat(50) });
    let api = Server::replying(vec![Reply::Json(200, longest)]).await;
    answered(&world(&api), transfer()).await.unwrap();
}

#[tokio::test]
async fn weakness_17_what_connect_cannot_read_is_flattened_or_refused() {
    let nested = json!({ "phoneNumber": "+12065550123", "extra": { "n": 1, "list": [true, null] } });
    let api = Server::replying(vec![Reply::Json(200, nested)]).await;
    let answer = answered(&world(&api), transfer()).await.unwrap();
    let expected = json!({
        "phoneNumber": "+12065550123", "dtmfSequence": "", "extra_n": "1", "extra_list_0": "true", "extra_list_1": "",
    });
    assert_eq!(answer.into_value(), expected);
    let long = json!({ "phoneNumber": "+12065550123", "note": "x".repeat(33_000) });
    let api = Server::replying(vec![Reply::Json(200, long)]).await;
    assert_eq!(answered(&world(&api), transfer()).await.unwrap_err().kind(), "UnusableAnswer");
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let api = Server::replying(vec![Reply::Text(200, "x".repeat(2 * 1024 * 1024))]).await;
    assert_eq!(answered(&world(&api), transfer()).await.unwrap_err().kind(), "UpstreamFailed");
}

#[tokio::test]
async fn sample_events_get_their_answers() {
    let api = Server::answering(|received| {
        if received.path.ends_with("fetchAIAgentHandoff") {
            return Reply::Json(
                200,
                json!({ "handoff": { "summary": "wants a loan", "transferTarget": "pstn:sales" } }),
            );
        }
        found()
    })
    .await;
    for sample in samples(env!("CARGO_MANIFEST_DIR")) {
        let answer = pstn_transfer::handle(Event::read(sample.event.clone()).unwrap(), &world(&api)).await;
        sample.is_answered_by(answer.map(Answer::into_value));
    }
}
