//! JSON texts with places: what was written, and where, so that a message about an exported flow can point into it.
//!
//! What `syntax` is to the language, this is to JSON: it knows no flow. The parser's own types stay in here. Numbers keep
//! their digits and objects the order of their keys; of a key that is written twice, both are there.

use std::ops::Range;

use jsonc_parser::ast as parsed;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::diagnostics::{Diagnostic, codes};
pub use crate::source::Path;
use crate::source::limits::SOURCE_BYTES_MAX;
use crate::source::{Source, SourceId, Span, Spanned};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    pub node: Node,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Null,
    Bool(bool),
    /// The digits as written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<Member>),
}

/// A key of an object and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub name: Spanned<String>,
    pub value: Json,
}

impl Json {
    pub fn as_text(&self) -> Option<&str> {
        if let Node::Text(text) = &self.node { Some(text) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Json]> {
        if let Node::List(items) = &self.node { Some(items) } else { None }
    }

    pub fn as_object(&self) -> Option<&[Member]> {
        if let Node::Object(members) = &self.node { Some(members) } else { None }
    }

    /// The value of a key, if this is an object that has it. Of two, the last one: so do readers of JSON.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object()?.iter().rev().find(|member| member.name.value == name).map(|member| &member.value)
    }

    /// The value at keys inside one another.
    pub fn at(&self, path: &[&str]) -> Option<&Json> {
        path.iter().try_fold(self, |json, name| json.get(name))
    }

    /// The text of a key.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// What kind of value it is, for messages.
    pub fn what(&self) -> &'static str {
        match &self.node {
            Node::Null => "null",
            Node::Bool(_) => "a boolean",
            Node::Number(_) => "a number",
            Node::Text(_) => "a string",
            Node::List(_) => "a list",
            Node::Object(_) => "an object",
        }
    }

    /// The value without places. A number that no JSON writer would write (`1.0e5000`) becomes its digits as a text.
    pub fn plain(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.node {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Number(digits) => digits.parse().map_or_else(|_| Value::String(digits.clone()), Value::Number),
            Node::Text(text) => Value::String(text.clone()),
            Node::List(items) => Value::Array(items.iter().map(Self::plain).collect()),
            Node::Object(members) => {
                Value::Object(members.iter().map(|member| (member.name.value.clone(), member.value.plain())).collect())
            }
        }
    }
}

/// Whether a text is meant as JSON: its first character that is not space opens an object or a list.
pub fn looks_like_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// Whether a text is small enough to be read at all.
pub fn fits(source: &Source) -> Result<(), Box<Diagnostic>> {
    if source.text.len() <= SOURCE_BYTES_MAX {
        return Ok(());
    }
    let (size, most) = (source.text.len() >> 20, SOURCE_BYTES_MAX >> 20);
    Err(Box::new(
        Diagnostic::new(
            codes::TOO_LARGE,
            Span::new(source.id, 0, 0),
            format!("this text has {size} MiB, and {most} are the most"),
        )
        .help("a flow has at most 256,000 characters; split what holds several of them"),
    ))
}

/// Reads a JSON text.
pub fn parse(source: &Source) -> Result<Json, Box<Diagnostic>> {
    fits(source)?;
    let mark = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    parse_part(source, mark..source.text.len())
}

/// Reads the JSON that stands in a part of a text.
pub fn parse_part(source: &Source, part: Range<usize>) -> Result<Json, Box<Diagnostic>> {
    let offset = part.start;
    let text = source.text.get(part).unwrap_or_default();
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match parse_to_ast(text, &CollectOptions::default(), &strict) {
        Ok(result) => match result.value {
            Some(value) => Ok(convert(value, Place { source: source.id, offset })),
            None => Err(Box::new(not_json(source.id, text, offset, 0..0, "there is nothing in it"))),
        },
        Err(error) => {
            let range = error.range();
            Err(Box::new(match error.kind() {
                ParseErrorKind::NestingDepthExceeded => {
                    let start = offset + range.start;
                    let span = Span::new(source.id, start, (offset + range.end).min(start + 1));
                    Diagnostic::new(codes::TOO_DEEP, span, "this JSON is nested too deep")
                        .label("deeper than the compiler follows")
                        .help("no flow is nested like this; is it the right file?")
                }
                kind => not_json(source.id, text, offset, range.start..range.end, &said(&kind.to_string())),
            }))
        }
    }
}

fn not_json(source: SourceId, text: &str, offset: usize, range: Range<usize>, why: &str) -> Diagnostic {
    // Where the text simply stops, what was left open is a long way up; its end is what to look at.
    let end = text.trim_end().len();
    let is_cut = range.end >= end;
    let span = if is_cut {
        Span::new(source, offset + end, offset + end)
    } else {
        let start = offset + range.start;
        let line = text.get(range).and_then(|text| text.lines().next()).map_or(0, str::len);
        Span::new(source, start, start + line.max(1))
    };
    let help = if is_cut {
        "the text seems to be cut off; export or copy it again, whole"
    } else {
        "export the flow again, or mend it in an editor that knows JSON"
    };
    Diagnostic::new(codes::NOT_JSON, span, format!("this is not JSON: {why}")).label("here").help(help)
}

