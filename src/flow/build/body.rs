//! Walks bodies line by line: steps, handlers, arrows, repetition and fragments; hands sentences on.

mod fragments;

use std::collections::BTreeMap;

use ecow::{EcoString, eco_format};

use super::attributes;
use super::draft::{Draft, DraftBlock, DraftExit, End, Label, Origin};
use super::index::Index;
use super::label::label;
use super::names::Naming;
use crate::catalogue::{self, ActionSpec, Role, limits};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, listed_of};
use crate::flow::{Action, Arg, Block, BlockOrigin, Flow, Outlet, Word};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    Attribute, Body, Branch, FragmentDeclaration, Handler, Line, Name, Statement, StatementKind, Value,
};

/// What a builder leaves behind.
pub(super) struct Built {
    pub draft: Draft,
    pub start: Label,
}

pub(super) struct Builder<'a> {
    pub index: &'a Index<'a>,
    pub flow: &'a Flow,
    pub diagnostics: &'a mut Diagnostics,
    /// The flows and modules that were named.
    pub namings: &'a mut Vec<Naming>,
    pub draft: Draft,
    /// What a value is for, in the words of the source; nothing where those are the service's own.
    pub subject: Option<Word>,
    scopes: Vec<BTreeMap<EcoString, StepPlace>>,
    /// How many bytes have been filled in for parameters of fragments.
    pub filled: usize,
    /// Whether the flow has become too large to be read on.
    pub full: bool,
    /// How often fragments are used, in one another too. Empty ones make no blocks and cost time all the same.
    uses: usize,
}

#[derive(Debug, Clone, Copy)]
struct StepPlace {
    label: Label,
    span: Span,
}

/// What a line can see: where it stands, and what surrounds it.
#[derive(Clone, Copy)]
pub(super) struct Here<'h> {
    scope: usize,
    /// The step's name as blocks carry it; empty in the opening part.
    pub step: &'h str,
    /// The step's label, by which a handler knows that it points here.
    step_label: Option<Label>,
    handlers: Option<&'h HandlerFrame<'h>>,
    pub parameters: Option<&'h Parameters<'h>>,
    /// The statement whose branch this is.
    pub owner: Option<Owner>,
    /// Whether steps may stand here.
    holds_steps: bool,
    /// The fragments that this line was copied with, the innermost first.
    fragments: Option<&'h FragmentFrame<'h>>,
    depth: usize,
}

impl<'h> Here<'h> {
    /// Inside a branch of a statement.
    pub fn owned_by(self, owner: Owner) -> Self {
        Self { owner: Some(owner), ..self }
    }

    /// What covers an error of a statement.
    pub fn cover(self, entry: Label, next: Label) -> Cover {
        let mut frame = self.handlers;
        let mut own_step = false;
        while let Some(handler) = frame {
            match handler.target {
                HandlerTarget::Label(label) if Some(label) == self.step_label => own_step = true,
                HandlerTarget::Label(label) => return Cover::To(label),
                HandlerTarget::Next => return Cover::To(next),
                HandlerTarget::Again => return Cover::To(entry),
                HandlerTarget::LeaveOut => return Cover::LeaveOut(handler.span),
            }
            frame = handler.up;
        }
        Cover::Nothing { own_step }
    }

    /// What a fragment's parameter was given, and what its giver could see.
    pub fn parameter(self, name: &str) -> Option<(&'h Value, Option<&'h Parameters<'h>>)> {
        let parameters = self.parameters?;
        let (_, value) = parameters.entries.iter().find(|(known, _)| *known == name)?;
        Some((value, parameters.outer))
    }

    /// Where the giver of a fragment's argument stands.
    pub fn given<'o>(self, outer: Option<&'o Parameters<'o>>) -> Here<'o>
    where
        'h: 'o,
    {
        Here { parameters: outer, ..self }
    }
}

/// The statement that owns a branch: where it begins, and where it goes on.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    pub entry: Label,
    pub next: Label,
}

/// What a fragment was given, and what its giver could see.
pub(super) struct Parameters<'h> {
    pub entries: Vec<(&'h str, &'h Value)>,
    pub outer: Option<&'h Parameters<'h>>,
}

struct FragmentFrame<'h> {
    name: &'h str,
    up: Option<&'h FragmentFrame<'h>>,
}

struct HandlerFrame<'h> {
    target: HandlerTarget,
    span: Span,
    up: Option<&'h HandlerFrame<'h>>,
}

#[derive(Clone, Copy)]
enum HandlerTarget {
    Label(Label),
    Next,
    Again,
    LeaveOut,
}

