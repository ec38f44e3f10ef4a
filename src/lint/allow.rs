//! Findings that a project says are right: by a line with `@allow` in a source, or by an entry of a file beside documents.
//!
//! What is allowed and not found any more is itself worth a finding, and so is a rule that there is not. Two rules look at
//! that, behind all others.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use super::{Config, Finding, Rule, Setting};
use crate::diagnostics::{Code, codes};
use crate::flow::{Allow, Flow};
use crate::source::{Source, SourceId, Span, Spanned};

/// An entry of a file that says what is right in documents, which cannot say so themselves.
#[derive(Debug, Clone)]
pub struct Entry {
    pub rule: Spanned<String>,
    pub flow: Spanned<String>,
    /// The identifier of a block; without one, all of the flow is meant.
    pub block: Option<Spanned<String>>,
    /// The file, and the entry in it.
    pub path: String,
    pub span: Span,
}

/// What a name behind `@allow` turned out to be.
#[derive(Debug, Clone, Copy)]
pub enum Named {
    Rule(&'static Rule),
    /// A warning of the compiler.
    Warning(Code),
    /// An error of the compiler, which nothing silences.
    Error(Code),
    Unknown,
}

impl Named {
    /// A warning of the compiler that is the same finding as a rule is that rule.
    fn of(name: &str) -> Self {
        if let Some(rule) = codes::find(name).and_then(rules::same_as) {
            return Self::Rule(rule);
        }
        match (rules::find(name), codes::find(name)) {
            (Some(rule), _) => Self::Rule(rule),
            (None, Some(code)) if code.level() == crate::diagnostics::Level::Warning => Self::Warning(code),
            (None, Some(code)) => Self::Error(code),
            (None, None) => Self::Unknown,
        }
    }
}

/// What a project says is right, and what came of it.
#[derive(Debug)]
pub struct Allowed<'a> {
    pub rule: &'a Spanned<String>,
    pub named: Named,
    /// All of it, and the source that it stands in.
    pub span: Span,
    pub path: &'a str,
    pub flow: &'a str,
    /// Whether it silences nothing, as far as that can be told.
    pub is_unused: bool,
    reach: Reach<'a>,
}

/// Which findings are meant.
#[derive(Debug)]
enum Reach<'a> {
    Line(&'a Allow, BTreeSet<&'a str>),
    Entry(&'a Entry),
}

impl<'a> Allowed<'a> {
    fn line(allow: &'a Allow, flow: &'a Flow, path: &'a str) -> Self {
        let blocks = flow.blocks().filter(|(id, _)| allow.blocks.contains(&id.index()));
        let blocks = blocks.map(|(_, block)| block.identifier.as_str()).collect();
        Self {
            rule: &allow.rule,
            named: Named::of(&allow.rule.value),
            span: allow.span,
            path,
            flow: &flow.name.value,
            is_unused: false,
            reach: Reach::Line(allow, blocks),
        }
    }

    fn entry(entry: &'a Entry) -> Self {
        Self {
            rule: &entry.rule,
            named: Named::of(&entry.rule.value),
            span: entry.span,
            path: &entry.path,
            flow: &entry.flow.value,
            is_unused: false,
            reach: Reach::Entry(entry),
        }
    }

    /// Whether it is a line in a source rather than an entry of a file.
    pub fn is_line(&self) -> bool {
        matches!(self.reach, Reach::Line(..))
    }

    /// The name of the rule that is meant.
    fn meant(&self) -> &'a str {
        if let Named::Rule(rule) = self.named { rule.name() } else { &self.rule.value }
    }

    fn is_about(&self, finding: &Finding) -> bool {
        if self.meant() != finding.rule.name() {
            return false;
        }
        match &self.reach {
            Reach::Line(allow, blocks) => {
                let is_here = finding.flow == self.flow && finding.path == self.path;
                allow.covers(finding.diagnostic.primary.span) || is_here && blocks.contains(finding.block.as_str())
            }
            Reach::Entry(entry) => {
                entry.flow.value == finding.flow
                    && entry.block.as_ref().is_none_or(|block| block.value == finding.block)
            }
        }
    }

    /// Whether it would have silenced something, had there been something: its rule has looked where it stands.
    fn was_tried(&self, config: &Config, paths: &BTreeMap<&str, &str>) -> bool {
        let Some(path) = paths.get(self.flow) else { return false };
        match self.named {
            Named::Rule(rule) => config.setting(rule, path) != Setting::Allow,
            // These are said of an environment, and lint knows none.
            Named::Warning(code) => code != codes::NO_MAPPING && code != codes::UNMAPPED_FAILURE,
            Named::Error(_) | Named::Unknown => false,
        }
    }
}

/// Everything that the sources of flows and the project's file say is right.
pub(super) fn all<'a>(flows: &[(&'a Flow, &'a Source)], config: &'a Config) -> Vec<Allowed<'a>> {
    let lines = flows.iter().flat_map(|(flow, source)| {
        let (flow, path): (&'a Flow, &'a str) = (flow, &source.path);
        flow.allows.iter().map(move |allow| Allowed::line(allow, flow, path))
    });
    lines.chain(config.allowed.iter().map(Allowed::entry)).collect()
}

/// Takes out the findings that are allowed, and tells what allows nothing. `silenced` are the lines that have silenced a
/// warning of the compiler.
pub(super) fn settle(
    allowed: &mut [Allowed],
    findings: Vec<Finding>,
    flows: &[(&Flow, &Source)],
    config: &Config,
    silenced: &BTreeSet<Span>,
) -> Vec<Finding> {
    // By rule and text, and by rule and flow: a project may allow something in each of its flows.
    let mut by_text: BTreeMap<(&str, SourceId), Vec<&Allowed>> = BTreeMap::new();
    let mut by_flow: BTreeMap<(&str, &str), Vec<&Allowed>> = BTreeMap::new();
    for one in allowed.iter() {
        if let Reach::Line(allow, _) = &one.reach {
            by_text.entry((one.meant(), allow.scope.source)).or_default().push(one);
        }
        by_flow.entry((one.meant(), one.flow)).or_default().push(one);
    }
    // A line in a fragment counts as one, however often it is copied.
    let mut used = silenced.clone();
    let mut left = Vec::with_capacity(findings.len());
    for finding in findings {
        let rule = finding.rule.name();
        let here = by_text.get(&(rule, finding.diagnostic.primary.span.source));
        let candidates = here.into_iter().chain(by_flow.get(&(rule, finding.flow.as_str()))).flatten();
        let meant: Vec<Span> = candidates.filter(|one| one.is_about(&finding)).map(|one| one.span).collect();
        if meant.is_empty() {
            left.push(finding);
        }
        used.extend(meant);
    }
    let paths: BTreeMap<&str, &str> = flows.iter().map(|(flow, source)| (&*flow.name.value, &*source.path)).collect();
    for one in allowed {
        one.is_unused = one.was_tried(config, &paths) && !used.contains(&one.span);
    }
    left
}
