//! Findings in the forms that programs read. What people read in a terminal is rendered like any other diagnostic.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod summary;

use std::collections::BTreeMap;

use super::Finding;
use crate::diagnostics::Diagnostic;
use crate::source::{LineIndex, Position, Source, SourceId, Span};

/// A form for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One object per line.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub's workflows.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// A report of tests.
    Junit,
    /// Tables in Markdown.
    Summary,
}

/// What there is to report: findings, and what check says.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub diagnostic: &'a Diagnostic,
    pub finding: Option<&'a Finding>,
}

/// All that was found, as one text.
pub fn report(form: Form, findings: &[Finding], problems: &[Diagnostic], sources: &[Source]) -> String {
    let problems = problems.iter().map(|diagnostic| Entry { diagnostic, finding: None });
    let found = findings.iter().map(|finding| Entry { diagnostic: &finding.diagnostic, finding: Some(finding) });
    let entries: Vec<Entry> = problems.chain(found).collect();
    let places = Places::new(sources);
    match form {
        Form::Json => json::report(&entries, &places),
        Form::Sarif => sarif::report(&entries, &places),
        Form::Github => github::report(&entries, &places),
        Form::Gitlab => gitlab::report(&entries, &places),
        Form::Junit => junit::report(&entries, &places),
        Form::Summary => summary::report(&entries, &places),
    }
}

/// Where spans are in lines and columns.
pub(super) struct Places<'a>(BTreeMap<SourceId, (&'a Source, LineIndex)>);

/// A place as programs want it: lines and columns from one, columns in characters, offsets in bytes from zero.
pub(super) struct Place<'a> {
    pub path: &'a str,
    pub start: Position,
    pub end: Position,
}

impl<'a> Places<'a> {
    fn new(sources: &'a [Source]) -> Self {
        Self(sources.iter().map(|source| (source.id, (source, source.lines()))).collect())
    }

    pub fn of(&self, span: Span) -> Option<Place<'a>> {
        let (source, lines) = self.0.get(&span.source)?;
        let position = |offset: u32| lines.position(&source.text, offset as usize);
        Some(Place { path: &source.path, start: position(span.start), end: position(span.end) })
    }
}
