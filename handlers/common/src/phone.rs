//! Telephone numbers in the form that Connect, Twilio and the stores agree on.

use std::fmt;

use crate::mask::Masked;

/// Does now what the first number would wait for: the parser reads its tables, a tenth of a second of work. Before the first
/// event the platform gives a program more of its processor than with it.
pub fn prepare() {
    let _ = E164::parse("+12065550100");
}

/// A number in E.164: a plus sign, the country's code, the rest; digits only.
///
/// It shows itself masked, so that a log line cannot give it away by accident; `as_str` is the number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct E164 {
    text: String,
    country: u16,
}

impl E164 {
    /// Reads a number that is in E.164 already. Words such as "anonymous", local forms and numbers that no country's
    /// plan has room for are none. Whether a number is given out is not asked: plans change faster than this code.
    pub fn parse(text: &str) -> Option<Self> {
        // The longest number has 15 digits; asking first keeps the parser from seeing anything odd.
        let digits = text.strip_prefix('+')?;
        if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = phonenumber::parse(None, text).ok()?;
        let written = number.format().mode(phonenumber::Mode::E164).to_string();
        (written == text).then(|| Self { text: written, country: number.code().value() })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The ten digits of a number of the North American plan: +1, then an area code and an exchange that may begin
    /// with 2 to 9.
    pub fn north_american(&self) -> Option<&str> {
        let digits = self.text.strip_prefix("+1").filter(|_| self.country == 1)?;
        let begins = |at: usize| digits.as_bytes().get(at).is_some_and(|digit| (b'2'..=b'9').contains(digit));
        (digits.len() == 10 && begins(0) && begins(3)).then_some(digits)
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Masked(&self.text).fmt(out)
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Masked(&self.text).fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_the_form_are_read() {
        for text in ["+17182345678", "+442071838750", "+15554449999", "+4930901820", "+8613812345678"] {
            assert_eq!(E164::parse(text).map(|number| number.text), Some(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn nothing_else_is() {
        let others = [
            "",
            "+",
            "anonymous",
            "7182345678",
            "+1 718 234 5678",
            "+1-718-234-5678",
            "+1718FLOWERS",
            "+99912345678",
            "+1718234567812345",
            "+17182345678;ext=5",
            " +17182345678",
            "sip:someone@example.com",
            "+١٧١٨٢٣٤٥٦٧٨",
        ];
        for text in others {
            assert_eq!(E164::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_north_american_plan_is_known() {
        let digits = |text: &str| E164::parse(text).and_then(|number| number.north_american().map(str::to_owned));
        assert_eq!(digits("+17182345678").as_deref(), Some("7182345678"));
        assert_eq!(digits("+442071838750"), None);
        assert_eq!(digits("+11182345678"), None);
    }

    #[test]
    fn a_number_shows_itself_masked() {
        let number = E164::parse("+17182345678").unwrap();
        assert_eq!(format!("{number} {number:?}"), "***78 ***78");
    }
}
