//! Which line became which block, for whoever reads a log of the service and wants the source.

use std::fmt::Write;

use super::page::push_text;
use crate::flow::Flow;
use crate::source::{Position, Source, SourceId};

/// The map of a flow: identifier to place, one block a line, in source order.
pub(super) fn source_map(flow: &Flow, sources: &[Source]) -> String {
    let mut found = Cursors { sources, cursors: Vec::new() };
    let mut map = String::with_capacity(64 + 400 * flow.len());
    map.push_str("{\n  \"flow\": ");
    push_text(&mut map, &flow.name.value);
    map.push_str(",\n  \"blocks\": {");
    let mut first = true;
    for (_, block) in flow.blocks() {
        map.push_str(if first { "\n    " } else { ",\n    " });
        first = false;
        push_text(&mut map, &block.identifier);
        map.push_str(": {");
        if let Some((file, Position { line, column })) = found.at(block.span.source, block.span.range().start) {
            map.push_str("\"file\":");
            push_text(&mut map, file);
            // Memory takes all that is written to it.
            let _ = write!(map, ",\"line\":{line},\"column\":{column},");
        }
        if !block.step.is_empty() {
            map.push_str("\"step\":");
            push_text(&mut map, &block.step);
            map.push(',');
        }
        map.push_str("\"action\":");
        push_text(&mut map, block.action.name());
        map.push_str(",\"statement\":");
        push_text(&mut map, &block.label);
        map.push('}');
    }
    map.push_str(if first { "}\n}\n" } else { "\n  }\n}\n" });
    map
}

/// Where the reading of each source stands. The blocks of a flow stand close to one another, so from each to the next
/// is less to count than all lines of a text that may hold many flows.
struct Cursors<'a> {
    sources: &'a [Source],
    cursors: Vec<Cursor<'a>>,
}

struct Cursor<'a> {
    source: &'a Source,
    offset: usize,
    /// Newlines before the offset.
    lines: usize,
}

impl<'a> Cursors<'a> {
    fn at(&mut self, id: SourceId, offset: usize) -> Option<(&'a str, Position)> {
        let known = self.cursors.iter().position(|cursor| cursor.source.id == id);
        let at = if let Some(at) = known {
            at
        } else {
            let source = self.source(id)?;
            self.cursors.push(Cursor { source, offset: 0, lines: 0 });
            self.cursors.len() - 1
        };
        let cursor = self.cursors.get_mut(at)?;
        Some((&cursor.source.path, cursor.go(offset)))
    }

    fn source(&self, id: SourceId) -> Option<&'a Source> {
        let by_place = usize::try_from(id.0).ok().and_then(|at| self.sources.get(at)).filter(|source| source.id == id);
        by_place.or_else(|| self.sources.iter().find(|source| source.id == id))
    }
}

impl Cursor<'_> {
    fn go(&mut self, offset: usize) -> Position {
        let text = &self.source.text;
        let offset = offset.min(text.len());
        let between = |from: usize, to: usize| text.as_bytes().get(from..to).unwrap_or_default();
        let newlines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
        if offset >= self.offset {
            self.lines += newlines(between(self.offset, offset));
        } else {
            self.lines -= newlines(between(offset, self.offset));
        }
        self.offset = offset;
        let start = between(0, offset).iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let column = text.get(start..offset).map_or(1, |before| before.chars().count() + 1);
        Position { line: self.lines + 1, column }
    }
}
