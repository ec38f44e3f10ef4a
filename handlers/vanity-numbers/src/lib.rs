//! Finds words in the number that a customer calls from, and keeps them, so that a customer hears the same ones again.

#[cfg(test)]
mod contract;
pub mod keypad;
mod stored;

use handler_common::Failure;
use handler_common::connect::{Answer, Event};
use handler_common::phone::E164;
use handler_common::store::{Store, Table};
use handler_common::world::Clock;
use serde::Serialize;
use tracing::{info, warn};

use keypad::Vanity;

/// What the handler needs of the world.
pub trait Capabilities: Store + Clock {}

impl<T: Store + Clock> Capabilities for T {}

/// The table that the numbers are kept in.
pub fn table() -> Table {
    Table { name: "VanityNumbers".to_owned(), partition_key: "phoneNumber", sort_key: None }
}

/// Three numbers, each as it is spoken and as it is written.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Found {
    pub phone: String,
    pub count: Three,
    pub vanity1: String,
    pub vanity2: String,
    pub vanity3: String,
    #[serde(rename = "vanity1Display")]
    pub vanity1_display: String,
    #[serde(rename = "vanity2Display")]
    pub vanity2_display: String,
    #[serde(rename = "vanity3Display")]
    pub vanity3_display: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Three {
    #[serde(rename = "3")]
    Three,
}

/// The number is hidden, or not one of North America.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NoneFound {
    /// The number, or nothing where it is hidden.
    pub phone: String,
    pub count: Zero,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Zero {
    #[serde(rename = "0")]
    Zero,
}

/// The numbers for the customer who calls.
pub async fn handle(event: Event, world: &impl Capabilities) -> Result<Answer, Failure> {
    let number = event.customer_address().and_then(E164::parse);
    let Some((number, digits)) = number.as_ref().and_then(|number| Some((number, number.north_american()?))) else {
        info!(contact = event.contact_id(), "no number that could spell anything");
        let phone = number.map(|number| number.as_str().to_owned()).unwrap_or_default();
        return Answer::of(&NoneFound { phone, count: Zero::Zero });
    };
    let vanities = match stored::known_or_new(world, number, digits).await {
        Ok(vanities) => vanities,
        Err(failure) => {
            // The store is a memory; a call is answered without it.
            warn!(contact = event.contact_id(), kind = failure.kind(), "answering without the store: {failure}");
            keypad::generate(digits, stored::KEPT)
        }
    };
    info!(contact = event.contact_id(), number = %number, "answering vanity numbers");
    answer(number, &vanities)
}

fn answer(number: &E164, vanities: &[Vanity]) -> Result<Answer, Failure> {
    let [first, second, third, ..] = vanities else {
        return Err(Failure::Store("an item has fewer than three numbers".to_owned()));
    };
    Answer::of(&Found {
        phone: number.as_str().to_owned(),
        count: Three::Three,
        vanity1: first.speech(),
        vanity2: second.speech(),
        vanity3: third.speech(),
        vanity1_display: first.display.clone(),
        vanity2_display: second.display.clone(),
        vanity3_display: third.display.clone(),
    })
}
