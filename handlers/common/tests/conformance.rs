//! What the trait `Store` promises, held against every implementation: the embedded one in memory and in a file, and
//! DynamoDB against the server that `DYNAMODB_TEST_ENDPOINT` names. The tests of
//! DynamoDB are ignored unless asked for; `.ci/run` starts a server and asks for them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on stops, helpers included"
)]

use std::sync::Arc;

use handler_common::store::{Change, EXPIRES, Embedded, Item, Key, Store, Table};
use handler_common::testing::dynamodb_table;
use handler_common::world::{Clock, HandClock};
use serde_json::{Value, json};

const NOW: &str = "2026-01-02T03:04:05Z";

fn table(name: &str) -> Table {
    Table { name: name.to_owned(), partition_key: "PK", sort_key: Some("SK") }
}

fn item(value: Value) -> Item {
    let Value::Object(fields) = value else { panic!("an item is an object") };
    fields
}

fn key(name: &str) -> Key {
    Key::with_sort(name, name)
}

/// Every promise, one after the other. A store that keeps them all can be put in another's place.
async fn keeps_every_promise<S: Store + Clone + 'static>(store: S, clock: Arc<HandClock>) {
    values_come_back_as_they_went_in(&store).await;
    only_the_first_insert_succeeds(&store).await;
    conditions_decide(&store).await;
    a_change_that_fails_leaves_nothing_behind(&store).await;
    numbers_are_added_to(&store).await;
    a_partition_is_read_in_order(&store).await;
    what_is_over_is_not_there(&store, &clock).await;
    names_and_values_are_never_syntax(&store).await;
    of_a_thousand_one_consumes(&store).await;
    of_a_thousand_one_is_first(&store).await;
}

async fn values_come_back_as_they_went_in(store: &impl Store) {
    let written = item(json!({
        "text": "größe \" \\ \n", "empty": "", "number": -12, "fraction": 1.5, "flag": true, "nothing": null,
        "list": [1, "two", { "three": [] }], "info": { "verified": false, "deep": { "er": {} } },
    }));
    assert_eq!(store.get(&key("values")).await.unwrap(), None);
    assert!(store.insert(&key("values"), &written).await.unwrap());
    assert_eq!(store.get(&key("values")).await.unwrap().as_ref(), Some(&written));
    let other = item(json!({ "text": "other" }));
    store.replace(&key("values"), &other).await.unwrap();
    assert_eq!(store.get(&key("values")).await.unwrap(), Some(other));
    store.delete(&key("values")).await.unwrap();
    assert_eq!(store.get(&key("values")).await.unwrap(), None);
    store.delete(&key("values")).await.unwrap();
}

async fn only_the_first_insert_succeeds(store: &impl Store) {
    assert!(store.insert(&key("first"), &item(json!({ "n": 1 }))).await.unwrap());
    assert!(!store.insert(&key("first"), &item(json!({ "n": 2 }))).await.unwrap());
    assert_eq!(store.get(&key("first")).await.unwrap(), Some(item(json!({ "n": 1 }))));
}

