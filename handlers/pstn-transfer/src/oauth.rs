//! Tokens of OAuth's client credentials, used again until shortly before they end.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use handler_common::Failure;
use handler_common::http::{self, Deadline, Request, Retries};
use handler_common::secret::SecretCache;
use handler_common::world::World;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::Capabilities;
use crate::config::Config;
use crate::credentials::Credentials;

/// How long before its end, in seconds, a token is not used any more. A short one is used for half its life.
const MARGIN: i64 = 300;

#[derive(Clone)]
pub struct Client {
    pub id: String,
    pub secret: String,
}

/// What is kept from one invocation to the next.
#[derive(Default)]
pub struct Caches {
    pub(crate) secret: SecretCache,
    /// Tokens with the second from which they are not used, by where they come from and whose they are.
    tokens: Mutex<BTreeMap<(String, String), (String, i64)>>,
}

pub trait HasCaches: Send + Sync {
    fn caches(&self) -> &Caches;
}

impl<H: Send + Sync> HasCaches for World<Caches, H> {
    fn caches(&self) -> &Caches {
        self.store()
    }
}

fn key(config: &Config, client: &Client) -> Result<(String, String), Failure> {
    let Some(auth) = &config.auth else {
        return Err(Failure::Configuration("OAuth needs a `region` or an `authDomain`".to_owned()));
    };
    Ok((auth.base().to_owned(), client.id.clone()))
}

/// Forgets the token, because the service no longer takes it. Without one there is nothing to forget.
pub async fn forget(world: &impl Capabilities, config: &Config, credentials: &Credentials) -> bool {
    let Credentials::Client(client) = credentials else { return false };
    let Ok(key) = key(config, client) else { return false };
    world.caches().tokens.lock().await.remove(&key).is_some()
}

pub async fn token(
    world: &impl Capabilities,
    config: &Config,
    client: &Client,
    retries: Retries,
    deadline: Deadline,
) -> Result<String, Failure> {
    let key = key(config, client)?;
    let mut tokens = world.caches().tokens.lock().await;
    let now = world.now().as_second();
    if let Some((token, until)) = tokens.get(&key)
        && now < *until
    {
        return Ok(token.clone());
    }
    let basic = STANDARD.encode(format!("{}:{}", client.id, client.secret));
    let request = Request::new("POST", format!("{}/v1/oauth/regionalToken", key.0))
        .header("authorization", format!("Basic {basic}"))
        .json(&json!({ "grant_type": "client_credentials" }));
    let response = http::send(world, &request, retries, deadline).await?;
    if response.status != 200 {
        return Err(Failure::Upstream(format!("the request for a token was answered {}", response.status)));
    }
    let answer = response.json()?;
    let token = answer.get("access_token").and_then(Value::as_str).unwrap_or_default();
    let life = answer.get("expires_in").and_then(Value::as_i64).unwrap_or_default();
    if token.is_empty() || token.chars().any(|c| !c.is_ascii_graphic()) || life <= 0 {
        return Err(Failure::Upstream("the answer to the request for a token has none that is usable".to_owned()));
    }
    let usable = if life > MARGIN { life - MARGIN } else { life / 2 };
    tokens.insert(key, (token.to_owned(), now.saturating_add(usable)));
    Ok(token.to_owned())
}
