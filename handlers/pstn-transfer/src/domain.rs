//! The addresses of the service: a scheme and a host, nothing else.

use handler_common::Failure;

/// Where an address may lie without anybody saying so.
const HOSTS: [&str; 2] = [".cresta.com", ".cresta.ai"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    base: String,
    host: String,
}

impl Domain {
    /// Reads an address or a host, which gets `https://`. Plain HTTP is for this machine only.
    pub fn parse(setting: &str, text: &str) -> Result<Self, Failure> {
        let refused = |why: &str| Err(Failure::Configuration(format!("`{setting}` {why}")));
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
        let is_name = !host.is_empty()
            && !host.contains("..")
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        if !is_name || port.parse::<u16>().is_err() {
            return refused("is no address with a host alone: no path, query, fragment or user name");
        }
        match scheme {
            "https" => {}
            "http" if is_local(host) => {}
            _ => return refused("has to begin with `https://`"),
        }
        Ok(Self { base: format!("{scheme}://{authority}"), host: host.to_ascii_lowercase() })
    }

    /// Whether credentials may be sent there: a host of the service, one that the operator names, or this machine where
    /// the operator allows it.
    pub fn is_allowed(&self, configured: &[String]) -> bool {
        HOSTS.iter().any(|suffix| self.host.ends_with(suffix)) || configured.contains(&self.host)
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// The region in the name of a host of the service: what stands between `api.` or `api-` and the domain.
    pub fn region(&self) -> Option<&str> {
        let name = HOSTS.iter().find_map(|suffix| self.host.strip_suffix(suffix))?;
        name.strip_prefix("api.").or_else(|| name.strip_prefix("api-")).filter(|region| !region.is_empty())
    }
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// The service's own address in a region.
pub fn api_of(region: &str) -> String {
    let domain = if region.ends_with("-prod") { "com" } else { "ai" };
    format!("https://api.{region}.cresta.{domain}")
}

/// The address in a region that gives out tokens. Two regions share that of a third.
pub fn auth_of(region: &str) -> String {
    let region = if ["chat-prod", "voice-prod"].contains(&region) { "us-west-2-prod" } else { region };
    format!("https://auth.{region}.cresta.ai")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_and_a_host() {
        let base = |text: &str| Domain::parse("apiDomain", text).ok().map(|domain| domain.base().to_owned());
        assert_eq!(base("api.example.com").as_deref(), Some("https://api.example.com"));
        assert_eq!(base("https://api.example.com/").as_deref(), Some("https://api.example.com"));
        assert_eq!(base("http://127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(base("http://localhost").as_deref(), Some("http://localhost"));
        let refused = [
            "",
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://api.example.com",
            "https://api.example.com/path",
            "https://api.example.com?query",
            "https://api.example.com#fragment",
            "https://user@api.example.com",
            "https://api..example.com",
            "https://api.example.com:port",
            "https://api.example.com\\@other.example",
            "api.example.com\r\nx: y",
        ];
        for text in refused {
            assert_eq!(base(text), None, "{text}");
        }
    }

    #[test]
    fn the_region_is_in_the_name() {
        let region = |text: &str| Domain::parse("apiDomain", text).unwrap().region().map(str::to_owned);
        assert_eq!(region("https://api.us-west-2-prod.cresta.com").as_deref(), Some("us-west-2-prod"));
        assert_eq!(region("api-acme-main.cresta.com").as_deref(), Some("acme-main"));
        assert_eq!(region("api.eu-staging.cresta.ai").as_deref(), Some("eu-staging"));
        assert_eq!(region("voice.example.com"), None);
        assert_eq!(region("auth.us.cresta.ai"), None);
    }

    #[test]
    fn regions_have_their_addresses() {
        assert_eq!(api_of("us-west-2-prod"), "https://api.us-west-2-prod.cresta.com");
        assert_eq!(api_of("us-west-2-staging"), "https://api.us-west-2-staging.cresta.ai");
        assert_eq!(auth_of("eu-prod"), "https://auth.eu-prod.cresta.ai");
        assert_eq!(auth_of("voice-prod"), "https://auth.us-west-2-prod.cresta.ai");
        assert_eq!(auth_of("chat-prod"), "https://auth.us-west-2-prod.cresta.ai");
    }

    #[test]
    fn hosts_that_only_look_alike_are_not_allowed() {
        let is_allowed =
            |text: &str| Domain::parse("apiDomain", text).unwrap().is_allowed(&["ours.example".to_owned()]);
        assert!(is_allowed("api.us-west-2-prod.cresta.com"));
        assert!(is_allowed("OURS.example"));
        for text in ["cresta.com.example", "evilcresta.com", "api.example.com", "sub.ours.example", "localhost"] {
            assert!(!is_allowed(text), "{text}");
        }
    }
}
