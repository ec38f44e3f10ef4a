//! What the handler answers and keeps, and what was wrong with the function that it replaces.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops, helpers included"
)]

use std::sync::Arc;

use handler_common::Failure;
use handler_common::connect::{Answer, Event};
use handler_common::store::{Change, Embedded, Item, Key, Store};
use handler_common::testing::{Logs, invocation, samples};
use handler_common::world::{HandClock, World};
use serde_json::{Value, json};

const NOW: &str = "2026-01-02T03:04:05Z";
const FLOW: &str = include_str!("../../../flows-src/vanity-numbers/vanity-numbers.flow");

type TestWorld<S = Arc<Embedded>> = World<S>;

fn world() -> TestWorld {
    let clock = Arc::new(HandClock::at(NOW).unwrap());
    let store = Embedded::in_memory(vanity_numbers::table(), clock.clone()).unwrap();
    World::still().with_clock(clock).with_store(Arc::new(store))
}

async fn answered(world: &impl vanity_numbers::Capabilities, address: &str) -> Answer {
    let event = Event::read(invocation(address, &json!({}))).unwrap();
    vanity_numbers::handle(event, world).await.unwrap()
}

async fn kept(world: &TestWorld, number: &str) -> Option<Item> {
    world.store().get(&Key::new(number)).await.unwrap()
}

#[tokio::test]
async fn weakness_01_numbers_are_made_from_the_callers_own_and_kept() {
    let world = world();
    let answer = answered(&world, "+17183569377").await;
    assert_eq!(answer.get("vanity1"), Some("7 1 8 FLOWERS"));
    let item = kept(&world, "+17183569377").await.unwrap();
    assert_eq!(item["createdAt"], NOW);
    assert_eq!(item["algorithm"], "keypad-1");
    assert_eq!(item["numbers"][0]["digits"], "7183569377");
    assert_eq!(item["numbers"][0]["display"], "718-FLOWERS");
    assert!(item["numbers"].as_array().unwrap().len() <= 5);
}

#[tokio::test]
async fn what_is_kept_is_what_is_answered() {
    let world = world();
    let numbers = json!([
        { "digits": "7180000001", "display": "718-ONE", "score": 3 },
        { "digits": "7180000002", "display": "718-TWO", "score": 2 },
        { "digits": "7180000003", "display": "718-THREE", "score": 1 },
    ]);
    let item = json!({ "numbers": numbers, "createdAt": "then", "algorithm": "keypad-99" });
    world.store().insert(&Key::new("+17183569377"), item.as_object().unwrap()).await.unwrap();
    let answer = answered(&world, "+17183569377").await;
    assert_eq!(answer.get("vanity2Display"), Some("718-TWO"), "what a newer generator made is not made worse");
}

#[tokio::test]
async fn what_an_older_generator_made_or_nobody_can_read_is_replaced() {
    let olds = [
        json!({ "algorithm": "keypad-0", "numbers": [], "createdAt": "then" }),
        json!({ "algorithm": "keypad-1", "numbers": "broken" }),
        json!({ "something": "else" }),
    ];
    for old in olds {
        let world = world();
        world.store().insert(&Key::new("+17183569377"), old.as_object().unwrap()).await.unwrap();
        assert_eq!(answered(&world, "+17183569377").await.get("vanity1Display"), Some("718-FLOWERS"), "{old}");
        assert_eq!(kept(&world, "+17183569377").await.unwrap()["algorithm"], "keypad-1");
    }
}

#[tokio::test]
async fn a_thousand_calls_at_once_keep_and_answer_one_result() {
    let (world, clock) = {
        let clock = Arc::new(HandClock::at(NOW).unwrap());
        let store = Embedded::in_memory(vanity_numbers::table(), clock.clone()).unwrap();
        (Arc::new(World::still().with_clock(clock.clone()).with_store(Arc::new(store))), clock)
    };
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let (world, clock) = (Arc::clone(&world), Arc::clone(&clock));
            tokio::spawn(async move {
                // So that each would write something else.
                clock.advance(1000);
                answered(&*world, "+17183569377").await
            })
        })
        .collect();
    let first = calls.into_iter();
    let mut answers = Vec::new();
    for call in first {
        answers.push(call.await.unwrap());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let item = kept(&world, "+17183569377").await.unwrap();
    answered(&*world, "+17183569377").await;
    assert_eq!(kept(&world, "+17183569377").await.unwrap(), item, "a later call writes nothing");
}

