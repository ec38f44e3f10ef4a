//! Flows in `CloudFormation` templates.
//!
//! What a template puts together when it is deployed is taken as it stands: `Fn::Sub` leaves its `${..}` in the content,
//! and a `Ref` or `Fn::GetAtt` that is joined into it becomes the `${..}` that `Fn::Sub` has for it. `${!Name}`, by which
//! `Fn::Sub` writes a plain `${Name}`, stays `${!Name}`: put back under `Fn::Sub`, the content means what it meant.

use super::{Reader, tree};
use crate::diagnostics::{Diagnostic, codes};
use crate::json::{Json, Member, Node};

const FLOW: &str = "AWS::Connect::ContactFlow";
const MODULE: &str = "AWS::Connect::ContactFlowModule";

/// Whether a text that is not JSON may be a template with flows.
pub fn may_be_yaml(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), FLOW.as_bytes()).is_some()
}

/// Whether a value is a template with at least one flow.
pub fn is_template(json: &Json) -> bool {
    json.get("Resources")
        .and_then(Json::as_object)
        .is_some_and(|resources| resources.iter().any(|resource| is_module(&resource.value).is_some()))
}

/// Whether a resource is a module, if it is a flow at all.
fn is_module(resource: &Json) -> Option<bool> {
    match resource.text("Type")? {
        FLOW => Some(false),
        MODULE => Some(true),
        _ => None,
    }
}

impl Reader<'_> {
    pub(super) fn template(&mut self, json: &Json) {
        for resource in json.get("Resources").and_then(Json::as_object).unwrap_or_default() {
            let Some(is_module) = is_module(&resource.value) else { continue };
            let name = &resource.name;
            let properties = resource.value.get("Properties");
            match properties.and_then(|properties| Some((properties, content(properties.get("Content")?)?))) {
                Some((properties, content)) => self.resource(&name.value, properties, content, is_module),
                None => {
                    let given = properties.and_then(|properties| properties.get("Content"));
                    let span = given.map_or(name.span, |content| content.span.head());
                    self.intake.diagnostics.push(
                        Diagnostic::new(
                            codes::NOT_A_FLOW,
                            span,
                            format!("the content of `{}` is not in this template", name.value),
                        )
                        .label(if given.is_some() { "decided when it is deployed" } else { "there is no `Content`" })
                        .help("give the file that it comes from, or the answer of `aws connect describe-contact-flow`"),
                    );
                }
            }
        }
    }
}

/// A flow's content: its text, or the document itself where the template has it as an object.
fn content(json: &Json) -> Option<Result<String, Json>> {
    if let Some(text) = text(json) {
        // All of it is a parameter's value, or another resource's.
        let is_elsewhere = json.as_text().is_none() && text.trim_start().starts_with("${");
        return (!is_elsewhere).then_some(Ok(text));
    }
    let document = json.get("Fn::ToJsonString").unwrap_or(json);
    let is_function = document.as_object().is_none_or(|members| {
        members.iter().any(|member| member.name.value.starts_with("Fn::") || member.name.value == "Ref")
    });
    (!is_function).then(|| Err(plain(document)))
}

/// A value's text, with `${..}` for what is known only later.
pub fn text(json: &Json) -> Option<String> {
    let members = match &json.node {
        Node::Text(text) => return Some(text.clone()),
        Node::Object(members) => members,
        _ => return None,
    };
    let [function] = members.as_slice() else { return None };
    let argument = &function.value;
    match function.name.value.as_str() {
        "Fn::Sub" => match argument.as_list() {
            // What the list's map gives to its names are values of the deployment.
            Some(list) => list.first()?.as_text().map(str::to_owned),
            None => argument.as_text().map(str::to_owned),
        },
        "Fn::Join" => match argument.as_list()? {
            [between, parts] => {
                let parts: Option<Vec<String>> = parts.as_list()?.iter().map(text).collect();
                Some(parts?.join(between.as_text()?))
            }
            _ => None,
        },
        "Ref" => Some(format!("${{{}}}", argument.as_text()?)),
        "Fn::GetAtt" => {
            let path = match argument.as_list() {
                Some(parts) => parts.iter().map(Json::as_text).collect::<Option<Vec<_>>>()?.join("."),
                None => argument.as_text()?.to_owned(),
            };
            Some(format!("${{{path}}}"))
        }
        _ => None,
    }
}

/// A document in which functions have become texts. Nesting is bounded where it was read.
fn plain(json: &Json) -> Json {
    if json.as_object().is_some()
        && let Some(text) = text(json)
    {
        return tree::text(text, json.span);
    }
    match &json.node {
        Node::List(items) => tree::list(items.iter().map(plain).collect(), json.span),
        Node::Object(members) => {
            let members =
                members.iter().map(|member| Member { name: member.name.clone(), value: plain(&member.value) });
            tree::object(members.collect(), json.span)
        }
        _ => json.clone(),
    }
}
