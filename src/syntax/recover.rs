//! What to say about a line that fits no rule. The grammar only tells that it does not fit; here the line is held against
//! its rule once more, alone, to find where it goes wrong and what would fit there.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

use super::parser::{FlowParser, Rule};
use super::scan::{Token, Tokens};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{Source, Span};

/// Where a junk line stands, which decides what it should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Line,
    /// On the line of a closing brace.
    AfterChoice,
    AfterBody,
    /// Above a line or a declaration.
    Attributes,
    Clause,
    Entry,
    TopLevel,
}

/// `read` is what is held against the rule: what is wrong, or more where the rule begins earlier.
pub(super) fn junk(source: &Source, span: Span, read: Span, place: Place) -> Diagnostic {
    let span = Span { end: span.start + u32::try_from(source.slice(span).trim_end().len()).unwrap_or(0), ..span };
    let first_line = source.slice(span).lines().next().unwrap_or_default();
    let whole = Span::new(source.id, span.start as usize, span.start as usize + first_line.len());
    let text = source.slice(read).trim_end();
    let span = read;
    let rule = match place {
        Place::Line => Some(Rule::lone_line),
        Place::AfterChoice => Some(Rule::after_choice),
        Place::AfterBody => Some(Rule::after_body),
        Place::Clause => Some(Rule::lone_clause),
        Place::Entry => Some(Rule::lone_entry),
        Place::Attributes => Some(Rule::lone_attributes),
        // There is nothing to say about the words of what is no declaration.
        Place::TopLevel => None,
    };
    let (offset, expected) = match rule.map(|rule| FlowParser::parse(rule, text)) {
        None | Some(Ok(_)) => (0, Vec::new()),
        Some(Err(error)) => {
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
        Place::Line | Place::AfterChoice | Place::AfterBody => "this line cannot be understood",
        Place::Attributes => "this attribute cannot be understood",
        Place::Clause => "this clause cannot be understood",
        Place::Entry => "this assignment cannot be understood",
        Place::TopLevel => "this is not a flow, a module or a fragment",
    };
    let help = match place {
        Place::AfterChoice => {
            "after the brace stands `else { .. }`, `else if .. { .. }`, an arrow, or nothing; a line begins on a line of its own"
        }
        Place::AfterBody => "after the brace stands an arrow, or nothing; the next line begins on a line of its own",
        Place::Attributes => "an attribute has words and texts in its brackets: `@allow(unused-step, \"why\")`",
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
    let (mut line, mut indent, mut first_line) = (0, 0, true);
    for (token, range) in Tokens::new(text) {
        let at = range.start;
        match token {
            Token::Newline => {
                first_line = false;
                line = range.end;
                let rest = text.get(line..).unwrap_or_default();
                indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            }
            // The first line begins with the body's own brace, in the middle of a line.
            Token::Open(b'{') if !first_line => open.push((at, indent)),
            Token::Close(b'}') => match open.pop() {
                Some((opens, opener)) if at - line == indent && opener > indent => return Some((opens, at)),
                _ => {}
            },
            _ => {}
        }
    }
    None
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
