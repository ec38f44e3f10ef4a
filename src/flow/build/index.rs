//! What the whole project declares, by name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ecow::EcoString;

use super::{Options, Unit};
use crate::catalogue::{self, FlowType, ResourceKind, Role};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::{Contract, Field};
use crate::source::{Source, SourceId, Span, Spanned};
use crate::syntax::ast::{
    Body, Branch, Clauses, Declaration, FragmentDeclaration, Head, Line, ModuleDeclaration, Part, StatementKind, Typed,
};

/// Everything that the project's declarations can refer to.
#[derive(Debug)]
pub struct Index<'a> {
    pub(super) options: &'a Options,
    /// Copied out of the trees, which are let go of one by one.
    pub(super) fragments: BTreeMap<EcoString, FragmentDeclaration>,
    pub(super) modules: BTreeMap<EcoString, Module>,
    pub(super) flows: BTreeMap<EcoString, (Span, Option<FlowType>)>,
    sources: HashMap<SourceId, &'a Source>,
    /// Fragments that some `use` names; the others are checked on their own.
    used: BTreeSet<String>,
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
    /// Collects the declarations of all units, in order; says which clash.
    pub fn new(units: &[Unit<'a, '_>], options: &'a Options) -> (Self, Vec<Diagnostic>) {
        let mut index = Self {
            options,
            fragments: BTreeMap::new(),
            modules: BTreeMap::new(),
            flows: BTreeMap::new(),
            sources: HashMap::new(),
            used: BTreeSet::new(),
        };
        let mut first: HashMap<(&str, &str), Span> = HashMap::new();
        let mut diagnostics = Vec::new();
        for unit in units {
            index.sources.insert(unit.source.id, unit.source);
            for declaration in &unit.file.declarations {
                let (kind, head) = kind_and_head(declaration);
                let name = head.name.value.as_str();
                if let Some(&before) = first.get(&(kind, name)) {
                    diagnostics.push(
                        Diagnostic::new(
                            codes::DUPLICATE_DECLARATION,
                            head.name.span,
                            format!("there is a {kind} `{name}` already"),
                        )
                        .label("declared again")
                        .also(before, "first declared here")
                        .help("all files of a project share one name space; give one of them another name"),
                    );
                    continue;
                }
                first.insert((kind, name), head.name.span);
                index.declare(declaration);
            }
        }
        (index, diagnostics)
    }

    fn declare(&mut self, declaration: &Declaration) {
        let body = match declaration {
            Declaration::Flow(flow) => {
                let flow_type = FlowType::from_words(&flow.flow_type.value);
                self.flows.insert(flow.head.name.value.clone(), (flow.head.name.span, flow_type));
                &flow.body
            }
            Declaration::Module(module) => {
                let entry = Module {
                    contract: contract(module),
                    span: module.head.name.span,
                    returns_plainly: returns_plainly(&module.body),
                };
                self.modules.insert(module.head.name.value.clone(), entry);
                &module.body
            }
            Declaration::Fragment(fragment) => {
                self.fragments.insert(fragment.head.name.value.clone(), fragment.clone());
                &fragment.body
            }
        };
        let used = &mut self.used;
        visit(body, &mut |kind| {
            if let StatementKind::Use { fragment, .. } = kind {
                used.insert(fragment.value.to_string());
            }
        });
    }

    pub(super) fn is_used(&self, fragment: &str) -> bool {
        self.used.contains(fragment)
    }

    pub(super) fn slice(&self, span: Span) -> &'a str {
        self.sources.get(&span.source).map_or("", |source| source.slice(span))
    }

    /// Whether the project declares a resource of this kind and name.
    pub(super) fn declares(&self, kind: ResourceKind, name: &str) -> bool {
        match kind {
            ResourceKind::Flow => self.flows.contains_key(name),
            ResourceKind::Module => self.modules.contains_key(name),
            _ => false,
        }
    }

    /// The names that the project declares of a kind of resource.
    pub(super) fn declared(&self, kind: ResourceKind) -> Vec<&str> {
        match kind {
            ResourceKind::Flow => self.flows.keys().map(EcoString::as_str).collect(),
            ResourceKind::Module => self.modules.keys().map(EcoString::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

pub(super) fn kind_and_head(declaration: &Declaration) -> (&'static str, &Head) {
    match declaration {
        Declaration::Flow(flow) => ("flow", &flow.head),
        Declaration::Module(module) => ("module", &module.head),
        Declaration::Fragment(fragment) => ("fragment", &fragment.head),
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
