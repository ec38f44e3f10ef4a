//! Values of the source, made into what a parameter holds. Kinds are checked here; ranges and bindings in `validate`,
//! which sees imported flows as well.

use smallvec::smallvec;

use super::body::{Builder, Here};
use super::names::Naming;
use crate::catalogue::{Choice, FlowType, Keys, Kind, Param, ResourceKind, Tag, TimeUnit, rules};
use crate::diagnostics::{Diagnostic, Safety, codes, listed};
use crate::flow::breach::breach;
use crate::flow::value::{is_address, is_template};
use crate::flow::{Arg, Part, Text, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Quantity, Setting, Unit};

impl Builder<'_> {
    /// A value for a parameter; a message and nothing if it is of the wrong kind.
    pub fn value(&mut self, param: &'static Param, value: &ast::Value, here: Here) -> Option<Value> {
        self.convert(&param.kind, param, value, here)
    }

    pub fn convert(
        &mut self,
        kind: &'static Kind,
        param: &'static Param,
        value: &ast::Value,
        here: Here,
    ) -> Option<Value> {
        let span = value.span();
        let value = &Self::substituted(value, here);
        // A reference fits every kind that may be dynamic; `validate` says where it may not.
        if let (ast::Value::Reference(reference), false) = (value, matches!(kind, Kind::Json)) {
            let parts = self.reference(reference, here);
            let fixed = reference.root == "env";
            return match (kind, parts.as_slice()) {
                (Kind::Resource(resource), [Part::Literal(name)]) if fixed => {
                    Some(self.resource(*resource, param.leads_to, name, span))
                }
                (_, []) => None,
                _ => Some(Value::Text(Text { parts, span })),
            };
        }
        if let (ast::Value::Text(text), false) = (value, matches!(kind, Kind::Resource(_)))
            && text.address
        {
            return self.wrong(param, "no address: only a resource has one", span);
        }
        match kind {
            Kind::Text { what, .. } => match value {
                ast::Value::Text(text) => Some(self.text(text, here)),
                ast::Value::Quantity(quantity) => Some(Value::literal(as_written(&quantity.value), span)),
                ast::Value::Word(word) => {
                    self.wrong_quoted(param, what, word);
                    None
                }
                _ => self.wrong(param, what, span),
            },
            Kind::Name { what } => match value {
                ast::Value::Text(text) => Some(self.text(text, here)),
                ast::Value::Word(word) => Some(Value::literal(word.value.clone(), span)),
                _ => self.wrong(param, what, span),
            },
            Kind::Number { .. } => match value {
                ast::Value::Quantity(Spanned { value: Quantity { number, unit: Unit::None }, .. })
                    if !number.contains('.') =>
                {
                    Some(Value::literal(number.clone(), span))
                }
                ast::Value::Text(text) => Some(self.text(text, here)),
                _ => self.wrong(param, "a whole number", span),
            },
            Kind::Duration { unit, .. } => match value {
                ast::Value::Quantity(quantity) => match duration(&quantity.value, *unit) {
                    Some(count) => Some(Value::literal(count, span)),
                    None => self.wrong(param, &format!("a duration in whole {} such as `2m`", unit.word()), span),
                },
                ast::Value::Text(text) => Some(self.text(text, here)),
                _ => self.wrong(param, "a duration such as `5s` or `2m`", span),
            },
            Kind::Switch { yes, no } => match value {
                ast::Value::Word(word) => match word.value.as_str() {
                    "yes" | "on" | "true" => Some(Value::literal(*yes, span)),
                    "no" | "off" | "false" => Some(Value::literal(*no, span)),
                    _ => self.wrong(param, "`yes` or `no`", span),
                },
                ast::Value::Text(text) => Some(self.text(text, here)),
                _ => self.wrong(param, "`yes` or `no`", span),
            },
            Kind::Flag => match value {
                ast::Value::Word(word) => match word.value.as_str() {
                    "yes" | "on" | "true" => Some(Value::Plain(true.into(), span)),
                    "no" | "off" | "false" => Some(Value::Plain(false.into(), span)),
                    _ => self.wrong(param, "`yes` or `no`", span),
                },
                ast::Value::Text(text) => Some(self.text(text, here)),
                _ => self.wrong(param, "`yes` or `no`", span),
            },
            Kind::Amount { .. } => match value {
                ast::Value::Quantity(Spanned { value: Quantity { unit: Unit::None, .. }, .. }) => {
                    self.json(value, here)
                }
                ast::Value::Text(text) => Some(self.text(text, here)),
                _ => self.wrong(param, "a number", span),
            },
            Kind::Choice(choices) => self.choice_value(param, choices, value, here),
            Kind::Choices(choices) => self.choices(param, choices, value, here),
            Kind::Keys { .. } => match value {
                ast::Value::Text(text) => Some(self.text(text, here)),
                ast::Value::Quantity(Spanned { value: Quantity { number, unit: Unit::None }, .. }) => {
                    Some(Value::literal(number.clone(), span))
                }
                _ => self.wrong(param, "telephone keys in quotes such as `\"#\"`", span),
            },
            Kind::Phone => match value {
                ast::Value::Text(text) => Some(self.text(text, here)),
                _ => self.wrong(param, "a telephone number in quotes such as `\"+12065550100\"`", span),
            },
            Kind::Resource(resource) => self.resource_value(param, *resource, value, here),
            Kind::Object(params) => match value {
                ast::Value::Map(settings, _) => Some(Value::Map(self.object(params, settings, here), span)),
                _ => self.wrong(param, "a map `{ key: value }`", span),
            },
            Kind::List(element) => match value {
                ast::Value::List(elements, _) => {
                    let items = elements.iter().filter_map(|item| self.element(element, param, item, here)).collect();
                    Some(Value::List(items, span))
                }
                _ => self.wrong(param, "a list `[..]`", span),
            },
            Kind::Pairs(params) => match value {
                ast::Value::Map(settings, _) => self.pairs(params, settings, span, here),
                ast::Value::List(elements, _) => {
                    let items = elements.iter().filter_map(|item| match &item.value {
                        ast::Value::Map(settings, span) => {
                            Some(Value::Map(self.object(params, settings, here), span.span))
                        }
                        other => self.wrong(param, "a map `{ key: value }`", other.span()),
                    });
                    Some(Value::List(items.collect(), span))
                }
                _ => self.wrong(param, "a map `{ key: value }`", span),
            },
            Kind::Map { value: inner, keys, .. } => match value {
                ast::Value::Map(settings, _) => Some(self.map(inner, *keys, param, settings, span, here)),
                _ => self.wrong(param, "a map `{ key: value }`", span),
            },
            Kind::Json => self.json(value, here),
            Kind::Tagged { .. } => self.wrong(param, "a list element", span),
        }
    }

    pub fn text(&mut self, text: &ast::Text, here: Here) -> Value {
        let parts = self.parts(text, here);
        Value::Text(Text { parts, span: text.span.span })
    }

    // ---- wrong kinds ------------------------------------------------------------------------------------------------

    fn wrong<T>(&mut self, param: &Param, wanted: &str, span: Span) -> Option<T> {
        let shown = self.shown(span);
        self.diagnostics.push(
            Diagnostic::new(codes::WRONG_VALUE, span, format!("`{}` takes {wanted}, not {shown}", self.spoken(param)))
                .label("of the wrong kind")
                .help(format!("write {wanted}")),
        );
        None
    }

    fn wrong_quoted(&mut self, param: &Param, what: &str, word: &ast::Name) {
        self.diagnostics.push(
            Diagnostic::new(
                codes::WRONG_VALUE,
                word.span,
                format!("`{}` takes {what}, and texts stand in quotes", self.spoken(param)),
            )
            .label("a bare word")
            .help(format!("write `\"{}\"`", word.value))
            .fix("quote it", word.span, format!("\"{}\"", word.value), Safety::Safe),
        );
    }

    /// What a value is for, as the source says it.
    fn spoken<'p>(&'p self, param: &'p Param) -> &'p str {
        self.subject.as_deref().unwrap_or(param.name)
    }

    fn shown(&self, span: Span) -> String {
        let text: String = self.index.slice(span).chars().take(40).collect();
        format!("`{}`", text.lines().next().unwrap_or_default())
    }

    // ---- words ------------------------------------------------------------------------------------------------------

    fn choice_value(
        &mut self,
        param: &'static Param,
        choices: &'static [Choice],
        value: &ast::Value,
        here: Here,
    ) -> Option<Value> {
        let span = value.span();
        let word = match value {
            ast::Value::Word(word) => word.value.clone(),
            ast::Value::Text(text) => match text.literal() {
                // The service's own spelling, as `do` has it.
                Some(literal) => return Some(self.known_choice(param, choices, &literal, true, span)),
                None => return Some(self.text(text, here)),
            },
            _ => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.0).collect();
                return self.wrong(param, &listed(&words), span);
            }
        };
        Some(self.known_choice(param, choices, &word, false, span))
    }

    fn known_choice(
        &mut self,
        param: &'static Param,
        choices: &'static [Choice],
        word: &str,
        wire: bool,
        span: Span,
    ) -> Value {
        let found = choices.iter().find(|choice| {
            if wire { choice.1.eq_ignore_ascii_case(word) || choice.0 == word } else { choice.0 == word }
        });
        if let Some(choice) = found {
            // A quoted value keeps its spelling: the service is not always strict about case, and exports differ.
            let text = if wire && choice.1.eq_ignore_ascii_case(word) { word } else { choice.1 };
            return Value::literal(text, span);
        }
        // The lists hold what was seen: a word that is not in them goes into the document as it is written.
        let is_left_to_validation = param.refuses.contains(&word) || is_template(word);
        if !is_left_to_validation {
            let known: Vec<&str> = choices.iter().map(|choice| if wire { choice.1 } else { choice.0 }).collect();
            let message = format!("`{word}` is not known of `{}`", self.spoken(param));
            let problem = breach(rules::VALUES, codes::WRONG_VALUE, span, message)
                .label("goes into the document as it is")
                .help(format!("known are {}", listed(&known)));
            self.diagnostics.push(if wire { problem.suggest_text(word, known) } else { problem.suggest(word, known) });
        }
        Value::literal(word, span)
    }

    fn choices(
        &mut self,
        param: &'static Param,
        choices: &'static [Choice],
        value: &ast::Value,
        here: Here,
    ) -> Option<Value> {
        let span = value.span();
        let items = match value {
            ast::Value::List(elements, _) => {
                elements.iter().filter_map(|element| self.choice_value(param, choices, &element.value, here)).collect()
            }
            _ => vec![self.choice_value(param, choices, value, here)?],
        };
        Some(Value::List(items, span))
    }

    /// Words of a closed set with commas between, as a sentence has them.
    pub fn word_list(&mut self, param: &'static Param, words: &[&ast::Name]) -> Option<Value> {
        let Kind::Choices(choices) = &param.kind else { return None };
        let span = words.iter().map(|word| word.span).reduce(Span::to)?;
        let mut items: Vec<Value> = Vec::new();
        for word in words {
            let item = self.known_choice(param, choices, &word.value, false, word.span);
            if let Some(before) = items.iter().find(|known| known.as_literal() == item.as_literal()) {
                self.given_twice(&word.value, word.span, before.span());
            } else {
                items.push(item);
            }
        }
        Some(Value::List(items, span))
    }

    // ---- resources --------------------------------------------------------------------------------------------------

    fn resource_value(
        &mut self,
        param: &'static Param,
        kind: ResourceKind,
        value: &ast::Value,
        here: Here,
    ) -> Option<Value> {
        let span = value.span();
        match value {
            ast::Value::Word(word) => Some(self.resource(kind, param.leads_to, &word.value, span)),
            ast::Value::Text(text) => match text.literal() {
                Some(name) if name.is_empty() || text.address => Some(Value::literal(name, span)),
                Some(name) => Some(self.resource(kind, param.leads_to, &name, span)),
                None => Some(self.text(text, here)),
            },
            _ => self.wrong(param, &format!("the name of a {}", kind.word()), span),
        }
    }

    fn resource(&mut self, kind: ResourceKind, wanted: Option<FlowType>, name: &str, span: Span) -> Value {
        if is_address(name) {
            return Value::literal(name, span);
        }
        self.namings.extend(Naming::new(kind, name, span, wanted));
        Value::Text(Text { parts: smallvec![Part::Resource(kind, name.into())], span })
    }

    // ---- lists and maps ---------------------------------------------------------------------------------------------

    fn element(
        &mut self,
        kind: &'static Kind,
        param: &'static Param,
        element: &ast::Element,
        here: Here,
    ) -> Option<Value> {
        let Kind::Tagged { params, tags } = kind else {
            if let Some(tag) = &element.tag {
                self.diagnostics.push(
                    Diagnostic::new(codes::WRONG_VALUE, tag.span, format!("`{}` means nothing here", tag.value))
                        .label("a word before a plain value")
                        .help("remove it, or put a comma behind it"),
                );
            }
            return self.convert(kind, param, &element.value, here);
        };
        if let (None, ast::Value::Map(settings, span)) = (&element.tag, &element.value) {
            return Some(Value::Map(self.object(params, settings, here), span.span));
        }
        let word = element.tag.as_ref().map_or("", |tag| tag.value.as_str());
        let Some(tag) = tags.iter().find(|tag| tag.word == word) else {
            let known: Vec<&str> = tags.iter().map(|tag| tag.word).filter(|word| !word.is_empty()).collect();
            let span = element.tag.as_ref().map_or(element.value.span(), |tag| tag.span);
            self.diagnostics.push(
                Diagnostic::new(codes::WRONG_VALUE, span, format!("`{word}` is not a kind of message"))
                    .label("not known")
                    .help(format!("an element is a text, or begins with {}", listed(&known)))
                    .suggest(word, known.iter().copied()),
            );
            return None;
        };
        self.tagged(params, tag, &element.value, here)
    }

    fn tagged(&mut self, params: &'static [Param], tag: &'static Tag, value: &ast::Value, here: Here) -> Option<Value> {
        let span = value.span();
        let mut args = Vec::new();
        let mut level = params;
        let mut param = None;
        for name in tag.param.split('.') {
            param = level.iter().find(|param| param.name == name);
            level = param.map_or(&[], |param| param.kind.fields());
        }
        let converted = self.value(param?, value, here)?;
        insert(&mut args, tag.param, converted, span);
        for (path, text) in tag.fixed {
            insert(&mut args, path, Value::literal(*text, span), span);
        }
        Some(Value::Map(args, span))
    }

    /// A map's entries from settings: `with (k: v)` and `{ k: v }`.
    pub fn map(
        &mut self,
        kind: &'static Kind,
        _keys: Keys,
        param: &'static Param,
        settings: &[Setting],
        span: Span,
        here: Here,
    ) -> Value {
        let mut entries: Vec<Arg> = Vec::new();
        for setting in settings {
            let name = &setting.name;
            if let Some(before) = entries.iter().find(|entry| entry.name.value == name.value.as_str()) {
                self.given_twice(&name.value, name.span, before.name.span);
            } else if let Some(value) = self.convert(kind, param, &setting.value, here) {
                entries.push(Arg { name: Spanned::new(name.value.to_string().into(), name.span), value });
            }
        }
        Value::Map(entries, span)
    }

    /// A list of objects from settings: each is a name and its value.
    pub fn pairs(&mut self, params: &'static [Param], settings: &[Setting], span: Span, here: Here) -> Option<Value> {
        let [name, param, ..] = params else { return None };
        let Value::Map(entries, _) = self.map(&param.kind, Keys::Any, param, settings, span, here) else { return None };
        let pair = |Arg { name: key, value }: Arg| {
            let at = key.span;
            let named = |param: &'static Param, value| Arg { name: Spanned::new(param.name.into(), at), value };
            Value::Map(vec![named(name, Value::literal(key.value.into_owned(), at)), named(param, value)], at)
        };
        Some(Value::List(entries.into_iter().map(pair).collect(), span))
    }

    /// A value taken over as JSON: numbers and booleans keep their types.
    pub fn json(&mut self, value: &ast::Value, here: Here) -> Option<Value> {
        let value = &Self::substituted(value, here);
        let span = value.span();
        Some(match value {
            ast::Value::Text(text) => self.text(text, here),
            ast::Value::Reference(reference) => {
                let parts = self.reference(reference, here);
                if parts.is_empty() {
                    return None;
                }
                Value::Text(Text { parts, span })
            }
            ast::Value::Word(word) => match word.value.as_str() {
                "true" => Value::Plain(true.into(), span),
                "false" => Value::Plain(false.into(), span),
                "null" => Value::Plain(serde_json::Value::Null, span),
                _ => {
                    self.diagnostics.push(
                        Diagnostic::new(codes::WRONG_VALUE, span, "a bare word is not a value here")
                            .label("in quotes, it is a text")
                            .help(format!(
                                "write `\"{}\"`; `true`, `false` and `null` stand for themselves",
                                word.value
                            ))
                            .fix("quote it", span, format!("\"{}\"", word.value), Safety::Safe),
                    );
                    return None;
                }
            },
            ast::Value::Quantity(quantity) if quantity.value.unit == Unit::None => {
                match quantity.value.number.parse::<serde_json::Number>() {
                    Ok(number) => Value::Plain(serde_json::Value::Number(number), span),
                    // A number that JSON cannot write (leading zeros) is what it looks like: digits.
                    Err(_) => Value::literal(quantity.value.number.clone(), span),
                }
            }
            ast::Value::Quantity(quantity) => Value::literal(as_written(&quantity.value), span),
            ast::Value::List(elements, _) => {
                let mut items = Vec::new();
                for element in elements {
                    if let Some(tag) = &element.tag {
                        self.diagnostics.push(
                            Diagnostic::new(
                                codes::WRONG_VALUE,
                                tag.span,
                                format!("`{}` means nothing here", tag.value),
                            )
                            .label("a word before a plain value")
                            .help("remove it, or put a comma behind it"),
                        );
                    }
                    items.extend(self.json(&element.value, here));
                }
                Value::List(items, span)
            }
            ast::Value::Map(settings, _) => Value::Map(self.json_map(settings, here), span),
        })
    }
}

