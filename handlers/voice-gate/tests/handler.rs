//! The sample events, each against an item of its own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops, helpers included"
)]

use std::sync::Arc;

use handler_common::Failure;
use handler_common::connect::{Answer, Event};
use handler_common::store::{Embedded, Item, Key, Store};
use handler_common::testing::{Reply, Server, samples};
use handler_common::world::{Clock, HandClock, World};
use serde_json::{Value, json};
use voice_common::VoiceIt;

const NOW: &str = "2026-01-02T03:04:05Z";

/// What the store has of the caller in the sample of a name.
fn known(sample: &str) -> Option<Value> {
    let caller = |enrolled: u32, more: Value| {
        let mut info = json!({
            "userId": "usr_0123456789abcdef0123456789abcdef", "verifying": false, "enrolling": false,
            "verified": false, "numEnrollments": enrolled, "authTime": "2026-01-02T03:04:00Z",
        });
        info.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Some(json!({ "info": info }))
    };
    let verified = json!({ "verified": true, "code": "123456" });
    match sample {
        "enrollfromscratch" | "hidden-number" => None,
        "enroll" => caller(1, json!({})),
        "verify" => caller(3, json!({})),
        "returning" | "verified" | "unconfirmed" => caller(3, verified),
        "failedverified" => {
            caller(3, json!({ "verified": true, "code": "123456", "authTime": "2026-01-02T03:03:55Z" }))
        }
        "locked" => caller(3, json!({ "failures": 6, "failuresSince": 1_767_323_000 })),
        other => panic!("no item for the sample {other}"),
    }
}

#[tokio::test]
async fn sample_events_get_their_answers() {
    let user = json!({ "responseCode": "SUCC", "userId": "usr_0123456789abcdef0123456789abcdef" });
    let voiceit = Server::replying(vec![Reply::Json(201, user)]).await;
    for sample in samples(env!("CARGO_MANIFEST_DIR")) {
        let clock = Arc::new(HandClock::at(NOW).unwrap());
        let store = Embedded::in_memory(voice_common::table(), Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
        if let Some(Value::Object(item)) = known(&sample.name()) {
            assert!(store.insert(&Key::new("+15554449999"), &Item::from(item)).await.unwrap());
        }
        let world = World::still()
            .with_clock(clock)
            .variable_set("VIAPIKEY", "key")
            .variable_set("VIAPITOKEN", "token")
            .variable_set("VOICEIT_URL", voiceit.url())
            .with_store(store)
            .with_http(VoiceIt::new().unwrap());
        let answer: Result<Answer, Failure> =
            voice_gate::handle(Event::read(sample.event.clone()).unwrap(), &world).await;
        if let Ok(answer) = &answer {
            assert_eq!(answer.get("Branch"), Some(sample.name().as_str()));
        }
        sample.is_answered_by(answer.map(Answer::into_value));
    }
}
