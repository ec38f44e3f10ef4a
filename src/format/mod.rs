//! The formatter: one way to write what a source says. It has no options and knows no action.
//!
//! It reads the tree for what is written and the comments for what stands beside it; `print`, `clause` and `value` say
//! how each construct looks, `pen` keeps lines and comments in order. What comes out is read again before it is handed on
//! (`sound`): a formatter that changes what a flow does, or loses a comment, is worse than none.

mod clause;
mod pen;
mod print;
#[cfg(test)]
mod properties;
mod sound;
#[cfg(test)]
mod tests;
mod value;

use crate::diagnostics::Diagnostic;
use crate::source::Source;
use crate::syntax::{self, Parsed};

/// What formatting a source comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Formatted {
    /// The source has its canonical form.
    Unchanged,
    /// The canonical form of the source.
    Changed(String),
    /// The source has errors, so nobody can tell what it means: it is left alone.
    Broken(Vec<Diagnostic>),
    /// A bug in the formatter: its result would mean something else, for this reason. The source is left alone.
    Unsound(String),
}

/// The canonical text of a source, or why it was left alone.
pub fn format(source: &Source) -> Formatted {
    format_parsed(source, &syntax::parse(source))
}

/// The same for a source that has been parsed.
pub fn format_parsed(source: &Source, parsed: &Parsed) -> Formatted {
    if parsed.diagnostics.has_errors() {
        return Formatted::Broken(parsed.diagnostics.clone().into_sorted());
    }
    let text = print::file(source, parsed);
    if *text == *source.text {
        return Formatted::Unchanged;
    }
    match sound::difference(source, parsed, &text) {
        None => Formatted::Changed(text),
        Some(difference) => Formatted::Unsound(difference),
    }
}
