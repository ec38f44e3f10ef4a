//! The keys by which the user pool signs, kept between requests and fetched anew when they change.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use handler_common::Failure;
use handler_common::http::{self, Deadline, Http, HttpClient, Request, Response, Retries};
use handler_common::settings;
use handler_common::world::World;
use serde_json::Value;
use tokio::sync::Mutex;
use tracing::warn;

use crate::Capabilities;

/// Keys that nobody has asked about for so long may have been withdrawn.
const SECONDS_KEPT: i64 = 24 * 3600;

/// Tokens with made-up keys make us fetch no more often than this.
const SECONDS_BETWEEN: i64 = 60;

const RETRIES: Retries = Retries { again: 1, base: Duration::from_millis(100), per_try: Duration::from_millis(2500) };

/// The two numbers of an RSA key, big-endian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub modulus: Vec<u8>,
    pub exponent: Vec<u8>,
}

/// A handler that keeps the keys it has fetched.
pub trait Keys: Send + Sync {
    fn keys(&self) -> &KeyCache;
}

#[derive(Default)]
pub struct KeyCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    keys: BTreeMap<String, PublicKey>,
    /// When they came, and when we asked last, in seconds since 1970.
    fetched: Option<i64>,
    asked: Option<i64>,
}

/// The way to other services, and the keys that tell who is calling.
pub struct Outside {
    http: HttpClient,
    keys: KeyCache,
}

impl Outside {
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { http: HttpClient::new()?, keys: KeyCache::default() })
    }
}

impl Http for Outside {
    async fn send(&self, request: &Request, timeout: Duration) -> Result<Response, Failure> {
        self.http.send(request, timeout).await
    }
}

impl<S: Send + Sync> Keys for World<S, Outside> {
    fn keys(&self) -> &KeyCache {
        &self.http_part().keys
    }
}

impl KeyCache {
    /// The key of a name. One that is not known may be new, so it is looked for, within limits.
    pub async fn find(
        &self,
        id: &str,
        world: &impl Capabilities,
        deadline: Deadline,
    ) -> Result<Option<PublicKey>, Failure> {
        let mut kept = self.0.lock().await;
        let now = world.now().as_second();
        let is_fresh = kept.fetched.is_some_and(|then| now - then < SECONDS_KEPT);
        let may_ask = kept.asked.is_none_or(|then| now - then >= SECONDS_BETWEEN);
        if may_ask && (!is_fresh || !kept.keys.contains_key(id)) {
            kept.asked = Some(now);
            match fetched(world, deadline).await {
                Ok(keys) => (kept.keys, kept.fetched) = (keys, Some(now)),
                Err(failure) => warn!("the user pool does not tell its keys: {failure}"),
            }
        }
        if kept.fetched.is_none() {
            // Nobody can be told apart: that is a failure of ours, not the caller's.
            return Err(Failure::Upstream("the user pool's keys are not known".to_owned()));
        }
        Ok(kept.keys.get(id).cloned())
    }
}

async fn fetched(world: &impl Capabilities, deadline: Deadline) -> Result<BTreeMap<String, PublicKey>, Failure> {
    let address = match settings::configured(world, "COGNITO_KEYS_URL") {
        Some(address) => address,
        None => format!("{}/.well-known/jwks.json", issuer(world)?),
    };
    let response = http::send(world, &Request::new("GET", address), RETRIES, deadline).await?;
    if response.status != 200 {
        return Err(Failure::Upstream(format!("it answered {}", response.status)));
    }
    let keys = response.json()?;
    let keys = keys.get("keys").and_then(Value::as_array);
    let keys = keys.ok_or_else(|| Failure::Upstream("its answer is no set of keys".to_owned()))?;
    Ok(keys.iter().filter_map(key).collect())
}

/// A key that signs by RSA; others are not for us.
fn key(key: &Value) -> Option<(String, PublicKey)> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let number = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let is_ours = text("kty") == Some("RSA")
        && text("use").is_none_or(|usage| usage == "sig")
        && text("alg").is_none_or(|algorithm| algorithm == "RS256");
    let id = text("kid").filter(|id| is_ours && !id.is_empty())?;
    Some((id.to_owned(), PublicKey { modulus: number("n")?, exponent: number("e")? }))
}

/// Who signs our tokens: the user pool, whose name begins with its region.
pub fn issuer(world: &impl Capabilities) -> Result<String, Failure> {
    let pool = settings::required(world, "USER_POOL_ID")?;
    let Some((region, _)) = pool.split_once('_') else {
        return Err(Failure::Configuration("`USER_POOL_ID` does not begin with a region".to_owned()));
    };
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    Ok(format!("https://cognito-idp.{region}.{domain}/{pool}"))
}
