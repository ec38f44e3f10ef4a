//! Flows in an environment: analysed together, planned, and checked again with what the plan made of them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::silence::silence;
use super::{Checked, Output, RESOURCE_MAP, Settings, check_with};
use crate::catalogue::ResourceKind;
use crate::diagnostics::{Diagnostic, Diagnostics, closest, codes};
use crate::emit;
use crate::emit::manifest::{Mapping, Resource};
use crate::flow::Flow;
use crate::mapping::{self, Analysis, Environment, Name, Plan, Resolution};
use crate::source::{Source, Span};
use crate::validate::{Unfilled, ValidFlow, validate};

/// All flows of a project in one environment.
#[derive(Debug)]
pub struct Mapped {
    /// As the environment's files and folders are called.
    pub name: String,
    /// Each with what became of its names, in the order in which they were given.
    pub flows: Vec<(ValidFlow, Vec<Resource>)>,
    pub diagnostics: Vec<Diagnostic>,
    /// What the mapping function answers, by key; empty where nothing is looked up.
    pub map: BTreeMap<String, String>,
    /// Addresses that were written in although the environment wants attributes.
    pub fallbacks: Vec<Fallback>,
    pub missing: Vec<MissingName>,
}

/// An address that had to be written into a flow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fallback {
    pub flow: String,
    pub span: Span,
    pub kind: &'static str,
    pub name: String,
    pub reason: String,
}

/// A name that an environment does not know.
#[derive(Debug, Clone)]
pub struct MissingName {
    pub kind: ResourceKind,
    pub name: String,
    /// Where a flow says it first.
    pub span: Span,
    /// The environments that do not know it.
    pub environments: Vec<String>,
    /// A name like it that one of them knows.
    pub near: Option<String>,
    /// Why an attribute would not do either.
    pub limit: Option<String>,
}

/// Maps the flows of a project to an environment.
pub fn map(flows: &[ValidFlow], environment: &Environment) -> Mapped {
    let flows: Vec<&Flow> = flows.iter().map(ValidFlow::flow).collect();
    let analysis = Analysis::new(&flows);
    let plan = Plan::new(&analysis, environment);
    let mut diagnostics = mapping::checks(&analysis, environment, &plan);
    silence(flows.iter().copied(), &[], &[], &mut diagnostics);
    let mapped: Vec<(Option<ValidFlow>, Vec<Diagnostic>)> = flows
        .par_iter()
        .zip(&plan.flows)
        .map(|(flow, plan)| {
            let (valid, problems) = validate(mapping::mapped(flow, plan), Diagnostics::new(), Unfilled::Noted);
            // The flow was valid before, so that its warnings have been given; an error is of the plan's making.
            (valid, problems.into_iter().filter(Diagnostic::is_error).collect())
        })
        .collect();
    let mut valid = Vec::with_capacity(mapped.len());
    for ((flow, problems), (node, plan)) in mapped.into_iter().zip(analysis.flows.iter().zip(&plan.flows)) {
        diagnostics.extend(problems);
        valid.extend(flow.map(|flow| {
            let uses = node.uses.iter().map(|used| (used.of.kind, used.of.name));
            (flow, resources(uses.zip(&plan.uses)))
        }));
    }
    let missing = plan.missing.iter().map(|(name, missing)| {
        let (kind, name) = name.clone();
        let near = near(kind, &name, environment);
        let limit = missing.reason.is_fallback().then(|| missing.reason.words());
        MissingName { kind, name, span: missing.span, environments: vec![environment.name.clone()], near, limit }
    });
    Mapped {
        name: environment.name.clone(),
        flows: valid,
        diagnostics,
        missing: missing.collect(),
        fallbacks: fallbacks(&analysis, &plan),
        map: plan.map,
    }
}

fn near(kind: ResourceKind, name: &str, environment: &Environment) -> Option<String> {
    let known = environment.resources.keys().filter(|known| known.0 == kind).map(|known| known.1.as_str());
    closest(name, known).map(str::to_owned)
}

/// What became of a flow's names: each with every way in which it was used.
fn resources<'p>(uses: impl Iterator<Item = ((ResourceKind, &'p str), &'p Resolution)>) -> Vec<Resource> {
    let rows: BTreeSet<Resource> = uses
        .filter_map(|((kind, name), resolution)| {
            let mapping = match resolution {
                Resolution::Attribute(key) => Mapping::Attributes { key: key.clone() },
                Resolution::Address(address, reason) => {
                    Mapping::Static { address: address.clone(), reason: reason.words() }
                }
                Resolution::Template => Mapping::Template,
                Resolution::Missing(_) | Resolution::Nothing => return None,
            };
            Some(Resource { kind: kind.word(), name: name.to_owned(), mapping: Some(mapping) })
        })
        .collect();
    rows.into_iter().collect()
}

fn fallbacks(analysis: &Analysis, plan: &Plan) -> Vec<Fallback> {
    let mut found = Vec::new();
    for (node, flow) in analysis.flows.iter().zip(&plan.flows) {
        for (used, resolution) in node.uses.iter().zip(&flow.uses) {
            if let Resolution::Address(_, reason) = resolution
                && reason.is_fallback()
            {
                found.push(Fallback {
                    flow: node.flow.name.value.to_string(),
                    span: used.of.span,
                    kind: used.of.kind.word(),
                    name: used.of.name.to_owned(),
                    reason: reason.words(),
                });
            }
        }
    }
    found
}

