//! Tells a flow what a caller's voice login needs next. The answer is one word, by which the flow branches.

#[cfg(test)]
mod contract;

use std::time::Duration;

use handler_common::Failure;
use handler_common::connect::{Answer, Event};
use handler_common::http::{Deadline, Http};
use handler_common::phone::E164;
use handler_common::store::Store;
use handler_common::world::{Clock, Environment, Random};
use serde::Serialize;
use tracing::info;
use voice_common::{CHANGED, Caller, Client, Limits, Secrets};

/// What the handler needs of the world.
pub trait Capabilities: Store + Clock + Random + Environment + Http + Secrets {}

impl<T: Store + Clock + Random + Environment + Http + Secrets> Capabilities for T {}

/// The parameter in which a flow passes the digits that were keyed in.
pub const CODE: &str = "code";

/// All that an invocation may take. The flow waits for eight seconds.
const BUDGET: Duration = Duration::from_secs(7);

/// How many seconds a first call has to create its user before another may.
const CREATING: i64 = 8;

/// How often somebody else may write first.
const TURNS: u32 = 10;

/// The pause before a call looks again that waits for another call to create the user.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Next {
    #[serde(rename = "Branch")]
    pub branch: Branch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Branch {
    /// The voice is known: have it verified.
    Verify,
    /// Nothing is known: have the voice enrolled.
    EnrollFromScratch,
    /// Some samples are missing.
    Enroll,
    /// The call may be the one that comes back: ask for the digits.
    Returning,
    /// The caller is who they say, and this is the only call that is told so.
    Verified,
    /// The voice was recognised too long ago.
    FailedVerified,
    /// The digits are wrong, or nothing was verified.
    Unconfirmed,
    /// Too many failures in the last hour.
    Locked,
}

/// The word for the caller's login.
pub async fn handle(event: Event, world: &impl Capabilities) -> Result<Answer, Failure> {
    let deadline = Deadline::after(BUDGET);
    // Hidden numbers would all share one login.
    let number = event.customer_address().and_then(E164::parse);
    let number = number.ok_or_else(|| Failure::Event("the customer has no number in E.164".to_owned()))?;
    let branch = deadline.hold(next(world, &number, event.parameter(CODE), deadline)).await?;
    info!(contact = event.contact_id(), number = %number, ?branch, "answering");
    Answer::of(&Next { branch })
}

/// Reads, decides, and writes only if nothing has changed meanwhile; otherwise once more.
async fn next(
    world: &impl Capabilities,
    number: &E164,
    code: Option<&str>,
    deadline: Deadline,
) -> Result<Branch, Failure> {
    let limits = Limits::of(world)?;
    for _ in 0..TURNS {
        let now = world.now();
        let Some(mut caller) = Caller::read(world, number).await? else {
            let claim = Caller::new(now, now.as_second() + CREATING);
            if claim.insert(world, number).await? {
                return create(world, number, deadline).await;
            }
            continue;
        };
        if caller.user_id.is_empty() {
            if caller.creating_until.is_some_and(|until| until >= now.as_second()) {
                // Another first call is at it.
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            caller.creating_until = Some(now.as_second() + CREATING);
            if caller.update(world, number).await? {
                return create(world, number, deadline).await;
            }
            continue;
        }
        let before = caller.clone();
        let branch = match code {
            Some(code) => confirm(&mut caller, code, limits, now),
            None => decide(&mut caller, limits, now),
        };
        if caller == before || caller.update(world, number).await? {
            return Ok(branch);
        }
    }
    Err(Failure::Store(CHANGED.to_owned()))
}

/// Creates the user of a first call, whose item is ours until then. If it fails, the next call tries again.
async fn create(world: &impl Capabilities, number: &E164, deadline: Deadline) -> Result<Branch, Failure> {
    let created = async { Client::new(world, deadline).await?.create_user().await }.await;
    let Some(mut caller) = Caller::read(world, number).await? else { return Err(Failure::Store(CHANGED.to_owned())) };
    let failure = match created {
        Ok(user) => {
            caller.user_id = user;
            None
        }
        Err(failure) => Some(failure),
    };
    caller.creating_until = None;
    match (caller.update(world, number).await?, failure) {
        (_, Some(failure)) => Err(failure),
        (true, None) => Ok(Branch::EnrollFromScratch),
        (false, None) => Err(Failure::Store(CHANGED.to_owned())),
    }
}

/// What a call without digits needs.
fn decide(caller: &mut Caller, limits: Limits, now: jiff::Timestamp) -> Branch {
    if caller.is_locked(limits, now) {
        caller.forget_verification();
        return Branch::Locked;
    }
    if caller.is_verified_within(limits.fresh, now) && caller.code.is_some() {
        return Branch::Returning;
    }
    if caller.verified {
        caller.forget_verification();
        caller.verifying = true;
        return Branch::FailedVerified;
    }
    (caller.verifying, caller.enrolling) = (caller.is_enrolled(), !caller.is_enrolled());
    if caller.is_enrolled() { Branch::Verify } else { Branch::Enroll }
}

/// Whether the digits are those that the webhook keyed in. Right or wrong, there is no second try.
fn confirm(caller: &mut Caller, code: &str, limits: Limits, now: jiff::Timestamp) -> Branch {
    if caller.is_locked(limits, now) {
        caller.forget_verification();
        return Branch::Locked;
    }
    if !caller.verified {
        return Branch::Unconfirmed;
    }
    let is_in_time = caller.is_verified_within(limits.fresh + limits.code, now);
    let is_right = caller.code.as_deref().is_some_and(|expected| !expected.is_empty() && expected == code);
    caller.forget_verification();
    if !is_in_time {
        caller.verifying = true;
        return Branch::FailedVerified;
    }
    if is_right {
        caller.failures = 0;
        return Branch::Verified;
    }
    caller.count_failure(now);
    Branch::Unconfirmed
}
