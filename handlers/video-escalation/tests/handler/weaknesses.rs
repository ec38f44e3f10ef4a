//! One test for each weakness of the program that this one replaces, by its number.

use handler_common::store::Store;
use handler_common::testing::{Logs, Reply};
use serde_json::{Value, json};

use crate::stage::{
    EMAIL, FLOW, NOW, Stage, agents, by, claims, claims_of, embedded, meeting, request, start, start_with, user,
};

#[tokio::test]
async fn weakness_01_flow_and_attributes_are_the_servers() {
    let stage = embedded().await.with_variable("CHAT_ATTRIBUTES", "topic, videoSneaked");
    let another = json!({ "ContactFlowId": "another", "ParticipantDetails": { "DisplayName": "Jo" },
        "Attributes": { "customerEmailAddress": EMAIL } });
    assert_eq!(stage.status(request("POST", "/start", json!({}), &another)).await, 400);
    for name in [
        "videoRouteToAgent",
        "videoExternalMeetingId",
        "videoReferenceStatus",
        "videoRecordingPlaybackURL",
        "videoRecordingAutoStartEnabled",
        "videoSneaked",
        "__proto__",
        "",
    ] {
        let event = start_with(&json!({ "customerEmailAddress": EMAIL, name: "x" }));
        assert_eq!(stage.status(event).await, 400, "{name}");
    }
    assert!(stage.requests("/contact/chat").is_empty());

    let data =
        stage.gets(start_with(&json!({ "customerEmailAddress": " Jo.Doe@Example.com", "topic": "shoes" }))).await;
    let sent = stage.requests("/contact/chat")[0].json();
    assert_eq!((&sent["ContactFlowId"], &sent["InstanceId"]), (&json!(FLOW), &json!("instance-1")));
    let attributes = stage.attributes();
    let expected = json!({
        "customerEmailAddress": EMAIL, "customerName": "Jo Doe", "topic": "shoes",
        "videoAttendeeEmail": EMAIL, "videoAttendeeExternalUserId": data["attendeeExternalUserId"],
        "videoAttendeeName": "Jo Doe", "videoExternalMeetingId": data["externalMeetingId"],
        "videoReferenceStatus": "none", "videoVendorName": "Chime",
    });
    assert_eq!(attributes, expected);
}

#[tokio::test]
async fn weakness_02_only_eight_digits_are_a_reference() {
    let stage = embedded().await;
    let right = stage.reference().await;
    for wrong in ["1", "1e7", "0x10", "12345678.0", "+1234567", "１２３４５６７８", "123456789", "Infinity", "-0", "x"]
    {
        stage.gets(start(wrong)).await;
        let attributes = stage.attributes();
        assert_eq!(attributes["videoReferenceId"], "error", "{wrong}");
        assert_eq!(attributes["videoReferenceStatus"], "invalid", "{wrong}");
        assert_eq!(attributes.get("videoRouteToAgent"), None, "{wrong}");
    }
    // The status is a flag of its own, whatever is in the number.
    stage.gets(start(&format!(" {right} "))).await;
    assert_eq!(stage.attributes()["videoReferenceStatus"], "valid");
    assert_eq!(stage.attributes()["videoReferenceId"], right.as_str());
    assert_eq!(stage.attributes()["videoRouteToAgent"], "user-1");
}

#[tokio::test]
async fn weakness_03_of_two_chats_with_one_reference_one_is_let_through() {
    let stage = embedded().await;
    let number = stage.reference().await;
    let (one, two) = tokio::join!(stage.gets(start(&number)), stage.gets(start(&number)));
    assert_ne!(one["externalMeetingId"], two["externalMeetingId"]);
    let mut statuses: Vec<Value> = stage
        .requests("/contact/chat")
        .iter()
        .map(|sent| sent.json()["Attributes"]["videoReferenceStatus"].clone())
        .collect();
    statuses.sort_by_key(Value::to_string);
    assert_eq!(statuses, ["invalid", "valid"]);
}

