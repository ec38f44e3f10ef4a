//! Diagnostics with their source around them, drawn by miette.
//!
//! miette draws one source per report, so a label in another file becomes a note of its own below the first, and so does
//! one that is far away on the same long line. What of a source is drawn, [`Snippet`] decides.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode, ThemeCharacters, ThemeStyles};

use super::snippet::Snippet;
use super::{Places, Style};
use crate::diagnostics::{Diagnostic, Label, Level};
use crate::source::{Path, shown_line};

pub(super) fn diagnostic(diagnostic: &Diagnostic, places: &Places, style: Style) -> String {
    let home = diagnostic.primary.span.source;
    let (near, mut apart): (Vec<&Label>, Vec<&Label>) =
        diagnostic.secondary.iter().partition(|label| label.span.source == home);
    let here = places.get(diagnostic.primary.span);
    let path = diagnostic.path.as_ref().map(Path::as_str);
    let snippet = here.filter(|place| place.has_text()).map(|place| {
        let (snippet, far) = Snippet::new(place, &diagnostic.primary, &near, path, style);
        apart.splice(0..0, far);
        snippet
    });
    let mut first = Report {
        heading: format!("{}[{}]:", diagnostic.level().word(), diagnostic.code.id()),
        severity: match diagnostic.level() {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note => Severity::Advice,
        },
        message: shown_line(&diagnostic.message).into_owned(),
        snippet,
        path: here.map(|place| &*place.source.path),
        help: None,
    };
    let mut notes: Vec<Report> = apart
        .into_iter()
        .filter_map(|label| {
            let place = places.get(label.span)?;
            let bare = Label { text: String::new(), ..label.clone() };
            Some(Report {
                heading: "note:".to_owned(),
                severity: Severity::Advice,
                message: shown_line(&label.text).into_owned(),
                snippet: place.has_text().then(|| Snippet::new(place, &bare, &[], None, style).0),
                path: Some(&place.source.path),
                help: None,
            })
        })
        .collect();
    // Help reads best after everything that it speaks of.
    notes.last_mut().unwrap_or(&mut first).help = diagnostic.help.as_deref().map(|help| shown_line(help).into_owned());
    std::iter::once(&first).chain(&notes).map(|report| report.draw(style)).collect::<String>() + "\n"
}

/// What is said of the messages that are not shown.
pub(super) fn left_out(all: &[Diagnostic], shown: &[&Diagnostic]) -> String {
    let counted = |level: Level, word: &str| {
        let of = |count: usize| if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") };
        let left = all.iter().filter(|one| one.level() == level).count()
            - shown.iter().filter(|one| one.level() == level).count();
        (left > 0).then(|| of(left))
    };
    let left = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")];
    let left: Vec<String> = left.into_iter().filter_map(|(level, word)| counted(level, word)).collect();
    let more = all.len() - shown.len();
    format!("and {more} more: {}; `--message-format short` shows all, a line each\n", left.join(", "))
}

/// What miette draws at once: a heading, a snippet of one source, and help.
struct Report<'a> {
    heading: String,
    severity: Severity,
    message: String,
    snippet: Option<Snippet>,
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
            .without_primary_span_start()
            .without_syntax_highlighting();
        let mut text = String::new();
        // Writing to a string cannot fail; a label that miette refuses leaves the heading, which is what matters.
        let _ = handler.render_report(&mut text, self);
        // miette indents the heading by two.
        let text = text.strip_prefix("  ").map_or(text.clone(), str::to_owned);
        match (&self.snippet, self.path) {
            (None, Some(path)) => {
                let (top, bar, bottom) = corners;
                let path = shown_line(path);
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
