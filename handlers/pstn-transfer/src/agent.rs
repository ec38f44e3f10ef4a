//! The name of a virtual agent: `customers/{c}/profiles/{p}/virtualAgents/{id}`.

use handler_common::Failure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    path: String,
    profile: String,
}

impl Agent {
    /// Reads a name. Its parts become parts of an address, so they are letters, digits, hyphens and underscores.
    pub fn parse(name: &str) -> Result<Self, Failure> {
        let parts: Vec<&str> = name.split('/').collect();
        let ["customers", customer, "profiles", profile, "virtualAgents", agent] = parts.as_slice() else {
            let form = "`virtualAgentName` is not `customers/{c}/profiles/{p}/virtualAgents/{id}`";
            return Err(Failure::Configuration(form.to_owned()));
        };
        let is_plain = |part: &&str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        if ![customer, profile, agent].into_iter().all(is_plain) {
            let plain =
                "a part of `virtualAgentName` is empty, or has other characters than letters, digits, `-` and `_`";
            return Err(Failure::Configuration(plain.to_owned()));
        }
        Ok(Self { path: name.to_owned(), profile: format!("customers/{customer}/profiles/{profile}") })
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn profile(&self) -> &str {
        &self.profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_three_words_and_three_parts() {
        let agent = Agent::parse("customers/acme/profiles/main-1/virtualAgents/va_2").unwrap();
        assert_eq!(agent.path(), "customers/acme/profiles/main-1/virtualAgents/va_2");
        assert_eq!(agent.profile(), "customers/acme/profiles/main-1");
    }

    #[test]
    fn nothing_else_is_a_name() {
        let others = [
            "",
            "customers/a/profiles/b/virtualAgents",
            "customers/a/profiles/b/virtualAgents/c/d",
            "customer/a/profiles/b/virtualAgents/c",
            "customers/a/profile/b/virtualAgents/c",
            "customers/a/profiles/b/agents/c",
            "customers//profiles/b/virtualAgents/c",
            "customers/a/profiles/b/virtualAgents/",
            "customers/../profiles/b/virtualAgents/c",
            "customers/a/profiles/b/virtualAgents/c?x=1",
        ];
        for name in others {
            assert!(Agent::parse(name).is_err(), "{name}");
        }
    }
}