#[tokio::test]
async fn weakness_04_a_reference_whose_chat_cannot_start_can_be_used_again() {
    let stage = embedded().await;
    let number = stage.reference().await;
    for reply in [
        Reply::Refusal(400, "InvalidRequestException"),
        Reply::Refusal(403, "AccessDeniedException"),
        Reply::Json(200, json!({})),
        Reply::Text(200, "<html>".to_owned()),
    ] {
        stage.will("/contact/chat", reply.clone());
        assert_eq!(stage.status(start(&number)).await, 502, "{reply:?}");
        let passes = stage.world.store().query(&format!("M#{}", visit(&stage, &number).await), "").await.unwrap();
        assert!(passes.is_empty(), "a pass stays behind");
    }
    let data = stage.gets(start(&number)).await;
    assert_eq!(stage.attributes()["videoReferenceStatus"], "valid");
    // Every try was for the same chat, so that one whose answer was lost does not become two.
    let sent = stage.requests("/contact/chat");
    assert_eq!(sent.len(), 5);
    assert!(sent.iter().all(|one| one.json()["ClientToken"] == data["externalMeetingId"]));
}

async fn visit(stage: &Stage<impl Store>, number: &str) -> String {
    stage.item(&format!("R#{number}"), &format!("R#{number}")).await.unwrap()["visit"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn weakness_05_references_cannot_be_guessed() {
    let stage = embedded().await;
    let mut numbers = Vec::new();
    for _ in 0..64 {
        let number = stage.reference().await;
        assert!(number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit()), "{number}");
        numbers.push(number.parse::<u32>().unwrap());
    }
    // The original's are all multiples of 256.
    assert!(numbers.iter().any(|number| number % 2 == 1) && numbers.iter().any(|number| number % 256 != 0));
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 64);

    // Tries at one number, with addresses that are not its own, lock it.
    let number = stage.reference().await;
    for at in 0..5 {
        let event =
            start_with(&json!({ "customerEmailAddress": format!("x{at}@example.com"), "videoReferenceId": number }));
        stage.gets(event).await;
        assert_eq!(stage.attributes()["videoReferenceStatus"], "invalid");
    }
    stage.gets(start(&number)).await;
    assert_eq!(stage.attributes()["videoReferenceStatus"], "invalid", "it is locked");

    // Tries at many numbers, for one address, lock the address for as long as a number lives.
    stage.clock.advance(901_000);
    let number = stage.reference().await;
    for wrong in 0..5 {
        stage.gets(start(&format!("{wrong:08}"))).await;
    }
    stage.gets(start(&number)).await;
    assert_eq!(stage.attributes()["videoReferenceStatus"], "invalid", "the address is locked");
    stage.clock.advance(901_000);
    let number = stage.reference().await;
    stage.gets(start(&number)).await;
    assert_eq!(stage.attributes()["videoReferenceStatus"], "valid");
}

