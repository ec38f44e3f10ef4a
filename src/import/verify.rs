//! Holds what an import compiles to against the document it was read from, part by part.
//!
//! Both are brought into the normal form of `docs/import.md` first: two documents that the service treats alike have the
//! same one. Identifiers are the document's own, given back to the blocks by the order of the source's lines, unless the
//! source keeps them itself.

use std::collections::{HashMap, HashSet};

use serde_json::{Value as Plain, json};

use super::proof::leave_out_assumed;
use super::{Difference, Imported, Options, Resource};
use crate::catalogue::{self, Kind, Param};
use crate::emit;
use crate::flow::build::{self, Index};
use crate::flow::{Arg, BlockId, Flow, Outlet, Part, Value};
use crate::json::{Json, Path};
use crate::source::{Source, SourceId};
use crate::syntax;

/// What is different. Parts that reading left out, and reported, are not counted again. `built` is what a build makes of the
/// source; of one that it refuses, what the source compiles to by itself is compared.
pub fn verify(
    document: &Json,
    left_out: &[Path],
    read: &Flow,
    imported: &Imported,
    options: Options,
    built: Option<&Flow>,
) -> Vec<Difference> {
    let built = match built {
        Some(built) => Some(built.clone()),
        None => compiled(imported).map(|mut flow| {
            flow.metadata.clone_from(&read.metadata);
            flow
        }),
    };
    let Some(flow) = built.map(|built| addressed(built, read, imported, options)) else {
        return vec![difference("", "the source does not compile to a flow".to_owned())];
    };
    let mut theirs = document.plain();
    let mut ours = emit::draft(&flow);
    // Where only one of them knows that success is impossible, as with a module of the project, both say where it would go.
    let never: HashSet<&str> = never_succeeding(read).intersection(&never_succeeding(&flow)).copied().collect();
    normalise(&mut theirs, read, &never, options);
    normalise(&mut ours, &flow, &never, options);
    let mut differences = Vec::new();
    compare(&theirs, &ours, "", &mut differences);
    let known: Vec<String> = left_out.iter().map(ToString::to_string).collect();
    differences.retain(|found: &Difference| !known.iter().any(|path| is_part(path, &found.place)));
    differences
}

