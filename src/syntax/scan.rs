//! One pass over the bytes before the parser: comments, texts that are never closed, and how deep the brackets go.
//!
//! It skips what the grammar skips, so that both take the same bytes for brackets: a brace in a text, in a comment or in
//! the key of a reference is none. And it keeps the kinds of brackets apart, because the parser does not close one with
//! another either. So the depth that it finds is never less than the parser's.

use std::ops::Range;

use pest::Parser;

use super::parser::{FlowParser, Rule};
use super::unseen::is_odd;
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

#[derive(Default)]
pub(super) struct Scan {
    pub comments: Vec<Comment>,
    /// The texts that are never closed, in order, as far as the parser reads them.
    pub open: Vec<Span>,
    /// Characters in code that have no place there.
    pub odd: Vec<(usize, char)>,
    /// The first bracket that is one too deep.
    pub too_deep: Option<Diagnostic>,
    /// How many brackets are open where most are.
    pub depth: usize,
}

/// The comments of a text, in order.
pub fn comments(source: &Source) -> Vec<Comment> {
    scan(source).comments
}

pub(super) fn scan(source: &Source) -> Scan {
    let mut scan = Scan::default();
    let mut brackets = Brackets::default();
    let mut blank = true;
    let span = |range: &Range<usize>| Span::new(source.id, range.start, range.end);
    for (token, range) in Tokens::new(&source.text) {
        match token {
            Token::Comment => {
                let slashes = source.text.get(range.clone()).unwrap_or_default();
                let doc = slashes.starts_with("///") && !slashes.starts_with("////");
                scan.comments.push(Comment { span: span(&range), doc, own_line: blank });
            }
            Token::Text { closed } => {
                if !closed {
                    scan.open.push(span(&range));
                }
            }
            Token::Open(kind) => {
                brackets.open(kind);
                scan.depth = scan.depth.max(brackets.kinds.len());
                if brackets.kinds.len() > limits::NESTING_MAX && scan.too_deep.is_none() {
                    scan.too_deep = Some(too_deep(span(&range), kind));
                }
            }
            Token::Close(kind) => brackets.close(kind),
            Token::Other => {
                let text = source.text.get(range.clone()).unwrap_or_default();
                // A reference has keys in quotes.
                let odd = text.char_indices().filter(|(_, c)| is_odd(*c) && !text.starts_with('$'));
                scan.odd.extend(odd.map(|(at, c)| (range.start + at, c)));
            }
            Token::Newline => {}
        }
        blank = token == Token::Newline;
    }
    scan
}

fn too_deep(at: Span, bracket: u8) -> Diagnostic {
    Diagnostic::new(codes::TOO_DEEP, at, format!("brackets are nested more than {} deep", limits::NESTING_MAX))
        .label(format!("this `{}` is one too many", bracket as char))
        .help("leave out brackets that mean nothing, or move the inner part into a step and go there with an arrow")
}

/// What is said about a text that is never closed.
pub(super) fn unclosed(text: Span) -> Diagnostic {
    Diagnostic::new(codes::UNCLOSED, Span { end: text.start + 1, ..text }, "this text is never closed")
        .label("opens here")
        .help("close it with `\"` on the same line; a text over several lines stands between `\"\"\"` and `\"\"\"`")
}

/// The brackets that are open.
#[derive(Default)]
struct Brackets {
    kinds: Vec<u8>,
    /// Where among them the braces are.
    braces: Vec<usize>,
}

impl Brackets {
    fn open(&mut self, kind: u8) {
        if kind == b'{' {
            self.braces.push(self.kinds.len());
        }
        self.kinds.push(kind);
    }

    /// A bracket closes the last of its kind, and with it whatever is open within: the parser has given that up. Only a
    /// brace reaches over others' braces, because what is in a body never closes a bracket around it.
    fn close(&mut self, kind: u8) {
        let opened = match kind {
            b'}' => self.braces.pop(),
            b')' => self.within_braces(b'('),
            _ => self.within_braces(b'['),
        };
        if let Some(at) = opened {
            self.kinds.truncate(at);
        }
    }

