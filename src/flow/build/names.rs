//! The flows and modules that declarations name, held against what the project declares.
//!
//! A flow is built without knowing the other flows, so that its tree need not wait for theirs. What it names is noted, and
//! judged when all of the project has been read.

use std::collections::BTreeMap;

use ecow::EcoString;

use crate::catalogue::{FlowType, ResourceKind};
use crate::diagnostics::{Diagnostic, Safety, closest, codes};
use crate::source::Span;
use crate::syntax::ast::{Declaration, Name};
use crate::syntax::is_plain_word;

/// A flow or module that a declaration names.
#[derive(Debug, Clone)]
pub struct Naming {
    kind: ResourceKind,
    name: EcoString,
    span: Span,
    /// The only type that the flow may have here.
    wanted: Option<FlowType>,
}

impl Naming {
    /// Nothing where no declaration of a project can be meant.
    pub(super) fn new(kind: ResourceKind, name: &str, span: Span, wanted: Option<FlowType>) -> Option<Self> {
        let is_declared = matches!(kind, ResourceKind::Flow | ResourceKind::Module);
        is_declared.then(|| Self { kind, name: name.into(), span, wanted })
    }

    /// What is named: the same thing may be named in many places.
    pub fn key(&self) -> (ResourceKind, &str) {
        (self.kind, &self.name)
    }

    /// Only a near miss is worth a word.
    pub fn missed(&self, close: &str) -> Diagnostic {
        let Self { kind, name, span, .. } = self;
        let written = if is_plain_word(close) { close.to_owned() } else { format!("\"{close}\"") };
        let message = format!("this project has no {} `{name}`", kind.word());
        Diagnostic::new(codes::UNKNOWN_TARGET, *span, message)
            .label("taken to exist outside the project")
            .help(format!("did you mean `{close}`?"))
            .fix(format!("write `{written}`"), *span, written, Safety::Unsafe)
    }
}

/// What others need to know of a declaration by its head alone.
#[derive(Debug, Clone)]
pub struct Head {
    /// `flow`, `module` or `fragment`: each has its own names.
    pub kind: &'static str,
    pub name: Name,
    /// Nothing of what is no flow, and of one whose type is misspelled.
    flow_type: Option<FlowType>,
}

impl Head {
    pub fn of(declaration: &Declaration) -> Self {
        let (kind, head, flow_type) = match declaration {
            Declaration::Flow(flow) => ("flow", &flow.head, FlowType::from_words(&flow.flow_type.value)),
            Declaration::Module(module) => ("module", &module.head, None),
            Declaration::Fragment(fragment) => ("fragment", &fragment.head, None),
        };
        Self { kind, name: head.name.clone(), flow_type }
    }

    /// Whether it becomes something of its own.
    pub fn is_built(&self) -> bool {
        self.kind != "fragment"
    }
}

/// The names of a project's flows and modules.
#[derive(Debug, Default)]
pub struct Names<'h> {
    flows: BTreeMap<&'h str, (Span, Option<FlowType>)>,
    modules: BTreeMap<&'h str, Span>,
}

impl<'h> Names<'h> {
    /// Collects the heads of all declarations, in order; says which clash.
    pub fn new(heads: impl Iterator<Item = &'h Head>) -> (Self, Vec<Diagnostic>) {
        let mut names = Self::default();
        let mut fragments: BTreeMap<&str, Span> = BTreeMap::new();
        let mut clashes = Vec::new();
        for Head { kind, name, flow_type } in heads {
            let (at, span) = (name.value.as_str(), name.span);
            let before = match *kind {
                "flow" => names.flows.get(at).map(|(before, _)| *before),
                "module" => names.modules.get(at).copied(),
                _ => fragments.get(at).copied(),
            };
            match (before, *kind) {
                (Some(before), _) => clashes.push(
                    Diagnostic::new(codes::DUPLICATE_DECLARATION, span, format!("there is a {kind} `{at}` already"))
                        .label("declared again")
                        .also(before, "first declared here")
                        .help("all files of a project share one name space; give one of them another name"),
                ),
                (None, "flow") => {
                    names.flows.insert(at, (span, *flow_type));
                }
                (None, "module") => {
                    names.modules.insert(at, span);
                }
                (None, _) => {
                    fragments.insert(at, span);
                }
            }
        }
        (names, clashes)
    }

    /// Whether the project declares what is named. Most flows may live outside it.
    pub fn declares(&self, naming: &Naming) -> bool {
        match naming.kind {
            ResourceKind::Flow => self.flows.contains_key(naming.name.as_str()),
            _ => self.modules.contains_key(naming.name.as_str()),
        }
    }

    /// The declared name that is meant, perhaps, where none is named. It is looked for among all.
    pub fn near_miss(&self, naming: &Naming) -> Option<&'h str> {
        match naming.kind {
            ResourceKind::Flow => closest(&naming.name, self.flows.keys().copied()),
            _ => closest(&naming.name, self.modules.keys().copied()),
        }
    }

    /// Events run flows of one type; of flows outside the project, the type is not known.
    pub fn misfit(&self, naming: &Naming) -> Option<Diagnostic> {
        let Naming { name, span, .. } = naming;
        let (wanted, (declared, found)) = (naming.wanted?, *self.flows.get(name.as_str())?);
        let found = found.filter(|found| *found != wanted)?;
        Some(
            wrong_type(name, found, wanted, *span)
                .also(declared, "declared here")
                .help(format!("name a flow that is declared as `{} flow`", wanted.words())),
        )
    }
}

/// An event would run a flow of another type than it can.
pub fn wrong_type(name: &str, found: FlowType, wanted: FlowType, span: Span) -> Diagnostic {
    let message = format!("`{name}` is of the type `{}`, and this event runs only `{}`", found.words(), wanted.words());
    Diagnostic::new(codes::WRONG_FLOW, span, message).label("of another type")
}
