//! Meetings are recorded by their owners, one recording at a time, and seen by those above them in the hierarchy.

use std::time::Duration;

use handler_common::Failure;
use handler_common::aws::Aws;
use handler_common::http::Deadline;
use handler_common::settings;
use handler_common::store::Change;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::warn;

use crate::answer::{Problem, Reply, refused};
use crate::connect::Connect;
use crate::meeting::{self, Meeting, SECONDS_KEPT};
use crate::recording::{self, Recorder, Recording};
use crate::token::User;
use crate::{CLEAN_UP, Capabilities, Task, attendees, cors, input, join, meetings, users};

/// The attribute by which whoever looks at a contact finds its recordings.
const PLAYBACK: &str = "videoRecordingPlaybackURL";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Start {
    external_meeting_id: String,
    /// What older pages send. Which chat the meeting is for is known here.
    #[serde(rename = "connectContactId")]
    _connect_contact_id: Option<String>,
    #[serde(rename = "videoRecordingPlaybackURL")]
    playback: Option<String>,
}

/// POST /recording
pub async fn start<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let body: Start = input::body(task.request)?;
    let id = input::id(&body.external_meeting_id, "externalMeetingId")?;
    let recorder = Recorder::new(task.world, task.deadline)?;
    let playback = body.playback.filter(|url| !url.is_empty());
    if playback.as_deref().is_some_and(|url| !is_playback(url, &id, task)) {
        return Err(refused(400, "recordings are played back on the agents' page, and nowhere else"));
    }
    let meeting = meeting::owned(task.world, &id, user).await?;
    let agent = users::agent(task, user).await?;
    let recording_id = input::uuid(task.world)?;
    let now = task.world.now();
    let recording = Recording {
        entity_type: "Recording".to_owned(),
        recording_id: recording_id.clone(),
        external_meeting_id: id.clone(),
        chime_meeting_id: meeting.chime_meeting_id.clone(),
        chime_attendee_id: String::new(),
        owner_username: user.name.clone(),
        connect_user_id: agent.connect_user_id,
        hierarchy_path: agent.hierarchy_path,
        bucket: recorder.bucket.clone(),
        object: recording::object(&id, &recording_id, now),
        task: String::new(),
        created_at: now.to_string(),
        ended_at: None,
        expires: now.as_second() + SECONDS_KEPT,
    };
    let is_first = recording::all(task.world, &id).await?.is_empty();
    reserve(task.world, &meeting, &recording_id).await?;
    // Written before anything runs: what runs unknown, nobody can stop.
    task.world.replace(&recording.key(), &recording.item()?).await?;
    if let Err(problem) = run(task, &recorder, &meeting, &recording).await {
        give_up(task.world, &recording).await;
        return Err(problem);
    }
    if let Some(playback) = playback.filter(|_| is_first) {
        let told: Result<(), Failure> = async {
            let Some(contact) = join::contact(task.world, &id).await? else { return Ok(()) };
            Connect::new(task.world, task.deadline)?.set_attribute(&contact, PLAYBACK, &playback).await
        }
        .await;
        if let Err(failure) = told {
            warn!("the contact does not tell of its recording: {failure}");
        }
    }
    Ok(json!({ "recordingId": recording_id, "message": "the recording has begun" }).into())
}

/// Whether an address is the agents' page about this meeting.
fn is_playback<W: Capabilities>(url: &str, id: &str, task: &Task<'_, W>) -> bool {
    let origin = url.strip_suffix(&format!("/recording/{id}"));
    origin.is_some_and(|origin| cors::is_agents(origin, task.world))
}

/// Makes a recording the meeting's only one.
async fn reserve(world: &impl Capabilities, meeting: &Meeting, id: &str) -> Result<(), Problem> {
    let change = Change::new()
        .set("recordingId", id)
        .only_if_absent("recordingId")
        .only_if_absent("endedAt")
        .only_if_equal("chimeMeetingId", meeting.chime_meeting_id.as_str());
    if world.update(&meeting::key(&meeting.external_meeting_id), &change).await? {
        return Ok(());
    }
    Err(refused(409, "the meeting is being recorded, or it is over"))
}

async fn release(world: &impl Capabilities, recording: &Recording) -> Result<(), Failure> {
    let change = Change::new().remove("recordingId").only_if_equal("recordingId", recording.recording_id.as_str());
    world.update(&meeting::key(&recording.external_meeting_id), &change).await.map(|_| ())
}