/// Sets the value at a dotted path, making the maps on the way.
pub(super) fn insert(args: &mut Vec<Arg>, path: &'static str, value: Value, span: Span) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let at = match args.iter().position(|arg| arg.name.value == name) {
        Some(at) => at,
        None => {
            let empty = Value::Map(Vec::new(), span);
            args.push(Arg { name: Spanned::new(name.into(), span), value: empty });
            args.len() - 1
        }
    };
    if let Some(arg) = args.get_mut(at) {
        place(&mut arg.value, rest, value, span);
    }
}

/// Sets what lies at the rest of a path: a number is an element of a list.
fn place(slot: &mut Value, path: Option<&'static str>, value: Value, span: Span) {
    let Some(path) = path else {
        *slot = value;
        return;
    };
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    if let Ok(index) = step.parse::<usize>() {
        if !matches!(slot, Value::List(..)) {
            *slot = Value::List(Vec::new(), span);
        }
        let Value::List(items, _) = slot else { return };
        if items.len() <= index {
            items.resize(index + 1, Value::Map(Vec::new(), span));
        }
        if let Some(item) = items.get_mut(index) {
            place(item, rest, value, span);
        }
        return;
    }
    if !matches!(slot, Value::Map(..)) {
        *slot = Value::Map(Vec::new(), span);
    }
    if let Value::Map(entries, _) = slot {
        insert(entries, path, value, span);
    }
}

