//! Source texts and places in them.
//!
//! Everything above names a place by a [`Span`]: a source id and a byte range. Lines and columns exist only where
//! something is printed, and are computed there from the [`LineIndex`]. This module knows nothing of the rest.

pub mod limits;
mod line_index;
pub mod markdown;
mod path;
mod shown;
mod span;

pub use line_index::{LineIndex, Position};
pub use path::Path;
pub use shown::{
    called, escape_columns, is_hidden, is_joiner, odd_space, shown, shown_line, unseen_in, without_commands,
};
pub use span::{SourceId, Span, Spanned};

use std::sync::Arc;

/// One text of a project, with the path it is known by in messages.
#[derive(Debug, Clone)]
pub struct Source {
    pub id: SourceId,
    /// The path as messages show it: relative to the project where possible, with forward slashes.
    pub path: Arc<str>,
    pub text: Arc<str>,
}

/// What kind of text a source is, by the ending of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The flow language.
    Flow,
    /// A document of the service, or something that holds one.
    Document,
    /// Positions and the like of a flow beside it.
    Layout,
}

/// The ending of files that hold what the console keeps of a flow beside its source.
pub const LAYOUT_ENDING: &str = ".layout.json";

impl Form {
    pub fn of(path: &str) -> Self {
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            _ if path.ends_with(LAYOUT_ENDING) => Self::Layout,
            "json" | "yaml" | "yml" | "template" => Self::Document,
            _ => Self::Flow,
        }
    }
}

impl Source {
    pub fn new(id: SourceId, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { id, path: path.into(), text: text.into() }
    }

    pub fn form(&self) -> Form {
        Form::of(&self.path)
    }

    /// The text under a span, or nothing where the span does not lie in this source.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub fn lines(&self) -> LineIndex {
        LineIndex::new(&self.text)
    }
}
