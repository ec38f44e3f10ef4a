//! Signed calls to AWS services for which an SDK crate would cost more than it gives: one request, one answer.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use serde_json::Value;

use crate::Failure;
use crate::http::{self, Deadline, Http, Request, Response, Retries};
use crate::settings;
use crate::world::{Clock, Environment, Random};

const RETRIES: Retries = Retries { again: 2, base: Duration::from_millis(100), per_try: Duration::from_millis(2500) };

/// Where AWS is and who is calling, from the variables that Lambda sets.
#[derive(Clone)]
pub struct Aws {
    credentials: Credentials,
    region: String,
}

/// A service's refusal: its own word for it, and the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub kind: String,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Upstream(format!("AWS answered {} with status {}", refusal.kind, refusal.status))
    }
}

impl Aws {
    pub fn from_environment(environment: &impl Environment) -> Result<Self, Failure> {
        let credentials = Credentials::new(
            settings::required(environment, "AWS_ACCESS_KEY_ID")?,
            settings::required(environment, "AWS_SECRET_ACCESS_KEY")?,
            settings::configured(environment, "AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        Ok(Self { credentials, region: settings::required(environment, "AWS_REGION")? })
    }

    /// The same caller in another region.
    pub fn in_region(&self, region: &str) -> Self {
        Self { region: region.to_owned(), ..self.clone() }
    }

    /// A call of a service with the JSON protocol: the target names the operation. The inner error is a refusal, which
    /// the caller may have an answer to.
    pub async fn json<W: Http + Random + Environment + Clock>(
        &self,
        world: &W,
        service: &str,
        target: &str,
        body: &Value,
        deadline: Deadline,
    ) -> Result<Result<Value, Refusal>, Failure> {
        let request = Request::new("POST", self.endpoint(world, service))
            .header("x-amz-target", target)
            .body("application/x-amz-json-1.1", body.to_string());
        self.call(world, service, request, RETRIES, deadline).await
    }

    /// A call of a service with the REST protocol.
    pub async fn rest<W: Http + Random + Environment + Clock>(
        &self,
        world: &W,
        service: &str,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
        deadline: Deadline,
    ) -> Result<Result<Value, Refusal>, Failure> {
        let request = Request::new(method, format!("{}{}", self.endpoint(world, service).trim_end_matches('/'), path));
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        self.call(world, service, request, RETRIES, deadline).await
    }

    /// The text of an object of S3.
    pub async fn object<W: Http + Random + Environment + Clock>(
        &self,
        world: &W,
        bucket: &str,
        key: &str,
        deadline: Deadline,
    ) -> Result<String, Failure> {
        let is_bucket = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        let is_key = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        if !bucket.bytes().all(is_bucket) || !key.bytes().all(is_key) || bucket.contains("..") || key.contains("..") {
            return Err(Failure::Event("an object's bucket or key has characters that none should have".to_owned()));
        }
        let endpoint = self.endpoint(world, "s3");
        let request = Request::new("GET", format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/')));
        let request = self.signed(request, "s3", SystemTime::from(world.now()))?;
        let response = http::send(world, &request, RETRIES, deadline).await?;
        if response.status != 200 {
            return Err(Failure::Upstream(format!("S3 answered {}", response.status)));
        }
        String::from_utf8(response.body).map_err(|_| Failure::Upstream("the object is no text".to_owned()))
    }

    async fn call<W: Http + Random + Environment + Clock>(
        &self,
        world: &W,
        service: &str,
        request: Request,
        retries: Retries,
        deadline: Deadline,
    ) -> Result<Result<Value, Refusal>, Failure> {
        let request = self.signed(request, service, SystemTime::from(world.now()))?;
        let response = http::send(world, &request, retries, deadline).await?;
        if !(200..300).contains(&response.status) {
            return Ok(Err(refusal(&response)));
        }
        if response.body.is_empty() { Ok(Ok(Value::Null)) } else { response.json().map(Ok) }
    }

    /// The address of a service: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, or the region's own.
    fn endpoint(&self, environment: &impl Environment, service: &str) -> String {
        let own = format!("AWS_ENDPOINT_URL_{}", service.to_ascii_uppercase().replace('-', "_"));
        let configured = [own.as_str(), "AWS_ENDPOINT_URL"];
        let configured = configured.into_iter().find_map(|name| settings::configured(environment, name));
        let domain = if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        configured.unwrap_or_else(|| format!("https://{service}.{}.{domain}/", self.region))
    }

    fn signed(&self, mut request: Request, service: &str, time: SystemTime) -> Result<Request, Failure> {
        let unsigned = |()| Failure::Configuration("a request to AWS cannot be signed".to_owned());
        let identity: Identity = self.credentials.clone().into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(time)
            .settings(signing_settings(service))
            .build()
            .map_err(|_| unsigned(()))?
            .into();
        let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let signable = SignableRequest::new(request.method, &request.url, headers, SignableBody::Bytes(&request.body))
            .map_err(|_| unsigned(()))?;
        let (signature, _) = sign(signable, &parameters).map_err(|_| unsigned(()))?.into_parts();
        let (headers, _) = signature.into_parts();
        request.headers.extend(headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned())));
        Ok(request)
    }
}

/// S3 signs a path as it is, and wants the body's hash in a header; the others do neither.
fn signing_settings(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings
}

/// The service's word for what went wrong: `__type` or `code` in the body, with or without a name space before it.
fn refusal(response: &Response) -> Refusal {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let kind = ["__type", "code", "Code"].into_iter().find_map(|name| body.get(name)?.as_str()).unwrap_or("an error");
    let kind = kind.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default();
    Refusal { status: response.status, kind: kind.to_owned() }
}
