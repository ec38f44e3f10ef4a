//! What blocks are given: texts with references, lists, maps.

use std::borrow::Cow;

use ecow::EcoString;
use smallvec::{SmallVec, smallvec};

use crate::catalogue::{ActionSpec, Is, ResourceKind, Variant, When};
use crate::source::{Span, Spanned};

/// A name that the catalogue has, or one that the source gives. Nearly all are the catalogue's, and a project has hundreds
/// of thousands of them.
pub type Word = Cow<'static, str>;

/// A named value of a block, or a key of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Arg {
    pub name: Spanned<Word>,
    pub value: Value,
}

/// A value as the document will hold it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(Text),
    /// A JSON number, boolean or null: rare in parameters, where scalars are strings.
    Plain(serde_json::Value, Span),
    List(Vec<Value>, Span),
    Map(Vec<Arg>, Span),
}

impl Value {
    pub fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::Plain(_, span) | Self::List(_, span) | Self::Map(_, span) => *span,
        }
    }

    pub fn literal(text: impl Into<EcoString>, span: Span) -> Self {
        Self::Text(Text { parts: smallvec![Part::Literal(text.into())], span })
    }

    pub fn as_text(&self) -> Option<&Text> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The text, if nothing in it is decided later.
    pub fn as_literal(&self) -> Option<&str> {
        self.as_text().and_then(Text::as_literal)
    }
}

/// A text in parts.
#[derive(Debug, Clone)]
pub struct Text {
    pub parts: Parts,
    pub span: Span,
}

/// Texts are equal when they say the same.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

/// Most texts have one.
pub type Parts = SmallVec<[Part; 1]>;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Literal(EcoString),
    /// A reference that Connect resolves, as it stands in the document: `$.Queue.Name`.
    Path(EcoString),
    /// The address of a resource, which the build decides.
    Resource(ResourceKind, EcoString),
    /// The address of a resource, decided. Apart, because it is large, and most flows have none.
    Address(Box<Address>),
}

/// What a resource's name stands for in one environment. Whoever shows the flow shows the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub kind: ResourceKind,
    pub name: String,
    pub text: String,
}

impl Text {
    /// The text, if it is one literal. An empty text is one.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The reference, if it is one and nothing else.
    pub fn as_path(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Path(path)] => Some(path),
            _ => None,
        }
    }

    /// Whether it begins as a reference does: the service looks no further where it wants one.
    pub fn begins_with_path(&self) -> bool {
        match self.parts.first() {
            Some(Part::Path(_)) => true,
            Some(Part::Literal(text)) => text.starts_with("$."),
            _ => false,
        }
    }

    pub fn has_path(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Path(_)))
    }
}

/// Gives back what lists have room for beyond what they hold: most hold one element or two.
pub(super) fn tighten(args: &mut Vec<Arg>) {
    args.shrink_to_fit();
    for arg in args {
        tighten_value(&mut arg.value);
    }
}

fn tighten_value(value: &mut Value) {
    match value {
        Value::Text(text) => text.parts.shrink_to_fit(),
        Value::List(items, _) => {
            items.shrink_to_fit();
            items.iter_mut().for_each(tighten_value);
        }
        Value::Map(entries, _) => tighten(entries),
        Value::Plain(..) => {}
    }
}

/// The value at a dotted path.
pub(super) fn lookup<'a>(args: &'a [Arg], path: &str) -> Option<&'a Value> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let value = &args.iter().find(|arg| arg.name.value == name)?.value;
    match (rest, value) {
        (None, value) => Some(value),
        (Some(rest), value) => below(value, rest),
    }
}

/// The value at the rest of a path: a number is an element of a list.
fn below<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    match value {
        Value::Map(entries, _) => lookup(entries, path),
        Value::List(items, _) => {
            let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
            let item = items.get(step.parse::<usize>().ok()?)?;
            rest.map_or(Some(item), |rest| below(item, rest))
        }
        Value::Text(_) | Value::Plain(..) => None,
    }
}

/// Whether a condition on the arguments holds.
pub(crate) fn holds(when: &When, args: &[Arg]) -> bool {
    let value = lookup(args, when.param);
    // A JSON boolean means what its word means, however the service takes it.
    let is = |wanted: &str| match value {
        Some(Value::Plain(serde_json::Value::Bool(flag), _)) => {
            wanted.eq_ignore_ascii_case(if *flag { "true" } else { "false" })
        }
        value => value.and_then(Value::as_literal).is_some_and(|text| text.eq_ignore_ascii_case(wanted)),
    };
    match when.is {
        Is::Present => value.is_some(),
        Is::Absent => value.is_none(),
        Is::Equal(wanted) => is(wanted),
        Is::NotEqual(wanted) => !is(wanted),
        Is::OneOf(wanted) => wanted.iter().any(|wanted| is(wanted)),
        Is::Contains(wanted) => match value {
            Some(Value::List(items, _)) => items.iter().any(|item| item.as_literal() == Some(wanted)),
            _ => false,
        },
    }
}

/// Whether a value is what a sentence fixes: a text, a reference, or for the empty text a list without elements.
pub(crate) fn is_fixed(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Text(text) if wanted.starts_with("$.") => text.as_path() == Some(wanted),
        Value::List(items, _) => wanted.is_empty() && items.is_empty(),
        Value::Plain(serde_json::Value::Bool(flag), _) => wanted == if *flag { "true" } else { "false" },
        value => !wanted.is_empty() && value.as_literal() == Some(wanted),
    }
}

/// The variant that the arguments choose.
pub(crate) fn variant(row: &'static ActionSpec, args: &[Arg]) -> Option<&'static Variant> {
    row.variants.iter().find(|variant| variant.when.iter().all(|when| holds(when, args)))
}

/// Whether a resource is addressed rather than named: an ARN, an id, a telephone number, or a placeholder of a template
/// engine.
pub(crate) fn is_address(text: &str) -> bool {
    // A version or an alias may follow.
    let id = text.split(':').next().unwrap_or(text);
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let is_number = text.strip_prefix('+').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    is_uuid || is_number || text.starts_with("arn:") || is_template(text)
}

/// Whether a text holds a mark that a template engine replaces before the service sees it.
pub(crate) fn is_template(text: &str) -> bool {
    const MARKS: [(char, char); 3] = [('{', '}'), ('<', '>'), ('%', '%')];
    // Documents also lie in programs, as texts with parts between plus signs.
    const JOINS: [&str; 2] = ["' + ", "\" + "];
    JOINS.iter().any(|join| text.contains(join))
        || MARKS.iter().any(|(open, close)| {
            // `%%x%%` is one mark as `%x%` is: what is between the marks counts.
            text.split_once(*open)
                .is_some_and(|(_, rest)| rest.trim_start_matches(*open).find(*close).is_some_and(|end| end > 0))
        })
}
