//! What flows pass to the project's functions, held against what these read: the part of a handler's contract that is
//! about parameters.

use std::collections::BTreeMap;

use crate::catalogue::{Effect, ResourceKind};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::{Arg, Block, Flow, Function, Part, Value};

/// Holds a flow's invocations against the contracts of the functions that it names.
pub fn inputs(flow: &Flow, contracts: &BTreeMap<String, Function>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (_, block) in flow.blocks() {
        // What maps resources passes what it needs, which is nobody's to misspell.
        let passes = block.effects().iter().find_map(|effect| match effect {
            Effect::Runs { passes, .. } if !block.maps_resources() => Some(*passes),
            _ => None,
        });
        let Some(param) = passes else { continue };
        let Some((name, known)) = function(block).and_then(|name| contracts.get_key_value(name)) else { continue };
        let given = match block.arg(param) {
            Some(Value::Map(given, _)) => given.as_slice(),
            // A single reference to attributes: nobody knows what is in it.
            Some(_) => continue,
            None => &[],
        };
        problems.extend(given.iter().filter_map(|one| misfit(name, one, known)));
        for (missing, parameter) in &known.parameters {
            if parameter.is_required && !given.iter().any(|one| one.name.value == missing.as_str()) {
                problems.push(
                    Diagnostic::new(codes::FUNCTION_INPUT, block.span, format!("`{name}` needs `{missing}`"))
                        .label("is not given it")
                        .help(format!("pass it: `with ({missing}: ..)`")),
                );
            }
        }
    }
    problems
}

/// The function that a block names, if it names one of the project's way of writing.
pub(super) fn function(block: &Block) -> Option<&str> {
    block.args.iter().find_map(|arg| match arg.value.as_text()?.parts.as_slice() {
        [Part::Resource(ResourceKind::Lambda, name)] => Some(name.as_str()),
        _ => None,
    })
}

/// What is wrong with one input.
fn misfit(function: &str, given: &Arg, known: &Function) -> Option<Diagnostic> {
    let name = given.name.value.as_ref();
    let Some(parameter) = known.parameters.get(name) else {
        if known.takes_others {
            return None;
        }
        let problem =
            Diagnostic::new(codes::FUNCTION_INPUT, given.name.span, format!("`{function}` takes no `{name}`"));
        let names = known.parameters.keys().map(String::as_str);
        return Some(
            problem
                .label("not read by it")
                .help(match known.parameters.len() {
                    0 => "it takes nothing: leave it out".to_owned(),
                    _ => format!("it takes {}", listed(known.parameters.keys(), "and")),
                })
                .suggest(name, names),
        );
    };
    // A reference is whatever it will be.
    let value = given.value.as_literal()?;
    if parameter.values.is_empty() || parameter.values.iter().any(|one| one == value) {
        return None;
    }
    let message = format!("`{function}` does not know \"{value}\" for `{name}`");
    Some(
        Diagnostic::new(codes::FUNCTION_INPUT, given.value.span(), message)
            .label("refused by it")
            .help(format!("it is {}", listed(parameter.values.iter(), "or")))
            .suggest_text(value, parameter.values.iter().map(String::as_str)),
    )
}

fn listed<'a>(names: impl Iterator<Item = &'a String>, word: &str) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} {word} {last}", before.join(", ")),
        _ => quoted.concat(),
    }
}
