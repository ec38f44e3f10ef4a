//! The pen: what has been written, where that stands in the source, and which comment comes next.
//!
//! A comment runs to the end of its line, so it can only stand where the grammar takes a newline. At each such place the
//! printer asks the pen to write what stands there: behind the last thing on its line ([`Pen::trail`]) or on lines of its
//! own before the next ([`Pen::lead`]). The pen takes the comments strictly in order, so none is lost or written twice.

use std::ops::Range;

use crate::source::{Source, Span};
use crate::syntax::Comment;

/// Settings and lists that would go beyond this column are broken over lines.
pub(super) const WIDTH_MAX: usize = 120;

/// Whether an empty line comes before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// The first line behind a bracket has none.
    First,
    /// Attributes stand right above what they belong to.
    Tight,
    /// One, if the author put any.
    Kept,
    /// One in any case.
    Forced,
}

pub(super) struct Pen<'a> {
    pub(super) source: &'a Source,
    comments: &'a [Comment],
    /// The index of the next comment to be written.
    next: usize,
    /// The offset in the source behind what was written last.
    pub(super) at: usize,
    pub(super) out: String,
    /// How deep the line is indented.
    pub(super) level: usize,
    /// A trial on one line: whatever needs a line of its own makes it fail.
    pub(super) flat: bool,
    failed: bool,
}