    /// No further down than the parser goes at all.
    fn within_braces(&self, kind: u8) -> Option<usize> {
        let inner = self.kinds.iter().enumerate().rev().take(limits::NESTING_MAX);
        inner.take_while(|&(_, &open)| open != b'{').find(|&(_, &open)| open == kind).map(|(at, _)| at)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Newline,
    Comment,
    /// A text or block of text.
    Text {
        closed: bool,
    },
    Open(u8),
    Close(u8),
    Other,
}

/// What is in a text, by its first bytes. Space is left out.
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn rest(&self, at: usize) -> &'t [u8] {
        self.text.as_bytes().get(at..).unwrap_or_default()
    }

    /// The end of the line that an offset is on.
    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', self.rest(at)).map_or(self.text.len(), |len| at + len)
    }

    fn comment(&self, at: usize) -> usize {
        let end = self.line_end(at);
        if self.byte(end - 1) == b'\r' { end - 1 } else { end }
    }

    /// The end of the text that begins at an offset, and whether it is closed.
    fn text(&self, start: usize) -> (bool, usize) {
        let block = self.rest(start).starts_with(QUOTES);
        let mut at = start + if block { QUOTES.len() } else { 1 };
        while let Some(len) = memchr::memchr3(b'"', b'\\', if block { b'"' } else { b'\n' }, self.rest(at)) {
            at += len;
            match self.byte(at) {
                b'"' if !block => return (true, at + 1),
                b'"' if self.rest(at).starts_with(QUOTES) => return (true, at + QUOTES.len()),
                b'\\' if block || self.byte(at + 1) != b'\n' => at += 2,
                b'"' | b'\\' => at += 1,
                _ => break,
            }
        }
        (false, if block { self.open_block(start) } else { self.open_quoted(start) })
    }

    /// A block that is not closed ends where a body would: before a declaration at the left margin.
    fn open_block(&self, start: usize) -> usize {
        let declares = |at: &usize| {
            let rest = self.text.get(at + 1..).unwrap_or_default();
            rest.starts_with(|first: char| first.is_ascii_lowercase())
                && FlowParser::parse(Rule::next_declaration, rest).is_ok()
        };
        memchr::memchr_iter(b'\n', self.rest(start)).map(|at| start + at).find(declares).unwrap_or(self.text.len())
    }

    /// A quote that is not closed ends with its line, but before up to four braces at the end of it.
    fn open_quoted(&self, start: usize) -> usize {
        let line = self.text.get(start..self.line_end(start)).unwrap_or_default();
        let mut end = line.len();
        let mut kept = line.strip_suffix('\r').unwrap_or(line);
        for _ in 0..4 {
            kept = kept.trim_end_matches([' ', '\t']);
            let Some(before) = kept.strip_suffix(['{', '}']) else { break };
            kept = before;
            end = kept.len();
        }
        start + end
    }

    /// The end of the reference that begins at an offset, if one does; else that of the dollar sign.
    fn reference(&self, start: usize) -> usize {
        let is_name = |at: usize| self.byte(at).is_ascii_alphanumeric() || self.byte(at) == b'_';
        let names = |mut at: usize| {
            while is_name(at) || self.byte(at) == b':' || (self.byte(at) == b'-' && is_name(at + 1)) {
                at += 1;
            }
            at
        };
        let begins_step = |at: usize| self.byte(at) == b'.' && (is_name(at + 1) || self.byte(at + 1) == b':');
        let mut at = start + 1;
        if begins_step(at) {
            at = names(at + 1);
        } else if self.byte(at).is_ascii_alphabetic() || self.byte(at) == b'_' || !self.byte(at).is_ascii() {
            let first = self.text.get(at..).and_then(|rest| rest.chars().next());
            at = names(at + first.map_or(1, char::len_utf8));
        } else {
            return at;
        }
        loop {
            let key = at + usize::from(self.byte(at) == b'.');
            if begins_step(at) {
                at = names(at + 1);
            } else if self.rest(key).starts_with(b"['") {
                let end = memchr::memchr2(b'\'', b'\n', self.rest(key + 2)).map(|len| key + 2 + len);
                match end.filter(|&end| self.rest(end).starts_with(b"']")) {
                    Some(end) => at = end + 2,
                    None => return at,
                }
            } else {
                return at;
            }
        }
    }
}

const QUOTES: &[u8] = b"\"\"\"";

impl Iterator for Tokens<'_> {
    type Item = (Token, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        // A byte order mark is space to the grammar, so a comment after it stands on a line of its own.
        let is_space = |character: char| matches!(character, ' ' | '\t' | '\r' | '\u{feff}');
        let rest = self.text.get(self.at..)?.trim_start_matches(is_space);
        let start = self.text.len() - rest.len();
        let first = *rest.as_bytes().first()?;
        let (token, end) = match first {
            b'\n' => (Token::Newline, start + 1),
            b'/' if self.byte(start + 1) == b'/' => (Token::Comment, self.comment(start)),
            b'"' => {
                let (closed, end) = self.text(start);
                (Token::Text { closed }, end)
            }
            b'{' | b'(' | b'[' => (Token::Open(first), start + 1),
            b'}' | b')' | b']' => (Token::Close(first), start + 1),
            b'$' => (Token::Other, self.reference(start)),
            // Junk alone holds backslashes outside texts, and there they take what comes next with them.
            b'\\' => {
                let next = rest.chars().nth(1).filter(|&next| next != '\n').map_or(0, char::len_utf8);
                (Token::Other, start + 1 + next)
            }
            _ => {
                let len = rest.char_indices().skip(1).find(|&(_, c)| is_space(c) || MEANS_SOMETHING.contains(c));
                (Token::Other, len.map_or(self.text.len(), |(len, _)| start + len))
            }
        };
        self.at = end;
        Some((token, start..end))
    }
}

/// The characters with which a token begins that is not just any.
const MEANS_SOMETHING: &str = "\n/\"{}()[]$\\";
