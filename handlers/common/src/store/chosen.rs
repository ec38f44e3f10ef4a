//! The store that the configuration names.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Change, DynamoDb, Embedded, Item, Key, Store, Table};
use crate::Failure;
use crate::settings;
use crate::world::{Clock, Environment, SystemClock};

/// `STORE` is `dynamodb` or `embedded`. Unset, it is the former in Lambda and the latter anywhere else.
#[derive(Clone)]
pub enum ChosenStore {
    Embedded(Embedded),
    DynamoDb(DynamoDb),
}

impl ChosenStore {
    /// Opens a table. `STORE_TABLE` gives it another name, `STORE_FILE` says where the embedded store's file is.
    pub fn open(environment: &impl Environment, table: Table) -> Result<Self, Failure> {
        Self::open_at(environment, table, Arc::new(SystemClock))
    }

    pub fn open_at(environment: &impl Environment, table: Table, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let table = Table { name: settings::configured(environment, "STORE_TABLE").unwrap_or(table.name), ..table };
        // Lambda sets this one in every runtime, also where the runtime is the function's own.
        let is_lambda = environment.variable("AWS_LAMBDA_INITIALIZATION_TYPE").is_some();
        let unless_set = if is_lambda { "dynamodb" } else { "embedded" };
        match settings::configured(environment, "STORE").as_deref().unwrap_or(unless_set) {
            "dynamodb" => DynamoDb::from_environment(environment, table, clock).map(Self::DynamoDb),
            "embedded" => Ok(Self::Embedded(Embedded::in_file(file(environment), table, clock))),
            _ => Err(Failure::Configuration("`STORE` is neither `dynamodb` nor `embedded`".to_owned())),
        }
    }
}

fn file(environment: &impl Environment) -> PathBuf {
    let configured = settings::configured(environment, "STORE_FILE").map(PathBuf::from);
    configured.unwrap_or_else(|| std::env::temp_dir().join("connect-handlers.redb"))
}

impl Store for ChosenStore {
    async fn get(&self, key: &Key) -> Result<Option<Item>, Failure> {
        match self {
            Self::Embedded(store) => store.get(key).await,
            Self::DynamoDb(store) => store.get(key).await,
        }
    }

    async fn insert(&self, key: &Key, item: &Item) -> Result<bool, Failure> {
        match self {
            Self::Embedded(store) => store.insert(key, item).await,
            Self::DynamoDb(store) => store.insert(key, item).await,
        }
    }

    async fn replace(&self, key: &Key, item: &Item) -> Result<(), Failure> {
        match self {
            Self::Embedded(store) => store.replace(key, item).await,
            Self::DynamoDb(store) => store.replace(key, item).await,
        }
    }

    async fn update(&self, key: &Key, change: &Change) -> Result<bool, Failure> {
        match self {
            Self::Embedded(store) => store.update(key, change).await,
            Self::DynamoDb(store) => store.update(key, change).await,
        }
    }

    async fn delete(&self, key: &Key) -> Result<(), Failure> {
        match self {
            Self::Embedded(store) => store.delete(key).await,
            Self::DynamoDb(store) => store.delete(key).await,
        }
    }

    async fn query(&self, partition: &str, sort_prefix: &str) -> Result<Vec<(String, Item)>, Failure> {
        match self {
            Self::Embedded(store) => store.query(partition, sort_prefix).await,
            Self::DynamoDb(store) => store.query(partition, sort_prefix).await,
        }
    }
}
