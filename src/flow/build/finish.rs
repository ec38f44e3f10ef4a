//! From draft to graph: labels become blocks, loose ends become messages, blocks get their identifiers.

use ecow::EcoString;

use super::body::Built;
use super::draft::{Draft, DraftBlock, DraftExit, End, Origin, Target};
use super::index::Index;
use super::results;
use crate::catalogue::{self, ActionSpec, Modules, Role, limits};
use crate::diagnostics::{Diagnostic, Diagnostics, Label, codes};
use crate::flow::id::{Identifiers, looks_like_uuid};
use crate::flow::{Action, Block, BlockId, BlockOrigin, Flow, Inserted, Note, Outlet};
use crate::source::{Span, Spanned};

/// A block whose exits lead to blocks.
#[derive(Debug)]
pub(super) struct Settled {
    pub block: Block,
    pub exits: Vec<SettledExit>,
    pub binds: Option<Spanned<EcoString>>,
    pub fixed: Option<Spanned<EcoString>>,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct SettledExit {
    pub outlet: Outlet,
    pub to: usize,
    pub span: Span,
}

/// Completes a flow; nothing if it has no beginning.
pub(super) fn finish(index: &Index, mut flow: Flow, built: Built, diagnostics: &mut Diagnostics) -> Option<Flow> {
    let start = start(&built, diagnostics);
    flow.complete = !built.draft.torn;
    let mut draft = built.draft;
    flow.allows.append(&mut draft.allows);
    let mut settled = settle(&flow, draft, diagnostics);
    results::resolve(index, &mut settled, start, diagnostics);
    identify(index, &flow, &mut settled, diagnostics);
    flow.expect(settled.len(), settled.iter().map(|entry| entry.exits.len()).sum());
    let ids: Vec<BlockId> = settled.iter_mut().map(|entry| flow.add(take(&mut entry.block))).collect();
    for (entry, id) in settled.into_iter().zip(&ids) {
        flow.notes.extend(entry.notes.into_iter().map(|text| Note { text, block: Some(*id) }));
        for exit in entry.exits {
            if let Some(to) = ids.get(exit.to) {
                flow.connect(*id, exit.outlet, *to, exit.span);
            }
        }
    }
    flow.begin_at(*ids.get(start?)?);
    Some(flow)
}

fn take(block: &mut Block) -> Block {
    let empty = Block {
        action: Action::Raw(String::new()),
        args: Vec::new(),
        identifier: String::new(),
        readable: false,
        span: block.span,
        step: EcoString::new(),
        label: String::new(),
        origin: block.origin.clone(),
    };
    std::mem::replace(block, empty)
}

fn start(built: &Built, diagnostics: &mut Diagnostics) -> Option<usize> {
    match built.draft.target(built.start) {
        Target::Block(index) => Some(index),
        Target::Cycle(span) => {
            diagnostics.push(cycle(span));
            None
        }
        Target::End(End::Off { what, brace }) => {
            diagnostics.push(
                Diagnostic::new(codes::EMPTY_FLOW, brace, format!("{what} ends before it does anything"))
                    .label("the path ends here")
                    .help("give it a line that does something, or `disconnect`"),
            );
            None
        }
        Target::End(End::Handler { .. } | End::Broken) => None,
    }
}

fn cycle(span: Span) -> Diagnostic {
    Diagnostic::new(codes::ARROW_CYCLE, span, "these arrows only lead to each other")
        .label("goes round without doing anything")
        .help("let one of the steps do something, or end")
}

// ---- loose ends ---------------------------------------------------------------------------------------------------------

fn settle(flow: &Flow, mut draft: Draft, diagnostics: &mut Diagnostics) -> Vec<Settled> {
    let mut hang_up: Option<usize> = None;
    let mut extra: Vec<Settled> = Vec::new();
    let mut loose: Vec<(End, Diagnostic)> = Vec::new();
    let blocks = std::mem::take(&mut draft.blocks);
    let count = blocks.len();
    // Some more, for what `results` saves.
    let mut settled: Vec<Settled> = Vec::with_capacity(count + count / 8 + 1);
    for mut block in blocks {
        let exits = std::mem::take(&mut block.exits);
        let mut complained = false;
        let settle = |exit: DraftExit| {
            let to = match draft.target(exit.to) {
                Target::Block(to) => to,
                Target::Cycle(span) => {
                    diagnostics.push(cycle(span));
                    return None;
                }
                Target::End(End::Broken) => return None,
                Target::End(_) if exit.origin == Origin::Dispensable => return None,
                Target::End(_) if exit.origin == Origin::Uncovered => {
                    diagnostics.push(hangs_up(&block));
                    *hang_up.get_or_insert_with(|| {
                        extra.extend(ending(flow, &block));
                        count
                    })
                }
                Target::End(end) => {
                    if !complained {
                        let problem = runs_off(&block, &exit.outlet, exit.span, &end);
                        match loose.iter_mut().find(|(known, _)| *known == end) {
                            None => loose.push((end, problem)),
                            // One line at the end mends them all, so they are one problem.
                            Some((_, known)) if known.secondary.len() <= LOOSE_SHOWN_MAX => {
                                known.secondary.push(Label { text: "so does this".to_owned(), ..problem.primary });
                            }
                            Some(_) => {}
                        }
                        complained = true;
                    }
                    return None;
                }
            };
            Some(SettledExit { outlet: exit.outlet, to, span: exit.span })
        };
        let exits = exits.into_iter().filter_map(settle).collect();
        settled.push(Settled { block: block.block, exits, binds: block.binds, fixed: block.fixed, notes: block.notes });
    }
    settled.extend(extra);
    diagnostics.extend(loose.into_iter().map(|(_, problem)| problem));
    settled
}

/// Lines that run off one end and are shown besides the first.
const LOOSE_SHOWN_MAX: usize = 3;

fn runs_off(block: &DraftBlock, outlet: &Outlet, span: Span, end: &End) -> Diagnostic {
    let said = block.block.said();
    let whole = block.block.span;
    let how = match outlet {
        Outlet::Next => "goes on to the next line, and there is none".to_owned(),
        Outlet::Condition(_) => "can go on to the next line here, and there is none".to_owned(),
        Outlet::Error(_) => "goes on to the next line when it fails, and there is none".to_owned(),
    };
    let at = if span == whole || *outlet == Outlet::Next { whole } else { span };
    match end {
        End::Handler { span } => {
            Diagnostic::new(codes::HANDLER_FALLS_THROUGH, at, format!("{said} runs off the end of the error handler"))
                .label(how)
                .also(*span, "this handler serves many lines, so it has no next line of its own")
                .help("end it with `disconnect`, `return` or an arrow; `on error -> next` carries on after each line")
        }
        End::Off { what, brace } => {
            Diagnostic::new(codes::RUNS_OFF_THE_END, at, format!("{said} runs off the end of {what}"))
                .label(how)
                .also(*brace, format!("{what} ends here"))
                .help("end every path with `disconnect`, `end`, `return`, a transfer or an arrow `-> step`")
        }
        End::Broken => Diagnostic::new(codes::RUNS_OFF_THE_END, at, format!("{said} goes nowhere")).label(how),
    }
}

fn hangs_up(block: &DraftBlock) -> Diagnostic {
    let said = block.block.said();
    Diagnostic::new(codes::ERROR_HANGS_UP, block.block.span, format!("if {said} fails here, the contact ends"))
        .label("its own handler cannot cover it, and no line follows")
        .help("a handler does not cover the step it points at: add `{ error -> .. }` to say where this failure goes")
}

/// The block that ends a contact whose error has nowhere to go.
fn ending(flow: &Flow, block: &DraftBlock) -> Option<Settled> {
    let row = ending_row(flow)?;
    let span = block.block.span;
    let block = Block {
        action: Action::Known(row),
        args: Vec::new(),
        identifier: String::new(),
        readable: false,
        span,
        step: block.block.step.clone(),
        label: "end of an uncovered error".to_owned(),
        origin: BlockOrigin::Inserted(Inserted::HangUp),
    };
    Some(Settled { block, exits: Vec::new(), binds: None, fixed: None, notes: Vec::new() })
}

fn ending_row(flow: &Flow) -> Option<&'static ActionSpec> {
    let roles = [Role::HangUp, Role::Finish, Role::Return];
    let mut rows = roles.into_iter().filter_map(catalogue::with_role);
    match flow.flow_type() {
        None => rows.find(|row| row.flow_types.modules == Modules::Only),
        Some(flow_type) => rows.find(|row| row.flow_types.listed.contains(&flow_type)),
    }
}

