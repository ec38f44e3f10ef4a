//! What stands between quotes: escapes, references, and the indentation of blocks.

use std::borrow::Cow;

use ecow::EcoString;

use super::ast::{Reference, Segment, Text};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{Source, Span, Spanned};

/// Takes a text apart. `span` covers it with its quotes, and with the mark of an address. What is wrong within one that is
/// not closed is not told: it goes further than it was meant to.
pub(super) fn text(source: &Source, span: Span, closed: bool, diagnostics: &mut Diagnostics) -> Text {
    let mut untold = Diagnostics::new();
    let diagnostics = if closed { diagnostics } else { &mut untold };
    let raw = source.slice(span);
    let address = raw.starts_with('@');
    let mark = usize::from(address);
    let block = raw.starts_with("\"\"\"");
    let quotes = if block { 3 } else { 1 };
    let end = if closed { raw.len().saturating_sub(quotes) } else { raw.len() };
    let inner = raw.get(mark + quotes..end).unwrap_or_default();
    let offset = span.start as usize + mark + quotes;
    let mut reader = Reader { source, diagnostics, segments: Vec::new(), literal: EcoString::new() };
    if block {
        for (at, line) in block_lines(inner) {
            reader.read(line, offset + at);
        }
    } else {
        reader.read(inner, offset);
    }
    reader.flush();
    // A project has hundreds of thousands of texts, and most are one segment.
    reader.segments.shrink_to_fit();
    Text { segments: reader.segments, block, address, span: Spanned::new((), span) }
}

/// The lines of a block without their common indentation, each with its newline and its offset. The first and the last
/// line are not part of the text when nothing but space is on them.
fn block_lines(inner: &str) -> Vec<(usize, &str)> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    if lines.len() < 2 {
        return lines;
    }
    if lines.first().is_some_and(|(_, line)| line.trim().is_empty()) {
        lines.remove(0);
    }
    if lines.last().is_some_and(|(_, line)| !line.ends_with('\n') && line.trim().is_empty()) {
        lines.pop();
    }
    let indent = lines
        .iter()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(_, line)| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let last = lines.len().saturating_sub(1);
    lines
        .iter()
        .enumerate()
        .map(|(index, &(at, line))| {
            let cut = indent.min(line.len() - line.trim_start_matches([' ', '\t']).len());
            let line = line.get(cut..).unwrap_or_default();
            // The newline before the closing quotes belongs to them.
            let line = if index == last { line.trim_end_matches(['\n', '\r']) } else { line };
            (at + cut, line)
        })
        .collect()
}

struct Reader<'a> {
    source: &'a Source,
    diagnostics: &'a mut Diagnostics,
    segments: Vec<Segment>,
    literal: EcoString,
}

