//! Diagnostics as text: for people, for `grep`, for programs. Pure: colour and width come in as data.
//!
//! A renderer looks a place up in [`Places`], so that the lines of a source are counted once however much there is to
//! say about it.

mod human;
mod json;
mod page;
mod short;
mod snippet;

pub use page::page;

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Level};
use crate::source::{LineIndex, Position, Source, SourceId, Span, without_commands};

/// What the reader's terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    pub color: bool,
    pub unicode: bool,
    pub width: usize,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Snippets with the source.
    #[default]
    Human,
    /// One line each: `path:line:column: error[FC0201]: message`.
    Short,
    /// One JSON object per line.
    Json,
}

/// How many messages people are shown. Who has more to look at wants a list, and their first cause is often one.
pub const SHOWN_MAX: usize = 200;

/// All of them, in the order given. People are shown [`SHOWN_MAX`] of them at most, and are told what is left.
pub fn render(diagnostics: &[Diagnostic], sources: &[Source], format: Format, style: Style) -> String {
    let one = match format {
        Format::Human => human::diagnostic,
        Format::Short => short::diagnostic,
        Format::Json => json::diagnostic,
    };
    let shown = if format == Format::Human { weightiest(diagnostics) } else { diagnostics.iter().collect() };
    let places = Places::new(&shown, sources);
    let mut text: String = shown.iter().map(|diagnostic| one(diagnostic, &places, style)).collect();
    if shown.len() < diagnostics.len() {
        text.push_str(&human::left_out(diagnostics, &shown));
    }
    if format == Format::Json { text } else { without_commands(&text).into_owned() }
}

/// As many as are shown: what weighs most, in the order given.
fn weightiest(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut room = SHOWN_MAX;
    // How many of each level fit, errors first.
    let mut left = [Level::Error, Level::Warning, Level::Note].map(|level| {
        let all = diagnostics.iter().filter(|diagnostic| diagnostic.level() == level).count();
        let fits = all.min(room);
        room -= fits;
        (level, fits)
    });
    let is_shown = |diagnostic: &&Diagnostic| {
        let left = left.iter_mut().find(|(level, _)| *level == diagnostic.level());
        left.is_some_and(|(_, left)| {
            let fits = *left > 0;
            *left = left.saturating_sub(1);
            fits
        })
    };
    diagnostics.iter().filter(is_shown).collect()
}

/// A source and where its lines begin.
struct Place<'a> {
    source: &'a Source,
    lines: LineIndex,
}

impl<'a> Place<'a> {
    fn new(source: &'a Source) -> Self {
        Self { source, lines: source.lines() }
    }

    fn position(&self, offset: usize) -> Position {
        self.lines.position(&self.source.text, offset)
    }

    /// Whether there is anything to show: a source that could not be read has no text.
    fn has_text(&self) -> bool {
        !self.source.text.is_empty()
    }
}

/// The sources that a list of diagnostics speaks of.
struct Places<'a>(BTreeMap<SourceId, Place<'a>>);

impl<'a> Places<'a> {
    fn new(diagnostics: &[&Diagnostic], sources: &'a [Source]) -> Self {
        let mut places = BTreeMap::new();
        let spans = diagnostics.iter().flat_map(|diagnostic| {
            let labels = diagnostic.secondary.iter().map(|label| label.span);
            let fixes = diagnostic.fixes.iter().map(|fix| fix.span);
            std::iter::once(diagnostic.primary.span).chain(labels).chain(fixes)
        });
        for id in spans.map(|span| span.source) {
            if let Some(source) = find(sources, id) {
                places.entry(id).or_insert_with(|| Place::new(source));
            }
        }
        Self(places)
    }

    fn get(&self, span: Span) -> Option<&Place<'a>> {
        self.0.get(&span.source)
    }
}

/// A project's sources stand at the index that their id says; a lone source stands where it likes.
fn find(sources: &[Source], id: SourceId) -> Option<&Source> {
    let at_index = sources.get(id.0 as usize).filter(|source| source.id == id);
    at_index.or_else(|| sources.iter().find(|source| source.id == id))
}

#[cfg(test)]
mod tests;
