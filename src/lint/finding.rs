//! What a rule found, and how it is known again in another run.

use std::collections::BTreeMap;

use super::Rule;
use crate::diagnostics::{Diagnostic, Label, Safety};
use crate::flow::{BlockId, Flow};
use crate::source::Span;

/// A finding: what there is to say, and the path that shows it.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static Rule,
    pub diagnostic: Diagnostic,
    /// The source of the flow that it is about, and the flow.
    pub path: String,
    pub flow: String,
    /// The identifier of the block that it is about; empty for the flow itself.
    pub block: String,
    /// The path from the flow's entry that leads to it, if it is about a path.
    pub trail: Vec<Label>,
    /// What the rule was looking at, such as an attribute.
    subject: String,
    /// Which of several that are alike otherwise.
    ordinal: usize,
}

impl Finding {
    pub(super) fn new(
        rule: &'static Rule,
        (path, flow): (&str, &str),
        block: String,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        let diagnostic = Diagnostic::new(rule.code, span, message);
        Self {
            rule,
            diagnostic,
            path: path.to_owned(),
            flow: flow.to_owned(),
            block,
            trail: Vec::new(),
            subject: String::new(),
            ordinal: 0,
        }
    }

    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.label(text);
        self
    }

    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.also(span, text);
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.help(text);
        self
    }

    #[must_use]
    pub fn fix(mut self, title: &str, span: Span, replacement: impl Into<String>, safety: Safety) -> Self {
        self.diagnostic = self.diagnostic.fix(title, span, replacement, safety);
        self
    }

    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// What might have been meant, with a fix that replaces the place.
    #[must_use]
    pub fn suggest<'a>(mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.diagnostic = self.diagnostic.suggest(word, known);
        self
    }

    /// The path that shows it. People see where it parts from the good one: its last branch.
    #[must_use]
    pub fn trail(mut self, flow: &Flow, path: &[BlockId]) -> Self {
        for (at, id) in path.iter().enumerate() {
            let Some(block) = flow.block(*id) else { continue };
            self.trail.push(Label { span: block.span, text: format!("{} in `{}`", block.said(), flow.name.value) });
            let branches = flow.exits(*id).iter().any(|exit| Some(&exit.target) != path.get(at + 1));
            let next = path.get(at + 1);
            if let (true, Some(next)) = (branches, next)
                && let Some(exit) = flow.exits(*id).iter().find(|exit| exit.target == *next)
                && self.diagnostic.secondary.len() < SHOWN_MAX
                && exit.span != self.diagnostic.primary.span
            {
                self.diagnostic = self.diagnostic.also(exit.span, "by this branch");
            }
        }
        self
    }

    /// The order of findings: by place, then rule.
    pub(super) fn order(&self) -> (Span, &'static str, &str) {
        (self.diagnostic.primary.span, self.rule.name(), &self.diagnostic.message)
    }

    /// What makes it this finding: nothing that an edit elsewhere moves.
    fn identity(&self) -> (&str, &str, &str, &str) {
        (self.rule.name(), &self.flow, &self.block, &self.subject)
    }

    /// A name for it that is the same in every run, whatever else changes: a hash of what makes it this finding.
    pub fn fingerprint(&self) -> String {
        let (rule, flow, block, subject) = self.identity();
        fingerprint(&[rule, flow, block, subject, &self.ordinal.to_string()])
    }
}

/// A hash of what makes something the same in another run.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    let text = parts.join("\u{1f}");
    blake3::hash(text.as_bytes()).to_hex().chars().take(FINGERPRINT_DIGITS).collect()
}

/// More places than these are not looked at in a terminal.
const SHOWN_MAX: usize = 3;

/// 128 bits: no two findings of a project meet by chance.
const FINGERPRINT_DIGITS: usize = 32;

/// Tells findings apart that are alike in all that makes them.
pub(super) fn number(findings: &mut [Finding]) {
    let mut seen: BTreeMap<(String, String, String, String), usize> = BTreeMap::new();
    for finding in findings {
        let (rule, flow, block, subject) = finding.identity();
        let count = seen.entry((rule.to_owned(), flow.to_owned(), block.to_owned(), subject.to_owned())).or_default();
        finding.ordinal = *count;
        *count += 1;
    }
}
