//! A meeting as the store has it: one item, attendees included, so that it is written whole or not at all.

use std::collections::BTreeMap;

use handler_common::Failure;
use handler_common::store::{Item, Key};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Capabilities;
use crate::answer::{Problem, refused};
use crate::token::User;

/// How long meetings and what belongs to them are kept.
pub const SECONDS_KEPT: i64 = 45 * 24 * 3600;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are those in the table")]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    pub entity_type: String,
    pub external_meeting_id: String,
    #[serde(default)]
    pub meeting_title: String,
    pub owner_username: String,
    #[serde(default)]
    pub owner_name: String,
    #[serde(default)]
    pub owner_email: String,
    pub chime_meeting_id: String,
    pub chime_meeting_data: Value,
    #[serde(default)]
    pub attendees: BTreeMap<String, Attendee>,
    /// How often there was a meeting of this name, this one included.
    #[serde(default)]
    pub generation: u64,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// The recording that is running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_id: Option<String>,
    #[serde(rename = "TTL")]
    pub expires: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendee {
    #[serde(rename = "attendeeName")]
    pub name: String,
    #[serde(default, rename = "attendeeEmail")]
    pub email: String,
    pub is_owner: bool,
    pub chime_attendee_id: String,
    /// As Chime gave it, the token that lets in included.
    pub chime_attendee_data: Value,
}

pub fn key(id: &str) -> Key {
    Key::with_sort(format!("M#{id}"), format!("M#{id}"))
}

pub async fn read(world: &impl Capabilities, id: &str) -> Result<Option<Meeting>, Failure> {
    let Some(item) = world.get(&key(id)).await? else { return Ok(None) };
    let meeting = serde_json::from_value(Value::Object(item));
    meeting.map(Some).map_err(|_| Failure::Store("a meeting's item is broken".to_owned()))
}

/// The meeting, which has to be on and the user's.
pub async fn owned(world: &impl Capabilities, id: &str, user: &User) -> Result<Meeting, Problem> {
    let meeting = any_owned(world, id, user).await?;
    if meeting.is_on() { Ok(meeting) } else { Err(refused(404, "the meeting is over")) }
}

/// The meeting, which has to be the user's and may be over.
pub async fn any_owned(world: &impl Capabilities, id: &str, user: &User) -> Result<Meeting, Problem> {
    let meeting = read(world, id).await?.ok_or_else(|| refused(404, "there is no such meeting"))?;
    if meeting.is_of(user) { Ok(meeting) } else { Err(refused(403, "the meeting is somebody else's")) }
}

impl Meeting {
    pub fn is_on(&self) -> bool {
        self.ended_at.is_none()
    }

    pub fn is_of(&self, user: &User) -> bool {
        self.owner_username == user.name
    }

    pub fn item(&self) -> Result<Item, Failure> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(Failure::Store("a meeting cannot be written".to_owned())),
        }
    }

    /// What an attendee joins with.
    pub fn join_info(&self, attendee: &Attendee) -> Value {
        json!({ "JoinInfo": { "Meeting": self.chime_meeting_data, "Attendee": attendee.chime_attendee_data } })
    }
}
