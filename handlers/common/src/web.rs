//! What passes between an HTTP API of API Gateway, payload version 2.0, and a function.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Failure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebRequest {
    pub method: String,
    pub path: String,
    /// What stands behind the question mark, as it was sent.
    pub query: String,
    /// By names in lower case. Of a header that came twice, the gateway joins the values by commas.
    headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    /// The gateway's word for the request.
    pub id: String,
    /// How the caller signed in at the identity pool, where the gateway has checked that.
    pub signed_in_by: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    version: String,
    raw_path: String,
    raw_query_string: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    request_context: Context,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    http: Http,
    request_id: Option<String>,
    authorizer: Option<Value>,
}

#[derive(Deserialize)]
struct Http {
    method: String,
}

impl WebRequest {
    /// Reads what the runtime delivered.
    pub fn read(event: Value) -> Result<Self, Failure> {
        let unusable = |why: &str| Failure::Event(format!("{why}; is the API one of HTTP, with payload version 2.0?"));
        let envelope: Envelope =
            serde_json::from_value(event).map_err(|_| unusable("it does not have the shape of a request"))?;
        if envelope.version != "2.0" {
            return Err(unusable("its payload has another version"));
        }
        let body = envelope.body.unwrap_or_default();
        let body = if envelope.is_base64_encoded.unwrap_or(false) {
            STANDARD.decode(body).map_err(|_| unusable("its body is not Base64"))?
        } else {
            body.into_bytes()
        };
        let headers = envelope.headers.unwrap_or_default();
        let means = envelope.request_context.authorizer.as_ref().and_then(|by| by.pointer("/iam/cognitoIdentity/amr"));
        let means = means.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        Ok(Self {
            signed_in_by: means.map(str::to_owned).collect(),
            id: envelope.request_context.request_id.unwrap_or_default(),
            method: envelope.request_context.http.method,
            path: envelope.raw_path,
            query: envelope.raw_query_string.unwrap_or_default(),
            headers: headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect(),
            body,
        })
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The content type without its parameters, in lower case.
    pub fn content_type(&self) -> String {
        let full = self.header("content-type").unwrap_or_default();
        full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// A value of the query, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The fields of a form, decoded, in their order.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAnswer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl WebAnswer {
    pub fn new(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    pub fn into_value(self) -> Value {
        let headers: Value =
            self.headers.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        json!({ "statusCode": self.status, "headers": headers, "body": self.body, "isBase64Encoded": false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(body: &Value, is_encoded: bool) -> Value {
        json!({
            "version": "2.0", "rawPath": "/voice", "rawQueryString": "param=a%20b&x", "body": body,
            "headers": { "Content-Type": "application/X-www-form-urlencoded; charset=utf-8" },
            "requestContext": { "http": { "method": "POST" } }, "isBase64Encoded": is_encoded, "cookies": null,
        })
    }

    #[test]
    fn a_request_is_read() {
        let request = WebRequest::read(event(&json!("From=%2B1&Text=a+b&Text="), false)).unwrap();
        assert_eq!(request.content_type(), "application/x-www-form-urlencoded");
        assert_eq!(request.query_value("param").as_deref(), Some("a b"));
        assert_eq!(request.query_value("x").as_deref(), Some(""));
        assert_eq!(request.query_value("y"), None);
        let fields: Vec<_> =
            [("From", "+1"), ("Text", "a b"), ("Text", "")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        assert_eq!(request.form(), fields);
    }

    #[test]
    fn a_body_may_be_in_base64_or_missing() {
        assert_eq!(WebRequest::read(event(&json!("YT1i"), true)).unwrap().body, b"a=b");
        assert_eq!(WebRequest::read(event(&Value::Null, false)).unwrap().body, b"");
        assert!(WebRequest::read(event(&json!("*"), true)).is_err());
    }

    #[test]
    fn other_payloads_are_refused() {
        let mut old = event(&json!(""), false);
        old["version"] = "1.0".into();
        for other in [old, json!({}), json!(null), json!({ "Details": {} })] {
            assert!(matches!(WebRequest::read(other), Err(Failure::Event(_))));
        }
    }
}
