//! The store in one file, for running without an account.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use redb::backends::InMemoryBackend;
use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, TableDefinition};
use serde_json::Value;

use super::{Change, EXPIRES, Item, Key, Store, Table};
use crate::Failure;
use crate::world::Clock;

const ITEMS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("items");

/// Parts of a key in the file. No key of ours holds it.
const SEPARATOR: char = '\u{0}';

/// How often, and after which pause, a file that another program has open is tried again: two seconds in all.
const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(10);

/// A file that is opened for each operation and let go of again, so that two handlers share it; or, in tests, memory.
#[derive(Clone)]
pub struct Embedded {
    place: Arc<Place>,
    table: Table,
    clock: Arc<dyn Clock>,
}

enum Place {
    /// Within one program, the lock makes operations wait for each other instead of for the pause.
    File(PathBuf, Mutex<()>),
    Memory(Database),
}

impl Embedded {
    pub fn in_file(path: impl Into<PathBuf>, table: Table, clock: Arc<dyn Clock>) -> Self {
        Self { place: Arc::new(Place::File(path.into(), Mutex::new(()))), table, clock }
    }

    pub fn in_memory(table: Table, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).map_err(failed)?;
        Ok(Self { place: Arc::new(Place::Memory(database)), table, clock })
    }

    /// The key in the file, which all tables share.
    fn written(&self, partition: &str, sort: &str) -> Result<String, Failure> {
        if partition.contains(SEPARATOR) || sort.contains(SEPARATOR) {
            return Err(Failure::Store("a key holds a character that none may hold".to_owned()));
        }
        Ok(format!("{}{SEPARATOR}{partition}{SEPARATOR}{sort}", self.table.name))
    }

    fn key(&self, key: &Key) -> Result<String, Failure> {
        self.written(&key.partition, key.sort.as_deref().unwrap_or_default())
    }

    fn is_over(&self, item: &Item) -> bool {
        item.get(EXPIRES).and_then(Value::as_i64).is_some_and(|until| until < self.clock.now().as_second())
    }

    /// Runs work on the database where it may block.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Arc::clone(&self.place);
        tokio::task::spawn_blocking(move || match &*place {
            Place::Memory(database) => work(database),
            Place::File(path, lock) => {
                let _turn = lock.lock().map_err(failed)?;
                work(&open(path)?)
            }
        })
        .await
        .map_err(failed)?
    }

    /// Looks at an item and decides, in one transaction, what becomes of it. `None` leaves it as it is.
    async fn decide(
        &self,
        key: &Key,
        decision: impl FnOnce(Option<&Item>) -> Result<Option<Item>, Failure> + Send + 'static,
    ) -> Result<bool, Failure> {
        let (key, store) = (self.key(key)?, self.clone());
        self.run(move |database| {
            let transaction = database.begin_write().map_err(failed)?;
            let is_written = {
                let mut items = transaction.open_table(ITEMS).map_err(failed)?;
                let found = items.get(key.as_str()).map_err(failed)?.map(|bytes| decoded(bytes.value())).transpose()?;
                let next = decision(found.as_ref().filter(|item| !store.is_over(item)))?;
                if let Some(next) = &next {
                    items.insert(key.as_str(), encoded(next)?.as_slice()).map_err(failed)?;
                }
                next.is_some()
            };
            // Without a commit the transaction is as if it had never been.
            if is_written {
                transaction.commit().map_err(failed)?;
            }
            Ok(is_written)
        })
        .await
    }
}

impl Store for Embedded {
    async fn get(&self, key: &Key) -> Result<Option<Item>, Failure> {
        let (key, store) = (self.key(key)?, self.clone());
        self.run(move |database| {
            let Some(items) = table(database)? else { return Ok(None) };
            let found = items.get(key.as_str()).map_err(failed)?.map(|bytes| decoded(bytes.value())).transpose()?;
            Ok(found.filter(|item| !store.is_over(item)))
        })
        .await
    }

    async fn insert(&self, key: &Key, item: &Item) -> Result<bool, Failure> {
        let item = item.clone();
        self.decide(key, move |found| Ok(found.is_none().then_some(item))).await
    }

    async fn replace(&self, key: &Key, item: &Item) -> Result<(), Failure> {
        let item = item.clone();
        self.decide(key, move |_| Ok(Some(item))).await.map(|_| ())
    }

    async fn update(&self, key: &Key, change: &Change) -> Result<bool, Failure> {
        let change = change.clone();
        let next = move |found: Option<&Item>| match found {
            Some(item) if change.holds(item) => change.applied_to(item).map(Some),
            _ => Ok(None),
        };
        self.decide(key, next).await
    }

    async fn delete(&self, key: &Key) -> Result<(), Failure> {
        let key = self.key(key)?;
        self.run(move |database| {
            let transaction = database.begin_write().map_err(failed)?;
            transaction.open_table(ITEMS).map_err(failed)?.remove(key.as_str()).map_err(failed)?;
            transaction.commit().map_err(failed)
        })
        .await
    }

    async fn query(&self, partition: &str, sort_prefix: &str) -> Result<Vec<(String, Item)>, Failure> {
        let (whole, begin, store) = (self.written(partition, "")?, self.written(partition, sort_prefix)?, self.clone());
        self.run(move |database| {
            let Some(items) = table(database)? else { return Ok(Vec::new()) };
            let mut found = Vec::new();
            for entry in items.range(begin.as_str()..).map_err(failed)? {
                let (key, bytes) = entry.map_err(failed)?;
                if !key.value().starts_with(&begin) {
                    break;
                }
                let item = decoded(bytes.value())?;
                if !store.is_over(&item) {
                    found.push((key.value().strip_prefix(&whole).unwrap_or_default().to_owned(), item));
                }
            }
            Ok(found)
        })
        .await
    }
}

fn open(path: &PathBuf) -> Result<Database, Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    for _ in 1..TRIES {
        match Database::create(path) {
            Err(DatabaseError::DatabaseAlreadyOpen) => std::thread::sleep(PAUSE),
            opened => return opened.map_err(failed),
        }
    }
    Database::create(path).map_err(failed)
}

/// The table, unless nothing was ever written.
fn table(database: &Database) -> Result<Option<redb::ReadOnlyTable<&'static str, &'static [u8]>>, Failure> {
    match database.begin_read().map_err(failed)?.open_table(ITEMS) {
        Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
        opened => opened.map(Some).map_err(failed),
    }
}

fn decoded(bytes: &[u8]) -> Result<Item, Failure> {
    serde_json::from_slice(bytes).map_err(failed)
}

fn encoded(item: &Item) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(item).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Store(error.to_string())
}
