//! What a function of the project says of itself: the parts of its contract that flows are held against.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// A function that flows invoke. What its contract leaves out is not known, and nothing is said about it.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// What it reads of what a flow passes, by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// Whether it takes others as well.
    pub takes_others: bool,
    outcomes: Vec<Outcome>,
}

#[derive(Debug, Clone, Default)]
pub struct Parameter {
    /// The values that it may have, where these are a closed set.
    pub values: Vec<String>,
    pub is_required: bool,
}

/// One way in which it answers.
#[derive(Debug, Clone, Default)]
struct Outcome {
    /// By key, the values that it can have, where they are a closed set.
    keys: BTreeMap<String, Vec<String>>,
    /// Whether it may have other keys as well.
    is_open: bool,
}

impl Function {
    /// Reads a contract: the function's name, and what it says. Nothing if the text is none.
    pub fn read(text: &str) -> Option<(String, Self)> {
        let json: Value = serde_json::from_str(text).ok()?;
        let name = json.get("handler")?.as_str()?.to_owned();
        let parameters = json.get("parameters");
        let outcomes = json.get("outcomes").and_then(Value::as_object);
        let function = Self {
            parameters: keys(parameters).map(|(key, row)| (key.clone(), parameter(row))).collect(),
            takes_others: parameters.is_none_or(is_open),
            outcomes: outcomes.into_iter().flat_map(Map::values).map(outcome).collect(),
        };
        Some((name, function))
    }

    /// Every key that an answer can have; nothing where one may have others.
    pub fn fields(&self) -> Option<BTreeSet<&str>> {
        if self.outcomes.is_empty() || self.outcomes.iter().any(|outcome| outcome.is_open) {
            return None;
        }
        Some(self.outcomes.iter().flat_map(|outcome| outcome.keys.keys()).map(String::as_str).collect())
    }

    /// Every value that a key of an answer can have; nothing where it may have others.
    pub fn values(&self, key: &str) -> Option<BTreeSet<&str>> {
        self.fields().filter(|fields| fields.contains(key))?;
        let mut all = BTreeSet::new();
        for values in self.outcomes.iter().filter_map(|outcome| outcome.keys.get(key)) {
            if values.is_empty() {
                return None;
            }
            all.extend(values.iter().map(String::as_str));
        }
        Some(all)
    }
}

fn keys(json: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    json.and_then(|json| json.get("keys")).and_then(Value::as_object).into_iter().flatten()
}

/// What does not say that it is closed is open.
fn is_open(json: &Value) -> bool {
    json.get("open").and_then(Value::as_bool).unwrap_or(true)
}

fn values(row: &Value) -> Vec<String> {
    let values = row.get("values").and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn parameter(row: &Value) -> Parameter {
    let is_required = row.get("required").and_then(Value::as_bool).unwrap_or(false);
    Parameter { values: values(row), is_required }
}

fn outcome(json: &Value) -> Outcome {
    Outcome { keys: keys(Some(json)).map(|(key, row)| (key.clone(), values(row))).collect(), is_open: is_open(json) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_contract_says_nothing() {
        for text in ["", "{", "[]", "{}", r#"{"handler":7}"#] {
            assert!(Function::read(text).is_none(), "{text}");
        }
        let (name, function) = Function::read(r#"{"handler":"f"}"#).unwrap();
        assert!(name == "f" && function.takes_others && function.fields().is_none());
    }

    #[test]
    fn an_answer_has_the_keys_and_values_of_all_outcomes() {
        let text = r#"{ "handler": "f", "outcomes": {
            "a": { "keys": { "x": { "values": ["1"] }, "y": {} }, "open": false },
            "b": { "keys": { "x": { "values": ["2"] } }, "open": false }
        } }"#;
        let (_, function) = Function::read(text).unwrap();
        assert_eq!(function.fields(), Some(BTreeSet::from(["x", "y"])));
        assert_eq!(function.values("x"), Some(BTreeSet::from(["1", "2"])));
        assert_eq!((function.values("y"), function.values("z")), (None, None));
        let (_, open) = Function::read(&text.replacen("false", "true", 1)).unwrap();
        assert_eq!((open.fields(), open.values("x")), (None, None));
    }
}
