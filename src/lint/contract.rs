//! What functions and bots of the project say of their answers: the part of their contracts that rules ask about.

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

impl Contract {
    /// The values that a key of an answer can have, where each outcome that has it lists them; nothing if one does not, or may
    /// have any keys.
    pub fn values(&self, key: &str) -> Option<BTreeSet<&str>> {
        if self.outcomes.iter().any(|outcome| outcome.is_open) {
            return None;
        }
        let listed: Vec<&Vec<String>> = self.outcomes.iter().filter_map(|outcome| outcome.keys.get(key)).collect();
        let is_closed = !listed.is_empty() && listed.iter().all(|values| !values.is_empty());
        is_closed.then(|| listed.into_iter().flatten().map(String::as_str).collect())
    }
}

/// What a bot can answer.
#[derive(Debug, Clone, Default)]
pub struct Bot {
    /// By intent, its slots.
    pub intents: BTreeMap<String, BTreeSet<String>>,
    /// The attributes of the session that it sets; nothing if it may set any.
    pub session: Option<BTreeSet<String>>,
}

impl Bot {
    /// Whether it can find an intent. Every bot has those of the service, which begin alike, and the one for everything else.
    pub fn has(&self, intent: &str) -> bool {
        intent.starts_with("AMAZON.") || intent == FALLBACK || self.intents.contains_key(intent)
    }

    pub fn slots(&self) -> BTreeSet<&str> {
        self.intents.values().flatten().map(String::as_str).collect()
    }
}

/// The intent that stands for what fits no other.
const FALLBACK: &str = "FallbackIntent";

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
