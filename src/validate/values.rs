//! Arguments against parameters: what must be there, what excludes what, ranges, lengths, and how dynamic a value may be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Report;
use crate::catalogue::{self, ActionSpec, Binding, Choice, Group, Is, Keys, Kind, Param, Piece, TimeUnit, When};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::value::holds;
use crate::flow::{Arg, Block, Text, Value};
use crate::source::Span;

pub(super) fn check(block: &Block, report: &mut Report) {
    if let Some(row) = block.action.row() {
        let mut check = Check { row, block, report };
        check.object(row.params, &block.args, "", block.span);
    }
}

struct Check<'c> {
    row: &'static ActionSpec,
    block: &'c Block,
    report: &'c mut Report,
}

impl Check<'_> {
    /// What a value is called in messages: the setting's word or the sentence's where there is one, the reference that a
    /// `set` line writes, and for `do` the service's own name.
    fn spoken(&self, path: &str) -> String {
        if self.is_raw() {
            return format!("`{path}`");
        }
        if let Some(word) = self.setting(path) {
            return format!("`{word}`");
        }
        for assign in self.row.assigns {
            match assign.param.split_once('*') {
                None if assign.param == path => return format!("`{}`", assign.root),
                Some((before, after)) => {
                    let key = path.strip_prefix(before).map(|key| key.strip_suffix(after).unwrap_or(key));
                    if let Some(key) = key {
                        return format!("`{}.{key}`", assign.root);
                    }
                }
                None => {}
            }
        }
        let key = |piece: &Piece| match piece {
            Piece::Map(map) => path.strip_prefix(map).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned),
            _ => None,
        };
        let pieces = self.row.sentences.iter().flat_map(|sentence| sentence.pattern);
        let mut inner = pieces.flat_map(|piece| match piece {
            Piece::Optional(inner) => inner,
            piece => std::slice::from_ref(piece),
        });
        match inner.find_map(key) {
            Some(key) => format!("`{key}`"),
            None => {
                let verb = self.block.label.split(' ').next().unwrap_or(path);
                format!("`{}`", self.head().unwrap_or(verb))
            }
        }
    }

    /// The setting's word in the block's own sentence.
    fn setting(&self, path: &str) -> Option<&'static str> {
        let head = self.head()?;
        let sentences = self.row.sentences.iter().filter(|sentence| sentence.head() == head);
        let mut settings = sentences.flat_map(|sentence| sentence.settings);
        settings.find(|setting| setting.param == path).map(|setting| setting.word)
    }

    /// Whether the block is said by the service's own names.
    fn is_raw(&self) -> bool {
        self.block.label.starts_with("do ")
    }

    /// The words that open the block's sentence.
    fn head(&self) -> Option<&'static str> {
        let label = self.block.label.as_str();
        let verb = label.split(' ').next().unwrap_or_default();
        let heads = catalogue::phrases(verb).iter().map(|phrase| phrase.sentence.head());
        heads.filter(|head| label.starts_with(head)).max_by_key(|head| head.len())
    }

    /// One of several values that exclude or need one another.
    fn member(&self, param: &Param, path: &str) -> String {
        match (self.setting(path), &param.kind) {
            (Some(word), _) if !self.is_raw() => format!("`{word}`"),
            (_, Kind::Resource(kind)) if !self.is_raw() => format!("a {}", kind.word()),
            (_, kind) if !self.is_raw() => match (self.introduced(path), kind) {
                (Some(words), _) => format!("`{words} ..`"),
                (None, Kind::Text { what, .. }) => (*what).to_owned(),
                _ => format!("`{path}`"),
            },
            _ => format!("`{path}`"),
        }
    }

    /// The words inside a sentence that a value stands behind.
    fn introduced(&self, path: &str) -> Option<&'static str> {
        let is_it = |slot: &str| slot.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let mut inner =
            self.row.sentences.iter().flat_map(|sentence| sentence.pattern.get(1..).unwrap_or_default().windows(2));
        inner.find_map(|pair| match pair {
            [Piece::Words(words), Piece::Slot(slot)] if is_it(slot) => Some(*words),
            _ => None,
        })
    }

    fn object(&mut self, params: &'static [Param], args: &[Arg], path: &str, span: Span) {
        let mut missing: Vec<String> = Vec::new();
        for param in params {
            let value = args.iter().find(|arg| arg.name.value == param.name).map(|arg| &arg.value);
            if value.is_none() && !param.required {
                continue;
            }
            let applies = param.when.is_none_or(|when| holds(&when, &self.block.args));
            match value {
                Some(value) if applies => self.value(&param.kind, param, value, &below(path, param.name)),
                Some(value) => {
                    // Another row of the same name may be the one that applies.
                    let other = params.iter().any(|other| {
                        other.name == param.name && other.when.is_none_or(|when| holds(&when, &self.block.args))
                    });
                    if !other {
                        self.not_applicable(param, &below(path, param.name), value.span());
                    }
                }
                None if applies && !self.report.is_doubtful(span) => missing.push(below(path, param.name).into_owned()),
                None => {}
            }
        }
        if !missing.is_empty() {
            self.missing(&missing, span);
        }
        if params.iter().any(|param| param.group != Group::None) {
            self.groups(params, args, path, span);
        }
    }

    fn missing(&mut self, paths: &[String], span: Span) {
        let words: Vec<&str> = paths.iter().map(|path| self.setting(path).unwrap_or(path)).collect();
        let said = self.block.said();
        let list: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let given: Vec<String> = words.iter().map(|word| format!("{word}: ..")).collect();
        self.report.push(
            Diagnostic::new(codes::MISSING_VALUE, span, format!("{said} needs {}", list.join(", ")))
                .label("not given")
                .help(format!("add `{}` to its parentheses", given.join(", "))),
        );
    }

    fn not_applicable(&mut self, param: &Param, path: &str, span: Span) {
        let spoken = self.spoken(path);
        let why = param.when.map(|when| self.describe(when)).unwrap_or_default();
        self.report.push(
            Diagnostic::new(codes::NOT_APPLICABLE, span, format!("{spoken} applies only {why}"))
                .label("does not apply here")
                .help("remove it, or give what it depends on"),
        );
    }

    /// A condition in words, behind `applies only`.
    fn describe(&self, when: When) -> String {
        let param = self.spoken(when.param);
        let word = |value: &str| {
            let choices = match self.row.param(when.param).map(|param| &param.kind) {
                Some(Kind::Choice(choices)) if !self.is_raw() => *choices,
                _ => &[],
            };
            let word = choices.iter().find(|choice| choice.1 == value).map_or(value, |choice| choice.0);
            format!("`{word}`")
        };
        match when.is {
            Is::Present => format!("together with {param}"),
            Is::Absent => format!("without {param}"),
            Is::Equal(value) => format!("when {param} is {}", word(value)),
            Is::NotEqual(value) => format!("when {param} is not {}", word(value)),
            Is::OneOf(values) => {
                format!(
                    "when {param} is one of {}",
                    values.iter().map(|value| word(value)).collect::<Vec<_>>().join(", ")
                )
            }
            Is::Contains(value) => format!("when {param} has {}", word(value)),
        }
    }

    fn groups(&mut self, params: &'static [Param], args: &[Arg], path: &str, span: Span) {
        let mut groups: BTreeMap<&str, (Group, Vec<&Param>, Vec<Span>)> = BTreeMap::new();
        for param in params {
            let Some(name) = param.group.name() else { continue };
            let entry = groups.entry(name).or_insert((param.group, Vec::new(), Vec::new()));
            entry.1.push(param);
            entry.2.extend(args.iter().filter(|arg| arg.name.value == param.name).map(|arg| arg.name.span));
        }
        for (_, (group, members, given)) in groups {
            let exclusive = matches!(group, Group::ExactlyOne(_) | Group::AtMostOne(_));
            let needed = matches!(group, Group::ExactlyOne(_) | Group::AtLeastOne(_));
            let (said, members) = match given.len() {
                0 if needed && !self.report.is_doubtful(span) => (self.block.said(), self.members(&members, path)),
                2.. if exclusive => (self.block.said(), self.members(&members, path)),
                _ => continue,
            };
            self.report.push(match given.as_slice() {
                [first, second, ..] => {
                    Diagnostic::new(codes::GROUP, *second, format!("{said} takes only one of these: {members}"))
                        .label("excludes the other")
                        .also(*first, "given first")
                        .help("keep one of them")
                }
                _ => Diagnostic::new(codes::GROUP, span, format!("{said} needs one of these: {members}"))
                    .label("none is given")
                    .help("give one of them"),
            });
        }
    }

    fn members(&self, members: &[&Param], path: &str) -> String {
        let names: Vec<String> = members.iter().map(|param| self.member(param, &below(path, param.name))).collect();
        names.join(", ")
    }

    fn value(&mut self, kind: &'static Kind, param: &'static Param, value: &Value, path: &str) {
        match (kind, value) {
            (Kind::Object(fields), Value::Map(entries, span)) => self.object(fields, entries, path, *span),
            (Kind::Tagged { params, .. }, Value::Map(entries, span)) => self.object(params, entries, path, *span),
            (Kind::List(element), Value::List(items, span)) => {
                if items.is_empty() && param.required {
                    self.empty("list", "element", path, *span);
                }
                for (index, item) in items.iter().enumerate() {
                    self.value(element, param, item, &below(path, &index.to_string()));
                }
            }
            (Kind::Pairs(params), Value::List(items, span)) => {
                if items.is_empty() && param.required {
                    self.empty("map", "entry", path, *span);
                }
                for (index, item) in items.iter().enumerate() {
                    if let Value::Map(entries, span) = item {
                        self.object(params, entries, &below(path, &index.to_string()), *span);
                    }
                }
            }
            (Kind::Amount { min, max }, Value::Plain(serde_json::Value::Number(number), span)) => {
                if let Some(number) = number.as_i64() {
                    self.range(number, (*min, *max, true), "", path, *span);
                }
            }
            (Kind::Choices(_), Value::List(items, _)) => {
                for item in items {
                    if let Some(text) = item.as_text() {
                        self.text(kind, param, text, path);
                    }
                }
            }
            (Kind::Map { value: inner, keys, max }, Value::Map(entries, span)) => {
                if entries.is_empty() && param.required {
                    self.empty("map", "entry", path, *span);
                }
                self.entries(inner, *keys, *max, param, entries, path);
            }
            (Kind::Json, _) => self.json(value, path),
            (_, Value::Text(text)) => self.text(kind, param, text, path),
            _ => {}
        }
    }

    fn empty(&mut self, what: &str, part: &str, path: &str, span: Span) {
        if self.report.is_doubtful(span) {
            return;
        }
        let spoken = self.spoken(path);
        self.report.push(
            Diagnostic::new(codes::MISSING_VALUE, span, format!("{spoken} has an empty {what}"))
                .label("empty")
                .help(format!("give at least one {part}")),
        );
    }

    fn entries(
        &mut self,
        kind: &'static Kind,
        keys: Keys,
        max: usize,
        param: &'static Param,
        entries: &[Arg],
        path: &str,
    ) {
        if let Some(extra) = entries.get(max) {
            let spoken = self.spoken(path);
            let count = entries.len();
            self.report.push(
                Diagnostic::new(
                    codes::TOO_MANY_ENTRIES,
                    extra.name.span,
                    format!("{spoken} has {count} entries, and the service takes {max}"),
                )
                .label("one too many")
                .help("leave some out"),
            );
        }
        for entry in entries {
            let key = &*entry.name.value;
            let wrong = match keys {
                Keys::Any => key.is_empty(),
                Keys::Attribute => key.is_empty() || key.contains(['$', '.']),
                Keys::Known(known) => !known.contains(&key),
            };
            if wrong {
                self.report.push(
                    Diagnostic::new(codes::BAD_KEY, entry.name.span, format!("`{key}` cannot be a key here"))
                        .label("refused by the service")
                        .help("a key has at least one character, and the name of an attribute neither `$` nor a dot"),
                );
            }
            self.value(kind, param, &entry.value, &format!("{path}.{key}"));
        }
    }

    /// Free JSON: only the empty text is refused, at any depth.
    fn json(&mut self, value: &Value, path: &str) {
        match value {
            Value::Text(text) if is_empty(text) => self.empty_text(path, text.span),
            Value::List(items, _) => items.iter().for_each(|item| self.json(item, path)),
            Value::Map(entries, _) => entries.iter().for_each(|entry| self.json(&entry.value, path)),
            Value::Text(_) | Value::Plain(..) => {}
        }
    }

    fn empty_text(&mut self, path: &str, span: Span) {
        let spoken = self.spoken(path);
        self.report.push(
            Diagnostic::new(codes::EMPTY_TEXT, span, format!("the service refuses an empty text for {spoken}"))
                .label("empty")
                .help("leave the line or the setting out, or write a word such as \"none\""),
        );
    }

    // ---- texts --------------------------------------------------------------------------------------------------------

    fn text(&mut self, kind: &'static Kind, param: &'static Param, text: &Text, path: &str) {
        if is_empty(text) {
            self.empty_text(path, text.span);
            return;
        }
        if !self.binding(param, text, path) {
            return;
        }
        let Some(literal) = text.as_literal() else { return };
        let span = text.span;
        match kind {
            Kind::Text { max, .. } => self.length(literal, *max, path, span),
            Kind::Number { min, max, hard } => self.number(literal, (*min, *max, *hard), None, path, span),
            Kind::Duration { min, max, hard, unit } => {
                self.number(literal, (*min, *max, *hard), Some(*unit), path, span);
            }
            Kind::Amount { min, max } => self.number(literal, (*min, *max, true), None, path, span),
            Kind::Flag => self.one_of(literal, &[("yes", "true"), ("no", "false")], path, span),
            Kind::Switch { yes, no } => self.one_of(literal, &[("yes", yes), ("no", no)], path, span),
            Kind::Choice(choices) | Kind::Choices(choices) => self.one_of(literal, choices, path, span),
            Kind::Keys { max } => {
                let fits =
                    literal.len() <= *max && literal.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
                if !fits {
                    self.wrong(path, &format!("1 to {max} telephone keys: `0` to `9`, `*`, `#`"), span);
                }
            }
            Kind::Phone => {
                let digits = literal.strip_prefix('+').unwrap_or_default();
                let template = ["${", "{{", "<<", "%%"].iter().any(|open| literal.contains(open));
                let fits = (2..=15).contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
                    && !digits.starts_with('0');
                if !fits && !template {
                    self.wrong(path, "a number in E.164 form such as `\"+12065550100\"`", span);
                }
            }
            Kind::Name { .. }
            | Kind::Resource(_)
            | Kind::Object(_)
            | Kind::List(_)
            | Kind::Pairs(_)
            | Kind::Map { .. }
            | Kind::Json
            | Kind::Tagged { .. } => {}
        }
    }

    /// Whether a text is as dynamic as its parameter allows.
    fn binding(&mut self, param: &Param, text: &Text, path: &str) -> bool {
        let fits = match param.binding {
            Binding::Static => !text.has_path(),
            Binding::Single => !text.has_path() || text.as_path().is_some(),
            Binding::Reference => text.as_path().is_some(),
            Binding::Mixed => true,
        };
        if fits {
            return true;
        }
        let spoken = self.spoken(path);
        let span = text.span;
        let diagnostic = match param.binding {
            Binding::Static => Diagnostic::new(codes::STATIC_ONLY, span, format!("{spoken} takes only a fixed value"))
                .label("known only while a call runs")
                .help("write the value, or `$env.Name` for one that differs per environment"),
            Binding::Single => Diagnostic::new(
                codes::SINGLE_REFERENCE,
                span,
                format!("{spoken} takes a fixed value or one reference alone"),
            )
            .label("text and reference mixed")
            .help("put the whole value together in an attribute first, and refer to that"),
            Binding::Reference | Binding::Mixed => {
                Diagnostic::new(codes::NEEDS_REFERENCE, span, format!("{spoken} takes only a reference"))
                    .label("a fixed value")
                    .help("set an attribute to the value first, and refer to it: `$.Attributes.name`")
            }
        };
        self.report.push(diagnostic);
        false
    }

    fn length(&mut self, literal: &str, max: usize, path: &str, span: Span) {
        // Bytes bound characters, and counting them costs nothing.
        if literal.len() <= max {
            return;
        }
        let length = literal.chars().count();
        if length > max {
            let spoken = self.spoken(path);
            self.report.push(
                Diagnostic::new(
                    codes::TEXT_TOO_LONG,
                    span,
                    format!("{spoken} has {length} characters, and the service takes {max}"),
                )
                .label("too long")
                .help("shorten it; what is spoken can be divided over several lines"),
            );
        }
    }

    fn number(&mut self, literal: &str, bounds: (i64, i64, bool), unit: Option<TimeUnit>, path: &str, span: Span) {
        let Ok(number) = literal.parse::<i64>() else {
            if !["${", "{{", "<<", "%%"].iter().any(|open| literal.contains(open)) {
                let what = unit.map(|unit| format!("a duration in whole {}", unit.word()));
                self.wrong(path, what.as_deref().unwrap_or("a whole number"), span);
            }
            return;
        };
        let unit = unit.map(|unit| format!(" {}", unit.word())).unwrap_or_default();
        self.range(number, bounds, &unit, path, span);
    }

    fn range(&mut self, number: i64, bounds: (i64, i64, bool), unit: &str, path: &str, span: Span) {
        let (min, max, hard) = bounds;
        if (min..=max).contains(&number) {
            return;
        }
        let spoken = self.spoken(path);
        let range = match (min, max) {
            (min, i64::MAX) => format!("at least {min}{unit}"),
            (min, max) => format!("{min} to {max}{unit}"),
        };
        let code = if hard { codes::OUT_OF_RANGE } else { codes::UNUSUAL_VALUE };
        let verb = if hard { "takes" } else { "is documented for" };
        self.report.push(
            Diagnostic::new(code, span, format!("{spoken} {verb} {range}, not {number}{unit}"))
                .label("out of range")
                .help(format!("write a value of {range}")),
        );
    }

    fn one_of(&mut self, literal: &str, choices: &[Choice], path: &str, span: Span) {
        if !choices.iter().any(|choice| choice.1.eq_ignore_ascii_case(literal)) {
            let known: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.1)).collect();
            self.wrong(path, &format!("one of {}", known.join(", ")), span);
        }
    }

    fn wrong(&mut self, path: &str, wanted: &str, span: Span) {
        let spoken = self.spoken(path);
        self.report.push(
            Diagnostic::new(codes::WRONG_VALUE, span, format!("{spoken} takes {wanted}"))
                .label("of the wrong kind")
                .help(format!("write {wanted}")),
        );
    }
}

/// The dotted path of a key.
fn below<'p>(path: &str, name: &'p str) -> Cow<'p, str> {
    if path.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{path}.{name}")) }
}

fn is_empty(text: &Text) -> bool {
    text.as_literal().is_some_and(str::is_empty)
}
