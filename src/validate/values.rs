//! Arguments against parameters: what must be there, what excludes what, ranges, lengths, and how dynamic a value may be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Report;
use super::keys::is_misspelled;
use crate::catalogue::{
    self, ActionSpec, Binding, Choice, Demand, Group, Keys, Kind, Param, ResourceKind, Rule, TimeUnit, rules,
};
use crate::diagnostics::{Diagnostic, Level, codes, listed};
use crate::flow::breach::{answer, breach};
use crate::flow::value::{holds, is_address, is_template};
use crate::flow::{Arg, Block, Text, Value};
use crate::source::Span;

pub(super) fn check(block: &Block, report: &mut Report) {
    if let Some(row) = block.action.row() {
        let mut check = Check { row, block, report };
        check.object(row.params, &block.args, "", block.span);
        check.refused_keys();
        check.doubtful(row.doubt, block.span, &block.said());
    }
}

pub(super) struct Check<'c> {
    pub row: &'static ActionSpec,
    pub block: &'c Block,
    pub report: &'c mut Report,
}

impl Check<'_> {
    /// What not every instance takes.
    fn doubtful(&mut self, why: &str, span: Span, said: &str) {
        if !why.is_empty() {
            let message = format!("an instance may not know {said}");
            let problem = breach(rules::FEATURE, codes::FEATURE, span, message);
            let help = format!("make sure that the instance has it, or leave it out: {why}");
            self.report.push(problem.label("may be refused").help(help));
        }
    }

    fn object(&mut self, params: &'static [Param], args: &[Arg], path: &str, span: Span) {
        self.unknown_keys(params, args, path);
        let mut missing: Vec<(String, &Param, Rule)> = Vec::new();
        for param in params {
            let value = args.iter().find(|arg| arg.name.value == param.name).map(|arg| &arg.value);
            if value.is_none() && !param.required {
                continue;
            }
            let applies = param.when.is_none_or(|when| holds(&when, &self.block.args));
            if let Some(value) = value.filter(|_| !param.doubt.is_empty()) {
                self.doubtful(param.doubt, value.span(), &self.spoken(&below(path, param.name)));
            }
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
                None if is_misspelled(param.name, params, args) => {}
                None if applies && !self.report.is_doubtful(span) => {
                    let rule = self.row.rule(Demand::RequiredKey, param.rests);
                    missing.push((below(path, param.name).into_owned(), param, rule));
                }
                None => {}
            }
        }
        // What the service is known to refuse is told apart from what a page says.
        let (refused, doubted): (Vec<_>, Vec<_>) = missing.into_iter().partition(|(.., rule)| rule.is_error());
        for missing in [refused, doubted] {
            let Some((.., rule)) = missing.first() else { continue };
            let rule = *rule;
            let missing: Vec<(String, &Param)> = missing.into_iter().map(|(path, param, _)| (path, param)).collect();
            self.missing(rule, &missing, path, span);
        }
        if params.iter().any(|param| param.group != Group::None) {
            self.groups(params, args, path, span);
        }
    }

    fn missing(&mut self, rule: Rule, missing: &[(String, &Param)], path: &str, span: Span) {
        let said = self.block.said();
        let words: Vec<String> = missing.iter().map(|(path, _)| self.word(path)).collect();
        let place = if let [(only, _)] = missing { only } else { path };
        self.report.push(
            breach(rule, codes::MISSING_VALUE, span, format!("{said} needs {}", listed(&words)))
                .label("not given")
                .path(self.place(place))
                .help(self.giving(missing, path)),
        );
    }

    fn not_applicable(&mut self, param: &Param, path: &str, span: Span) {
        let spoken = self.spoken(path);
        let why = param.when.map(|when| self.describe(when)).unwrap_or_default();
        let rule = self.row.rule(Demand::Applicability, param.rests);
        self.report.push(
            breach(rule, codes::NOT_APPLICABLE, span, format!("{spoken} applies only {why}"))
                .label("does not apply here")
                .help("remove it, or give what it depends on"),
        );
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
            let rests = members.iter().map(|param| param.rests).find(|rests| !rests.is_empty()).unwrap_or_default();
            let rule = self.row.rule(Demand::OneOf, rests);
            // What stands in for them may be a key that nobody has published.
            let has_unknown = args.iter().any(|arg| !params.iter().any(|param| param.name == arg.name.value));
            let exclusive = matches!(group, Group::ExactlyOne(_) | Group::AtMostOne(_));
            let needed = matches!(group, Group::ExactlyOne(_) | Group::AtLeastOne(_));
            let (said, members) = match given.len() {
                0 if needed && !has_unknown && !self.report.is_doubtful(span) => {
                    (self.block.said(), self.members(&members, path))
                }
                2.. if exclusive => (self.block.said(), self.members(&members, path)),
                _ => continue,
            };
            self.report.push(match given.as_slice() {
                [first, second, ..] => {
                    breach(rule, codes::GROUP, *second, format!("{said} takes only one of these: {members}"))
                        .label("excludes the other")
                        .also(*first, "given first")
                        .help("keep one of them")
                }
                _ => breach(rule, codes::GROUP, span, format!("{said} needs one of these: {members}"))
                    .label("none is given")
                    .path(self.place(path))
                    .help("give one of them"),
            });
        }
    }

    fn value(&mut self, kind: &'static Kind, param: &'static Param, value: &Value, path: &str) {
        match (kind, value) {
            (Kind::Object(fields), Value::Map(entries, span)) => self.object(fields, entries, path, *span),
            (Kind::Tagged { params, .. }, Value::Map(entries, span)) => self.object(params, entries, path, *span),
            (Kind::List(element), Value::List(items, span)) => {
                if items.is_empty() && param.required {
                    self.empty(param, path, *span);
                }
                for (index, item) in items.iter().enumerate() {
                    self.value(element, param, item, &below(path, &index.to_string()));
                }
            }
            (Kind::Pairs(params), Value::List(items, span)) => {
                if items.is_empty() && param.required {
                    self.empty(param, path, *span);
                }
                for (index, item) in items.iter().enumerate() {
                    if let Value::Map(entries, span) = item {
                        self.object(params, entries, &below(path, &index.to_string()), *span);
                    }
                }
            }
            (Kind::Amount { min, max }, Value::Plain(serde_json::Value::Number(number), span)) => {
                if let Some(number) = number.as_i64() {
                    self.range(number, (*min, *max), param, "", path, *span);
                }
            }
            (Kind::Choices(_), Value::List(items, _)) => {
                for item in items {
                    if let Some(text) = item.as_text() {
                        self.text(kind, param, text, path);
                    }
                }
            }
            (Kind::Map { value: inner, keys, max }, Value::Map(entries, _)) => {
                self.entries(inner, *keys, *max, param, entries, path);
            }
            (Kind::Json, _) => self.json(value, path),
            (_, Value::Text(text)) => self.text(kind, param, text, path),
            (Kind::Flag | Kind::Amount { .. }, Value::Plain(..)) => {}
            (_, Value::Plain(plain, span)) => self.json_type(plain, param, path, *span),
            (kind, Value::Map(_, span) | Value::List(_, span)) => self.shape(kind, param, value, path, *span),
        }
    }

    /// A list without an element. An empty map is taken.
    fn empty(&mut self, param: &Param, path: &str, span: Span) {
        if self.report.is_doubtful(span) {
            return;
        }
        let spoken = self.spoken(path);
        let rule = self.row.rule(Demand::RequiredKey, param.rests);
        self.report.push(
            breach(rule, codes::MISSING_VALUE, span, format!("{spoken} has an empty list"))
                .label("empty")
                .help("give at least one element"),
        );
    }

    /// A number, a boolean or nothing where the service has texts.
    fn json_type(&mut self, plain: &serde_json::Value, param: &Param, path: &str, span: Span) {
        let declared = self.row.rule(Demand::Syntax, param.rests);
        let is_refused = matches!(declared.basis, catalogue::Basis::Refusal(_)) && plain.is_boolean();
        let rule = if is_refused { declared } else { rules::JSON_TYPE };
        let spoken = self.spoken(path);
        let what = match plain {
            serde_json::Value::Bool(_) => "a JSON boolean",
            serde_json::Value::Null => "`null`",
            _ => "a JSON number",
        };
        self.report.push(
            breach(rule, codes::WRONG_VALUE, span, format!("{spoken} is {what}, and the service has texts here"))
                .label(answer(rule))
                .help(match &param.kind {
                    Kind::Switch { yes, no } => format!("write `\"{yes}\"` or `\"{no}\"`"),
                    _ if plain.is_null() => "give a value, or leave the key out".to_owned(),
                    _ => format!("write it in quotes: `\"{plain}\"`"),
                }),
        );
    }

    /// A list, a map or a text where something of another shape is taken.
    fn shape(&mut self, kind: &Kind, param: &Param, value: &Value, path: &str, span: Span) {
        let rule = self.row.rule(Demand::Syntax, param.rests);
        let spoken = self.spoken(path);
        let wanted = match kind {
            Kind::Object(_) | Kind::Map { .. } | Kind::Tagged { .. } => "an object",
            Kind::List(_) | Kind::Pairs(_) | Kind::Choices(_) => "a list",
            _ => "a text",
        };
        let found = match value {
            Value::Map(..) => "an object",
            Value::List(..) => "a list",
            Value::Text(_) | Value::Plain(..) => "a text",
        };
        self.report.push(
            breach(rule, codes::WRONG_VALUE, span, format!("{spoken} is {found}, and the service takes {wanted}"))
                .label(answer(rule))
                .help(format!("write {wanted}")),
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
        // The service's own tags do not count.
        let counted: Vec<&Arg> = entries.iter().filter(|entry| !entry.name.value.starts_with("aws:")).collect();
        if let Some(extra) = counted.get(max) {
            let spoken = self.spoken(path);
            let count = entries.len();
            let rule = self.row.rule(Demand::Limit, param.rests);
            self.report.push(
                breach(
                    rule,
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
            self.key(key, keys, param, path, entry.name.span);
            if matches!(kind, Kind::Object(_)) && !matches!(entry.value, Value::Map(..)) {
                let place = format!("{path}.{key}");
                self.shape(kind, param, &entry.value, &place, entry.value.span());
                continue;
            }
            // Of attributes, an empty value was refused; of what else has free keys, nobody knows.
            if let (Kind::Text { .. }, Keys::Any, Some("")) = (kind, keys, entry.value.as_literal()) {
                self.empty_text(rules::EMPTY_ENTRY, &format!("{path}.{key}"), entry.value.span());
                continue;
            }
            self.value(kind, param, &entry.value, &format!("{path}.{key}"));
        }
    }

    fn key(&mut self, key: &str, keys: Keys, param: &Param, path: &str, span: Span) {
        let rule = if key.is_empty() {
            self.row.rule(Demand::Syntax, param.rests)
        } else {
            let is_usual = match keys {
                Keys::Any => true,
                // A reference in a key is replaced as one in a value is.
                Keys::Attribute => key.contains("$.") || !key.contains(['$', '.']),
                Keys::Known(known) => known.contains(&key),
            };
            if is_usual {
                return;
            }
            self.row.rule(Demand::Listed, param.rests)
        };
        let spoken = self.spoken(path);
        self.report.push(
            breach(rule, codes::BAD_KEY, span, format!("`{key}` cannot be a key of {spoken}"))
                .label(answer(rule))
                .help("a key has at least one character, and the name of an attribute neither `$` nor a dot"),
        );
    }

    /// Free JSON: the service refuses an empty text at its first level, and takes it below.
    fn json(&mut self, value: &Value, path: &str) {
        if let Value::Text(text) = value
            && is_empty(text)
        {
            let rule = self.row.rule(Demand::Syntax, &[]);
            self.empty_text(rule, path, text.span);
        }
    }

    fn empty_text(&mut self, rule: Rule, path: &str, span: Span) {
        let spoken = self.spoken(path);
        self.report.push(
            breach(rule, codes::EMPTY_TEXT, span, format!("the service refuses an empty text for {spoken}"))
                .label("empty")
                .help(self.speech().say(
                    "leave the line or the setting out, or write a word such as \"none\"",
                    "leave the key out, or write a word such as \"none\"",
                )),
        );
    }

    // ---- texts --------------------------------------------------------------------------------------------------------

    fn text(&mut self, kind: &'static Kind, param: &'static Param, text: &Text, path: &str) {
        if is_empty(text) {
            let rule = self.row.rule(Demand::Syntax, param.rests);
            if let Kind::Resource(kind) = kind {
                self.report.push(
                    breach(
                        rule,
                        codes::EMPTY_ADDRESS,
                        text.span,
                        format!("{} is empty where the address of {} belongs", self.spoken(path), kind.described()),
                    )
                    .label("empty")
                    .help("give the address; `check --placeholders` passes over those that are filled in later"),
                );
            } else {
                self.empty_text(rule, path, text.span);
            }
            return;
        }
        if !self.binding(param, text, path) {
            return;
        }
        let Some(literal) = text.as_literal() else { return };
        let span = text.span;
        match kind {
            Kind::Text { max, .. } => self.length(literal, *max, param, path, span),
            Kind::Number { min, max } | Kind::Amount { min, max } => {
                self.number(literal, (*min, *max), None, param, path, span);
            }
            Kind::Duration { min, max, unit } => {
                self.number(literal, (*min, *max), Some(*unit), param, path, span);
            }
            Kind::Flag => self.one_of(literal, &[("yes", "true"), ("no", "false")], param, path, span),
            Kind::Switch { yes, no } => self.one_of(literal, &[("yes", yes), ("no", no)], param, path, span),
            Kind::Choice(choices) | Kind::Choices(choices) => self.one_of(literal, choices, param, path, span),
            Kind::Keys { max } => {
                let fits =
                    literal.len() <= *max && literal.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
                if !fits {
                    self.wrong(param, path, &format!("1 to {max} telephone keys: `0` to `9`, `*`, `#`"), span);
                }
            }
            Kind::Phone => {
                let digits = literal.strip_prefix('+').unwrap_or_default();
                let template = is_template(literal);
                let fits = (2..=15).contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
                    && !digits.starts_with('0');
                if !fits && !template {
                    self.wrong(param, path, "a number in E.164 form such as `\"+12065550100\"`", span);
                }
            }
            Kind::Resource(kind) => self.address(*kind, literal, path, span),
            Kind::Object(_) | Kind::List(_) | Kind::Pairs(_) | Kind::Map { .. } | Kind::Tagged { .. } => {
                if !is_template(literal) {
                    self.shape(kind, param, &Value::Text(text.clone()), path, span);
                }
            }
            Kind::Name { .. } | Kind::Json => {}
        }
    }

    /// Whether a text is as dynamic as its parameter allows.
    fn binding(&mut self, param: &Param, text: &Text, path: &str) -> bool {
        let fits = match param.binding {
            Binding::Static => !text.has_path(),
            Binding::Single => !text.has_path() || text.begins_with_path(),
            Binding::Reference => text.begins_with_path() && !text.as_path().is_some_and(is_name_space),
            Binding::Mixed => true,
        };
        if fits {
            return true;
        }
        let spoken = self.spoken(path);
        let span = text.span;
        let rule = self.row.rule(Demand::Binding, param.rests);
        let diagnostic = match param.binding {
            Binding::Static => breach(rule, codes::STATIC_ONLY, span, format!("{spoken} takes only a fixed value"))
                .label("known only while a call runs")
                .help(self.speech().say(
                    "write the value, or `$env.Name` for one that differs per environment",
                    "write the value itself; in the console, set it manually",
                )),
            Binding::Single => breach(
                rule,
                codes::SINGLE_REFERENCE,
                span,
                format!("{spoken} takes a fixed value or one reference alone"),
            )
            .label("text and reference mixed")
            .help("put the whole value together in an attribute first, and refer to that"),
            Binding::Reference | Binding::Mixed => {
                let label = if text.has_path() { "a name space, and no value in it" } else { "a fixed value" };
                breach(rule, codes::NEEDS_REFERENCE, span, format!("{spoken} takes only a reference"))
                    .label(label)
                    .help(self.speech().say(
                        "set an attribute to the value first, and refer to it: `$.Attributes.name`",
                        "write a reference such as `$.Attributes.name`; in the console, set it dynamically",
                    ))
            }
        };
        self.report.push(diagnostic);
        false
    }

    fn length(&mut self, literal: &str, max: usize, param: &Param, path: &str, span: Span) {
        // Bytes bound characters, and counting them costs nothing.
        if literal.len() <= max {
            return;
        }
        let length = literal.chars().count();
        if length > max {
            let spoken = self.spoken(path);
            self.report.push(
                breach(
                    self.row.rule(Demand::Limit, param.rests),
                    codes::TEXT_TOO_LONG,
                    span,
                    format!("{spoken} has {length} characters, and the service takes {max}"),
                )
                .label("too long")
                .help(self.speech().say(
                    "shorten it; what is spoken can be divided over several lines",
                    "shorten it; what is spoken can be divided over several blocks",
                )),
            );
        }
    }

    fn number(
        &mut self,
        literal: &str,
        bounds: (i64, i64),
        unit: Option<TimeUnit>,
        param: &Param,
        path: &str,
        span: Span,
    ) {
        let Ok(number) = literal.parse::<i64>() else {
            if !is_template(literal) {
                let what = unit.map(|unit| format!("a duration in whole {}", unit.word()));
                self.wrong(param, path, what.as_deref().unwrap_or("a whole number"), span);
            }
            return;
        };
        let unit = unit.map(|unit| format!(" {}", unit.word())).unwrap_or_default();
        self.range(number, bounds, param, &unit, path, span);
    }

    fn range(&mut self, number: i64, bounds: (i64, i64), param: &Param, unit: &str, path: &str, span: Span) {
        let (min, max) = bounds;
        if (min..=max).contains(&number) {
            return;
        }
        let spoken = self.spoken(path);
        let range = match (min, max) {
            (min, i64::MAX) => format!("at least {min}{unit}"),
            (min, max) => format!("{min} to {max}{unit}"),
        };
        let rule = self.row.rule(Demand::Limit, param.rests);
        let code = if rule.is_error() { codes::OUT_OF_RANGE } else { codes::UNUSUAL_VALUE };
        let verb = if rule.is_error() { "takes" } else { "is documented for" };
        self.report.push(
            breach(rule, code, span, format!("{spoken} {verb} {range}, not {number}{unit}"))
                .label("out of range")
                .help(format!("write a value of {range}")),
        );
    }

    fn one_of(&mut self, literal: &str, choices: &[Choice], param: &Param, path: &str, span: Span) {
        let spoken = self.spoken(path);
        if param.refuses.contains(&literal) {
            let rule = rules::REFUSED_VALUE;
            self.report.push(
                breach(rule, codes::WRONG_VALUE, span, format!("the service refuses `{literal}` for {spoken}"))
                    .label(answer(rule))
                    .help("leave it out"),
            );
            return;
        }
        let known: Vec<&str> = choices.iter().map(|choice| choice.1).collect();
        if known.iter().any(|known| known.eq_ignore_ascii_case(literal)) || is_template(literal) {
            return;
        }
        let rule = self.row.rule(Demand::Listed, param.rests);
        self.report.push(
            breach(rule, codes::WRONG_VALUE, span, format!("`{literal}` is not known of {spoken}"))
                .label(answer(rule))
                .help(format!("known are {}", listed(&known)))
                .suggest_text(literal, known),
        );
    }

    /// An address by its look. What a template or a person fills in later is nobody's mistake.
    fn address(&mut self, kind: ResourceKind, literal: &str, path: &str, span: Span) {
        let is_id = matches!(kind.address().id, catalogue::resources::IdShape::Uuid)
            && !matches!(kind, ResourceKind::View | ResourceKind::User);
        if !is_id || !kind.address().in_instance || is_address(literal) || is_template(literal) {
            return;
        }
        let spoken = self.spoken(path);
        if is_stand_in(literal) {
            let message = format!("{spoken} is `{literal}` where the address of {} belongs", kind.described());
            self.report.push(
                Diagnostic::new(codes::EMPTY_ADDRESS, span, message)
                    .at(Level::Warning)
                    .label("to be filled in")
                    .help("give the address; `check --placeholders` passes over those that are filled in later"),
            );
            return;
        }
        let rule = rules::NAME_AS_ID;
        self.report.push(
            breach(
                rule,
                codes::NAME_AS_ADDRESS,
                span,
                format!("{spoken} is a name, and the service takes an id or ARN"),
            )
            .label(answer(rule))
            .help(format!("give the id or ARN of {}", kind.described())),
        );
    }

    fn wrong(&mut self, param: &Param, path: &str, wanted: &str, span: Span) {
        let spoken = self.spoken(path);
        let rule = self.row.rule(Demand::Syntax, param.rests);
        self.report.push(
            breach(rule, codes::WRONG_VALUE, span, format!("{spoken} takes {wanted}"))
                .label("of the wrong kind")
                .help(format!("write {wanted}")),
        );
    }
}

/// The dotted path of a key.
pub(super) fn below<'p>(path: &str, name: &'p str) -> Cow<'p, str> {
    if path.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{path}.{name}")) }
}

/// `$.Attributes` and the like: a step that leads to groups of values, or to keys.
fn is_name_space(path: &str) -> bool {
    path.strip_prefix("$.").is_some_and(catalogue::paths::is_group)
}

/// What somebody wrote where an address belongs, to be replaced: `REPLACE_ME`, `ENTER QUEUE`.
fn is_stand_in(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_uppercase()) && !text.chars().any(char::is_lowercase)
}

fn is_empty(text: &Text) -> bool {
    text.as_literal().is_some_and(str::is_empty)
}
