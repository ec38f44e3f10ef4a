//! What the designer keeps of a block by the catalogue's column `designer`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Plain, json};

use super::metadata::resource;
use crate::catalogue::{Holds, resources};
use crate::flow::{Arg, Block, Part, Text, Value};

/// The marks of a block, as keys of its entry.
pub(super) struct Marks<'a>(pub &'a Block);

impl Serialize for Marks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let marks = self.0.action.row().map_or(&[][..], |row| row.designer);
        let mut map = serializer.serialize_map(None)?;
        for mark in marks.iter().filter(|mark| mark.when.is_none_or(|when| self.0.is(&when))) {
            if let Some(value) = self.value(mark.holds) {
                map.serialize_entry(mark.key, &value)?;
            }
        }
        map.end()
    }
}

impl Marks<'_> {
    fn value(&self, holds: Holds) -> Option<Plain> {
        Some(match holds {
            Holds::Text(text) => text.into(),
            Holds::Flag(flag) => flag.into(),
            Holds::EmptyList => json!([]),
            Holds::References(param) => {
                let keys = self.entries(param).filter(|entry| is_reference(&entry.value));
                keys.map(|entry| &*entry.name.value).collect()
            }
            Holds::Switches(param) => self.switches(param, |_| true),
            Holds::SwitchedOn(param) => self.switches(param, is_reference),
            Holds::IsReference(params) => {
                params.iter().filter_map(|param| self.at(param)).any(is_reference).then_some(Plain::Bool(true))?
            }
            Holds::IsNamed(param) => self.named(param).map(|_| Plain::Bool(true))?,
            Holds::Named { param, id } => {
                let (name, address) = self.named(param)?;
                if id { json!({ "text": name, "id": address }) } else { json!({ "text": name }) }
            }
            Holds::Prompts(param) => {
                let prompts = self.items(param).filter_map(|item| match item {
                    Value::Map(entries, _) => entries.iter().find_map(|entry| addressed(&entry.value)),
                    _ => None,
                });
                prompts.map(|(name, address)| json!({ "id": address, "text": name, "type": "Prompt" })).collect()
            }
            Holds::Has(param, wanted) => self.items(param).any(|item| item.as_literal() == Some(wanted)).into(),
            Holds::Seconds => return None,
            Holds::ShownInSeconds => json!({ "value": "sec" }),
        })
    }

    /// The keys of a map that are wanted, and whether each is a reference.
    fn switches(&self, param: &str, is_wanted: impl Fn(&Value) -> bool) -> Plain {
        let entries = self.entries(param).filter(|entry| is_wanted(&entry.value));
        Plain::Object(
            entries
                .map(|entry| (entry.name.value.to_string(), is_reference(&entry.value).into()))
                .collect::<Map<_, _>>(),
        )
    }

    /// What a parameter is given, by its dotted path; a number is an element of a list.
    fn at(&self, path: &str) -> Option<&Value> {
        let mut steps = path.split('.');
        let first = steps.next()?;
        let mut value = &self.0.args.iter().find(|arg| arg.name.value == first)?.value;
        for step in steps {
            value = match value {
                Value::Map(entries, _) => &entries.iter().find(|entry| entry.name.value == step)?.value,
                Value::List(items, _) => items.get(step.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(value)
    }

    fn entries(&self, path: &str) -> impl Iterator<Item = &Arg> {
        match self.at(path) {
            Some(Value::Map(entries, _)) => entries.as_slice(),
            _ => &[],
        }
        .iter()
    }

    fn items(&self, path: &str) -> impl Iterator<Item = &Value> {
        match self.at(path) {
            Some(Value::List(items, _)) => items.as_slice(),
            _ => &[],
        }
        .iter()
    }

    fn named(&self, path: &str) -> Option<(&str, String)> {
        addressed(self.at(path)?)
    }
}

fn is_reference(value: &Value) -> bool {
    value.as_text().and_then(Text::as_path).is_some()
}

/// The name of the resource that a value addresses, and its address as the document has it.
fn addressed(value: &Value) -> Option<(&str, String)> {
    let text = value.as_text()?;
    let (_, name) = resource(text)?;
    let address = match text.parts.as_slice() {
        [Part::Address(address)] => address.text.clone(),
        [Part::Resource(kind, name)] => resources::placeholder(*kind, name),
        _ => return None,
    };
    Some((name, address))
}
