//! What the console kept of flows, in files beside their sources.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::diagnostics::Diagnostic;
use crate::emit;
use crate::flow::Flow;
use crate::json;
use crate::source::{Form, LAYOUT_ENDING, Source, SourceId};

/// The bookkeeping of flows, by folder and the stem of the flow's files.
#[derive(Debug, Default)]
pub(super) struct Layouts {
    by_place: HashMap<String, Map<String, Value>>,
    folders: HashMap<SourceId, String>,
    pub problems: Vec<Diagnostic>,
}

impl Layouts {
    pub fn new(sources: &[&Source]) -> Self {
        let mut layouts = Self::default();
        let files: Vec<&&Source> = sources.iter().filter(|source| source.form() == Form::Layout).collect();
        if files.is_empty() {
            return layouts;
        }
        for source in files {
            let Some(place) = source.path.strip_suffix(LAYOUT_ENDING) else { continue };
            match json::parse(source).map(|json| json.plain()) {
                Ok(Value::Object(kept)) => {
                    layouts.by_place.insert(place.to_owned(), kept);
                }
                Ok(_) => {}
                Err(problem) => layouts.problems.push(*problem),
            }
        }
        layouts.folders = sources.iter().map(|source| (source.id, folder(&source.path).to_owned())).collect();
        layouts
    }

    /// What was kept of a flow: the file of its name beside its source.
    pub fn of(&self, flow: &Flow) -> Option<Box<Map<String, Value>>> {
        let folder = self.folders.get(&flow.span.source)?;
        let stem = emit::file_stem(&flow.name.value, flow.is_module());
        self.by_place.get(&format!("{folder}{stem}")).cloned().map(Box::new)
    }
}

/// A path up to its last slash.
fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default()
}
