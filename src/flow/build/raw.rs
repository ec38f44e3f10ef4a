//! `do`: any action by the service's own names. Known types are checked like sentences; quoted ones are not.

use super::body::{Builder, Here, Owner, next_exit};
use super::draft::{DraftBlock, DraftExit, Label, Origin};
use super::outlets::{NEXT, Reading};
use crate::catalogue::{self, Param, actions};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::breach::wrong_type;
use crate::flow::{Action, Arg, BlockOrigin, Outlet, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{PatternKind, Raw, Setting};

impl Builder<'_> {
    pub fn raw(&mut self, raw: &Raw, span: Span, entry: Label, next: Label, here: Here) {
        let owner = Owner { entry, next };
        let head = match &raw.clauses {
            Some(clauses) => {
                let before = Span { end: clauses.span.span.start, ..span };
                Span { end: before.start + len(self.index.slice(before).trim_end()), ..before }
            }
            None => span,
        };
        let branches = self.branches(raw.clauses.as_ref(), owner, here);
        let known = if raw.quoted { None } else { catalogue::find(&raw.action.value) };
        if known.is_none() {
            self.unchecked(raw);
        }
        let mut block = match known {
            Some(row) => {
                let args = self.object(row.params, &raw.settings, here);
                self.block(row, args, head, BlockOrigin::Do, here)
            }
            None => {
                let args = self.json_map(&raw.settings, here);
                let action = Action::Raw(raw.action.value.to_string());
                self.action_block(action, args, head, BlockOrigin::Quoted, here)
            }
        };
        let reading = Reading {
            branches: &branches,
            strict: true,
            aliases: &[],
            preset: &[],
            declared: None,
            continues: true,
            owner,
        };
        if known.is_some() {
            self.exits(&mut block, &reading, here);
        } else {
            self.raw_exits(&mut block, &reading, here);
        }
        self.draft.push(entry, block);
        self.branch_bodies(&branches, owner, here);
    }

    /// What there is to say of a type without a row. The service was seen to refuse some, in quotes or not.
    fn unchecked(&mut self, raw: &Raw) {
        let name = &raw.action.value;
        let span = raw.action.span;
        let problem = actions::problem(name);
        let is_refused = problem.as_ref().is_some_and(|problem| problem.rule.is_error());
        let diagnostic = match (raw.quoted, problem) {
            (true, Some(problem)) if is_refused => wrong_type(name, &problem, span),
            (true, _) => Diagnostic::new(
                codes::UNCHECKED,
                span,
                format!("of `{name}`, only what the service is known to refuse is checked"),
            )
            .label("in quotes, so it is taken as it is written")
            .help(if catalogue::find(name).is_some() {
                format!("the catalogue knows this action: `do {name} (..)` is checked")
            } else {
                "its parameters and branches go into the flow as they are written".to_owned()
            }),
            (false, Some(problem)) => wrong_type(name, &problem, span),
            (false, None) => return,
        };
        self.diagnostics.push(diagnostic);
    }

    /// The entries of an object whose keys the catalogue knows.
    pub fn object(&mut self, params: &'static [Param], settings: &[Setting], here: Here) -> Vec<Arg> {
        let mut args: Vec<Arg> = Vec::new();
        for setting in settings {
            let name = &setting.name;
            // What the row does not have goes into the document as it is written; `validate` says what is known of it.
            let param = params.iter().find(|param| param.name == name.value);
            if let Some(before) = args.iter().find(|arg| arg.name.value == name.value.as_str()) {
                self.given_twice(&name.value, name.span, before.name.span);
                continue;
            }
            let value = match param {
                Some(param) => self.value(param, &setting.value, here),
                None => self.json(&setting.value, here),
            };
            if let Some(value) = value {
                args.push(Arg { name: Spanned::new(name.value.to_string().into(), name.span), value });
            }
        }
        args
    }

    pub fn given_twice(&mut self, word: &str, span: Span, before: Span) {
        self.diagnostics.push(
            Diagnostic::new(codes::GIVEN_TWICE, span, format!("`{word}` is given twice"))
                .label("again")
                .also(before, "first given here")
                .help("keep one of them"),
        );
    }

    /// The exits of an action that the catalogue does not know: as they are written, and nothing else.
    pub fn raw_exits(&mut self, block: &mut DraftBlock, reading: &Reading, _here: Here) {
        // `next -> unhandled`: it never succeeds.
        let mut ends = false;
        for (clause, to) in &reading.branches.entries {
            for pattern in &clause.patterns {
                let outlet = match &pattern.kind {
                    PatternKind::Word(word) if word == NEXT => Some(Outlet::Next),
                    PatternKind::Word(word) if word == "error" => Some(Outlet::Error("NoMatchingError".into())),
                    PatternKind::Word(word) if word == "else" => Some(Outlet::Error("NoMatchingCondition".into())),
                    PatternKind::When { operator, operands } => {
                        let operands =
                            operands.iter().filter_map(|text| self.static_text(text)).map(Into::into).collect();
                        let operator = operator.value.to_string().into();
                        Some(Outlet::Condition(crate::flow::Condition { operator, operands }.into()))
                    }
                    PatternKind::Error(text) => self.static_text(text).map(|name| Outlet::Error(name.into())),
                    _ => {
                        let said = block.block.said();
                        self.diagnostics.push(
                            Diagnostic::new(
                                codes::UNKNOWN_BRANCH,
                                pattern.span.span,
                                format!("{said} is unchecked, so its branches are written in the service's words"),
                            )
                            .label("not one of them")
                            .help("write `when Equals \"x\" -> a`, `error \"NoMatchingError\" -> b` or `next -> c`"),
                        );
                        None
                    }
                };
                ends |= to.is_none() && outlet == Some(Outlet::Next);
                let (Some(outlet), Some(to)) = (outlet, to) else { continue };
                let span = pattern.span.span;
                block.exits.push(DraftExit { outlet, to: *to, span, origin: Origin::Written });
            }
        }
        if !ends && !block.exits.iter().any(|exit| exit.outlet == Outlet::Next) {
            // Whether the action ever succeeds is not known; if nothing follows, it is taken to end the flow.
            let exit = next_exit(reading.owner.next, block.block.span);
            block.exits.push(DraftExit { origin: Origin::Dispensable, ..exit });
        }
    }

    /// Settings taken over as JSON.
    pub fn json_map(&mut self, settings: &[Setting], here: Here) -> Vec<Arg> {
        let mut args: Vec<Arg> = Vec::new();
        for setting in settings {
            let name = &setting.name;
            if let Some(before) = args.iter().find(|arg| arg.name.value == name.value.as_str()) {
                self.given_twice(&name.value, name.span, before.name.span);
                continue;
            }
            let value: Option<Value> = self.json(&setting.value, here);
            args.extend(value.map(|value| Arg { name: Spanned::new(name.value.to_string().into(), name.span), value }));
        }
        args
    }
}

fn len(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(0)
}
