//! Which line became which block, for whoever reads a log of the service and wants the source.

use std::collections::HashMap;

use serde::Serialize;

use super::document::json;
use crate::flow::Flow;
use crate::source::{LineIndex, Source, SourceId};

/// A statement's place.
#[derive(Serialize)]
struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "str::is_empty")]
    step: &'a str,
    action: &'a str,
    statement: &'a str,
}

/// The map of a flow: identifier to place, one block a line, in source order.
pub(super) fn source_map(flow: &Flow, sources: &[Source]) -> String {
    let mut found = Sources { sources, lines: HashMap::new() };
    let mut map = format!("{{\n  \"flow\": {},\n  \"blocks\": {{", json(&flow.name.value));
    let mut first = true;
    for (_, block) in flow.blocks() {
        let place = found.at(block.span.source, block.span.range().start);
        map.push_str(if first { "\n    " } else { ",\n    " });
        first = false;
        map.push_str(&json(&block.identifier));
        map.push_str(": ");
        map.push_str(&json(&Place {
            file: place.map(|(file, ..)| file),
            line: place.map(|(_, line, _)| line),
            column: place.map(|(.., column)| column),
            step: &block.step,
            action: block.action.name(),
            statement: &block.label,
        }));
    }
    map.push_str(if first { "}\n}\n" } else { "\n  }\n}\n" });
    map
}

/// The sources, each with its lines once they were asked for.
struct Sources<'a> {
    sources: &'a [Source],
    lines: HashMap<SourceId, LineIndex>,
}

impl<'a> Sources<'a> {
    fn at(&mut self, id: SourceId, offset: usize) -> Option<(&'a str, usize, usize)> {
        let by_place = usize::try_from(id.0).ok().and_then(|at| self.sources.get(at)).filter(|source| source.id == id);
        let source = by_place.or_else(|| self.sources.iter().find(|source| source.id == id))?;
        let lines = self.lines.entry(id).or_insert_with(|| source.lines());
        let position = lines.position(&source.text, offset);
        Some((&source.path, position.line, position.column))
    }
}
