//! Findings that a project knows of already: a file that lists them, so that lint can be adopted before all are mended.
//!
//! A line is a finding's rule, its fingerprint and its flow. Only the fingerprint counts; the rest is for who reviews the
//! file. Line numbers are not in it, so an edit elsewhere changes nothing.

use std::collections::BTreeSet;

use super::Finding;

/// The file that lists these findings.
pub fn text(findings: &[Finding]) -> String {
    let lines: BTreeSet<String> = findings
        .iter()
        .map(|finding| {
            // A name may hold anything; a line is one line.
            let flow = finding.flow.replace(char::is_control, " ");
            format!("{} {} {flow}\n", finding.rule.name(), finding.fingerprint())
        })
        .collect();
    lines.into_iter().collect()
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
}
