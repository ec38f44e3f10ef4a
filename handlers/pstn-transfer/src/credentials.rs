//! Who we are to the service: OAuth from a secret, OAuth from the environment, or an API key, in this order. Never from
//! the flow, whose parameters Connect writes to its logs.

use handler_common::Failure;
use handler_common::http::{Deadline, Retries};
use handler_common::secret;
use handler_common::settings;

use crate::Capabilities;
use crate::config::Config;
use crate::oauth::{self, Client};

pub enum Credentials {
    Client(Client),
    ApiKey(String),
}

pub async fn of(world: &impl Capabilities, config: &Config, deadline: Deadline) -> Result<Credentials, Failure> {
    if let Some(arn) = settings::configured(world, "oauthSecretArn") {
        return client_in_secret(world, &arn, deadline).await.map(Credentials::Client);
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

/// The client in a secret of Secrets Manager.
async fn client_in_secret(world: &impl Capabilities, arn: &str, deadline: Deadline) -> Result<Client, Failure> {
    let secret = world.caches().secret.read(world, arn, deadline).await?;
    Ok(Client { id: secret::field(&secret, "oauthClientId")?, secret: secret::field(&secret, "oauthClientSecret")? })
}
