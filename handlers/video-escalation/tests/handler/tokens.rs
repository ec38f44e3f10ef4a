//! Whose word is taken: tokens of the pool, for this client, of this moment; and keys that change.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use handler_common::store::Store;
use handler_common::testing::Reply;
use ring::hmac;
use serde_json::{Value, json};

use crate::stage::{EMAIL, ISSUER, NOW, OTHER_KEY, POOL_KEY, Stage, claims, embedded, request, signed_by, token, user};

/// Asks for something with a token.
async fn status(stage: &Stage<impl Store>, token: &str) -> u64 {
    let headers = json!({ "cognitoIdToken": token });
    stage.status(request("POST", "/adhoc", headers, &json!({ "attendeeEmail": EMAIL }))).await
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn weakness_13_only_the_pools_algorithm_is_taken() {
    let stage = embedded().await;
    let right = token(&claims());
    assert_eq!(status(&stage, &right).await, 200);
    let (text, signature) = right.rsplit_once('.').unwrap();
    let (_, body) = text.split_once('.').unwrap();

    let unsigned = format!("{}.{body}.", part(&json!({ "alg": "none", "kid": "key-1" })));
    // Signed with what everybody knows, as a library that believes the header would verify it.
    let keys = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(POOL_KEY.public());
    let hs = format!("{}.{body}", part(&json!({ "alg": "HS256", "kid": "key-1" })));
    let known: [&[u8]; 2] = [&keys.n, POOL_KEY.public().as_ref()];
    let public = known.map(|secret| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), hs.as_bytes());
        format!("{hs}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
    });
    for (what, forged) in [
        ("none", unsigned.clone()),
        ("none, with a signature", format!("{unsigned}{signature}")),
        ("hs256 by the modulus", public[0].clone()),
        ("hs256 by the key", public[1].clone()),
        ("rs512", signed_by(&POOL_KEY, &json!({ "alg": "RS512", "kid": "key-1" }), &claims())),
        ("lower case", signed_by(&POOL_KEY, &json!({ "alg": "rs256", "kid": "key-1" }), &claims())),
        ("no algorithm", signed_by(&POOL_KEY, &json!({ "kid": "key-1" }), &claims())),
        ("no key", signed_by(&POOL_KEY, &json!({ "alg": "RS256" }), &claims())),
        ("crit", signed_by(&POOL_KEY, &json!({ "alg": "RS256", "kid": "key-1", "crit": ["exp"] }), &claims())),
        (
            "its own key",
            signed_by(&OTHER_KEY, &json!({ "alg": "RS256", "kid": "key-1", "jku": "http://e" }), &claims()),
        ),
        ("another key", signed_by(&OTHER_KEY, &json!({ "alg": "RS256", "kid": "key-1" }), &claims())),
        ("another body", {
            let mut other = claims();
            other["sub"] = "sub-2".into();
            format!("{}.{}.{signature}", text.split_once('.').unwrap().0, part(&other))
        }),
        ("no signature", format!("{text}.")),
        ("no parts", "x".to_owned()),
        ("two tokens", format!("{right},{right}")),
        ("padded", format!("{right}==")),
        ("nothing", String::new()),
        ("too much", "a.b.c".repeat(4000)),
    ] {
        assert_eq!(status(&stage, &forged).await, 403, "{what}");
    }
    let items = stage.world.store().query("R#00000000", "").await.unwrap();
    assert!(items.is_empty());
}

#[tokio::test]
async fn weakness_13_only_the_pools_word_to_this_client_of_this_moment_is_taken() {
    let stage = embedded().await;
    let wrong: [(&str, Value); 18] = [
        ("iss", json!("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other")),
        ("iss", json!(format!("{ISSUER}/"))),
        ("aud", json!("client2")),
        ("aud", json!(["client1"])),
        ("aud", Value::Null),
        ("aud", json!("")),
        ("token_use", json!("access")),
        ("token_use", Value::Null),
        ("exp", json!(NOW)),
        ("exp", json!(NOW - 1)),
        ("exp", json!("9999999999")),
        ("exp", Value::Null),
        ("auth_time", json!(NOW + 61)),
        ("iat", json!(NOW + 61)),
        ("sub", json!("")),
        ("sub", Value::Null),
        ("cognito:username", json!("")),
        ("cognito:username", Value::Null),
    ];
    for (name, value) in wrong {
        let mut other = claims();
        other[name] = value.clone();
        assert_eq!(status(&stage, &token(&other)).await, 403, "{name} {value}");
    }
    let mut soon = claims();
    soon["exp"] = (NOW + 1).into();
    assert_eq!(status(&stage, &token(&soon)).await, 200);
    stage.clock.advance(1000);
    assert_eq!(status(&stage, &token(&soon)).await, 403);
}

#[tokio::test]
async fn whoever_signed_the_request_has_to_be_whoever_the_token_is_about() {
    let stage = embedded().await;
    let ask = |means: Value| {
        let mut event = crate::stage::agents("POST", "/adhoc", json!({ "attendeeEmail": EMAIL }));
        event["requestContext"]["authorizer"] = json!({ "iam": { "cognitoIdentity": { "amr": means } } });
        stage.status(event)
    };
    let pool = ISSUER.trim_start_matches("https://");
    assert_eq!(ask(json!(["authenticated", pool, format!("{pool}:CognitoSignIn:sub-1")])).await, 200);
    assert_eq!(ask(json!(["authenticated", pool, format!("{pool}:CognitoSignIn:sub-2")])).await, 403);
    assert_eq!(ask(json!(["authenticated"])).await, 403);
}

