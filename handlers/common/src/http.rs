//! Calls to other services over HTTP: bounded in time, in size and in number of tries.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::Failure;
use crate::world::{Random, World};

/// More than any answer that a handler reads.
const BODY_MAX: usize = 1024 * 1024;

/// Where services with the REST protocol name their error; the body often holds only a sentence about it.
const ERROR_TYPE: &str = "x-amzn-errortype";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &'static str, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// What AWS calls a refusal, where it says so in a header.
    pub error_type: Option<String>,
    pub body: Vec<u8>,
}

impl Response {
    /// The body as JSON; what is none is a failure of the other side.
    pub fn json(&self) -> Result<Value, Failure> {
        serde_json::from_slice(&self.body).map_err(|_| Failure::Upstream("its answer is not JSON".to_owned()))
    }

    /// Whether the same request may well be answered a moment later.
    fn is_passing(&self) -> bool {
        matches!(self.status, 408 | 429 | 500..)
    }
}

/// The moment at which an answer is worthless, because the flow has gone on.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn after(budget: Duration) -> Self {
        Self(Instant::now() + budget)
    }

    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Lets a piece of work run until then.
    pub async fn hold<T>(self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        tokio::time::timeout_at(self.0, work).await.unwrap_or(Err(Failure::Deadline))
    }
}

/// How often a request is repeated, and how long one try may take.
#[derive(Debug, Clone, Copy)]
pub struct Retries {
    pub again: u32,
    pub base: Duration,
    pub per_try: Duration,
}

impl Retries {
    /// For requests that must not arrive twice.
    pub fn none(per_try: Duration) -> Self {
        Self { again: 0, base: Duration::ZERO, per_try }
    }
}

pub trait Http: Send + Sync {
    /// One try. A failure means that there was no answer; any status is an answer.
    fn send(&self, request: &Request, timeout: Duration) -> impl Future<Output = Result<Response, Failure>> + Send;
}

/// Sends a request, and again after a pause that doubles, when there was no answer or one that will pass (408, 429 and
/// from 500 on). The last answer counts, whatever it is. Stops early rather than beyond the deadline.
pub async fn send(
    world: &(impl Http + Random),
    request: &Request,
    retries: Retries,
    deadline: Deadline,
) -> Result<Response, Failure> {
    let mut tried = 0;
    loop {
        let timeout = retries.per_try.min(deadline.remaining());
        if timeout.is_zero() {
            return Err(Failure::Deadline);
        }
        let result = world.send(request, timeout).await;
        let is_settled = result.as_ref().is_ok_and(|response| !response.is_passing());
        let pause = pause(world, retries.base, tried)?;
        if is_settled || tried == retries.again || pause >= deadline.remaining() {
            return result;
        }
        tokio::time::sleep(pause).await;
        tried += 1;
    }
}

/// The base times a power of two, and up to a quarter more, so that many clients do not come back at once.
fn pause(random: &impl Random, base: Duration, tried: u32) -> Result<Duration, Failure> {
    let mut byte = [0];
    random.fill(&mut byte)?;
    let plain = base.saturating_mul(2_u32.saturating_pow(tried));
    let [byte] = byte;
    Ok(plain + plain / 4 * u32::from(byte) / 255)
}

/// The client of the real world. It follows no redirect: where a request goes is decided before it is sent.
#[derive(Clone)]
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    pub fn new() -> Result<Self, Failure> {
        // Whoever set one before us meant the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).user_agent("connect-handlers");
        let client = client.build().map_err(|_| Failure::Configuration("TLS is not available".to_owned()))?;
        Ok(Self(client))
    }
}

impl Http for HttpClient {
    async fn send(&self, request: &Request, timeout: Duration) -> Result<Response, Failure> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes());
        let method = method.map_err(|_| Failure::Upstream("there is no such method".to_owned()))?;
        let mut builder = self.0.request(method, &request.url).timeout(timeout).body(request.body.clone());
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let mut response = builder.send().await.map_err(|error| failed(&error))?;
        let error_type = response.headers().get(ERROR_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > BODY_MAX {
                return Err(Failure::Upstream(format!("its answer is longer than {BODY_MAX} bytes")));
            }
        }
        Ok(Response { status: response.status().as_u16(), error_type, body })
    }
}

/// What went wrong, without the address, which may hold what nobody should read.
fn failed(error: &reqwest::Error) -> Failure {
    let what = match error {
        error if error.is_timeout() => "it did not answer in time",
        error if error.is_connect() => "it cannot be reached",
        error if error.is_builder() => "its address is not usable",
        _ => "the connection broke",
    };
    Failure::Upstream(what.to_owned())
}

impl<T: Http> Http for Arc<T> {
    async fn send(&self, request: &Request, timeout: Duration) -> Result<Response, Failure> {
        (**self).send(request, timeout).await
    }
}

impl<S: Send + Sync, H: Http> Http for World<S, H> {
    async fn send(&self, request: &Request, timeout: Duration) -> Result<Response, Failure> {
        self.http.send(request, timeout).await
    }
}
