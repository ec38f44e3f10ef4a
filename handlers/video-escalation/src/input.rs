//! What requests bring, read into types: nothing that a type does not name comes any further.

use handler_common::Failure;
use handler_common::web::WebRequest;
use handler_common::world::Random;
use serde::de::DeserializeOwned;

use crate::answer::{Problem, refused};

/// As long as Connect takes a name to show.
const NAME_MAX: usize = 256;

/// As long as an address can be.
const EMAIL_MAX: usize = 254;

/// The body, which has to be JSON and to say so.
pub fn body<T: DeserializeOwned>(request: &WebRequest) -> Result<T, Problem> {
    if request.content_type() != "application/json" {
        return Err(refused(415, "a body in JSON is expected"));
    }
    untyped_body(request)
}

/// The body of a request that may lack a content type, as those of the chat widget do.
pub fn untyped_body<T: DeserializeOwned>(request: &WebRequest) -> Result<T, Problem> {
    if !["", "application/json"].contains(&request.content_type().as_str()) {
        return Err(refused(415, "a body in JSON is expected"));
    }
    serde_json::from_slice(&request.body).map_err(|error| refused(400, wrong(&error)))
}

/// What is wrong with a body: the name of a field, and never its value.
fn wrong(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let telling = ["unknown field", "missing field", "duplicate field"];
    if error.is_data() && telling.iter().any(|begin| text.starts_with(begin)) {
        let end = text.rfind(" at line").unwrap_or(text.len());
        return format!("the body is not usable: {}", text.get(..end).unwrap_or_default());
    }
    let why = if error.is_data() { "a field is not of the type that it has to be" } else { "it is not JSON" };
    format!("the body is not usable: {why}")
}

/// A value of the query that has to be there.
pub fn query(request: &WebRequest, name: &str) -> Result<String, Problem> {
    request.query_value(name).ok_or_else(|| refused(400, format!("`{name}` is missing")))
}

/// The id of a meeting or an attendee, which becomes a part of keys and paths.
pub fn id(text: &str, name: &str) -> Result<String, Problem> {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (2..=64).contains(&text.len()) && text.bytes().all(is_legal) {
        return Ok(text.to_owned());
    }
    Err(refused(400, format!("`{name}` has to be 2 to 64 letters, digits, `-` and `_`")))
}

/// A text for people: something in one line.
pub fn name(text: &str, name: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > NAME_MAX || text.chars().any(char::is_control) {
        return Err(refused(400, format!("`{name}` has to be a line of 1 to {NAME_MAX} characters")));
    }
    Ok(text.to_owned())
}

/// An e-mail address as it is compared: without blanks around it, in lower case.
pub fn email(text: &str, name: &str) -> Result<String, Problem> {
    let text = text.trim().to_lowercase();
    let is_plain = !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.len() <= EMAIL_MAX;
    match text.split_once('@') {
        Some((local, host)) if is_plain && !local.is_empty() && !host.is_empty() && !host.contains('@') => Ok(text),
        _ => Err(refused(400, format!("`{name}` has to be an e-mail address"))),
    }
}

/// A random UUID, version 4.
pub fn uuid(random: &impl Random) -> Result<String, Failure> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    let number = u128::from_be_bytes(bytes);
    Ok(uuid_of(number))
}

/// The UUID of a number, of which the bits for version and variant are set.
pub fn uuid_of(number: u128) -> String {
    let number = number & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_case_and_blanks() {
        assert_eq!(email(" Jo.Doe@Example.COM ", "e").ok().as_deref(), Some("jo.doe@example.com"));
        for other in ["", "@", "a@", "@b", "a b@c", "a@b@c", "a\n@b", "a@b\u{0}"] {
            assert!(email(other, "e").is_err(), "{other:?}");
        }
    }

    #[test]
    fn ids_are_safe_in_keys_and_paths() {
        assert!(id("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", "i").is_ok());
        for other in ["", "a", "a/b", "a#b", "..", "a.b", "ä1", &"a".repeat(65)] {
            assert!(id(other, "i").is_err(), "{other:?}");
        }
    }

    #[test]
    fn a_uuid_says_its_version() {
        assert_eq!(uuid_of(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid_of(0), "00000000-0000-4000-8000-000000000000");
    }
}
