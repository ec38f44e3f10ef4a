//! What an environment's plan would do that nobody wants.

use std::collections::{BTreeMap, BTreeSet};

use super::Name;
use super::analysis::Analysis;
use super::environment::Environment;
use super::failures::{self, GoingOn};
use super::plan::{Plan, Resolution};
use crate::catalogue::limits::{ATTRIBUTES_BYTES_MAX, LAMBDA_ANSWER_BYTES_MAX};
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;

/// Collisions of keys, attributes that flows overwrite, budgets, and entries without a mapping.
pub fn checks(analysis: &Analysis, environment: &Environment, plan: &Plan) -> Vec<Diagnostic> {
    let mut found = collisions(analysis, plan);
    found.extend(overwritten(analysis, plan));
    found.extend(budgets(analysis, environment, plan));
    found.extend(forgotten(analysis, plan));
    found.extend(going_on(analysis, plan));
    found
}

/// Two names of a kind that have one key.
fn collisions(analysis: &Analysis, plan: &Plan) -> Vec<Diagnostic> {
    let colliding: BTreeMap<&str, &BTreeSet<Name>> =
        plan.keys.iter().filter(|(_, names)| names.len() > 1).map(|(key, names)| (key.as_str(), names)).collect();
    if colliding.is_empty() {
        return Vec::new();
    }
    let mut first: BTreeMap<&str, BTreeMap<&str, Span>> = BTreeMap::new();
    for (node, flow) in analysis.flows.iter().zip(&plan.flows) {
        for (used, resolution) in node.uses.iter().zip(&flow.uses) {
            if let Resolution::Attribute(key) = resolution
                && let Some((key, _)) = colliding.get_key_value(key.as_str())
            {
                first.entry(key).or_default().entry(used.of.name).or_insert(used.of.span);
            }
        }
    }
    let mut found = Vec::new();
    for (key, names) in first {
        let mut names = names.into_iter();
        let Some((one, place)) = names.next() else { continue };
        for (other, span) in names {
            let message = format!("`{one}` and `{other}` would be carried by one attribute, `{key}`");
            found.push(
                Diagnostic::new(codes::KEY_COLLISION, span, message)
                    .label("has the same key")
                    .also(place, "as this one")
                    .help("rename one of them, or have the environment write one in: `[mapping.<kind>]`, `\"<name>\" = \"static\"`"),
            );
        }
    }
    found
}

/// Attributes that flows set and that carry addresses as well.
fn overwritten(analysis: &Analysis, plan: &Plan) -> Vec<Diagnostic> {
    if plan.keys.is_empty() {
        return Vec::new();
    }
    let taken = analysis.assigned().into_iter().filter_map(|(name, span)| {
        let names = plan.keys.get(name)?;
        let (kind, resource) = names.first()?;
        let message = format!("`$.Attributes.{name}` carries the address of the {} `{resource}`", kind.word());
        Some(
            Diagnostic::new(codes::KEY_COLLISION, span, message)
                .label("set here to something else")
                .help("give your attribute another name"),
        )
    });
    taken.collect()
}

/// What a contact can carry, and what a function can answer.
fn budgets(analysis: &Analysis, environment: &Environment, plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let size = |key: &str| plan.map.get(key).map_or(0, |address| key.len() + address.len());
    for (node, flow) in analysis.flows.iter().zip(&plan.flows) {
        let bytes: usize = flow.copies.keys().map(|key| size(key)).sum();
        if bytes > ATTRIBUTES_BYTES_MAX {
            let message = format!(
                "contacts of this flow would carry {} addresses of {bytes} bytes together, and a contact carries \
                 {ATTRIBUTES_BYTES_MAX}",
                flow.copies.len()
            );
            found.push(over_budget(node.flow.name.span, message));
        }
    }
    // Quotes, colon and comma of each entry, and the braces around all.
    let answer: usize = plan.map.iter().map(|(key, address)| key.len() + address.len() + 6).sum::<usize>() + 2;
    if answer > LAMBDA_ANSWER_BYTES_MAX {
        let message = format!(
            "the mapping function would answer with {} addresses of {answer} bytes together, and Connect takes \
             {LAMBDA_ANSWER_BYTES_MAX}",
            plan.map.len()
        );
        found.push(over_budget(environment.place, message));
    }
    found
}

fn over_budget(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(codes::OVER_BUDGET, span, message)
        .label("too much to look up")
        .help("write a kind that flows use often into them: `[mapping]` with `prompt = \"static\"` in the environment")
}

/// Flows where contacts come in and nothing is mapped, although something could be.
fn forgotten(analysis: &Analysis, plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (node, flow) in analysis.flows.iter().zip(&plan.flows) {
        let early = |resolution: &&Resolution| {
            matches!(resolution, Resolution::Address(_, reason) | Resolution::Missing(reason)
                if matches!(reason, super::plan::Reason::Early(_)))
        };
        let count = flow.uses.iter().filter(early).count();
        if count > 0 && analysis.forgot(node) {
            let name = &node.flow.name.value;
            let message = format!("contacts come in at `{name}`, and it does not map resources");
            let label = if count == 1 {
                "one address is written into it".to_owned()
            } else {
                format!("{count} addresses are written into it")
            };
            found.push(Diagnostic::new(codes::NO_MAPPING, node.flow.name.span, message).label(label).help(
                "begin it with `map resources`, so that it is the same in every environment; or let the environment \
                     say `mapping = \"static\"`",
            ));
        }
    }
    found
}

/// Clauses of `map resources` that lead on to the flow's own lines.
fn going_on(analysis: &Analysis, plan: &Plan) -> Vec<Diagnostic> {
    let told = |GoingOn { span, count }| {
        let names = if count == 1 { "1 name is".to_owned() } else { format!("{count} names are") };
        let message = format!("contacts go on here without the map, so {names} written in");
        Diagnostic::new(codes::UNMAPPED_FAILURE, span, message).label("leads on to what reads the map").help(
            "let it lead to a step that tells the caller and ends, or to a queue that is the same for all; or let the \
             environment say `mapping = \"static\"`",
        )
    };
    failures::going_on(analysis, plan).into_iter().map(told).collect()
}
