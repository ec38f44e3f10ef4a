//! Where a block comes from. Who wants to know what a block is asks here; nobody reads the words of its label for it.

use ecow::EcoString;

use crate::catalogue::Sentence;
use crate::json::Path;

/// Where a block comes from.
#[derive(Debug, Clone)]
pub enum BlockOrigin {
    /// A sentence of the catalogue.
    Sentence(&'static Sentence),
    /// An entry of `set`.
    Set,
    /// A comparison of an `if`.
    If,
    Match(&'static Sentence),
    Repeat,
    Retry(&'static Sentence),
    /// `do Type (..)`: the service's own names, held against the catalogue.
    Do,
    /// `do "Type" (..)`: the service's own names, which nobody checks.
    Quoted,
    /// An action of a document. Boxed: most blocks of a project come from source.
    Document(Box<InDocument>),
    /// No line of its own.
    Inserted(Inserted),
}

/// An action of a document, as its reader finds it.
#[derive(Debug, Clone, Default)]
pub struct InDocument {
    /// The action's place in the list of actions.
    pub index: usize,
    /// Where the action is in the document that was read: `Actions[3]`.
    pub path: Path,
    /// The sentence that would become this action, if the catalogue has one.
    pub sentence: Option<&'static Sentence>,
    pub before: Before,
}

/// What a contact meets right before a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Before {
    /// No path from the start leads here.
    #[default]
    Unknown,
    /// The flow begins here.
    Start,
    /// The block that leads here, in the words of its sentence.
    Block(EcoString),
}

/// Why the compiler made a block that no line says.
#[derive(Debug, Clone, Copy)]
pub enum Inserted {
    /// An error has nowhere to go, so the contact ends.
    HangUp,
    /// Fields of a named result are saved before another call replaces them.
    SavedResult,
    /// A sentence needs another action besides its own.
    Companion(&'static Sentence),
    /// The answer of the mapping function is kept in attributes.
    MappedNames,
    /// A flow that cannot be made yet needs some content.
    StandIn,
}

/// What the reader of a message has open: a source, or a document and the console. There are neither lines nor clauses in
/// a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    Source,
    Document,
}

impl Speech {
    /// The one of two wordings that the reader understands.
    pub fn say<T>(self, source: T, document: T) -> T {
        match self {
            Self::Source => source,
            Self::Document => document,
        }
    }
}

impl BlockOrigin {
    /// How to speak of the block.
    pub fn speech(&self) -> Speech {
        if self.document().is_some() { Speech::Document } else { Speech::Source }
    }

    /// The sentence that the block was said by, or would be.
    pub fn sentence(&self) -> Option<&'static Sentence> {
        match self {
            Self::Sentence(sentence)
            | Self::Match(sentence)
            | Self::Retry(sentence)
            | Self::Inserted(Inserted::Companion(sentence)) => Some(sentence),
            Self::Document(action) => action.sentence,
            Self::Set | Self::If | Self::Repeat | Self::Do | Self::Quoted | Self::Inserted(_) => None,
        }
    }

    /// The words that open the line that the block was said by; nothing where it was said by the service's own names.
    pub fn opening(&self) -> Option<&'static str> {
        match self {
            Self::Set => Some("set"),
            Self::If => Some("if"),
            Self::Repeat => Some("repeat"),
            Self::Do | Self::Quoted | Self::Document(_) => None,
            Self::Sentence(_) | Self::Match(_) | Self::Retry(_) | Self::Inserted(_) => {
                self.sentence().map(Sentence::head)
            }
        }
    }

    /// Whether the reader wrote the service's own names, and so has to be told them.
    pub fn is_in_service_words(&self) -> bool {
        matches!(self, Self::Do | Self::Quoted | Self::Document(_))
    }

    /// The action of a document, if the block is one.
    pub fn document(&self) -> Option<&InDocument> {
        if let Self::Document(action) = self { Some(action) } else { None }
    }
}
