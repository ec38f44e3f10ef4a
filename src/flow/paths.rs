//! References below `$`, held against those that pages and exports show. New ones come every few months, so what is not
//! among them is doubtful, and never wrong.

use super::breach::breach;
use crate::catalogue::paths::{self, PathProblem};
use crate::catalogue::rules;
use crate::diagnostics::{Diagnostic, codes, listed};
use crate::source::Span;

/// A reference as it is written, and where.
#[derive(Debug, Clone, Copy)]
pub struct Written<'w> {
    pub text: &'w str,
    pub span: Span,
    /// Whether the span covers just the text, so that a step's place follows from it.
    pub is_exact: bool,
    /// Whether it is the whole of a value: then it may be a group of values, which functions take.
    pub is_whole: bool,
}

/// What there is to say of a reference by its steps.
pub fn problem(steps: &[&str], written: Written) -> Option<Diagnostic> {
    let problem = paths::check(steps).err()?;
    let before = |at: usize| match steps.get(..at).unwrap_or_default() {
        [] => "$".to_owned(),
        before => format!("$.{}", before.join(".")),
    };
    let told = |span, message| breach(rules::REFERENCES, codes::UNKNOWN_PATH, span, message);
    Some(match problem {
        PathProblem::Unknown { at, known } => {
            let step = steps.get(at).copied().unwrap_or_default();
            let span = written.step(at);
            let message = format!("`{step}` is not known below `{}`", before(at));
            let help = format!("known are {}", listed(&known));
            let found = told(span, message).label("always empty, if it does not exist").help(help);
            match (written.is_exact, crate::diagnostics::closest(step, known.iter().copied())) {
                (false, Some(close)) => found.help(format!("did you mean `{}.{close}`?", before(at))),
                _ => found.suggest(step, known),
            }
        }
        PathProblem::Incomplete { .. } if written.is_whole => return None,
        PathProblem::Incomplete { known } if known.is_empty() => {
            told(written.span, format!("`{}` needs a key", written.text))
                .label("stops too early")
                .help(format!("write `{}.name`", written.text))
        }
        PathProblem::Incomplete { known } => {
            told(written.span, format!("`{}` is a group of values, not a value", written.text))
                .label("stops too early")
                .help(format!("it has {}", listed(&known)))
        }
        PathProblem::TooLong { at } => told(written.step(at), format!("`{}` has no fields", before(at)))
            .label("nothing is below it")
            .help("inside a text, a reference goes on as far as names and dots do; end it with a space"),
    })
}

impl Written<'_> {
    /// The span of a step, by looking at how the reference is written.
    fn step(&self, step: usize) -> Span {
        if !self.is_exact {
            return self.span;
        }
        let mut starts = self.text.match_indices(['.', '[']).map(|(at, _)| at);
        let Some(start) = starts.nth(step) else { return self.span };
        let end = starts.next().unwrap_or(self.text.len());
        let offset = |at: usize| self.span.start + u32::try_from(at).unwrap_or(0);
        let (start, end) = (offset(start + 1).min(self.span.end), offset(end).min(self.span.end));
        Span { start, end, ..self.span }
    }
}
