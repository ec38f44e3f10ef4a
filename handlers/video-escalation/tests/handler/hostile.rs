//! Requests that nobody means well: refused, with nothing sent on, nothing written, nothing leaked.

use handler_common::store::Store;
use handler_common::testing::Logs;
use serde_json::{Value, json};

use crate::stage::{EMAIL, Stage, agents, claims, embedded, meeting, request, start, start_with, token};

/// Nobody was asked anything, and nothing was written.
async fn is_untouched(stage: &Stage<impl Store>) {
    let asked: Vec<_> = stage.requests("").into_iter().filter(|one| one.path != "/jwks.json").collect();
    assert!(asked.is_empty(), "{asked:?}");
    for partition in ["M#m-1", "M#", "CUC#one"] {
        assert!(stage.world.store().query(partition, "").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn bodies_have_to_be_what_a_route_takes() {
    let stage = embedded().await;
    let raw = |content_type: &str, body: &str| {
        let mut event = agents("POST", "/meeting", meeting("m-1", "c-1"));
        event["headers"]["content-type"] = content_type.into();
        event["body"] = body.into();
        event
    };
    let right = meeting("m-1", "c-1").to_string();
    for (status, content_type, body) in [
        (415, "", right.as_str()),
        (415, "text/plain", &right),
        (415, "application/x-www-form-urlencoded", &right),
        (415, "application/jsonx", &right),
        (400, "application/json", ""),
        (400, "application/json", "null"),
        (400, "application/json", "[]"),
        (400, "application/json", "{"),
        (400, "application/json", "{}"),
        (400, "application/json", r#"{"externalMeetingId":"m-1","externalMeetingId":"m-2","meetingAttendees":[]}"#),
        (400, "application/json", r#"{"externalMeetingId":null,"meetingAttendees":[]}"#),
        (400, "application/json", r#"{"externalMeetingId":7,"meetingAttendees":[]}"#),
        (400, "application/json", r#"{"externalMeetingId":"m-1","meetingAttendees":null}"#),
        (400, "application/json", r#"{"externalMeetingId":"m-1","meetingAttendees":[]}"#),
        (413, "application/json", &format!("{right}{}", " ".repeat(16 * 1024))),
    ] {
        assert_eq!(stage.status(raw(content_type, body)).await, status, "{content_type} {body:.60}");
    }
    let deep = format!("{}{}", "[".repeat(8000), "]".repeat(8000));
    assert_eq!(stage.status(raw("application/json", &deep)).await, 400);
    let mut encoded = raw("application/json", "*");
    encoded["isBase64Encoded"] = true.into();
    assert!(video_escalation::handle(encoded, &stage.world).await.is_err(), "what no gateway sends");
    is_untouched(&stage).await;
}

#[tokio::test]
async fn values_have_to_be_what_they_are_for() {
    let stage = embedded().await;
    for (path, value) in [
        ("/externalMeetingId", json!("a")),
        ("/externalMeetingId", json!("m#1")),
        ("/externalMeetingId", json!("../m-1")),
        ("/externalMeetingId", json!("m".repeat(65))),
        ("/meetingTitle", json!("a\nb")),
        ("/meetingRegion", json!("eu/central")),
        ("/meetingRegion", json!("EU-CENTRAL-1")),
        ("/meetingAttendees/0/isOwner", json!(false)),
        ("/meetingAttendees/0/isOwner", Value::Null),
        ("/meetingAttendees/0/attendeeName", json!("")),
        ("/meetingAttendees/1/attendeeName", json!(" ")),
        ("/meetingAttendees/1/attendeeName", json!("x".repeat(257))),
        ("/meetingAttendees/1/attendeeEmail", json!("nobody")),
        ("/meetingAttendees/1/externalUserId", json!("a b")),
    ] {
        let mut body = meeting("m-1", "c-1");
        *body.pointer_mut(path).unwrap() = value.clone();
        assert_eq!(stage.status(agents("POST", "/meeting", body)).await, 400, "{path} {value}");
    }
    let twice = json!([{ "attendeeName": "a", "isOwner": true, "externalUserId": "c-1" },
        { "attendeeName": "b", "externalUserId": "c-1" }]);
    let mut body = meeting("m-1", "c-1");
    body["meetingAttendees"] = twice;
    assert_eq!(stage.status(agents("POST", "/meeting", body)).await, 400);
    let mut body = meeting("m-1", "c-1");
    body["meetingAttendees"] = (0..11).map(|_| json!({ "attendeeName": "a", "isOwner": true })).collect();
    assert_eq!(stage.status(agents("POST", "/meeting", body)).await, 400);
    is_untouched(&stage).await;
}

#[tokio::test]
async fn a_chat_takes_a_name_and_an_address_and_little_else() {
    let stage = embedded().await.with_variable("CHAT_ATTRIBUTES", "topic");
    for attributes in [
        json!({}),
        Value::Null,
        json!({ "customerEmailAddress": null }),
        json!({ "customerEmailAddress": "nobody" }),
        json!({ "customerEmailAddress": "a b@example.com" }),
        json!({ "customerEmailAddress": "a@b@example.com" }),
        json!({ "customerEmailAddress": "a\r\nb@example.com" }),
        json!({ "customerEmailAddress": 7 }),
        json!({ "customerEmailAddress": { "a": "b" } }),
        json!({ "customerEmailAddress": EMAIL, "topic": "a\u{0}b" }),
        json!({ "customerEmailAddress": EMAIL, "topic": "x".repeat(1025) }),
        json!({ "customerEmailAddress": EMAIL, "Topic": "x" }),
        json!({ "customerEmailAddress": EMAIL, "topic ": "x" }),
        json!([EMAIL]),
    ] {
        assert_eq!(stage.status(start_with(&attributes)).await, 400, "{attributes:.80}");
    }
    for participant in [
        json!(null),
        json!({}),
        json!({ "DisplayName": "" }),
        json!({ "DisplayName": "a\nb" }),
        json!({ "DisplayName": "x".repeat(257) }),
        json!({ "DisplayName": "Jo", "ParticipantRole": "AGENT" }),
    ] {
        let body = json!({ "ParticipantDetails": participant, "Attributes": { "customerEmailAddress": EMAIL } });
        assert_eq!(stage.status(request("POST", "/start", json!({}), &body)).await, 400, "{participant:.80}");
    }
    is_untouched(&stage).await;
    // What the chat widget does: no content type, and Base64.
    let mut event = start("");
    event["headers"] = json!({});
    let body = event["body"].as_str().unwrap().to_owned();
    event["body"] = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(body).into()
    };
    event["isBase64Encoded"] = true.into();
    assert_eq!(stage.status(event).await, 200);
}

#[tokio::test]
async fn there_is_nothing_beside_the_routes() {
    let stage = embedded().await;
    for (status, method, path) in [
        (404, "GET", "/"),
        (404, "POST", "/start/"),
        (404, "POST", "//start"),
        (404, "POST", "/START"),
        (404, "GET", "/../start"),
        (404, "POST", "/prod/start"),
        (405, "GET", "/start"),
        (405, "PATCH", "/meeting"),
        (405, "post", "/start"),
    ] {
        let event = request(method, path, json!({}), &Value::Null);
        assert_eq!(stage.status(event).await, status, "{method} {path}");
    }
    let prod = embedded().await.with_variable("BASE_PATH", "/prod");
    let mut event = start("");
    event["rawPath"] = "/prod/start".into();
    assert_eq!(prod.status(event).await, 200);
    for other in [json!({}), json!(null), json!({ "source": "aws.ec2" }), json!({ "requestContext": {} })] {
        assert!(video_escalation::handle(other, &stage.world).await.is_err());
    }
}

#[tokio::test]
async fn without_a_token_no_agents_route_does_anything() {
    let stage = embedded().await;
    for (method, path) in [
        ("POST", "/meeting"),
        ("DELETE", "/meeting"),
        ("POST", "/attendee"),
        ("POST", "/adhoc"),
        ("POST", "/ccplogin"),
        ("POST", "/setConnectUserId"),
        ("PUT", "/connect-user-cache"),
        ("POST", "/recording"),
        ("DELETE", "/recording"),
        ("GET", "/recording-summary"),
    ] {
        for headers in [
            json!({}),
            json!({ "authorization": format!("Bearer {}", token(&claims())) }),
            json!({ "cookie": format!("cognitoIdToken={}", token(&claims())) }),
            json!({ "cognito-id-token": token(&claims()) }),
            json!({ "x-join-token": "x" }),
        ] {
            let event = request(method, path, headers.clone(), &json!({}));
            assert_eq!(stage.status(event).await, 403, "{method} {path}");
        }
    }
    is_untouched(&stage).await;
    assert!(stage.requests("/jwks.json").is_empty());
}

#[tokio::test]
async fn a_playback_address_is_the_agents_page_or_refused() {
    let stage = embedded().await;
    let chat = stage.gets(start("")).await;
    let (id, customer) =
        (chat["externalMeetingId"].as_str().unwrap(), chat["attendeeExternalUserId"].as_str().unwrap());
    stage.meets(id, customer).await;
    let record = |url: &str| {
        let body = json!({ "externalMeetingId": id, "connectContactId": "foreign", "videoRecordingPlaybackURL": url });
        stage.status(agents("POST", "/recording", body))
    };
    for url in [
        "javascript:alert(1)".to_owned(),
        format!("https://evil.example/recording/{id}"),
        format!("https://agents.example.com.evil.example/recording/{id}"),
        format!("https://agents.example.com/recording/{id}?x"),
        "https://agents.example.com/recording/other".to_owned(),
    ] {
        assert_eq!(record(&url).await, 400, "{url}");
    }
    assert_eq!(record(&format!("https://agents.example.com/recording/{id}")).await, 200);
    let sent = stage.requests("/contact/attributes")[0].json();
    assert_eq!(sent["InitialContactId"], "contact-1", "the chat's own contact, whatever the page says");
}

#[tokio::test]
async fn refusals_tell_no_values_and_logs_neither() {
    let logs = Logs::caught();
    let stage = embedded().await;
    let body = json!({ "ParticipantDetails": { "DisplayName": { "secret-name": "hunter2" } } });
    let (_, refusal) = stage.asks(request("POST", "/start", json!({}), &body)).await;
    assert!(!refusal.to_string().contains("hunter2"), "{refusal}");
    let mut event = start("");
    event["headers"]["x-injected"] = "a\r\nSet-Cookie: hunter2".into();
    event["rawQueryString"] = "token=hunter2".into();
    event["requestContext"]["requestId"] = "r".into();
    let answer = stage.sends(event).await;
    assert!(!answer["headers"].to_string().contains("hunter2"));
    logs.hold_none_of(&["hunter2", EMAIL]);
}
