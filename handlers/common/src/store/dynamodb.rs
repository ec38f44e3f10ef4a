//! The store as a table of DynamoDB.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::tls;
use serde_json::{Number, Value};

use super::{Change, EXPIRES, Item, Key, Store, Table, Test};
use crate::Failure;
use crate::settings;
use crate::world::{Clock, Environment};

/// How many milliseconds one try may take, unless `STORE_TIMEOUT_MS` says otherwise; the tries of one operation may take
/// a little over twice that. It leaves room for other work in a flow's eight seconds.
const ATTEMPT_MS: u64 = 1500;
const ATTEMPTS: u32 = 3;

#[derive(Clone)]
pub struct DynamoDb {
    client: Client,
    table: Table,
    clock: Arc<dyn Clock>,
}

impl DynamoDb {
    /// A client from the variables that Lambda sets. `AWS_ENDPOINT_URL_DYNAMODB` points it elsewhere.
    pub fn from_environment(
        environment: &impl Environment,
        table: Table,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let credentials = Credentials::new(
            settings::required(environment, "AWS_ACCESS_KEY_ID")?,
            settings::required(environment, "AWS_SECRET_ACCESS_KEY")?,
            settings::configured(environment, "AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let endpoint = ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"];
        let endpoint = endpoint.into_iter().find_map(|name| settings::configured(environment, name));
        let builder = aws_smithy_http_client::Builder::new();
        // Plain HTTP needs no certificates, and loading them is most of a cold start.
        let http = if endpoint.as_deref().is_some_and(|url| url.starts_with("http://")) {
            builder.build_http()
        } else {
            builder.tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https()
        };
        let attempt = settings::number(environment, "STORE_TIMEOUT_MS", ATTEMPT_MS, 60_000)?;
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings::required(environment, "AWS_REGION")?))
            .credentials_provider(credentials)
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    // Part of a try, so it may take as long.
                    .connect_timeout(Duration::from_millis(attempt))
                    .operation_attempt_timeout(Duration::from_millis(attempt))
                    .operation_timeout(Duration::from_millis(attempt * 5 / 2))
                    .build(),
            );
        config.set_endpoint_url(endpoint);
        Ok(Self { client: Client::from_conf(config.build()), table, clock })
    }

    fn key(&self, key: &Key) -> HashMap<String, AttributeValue> {
        let mut fields = HashMap::from([(self.table.partition_key.to_owned(), text(&key.partition))]);
        if let (Some(name), Some(sort)) = (self.table.sort_key, &key.sort) {
            fields.insert(name.to_owned(), text(sort));
        }
        fields
    }

    fn with_key(&self, key: &Key, item: &Item) -> HashMap<String, AttributeValue> {
        let mut fields = self.key(key);
        fields.extend(item.iter().map(|(name, value)| (name.clone(), attribute(value))));
        fields
    }

    /// An item's fields, or nothing if its time is up.
    fn item(&self, fields: HashMap<String, AttributeValue>) -> Option<Item> {
        // The service gives no order; by name is one.
        let mut fields: Vec<_> = fields.into_iter().collect();
        fields.sort_by(|left, right| left.0.cmp(&right.0));
        let is_key = |name: &str| name == self.table.partition_key || Some(name) == self.table.sort_key;
        let item: Item =
            fields.into_iter().filter(|(name, _)| !is_key(name)).map(|(name, it)| (name, json(it))).collect();
        let is_over =
            item.get(EXPIRES).and_then(Value::as_i64).is_some_and(|until| until < self.clock.now().as_second());
        (!is_over).then_some(item)
    }

    fn now(&self) -> AttributeValue {
        AttributeValue::N(self.clock.now().as_second().to_string())
    }
}

impl Store for DynamoDb {
    async fn get(&self, key: &Key) -> Result<Option<Item>, Failure> {
        let request = self.client.get_item().table_name(&self.table.name).set_key(Some(self.key(key)));
        let found = request.consistent_read(true).send().await.map_err(failed)?;
        Ok(found.item.and_then(|fields| self.item(fields)))
    }

