//! What the compiler has to say: plain values, rendered only at the edge.
//!
//! A [`Diagnostic`] states what is wrong, where exactly, and what to do. Its [`Code`] comes from the one registry in
//! [`codes`], which also holds the page that `flowc explain` prints.

pub mod codes;
pub mod render;
mod suggest;

pub use codes::{Code, CodeSpec};
pub use suggest::{CANDIDATES_MAX, closest, listed, listed_of};

use std::borrow::Cow;

use crate::source::{Path, Span};

/// How bad it is. Errors stop a build, warnings do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Something to know, and nothing to do about.
    Note,
    Warning,
    Error,
}

impl Level {
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and a few words about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// Whether applying a fix can change what the flow does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Safety {
    Safe,
    Unsafe,
}

/// A text edit that would mend the problem.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fix {
    pub title: String,
    pub span: Span,
    pub replacement: String,
    pub safety: Safety,
}

/// One problem: a message in lower case without a full stop, the smallest span, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    pub code: Code,
    /// The code's own, unless a project decides otherwise.
    pub level: Level,
    pub message: String,
    pub primary: Label,
    pub secondary: Vec<Label>,
    pub help: Option<String>,
    pub fixes: Vec<Fix>,
    /// Where it is in a document. A pass says it where something is missing, as it is in the flow's own document; all others
    /// are found by their place when the diagnostics leave the driver.
    pub path: Option<Path>,
}

impl Diagnostic {
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            level: code.level(),
            message: message.into(),
            primary: Label { span, text: String::new() },
            secondary: Vec::new(),
            help: None,
            fixes: Vec::new(),
            path: None,
        }
    }

    /// Words under the primary span.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// A second place that explains the first.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// `did you mean` help and a fix that replaces the primary span, if there is a close word.
    #[must_use]
    pub fn suggest<'a>(mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        if let Some(close) = closest(word, known) {
            self.fixes.push(Fix {
                title: format!("write `{close}`"),
                span: self.primary.span,
                replacement: close.to_owned(),
                safety: Safety::Unsafe,
            });
            self.help = Some(format!("did you mean `{close}`?"));
        }
        self
    }

    /// Like [`suggest`](Self::suggest), where the primary span is a text: the fix keeps its quotes.
    #[must_use]
    pub fn suggest_text<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let Some(close) = closest(word, known) else { return self };
        let (span, text) = (self.primary.span, format!("\"{close}\""));
        self.help(format!("did you mean {text}?")).fix(format!("write {text}"), span, text, Safety::Unsafe)
    }

    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: Span, replacement: impl Into<String>, safety: Safety) -> Self {
        self.fixes.push(Fix { title: title.into(), span, replacement: replacement.into(), safety });
        self
    }

    /// Where in a document something would be that is missing.
    #[must_use]
    pub fn path(mut self, path: Option<Path>) -> Self {
        self.path = path;
        self
    }

    /// The message with the path in the document after it, unless it names that by itself: for readers who see no source.
    pub fn message_with_path(&self) -> Cow<'_, str> {
        match self.path.as_ref().map(Path::as_str) {
            Some(path) if !self.message.contains(path) => format!("{} ({path})", self.message).into(),
            _ => self.message.as_str().into(),
        }
    }

    #[must_use]
    pub fn at(self, level: Level) -> Self {
        Self { level, ..self }
    }

    pub fn level(&self) -> Level {
        self.level
    }

    pub fn is_error(&self) -> bool {
        self.level() == Level::Error
    }
}

/// Where a pass puts what it has to say. Order of arrival does not matter: [`Diagnostics::into_sorted`] settles it.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(others);
    }

    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.0.iter_mut()
    }

    /// By place, then code; a problem that was met twice (a fragment used twice) is told once.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.0
            .sort_by(|a, b| (a.primary.span, a.code.id(), &a.message).cmp(&(b.primary.span, b.code.id(), &b.message)));
        self.0.dedup_by(|a, b| a.primary.span == b.primary.span && a.code == b.code && a.message == b.message);
        self.0
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
