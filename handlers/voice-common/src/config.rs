//! Credentials, from Secrets Manager or from the environment.

use handler_common::Failure;
use handler_common::http::{Deadline, Http};
use handler_common::secret::{self, SecretCache};
use handler_common::settings;
use handler_common::world::{Clock, Environment, Random, World};
use std::sync::Arc;

/// A handler that keeps the secret it has read.
pub trait Secrets: Send + Sync {
    fn secrets(&self) -> &SecretCache;
}

/// The store of a handler, with the secret beside it.
impl<S: Send + Sync> Secrets for World<S, VoiceIt> {
    fn secrets(&self) -> &SecretCache {
        &self.http_part().secrets
    }
}

/// The way to other services, and the secret that opens them.
pub struct VoiceIt {
    http: Arc<handler_common::http::HttpClient>,
    secrets: SecretCache,
}

impl VoiceIt {
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { http: Arc::new(handler_common::http::HttpClient::new()?), secrets: SecretCache::default() })
    }
}

impl Http for VoiceIt {
    async fn send(
        &self,
        request: &handler_common::http::Request,
        timeout: std::time::Duration,
    ) -> Result<handler_common::http::Response, Failure> {
        self.http.send(request, timeout).await
    }
}

/// A credential: a field of the secret that `VOICE_SECRET_ARN` names, or a variable.
pub async fn secret_text<W>(world: &W, name: &str, deadline: Deadline) -> Result<String, Failure>
where
    W: Http + Random + Environment + Clock + Secrets,
{
    match settings::configured(world, "VOICE_SECRET_ARN") {
        Some(arn) => secret::field(&world.secrets().read(world, &arn, deadline).await?, name),
        None => settings::required(world, name),
    }
}
