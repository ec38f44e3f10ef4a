//! A project as a deployment tool sees it: flows in an order in which they can be made, what each refers to, and what has
//! to come from outside.
//!
//! A tool resolves references inside texts that also hold what authors wrote, and every tool has its own signs for them. So
//! a document is written with marks where addresses go, the tool's signs in the rest are escaped, and only then the marks
//! become references.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::function::{Function, Is, Setting, Table, capitals};
use super::{document, ids};
use crate::catalogue::{self, ActionSpec, Modules, ResourceKind, Role};
use crate::flow::{Action, Address, Block, BlockOrigin, Flow, Inserted, Part, Value};
use crate::validate::ValidFlow;

/// Something with a kind and a name, as flows say it.
pub type Name = (ResourceKind, String);

/// Everything that a template is made of.
#[derive(Debug)]
pub struct Stack<'f> {
    /// In an order in which each refers to earlier ones, but for what [`Self::is_broken`] says.
    pub units: Vec<Unit<'f>>,
    /// The functions of the project that flows call, and those that are listed.
    pub functions: BTreeMap<String, Function>,
    /// What flows name and the project does not have.
    pub outside: BTreeSet<Name>,
    /// Units that something earlier refers to. No tool can make two things that need each other.
    pub awaited: BTreeSet<usize>,
    /// The functions that flows call.
    invoked: BTreeSet<String>,
    ids: BTreeMap<Name, String>,
    /// The parameters of settings, by function and setting.
    setting_ids: BTreeMap<(String, String), String>,
    places: BTreeMap<Name, usize>,
}

/// A flow or module.
#[derive(Debug)]
pub struct Unit<'f> {
    pub flow: &'f Flow,
    pub id: String,
    /// What it refers to.
    pub refers: BTreeSet<Name>,
}

/// Why a tool would not take a template, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub what: String,
    pub help: &'static str,
}

impl Refusal {
    pub fn new(what: impl Into<String>, help: &'static str) -> Self {
        Self { what: what.into(), help }
    }
}

impl Unit<'_> {
    pub fn name(&self) -> Name {
        (self.flow.resource_kind(), self.flow.name.value.to_string())
    }
}

/// A part of a document, as a template has it.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Address(&'a Name),
}

impl<'f> Stack<'f> {
    /// The flows have no `map resources` any more: a template resolves names when it is deployed.
    pub fn new(flows: &'f [ValidFlow], known: &BTreeMap<String, Function>) -> Self {
        let mut all: Vec<(&Flow, BTreeSet<Name>)> =
            flows.iter().map(ValidFlow::flow).map(|flow| (flow, names(flow))).collect();
        all.sort_by(|a, b| (a.0.resource_kind(), &a.0.name.value).cmp(&(b.0.resource_kind(), &b.0.name.value)));
        let own: BTreeMap<Name, usize> = all
            .iter()
            .enumerate()
            .map(|(at, (flow, _))| ((flow.resource_kind(), flow.name.value.to_string()), at))
            .collect();
        let needs: Vec<Vec<usize>> =
            all.iter().map(|(_, names)| names.iter().filter_map(|name| own.get(name).copied()).collect()).collect();
        let order = order(&needs);
        let said: BTreeSet<Name> = all.iter().flat_map(|(_, names)| names.iter().cloned()).collect();
        let invoked: BTreeSet<String> = said
            .iter()
            .filter(|(kind, name)| *kind == ResourceKind::Lambda && known.contains_key(name))
            .map(|(_, name)| name.clone())
            .collect();
        let is_ours = |(name, function): &(&String, &Function)| function.is_listed || invoked.contains(*name);
        let functions: BTreeMap<String, Function> =
            known.iter().filter(is_ours).map(|(name, function)| (name.clone(), function.clone())).collect();
        let is_function = |name: &Name| name.0 == ResourceKind::Lambda && functions.contains_key(&name.1);
        let outside = said.iter().filter(|name| !own.contains_key(*name) && !is_function(name)).cloned().collect();
        let called: Vec<Name> = functions.keys().map(|name| (ResourceKind::Lambda, name.clone())).collect();
        let names = own.keys().chain(&said).chain(&called);
        let ids: BTreeMap<Name, String> = names.map(|name| (name.clone(), ids::id(name.0, &name.1))).collect();
        let setting_ids = setting_ids(&functions, &ids);
        let mut taken: Vec<Option<(&Flow, BTreeSet<Name>)>> = all.into_iter().map(Some).collect();
        let mut units = Vec::with_capacity(taken.len());
        for at in order {
            let Some((flow, refers)) = taken.get_mut(at).and_then(Option::take) else { continue };
            let name = (flow.resource_kind(), flow.name.value.to_string());
            units.push(Unit { flow, id: ids.get(&name).cloned().unwrap_or_default(), refers });
        }
        let places: BTreeMap<Name, usize> = units.iter().enumerate().map(|(at, unit)| (unit.name(), at)).collect();
        let awaited = BTreeSet::new();
        let mut stack = Self { units, functions, outside, awaited, invoked, ids, setting_ids, places };
        stack.awaited = (0..stack.units.len()).flat_map(|at| stack.broken(at)).collect();
        stack
    }