/// The parser's words in the tone of all other messages.
fn said(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Where the text stands that was read.
#[derive(Clone, Copy)]
struct Place {
    source: SourceId,
    offset: usize,
}

fn convert(value: parsed::Value, place: Place) -> Json {
    let at = |range: jsonc_parser::common::Range| {
        Span::new(place.source, place.offset + range.start, place.offset + range.end)
    };
    match value {
        parsed::Value::NullKeyword(null) => Json { node: Node::Null, span: at(null.range) },
        parsed::Value::BooleanLit(boolean) => Json { node: Node::Bool(boolean.value), span: at(boolean.range) },
        parsed::Value::NumberLit(number) => {
            Json { node: Node::Number(number.value.to_owned()), span: at(number.range) }
        }
        parsed::Value::StringLit(text) => Json { node: Node::Text(text.value.into_owned()), span: at(text.range) },
        parsed::Value::Array(list) => Json {
            node: Node::List(list.elements.into_iter().map(|item| convert(item, place)).collect()),
            span: at(list.range),
        },
        parsed::Value::Object(object) => {
            let members = object.properties.into_iter().map(|property| {
                let span = match &property.name {
                    parsed::ObjectPropName::String(text) => at(text.range),
                    parsed::ObjectPropName::Word(word) => at(word.range),
                };
                Member { name: Spanned::new(property.name.into_string(), span), value: convert(property.value, place) }
            });
            Json { node: Node::Object(members.collect()), span: at(object.range) }
        }
    }
}

/// The path of the smallest value around a place, or of the key there; nothing where the place is in none of it.
pub fn path_at(json: &Json, span: Span) -> Option<Path> {
    let holds = |around: Span| around.source == span.source && around.start <= span.start && span.end <= around.end;
    let mut at = holds(json.span).then_some(json)?;
    let mut path = Path::default();
    loop {
        let (below, next) = match &at.node {
            Node::List(items) => {
                let found = items.iter().enumerate().find(|(_, item)| holds(item.span));
                let Some((index, item)) = found else { return Some(path) };
                (path.index(index), item)
            }
            Node::Object(members) => {
                let found = members.iter().find(|member| holds(member.name.span) || holds(member.value.span));
                let Some(member) = found else { return Some(path) };
                let below = path.key(&member.name.value);
                if holds(member.name.span) {
                    return Some(below);
                }
                (below, &member.value)
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => return Some(path),
        };
        (path, at) = (below, next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new(SourceId(0), "a.json", text)
    }

    #[test]
    fn everything_has_its_place_and_numbers_their_digits() {
        let source = source(r#"{"a": [1.50, "x\n"], "a": null}"#);
        let json = parse(&source).unwrap();
        let members = json.as_object().unwrap();
        assert_eq!(members.len(), 2);
        let list = members[0].value.as_list().unwrap();
        assert_eq!(list[0].node, Node::Number("1.50".into()));
        assert_eq!(source.slice(list[1].span), r#""x\n""#);
        assert_eq!(list[1].as_text(), Some("x\n"));
        assert_eq!(json.get("a").unwrap().node, Node::Null, "the last of two keys counts");
    }

    #[test]
    fn what_is_no_json_is_told_where() {
        for (text, code) in [
            ("", codes::NOT_JSON),
            ("{\"a\": 1", codes::NOT_JSON),
            ("{\"a\": tru}", codes::NOT_JSON),
            ("{'a': 1}", codes::NOT_JSON),
            ("{\"a\": 1,}", codes::NOT_JSON),
            ("{} {}", codes::NOT_JSON),
        ] {
            let problem = parse(&source(text)).unwrap_err();
            assert_eq!(problem.code, code, "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(parse(&source(&deep)).unwrap_err().code, codes::TOO_DEEP);
    }

    #[test]
    fn a_place_has_the_path_of_the_smallest_value_around_it() {
        let source = source(r#"{"Actions": [{}, {"Type": "A", "Parameters": {"my key": [1, 22]}}]}"#);
        let json = parse(&source).unwrap();
        let at = |part: &str| {
            let start = source.text.find(part).unwrap();
            path_at(&json, Span::new(source.id, start, start + part.len())).unwrap().to_string()
        };
        assert_eq!(at("22"), r#"Actions[1].Parameters["my key"][1]"#);
        assert_eq!(at("\"A\""), "Actions[1].Type");
        assert_eq!(at("\"Parameters\""), "Actions[1].Parameters", "a key has the path of its value");
        assert_eq!(at("[1, 2"), r#"Actions[1].Parameters["my key"]"#, "a place over two values is of what holds both");
        assert_eq!(at("{\"Actions\""), "the document");
        let head = source.text.find("{\"Type\"").unwrap();
        assert_eq!(path_at(&json, Span::new(source.id, head, head)).unwrap().to_string(), "Actions[1]");
        assert_eq!(path_at(&json, Span::new(SourceId(7), 0, 1)), None);
    }
}
