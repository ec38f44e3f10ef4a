//! What becomes of every use in one environment.

use std::collections::{BTreeMap, BTreeSet};

use super::analysis::{Analysis, Node, Placed};
use super::environment::{Answers, Environment, Mode};
use super::key::key;
use super::uses::Fixed;
use super::{Name, Use};
use crate::catalogue::ResourceKind;
use crate::source::Span;

/// All decisions for one environment.
#[derive(Debug, Default)]
pub struct Plan {
    /// By the analysis's flows.
    pub flows: Vec<FlowPlan>,
    /// What the mapping function answers: the addresses of all names that some flow copies, by key.
    pub map: BTreeMap<String, String>,
    /// The names behind each key: more than one is a collision.
    pub keys: BTreeMap<String, BTreeSet<Name>>,
    /// What the environment lacks, by kind and name.
    pub missing: BTreeMap<Name, Missing>,
}

/// The decisions about one flow.
#[derive(Debug, Default)]
pub struct FlowPlan {
    /// In the order of the flow's uses.
    pub uses: Vec<Resolution>,
    /// The keys that its `map resources` copies to the contact, and what each is called in the function's answer.
    pub copies: BTreeMap<String, String>,
}

/// What becomes of one use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It reads the contact's attribute of this key.
    Attribute(String),
    /// It holds the address.
    Address(String, Reason),
    /// The name stays, for a deployment tool.
    Template,
    /// The environment has no address.
    Missing(Reason),
    /// A `map resources` that has nothing to copy; it becomes nothing.
    Nothing,
}

/// Why a use holds an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The environment wants it so.
    Mode,
    /// The service takes no reference there.
    Fixed(Fixed),
    /// Contacts that come in at this flow reach it before any mapping.
    Early(String),
    /// The mapping function has no answer for it that a flow could read.
    Unanswered,
    /// It is the mapping function itself.
    Mapping,
}

impl Reason {
    /// In words, behind `static:`.
    pub fn words(&self) -> String {
        match self {
            Self::Mode => "the environment says so".to_owned(),
            Self::Fixed(Fixed::Parameter) => "the service takes only a fixed address here".to_owned(),
            Self::Fixed(Fixed::Branches) => "a module with branches must be known when the flow is created".to_owned(),
            Self::Early(entry) => format!("contacts from `{entry}` get here before any `map resources`"),
            Self::Unanswered => "the provisioner's mapping function has no answer for it".to_owned(),
            Self::Mapping => "it is the mapping function".to_owned(),
        }
    }

    /// Whether the environment asked for attributes and could not have them.
    pub fn is_fallback(&self) -> bool {
        matches!(self, Self::Fixed(_) | Self::Early(_) | Self::Unanswered)
    }
}

/// A name that an environment lacks.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Its first use.
    pub span: Span,
    /// Why not even attributes would do.
    pub reason: Reason,
}

impl Plan {
    pub fn new(analysis: &Analysis, environment: &Environment) -> Self {
        let mut plan = Self::default();
        for node in &analysis.flows {
            let uses = node.uses.iter().map(|used| resolve(analysis, node, used, environment)).collect();
            plan.flows.push(FlowPlan { uses, copies: BTreeMap::new() });
        }
        plan.collect_copies(analysis, environment.answers);
        for (node, flow) in analysis.flows.iter().zip(&mut plan.flows) {
            for (used, resolution) in node.uses.iter().zip(&mut flow.uses) {
                if used.of.is_mapping && node.maps && flow.copies.is_empty() {
                    *resolution = Resolution::Nothing;
                }
                let name = (used.of.kind, used.of.name.to_owned());
                let missing = |reason| Missing { span: used.of.span, reason };
                match resolution {
                    Resolution::Attribute(key) => {
                        plan.keys.entry(key.clone()).or_default().insert(name.clone());
                        match environment.address(&name) {
                            Some(address) => {
                                plan.map.insert(key.clone(), address.to_owned());
                            }
                            // A provisioner finds the address by itself.
                            None if environment.answers == Answers::Names => {}
                            None => {
                                plan.missing.entry(name).or_insert_with(|| missing(Reason::Mode));
                            }
                        }
                    }
                    Resolution::Missing(reason) => {
                        plan.missing.entry(name).or_insert_with(|| missing(reason.clone()));
                    }
                    Resolution::Address(..) | Resolution::Template | Resolution::Nothing => {}
                }
            }
        }
        plan
    }

    /// Every mapping copies what is read behind it: in its own flow, and in all flows that contacts bring it to.
    fn collect_copies(&mut self, analysis: &Analysis, answers: Answers) {
        let mut copies: Vec<BTreeMap<String, String>> = vec![BTreeMap::new(); analysis.flows.len()];
        for (at, (node, plan)) in analysis.flows.iter().zip(&self.flows).enumerate() {
            let (mut brought, mut own): (BTreeMap<&str, &str>, BTreeMap<&str, &str>) =
                (BTreeMap::new(), BTreeMap::new());
            for (used, resolution) in node.uses.iter().zip(&plan.uses) {
                let Resolution::Attribute(key) = resolution else { continue };
                let answer = if answers == Answers::Keys { key } else { used.of.name };
                if used.before {
                    brought.insert(key, answer);
                }
                if used.behind {
                    own.insert(key, answer);
                }
            }
            let mut add = |flow: usize, keys: &BTreeMap<&str, &str>| {
                if let Some(slot) = copies.get_mut(flow) {
                    slot.extend(keys.iter().map(|(key, answer)| ((*key).to_owned(), (*answer).to_owned())));
                }
            };
            if !brought.is_empty() {
                node.mapped_by.iter().for_each(|entry| add(entry, &brought));
            }
            if !own.is_empty() {
                add(at, &own);
            }
        }
        for (flow, copies) in self.flows.iter_mut().zip(copies) {
            flow.copies = copies;
        }
    }
}

/// Whether a function that answers by names has an answer for this.
fn is_answered(kind: ResourceKind, name: &str) -> bool {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_plain && matches!(kind, ResourceKind::Queue | ResourceKind::Prompt | ResourceKind::Bot | ResourceKind::Flow)
}

fn resolve(analysis: &Analysis, node: &Node, used: &Placed, environment: &Environment) -> Resolution {
    let Use { kind, name, fixed, is_mapping, .. } = used.of;
    let full = (kind, name.to_owned());
    let reason = match environment.mode(&full) {
        Mode::Template => return Resolution::Template,
        _ if is_mapping => Reason::Mapping,
        Mode::Static => Reason::Mode,
        Mode::Attributes => match (fixed, node.unmapped_by) {
            (Some(fixed), _) => Reason::Fixed(fixed),
            (None, Some(entry)) if used.before => {
                let entry = analysis.get(entry).map_or("", |entry| entry.flow.name.value.as_str());
                Reason::Early(entry.to_owned())
            }
            (None, _) if environment.answers == Answers::Names && !is_answered(kind, name) => Reason::Unanswered,
            (None, _) => return Resolution::Attribute(key(kind, name)),
        },
    };
    match environment.address(&full) {
        Some(address) => Resolution::Address(address.to_owned(), reason),
        None => Resolution::Missing(reason),
    }
}