#[tokio::test]
async fn weakness_05_the_address_counts_however_it_is_written_and_all_failures_look_alike() {
    let stage = embedded().await.with_variable("REFERENCE_MINUTES", "2");
    let number = stage.reference().await;
    let event = start_with(&json!({ "customerEmailAddress": " JO.DOE@example.COM ", "videoReferenceId": number }));
    let mut answers = Vec::new();
    stage.gets(event).await;
    assert_eq!(stage.attributes()["videoReferenceStatus"], "valid");
    // Used, unknown, another's, over.
    let others = stage.reference().await;
    let over = stage.reference().await;
    stage.clock.advance(121_000);
    for (email, number) in
        [(EMAIL, number.as_str()), (EMAIL, "00000000"), ("other@example.com", &others), (EMAIL, &over)]
    {
        let event = start_with(&json!({ "customerEmailAddress": email, "videoReferenceId": number }));
        let mut data = stage.gets(event).await;
        for own in ["externalMeetingId", "attendeeExternalUserId", "joinToken"] {
            data[own].take();
        }
        answers.push((data, stage.attributes()["videoReferenceId"].clone()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].1, "error");
}

#[tokio::test]
async fn weakness_06_numbers_of_references_that_are_over_are_given_out_again() {
    let stage = embedded().await;
    // Chance begins anew with every stage: the next one would give out the same number.
    let number = stage.reference().await;
    let again = embedded().await;
    let taken = stage.item(&format!("R#{number}"), &format!("R#{number}")).await.unwrap();
    let key = handler_common::store::Key::with_sort(format!("R#{number}"), format!("R#{number}"));
    again.world.store().replace(&key, &taken).await.unwrap();
    let other = again.reference().await;
    assert_ne!(other, number, "a number that is given out is not given out again");

    let over = embedded().await;
    over.world.store().replace(&key, &taken).await.unwrap();
    over.clock.advance(901_000);
    let mut late = claims();
    late["exp"] = (NOW + 36_000).into();
    let data = over.gets(by(&late, "POST", "/adhoc", json!({ "attendeeEmail": EMAIL }))).await;
    assert_eq!(data, number.as_str(), "one that is over is");
}

#[tokio::test]
async fn weakness_07_a_reference_leads_to_whoever_made_it() {
    let stage = embedded().await;
    for colleague in ["user-2", "agent.two@example.com", "everybody", "one; user-2"] {
        let body = json!({ "attendeeEmail": EMAIL, "routeToAgentQueue": colleague });
        assert_eq!(stage.status(agents("POST", "/adhoc", body)).await, 403, "{colleague}");
    }
    for own in ["user-1", "one", "agent+one@example.com", "agent_one@example.com"] {
        let body = json!({ "attendeeEmail": EMAIL, "routeToAgentQueue": own });
        let number = stage.gets(agents("POST", "/adhoc", body)).await.as_str().unwrap().to_owned();
        let item = stage.item(&format!("R#{number}"), &format!("R#{number}")).await.unwrap();
        assert_eq!(item["routeToAgentQueue"], "user-1");
    }
    let mut stranger = claims();
    stranger["custom:connectUserId"].take();
    assert_eq!(stage.status(by(&stranger, "POST", "/adhoc", json!({ "attendeeEmail": EMAIL }))).await, 403);
}

#[tokio::test]
async fn weakness_08_video_can_begin_again_in_the_same_chat() {
    let stage = embedded().await;
    let chat = stage.gets(start("")).await;
    let (id, customer) =
        (chat["externalMeetingId"].as_str().unwrap(), chat["attendeeExternalUserId"].as_str().unwrap());
    let first = stage.meets(id, customer).await;
    assert_eq!(stage.status(agents("POST", "/meeting", meeting(id, customer))).await, 409);
    stage.gets(agents("DELETE", "/meeting", json!({ "externalMeetingId": id }))).await;
    let second = stage.meets(id, customer).await;
    assert_ne!(first["JoinInfo"]["Meeting"]["MeetingId"], second["JoinInfo"]["Meeting"]["MeetingId"]);
    // The customer's token is good for the new one.
    let query = format!("/attendee-join-data?externalMeetingId={id}&attendeeExternalUserId={customer}");
    let headers = json!({ "x-join-token": chat["joinToken"] });
    let data = stage.gets(request("GET", &query, headers, &Value::Null)).await;
    assert_eq!(data["JoinInfo"]["Meeting"], second["JoinInfo"]["Meeting"]);
}

#[tokio::test]
async fn weakness_09_no_meeting_is_left_behind_at_chime() {
    // Two at once who want the same come to one meeting.
    let stage = embedded().await;
    let (one, two) = tokio::join!(stage.meets("m-1", "c-1"), stage.meets("m-1", "c-1"));
    assert_eq!(one["JoinInfo"]["Meeting"], two["JoinInfo"]["Meeting"]);
    let tokens: Vec<_> =
        stage.requests("create-attendees").iter().map(|sent| sent.json()["ClientRequestToken"].clone()).collect();
    assert_eq!((tokens.len(), &tokens[0]), (2, &tokens[1]));
    assert!(stage.requests("DELETE /meetings").is_empty());

    // Of two agents at once, one meeting stays, and the other is ended.
    let stage = embedded().await;
    let other = claims_of(2, "agent.two@example.com");
    let (one, two) = tokio::join!(
        stage.status(agents("POST", "/meeting", meeting("m-1", "c-1"))),
        stage.status(by(&other, "POST", "/meeting", meeting("m-1", "c-1")))
    );
    let mut statuses = [one, two];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(stage.requests("DELETE /meetings").len(), 1);

    // Attendees that could not be made take the meeting with them.
    let stage = embedded().await;
    let partly = json!({ "Meeting": { "MeetingId": "half" }, "Attendees": [], "Errors": [{ "ErrorCode": "x" }] });
    stage.will("create-attendees", Reply::Json(201, partly));
    assert_eq!(stage.status(agents("POST", "/meeting", meeting("m-1", "c-1"))).await, 502);
    assert_eq!(stage.requests("DELETE /meetings/half").len(), 1);
    assert_eq!(stage.item("M#m-1", "M#m-1").await, None);
}

#[tokio::test]
async fn weakness_10_clients_write_no_fields_of_ours() {
    let stage = embedded().await;
    stage.meets("m-1", "c-1").await;
    for field in ["PK", "SK", "TTL", "isOwner", "chimeAttendeeId", "entityType"] {
        let mut body = json!({ "externalMeetingId": "m-1", "attendeeExternalUserId": "c-2", "attendeeName": "x" });
        body[field] = json!("M#m-2");
        assert_eq!(stage.status(agents("POST", "/attendee", body)).await, 400, "{field}");
        let mut body = meeting("m-2", "c-1");
        body["meetingAttendees"][1][field] = json!("M#m-1");
        assert_eq!(stage.status(agents("POST", "/meeting", body)).await, 400, "{field}");
    }
    // Names of fields in ids would be paths in the store.
    let body = json!({ "externalMeetingId": "m-1", "attendeeExternalUserId": "c-1.isOwner", "attendeeName": "x" });
    assert_eq!(stage.status(agents("POST", "/attendee", body)).await, 400);
    let item = stage.item("M#m-1", "M#m-1").await.unwrap();
    assert_eq!(item["attendees"].as_object().unwrap().len(), 2);
    assert_eq!(stage.item("M#m-2", "M#m-2").await, None);
}

#[tokio::test]
async fn weakness_11_expiry_is_reckoned_from_the_request() {
    let stage = embedded().await;
    let later = 3 * 24 * 3600;
    stage.clock.advance(later * 1000);
    let mut late = claims();
    late["exp"] = (NOW + later + 10).into();
    stage.gets(by(&late, "PUT", "/connect-user-cache", Value::Null)).await;
    let expires = stage.item("CUC#one", "CUC#one").await.unwrap()["TTL"].as_i64().unwrap();
    assert_eq!(expires, NOW + later + 12 * 3600);
    stage.gets(by(&late, "POST", "/meeting", meeting("m-1", "c-1"))).await;
    let expires = stage.item("M#m-1", "M#m-1").await.unwrap()["TTL"].as_i64().unwrap();
    assert_eq!(expires, NOW + later + 45 * 24 * 3600);
}

#[tokio::test]
async fn weakness_12_only_the_right_participant_gets_join_data_and_only_while_the_meeting_is_on() {
    let stage = embedded().await;
    let chat = stage.gets(start("")).await;
    let (id, customer) =
        (chat["externalMeetingId"].as_str().unwrap(), chat["attendeeExternalUserId"].as_str().unwrap());
    let asks = |route: &str, meeting: &str, attendee: &str, headers: Value| {
        let target = format!("/{route}?externalMeetingId={meeting}&attendeeExternalUserId={attendee}");
        stage.asks(request("GET", &target, headers, &Value::Null))
    };
    let pass = || json!({ "x-join-token": chat["joinToken"] });
    // Before there is a meeting.
    assert_eq!(asks("attendee-join-data", id, customer, pass()).await.0, 403);
    let begun = stage.meets(id, customer).await;
    let owner = begun["JoinInfo"]["Attendee"]["ExternalUserId"].as_str().unwrap();
    let (status, body) = asks("attendee-join-data", id, customer, pass()).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["data"]["JoinInfo"]["Attendee"]["ExternalUserId"], customer);

    // Nobody in particular, a made-up token, another's chat, another attendee, a meeting that is none: all the same.
    let other = stage.gets(start("")).await;
    let foreign = json!({ "x-join-token": other["joinToken"] });
    let (_, refusal) = asks("attendee-join-data", id, customer, foreign.clone()).await;
    for (meeting, attendee, headers) in [
        (id, customer, json!({ "x-join-token": "" })),
        (id, customer, json!({ "x-join-token": "0".repeat(64) })),
        (id, owner, pass()),
        (id, "nobody", pass()),
        ("no-meeting", customer, pass()),
    ] {
        let (status, body) = asks("attendee-join-data", meeting, attendee, headers.clone()).await;
        assert_eq!((status, &body), (403, &refusal), "{meeting} {attendee} {headers}");
    }
    assert_eq!(asks("attendee-join-data", id, customer, json!({})).await.0, 403);

    // The agent gets the agent's, and hears names; the customer hears names; others hear nothing.
    let agent = json!({ "cognitoIdToken": crate::stage::token(&claims()) });
    assert_eq!(asks("attendee-join-data", id, owner, agent.clone()).await.0, 200);
    assert_eq!(asks("attendee-join-data", id, customer, agent.clone()).await.0, 403);
    assert_eq!(asks("attendee-name", id, customer, agent.clone()).await.1["data"], "Jo Doe");
    assert_eq!(asks("attendee-name", id, owner, pass()).await.1["data"], "Agent");
    assert_eq!(asks("attendee-name", id, "nobody", pass()).await.1["data"], "Unknown");
    assert_eq!(asks("attendee-name", id, owner, foreign).await.0, 403);
    let colleague = json!({ "cognitoIdToken": crate::stage::token(&claims_of(2, "agent.two@example.com")) });
    assert_eq!(asks("attendee-join-data", id, owner, colleague).await.0, 403);

    stage.gets(agents("DELETE", "/meeting", json!({ "externalMeetingId": id }))).await;
    assert_eq!(asks("attendee-join-data", id, customer, pass()).await.0, 403);
    assert_eq!(asks("attendee-join-data", id, owner, agent).await.0, 403);
}