/// What covers an error.
pub(super) enum Cover {
    To(Label),
    LeaveOut(Span),
    /// Nothing, or only the handler whose own step this is.
    Nothing {
        own_step: bool,
    },
}

/// The source of a block, in flows of some size.
const BLOCK_BYTES: usize = 64;

impl<'a> Builder<'a> {
    pub fn new(
        index: &'a Index<'a>,
        flow: &'a Flow,
        diagnostics: &'a mut Diagnostics,
        namings: &'a mut Vec<Naming>,
    ) -> Self {
        let draft = Draft::default();
        Self {
            index,
            flow,
            diagnostics,
            namings,
            draft,
            subject: None,
            scopes: Vec::new(),
            filled: 0,
            full: false,
            uses: 0,
        }
    }

    /// Lowers the body of a flow or module.
    pub fn declaration(mut self, kind: &str, name: &Name, body: &Body) -> Built {
        let start = self.draft.label();
        // What stands there usually becomes about so many blocks.
        let bytes = body.span.span.range().len();
        self.draft.blocks.reserve((bytes / BLOCK_BYTES).min(limits::BLOCKS_MAX));
        let what = format!("{kind} `{}`", name.value);
        if body.lines.iter().all(|line| !matches!(line, Line::Statement(_))) {
            self.diagnostics.push(
                Diagnostic::new(codes::EMPTY_FLOW, name.span, format!("{what} has no statement to begin with"))
                    .label("nothing to run")
                    .help("give it a line outside its steps; a flow that only hangs up is `disconnect`"),
            );
        } else {
            let end = self.end_of(body, what);
            let here = Here {
                scope: self.open_scope(body),
                step: "",
                step_label: None,
                handlers: None,
                parameters: None,
                owner: None,
                holds_steps: true,
                fragments: None,
                depth: 0,
            };
            self.body(body, start, end, here);
        }
        Built { draft: self.draft, start }
    }

