//! What a function of the project says of its answers: the part of a handler's contract that rules ask about.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The answers of a function, by outcome.
#[derive(Debug, Clone, Default)]
pub struct Contract {
    outcomes: Vec<Outcome>,
}

#[derive(Debug, Clone, Default)]
struct Outcome {
    /// By key, the values that it can have, where they are known.
    keys: BTreeMap<String, Vec<String>>,
    /// Whether it may have other keys as well.
    is_open: bool,
}

impl Contract {
    /// Reads a contract: the function's name, and its answers. Nothing if the text is none.
    pub fn read(text: &str) -> Option<(String, Self)> {
        let json: Value = serde_json::from_str(text).ok()?;
        let name = json.get("handler")?.as_str()?.to_owned();
        let outcomes = json.get("outcomes")?.as_object()?.values().map(outcome).collect();
        Some((name, Self { outcomes }))
    }

    /// Every key that an answer can have; nothing where an outcome may have others.
    pub fn fields(&self) -> Option<BTreeSet<&str>> {
        if self.outcomes.is_empty() || self.outcomes.iter().any(|outcome| outcome.is_open) {
            return None;
        }
        Some(self.outcomes.iter().flat_map(|outcome| outcome.keys.keys()).map(String::as_str).collect())
    }
}

fn outcome(json: &Value) -> Outcome {
    let texts = |value: &Value| -> Vec<String> {
        let values = value.get("values").and_then(Value::as_array);
        values.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let keys = json.get("keys").and_then(Value::as_object);
    Outcome {
        keys: keys.into_iter().flatten().map(|(key, value)| (key.clone(), texts(value))).collect(),
        is_open: json.get("open").and_then(Value::as_bool).unwrap_or(true),
    }
}
