//! Fixes as a step of the pipeline: the edits that findings carry, applied until no finding carries one.
//!
//! Each round applies edits that do not overlap, gives the files their one form and checks the project. Edits with which a
//! file would not format or not compile are found by halves and left out; the others are applied.

use std::collections::{BTreeMap, BTreeSet};

use super::lint::{Linted, lint};
use super::{Settings, check};
use crate::diagnostics::{Diagnostic, Fix, Safety};
use crate::format::{self, Formatted};
use crate::lint::Finding;
use crate::source::{Form, Source, SourceId, Span};

/// What fixing a project comes to.
#[derive(Debug)]
pub struct Fixed {
    /// All sources, as they would be.
    pub sources: Vec<Source>,
    /// The files that change, and how many findings were mended in each.
    pub changed: BTreeMap<SourceId, usize>,
    /// The edits that were not applied, in order of their places.
    pub left: Vec<Left>,
    /// Whether the last round found nothing to do.
    pub is_settled: bool,
    /// What is found in the sources as they would be.
    pub linted: Linted,
}

/// An edit that was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its place in the source as it would be.
    pub span: Span,
    pub title: String,
    pub why: String,
    replacement: String,
}

/// Rounds of edits. Each mends at least one finding of a file for good, unless two rules undo each other's work.
const ROUNDS_MAX: usize = 20;

/// Applies the fixes of the findings that are wanted, safe ones or all.
pub fn fix(sources: &[Source], settings: &Settings, every_fix: bool, is_wanted: &dyn Fn(&Finding) -> bool) -> Fixed {
    let mut fixing = Fixing::new(sources, settings);
    let mut linted = lint(sources, settings);
    let mut is_settled = false;
    for _ in 0..ROUNDS_MAX {
        let edits = fixing.edits(&linted, every_fix, is_wanted);
        is_settled = edits.is_empty();
        if is_settled {
            break;
        }
        let tried = Tried::new(&edits, &linted);
        let before = fixing.sources.clone();
        let applied = fixing.apply(&edits);
        let next = lint(&fixing.sources, settings);
        if fixing.leave_what_does_not_help(&tried, &next, &before, &applied) {
            linted = lint(&fixing.sources, settings);
        } else {
            linted = next;
        }
    }
    let Fixing { sources: fixed, mut changed, left, .. } = fixing;
    // What two rounds did and undid is no change.
    changed.retain(|id, _| text_of(&fixed, *id) != text_of(sources, *id));
    let mut left: Vec<Left> = left.into_values().flatten().collect();
    left.sort_by_key(|left| left.span);
    Fixed { sources: fixed, changed, left, is_settled, linted }
}

fn text_of(sources: &[Source], id: SourceId) -> Option<&str> {
    sources.iter().find(|source| source.id == id).map(|source| &*source.text)
}

/// What a round sets out to fix: by source, the findings, and how many there were in all.
struct Tried(BTreeMap<SourceId, (BTreeSet<String>, usize)>);

impl Tried {
    fn new(edits: &[&Fix], linted: &Linted) -> Self {
        let mut tried: BTreeMap<SourceId, (BTreeSet<String>, usize)> = BTreeMap::new();
        let ids: BTreeSet<SourceId> = edits.iter().map(|fix| fix.span.source).collect();
        for id in ids {
            let own: Vec<&Finding> = in_source(linted, id).collect();
            let is_tried = |finding: &&&Finding| finding.diagnostic.fixes.iter().any(|fix| edits.contains(&fix));
            let found = own.iter().filter(is_tried).map(|finding| finding.fingerprint()).collect();
            tried.insert(id, (found, own.len()));
        }
        Self(tried)
    }
}

fn in_source(linted: &Linted, id: SourceId) -> impl Iterator<Item = &Finding> {
    linted.findings.iter().filter(move |finding| finding.diagnostic.primary.span.source == id)
}

struct Fixing<'a> {
    settings: &'a Settings,
    sources: Vec<Source>,
    /// How many errors each source had before anything was mended.
    errors: BTreeMap<SourceId, usize>,
    changed: BTreeMap<SourceId, usize>,
    /// What was not applied to the texts as they are: with another text it is tried again.
    left: BTreeMap<SourceId, Vec<Left>>,
}