#[tokio::test]
async fn weakness_14_recordings_are_counted_stopped_by_their_owner_and_written_before_they_run() {
    let stage = embedded().await;
    stage.meets("m-1", "c-1").await;
    let start = || agents("POST", "/recording", json!({ "externalMeetingId": "m-1" }));
    let other = claims_of(2, "agent.two@example.com");
    assert_eq!(stage.status(by(&other, "POST", "/recording", json!({ "externalMeetingId": "m-1" }))).await, 403);

    // A task that cannot start leaves nothing behind.
    stage.will("RunTask", Reply::Json(200, json!({ "tasks": [], "failures": [{ "reason": "RESOURCE:MEMORY" }] })));
    assert_eq!(stage.status(start()).await, 502);
    assert!(stage.world.store().query("M#m-1", "REC#").await.unwrap().is_empty());
    assert_eq!(stage.requests("DELETE /meetings/chime-meeting-0/attendees/").len(), 1);

    let data = stage.gets(start()).await;
    let id = data["recordingId"].as_str().unwrap().to_owned();
    assert_eq!(stage.status(start()).await, 409, "one at a time");
    let sent = stage.requests("RunTask").last().unwrap().json();
    assert_eq!(sent["clientToken"], id.as_str());
    let item = stage.item("M#m-1", &format!("REC#{id}")).await.unwrap();
    assert_eq!(item["ecsTaskARN"], "arn:task/1");
    assert_eq!(item["recordingS3Object"], format!("RECORDINGS/2026/01/02/03/m-1_{id}_20260102T03:04:05_UTC.mp4"));

    let stop = || json!({ "externalMeetingId": "m-1" });
    assert_eq!(stage.status(by(&other, "DELETE", "/recording", stop())).await, 403);
    stage.will("StopTask", Reply::Json(400, json!({ "__type": "ClientException" })));
    let counted = stage.gets(agents("DELETE", "/recording", stop())).await;
    assert_eq!(counted, json!({ "recordingsStopped": 0, "recordingsNotStopped": 1 }));
    let counted = stage.gets(agents("DELETE", "/recording", stop())).await;
    assert_eq!(counted, json!({ "recordingsStopped": 1, "recordingsNotStopped": 0 }));
    // A task that is gone has stopped; and there can be another recording.
    stage.gets(start()).await;
    stage.will("StopTask", Reply::Json(400, json!({ "__type": "InvalidParameterException" })));
    let counted = stage.gets(agents("DELETE", "/recording", stop())).await;
    assert_eq!(counted["recordingsStopped"], 1);
}

