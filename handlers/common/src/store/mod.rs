//! The store: items under keys, changed only by conditional writes, gone when their time is up.
//!
//! One trait, and one implementation for each place where a handler runs: a file on a laptop ([`Embedded`]), a table of
//! DynamoDB in an account ([`DynamoDb`]). `tests/conformance.rs` holds both to the same sentences.

mod change;
#[cfg(all(feature = "embedded", feature = "dynamodb"))]
mod chosen;
#[cfg(feature = "dynamodb")]
mod dynamodb;
#[cfg(feature = "embedded")]
mod embedded;

use std::future::Future;

use serde_json::{Map, Value};

use crate::Failure;
use crate::world::World;

pub use change::{Change, Test};
#[cfg(all(feature = "embedded", feature = "dynamodb"))]
pub use chosen::ChosenStore;
#[cfg(feature = "dynamodb")]
pub use dynamodb::DynamoDb;
#[cfg(feature = "embedded")]
pub use embedded::Embedded;

/// The field that says, in seconds since 1970, until when an item is there. DynamoDB removes what is over some time
/// later; to the callers of this trait it is gone at once.
pub const EXPIRES: &str = "TTL";

/// An item's fields, without those of its key.
pub type Item = Map<String, Value>;

/// What a table is called, and what its keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub partition_key: &'static str,
    pub sort_key: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub partition: String,
    pub sort: Option<String>,
}

impl Key {
    pub fn new(partition: impl Into<String>) -> Self {
        Self { partition: partition.into(), sort: None }
    }

    pub fn with_sort(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self { partition: partition.into(), sort: Some(sort.into()) }
    }
}

/// Every read sees all writes that were answered before it. What a method returns as `false` is a condition that did
/// not hold, and then nothing was written.
pub trait Store: Send + Sync {
    fn get(&self, key: &Key) -> impl Future<Output = Result<Option<Item>, Failure>> + Send;

    /// Writes an item where there is none.
    fn insert(&self, key: &Key, item: &Item) -> impl Future<Output = Result<bool, Failure>> + Send;

    /// Writes an item, whatever is there.
    fn replace(&self, key: &Key, item: &Item) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Changes fields of an item that is there, if the change's conditions hold.
    fn update(&self, key: &Key, change: &Change) -> impl Future<Output = Result<bool, Failure>> + Send;

    fn delete(&self, key: &Key) -> impl Future<Output = Result<(), Failure>> + Send;

    /// All items of a partition whose sort key begins so, in the order of their sort keys.
    fn query(
        &self,
        partition: &str,
        sort_prefix: &str,
    ) -> impl Future<Output = Result<Vec<(String, Item)>, Failure>> + Send;
}

impl<S: Store, H: Send + Sync> Store for World<S, H> {
    async fn get(&self, key: &Key) -> Result<Option<Item>, Failure> {
        self.store.get(key).await
    }

    async fn insert(&self, key: &Key, item: &Item) -> Result<bool, Failure> {
        self.store.insert(key, item).await
    }

    async fn replace(&self, key: &Key, item: &Item) -> Result<(), Failure> {
        self.store.replace(key, item).await
    }

    async fn update(&self, key: &Key, change: &Change) -> Result<bool, Failure> {
        self.store.update(key, change).await
    }

    async fn delete(&self, key: &Key) -> Result<(), Failure> {
        self.store.delete(key).await
    }

    async fn query(&self, partition: &str, sort_prefix: &str) -> Result<Vec<(String, Item)>, Failure> {
        self.store.query(partition, sort_prefix).await
    }
}

/// A store that several hold, such as two handlers in one test.
impl<S: Store> Store for std::sync::Arc<S> {
    async fn get(&self, key: &Key) -> Result<Option<Item>, Failure> {
        (**self).get(key).await
    }

    async fn insert(&self, key: &Key, item: &Item) -> Result<bool, Failure> {
        (**self).insert(key, item).await
    }

    async fn replace(&self, key: &Key, item: &Item) -> Result<(), Failure> {
        (**self).replace(key, item).await
    }

    async fn update(&self, key: &Key, change: &Change) -> Result<bool, Failure> {
        (**self).update(key, change).await
    }

    async fn delete(&self, key: &Key) -> Result<(), Failure> {
        (**self).delete(key).await
    }

    async fn query(&self, partition: &str, sort_prefix: &str) -> Result<Vec<(String, Item)>, Failure> {
        (**self).query(partition, sort_prefix).await
    }
}
