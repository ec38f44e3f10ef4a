//! The tree of a source file: what was written, with the place of everything. It knows no action and no Connect.

use ecow::EcoString;

use crate::source::{Span, Spanned};

/// A word or text that names something.
pub type Name = Spanned<EcoString>;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    pub declarations: Vec<Declaration>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Declaration {
    Flow(FlowDeclaration),
    Module(ModuleDeclaration),
    Fragment(FragmentDeclaration),
}

impl Declaration {
    pub fn span(&self) -> Span {
        match self {
            Self::Flow(flow) => flow.head.span.span,
            Self::Module(module) => module.head.span.span,
            Self::Fragment(fragment) => fragment.head.span.span,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct FlowDeclaration {
    pub head: Head,
    /// `inbound`, `customer queue`, ..: the words before `flow`.
    pub flow_type: Name,
    pub channels: Vec<Name>,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ModuleDeclaration {
    pub head: Head,
    pub inputs: Vec<Typed>,
    pub branches: Vec<Name>,
    pub returns: Vec<Typed>,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FragmentDeclaration {
    pub head: Head,
    pub parameters: Vec<Name>,
    pub body: Body,
}

/// What all declarations begin with.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub doc: Option<String>,
    pub attributes: Vec<Attribute>,
    pub name: Name,
    /// From the first word of the declaration (attributes aside) to its closing brace.
    pub span: Spanned<()>,
}

/// `name: type` in a module's contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    pub name: Name,
    pub kind: Name,
}

/// `@name(value, ..)` above a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub name: Name,
    pub values: Vec<AttributeValue>,
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum AttributeValue {
    Word(Name),
    Text(Text),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    pub lines: Vec<Line>,
    /// Whether its closing brace is there.
    pub closed: bool,
    /// With the braces.
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    Handler(Handler),
    Step(Step),
    Statement(Statement),
}

impl Line {
    pub fn span(&self) -> Span {
        match self {
            Self::Handler(handler) => handler.span.span,
            Self::Step(step) => step.span.span,
            Self::Statement(statement) => statement.span.span,
        }
    }
}

/// `on error -> target` or `on error { .. }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Handler {
    pub branch: Branch,
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub doc: Option<String>,
    pub attributes: Vec<Attribute>,
    pub name: Name,
    pub body: Body,
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub doc: Option<String>,
    pub attributes: Vec<Attribute>,
    pub kind: StatementKind,
    /// From the first word (attributes aside) to the end, clauses included.
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    Jump(Name),
    Choice(Choice),
    Repeat {
        count: Value,
        body: Body,
    },
    Raw(Raw),
    Use {
        fragment: Name,
        arguments: Vec<Setting>,
        arguments_span: Option<Spanned<()>>,
    },
    Set(Assignments),
    Sentence(Sentence),
    /// A line that could not be understood; it has been reported.
    Broken,
}

/// `if .. { .. } else if .. { .. } else { .. }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub arms: Vec<(Condition, Body)>,
    pub otherwise: Option<Body>,
}

/// `do Type (..) { .. }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    pub action: Name,
    /// Whether the type was quoted: then nothing is known of it, and nothing is checked.
    pub quoted: bool,
    pub settings: Vec<Setting>,
    pub clauses: Option<Clauses>,
}

/// `set reference = value`, or several in braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignments {
    pub block: bool,
    pub entries: Vec<Entry>,
    pub clauses: Option<Clauses>,
    /// `set` and what it sets, without the clauses.
    pub head: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub target: Reference,
    pub value: Value,
    pub span: Spanned<()>,
}

/// Words, values and settings in a row, and the clauses behind them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    pub parts: Vec<Part>,
    pub clauses: Option<Clauses>,
    /// The row without the clauses.
    pub head: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Word(Name),
    Value(Value),
    Settings(Vec<Setting>, Spanned<()>),
    Comma(Spanned<()>),
}

impl Part {
    pub fn span(&self) -> Span {
        match self {
            Self::Word(word) => word.span,
            Self::Value(value) => value.span(),
            Self::Settings(_, span) | Self::Comma(span) => span.span,
        }
    }
}

/// `name: value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub name: Name,
    pub quoted: bool,
    pub value: Value,
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Clauses {
    pub clauses: Vec<Clause>,
    /// Whether a clause could not be understood, so that what seems to be missing may stand there.
    pub broken: bool,
    /// With the braces.
    pub span: Spanned<()>,
}

