//! Clauses: what leads where.

use pest::iterators::Pair;

use super::{Lower, children, quantity, tight};
use crate::source::Spanned;
use crate::syntax::ast::{Clause, Clauses, Pattern, PatternKind};
use crate::syntax::parser::Rule;
use crate::syntax::recover::Place;

impl Lower<'_> {
    pub(super) fn clauses(&mut self, pair: Pair<Rule>) -> Clauses {
        let span = self.span(&pair);
        let mut clauses = Vec::new();
        let mut broken = false;
        for part in children(pair) {
            match part.as_rule() {
                Rule::clause => {
                    let (clause, within_open) = self.guarded(|cx| cx.clause(part));
                    let clause = clause.filter(|_| !within_open);
                    broken |= clause.is_none();
                    clauses.extend(clause);
                }
                Rule::missing => {
                    broken = true;
                    self.unclosed(span, &part);
                }
                _ => {
                    let span = self.span(&part);
                    self.broken(span, span, Place::Clause);
                    broken = true;
                }
            }
        }
        Clauses { clauses: tight(clauses), broken, span: Spanned::new((), span) }
    }

    pub(super) fn clause(&mut self, pair: Pair<Rule>) -> Option<Clause> {
        let span = self.span(&pair);
        let mut patterns = Vec::new();
        let mut branch = None;
        for part in children(pair) {
            match part.as_rule() {
                Rule::arrow | Rule::body => branch = Some(self.branch(part)),
                Rule::no_branch => self.broken(span, span, Place::Clause),
                _ => patterns.extend(self.pattern(part)),
            }
        }
        Some(Clause { patterns: tight(patterns), branch: branch?, span: Spanned::new((), self.trimmed(span)) })
    }

    pub(super) fn pattern(&mut self, pair: Pair<Rule>) -> Option<Pattern> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::word => PatternKind::Word(pair.as_str().into()),
            Rule::text => PatternKind::Text(self.text(&pair)),
            Rule::quantity => PatternKind::Quantity(quantity(pair.as_str())),
            Rule::key => PatternKind::Key(pair.as_str().chars().next()?),
            Rule::comparison => {
                let mut inner = children(pair);
                let operator = self.operator(&inner.next()?)?;
                let operand = self.operand(inner.next()?)?;
                PatternKind::Comparison(operator, Box::new(operand))
            }
            Rule::when => {
                let mut inner = children(pair);
                let operator = self.word_or_text(&inner.next()?);
                PatternKind::When { operator, operands: inner.map(|text| self.text(&text)).collect() }
            }
            Rule::named_error => PatternKind::Error(self.text(&children(pair).next()?)),
            _ => return None,
        };
        Some(Pattern { kind, span: Spanned::new((), self.trimmed(span)) })
    }
}
