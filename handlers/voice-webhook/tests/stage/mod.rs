//! Both handlers on one store, with the voice service and Twilio played on loopback.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine;
use handler_common::Failure;
use handler_common::connect::Event;
use handler_common::store::{Embedded, Item, Key, Store};
use handler_common::testing::{Received, Reply, Server, TestTable, dynamodb_table, invocation};
use handler_common::web::WebRequest;
use handler_common::world::{Clock, HandClock, World};
use serde_json::{Value, json};
use voice_common::VoiceIt;

pub const NUMBER: &str = "+15554449999";
pub const TOKEN: &str = "twilio-token";
pub const URL: &str = "https://api.example.com/default/voice";
pub const ACCOUNT: &str = "AC00000000000000000000000000000001";

pub struct Stage<S> {
    pub world: World<Arc<S>, VoiceIt>,
    pub clock: Arc<HandClock>,
    pub server: Server,
    /// What the voice service says to the next recordings; `SUCC` when there is nothing left.
    verdicts: Arc<Mutex<VecDeque<Reply>>>,
    /// How many samples the voice service has.
    pub samples: Arc<Mutex<u64>>,
    recordings: Mutex<u32>,
    /// How often a recording is not there yet.
    pub late: Arc<Mutex<u32>>,
}

pub async fn embedded() -> Stage<Embedded> {
    let clock = Arc::new(HandClock::at("2026-01-02T03:04:05Z").unwrap());
    let store = Embedded::in_memory(voice_common::table(), Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    Stage::new(store, clock).await
}

/// On a table that other tests do not use.
pub async fn dynamodb(name: &str) -> Stage<TestTable> {
    let clock = Arc::new(HandClock::at("2026-01-02T03:04:05Z").unwrap());
    let table = handler_common::store::Table { name: name.to_owned(), ..voice_common::table() };
    let store = dynamodb_table(table, Arc::clone(&clock) as Arc<dyn Clock>).await;
    Stage::new(store, clock).await
}

impl<S: Store> Stage<S> {
    async fn new(store: S, clock: Arc<HandClock>) -> Self {
        let verdicts = Arc::new(Mutex::new(VecDeque::new()));
        let samples = Arc::new(Mutex::new(0));
        let late = Arc::new(Mutex::new(0));
        let (said, taken, not_yet) = (Arc::clone(&verdicts), Arc::clone(&samples), Arc::clone(&late));
        let server = Server::answering(move |received| reply(received, &said, &taken, &not_yet)).await;
        let world = World::still()
            .with_clock(Arc::clone(&clock))
            .variable_set("VIAPIKEY", "key_1")
            .variable_set("VIAPITOKEN", "tok_1")
            .variable_set("TWILIO_AUTH_TOKEN", TOKEN)
            .variable_set("PHRASE", "never forget tomorrow is a new day")
            .variable_set("WEBHOOK_URL", URL)
            .variable_set("CONNECT_NUMBER", "+12065550100")
            .variable_set("VOICEIT_URL", server.url())
            .variable_set("TWILIO_URL", server.url())
            .with_store(Arc::new(store))
            .with_http(VoiceIt::new().unwrap());
        Self { world, clock, server, verdicts, samples, recordings: Mutex::new(0), late }
    }

    pub fn with_variable(self, name: &str, value: &str) -> Self {
        Self { world: self.world.variable_set(name, value), ..self }
    }

    /// What the voice service says next.
    pub fn will_say(&self, status: u16, code: &str) {
        self.will_reply(Reply::Json(status, json!({ "status": status, "responseCode": code })));
    }

    pub fn will_reply(&self, reply: Reply) {
        self.verdicts.lock().unwrap().push_back(reply);
    }

    pub async fn try_gate(&self, address: &str, parameters: &Value) -> Result<String, Failure> {
        let event = Event::read(invocation(address, parameters)).unwrap();
        let answer = voice_gate::handle(event, &self.world).await?;
        Ok(answer.get("Branch").unwrap().to_owned())
    }

    /// The branch of a call by the number.
    pub async fn gate(&self) -> String {
        self.try_gate(NUMBER, &json!({})).await.unwrap()
    }

    /// The branch when a call keys in digits.
    pub async fn gate_code(&self, code: &str) -> String {
        self.try_gate(NUMBER, &json!({ "code": code })).await.unwrap()
    }

    /// Twilio's first request of a call.
    pub async fn begins(&self) -> String {
        self.posts("", &[("From", NUMBER), ("CallSid", "CA1"), ("AccountSid", ACCOUNT)]).await
    }

    /// Twilio's request with a new recording.
    pub async fn records(&self, step: &str) -> String {
        let recording = self.new_recording();
        self.records_at(step, &recording).await
    }

    pub async fn records_at(&self, step: &str, recording: &str) -> String {
        let form = [("From", NUMBER), ("CallSid", "CA1"), ("AccountSid", ACCOUNT), ("RecordingUrl", recording)];
        self.posts(&format!("param={step}"), &form).await
    }

    pub fn new_recording(&self) -> String {
        let mut count = self.recordings.lock().unwrap();
        *count += 1;
        format!("{}/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE{:032x}", self.server.url(), *count)
    }

    /// A request signed as Twilio signs it, and the TwiML that answers it.
    pub async fn posts(&self, query: &str, form: &[(&str, &str)]) -> String {
        let answer = self.sends(&signed(query, form)).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        assert_eq!(answer["headers"]["content-type"], "text/xml");
        answer["body"].as_str().unwrap().to_owned()
    }

    pub async fn sends(&self, event: &Value) -> Value {
        let request = WebRequest::read(event.clone()).unwrap();
        voice_webhook::handle(request, &self.world).await.unwrap().into_value()
    }

    pub async fn item(&self) -> Option<Item> {
        self.world.store().get(&Key::new(NUMBER)).await.unwrap()
    }

    /// enrolling, verifying, verified, numEnrollments, as the sequences write them.
    pub async fn state(&self) -> String {
        let item = self.item().await.unwrap();
        let flag = |name: &str| i32::from(item["info"][name].as_bool().unwrap());
        format!("{}/{}/{}/{}", flag("enrolling"), flag("verifying"), flag("verified"), item["info"]["numEnrollments"])
    }

    /// Changes fields of the item behind the handlers' backs.
    pub async fn sets(&self, fields: Value) {
        let mut item = self.item().await.unwrap_or_default();
        let info = item.entry("info").or_insert_with(|| json!({}));
        for (name, value) in fields.as_object().unwrap() {
            info[name] = value.clone();
        }
        self.world.store().replace(&Key::new(NUMBER), &item).await.unwrap();
    }

    /// Somebody with so many samples, as the programs before this one kept them.
    pub async fn knows(&self, samples: u64) {
        let info = json!({
            "userId": "usr_0123456789abcdef0123456789abcdef", "verifying": false, "enrolling": false, "verified": false,
            "numEnrollments": samples, "authTime": "2026-01-01T00:00:00Z",
        });
        self.sets(info).await;
        *self.samples.lock().unwrap() = samples;
    }

    pub fn requests(&self, method: &str, path: &str) -> usize {
        let is_one = |one: &&Received| one.method == method && one.path.contains(path);
        self.server.received().iter().filter(is_one).count()
    }
}

fn reply(received: &Received, verdicts: &Mutex<VecDeque<Reply>>, samples: &Mutex<u64>, late: &Mutex<u32>) -> Reply {
    match (received.method.as_str(), received.path.as_str()) {
        ("HEAD", _) => {
            let mut late = late.lock().unwrap();
            let status = if *late > 0 { 404 } else { 200 };
            *late = late.saturating_sub(1);
            Reply::Text(status, String::new())
        }
        ("DELETE", _) => Reply::Text(204, String::new()),
        ("GET", path) if path.starts_with("/enrollments/voice/") => {
            Reply::Json(200, json!({ "status": 200, "responseCode": "SUCC", "count": *samples.lock().unwrap() }))
        }
        ("POST", path) => {
            if let Some(reply) = verdicts.lock().unwrap().pop_front() {
                return reply;
            }
            let user = json!("usr_0123456789abcdef0123456789abcdef");
            let status = if path.starts_with("/verification") { 200 } else { 201 };
            if path.starts_with("/enrollments") {
                *samples.lock().unwrap() += 1;
            }
            Reply::Json(status, json!({ "status": status, "responseCode": "SUCC", "userId": user }))
        }
        _ => Reply::Text(404, String::new()),
    }
}

/// The event of a request by Twilio, whose signature is right.
pub fn signed(query: &str, form: &[(&str, &str)]) -> Value {
    let mut sorted = form.to_vec();
    sorted.sort_unstable();
    let mut text = if query.is_empty() { URL.to_owned() } else { format!("{URL}?{query}") };
    text.extend(sorted.iter().flat_map(|(name, value)| [*name, *value]));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(ring::hmac::sign(&key, text.as_bytes()));
    let escape = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    json!({
        "version": "2.0", "rawPath": "/default/voice", "rawQueryString": query,
        "headers": { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature },
        "requestContext": { "http": { "method": "POST" } }, "isBase64Encoded": false, "body": body.join("&"),
    })
}

/// The digits that are keyed in when Connect answers.
pub fn digits(twiml: &str) -> String {
    let after = twiml.split("sendDigits=\"wwww").nth(1).unwrap_or_else(|| panic!("no digits: {twiml}"));
    after.split('"').next().unwrap().to_owned()
}
