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
        .setting("oauthSecretArn", "The ARN of the secret with `oauthClientId` and `oauthClientSecret`")
        .setting_or(parameter::AGENT, "", "`customers/{c}/profiles/{p}/virtualAgents/{id}`, unless flows pass it")
        .setting_or(parameter::REGION, "", "Where the service is, such as us-west-2-prod, unless flows pass it")
        .setting_or(parameter::API, "", "The address of the service, if the region does not say it")
        .setting_or(parameter::AUTH, "", "The address that gives tokens, wherever the address of the service is given")
        .setting_or("ALLOWED_HOSTS", "", "Hosts that flows may name besides the service's own, separated by commas")
        .setting_or("supportedDtmfChars", "0123456789*", "What the service may have dialled")
        .setting_or("HTTP_MAX_RETRIES", "3", "How often a request is tried again")
        .setting_or("HTTP_RETRY_BASE_DELAY", "100ms", "How long the first pause between tries is")
        .setting_or("HTTP_CLIENT_TIMEOUT", "3s", "How long one try may take")
        .setting_or("TIME_BUDGET_MS", "7000", "All the time that an invocation may take, in milliseconds")
        .settings_kept_out(&["oauthClientId", "oauthClientSecret", "apiKey"])
        .permissions_on(&["${oauthSecretArn}"], &["secretsmanager:GetSecretValue"])
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
