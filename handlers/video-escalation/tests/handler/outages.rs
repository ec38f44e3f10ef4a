//! Others out of order: there is an answer in time, and nothing half done stays.

use std::time::{Duration, Instant};

use handler_common::testing::Reply;
use serde_json::{Value, json};

use crate::stage::{agents, embedded, meeting, start};

/// Nobody waits longer than this for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

fn outages() -> Vec<Reply> {
    vec![
        Reply::Reset,
        Reply::Json(500, json!({ "message": "broken" })),
        Reply::Text(200, "<html>maintenance</html>".to_owned()),
        Reply::Json(200, json!([])),
        Reply::Json(200, Value::Null),
        Reply::Refusal(403, "AccessDeniedException"),
        Reply::Refusal(429, "TooManyRequestsException"),
    ]
}

#[tokio::test]
async fn every_route_answers_when_the_others_are_broken() {
    for reply in outages() {
        let stage = embedded().await;
        stage.meets("m-on", "c-1").await;
        for (fragment, event) in [
            ("*/contact/chat", start("")),
            ("*create-attendees", agents("POST", "/meeting", meeting("m-1", "c-1"))),
            (
                "*/attendees",
                agents(
                    "POST",
                    "/attendee",
                    json!({
                        "externalMeetingId": "m-on", "attendeeExternalUserId": "c-2", "attendeeName": "x",
                    }),
                ),
            ),
            ("*/user/federate/", agents("POST", "/ccplogin", json!({}))),
            ("*POST / ", agents("POST", "/ccplogin", json!({}))),
            ("*/users/", agents("PUT", "/connect-user-cache", Value::Null)),
            ("*RunTask", agents("POST", "/recording", json!({ "externalMeetingId": "m-on" }))),
        ] {
            stage.services.lock().unwrap().clear();
            stage.will(fragment, reply.clone());
            let (status, body) = stage.asks(event).await;
            // A user of whom nothing is said is one whom Connect does not know.
            let expected: &[u64] = if fragment == "*/users/" { &[502, 403] } else { &[502] };
            assert!(expected.contains(&status), "{fragment} {reply:?}: {status} {body}");
            assert!(body["message"].is_string() && !body.to_string().contains("broken"), "{body}");
        }
        stage.services.lock().unwrap().clear();
        assert_eq!(stage.item("M#m-1", "M#m-1").await, None);
        // Nothing of what failed is in the way of the next try.
        stage
            .gets(agents(
                "POST",
                "/attendee",
                json!({
                    "externalMeetingId": "m-on", "attendeeExternalUserId": "c-2", "attendeeName": "x",
                }),
            ))
            .await;
        stage.gets(agents("POST", "/recording", json!({ "externalMeetingId": "m-on" }))).await;
        stage.meets("m-1", "c-1").await;
    }
}

#[tokio::test]
async fn a_meeting_that_chime_does_not_end_is_not_marked_as_ended() {
    let stage = embedded().await;
    stage.meets("m-1", "c-1").await;
    stage.will("*DELETE /meetings", Reply::Json(500, json!({})));
    let end = || agents("DELETE", "/meeting", json!({ "externalMeetingId": "m-1" }));
    assert_eq!(stage.status(end()).await, 502);
    stage.services.lock().unwrap().clear();
    stage.will("DELETE /meetings", Reply::Refusal(404, "NotFoundException"));
    stage.gets(end()).await;
    stage.gets(end()).await;
    assert_eq!(stage.status(agents("DELETE", "/meeting", json!({ "externalMeetingId": "none" }))).await, 404);
}

#[tokio::test]
async fn silence_is_answered_in_time_and_the_reference_is_given_back() {
    let stage = embedded().await;
    let number = stage.reference().await;
    stage.will("*/contact/chat", Reply::Silence(Duration::from_mins(1)));
    let begin = Instant::now();
    let status = stage.status(start(&number)).await;
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    assert!([502, 504].contains(&status), "{status}");
    stage.services.lock().unwrap().clear();
    stage.gets(start(&number)).await;
    assert_eq!(stage.attributes()["videoReferenceStatus"], "valid");
}
