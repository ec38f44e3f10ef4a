//! Secrets of Secrets Manager: JSON objects of texts, read once per process.

use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use crate::Failure;
use crate::aws::Aws;
use crate::http::{Deadline, Http};
use crate::world::{Clock, Environment, Random};

/// The secret that was read last, with its ARN.
#[derive(Default)]
pub struct SecretCache(Mutex<Option<(String, Map<String, Value>)>>);

impl SecretCache {
    pub async fn read<W: Http + Random + Environment + Clock>(
        &self,
        world: &W,
        arn: &str,
        deadline: Deadline,
    ) -> Result<Map<String, Value>, Failure> {
        let mut kept = self.0.lock().await;
        if let Some((known, secret)) = &*kept
            && known == arn
        {
            return Ok(secret.clone());
        }
        let aws = Aws::from_environment(world)?.in_region(region(arn)?);
        let body = json!({ "SecretId": arn });
        let answer = aws.json(world, "secretsmanager", "secretsmanager.GetSecretValue", &body, deadline).await?;
        let answer = answer.map_err(Failure::from)?;
        let text = answer.get("SecretString").and_then(Value::as_str).unwrap_or_default();
        let secret: Map<String, Value> = serde_json::from_str(text)
            .map_err(|_| Failure::Configuration("the secret is not an object of JSON".to_owned()))?;
        *kept = Some((arn.to_owned(), secret.clone()));
        Ok(secret)
    }
}

/// A text in a secret that has to be there.
pub fn field(secret: &Map<String, Value>, name: &str) -> Result<String, Failure> {
    let value = secret.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
    value.map(str::to_owned).ok_or_else(|| Failure::Configuration(format!("the secret has no `{name}`")))
}

/// The region in the ARN of a secret, in any partition.
fn region(arn: &str) -> Result<&str, Failure> {
    match arn.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", "aws" | "aws-cn" | "aws-us-gov", "secretsmanager", region, account, "secret", name]
            if !region.is_empty() && !account.is_empty() && !name.is_empty() =>
        {
            Ok(region)
        }
        _ => Err(Failure::Configuration("what is configured as a secret's ARN is none".to_owned())),
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