    async fn insert(&self, key: &Key, item: &Item) -> Result<bool, Failure> {
        let request = self
            .client
            .put_item()
            .table_name(&self.table.name)
            .set_item(Some(self.with_key(key, item)))
            .condition_expression("attribute_not_exists(#key) OR #ttl < :now")
            .expression_attribute_names("#key", self.table.partition_key)
            .expression_attribute_names("#ttl", EXPIRES)
            .expression_attribute_values(":now", self.now());
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    async fn replace(&self, key: &Key, item: &Item) -> Result<(), Failure> {
        let request = self.client.put_item().table_name(&self.table.name).set_item(Some(self.with_key(key, item)));
        request.send().await.map(|_| ()).map_err(failed)
    }

    async fn update(&self, key: &Key, change: &Change) -> Result<bool, Failure> {
        let mut expression = Expression::default();
        let update = expression.update(change);
        let condition = expression.condition(change, self.table.partition_key, self.now());
        let request = self
            .client
            .update_item()
            .table_name(&self.table.name)
            .set_key(Some(self.key(key)))
            .set_update_expression((!update.is_empty()).then_some(update))
            .condition_expression(condition)
            .set_expression_attribute_names(Some(expression.names))
            .set_expression_attribute_values(Some(expression.values));
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    async fn delete(&self, key: &Key) -> Result<(), Failure> {
        let request = self.client.delete_item().table_name(&self.table.name).set_key(Some(self.key(key)));
        request.send().await.map(|_| ()).map_err(failed)
    }

    async fn query(&self, partition: &str, sort_prefix: &str) -> Result<Vec<(String, Item)>, Failure> {
        let Some(sort_key) = self.table.sort_key else {
            return Err(Failure::Store("this table has no sort key".to_owned()));
        };
        let mut request = self
            .client
            .query()
            .table_name(&self.table.name)
            .consistent_read(true)
            .expression_attribute_names("#partition", self.table.partition_key)
            .expression_attribute_values(":partition", text(partition));
        // The service refuses an empty beginning.
        request = if sort_prefix.is_empty() {
            request.key_condition_expression("#partition = :partition")
        } else {
            request
                .key_condition_expression("#partition = :partition AND begins_with(#sort, :sort)")
                .expression_attribute_names("#sort", sort_key)
                .expression_attribute_values(":sort", text(sort_prefix))
        };
        let mut pages = request.into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(fields) = pages.next().await {
            let fields = fields.map_err(failed)?;
            let sort = fields.get(sort_key).and_then(|sort| sort.as_s().ok()).cloned().unwrap_or_default();
            found.extend(self.item(fields).map(|item| (sort, item)));
        }
        Ok(found)
    }
}

/// The texts of an update, with every name and value behind a placeholder, so that none can be read as syntax.
#[derive(Default)]
struct Expression {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expression {
    fn path(&mut self, path: &str) -> String {
        let parts = path.split('.').map(|name| {
            let known = self.names.iter().find(|(_, known)| *known == name).map(|(placeholder, _)| placeholder.clone());
            known.unwrap_or_else(|| {
                let placeholder = format!("#n{}", self.names.len());
                self.names.insert(placeholder.clone(), name.to_owned());
                placeholder
            })
        });
        parts.collect::<Vec<_>>().join(".")
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    fn update(&mut self, change: &Change) -> String {
        let mut sets = Vec::new();
        for (path, value) in &change.set {
            sets.push(format!("{} = {}", self.path(path), self.value(attribute(value))));
        }
        for (path, number) in &change.add {
            let (path, number) = (self.path(path), self.value(AttributeValue::N(number.to_string())));
            let zero = self.value(AttributeValue::N("0".to_owned()));
            sets.push(format!("{path} = if_not_exists({path}, {zero}) + {number}"));
        }
        let removes: Vec<String> = change.remove.iter().map(|path| self.path(path)).collect();
        let clause = |word: &str, parts: Vec<String>| match parts.as_slice() {
            [] => String::new(),
            parts => format!("{word} {}", parts.join(", ")),
        };
        [clause("SET", sets), clause("REMOVE", removes)].join(" ").trim().to_owned()
    }

    fn condition(&mut self, change: &Change, partition_key: &str, now: AttributeValue) -> String {
        let (key, expires, now) = (self.path(partition_key), self.path(EXPIRES), self.value(now));
        let mut tests = vec![
            format!("attribute_exists({key})"),
            format!("(attribute_not_exists({expires}) OR {expires} >= {now})"),
        ];
        for test in &change.tests {
            let number = |number: &i64| AttributeValue::N(number.to_string());
            tests.push(match test {
                Test::Absent(path) => format!("attribute_not_exists({})", self.path(path)),
                Test::Equals(path, value) => format!("{} = {}", self.path(path), self.value(attribute(value))),
                Test::Less(path, bound) => format!("{} < {}", self.path(path), self.value(number(bound))),
                Test::AtLeast(path, bound) => format!("{} >= {}", self.path(path), self.value(number(bound))),
            });
        }
        tests.join(" AND ")
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn attribute(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(*flag),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(string) => text(string),
        Value::Array(items) => AttributeValue::L(items.iter().map(attribute).collect()),
        Value::Object(fields) => {
            AttributeValue::M(fields.iter().map(|(name, value)| (name.clone(), attribute(value))).collect())
        }
    }
}

/// Types of the service that JSON lacks, sets and bytes, are written by nobody here and read as null.
fn json(value: AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => Value::String(text),
        AttributeValue::Bool(flag) => Value::Bool(flag),
        AttributeValue::N(number) => number.parse::<Number>().map_or(Value::Null, Value::Number),
        AttributeValue::L(items) => items.into_iter().map(json).collect(),
        AttributeValue::M(fields) => {
            let mut fields: Vec<_> = fields.into_iter().collect();
            fields.sort_by(|left, right| left.0.cmp(&right.0));
            fields.into_iter().map(|(name, value)| (name, json(value))).collect()
        }
        _ => Value::Null,
    }
}

/// Whether a condition did not hold, which is an answer.
fn is_refused<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) == Some("ConditionalCheckFailedException")
}

fn failed<E: std::error::Error + Send + Sync + 'static>(error: SdkError<E>) -> Failure {
    Failure::Store(DisplayErrorContext(error).to_string())
}
