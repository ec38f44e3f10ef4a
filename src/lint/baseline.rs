//! Findings that a project knows of already: a file that lists them, so that lint can be adopted before all are mended.
//!
//! A line is a finding's rule, its fingerprint and its flow; of a warning of the compiler its code, and the file. Only the
//! fingerprint counts; the rest is for who reviews the file. Line numbers are not in it, so an edit elsewhere changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::finding::fingerprint;
use crate::diagnostics::Diagnostic;
use crate::source::{Source, SourceId};

/// The file that lists these findings, and these warnings of the compiler. What is an error is mended, not listed.
pub fn text(findings: &[Finding], problems: &[Diagnostic], sources: &[Source]) -> String {
    // A name may hold anything; a line is one line.
    let line = |rule: &str, fingerprint: &str, of: &str| {
        format!("{rule} {fingerprint} {}\n", of.replace(char::is_control, " "))
    };
    let lines = findings.iter().map(|one| line(one.rule.name(), &one.fingerprint(), &one.flow));
    let warnings = told(problems, sources);
    let warnings = warnings.iter().filter(|told| !told.problem.is_error());
    let warnings = warnings.map(|told| line(told.problem.code.id(), &told.fingerprint, told.path));
    lines.chain(warnings).collect::<BTreeSet<String>>().into_iter().collect()
}

/// Whether a text can be a baseline, so that nothing is lost with it.
pub fn is_one(text: &str) -> bool {
    text.lines().all(|line| {
        let fingerprint = line.split(' ').nth(1).unwrap_or_default();
        fingerprint.len() >= 16 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The findings that a file lists.
#[derive(Debug, Default)]
pub struct Known(BTreeSet<String>);

impl Known {
    pub fn read(text: &str) -> Self {
        Self(text.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect())
    }

    pub fn holds(&self, finding: &Finding) -> bool {
        !self.0.is_empty() && self.0.contains(&finding.fingerprint())
    }

    /// What the compiler has to say, but for the warnings that the file lists.
    pub fn news(&self, problems: &[Diagnostic], sources: &[Source]) -> Vec<Diagnostic> {
        let is_known = |told: &Told| !told.problem.is_error() && self.0.contains(&told.fingerprint);
        told(problems, sources).into_iter().filter(|told| !is_known(told)).map(|told| told.problem.clone()).collect()
    }
}

/// What the compiler has to say about a file, and how it is known again.
struct Told<'a> {
    problem: &'a Diagnostic,
    path: &'a str,
    fingerprint: String,
}

fn told<'a>(problems: &'a [Diagnostic], sources: &'a [Source]) -> Vec<Told<'a>> {
    let paths: BTreeMap<SourceId, &str> = sources.iter().map(|source| (source.id, &*source.path)).collect();
    let mut seen: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let told = |problem: &'a Diagnostic| {
        let path = paths.get(&problem.primary.span.source).copied().unwrap_or_default();
        let (code, message) = (problem.code.id(), problem.message.as_str());
        let count = seen.entry((code, path, message)).or_default();
        let fingerprint = fingerprint(&[code, path, message, &count.to_string()]);
        *count += 1;
        Told { problem, path, fingerprint }
    };
    problems.iter().map(told).collect()
}