    /// Names that would be one thing in a template.
    pub fn clash(&self) -> Result<(), Refusal> {
        let tables = || self.functions.values().filter_map(|function| function.table.as_ref());
        let other = |table: &Table| tables().find(|other| other.id() == table.id() && other.name != table.name);
        let of_tables = || {
            let (one, two) = tables().find_map(|table| Some((table, other(table)?)))?;
            Some(format!("the tables `{}` and `{}` would both be `{}`", one.name, two.name, one.id()))
        };
        match ids::clash(&self.ids).or_else(of_tables) {
            Some(what) => Err(Refusal::new(what, "rename one of them: an id must not depend on what else there is")),
            None => Ok(()),
        }
    }

    /// Whether flows call a function: it is made before them then, and after them if not.
    pub fn is_invoked(&self, function: &str) -> bool {
        self.invoked.contains(function)
    }

    /// The id of a function in a template.
    pub fn function_id(&self, name: &str) -> &str {
        self.id(&(ResourceKind::Lambda, name.to_owned()))
    }

    /// The parameter that asks for a setting; nothing if its value is known.
    pub fn setting_id(&self, function: &str, setting: &Setting) -> Option<&str> {
        self.setting_ids.get(&(function.to_owned(), setting.name.clone())).map(String::as_str)
    }

    /// The parameters of settings whose values are given, by function and setting; what is wrong if two functions have one
    /// parameter and are given different values.
    pub fn given(
        &self,
        value: impl Fn(&(String, String)) -> Option<String>,
    ) -> Result<BTreeMap<String, String>, String> {
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (key, id) in &self.setting_ids {
            let Some(value) = value(key) else { continue };
            match values.get(id) {
                Some(before) if *before != value => {
                    return Err(format!("gives functions different values for `{}`, which they have in common", key.1));
                }
                _ => drop(values.insert(id.clone(), value)),
            }
        }
        Ok(values)
    }

    /// What a parameter for a setting is, and whose.
    pub fn setting_about(&self, setting: &Setting, id: &str) -> String {
        let asked = self.setting_ids.iter().filter(|(_, known)| *known == id).map(|((function, _), _)| function);
        let functions: Vec<String> = asked.map(|function| format!("`{function}`")).collect();
        format!("{} (for {})", setting.about, functions.join(" and "))
    }

    /// The tables of the functions, each once. Of two that have one name, the first function's counts.
    pub fn tables(&self) -> Vec<&Table> {
        let mut tables: Vec<&Table> = Vec::new();
        for table in self.functions.values().filter_map(|function| function.table.as_ref()) {
            if !tables.iter().any(|known| known.id() == table.id()) {
                tables.push(table);
            }
        }
        tables
    }

    /// The bots that flows talk to, none of which is the project's.
    pub fn bots(&self) -> impl Iterator<Item = &Name> {
        self.outside.iter().filter(|(kind, _)| *kind == ResourceKind::Bot)
    }

    /// The id of something in a template: letters and digits, its kind first.
    pub fn id(&self, name: &Name) -> &str {
        self.ids.get(name).map_or("", String::as_str)
    }

    /// The place of a flow among the units.
    pub fn place(&self, name: &Name) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Whether a unit cannot refer to another because that one needs it first.
    pub fn is_broken(&self, from: usize, to: &Name) -> bool {
        self.place(to).is_some_and(|to| to >= from)
    }

    fn broken(&self, from: usize) -> Vec<usize> {
        let refers = self.units.get(from).into_iter().flat_map(|unit| &unit.refers);
        refers.filter_map(|name| self.place(name)).filter(|to| *to >= from).collect()
    }

    /// A unit's document on one line, in pieces.
    pub fn content(&self, unit: &Unit, found: &mut dyn FnMut(Piece)) {
        let names: Vec<&Name> = unit.refers.iter().collect();
        let mark = mark(unit.flow);
        let mut marked = unit.flow.clone();
        let ids: Vec<_> = unit.flow.blocks().map(|(id, _)| id).collect();
        for id in ids {
            let Some(block) = marked.block_mut(id) else { continue };
            for arg in &mut block.args {
                each_name(&mut arg.value, &mut |part| {
                    let Part::Resource(kind, name) = part else { return };
                    let (kind, name) = (*kind, std::mem::take(name));
                    let at = names.iter().position(|known| known.0 == kind && known.1 == name).unwrap_or_default();
                    *part = Part::Address(Box::new(Address {
                        kind,
                        name: name.to_string(),
                        text: format!("{mark}{at}{mark}"),
                    }));
                });
            }
        }
        let document = document::compact(&marked);
        for (at, text) in document.split(&mark).enumerate() {
            // Between two marks stands the number of a name.
            match text.parse::<usize>().ok().filter(|_| at % 2 == 1).and_then(|number| names.get(number)) {
                Some(name) => found(Piece::Address(name)),
                None => found(Piece::Text(text)),
            }
        }
    }
}

