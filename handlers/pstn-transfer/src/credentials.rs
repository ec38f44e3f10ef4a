//! Who we are to the service: OAuth from a secret, OAuth from the environment, or an API key, in this order. Never from
//! the flow, whose parameters Connect writes to its logs.

use handler_common::Failure;
use handler_common::aws::Aws;
use handler_common::http::{Deadline, Retries};
use handler_common::settings;
use serde_json::{Value, json};

use crate::Capabilities;
use crate::config::Config;
use crate::oauth::{self, Client};

pub enum Credentials {
    Client(Client),
    ApiKey(String),
}

pub async fn of(world: &impl Capabilities, config: &Config, deadline: Deadline) -> Result<Credentials, Failure> {
    if let Some(arn) = settings::configured(world, "oauthSecretArn") {
        return secret(world, &arn, deadline).await.map(Credentials::Client);
    }
    let id = settings::configured(world, "oauthClientId");
    let secret = settings::configured(world, "oauthClientSecret");
    match (id, secret, settings::configured(world, "apiKey")) {
        (Some(id), Some(secret), _) => Ok(Credentials::Client(Client { id, secret })),
        (None, None, Some(key)) => Ok(Credentials::ApiKey(key)),
        (Some(_), None, _) | (None, Some(_), _) => {
            Err(Failure::Configuration("`oauthClientId` and `oauthClientSecret` come together".to_owned()))
        }
        (None, None, None) => {
            let agent = config.agent.profile();
            Err(Failure::Configuration(format!("there are neither OAuth credentials nor an `apiKey` for {agent}")))
        }
    }
}

/// The value of the header `Authorization`.
pub async fn authorization(
    world: &impl Capabilities,
    config: &Config,
    credentials: &Credentials,
    retries: Retries,
    deadline: Deadline,
) -> Result<String, Failure> {
    match credentials {
        Credentials::ApiKey(key) => Ok(format!("ApiKey {key}")),
        Credentials::Client(client) => {
            let token = oauth::token(world, config, client, retries, deadline).await?;
            Ok(format!("Bearer {token}"))
        }
    }
}

/// The client in a secret of Secrets Manager, read once and kept.
async fn secret(world: &impl Capabilities, arn: &str, deadline: Deadline) -> Result<Client, Failure> {
    let mut kept = world.caches().secret.lock().await;
    if let Some((known, client)) = &*kept
        && known == arn
    {
        return Ok(client.clone());
    }
    let body = json!({ "SecretId": arn });
    let aws = Aws::from_environment(world)?.in_region(region(arn)?);
    let answer = aws.json(world, "secretsmanager", "secretsmanager.GetSecretValue", &body, deadline).await?;
    let answer = answer.map_err(Failure::from)?;
    let secret: Value = answer
        .get("SecretString")
        .and_then(Value::as_str)
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or_else(|| Failure::Configuration("the secret is not JSON".to_owned()))?;
    let field = |name: &str| {
        let value = secret.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
        value.map(str::to_owned).ok_or_else(|| Failure::Configuration(format!("the secret has no `{name}`")))
    };
    let client = Client { id: field("oauthClientId")?, secret: field("oauthClientSecret")? };
    *kept = Some((arn.to_owned(), client.clone()));
    Ok(client)
}

/// The region in the ARN of a secret, in any partition.
fn region(arn: &str) -> Result<&str, Failure> {
    match arn.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", "aws" | "aws-cn" | "aws-us-gov", "secretsmanager", region, account, "secret", name]
            if !region.is_empty() && !account.is_empty() && !name.is_empty() =>
        {
            Ok(region)
        }
        _ => Err(Failure::Configuration("`oauthSecretArn` is not the ARN of a secret".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_arns_in_three_partitions() {
        assert_eq!(region("arn:aws:secretsmanager:us-west-2:1:secret:name-abc"), Ok("us-west-2"));
        assert_eq!(region("arn:aws-cn:secretsmanager:cn-north-1:1:secret:name"), Ok("cn-north-1"));
        assert_eq!(region("arn:aws-us-gov:secretsmanager:us-gov-west-1:1:secret:name"), Ok("us-gov-west-1"));
        for arn in ["", "name", "arn:aws:ssm:us-west-2:1:secret:name", "arn:aws:secretsmanager::1:secret:name"] {
            assert!(region(arn).is_err(), "{arn}");
        }
    }
}
