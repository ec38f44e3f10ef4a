//! What actions take, read from `parameters.txt`, and values held against it.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::LazyLock;

use serde_json::Value;

const TABLE: &str = include_str!("parameters.txt");

/// One key of an action or of an object in it.
#[derive(Debug)]
pub(super) struct Key {
    pub name: String,
    pub required: bool,
    pub holds: Holds,
}

#[derive(Debug)]
pub(super) enum Holds {
    Text,
    Address,
    TextOrNumber,
    Boolean,
    Number,
    Anything,
    Texts,
    Map,
    Objects(Vec<Key>),
    Object(Vec<Key>),
    MapOfObjects(Vec<Key>),
}

/// The keys of all actions by type.
pub(super) fn actions() -> &'static BTreeMap<&'static str, Vec<Key>> {
    static ACTIONS: LazyLock<BTreeMap<&'static str, Vec<Key>>> = LazyLock::new(|| {
        let mut texts: Vec<(&str, String)> = Vec::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            match texts.last_mut() {
                Some((_, text)) if line.starts_with(' ') => text.push_str(line),
                _ => texts.push((line, String::new())),
            }
        }
        texts.into_iter().map(|(action, text)| (action, keys(&mut text.chars().peekable()))).collect()
    });
    &ACTIONS
}

/// Keys up to a closing bracket, or the end.
fn keys(text: &mut Peekable<Chars>) -> Vec<Key> {
    let mut found = Vec::new();
    loop {
        while text.next_if(|c| c.is_whitespace()).is_some() {}
        match text.peek() {
            None => return found,
            Some('}' | ']') => {
                text.next();
                return found;
            }
            Some(_) => found.push(key(text)),
        }
    }
}

fn key(text: &mut Peekable<Chars>) -> Key {
    let mut key = Key { name: String::new(), required: false, holds: Holds::Text };
    while let Some(letter) = text.next_if(char::is_ascii_alphanumeric) {
        key.name.push(letter);
    }
    assert!(!key.name.is_empty(), "a mark without a key before {:?}", text.collect::<String>());
    while let Some(mark) = text.next_if(|c| "!@#?%~*[{".contains(*c)) {
        match mark {
            '!' => key.required = true,
            '@' => key.holds = Holds::Address,
            '#' => key.holds = Holds::TextOrNumber,
            '?' => key.holds = Holds::Boolean,
            '%' => key.holds = Holds::Number,
            '~' => key.holds = Holds::Anything,
            '*' => key.holds = Holds::Map,
            '[' => {
                let inner = keys(text);
                key.holds = if inner.is_empty() { Holds::Texts } else { Holds::Objects(inner) };
            }
            _ => {
                let inner = keys(text);
                key.holds =
                    if matches!(key.holds, Holds::Map) { Holds::MapOfObjects(inner) } else { Holds::Object(inner) };
            }
        }
    }
    key
}

/// What the service would say of an object with these keys.
pub(super) fn hold(known: &[Key], object: &Value, place: &str, problems: &mut Vec<String>) {
    let Some(entries) = object.as_object() else {
        problems.push(format!("{place} is no object"));
        return;
    };
    let below = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
    for key in known.iter().filter(|key| key.required && !entries.contains_key(&key.name)) {
        problems.push(format!("{} is missing", below(&key.name)));
    }
    for (name, value) in entries {
        match known.iter().find(|key| key.name == *name) {
            Some(key) => value_of(&key.holds, value, &below(name), problems),
            None => problems.push(format!("{} is an invalid property name", below(name))),
        }
    }
}

fn value_of(holds: &Holds, value: &Value, place: &str, problems: &mut Vec<String>) {
    let is_reference = value.as_str().is_some_and(|text| text.starts_with("$."));
    let each = |inner: &Holds, problems: &mut Vec<String>| match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                value_of(inner, item, &format!("{place}[{index}]"), problems);
            }
        }
        _ => problems.push(format!("{place} is no list")),
    };
    match (holds, value) {
        (Holds::Text | Holds::Address | Holds::TextOrNumber, Value::String(text)) => {
            if matches!(holds, Holds::Address) && !is_address(text) {
                problems.push(format!("{place} is {text:?}, which cannot be converted to an id"));
            }
        }
        (Holds::TextOrNumber | Holds::Number, Value::Number(_))
        | (Holds::Boolean, Value::Bool(_))
        | (Holds::Anything, _) => {}
        (Holds::Text | Holds::Address | Holds::TextOrNumber, _) => {
            problems.push(format!("{place} is {value}, which is no string"));
        }
        (Holds::Boolean | Holds::Number, _) => problems.push(format!("{place} is {value}, of the wrong type")),
        (_, _) if is_reference => {}
        (Holds::Texts, _) => each(&Holds::Text, problems),
        (Holds::Objects(keys), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                hold(keys, item, &format!("{place}[{index}]"), problems);
            }
        }
        (Holds::Objects(_), _) => problems.push(format!("{place} is no list")),
        (Holds::Object(keys), _) => hold(keys, value, place, problems),
        (Holds::Map | Holds::MapOfObjects(_), Value::Object(entries)) => {
            for (key, entry) in entries {
                let place = format!("{place}.{key}");
                match holds {
                    Holds::MapOfObjects(keys) => hold(keys, entry, &place, problems),
                    _ => value_of(&Holds::Text, entry, &place, problems),
                }
            }
        }
        (Holds::Map | Holds::MapOfObjects(_), _) => problems.push(format!("{place} is no object")),
    }
}

/// Whether a text addresses something: an ARN or id, a reference, or what a deployment tool will put in place.
fn is_address(text: &str) -> bool {
    let is_id = |text: &str| {
        let groups: Vec<&str> = text.split(':').next().unwrap_or_default().split('-').collect();
        groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
            && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    text.starts_with("arn:") || text.starts_with("$.") || text.contains("${") || text.contains("<<") || is_id(text)
}
