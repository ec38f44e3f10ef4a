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

/// The findings that the file does not list, and how many it does.
pub fn new_ones(findings: Vec<Finding>, text: &str) -> (Vec<Finding>, usize) {
    let known: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    let before = findings.len();
    let new: Vec<Finding> =
        findings.into_iter().filter(|finding| !known.contains(finding.fingerprint().as_str())).collect();
    let left_out = before - new.len();
    (new, left_out)
}