/// `pattern, pattern -> target` or `pattern { .. }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    pub patterns: Vec<Pattern>,
    pub branch: Branch,
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    pub kind: PatternKind,
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PatternKind {
    Word(EcoString),
    Text(Text),
    Quantity(Quantity),
    Key(char),
    Comparison(Operator, Box<Value>),
    /// `when Operator "operand"`: the service's own words.
    When {
        operator: Name,
        operands: Vec<Text>,
    },
    /// `error "Name"`: the service's own error type.
    Error(Text),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Branch {
    Arrow(Name),
    Body(Body),
}

/// A condition in full: the parser keeps `and`, `or` and `not` as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    Test(Box<Test>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    pub subject: Reference,
    pub operator: Operator,
    pub operand: Value,
    pub span: Spanned<()>,
}

/// A comparison as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Contains,
    StartsWith,
    EndsWith,
}

impl Sign {
    const SPELLINGS: [(Sign, &'static str); 9] = [
        (Self::Equal, "=="),
        (Self::NotEqual, "!="),
        (Self::Greater, ">"),
        (Self::GreaterOrEqual, ">="),
        (Self::Less, "<"),
        (Self::LessOrEqual, "<="),
        (Self::Contains, "contains"),
        (Self::StartsWith, "starts with"),
        (Self::EndsWith, "ends with"),
    ];

    pub fn text(self) -> &'static str {
        Self::SPELLINGS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    pub fn from_text(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (first, second) = (words.next()?, words.next());
        Self::SPELLINGS
            .iter()
            .find(|row| {
                let mut known = row.1.split(' ');
                known.next() == Some(first) && known.next() == second
            })
            .map(|row| row.0)
    }
}

pub type Operator = Spanned<Sign>;

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Word(Name),
    Text(Text),
    Reference(Reference),
    Quantity(Spanned<Quantity>),
    List(Vec<Element>, Spanned<()>),
    Map(Vec<Setting>, Spanned<()>),
}

impl Value {
    pub fn span(&self) -> Span {
        match self {
            Self::Word(word) => word.span,
            Self::Text(text) => text.span.span,
            Self::Reference(reference) => reference.span.span,
            Self::Quantity(quantity) => quantity.span,
            Self::List(_, span) | Self::Map(_, span) => span.span,
        }
    }
}

/// A list element, with the word that may lead it (`prompt "a.wav"`).
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    pub tag: Option<Name>,
    pub value: Value,
}

/// A text, taken apart at its references.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    pub segments: Vec<Segment>,
    /// Whether it was written as a block.
    pub block: bool,
    /// Whether it is marked as the address of a resource, so that it is not taken for a name.
    pub address: bool,
    /// With the quotes.
    pub span: Spanned<()>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    Literal(EcoString),
    Reference(Reference),
}

impl Text {
    /// The text, if it holds no reference.
    pub fn literal(&self) -> Option<String> {
        match self.segments.as_slice() {
            [] => Some(String::new()),
            [Segment::Literal(text)] => Some(text.to_string()),
            _ => None,
        }
    }
}

/// `$.Queue.Name`, `$found.count`, `$env.Number`, `$reason`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// The word behind the dollar sign; empty for Connect's own `$.` paths.
    pub root: EcoString,
    pub steps: Vec<EcoString>,
    /// All of it, where it is spelled otherwise than [`Reference::spelled`] would.
    pub written: Option<EcoString>,
    pub span: Spanned<()>,
}

impl Reference {
    /// The usual spelling: dots where they do, brackets where a key needs them.
    pub fn spelled(&self) -> String {
        let mut path = String::with_capacity(32);
        path.push('$');
        path.push_str(&self.root);
        for step in &self.steps {
            let plain = step.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
            if plain && !step.is_empty() {
                path.push('.');
                path.push_str(step);
            } else {
                path.push_str("['");
                path.push_str(step);
                path.push_str("']");
            }
        }
        path
    }
}

/// A number and its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The digits as written, with sign and fraction.
    pub number: EcoString,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    None,
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
    Days,
    Percent,
}

impl Unit {
    const SPELLINGS: [(Unit, &'static str); 7] = [
        (Self::None, ""),
        (Self::Milliseconds, "ms"),
        (Self::Seconds, "s"),
        (Self::Minutes, "m"),
        (Self::Hours, "h"),
        (Self::Days, "d"),
        (Self::Percent, "%"),
    ];

    pub fn text(self) -> &'static str {
        Self::SPELLINGS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    pub fn from_text(text: &str) -> Option<Self> {
        Self::SPELLINGS.iter().find(|row| row.1 == text).map(|row| row.0)
    }
}