    /// Where a value stands that no line gives.
    pub fn nowhere() -> Here<'static> {
        Here {
            scope: 0,
            step: "",
            step_label: None,
            handlers: None,
            parameters: None,
            owner: None,
            holds_steps: false,
            fragments: None,
            depth: 0,
        }
    }

    /// Lowers the body of a fragment that nothing uses, for what there is to say about it.
    pub fn unused_fragment(mut self, declared: &FragmentDeclaration) {
        let entry = self.draft.label();
        let exit = self.draft.label();
        // Any value will do: an environment's word stands for whatever a use would give.
        let stand_in = Value::Text(crate::syntax::ast::Text {
            segments: vec![crate::syntax::ast::Segment::Literal(" ".into())],
            block: false,
            address: false,
            span: declared.head.span,
        });
        let parameters = Parameters {
            entries: declared.parameters.iter().map(|name| (name.value.as_str(), &stand_in)).collect(),
            outer: None,
        };
        let frame = FragmentFrame { name: &declared.head.name.value, up: None };
        let own = HandlerFrame { target: HandlerTarget::LeaveOut, span: declared.head.name.span, up: None };
        let here = Here {
            scope: self.open_scope(&declared.body),
            step: "",
            step_label: None,
            // What its errors do is decided where it is used.
            handlers: Some(&own),
            parameters: Some(&parameters),
            owner: None,
            holds_steps: true,
            fragments: Some(&frame),
            depth: 1,
        };
        self.body(&declared.body, entry, exit, here);
    }

    // ---- bodies and steps -------------------------------------------------------------------------------------------

    /// Makes the steps of a body known, in a scope of their own.
    fn open_scope(&mut self, body: &Body) -> usize {
        let mut steps: BTreeMap<EcoString, StepPlace> = BTreeMap::new();
        for line in &body.lines {
            let Line::Step(step) = line else { continue };
            let name = &step.name;
            if let Some(before) = steps.get(&name.value) {
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::DUPLICATE_STEP,
                        name.span,
                        format!("there is a step `{}` already", name.value),
                    )
                    .label("declared again")
                    .also(before.span, "first declared here")
                    .help("give one of them another name"),
                );
            } else if BUILT_IN.contains(&name.value.as_str()) {
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::DUPLICATE_STEP,
                        name.span,
                        format!("`{}` is a target of the language, so no step can be called that", name.value),
                    )
                    .label("taken")
                    .help("give the step another name"),
                );
            } else {
                let label = self.draft.label();
                steps.insert(name.value.clone(), StepPlace { label, span: name.span });
            }
        }
        self.scopes.push(steps);
        self.scopes.len() - 1
    }

    /// What is behind the last line of a body. One that is not closed may go on where nobody can see it.
    fn end_of(&mut self, body: &Body, what: String) -> Label {
        self.draft.torn |= !body.closed;
        let brace = self.brace(body.span.span);
        self.draft.end(if body.closed { End::Off { what, brace } } else { End::Broken })
    }

    pub fn body(&mut self, body: &Body, entry: Label, exit: Label, here: Here) {
        let handler = self.handler_of(body, here);
        let frame = handler.map(|(target, span, _)| HandlerFrame { target, span, up: here.handlers });
        let inner = Here { handlers: frame.as_ref().or(here.handlers), holds_steps: false, ..here };
        let mut at = entry;
        let mut statements = body
            .lines
            .iter()
            .filter_map(|line| if let Line::Statement(statement) = line { Some(statement) } else { None })
            .peekable();
        if statements.peek().is_none() {
            self.draft.alias(entry, exit, body.span.span);
        }
        while let Some(statement) = statements.next() {
            let next = if statements.peek().is_some() { self.draft.label() } else { exit };
            self.statement(statement, at, next, inner);
            at = next;
        }
        if let Some((HandlerTarget::Label(label), span, Some(handling))) = handler {
            let end = self.draft.end(End::Handler { span });
            // Its own errors go to the handler further out.
            self.body(handling, label, end, Here { holds_steps: false, owner: None, ..here });
        }
        self.steps(body, inner, here.holds_steps);
    }

    fn steps(&mut self, body: &Body, inner: Here, allowed: bool) {
        let mut last_step: Option<Span> = None;
        for line in &body.lines {
            match line {
                Line::Step(step) if !allowed => self.diagnostics.push(
                    Diagnostic::new(codes::OUT_OF_PLACE, step.name.span, "a step can only stand in the body of a flow")
                        .label("inside another body")
                        .help("move it out to the flow's own body, and go there with an arrow"),
                ),
                Line::Step(step) => {
                    last_step = Some(step.name.span);
                    attributes::on_step(&step.attributes, self.diagnostics);
                    let label = self.scopes.get(inner.scope).and_then(|steps| steps.get(&step.name.value));
                    let Some(label) = label.map(|place| place.label) else { continue };
                    let name = if inner.step.is_empty() || inner.depth == 0 {
                        step.name.value.clone()
                    } else {
                        eco_format!("{}/{}", inner.step, step.name.value)
                    };
                    let what = format!("step `{}`", step.name.value);
                    let end = self.end_of(&step.body, what);
                    let here = Here { step: &name, step_label: Some(label), owner: None, holds_steps: false, ..inner };
                    let first_block = self.draft.blocks.len();
                    self.body(&step.body, label, end, here);
                    self.allow(&step.attributes, step.span.span, first_block);
                }
                Line::Statement(statement) if allowed => {
                    if let Some(step) = last_step.take() {
                        let first = statement.span.span;
                        let line = self.index.slice(first).lines().next().unwrap_or_default().len();
                        let first = Span { end: first.start + u32::try_from(line).unwrap_or(0), ..first };
                        self.diagnostics.push(
                            Diagnostic::new(codes::OUT_OF_PLACE, first, "a line cannot stand behind a step")
                                .label("belongs to the opening part")
                                .also(step, "this step stands before it")
                                .help("move the line above the flow's first step, or into a step of its own"),
                        );
                    }
                }
                Line::Statement(_) | Line::Handler(_) => {}
            }
        }
    }

    // ---- handlers ---------------------------------------------------------------------------------------------------

    /// The handler of a body: where errors go, the line that says so, and its own body.
    fn handler_of<'b>(&mut self, body: &'b Body, here: Here) -> Option<(HandlerTarget, Span, Option<&'b Body>)> {
        let mut handlers =
            body.lines.iter().filter_map(|line| if let Line::Handler(handler) = line { Some(handler) } else { None });
        let Some(first): Option<&Handler> = handlers.next() else { return self.broken_handler_of(body) };
        for other in handlers {
            self.diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_BRANCH, other.span.span, "this body has an `on error` already")
                    .label("given again")
                    .also(first.span.span, "first given here")
                    .help("keep one; a statement that needs another target has its own `{ error -> .. }`"),
            );
        }
        let span = first.span.span;
        Some(match &first.branch {
            Branch::Body(body) => {
                // Its body can be long; `on error` says which one it is.
                let head = Span { end: body.span.span.start, ..span };
                let words = self.index.slice(head).trim_end().len();
                let head = Span { end: head.start + u32::try_from(words).unwrap_or(0), ..head };
                (HandlerTarget::Label(self.draft.label()), head, Some(body))
            }
            Branch::Arrow(name) => {
                let target = match name.value.as_str() {
                    "next" => HandlerTarget::Next,
                    "again" => HandlerTarget::Again,
                    "unhandled" => HandlerTarget::LeaveOut,
                    _ => HandlerTarget::Label(self.step(name, here)),
                };
                (target, span, None)
            }
        })
    }

    /// A line that was meant as a handler covers what it would have covered: one misspelled word is one problem.
    fn broken_handler_of<'b>(&mut self, body: &'b Body) -> Option<(HandlerTarget, Span, Option<&'b Body>)> {
        let span = body.lines.iter().find_map(|line| match line {
            Line::Statement(Statement { kind: StatementKind::Broken, span, .. }) => {
                Some(span.span).filter(|span| self.index.slice(*span).starts_with("on "))
            }
            _ => None,
        })?;
        Some((HandlerTarget::Label(self.draft.end(End::Broken)), span, None))
    }

    // ---- targets ----------------------------------------------------------------------------------------------------

    /// The label of a step; a message and a dead end if there is none of that name.
    fn step(&mut self, name: &Name, here: Here) -> Label {
        let steps = self.scopes.get(here.scope);
        if let Some(place) = steps.and_then(|steps| steps.get(&name.value)) {
            return place.label;
        }
        let known = || steps.into_iter().flatten().map(|(name, _)| name.as_str());
        let help = if steps.is_none_or(BTreeMap::is_empty) {
            format!(
                "write `step {} {{ .. }}` in the flow's body; `next`, `again` and `unhandled` are built in",
                name.value
            )
        } else {
            format!(
                "the steps here are {}; `next`, `again` and `unhandled` are built in",
                steps.map(|steps| listed_of(steps.keys())).unwrap_or_default()
            )
        };
        self.diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_STEP, name.span, format!("there is no step `{}`", name.value))
                .label("goes nowhere")
                .help(help)
                .suggest(&name.value, BUILT_IN.into_iter().chain(known())),
        );
        self.draft.end(End::Broken)
    }

    /// Where a branch's arrow goes; nothing if the branch is to be left out.
    pub fn arrow(&mut self, name: &Name, owner: Owner, here: Here) -> Option<Label> {
        match name.value.as_str() {
            "next" => Some(owner.next),
            "again" => Some(owner.entry),
            "unhandled" => None,
            _ => Some(self.step(name, here)),
        }
    }

    fn jump(&mut self, name: &Name, entry: Label, here: Here) {
        let target = match (name.value.as_str(), here.owner) {
            ("next", Some(owner)) => owner.next,
            ("again", Some(owner)) => owner.entry,
            ("next" | "again" | "unhandled", _) => {
                let help = if name.value == "unhandled" {
                    "it leaves out a branch, as in `{ error -> unhandled }`"
                } else {
                    "it is the target of a branch, or of a line inside one: `timeout -> again`"
                };
                self.diagnostics.push(
                    Diagnostic::new(codes::OUT_OF_PLACE, name.span, format!("`{}` means nothing here", name.value))
                        .label("no statement owns this line")
                        .help(help),
                );
                self.draft.end(End::Broken)
            }
            _ => self.step(name, here),
        };
        self.draft.alias(entry, target, name.span);
    }

    // ---- statements -------------------------------------------------------------------------------------------------

    fn statement(&mut self, statement: &Statement, entry: Label, next: Label, here: Here) {
        let span = statement.span.span;
        if self.full || self.draft.blocks.len() >= limits::BLOCKS_MAX || self.uses >= limits::BLOCKS_MAX {
            if !self.full {
                self.full = true;
                let most = limits::BLOCKS_MAX;
                let message = if self.uses >= most {
                    format!("fragments are used more than {most} times in this flow, in one another too")
                } else {
                    format!("this flow becomes more than {most} actions")
                };
                self.diagnostics.push(
                    Diagnostic::new(codes::TOO_MANY_ACTIONS, span, message).label("reading stops here").help(format!(
                        "the service takes {} in one flow; move parts into modules",
                        limits::ACTIONS_MAX
                    )),
                );
            }
            // What is not read may have ended the flow.
            self.draft.alias_unknown(entry, next, span);
            return;
        }
        let first_block = self.draft.blocks.len();
        match &statement.kind {
            StatementKind::Jump(name) => self.jump(name, entry, here),
            StatementKind::Choice(choice) => self.choice(choice, span, entry, next, here),
            StatementKind::Repeat { count, body } => self.repeat(count, body, span, entry, next, here),
            StatementKind::Raw(raw) => self.raw(raw, span, entry, next, here),
            StatementKind::Use { fragment, arguments, .. } => {
                self.use_fragment(fragment, arguments, span, entry, next, here);
            }
            StatementKind::Set(set) => self.set(set, entry, next, here),
            StatementKind::Sentence(sentence) => self.sentence(sentence, entry, next, here),
            StatementKind::Broken => self.draft.alias_unknown(entry, next, span),
        }
        self.attributes(&statement.attributes, span, first_block);
    }

    fn attributes(&mut self, attributes: &[Attribute], scope: Span, first_block: usize) {
        let said = attributes::on_statement(attributes, self.diagnostics);
        self.allow(attributes, scope, first_block);
        for (index, identifier) in said.identifiers.into_iter().enumerate() {
            match self.draft.blocks.get_mut(first_block + index) {
                Some(block) => block.fixed = Some(identifier),
                None => self.diagnostics.push(
                    Diagnostic::new(codes::OUT_OF_PLACE, identifier.span, "this line makes no block to identify")
                        .label("nothing carries it")
                        .help("remove the `@id`; an arrow is not a block of its own"),
                ),
            }
        }
        if let Some(block) = self.draft.blocks.get_mut(first_block) {
            block.notes = said.notes;
        }
    }

    /// Keeps what a line says is right about itself and the blocks that have come of it.
    fn allow(&mut self, attributes: &[Attribute], scope: Span, first_block: usize) {
        let blocks = first_block..self.draft.blocks.len();
        self.draft.allows.extend(attributes::allows(attributes, scope, blocks));
    }

    fn repeat(&mut self, count: &Value, body: &Body, span: Span, entry: Label, next: Label, here: Here) {
        let head = Span { end: count.span().end, ..span };
        let Some(row) = catalogue::with_role(Role::Loop) else { return };
        self.subject = Some("repeat".into());
        let args = self.only_argument(row, count, here);
        self.subject = None;
        let inside = self.draft.label();
        let mut block = self.block(row, args, head, BlockOrigin::Repeat, here);
        for (word, to) in [("continue", inside), ("done", next)] {
            block.exits.extend(named_exit(row, word, to, head));
        }
        self.draft.push(entry, block);
        self.body(body, inside, entry, Here { holds_steps: false, ..here });
    }

    /// The one parameter of a row that takes one, from a value of the source.
    fn only_argument(&mut self, row: &'static ActionSpec, value: &Value, here: Here) -> Vec<Arg> {
        let Some(param) = row.params.first() else { return Vec::new() };
        self.value(param, value, here)
            .map(|converted| Arg { name: Spanned::new(param.name.into(), value.span()), value: converted })
            .into_iter()
            .collect()
    }

    /// The closing brace of a body or of clauses; where it is missing, their end.
    pub fn brace(&self, braced: Span) -> Span {
        let last = Span { start: braced.end.saturating_sub(1), ..braced };
        if self.index.slice(last) == "}" { last } else { braced.tail() }
    }

    /// A block of a row, with no exits yet.
    pub fn block(&self, row: &'static ActionSpec, args: Vec<Arg>, at: Span, by: BlockOrigin, here: Here) -> DraftBlock {
        self.action_block(Action::Known(row), args, at, by, here)
    }

    pub fn action_block(&self, action: Action, args: Vec<Arg>, at: Span, by: BlockOrigin, here: Here) -> DraftBlock {
        let block = Block {
            action,
            args,
            identifier: String::new(),
            readable: false,
            span: at,
            step: here.step.into(),
            label: label(self.index.slice(at)),
            origin: by,
        };
        DraftBlock { block, exits: Vec::new(), binds: None, fixed: None, notes: Vec::new() }
    }
}

/// An exit by its word in a row that has one variant.
pub(super) fn named_exit(row: &'static ActionSpec, word: &str, to: Label, span: Span) -> Option<DraftExit> {
    let outlet = row.variants.first()?.outlets.iter().find(|outlet| outlet.word == word)?;
    Some(DraftExit { outlet: super::outlets::outlet(outlet.exit), to, span, origin: Origin::Written })
}

pub(super) fn next_exit(to: Label, span: Span) -> DraftExit {
    DraftExit { outlet: Outlet::Next, to, span, origin: Origin::Written }
}

/// Targets that every body has.
const BUILT_IN: [&str; 3] = ["next", "again", "unhandled"];