#[tokio::test]
async fn weakness_13_keys_are_fetched_once_and_again_when_they_change() {
    let stage = embedded().await;
    let fetched = || stage.requests("/jwks.json").len();
    for _ in 0..3 {
        assert_eq!(status(&stage, &token(&claims())).await, 200);
    }
    assert_eq!(fetched(), 1);
    // The pool has a new key; the old one is gone.
    stage.publishes(vec![("key-2", &OTHER_KEY)]);
    stage.clock.advance(60_000);
    let new = signed_by(&OTHER_KEY, &json!({ "alg": "RS256", "kid": "key-2", "typ": "JWT" }), &claims());
    assert_eq!(status(&stage, &new).await, 200);
    assert_eq!(fetched(), 2);
    assert_eq!(status(&stage, &token(&claims())).await, 403, "the old key counts no longer");
    // Made-up keys make nobody ask the pool time and again.
    for at in 0..50 {
        let made_up = signed_by(&OTHER_KEY, &json!({ "alg": "RS256", "kid": format!("key-{at}x") }), &claims());
        assert_eq!(status(&stage, &made_up).await, 403);
    }
    assert_eq!(fetched(), 2);
    stage.clock.advance(60_000);
    let made_up = signed_by(&OTHER_KEY, &json!({ "alg": "RS256", "kid": "made-up" }), &claims());
    assert_eq!(status(&stage, &made_up).await, 403);
    assert_eq!(fetched(), 3);
    // After a day they are asked for, known or not: the pool may have withdrawn one.
    stage.publishes(vec![("key-1", &POOL_KEY)]);
    stage.clock.advance(24 * 3_600_000);
    let mut late = claims();
    late["exp"] = (NOW + 48 * 3600).into();
    let old = signed_by(&OTHER_KEY, &json!({ "alg": "RS256", "kid": "key-2" }), &late);
    assert_eq!(status(&stage, &old).await, 403);
}

#[tokio::test]
async fn a_pool_that_does_not_tell_its_keys_lets_nobody_in_and_those_that_are_known_stay() {
    let stage = embedded().await;
    for reply in [Reply::Text(500, "x".to_owned()), Reply::Text(500, "x".to_owned()), Reply::Json(200, json!([]))] {
        stage.will("/jwks.json", reply);
    }
    assert_eq!(status(&stage, &token(&claims())).await, 502);
    assert_eq!(status(&stage, &token(&claims())).await, 502, "and is not asked again at once");
    stage.clock.advance(60_000);
    assert_eq!(status(&stage, &token(&claims())).await, 502);
    stage.clock.advance(60_000);
    assert_eq!(status(&stage, &token(&claims())).await, 200);
    stage.will("*/jwks.json", Reply::Reset);
    stage.clock.advance(24 * 3_600_000);
    let mut late = claims();
    late["exp"] = (NOW + 48 * 3600).into();
    assert_eq!(status(&stage, &token(&late)).await, 200);
}

#[tokio::test]
async fn the_cache_of_users_is_refreshed_after_minutes_and_believes_no_foreign_id() {
    let stage = embedded().await;
    let refresh = |who: &Value| stage.asks(crate::stage::by(who, "PUT", "/connect-user-cache", Value::Null));
    assert_eq!(refresh(&claims()).await.1["data"], true);
    assert_eq!(refresh(&claims()).await.1["data"], false);
    stage.clock.advance(301_000);
    assert_eq!(refresh(&claims()).await.1["data"], true);
    let item = stage.item("CUC#one", "CUC#one").await.unwrap();
    assert_eq!(item["hierarchyPath"], json!(["group-top", "group-a"]));
    // The pool may let users write the id themselves. Connect's name for it is not theirs.
    let mut forged = claims();
    forged["custom:connectUserId"] = "user-3".into();
    assert_eq!(refresh(&forged).await.0, 403);
    forged["custom:connectUserId"] = "../users/user-1".into();
    assert_eq!(refresh(&forged).await.0, 403);
}

#[tokio::test]
async fn onboarding_asks_connect_who_it_is() {
    let stage = embedded().await;
    let mut fresh = claims();
    fresh["custom:connectUserId"].take();
    let onboard = |who: &Value, id: &str| {
        stage.asks(crate::stage::by(who, "POST", "/setConnectUserId", json!({ "connectUserId": id })))
    };
    assert_eq!(onboard(&fresh, "user-2").await.0, 403, "a colleague");
    assert_eq!(onboard(&fresh, "nobody").await.0, 403, "nobody");
    assert_eq!(onboard(&fresh, "../x").await.0, 400);
    assert!(stage.requests("AdminUpdateUserAttributes").is_empty());
    assert_eq!(onboard(&fresh, "user-1").await.1["data"]["connectUserId"], "user-1");
    let sent = stage.requests("AdminUpdateUserAttributes")[0].json();
    assert_eq!(sent["UserAttributes"], json!([{ "Name": "custom:connectUserId", "Value": "user-1" }]));
    assert_eq!((&sent["Username"], &sent["UserPoolId"]), (&json!("one"), &json!("us-east-1_TestPool1")));
    assert_eq!(onboard(&claims(), "user-1").await.0, 400, "already");
    // A name that is not an address, where agents go by what the pool calls them.
    let by_name = embedded().await.with_variable("CONNECT_LOGIN_BY_EMAIL", "false");
    by_name.knows("user-7", user("one", "", &[]));
    let body = json!({ "connectUserId": "user-7", "connectLoginByEmail": false });
    assert_eq!(by_name.status(crate::stage::by(&fresh, "POST", "/setConnectUserId", body)).await, 200);
    let body = json!({ "connectUserId": "user-7", "connectLoginByEmail": true });
    assert_eq!(by_name.status(crate::stage::by(&fresh, "POST", "/setConnectUserId", body)).await, 400);
}