impl Reader<'_> {
    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.segments.push(Segment::Literal(std::mem::take(&mut self.literal)));
        }
    }

    fn say(&mut self, text: &str) {
        if self.literal.is_empty() {
            // Most texts are said at once, and then take as much room as they need.
            self.literal = text.into();
        } else {
            self.literal.push_str(text);
        }
    }

    fn read(&mut self, text: &str, offset: usize) {
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find(['\\', '$', '\r'])) {
            self.say(text.get(at..at + found).unwrap_or_default());
            at += found;
            let rest = text.get(at..).unwrap_or_default();
            at += match rest.as_bytes().first() {
                Some(b'\\') => self.escape(rest, offset + at),
                Some(b'\r') => {
                    // A carriage return before a newline is the file's line ending, not the text's.
                    if !rest.starts_with("\r\n") {
                        self.literal.push('\r');
                    }
                    1
                }
                _ => self.dollar(rest, offset + at),
            };
        }
        self.say(text.get(at..).unwrap_or_default());
    }

    /// Reads the escape that `rest` begins with; how many bytes it has.
    fn escape(&mut self, rest: &str, offset: usize) -> usize {
        let next = rest.chars().nth(1);
        let plain = match next {
            Some('"') => Some('"'),
            Some('\\') => Some('\\'),
            Some('n') => Some('\n'),
            Some('t') => Some('\t'),
            Some('$') => Some('$'),
            _ => None,
        };
        if let Some(plain) = plain {
            self.literal.push(plain);
            return 2;
        }
        let hex = rest.strip_prefix("\\u{").and_then(|tail| tail.split_once('}')).map_or("", |(hex, _)| hex);
        if let Some(character) = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32) {
            self.literal.push(character);
            return hex.len() + 4;
        }
        let len = 1 + next.map_or(0, char::len_utf8);
        let span = Span::new(self.source.id, offset, offset + len);
        let shown: String = rest.chars().take(2).collect();
        self.diagnostics.push(
            Diagnostic::new(codes::BAD_ESCAPE, span, format!("`{shown}` is not an escape"))
                .label("not known")
                .help(r#"the escapes are \" \\ \n \t \$ and \u{1F44B}; a single backslash is written \\"#),
        );
        self.literal.push_str(rest.get(..len).unwrap_or_default());
        len
    }

    /// Reads the reference that `rest` begins with, or a dollar sign; how many bytes it has.
    fn dollar(&mut self, rest: &str, offset: usize) -> usize {
        let Some(len) = reference_len(rest) else {
            self.literal.push('$');
            return 1;
        };
        self.flush();
        let span = Span::new(self.source.id, offset, offset + len);
        self.segments.push(Segment::Reference(reference(rest.get(..len).unwrap_or_default(), span)));
        len
    }
}

/// How long the reference is that a text begins with, if it begins with one. A trailing dot, colon or dash belongs to
/// the sentence around it.
fn reference_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let name_end = |mut index: usize| {
        while is_name(at(index)) || (matches!(at(index), b'-' | b':') && is_name(at(index + 1))) {
            index += 1;
        }
        index
    };
    let mut index = match at(1) {
        b'.' if is_name(at(2)) => name_end(2),
        byte if byte.is_ascii_alphabetic() || byte == b'_' => name_end(1),
        _ => return None,
    };
    loop {
        if at(index) == b'.' && is_name(at(index + 1)) {
            index = name_end(index + 1);
        } else {
            let open = index + usize::from(at(index) == b'.');
            let key = text.get(open..).and_then(|rest| rest.strip_prefix("['"));
            let end = key.and_then(|key| {
                key.find(['\'', '\n']).filter(|end| key.get(*end..).is_some_and(|rest| rest.starts_with("']")))
            });
            match end {
                Some(length) => index = open + length + 4,
                None => return Some(index),
            }
        }
    }
}

/// Takes a reference apart. The text has been recognised before.
pub(super) fn reference(text: &str, span: Span) -> Reference {
    let mut rest = text.strip_prefix('$').unwrap_or(text);
    let mut root = EcoString::new();
    let mut steps = Vec::new();
    let end = |rest: &str| rest.find(['.', '[']).unwrap_or(rest.len());
    if !rest.starts_with('.') {
        let (head, tail) = rest.split_at_checked(end(rest)).unwrap_or((rest, ""));
        root = head.into();
        rest = tail;
    }
    while !rest.is_empty() {
        if let Some((key, tail)) = rest.strip_prefix("['").and_then(|tail| tail.split_once("']")) {
            steps.push(key.into());
            rest = tail;
            continue;
        }
        let tail = rest.strip_prefix('.').unwrap_or(rest);
        if tail.starts_with("['") && tail.len() < rest.len() {
            rest = tail;
            continue;
        }
        let (step, tail) = tail.split_at_checked(end(tail)).unwrap_or((tail, ""));
        if step.is_empty() {
            break;
        }
        steps.push(step.into());
        rest = tail;
    }
    steps.shrink_to_fit();
    let mut reference = Reference { root, steps, written: None, span: Spanned::new((), span) };
    if text.contains(['[', ':']) && reference.spelled() != text {
        reference.written = Some(text.into());
    }
    reference
}

