//! `contract.json`, which says what flows may pass and read, is made from the types here.

use handler_common::testing::Contract;

use crate::answers::{Handoff, Transfer};
use crate::config::{Action, parameter};

#[test]
fn the_contract_is_what_the_types_say() {
    Contract::new("pstn-transfer")
        .parameter(parameter::ACTION, &[Action::Transfer.name(), Action::Handoff.name()])
        .parameter(parameter::AGENT, &[])
        .parameter(parameter::API, &[])
        .parameter(parameter::AUTH, &[])
        .parameter(parameter::REGION, &[])
        .other_parameters()
        .outcome::<Transfer>("transfer")
        .outcome::<Handoff>("handoff")
        .permissions(&["secretsmanager:GetSecretValue"])
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
