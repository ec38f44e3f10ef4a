//! The lines around labels, as miette draws them. A line that is longer than a terminal is cut to what is around its
//! labels: a document on one line would bury the message, and what is drawn under it would be elsewhere.

use std::fmt::Write;
use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::{Place, Style};
use crate::diagnostics::Label;
use crate::source::{escape_columns, is_hidden, shown, shown_line};

/// Columns of one line; longer ones are cut.
const COLUMNS_MAX: usize = 120;
/// Columns before a label that fills a line.
const LEAD_COLUMNS: usize = 24;
/// Lines that one label may cover; a longer one shows where it begins.
const LABEL_LINES_MAX: usize = 8;
/// Columns that a tab may take.
const TAB_COLUMNS: usize = 4;

/// Some lines of a source, with the labels that fall into them.
pub(super) struct Snippet {
    /// The lines as they are shown, the first of them at `first_line`, from zero.
    text: String,
    first_line: usize,
    pub labels: Vec<LabeledSpan>,
    /// What each label's place is called, for the heading.
    headings: Vec<(SourceSpan, String)>,
}

/// A label's place in the whole text.
struct Marked<'l> {
    label: &'l Label,
    range: Range<usize>,
}

impl Snippet {
    /// A snippet with the first label and those of the others that can be drawn with it; and those that cannot, because
    /// they are too far away on a long line. `path` is where the first is in a document.
    pub fn new<'l>(
        place: &Place,
        first: &'l Label,
        others: &[&'l Label],
        path: Option<&str>,
        style: Style,
    ) -> (Self, Vec<&'l Label>) {
        let whole = Whole { place, text: &place.source.text };
        let mut marked = vec![whole.mark(first)];
        let mut apart = Vec::new();
        for label in others {
            let next = whole.mark(label);
            if whole.fits(&next, &marked) { marked.push(next) } else { apart.push(*label) }
        }
        let mut snippet = Self { text: String::new(), first_line: 0, labels: Vec::new(), headings: Vec::new() };
        snippet.draw(&whole, &marked, path, if style.unicode { "…" } else { "..." });
        (snippet, apart)
    }

    fn draw(&mut self, whole: &Whole, marked: &[Marked], path: Option<&str>, ellipsis: &str) {
        let begin = marked.iter().map(|mark| mark.range.start).min().unwrap_or(0);
        let end = marked.iter().map(|mark| mark.range.end).max().unwrap_or(0);
        // One line before and one after.
        let mut line = whole.line(begin);
        if line.start > 0 {
            line = whole.line(line.start - 1);
        }
        self.first_line = whole.place.lines.line(line.start) - 1;
        let last = whole.line((whole.line(end).end + 1).min(whole.text.len()));
        let mut spans: Vec<(usize, usize)> = vec![(0, 0); marked.len()];
        loop {
            let window = whole.window(&line, marked);
            if window.start > line.start {
                self.text.push_str(ellipsis);
            }
            let offset = self.text.len();
            let text = whole.text.get(window.clone()).unwrap_or_default().trim_end_matches('\r');
            self.text.push_str(&shown(text));
            for (mark, span) in marked.iter().zip(&mut spans) {
                // What stands before a place may take more room than in the source.
                let before = |at: usize| text.get(..at.max(window.start) - window.start).unwrap_or(text);
                let here = |at: usize| offset + shown(before(at)).len();
                if line.contains(&mark.range.start) || line.end == mark.range.start {
                    span.0 = here(mark.range.start);
                }
                if line.contains(&mark.range.end) || line.end == mark.range.end {
                    span.1 = here(mark.range.end);
                }
            }
            if window.end < line.end {
                self.text.push_str(ellipsis);
            }
            if line.start >= last.start || line.end >= whole.text.len() {
                break;
            }
            self.text.push('\n');
            line = whole.line(line.end + 1);
        }
        for (index, (mark, (start, end))) in marked.iter().zip(spans).enumerate() {
            let words = Some(shown_line(&mark.label.text).into_owned()).filter(|text| !text.is_empty());
            let span = SourceSpan::from((start, end.saturating_sub(start)));
            let mut heading = whole.heading(mark.range.start);
            if let (0, Some(path)) = (index, path) {
                // Writing to a string cannot fail.
                let _ = write!(heading, ", {}", shown_line(path));
            }
            self.headings.push((span, heading));
            self.labels.push(if index == 0 {
                LabeledSpan::new_primary_with_span(words, span)
            } else {
                LabeledSpan::new_with_span(words, span)
            });
        }
    }
}

/// A source, and where its lines are.
struct Whole<'a, 's> {
    place: &'a Place<'s>,
    text: &'a str,
}

impl Whole<'_, '_> {
    fn line(&self, offset: usize) -> Range<usize> {
        line(self.text, offset)
    }

