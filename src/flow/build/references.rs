//! References: Connect's own paths, results by name, environment values and fragment parameters.

use ecow::{EcoString, eco_format};
use smallvec::smallvec;

use super::body::{Builder, Here};
use crate::catalogue::limits;
use crate::diagnostics::{Diagnostic, codes, listed};
use crate::flow::paths::{self, Written};
use crate::flow::{Part, Parts};
use crate::source::Span;
use crate::syntax::ast::{Reference, Segment, Text, Unit, Value};

/// What it takes to fill in a parameter, besides the bytes of its value.
const FILLED_BYTES: usize = 64;

impl Builder<'_> {
    /// The parts that a reference stands for. A named result stays as `$name.field` until `results` settles it.
    pub fn reference(&mut self, reference: &Reference, here: Here) -> Parts {
        self.referred(reference, true, here)
    }

    /// The same, for one that is perhaps only a part of a text.
    fn referred(&mut self, reference: &Reference, is_whole: bool, here: Here) -> Parts {
        let span = reference.span.span;
        if reference.root.is_empty() {
            self.check_path(reference, is_whole);
            return smallvec![Part::Path(path(reference).into())];
        }
        if reference.root == "env" {
            return self.environment(reference).map(|text| Part::Literal(text.into())).into_iter().collect();
        }
        if let Some((value, outer)) = here.parameter(&reference.root) {
            if !reference.steps.is_empty() {
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::FRAGMENT_ARGUMENTS,
                        span,
                        format!("`${}` is a parameter, and has no fields", reference.root),
                    )
                    .label("goes on behind the parameter")
                    .help("write the parameter alone; in a text, put a space or a `\\u{20}` behind it"),
                );
            }
            return self.filled_in(value, span, here.given(outer));
        }
        smallvec![Part::Path(path(reference).into())]
    }

    /// What is filled in for a parameter, as long as all that is comes to less than any flow can hold: each value may hold
    /// parameters several times, and these others.
    fn filled_in(&mut self, value: &Value, at: Span, outer: Here) -> Parts {
        let most = limits::FILLED_BYTES_MAX;
        if self.filled > most {
            return Parts::new();
        }
        let parts = self.parameter_parts(value, outer);
        let bytes = parts.iter().map(|part| if let Part::Literal(text) = part { text.len() } else { 0 });
        self.filled += FILLED_BYTES + bytes.sum::<usize>();
        if self.filled > most && !std::mem::replace(&mut self.full, true) {
            self.diagnostics.push(
                Diagnostic::new(
                    codes::TOO_MANY_ACTIONS,
                    at,
                    format!("the parameters of fragments come to more than {most} bytes in this flow"),
                )
                .label("reading stops here")
                .help("each fragment passes on several times what it was given: give less, or pass it on once"),
            );
        }
        parts
    }

    fn parameter_parts(&mut self, value: &Value, outer: Here) -> Parts {
        match value {
            Value::Text(text) => self.parts(text, outer),
            Value::Reference(reference) => self.reference(reference, outer),
            Value::Word(word) => smallvec![Part::Literal(word.value.clone())],
            Value::Quantity(quantity) => {
                let unit = if quantity.value.unit == Unit::None { "" } else { quantity.value.unit.text() };
                smallvec![Part::Literal(eco_format!("{}{unit}", quantity.value.number))]
            }
            Value::List(_, span) | Value::Map(_, span) => {
                self.diagnostics.push(
                    Diagnostic::new(codes::WRONG_VALUE, span.span, "a list or map cannot stand inside a text")
                        .label("given for a parameter that is used in a text")
                        .help("give a text, a word, a number or a reference"),
                );
                Parts::new()
            }
        }
    }

    /// A value with a fragment's parameter replaced by what was given for it.
    pub fn substituted(value: &Value, here: Here) -> Value {
        match value {
            Value::Reference(reference) if reference.steps.is_empty() => match here.parameter(&reference.root) {
                Some((given, outer)) => Self::substituted(given, here.given(outer)),
                None => value.clone(),
            },
            _ => value.clone(),
        }
    }

    /// A text in parts, neighbours joined.
    pub fn parts(&mut self, text: &Text, here: Here) -> Parts {
        let mut parts = Parts::new();
        for segment in &text.segments {
            let found = match segment {
                Segment::Literal(literal) => {
                    self.live_dollar(literal, text);
                    // A copy, so that the tree goes without a trace: what stayed of it would lie in the way of what comes.
                    smallvec![Part::Literal(literal.as_str().into())]
                }
                Segment::Reference(reference) => self.referred(reference, text.segments.len() == 1, here),
            };
            for part in found {
                match (parts.last_mut(), part) {
                    (Some(Part::Literal(before)), Part::Literal(more)) => before.push_str(&more),
                    (_, part) => parts.push(part),
                }
            }
        }
        parts
    }

    /// An escaped dollar sign is plain here, but the service has no escapes: it replaces what looks like a reference.
    fn live_dollar(&mut self, literal: &str, text: &Text) {
        let mut found = literal.match_indices("$.").filter_map(|(at, _)| literal.get(at..));
        let live = found.find(|rest| rest.chars().nth(2).is_some_and(|next| next.is_ascii_alphabetic()));
        let Some(live) = live else { return };
        let name: String =
            live.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '$' | '.' | '_')).collect();
        let name = name.trim_end_matches('.');
        let whole = text.span.span;
        let written = format!("\\{name}");
        let span = self.index.slice(whole).find(&written).map_or(whole, |at| {
            let start = whole.range().start + at;
            Span::new(whole.source, start, start + written.len())
        });
        self.diagnostics.push(
            Diagnostic::new(
                codes::LIVE_DOLLAR,
                span,
                format!("`{name}` is replaced by Connect while a call runs, escaped or not"),
            )
            .label("read as a reference by the service")
            .help("the service has no escape for it: put a space behind the dollar sign, or leave out the backslash"),
        );
    }

    /// A text that must be known when the flow is built.
    pub fn static_text(&mut self, text: &Text) -> Option<String> {
        let mut literal = String::new();
        for segment in &text.segments {
            match segment {
                Segment::Literal(more) => literal.push_str(more),
                Segment::Reference(reference) if reference.root == "env" => {
                    literal.push_str(&self.environment(reference)?);
                }
                Segment::Reference(reference) => {
                    self.diagnostics.push(
                        Diagnostic::new(codes::STATIC_ONLY, reference.span.span, "only a fixed text is taken here")
                            .label("known only while a call runs")
                            .help("write `\\$` for a dollar sign"),
                    );
                    return None;
                }
            }
        }
        Some(literal)
    }

    /// The environment's value; a message and nothing if it is not set.
    pub fn environment(&mut self, reference: &Reference) -> Option<String> {
        let span = reference.span.span;
        let known: Vec<&str> = self.index.options.values.keys().map(String::as_str).collect();
        let [name] = reference.steps.as_slice() else {
            self.diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_VALUE, span, "an environment value is `$env.Name`")
                    .label("not one name")
                    .help(format!("the values are {}", listed(&known))),
            );
            return None;
        };
        if let Some(value) = self.index.options.values.get(name.as_str()) {
            return Some(value.clone());
        }
        self.diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_VALUE, span, format!("there is no environment value `{name}`"))
                .label("not set")
                .help(format!("set it in flowc.toml: under `[values]`, a line `{name} = \"..\"`"))
                .suggest(name, known.iter().copied()),
        );
        None
    }

    fn check_path(&mut self, reference: &Reference, is_whole: bool) {
        let steps: Vec<&str> = reference.steps.iter().map(EcoString::as_str).collect();
        let span = reference.span.span;
        let written = Written { text: self.index.slice(span), span, is_exact: true, is_whole };
        let problem = paths::problem(&steps, written);
        self.diagnostics.extend(problem);
    }
}

/// A reference as it is written in the document, or, for a named result, as it is written in the source.
fn path(reference: &Reference) -> String {
    reference.written.as_ref().map_or_else(|| reference.spelled(), ToString::to_string)
}
