//! Keeps what belongs to customers out of logs, twice over: values are shown masked, and every line is scrubbed.

use std::fmt;

/// Digits in a row that are taken for a telephone number. Times and counts are shorter.
const DIGITS_MIN: usize = 7;

/// Words after which comes a credential.
const SCHEMES: [&str; 3] = ["Bearer ", "Basic ", "ApiKey "];

/// A text of which only the end is shown, enough to compare two log lines.
pub struct Masked<'a>(pub &'a str);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.char_indices().rev().nth(1).filter(|_| self.0.chars().count() > 6);
        write!(out, "***{}", end.and_then(|(at, _)| self.0.get(at..)).unwrap_or_default())
    }
}

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// A line without long runs of digits, e-mail addresses and credentials: for what slips past [`Masked`], such as another
/// service's error text.
pub fn scrub(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some(scheme) = SCHEMES.iter().find(|scheme| rest.starts_with(**scheme)) {
            clean.push_str(scheme);
            clean.push_str("***");
            let (_, after) = split(rest.get(scheme.len()..).unwrap_or_default(), |c| c.is_ascii_graphic() && c != '"');
            rest = after;
            continue;
        }
        let (word, after) = split(rest, |c| c.is_ascii_alphanumeric() || "+._%-@".contains(c));
        if word.is_empty() {
            clean.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let is_address = word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if is_uuid(word) {
            // Contacts and requests are told apart by these; they say nothing about anybody.
            clean.push_str(word);
            rest = after;
            continue;
        }
        clean.push_str(&if is_address { "***@***".to_owned() } else { without_numbers(word) });
        rest = after;
    }
    clean
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn is_uuid(word: &str) -> bool {
    word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn without_numbers(word: &str) -> String {
    let mut clean = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let (digits, after) = split(rest, |c| c.is_ascii_digit());
        match digits.len() {
            0 => {
                clean.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
            length => {
                clean.push_str(if length < DIGITS_MIN { digits } else { "***" });
                rest = after;
            }
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_text_the_end_is_shown_and_of_a_short_one_nothing() {
        assert_eq!(Masked("+17182345678").to_string(), "***78");
        assert_eq!(Masked("123456").to_string(), "***");
        assert_eq!(Masked("").to_string(), "***");
        assert_eq!(Masked("sesame ülö").to_string(), "***lö");
    }

    #[test]
    fn numbers_addresses_and_credentials_leave_a_line() {
        let cases = [
            (r#"{"from":"+17182345678"}"#, r#"{"from":"+***"}"#),
            ("mail to jo.doe+x@mail.example.com, please", "mail to ***@***, please"),
            ("Authorization: Bearer abc.def-ghi= more", "Authorization: Bearer *** more"),
            (r#""Basic Zm9vOmJhcg==""#, r#""Basic ***""#),
            ("at 2026-11-21T05:05:14.123456Z, 32768 bytes", "at 2026-11-21T05:05:14.123456Z, 32768 bytes"),
            ("11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-555555555555"),
            ("größe 12345678ü", "größe ***ü"),
        ];
        for (line, expected) in cases {
            assert_eq!(scrub(line), expected);
        }
    }
}
