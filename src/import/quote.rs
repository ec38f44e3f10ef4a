//! How values are written in the language: what must stand in quotes, and what must be escaped there.

use std::fmt::Write;

use serde_json::Number;

use crate::flow::{Part, Text};
use crate::source::is_hidden;
use crate::syntax::is_plain_word;

/// A name: as a word where it can be one.
pub(super) fn name(name: &str) -> String {
    if is_plain_word(name) { name.to_owned() } else { literal(name) }
}

/// A number. The language has no exponents, and a fraction stays one.
pub(super) fn number(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float}.0"),
        Some(float) if number.is_f64() => float.to_string(),
        _ => number.to_string(),
    }
}

/// A fixed text in quotes.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    escape(text, Place::Quoted, &mut out);
    out.push('"');
    out
}

/// An address that does not look like one.
pub(super) fn address(address: &str) -> String {
    format!("@{}", literal(address))
}

/// A text in quotes, with the references in it; of several lines, as a block.
pub(super) fn text(text: &Text, name_of: &dyn Fn(&Part) -> Option<String>) -> String {
    let lines = |part: &Part| if let Part::Literal(literal) = part { literal.matches('\n').count() } else { 0 };
    if text.parts.iter().map(lines).sum::<usize>() >= BLOCK_LINES_MIN
        && let Some(block) = block(text, name_of)
    {
        return block;
    }
    let mut out = String::from("\"");
    parts(text, Place::Quoted, name_of, &mut out);
    out.push('"');
    out
}

/// Line breaks from which on a text is easier to read over lines.
const BLOCK_LINES_MIN: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Quoted,
    Block,
}

fn parts(text: &Text, place: Place, name_of: &dyn Fn(&Part) -> Option<String>, out: &mut String) {
    for part in &text.parts {
        match part {
            Part::Literal(literal) => escape(literal, place, out),
            Part::Path(path) => out.push_str(path),
            Part::Address(address) => escape(&address.text, place, out),
            Part::Resource(..) => escape(&name_of(part).unwrap_or_default(), place, out),
        }
    }
}

/// A block string, if the text can be one as it is: blocks lose the indentation that all of their lines have, and editors
/// and formatters the spaces at the ends of lines.
fn block(text: &Text, name_of: &dyn Fn(&Part) -> Option<String>) -> Option<String> {
    let mut body = String::new();
    parts(text, Place::Block, name_of, &mut body);
    let mut lines = body.split('\n').filter(|line| !line.is_empty());
    let is_flush = lines.clone().any(|line| !line.starts_with([' ', '\t']));
    let is_trimmed = lines.all(|line| !line.ends_with([' ', '\t', '\r']));
    let ends = body.starts_with('\n') || body.ends_with('\n');
    (is_flush && is_trimmed && !ends).then(|| format!("\"\"\"\n{body}\n\"\"\""))
}

fn escape(text: &str, place: Place, out: &mut String) {
    for (at, character) in text.char_indices() {
        match character {
            // A block ends at three of them.
            '"' if place == Place::Block && !text.get(at + 1..).is_some_and(|rest| rest.starts_with('"')) => {
                out.push('"');
            }
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if place == Place::Quoted => out.push_str("\\n"),
            '\n' => out.push('\n'),
            '\t' => out.push_str("\\t"),
            '$' if text.get(at + 1..).is_some_and(begins_reference) => out.push_str("\\$"),
            hidden if is_hidden(hidden) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(hidden));
            }
            plain => out.push(plain),
        }
    }
}

/// Whether what follows a dollar sign makes a reference of it, or could with what comes next.
fn begins_reference(rest: &str) -> bool {
    rest.starts_with(|c: char| c == '.' || c == '_' || c.is_ascii_alphabetic()) || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::ResourceKind;
    use crate::flow::read::parts;
    use crate::source::Span;

    fn quoted(given: &str) -> String {
        text(&Text { parts: parts(given), span: Span::default() }, &|_| None)
    }

    #[test]
    fn texts_are_escaped_no_more_than_they_must_be() {
        assert_eq!(quoted("Hi, $.Attributes.name."), "\"Hi, $.Attributes.name.\"");
        assert_eq!(quoted("it is $5 or ${Price}"), "\"it is $5 or ${Price}\"");
        assert_eq!(quoted("say \"$x\" \\ \u{7}"), "\"say \\\"\\$x\\\" \\\\ \\u{7}\"");
        assert_eq!(name("Basic Queue"), "\"Basic Queue\"");
        assert_eq!(name("pstn-transfer"), "pstn-transfer");
    }

    #[test]
    fn names_in_texts_are_escaped_as_well() {
        let resource = Part::Resource(ResourceKind::Bot, "a \"b\" \0".into());
        let text = |parts| text(&Text { parts, span: Span::default() }, &|_| Some("${bot:a \"b\" \0}".to_owned()));
        assert_eq!(text([resource].into()), "\"${bot:a \\\"b\\\" \\u{0}}\"");
    }

    #[test]
    fn numbers_have_no_exponent() {
        let spelled = |digits: &str| number(&digits.parse().unwrap());
        assert_eq!(
            ["5", "-7", "1.5", "5.0", "1e3", "-1.5e-7"].map(spelled),
            ["5", "-7", "1.5", "5.0", "1000.0", "-0.00000015"]
        );
        assert_eq!(spelled("18446744073709551615"), "18446744073709551615");
    }

    #[test]
    fn several_lines_are_a_block_where_nothing_would_be_lost() {
        assert_eq!(quoted("<speak>\n  Hi.\n</speak>"), "\"\"\"\n<speak>\n  Hi.\n</speak>\n\"\"\"");
        assert_eq!(quoted("  a\n  b"), "\"  a\\n  b\"");
        assert_eq!(quoted("a \nb"), "\"a \\nb\"");
        assert_eq!(quoted("a\n"), "\"a\\n\"");
    }
}