/// Brings arguments into the order of the row, so that the order of settings in the source does not show.
pub(super) fn sort(args: &mut [Arg], params: &[Param]) {
    args.sort_by_key(|arg| params.iter().position(|param| param.name == arg.name.value).unwrap_or(usize::MAX));
    for arg in args {
        let Some(param) = params.iter().find(|param| param.name == arg.name.value) else { continue };
        let fields = param.kind.element().fields();
        match &mut arg.value {
            Value::Map(entries, _) if !fields.is_empty() => sort(entries, fields),
            Value::List(items, _) if !fields.is_empty() => {
                for item in items {
                    if let Value::Map(entries, _) = item {
                        sort(entries, fields);
                    }
                }
            }
            _ => {}
        }
    }
}

fn as_written(quantity: &Quantity) -> String {
    format!("{}{}", quantity.number, quantity.unit.text())
}

/// A duration in what the document counts it in. A bare number is so many of them.
fn duration(quantity: &Quantity, unit: TimeUnit) -> Option<String> {
    let factor = match quantity.unit {
        Unit::None => unit.seconds(),
        Unit::Seconds => 1,
        Unit::Minutes => 60,
        Unit::Hours => 3_600,
        Unit::Days => 86_400,
        Unit::Milliseconds | Unit::Percent => return None,
    };
    let seconds = quantity.number.parse::<i64>().ok()?.checked_mul(factor)?;
    (seconds % unit.seconds() == 0).then(|| (seconds / unit.seconds()).to_string())
}
