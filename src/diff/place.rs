//! Where a block stands: the file and line that a reviewer opens, and, in a document, what the service calls it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Version;
use crate::source::{LineIndex, Source, SourceId, Span};

/// A place in one of two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// From one; the column in characters.
    pub line: usize,
    pub column: usize,
    /// What a document says of the block; a source has no such thing.
    pub action: Option<Action>,
}

/// A block as a document has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub identifier: String,
    /// Where it stands in the document: `Actions[3]`. Nothing where the document had to be converted first.
    pub path: Option<String>,
}

/// The texts of one side, for all of its flows.
#[derive(Debug, Default)]
pub struct Texts {
    by_id: BTreeMap<SourceId, Source>,
    prefix: String,
}

impl Texts {
    /// `prefix` stands before the paths, and is not shown.
    pub fn new(sources: impl IntoIterator<Item = Source>, prefix: &str) -> Self {
        let by_id = sources.into_iter().map(|source| (source.id, source)).collect();
        Self { by_id, prefix: prefix.to_owned() }
    }

    /// What stands at a place.
    pub fn text(&self, span: Span) -> Option<&str> {
        self.by_id.get(&span.source).map(|source| source.slice(span))
    }

    /// The path of a source, as it is shown.
    pub fn path(&self, id: SourceId) -> Option<&str> {
        let path = &*self.by_id.get(&id)?.path;
        Some(path.strip_prefix(&self.prefix).unwrap_or(path))
    }
}

/// What is needed to tell the places of one version's blocks.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    pub texts: Arc<Texts>,
    /// Of a document, by block: which of its actions it is.
    pub actions: Vec<Option<usize>>,
}

/// Tells places of one version, and counts the lines of each text once.
pub(super) struct Places<'v> {
    version: &'v Version,
    lines: HashMap<SourceId, LineIndex>,
}

impl<'v> Places<'v> {
    pub fn new(version: &'v Version) -> Self {
        Self { version, lines: HashMap::new() }
    }

    /// The place of a block. Nothing where its text is not at hand.
    pub fn of(&mut self, at: usize) -> Option<Place> {
        let (_, block) = self.version.flow.at(at)?;
        let place = self.at(block.span)?;
        let path = self.version.origin.actions.get(at).copied().flatten().map(|action| format!("Actions[{action}]"));
        let is_document = self.version.form == crate::source::Form::Document;
        let action = is_document.then(|| Action { identifier: block.identifier.clone(), path });
        Some(Place { action, ..place })
    }

    /// The place of the flow's declaration.
    pub fn of_flow(&mut self) -> Option<Place> {
        self.at(self.version.flow.name.span)
    }

    fn at(&mut self, span: Span) -> Option<Place> {
        let texts = &self.version.origin.texts;
        let source = texts.by_id.get(&span.source)?;
        let lines = self.lines.entry(span.source).or_insert_with(|| source.lines());
        let position = lines.position(&source.text, span.start as usize);
        let file = texts.path(span.source).unwrap_or_default().to_owned();
        Some(Place { file, line: position.line, column: position.column, action: None })
    }
}
