//! `contract.json`, which says what flows may pass and read, is made from the types here.

use std::collections::BTreeMap;

use handler_common::testing::{Contract, FilledBy};
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
        .setting_or("RESOURCE_MAP", "", "`ssm:<parameter>` or `store`; empty if the map is in the package")
        .setting_of("INSTANCE_ARN", FilledBy::InstanceArn, "The instance that a map without instances is about")
        .permissions_on_named("The ARN of the parameter with the map, if it is in SSM", &["ssm:GetParameter"])
        .permissions_on_named("The ARN of the table with the map, if it is in one", &["dynamodb:GetItem"])
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
