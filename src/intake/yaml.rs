//! YAML as values with places, as far as templates need it: short tags become the functions they stand for, and aliases
//! what they name. Nesting and the size that aliases unfold to are bounded.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::diagnostics::{Diagnostic, codes};
use crate::json::{self, Json, Member, Node};
use crate::source::limits::{NESTING_MAX, SOURCE_BYTES_MAX};
use crate::source::{Source, SourceId, Span, Spanned};

/// What anchors and aliases may add to a text, in bytes: as much again as a text may have. Templates that use them at all
/// repeat a list of tags or two.
const UNFOLDED_MAX: usize = SOURCE_BYTES_MAX;
/// What a value counts besides its text.
const VALUE_BYTES: usize = 16;

/// Reads all documents of a text.
pub fn documents(source: &Source) -> Result<Vec<Json>, Box<Diagnostic>> {
    json::fits(source)?;
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let mut builder = Builder {
        source: source.id,
        places: Places::new(text, source.text.len() - text.len()),
        documents: Vec::new(),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        unfolded: 0,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                let span = builder.span(span);
                builder.event(event, span)?;
            }
            Err(error) => {
                let at = builder.places.byte(error.marker().index());
                let span = Span::new(source.id, at, at);
                return Err(Box::new(
                    Diagnostic::new(codes::NOT_JSON, span, format!("this is not YAML: {}", error.info()))
                        .label("here")
                        .help("mend the template, or give the flow itself"),
                ));
            }
        }
    }
    Ok(builder.documents)
}

/// A list or mapping that is being read.
struct Open {
    anchor: usize,
    tag: Option<String>,
    span: Span,
    content: Content,
}

enum Content {
    List(Vec<Json>),
    /// The members so far, and the key whose value comes next.
    Mapping(Vec<Member>, Option<Spanned<String>>),
}

struct Builder {
    source: SourceId,
    places: Places,
    documents: Vec<Json>,
    open: Vec<Open>,
    /// What aliases may name, with its size.
    anchors: BTreeMap<usize, (Json, usize)>,
    unfolded: usize,
}

impl Builder {
    fn span(&self, span: saphyr_parser::Span) -> Span {
        Span::new(self.source, self.places.byte(span.start.index()), self.places.byte(span.end.index()))
    }

    fn event(&mut self, event: Event, span: Span) -> Result<(), Box<Diagnostic>> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = if style == ScalarStyle::Plain && tag.is_none() { plain(&text) } else { None };
                let json = Json { node: node.unwrap_or_else(|| Node::Text(text.into_owned())), span };
                self.closed(json, anchor, tag.as_deref().and_then(short))
            }
            Event::SequenceStart(anchor, tag) => {
                self.opened(anchor, tag.as_deref().and_then(short), span, Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.opened(anchor, tag.as_deref().and_then(short), span, Content::Mapping(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let node = match open.content {
                    Content::List(items) => Node::List(items),
                    Content::Mapping(members, _) => Node::Object(members),
                };
                self.closed(Json { node, span: open.span.to(span) }, open.anchor, open.tag)
            }
            Event::Alias(anchor) => {
                // An alias inside what it names has nothing to stand for.
                let (json, size) =
                    self.anchors.get(&anchor).cloned().unwrap_or((Json { node: Node::Null, span }, VALUE_BYTES));
                self.unfold(size, span)?;
                self.closed(json, 0, None)
            }
            _ => Ok(()),
        }
    }

    fn opened(
        &mut self,
        anchor: usize,
        tag: Option<String>,
        span: Span,
        content: Content,
    ) -> Result<(), Box<Diagnostic>> {
        if self.open.len() >= NESTING_MAX {
            return Err(Box::new(
                Diagnostic::new(codes::TOO_DEEP, span.head(), "this YAML is nested too deep")
                    .label("deeper than the compiler follows")
                    .help("no template is nested like this; is it the right file?"),
            ));
        }
        self.open.push(Open { anchor, tag, span, content });
        Ok(())
    }

    /// Counts what comes into being without standing in the text.
    fn unfold(&mut self, size: usize, span: Span) -> Result<(), Box<Diagnostic>> {
        self.unfolded = self.unfolded.saturating_add(size);
        if self.unfolded <= UNFOLDED_MAX {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::new(codes::TOO_LARGE, span.head(), "the aliases of this template unfold too far")
                .label(format!("beyond {} MiB", UNFOLDED_MAX >> 20))
                .help("no template with flows is written like this; is it the right file?"),
        ))
    }

    /// A value is complete: it goes to what is open, or is a document.
    fn closed(&mut self, json: Json, anchor: usize, tag: Option<String>) -> Result<(), Box<Diagnostic>> {
        let span = json.span;
        let json = match tag {
            Some(function) => {
                Json { node: Node::Object(vec![Member { name: Spanned::new(function, span), value: json }]), span }
            }
            None => json,
        };
        if anchor > 0 {
            let size = size(&json);
            self.unfold(size, span)?;
            self.anchors.insert(anchor, (json.clone(), size));
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.documents.push(json),
            Some(Content::List(items)) => items.push(json),
            Some(Content::Mapping(members, key)) => match key.take() {
                Some(name) => members.push(Member { name, value: json }),
                // Keys that are no scalars are nothing that a template has.
                None => *key = Some(Spanned::new(scalar(json.node), span)),
            },
        }
        Ok(())
    }
}

fn scalar(node: Node) -> String {
    match node {
        Node::Text(text) | Node::Number(text) => text,
        Node::Bool(value) => value.to_string(),
        Node::Null | Node::List(_) | Node::Object(_) => String::new(),
    }
}

fn size(json: &Json) -> usize {
    VALUE_BYTES
        + match &json.node {
            Node::Text(text) | Node::Number(text) => text.len(),
            Node::List(items) => items.iter().map(size).sum(),
            Node::Object(members) => members.iter().map(|member| member.name.value.len() + size(&member.value)).sum(),
            Node::Null | Node::Bool(_) => 0,
        }
}

/// The function behind a short tag: `!Sub` is `Fn::Sub`, while `!Ref` and `!Condition` are themselves.
fn short(tag: &Tag) -> Option<String> {
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        ("!", name @ ("Ref" | "Condition")) => Some(name.to_owned()),
        ("!", name) if !name.is_empty() => Some(format!("Fn::{name}")),
        _ => None,
    }
}

/// What a plain scalar means besides a text.
fn plain(text: &str) -> Option<Node> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Node::Null),
        "true" | "True" | "TRUE" => Some(Node::Bool(true)),
        "false" | "False" | "FALSE" => Some(Node::Bool(false)),
        _ => {
            let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
                && serde_json::from_str::<serde_json::Number>(text).is_ok();
            is_number.then(|| Node::Number(text.to_owned()))
        }
    }
}

/// From the parser's places, which count characters, to ours, which count bytes.
struct Places {
    /// Where each character begins; nothing where all characters are one byte.
    bytes: Vec<u32>,
    offset: usize,
}

impl Places {
    fn new(text: &str, offset: usize) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            let ends = std::iter::once(text.len());
            text.char_indices().map(|(at, _)| at).chain(ends).filter_map(|at| u32::try_from(at).ok()).collect()
        };
        Self { bytes, offset }
    }

    fn byte(&self, character: usize) -> usize {
        let at = if self.bytes.is_empty() {
            character
        } else {
            self.bytes.get(character).or(self.bytes.last()).map_or(character, |at| *at as usize)
        };
        (at + self.offset).min(SOURCE_BYTES_MAX)
    }
}
