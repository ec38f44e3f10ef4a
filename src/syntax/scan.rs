//! One pass over the bytes before the parser: comments, and how deep the brackets go.

use crate::diagnostics::{Diagnostic, codes};
use crate::source::{Source, Span, limits};

/// A comment, with its slashes and without its newline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    /// `///`: documents what follows.
    pub doc: bool,
    /// Whether nothing but space stands before it on its line.
    pub own_line: bool,
}

pub(super) struct Scan {
    pub comments: Vec<Comment>,
    pub problem: Option<Diagnostic>,
}

/// The comments of a text, in order.
pub fn comments(source: &Source) -> Vec<Comment> {
    scan(source).comments
}

pub(super) fn scan(source: &Source) -> Scan {
    let bytes = source.text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut comments = Vec::new();
    let mut problem = None;
    let (mut index, mut depth, mut blank) = (0, 0_usize, true);
    while index < bytes.len() {
        match at(index) {
            b'\n' => {
                blank = true;
                index += 1;
                continue;
            }
            b' ' | b'\t' | b'\r' => {
                index += 1;
                continue;
            }
            // A byte order mark is space to the grammar, so a comment behind it stands on a line of its own.
            0xEF if at(index + 1) == 0xBB && at(index + 2) == 0xBF => {
                index += 3;
                continue;
            }
            b'/' if at(index + 1) == b'/' => {
                let end = memchr(bytes, index, b'\n');
                let trimmed = if end > index && at(end - 1) == b'\r' { end - 1 } else { end };
                comments.push(Comment {
                    span: Span::new(source.id, index, trimmed),
                    doc: at(index + 2) == b'/' && at(index + 3) != b'/',
                    own_line: blank,
                });
                index = end;
                continue;
            }
            b'"' => index = skip_text(bytes, index),
            open @ (b'{' | b'(' | b'[') => {
                depth += 1;
                if depth > limits::NESTING_MAX && problem.is_none() {
                    problem = Some(
                        Diagnostic::new(
                            codes::TOO_DEEP,
                            Span::new(source.id, index, index + 1),
                            format!("brackets are nested more than {} deep", limits::NESTING_MAX),
                        )
                        .label(format!("this `{}` is one too many", open as char))
                        .help("leave out brackets that mean nothing, or move the inner part into a step and go there with an arrow"),
                    );
                }
                index += 1;
            }
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                index += 1;
            }
            _ => index += 1,
        }
        blank = false;
    }
    Scan { comments, problem }
}

fn memchr(bytes: &[u8], from: usize, wanted: u8) -> usize {
    bytes
        .get(from..)
        .and_then(|rest| rest.iter().position(|&byte| byte == wanted))
        .map_or(bytes.len(), |offset| from + offset)
}

/// The index behind a text that begins at `index`. A quote that is never closed ends with its line, as the grammar has
/// it; a block that is never closed is only its three quotes.
fn skip_text(bytes: &[u8], index: usize) -> usize {
    let is_block = bytes.get(index..index + 3) == Some(b"\"\"\"");
    let mut at = index + if is_block { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += if bytes.get(at + 1) == Some(&b'\n') && !is_block { 1 } else { 2 },
            b'"' if !is_block => return at + 1,
            b'"' if bytes.get(at..at + 3) == Some(b"\"\"\"") => return at + 3,
            b'\n' if !is_block => return index + 1,
            _ => at += 1,
        }
    }
    index + if is_block { 3 } else { 1 }
}