/// A store out of order.
struct Broken;

impl Store for Broken {
    async fn get(&self, _: &Key) -> Result<Option<Item>, Failure> {
        Err(Failure::Store("no table".to_owned()))
    }
    async fn insert(&self, _: &Key, _: &Item) -> Result<bool, Failure> {
        Err(Failure::Store("no table".to_owned()))
    }
    async fn replace(&self, _: &Key, _: &Item) -> Result<(), Failure> {
        Err(Failure::Store("no table".to_owned()))
    }
    async fn update(&self, _: &Key, _: &Change) -> Result<bool, Failure> {
        Err(Failure::Store("no table".to_owned()))
    }
    async fn delete(&self, _: &Key) -> Result<(), Failure> {
        Err(Failure::Store("no table".to_owned()))
    }
    async fn query(&self, _: &str, _: &str) -> Result<Vec<(String, Item)>, Failure> {
        Err(Failure::Store("no table".to_owned()))
    }
}

#[tokio::test]
async fn a_store_that_fails_does_not_lose_the_answer() {
    let world = World::still().with_store(Broken);
    assert_eq!(answered(&world, "+17183569377").await.get("vanity1Display"), Some("718-FLOWERS"));
}

#[tokio::test]
async fn weakness_02_numbers_from_elsewhere_get_none() {
    for number in ["+442071838750", "+4930901820", "+11182345678"] {
        let world = world();
        let answer = answered(&world, number).await.into_value();
        assert_eq!(answer, json!({ "phone": number, "count": "0" }));
        assert_eq!(kept(&world, number).await, None);
    }
}

#[tokio::test]
async fn weakness_03_hidden_numbers_are_no_numbers() {
    for address in ["anonymous", "", "Restricted", "7182345678", "sip:a@example.com", "+1718234567\u{0}8"] {
        let world = world();
        let answer = answered(&world, address).await.into_value();
        assert_eq!(answer, json!({ "phone": "", "count": "0" }), "{address}");
    }
    let mut event = invocation("", &json!({}));
    event["Details"]["ContactData"]["CustomerEndpoint"] = Value::Null;
    let answer = vanity_numbers::handle(Event::read(event).unwrap(), &world()).await.unwrap();
    assert_eq!(answer.get("count"), Some("0"));
}

#[test]
fn weakness_04_the_prompt_reads_the_answer_and_not_attributes_that_may_not_be_set() {
    let prompt = FLOW.split("say ssml").nth(1).unwrap().split("disconnect").next().unwrap();
    for key in ["vanity1", "vanity2", "vanity3"] {
        assert!(prompt.contains(&format!("$found.{key}")), "{key}");
    }
    assert!(!prompt.contains("$.Attributes"));
}

#[tokio::test]
async fn weakness_05_each_number_comes_written_as_well_as_spoken() {
    let answer = answered(&world(), "+17182101010").await.into_value();
    let expected = json!({
        "phone": "+17182101010", "count": "3",
        "vanity1": "7 1 8 8 6 7 5 3 0 9", "vanity2": "7 1 8 8 6 7 5 3 1 0", "vanity3": "7 1 8 8 6 7 5 3 1 1",
        "vanity1Display": "718-867-5309", "vanity2Display": "718-867-5310", "vanity3Display": "718-867-5311",
    });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn weakness_06_numbers_are_not_logged() {
    let logs = Logs::caught();
    answered(&world(), "+17183569377").await;
    answered(&world(), "+442071838750").await;
    answered(&World::still().with_store(Broken), "+17183569377").await;
    logs.hold_none_of(&["7183569377", "3569377", "2071838750", "FLOWERS"]);
}

#[test]
fn weakness_07_the_flow_names_the_function_and_not_its_address() {
    assert!(FLOW.contains("invoke vanity-numbers"));
    assert!(!FLOW.contains("arn:"));
}

#[test]
fn weakness_08_the_role_has_three_actions_and_no_more() {
    let contract: Value = serde_json::from_str(include_str!("../contract.json")).unwrap();
    assert_eq!(contract["permissions"], json!(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]));
}

#[tokio::test]
async fn sample_events_get_their_answers() {
    for sample in samples(env!("CARGO_MANIFEST_DIR")) {
        let answer = match Event::read(sample.event.clone()) {
            Ok(event) => vanity_numbers::handle(event, &world()).await,
            Err(failure) => Err(failure),
        };
        sample.is_answered_by(answer.map(Answer::into_value));
    }
}