impl<'a> Fixing<'a> {
    fn new(found: &[Source], settings: &'a Settings) -> Self {
        let errors = by_source(&errors(found, settings));
        Self { settings, sources: found.to_vec(), errors, changed: BTreeMap::new(), left: BTreeMap::new() }
    }

    /// The next edits: in order, none overlapping another.
    fn edits<'l>(&self, linted: &'l Linted, every_fix: bool, is_wanted: &dyn Fn(&Finding) -> bool) -> Vec<&'l Fix> {
        let is_flow: BTreeSet<SourceId> =
            self.sources.iter().filter(|source| source.form() == Form::Flow).map(|source| source.id).collect();
        let mut edits: Vec<&Fix> = Vec::new();
        for finding in linted.findings.iter().filter(|finding| is_wanted(finding)) {
            let may = |fix: &&Fix| every_fix || fix.safety == Safety::Safe;
            // Several fixes of a finding are alternatives.
            let Some(fix) = finding.diagnostic.fixes.iter().find(may) else { continue };
            if is_flow.contains(&fix.span.source) && !self.is_left(fix) {
                edits.push(fix);
            }
        }
        edits.sort_by_key(|fix| (fix.span, &fix.replacement));
        let mut last: Option<Span> = None;
        edits.retain(|fix| {
            let is_apart = last.is_none_or(|last| {
                fix.span.source != last.source || fix.span.start >= last.end && fix.span.start > last.start
            });
            if is_apart {
                last = Some(fix.span);
            }
            is_apart
        });
        edits
    }

    fn is_left(&self, fix: &Fix) -> bool {
        let left = self.left.get(&fix.span.source);
        left.into_iter().flatten().any(|left| left.span == fix.span && left.replacement == fix.replacement)
    }

    /// Applies the edits, but for those with which a file does not come out sound. What was applied.
    fn apply<'l>(&mut self, edits: &[&'l Fix]) -> Vec<&'l Fix> {
        let before = self.sources.clone();
        let mut applied: Vec<&Fix> = Vec::new();
        // By halves: one that does no harm is tried with all others at once, one that does comes to be tried by itself.
        let mut open: Vec<Vec<&Fix>> = vec![edits.to_vec()];
        while let Some(group) = open.pop() {
            let mut all: Vec<&Fix> = applied.iter().chain(&group).copied().collect();
            all.sort_by_key(|fix| fix.span);
            match (self.tried(&before, &all), group.as_slice()) {
                (Ok(sources), _) => {
                    self.sources = sources;
                    applied = all;
                }
                (Err(why), [only]) => self.leave(only, why),
                (Err(_), _) => {
                    let (first, second) = group.split_at(group.len() / 2);
                    open.extend([second.to_vec(), first.to_vec()]);
                }
            }
        }
        for fix in &applied {
            *self.changed.entry(fix.span.source).or_default() += 1;
            // In another text it is another edit.
            self.left.remove(&fix.span.source);
        }
        applied
    }

    /// The sources with edits applied; if one of them would not be sound, why.
    fn tried(&self, before: &[Source], edits: &[&Fix]) -> Result<Vec<Source>, String> {
        let mut sources = before.to_vec();
        for group in edits.chunk_by(|a, b| a.span.source == b.span.source) {
            let id = group.first().map(|fix| fix.span.source);
            let Some(source) = sources.iter_mut().find(|source| Some(source.id) == id) else { continue };
            let new = Source::new(source.id, source.path.clone(), with_edits(&source.text, group));
            match format::format(&new) {
                Formatted::Changed(text) => *source = Source::new(source.id, source.path.clone(), text),
                Formatted::Unchanged => *source = new,
                Formatted::Broken(problems) => {
                    let why = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                    return Err(format!("fixed, the file could not be read: {why}"));
                }
                Formatted::Unsound(why) => return Err(format!("fixed, the file could not be formatted: {why}")),
            }
        }
        let errors = errors(&sources, self.settings);
        let counts = by_source(&errors);
        let Some(worse) = counts.keys().find(|id| counts.get(id) > self.errors.get(id)) else { return Ok(sources) };
        let first = errors.iter().find(|error| error.primary.span.source == *worse);
        let why = first.map(|error| error.message.clone()).unwrap_or_default();
        Err(format!("fixed, it would not compile: {why}"))
    }

    /// Takes back a round that changed a file and left it with all of its findings: another would do the same again.
    fn leave_what_does_not_help(
        &mut self,
        tried: &Tried,
        linted: &Linted,
        before: &[Source],
        applied: &[&Fix],
    ) -> bool {
        let mut any = false;
        for (id, (tried, count)) in &tried.0 {
            let edits: Vec<&Fix> = applied.iter().filter(|fix| fix.span.source == *id).copied().collect();
            let now: BTreeSet<String> = in_source(linted, *id).map(Finding::fingerprint).collect();
            if edits.is_empty() || now.len() < *count || !tried.is_subset(&now) {
                continue;
            }
            let was = before.iter().find(|source| source.id == *id);
            if let (Some(source), Some(was)) = (self.sources.iter_mut().find(|source| source.id == *id), was) {
                *source = was.clone();
            }
            if let Some(changed) = self.changed.get_mut(id) {
                *changed -= edits.len();
            }
            for fix in edits {
                self.leave(fix, "fixed, it would be found again".to_owned());
            }
            any = true;
        }
        any
    }

    fn leave(&mut self, fix: &Fix, why: String) {
        let (title, replacement) = (fix.title.clone(), fix.replacement.clone());
        self.left.entry(fix.span.source).or_default().push(Left { span: fix.span, title, why, replacement });
    }
}

