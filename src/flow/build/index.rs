//! What declarations use of others: modules and fragments, by name.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::Options;
use crate::catalogue::{self, Role};
use crate::flow::{Contract, Field};
use crate::source::{Source, Span, Spanned};
use crate::syntax::ast::{
    Body, Branch, Clauses, Declaration, File, FragmentDeclaration, Line, ModuleDeclaration, Part, StatementKind, Typed,
};

/// What a declaration can refer to: what other sources declare for it to use, and all texts.
#[derive(Debug)]
pub struct Index<'a> {
    pub(super) options: &'a Options,
    /// Copied out of the trees, which are let go of one by one.
    pub(super) fragments: BTreeMap<EcoString, FragmentDeclaration>,
    pub(super) modules: BTreeMap<EcoString, Module>,
    /// By their ids.
    sources: Vec<&'a Source>,
    /// Fragments that some `use` names; the others are checked on their own.
    used: BTreeSet<EcoString>,
}

/// What a caller needs to know of a module.
#[derive(Debug)]
pub(super) struct Module {
    pub contract: Contract,
    pub span: Span,
    /// Whether some `return` in it names no branch, so that a call can simply succeed.
    pub returns_plainly: bool,
}

impl<'a> Index<'a> {
    /// Of all sources, and of the trees that declare modules and fragments: others need not be there. Of two that clash the
    /// first counts.
    pub fn new<'f>(
        sources: impl IntoIterator<Item = &'a Source>,
        files: impl IntoIterator<Item = &'f File>,
        options: &'a Options,
    ) -> Self {
        let mut sources: Vec<&Source> = sources.into_iter().collect();
        sources.sort_by_key(|source| source.id);
        let (mut fragments, mut modules) = (BTreeMap::new(), BTreeMap::new());
        for declaration in files.into_iter().flat_map(|file| &file.declarations) {
            match declaration {
                Declaration::Flow(_) => {}
                Declaration::Module(module) => {
                    modules.entry(module.head.name.value.clone()).or_insert_with(|| Module::of(module));
                }
                Declaration::Fragment(fragment) => {
                    fragments.entry(fragment.head.name.value.clone()).or_insert_with(|| fragment.clone());
                }
            }
        }
        Self { options, fragments, modules, sources, used: BTreeSet::new() }
    }

    /// Tells which fragments the project uses, once all of it has been read. Until then none is, which flows do not mind.
    pub fn set_used<'f>(&mut self, fragments: impl Iterator<Item = &'f EcoString>) {
        self.used = fragments.cloned().collect();
    }

    pub(super) fn is_used(&self, fragment: &str) -> bool {
        self.used.contains(fragment)
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        let found = self.sources.binary_search_by_key(&span.source, |source| source.id);
        found.ok().and_then(|at| self.sources.get(at)).map_or("", |source| source.slice(span))
    }
}

impl Module {
    fn of(module: &ModuleDeclaration) -> Self {
        Self { contract: contract(module), span: module.head.name.span, returns_plainly: returns_plainly(&module.body) }
    }
}

pub(super) fn contract(module: &ModuleDeclaration) -> Contract {
    let field = |typed: &Typed| Field { name: typed.name.clone(), kind: typed.kind.clone() };
    Contract {
        inputs: module.inputs.iter().map(field).collect(),
        branches: module.branches.iter().map(|name| Spanned::new(name.value.clone(), name.span)).collect(),
        returns: module.returns.iter().map(field).collect(),
    }
}

/// Whether a `return` that names no branch stands anywhere in a body.
fn returns_plainly(body: &Body) -> bool {
    let mut found = false;
    visit(body, &mut |kind| {
        let StatementKind::Sentence(sentence) = kind else { return };
        let Some(Part::Word(verb)) = sentence.parts.first() else { return };
        let returns = catalogue::phrases(&verb.value).iter().any(|phrase| phrase.row.role == Role::Return);
        let names_branch = match sentence.parts.get(1) {
            None | Some(Part::Settings(..) | Part::Comma(_)) => false,
            Some(Part::Word(word)) => word.value != "with",
            Some(Part::Value(_)) => true,
        };
        found |= returns && !names_branch;
    });
    found
}

/// Calls back for every statement in a body and the bodies within. Depth is bounded by the parser.
pub(in crate::flow) fn visit<'a>(body: &'a Body, found: &mut impl FnMut(&'a StatementKind)) {
    for line in &body.lines {
        match line {
            Line::Handler(handler) => visit_branch(&handler.branch, found),
            Line::Step(step) => visit(&step.body, found),
            Line::Statement(statement) => {
                found(&statement.kind);
                match &statement.kind {
                    StatementKind::Choice(choice) => {
                        choice.arms.iter().map(|(_, body)| body).chain(&choice.otherwise).for_each(|b| visit(b, found));
                    }
                    StatementKind::Repeat { body, .. } => visit(body, found),
                    StatementKind::Raw(raw) => visit_clauses(raw.clauses.as_ref(), found),
                    StatementKind::Set(set) => visit_clauses(set.clauses.as_ref(), found),
                    StatementKind::Sentence(sentence) => visit_clauses(sentence.clauses.as_ref(), found),
                    StatementKind::Jump(_) | StatementKind::Use { .. } | StatementKind::Broken => {}
                }
            }
        }
    }
}

fn visit_clauses<'a>(clauses: Option<&'a Clauses>, found: &mut impl FnMut(&'a StatementKind)) {
    for clause in clauses.iter().flat_map(|clauses| &clauses.clauses) {
        visit_branch(&clause.branch, found);
    }
}

fn visit_branch<'a>(branch: &'a Branch, found: &mut impl FnMut(&'a StatementKind)) {
    if let Branch::Body(body) = branch {
        visit(body, found);
    }
}
