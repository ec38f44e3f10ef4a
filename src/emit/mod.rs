//! Emission: a checked flow in, the texts of its files out. It cannot fail, and it knows no action by name: what a
//! document needs to know about an action stands in the catalogue's row.

pub mod cloudformation;
mod document;
pub mod function;
mod ids;
pub mod layout;
pub mod manifest;
mod marks;
mod metadata;
mod names;
mod page;
mod picture;
mod size;
mod source_map;
mod spread;
pub mod stack;
pub mod terraform;

pub use document::{contract, draft};
pub use names::file_stem;
pub use picture::{Format, is_failure, kind_words, mermaid_text, picture, shortened};
pub use size::length_beyond;

use std::slice;

use serde::Serialize;

use crate::flow::Flow;
use crate::source::Source;
use crate::validate::ValidFlow;

/// What a build writes for one flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    pub name: String,
    /// The file name without its extension: the document is `<stem>.json`, the source map `<stem>.map.json`.
    pub file_stem: String,
    /// The document, for people to read in a diff: over lines, and with a newline at the end.
    pub content: String,
    pub source_map: String,
    /// The flow's part of the manifest.
    pub entry: manifest::Entry,
}

/// Everything that a build writes for a flow whose lines all stand in one source.
pub fn artifact(flow: &ValidFlow, source: &Source) -> Artifact {
    artifact_of(flow, slice::from_ref(source))
}

/// Everything that a build writes for a flow. A block that came from another file, by a fragment, is found among the
/// sources by its span.
pub fn artifact_of(flow: &ValidFlow, sources: &[Source]) -> Artifact {
    let flow = flow.flow();
    let content = document::pretty(flow);
    let file_stem = file_stem(&flow.name.value, flow.is_module());
    Artifact {
        name: flow.name.value.to_string(),
        source_map: source_map::source_map(flow, sources),
        entry: manifest::Entry::new(flow, &file_stem, &content),
        file_stem,
        content,
    }
}

/// JSON over lines, as all of a build's files have it.
pub fn json_text(value: &impl Serialize) -> String {
    document::indented(value)
}

/// The document without spaces, as the service is given it.
pub fn compact(flow: &ValidFlow) -> String {
    document::compact(flow.flow())
}

/// The type of a flow as the API and the manifest name it. A module has none; `MODULE` stands for it.
pub fn type_name(flow: &Flow) -> &'static str {
    flow.flow_type().map_or("MODULE", crate::catalogue::FlowType::api_name)
}

/// The form with three keys that pipelines deploy: name, type, and the document as a string.
///
/// A module is another kind of resource to the service, and has no type: there `ContactFlowType` is `MODULE`, and a
/// fourth key, `Settings`, holds the contract as the string that `CreateContactFlowModule` takes.
pub fn envelope(flow: &ValidFlow) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Envelope<'a> {
        name: &'a str,
        contact_flow_type: &'a str,
        content: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        settings: Option<String>,
    }
    let flow = flow.flow();
    document::indented(&Envelope {
        name: &flow.name.value,
        contact_flow_type: type_name(flow),
        content: document::compact(flow),
        settings: contract(flow),
    })
}

#[cfg(test)]
pub(crate) mod tests;
