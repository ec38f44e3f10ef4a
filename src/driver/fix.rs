//! Fixes as a step of the pipeline: the edits that findings carry, applied until no finding carries one.
//!
//! Each round applies edits that do not overlap, gives the files their one form and checks the project. A file that would
//! not format or not compile afterwards is left as it was found, and so is what follows from its findings.

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
    /// The files that were left as they were, and why.
    pub left: BTreeMap<SourceId, String>,
    /// Whether the last round found nothing to do.
    pub is_settled: bool,
    /// What is found in the sources as they would be.
    pub linted: Linted,
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
        fixing.apply(edits);
        linted = lint(&fixing.sources, settings);
        if fixing.leave_what_does_not_help(&tried, &linted) {
            linted = lint(&fixing.sources, settings);
        }
    }
    let Fixing { sources: fixed, mut changed, left, .. } = fixing;
    // What two rounds did and undid is no change.
    changed.retain(|id, _| {
        let text =
            |sources: &[Source]| sources.iter().find(|source| source.id == *id).map(|source| source.text.clone());
        text(&fixed) != text(sources)
    });
    Fixed { sources: fixed, changed, left, is_settled, linted }
}

/// What a round sets out to fix: by source, the findings, and how many there were in all.
struct Tried(BTreeMap<SourceId, (BTreeSet<String>, usize)>);

impl Tried {
    fn new(edits: &BTreeMap<SourceId, Vec<&Fix>>, linted: &Linted) -> Self {
        let of = |id: SourceId, fixes: &[&Fix]| {
            let own: Vec<&Finding> = in_source(linted, id).collect();
            let is_tried = |finding: &&&Finding| finding.diagnostic.fixes.iter().any(|fix| fixes.contains(&fix));
            (own.iter().filter(is_tried).map(|finding| finding.fingerprint()).collect(), own.len())
        };
        Self(edits.iter().map(|(id, fixes)| (*id, of(*id, fixes))).collect())
    }
}

fn in_source(linted: &Linted, id: SourceId) -> impl Iterator<Item = &Finding> {
    linted.findings.iter().filter(move |finding| finding.diagnostic.primary.span.source == id)
}

struct Fixing<'a> {
    found: &'a [Source],
    settings: &'a Settings,
    sources: Vec<Source>,
    /// How many errors each source had before anything was mended.
    errors: BTreeMap<SourceId, usize>,
    changed: BTreeMap<SourceId, usize>,
    left: BTreeMap<SourceId, String>,
}

impl<'a> Fixing<'a> {
    fn new(found: &'a [Source], settings: &'a Settings) -> Self {
        let errors = by_source(&errors(found, settings));
        Self { found, settings, sources: found.to_vec(), errors, changed: BTreeMap::new(), left: BTreeMap::new() }
    }

    /// The next edits of each source: in order, none overlapping another.
    fn edits<'l>(
        &self,
        linted: &'l Linted,
        every_fix: bool,
        is_wanted: &dyn Fn(&Finding) -> bool,
    ) -> BTreeMap<SourceId, Vec<&'l Fix>> {
        let is_flow: BTreeSet<SourceId> =
            self.sources.iter().filter(|source| source.form() == Form::Flow).map(|source| source.id).collect();
        let mut edits: BTreeMap<SourceId, Vec<&Fix>> = BTreeMap::new();
        for finding in linted.findings.iter().filter(|finding| is_wanted(finding)) {
            let may = |fix: &&Fix| every_fix || fix.safety == Safety::Safe;
            // Several fixes of a finding are alternatives.
            let Some(fix) = finding.diagnostic.fixes.iter().find(may) else { continue };
            let source = fix.span.source;
            if is_flow.contains(&source) && !self.left.contains_key(&source) {
                edits.entry(source).or_default().push(fix);
            }
        }
        for fixes in edits.values_mut() {
            fixes.sort_by_key(|fix| (fix.span, &fix.replacement));
            let mut last: Option<Span> = None;
            fixes.retain(|fix| {
                let is_apart = last.is_none_or(|last| fix.span.start >= last.end && fix.span.start > last.start);
                if is_apart {
                    last = Some(fix.span);
                }
                is_apart
            });
        }
        edits
    }

    /// Applies the edits, and takes back those of files that do not come out sound.
    fn apply(&mut self, edits: BTreeMap<SourceId, Vec<&Fix>>) {
        let mut edited = BTreeSet::new();
        for (id, fixes) in edits {
            let Some(source) = self.sources.iter_mut().find(|source| source.id == id) else { continue };
            let new = Source::new(id, source.path.clone(), with_edits(&source.text, &fixes));
            match format::format(&new) {
                Formatted::Changed(text) => *source = Source::new(id, source.path.clone(), text),
                Formatted::Unchanged => *source = new,
                Formatted::Broken(problems) => {
                    let why = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                    self.leave(id, format!("fixed, it could not be read: {why}"));
                    continue;
                }
                Formatted::Unsound(why) => {
                    self.leave(id, format!("fixed, it could not be formatted: {why}"));
                    continue;
                }
            }
            *self.changed.entry(id).or_default() += fixes.len();
            edited.insert(id);
        }
        // Every turn takes back at least one file, so there are only so many.
        while !edited.is_empty() {
            let errors = errors(&self.sources, self.settings);
            let counts = by_source(&errors);
            let more = |id: &SourceId| counts.get(id) > self.errors.get(id);
            if !counts.keys().any(more) {
                break;
            }
            let own: BTreeSet<SourceId> = edited.iter().copied().filter(more).collect();
            // Where only other files have suffered, nobody can tell by which edit.
            let back = if own.is_empty() { edited.clone() } else { own };
            for id in back {
                let first = errors.iter().find(|error| error.primary.span.source == id).or(errors.first());
                let why = first.map(|error| error.message.clone()).unwrap_or_default();
                self.leave(id, format!("fixed, it would not compile: {why}"));
                edited.remove(&id);
            }
        }
    }

    /// Takes back a round that changed a file and left it with all of its findings: another would do the same again.
    fn leave_what_does_not_help(&mut self, tried: &Tried, linted: &Linted) -> bool {
        let mut any = false;
        for (id, (tried, count)) in &tried.0 {
            let now: BTreeSet<String> = in_source(linted, *id).map(Finding::fingerprint).collect();
            if !self.left.contains_key(id) && now.len() >= *count && tried.is_subset(&now) {
                self.leave(*id, "fixed, it would be found again".to_owned());
                any = true;
            }
        }
        any
    }

    /// Gives a file the text that it was found with, for good.
    fn leave(&mut self, id: SourceId, why: String) {
        let found = self.found.iter().find(|source| source.id == id);
        if let (Some(source), Some(found)) = (self.sources.iter_mut().find(|source| source.id == id), found) {
            *source = found.clone();
        }
        self.changed.remove(&id);
        self.left.insert(id, why);
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
