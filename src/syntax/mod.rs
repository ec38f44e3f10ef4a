//! From text to tree. Parsing is total: whatever the bytes, there is a [`File`] and a list of what is wrong with it.
//!
//! `pest` stays within this module. Comments are found by `scan`, which also finds the texts that are never closed, and
//! bounds the nesting before the parser, which descends by recursion, sees the text.

pub mod ast;
mod lower;
mod parser;
mod recover;
mod scan;
mod text;
mod unseen;

pub use scan::{Comment, comments};
pub use text::{Piece, is_plain_word, pieces, usual};

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{Source, Span, limits};

/// A parsed source: its tree, its comments and its problems.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    pub file: ast::File,
    pub comments: Vec<Comment>,
    pub diagnostics: Diagnostics,
}

/// Whether a text may declare what other sources use, a module or a fragment. It is only searched for the words.
pub fn may_share(text: &str) -> bool {
    ["module", "fragment"].iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// Parses a source.
pub fn parse(source: &Source) -> Parsed {
    let mut diagnostics = Diagnostics::new();
    if let Some(refusal) = refuse(source) {
        diagnostics.push(refusal);
        return Parsed { diagnostics, ..Parsed::default() };
    }
    let mut scan = scan::scan(source);
    if let Some(problem) = scan.too_deep.take() {
        diagnostics.push(problem);
        return Parsed { diagnostics, comments: scan.comments, ..Parsed::default() };
    }
    for &text in &scan.open {
        diagnostics.push(scan::unclosed(text));
    }
    let looks = (!scan.odd.is_empty()).then(|| unseen::as_it_looks(source, &scan.odd, &mut diagnostics));
    let file = lower::file(looks.as_ref().unwrap_or(source), &scan, &mut diagnostics);
    Parsed { file, comments: scan.comments, diagnostics }
}

/// Texts that cannot be flow sources at all, each with its own advice.
fn refuse(source: &Source) -> Option<Diagnostic> {
    let text = &*source.text;
    let at = |offset: usize, len: usize| Span::new(source.id, offset, offset + len);
    if text.len() > limits::SOURCE_BYTES_MAX {
        let (size, most) = (text.len() >> 20, limits::SOURCE_BYTES_MAX >> 20);
        return Some(
            Diagnostic::new(codes::TOO_LARGE, at(0, 0), format!("this file has {size} MiB, and {most} are the most"))
                .help("split it: every flow can have a file of its own"),
        );
    }
    if let Some(offset) = text.find('\0') {
        return Some(
            Diagnostic::new(codes::NOT_TEXT, at(offset, 1), "this file holds a NUL byte, so it is not text")
                .label("here")
                .help("save it as UTF-8 text; an UTF-16 file has NUL bytes as well"),
        );
    }
    let begin = text.find(|c: char| !c.is_whitespace() && c != '\u{feff}').unwrap_or(0);
    let rest = text.get(begin..).unwrap_or_default();
    let mut rest_after = rest.get(1..).unwrap_or_default().trim_start().chars();
    let json = match rest.chars().next() {
        Some('{') => matches!(rest_after.next(), Some('"' | '}')),
        Some('[') => matches!(rest_after.next(), Some('{' | '"' | ']')),
        _ => false,
    };
    json.then(|| {
        Diagnostic::new(codes::JSON_SOURCE, at(begin, 1), "this file holds JSON, not the flow language")
            .label("a flow begins with its type, as in `inbound flow Main {`")
            .help("keep compiled flows out of the source folder, or give the file another ending than `.flow`")
    })
}

#[cfg(test)]
mod tests;
