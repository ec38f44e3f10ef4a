//! Differences as text: for people in a terminal, for programs, and for the comments of a pull request.

mod human;
mod json;
mod markdown;
mod mermaid;
mod telling;

use super::Diff;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For a terminal, with or without colour.
    Human { color: bool },
    /// One JSON object; `docs/diff.md` has its fields.
    Json,
    /// For a comment, with drawings in Mermaid.
    Markdown,
}

/// Writes what changed.
pub fn report(diff: &Diff, form: Form) -> String {
    match form {
        Form::Human { color } => human::report(diff, color),
        Form::Json => json::report(diff),
        Form::Markdown => markdown::report(diff),
    }
}

pub use telling::summary;

#[cfg(test)]
mod tests;
