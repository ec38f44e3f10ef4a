//! A placeholder for the emitter: names and signatures only.

pub mod manifest;
mod picture;

pub use picture::{Format, picture};

use crate::source::Source;
use crate::validate::ValidFlow;

/// One compiled flow.
#[derive(Debug)]
pub struct Artifact {
    pub name: String,
    pub file_stem: String,
    pub content: String,
    pub source_map: String,
    pub entry: manifest::Entry,
}

pub fn artifact_of(flow: &ValidFlow, _sources: &[Source]) -> Artifact {
    let name = flow.flow().name.value.clone();
    let file_stem = file_stem(&name, flow.flow().is_module());
    let entry = manifest::Entry { name: name.clone(), file: format!("{file_stem}.json") };
    Artifact { name, file_stem, content: "{}\n".into(), source_map: "{}\n".into(), entry }
}

pub fn envelope(flow: &ValidFlow) -> String {
    format!("{{\"Name\": {:?}}}\n", flow.flow().name.value)
}

/// The file name of a flow's outputs, without an ending.
pub fn file_stem(name: &str, is_module: bool) -> String {
    let ending = if is_module { ".module" } else { "" };
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect::<String>()
        + ending
}
