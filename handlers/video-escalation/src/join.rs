//! Who gets into a meeting: the agent whose it is, and the customer whose chat it is, who proves it by the token that
//! came with the chat. To everybody else all meetings are the same.

use handler_common::Failure;
use handler_common::store::{Change, EXPIRES, Key};
use handler_common::world::hex;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::answer::{Problem, Reply, refused};
use crate::meeting::{self, Meeting, SECONDS_KEPT};
use crate::token;
use crate::{Capabilities, Task, fields, input};

/// The header that carries a customer's token.
const HEADER: &str = "x-join-token";

/// What lets a customer into the meeting of a chat. Only a hash of the token is kept.
pub struct Pass {
    pub meeting: String,
    pub attendee: String,
    name: String,
    email: String,
    hash: String,
}

impl Pass {
    pub fn new(visit: &str, name: &str, email: &str, token: &str) -> Self {
        Self {
            meeting: visit.to_owned(),
            attendee: format!("customer-{visit}"),
            name: name.to_owned(),
            email: email.to_owned(),
            hash: hash(token),
        }
    }

    pub fn key(&self) -> Key {
        Key::with_sort(format!("M#{}", self.meeting), format!("J#{}", self.attendee))
    }

    pub async fn write(&self, world: &impl Capabilities) -> Result<(), Failure> {
        let now = world.now();
        let item = json!({
            "entityType": "Pass", "tokenHash": self.hash, "attendeeName": self.name, "attendeeEmail": self.email,
            "createdAt": now.to_string(), EXPIRES: now.as_second() + SECONDS_KEPT,
        });
        world.replace(&self.key(), &fields(item)).await
    }

    /// Notes which chat it came with.
    pub async fn bind(&self, world: &impl Capabilities, contact: &str) -> Result<(), Failure> {
        world.update(&self.key(), &Change::new().set("contactId", contact)).await.map(|_| ())
    }
}

/// The chat that a meeting is for.
pub async fn contact(world: &impl Capabilities, meeting: &str) -> Result<Option<String>, Failure> {
    let passes = world.query(&format!("M#{meeting}"), "J#").await?;
    let contact = passes.iter().find_map(|(_, item)| item.get("contactId")?.as_str());
    Ok(contact.map(str::to_owned))
}

/// Hashes are compared, of which nobody can choose the beginning: how long it takes tells nothing about the token.
fn hash(token: &str) -> String {
    hex(digest(&SHA256, token.as_bytes()).as_ref())
}

/// As whom somebody asks.
enum Asking {
    Owner,
    Attendee(String),
}

fn no() -> Problem {
    refused(403, "this meeting is not open to you")
}

async fn asking<W: Capabilities>(task: &Task<'_, W>, id: &str, meeting: &Meeting) -> Result<Asking, Problem> {
    let Some(token) = task.request.header(HEADER) else {
        let user = token::user(task).await?;
        return if meeting.is_of(&user) { Ok(Asking::Owner) } else { Err(no()) };
    };
    let hash = hash(token);
    let passes = task.world.query(&format!("M#{id}"), "J#").await?;
    let found = passes.into_iter().find(|(_, item)| item.get("tokenHash").and_then(Value::as_str) == Some(&hash));
    let attendee = found.and_then(|(sort, _)| sort.strip_prefix("J#").map(str::to_owned));
    attendee.map(Asking::Attendee).ok_or_else(no)
}

/// The meeting of the query while it is on, who asks, and whom about.
async fn asked<W: Capabilities>(task: &Task<'_, W>) -> Result<(Meeting, Asking, String), Problem> {
    let id = input::id(&input::query(task.request, "externalMeetingId")?, "externalMeetingId")?;
    let about = input::query(task.request, "attendeeExternalUserId")?;
    let about = input::id(&about, "attendeeExternalUserId")?;
    let meeting = meeting::read(task.world, &id).await?.filter(Meeting::is_on).ok_or_else(no)?;
    let asking = asking(task, &id, &meeting).await?;
    Ok((meeting, asking, about))
}

/// GET /attendee-join-data: only one's own, for it holds what lets one in.
pub async fn data<W: Capabilities>(task: &Task<'_, W>) -> Result<Reply, Problem> {
    let (meeting, asking, about) = asked(task).await?;
    let attendee = meeting.attendees.get(&about).ok_or_else(no)?;
    let is_own = match asking {
        Asking::Owner => attendee.is_owner,
        Asking::Attendee(id) => id == about,
    };
    if !is_own {
        return Err(no());
    }
    Ok(meeting.join_info(attendee).into())
}

/// GET /attendee-name, for those in the meeting.
pub async fn name<W: Capabilities>(task: &Task<'_, W>) -> Result<Reply, Problem> {
    let (meeting, _, about) = asked(task).await?;
    let name = meeting.attendees.get(&about).map_or("Unknown", |attendee| attendee.name.as_str());
    Ok(Value::from(name).into())
}
