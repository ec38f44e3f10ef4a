//! Many at once.

use std::sync::Arc;

use handler_common::store::Store;
use serde_json::{Value, json};

use crate::stage::{EMAIL, Stage, agents, dynamodb, embedded, meeting, start};

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_tries_at_one_reference_one_gets_through() {
    one_of_a_thousand(embedded().await).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a server: DYNAMODB_TEST_ENDPOINT"]
async fn of_a_thousand_tries_at_one_reference_dynamodb_lets_one_through() {
    one_of_a_thousand(dynamodb("race").await).await;
}

async fn one_of_a_thousand(stage: Stage<impl Store + 'static>) {
    // Without the lock, so that only the reference decides.
    let stage = Arc::new(stage.with_variable("REFERENCE_TRIES", "10000"));
    let number = stage.reference().await;
    assert_eq!(claimed_at_once(&stage, vec![number; 1000]).await, 1);
}

/// How many of some tries at references, made at once, are let through. Who does not get to an answer is not.
async fn claimed_at_once(stage: &Arc<Stage<impl Store + 'static>>, numbers: Vec<String>) -> usize {
    let tries: Vec<_> = numbers
        .into_iter()
        .map(|number| {
            let stage = Arc::clone(stage);
            tokio::spawn(async move { video_escalation::claim(&stage.world, &number, EMAIL).await })
        })
        .collect();
    let mut claimed = 0;
    for one in tries {
        claimed += usize::from(one.await.unwrap().is_ok_and(|claim| claim.is_some()));
    }
    claimed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_guesses_at_once_are_five() {
    let stage = Arc::new(embedded().await);
    let number = stage.reference().await;
    assert_eq!(claimed_at_once(&stage, (0..1000).map(|at| format!("{at:08}")).collect()).await, 0);
    assert_eq!(claimed_at_once(&stage, vec![number]).await, 0, "the address is locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_chats_at_once_one_hears_that_its_reference_is_valid() {
    let stage = Arc::new(embedded().await.with_variable("REFERENCE_TRIES", "10000"));
    let number = stage.reference().await;
    let chats: Vec<_> = (0..50)
        .map(|_| {
            let (stage, number) = (Arc::clone(&stage), number.clone());
            tokio::spawn(async move { stage.status(start(&number)).await })
        })
        .collect();
    for chat in chats {
        assert_eq!(chat.await.unwrap(), 200);
    }
    let told: Vec<Value> =
        stage.requests("/contact/chat").iter().map(|sent| sent.json()["Attributes"].clone()).collect();
    let (valid, others): (Vec<_>, Vec<_>) = told.iter().partition(|it| it["videoReferenceStatus"] == "valid");
    assert_eq!((valid.len(), others.len()), (1, 49));
    assert!(others.iter().all(|it| it.get("videoRouteToAgent").is_none()));
}

#[tokio::test]
async fn of_many_recordings_at_once_one_begins() {
    let stage = Arc::new(embedded().await);
    stage.meets("m-1", "c-1").await;
    let begun: Vec<_> = (0..50)
        .map(|_| {
            let stage = Arc::clone(&stage);
            let event = agents("POST", "/recording", json!({ "externalMeetingId": "m-1" }));
            tokio::spawn(async move { stage.status(event).await })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in begun {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(stage.requests("RunTask").len(), 1);
}

/// The whole story on the store that is in Lambda.
#[tokio::test]
#[ignore = "needs a server: DYNAMODB_TEST_ENDPOINT"]
async fn dynamodb_gives_the_same_story() {
    story(dynamodb("story").await).await;
}

#[tokio::test]
async fn a_call_becomes_a_chat_becomes_a_meeting_becomes_a_recording() {
    story(embedded().await).await;
}

async fn story(stage: Stage<impl Store>) {
    let number = stage.reference().await;
    let chat = stage.gets(start(&number)).await;
    assert_eq!(stage.attributes()["videoRouteToAgent"], "user-1");
    let (id, customer) =
        (chat["externalMeetingId"].as_str().unwrap(), chat["attendeeExternalUserId"].as_str().unwrap());
    stage.meets(id, customer).await;
    assert_eq!(stage.status(agents("POST", "/meeting", meeting(id, customer))).await, 409);
    let late = json!({ "externalMeetingId": id, "attendeeExternalUserId": "later", "attendeeName": "Late" });
    assert_eq!(stage.gets(agents("POST", "/attendee", late.clone())).await["ExternalUserId"], "later");
    assert_eq!(stage.status(agents("POST", "/attendee", late)).await, 409);
    let query = format!("/attendee-join-data?externalMeetingId={id}&attendeeExternalUserId={customer}");
    let pass = json!({ "x-join-token": chat["joinToken"] });
    stage.gets(crate::stage::request("GET", &query, pass.clone(), &Value::Null)).await;
    stage.gets(agents("POST", "/recording", json!({ "externalMeetingId": id }))).await;
    stage.gets(agents("DELETE", "/meeting", json!({ "externalMeetingId": id }))).await;
    assert_eq!(stage.requests("StopTask").len(), 1, "the recording ends with the meeting");
    let summary = format!("/recording-summary?externalMeetingId={id}");
    let recordings = stage.gets(agents("GET", &summary, Value::Null)).await;
    assert!(recordings[0]["endedAt"].is_string(), "{recordings}");
    assert_eq!(stage.status(crate::stage::request("GET", &query, pass, &Value::Null)).await, 403);
    // Once more in the same chat.
    stage.meets(id, customer).await;
}
