//! Those who come later.

use handler_common::Failure;
use handler_common::http::Deadline;
use handler_common::store::Change;
use serde::Deserialize;
use serde_json::Value;
use tracing::warn;

use crate::answer::{Problem, Reply, refused};
use crate::chime::{Chime, text};
use crate::meeting::{self, Attendee, Meeting};
use crate::token::User;
use crate::{CLEAN_UP, Capabilities, Task, input};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Add {
    external_meeting_id: String,
    attendee_external_user_id: String,
    attendee_name: String,
    attendee_email: Option<String>,
}

/// POST /attendee
pub async fn add<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let body: Add = input::body(task.request)?;
    let meeting_id = input::id(&body.external_meeting_id, "externalMeetingId")?;
    let id = input::id(&body.attendee_external_user_id, "attendeeExternalUserId")?;
    let name = input::name(&body.attendee_name, "attendeeName")?;
    let email = body.attendee_email.filter(|email| !email.trim().is_empty());
    let email = email.map(|email| input::email(&email, "attendeeEmail")).transpose()?.unwrap_or_default();
    let meeting = meeting::owned(task.world, &meeting_id, user).await?;
    let attendee = admit(task.world, &meeting, &id, name, email, task.deadline).await?;
    Ok(attendee.chime_attendee_data.into())
}

/// Makes an attendee at Chime, and writes it; or neither.
pub async fn admit(
    world: &impl Capabilities,
    meeting: &Meeting,
    id: &str,
    name: String,
    email: String,
    deadline: Deadline,
) -> Result<Attendee, Problem> {
    let taken = || refused(409, "there is an attendee of this id already");
    if meeting.attendees.contains_key(id) {
        return Err(taken());
    }
    let chime = Chime::new(world, deadline)?;
    let data = match chime.add(&meeting.chime_meeting_id, id).await? {
        Ok(data) => data,
        Err(refusal) if refusal.status == 404 => return Err(refused(404, "the meeting is over")),
        Err(refusal) => return Err(refusal.into()),
    };
    let chime_attendee_id = text(&data, "AttendeeId")?;
    let attendee = Attendee { name, email, is_owner: false, chime_attendee_id, chime_attendee_data: data };
    let value = serde_json::to_value(&attendee).unwrap_or(Value::Null);
    let field = format!("attendees.{id}");
    let change = Change::new()
        .set(&field, value)
        .only_if_absent(&field)
        .only_if_equal("chimeMeetingId", meeting.chime_meeting_id.as_str())
        .only_if_absent("endedAt");
    match world.update(&meeting::key(&meeting.external_meeting_id), &change).await {
        Ok(true) => Ok(attendee),
        Ok(false) => {
            expel(world, &meeting.chime_meeting_id, &attendee.chime_attendee_id).await;
            Err(taken())
        }
        Err(failure) => {
            expel(world, &meeting.chime_meeting_id, &attendee.chime_attendee_id).await;
            Err(failure.into())
        }
    }
}

/// Removes an attendee from a meeting at Chime, as well as it can be done.
pub async fn expel(world: &impl Capabilities, meeting: &str, attendee: &str) {
    let removed: Result<(), Failure> =
        async { Chime::new(world, Deadline::after(CLEAN_UP))?.remove(meeting, attendee).await }.await;
    if let Err(failure) = removed {
        warn!("an attendee stays at Chime: {failure}");
    }
}
