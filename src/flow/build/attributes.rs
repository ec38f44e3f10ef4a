//! The `@` lines above declarations, steps and statements.

use std::ops::Range;

use ecow::EcoString;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::flow::Allow;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Attribute, AttributeValue};

const KNOWN: [&str; 4] = ["allow", "id", "note", "settings"];

/// What the `@` lines above a line say of it.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The identifiers of the line's blocks, the first one first.
    pub identifiers: Vec<Spanned<EcoString>>,
    /// What the console shows beside it.
    pub notes: Vec<String>,
    /// The document's `Settings`, where they are not what all of its kind have.
    pub settings: Option<serde_json::Value>,
}

pub(super) fn on_declaration(attributes: &[Attribute], diagnostics: &mut Diagnostics) -> Said {
    let said = read(attributes, true, diagnostics);
    no_identifier(&said, "a declaration", diagnostics);
    said
}

pub(super) fn on_step(attributes: &[Attribute], diagnostics: &mut Diagnostics) {
    let said = on_statement(attributes, diagnostics);
    no_identifier(&said, "a step", diagnostics);
    if let Some(note) = attributes.iter().find(|attribute| attribute.name.value == "note") {
        diagnostics.push(
            Diagnostic::new(codes::OUT_OF_PLACE, note.span.span, "a step is not a block, so nothing can show its note")
                .label("belongs above a statement")
                .help("move it above the first line inside, or write it as a comment"),
        );
    }
}

fn no_identifier(said: &Said, what: &str, diagnostics: &mut Diagnostics) {
    if let Some(identifier) = said.identifiers.first() {
        diagnostics.push(
            Diagnostic::new(codes::OUT_OF_PLACE, identifier.span, format!("{what} is not a block, so it has no `@id`"))
                .label("belongs above a statement")
                .help("move it above the first line inside"),
        );
    }
}

/// Checks the attributes, and takes what they say.
pub(super) fn on_statement(attributes: &[Attribute], diagnostics: &mut Diagnostics) -> Said {
    read(attributes, false, diagnostics)
}

fn read(attributes: &[Attribute], is_declaration: bool, diagnostics: &mut Diagnostics) -> Said {
    let mut said = Said::default();
    for attribute in attributes {
        match attribute.name.value.as_str() {
            "allow" => allow(attribute, diagnostics),
            "id" if !said.identifiers.is_empty() => {
                malformed(attribute, "this line has an `@id` already", ID_FORM, diagnostics);
            }
            "id" => match texts(attribute) {
                Some(Ok(identifiers)) => {
                    said.identifiers =
                        identifiers.into_iter().map(|text| Spanned::new(text.into(), attribute.span.span)).collect();
                }
                Some(Err(())) => malformed(attribute, "an identifier cannot hold a reference", ID_FORM, diagnostics),
                None => malformed(attribute, "`@id` takes a text for each block of the line", ID_FORM, diagnostics),
            },
            "note" => match texts(attribute) {
                Some(Ok(notes)) => said.notes.extend(notes),
                Some(Err(())) => malformed(attribute, "a note cannot hold a reference", NOTE_FORM, diagnostics),
                None => malformed(attribute, "`@note` takes a text", NOTE_FORM, diagnostics),
            },
            "settings" if is_declaration => match texts(attribute).map(Result::unwrap_or_default).as_deref() {
                Some([text]) => match serde_json::from_str(text) {
                    Ok(settings) => said.settings = Some(settings),
                    Err(_) => malformed(attribute, "the text is not JSON", SETTINGS_FORM, diagnostics),
                },
                _ => malformed(attribute, "`@settings` takes one text", SETTINGS_FORM, diagnostics),
            },
            "settings" => malformed(attribute, "only a flow or a module has `Settings`", SETTINGS_FORM, diagnostics),
            unknown => diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_ATTRIBUTE, attribute.name.span, format!("`@{unknown}` means nothing"))
                    .label("not known")
                    .help("there are `@allow(lint, \"reason\")`, `@note(\"text\")` and `@id(\"identifier\")`")
                    .suggest(unknown, KNOWN),
            ),
        }
    }
    said
}

/// What the `@allow` lines above a line say is right in its scope, of which these blocks came. What is wrong with their form
/// is said elsewhere.
pub(super) fn allows(attributes: &[Attribute], scope: Span, blocks: Range<usize>) -> impl Iterator<Item = Allow> {
    attributes.iter().filter(|attribute| attribute.name.value == "allow").filter_map(move |attribute| {
        let [AttributeValue::Word(rule), AttributeValue::Text(_)] = attribute.values.as_slice() else { return None };
        Some(Allow {
            rule: Spanned::new(rule.value.to_string(), rule.span),
            span: attribute.span.span,
            scope,
            blocks: blocks.clone(),
        })
    })
}

/// The texts of an attribute that takes nothing else, if it has any and none of them holds a reference.
fn texts(attribute: &Attribute) -> Option<Result<Vec<String>, ()>> {
    let mut texts = Vec::new();
    for value in &attribute.values {
        let AttributeValue::Text(text) = value else { return None };
        match text.literal() {
            Some(literal) => texts.push(literal),
            None => return Some(Err(())),
        }
    }
    (!texts.is_empty()).then_some(Ok(texts))
}

const SETTINGS_FORM: &str = "write `@settings(\"{ .. }\")` above the declaration: the document's own JSON";
const ID_FORM: &str = "write `@id(\"identifier\")`";
const NOTE_FORM: &str = "write `@note(\"text\")`; a dollar sign that begins no reference is `\\$`";
const ALLOW_FORM: &str = "write `@allow(lint-name, \"why it is right here\")`";

fn allow(attribute: &Attribute, diagnostics: &mut Diagnostics) {
    match attribute.values.as_slice() {
        [AttributeValue::Word(_), AttributeValue::Text(reason)] => {
            let empty = reason.literal().is_some_and(|reason| reason.trim().is_empty());
            if empty {
                malformed(attribute, "the reason is empty", ALLOW_FORM, diagnostics);
            }
        }
        [AttributeValue::Word(_)] => malformed(attribute, "`@allow` needs a reason", ALLOW_FORM, diagnostics),
        _ => malformed(attribute, "`@allow` takes a lint's name and a reason", ALLOW_FORM, diagnostics),
    }
}

fn malformed(attribute: &Attribute, message: &str, help: &str, diagnostics: &mut Diagnostics) {
    diagnostics
        .push(Diagnostic::new(codes::UNKNOWN_ATTRIBUTE, attribute.span.span, message).label("as it stands").help(help));
}
