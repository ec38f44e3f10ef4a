//! What calling a module does to what its caller has: worked out once for each module, whoever calls it.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::{Facts, Key, Status};
use crate::catalogue::{self, ResourceKind, Role};
use crate::flow::{Block, Flow, Outlet, Part, Text, Value};
use crate::lint::analysis::each_text;

/// How keys stand where a module returns, in terms of how they stood where it was entered.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// By the branch that is returned; the empty one is a plain return.
    branches: BTreeMap<String, Change>,
    /// Over all of them.
    any: Change,
}

#[derive(Debug, Clone, Default)]
struct Change {
    keys: BTreeMap<Key, Status>,
    /// Of all keys that the module does not name.
    other: Status,
}

impl Change {
    fn get(&self, key: &Key) -> Status {
        self.keys.get(key).copied().unwrap_or(self.other)
    }
}

impl Summary {
    /// What a module was found to do where all was entered as [`Status::AS_ENTERED`]; nothing if it never returns.
    pub fn new(module: &Flow, facts: &Facts) -> Option<Self> {
        let mut summary = Self::default();
        let mut returns = false;
        let keys: Vec<&Key> = facts.keys().filter(|key| key.is_shared_with_modules()).collect();
        for (id, block) in module.blocks() {
            let is_return = block.action.row().is_some_and(|row| row.role == Role::Return);
            if !is_return || !facts.reaches(id) {
                continue;
            }
            returns = true;
            let branch = block.args.iter().find_map(|arg| arg.value.as_literal()).unwrap_or_default();
            let change = summary.branches.entry(branch.to_owned()).or_default();
            for change in [change, &mut summary.any] {
                for key in &keys {
                    let status = change.keys.get(key).copied().unwrap_or_default();
                    change.keys.insert((*key).clone(), status.or(facts.before(id, key)));
                }
                change.other = change.other.or(facts.before(id, &Key::Rest));
            }
        }
        returns.then_some(summary)
    }

    /// Every key that the module names and its caller shares.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.any.keys.keys()
    }
}

/// A summary in the numbers that a caller gives its keys.
#[derive(Debug)]
pub struct Call {
    branches: Vec<(String, Vec<Status>)>,
    any: Vec<Status>,
    failed: Vec<Status>,
}

impl Call {
    pub fn new(summary: &Summary, keys: &BTreeMap<Key, usize>) -> Self {
        let numbered = |of: &dyn Fn(&Key) -> Status| {
            let mut statuses = vec![Status::UNKNOWN; keys.len()];
            for (key, index) in keys {
                if let Some(slot) = statuses.get_mut(*index) {
                    *slot = match key {
                        key if key.is_shared_with_modules() => of(key),
                        key if key.is_result() => Status::UNKNOWN,
                        // The caller's flow attributes are neither seen nor touched.
                        _ => Status::AS_ENTERED,
                    };
                }
            }
            statuses
        };
        // It may have failed anywhere.
        let interrupted = |key: &Key| match summary.any.get(key) {
            Status::AS_ENTERED => Status::AS_ENTERED,
            _ => Status::AS_ENTERED.or(Status::UNKNOWN),
        };
        Self {
            branches: summary
                .branches
                .iter()
                .map(|(branch, change)| (branch.clone(), numbered(&|key| change.get(key))))
                .collect(),
            any: numbered(&|key| summary.any.get(key)),
            failed: numbered(&interrupted),
        }
    }

    /// What the keys are behind an exit of the call.
    pub fn along(&self, outlet: &Outlet) -> &[Status] {
        let branch = match outlet {
            Outlet::Next => "",
            Outlet::Condition(condition) => condition.operands.first().map(EcoString::as_str).unwrap_or_default(),
            Outlet::Error(error) if error == catalogue::FAILURE => return &self.failed,
            Outlet::Error(_) => return &self.any,
        };
        self.branches.iter().find(|(name, _)| name == branch).map_or(&self.any, |(_, statuses)| statuses)
    }
}

/// The name of the module that a block calls, if it calls one by its name.
pub fn called(block: &Block) -> Option<&str> {
    let calls = block.action.row().is_some_and(|row| row.role == Role::CallModule);
    calls.then(|| named(block, ResourceKind::Module).next()).flatten()
}

/// The names of a kind of resource among a block's arguments.
pub fn named(block: &Block, kind: ResourceKind) -> impl Iterator<Item = &str> {
    let mut texts: Vec<&Text> = Vec::new();
    each_text(&block.args, &mut |text| texts.push(text));
    texts.into_iter().filter_map(move |text| match text.parts.as_slice() {
        [Part::Resource(of, name)] if *of == kind => Some(name.as_str()),
        _ => None,
    })
}

/// The name of a resource that an argument is, if it is one.
pub fn resource(value: &Value, kind: ResourceKind) -> Option<&str> {
    match value.as_text()?.parts.as_slice() {
        [Part::Resource(of, name)] if *of == kind => Some(name),
        _ => None,
    }
}
