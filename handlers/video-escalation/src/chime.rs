//! The calls of the Chime SDK's API for meetings.

use std::collections::BTreeMap;

use handler_common::Failure;
use handler_common::aws::{Aws, Refusal, escaped};
use handler_common::http::Deadline;
use handler_common::settings;
use serde_json::{Value, json};
use tracing::warn;

use crate::Capabilities;

pub struct Chime<'a, W> {
    world: &'a W,
    aws: Aws,
    deadline: Deadline,
}

/// A meeting that Chime made, with its attendees by their own ids.
pub struct Made {
    pub meeting: Value,
    pub id: String,
    pub attendees: BTreeMap<String, Value>,
}

impl<'a, W: Capabilities> Chime<'a, W> {
    /// `CHIME_REGION` is where the API is, which is not where the media are.
    pub fn new(world: &'a W, deadline: Deadline) -> Result<Self, Failure> {
        let region = settings::configured(world, "CHIME_REGION").unwrap_or_else(|| "us-east-1".to_owned());
        Ok(Self { world, aws: Aws::from_environment(world)?.in_region(&region), deadline })
    }

    async fn call(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Result<Value, Refusal>, Failure> {
        self.aws.rest(self.world, "meetings-chime", method, path, body, self.deadline).await
    }

    /// A meeting with attendees. Asked twice with one token, Chime makes one.
    pub async fn create(
        &self,
        token: &str,
        id: &str,
        region: &str,
        attendees: &[&str],
    ) -> Result<Result<Made, Refusal>, Failure> {
        let attendees: Vec<Value> = attendees.iter().map(|id| json!({ "ExternalUserId": id })).collect();
        let body = json!({
            "ClientRequestToken": token, "ExternalMeetingId": id, "MediaRegion": region, "Attendees": attendees,
        });
        let answer = match self.call("POST", "/meetings?operation=create-attendees", Some(&body)).await? {
            Ok(answer) => answer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let meeting = answer.get("Meeting").cloned().unwrap_or_default();
        let id = text(&meeting, "MeetingId")?;
        let listed = |name: &str| answer.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let made: BTreeMap<String, Value> = listed("Attendees")
            .into_iter()
            .filter_map(|attendee| Some((attendee.get("ExternalUserId")?.as_str()?.to_owned(), attendee)))
            .collect();
        if !listed("Errors").is_empty() || made.len() != attendees.len() {
            self.discard(&id).await;
            return Err(Failure::Upstream("Chime could not make every attendee".to_owned()));
        }
        Ok(Ok(Made { meeting, id, attendees: made }))
    }

    pub async fn add(&self, meeting: &str, attendee: &str) -> Result<Result<Value, Refusal>, Failure> {
        let body = json!({ "ExternalUserId": attendee });
        let answer = self.call("POST", &format!("/meetings/{}/attendees", escaped(meeting)), Some(&body)).await?;
        Ok(answer.map(|answer| answer.get("Attendee").cloned().unwrap_or_default()))
    }

    /// Ends a meeting; one that is gone has ended.
    pub async fn end(&self, meeting: &str) -> Result<(), Failure> {
        gone(self.call("DELETE", &format!("/meetings/{}", escaped(meeting)), None).await?)
    }

    pub async fn remove(&self, meeting: &str, attendee: &str) -> Result<(), Failure> {
        let path = format!("/meetings/{}/attendees/{}", escaped(meeting), escaped(attendee));
        gone(self.call("DELETE", &path, None).await?)
    }

    /// Ends a meeting that nobody will hear of.
    pub async fn discard(&self, meeting: &str) {
        if let Err(failure) = self.end(meeting).await {
            // Chime ends it by itself, when nobody has joined for some minutes.
            warn!("a meeting stays at Chime: {failure}");
        }
    }
}

/// A text that Chime's answers always have.
pub fn text(value: &Value, name: &str) -> Result<String, Failure> {
    let found = value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    found.map(str::to_owned).ok_or_else(|| Failure::Upstream(format!("Chime's answer has no `{name}`")))
}

fn gone(answer: Result<Value, Refusal>) -> Result<(), Failure> {
    match answer {
        Ok(_) => Ok(()),
        Err(refusal) if refusal.status == 404 => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}
