//! Documents to sources: the files that an import makes, and what there is to say about them.

use std::collections::BTreeMap;

use super::documents::{Document, documents};
use super::outputs::Output;
use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::import::{self, Difference, Options, Resource, Stats};
use crate::source::{LAYOUT_ENDING, Source};

/// A flow that was imported.
#[derive(Debug)]
pub struct ImportedFlow {
    pub name: String,
    /// The words of its declaration: `inbound flow`, `module`.
    pub kind: String,
    pub stats: Stats,
    /// The source, and what stands beside it.
    pub files: Vec<Output>,
    /// What compiling the source gives that the document does not have, or the other way round.
    pub differences: Vec<Difference>,
}

/// What a source came to.
#[derive(Debug, Default)]
pub struct Imported {
    pub flows: Vec<ImportedFlow>,
    /// Texts inside the source that diagnostics may speak of.
    pub inner: Vec<Source>,
    pub diagnostics: Diagnostics,
}

/// Imports every flow of a source. With `verify`, holds what each compiles to against its document.
pub fn import(source: &Source, base: u32, options: Options, verify: bool) -> Imported {
    let read = documents(source, base);
    let flows = read.documents.iter().filter_map(|document| one(document, options, verify)).collect();
    Imported { flows, inner: read.inner, diagnostics: read.diagnostics }
}

fn one(document: &Document, options: Options, verify: bool) -> Option<ImportedFlow> {
    let flow = document.flow.as_ref()?;
    let imported = import::import(flow, options);
    let mut differences = imported.differences.clone();
    if verify {
        differences.extend(import::verify(&document.json, &document.left_out, flow, &imported, options));
    }
    let stem = emit::file_stem(&flow.name.value, flow.is_module());
    let mut files = vec![Output { name: format!("{stem}.flow"), text: imported.text }];
    if !imported.resources.is_empty() {
        files.push(Output { name: format!("{stem}.resources.toml"), text: table(&imported.resources) });
    }
    if let (true, Some(metadata)) = (options.keep_identifiers, &flow.metadata) {
        files.push(Output { name: format!("{stem}{LAYOUT_ENDING}"), text: emit::json_text(&**metadata) });
    }
    let kind = flow.flow_type().map_or("module".to_owned(), |flow_type| format!("{} flow", flow_type.words()));
    Some(ImportedFlow { name: flow.name.value.to_string(), kind, stats: imported.stats, files, differences })
}

/// Names and addresses, a table to each kind: the form that environment files have.
fn table(resources: &[Resource]) -> String {
    let mut kinds: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for resource in resources {
        kinds.entry(resource.kind.word()).or_default().insert(&resource.name, &resource.address);
    }
    toml::to_string(&kinds).unwrap_or_default()
}
