//! What the actions of a document are given.

use super::Reader;
use crate::catalogue::{Kind, Param, ResourceKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::paths::{self, Written};
use crate::flow::{Arg, Part, Parts, Text, Value, Word};
use crate::json::{Json, Member, Node, Path};
use crate::source::{Span, Spanned};
use crate::syntax::{Piece, pieces};

impl Reader {
    /// The members of an object. The catalogue's rows say which texts name resources, and decide nothing else.
    pub(super) fn arguments(&mut self, members: &[Member], params: &'static [Param], path: &Path) -> Vec<Arg> {
        let mut args: Vec<Arg> = Vec::with_capacity(members.len());
        for member in members {
            let name = &member.name;
            let kind = params.iter().find(|param| param.name == name.value).map(|param| &param.kind);
            let value = self.value(&member.value, kind, path);
            match args.iter_mut().find(|arg| arg.name.value == name.value) {
                None => args.push(Arg { name: key(name), value }),
                Some(before) => {
                    let place = path.key(&name.value);
                    self.diagnostics.push(
                        Diagnostic::new(codes::STRAY_PART, before.name.span, format!("`{place}` is there twice"))
                            .label("the last one counts")
                            .help("remove one of them"),
                    );
                    *before = Arg { name: key(name), value };
                }
            }
        }
        args
    }

    /// A text in parts; what there is to say of its references is said.
    fn text(&mut self, text: &str, span: Span) -> Text {
        let found = pieces(text);
        let is_whole = found.len() == 1;
        for piece in &found {
            let Piece::Path(written, reference) = piece else { continue };
            let steps: Vec<&str> = reference.steps.iter().map(ecow::EcoString::as_str).collect();
            let written = Written { text: written, span, is_exact: false, is_whole };
            self.diagnostics.extend(paths::problem(&steps, written));
        }
        Text { parts: parts(text), span }
    }

    fn value(&mut self, json: &Json, kind: Option<&'static Kind>, path: &Path) -> Value {
        let span = json.span;
        match &json.node {
            Node::Text(text) => Value::Text(self.text(text, span)),
            // The service takes a number for its digits, and nothing else is written there.
            Node::Number(digits) if kind.is_some_and(is_number) => Value::literal(digits.as_str(), span),
            Node::Null | Node::Bool(_) | Node::Number(_) => Value::Plain(json.plain(), span),
            Node::List(items) => {
                let kind = match kind {
                    Some(Kind::List(kind)) => Some(*kind),
                    _ => None,
                };
                Value::List(items.iter().map(|item| self.value(item, kind, path)).collect(), span)
            }
            Node::Object(members) => {
                let entries = match kind {
                    Some(Kind::Map { value, .. }) => members
                        .iter()
                        .map(|member| Arg {
                            name: key(&member.name),
                            value: self.value(&member.value, Some(*value), path),
                        })
                        .collect(),
                    kind => self.arguments(members, kind.map_or(&[][..], Kind::fields), path),
                };
                Value::Map(entries, span)
            }
        }
    }
}

/// Whether a parameter holds a number in a text.
fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Number { .. } | Kind::Duration { .. })
}

/// A text of a document in parts, as building the same text from source would leave it.
pub fn parts(text: &str) -> Parts {
    if let Some(resource) = placeholder(text) {
        return [resource].into();
    }
    let mut parts = Parts::new();
    for piece in pieces(text) {
        let part = match piece {
            Piece::Path(written, _) => Part::Path(written.into()),
            Piece::Plain(text) => Part::Literal(text.into()),
        };
        match (parts.last_mut(), part) {
            (Some(Part::Literal(before)), Part::Literal(more)) => before.push_str(&more),
            (_, part) => parts.push(part),
        }
    }
    parts
}

/// The resource that a build without an environment left a placeholder for: `${queue:Sales}`.
fn placeholder(text: &str) -> Option<Part> {
    let (kind, name) = text.strip_prefix("${")?.strip_suffix('}')?.split_once(':')?;
    let kind = ResourceKind::from_word(kind)?;
    (!name.is_empty() && !name.contains('}')).then(|| Part::Resource(kind, name.into()))
}

fn key(name: &Spanned<String>) -> Spanned<Word> {
    Spanned::new(name.value.clone().into(), name.span)
}

/// A text of the document and its place.
pub(super) fn spanned(json: &Json) -> Option<Spanned<&str>> {
    json.as_text().map(|text| Spanned::new(text, json.span))
}

/// Where something that is not there would stand.
pub(super) fn place(json: Option<&Json>, around: &Json) -> Span {
    json.map_or(around.span.head(), |json| json.span)
}
