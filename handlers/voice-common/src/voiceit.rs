//! The voice service's API, version 2.0: the four calls that a login takes.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use handler_common::Failure;
use handler_common::http::{self, Deadline, Http, Request, Retries};
use handler_common::settings;
use handler_common::world::{Clock, Environment, Random, random_token};
use serde_json::Value;

use crate::config::{Secrets, secret_text};

const BASE: &str = "https://api.voiceit.io";

/// The number by which the service knows what kind of client this is.
const PLATFORM: &str = "39";

/// Comparing voices takes the service seconds.
const PER_TRY: Duration = Duration::from_secs(6);

/// What the service thinks of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Success,
    /// Something was wrong with the recording, not with the voice: the code says what.
    AskAgain(String),
    /// The voice is another.
    Mismatch,
    /// The service and the store disagree about what this caller has enrolled.
    OutOfStep,
    /// The service does not know the user.
    UnknownUser,
    /// Only an operator can help: bad credentials, a full account, a failure of the service.
    Operator(String),
}

/// The codes after which a caller is asked again.
const ASK_AGAIN: [&str; 7] = ["STTF", "PDNM", "SSTQ", "SSTL", "SRNR", "NEHSD", "RWPU"];

pub struct Client<'a, W> {
    world: &'a W,
    authorization: String,
    deadline: Deadline,
}

impl<'a, W: Http + Random + Environment + Clock + Secrets> Client<'a, W> {
    pub async fn new(world: &'a W, deadline: Deadline) -> Result<Self, Failure> {
        let key = secret_text(world, "VIAPIKEY", deadline).await?;
        let token = secret_text(world, "VIAPITOKEN", deadline).await?;
        let authorization = format!("Basic {}", STANDARD.encode(format!("{key}:{token}")));
        Ok(Self { world, authorization, deadline })
    }

    /// A new user's id.
    pub async fn create_user(&self) -> Result<String, Failure> {
        // Twice would be two users, so a second try is the next call's.
        let (status, answer) = self.call("POST", "/users", &[], 0).await?;
        let id = answer.get("userId").and_then(Value::as_str).filter(|id| id.starts_with("usr_"));
        match (status, code(&answer), id) {
            (201, "SUCC", Some(id)) => Ok(id.to_owned()),
            (status, code, _) => Err(Failure::Upstream(format!("the voice service made no user: {status} {code}"))),
        }
    }

    /// How many samples of a user the service has.
    pub async fn enrollments(&self, user: &str) -> Result<u64, Failure> {
        let (status, answer) = self.call("GET", &format!("/enrollments/voice/{user}"), &[], 1).await?;
        let count = answer.get("count").and_then(Value::as_u64).filter(|_| status == 200);
        count.ok_or_else(|| Failure::Upstream(format!("the voice service does not say what it has: {status}")))
    }

    pub async fn enroll(&self, user: &str, recording: &str) -> Result<Verdict, Failure> {
        self.judge("/enrollments/voice/byUrl", 201, user, recording).await
    }

    pub async fn verify(&self, user: &str, recording: &str) -> Result<Verdict, Failure> {
        self.judge("/verification/voice/byUrl", 200, user, recording).await
    }

    async fn judge(&self, path: &str, success: u16, user: &str, recording: &str) -> Result<Verdict, Failure> {
        let language = settings::configured(self.world, "CONTENT_LANGUAGE").unwrap_or_else(|| "en-US".to_owned());
        let phrase = settings::required(self.world, "PHRASE")?;
        let fields = [("userId", user), ("contentLanguage", &language), ("phrase", &phrase), ("fileUrl", recording)];
        let (status, answer) = self.call("POST", path, &fields, 0).await?;
        Ok(match code(&answer) {
            "SUCC" if status == success => Verdict::Success,
            "FAIL" => Verdict::Mismatch,
            "PNTE" | "ENFD" => Verdict::OutOfStep,
            "UNFD" => Verdict::UnknownUser,
            code if ASK_AGAIN.contains(&code) => Verdict::AskAgain(code.to_owned()),
            code => Verdict::Operator(format!("{status} {code}")),
        })
    }

    /// The status and the JSON, which is empty where the service sends none.
    async fn call(
        &self,
        method: &'static str,
        path: &str,
        fields: &[(&str, &str)],
        again: u32,
    ) -> Result<(u16, Value), Failure> {
        let base = settings::configured(self.world, "VOICEIT_URL").unwrap_or_else(|| BASE.to_owned());
        let mut request = Request::new(method, format!("{base}{path}"))
            .header("authorization", &self.authorization)
            .header("platformId", PLATFORM)
            .header("platformVersion", env!("CARGO_PKG_VERSION"));
        if method == "POST" {
            let boundary = random_token(self.world, 16)?;
            request = request.body(&format!("multipart/form-data; boundary={boundary}"), multipart(fields, &boundary));
        }
        let retries = Retries { again, base: Duration::from_millis(100), per_try: PER_TRY };
        let response = http::send(self.world, &request, retries, self.deadline).await?;
        Ok((response.status, response.json().unwrap_or_default()))
    }
}

fn code(answer: &Value) -> &str {
    answer.get("responseCode").and_then(Value::as_str).unwrap_or("without a code")
}

/// The fields as a form in parts. None of the values can hold the boundary, which is random.
fn multipart(fields: &[(&str, &str)], boundary: &str) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: String = fields.iter().map(part).collect();
    format!("{parts}--{boundary}--\r\n")
}