/// Has the meeting watched. What began before a failure is undone.
async fn run<W: Capabilities>(
    task: &Task<'_, W>,
    recorder: &Recorder,
    meeting: &Meeting,
    recording: &Recording,
) -> Result<(), Problem> {
    let name = settings::configured(task.world, "RECORDING_ATTENDEE_NAME").unwrap_or_else(|| "RECORDING".to_owned());
    let id = &recording.recording_id;
    let attendee = attendees::admit(task.world, meeting, id, name, String::new(), task.deadline).await?;
    let chime_id = attendee.chime_attendee_id.as_str();
    let arn = match recorder.run(task.world, recording, meeting, &attendee).await {
        Ok(arn) => arn,
        Err(failure) => {
            attendees::expel(task.world, &meeting.chime_meeting_id, chime_id).await;
            return Err(failure.into());
        }
    };
    let change = Change::new().set("ecsTaskARN", arn.as_str()).set("chimeAttendeeId", chime_id);
    let written = task.world.update(&recording.key(), &change).await;
    if !matches!(written, Ok(true)) {
        let stopping = Recorder::new(task.world, Deadline::after(CLEAN_UP))?;
        if let Err(failure) = stopping.stop(task.world, &arn).await {
            warn!("a recording goes on that nobody knows of: {failure}");
        }
        attendees::expel(task.world, &meeting.chime_meeting_id, chime_id).await;
        return Err(written.err().unwrap_or_else(|| Failure::Store("the recording's item is gone".to_owned())).into());
    }
    Ok(())
}

/// As if no recording had been asked for.
async fn give_up(world: &impl Capabilities, recording: &Recording) {
    for undone in [world.delete(&recording.key()).await, release(world, recording).await] {
        if let Err(failure) = undone {
            warn!("a recording that never was stays written: {failure}");
        }
    }
}

/// DELETE /recording
pub async fn stop<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let id = meetings::named(task)?;
    let meeting = meeting::any_owned(task.world, &id, user).await?;
    let (stopped, not_stopped) = stop_all(task.world, &meeting, task.deadline).await?;
    Ok(json!({ "recordingsStopped": stopped, "recordingsNotStopped": not_stopped }).into())
}

/// Stops what is running, each on its own; how many were stopped and how many were not.
pub async fn stop_all(world: &impl Capabilities, meeting: &Meeting, deadline: Deadline) -> Result<(u32, u32), Problem> {
    let all = recording::all(world, &meeting.external_meeting_id).await?;
    let running: Vec<Recording> = all.into_iter().filter(|recording| recording.ended_at.is_none()).collect();
    if running.is_empty() {
        return Ok((0, 0));
    }
    let recorder = Recorder::new(world, deadline)?;
    let (mut stopped, mut not_stopped) = (0, 0);
    for recording in running {
        match stop_one(world, &recorder, &recording).await {
            Ok(()) => stopped += 1,
            Err(failure) => {
                warn!("a recording could not be stopped: {failure}");
                not_stopped += 1;
            }
        }
    }
    Ok((stopped, not_stopped))
}

async fn stop_one(world: &impl Capabilities, recorder: &Recorder, recording: &Recording) -> Result<(), Failure> {
    if !recording.task.is_empty() {
        recorder.stop(world, &recording.task).await?;
    }
    recording::mark_ended(world, recording).await?;
    release(world, recording).await?;
    if !recording.chime_attendee_id.is_empty() {
        attendees::expel(world, &recording.chime_meeting_id, &recording.chime_attendee_id).await;
    }
    Ok(())
}

/// GET /recording-summary
pub async fn summary<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let id = input::id(&input::query(task.request, "externalMeetingId")?, "externalMeetingId")?;
    let profile = settings::required(task.world, "PLAYBACK_SECURITY_PROFILE_ID")?;
    let minutes = settings::number(task.world, "PLAYBACK_MINUTES", 15, 24 * 60)?.max(1);
    let agent = users::agent(task, user).await?;
    if !agent.security_profile_ids.contains(&profile) {
        return Err(refused(403, "your security profiles do not let you see recordings"));
    }
    let mut recordings = recording::all(task.world, &id).await?;
    if recordings.is_empty() {
        return Err(refused(404, "there are no recordings"));
    }
    recordings.retain(|recording| recording.is_below(&agent));
    if recordings.is_empty() {
        return Err(refused(403, "none of the recordings is of your group or of one below"));
    }
    recordings.sort_by(|left, right| left.created_at.cmp(&right.created_at));
    let aws = Aws::from_environment(task.world)?;
    let time = Duration::from_secs(minutes * 60);
    let rows: Result<Vec<Value>, Failure> = recordings
        .iter()
        .map(|recording| {
            let url = aws.lent_object(task.world, &recording.bucket, &recording.object, time)?;
            Ok(json!({
                "recordingId": recording.recording_id, "createdAt": recording.created_at,
                "endedAt": recording.ended_at, "recordingURL": url,
            }))
        })
        .collect();
    Ok(Value::from(rows?).into())
}
