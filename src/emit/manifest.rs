//! The manifest: every flow of a build, what it is, what it uses, and the hash of its document.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{contract, document, type_name};
use crate::catalogue::ResourceKind;
use crate::flow::{Flow, Part, Value};

/// One flow or module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub name: String,
    /// `flow` or `module`: the two are different resources of the service, each with its own names.
    pub kind: &'static str,
    /// The API's word; `MODULE` for a module.
    #[serde(rename = "type")]
    pub flow_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub file: String,
    /// What a module takes and gives: the string that the service is given as its `Settings`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
    pub resources: Vec<Resource>,
    /// Of the document's file. The hash only tells whether a document changed. SHA-256 would do as well, but took half of
    /// the time of emission where a processor has no instructions for it, as on many build machines.
    pub blake3: String,
}

/// Something of the instance that a flow names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Resource {
    pub kind: &'static str,
    pub name: String,
    /// What became of the name in one environment.
    #[serde(flatten)]
    pub mapping: Option<Mapping>,
}

/// What became of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "mapping", rename_all = "lowercase")]
pub enum Mapping {
    Attributes { key: String },
    Static { address: String, reason: String },
    Template,
}

impl Entry {
    pub(super) fn new(flow: &Flow, file_stem: &str, content: &str) -> Self {
        Self {
            name: flow.name.value.to_string(),
            kind: flow.resource_kind().word(),
            flow_type: type_name(flow),
            description: flow.description.clone(),
            file: format!("{file_stem}.json"),
            settings: contract(flow),
            resources: resources(flow),
            blake3: blake3::hash(content.as_bytes()).to_hex().to_string(),
        }
    }
}

/// The manifest of a build, for one environment or for none, in the order of kinds and names.
pub fn manifest(environment: Option<&str>, mut entries: Vec<Entry>) -> String {
    #[derive(Serialize)]
    struct Manifest<'e> {
        #[serde(skip_serializing_if = "Option::is_none")]
        environment: Option<&'e str>,
        flows: Vec<Entry>,
    }
    entries.sort_by(|a, b| (a.kind, &a.name, &a.file).cmp(&(b.kind, &b.name, &b.file)));
    document::indented(&Manifest { environment, flows: entries })
}

/// The text of a manifest that was read and changed, as [`manifest`] would have written it.
pub fn text(manifest: &serde_json::Value) -> String {
    document::indented(manifest)
}

/// What a flow names, each once, in the order of kinds and names.
fn resources(flow: &Flow) -> Vec<Resource> {
    let mut found = BTreeSet::new();
    for (_, block) in flow.blocks() {
        for arg in &block.args {
            collect(&arg.value, &mut found);
        }
    }
    found.into_iter().map(|(kind, name)| Resource { kind, name: name.to_owned(), mapping: None }).collect()
}

fn collect<'a>(value: &'a Value, found: &mut BTreeSet<(&'static str, &'a str)>) {
    match value {
        Value::Text(text) => found.extend(text.parts.iter().filter_map(|part| match part {
            Part::Resource(kind, name) => Some((ResourceKind::word(*kind), name.as_str())),
            Part::Address(address) => Some((address.kind.word(), address.name.as_str())),
            Part::Literal(_) | Part::Path(_) => None,
        })),
        Value::List(items, _) => items.iter().for_each(|item| collect(item, found)),
        Value::Map(entries, _) => entries.iter().for_each(|entry| collect(&entry.value, found)),
        Value::Plain(..) => {}
    }
}
