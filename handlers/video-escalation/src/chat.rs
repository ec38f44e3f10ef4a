//! The customer's chat: the server says which flow it is for and what the flow is told, and what the page may add is on
//! a list.

use std::collections::BTreeMap;

use handler_common::Failure;
use handler_common::settings;
use handler_common::world::{Environment, random_token};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::warn;

use crate::answer::{Problem, Reply, refused};
use crate::connect::Connect;
use crate::join::Pass;
use crate::reference::{self, Claim};
use crate::{Capabilities, Task, input};

/// What a customer may say, besides what `CHAT_ATTRIBUTES` names.
const EMAIL: &str = "customerEmailAddress";
const REFERENCE: &str = "videoReferenceId";

/// Sent along by older pages; the participant's name is what counts.
const NAME: &str = "customerName";

/// As long as an attribute of one's own may be.
const ATTRIBUTE_MAX: usize = 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Start {
    contact_flow_id: Option<String>,
    participant_details: Participant,
    #[serde(default)]
    attributes: Option<BTreeMap<String, Option<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Participant {
    display_name: String,
}

/// What is known of a customer before the chat begins.
struct Visitor {
    name: String,
    email: String,
    reference: String,
    others: BTreeMap<String, String>,
}

/// POST /start
pub async fn start<W: Capabilities>(task: &Task<'_, W>) -> Result<Reply, Problem> {
    let flow = settings::required(task.world, "CONTACT_FLOW_ID")?;
    let body: Start = input::untyped_body(task.request)?;
    if body.contact_flow_id.is_some_and(|wish| wish != flow) {
        return Err(refused(400, "the flow is not yours to choose"));
    }
    let name = input::name(&body.participant_details.display_name, "DisplayName")?;
    let visitor = visitor(name, body.attributes.unwrap_or_default(), task.world)?;
    let claim = match visitor.reference.as_str() {
        "" => None,
        number => reference::claim(task.world, number, &visitor.email).await?,
    };
    let visit = match &claim {
        Some(claim) => claim.visit.clone(),
        None => input::uuid(task.world)?,
    };
    let secret = random_token(task.world, 32)?;
    let pass = Pass::new(&visit, &visitor.name, &visitor.email, &secret);
    let begun = begin(task, &flow, &visitor, claim.as_ref(), &pass).await;
    let mut data = match begun {
        Ok(data) => data,
        Err(problem) => {
            undo(task, claim.as_ref(), &pass).await;
            return Err(problem);
        }
    };
    if let Some(fields) = data.as_object_mut() {
        fields.insert("externalMeetingId".to_owned(), pass.meeting.clone().into());
        fields.insert("attendeeExternalUserId".to_owned(), pass.attendee.clone().into());
        fields.insert("joinToken".to_owned(), secret.into());
    }
    Ok(data.into())
}

fn visitor(
    name: String,
    attributes: BTreeMap<String, Option<String>>,
    environment: &impl Environment,
) -> Result<Visitor, Problem> {
    let allowed = settings::configured(environment, "CHAT_ATTRIBUTES").unwrap_or_default();
    let mut visitor = Visitor { name, email: String::new(), reference: String::new(), others: BTreeMap::new() };
    for (key, value) in attributes {
        let value = value.unwrap_or_default();
        match key.as_str() {
            EMAIL => visitor.email = input::email(&value, EMAIL)?,
            REFERENCE => value.trim().clone_into(&mut visitor.reference),
            NAME => {}
            // What begins like ours is ours, whatever the list says.
            other if !other.starts_with("video") && allowed.split(',').any(|one| one.trim() == other) => {
                if value.len() > ATTRIBUTE_MAX || value.chars().any(char::is_control) {
                    return Err(refused(400, format!("`{other}` has to be a line of at most {ATTRIBUTE_MAX} bytes")));
                }
                visitor.others.insert(key, value);
            }
            _ => return Err(refused(400, "there is an attribute among them that is not yours to set")),
        }
    }
    if visitor.email.is_empty() {
        return Err(refused(400, format!("`{EMAIL}` has to be an e-mail address")));
    }
    Ok(visitor)
}

async fn begin<W: Capabilities>(
    task: &Task<'_, W>,
    flow: &str,
    visitor: &Visitor,
    claim: Option<&Claim>,
    pass: &Pass,
) -> Result<Value, Problem> {
    pass.write(task.world).await?;
    let (status, number) = match claim {
        Some(claim) => ("valid", claim.number.as_str()),
        None if visitor.reference.is_empty() => ("none", ""),
        // The flow hears that it is wrong, and never what it was.
        None => ("invalid", "error"),
    };
    let mut attributes: BTreeMap<&str, &str> =
        visitor.others.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    attributes.extend([
        (NAME, visitor.name.as_str()),
        (EMAIL, visitor.email.as_str()),
        ("videoExternalMeetingId", pass.meeting.as_str()),
        ("videoAttendeeExternalUserId", pass.attendee.as_str()),
        ("videoAttendeeName", visitor.name.as_str()),
        ("videoAttendeeEmail", visitor.email.as_str()),
        ("videoVendorName", "Chime"),
        ("videoReferenceStatus", status),
    ]);
    if !number.is_empty() {
        attributes.insert(REFERENCE, number);
    }
    if let Some(claim) = claim {
        attributes.insert("videoRouteToAgent", &claim.agent);
    }
    let request = json!({
        "ContactFlowId": flow,
        "ParticipantDetails": { "DisplayName": visitor.name },
        "Attributes": attributes,
        "ClientToken": pass.meeting,
        // By a message of JSON the agent's page tells the customer's that the video begins; words in a chat cannot.
        "SupportedMessagingContentTypes": ["text/plain", "application/json"],
    });
    let chat = Connect::new(task.world, task.deadline)?.start_chat(request).await?;
    let text = |name: &str| chat.get(name).and_then(Value::as_str).unwrap_or_default();
    let contact = text("ContactId");
    if contact.is_empty() || text("ParticipantToken").is_empty() {
        return Err(Failure::Upstream("Connect started a chat without saying which".to_owned()).into());
    }
    if let Err(failure) = pass.bind(task.world, contact).await {
        // Only a recording would miss it.
        warn!("the chat of a meeting is not known: {failure}");
    }
    Ok(json!({
        "ContactId": contact, "ParticipantId": text("ParticipantId"), "ParticipantToken": text("ParticipantToken"),
    }))
}

/// As if nobody had asked.
async fn undo<W: Capabilities>(task: &Task<'_, W>, claim: Option<&Claim>, pass: &Pass) {
    if let Some(claim) = claim {
        reference::release(task.world, claim).await;
    }
    if let Err(failure) = task.world.delete(&pass.key()).await {
        warn!("a pass to no meeting stays: {failure}");
    }
}
