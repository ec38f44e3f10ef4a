//! A recording at Twilio: taken from there only, waited for, and deleted after use.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use handler_common::Failure;
use handler_common::http::{self, Deadline, Request, Retries};
use handler_common::settings;
use tracing::warn;

use crate::Capabilities;

const BASE: &str = "https://api.twilio.com";

/// A recording is there a moment after its address is.
const TRIES: u32 = 8;
const PAUSE: Duration = Duration::from_millis(250);
const PER_TRY: Duration = Duration::from_secs(2);

pub struct Recording {
    url: String,
    /// What names it at Twilio.
    pub sid: String,
    authorization: String,
}

impl Recording {
    /// Reads an address: Twilio's host, the account that called, and nothing else. Whoever could name another place
    /// could have any voice judged.
    pub fn parse(world: &impl Capabilities, url: &str, account: &str, token: &str) -> Option<Self> {
        let base = settings::configured(world, "TWILIO_URL").unwrap_or_else(|| BASE.to_owned());
        let path = url.strip_prefix(base.as_str())?;
        let sid = path.strip_prefix(&format!("/2010-04-01/Accounts/{account}/Recordings/"))?;
        if !is_sid(account, "AC") || !is_sid(sid, "RE") {
            return None;
        }
        let authorization = format!("Basic {}", STANDARD.encode(format!("{account}:{token}")));
        Some(Self { url: url.to_owned(), sid: sid.to_owned(), authorization })
    }

    /// The address that the voice service fetches.
    pub fn file(&self) -> String {
        format!("{}.wav", self.url)
    }

    /// Waits until the file can be fetched. Whether it ever can be is the answer.
    pub async fn is_ready(&self, world: &impl Capabilities, deadline: Deadline) -> bool {
        let request = Request::new("HEAD", self.file()).header("authorization", &self.authorization);
        for _ in 0..TRIES {
            match http::send(world, &request, Retries::none(PER_TRY), deadline).await {
                Ok(response) if response.status == 200 => return true,
                // Not yet, or a hiccup.
                Ok(_) | Err(Failure::Upstream(_)) => tokio::time::sleep(PAUSE).await,
                Err(_) => return false,
            }
        }
        false
    }

    /// Deletes it. A failure is told to the operator, not to the caller.
    pub async fn delete(&self, world: &impl Capabilities, deadline: Deadline) {
        let request = Request::new("DELETE", format!("{}.json", self.url)).header("authorization", &self.authorization);
        let retries = Retries { again: 1, base: Duration::from_millis(100), per_try: PER_TRY };
        match http::send(world, &request, retries, deadline).await {
            Ok(response) if [200, 204, 404].contains(&response.status) => {}
            Ok(response) => warn!(status = response.status, "a recording stays at Twilio"),
            Err(failure) => warn!("a recording stays at Twilio: {failure}"),
        }
    }
}

fn is_sid(text: &str, kind: &str) -> bool {
    let rest = text.strip_prefix(kind).unwrap_or_default();
    rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
}
