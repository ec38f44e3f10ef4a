//! `if`: conditions of any shape, lowered to comparisons that each have one subject and static operands.

use super::body::{Builder, Here};
use super::draft::{DraftExit, Label, Origin};
use super::outlets::outlet;
use crate::catalogue::{self, Literals, Role};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::{Arg, BlockOrigin, Condition as Tested, Outlet};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Choice, Condition, Sign, Test, Value};

impl Builder<'_> {
    pub fn choice(&mut self, choice: &Choice, span: Span, entry: Label, next: Label, here: Here) {
        let mut at = entry;
        let arms = choice.arms.len();
        for (index, (condition, body)) in choice.arms.iter().enumerate() {
            let yes = self.draft.label();
            let last = index + 1 == arms && choice.otherwise.is_none();
            let no = if last { next } else { self.draft.label() };
            self.test(condition, at, yes, no, here);
            self.body(body, yes, next, here);
            at = no;
        }
        match &choice.otherwise {
            Some(body) => self.body(body, at, next, here),
            None if arms == 0 => self.draft.alias(entry, next, span),
            None => {}
        }
    }

    /// Lowers a condition, in short-circuit order: `yes` if it holds, else `no`.
    fn test(&mut self, condition: &Condition, entry: Label, yes: Label, no: Label, here: Here) {
        match condition {
            Condition::Not(inner) => self.test(inner, entry, no, yes, here),
            Condition::Test(test) => self.compare(std::slice::from_ref(&test.as_ref()), entry, yes, no, here),
            Condition::All(parts) => {
                let mut at = entry;
                for (index, part) in parts.iter().enumerate() {
                    let then = if index + 1 == parts.len() { yes } else { self.draft.label() };
                    self.test(part, at, then, no, here);
                    at = then;
                }
            }
            Condition::Any(parts) => {
                let mut at = entry;
                let mut rest = parts.as_slice();
                while let Some(first) = rest.first() {
                    // Alternatives about one subject are one comparison with several conditions.
                    let group = alternatives(rest);
                    let taken = group.len().max(1);
                    rest = rest.get(taken..).unwrap_or_default();
                    let otherwise = if rest.is_empty() { no } else { self.draft.label() };
                    if group.is_empty() {
                        self.test(first, at, yes, otherwise, here);
                    } else {
                        self.compare(&group, at, yes, otherwise, here);
                    }
                    at = otherwise;
                }
            }
        }
    }

    /// One comparison of one subject with one or more values.
    fn compare(&mut self, tests: &[&Test], entry: Label, yes: Label, no: Label, here: Here) {
        let (Some(row), Some(first)) = (catalogue::with_role(Role::Compare), tests.first()) else { return };
        let (Some(param), Some(variant)) = (row.params.first(), row.variants.first()) else { return };
        let span = tests.iter().fold(first.span.span, |span, test| span.to(test.span.span));
        let subject = Value::Reference(first.subject.clone());
        let args = self
            .value(param, &subject, here)
            .map(|value| Arg { name: Spanned::new(param.name.into(), first.subject.span.span), value });
        let mut block = self.block(row, args.into_iter().collect(), span, BlockOrigin::If, here);
        block.block.label = format!("if {}", block.block.label);
        let negated = first.operator.value == Sign::NotEqual;
        let (met, unmet) = if negated { (no, yes) } else { (yes, no) };
        if let Literals::Comparisons { operators, operand } = variant.literals {
            let mut seen: Vec<Tested> = Vec::new();
            for test in tests {
                let sign = if negated { Sign::Equal } else { test.operator.value };
                let value = Self::substituted(&test.operand, here);
                let Some(tested) = self.comparison(sign, &value, operators, operand, test.operator.span) else {
                    continue;
                };
                if seen.contains(&tested) {
                    self.diagnostics.push(
                        Diagnostic::new(codes::DUPLICATE_BRANCH, test.span.span, "this is tested twice")
                            .label("again")
                            .also(first.span.span, "in the same choice")
                            .help("remove one of them"),
                    );
                    continue;
                }
                seen.push(tested.clone());
                block.exits.push(DraftExit {
                    outlet: Outlet::Condition(tested.into()),
                    to: met,
                    span: test.span.span,
                    origin: Origin::Written,
                });
            }
        }
        for spec in variant.outlets {
            block.exits.push(DraftExit { outlet: outlet(spec.exit), to: unmet, span, origin: Origin::Written });
        }
        self.draft.push(entry, block);
    }
}

/// The longest run of alternatives that test the same subject, if the first is a plain test.
fn alternatives(parts: &[Condition]) -> Vec<&Test> {
    let mut group: Vec<&Test> = Vec::new();
    for part in parts {
        let Condition::Test(test) = part else { break };
        let fits = test.operator.value != Sign::NotEqual
            && group.first().is_none_or(|first: &&Test| first.subject == test.subject);
        if !fits {
            break;
        }
        group.push(test);
    }
    group
}