/// A reference in its usual spelling, by which two that read the same are the same.
pub fn usual(path: &str) -> Cow<'_, str> {
    if !path.contains(['[', ':']) {
        return Cow::Borrowed(path);
    }
    let usual = reference(path, Span::default()).spelled();
    if usual == path { Cow::Borrowed(path) } else { Cow::Owned(usual) }
}

/// A piece of a text that comes from elsewhere than a source: plain, or one of Connect's own references.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<'t> {
    Plain(&'t str),
    Path(&'t str, Reference),
}

/// Takes a text apart at the references in it that a source would write the same way.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("$.")) {
        at += found;
        let rest = text.get(at..).unwrap_or_default();
        let Some(written) = reference_len(rest).and_then(|len| rest.get(..len)) else {
            at += 1;
            continue;
        };
        if let Some(before) = text.get(plain..at).filter(|before| !before.is_empty()) {
            pieces.push(Piece::Plain(before));
        }
        pieces.push(Piece::Path(written, reference(written, Span::default())));
        at += written.len();
        plain = at;
    }
    if let Some(last) = text.get(plain..).filter(|last| !last.is_empty()) {
        pieces.push(Piece::Plain(last));
    }
    pieces
}

/// Whether a name can stand in the source without quotes.
pub fn is_plain_word(name: &str) -> bool {
    let mut previous = ' ';
    for (index, character) in name.chars().enumerate() {
        let starts = character.is_ascii_alphabetic() || character == '_' || !character.is_ascii();
        let fits = match character {
            _ if starts => true,
            '-' => index > 0 && previous != '-',
            _ => index > 0 && character.is_ascii_digit(),
        };
        if !fits {
            return false;
        }
        previous = character;
    }
    !name.is_empty() && previous != '-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn parts(text_in: &str) -> Vec<String> {
        let source = Source::new(SourceId(0), "t", text_in);
        let span = Span::new(SourceId(0), 0, text_in.len());
        let mut diagnostics = Diagnostics::new();
        text(&source, span, true, &mut diagnostics)
            .segments
            .iter()
            .map(|segment| match segment {
                Segment::Literal(literal) => literal.to_string(),
                Segment::Reference(reference) => format!("<{}:{}>", reference.root, reference.steps.join("/")),
            })
            .collect()
    }

    #[test]
    fn references_end_where_the_sentence_goes_on() {
        assert_eq!(parts(r#""to $.Queue.Name.""#), ["to ", "<:Queue/Name>", "."]);
        assert_eq!(parts(r#""$found.v1</say-as>""#), ["<found:v1>", "</say-as>"]);
        assert_eq!(parts(r#""$.Attributes['my key'] and $5""#), ["<:Attributes/my key>", " and $5"]);
        assert_eq!(parts(r#""$.Attributes.['my key'].x.""#), ["<:Attributes/my key/x>", "."]);
        assert_eq!(parts(r#""$.Attributes['it's']""#), ["<:Attributes>", "['it's']"]);
        assert_eq!(usual("$.Attributes.['my key'].x['y']"), "$.Attributes['my key'].x.y");
        assert_eq!(parts(r#""\$.x costs ${a}""#), ["$.x costs ${a}"]);
    }

    #[test]
    fn blocks_lose_their_common_indentation() {
        assert_eq!(parts("\"\"\"\n    a\n      b\n    \"\"\""), ["a\n  b"]);
        assert_eq!(parts("\"\"\"\r\n  a\r\n  b\r\n  \"\"\""), ["a\nb"]);
        assert_eq!(parts("\"\"\"one\"\"\""), ["one"]);
    }

    #[test]
    fn plain_words_are_what_the_grammar_takes() {
        for word in ["Sales", "pstn-transfer", "_a", "a1", "Größe"] {
            assert!(is_plain_word(word), "{word}");
        }
        for text in ["", "Basic Queue", "1a", "-a", "a-", "a--b", "a.b"] {
            assert!(!is_plain_word(text), "{text}");
        }
    }
}
