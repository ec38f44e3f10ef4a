//! `contract.json`, which says what flows may pass and read, is made from the types here.

use handler_common::testing::Contract;

use crate::{CODE, Next};

#[test]
fn the_contract_is_what_the_types_say() {
    Contract::new("voice-gate")
        .parameter(CODE, &[])
        .outcome::<Next>("next")
        .setting("VOICE_SECRET_ARN", voice_common::about::SECRET)
        .setting_or("FRESH_SECONDS", "10", "How old a verification may be when the call comes back")
        .setting_or("CODE_SECONDS", "30", "How much more time keying in the digits may take")
        .setting_or("FAILURES_PER_HOUR", "6", voice_common::about::FAILURES)
        .settings_kept_out(&["VIAPIKEY", "VIAPITOKEN", "VOICEIT_URL"])
        .permissions(&["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"])
        .permissions_on(&["${VOICE_SECRET_ARN}"], &["secretsmanager:GetSecretValue"])
        .table(&voice_common::table())
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
