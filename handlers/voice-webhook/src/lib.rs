//! Answers Twilio, to which Connect passes callers: has them say a phrase, has the voice service judge the recording,
//! and dials Connect again.

#[cfg(test)]
mod contract;
mod recording;
mod session;
mod signature;
mod twiml;

use std::time::Duration;

use handler_common::Failure;
use handler_common::http::{Deadline, Http};
use handler_common::phone::E164;
use handler_common::settings;
use handler_common::store::Store;
use handler_common::web::{WebAnswer, WebRequest};
use handler_common::world::{Clock, Environment, Random};
use tracing::{info, warn};
use voice_common::{Secrets, secret_text};

use session::{Call, Session};
use twiml::Twiml;

/// What the handler needs of the world.
pub trait Capabilities: Store + Clock + Random + Environment + Http + Secrets {}

impl<T: Store + Clock + Random + Environment + Http + Secrets> Capabilities for T {}

/// What is answered: people who look, and Twilio.
const METHODS: [&str; 2] = ["GET", "POST"];

/// Twilio hangs up after fifteen seconds without an answer.
const BUDGET: Duration = Duration::from_secs(12);

/// More than any form of Twilio's.
const BODY_MAX: usize = 16 * 1024;

/// An answer to every request: TwiML to whoever is Twilio, and a bare refusal to whoever is not.
pub async fn handle(request: WebRequest, world: &impl Capabilities) -> Result<WebAnswer, Failure> {
    if !METHODS.contains(&request.method.as_str()) {
        return Ok(refusal(405, &format!("only {} are answered", METHODS.join(" and "))));
    }
    if request.method == "GET" {
        return Ok(WebAnswer::new(200, "text/plain", "The voice login of a contact centre; Twilio posts here.\n"));
    }
    if request.body.len() > BODY_MAX {
        return Ok(refusal(413, "the body is too long"));
    }
    if request.content_type() != "application/x-www-form-urlencoded" {
        return Ok(refusal(415, "a form is expected"));
    }
    let deadline = Deadline::after(BUDGET);
    // On the heap: it holds the whole conversation with two services.
    let said = deadline.hold(Box::pin(answer(&request, world, deadline))).await;
    Ok(match said {
        Ok(Some(twiml)) => WebAnswer::new(200, "text/xml", twiml.text()),
        Ok(None) => refusal(403, "the signature is not Twilio's"),
        Err(failure) => {
            warn!(kind = failure.kind(), "apologising: {failure}");
            let sorry =
                Twiml::new(world).say("Voice login is out of order just now. Please call again later.").hang_up();
            WebAnswer::new(200, "text/xml", sorry.text())
        }
    })
}

fn refusal(status: u16, why: &str) -> WebAnswer {
    warn!(status, "refusing: {why}");
    WebAnswer::new(status, "text/plain", format!("{why}\n"))
}

/// What to say, or nothing to somebody who is not Twilio.
async fn answer(request: &WebRequest, world: &impl Capabilities, deadline: Deadline) -> Result<Option<Twiml>, Failure> {
    let form = request.form();
    let url = settings::required(world, "WEBHOOK_URL")?;
    let signed = if request.query.is_empty() { url } else { format!("{url}?{}", request.query) };
    let token = secret_text(world, "TWILIO_AUTH_TOKEN", deadline).await?;
    let signature = request.header("x-twilio-signature").unwrap_or_default();
    if !signature::is_right(&token, &signed, &form, signature) {
        return Ok(None);
    }
    let field =
        |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let Some(number) = E164::parse(&field("From")) else {
        let hidden = "We need to see the number you call from. Please turn off number hiding and call again.";
        return Ok(Some(Twiml::new(world).say(hidden).hang_up()));
    };
    let call = Call {
        number,
        sid: field("CallSid"),
        account: field("AccountSid"),
        recording: field("RecordingUrl"),
        step: request.query_value("param"),
    };
    if call.sid.is_empty() {
        return Err(Failure::Event("the request names no call".to_owned()));
    }
    info!(number = %call.number, step = call.step, "answering a call");
    Session { world, call, deadline, token }.answer().await.map(Some)
}
