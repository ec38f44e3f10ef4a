//! What Twilio is told to do with a call.

use handler_common::settings;
use handler_common::world::Environment;

pub struct Twiml {
    voice: String,
    verbs: String,
}

impl Twiml {
    pub fn new(environment: &impl Environment) -> Self {
        let voice = settings::configured(environment, "SAY_VOICE").unwrap_or_else(|| "alice".to_owned());
        Self { voice: escaped(&voice), verbs: String::new() }
    }

    pub fn say(mut self, text: &str) -> Self {
        let verb = format!(r#"<Say voice="{}">{}</Say>"#, self.voice, escaped(text));
        self.verbs.push_str(&verb);
        self
    }

    /// Records for five seconds at most, and posts the recording.
    pub fn record(mut self, action: &str) -> Self {
        let verb = format!(r#"<Record action="{}" trim="do-not-trim" maxLength="5"/>"#, escaped(action));
        self.verbs.push_str(&verb);
        self
    }

    /// Dials a number with the caller's own as the caller's, and keys in digits once it is answered.
    pub fn dial(mut self, number: &str, caller: &str, digits: Option<&str>) -> Self {
        // Each w is half a second, in which the flow gets to its question.
        let keyed = digits.map(|digits| format!(r#" sendDigits="wwww{digits}""#)).unwrap_or_default();
        let verb =
            format!(r#"<Dial callerId="{}"><Number{keyed}>{}</Number></Dial>"#, escaped(caller), escaped(number));
        self.verbs.push_str(&verb);
        self
    }

    pub fn hang_up(mut self) -> Self {
        self.verbs.push_str("<Hangup/>");
        self
    }

    pub fn text(self) -> String {
        format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response>{}</Response>"#, self.verbs)
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // XML has no way to write the others.
            c if c.is_control() && !['\t', '\n'].contains(&c) => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_never_markup() {
        assert_eq!(escaped("<a b=\"c\">&'\u{0}\u{1b}</a>ü"), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;&lt;/a&gt;ü");
    }
}
