//! What Connect knows of an agent: name, place in the hierarchy, security profiles. Kept for minutes.

use handler_common::Failure;
use handler_common::http::Deadline;
use handler_common::settings;
use handler_common::store::{EXPIRES, Key};
use handler_common::world::Environment;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Problem, Reply, refused};
use crate::connect::Connect;
use crate::token::User;
use crate::{Capabilities, Task, fields};

/// How long what is known counts, in seconds. An agent who loses a security profile loses it here so much later.
const FRESH: i64 = 5 * 60;

/// How long it is kept at all.
const SECONDS_KEPT: i64 = 12 * 3600;

/// The longest name that a role's session can have, which is how Connect hears who signs in.
const NAME_MAX: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    pub connect_user_id: String,
    #[serde(default)]
    pub hierarchy_group_id: Option<String>,
    /// The groups above the agent's, from the top, and that one.
    #[serde(default)]
    pub hierarchy_path: Vec<String>,
    #[serde(default)]
    pub security_profile_ids: Vec<String>,
    /// In seconds since 1970.
    #[serde(default)]
    pub seen_at: i64,
}

impl User {
    /// Whom Connect knows the user as, once that is settled.
    pub fn connect_user_id(&self) -> Result<String, Problem> {
        self.connect_user_id.clone().ok_or_else(|| refused(403, "you have not been introduced to Connect yet"))
    }

    /// Whether a text means this user.
    pub fn is_called(&self, text: &str) -> bool {
        let text = text.trim();
        let by_name = connect_form(&self.email).is_some_and(|name| name.eq_ignore_ascii_case(text));
        [Some(self.name.as_str()), self.connect_user_id.as_deref(), Some(self.email.as_str())].contains(&Some(text))
            || by_name
    }

    /// What the user is called in Connect.
    pub fn connect_name(&self, environment: &impl Environment) -> Result<String, Problem> {
        let by_email = is_by_email(environment)?;
        if by_email && !self.is_email_verified {
            return Err(refused(403, "your e-mail address is not verified"));
        }
        let name = if by_email { connect_form(&self.email) } else { Some(self.name.clone()) };
        let is_legal = |c: char| c.is_ascii_alphanumeric() || "_.@-".contains(c);
        name.filter(|name| (2..=NAME_MAX).contains(&name.len()) && name.chars().all(is_legal))
            .ok_or_else(|| refused(403, "Connect cannot have a user of your name"))
    }
}

/// Whether agents are known to Connect by their e-mail addresses, or by what the pool calls them.
pub fn is_by_email(environment: &impl Environment) -> Result<bool, Failure> {
    match settings::configured(environment, "CONNECT_LOGIN_BY_EMAIL").as_deref() {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Failure::Configuration("`CONNECT_LOGIN_BY_EMAIL` is neither `true` nor `false`".to_owned())),
    }
}

/// An address as Connect can have it for a name: without plus signs.
fn connect_form(email: &str) -> Option<String> {
    let (local, host) = email.split_once('@')?;
    Some(format!("{}@{host}", local.replace('+', "_")))
}

/// Two addresses can come to one name, so a name is the user's who came with it first.
pub async fn claim_name(world: &impl Capabilities, name: &str, user: &User) -> Result<(), Problem> {
    let key = Key::with_sort(format!("CN#{name}"), format!("CN#{name}"));
    let item = json!({
        "entityType": "ConnectName", "subject": user.subject, "ownerUsername": user.name,
        "createdAt": world.now().to_string(),
    });
    if world.insert(&key, &fields(item)).await? {
        return Ok(());
    }
    let owner = world.get(&key).await?;
    match owner.as_ref().and_then(|item| item.get("subject")).and_then(Value::as_str) {
        Some(subject) if subject == user.subject => Ok(()),
        _ => Err(refused(403, "your name in Connect is somebody else's")),
    }
}

fn key(user: &User) -> Key {
    Key::with_sort(format!("CUC#{}", user.name), format!("CUC#{}", user.name))
}

/// What is known of the user and fresh.
async fn cached(world: &impl Capabilities, user: &User) -> Result<Option<Agent>, Failure> {
    let item = world.get(&key(user)).await?;
    // What cannot be read is asked for again.
    let agent: Option<Agent> = item.and_then(|item| serde_json::from_value(Value::Object(item)).ok());
    let now = world.now().as_second();
    let is_usable = |agent: &Agent| {
        (0..=FRESH).contains(&(now - agent.seen_at)) && user.connect_user_id.as_ref() == Some(&agent.connect_user_id)
    };
    Ok(agent.filter(is_usable))
}

async fn described(world: &impl Capabilities, user: &User, deadline: Deadline) -> Result<Agent, Problem> {
    let id = user.connect_user_id()?;
    let connect = Connect::new(world, deadline)?;
    let known = connect.user(&id).await?.ok_or_else(|| refused(403, "Connect does not know you"))?;
    let text = |name: &str| known.get(name).and_then(Value::as_str);
    // The pool may let users write this attribute themselves; the name it cannot.
    let name = user.connect_name(world)?;
    if !text("Username").is_some_and(|found| found.eq_ignore_ascii_case(&name)) {
        return Err(refused(403, "Connect knows you by another name"));
    }
    let group = text("HierarchyGroupId").filter(|group| !group.is_empty()).map(str::to_owned);
    let path = match &group {
        Some(group) => connect.group_path(group).await?,
        None => Vec::new(),
    };
    let profiles = known.get("SecurityProfileIds").and_then(Value::as_array).into_iter().flatten();
    let agent = Agent {
        connect_user_id: id,
        hierarchy_group_id: group,
        hierarchy_path: path,
        security_profile_ids: profiles.filter_map(Value::as_str).map(str::to_owned).collect(),
        seen_at: world.now().as_second(),
    };
    let mut item = fields(serde_json::to_value(&agent).unwrap_or_default());
    item.insert("entityType".to_owned(), "ConnectUserCache".into());
    item.insert(EXPIRES.to_owned(), (world.now().as_second() + SECONDS_KEPT).into());
    world.replace(&key(user), &item).await?;
    Ok(agent)
}

/// The agent as Connect knew it some minutes ago at most.
pub async fn agent<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Agent, Problem> {
    match cached(task.world, user).await? {
        Some(agent) => Ok(agent),
        None => described(task.world, user, task.deadline).await,
    }
}

/// PUT /connect-user-cache: whether anything was asked of Connect.
pub async fn refresh<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    user.connect_user_id()?;
    if cached(task.world, user).await?.is_some() {
        return Ok(Value::from(false).into());
    }
    described(task.world, user, task.deadline).await?;
    Ok(Value::from(true).into())
}