/// What there is to say of several environments, each thing once, with the environments that it is about.
pub fn told(all: &[Mapped]) -> Vec<Diagnostic> {
    let mut told: Vec<(Diagnostic, Vec<&str>)> = Vec::new();
    for mapped in all {
        for diagnostic in &mapped.diagnostics {
            match told.iter_mut().find(|(known, _)| known == diagnostic) {
                Some((_, environments)) if environments.contains(&mapped.name.as_str()) => {}
                Some((_, environments)) => environments.push(&mapped.name),
                None => told.push((diagnostic.clone(), vec![&mapped.name])),
            }
        }
    }
    // Who asks about one environment knows which.
    let is_one = all.len() < 2;
    let named = |(diagnostic, environments): (Diagnostic, Vec<&str>)| {
        if is_one { diagnostic } else { about(diagnostic, &environments) }
    };
    told.into_iter().map(named).collect()
}

/// A message with the environments that it is about.
pub(super) fn about(diagnostic: Diagnostic, environments: &[&str]) -> Diagnostic {
    let names: Vec<String> = environments.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic { message: format!("{} (in {})", diagnostic.message, names.join(", ")), ..diagnostic }
}

/// The addresses that were written in although attributes were wanted, each once, with the environments where that is so.
pub fn written_in(all: &[Mapped]) -> Vec<(&Fallback, Vec<&str>)> {
    let mut found: BTreeMap<&Fallback, Vec<&str>> = BTreeMap::new();
    for mapped in all {
        for fallback in &mapped.fallbacks {
            let environments = found.entry(fallback).or_default();
            if environments.last() != Some(&mapped.name.as_str()) {
                environments.push(&mapped.name);
            }
        }
    }
    let mut found: Vec<(&Fallback, Vec<&str>)> = found.into_iter().collect();
    found.sort_by_key(|(fallback, _)| fallback.span);
    found
}

/// What several environments lack, each name once.
pub fn missing(all: &[Mapped]) -> Vec<MissingName> {
    let mut found: BTreeMap<Name, MissingName> = BTreeMap::new();
    for missing in all.iter().flat_map(|mapped| &mapped.missing) {
        match found.get_mut(&(missing.kind, missing.name.clone())) {
            Some(known) => {
                known.environments.extend(missing.environments.iter().cloned());
                known.near = known.near.take().or_else(|| missing.near.clone());
                known.limit = known.limit.take().or_else(|| missing.limit.clone());
            }
            None => {
                found.insert((missing.kind, missing.name.clone()), missing.clone());
            }
        }
    }
    found.into_values().collect()
}

impl MissingName {
    pub fn diagnostic(&self) -> Diagnostic {
        let Self { kind, name, .. } = self;
        let kind = kind.word();
        let environments: Vec<String> = self.environments.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("there is no address for the {kind} `{name}` in {}", environments.join(", "));
        let line = format!("`[{kind}]` with `\"{name}\" = \"<ARN or id>\"`");
        let help = match (&self.near, &self.limit) {
            (Some(near), _) => format!("did you mean `{near}`? Otherwise add {line} to the environment's file"),
            (None, Some(limit)) => {
                format!("add {line} to the environment's file; no attribute will do, because {limit}")
            }
            (None, None) => format!("add {line} to the environment's file"),
        };
        Diagnostic::new(codes::MISSING_RESOURCE, self.span, message).label("not known there").help(help)
    }
}

impl Mapped {
    /// What the mapping function answers, as a file.
    pub fn resource_map(&self) -> Option<Output> {
        let text = || emit::manifest::text(&serde_json::to_value(&self.map).unwrap_or_default());
        (!self.map.is_empty()).then(|| Output { name: RESOURCE_MAP.to_owned(), text: text() })
    }
}

// ---- several environments -----------------------------------------------------------------------------------------

/// Environments in which the sources say the same, and what they say.
#[derive(Debug)]
pub struct Group<'e> {
    pub environments: Vec<&'e Environment>,
    pub checked: Checked,
}

/// Checks a project as it is in each environment. Where `$env` values differ the sources are read anew; elsewhere once.
pub fn check_in<'e>(
    sources: &[Source],
    settings: &Settings,
    environments: &'e [Environment],
    on_step: &(dyn Fn() + Sync),
) -> (Vec<Group<'e>>, Vec<Diagnostic>) {
    let mut groups: Vec<(BTreeMap<String, String>, Vec<&Environment>)> = Vec::new();
    for environment in environments {
        let mut values = settings.options.values.clone();
        values.extend(environment.values.clone());
        match groups.iter_mut().find(|(known, _)| *known == values) {
            Some((_, members)) => members.push(environment),
            None => groups.push((values, vec![environment])),
        }
    }
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|(values, environments)| {
            let mut settings = settings.clone();
            settings.options.values = values;
            Group { environments, checked: check_with(sources, &settings, on_step) }
        })
        .collect();
    let diagnostics = told_once(&groups);
    (groups, diagnostics)
}

/// What there is to say in every group once, and the rest with the environments that it is about.
fn told_once(groups: &[Group]) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    for group in groups {
        for diagnostic in &group.checked.diagnostics {
            if told.contains(diagnostic) {
                continue;
            }
            told.push(diagnostic.clone());
        }
    }
    for diagnostic in &mut told {
        let has = |group: &&Group| group.checked.diagnostics.contains(diagnostic);
        if !groups.iter().all(|group| has(&group)) {
            let environments = groups.iter().filter(has).flat_map(|group| &group.environments);
            let names: Vec<&str> = environments.map(|environment| environment.name.as_str()).collect();
            *diagnostic = about(diagnostic.clone(), &names);
        }
    }
    told
}

/// Maps every group to its environments, in the order of their names.
pub fn map_all(groups: &[Group]) -> Vec<Mapped> {
    let pairs = groups.iter().flat_map(|group| group.environments.iter().map(move |environment| (group, *environment)));
    let mut all: Vec<Mapped> = pairs.map(|(group, environment)| map(&group.checked.flows, environment)).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
