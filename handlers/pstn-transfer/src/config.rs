//! The settings of one invocation, checked before anything is sent.

use std::time::Duration;

use handler_common::Failure;
use handler_common::connect::Event;
use handler_common::settings::Settings;
use handler_common::world::Environment;

use crate::agent::Agent;
use crate::domain::{self, Domain};

/// The settings that a flow may pass.
pub mod parameter {
    pub const ACTION: &str = "action";
    pub const AGENT: &str = "virtualAgentName";
    pub const API: &str = "apiDomain";
    pub const AUTH: &str = "authDomain";
    pub const REGION: &str = "region";
}

/// All settings. Whoever passes one, allowed or not, it is not told to the service.
const SETTINGS: [&str; 10] = [
    parameter::ACTION,
    parameter::AGENT,
    parameter::API,
    parameter::AUTH,
    parameter::REGION,
    "apiKey",
    "oauthSecretArn",
    "oauthClientId",
    "oauthClientSecret",
    "supportedDtmfChars",
];

/// What Connect can dial; the comma is a pause.
pub const DTMF: &str = "0123456789,*#";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Transfer,
    Handoff,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Self::Transfer => "get_pstn_transfer_data",
            Self::Handoff => "get_handoff_data",
        }
    }
}

#[derive(Debug)]
pub struct Config {
    pub action: Action,
    pub agent: Agent,
    pub api: Domain,
    /// Where tokens come from, if there is a region or a setting that says so.
    pub auth: Option<Domain>,
    /// The characters that the service may use.
    pub dtmf: String,
}

pub fn is_setting(parameter: &str) -> bool {
    SETTINGS.contains(&parameter)
}

impl Config {
    pub fn of(event: &Event, environment: &impl Environment) -> Result<Self, Failure> {
        let settings = Settings::new(event, environment);
        let hosts: Vec<String> = settings
            .configured("ALLOWED_HOSTS")
            .unwrap_or_default()
            .split(',')
            .map(|host| host.trim().to_ascii_lowercase())
            .collect();
        let allowed = |setting: &str, text: &str| {
            let domain = Domain::parse(setting, text)?;
            // What the operator configures is allowed by that; what a flow passes has to be on the list.
            let is_configured = settings.configured(setting).as_deref() == Some(text);
            if domain.is_allowed(&hosts) || is_configured {
                return Ok(domain);
            }
            Err(Failure::Configuration(format!("`{setting}` is a host that `ALLOWED_HOSTS` does not name")))
        };
        let (api, auth) = (settings.open(parameter::API), settings.open(parameter::AUTH));
        let is_oauth = ["oauthSecretArn", "oauthClientId"].into_iter().any(|name| settings.configured(name).is_some());
        if is_oauth && api.is_some() != auth.is_some() {
            return Err(Failure::Configuration("with OAuth, `apiDomain` and `authDomain` come together".to_owned()));
        }
        let api = api.map(|text| allowed(parameter::API, &text)).transpose()?;
        let auth = auth.map(|text| allowed(parameter::AUTH, &text)).transpose()?;
        let region = settings.open(parameter::REGION).or_else(|| api.as_ref()?.region().map(str::to_owned));
        if let Some(region) = &region
            && !region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return Err(Failure::Configuration(
                "`region` has other characters than letters, digits and `-`".to_owned(),
            ));
        }
        let api = match (api, &region) {
            (Some(api), _) => api,
            (None, Some(region)) => Domain::parse(parameter::REGION, &domain::api_of(region))?,
            (None, None) => return Err(Failure::Configuration("neither `region` nor `apiDomain` is set".to_owned())),
        };
        let auth = match (auth, &region) {
            (Some(auth), _) => Some(auth),
            (None, Some(region)) => Some(Domain::parse(parameter::REGION, &domain::auth_of(region))?),
            (None, None) => None,
        };
        let action = match settings.open(parameter::ACTION).as_deref() {
            // What the first version's instructions promised for a flow that says nothing.
            None | Some("get_pstn_transfer_data") => Action::Transfer,
            Some("get_handoff_data") => Action::Handoff,
            Some(_) => {
                let known = "`action` is neither `get_pstn_transfer_data` nor `get_handoff_data`";
                return Err(Failure::Event(known.to_owned()));
            }
        };
        let Some(agent) = settings.open(parameter::AGENT) else {
            return Err(Failure::Configuration("`virtualAgentName` is not set".to_owned()));
        };
        let dtmf = settings.configured("supportedDtmfChars").unwrap_or_else(|| "0123456789*".to_owned());
        if !dtmf.chars().all(|c| DTMF.contains(c)) {
            return Err(Failure::Configuration(format!("`supportedDtmfChars` has characters beyond `{DTMF}`")));
        }
        Ok(Self { action, agent: Agent::parse(&agent)?, api, auth, dtmf })
    }
}

/// A duration as Go writes it, with one unit: `100ms`, `2s`.
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.find(|c: char| !c.is_ascii_digit())?)?;
    let number = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("100ms"), Some(Duration::from_millis(100)));
        assert_eq!(duration("2s"), Some(Duration::from_secs(2)));
        for text in ["", "100", "ms", "1.5s", "2h"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
