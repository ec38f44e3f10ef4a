//! What a rule is.

use ecow::EcoString;

use super::analysis::{Program, View};
use super::{Allowed, Config, Finding};
use crate::diagnostics::{Code, Level};
use crate::flow::{Block, BlockId, Speech};
use crate::source::{Span, Spanned};

/// What a project makes of a rule's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    Allow,
    Warn,
    Deny,
}

impl Setting {
    pub const WORDS: [&'static str; 3] = ["allow", "warn", "deny"];

    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Allow, Self::Warn, Self::Deny].into_iter().find(|setting| setting.word() == word)
    }

    /// How bad a finding is; nothing if it is none.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Allow => None,
            Self::Warn => Some(Level::Warning),
            Self::Deny => Some(Level::Error),
        }
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// One flow at a time.
    Flow(fn(&View, &mut Report)),
    /// All flows together.
    Project(fn(&Program, &mut Report)),
    /// What a project says is right, once all others have looked.
    Allowed(fn(&[Allowed], &mut Report)),
}

/// A rule. Its code's id is its name, and its code's page what `--explain` shows.
#[derive(Debug)]
pub struct Rule {
    pub code: Code,
    /// What a project makes of it that says nothing.
    pub default: Setting,
    pub check: Check,
}

impl Rule {
    pub fn name(&self) -> &'static str {
        self.code.id()
    }

    pub fn title(&self) -> &'static str {
        self.code.0.title
    }

    /// Whether it looks at what a project says is right rather than at flows.
    pub(super) fn is_about_allowed(&self) -> bool {
        matches!(self.check, Check::Allowed(_))
    }
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub struct Report<'c> {
    rule: &'static Rule,
    pub config: &'c Config,
    pub(super) found: Vec<Finding>,
}

impl<'c> Report<'c> {
    pub(super) fn new(rule: &'static Rule, config: &'c Config) -> Self {
        Self { rule, config, found: Vec::new() }
    }

    /// A finding about a block, to be added to and then [`push`](Self::push)ed. What it is about, such as an attribute's name,
    /// tells it from others of the rule at the same block.
    pub fn finding(&self, view: &View, block: BlockId, span: Span, message: impl Into<String>) -> Finding {
        let about = view.flow.block(block);
        let identifier = about.map(|block| block.identifier.clone()).unwrap_or_default();
        // Who has a document does not see the line, and has to be told which block it is.
        let message = match about.filter(|_| view.speech() == Speech::Document).map(Block::said) {
            Some(said) => {
                let message = message.into();
                if message.contains(&said) { message } else { format!("{said}: {message}") }
            }
            None => message.into(),
        };
        Finding::new(self.rule, (view.path, &view.flow.name.value), identifier, span, message)
    }

    /// A finding about a flow as a whole.
    pub fn about(&self, view: &View, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, (view.path, &view.flow.name.value), String::new(), view.flow.name.span, message)
    }

    /// A finding about something else that a source declares.
    pub fn declared(&self, path: &str, name: &Spanned<EcoString>, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, (path, &name.value), String::new(), name.span, message)
    }

    /// A finding about something that the project says is right.
    pub fn about_allowed(&self, allowed: &Allowed, span: Span, message: impl Into<String>) -> Finding {
        let place = (allowed.path, allowed.flow);
        Finding::new(self.rule, place, String::new(), span, message).subject(&allowed.rule.value)
    }

    pub fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }
}
