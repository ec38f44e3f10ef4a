//! The `@` lines above declarations, steps and statements.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::Spanned;
use crate::syntax::ast::{Attribute, AttributeValue};

const KNOWN: [&str; 2] = ["allow", "id"];

pub(super) fn on_declaration(attributes: &[Attribute], diagnostics: &mut Diagnostics) {
    no_identifier(attributes, "a declaration", diagnostics);
}

pub(super) fn on_step(attributes: &[Attribute], diagnostics: &mut Diagnostics) {
    no_identifier(attributes, "a step", diagnostics);
}

fn no_identifier(attributes: &[Attribute], what: &str, diagnostics: &mut Diagnostics) {
    if let Some(identifier) = on_statement(attributes, diagnostics) {
        diagnostics.push(
            Diagnostic::new(codes::OUT_OF_PLACE, identifier.span, format!("{what} is not a block, so it has no `@id`"))
                .label("belongs above a statement")
                .help("move it above the first line inside"),
        );
    }
}

/// Checks the attributes; the identifier that one of them fixes.
pub(super) fn on_statement(attributes: &[Attribute], diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let mut identifier: Option<Spanned<String>> = None;
    for attribute in attributes {
        match attribute.name.value.as_str() {
            "allow" => allow(attribute, diagnostics),
            "id" => match attribute.values.as_slice() {
                [AttributeValue::Text(text)] if identifier.is_none() => match text.literal() {
                    Some(literal) => identifier = Some(Spanned::new(literal, attribute.span.span)),
                    None => malformed(attribute, "an identifier cannot hold a reference", ID_FORM, diagnostics),
                },
                [AttributeValue::Text(_)] => {
                    malformed(attribute, "this line has an `@id` already", ID_FORM, diagnostics);
                }
                _ => malformed(attribute, "`@id` takes one text", ID_FORM, diagnostics),
            },
            unknown => diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_ATTRIBUTE, attribute.name.span, format!("`@{unknown}` means nothing"))
                    .label("not known")
                    .help("there are `@allow(lint, \"reason\")` and `@id(\"identifier\")`")
                    .suggest(unknown, KNOWN),
            ),
        }
    }
    identifier
}

const ID_FORM: &str = "write `@id(\"identifier\")`";
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