#[tokio::test]
async fn weakness_14_a_meeting_that_ends_takes_its_recording_with_it() {
    let stage = embedded().await;
    let ended = |chime: &str| {
        json!({ "source": "aws.chime", "detail-type": "Chime Meeting State Change",
            "detail": { "eventType": "chime:MeetingEnded", "meetingId": chime, "externalMeetingId": "m-1" } })
    };
    stage.meets("m-1", "c-1").await;
    stage.gets(agents("POST", "/recording", json!({ "externalMeetingId": "m-1" }))).await;
    assert_eq!(stage.sends(ended("of-another-time")).await["recordingsStopped"], 0);
    stage.will("StopTask", Reply::Json(500, json!({})));
    stage.will("StopTask", Reply::Json(500, json!({})));
    stage.will("StopTask", Reply::Json(500, json!({})));
    assert!(video_escalation::handle(ended("chime-meeting-0"), &stage.world).await.is_err(), "it has to come again");
    assert_eq!(stage.sends(ended("chime-meeting-0")).await["recordingsStopped"], 1);
    assert_eq!(stage.sends(ended("chime-meeting-0")).await["recordingsStopped"], 0);
    assert!(stage.item("M#m-1", "M#m-1").await.unwrap().contains_key("endedAt"));
}

#[tokio::test]
async fn weakness_15_recordings_are_seen_from_above_and_ownership_is_403() {
    let stage = embedded().await;
    let none = agents("GET", "/recording-summary?externalMeetingId=m-1", Value::Null);
    assert_eq!(stage.status(none).await, 404);
    stage.meets("m-1", "c-1").await;
    stage.gets(agents("POST", "/recording", json!({ "externalMeetingId": "m-1" }))).await;
    let summary = |who: &Value| stage.asks(by(who, "GET", "/recording-summary?externalMeetingId=m-1", Value::Null));
    let (status, own) = summary(&claims()).await;
    assert_eq!(status, 200, "{own}");
    let url = own["data"][0]["recordingURL"].as_str().unwrap();
    assert!(url.contains("/recordings-1/RECORDINGS/2026/01/02/03/m-1_"), "{url}");
    assert!(url.contains("T03%3A04%3A05_UTC.mp4?") && url.contains("X-Amz-Expires=900"), "{url}");
    assert_eq!(summary(&claims_of(3, "boss@example.com")).await.0, 200, "the group above");
    assert_eq!(summary(&claims_of(2, "agent.two@example.com")).await.0, 403, "the group beside");
    assert_eq!(summary(&claims_of(4, "free@example.com")).await.0, 403, "no group at all");
    // Not even those of somebody without a group, to somebody without one.
    let free = claims_of(4, "free@example.com");
    stage.gets(by(&free, "POST", "/meeting", meeting("m-2", "c-1"))).await;
    stage.gets(by(&free, "POST", "/recording", json!({ "externalMeetingId": "m-2" }))).await;
    stage.knows("user-5", user("also.free@example.com", "", &["playback"]));
    let also = claims_of(5, "also.free@example.com");
    assert_eq!(stage.status(by(&also, "GET", "/recording-summary?externalMeetingId=m-2", Value::Null)).await, 403);
    // Nor without the security profile, whatever the group.
    stage.knows("user-6", user("six@example.com", "group-top", &["other"]));
    assert_eq!(summary(&claims_of(6, "six@example.com")).await.0, 403);
    // Somebody else's meeting is 403 everywhere.
    let other = claims_of(2, "agent.two@example.com");
    let attendee = json!({ "externalMeetingId": "m-1", "attendeeExternalUserId": "c-2", "attendeeName": "x" });
    assert_eq!(stage.status(by(&other, "POST", "/attendee", attendee)).await, 403);
    assert_eq!(stage.status(by(&other, "DELETE", "/meeting?externalMeetingId=m-1", Value::Null)).await, 403);
}

