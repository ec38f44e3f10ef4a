//! A second opinion on compiled flows: holds a document against the published rules of the flow language, by its own
//! code and its own table. It shares nothing with the compiler, so that the two cannot be wrong together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use refusals::{Facts, GROUPS, REFUSALS, REFUSED_OPERATORS, WRONG_TYPES};
use rules::{OPERATORS, Operands, Rule, TERMINAL, rule};
use serde_json::{Map, Value};

mod parameters;
mod refusals;
mod rules;
mod tests;

/// The service's limits.
const ACTIONS_MAX: usize = 250;
const CHARACTERS_MAX: usize = 256_000;
const IDENTIFIER_MAX: usize = 50;
const IDENTIFIER_FORBIDDEN: &str = "%:(\\/)=$,;[]{}";
const IDENTIFIER_RESERVED: [&str; 10] = [
    "__proto__",
    "constructor",
    "__defineGetter__",
    "__defineSetter__",
    "toString",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "valueOf",
];

/// The size of a block in the console's designer: a header, and a line for every exit, success included.
const BLOCK_WIDTH: i64 = 210;
const BLOCK_HEADER: i64 = 60;
const BLOCK_LINE: i64 = 24;

/// What a document is compiled from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Flow,
    Module,
}

/// Everything that is wrong with a compiled document, in words; nothing when the service would take it.
pub fn problems(text: &str, what: What) -> Vec<String> {
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("not JSON: {error}")],
    };
    let mut checker = Checker { problems: Vec::new() };
    let compact = document.to_string().chars().count();
    checker.hold(compact <= CHARACTERS_MAX, || format!("{compact} characters, and {CHARACTERS_MAX} are the most"));
    checker.document(&document, what);
    checker.problems
}

struct Checker {
    problems: Vec<String>,
}

