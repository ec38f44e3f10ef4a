//! `contract.json`, which says what flows may pass and read, is made from the types here.

use std::collections::BTreeMap;

use handler_common::testing::Contract;
use schemars::JsonSchema;

/// The keys are data, so any may come.
#[derive(JsonSchema)]
struct Known {
    #[schemars(flatten)]
    _by_key: BTreeMap<String, String>,
}

#[test]
fn the_contract_is_what_the_types_say() {
    Contract::new("resource-map")
        .outcome::<Known>("known")
        .permissions(&["dynamodb:GetItem", "ssm:GetParameter"])
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
