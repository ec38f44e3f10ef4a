//! What to say about a line that fits no rule. The grammar only tells that it does not fit; here the line is held against
//! its rule once more, alone, to find where it goes wrong and what would fit there.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

use super::parser::{FlowParser, Rule};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{Source, Span};

/// Where a junk line stands, which decides what it should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Line,
    Clause,
    Entry,
    TopLevel,
}

pub(super) fn junk(source: &Source, span: Span, place: Place) -> Diagnostic {
    let raw = source.slice(span);
    let text = raw.trim_end();
    let span = Span { end: span.start + u32::try_from(text.len()).unwrap_or(0), ..span };
    if let Some(offset) = unclosed_quote(text) {
        let at = Span::new(source.id, span.start as usize + offset, span.start as usize + offset + 1);
        return Diagnostic::new(codes::UNCLOSED, at, "this text is never closed").label("opens here").help(
            "close it with `\"` on the same line; a text over several lines stands between `\"\"\"` and `\"\"\"`",
        );
    }
    let first_line = text.lines().next().unwrap_or_default();
    let whole = Span::new(source.id, span.start as usize, span.start as usize + first_line.len());
    let rule = match place {
        Place::Line => Rule::lone_line,
        Place::Clause => Rule::lone_clause,
        Place::Entry => Rule::lone_entry,
        Place::TopLevel => Rule::file,
    };
    let (offset, expected) = match FlowParser::parse(rule, text) {
        Ok(_) => (0, Vec::new()),
        Err(error) => {
            let offset = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let expected = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            (offset, expected)
        }
    };
    let message = match place {
        Place::Line => "this line cannot be understood",
        Place::Clause => "this clause cannot be understood",
        Place::Entry => "this assignment cannot be understood",
        Place::TopLevel => "this is not a flow, a module or a fragment",
    };
    let help = match place {
        Place::Line => {
            "a line is a sentence such as `say \"Hello\"`, an arrow `-> step`, `if`, `match`, `repeat` or `set`"
        }
        Place::Clause => "a clause is a pattern and where it goes: `1 -> sales`, `timeout, else { .. }`",
        Place::Entry => "write `$.Attributes.name = \"value\"`, one to a line",
        Place::TopLevel => {
            "a file holds declarations: `inbound flow Name { .. }`, `module Name (..) { .. }`, `fragment name { .. }`"
        }
    };
    if place == Place::TopLevel {
        let help = if first_line.starts_with("flow ") {
            "a flow begins with its type, as in `inbound flow Name { .. }`"
        } else {
            help
        };
        return Diagnostic::new(codes::SYNTAX, whole, message).help(help);
    }
    if text.get(offset..).is_none_or(|rest| rest.is_empty() || rest.starts_with('\n')) {
        // What is missing at the end of a line is shown behind its last word.
        let end = span.start as usize + text.get(..offset).unwrap_or(text).trim_end().len();
        let label = expected_words(&expected);
        return Diagnostic::new(codes::SYNTAX, Span::new(source.id, end, end), message).label(label).help(help);
    }
    let start = span.start as usize + offset;
    let is_equals = text.get(offset..).is_some_and(|rest| rest.starts_with('=') && !rest.starts_with("=="));
    let help = if is_equals && expected.contains(&Rule::operator) {
        "`==` compares; a single `=` stands only behind `set`"
    } else if expected_words(&expected) == "expected a condition" {
        "a condition compares: `if $.Attributes.tier == \"gold\" { .. }`"
    } else if text.get(offset..).is_some_and(|rest| rest.starts_with("=>")) {
        "arrows are written `->`"
    } else if place == Place::Line && text.get(offset..).is_some_and(|rest| rest.starts_with("->")) {
        "an arrow stands on a line of its own, or behind a pattern in braces: `{ error -> sorry }`"
    } else {
        help
    };
    let len = text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Diagnostic::new(codes::SYNTAX, Span::new(source.id, start, start + len), message)
        .label(expected_words(&expected))
        .help(help)
}

/// In the text of a body that is never closed: the brace that is likely to be the reason, and the one that closes it in
/// spite of standing further to the left. People indent by what they mean.
pub(super) fn misplaced_brace(text: &str) -> Option<(usize, usize)> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let mut quoted = false;
        let mut before = ' ';
        for (offset, character) in line.char_indices() {
            match character {
                '"' if before != '\\' => quoted = !quoted,
                '/' if before == '/' && !quoted => break,
                // The first line begins with the body's own brace, in the middle of a line.
                '{' if !quoted && index > 0 => open.push((at + offset, indent)),
                '}' if !quoted => match open.pop() {
                    Some((opens, opener)) if offset == indent && opener > indent => return Some((opens, at + offset)),
                    _ => {}
                },
                _ => {}
            }
            before = character;
        }
        at += line.len();
    }
    None
}

/// The place of a quote that no other closes on its line.
fn unclosed_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' if open.is_none() && bytes.get(at..at + 3) == Some(b"\"\"\"") => {
                match text.get(at + 3..).and_then(|rest| rest.find("\"\"\"")) {
                    Some(len) => at += len + 5,
                    None => return Some(at),
                }
            }
            b'"' => open = if open.is_some() { None } else { Some(at) },
            b'\\' if open.is_some() => at += 1,
            b'\n' if open.is_some() => return open,
            b'/' if open.is_none() && bytes.get(at + 1) == Some(&b'/') => {
                at = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |len| at + len);
            }
            _ => {}
        }
        at += 1;
    }
    open
}

/// More words than these are no advice.
const EXPECTED_MAX: usize = 4;

/// The parser's expectations in the language's words. Rules that begin others are left out.
fn expected_words(rules: &[Rule]) -> String {
    let mut words: Vec<&str> = rules
        .iter()
        .filter_map(|rule| {
            Some(match rule {
                Rule::arrow => "`->`",
                Rule::body | Rule::clauses => "`{`",
                Rule::text => "a text",
                Rule::reference => "a reference",
                Rule::quantity => "a number",
                Rule::word | Rule::name => "a word",
                Rule::operator => "a comparison such as `==`",
                Rule::equals => "`=`",
                Rule::settings | Rule::inputs | Rule::parameters => "`(`",
                Rule::setting => "a setting such as `timeout: 5s`",
                Rule::list => "`[`",
                Rule::condition | Rule::conjunction | Rule::negation | Rule::test => "a condition",
                Rule::pattern => "a pattern",
                Rule::EOI => "the end of the line",
                _ => return None,
            })
        })
        .collect();
    words.sort_unstable();
    words.dedup();
    // A line that begins with `if` can be read as a sentence as well, which is never meant.
    if rules.contains(&Rule::operator) {
        words.retain(|word| word.starts_with("a comparison"));
    }
    match words.as_slice() {
        // A list of everything that the language has helps nobody.
        [] => "does not fit here".to_owned(),
        [..] if words.len() > EXPECTED_MAX => "does not fit here".to_owned(),
        [one] => format!("expected {one}"),
        [rest @ .., last] => format!("expected {} or {last}", rest.join(", ")),
    }
}
