//! The item of one caller: who they are to the voice service, and where their login stands.

use handler_common::Failure;
use handler_common::phone::E164;
use handler_common::settings;
use handler_common::store::{Change, Item, Key, Store, Table};
use handler_common::world::Environment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The table of both handlers.
pub fn table() -> Table {
    Table { name: "ConnectTwilio".to_owned(), partition_key: "phoneNumber", sort_key: None }
}

/// What both programs before this one kept under `info`, and behind it what makes their holes go away. Items of theirs
/// are read: what they lack has a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// Empty while a first call creates it.
    pub user_id: String,
    /// The webhook is asked to verify this caller.
    pub verifying: bool,
    /// The webhook is asked to enrol this caller.
    pub enrolling: bool,
    pub num_enrollments: u32,
    /// The caller's voice was recognised, and Connect has not taken note of it.
    pub verified: bool,
    /// When that was; at first, when the item was made.
    pub auth_time: String,

    /// Counts the writes. Each is made only if nothing was written since the item was read.
    #[serde(default)]
    pub version: u64,
    /// The digits that prove that a call is the one that comes back from the webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the webhook waits for, and in which call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// Failures since the second `failures_since`.
    #[serde(default)]
    pub failures: u32,
    #[serde(default)]
    pub failures_since: i64,
    /// Until which second a call creates the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creating_until: Option<i64>,
}

/// A recording that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    pub step: Step,
    pub call_sid: String,
    /// The last second in which it may come.
    pub until: i64,
    /// How often it was in vain in this call.
    pub tries: u32,
    /// The recording that came last, which may not come again.
    #[serde(default)]
    pub last_recording: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    Enroll,
    Verify,
}

/// What is allowed how often, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How old, in seconds, a verification may be when the call comes back.
    pub fresh: i64,
    /// How many seconds more the digits may take, which are keyed in after that.
    pub code: i64,
    /// Failures in one call.
    pub per_call: u32,
    /// Failures in an hour, over all calls.
    pub per_hour: u32,
}

const HOUR: i64 = 3600;

/// How many voice samples make an enrolment.
const SAMPLES: u32 = 3;

impl Limits {
    pub fn of(environment: &impl Environment) -> Result<Self, Failure> {
        let number = |name: &str, default: u64, most: u64| settings::number(environment, name, default, most);
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Self {
            fresh: i64::from(narrow(number("FRESH_SECONDS", 10, 300)?)),
            code: i64::from(narrow(number("CODE_SECONDS", 30, 300)?)),
            per_call: narrow(number("TRIES_PER_CALL", 3, 20)?),
            per_hour: narrow(number("FAILURES_PER_HOUR", 6, 100)?),
        })
    }
}

/// What a write answers that came second.
pub const CHANGED: &str = "the caller's item changes all the time";

impl Caller {
    /// Somebody of whom nothing is known, while a first call creates the user.
    pub fn new(now: Timestamp, creating_until: i64) -> Self {
        Self {
            user_id: String::new(),
            verifying: false,
            enrolling: true,
            num_enrollments: 0,
            verified: false,
            auth_time: now.to_string(),
            version: 0,
            code: None,
            pending: None,
            failures: 0,
            failures_since: 0,
            creating_until: Some(creating_until),
        }
    }

    pub async fn read(store: &impl Store, number: &E164) -> Result<Option<Self>, Failure> {
        let Some(mut item) = store.get(&Key::new(number.as_str())).await? else { return Ok(None) };
        let info = item.shift_remove("info").unwrap_or_default();
        // An item that nobody can read is somebody's login: it is not written over.
        let caller =
            serde_json::from_value(info).map_err(|_| Failure::Store("a caller's item is broken".to_owned()))?;
        Ok(Some(caller))
    }

    /// Writes the item of a first call, unless another first call was faster.
    pub async fn insert(&self, store: &impl Store, number: &E164) -> Result<bool, Failure> {
        let mut item = Item::new();
        item.insert("info".to_owned(), self.written()?);
        store.insert(&Key::new(number.as_str()), &item).await
    }

    /// Writes what changed since the item was read, unless somebody else wrote in between.
    pub async fn update(&mut self, store: &impl Store, number: &E164) -> Result<bool, Failure> {
        let read = self.version;
        self.version += 1;
        let change = Change::new().set("info", self.written()?);
        let change = if read == 0 {
            // Items of the programs before this one have no version; of them, what decides must not have changed.
            change.only_if_absent("info.version")
        } else {
            change.only_if_equal("info.version", read)
        };
        let is_written = store.update(&Key::new(number.as_str()), &change).await?;
        if !is_written {
            self.version = read;
        }
        Ok(is_written)
    }

    fn written(&self) -> Result<Value, Failure> {
        let mut caller = self.clone();
        caller.version = caller.version.max(1);
        serde_json::to_value(&caller).map_err(|error| Failure::Store(error.to_string()))
    }

    /// Whether the voice was recognised so many seconds ago at most, and not in the future.
    pub fn is_verified_within(&self, seconds: i64, now: Timestamp) -> bool {
        let Ok(at) = self.auth_time.parse::<Timestamp>() else { return false };
        let age = now.as_millisecond() - at.as_millisecond();
        self.verified && (0..seconds * 1000).contains(&age)
    }

    pub fn is_enrolled(&self) -> bool {
        self.num_enrollments >= SAMPLES
    }

    pub fn is_locked(&self, limits: Limits, now: Timestamp) -> bool {
        self.failures >= limits.per_hour && now.as_second() - self.failures_since < HOUR
    }

    /// Counts a failure. The hour begins with its first.
    pub fn count_failure(&mut self, now: Timestamp) {
        if now.as_second() - self.failures_since >= HOUR {
            (self.failures, self.failures_since) = (0, now.as_second());
        }
        self.failures += 1;
    }

    /// Takes what the voice service has, up to what is enough.
    pub fn take_enrollments(&mut self, count: u64) {
        self.num_enrollments = u32::try_from(count).unwrap_or(SAMPLES).min(SAMPLES);
    }

    /// Nothing is left of a verification.
    pub fn forget_verification(&mut self) {
        self.verified = false;
        self.code = None;
    }
}
