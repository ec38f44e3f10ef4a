//! `contract.json`, which says what flows may pass and read, is made from the types here.

use handler_common::testing::Contract;

use crate::{Found, NoneFound};

#[test]
fn the_contract_is_what_the_types_say() {
    Contract::new("vanity-numbers")
        .outcome::<Found>("found")
        .outcome::<NoneFound>("none")
        .permissions(&["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"])
        .table(&crate::table())
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
