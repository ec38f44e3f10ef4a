//! The memory: one item per number, made once by each version of the generator.

use handler_common::Failure;
use handler_common::phone::E164;
use handler_common::store::{Change, Item, Key};
use serde_json::{Value, json};

use crate::Capabilities;
use crate::keypad::{self, Vanity};

/// How many ways to say a number are kept; flows read three of them.
pub const KEPT: usize = 5;

/// The version of the generator. One more, whenever it gives something else.
const ALGORITHM: u64 = 1;

/// How often another call may be faster before this one gives up, which takes as many deployments at once.
const TURNS: u32 = 3;

/// What is kept for a number, or what is now.
pub async fn known_or_new(world: &impl Capabilities, number: &E164, digits: &str) -> Result<Vec<Vanity>, Failure> {
    let key = Key::new(number.as_str());
    for _ in 0..TURNS {
        let item = world.get(&key).await?;
        if let Some(known) = item.as_ref().and_then(known) {
            return Ok(known);
        }
        let new = keypad::generate(digits, KEPT);
        let fields = fields(&new, world);
        let is_written = match &item {
            None => world.insert(&key, &fields).await?,
            Some(old) => world.update(&key, &replacing(old, fields)).await?,
        };
        if is_written {
            return Ok(new);
        }
        // Another call for the same number was faster: what it kept is what both answer.
    }
    Err(Failure::Store("the item changes all the time".to_owned()))
}

/// The kept numbers, unless an older generator made them, or nobody can read them.
fn known(item: &Item) -> Option<Vec<Vanity>> {
    if version(item)? < ALGORITHM {
        return None;
    }
    let kept: Vec<Vanity> = serde_json::from_value(item.get("numbers")?.clone()).ok()?;
    (kept.len() >= 3).then_some(kept)
}

/// The number behind the word: `keypad-1`.
fn version(item: &Item) -> Option<u64> {
    item.get("algorithm")?.as_str()?.strip_prefix("keypad-")?.parse().ok()
}

fn fields(vanities: &[Vanity], world: &impl Capabilities) -> Item {
    let numbers: Value = vanities
        .iter()
        .map(|vanity| json!({ "digits": vanity.digits, "display": vanity.display, "score": vanity.score }))
        .collect();
    let mut fields = Item::new();
    fields.insert("numbers".to_owned(), numbers);
    fields.insert("createdAt".to_owned(), world.now().to_string().into());
    fields.insert("algorithm".to_owned(), format!("keypad-{ALGORITHM}").into());
    fields
}

/// New fields, unless the item has changed since it was read.
fn replacing(old: &Item, fields: Item) -> Change {
    let change = fields.into_iter().fold(Change::new(), |change, (name, value)| change.set(&name, value));
    ["algorithm", "createdAt"].into_iter().fold(change, |change, field| match old.get(field) {
        Some(value) => change.only_if_equal(field, value.clone()),
        None => change.only_if_absent(field),
    })
}