/// What the checker knows of one action after its first look.
struct Seen<'a> {
    identifier: &'a str,
    targets: Vec<&'a str>,
    height: i64,
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Checker {
    fn hold(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.problems.push(problem());
        }
    }

    fn document(&mut self, document: &Value, what: What) {
        let mut expected = BTreeSet::from(["Version", "StartAction", "Metadata", "Actions"]);
        if what == What::Module {
            expected.insert("Settings");
        }
        let found = keys(document);
        self.hold(found == expected, || format!("the document's keys are {found:?}, not {expected:?}"));
        self.hold(text(document, "Version") == "2019-10-30", || "the version is not 2019-10-30".to_owned());
        if let Some(settings) = document.get("Settings") {
            let expected = BTreeSet::from(["InputParameters", "OutputParameters", "Transitions"]);
            self.hold(keys(settings) == expected, || "Settings is not the boilerplate of modules".to_owned());
        }

        let actions = list(document.get("Actions"));
        self.hold(!actions.is_empty(), || "there is no action".to_owned());
        self.hold(actions.len() <= ACTIONS_MAX, || {
            format!("{} actions, and {ACTIONS_MAX} are the most", actions.len())
        });
        let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
        for action in actions {
            let one = self.action(action, what, document.get("Metadata").unwrap_or(&Value::Null));
            let twice = seen.contains_key(one.identifier);
            self.hold(!twice, || format!("two actions are called {:?}", one.identifier));
            seen.insert(one.identifier, one);
        }
        for one in seen.values() {
            for target in &one.targets {
                let is_there = seen.contains_key(target);
                self.hold(is_there, || format!("{:?} goes to {target:?}, which is no action", one.identifier));
            }
        }
        let start = text(document, "StartAction");
        self.hold(seen.contains_key(start), || format!("the flow starts at {start:?}, which is no action"));
        self.reach(start, &seen);
        self.metadata(document.get("Metadata"), &seen);
    }

    fn reach(&mut self, start: &str, seen: &BTreeMap<&str, Seen>) {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open = VecDeque::from([start]);
        while let Some(identifier) = open.pop_front() {
            if let Some(one) = seen.get(identifier)
                && reached.insert(one.identifier)
            {
                open.extend(one.targets.iter().copied());
            }
        }
        for identifier in seen.keys().filter(|identifier| !reached.contains(**identifier)) {
            self.problems.push(format!("nothing leads to {identifier:?}"));
        }
    }

    fn action<'a>(&mut self, action: &'a Value, what: What, metadata: &Value) -> Seen<'a> {
        let identifier = text(action, "Identifier");
        let kind = text(action, "Type");
        let name = format!("{kind} {identifier:?}");
        let expected = BTreeSet::from(["Identifier", "Type", "Parameters", "Transitions"]);
        let found = keys(action);
        self.hold(found == expected, || format!("{name} has the keys {found:?}"));
        self.hold(!kind.is_empty(), || format!("{name} has no type"));
        self.identifier(identifier);
        self.hold(action.get("Parameters").is_some_and(Value::is_object), || format!("{name} has no parameters"));
        self.hold(what == What::Module || kind != "EndFlowModuleExecution", || {
            format!("{name} returns, and this is no module")
        });
        self.hold(what == What::Flow || kind != "EndFlowExecution", || {
            format!("{name} ends a flow, and this is a module")
        });

        let parameters = object(action.get("Parameters"));
        for (key, value) in &parameters {
            self.value(&name, key, value, kind == "ShowView" && key == "ViewData");
        }
        let transitions = action.get("Transitions").unwrap_or(&Value::Null);
        self.parameters(&name, kind, action.get("Parameters").unwrap_or(&Value::Null));
        let errors = list(transitions.get("Errors")).iter().map(|branch| text(branch, "ErrorType")).collect();
        let settings = metadata.get("settings").unwrap_or(&Value::Null);
        let facts = Facts { parameters: &parameters, errors, flow_type: text(metadata, "type"), settings };
        self.refusals(&name, kind, &facts);
        Seen { identifier, ..self.transitions(&name, kind, &parameters, transitions) }
    }

    fn identifier(&mut self, identifier: &str) {
        let length = identifier.chars().count();
        self.hold((1..=IDENTIFIER_MAX).contains(&length), || format!("{identifier:?} has {length} characters"));
        self.hold(!identifier.contains(|c| IDENTIFIER_FORBIDDEN.contains(c)), || {
            format!("{identifier:?} holds a character that identifiers may not")
        });
        self.hold(!IDENTIFIER_RESERVED.contains(&identifier), || format!("{identifier:?} is reserved"));
    }

    /// Keys and texts that are empty. Below the data of a view an empty text is taken.
    fn value(&mut self, name: &str, place: &str, value: &Value, is_view: bool) {
        self.hold(!place.is_empty() && !place.ends_with('.'), || format!("{name} has an empty key in {place:?}"));
        match value {
            Value::String(text) => {
                self.hold(is_view || !text.is_empty(), || format!("{name} has an empty text in {place}"));
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(name, &format!("{place}[{index}]"), item, is_view);
                }
            }
            Value::Object(entries) => {
                for (key, entry) in entries {
                    self.value(name, &format!("{place}.{key}"), entry, is_view);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Parameters against the table of what the action takes.
    fn parameters(&mut self, name: &str, kind: &str, parameters: &Value) {
        if let Some(known) = parameters::actions().get(kind) {
            let mut found = Vec::new();
            parameters::hold(known, parameters, "", &mut found);
            self.problems.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
        }
    }

    /// What is known to be refused of an action besides.
    fn refusals(&mut self, name: &str, kind: &str, facts: &Facts) {
        if let Some((_, right)) = WRONG_TYPES.iter().find(|row| row.0 == kind) {
            self.problems.push(format!("{name} is an invalid action type; the right one is {right:?}"));
        }
        for row in GROUPS.iter().filter(|row| row.0 == kind) {
            self.problems.extend(refusals::group(row, facts.parameters).map(|problem| format!("{name}: {problem}")));
        }
        for row in REFUSALS.iter().filter(|row| row.action == kind && (row.is_refused)(facts)) {
            self.problems.push(format!("{name}: {}", row.says));
        }
    }

    fn transitions<'a>(
        &mut self,
        name: &str,
        kind: &str,
        parameters: &Map<String, Value>,
        transitions: &'a Value,
    ) -> Seen<'a> {
        // The identifier is the caller's to say; it stands in the name.
        let found = keys(transitions);
        let next = transitions.get("NextAction").and_then(Value::as_str);
        let conditions = list(transitions.get("Conditions"));
        let errors = list(transitions.get("Errors"));
        let lines = i64::try_from(conditions.len() + errors.len() + usize::from(next.is_some())).unwrap();
        let targets: Vec<&str> =
            next.into_iter().chain(conditions.iter().chain(errors).map(|branch| text(branch, "NextAction"))).collect();
        let known = rule(kind, parameters);
        let is_terminal = TERMINAL.contains(&kind) || (known.is_none() && found.is_empty());
        if is_terminal {
            self.hold(transitions == &Value::Object(Map::new()), || {
                format!("{name} ends, yet has ways out: {found:?}")
            });
        } else {
            let never_goes_on = known.as_ref().is_some_and(|rule| !rule.next);
            let repeats_an_error = next.is_none_or(|next| errors.iter().any(|error| text(error, "NextAction") == next));
            self.hold(next.is_some() || never_goes_on, || format!("{name} has no NextAction"));
            self.hold(!never_goes_on || repeats_an_error, || format!("{name} never goes on, yet has a NextAction"));
            let allowed = BTreeSet::from(["NextAction", "Conditions", "Errors"]);
            self.hold(found.is_subset(&allowed), || format!("{name} has the transitions {found:?}"));
        }
        self.conditions(name, conditions, known.as_ref());
        self.errors(name, errors, known.as_ref());
        Seen { identifier: "", targets, height: BLOCK_HEADER + BLOCK_LINE * lines }
    }

    fn conditions(&mut self, name: &str, conditions: &[Value], rule: Option<&Rule>) {
        let mut operands: Vec<&str> = Vec::new();
        let mut tests: BTreeSet<(&str, &str)> = BTreeSet::new();
        for branch in conditions {
            let found = keys(branch);
            self.hold(found == BTreeSet::from(["NextAction", "Condition"]), || {
                format!("{name} has a condition with the keys {found:?}")
            });
            let condition = branch.get("Condition").unwrap_or(&Value::Null);
            let found = keys(condition);
            self.hold(found == BTreeSet::from(["Operator", "Operands"]), || {
                format!("{name} has a condition that holds {found:?}")
            });
            let operator = text(condition, "Operator");
            let allowed = rule.map_or(&OPERATORS[..], |rule| rule.operators);
            let is_known = allowed.contains(&operator) && !REFUSED_OPERATORS.contains(&operator);
            self.hold(is_known, || format!("{name} cannot be tested with {operator:?}"));
            let operand = match list(condition.get("Operands")) {
                [Value::String(operand)] => operand,
                [Value::Number(_)] if rule.is_some_and(|rule| rule.numbers) => continue,
                _ => {
                    self.problems.push(format!("{name} has a condition without exactly one text as operand"));
                    continue;
                }
            };
            self.hold(!operand.is_empty(), || format!("{name} compares with the empty text"));
            self.hold(!operand.starts_with("$."), || format!("{name} compares with {operand:?}, which is not static"));
            self.hold(tests.insert((operator, operand)), || format!("{name} tests {operator} {operand:?} twice"));
            operands.push(operand);
        }
        match rule.map(|rule| &rule.operands) {
            Some(Operands::None) => {
                self.hold(operands.is_empty(), || format!("{name} takes no conditions, and has {operands:?}"));
            }
            Some(Operands::Exactly(wanted)) => {
                let wanted: BTreeSet<&str> = wanted.iter().copied().collect();
                let found: BTreeSet<&str> = operands.iter().copied().collect();
                self.hold(found == wanted, || format!("{name} needs the conditions {wanted:?}, and has {found:?}"));
            }
            Some(Operands::Among(wanted)) => {
                let stray = operands.iter().find(|operand| !wanted.contains(operand));
                self.hold(stray.is_none(), || format!("{name} cannot be left by {stray:?}"));
            }
            Some(Operands::Free(least)) => {
                self.hold(conditions.len() >= *least, || format!("{name} needs {least} conditions at least"));
            }
            None => {}
        }
    }

    fn errors(&mut self, name: &str, errors: &[Value], rule: Option<&Rule>) {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        for branch in errors {
            let given = keys(branch);
            self.hold(given == BTreeSet::from(["NextAction", "ErrorType"]), || {
                format!("{name} has an error branch with the keys {given:?}")
            });
            let error = text(branch, "ErrorType");
            self.hold(!error.is_empty(), || format!("{name} has an error branch without a type"));
            self.hold(found.insert(error), || format!("{name} has {error} twice"));
        }
        let Some(rule) = rule else { return };
        for required in &rule.required {
            self.hold(found.contains(required), || format!("{name} must say where {required} goes"));
        }
        for error in found {
            let is_known = rule.required.contains(&error) || rule.allowed.contains(&error);
            self.hold(is_known, || format!("{name} may not have {error}"));
        }
    }

    fn metadata(&mut self, metadata: Option<&Value>, seen: &BTreeMap<&str, Seen>) {
        let metadata = metadata.unwrap_or(&Value::Null);
        let upper: Vec<&str> =
            keys(metadata).into_iter().filter(|key| key.starts_with(|c: char| c.is_uppercase())).collect();
        self.hold(upper == ["ActionMetadata", "Annotations"], || {
            format!("the console reads no key of Metadata like {upper:?}")
        });
        let place = |value: Option<&Value>| {
            let position = value?;
            (keys(position) == BTreeSet::from(["x", "y"]))
                .then(|| Some((position.get("x")?.as_i64()?, position.get("y")?.as_i64()?)))
                .flatten()
        };
        self.hold(place(metadata.get("entryPointPosition")).is_some(), || "the entry point has no place".to_owned());
        let notes = object(metadata.get("ActionMetadata"));
        for stray in notes.keys().filter(|identifier| !seen.contains_key(identifier.as_str())) {
            self.problems.push(format!("Metadata places {stray:?}, which is no action"));
        }
        let mut frames: Vec<(&str, i64, i64, i64)> = Vec::new();
        for (identifier, one) in seen {
            match place(notes.get(*identifier).and_then(|note| note.get("position"))) {
                Some((x, y)) => frames.push((identifier, x, y, one.height)),
                None => self.problems.push(format!("{identifier:?} has no place")),
            }
        }
        for (index, (one, x, y, height)) in frames.iter().enumerate() {
            for (other, other_x, other_y, other_height) in &frames[..index] {
                let apart = (x - other_x).abs() >= BLOCK_WIDTH
                    || (other_y >= y && other_y - y >= *height)
                    || (y >= other_y && y - other_y >= *other_height);
                self.hold(apart, || format!("{one:?} and {other:?} overlap"));
            }
        }
    }
}