#[tokio::test]
async fn weakness_16_one_name_in_connect_is_one_users() {
    let stage = embedded().await;
    let mut plus = claims();
    plus["email"] = "a+b+c@example.com".into();
    let logs_in = |who: &Value| stage.asks(by(who, "POST", "/ccplogin", json!({ "connectLoginByEmail": true })));
    let (status, body) = logs_in(&plus).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["data"]["AccessTokenExpiration"], 1_767_326_645_000_i64);
    assert_eq!(body["data"]["RefreshTokenExpiration"], 1_767_330_000_500.0);
    let assumed = stage.requests("POST / ").last().unwrap().body.clone();
    assert!(assumed.contains("RoleSessionName=a_b_c%40example.com"), "every plus sign: {assumed}");
    // The role signs, not the function.
    let signed = stage.requests("/user/federate/").last().unwrap().headers["authorization"].clone();
    assert!(signed.contains("Credential=ASIA1/"), "{signed}");
    // Another user whose address comes to the same name.
    let other = claims_of(9, "a_b+c@example.com");
    assert_eq!(logs_in(&other).await.0, 403);
    assert_eq!(logs_in(&plus).await.0, 200, "the first one's it stays");
    // An address that nobody has verified is nobody's.
    plus["email_verified"] = false.into();
    assert_eq!(logs_in(&plus).await.0, 403);
    stage.will("/user/federate/", Reply::Refusal(404, "UserNotFoundException"));
    assert_eq!(logs_in(&claims()).await.0, 404);
}

