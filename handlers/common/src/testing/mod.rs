//! What the tests of the handlers share. Nothing here is part of a program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on stops, helpers included"
)]

mod contract;
mod contract_claims;
mod dynamodb;
mod events;
mod logs;
mod server;

pub use contract::{Contract, FilledBy, Route};
pub use dynamodb::{TestTable, dynamodb_table};
pub use events::{Sample, samples};
pub use logs::Logs;
pub use server::{Received, Reply, Server};

use serde_json::{Value, json};

/// An invocation by a flow for a caller.
pub fn invocation(address: &str, parameters: &Value) -> Value {
    json!({
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": {},
                "Channel": "VOICE",
                "ContactId": "11111111-2222-4333-8444-555555555555",
                "CustomerEndpoint": { "Address": address, "Type": "TELEPHONE_NUMBER" },
                "InitialContactId": "11111111-2222-4333-8444-555555555555",
                "InitiationMethod": "INBOUND",
                "InstanceARN": "arn:aws:connect:us-east-1:111122223333:instance/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
                "LanguageCode": "en-US",
                "PreviousContactId": "11111111-2222-4333-8444-555555555555",
                "Queue": null,
                "SystemEndpoint": { "Address": "+12065550100", "Type": "TELEPHONE_NUMBER" },
            },
            "Parameters": parameters,
        }
    })
}
