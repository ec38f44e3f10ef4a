//! Hands a call to a virtual agent that answers a telephone: which number to dial, and which digits tell it the call.
//! When the agent lets go, asks what it decided.

mod agent;
mod answers;
mod config;
#[cfg(test)]
mod contract;
mod credentials;
mod domain;
mod oauth;

use std::time::Duration;

use handler_common::Failure;
use handler_common::connect::{Answer, Event};
use handler_common::http::{self, Deadline, Http, Request, Retries};
use handler_common::settings;
use handler_common::world::{Clock, Environment, Random, World};
use serde_json::{Map, Value, json};
use tracing::info;

use config::{Action, Config};
pub use oauth::{Caches, HasCaches};

/// What the handler needs of the world.
pub trait Capabilities: Environment + Clock + Random + Http + HasCaches {}

impl<T: Environment + Clock + Random + Http + HasCaches> Capabilities for T {}

/// The real world of this handler: caches live as long as the process.
pub type Real<H> = World<Caches, H>;

/// All that an invocation may take, in milliseconds. The flow waits for eight seconds, and a cold start is part of them.
const BUDGET_MS: u64 = 7000;

/// Where the virtual agents' service says what to do with the call.
pub async fn handle(event: Event, world: &impl Capabilities) -> Result<Answer, Failure> {
    let budget = settings::number(world, "TIME_BUDGET_MS", BUDGET_MS, BUDGET_MS)?;
    let deadline = Deadline::after(Duration::from_millis(budget));
    deadline.hold(answer(&event, world, deadline)).await
}

async fn answer(event: &Event, world: &impl Capabilities, deadline: Deadline) -> Result<Answer, Failure> {
    let config = Config::of(event, world)?;
    info!(contact = event.contact_id(), action = config.action.name(), "asking for the call");
    match config.action {
        Action::Transfer => {
            let path = format!("{}:generatePSTNTransferData", config.agent.path());
            let answer = call(world, &config, &path, &transfer_request(event, &config), deadline).await?;
            answers::transfer(&answer)
        }
        Action::Handoff => {
            let path = format!("{}/handoffs:fetchAIAgentHandoff", config.agent.profile());
            let correlation = json!({ "correlationId": event.contact_id() });
            let answer = call(world, &config, &path, &correlation, deadline).await?;
            answers::handoff(&answer)
        }
    }
}

/// The contact as Connect gave it, with what the flow passed along and the version of this code.
fn transfer_request(event: &Event, config: &Config) -> Value {
    let mut metadata = event.contact().clone();
    let parameters: Map<String, Value> = event
        .parameters()
        .iter()
        .filter(|(name, _)| !config::is_setting(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    metadata.insert("parameters".to_owned(), Value::Object(parameters));
    metadata.insert("version".to_owned(), env!("CARGO_PKG_VERSION").into());
    json!({
        "callId": event.contact_id(),
        "ccaasMetadata": metadata,
        "supportedDtmfChars": config.dtmf,
    })
}

/// One question to the service. A token that it no longer takes is replaced once.
async fn call(
    world: &impl Capabilities,
    config: &Config,
    path: &str,
    body: &Value,
    deadline: Deadline,
) -> Result<Value, Failure> {
    let retries = retries(world)?;
    let credentials = credentials::of(world, config, deadline).await?;
    let mut is_second = false;
    loop {
        let authorization = credentials::authorization(world, config, &credentials, retries, deadline).await?;
        let request = Request::new("POST", format!("{}/v1/{path}", config.api.base())).json(body);
        let request = request.header("authorization", authorization);
        let response = http::send(world, &request, retries, deadline).await?;
        match response.status {
            200 => return response.json(),
            401 if !is_second && oauth::forget(world, config, &credentials).await => is_second = true,
            // The body may repeat what was sent, so it stays out of the message.
            status => return Err(Failure::Upstream(format!("the virtual agents' service answered {status}"))),
        }
    }
}

/// `HTTP_MAX_RETRIES`, `HTTP_RETRY_BASE_DELAY` and `HTTP_CLIENT_TIMEOUT`, the latter two as durations: `100ms`, `2s`.
fn retries(environment: &impl Environment) -> Result<Retries, Failure> {
    let duration = |name: &str, default: u64| match settings::configured(environment, name) {
        None => Ok(Duration::from_millis(default)),
        Some(text) => config::duration(&text)
            .ok_or_else(|| Failure::Configuration(format!("`{name}` is no duration such as `100ms` or `2s`"))),
    };
    let again = settings::number(environment, "HTTP_MAX_RETRIES", 3, 10)?;
    Ok(Retries {
        again: u32::try_from(again).unwrap_or(0),
        base: duration("HTTP_RETRY_BASE_DELAY", 100)?,
        per_try: duration("HTTP_CLIENT_TIMEOUT", 3000)?,
    })
}
