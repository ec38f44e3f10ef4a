//! Who is calling: the user pool's ID token, believed only if everything about it is as it has to be.
//!
//! The signature is verified by `ring`, which is here anyway: the maintained crate for tokens brings a second library of
//! cryptography, to spare us the forty lines that pin what it would leave open.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use handler_common::settings;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde::Deserialize;
use serde_json::Value;
use tracing::warn;

use crate::answer::{Problem, refused};
use crate::keys::{self, PublicKey};
use crate::{Capabilities, Task};

/// The header that carries the token. `Authorization` is the gateway's.
const HEADER: &str = "cognitoidtoken";

/// Longer than tokens with many groups.
const LENGTH_MAX: usize = 8 * 1024;

/// How far clocks may be apart, in seconds, for times that may not be in the future.
const SKEW: i64 = 60;

/// An agent who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// What the pool knows the user by for ever.
    pub subject: String,
    pub name: String,
    pub email: String,
    pub is_email_verified: bool,
    pub connect_user_id: Option<String>,
}

/// Everything else in a header, such as `crit`, is a demand that we do not know how to meet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    #[serde(rename = "typ")]
    _kind: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    token_use: String,
    sub: String,
    exp: i64,
    auth_time: i64,
    iat: i64,
    #[serde(rename = "cognito:username")]
    name: String,
    email: Option<String>,
    /// Identity providers hand it on as a text.
    email_verified: Option<Value>,
    #[serde(rename = "custom:connectUserId")]
    connect_user_id: Option<String>,
}

/// The user whose token came with the request. Why one is not believed is for the log.
pub async fn user<W: Capabilities>(task: &Task<'_, W>) -> Result<User, Problem> {
    match verified(task).await {
        Ok(user) => Ok(user),
        Err(Doubt::Problem(problem)) => Err(problem),
        Err(Doubt::Why(why)) => {
            warn!("a token is not believed: {why}");
            Err(refused(403, "you are not signed in"))
        }
    }
}

enum Doubt {
    Why(&'static str),
    Problem(Problem),
}

impl<T: Into<Problem>> From<T> for Doubt {
    fn from(problem: T) -> Self {
        Self::Problem(problem.into())
    }
}

async fn verified<W: Capabilities>(task: &Task<'_, W>) -> Result<User, Doubt> {
    let token = task.request.header(HEADER).unwrap_or_default();
    if token.is_empty() || token.len() > LENGTH_MAX {
        return Err(Doubt::Why("there is none, or it is too long"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(Doubt::Why("it has no signature"))?;
    let (header, claims) = signed.split_once('.').ok_or(Doubt::Why("it has not three parts"))?;
    let header: Header = part(header).ok_or(Doubt::Why("its header is not readable, or demands too much"))?;
    // The algorithm is ours to choose, not the token's.
    if header.alg != "RS256" {
        return Err(Doubt::Why("its algorithm is not the user pool's"));
    }
    let key = task.world.keys().find(&header.kid, task.world, task.deadline).await?;
    let key = key.ok_or(Doubt::Why("its key is not the user pool's"))?;
    if !is_signed(&key, signed, signature) {
        return Err(Doubt::Why("its signature is wrong"));
    }
    // From here on the words are the pool's; whether they are meant for us remains to be seen.
    let claims: Claims = part(claims).ok_or(Doubt::Why("its claims are not readable"))?;
    let clients = settings::required(task.world, "USER_POOL_CLIENT_ID")?;
    let now = task.world.now().as_second();
    let checks = [
        (claims.iss == keys::issuer(task.world)?, "it was issued by another pool"),
        (clients.split(',').any(|client| client.trim() == claims.aud), "it is meant for another client"),
        (claims.token_use == "id", "it is no ID token"),
        (claims.exp > now, "its time is over"),
        (claims.auth_time <= now + SKEW && claims.iat <= now + SKEW, "it comes from the future"),
        (!claims.sub.is_empty() && !claims.name.is_empty(), "it names nobody"),
        (is_callers(&claims, &task.request.signed_in_by), "somebody else signed the request"),
    ];
    if let Some((_, why)) = checks.into_iter().find(|(holds, _)| !holds) {
        return Err(Doubt::Why(why));
    }
    Ok(User {
        subject: claims.sub,
        name: claims.name,
        email: claims.email.unwrap_or_default().trim().to_lowercase(),
        is_email_verified: claims.email_verified.is_some_and(|it| it == true || it == "true"),
        connect_user_id: claims.connect_user_id.filter(|id| !id.is_empty()),
    })
}

fn part<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn is_signed(key: &PublicKey, signed: &str, signature: &str) -> bool {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let key = RsaPublicKeyComponents { n: &key.modulus, e: &key.exponent };
    key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok()
}

/// Whether the gateway saw the same user sign the request, where it checks signatures at all.
fn is_callers(claims: &Claims, signed_in_by: &[String]) -> bool {
    let pool = claims.iss.trim_start_matches("https://");
    let expected = format!("{pool}:CognitoSignIn:{}", claims.sub);
    signed_in_by.is_empty() || signed_in_by.contains(&expected)
}
