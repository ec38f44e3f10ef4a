//! Chime says that a meeting has ended: whatever still belongs to it is stopped.

use handler_common::Failure;
use handler_common::http::Deadline;
use serde_json::{Value, json};
use tracing::info;

use crate::answer::Problem;
use crate::{Capabilities, input, meeting, meetings, recordings};

/// Whose events these are, and which of them is meant.
pub const SOURCE: &str = "aws.chime";
pub const EVENT: &str = "chime:MeetingEnded";

/// An event of `EventBridge`. What is not about a meeting of ours is passed over, so that nobody tries it again.
pub async fn handle(event: &Value, world: &impl Capabilities, deadline: Deadline) -> Result<Value, Failure> {
    let text = |path: &str| event.pointer(path).and_then(Value::as_str).unwrap_or_default();
    if text("/source") != SOURCE {
        return Err(Failure::Event("it is neither a request nor an event of Chime's".to_owned()));
    }
    let nothing = json!({ "recordingsStopped": 0 });
    if text("/detail/eventType") != EVENT {
        return Ok(nothing);
    }
    let Ok(id) = input::id(text("/detail/externalMeetingId"), "externalMeetingId") else { return Ok(nothing) };
    let Some(meeting) = meeting::read(world, &id).await? else { return Ok(nothing) };
    if meeting.chime_meeting_id != text("/detail/meetingId") {
        // Another has begun under the same id.
        return Ok(nothing);
    }
    meetings::mark_ended(world, &meeting).await?;
    match recordings::stop_all(world, &meeting, deadline).await {
        // A failure, so that the event comes again.
        Ok((_, not_stopped)) if not_stopped > 0 => Err(Failure::Upstream("a recording goes on".to_owned())),
        Ok((stopped, _)) => {
            info!(stopped, "a meeting has ended");
            Ok(json!({ "recordingsStopped": stopped }))
        }
        Err(Problem::Failed(failure)) => Err(failure),
        Err(Problem::Refused { .. }) => Ok(nothing),
    }
}
