//! Whether an answer is one that Connect takes, and one that the handler's contract promises.

use serde_json::{Map, Value};

/// What Connect reads of an answer, in bytes.
const BYTES_MAX: usize = 32 * 1024;

/// Where an answer breaks Connect's limits.
pub fn limits(answer: &Value) -> Vec<String> {
    let Some(fields) = answer.as_object() else {
        return vec!["Connect reads an object, and the answer is none".to_owned()];
    };
    let bytes = answer.to_string().len();
    let mut problems = Vec::new();
    if bytes > BYTES_MAX {
        problems.push(format!("the answer has {bytes} bytes, and Connect reads {BYTES_MAX}"));
    }
    let is_legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    for (name, value) in fields {
        if name.is_empty() || !name.chars().all(is_legal) {
            problems.push(format!("a flow cannot read the key {name:?}: letters, digits, `-` and `_` are allowed"));
        }
        if !value.is_string() {
            problems.push(format!("the value of `{name}` is no text"));
        }
    }
    problems
}

/// Where an answer is none of those that the contract lists: what it lacks of the one that it is most like.
pub fn breaches(answer: &Value, contract: &Value) -> Vec<String> {
    let outcomes = contract.get("outcomes").and_then(Value::as_object).into_iter().flatten();
    let mut all: Vec<Vec<String>> = outcomes.map(|(name, outcome)| differences(answer, name, outcome)).collect();
    all.sort_by_key(Vec::len);
    all.into_iter().next().unwrap_or_else(|| vec!["the contract has no outcome".to_owned()])
}

fn differences(answer: &Value, name: &str, outcome: &Value) -> Vec<String> {
    let nothing = Map::new();
    let keys = outcome.get("keys").and_then(Value::as_object).unwrap_or(&nothing);
    let is_open = outcome.get("open").and_then(Value::as_bool).unwrap_or(false);
    let fields = answer.as_object().unwrap_or(&nothing);
    let mut problems = Vec::new();
    for (key, row) in keys {
        let allowed = row.get("values").and_then(Value::as_array);
        match fields.get(key) {
            None if row.get("always").and_then(Value::as_bool) == Some(true) => {
                problems
                    .push(format!("the contract promises `{key}` for the outcome `{name}`, and the answer lacks it"));
            }
            Some(value) if allowed.is_some_and(|allowed| !allowed.contains(value)) => {
                problems.push(format!("`{key}` is {value}, which the contract does not list for the outcome `{name}`"));
            }
            _ => {}
        }
    }
    let unknown = fields.keys().filter(|key| !is_open && !keys.contains_key(*key));
    problems.extend(unknown.map(|key| format!("the contract does not list `{key}` for the outcome `{name}`")));
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contract() -> Value {
        json!({ "outcomes": {
            "found": { "keys": { "count": { "values": ["3"], "always": true }, "word": { "always": true } }, "open": false },
            "none": { "keys": { "count": { "values": ["0"], "always": true } }, "open": false },
        } })
    }

    #[test]
    fn an_answer_has_to_be_one_of_the_outcomes() {
        assert!(breaches(&json!({ "count": "3", "word": "x" }), &contract()).is_empty());
        assert!(breaches(&json!({ "count": "0" }), &contract()).is_empty());
        let lacking = breaches(&json!({ "count": "3" }), &contract());
        assert_eq!(lacking, ["the contract promises `word` for the outcome `found`, and the answer lacks it"]);
        let unknown = breaches(&json!({ "count": "0", "wort": "x" }), &contract());
        assert_eq!(unknown, ["the contract does not list `wort` for the outcome `none`"]);
        let outside = breaches(&json!({ "count": "7" }), &contract());
        assert_eq!(outside, ["`count` is \"7\", which the contract does not list for the outcome `none`"]);
    }

    #[test]
    fn an_open_outcome_takes_other_keys() {
        let open = json!({ "outcomes": { "known": { "keys": {}, "open": true } } });
        assert!(breaches(&json!({ "anything": "x" }), &open).is_empty());
    }

    #[test]
    fn connect_reads_flat_texts_of_some_length() {
        assert!(limits(&json!({ "a-b_C": "x" })).is_empty());
        assert_eq!(limits(&json!([])).len(), 1);
        assert_eq!(limits(&json!({ "a b": "x", "n": 1, "o": { "p": "q" } })).len(), 3);
        assert_eq!(limits(&json!({ "long": "x".repeat(33_000) })).len(), 1);
    }
}
