//! The calls of Connect and Lambda that the resource takes, each as forgiving as a repeated deployment needs it.

use handler_common::Failure;
use handler_common::aws::{Aws, Refusal};
use handler_common::http::Deadline;
use serde_json::{Value, json};

use crate::Capabilities;
use crate::request::{Content, FlowArn, Properties};

/// The tag by which a flow is known as a resource of a stack.
const OWNER: &str = "flow-resource";

/// The tag of a flow that another takes the place of, in the same instance.
const REPLACED: &str = "flow-resource-replaced";

/// What Connect and Lambda call something that is there already.
const THERE: [&str; 2] = ["ResourceConflictException", "DuplicateResourceException"];

/// Pages of a listing. More would be more flows than an instance can have.
const PAGES_MAX: usize = 200;

pub struct Connect<'a, W> {
    world: &'a W,
    aws: Aws,
    instance: &'a str,
    deadline: Deadline,
}

impl<'a, W: Capabilities> Connect<'a, W> {
    pub fn new(world: &'a W, instance: &'a str, deadline: Deadline) -> Result<Self, Failure> {
        Ok(Self { world, aws: Aws::from_environment(world)?, instance, deadline })
    }

    async fn call(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Result<Value, Refusal>, Failure> {
        self.aws.rest(self.world, "connect", method, path, body, self.deadline).await
    }

    async fn lambda(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Result<Value, Refusal>, Failure> {
        self.aws.rest(self.world, "lambda", method, path, body, self.deadline).await
    }

    /// The flow's document.
    pub async fn content(&self, content: &Content) -> Result<String, Failure> {
        match content {
            Content::Text(text) => Ok(text.clone()),
            Content::Object { bucket, key } => self.aws.object(self.world, bucket, key, self.deadline).await,
        }
    }

    /// Lets the instance call a function: a permission of the function, and an entry in the instance's list.
    pub async fn associate(&self, function: &str) -> Result<(), Failure> {
        let permission = json!({
            "StatementId": self.statement(),
            "Action": "lambda:InvokeFunction",
            "Principal": "connect.amazonaws.com",
            "SourceAccount": function.split(':').nth(4),
            "SourceArn": self.instance_arn(function),
        });
        let path = format!("/2015-03-31/functions/{}/policy", encoded(function));
        unless_there(self.lambda("POST", &path, Some(&permission)).await?)?;
        let path = format!("/instance/{}/lambda-function", self.instance);
        unless_there(self.call("PUT", &path, Some(&json!({ "FunctionArn": function }))).await?)
    }

    pub async fn disassociate(&self, function: &str) -> Result<(), Failure> {
        let path = format!("/instance/{}/lambda-function?functionArn={}", self.instance, encoded(function));
        unless_gone(self.call("DELETE", &path, None).await?)?;
        let path = format!("/2015-03-31/functions/{}/policy/{}", encoded(function), self.statement());
        unless_gone(self.lambda("DELETE", &path, None).await?)
    }

    fn statement(&self) -> String {
        format!("connect-{}", self.instance)
    }

    /// The instance's ARN: it is where the function is.
    fn instance_arn(&self, function: &str) -> String {
        let parts: Vec<&str> = function.split(':').collect();
        let part = |at: usize| parts.get(at).copied().unwrap_or_default();
        format!("arn:{}:connect:{}:{}:instance/{}", part(1), part(3), part(4), self.instance)
    }

    /// Creates the flow, unless there is one of its name.
    pub async fn create(
        &self,
        properties: &Properties,
        content: &str,
        owner: &str,
    ) -> Result<Option<FlowArn>, Failure> {
        let body = json!({
            "Name": properties.name,
            "Type": properties.kind,
            "Description": properties.description,
            "Content": content,
            "Tags": { OWNER: owner },
        });
        match self.call("PUT", &format!("/contact-flows/{}", self.instance), Some(&body)).await? {
            Ok(answer) => {
                let arn = answer.get("ContactFlowArn").and_then(Value::as_str).and_then(FlowArn::parse);
                arn.map(Some).ok_or_else(|| Failure::Upstream("Connect created a flow without an ARN".to_owned()))
            }
            Err(refusal) if refusal.kind == "DuplicateResourceException" => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Takes over the flow of the same name, if it is ours from an earlier try.
    pub async fn adopt(&self, properties: &Properties, content: &str, owner: &str) -> Result<FlowArn, Failure> {
        let foreign =
            || Failure::Event(format!("a flow called {:?} is there, and it is not this resource", properties.name));
        let arn = self.find(&properties.name).await?.ok_or_else(foreign)?;
        let flow = self.describe(&arn).await?.ok_or_else(foreign)?;
        let is_ours = flow.pointer(&format!("/Tags/{OWNER}")).and_then(Value::as_str) == Some(owner);
        let is_same_type = flow.get("Type").and_then(Value::as_str) == Some(properties.kind.as_str());
        if !is_ours || !is_same_type {
            return Err(foreign());
        }
        self.update_content(&arn, content).await?;
        self.rename(&arn, properties).await?;
        Ok(arn)
    }

    /// The flow of a name, on whichever page of the list it is.
    async fn find(&self, name: &str) -> Result<Option<FlowArn>, Failure> {
        let mut next = String::new();
        for _ in 0..PAGES_MAX {
            let path = format!("/contact-flows-summary/{}?maxResults=1000{next}", self.instance);
            let page = self.call("GET", &path, None).await?.map_err(Failure::from)?;
            let flows = page.get("ContactFlowSummaryList").and_then(Value::as_array).cloned().unwrap_or_default();
            let found = flows.iter().find(|flow| flow.get("Name").and_then(Value::as_str) == Some(name));
            if let Some(found) = found {
                return Ok(found.get("Arn").and_then(Value::as_str).and_then(FlowArn::parse));
            }
            match page.get("NextToken").and_then(Value::as_str).filter(|token| !token.is_empty()) {
                Some(token) => next = format!("&nextToken={}", encoded(token)),
                None => return Ok(None),
            }
        }
        Err(Failure::Upstream("Connect's list of flows has no end".to_owned()))
    }

    /// The flow as Connect has it, unless it is gone. A flow that was never published is there all the same.
    async fn describe(&self, arn: &FlowArn) -> Result<Option<Value>, Failure> {
        let path = format!("/contact-flows/{}/{}", self.instance, arn.flow);
        match self.call("GET", &path, None).await? {
            Ok(answer) => Ok(answer.get("ContactFlow").cloned()),
            Err(refusal) if refusal.status == 404 => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub async fn update_content(&self, arn: &FlowArn, content: &str) -> Result<(), Failure> {
        let path = format!("/contact-flows/{}/{}/content", self.instance, arn.flow);
        let answer = self.call("POST", &path, Some(&json!({ "Content": content }))).await?;
        answer.map(|_| ()).map_err(Failure::from)
    }

    pub async fn rename(&self, arn: &FlowArn, properties: &Properties) -> Result<(), Failure> {
        let path = format!("/contact-flows/{}/{}/metadata", self.instance, arn.flow);
        let body = json!({ "Name": properties.name, "Description": properties.description });
        self.call("POST", &path, Some(&body)).await?.map(|_| ()).map_err(Failure::from)
    }

    pub async fn delete(&self, arn: &FlowArn) -> Result<(), Failure> {
        unless_gone(self.call("DELETE", &format!("/contact-flows/{}/{}", self.instance, arn.flow), None).await?)
    }

    pub async fn mark_replaced(&self, arn: &FlowArn) -> Result<(), Failure> {
        let body = json!({ "tags": { REPLACED: "true" } });
        unless_gone(self.call("POST", &format!("/tags/{}", encoded(&arn.to_string())), Some(&body)).await?)
    }

    pub async fn is_replaced(&self, arn: &FlowArn) -> Result<bool, Failure> {
        let flow = self.describe(arn).await?;
        Ok(flow.is_some_and(|flow| flow.pointer(&format!("/Tags/{REPLACED}")).is_some()))
    }
}

fn unless_there(answer: Result<Value, Refusal>) -> Result<(), Failure> {
    match answer {
        Err(refusal) if !THERE.contains(&refusal.kind.as_str()) => Err(refusal.into()),
        _ => Ok(()),
    }
}

fn unless_gone(answer: Result<Value, Refusal>) -> Result<(), Failure> {
    match answer {
        Err(refusal) if refusal.status != 404 => Err(refusal.into()),
        _ => Ok(()),
    }
}

/// A text as one part of an address.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default().to_ascii_uppercase();
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    encoded
}
