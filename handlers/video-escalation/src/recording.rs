//! A recording as the store has it, and the task that makes it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use handler_common::Failure;
use handler_common::aws::{Aws, Refusal};
use handler_common::http::Deadline;
use handler_common::settings;
use handler_common::store::{Change, Item, Key};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Capabilities;
use crate::answer::{Problem, refused};
use crate::meeting::{Attendee, Meeting};
use crate::users::Agent;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are those in the table")]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    pub entity_type: String,
    pub recording_id: String,
    pub external_meeting_id: String,
    pub chime_meeting_id: String,
    #[serde(default)]
    pub chime_attendee_id: String,
    pub owner_username: String,
    pub connect_user_id: String,
    /// The groups that the owner was in, from the top.
    #[serde(default)]
    pub hierarchy_path: Vec<String>,
    #[serde(rename = "recordingS3Bucket")]
    pub bucket: String,
    #[serde(rename = "recordingS3Object")]
    pub object: String,
    /// Empty until the task runs.
    #[serde(default, rename = "ecsTaskARN")]
    pub task: String,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    #[serde(rename = "TTL")]
    pub expires: i64,
}

impl Recording {
    pub fn key(&self) -> Key {
        key(&self.external_meeting_id, &self.recording_id)
    }

    pub fn item(&self) -> Result<Item, Failure> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(Failure::Store("a recording cannot be written".to_owned())),
        }
    }

    /// Whether an agent of this place in the hierarchy may see it: its owner, and whoever is in the owner's group or in
    /// one above it. To be in no group is to be above nobody.
    pub fn is_below(&self, agent: &Agent) -> bool {
        let group = agent.hierarchy_group_id.as_ref();
        self.connect_user_id == agent.connect_user_id || group.is_some_and(|group| self.hierarchy_path.contains(group))
    }
}

fn key(meeting: &str, id: &str) -> Key {
    Key::with_sort(format!("M#{meeting}"), format!("REC#{id}"))
}

/// All recordings of a meeting.
pub async fn all(world: &impl Capabilities, meeting: &str) -> Result<Vec<Recording>, Failure> {
    let items = world.query(&format!("M#{meeting}"), "REC#").await?;
    let read = |(_, item): (String, Item)| serde_json::from_value(Value::Object(item));
    let recordings: Result<Vec<Recording>, _> = items.into_iter().map(read).collect();
    recordings.map_err(|_| Failure::Store("a recording's item is broken".to_owned()))
}

/// Where the file of a recording goes.
pub fn object(meeting: &str, attendee: &str, now: Timestamp) -> String {
    let time = now.to_zoned(TimeZone::UTC);
    let folder = time.strftime("%Y/%m/%d/%H");
    let stamp = time.strftime("%Y%m%dT%H:%M:%S");
    format!("RECORDINGS/{folder}/{meeting}_{attendee}_{stamp}_UTC.mp4")
}

/// The machines that watch meetings.
pub struct Recorder {
    aws: Aws,
    cluster: String,
    definition: String,
    container: String,
    pub bucket: String,
    deadline: Deadline,
}

impl Recorder {
    pub fn new(world: &impl Capabilities, deadline: Deadline) -> Result<Self, Problem> {
        let Some(cluster) = settings::configured(world, "RECORDING_CLUSTER") else {
            return Err(refused(404, "nothing is recorded here"));
        };
        Ok(Self {
            aws: Aws::from_environment(world)?,
            cluster,
            definition: settings::required(world, "RECORDING_TASK_DEFINITION")?,
            container: settings::configured(world, "RECORDING_CONTAINER").unwrap_or_else(|| "recording".to_owned()),
            bucket: settings::required(world, "RECORDING_BUCKET")?,
            deadline,
        })
    }

    /// Has a machine join a meeting and record it. Asked twice for one recording, one does.
    pub async fn run(
        &self,
        world: &impl Capabilities,
        recording: &Recording,
        meeting: &Meeting,
        attendee: &Attendee,
    ) -> Result<String, Failure> {
        let encoded = |value: &Value| STANDARD.encode(value.to_string());
        let variables = [
            ("TASK_TYPE", "RECORDING".to_owned()),
            ("CHIME_MEETING_DATA", encoded(&meeting.chime_meeting_data)),
            ("CHIME_ATTENDEE_DATA", encoded(&attendee.chime_attendee_data)),
            ("RECORDING_BUCKET", recording.bucket.clone()),
            ("RECORDING_FILE_NAME", recording.object.clone()),
            ("RECORDING_SCREEN_WIDTH", "1920".to_owned()),
            ("RECORDING_SCREEN_HEIGHT", "1080".to_owned()),
        ];
        let variables: Vec<Value> =
            variables.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let body = json!({
            "cluster": self.cluster,
            "taskDefinition": self.definition,
            "launchType": "EC2",
            "count": 1,
            "clientToken": recording.recording_id,
            "overrides": { "containerOverrides": [{ "name": self.container, "environment": variables }] },
        });
        let answer = self.call(world, "RunTask", &body).await?.map_err(Failure::from)?;
        let arn = answer.pointer("/tasks/0/taskArn").and_then(Value::as_str).filter(|arn| !arn.is_empty());
        arn.map(str::to_owned).ok_or_else(|| Failure::Upstream("there is no machine free to record".to_owned()))
    }

    /// Stops a task; one that is gone has stopped.
    pub async fn stop(&self, world: &impl Capabilities, task: &str) -> Result<(), Failure> {
        let body = json!({ "cluster": self.cluster, "task": task, "reason": "the recording is over" });
        match self.call(world, "StopTask", &body).await? {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.kind == "InvalidParameterException" => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    async fn call(
        &self,
        world: &impl Capabilities,
        operation: &str,
        body: &Value,
    ) -> Result<Result<Value, Refusal>, Failure> {
        let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
        self.aws.json(world, "ecs", &target, body, self.deadline).await
    }
}

/// Notes that a recording has ended.
pub async fn mark_ended(world: &impl Capabilities, recording: &Recording) -> Result<(), Failure> {
    let change = Change::new().set("endedAt", world.now().to_string()).only_if_absent("endedAt");
    world.update(&recording.key(), &change).await.map(|_| ())
}
