//! Diagnostics with their source around them, drawn by miette.
//!
//! miette draws one source per report, so a label in another file becomes a note of its own below the first. What it
//! draws is bounded here: a generated line of a megabyte or a label over a whole flow would bury the message.

use std::borrow::Cow;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::{Place, Places, Style, printable};
use crate::diagnostics::{Diagnostic, Label, Level};

/// Bytes of one line around a label; what is further away is cut.
const LINE_BYTES_MAX: usize = 400;
/// Lines that one label may cover; a longer one shows where it begins.
const LABEL_LINES_MAX: usize = 8;

pub(super) fn diagnostic(diagnostic: &Diagnostic, places: &Places, style: Style) -> String {
    let home = diagnostic.primary.span.source;
    let (near, far): (Vec<&Label>, Vec<&Label>) =
        diagnostic.secondary.iter().partition(|label| label.span.source == home);
    let here = places.get(diagnostic.primary.span);
    let mut first = Report {
        heading: format!("{}[{}]:", diagnostic.level().word(), diagnostic.code.id()),
        severity: match diagnostic.level() {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Advice,
        },
        message: printable(&diagnostic.message).into_owned(),
        snippet: here.filter(|place| place.has_text()).map(|place| {
            let mut snippet = Snippet::new(place);
            snippet.label(&diagnostic.primary, true);
            for label in &near {
                snippet.label(label, false);
            }
            snippet
        }),
        path: here.map(|place| &*place.source.path),
        help: None,
    };
    let mut notes: Vec<Report> = far
        .into_iter()
        .filter_map(|label| {
            let place = places.get(label.span)?;
            let mut snippet = Snippet::new(place);
            snippet.label(&Label { text: String::new(), ..label.clone() }, true);
            Some(Report {
                heading: "note:".to_owned(),
                severity: Severity::Advice,
                message: printable(&label.text).into_owned(),
                snippet: place.has_text().then_some(snippet),
                path: Some(&place.source.path),
                help: None,
            })
        })
        .collect();
    // Help reads best after everything that it speaks of.
    notes.last_mut().unwrap_or(&mut first).help = diagnostic.help.as_deref().map(|help| printable(help).into_owned());
    std::iter::once(&first).chain(&notes).map(|report| report.draw(style)).collect::<String>() + "\n"
}

/// What miette draws at once: a heading, a snippet of one source, and help.
struct Report<'a> {
    heading: String,
    severity: Severity,
    message: String,
    snippet: Option<Snippet<'a>>,
    path: Option<&'a str>,
    help: Option<String>,
}

impl Report<'_> {
    fn draw(&self, style: Style) -> String {
        let mut characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        characters.error.clone_from(&self.heading);
        characters.warning.clone_from(&self.heading);
        characters.advice.clone_from(&self.heading);
        let corners = (characters.ltop, characters.hbar, characters.lbot);
        let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(style.width)
            .with_urls(false)
            .without_syntax_highlighting();
        let mut text = String::new();
        // Writing to a string cannot fail; a label that miette refuses leaves the heading, which is what matters.
        let _ = handler.render_report(&mut text, self);
        // miette indents the heading by two.
        let text = text.strip_prefix("  ").map_or(text.clone(), str::to_owned);
        match (&self.snippet, self.path) {
            (None, Some(path)) => {
                let (top, bar, bottom) = corners;
                let place = format!("   {top}{bar}[{path}]\n   {bottom}{bar}{bar}{bar}{bar}\n");
                let (heading, help) = split_help(&text);
                format!("{heading}{place}{help}")
            }
            _ => text,
        }
    }
}

/// A report without a snippet, before and after its help begins (behind an escape, when coloured).
fn split_help(text: &str) -> (&str, &str) {
    let at = text.match_indices('\n').map(|(at, _)| at + 1).find(|&at| {
        text.get(at..).is_some_and(|rest| {
            rest.lines().next().is_some_and(|line| line.trim_start_matches(|c| c != ' ').starts_with("  help: "))
        })
    });
    text.split_at(at.unwrap_or(text.len()))
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.snippet.as_ref()?.labels.iter().cloned();
        Some(Box::new(labels))
    }
}

/// A source as miette reads it, with the labels that fall into it.
struct Snippet<'a> {
    place: &'a Place<'a>,
    text: Cow<'a, str>,
    labels: Vec<LabeledSpan>,
}

impl<'a> Snippet<'a> {
    fn new(place: &'a Place<'a>) -> Self {
        Self { place, text: printable(&place.source.text), labels: Vec::new() }
    }

    fn label(&mut self, label: &Label, is_primary: bool) {
        let range = self.clip(label.span.start as usize, label.span.end as usize);
        let text = Some(printable(&label.text).into_owned()).filter(|text| !text.is_empty());
        let span = SourceSpan::from((range.0, range.1 - range.0));
        self.labels.push(if is_primary {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        });
    }

    /// A range that can be drawn: on characters, on a line that exists, not too much of it.
    fn clip(&self, start: usize, end: usize) -> (usize, usize) {
        // Nothing is drawn behind the last line break, so the end of the text is shown behind its last word.
        let last = self.text.trim_end().len();
        let start = if start > last { last } else { self.text.floor_char_boundary(start) };
        let end = self.text.ceil_char_boundary(end.max(start));
        let lines = self.place.lines.line(end) - self.place.lines.line(start);
        let end = if lines > LABEL_LINES_MAX { self.line_end(start) } else { end };
        (start, end.min(self.text.ceil_char_boundary(start + LINE_BYTES_MAX / 2)))
    }

    fn line_end(&self, offset: usize) -> usize {
        let rest = self.text.get(offset..).unwrap_or_default();
        offset + rest.find('\n').unwrap_or(rest.len())
    }

    fn line_start(&self, offset: usize) -> usize {
        self.text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
    }
}

impl SourceCode for Snippet<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (offset, end) = (span.offset(), span.offset() + span.len());
        let mut from = self.line_start(offset);
        for _ in 0..lines_before.min(self.place.lines.line(from) - 1) {
            from = self.line_start(from.saturating_sub(1));
        }
        // No context at all means the place itself, from which miette takes line and column.
        if lines_before == 0 {
            from = offset;
        }
        let mut to = self.line_end(end);
        for _ in 0..lines_after {
            to = self.line_end((to + 1).min(self.text.len()));
        }
        let near_from = self.text.floor_char_boundary(offset.saturating_sub(LINE_BYTES_MAX / 2));
        let near_to = self.text.ceil_char_boundary(end.saturating_add(LINE_BYTES_MAX / 2));
        // Context lines are welcome only when they are short.
        let from = if offset - from > LINE_BYTES_MAX { near_from.max(self.line_start(offset)) } else { from };
        let to = if to - end > LINE_BYTES_MAX { near_to.min(self.line_end(end)) } else { to };
        let data = self.text.get(from..to).unwrap_or_default();
        let at = self.place.position(from);
        Ok(Box::new(MietteSpanContents::new_named(
            self.place.source.path.to_string(),
            data.as_bytes(),
            SourceSpan::from((from, to - from)),
            at.line - 1,
            at.column - 1,
            data.lines().count(),
        )))
    }
}
