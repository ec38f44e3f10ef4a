//! What a build makes: names and texts of files. Where they are written is for the shell to know.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::emit;
use crate::emit::manifest::Entry;
use crate::flow::Flow;
use crate::mapping;
use crate::source::Source;
use crate::validate::{Unfilled, ValidFlow, validate};

/// The file that names every flow of a build.
pub const MANIFEST: &str = "manifest.json";
/// The file that the mapping function answers from.
pub const RESOURCE_MAP: &str = "resource-map.json";

/// What `<flow>.json` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// The document itself, as the console imports it.
    #[default]
    Content,
    /// The document as a string beside its name and type, as deployment pipelines take it.
    Envelope,
}

/// One file of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// In the out folder.
    pub name: String,
    pub text: String,
}

/// What one flow becomes.
#[derive(Debug)]
pub struct Product {
    pub outputs: [Output; 2],
    pub entry: Entry,
}

/// Compiles one flow. Its lines stand in these sources: in its own, and in those of the fragments that it uses.
pub fn product(flow: &ValidFlow, sources: &[Source], form: Form) -> Product {
    // Where no environment is known, nothing is looked up.
    let unmapped =
        mapping::unmapped(flow.flow()).and_then(|flow| validate(flow, Diagnostics::new(), Unfilled::Noted).0);
    let flow = unmapped.as_ref().unwrap_or(flow);
    let artifact = emit::artifact_of(flow, sources);
    let text = match form {
        Form::Content => artifact.content,
        Form::Envelope => emit::envelope(flow),
    };
    let [document, map] = names(&artifact.file_stem);
    let outputs = [Output { name: document, text }, Output { name: map, text: artifact.source_map }];
    Product { outputs, entry: artifact.entry }
}

/// The names of a flow's files.
pub fn output_names(flow: &ValidFlow) -> [String; 2] {
    names(&emit::file_stem(&flow.flow().name.value, flow.flow().is_module()))
}

/// The manifest of a whole build, for one environment or for none.
pub fn manifest(environment: Option<&str>, entries: Vec<Entry>) -> Output {
    Output { name: MANIFEST.to_owned(), text: emit::manifest::manifest(environment, entries) }
}

/// The manifest after a build of some flows: the rows of the others stay as the last build left them, because so did
/// their files.
pub fn merged_manifest(previous: &str, environment: Option<&str>, entries: Vec<Entry>) -> Output {
    let fresh = manifest(environment, entries);
    let (Some(mut rows), Some(new)) = (rows(previous), rows(&fresh.text)) else { return fresh };
    for row in new {
        rows.retain(|old| old.get("file") != row.get("file"));
        rows.push(row);
    }
    let key = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    rows.sort_by_cached_key(|row| (key(row, "kind"), key(row, "name"), key(row, "file")));
    let Ok(mut whole) = serde_json::from_str::<Value>(&fresh.text) else { return fresh };
    if let Some(flows) = whole.get_mut("flows") {
        *flows = Value::Array(rows);
    }
    Output { text: emit::manifest::text(&whole), ..fresh }
}

/// The files that a build with this manifest left. Names that reach out of the folder are no build's doing.
pub fn listed(manifest: &str) -> Vec<String> {
    rows(manifest)
        .unwrap_or_default()
        .iter()
        .filter_map(|row| row.get("file").and_then(Value::as_str))
        .filter(|file| is_output(file))
        .filter_map(|file| file.strip_suffix(".json"))
        .flat_map(names)
        .collect()
}

/// Whether a text is the manifest of a build.
pub fn is_manifest(text: &str) -> bool {
    rows(text).is_some()
}

/// Whether a file can be one that a build writes into its folder.
pub fn is_output(name: &str) -> bool {
    name.strip_suffix(".json").is_some() && !name.contains(['/', '\\', ':']) && !name.starts_with('.')
}

/// The environment that a build with this manifest was for.
pub fn built_for(manifest: &str) -> Option<String> {
    let whole: Value = serde_json::from_str(manifest).ok()?;
    whole.get("environment").and_then(Value::as_str).map(str::to_owned)
}

fn rows(manifest: &str) -> Option<Vec<Value>> {
    let whole: Value = serde_json::from_str(manifest).ok()?;
    whole.get("flows").and_then(Value::as_array).cloned()
}

fn names(stem: &str) -> [String; 2] {
    [format!("{stem}.json"), format!("{stem}.map.json")]
}

/// Flows whose files would overwrite each other. Compared without case: on many disks `Main` and `main` are one file.
pub(super) fn collisions(flows: &[&Flow]) -> Vec<Diagnostic> {
    let kept = [MANIFEST, RESOURCE_MAP].map(|name| (name.to_owned(), None));
    let mut taken: BTreeMap<String, Option<&Flow>> = BTreeMap::from(kept);
    let mut problems = Vec::new();
    for flow in flows {
        for name in names(&emit::file_stem(&flow.name.value, flow.is_module())) {
            match taken.get(&name.to_lowercase()) {
                None => {
                    taken.insert(name.to_lowercase(), Some(*flow));
                }
                // Two of one kind and name are told apart from the names already, by a message of their own.
                Some(Some(other)) if other.name == flow.name && other.is_module() == flow.is_module() => break,
                Some(other) => {
                    problems.push(collision(flow, *other, &name));
                    break;
                }
            }
        }
    }
    problems
}

fn collision(flow: &Flow, other: Option<&Flow>, file: &str) -> Diagnostic {
    let name = &flow.name.value;
    let problem =
        |message| Diagnostic::new(codes::OUTPUT_COLLISION, flow.name.span, message).help("rename one of them");
    match other {
        Some(other) => {
            let message = format!("`{name}` and `{}` both compile to `{file}`", other.name.value);
            problem(message).label("this one").also(other.name.span, "and this one")
        }
        None => problem(format!("`{name}` compiles to `{file}`, which the build keeps for itself"))
            .help("give the flow another name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_cannot_point_out_of_its_folder() {
        let text = r#"{"flows": [{"file": "a.json"}, {"file": "../b.json"}, {"file": "c.txt"}, {"file": "/d.json"}]}"#;
        assert_eq!(listed(text), ["a.json", "a.map.json"]);
        assert!(listed("no JSON").is_empty());
    }
}