    /// A range that can be drawn: on characters, on a line that exists, not too much of it.
    fn mark<'l>(&self, label: &'l Label) -> Marked<'l> {
        let (start, end) = (label.span.start as usize, label.span.end as usize);
        // Nothing is drawn behind the last line break, so the end of the text is shown behind its last word.
        let last = self.text.trim_end().len();
        let start = if start > last { last } else { self.text.floor_char_boundary(start) };
        let end = self.text.ceil_char_boundary(end.max(start));
        let lines = self.place.lines.line(end) - self.place.lines.line(start);
        let first = self.line(start);
        let is_long = |line: &Range<usize>| self.is_long(line);
        // A label over long lines would be drawn at places that are cut.
        let is_drawn = lines <= LABEL_LINES_MAX && (lines == 0 || !self.lines(start, end).any(|line| is_long(&line)));
        Marked { label, range: start..if is_drawn { end } else { first.end.min(end) } }
    }

    fn lines(&self, start: usize, end: usize) -> impl Iterator<Item = Range<usize>> {
        let next = move |line: &Range<usize>| (line.end < end).then(|| self.line(line.end + 1));
        std::iter::successors(Some(self.line(start)), next)
    }

    fn is_long(&self, line: &Range<usize>) -> bool {
        let text = self.text.get(line.clone()).unwrap_or_default();
        text.len() > COLUMNS_MAX && taken(text.chars(), COLUMNS_MAX) < text.len()
    }

    /// Whether a label can be drawn together with others: no long line would have to be shown in two places.
    fn fits(&self, next: &Marked, marked: &[Marked]) -> bool {
        let line = self.line(next.range.start);
        !self.is_long(&line) || {
            let wanted = wanted(&line, marked.iter().chain([next]));
            let text = self.text.get(wanted).unwrap_or_default();
            taken(text.chars(), COLUMNS_MAX - 2) == text.len()
                || !marked.iter().any(|mark| line.contains(&mark.range.start))
        }
    }

    /// What is shown of a line: all of it, or what is around its labels.
    fn window(&self, line: &Range<usize>, marked: &[Marked]) -> Range<usize> {
        if !self.is_long(line) {
            return line.clone();
        }
        // An ellipsis on either side.
        let room = COLUMNS_MAX - 2;
        let wanted = wanted(line, marked);
        let part = |range: Range<usize>| self.text.get(range).unwrap_or_default();
        let end = wanted.start + taken(part(wanted.clone()).chars(), room);
        let left = room - columns(part(wanted.start..end));
        if end < wanted.end {
            // What is before a long text says what it is.
            let start = wanted.start - taken(part(line.start..wanted.start).chars().rev(), LEAD_COLUMNS);
            return start..start + taken(part(start..line.end).chars(), room);
        }
        // Half before, what is left after, and what is left of that before.
        let before = taken(part(line.start..wanted.start).chars().rev(), left / 2);
        let left_after = left - columns(part(wanted.start - before..wanted.start));
        let after = taken(part(end..line.end).chars(), left_after);
        let spare = left_after - columns(part(end..end + after));
        let start = wanted.start - before;
        let more = taken(part(line.start..start).chars().rev(), spare);
        start - more..end + after
    }

    /// `path:line:column` of an offset.
    fn heading(&self, offset: usize) -> String {
        let at = self.place.position(offset);
        format!("{}:{}:{}", shown_line(&self.place.source.path), at.line, at.column)
    }
}

/// The line around an offset, without its break.
fn line(text: &str, offset: usize) -> Range<usize> {
    let offset = offset.min(text.len());
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| offset + at);
    start..end
}

/// The part of a line that its labels cover; its beginning where it has none.
fn wanted<'m, 'l: 'm>(line: &Range<usize>, marked: impl IntoIterator<Item = &'m Marked<'l>>) -> Range<usize> {
    let is_here = |at: usize| line.contains(&at) || line.end == at;
    let here = marked.into_iter().filter(|mark| is_here(mark.range.start));
    let ranges = here.map(|mark| mark.range.start..mark.range.end.min(line.end));
    ranges.reduce(|one, other| one.start.min(other.start)..one.end.max(other.end)).unwrap_or(line.start..line.start)
}

/// How many bytes of characters fit into some columns.
fn taken(characters: impl Iterator<Item = char>, room: usize) -> usize {
    let mut used = 0;
    characters
        .take_while(|c| {
            used += width(*c);
            used <= room
        })
        .map(char::len_utf8)
        .sum()
}

fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

fn width(c: char) -> usize {
    match c {
        '\t' => TAB_COLUMNS,
        c if is_hidden(c) => escape_columns(c),
        c => c.width().unwrap_or(0),
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (mut from, mut to) =
            (line(&self.text, span.offset()).start, line(&self.text, span.offset() + span.len()).end);
        for _ in 0..lines_before {
            from = line(&self.text, from.saturating_sub(1)).start;
        }
        for _ in 0..lines_after {
            to = line(&self.text, to + 1).end;
        }
        let data = self.text.get(from..to).unwrap_or_default();
        let before = self.text.get(..from).unwrap_or_default().matches('\n').count();
        // No context at all means the place itself, which is the heading.
        let heading = self.headings.iter().find(|(of, _)| lines_before == 0 && lines_after == 0 && of == span);
        Ok(Box::new(MietteSpanContents::new_named(
            heading.map(|(_, heading)| heading.clone()).unwrap_or_default(),
            data.as_bytes(),
            SourceSpan::from((from, to - from)),
            self.first_line + before,
            0,
            data.lines().count(),
        )))
    }
}