async fn conditions_decide(store: &impl Store) {
    let key = key("conditions");
    let missing = store.update(&key, &Change::new().set("a", 1)).await.unwrap();
    assert!(!missing, "an update creates nothing");
    assert_eq!(store.get(&key).await.unwrap(), None);

    store.insert(&key, &item(json!({ "info": { "verified": true, "tries": 2 }, "at": "now" }))).await.unwrap();
    let holds = async |change: Change| store.update(&key, &change.set("mark", "x")).await.unwrap();
    assert!(holds(Change::new().only_if_equal("info.verified", true)).await);
    assert!(!holds(Change::new().only_if_equal("info.verified", false)).await);
    assert!(!holds(Change::new().only_if_equal("info.verified", "true")).await);
    assert!(!holds(Change::new().only_if_equal("info.other", true)).await);
    assert!(holds(Change::new().only_if_absent("info.other")).await);
    assert!(!holds(Change::new().only_if_absent("info.tries")).await);
    assert!(holds(Change::new().only_if_less("info.tries", 3)).await);
    assert!(!holds(Change::new().only_if_less("info.tries", 2)).await);
    assert!(!holds(Change::new().only_if_less("info.missing", 2)).await);
    assert!(holds(Change::new().only_if_at_least("info.tries", 2)).await);
    assert!(!holds(Change::new().only_if_at_least("info.tries", 3)).await);
    assert!(!holds(Change::new().only_if_equal("at", "now").only_if_equal("at", "then")).await, "all must hold");

    let change = Change::new().set("info.verified", false).set("info.since", "now").remove("at").remove("never");
    assert!(store.update(&key, &change).await.unwrap());
    let expected = json!({ "info": { "verified": false, "tries": 2, "since": "now" }, "mark": "x" });
    let found = Value::Object(store.get(&key).await.unwrap().unwrap());
    assert_eq!(found, expected);
}

async fn a_change_that_fails_leaves_nothing_behind(store: &impl Store) {
    let key = key("whole");
    store.insert(&key, &item(json!({ "n": 1 }))).await.unwrap();
    assert!(store.update(&key, &Change::new().set("n", 2).set("no.such", 3)).await.is_err());
    assert!(!store.update(&key, &Change::new().set("n", 2).only_if_absent("n")).await.unwrap());
    assert_eq!(store.get(&key).await.unwrap(), Some(item(json!({ "n": 1 }))));
}

async fn numbers_are_added_to(store: &impl Store) {
    let key = key("add");
    store.insert(&key, &item(json!({ "info": {} }))).await.unwrap();
    for _ in 0..3 {
        assert!(store.update(&key, &Change::new().add("tries", 1).add("info.tries", 2)).await.unwrap());
    }
    assert_eq!(store.get(&key).await.unwrap(), Some(item(json!({ "info": { "tries": 6 }, "tries": 3 }))));
}

async fn a_partition_is_read_in_order(store: &impl Store) {
    for (partition, sort) in [("p", "A#2"), ("p", "A#1"), ("p", "B#1"), ("p2", "A#3"), ("p", "A")] {
        store.insert(&Key::with_sort(partition, sort), &item(json!({ "s": sort }))).await.unwrap();
    }
    let sorts = async |partition: &str, prefix: &str| {
        let found = store.query(partition, prefix).await.unwrap();
        assert!(found.iter().all(|(sort, item)| item["s"] == **sort));
        found.into_iter().map(|(sort, _)| sort).collect::<Vec<_>>()
    };
    assert_eq!(sorts("p", "A#").await, ["A#1", "A#2"]);
    assert_eq!(sorts("p", "").await, ["A", "A#1", "A#2", "B#1"]);
    assert_eq!(sorts("p", "C").await, Vec::<String>::new());
    assert_eq!(sorts("none", "").await, Vec::<String>::new());
}

async fn what_is_over_is_not_there(store: &impl Store, clock: &HandClock) {
    let key = Key::with_sort("over", "x");
    let until = clock.now().as_second() + 10;
    store.insert(&key, &item(json!({ "n": 1, EXPIRES: until }))).await.unwrap();
    clock.advance(10_000);
    assert!(store.get(&key).await.unwrap().is_some(), "the last second counts");
    assert!(!store.insert(&key, &item(json!({ "n": 2 }))).await.unwrap());
    clock.advance(1_000);
    assert_eq!(store.get(&key).await.unwrap(), None);
    assert!(store.query("over", "").await.unwrap().is_empty());
    assert!(!store.update(&key, &Change::new().set("n", 3)).await.unwrap());
    assert!(store.insert(&key, &item(json!({ "n": 4 }))).await.unwrap(), "its place is free");
    assert_eq!(store.get(&key).await.unwrap(), Some(item(json!({ "n": 4 }))));
}

