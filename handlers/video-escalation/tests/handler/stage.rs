//! The handler on a store, with Connect, Chime, Cognito, STS and ECS played on loopback.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use handler_common::store::{Embedded, Item, Key, Store, Table};
use handler_common::testing::{Received, Reply, Server, TestTable, dynamodb_table};
use handler_common::world::{Clock, HandClock, World};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use video_escalation::Outside;

pub const POOL: &str = "us-east-1_TestPool1";
pub const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_TestPool1";
pub const CLIENT: &str = "client1";
pub const FLOW: &str = "11111111-2222-4333-8444-000000000001";
pub const EMAIL: &str = "jo.doe@example.com";
pub const BEGIN: &str = "2026-01-02T03:04:05Z";
pub const NOW: i64 = 1_767_323_045;
const MEETING: &str = "chime-meeting-";

/// Keys of RSA that were made for these tests and sign nothing else.
pub static POOL_KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| key(include_bytes!("keys/pool.der")));
pub static OTHER_KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| key(include_bytes!("keys/other.der")));

fn key(der: &[u8]) -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(der).unwrap()
}

/// The services' side of a test.
#[derive(Default)]
pub struct Services {
    /// Replies to requests whose line or target holds a text, each given once; `*` before it, always.
    script: Vec<(String, Reply)>,
    /// The keys that the pool publishes, by their names.
    keys: Vec<(String, &'static LazyLock<RsaKeyPair>)>,
    /// Connect's users, by their ids.
    users: BTreeMap<String, Value>,
    meetings: BTreeMap<String, usize>,
    attendees: usize,
}

pub struct Stage<S> {
    pub world: World<Arc<S>, Outside>,
    pub clock: Arc<HandClock>,
    pub server: Server,
    pub services: Arc<Mutex<Services>>,
}

pub async fn embedded() -> Stage<Embedded> {
    let clock = Arc::new(HandClock::at(BEGIN).unwrap());
    let store = Embedded::in_memory(video_escalation::table(), Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    Stage::new(store, clock).await
}

/// On a table that other tests do not use.
pub async fn dynamodb(name: &str) -> Stage<TestTable> {
    let clock = Arc::new(HandClock::at(BEGIN).unwrap());
    let table = Table { name: format!("video-{name}"), ..video_escalation::table() };
    let store = dynamodb_table(table, Arc::clone(&clock) as Arc<dyn Clock>).await;
    Stage::new(store, clock).await
}

impl<S: Store> Stage<S> {
    async fn new(store: S, clock: Arc<HandClock>) -> Self {
        let services = Services {
            keys: vec![("key-1".to_owned(), &POOL_KEY)],
            users: BTreeMap::from([
                ("user-1".to_owned(), user("agent_one@example.com", "group-a", &["playback"])),
                ("user-2".to_owned(), user("agent.two@example.com", "group-b", &["playback"])),
                ("user-3".to_owned(), user("boss@example.com", "group-top", &["playback"])),
                ("user-4".to_owned(), user("free@example.com", "", &["playback"])),
            ]),
            ..Services::default()
        };
        let services = Arc::new(Mutex::new(services));
        let played = Arc::clone(&services);
        let server = Server::answering(move |received| played.lock().unwrap().reply(received)).await;
        let variables = [
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", server.url()),
            ("USER_POOL_ID", POOL),
            ("USER_POOL_CLIENT_ID", CLIENT),
            ("COGNITO_KEYS_URL", &format!("{}/jwks.json", server.url())),
            ("CONNECT_INSTANCE_ID", "instance-1"),
            ("CONTACT_FLOW_ID", FLOW),
            ("FEDERATION_ROLE_ARN", "arn:aws:iam::111122223333:role/agents"),
            ("WEBSITE_ORIGINS", "https://www.example.com, https://shop.example.com"),
            ("AGENT_ORIGINS", "https://agents.example.com"),
            ("RECORDING_CLUSTER", "cluster-1"),
            ("RECORDING_TASK_DEFINITION", "recorder:1"),
            ("RECORDING_BUCKET", "recordings-1"),
            ("PLAYBACK_SECURITY_PROFILE_ID", "playback"),
        ];
        let world =
            variables.into_iter().fold(World::still().with_clock(Arc::clone(&clock)), |world, (name, value)| {
                world.variable_set(name, value)
            });
        let world = world.with_store(Arc::new(store)).with_http(Outside::new().unwrap());
        Self { world, clock, server, services }
    }

    pub fn with_variable(self, name: &str, value: &str) -> Self {
        Self { world: self.world.variable_set(name, value), ..self }
    }

    /// What a service replies to the next request that holds the text.
    pub fn will(&self, fragment: &str, reply: Reply) {
        self.services.lock().unwrap().script.push((fragment.to_owned(), reply));
    }

    pub fn publishes(&self, keys: Vec<(&str, &'static LazyLock<RsaKeyPair>)>) {
        self.services.lock().unwrap().keys = keys.into_iter().map(|(name, key)| (name.to_owned(), key)).collect();
    }

    pub fn knows(&self, id: &str, user: Value) {
        self.services.lock().unwrap().users.insert(id.to_owned(), user);
    }

    pub async fn sends(&self, event: Value) -> Value {
        video_escalation::handle(event, &self.world).await.unwrap()
    }

    /// The status and the body of the answer.
    pub async fn asks(&self, event: Value) -> (u64, Value) {
        let answer = self.sends(event).await;
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap_or_default();
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    /// What a request gets that has to succeed.
    pub async fn gets(&self, event: Value) -> Value {
        let (status, body) = self.asks(event).await;
        assert_eq!((status, &body["success"]), (200, &json!(true)), "{body}");
        body["data"].clone()
    }

    pub async fn status(&self, event: Value) -> u64 {
        self.asks(event).await.0
    }

    /// A reference for the customer, by agent one.
    pub async fn reference(&self) -> String {
        let data = self.gets(agents("POST", "/adhoc", json!({ "attendeeEmail": EMAIL }))).await;
        data.as_str().unwrap().to_owned()
    }

    /// Starts a meeting of agent one with a customer.
    pub async fn meets(&self, id: &str, customer: &str) -> Value {
        self.gets(agents("POST", "/meeting", meeting(id, customer))).await
    }

    pub fn requests(&self, fragment: &str) -> Vec<Received> {
        self.server.received().into_iter().filter(|one| line(one).contains(fragment)).collect()
    }

    pub async fn item(&self, partition: &str, sort: &str) -> Option<Item> {
        self.world.store().get(&Key::with_sort(partition, sort)).await.unwrap()
    }

    /// What Connect was told of the chat that began last.
    pub fn attributes(&self) -> Value {
        self.requests("/contact/chat").last().unwrap().json()["Attributes"].clone()
    }
}

/// What a request is known by: method, path, and the operation where a header names it.
fn line(received: &Received) -> String {
    let target = received.headers.get("x-amz-target").map_or("", String::as_str);
    format!("{} {} {target}", received.method, received.path)
}

impl Services {
    /// Everything works again.
    pub fn clear(&mut self) {
        self.script.clear();
    }

    fn reply(&mut self, received: &Received) -> Reply {
        let line = line(received);
        if let Some(at) = self.script.iter().position(|(part, _)| line.contains(part.trim_start_matches('*'))) {
            let (part, reply) = self.script[at].clone();
            if !part.starts_with('*') {
                self.script.remove(at);
            }
            return reply;
        }
        let last = received.path.rsplit('/').next().unwrap_or_default().to_owned();
        match (received.method.as_str(), received.path.as_str()) {
            ("GET", "/jwks.json") => {
                Reply::Json(200, json!({ "keys": self.keys.iter().map(public).collect::<Vec<_>>() }))
            }
            ("PUT", "/contact/chat") => Reply::Json(
                200,
                json!({ "ContactId": "contact-1", "ParticipantId": "participant-1", "ParticipantToken": "chat-token" }),
            ),
            ("GET", path) if path.starts_with("/users/") => match self.users.get(&last) {
                Some(user) => Reply::Json(200, json!({ "User": user })),
                None => Reply::Refusal(404, "ResourceNotFoundException"),
            },
            ("GET", path) if path.starts_with("/user-hierarchy-groups/") => {
                let mut levels = json!({ "LevelOne": { "Id": "group-top" } });
                if last != "group-top" {
                    levels["LevelTwo"] = json!({ "Id": last });
                }
                Reply::Json(200, json!({ "HierarchyGroup": { "Id": last, "HierarchyPath": levels } }))
            }
            ("GET", path) if path.starts_with("/user/federate/") => Reply::Json(
                200,
                json!({ "Credentials": {
                    "AccessToken": "access", "AccessTokenExpiration": 1_767_326_645, "RefreshToken": "refresh",
                    "RefreshTokenExpiration": 1_767_330_000.5,
                } }),
            ),
            ("POST", "/meetings?operation=create-attendees") => self.meeting(&received.json()),
            ("POST", path) if path.starts_with("/meetings/") => {
                let id = received.json()["ExternalUserId"].clone();
                Reply::Json(201, json!({ "Attendee": self.attendee(&id) }))
            }
            ("DELETE", path) if path.starts_with("/meetings/") => Reply::Text(204, String::new()),
            ("POST", "/contact/attributes") => Reply::Json(200, json!({})),
            ("POST", "/") if line.contains("RunTask") => {
                Reply::Json(200, json!({ "tasks": [{ "taskArn": "arn:task/1" }], "failures": [] }))
            }
            ("POST", "/") if line.contains("StopTask") => Reply::Json(200, json!({ "task": {} })),
            ("POST", "/") if line.contains("AdminUpdateUserAttributes") => Reply::Json(200, json!({})),
            ("POST", "/") if received.body.contains("Action=AssumeRole") => Reply::Text(
                200,
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId>\
                 <SecretAccessKey>role/secret+</SecretAccessKey><SessionToken>role-session==</SessionToken>\
                 </Credentials></AssumeRoleResult></AssumeRoleResponse>"
                    .to_owned(),
            ),
            _ => Reply::Text(404, String::new()),
        }
    }

    /// Made once for one token, as Chime does it.
    fn meeting(&mut self, request: &Value) -> Reply {
        let token = request["ClientRequestToken"].as_str().unwrap().to_owned();
        let count = self.meetings.len();
        let number = *self.meetings.entry(token).or_insert(count);
        let attendees: Vec<Value> =
            request["Attendees"].as_array().unwrap().iter().map(|one| self.attendee(&one["ExternalUserId"])).collect();
        let meeting = json!({
            "MeetingId": format!("{MEETING}{number}"), "ExternalMeetingId": request["ExternalMeetingId"],
            "MediaRegion": request["MediaRegion"],
        });
        Reply::Json(201, json!({ "Meeting": meeting, "Attendees": attendees, "Errors": [] }))
    }

    fn attendee(&mut self, id: &Value) -> Value {
        self.attendees += 1;
        json!({
            "ExternalUserId": id, "AttendeeId": format!("attendee-{}", self.attendees),
            "JoinToken": format!("join-{}", self.attendees),
        })
    }
}

pub fn user(name: &str, group: &str, profiles: &[&str]) -> Value {
    json!({ "Username": name, "HierarchyGroupId": group, "SecurityProfileIds": profiles })
}

fn public((name, key): &(String, &'static LazyLock<RsaKeyPair>)) -> Value {
    let parts = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(key.public());
    json!({
        "kid": name, "kty": "RSA", "use": "sig", "alg": "RS256", "n": URL_SAFE_NO_PAD.encode(parts.n),
        "e": URL_SAFE_NO_PAD.encode(parts.e),
    })
}

/// What the pool says of agent one. A plus sign in the address is an underscore in Connect.
pub fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "token_use": "id", "sub": "sub-1", "exp": NOW + 3600, "iat": NOW - 10,
        "auth_time": NOW - 10, "cognito:username": "one", "email": "agent+one@example.com", "email_verified": true,
        "custom:connectUserId": "user-1",
    })
}

/// What the pool says of another agent.
pub fn claims_of(number: u32, email: &str) -> Value {
    let mut claims = claims();
    claims["sub"] = format!("sub-{number}").into();
    claims["cognito:username"] = format!("agent {number}").into();
    claims["email"] = email.into();
    claims["custom:connectUserId"] = format!("user-{number}").into();
    claims
}

pub fn signed_by(key: &RsaKeyPair, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(header), part(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

pub fn token(claims: &Value) -> String {
    signed_by(&POOL_KEY, &json!({ "alg": "RS256", "kid": "key-1" }), claims)
}

/// A request as a gateway hands it over.
pub fn request(method: &str, target: &str, headers: Value, body: &Value) -> Value {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut event = json!({
        "version": "2.0", "rawPath": path, "rawQueryString": query, "headers": headers, "isBase64Encoded": false,
        "requestContext": { "http": { "method": method }, "requestId": "request-1" },
    });
    if !body.is_null() {
        event["headers"]["content-type"] = "application/json".into();
        event["body"] = body.to_string().into();
    }
    event
}

/// A request by whom the claims are about.
pub fn by(claims: &Value, method: &str, target: &str, body: Value) -> Value {
    request(method, target, json!({ "cognitoIdToken": token(claims) }), &body)
}

/// A request by agent one.
pub fn agents(method: &str, target: &str, body: Value) -> Value {
    by(&claims(), method, target, body)
}

/// A customer's wish for a chat, maybe with a reference.
pub fn start(reference: &str) -> Value {
    let mut attributes = json!({ "customerEmailAddress": EMAIL });
    if !reference.is_empty() {
        attributes["videoReferenceId"] = reference.into();
    }
    start_with(&attributes)
}

pub fn start_with(attributes: &Value) -> Value {
    let body = json!({ "ParticipantDetails": { "DisplayName": "Jo Doe" }, "Attributes": attributes });
    request("POST", "/start", json!({}), &body)
}

pub fn meeting(id: &str, customer: &str) -> Value {
    json!({
        "externalMeetingId": id, "meetingTitle": "Title", "meetingRegion": "eu-central-1", "meetingAttendees": [
            { "attendeeName": "Agent", "isOwner": true },
            { "attendeeName": "Jo Doe", "attendeeEmail": EMAIL, "externalUserId": customer },
        ],
    })
}