// ---- identifiers --------------------------------------------------------------------------------------------------------

fn identify(index: &Index, flow: &Flow, settled: &mut [Settled], diagnostics: &mut Diagnostics) {
    let style = index.options.identifiers;
    let mut identifiers = Identifiers::new(style, &flow.name.value, settled.len());
    for entry in settled.iter_mut() {
        let Some(fixed) = &entry.fixed else { continue };
        if !identifiers.reserve(&fixed.value) {
            diagnostics.push(
                Diagnostic::new(
                    codes::BAD_IDENTIFIER,
                    fixed.span,
                    format!("another line has the identifier `{}` already", fixed.value),
                )
                .label("used twice")
                .help("identifiers are unique in a flow; without `@id`, the compiler makes one"),
            );
        }
        if let Some(why) = limits::identifier_problem(&fixed.value) {
            diagnostics.push(
                Diagnostic::new(
                    codes::BAD_IDENTIFIER,
                    fixed.span,
                    format!("the service refuses the identifier `{}`: {why}", fixed.value),
                )
                .label("refused")
                .help("use letters, digits, spaces, dashes and underscores; without `@id`, the compiler makes one"),
            );
        }
        entry.block.readable = !looks_like_uuid(&fixed.value);
        entry.block.identifier = fixed.value.to_string();
    }
    for entry in settled.iter_mut().filter(|entry| entry.fixed.is_none()) {
        let block = &mut entry.block;
        block.identifier = identifiers.next(&block.step, block.action.name(), &block.label);
        block.readable = style == crate::flow::id::Style::Readable;
    }
}
