//! A table of its own on the server that `DYNAMODB_TEST_ENDPOINT` names.

use std::sync::Arc;

use crate::Failure;
use crate::http::{Http, HttpClient, Request};
use crate::store::{Change, DynamoDb, Item, Key, Store, Table};
use crate::world::{Clock, World};
use serde_json::json;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many requests are on their way at once: enough to race, few enough for a small server.
const ON_THEIR_WAY: usize = 32;

/// DynamoDB, whose requests queue here and not at the server. The time that a request may take is then its own, however
/// many race, and nobody's write is answered too late to be known.
#[derive(Clone)]
pub struct TestTable {
    store: DynamoDb,
    places: Arc<Semaphore>,
}

impl TestTable {
    async fn place(&self) -> SemaphorePermit<'_> {
        self.places.acquire().await.expect("nobody closes it")
    }
}

impl Store for TestTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, Failure> {
        let _place = self.place().await;
        self.store.get(key).await
    }

    async fn insert(&self, key: &Key, item: &Item) -> Result<bool, Failure> {
        let _place = self.place().await;
        self.store.insert(key, item).await
    }

    async fn replace(&self, key: &Key, item: &Item) -> Result<(), Failure> {
        let _place = self.place().await;
        self.store.replace(key, item).await
    }

    async fn update(&self, key: &Key, change: &Change) -> Result<bool, Failure> {
        let _place = self.place().await;
        self.store.update(key, change).await
    }

    async fn delete(&self, key: &Key) -> Result<(), Failure> {
        let _place = self.place().await;
        self.store.delete(key).await
    }

    async fn query(&self, partition: &str, sort_prefix: &str) -> Result<Vec<(String, Item)>, Failure> {
        let _place = self.place().await;
        self.store.query(partition, sort_prefix).await
    }
}

/// A new, empty table. Who asks for a test of DynamoDB without a server is told so by a failure.
pub async fn dynamodb_table(table: Table, clock: Arc<dyn Clock>) -> TestTable {
    let endpoint = std::env::var("DYNAMODB_TEST_ENDPOINT").expect("DYNAMODB_TEST_ENDPOINT names no server");
    let table = Table { name: format!("{}-{}", table.name, std::process::id()), ..table };
    let world = World::still()
        .variable_set("AWS_ACCESS_KEY_ID", "test")
        .variable_set("AWS_SECRET_ACCESS_KEY", "test")
        .variable_set("AWS_REGION", "us-east-1")
        // A busy machine is slow, not broken.
        .variable_set("STORE_TIMEOUT_MS", "60000")
        .variable_set("AWS_ENDPOINT_URL_DYNAMODB", &endpoint);
    create(&endpoint, &table).await;
    let store = DynamoDb::from_environment(&world, table, clock).unwrap();
    TestTable { store, places: Arc::new(Semaphore::new(ON_THEIR_WAY)) }
}

/// Creates the table over plain HTTP: handlers never may, so the store cannot.
async fn create(endpoint: &str, table: &Table) {
    let names = [Some(table.partition_key), table.sort_key];
    let keys = names.into_iter().flatten().zip(["HASH", "RANGE"]);
    let body = json!({
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": keys.clone().map(|(name, _)| json!({ "AttributeName": name, "AttributeType": "S" })).collect::<Vec<_>>(),
        "KeySchema": keys.map(|(name, kind)| json!({ "AttributeName": name, "KeyType": kind })).collect::<Vec<_>>(),
    });
    let request = Request::new("POST", endpoint)
        .header("x-amz-target", "DynamoDB_20120810.CreateTable")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
        .header("x-amz-date", "20260101T000000Z")
        .body("application/x-amz-json-1.0", body.to_string());
    let answer = HttpClient::new().unwrap().send(&request, std::time::Duration::from_secs(10)).await.unwrap();
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
}
