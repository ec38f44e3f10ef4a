//! `set <reference> = <value>`: which action writes a reference is a column of the catalogue.

use std::collections::HashMap;

use ecow::EcoString;

use super::body::{Builder, Here, Owner};
use super::draft::Label;
use super::outlets::Reading;
use super::values;
use crate::catalogue::{self, ActionSpec, Assignment, Kind, Param};
use crate::diagnostics::{Diagnostic, codes, listed};
use crate::flow::{Arg, BlockOrigin, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Assignments, Entry, Reference};

/// Entries that one action writes.
struct Group {
    row: &'static ActionSpec,
    args: Vec<Arg>,
    span: Span,
}

impl Builder<'_> {
    pub fn set(&mut self, set: &Assignments, entry: Label, next: Label, here: Here) {
        let owner = Owner { entry, next };
        let branches = self.branches(set.clauses.as_ref(), owner, here);
        let mut groups: Vec<Group> = Vec::new();
        let mut written: HashMap<(&str, &[EcoString]), Span> = HashMap::new();
        for assigned in &set.entries {
            // However it is spelled: `$.Attributes.a` and `$.Attributes['a']` are one.
            let target = (assigned.target.root.as_str(), assigned.target.steps.as_slice());
            if let Some(before) = written.get(&target) {
                self.diagnostics.push(
                    Diagnostic::new(codes::GIVEN_TWICE, assigned.target.span.span, "this is set twice")
                        .label("again")
                        .also(*before, "first set here")
                        .help("the service writes all of them at once: keep one"),
                );
                continue;
            }
            written.insert(target, assigned.target.span.span);
            self.assign(assigned, &mut groups, here);
        }
        if set.entries.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(codes::MISSING_VALUE, set.head.span, "there is nothing to set in these braces")
                    .label("empty")
                    .help("write `$.Attributes.name = \"value\"`, one to a line"),
            );
        }
        if groups.is_empty() {
            self.draft.alias(entry, next, set.head.span);
        }
        let count = groups.len();
        let mut at = entry;
        for (index, mut group) in groups.into_iter().enumerate() {
            values::sort(&mut group.args, group.row.params);
            let after = if index + 1 == count { next } else { self.draft.label() };
            let span = if set.block { group.span } else { set.head.span };
            let mut block = self.block(group.row, group.args, span, BlockOrigin::Set, here);
            if set.block {
                block.block.label = format!("set {}", block.block.label);
            }
            let reading = Reading {
                branches: &branches,
                strict: index == 0,
                aliases: &[],
                preset: &[],
                declared: None,
                continues: true,
                owner: Owner { entry: at, next: after },
            };
            self.exits(&mut block, &reading, here);
            self.draft.push(at, block);
            at = after;
        }
        self.branch_bodies(&branches, owner, here);
    }

    /// Adds an entry to the last group if the same action writes it, else begins another.
    fn assign(&mut self, assigned: &Entry, groups: &mut Vec<Group>, here: Here) {
        let Some((row, assignment, path)) = self.assignment(&assigned.target) else { return };
        let Some((kind, param)) = target_kind(row, assignment) else { return };
        self.subject = Some(self.index.slice(assigned.target.span.span).to_owned().into());
        let value = self.convert(kind, param, &assigned.value, here);
        self.subject = None;
        let Some(value) = value else { return };
        let span = assigned.span.span;
        let fits = groups.last().is_some_and(|group| std::ptr::eq(group.row, row));
        if !fits {
            groups.push(Group { row, args: defaults(row, span), span });
        }
        if let Some(group) = groups.last_mut() {
            match assignment.param.split('.').position(|step| step == "*") {
                // No other entry has the key.
                Some(star) => append(&mut group.args, &path, star, value, span),
                None => insert(&mut group.args, &path, value, span),
            }
            group.span = group.span.to(span);
        }
    }

    /// The action that writes a reference, and the path of the parameter, a step each.
    fn assignment(&mut self, target: &Reference) -> Option<(&'static ActionSpec, &'static Assignment, Vec<String>)> {
        let span = target.span.span;
        let first = target.steps.first().map(EcoString::as_str).unwrap_or_default();
        let found = if target.root.is_empty() { catalogue::assignment(&format!("$.{first}")) } else { None };
        let steps = target.steps.len();
        match found {
            Some((row, assignment)) if steps == if assignment.keyed { 2 } else { 1 } => {
                let key = target.steps.last().cloned().unwrap_or_default();
                let path = assignment
                    .param
                    .split('.')
                    .map(|step| if step == "*" { key.to_string() } else { step.to_owned() })
                    .collect();
                Some((row, assignment, path))
            }
            _ => {
                let shown = self.index.slice(span);
                let roots: Vec<String> = catalogue::all()
                    .flat_map(|row| row.assigns)
                    .map(|assign| if assign.keyed { format!("{}.name", assign.root) } else { assign.root.to_owned() })
                    .collect();
                let known: Vec<&str> = roots.iter().map(String::as_str).collect();
                let names: Vec<&str> =
                    catalogue::all().flat_map(|row| row.assigns).filter_map(|assign| assign.root.get(2..)).collect();
                let message = if target.root.is_empty() {
                    format!("`{shown}` cannot be set")
                } else {
                    format!("`{shown}` is not an attribute, so it cannot be set")
                };
                self.diagnostics.push(Diagnostic::new(codes::UNKNOWN_PATH, span, message).label("cannot be set").help(
                    match crate::diagnostics::closest(first, names) {
                        Some(close) if target.root.is_empty() => format!("did you mean `$.{close}`?"),
                        _ => format!("a flow can set {}", listed(&known)),
                    },
                ));
                None
            }
        }
    }
}

