//! What the service says, checked before Connect acts on it.

use handler_common::Failure;
use handler_common::connect::{Answer, flatten};
use handler_common::phone::E164;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::config::DTMF;

/// The most that Connect dials after a call is answered.
const DTMF_MAX: usize = 50;

/// Where to call, and what to dial there.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// In E.164.
    pub phone_number: String,
    /// Empty where nothing is to be dialled.
    pub dtmf_sequence: String,
    /// Whatever else the service says, flattened.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// What the virtual agent decided.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Handoff {
    #[serde(rename = "handoff_conversation")]
    pub conversation: String,
    #[serde(rename = "handoff_conversationCorrelationId")]
    pub correlation: String,
    #[serde(rename = "handoff_summary")]
    pub summary: String,
    /// Such as `pstn:sales`; empty where it decided nothing.
    #[serde(rename = "handoff_transferTarget")]
    pub target: String,
}

pub fn transfer(answer: &Value) -> Result<Answer, Failure> {
    let unusable = |what: &str| Failure::Upstream(format!("the virtual agents' service gave {what}"));
    let Some(mut others) = answer.as_object().cloned() else { return Err(unusable("no object")) };
    let number = others.remove("phoneNumber");
    let number = number.as_ref().and_then(Value::as_str).and_then(E164::parse);
    let number = number.ok_or_else(|| unusable("no `phoneNumber` in E.164"))?;
    let dtmf = match others.remove("dtmfSequence") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text.len() <= DTMF_MAX && text.chars().all(|c| DTMF.contains(c)) => text,
        Some(_) => return Err(unusable("a `dtmfSequence` that Connect cannot dial")),
    };
    Answer::of(&Transfer { phone_number: number.as_str().to_owned(), dtmf_sequence: dtmf, others })
}

pub fn handoff(answer: &Value) -> Result<Answer, Failure> {
    let Some(handoff) = answer.get("handoff").and_then(Value::as_object) else {
        return Err(Failure::Upstream("the virtual agents' service gave no `handoff`".to_owned()));
    };
    // Through the same flattening as everything else, so that a number becomes a text.
    let flat = flatten(&Value::Object(handoff.clone()))?;
    let field = |name: &str| flat.get(name).unwrap_or_default().to_owned();
    Answer::of(&Handoff {
        conversation: field("conversation"),
        correlation: field("conversationCorrelationId"),
        summary: field("summary"),
        target: field("transferTarget"),
    })
}