impl<'a> Pen<'a> {
    pub(super) fn new(source: &'a Source, comments: &'a [Comment]) -> Self {
        Self { source, comments, next: 0, at: 0, out: String::new(), level: 0, flat: false, failed: false }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writes what stands under a span, as it stands there.
    pub(super) fn copy(&mut self, span: Span) {
        let source = self.source;
        self.out.push_str(source.slice(span));
    }

    /// What a trial writes, if it stays on one line.
    pub(super) fn try_flat(&self, print: impl FnOnce(&mut Pen<'a>)) -> Option<String> {
        let mut trial = Pen { next: self.next, at: self.at, flat: true, ..Pen::new(self.source, self.comments) };
        print(&mut trial);
        (!trial.failed && !trial.out.contains('\n')).then_some(trial.out)
    }

    /// Ends a trial. Elsewhere this changes nothing.
    pub(super) fn fail(&mut self) {
        self.failed = true;
    }

    /// Whether a text with so many more characters behind it ends within the line.
    pub(super) fn fits(&self, text: &str, behind: usize) -> bool {
        // No further back than matters, so that a line of a million characters is not counted over and over.
        let line = self.out.bytes().rev().take_while(|&byte| byte != b'\n').take(WIDTH_MAX * 4 + 4);
        let begun = line.filter(|byte| byte & 0xC0 != 0x80).count();
        begun + text.chars().count() + behind <= WIDTH_MAX
    }

    pub(super) fn indent(&self) -> usize {
        self.level * 2
    }

    // ---- the source -------------------------------------------------------------------------------------------------

    pub(super) fn between(&self, start: usize, end: usize) -> &'a str {
        self.source.text.get(start..end).unwrap_or_default()
    }

    /// The offset of the next token, behind space, newlines and comments.
    pub(super) fn token(&self, mut at: usize) -> usize {
        loop {
            let rest = self.between(at, self.source.text.len());
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
            at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return at;
            }
            at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    /// The offset of the next token that is no comma: behind the last entry, the closing bracket.
    pub(super) fn bracket(&self, at: usize) -> usize {
        let at = self.token(at);
        if self.starts(at, ",") { self.token(at + 1) } else { at }
    }

    pub(super) fn starts(&self, at: usize, text: &str) -> bool {
        self.between(at, self.source.text.len()).starts_with(text)
    }

    /// Whether the author broke the line behind an opening bracket.
    pub(super) fn broken_at(&self, start: usize) -> bool {
        let rest = self.between(start, self.source.text.len()).trim_start_matches([' ', '\t', '\r', '\u{feff}']);
        rest.starts_with('\n')
    }

    pub(super) fn one_line(&self, span: Span) -> bool {
        !self.source.slice(span).contains('\n')
    }

    pub(super) fn has_comment(&self, within: &Range<usize>) -> bool {
        let from = self.comments.partition_point(|comment| (comment.span.start as usize) < within.start);
        self.comments.get(from).is_some_and(|comment| (comment.span.start as usize) < within.end)
    }

    /// The next comment, if it begins before an offset.
    fn comment_before(&self, limit: usize) -> Option<Comment> {
        self.comments.get(self.next).copied().filter(|comment| (comment.span.start as usize) < limit)
    }

    // ---- lines ------------------------------------------------------------------------------------------------------

    pub(super) fn newline(&mut self) {
        if self.flat {
            self.fail();
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let indent = self.indent();
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn new_row(&mut self, start: usize, gap: Gap) {
        let blank = match gap {
            Gap::First | Gap::Tight => false,
            Gap::Kept => self.between(self.at, start).matches('\n').count() > 1,
            Gap::Forced => true,
        };
        if blank && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.newline();
    }

    fn comment(&mut self, comment: Comment) {
        let source = self.source;
        self.out.push_str(source.slice(comment.span).trim_end());
        self.at = comment.span.end as usize;
        self.next += 1;
    }

    /// Writes the comment that stands behind the last thing, on its line, before an offset; whether there was one.
    pub(super) fn trail(&mut self, limit: usize) -> bool {
        match self.comment_before(limit) {
            Some(comment)
                if !comment.own_line && !self.between(self.at, comment.span.start as usize).contains('\n') =>
            {
                self.push(" ");
                self.comment(comment);
                true
            }
            _ => false,
        }
    }

    /// Begins the line of what stands at an offset, behind the lines of the comments before it.
    pub(super) fn lead(&mut self, start: usize, gap: Gap) {
        let attached = self.attached(start);
        let mut gap = gap;
        while let Some(comment) = self.comment_before(start) {
            // An empty line that has to be there goes above the comments that belong to the line.
            let above = match gap {
                Gap::Forced if self.next != attached => Gap::Kept,
                gap => gap,
            };
            self.new_row(comment.span.start as usize, above);
            let began = self.next == attached;
            self.comment(comment);
            gap = match gap {
                Gap::Tight => Gap::Tight,
                Gap::Forced if !began => Gap::Forced,
                _ => Gap::Kept,
            };
        }
        self.new_row(start, gap);
    }

    /// The index of the first comment of those that stand right above an offset, without an empty line between.
    fn attached(&self, start: usize) -> usize {
        let mut index = self.comments.partition_point(|comment| (comment.span.start as usize) < start);
        let mut below = start;
        while let Some(comment) = index.checked_sub(1).and_then(|previous| self.comments.get(previous)) {
            let apart = self.between(comment.span.end as usize, below).matches('\n').count() > 1;
            if index <= self.next || apart {
                break;
            }
            below = comment.span.start as usize;
            index -= 1;
        }
        index
    }

    /// Writes the comments that stand before a closing bracket or the end of the file.
    pub(super) fn rest(&mut self, limit: usize, gap: Gap) {
        let mut gap = gap;
        while let Some(comment) = self.comment_before(limit) {
            self.new_row(comment.span.start as usize, gap);
            self.comment(comment);
            gap = Gap::Kept;
        }
    }

    /// Writes what stands between two brackets, a row to a line, and goes to the line of the closing one.
    pub(super) fn rows<T>(
        &mut self,
        within: Range<usize>,
        rows: &[T],
        place: impl Fn(&T) -> Range<usize>,
        gap: impl Fn(&T) -> Gap,
        mut print: impl FnMut(&mut Self, &T),
    ) {
        if self.flat {
            self.fail();
            return;
        }
        self.at = within.start;
        let begins = |index: usize| rows.get(index).map_or(within.end, |row| place(row).start);
        self.trail(begins(0));
        self.level += 1;
        for (index, row) in rows.iter().enumerate() {
            self.lead(place(row).start, if index == 0 { Gap::First } else { gap(row) });
            print(self, row);
            self.at = place(row).end;
            self.trail(begins(index + 1));
        }
        self.rest(within.end, if rows.is_empty() { Gap::First } else { Gap::Kept });
        self.level -= 1;
        self.newline();
    }
}