#[tokio::test]
async fn weakness_17_errors_have_both_names_and_links_are_escaped() {
    let stage = embedded().await.with_variable("WEBSITE_AD_HOC_URL", "https://www.example.com/video");
    let (_, refusal) = stage.asks(request("POST", "/adhoc", json!({}), &json!({}))).await;
    assert!(refusal["message"].is_string() && refusal["message"] == refusal["error"], "{refusal}");
    assert_eq!(refusal["reqId"], "request-1");
    let (_, body) = stage.asks(agents("POST", "/adhoc", json!({ "attendeeEmail": "a+b&c=d@example.com" }))).await;
    let number = body["data"].as_str().unwrap();
    assert_eq!(body["link"], format!("https://www.example.com/video?refId={number}&refEm=a%2Bb%26c%3Dd%40example.com"));
}

#[tokio::test]
async fn weakness_18_chats_take_messages_of_a_type_of_their_own() {
    let stage = embedded().await;
    stage.gets(start("")).await;
    let types = &stage.requests("/contact/chat")[0].json()["SupportedMessagingContentTypes"];
    assert_eq!(types, &json!(["text/plain", "application/json"]));
}

#[tokio::test]
async fn weakness_19_the_pages_settings_have_their_content_type_and_leave_no_file() {
    let stage = embedded().await.with_variable("API_URL", "https://api.example.com/video");
    let answer = stage.sends(request("GET", "/frontend-config.js", json!({}), &Value::Null)).await;
    assert_eq!(answer["headers"]["content-type"], "application/javascript; charset=utf-8");
    let config = config(&answer);
    assert_eq!(config["chimeAPI"], "https://api.example.com/video/");
    assert_eq!(config["identityPoolId"], "not-defined");
    assert!(!answer["body"].as_str().unwrap().contains("secret"));
}

