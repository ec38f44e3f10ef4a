//! Conditions, and what stands in settings and lists.

use pest::iterators::Pair;

use super::{Lower, children, tight};
use crate::source::Spanned;
use crate::syntax::ast::{Condition, Element, Operator, Quantity, Setting, Sign, Test, Unit, Value};
use crate::syntax::parser::Rule;

impl Lower<'_> {
    // ---- conditions -------------------------------------------------------------------------------------------------

    pub(super) fn condition(&mut self, pair: Pair<Rule>) -> Condition {
        let mut any: Vec<Condition> = children(pair).map(|part| self.conjunction(part)).collect();
        match (any.len(), any.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                any.extend(last);
                Condition::Any(any)
            }
        }
    }

    fn conjunction(&mut self, pair: Pair<Rule>) -> Condition {
        let mut all: Vec<Condition> = children(pair).filter_map(|part| self.negation(part)).collect();
        match (all.len(), all.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                all.extend(last);
                Condition::All(all)
            }
        }
    }

    fn negation(&mut self, pair: Pair<Rule>) -> Option<Condition> {
        let mut negated = false;
        let mut condition = None;
        for part in children(pair) {
            match part.as_rule() {
                Rule::not => negated = !negated,
                Rule::condition => condition = Some(self.condition(part)),
                Rule::test => condition = self.test(part),
                _ => {}
            }
        }
        let condition = condition?;
        Some(if negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn test(&mut self, pair: Pair<Rule>) -> Option<Condition> {
        let span = self.span(&pair);
        let mut inner = children(pair);
        let subject = self.reference(&inner.next()?);
        let operator = self.operator(&inner.next()?)?;
        let operand = self.operand(inner.next()?)?;
        Some(Condition::Test(Box::new(Test { subject, operator, operand, span: Spanned::new((), span) })))
    }

    pub(super) fn operator(&self, pair: &Pair<Rule>) -> Option<Operator> {
        Sign::from_text(pair.as_str()).map(|sign| Spanned::new(sign, self.span(pair)))
    }

    pub(super) fn operand(&mut self, pair: Pair<Rule>) -> Option<Value> {
        if pair.as_rule() == Rule::word { Some(Value::Word(self.name(&pair))) } else { self.value(pair) }
    }

    // ---- values -----------------------------------------------------------------------------------------------------

    pub(super) fn value(&mut self, pair: Pair<Rule>) -> Option<Value> {
        let span = self.spanned(&pair);
        Some(match pair.as_rule() {
            Rule::word => Value::Word(self.name(&pair)),
            Rule::text | Rule::address => Value::Text(self.text(&pair)),
            Rule::reference => Value::Reference(self.reference(&pair)),
            Rule::quantity => Value::Quantity(Spanned::new(quantity(pair.as_str()), span.span)),
            Rule::list => Value::List(children(pair).filter_map(|part| self.element(part)).collect(), span),
            Rule::map => Value::Map(self.settings(pair), span),
            _ => return None,
        })
    }

    fn element(&mut self, pair: Pair<Rule>) -> Option<Element> {
        let mut inner = children(pair);
        let first = inner.next()?;
        match inner.next() {
            Some(second) => Some(Element { tag: Some(self.name(&first)), value: self.value(second)? }),
            None => Some(Element { tag: None, value: self.value(first)? }),
        }
    }

    pub(super) fn settings(&mut self, pair: Pair<Rule>) -> Vec<Setting> {
        tight(children(pair).filter_map(|part| self.setting(part)).collect())
    }

    pub(super) fn setting(&mut self, pair: Pair<Rule>) -> Option<Setting> {
        let span = self.span(&pair);
        let mut inner = children(pair);
        let first = inner.next()?;
        let quoted = first.as_rule() == Rule::text;
        let name = self.word_or_text(&first);
        let value = self.value(inner.next()?)?;
        Some(Setting { name, quoted, value, span: Spanned::new((), self.trimmed(span)) })
    }
}

pub(super) fn quantity(text: &str) -> Quantity {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let unit = text.get(digits.len()..).and_then(Unit::from_text).unwrap_or(Unit::None);
    Quantity { number: digits.into(), unit }
}