/// Whether one path leads into the other, or an element of the same list. A list without one of its elements differs as
/// a whole.
fn is_part(left_out: &str, found: &str) -> bool {
    let list = |path: &str| path.rfind('[').map_or(path.len(), |at| at);
    let begins = |whole: &str, part: &str| {
        whole.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    begins(left_out, found) || begins(found, left_out) || {
        // `..Conditions[2].NextAction` is missing, so what came behind it stands one place further up.
        let branch = left_out.rsplit_once('.').map_or(left_out, |(branch, _)| branch);
        [left_out, branch]
            .iter()
            .any(|path| path.ends_with(']') && path.get(..list(path)).is_some_and(|list| begins(found, list)))
    }
}

/// The flow that the source compiles to by itself.
fn compiled(imported: &Imported) -> Option<Flow> {
    let source = Source::new(SourceId(0), "import.flow", imported.text.as_str());
    let parsed = syntax::parse(&source);
    let settings = build::Options::default();
    let index = Index::new([&source], [&parsed.file], &settings);
    build::flow(&index, parsed.file.declarations.first()?).flow
}

/// A compiled flow with the document's identifiers and addresses.
fn addressed(mut flow: Flow, read: &Flow, imported: &Imported, options: Options) -> Flow {
    let mut made: Vec<BlockId> = flow.blocks().map(|(id, _)| id).collect();
    made.sort_by_key(|id| flow.block(*id).map_or(0, |block| block.span.start));
    let addresses: HashMap<(catalogue::ResourceKind, &str), &Resource> =
        imported.resources.iter().map(|resource| ((resource.kind, resource.name.as_str()), resource)).collect();
    for (new, old) in made.into_iter().zip(&imported.order) {
        let identifier = read.block(*old).map(|block| block.identifier.clone());
        let Some(block) = flow.block_mut(new) else { continue };
        if let (false, Some(identifier)) = (options.keep_identifiers, identifier) {
            block.identifier = identifier;
        }
        block.args.iter_mut().for_each(|arg| address(&mut arg.value, &addresses));
    }
    if !options.keep_identifiers {
        flow.metadata = None;
    }
    flow
}

fn address(value: &mut Value, addresses: &HashMap<(catalogue::ResourceKind, &str), &Resource>) {
    match value {
        Value::Text(text) => {
            for part in &mut text.parts {
                let Part::Resource(kind, name) = part else { continue };
                if let Some(resource) = addresses.get(&(*kind, name.as_str())) {
                    *part = Part::Literal(resource.address.as_str().into());
                }
            }
        }
        Value::List(items, _) => items.iter_mut().for_each(|item| address(item, addresses)),
        Value::Map(entries, _) => entries.iter_mut().for_each(|Arg { value, .. }| address(value, addresses)),
        Value::Plain(..) => {}
    }
}

// ---- the normal form ----------------------------------------------------------------------------------------------

/// The blocks whose default target only repeats a branch.
fn never_succeeding(flow: &Flow) -> HashSet<&str> {
    let plain = flow.blocks().filter(|(id, _)| !flow.exits(*id).iter().any(|exit| exit.outlet == Outlet::Next));
    plain.map(|(_, block)| block.identifier.as_str()).collect()
}

/// Brings a document into its normal form. Every step here is a row of the table in `docs/import.md`.
fn normalise(document: &mut Plain, flow: &Flow, never: &HashSet<&str>, options: Options) {
    let Plain::Object(document) = document else { return };
    document.entry("Version").or_insert_with(|| "2019-10-30".into());
    if !options.keep_identifiers {
        let notes: Vec<Plain> = flow
            .notes
            .iter()
            .map(|note| {
                let block = note.block.and_then(|id| flow.block(id)).map(|block| block.identifier.clone());
                json!([note.text, block])
            })
            .collect();
        document.insert("Metadata".to_owned(), Plain::Array(sorted(notes)));
    }
    if flow.is_module() && !document.contains_key("Settings") {
        let standard = emit::draft(&Flow::new(flow.name.clone(), flow.kind.clone(), flow.span));
        document.insert("Settings".to_owned(), standard.get("Settings").cloned().unwrap_or_default());
    }
    if let Some(Plain::Array(actions)) = document.get_mut("Actions") {
        for value in actions.iter_mut() {
            let never_succeeds = value.get("Identifier").and_then(Plain::as_str).is_some_and(|id| never.contains(id));
            action(value, never_succeeds);
        }
    }
}

/// One action. `never_succeeds`: reading found that its default target only repeats a branch.
fn action(action: &mut Plain, never_succeeds: bool) {
    let Plain::Object(action) = action else { return };
    let name = action.get("Type").and_then(Plain::as_str).unwrap_or_default();
    let (row, has_fixed_results) = (catalogue::find(name), super::has_fixed_results(name));
    let parameters = action.entry("Parameters").or_insert_with(|| json!({}));
    if parameters.is_null() {
        *parameters = json!({});
    }
    if let (Plain::Object(parameters), Some(row)) = (parameters, row) {
        numbers_as_texts(parameters, row.params);
        leave_out_assumed(row.params, parameters);
    }
    let transitions = action.entry("Transitions").or_insert_with(|| json!({}));
    if transitions.is_null() {
        *transitions = json!({});
    }
    let Plain::Object(transitions) = transitions else { return };
    for name in ["Conditions", "Errors"] {
        let list = transitions.entry(name).or_insert_with(|| json!([]));
        if list.is_null() {
            *list = json!([]);
        }
    }
    for condition in transitions.get_mut("Conditions").and_then(Plain::as_array_mut).into_iter().flatten() {
        let operands = condition.pointer_mut("/Condition/Operands").and_then(Plain::as_array_mut);
        for operand in operands.into_iter().flatten().filter(|operand| operand.is_number()) {
            *operand = operand.to_string().into();
        }
    }
    if let Some(Plain::Array(errors)) = transitions.get_mut("Errors") {
        *errors = sorted(std::mem::take(errors));
    }
    if let (Some(Plain::Array(conditions)), true) = (transitions.get_mut("Conditions"), has_fixed_results) {
        *conditions = sorted(std::mem::take(conditions));
    }
    if never_succeeds {
        transitions.shift_remove("NextAction");
    }
}

/// A number where the service has a text of digits is read as that text.
fn numbers_as_texts(parameters: &mut serde_json::Map<String, Plain>, params: &[Param]) {
    for (name, value) in parameters {
        let Some(param) = params.iter().find(|param| param.name == name) else { continue };
        match (&param.kind, value) {
            (Kind::Number { .. } | Kind::Duration { .. }, value @ Plain::Number(_)) => {
                *value = value.to_string().into();
            }
            (kind, Plain::Object(below)) => numbers_as_texts(below, kind.fields()),
            _ => {}
        }
    }
}

/// Values whose order means nothing, in one that is always the same.
fn sorted(mut values: Vec<Plain>) -> Vec<Plain> {
    values.sort_by_cached_key(|value| {
        let mut value = value.clone();
        value.sort_all_objects();
        value.to_string()
    });
    values
}

// ---- comparing ----------------------------------------------------------------------------------------------------

fn compare(theirs: &Plain, ours: &Plain, place: &str, found: &mut Vec<Difference>) {
    match (theirs, ours) {
        (Plain::Array(theirs), Plain::Array(ours)) if place == "Actions" => actions(theirs, ours, found),
        (Plain::Object(theirs), Plain::Object(ours)) => {
            for (name, value) in theirs {
                let place = Path::new(place).key(name).to_string();
                match ours.get(name) {
                    Some(other) => compare(value, other, &place, found),
                    None => found.push(difference(&place, format!("{} is missing", shown(value)))),
                }
            }
            for (name, value) in ours.iter().filter(|(name, _)| !theirs.contains_key(*name)) {
                let place = Path::new(place).key(name).to_string();
                found.push(difference(&place, format!("{} is new", shown(value))));
            }
        }
        (Plain::Array(theirs), Plain::Array(ours)) if theirs.len() == ours.len() => {
            for (index, (value, other)) in theirs.iter().zip(ours).enumerate() {
                compare(value, other, &format!("{place}[{index}]"), found);
            }
        }
        _ if theirs == ours => {}
        _ => found.push(difference(place, format!("{} became {}", shown(theirs), shown(ours)))),
    }
}

/// Actions are told apart by their identifiers: their order means nothing.
fn actions(theirs: &[Plain], ours: &[Plain], found: &mut Vec<Difference>) {
    let mut by_identifier: HashMap<String, Vec<&Plain>> = HashMap::new();
    for action in ours.iter().rev() {
        let identifier = action.get("Identifier").and_then(Plain::as_str).unwrap_or_default();
        by_identifier.entry(identifier.to_owned()).or_default().push(action);
    }
    for (index, action) in theirs.iter().enumerate() {
        let place = format!("Actions[{index}]");
        let named = action.get("Identifier").and_then(Plain::as_str).filter(|identifier| !identifier.is_empty());
        let identifier = named.map_or_else(|| format!("action-{index}"), str::to_owned);
        match by_identifier.get_mut(&identifier).and_then(Vec::pop) {
            Some(other) => compare(action, other, &place, found),
            None => found.push(difference(&place, "it is missing".to_owned())),
        }
    }
    for left in by_identifier.into_values().flatten() {
        found.push(difference("Actions", format!("{} is new", shown(left))));
    }
}

fn shown(value: &Plain) -> String {
    const MOST: usize = 120;
    let text = value.to_string();
    if text.chars().count() > MOST { text.chars().take(MOST).chain("..".chars()).collect() } else { text }
}

fn difference(place: &str, what: String) -> Difference {
    let place = if place.is_empty() { "the document" } else { place };
    Difference { place: place.to_owned(), what }
}
