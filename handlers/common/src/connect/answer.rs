//! The answer: what a flow reads under `$.External`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::Failure;

/// What Connect takes as an answer, in bytes of JSON. Beyond it, the flow's error edge is taken.
const BYTES_MAX: usize = 32 * 1024;

/// How deep an answer may be nested before it is flattened. Ours have two levels; other services' may have more.
const DEPTH_MAX: usize = 32;

/// A flat map of texts, proven to be one that Connect takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer(BTreeMap<String, String>);

impl Answer {
    /// The answer that a value makes: any type that serializes to an object.
    pub fn of(value: &impl Serialize) -> Result<Self, Failure> {
        let value = serde_json::to_value(value).map_err(|error| Failure::Answer(error.to_string()))?;
        flatten(&value)
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    pub fn into_value(self) -> Value {
        self.0.into_iter().map(|(key, value)| (key, Value::String(value))).collect()
    }
}

/// Nested JSON as the flat map that Connect reads: names joined by underscores, list items by their number, everything
/// a text. A null is an empty text. Characters that a flow cannot address become underscores.
pub fn flatten(value: &Value) -> Result<Answer, Failure> {
    if !value.is_object() {
        return Err(Failure::Answer("it is not an object".to_owned()));
    }
    let mut flat = BTreeMap::new();
    // A stack of our own, so that the depth is ours to bound.
    let mut open = vec![(String::new(), value, 0)];
    while let Some((name, value, depth)) = open.pop() {
        if depth > DEPTH_MAX {
            return Err(Failure::Answer(format!("it is nested deeper than {DEPTH_MAX} levels")));
        }
        let inner = |part: &str| if name.is_empty() { legal(part) } else { format!("{name}_{}", legal(part)) };
        let text = match value {
            Value::Object(fields) => {
                open.extend(fields.iter().map(|(part, value)| (inner(part), value, depth + 1)));
                continue;
            }
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(at, value)| (inner(&at.to_string()), value, depth + 1)));
                continue;
            }
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
        };
        if flat.insert(name.clone(), text).is_some() {
            return Err(Failure::Answer(format!("two of its values are both called `{name}`")));
        }
    }
    let answer = Answer(flat);
    let bytes = serde_json::to_vec(&answer.0).map_err(|error| Failure::Answer(error.to_string()))?.len();
    if bytes > BYTES_MAX {
        return Err(Failure::Answer(format!("it has {bytes} bytes, and {BYTES_MAX} are allowed")));
    }
    Ok(answer)
}

/// A name that `$.External` can address: letters, digits, hyphens, underscores.
fn legal(part: &str) -> String {
    part.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_values_become_joined_names_and_texts() {
        let answer = flatten(&json!({
            "handoff": { "summary": "text", "tags": ["a", { "b": true }], "none": null },
            "count": 3,
            "Beep.wav": "arn",
        }))
        .unwrap();
        let expected = json!({
            "handoff_summary": "text", "handoff_tags_0": "a", "handoff_tags_1_b": "true", "handoff_none": "",
            "count": "3", "Beep_wav": "arn",
        });
        assert_eq!(answer.into_value(), expected);
    }

    #[test]
    fn two_values_of_one_name_are_reported() {
        let failure = flatten(&json!({ "a": { "b": "1" }, "a_b": "2" })).unwrap_err();
        assert_eq!(failure.to_string(), "the answer breaks Connect's limits: two of its values are both called `a_b`");
        assert!(flatten(&json!({ "Beep.wav": "1", "Beep wav": "2" })).is_err());
    }

    #[test]
    fn the_limit_is_on_the_bytes_of_json() {
        let frame = json!({ "k": "" }).to_string().len();
        assert!(flatten(&json!({ "k": "x".repeat(BYTES_MAX - frame) })).is_ok());
        assert!(flatten(&json!({ "k": "x".repeat(BYTES_MAX - frame + 1) })).is_err());
        // A quotation mark takes two bytes.
        assert!(flatten(&json!({ "k": "\"".repeat(BYTES_MAX / 2) })).is_err());
    }

    #[test]
    fn only_objects_of_some_depth_are_answers() {
        assert!(flatten(&json!("text")).is_err());
        let mut deep = json!("x");
        for _ in 0..40 {
            deep = json!({ "a": deep });
        }
        assert!(flatten(&deep).is_err());
    }
}
