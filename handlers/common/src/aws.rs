//! Signed calls to AWS services for which an SDK crate would cost more than it gives: one request, one answer.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningInstructions,
    SigningSettings, UriPathNormalizationMode, sign,
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

    /// Somebody else in the same region, such as a role that was assumed.
    pub fn with_credentials(&self, id: &str, secret: &str, session: &str) -> Self {
        let credentials = Credentials::new(id, secret, Some(session.to_owned()), None, "assumed role");
        Self { credentials, region: self.region.clone() }
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

    /// A call of a service with the query protocol, which is answered in XML.
    pub async fn query<W: Http + Random + Environment + Clock>(
        &self,
        world: &W,
        service: &str,
        fields: &[(&str, &str)],
        deadline: Deadline,
    ) -> Result<Result<String, Refusal>, Failure> {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        let request = Request::new("POST", self.endpoint(world, service))
            .body("application/x-www-form-urlencoded", fields.join("&"));
        let request = self.signed(request, service, SystemTime::from(world.now()))?;
        let response = http::send(world, &request, RETRIES, deadline).await?;
        if response.status != 200 {
            return Ok(Err(refusal(&response)));
        }
        let text = String::from_utf8(response.body);
        text.map(Ok).map_err(|_| Failure::Upstream("its answer is no text".to_owned()))
    }

    /// The address of an object of S3 with a signature in it: whoever has it can read the object for so long.
    pub fn lent_object<W: Environment + Clock>(
        &self,
        world: &W,
        bucket: &str,
        key: &str,
        time: Duration,
    ) -> Result<String, Failure> {
        let path: Vec<String> = key.split('/').map(escaped).collect();
        let endpoint = self.endpoint(world, "s3");
        let mut url = format!("{}/{}/{}", endpoint.trim_end_matches('/'), escaped(bucket), path.join("/"));
        let mut settings = signing_settings("s3");
        settings.signature_location = SignatureLocation::QueryParams;
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        settings.expires_in = Some(time);
        let body = SignableBody::UnsignedPayload;
        let instructions = self.instructions("GET", &url, &[], body, "s3", settings, SystemTime::from(world.now()))?;
        let (_, parameters) = instructions.into_parts();
        let query: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        url.extend(["?", &query.join("&")]);
        Ok(url)
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
        let headers: Vec<(&str, &str)> =
            request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = SignableBody::Bytes(&request.body);
        let settings = signing_settings(service);
        let instructions = self.instructions(request.method, &request.url, &headers, body, service, settings, time)?;
        let (headers, _) = instructions.into_parts();
        request.headers.extend(headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned())));
        Ok(request)
    }

    /// What has to be added to a request, so that the service knows who sends it.
    #[expect(
        clippy::too_many_arguments,
        reason = "a request in pieces, some of which are not there when it is lent out"
    )]
    fn instructions(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: SignableBody<'_>,
        service: &str,
        settings: SigningSettings,
        time: SystemTime,
    ) -> Result<SigningInstructions, Failure> {
        let unsigned = |()| Failure::Configuration("a request to AWS cannot be signed".to_owned());
        let identity: Identity = self.credentials.clone().into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(signing_name(service))
            .time(time)
            .settings(settings)
            .build()
            .map_err(|_| unsigned(()))?
            .into();
        let signable = SignableRequest::new(method, url, headers.iter().copied(), body).map_err(|_| unsigned(()))?;
        Ok(sign(signable, &parameters).map_err(|_| unsigned(()))?.into_parts().0)
    }
}

/// What a service is called in signatures, which for one of ours is not what it is called in addresses.
fn signing_name(service: &str) -> &str {
    if service == "meetings-chime" { "chime" } else { service }
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

/// The service's word for what went wrong: in a header, as `__type` or `code` in the body, or as an element of XML, with
/// or without a name space before it.
fn refusal(response: &Response) -> Refusal {
    let text = String::from_utf8_lossy(&response.body);
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    let inside = ["__type", "code", "Code"].into_iter().find_map(|name| body.get(name)?.as_str());
    let kind = response.error_type.as_deref().or(inside).or_else(|| element(&text, "Code")).unwrap_or("an error");
    let kind = kind.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default();
    Refusal { status: response.status, kind: kind.to_owned() }
}

/// The text of the first XML element of a name, for answers whose texts hold nothing that XML would escape.
pub fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    after.split_once(&format!("</{name}>")).map(|(text, _)| text.trim())
}

/// A text as a part of a path or of a query: everything escaped but letters, digits and four marks.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            byte => {
                // Writing to a text does not fail.
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{HandClock, World};

    #[test]
    fn a_lent_object_is_signed_as_the_services_own_tools_sign_it() {
        let world = World::still()
            .with_clock(HandClock::at("2026-01-02T03:04:05Z").unwrap())
            .variable_set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .variable_set("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
            .variable_set("AWS_SESSION_TOKEN", "session/token+=")
            .variable_set("AWS_REGION", "eu-central-1");
        let key = "RECORDINGS/2026/01/02/03/m-1_a_20260102T03:04:05_UTC.mp4";
        let aws = Aws::from_environment(&world).unwrap();
        let url = aws.lent_object(&world, "recordings-1", key, Duration::from_mins(15)).unwrap();
        let (address, query) = url.split_once('?').unwrap();
        assert_eq!(
            address,
            "https://s3.eu-central-1.amazonaws.com/recordings-1/RECORDINGS/2026/01/02/03/m-1_a_20260102T03%3A04%3A05_UTC.mp4"
        );
        // botocore's signature of the same.
        let signature = "X-Amz-Signature=bb78f51f8d4f69f4ce23627079604ba45c1460f85488616d134f277334306a6c";
        assert!(query.split('&').any(|part| part == signature), "{query}");
        assert!(
            query.contains("X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Feu-central-1%2Fs3%2Faws4_request"),
            "{query}"
        );
    }

    #[test]
    fn a_refusal_is_named_by_header_json_or_xml() {
        let response = |error_type: Option<&str>, body: &str| Response {
            status: 400,
            error_type: error_type.map(str::to_owned),
            body: body.as_bytes().to_vec(),
        };
        let header = "ResourceNotFoundException:http://internal.example/";
        for (response, kind) in [
            (response(Some(header), r#"{"message":"x"}"#), "ResourceNotFoundException"),
            (response(None, r#"{"__type":"com.amazon#ClientException"}"#), "ClientException"),
            (response(None, "<Error><Code>AccessDenied</Code></Error>"), "AccessDenied"),
            (response(None, "<html>"), "an error"),
        ] {
            assert_eq!(refusal(&response).kind, kind);
        }
    }

    #[test]
    fn elements_are_found_and_texts_escaped() {
        assert_eq!(element("<a><b> x </b><b>y</b></a>", "b"), Some("x"));
        assert_eq!(element("<a><b>x</a>", "b"), None);
        assert_eq!(escaped("aZ0-_.~/ä+"), "aZ0-_.~%2F%C3%A4%2B");
    }
}