fn config(answer: &Value) -> Value {
    let text = answer["body"].as_str().unwrap();
    let json = text.strip_prefix("window.vceConfig = ").and_then(|text| text.strip_suffix(";\n")).unwrap();
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn weakness_20_settings_come_through_whole_and_as_texts() {
    let stage = embedded()
        .await
        .with_variable("CONNECT_INSTANCE_URL", "https://x.my.connect.aws/?a=b&c==d</script>")
        .with_variable("COGNITO_SAML_PROVIDER", "true");
    let answer = stage.sends(request("GET", "/frontend-config.js", json!({}), &Value::Null)).await;
    assert!(!answer["body"].as_str().unwrap().contains("</script>"));
    let config = config(&answer);
    assert_eq!(config["connectInstanceURL"], "https://x.my.connect.aws/?a=b&c==d</script>");
    assert_eq!(config["cognitoSAMLIdentityProviderName"], "true");
}

#[tokio::test]
async fn weakness_21_logs_hold_no_people_and_no_tokens_and_chime_is_the_current_one() {
    let logs = Logs::caught();
    let stage = embedded().await;
    let number = stage.reference().await;
    let chat = stage.gets(start(&number)).await;
    let id = chat["externalMeetingId"].as_str().unwrap();
    let customer = chat["attendeeExternalUserId"].as_str().unwrap();
    stage.meets(id, customer).await;
    stage.gets(agents("POST", "/ccplogin", json!({}))).await;
    stage.will("*/contact/chat", Reply::Json(500, json!({ "message": format!("no chat for {EMAIL}, {number}") })));
    stage.status(start("12345678")).await;
    let forged = format!("{}x", crate::stage::token(&claims()));
    stage.status(request("POST", "/adhoc", json!({ "cognitoIdToken": forged }), &json!({}))).await;
    logs.hold_none_of(&[
        EMAIL,
        "agent+one@example.com",
        "Jo Doe",
        &number,
        chat["joinToken"].as_str().unwrap(),
        "chat-token",
        "join-1",
        "role-session",
        "access\"",
        "eyJ",
    ]);
    let sent = stage.requests("POST /meetings?operation=create-attendees").pop().unwrap();
    assert!(sent.headers["authorization"].contains("/us-east-1/chime/aws4_request"), "{:?}", sent.headers);
    assert_eq!(sent.json()["MediaRegion"], "eu-central-1");
}

#[tokio::test]
async fn weakness_21_only_pages_on_the_list_are_answered() {
    let stage = embedded().await;
    let from = |method: &str, path: &str, origin: &str| {
        let mut event = start("");
        event["requestContext"]["http"]["method"] = method.into();
        event["rawPath"] = path.into();
        event["headers"]["origin"] = origin.into();
        event
    };
    let right = stage.sends(from("POST", "/start", "https://shop.example.com")).await;
    assert_eq!(right["statusCode"], 200);
    assert_eq!(right["headers"]["access-control-allow-origin"], "https://shop.example.com");
    let preflight = stage.sends(from("OPTIONS", "/meeting", "https://agents.example.com")).await;
    assert_eq!(preflight["statusCode"], 204);
    assert_eq!(preflight["headers"]["access-control-allow-methods"], "POST, DELETE");
    let before = stage.requests("").len();
    for origin in [
        "https://evil.example",
        "https://shop.example.com.evil.example",
        "http://shop.example.com",
        "https://agents.example.com",
        "https://shop.example.com,https://evil.example",
        "null",
        "*",
        "",
    ] {
        let answer = stage.sends(from("POST", "/start", origin)).await;
        assert_eq!(answer["statusCode"], 403, "{origin}");
        assert_eq!(answer["headers"].get("access-control-allow-origin"), None, "{origin}");
        assert_eq!(stage.sends(from("OPTIONS", "/start", origin)).await["statusCode"], 403, "{origin}");
    }
    assert_eq!(stage.requests("").len(), before);
    // A list that says everybody says nobody.
    let open = embedded().await.with_variable("WEBSITE_ORIGINS", "*");
    assert_eq!(open.sends(from("POST", "/start", "*")).await["statusCode"], 403);
}

#[test]
fn weakness_22_the_flows_wait_for_a_while_and_find_somebody_else() {
    let document = |name: &str| {
        let path = format!("{}/../../out/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        document["Actions"].as_array().unwrap().clone()
    };
    let chat = document("VideoCallEscalationChat");
    let of_agent = chat.iter().find(|action| !action["Parameters"]["AgentId"].is_null()).unwrap();
    // Where the agent cannot be had: said, and then another queue.
    let errors = of_agent["Transitions"]["Errors"].as_array().unwrap();
    let mut at = errors[0]["NextAction"].clone();
    let mut queue = None;
    for _ in 0..4 {
        let action = chat.iter().find(|action| action["Identifier"] == at).unwrap();
        queue = queue.or(action["Parameters"]["QueueId"].as_str());
        at = action["Transitions"]["NextAction"].clone();
    }
    assert!(queue.is_some(), "somebody else is asked");
    let waiting = document("VideoCallEscalationQueue");
    let rounds = waiting.iter().find(|action| action["Type"] == "Loop").unwrap();
    assert_eq!(rounds["Parameters"]["LoopCount"], "15");
    assert!(waiting.iter().any(|action| action["Type"] == "DisconnectParticipant"));
    assert!(!format!("{waiting:?}").contains("next for"), "nobody is told to be next");
}
