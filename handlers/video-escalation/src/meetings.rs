//! The agent's meetings: made once for a chat, ended by whoever made them, and made anew as often as it takes.

use std::collections::BTreeMap;

use handler_common::Failure;
use handler_common::http::Deadline;
use handler_common::settings;
use handler_common::store::Change;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::Value;
use tracing::{info, warn};

use crate::answer::{Problem, Reply, refused};
use crate::chime::{Chime, Made, text};
use crate::meeting::{self, Attendee, Meeting, SECONDS_KEPT};
use crate::token::User;
use crate::{CLEAN_UP, Capabilities, Task, input, recordings};

/// As many as Chime makes together with a meeting.
const ATTENDEES_MAX: usize = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Create {
    external_meeting_id: String,
    meeting_title: Option<String>,
    meeting_region: Option<String>,
    meeting_attendees: Vec<Wanted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wanted {
    attendee_name: String,
    attendee_email: Option<String>,
    external_user_id: Option<String>,
    is_owner: Option<bool>,
}

/// Somebody who is to be in the meeting.
struct Guest {
    id: String,
    name: String,
    email: String,
    is_owner: bool,
}

/// POST /meeting
pub async fn create<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let body: Create = input::body(task.request)?;
    let id = input::id(&body.external_meeting_id, "externalMeetingId")?;
    let title = body.meeting_title.as_deref().filter(|title| !title.is_empty());
    let title = title.map(|title| input::name(title, "meetingTitle")).transpose()?.unwrap_or_default();
    let region = region(body.meeting_region, task)?;
    let before = meeting::read(task.world, &id).await?;
    if before.as_ref().is_some_and(Meeting::is_on) {
        return Err(refused(409, "there is a meeting of this id already"));
    }
    let generation = before.as_ref().map_or(0, |before| before.generation) + 1;
    // The same for whoever asks the same, so that two tries at once come to one meeting.
    let seed = format!("{id}\n{generation}\n{}", user.subject);
    let guests = guests(body.meeting_attendees, user, &seed)?;
    let ids: Vec<&str> = guests.iter().map(|guest| guest.id.as_str()).collect();
    let chime = Chime::new(task.world, task.deadline)?;
    let made = match chime.create(&derived(&seed), &id, &region, &ids).await? {
        Ok(made) => made,
        Err(refusal) if refusal.status == 409 => {
            return Err(refused(409, "there is a meeting of this id with other attendees"));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let meeting = recorded(&id, title, generation, user, guests, &made, task)?;
    keep(task, before.as_ref(), &meeting).await?;
    info!("a meeting has begun");
    let owner = meeting.attendees.values().find(|attendee| attendee.is_owner);
    let owner = owner.ok_or_else(|| Failure::Upstream("Chime made no owner".to_owned()))?;
    Ok(meeting.join_info(owner).into())
}

fn region<W: Capabilities>(wish: Option<String>, task: &Task<'_, W>) -> Result<String, Problem> {
    let configured = || settings::configured(task.world, "MEDIA_REGION").unwrap_or_else(|| "us-east-1".to_owned());
    let region = wish.filter(|wish| !wish.is_empty()).unwrap_or_else(configured);
    let is_legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (2..=32).contains(&region.len()) && region.bytes().all(is_legal) {
        return Ok(region);
    }
    Err(refused(400, "`meetingRegion` has to be a region"))
}

fn guests(wanted: Vec<Wanted>, user: &User, seed: &str) -> Result<Vec<Guest>, Problem> {
    if wanted.len() > ATTENDEES_MAX {
        return Err(refused(400, format!("a meeting begins with at most {ATTENDEES_MAX} attendees")));
    }
    let owner = wanted.iter().position(|one| one.is_owner == Some(true));
    let owner = owner.ok_or_else(|| refused(400, "one of `meetingAttendees` has to be the owner"))?;
    let mut guests: Vec<Guest> = Vec::new();
    for (at, one) in wanted.into_iter().enumerate() {
        let id = match one.external_user_id.filter(|id| !id.is_empty()) {
            Some(id) => input::id(&id, "externalUserId")?,
            None => derived(&format!("{seed}\n{at}")),
        };
        if guests.iter().any(|other| other.id == id) {
            return Err(refused(400, "two of `meetingAttendees` have one `externalUserId`"));
        }
        let email = one.attendee_email.filter(|email| !email.trim().is_empty());
        let email = email.map(|email| input::email(&email, "attendeeEmail")).transpose()?.unwrap_or_default();
        guests.push(Guest {
            id,
            name: input::name(&one.attendee_name, "attendeeName")?,
            // Who the owner is, the token says.
            email: if at == owner { user.email.clone() } else { email },
            is_owner: at == owner,
        });
    }
    Ok(guests)
}

/// A UUID that a text leads to.
fn derived(seed: &str) -> String {
    let hash = digest(&SHA256, seed.as_bytes());
    let number = hash.as_ref().iter().take(16).fold(0, |number: u128, byte| (number << 8) | u128::from(*byte));
    input::uuid_of(number)
}

fn recorded<W: Capabilities>(
    id: &str,
    title: String,
    generation: u64,
    user: &User,
    guests: Vec<Guest>,
    made: &Made,
    task: &Task<'_, W>,
) -> Result<Meeting, Failure> {
    let now = task.world.now();
    let mut attendees = BTreeMap::new();
    let mut owner_name = String::new();
    for guest in guests {
        let data = made.attendees.get(&guest.id).cloned().unwrap_or_default();
        if guest.is_owner {
            owner_name.clone_from(&guest.name);
        }
        let attendee = Attendee {
            name: guest.name,
            email: guest.email,
            is_owner: guest.is_owner,
            chime_attendee_id: text(&data, "AttendeeId")?,
            chime_attendee_data: data,
        };
        attendees.insert(guest.id, attendee);
    }
    Ok(Meeting {
        entity_type: "Meeting".to_owned(),
        external_meeting_id: id.to_owned(),
        meeting_title: title,
        owner_username: user.name.clone(),
        owner_name,
        owner_email: user.email.clone(),
        chime_meeting_id: made.id.clone(),
        chime_meeting_data: made.meeting.clone(),
        attendees,
        generation,
        created_at: now.to_string(),
        ended_at: None,
        recording_id: None,
        expires: now.as_second() + SECONDS_KEPT,
    })
}

/// Writes a meeting that Chime has made, in the place of one that is over. What cannot be written is ended.
async fn keep<W: Capabilities>(task: &Task<'_, W>, before: Option<&Meeting>, meeting: &Meeting) -> Result<(), Problem> {
    let key = meeting::key(&meeting.external_meeting_id);
    let written = match before {
        None => task.world.insert(&key, &meeting.item()?).await,
        Some(before) => {
            let mut change = Change::new().remove("endedAt").remove("recordingId");
            for (name, value) in meeting.item()? {
                change = change.set(&name, value);
            }
            // Items of the program before this one count no generations.
            let change = match before.generation {
                0 => change.only_if_absent("generation"),
                generation => change.only_if_equal("generation", generation),
            };
            task.world.update(&key, &change).await
        }
    };
    if matches!(written, Ok(true)) {
        return Ok(());
    }
    // Somebody was faster, which may have been the same wish and so the same meeting; or nobody knows what was written.
    let there = meeting::read(task.world, &meeting.external_meeting_id).await.ok().flatten();
    if there.is_some_and(|there| there.chime_meeting_id == meeting.chime_meeting_id) {
        return Ok(());
    }
    Chime::new(task.world, Deadline::after(CLEAN_UP))?.discard(&meeting.chime_meeting_id).await;
    match written {
        Err(failure) => Err(failure.into()),
        Ok(_) => Err(refused(409, "there is a meeting of this id already")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Named {
    external_meeting_id: String,
}

/// The meeting that a request is about, in its query or, as older pages do it, in its body.
pub fn named<W>(task: &Task<'_, W>) -> Result<String, Problem> {
    let id = match task.request.query_value("externalMeetingId") {
        Some(id) => id,
        None => input::body::<Named>(task.request)?.external_meeting_id,
    };
    input::id(&id, "externalMeetingId")
}

/// DELETE /meeting
pub async fn end<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let id = named(task)?;
    let meeting = meeting::any_owned(task.world, &id, user).await?;
    if !meeting.is_on() {
        return Ok(Value::Null.into());
    }
    // First there, then here: what fails can be asked for again.
    Chime::new(task.world, task.deadline)?.end(&meeting.chime_meeting_id).await?;
    mark_ended(task.world, &meeting).await?;
    let stopped = recordings::stop_all(task.world, &meeting, task.deadline).await;
    if let Err(problem) = stopped {
        warn!("a recording may go on: {problem:?}");
    }
    Ok(Value::Null.into())
}

/// Notes that a meeting is over, unless another has begun under its id.
pub async fn mark_ended(world: &impl Capabilities, meeting: &Meeting) -> Result<(), Failure> {
    let change = Change::new()
        .set("endedAt", world.now().to_string())
        .only_if_equal("chimeMeetingId", meeting.chime_meeting_id.as_str())
        .only_if_absent("endedAt");
    world.update(&meeting::key(&meeting.external_meeting_id), &change).await.map(|_| ())
}