/// What the action is given whatever is assigned.
fn defaults(row: &'static ActionSpec, span: Span) -> Vec<Arg> {
    let given = row.params.iter().filter_map(|param| Some((param.name, param.default?)));
    given.map(|(name, text)| Arg { name: Spanned::new(name.into(), span), value: Value::literal(text, span) }).collect()
}

/// What an assigned value must be: the parameter's own kind, or that of its map's values.
fn target_kind(row: &'static ActionSpec, assignment: &'static Assignment) -> Option<(&'static Kind, &'static Param)> {
    let param = row.param(assignment.param.split('.').next()?)?;
    Some(match &param.kind {
        Kind::Map { value: Kind::Object([first, ..]), .. } if assignment.keyed => (&first.kind, first),
        Kind::Map { value, .. } if assignment.keyed => (value, param),
        kind => (kind, param),
    })
}

/// As [`insert`], where nothing is there yet from the step at `new` on. It is not looked for: a `set` can have thousands.
fn append(args: &mut Vec<Arg>, path: &[String], new: usize, value: Value, span: Span) {
    let (way, path) = path.split_at(new);
    let Some((key, inner)) = path.split_first() else { return };
    let arg = |name: &String, value: Value| Arg { name: Spanned::new(name.clone().into(), span), value };
    let value = inner.iter().rev().fold(value, |value, name| Value::Map(vec![arg(name, value)], span));
    let mut entries = args;
    for name in way {
        let at = entries.iter().position(|arg| arg.name.value == *name).unwrap_or_else(|| {
            entries.push(arg(name, Value::Map(Vec::new(), span)));
            entries.len() - 1
        });
        let Some(Arg { value: Value::Map(inner, _), .. }) = entries.get_mut(at) else { return };
        entries = inner;
    }
    entries.push(arg(key, value));
}

/// As `values::insert`, for a path whose keys may hold dots.
pub(super) fn insert(args: &mut Vec<Arg>, path: &[String], value: Value, span: Span) {
    let Some((name, rest)) = path.split_first() else { return };
    let at = args.iter().position(|arg| arg.name.value == *name).unwrap_or_else(|| {
        args.push(Arg { name: Spanned::new(name.clone().into(), span), value: Value::Map(Vec::new(), span) });
        args.len() - 1
    });
    let Some(arg) = args.get_mut(at) else { return };
    if rest.is_empty() {
        arg.value = value;
    } else if let Value::Map(entries, _) = &mut arg.value {
        insert(entries, rest, value, span);
    }
}
