//! Intake: from any text that holds flows to their documents. What kind of text it is, it says itself: nobody is asked.
//!
//! A document comes bare, in the service's answers, in an envelope for pipelines, in a `CloudFormation` template, or in
//! the form from before 2019-10-30. Whichever it was, what leaves is the 2019-10-30 tree, with spans into the text that it
//! stands in. Where that text is a string inside another, it is a [`Source`] of its own, so that lines and columns are
//! the document's.

mod old;
mod recognise;
mod split;
mod template;
mod tree;
mod yaml;

use crate::catalogue::FlowType;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::json::{self, Json};
use crate::source::{Source, SourceId, Span};

/// A flow's document, and what its surroundings say about it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The document in the 2019-10-30 form. It may be broken: an object is all that is sure.
    pub json: Json,
    /// The source that its spans lie in.
    pub source: SourceId,
    pub name: Option<String>,
    /// What was said, not what could be concluded.
    pub kind: Option<FoundKind>,
    pub description: Option<String>,
    /// A module's contract, as its wrapper has it.
    pub contract: Option<Json>,
    /// What others address it by, as its wrapper has it: its ARN and its id.
    pub addresses: Vec<String>,
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundKind {
    Flow(FlowType),
    Module,
}

/// What held the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing: it stood by itself.
    Content,
    /// An answer of `describe-contact-flow` or `describe-contact-flow-module`.
    Describe,
    /// The object with three keys that pipelines deploy.
    Envelope,
    /// A resource of a `CloudFormation` template.
    Template { resource: String },
    /// It was in the form from before 2019-10-30.
    Old,
}

/// What a text was found to hold.
#[derive(Debug, Clone, Default)]
pub struct Intake {
    pub found: Vec<Found>,
    /// Texts that stood inside the text as strings. Diagnostics and documents may point into them.
    pub sources: Vec<Source>,
    pub diagnostics: Diagnostics,
}

/// Finds the flows in a text. `next` gives ids to texts that are found inside it.
pub fn read(source: &Source, next: &mut dyn FnMut() -> SourceId) -> Intake {
    let mut reader = Reader { source, next, refused: 0, intake: Intake::default() };
    reader.text();
    reader.intake
}

/// A text as values, whatever it holds: one, or several one after another. None of what is no JSON or template.
pub fn trees(source: &Source) -> Vec<Json> {
    if !json::looks_like_json(&source.text) && template::may_be_yaml(&source.text) {
        return yaml::documents(source).unwrap_or_default();
    }
    match json::parse(source) {
        Ok(json) => vec![json],
        Err(_) => {
            let texts = split::values(source).unwrap_or_default();
            texts.into_iter().filter_map(|range| json::parse_part(source, range).ok()).collect()
        }
    }
}

/// Whether a text is more like one that holds documents than like a source.
pub fn is_document(text: &str) -> bool {
    json::looks_like_json(text) || template::may_be_yaml(text)
}

/// A text that is being looked through.
struct Reader<'a> {
    source: &'a Source,
    next: &'a mut dyn FnMut() -> SourceId,
    /// How many things were no flows.
    refused: usize,
    intake: Intake,
}

impl Reader<'_> {
    fn text(&mut self) {
        let text = &self.source.text;
        if json::looks_like_json(text) || !template::may_be_yaml(text) {
            return self.json();
        }
        match yaml::documents(self.source) {
            Ok(documents) => documents.into_iter().for_each(|json| self.recognise(json)),
            Err(problem) => self.intake.diagnostics.push(*problem),
        }
    }

    fn json(&mut self) {
        match json::parse(self.source) {
            Ok(json) => self.recognise(json),
            // Answers that were written to one file one after another are several texts.
            Err(problem) => match split::values(self.source) {
                Some(texts) => {
                    for range in texts {
                        match json::parse_part(self.source, range) {
                            Ok(json) => self.recognise(json),
                            Err(problem) => self.intake.diagnostics.push(*problem),
                        }
                    }
                }
                None if is_named_as_yaml(&self.source.path) => self.intake.diagnostics.push(
                    Diagnostic::new(
                        codes::NOT_A_FLOW,
                        Span::new(self.source.id, 0, 0),
                        "there is no flow in this template",
                    )
                    .label("no resource of it is a flow")
                    .help("flows are resources of the types `AWS::Connect::ContactFlow` and `AWS::Connect::ContactFlowModule`"),
                ),
                None => self.intake.diagnostics.push(*problem),
            },
        }
    }

    /// Reads a text that stood as a string inside the source. `what` names it: `Content of Main`.
    fn inner(&mut self, text: &str, what: &str) -> Result<Json, Box<Diagnostic>> {
        let id = (self.next)();
        let source = Source::new(id, format!("{} ({what})", self.source.path), text);
        let json = json::parse(&source);
        self.intake.sources.push(source);
        json
    }
}

fn is_named_as_yaml(path: &str) -> bool {
    [".yaml", ".yml"].iter().any(|ending| path.ends_with(ending))
}

/// The type of flow by any of its spellings.
fn flow_type(word: &str) -> Option<FlowType> {
    FlowType::from_api_name(word)
        .or_else(|| FlowType::all().find(|flow_type| flow_type.metadata_name().eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests;