/// The document of a flow of the same type that only ends: what stands in for one that cannot be made yet.
pub(super) fn stand_in(flow: &Flow) -> String {
    let rows = [Role::HangUp, Role::Finish, Role::Return].into_iter().filter_map(catalogue::with_role);
    let fits = |row: &&ActionSpec| match flow.flow_type() {
        Some(flow_type) => row.flow_types.listed.contains(&flow_type),
        None => row.flow_types.modules == Modules::Only,
    };
    let mut ending = flow.emptied();
    (ending.metadata, ending.settings) = (None, None);
    if let Some(row) = rows.into_iter().find(fits) {
        let end = ending.add(Block {
            action: Action::Known(row),
            args: Vec::new(),
            identifier: "end".to_owned(),
            readable: true,
            span: flow.span,
            step: EcoString::new(),
            label: "end".to_owned(),
            origin: BlockOrigin::Inserted(Inserted::StandIn),
        });
        ending.begin_at(end);
    }
    document::compact(&ending)
}

/// A text that does not stand in a flow's document.
fn mark(flow: &Flow) -> String {
    let document = document::compact(flow);
    let mut mark = String::from("\u{e000}");
    while document.contains(&mark) {
        mark.push('\u{e001}');
    }
    mark
}

/// What a flow names.
fn names(flow: &Flow) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for (_, block) in flow.blocks() {
        for arg in &block.args {
            collect(&arg.value, &mut found);
        }
    }
    found
}

fn collect(value: &Value, found: &mut BTreeSet<Name>) {
    match value {
        Value::Text(text) => found.extend(text.parts.iter().filter_map(|part| match part {
            Part::Resource(kind, name) => Some((*kind, name.to_string())),
            _ => None,
        })),
        Value::List(items, _) => items.iter().for_each(|item| collect(item, found)),
        Value::Map(entries, _) => entries.iter().for_each(|entry| collect(&entry.value, found)),
        Value::Plain(..) => {}
    }
}

fn each_name(value: &mut Value, found: &mut dyn FnMut(&mut Part)) {
    match value {
        Value::Text(text) => text.parts.iter_mut().for_each(&mut *found),
        Value::List(items, _) => items.iter_mut().for_each(|item| each_name(item, found)),
        Value::Map(entries, _) => entries.iter_mut().for_each(|entry| each_name(&mut entry.value, found)),
        Value::Plain(..) => {}
    }
}

/// An order in which everything comes behind what it needs, as far as there is one; deepest first, and by place.
fn order(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(needs.len());
    let mut seen = vec![false; needs.len()];
    for start in 0..needs.len() {
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        if seen.get_mut(start).is_none_or(|seen| std::mem::replace(seen, true)) {
            continue;
        }
        while let Some((at, next)) = path.last_mut() {
            match needs.get(*at).and_then(|needs| needs.get(*next)) {
                Some(need) => {
                    *next += 1;
                    let need = *need;
                    if seen.get_mut(need).is_some_and(|seen| !std::mem::replace(seen, true)) {
                        path.push((need, 0));
                    }
                }
                None => {
                    order.push(*at);
                    path.pop();
                }
            }
        }
    }
    order
}

/// An id that nothing else has, with a number behind it if need be.
pub(super) fn unique(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = wanted.to_owned();
    let mut number = 1;
    while !taken.insert(candidate.to_lowercase()) {
        number += 1;
        candidate = format!("{wanted}{number}");
    }
    candidate
}

/// The parameters that ask for settings. What functions have in common, under one name and in the same words, is asked
/// for once.
fn setting_ids(
    functions: &BTreeMap<String, Function>,
    ids: &BTreeMap<Name, String>,
) -> BTreeMap<(String, String), String> {
    let mut taken: BTreeSet<String> = ids.values().map(|id| id.to_lowercase()).collect();
    let mut common: BTreeMap<&str, String> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (name, function) in functions {
        for setting in &function.settings {
            if function.given.contains_key(&setting.name) || matches!(setting.is, Is::InstanceArn | Is::InstanceId) {
                continue;
            }
            let others = functions.values().flat_map(|other| &other.settings);
            let is_common = setting.is == Is::Asked
                && others.filter(|other| other.name == setting.name).all(|other| other == setting);
            let words = capitals(&setting.name);
            let id = if is_common {
                let new = || unique(&format!("Setting{words}"), &mut taken);
                common.entry(&setting.name).or_insert_with(new).clone()
            } else {
                let function = ids.get(&(ResourceKind::Lambda, name.clone())).map_or("", String::as_str);
                unique(&format!("{function}{words}"), &mut taken)
            };
            found.insert((name.clone(), setting.name.clone()), id);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first_and_cycles_are_cut_once() {
        assert_eq!(order(&[vec![1], vec![2], vec![]]), [2, 1, 0]);
        assert_eq!(order(&[vec![1], vec![0]]), [1, 0]);
        assert_eq!(order(&[vec![0], vec![0]]), [0, 1]);
    }
}
