//! `contract.json`, which says what an HTTP API and a role have to allow, is made from the constants here.

use handler_common::testing::{Contract, FilledBy, Route};

use crate::{BUDGET, METHODS};

/// Where templates put it. Anybody's own gateway may take another address: only the signature counts.
const PATH: &str = "/voice";

#[test]
fn the_contract_is_what_the_code_says() {
    Contract::new("voice-webhook")
        // Twilio signs for us, and not for the gateway.
        .routes(METHODS.map(|method| Route { method, path: PATH, ..Route::default() }))
        .seconds(BUDGET.as_secs() + 3)
        .setting_of(
            "WEBHOOK_URL",
            FilledBy::Url(PATH),
            "The address that Twilio posts to, as it is entered there; empty if it is the API's own",
        )
        .setting("CONNECT_NUMBER", "The number of the flow, in E.164")
        .setting("PHRASE", "What callers say; the voice service has to know it")
        .setting_or("CONTENT_LANGUAGE", "en-US", "The language of the phrase")
        .setting("VOICE_SECRET_ARN", voice_common::about::SECRET)
        .setting_or("TRIES_PER_CALL", "3", "How often a caller may try in one call")
        .setting_or("FAILURES_PER_HOUR", "6", voice_common::about::FAILURES)
        .setting_or("SAY_VOICE", "alice", "Twilio's voice")
        .settings_kept_out(&["TWILIO_AUTH_TOKEN", "VIAPIKEY", "VIAPITOKEN", "VOICEIT_URL", "TWILIO_URL"])
        .permissions(&["dynamodb:GetItem", "dynamodb:UpdateItem"])
        .permissions_on(&["${VOICE_SECRET_ARN}"], &["secretsmanager:GetSecretValue"])
        .table(&voice_common::table())
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