fn errors(sources: &[Source], settings: &Settings) -> Vec<Diagnostic> {
    let mut found = check(sources, settings).diagnostics;
    found.retain(Diagnostic::is_error);
    found
}

fn by_source(errors: &[Diagnostic]) -> BTreeMap<SourceId, usize> {
    let mut counts = BTreeMap::new();
    for error in errors {
        *counts.entry(error.primary.span.source).or_default() += 1;
    }
    counts
}

/// A text with edits that are in order and do not overlap.
fn with_edits(text: &str, edits: &[&Fix]) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = if edit.replacement.is_empty() { whole_line(text, edit.span) } else { edit.span.range() };
        edited.push_str(text.get(at..range.start).unwrap_or_default());
        edited.push_str(&edit.replacement);
        at = range.end.max(at);
    }
    edited.push_str(text.get(at..).unwrap_or_default());
    edited
}

/// What is taken away, with its line where nothing else stands on it.
fn whole_line(text: &str, span: Span) -> std::ops::Range<usize> {
    let range = span.range();
    let before = text.get(..range.start).unwrap_or_default();
    let behind = text.get(range.end..).unwrap_or_default();
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let Some(length) = behind.find('\n') else { return range };
    let is_blank = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
    if is_blank(before.get(begin..)) && is_blank(behind.get(..length)) { begin..range.end + length + 1 } else { range }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(text: &str, part: &str, replacement: &str) -> Fix {
        let start = text.find(part).unwrap();
        let span = Span::new(SourceId(0), start, start + part.len());
        Fix { title: String::new(), span, replacement: replacement.to_owned(), safety: Safety::Safe }
    }

    #[test]
    fn edits_keep_what_stands_between_them() {
        let text = "one two three";
        let (one, three) = (fix(text, "one", "1"), fix(text, "three", ""));
        assert_eq!(with_edits(text, &[&one, &three]), "1 two ");
    }

    #[test]
    fn what_is_taken_away_takes_its_line_along_if_it_was_alone() {
        let text = "a\n  b\nc // d\n";
        assert_eq!(with_edits(text, &[&fix(text, "b", "")]), "a\nc // d\n");
        assert_eq!(with_edits(text, &[&fix(text, "c", "")]), "a\n  b\n // d\n");
        let (a, b) = (fix(text, "a", ""), fix(text, "b", ""));
        assert_eq!(with_edits(text, &[&a, &b]), "c // d\n");
    }
}
