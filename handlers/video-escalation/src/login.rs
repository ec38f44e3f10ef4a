//! Agents sign in to Connect by having signed in here, and are introduced to it the first time.

use handler_common::Failure;
use handler_common::aws::{Aws, element};
use handler_common::settings;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Problem, Reply, refused};
use crate::connect::Connect;
use crate::token::User;
use crate::{Capabilities, Task, input, users};

/// As short as a session of a role can be; it makes one call.
const SESSION_SECONDS: &str = "900";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LogIn {
    connect_login_by_email: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Onboard {
    connect_login_by_email: Option<bool>,
    connect_user_id: String,
}

/// By which name agents are known is configured here. A page that has it otherwise is told.
fn agree<W: Capabilities>(task: &Task<'_, W>, wish: Option<bool>) -> Result<(), Problem> {
    match wish {
        Some(wish) if wish != users::is_by_email(task.world)? => {
            Err(refused(400, "`connectLoginByEmail` is not as it is configured here"))
        }
        _ => Ok(()),
    }
}

/// POST /ccplogin
pub async fn log_in<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let body: LogIn = input::body(task.request)?;
    agree(task, body.connect_login_by_email)?;
    let name = user.connect_name(task.world)?;
    users::claim_name(task.world, &name, user).await?;
    let role = assumed(task, &name).await?;
    let connect = Connect::new(task.world, task.deadline)?.signed_by(role);
    let answer = match connect.federation().await? {
        Ok(answer) => answer,
        Err(refusal) if refusal.status == 404 => return Err(refused(404, "Connect has no user of your name")),
        Err(refusal) => return Err(refusal.into()),
    };
    let credentials = answer.get("Credentials").cloned().unwrap_or_default();
    let text = |name: &str| {
        let found = credentials.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        found.ok_or_else(|| Failure::Upstream("Connect let somebody in without credentials".to_owned()))
    };
    Ok(json!({
        "AccessToken": text("AccessToken")?,
        "AccessTokenExpiration": milliseconds(&credentials, "AccessTokenExpiration"),
        "RefreshToken": text("RefreshToken")?,
        "RefreshTokenExpiration": milliseconds(&credentials, "RefreshTokenExpiration"),
    })
    .into())
}

/// Connect tells seconds, maybe with a fraction; pages reckon in milliseconds.
fn milliseconds(credentials: &Value, name: &str) -> Value {
    let value = credentials.get(name);
    let whole = value.and_then(Value::as_i64).and_then(|seconds| seconds.checked_mul(1000)).map(Value::from);
    let fraction = || value.and_then(Value::as_f64).map(|seconds| Value::from((seconds * 1000.0).round()));
    whole.or_else(fraction).unwrap_or_default()
}

/// The role that may sign in to Connect, in the name of the agent.
async fn assumed<W: Capabilities>(task: &Task<'_, W>, name: &str) -> Result<Aws, Problem> {
    let role = settings::required(task.world, "FEDERATION_ROLE_ARN")?;
    let aws = Aws::from_environment(task.world)?;
    let fields = [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", role.as_str()),
        ("RoleSessionName", name),
        ("DurationSeconds", SESSION_SECONDS),
    ];
    let answer = aws.query(task.world, "sts", &fields, task.deadline).await?.map_err(Failure::from)?;
    let field = |name: &str| {
        let found = element(&answer, name).filter(|text| !text.is_empty());
        found.ok_or_else(|| Failure::Upstream("the role has no credentials".to_owned()))
    };
    Ok(aws.with_credentials(field("AccessKeyId")?, field("SecretAccessKey")?, field("SessionToken")?))
}

/// POST /setConnectUserId: an agent's page has found out whom Connect knows the agent as. Connect is asked whether that
/// is so.
pub async fn onboard<W: Capabilities>(task: &Task<'_, W>, user: &User) -> Result<Reply, Problem> {
    let body: Onboard = input::body(task.request)?;
    agree(task, body.connect_login_by_email)?;
    let id = input::id(&body.connect_user_id, "connectUserId")?;
    if user.connect_user_id.is_some() {
        return Err(refused(400, "you have been introduced to Connect"));
    }
    let name = user.connect_name(task.world)?;
    let known = Connect::new(task.world, task.deadline)?.user(&id).await?;
    let found = known.as_ref().and_then(|known| known.get("Username")).and_then(Value::as_str);
    // The same words whether there is no such user or another one.
    if !found.is_some_and(|found| found.eq_ignore_ascii_case(&name)) {
        return Err(refused(403, "this user of Connect is not you"));
    }
    users::claim_name(task.world, &name, user).await?;
    let body = json!({
        "UserPoolId": settings::required(task.world, "USER_POOL_ID")?,
        "Username": user.name,
        "UserAttributes": [{ "Name": "custom:connectUserId", "Value": id }],
    });
    let target = "AWSCognitoIdentityProviderService.AdminUpdateUserAttributes";
    let aws = Aws::from_environment(task.world)?;
    aws.json(task.world, "cognito-idp", target, &body, task.deadline).await?.map_err(Failure::from)?;
    Ok(json!({ "connectUserId": id }).into())
}