async fn names_and_values_are_never_syntax(store: &impl Store) {
    let key = Key::with_sort("x' OR 1=1; #n0 :v0", "attribute_exists(a)");
    let odd = item(json!({ "size": 1, "#n0": ":v0", ":v0": "#n0", "SET": { "a b": "REMOVE x" } }));
    store.insert(&key, &odd).await.unwrap();
    assert!(
        store
            .update(&key, &Change::new().set("#n0", "SET x = :v0").set("SET.a b", 1).only_if_equal("size", 1))
            .await
            .unwrap()
    );
    let expected = json!({ "size": 1, "#n0": "SET x = :v0", ":v0": "#n0", "SET": { "a b": 1 } });
    assert_eq!(Value::Object(store.get(&key).await.unwrap().unwrap()), expected);
}

async fn of_a_thousand_one_consumes<S: Store + Clone + 'static>(store: &S) {
    let key = key("verification");
    store.insert(&key, &item(json!({ "info": { "verified": true } }))).await.unwrap();
    let change = Change::new().set("info.verified", false).only_if_equal("info.verified", true);
    assert_eq!(
        race(store, move |store| {
            let (key, change) = (key.clone(), change.clone());
            async move { store.update(&key, &change).await.unwrap() }
        })
        .await,
        1
    );
}

async fn of_a_thousand_one_is_first<S: Store + Clone + 'static>(store: &S) {
    let key = key("first call");
    assert_eq!(
        race(store, move |store| {
            let key = key.clone();
            async move { store.insert(&key, &Item::new()).await.unwrap() }
        })
        .await,
        1
    );
}

/// How many of a thousand tries at once succeed.
async fn race<S: Store + Clone + 'static, F: Future<Output = bool> + Send + 'static>(
    store: &S,
    attempt: impl Fn(S) -> F,
) -> usize {
    let tries: Vec<_> = (0..1000).map(|_| tokio::spawn(attempt(store.clone()))).collect();
    let mut succeeded = 0;
    for one in tries {
        succeeded += usize::from(one.await.unwrap());
    }
    succeeded
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_in_memory_keeps_every_promise() {
    let clock = Arc::new(HandClock::at(NOW).unwrap());
    let store = Embedded::in_memory(table("items"), Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    keeps_every_promise(store, clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_store_in_a_file_keeps_every_promise() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::at(NOW).unwrap());
    let store =
        Embedded::in_file(folder.path().join("new/store.redb"), table("items"), Arc::clone(&clock) as Arc<dyn Clock>);
    keeps_every_promise(store, clock).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a server: DYNAMODB_TEST_ENDPOINT"]
async fn dynamodb_keeps_every_promise() {
    let clock = Arc::new(HandClock::at(NOW).unwrap());
    let store = dynamodb_table(table("conformance"), Arc::clone(&clock) as Arc<dyn Clock>).await;
    keeps_every_promise(store, clock).await;
}

/// Two stores on one file are what two handlers on one laptop are to each other.
#[tokio::test(flavor = "multi_thread")]
async fn two_handlers_share_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.redb");
    let clock: Arc<dyn Clock> = Arc::new(HandClock::at(NOW).unwrap());
    let one = Embedded::in_file(&path, table("items"), Arc::clone(&clock));
    let two = Embedded::in_file(&path, table("items"), Arc::clone(&clock));
    let other_table = Embedded::in_file(&path, table("others"), clock);
    let write = async |store: &Embedded, from: i32| {
        for n in from..from + 20 {
            store.insert(&key(&n.to_string()), &item(json!({ "n": n }))).await.unwrap();
        }
    };
    tokio::join!(write(&one, 0), write(&two, 100));
    assert!(one.get(&key("119")).await.unwrap().is_some());
    assert!(two.get(&key("19")).await.unwrap().is_some());
    assert_eq!(other_table.get(&key("19")).await.unwrap(), None);
}
