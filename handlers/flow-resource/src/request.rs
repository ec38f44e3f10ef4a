//! What CloudFormation asks for.

use std::fmt;

use handler_common::Failure;
use handler_common::settings;
use handler_common::world::Environment;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The types of flows that can be created.
const TYPES: [&str; 10] = [
    "CONTACT_FLOW",
    "CUSTOMER_QUEUE",
    "CUSTOMER_HOLD",
    "CUSTOMER_WHISPER",
    "AGENT_HOLD",
    "AGENT_WHISPER",
    "OUTBOUND_WHISPER",
    "AGENT_TRANSFER",
    "QUEUE_TRANSFER",
    "CAMPAIGN",
];

/// How long a flow's name may be, in characters.
const NAME_MAX: usize = 127;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Kind {
    Create,
    Update,
    Delete,
}

#[derive(Debug, Deserialize)]
pub struct Request {
    #[serde(rename = "RequestType")]
    pub kind: Kind,
    #[serde(rename = "ResponseURL")]
    response_url: String,
    #[serde(rename = "StackId")]
    pub stack_id: String,
    #[serde(rename = "RequestId")]
    pub id: String,
    #[serde(rename = "LogicalResourceId")]
    pub logical_id: String,
    #[serde(rename = "PhysicalResourceId")]
    pub physical_id: Option<String>,
    #[serde(rename = "ResourceProperties", default)]
    pub properties: Map<String, Value>,
    #[serde(rename = "OldResourceProperties", default)]
    pub old_properties: Map<String, Value>,
}

impl Request {
    /// The request, and where its answer goes: to AWS's storage, or to a host that the operator names.
    pub fn read(event: Value, environment: &impl Environment) -> Result<(Self, String), Failure> {
        let request: Self = serde_json::from_value(event)
            .map_err(|_| Failure::Event("it is no request by CloudFormation for a custom resource".to_owned()))?;
        let url = request.response_url.clone();
        let host = |scheme: &str| {
            let authority = url.strip_prefix(scheme)?.split(['/', '?', '#']).next()?;
            Some(authority.split(':').next().unwrap_or_default().to_ascii_lowercase())
        };
        let configured = settings::configured(environment, "RESPONSE_HOST");
        let is_aws = |host: &str| {
            !host.contains('@') && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
        };
        let is_allowed = host("https://")
            .is_some_and(|host| is_aws(&host) || configured.as_deref() == Some(host.as_str()))
            || host("http://").is_some_and(|host| host == "127.0.0.1" && configured.as_deref() == Some(host.as_str()));
        if !is_allowed {
            return Err(Failure::Event("its `ResponseURL` is not AWS's".to_owned()));
        }
        Ok((request, url))
    }

    /// The flow that the resource is, if it ever became one.
    pub fn flow(&self) -> Option<FlowArn> {
        self.physical_id.as_deref().and_then(FlowArn::parse)
    }

    /// The value of the tag by which a flow is known as this resource: the stack's name and the resource's in it.
    pub fn owner(&self) -> String {
        let stack = self.stack_id.split('/').nth(1).unwrap_or(&self.stack_id);
        format!("{stack}/{}", self.logical_id)
    }
}

/// The ARN of a flow, in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowArn {
    /// `arn:aws:connect:us-east-1:111122223333`
    place: String,
    pub instance: String,
    pub flow: String,
}

impl FlowArn {
    pub fn parse(text: &str) -> Option<Self> {
        let (place, rest) = text.split_once(":instance/")?;
        let (instance, flow) = rest.split_once("/contact-flow/")?;
        let is_place = place.starts_with("arn:aws") && place.split(':').nth(2) == Some("connect");
        (is_place && is_id(instance) && is_id(flow)).then(|| Self {
            place: place.to_owned(),
            instance: instance.to_owned(),
            flow: flow.to_owned(),
        })
    }
}

impl fmt::Display for FlowArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:instance/{}/contact-flow/{}", self.place, self.instance, self.flow)
    }
}

/// An identifier that becomes part of an address.
fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Text(String),
    Object { bucket: String, key: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// The instance's id.
    pub instance: String,
    pub name: String,
    pub kind: String,
    pub content: Content,
    pub functions: Vec<String>,
    pub description: String,
}

impl Properties {
    pub fn read(properties: &Map<String, Value>) -> Result<Self, Failure> {
        let refused = |why: String| Failure::Event(why);
        let text = |name: &str| properties.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let instance = text("InstanceId");
        let instance = instance.rsplit_once(":instance/").map_or(instance.as_str(), |(_, id)| id).to_owned();
        if !is_id(&instance) {
            return Err(refused("`InstanceId` is neither an instance's id nor its ARN".to_owned()));
        }
        let name = text("Name");
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return Err(refused(format!("`Name` has to have 1 to {NAME_MAX} characters")));
        }
        let kind = Some(text("Type")).filter(|kind| !kind.is_empty()).unwrap_or_else(|| "CONTACT_FLOW".to_owned());
        if !TYPES.contains(&kind.as_str()) {
            return Err(refused("`Type` is no type of a flow".to_owned()));
        }
        let content = match properties.get("Content") {
            Some(Value::String(text)) if !text.is_empty() => Content::Text(text.clone()),
            Some(Value::Object(place)) => {
                let part = |name: &str| place.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
                let (Some(bucket), Some(key)) = (part("Bucket"), part("Key")) else {
                    return Err(refused("`Content` has no `Bucket` and `Key`".to_owned()));
                };
                Content::Object { bucket: bucket.to_owned(), key: key.to_owned() }
            }
            _ => {
                return Err(refused(
                    "`Content` is neither a flow's document nor an object's `Bucket` and `Key`".to_owned(),
                ));
            }
        };
        let functions = match properties.get("LambdaArns") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(arns)) => arns.iter().map(function).collect::<Result<_, _>>()?,
            Some(_) => return Err(refused("`LambdaArns` is no list".to_owned())),
        };
        Ok(Self { instance, name, kind, content, functions, description: text("Description") })
    }
}

/// The ARN of a function, which may name a version or an alias.
fn function(arn: &Value) -> Result<String, Failure> {
    let text = arn.as_str().unwrap_or_default();
    let parts: Vec<&str> = text.split(':').collect();
    let is_plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_$".contains(&byte))
    };
    match parts.as_slice() {
        ["arn", partition, "lambda", region, account, "function", name @ ..]
            if partition.starts_with("aws")
                && (1..=2).contains(&name.len())
                && [*region, *account].into_iter().chain(name.iter().copied()).all(is_plain) =>
        {
            Ok(text.to_owned())
        }
        _ => Err(Failure::Event("`LambdaArns` holds something that is no function's ARN".to_owned())),
    }
}
