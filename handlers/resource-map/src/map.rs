//! The map itself: `{ "<instance ARN>": { "<key>": "<address>" } }`, or the inner object alone for a function that
//! serves the one instance named by `INSTANCE_ARN`.

use std::fmt;

use handler_common::Failure;
use handler_common::settings;
use handler_common::world::Environment;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// What a map or an instance may be called, in characters. Flows read keys, which have to be attribute names.
const KEY_MAX: usize = 127;

pub struct ResourceMap(Vec<(String, Vec<(String, String)>)>);

impl ResourceMap {
    pub fn read(text: &str, environment: &impl Environment) -> Result<Self, Failure> {
        let bad = |error: serde_json::Error| Failure::Configuration(format!("the resource map: {error}"));
        let instances = match serde_json::from_str::<Pairs<Entry>>(text).map_err(bad)?.0 {
            entries if entries.iter().any(|(_, entry)| matches!(entry, Entry::Address(_))) => {
                let instance = settings::required(environment, "INSTANCE_ARN")?;
                vec![(instance, addresses(entries)?)]
            }
            entries => entries
                .into_iter()
                .map(|(instance, entry)| match entry {
                    Entry::Instance(pairs) => Ok((instance, pairs.0)),
                    Entry::Address(_) => Err(mixed()),
                })
                .collect::<Result<_, _>>()?,
        };
        let map = Self(instances);
        map.0.iter().flat_map(|(_, resources)| resources).try_for_each(|(key, address)| check(key, address))?;
        Ok(map)
    }

    pub fn of_instance(&self, instance: &str) -> Result<&[(String, String)], Failure> {
        let found = self.0.iter().find(|(arn, _)| arn == instance);
        found.map(|(_, resources)| resources.as_slice()).ok_or_else(|| {
            let count = self.0.len();
            Failure::Configuration(format!("the resource map knows {count} instances, and {instance} is none of them"))
        })
    }
}

fn addresses(entries: Vec<(String, Entry)>) -> Result<Vec<(String, String)>, Failure> {
    let one = |(key, entry)| match entry {
        Entry::Address(address) => Ok((key, address)),
        Entry::Instance(_) => Err(mixed()),
    };
    entries.into_iter().map(one).collect()
}

fn mixed() -> Failure {
    Failure::Configuration("the resource map holds instances and addresses side by side".to_owned())
}

/// A key that `$.External` can address, and an address that can be one: what a deployment failed to find tends to show
/// as nothing at all or as the word for it.
fn check(key: &str, address: &str) -> Result<(), Failure> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if key.is_empty() || key.len() > KEY_MAX || !key.chars().all(is_legal) {
        return Err(Failure::Configuration(format!("a flow cannot read the key {key:?} of the resource map")));
    }
    let last = address.rsplit(['/', ':']).next().unwrap_or_default();
    if last.is_empty() || ["undefined", "null", "None"].contains(&last) || address.contains("${") {
        return Err(Failure::Configuration(format!("the resource map has no address for {key:?}, but {address:?}")));
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Address(String),
    Instance(Pairs<String>),
}

/// An object in which a name that comes twice is an error, and not silently the later one.
struct Pairs<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Unique<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Unique<T> {
            type Value = Pairs<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
                let mut names = std::collections::BTreeSet::new();
                let mut pairs = Vec::new();
                while let Some((name, value)) = object.next_entry::<String, T>()? {
                    if !names.insert(name.clone()) {
                        return Err(serde::de::Error::custom(format!("{name:?} is there twice")));
                    }
                    pairs.push((name, value));
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Unique(std::marker::PhantomData))
    }
}
