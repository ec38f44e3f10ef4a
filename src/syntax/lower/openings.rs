//! What is above a declaration or a statement: attributes and documentation.

use ecow::EcoString;
use pest::iterators::Pair;

use super::{Lower, Opening, children, is_space};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Attribute, AttributeValue};
use crate::syntax::parser::Rule;
use crate::syntax::recover::Place;

impl Lower<'_> {
    /// Lowers the attributes above something, finds the documentation above all, and settles what is its own span.
    pub(super) fn opening(&mut self, own: Span, above: Option<Pair<Rule>>) -> Opening {
        let begin = above.as_ref().map_or(own.start as usize, |pair| pair.as_span().start());
        let attributes = |cx: &mut Self| above.into_iter().flat_map(children).map(|pair| cx.attribute(pair)).collect();
        let (attributes, _) = self.guarded(attributes);
        Opening { doc: self.doc_above(begin), attributes, span: Spanned::new((), self.trimmed(own)) }
    }

    /// Attributes with brackets that fit no rule.
    pub(super) fn broken_attributes(&mut self, above: Option<Pair<Rule>>, rest: &Pair<Rule>) {
        let rest = self.span(rest);
        let begin = above.and_then(|pair| children(pair).last()).map_or(rest, |last| self.span(&last));
        self.broken(rest, begin.to(rest), Place::Attributes);
    }

    /// Attributes that nothing follows.
    pub(super) fn lost_attributes(&mut self, above: Option<Pair<Rule>>, place: Place) {
        let Some(first) = above.and_then(|pair| children(pair).next()) else { return };
        let span = self.span(&first);
        let span = self.trimmed(span);
        let (what, help) = match place {
            Place::TopLevel => ("declaration", "an attribute stands right above a flow, a module or a fragment"),
            _ => ("line", "an attribute stands right above a statement or a step"),
        };
        self.diagnostics.push(
            Diagnostic::new(codes::SYNTAX, span, format!("this attribute belongs to no {what}"))
                .label(format!("no {what} follows that can have one"))
                .help(help),
        );
    }

    /// The `///` lines that stand directly above an offset.
    pub(super) fn doc_above(&self, at: usize) -> Option<String> {
        let mut index =
            self.comments.partition_point(|comment| comment.span.start < u32::try_from(at).unwrap_or(u32::MAX));
        let mut lines = Vec::new();
        let mut below = at;
        while let Some(comment) = index.checked_sub(1).and_then(|previous| self.comments.get(previous)) {
            let between = self.source.text.get(comment.span.end as usize..below).unwrap_or("x");
            if !comment.doc || !comment.own_line || !between.chars().all(is_space) || between.matches('\n').count() > 1
            {
                break;
            }
            let text = self.source.slice(comment.span).trim_start_matches('/');
            lines.push(text.strip_prefix(' ').unwrap_or(text).trim_end());
            below = comment.span.start as usize;
            index -= 1;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    pub(super) fn attribute(&mut self, pair: Pair<Rule>) -> Attribute {
        let span = self.span(&pair);
        let span = Spanned::new((), self.trimmed(span));
        let mut inner = children(pair);
        let name = inner.next().map_or_else(|| Spanned::new(EcoString::new(), span.span), |word| self.name(&word));
        let values = inner
            .map(|value| match value.as_rule() {
                Rule::text => AttributeValue::Text(self.text(&value)),
                _ => AttributeValue::Word(self.name(&value)),
            })
            .collect();
        Attribute { name, values, span }
    }
}
