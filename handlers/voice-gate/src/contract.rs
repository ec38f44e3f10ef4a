//! `contract.json`, which says what flows may pass and read, is made from the types here.

use handler_common::testing::Contract;

use crate::{CODE, Next};

#[test]
fn the_contract_is_what_the_types_say() {
    Contract::new("voice-gate")
        .parameter(CODE, &[])
        .outcome::<Next>("next")
        .permissions(&["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "secretsmanager:GetSecretValue"])
        .table(&voice_common::table())
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
