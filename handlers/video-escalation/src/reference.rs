//! References that an agent gives to a customer on the phone: eight random digits that take one chat, by one person,
//! within minutes, to this agent.

use handler_common::Failure;
use handler_common::aws::escaped;
use handler_common::mask::Masked;
use handler_common::settings;
use handler_common::store::{Change, EXPIRES, Key};
use handler_common::world::{Environment, hex, random_digits};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::{info, warn};

use crate::answer::{Problem, Reply, refused};
use crate::token::User;
use crate::{Capabilities, Task, fields, input};

const DIGITS: usize = 8;

/// So many numbers are tried when the ones before are given out. One in a hundred thousand is, at the worst.
const NUMBERS_TRIED: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Adhoc {
    attendee_email: String,
    /// What older pages send. The route is the caller's own, whatever it says.
    route_to_agent_queue: Option<String>,
}

/// A reference that was taken, and whose chat may begin.
pub struct Claim {
    pub number: String,
    /// Whom it leads to.
    pub agent: String,
    /// What the chat is told apart by: the same in every try, so that a reference never becomes two chats.
    pub visit: String,
}

fn key(number: &str) -> Key {
    Key::with_sort(format!("R#{number}"), format!("R#{number}"))
}

fn minutes(environment: &impl Environment) -> Result<i64, Failure> {
    let minutes = settings::number(environment, "REFERENCE_MINUTES", 15, 24 * 60)?;
    Ok(i64::try_from(minutes).unwrap_or(i64::MAX).max(1))
}

fn tries(environment: &impl Environment) -> Result<i64, Failure> {
    let tries = settings::number(environment, "REFERENCE_TRIES", 5, 10_000)?;
    Ok(i64::try_from(tries).unwrap_or(i64::MAX).max(1))
}

/// POST /adhoc
pub async fn create<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let body: Adhoc = input::body(task.request)?;
    let email = input::email(&body.attendee_email, "attendeeEmail")?;
    let agent = user.connect_user_id()?;
    if body.route_to_agent_queue.is_some_and(|wish| !user.is_called(&wish)) {
        return Err(refused(403, "a reference leads to you, and to nobody else"));
    }
    let now = task.world.now();
    let expires = now.as_second() + minutes(task.world)? * 60;
    for _ in 0..NUMBERS_TRIED {
        let number = random_digits(task.world, DIGITS)?;
        let item = json!({
            "entityType": "Route", "routeId": number, "routeToAgentQueue": agent, "ownerUsername": user.name,
            "attendeeEmail": email, "visit": input::uuid(task.world)?, "tries": 0, "createdAt": now.to_string(),
            EXPIRES: expires,
        });
        // One that is over may be overwritten, whether or not it was removed.
        if task.world.insert(&key(&number), &fields(item)).await? {
            info!(email = %Masked(&email), "a reference was given out");
            return Ok(match settings::configured(task.world, "WEBSITE_AD_HOC_URL") {
                Some(base) => {
                    let link = format!("{base}?refId={number}&refEm={}", escaped(&email));
                    Reply::Linked(number.into(), link)
                }
                None => Reply::Data(number.into()),
            });
        }
    }
    Err(Failure::Store("all the numbers that were tried are given out".to_owned()).into())
}

/// Takes a reference for one chat, if it is this customer's. What is wrong with it is told to nobody.
pub async fn claim(world: &impl Capabilities, number: &str, email: &str) -> Result<Option<Claim>, Failure> {
    if number.len() != DIGITS || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let tries = tries(world)?;
    // Counted before it is looked at, so that a thousand guesses at once are a thousand guesses.
    if !is_counted(world, email, tries).await? {
        warn!(email = %Masked(email), "too many references were tried for one address");
        return Ok(None);
    }
    // Read first: after the write that takes it, nothing may fail any more, or the reference would be gone for nothing.
    let Some(item) = world.get(&key(number)).await? else {
        return Ok(None);
    };
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let claim = Claim { number: number.to_owned(), agent: text("routeToAgentQueue"), visit: text("visit") };
    if claim.agent.is_empty() || claim.visit.is_empty() {
        return Err(Failure::Store("a reference leads nowhere".to_owned()));
    }
    let take = Change::new()
        .set("usedAt", world.now().to_string())
        .only_if_absent("usedAt")
        .only_if_equal("attendeeEmail", email)
        .only_if_equal("visit", claim.visit.as_str())
        .only_if_less("tries", tries);
    if !world.update(&key(number), &take).await? {
        // Whoever tries addresses for a number locks it.
        world.update(&key(number), &Change::new().add("tries", 1).only_if_absent("usedAt")).await?;
        return Ok(None);
    }
    if let Err(failure) = world.delete(&guesses(email)).await {
        warn!("the tries of an address stay counted: {failure}");
    }
    Ok(Some(claim))
}

/// Gives a reference back whose chat could not begin.
pub async fn release(world: &impl Capabilities, claim: &Claim) {
    let back = Change::new().remove("usedAt").only_if_equal("visit", claim.visit.as_str());
    match world.update(&key(&claim.number), &back).await {
        Ok(_) => info!("a reference can be used again"),
        Err(failure) => warn!("a reference is lost: {failure}"),
    }
}

/// Where tries for an address are counted. The address itself need not be in a key.
fn guesses(email: &str) -> Key {
    let hash = hex(digest(&SHA256, email.as_bytes()).as_ref());
    Key::with_sort(format!("G#{hash}"), format!("G#{hash}"))
}

/// Counts a try, unless there were too many within the time that a reference lives.
async fn is_counted(world: &impl Capabilities, email: &str, tries: i64) -> Result<bool, Failure> {
    let expires = world.now().as_second() + minutes(world)? * 60;
    let first = json!({ "entityType": "Guesses", "count": 1, EXPIRES: expires });
    if world.insert(&guesses(email), &fields(first)).await? {
        return Ok(true);
    }
    world.update(&guesses(email), &Change::new().add("count", 1).only_if_less("count", tries)).await
}
