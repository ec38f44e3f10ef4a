//! `JUnit`'s report of tests, which most build servers show: a case for each finding.

use std::fmt::Write as _;

use super::{Entry, Places};
use crate::diagnostics::Level;
use crate::source::shown;

pub(super) fn report(entries: &[Entry], places: &Places) -> String {
    let failures = entries.iter().filter(|entry| entry.diagnostic.level() == Level::Error).count();
    let count = entries.len();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"flowc lint\" tests=\"{count}\" failures=\"{failures}\">\n"
    );
    for entry in entries {
        case(entry, places, &mut text);
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn case(entry: &Entry, places: &Places, text: &mut String) {
    let diagnostic = entry.diagnostic;
    let place = places.of(diagnostic.primary.span);
    let (path, line) = place.map_or(("", 1), |place| (place.path, place.start.line));
    let (name, file) = (escaped(diagnostic.code.id()), escaped(path));
    let said = escaped(&format!("{path}:{line}: {}", diagnostic.message_with_path()));
    let help = escaped(diagnostic.help.as_deref().unwrap_or_default());
    // Writing to a string cannot fail.
    let _ = writeln!(text, "    <testcase name=\"{name}:{line}\" classname=\"{file}\">");
    let _ = match diagnostic.level() {
        Level::Error => writeln!(text, "      <failure message=\"{said}\" type=\"{name}\">{help}</failure>"),
        Level::Note | Level::Warning => writeln!(text, "      <system-out>{said}\n{help}</system-out>"),
    };
    text.push_str("    </testcase>\n");
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in shown(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no place for these, not even as entities.
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            letter => escaped.push(letter),
        }
    }
    escaped
}
