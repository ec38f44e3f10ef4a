//! What breaks a rule of the service, as a message: how bad it is follows from who says that the service demands it.

use crate::catalogue::actions::TypeProblem;
use crate::catalogue::{self, Rule, Severity};
use crate::diagnostics::{Code, Diagnostic, Level, Safety, codes};
use crate::source::Span;

/// A message about what breaks a rule.
pub fn breach(rule: Rule, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
    let level = match rule.severity() {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
    };
    Diagnostic::new(code, span, message).at(level)
}

/// What the service does with what breaks a rule, as a label says it.
pub fn answer(rule: Rule) -> &'static str {
    if rule.is_error() { "refused by the service" } else { "the service may refuse it" }
}

/// What there is to say of a type of action without a row.
pub fn wrong_type(name: &str, problem: &TypeProblem, span: Span) -> Diagnostic {
    let message = if problem.rule.is_error() {
        format!("the service has no action `{name}`")
    } else {
        format!("the catalogue has no action `{name}`, so nothing about it is checked")
    };
    let found = breach(problem.rule, codes::UNKNOWN_ACTION, span, message).label(answer(problem.rule));
    match problem.meant {
        Some(meant) if catalogue::find(meant).is_some() => {
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), span, meant, Safety::Unsafe)
        }
        _ if problem.rule.is_error() => found.help("no action does this; leave it out"),
        _ => found.help("its parameters and branches are taken as they are written"),
    }
}
