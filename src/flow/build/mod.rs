//! From trees to flows: names are resolved, sentences become blocks, structure becomes edges.
//!
//! [`Index`] knows what declarations use of others; [`flow`] builds one declaration and needs nothing else, so that
//! declarations can be built side by side. Which flows they name is judged by `names`, when all are known. Reading order: `body` walks the lines, `sentence` finds the catalogue row of
//! one by its `pattern`, `values` fills in what it is given, `outlets` decides where it goes, `choice` lowers conditions, `results` settles
//! named results, and `finish` turns the draft into a graph.

mod attributes;
mod body;
mod choice;
mod defaults;
mod draft;
mod finish;
mod index;
mod label;
mod names;
mod outlets;
mod pattern;
mod raw;
mod references;
mod results;
mod sentence;
mod set;
mod values;

pub use defaults::default_problem;
pub use index::Index;
pub(super) use index::visit;
pub use names::{Head, Names, Naming, wrong_type};

use std::collections::{BTreeMap, HashMap};

use crate::catalogue::{Channel, FlowType, limits};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::flow::id::Style;
use crate::flow::{Flow, FlowKind, Note};
use crate::source::{Spanned, called, unseen_in};
use crate::syntax::ast::{self, Declaration, FragmentDeclaration, Name};

/// What a project decides about its flows.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub identifiers: Style,
    /// `$env.<name>`.
    pub values: BTreeMap<String, String>,
    pub defaults: Defaults,
}

/// Settings that sentences take when they do not give their own: first words of the sentence, setting, value. What is
/// wrong with a value is told where the project file has it.
pub type Defaults = BTreeMap<String, BTreeMap<String, Spanned<String>>>;

/// What became of a declaration.
#[derive(Debug, Default)]
pub struct Made {
    /// Nothing of a fragment, and of what has no beginning.
    pub flow: Option<Flow>,
    pub diagnostics: Diagnostics,
    /// The flows and modules that it names.
    pub namings: Vec<Naming>,
}

/// Builds one flow or module. A fragment builds nothing by itself, but is checked when nothing uses it.
pub fn flow(index: &Index, declaration: &Declaration) -> Made {
    let mut made = Made::default();
    made.flow = match declaration {
        Declaration::Flow(flow) => build_flow(index, flow, &mut made),
        Declaration::Module(module) => build_module(index, module, &mut made),
        Declaration::Fragment(fragment) => {
            check_fragment(index, fragment, &mut made);
            None
        }
    };
    made
}

fn build_flow(index: &Index, declared: &ast::FlowDeclaration, made: &mut Made) -> Option<Flow> {
    let diagnostics = &mut made.diagnostics;
    let head = &declared.head;
    let flow_type = flow_type(&declared.flow_type, diagnostics);
    check_once(declared.channels.iter(), "channel", diagnostics);
    let channels = channels(&declared.channels, diagnostics);
    let said = attributes::on_declaration(&head.attributes, diagnostics);
    check_name(head, diagnostics);
    // An unknown type is reported; the body is checked as if it were the widest one.
    let kind = FlowKind::Flow(flow_type.unwrap_or(FlowType::Inbound));
    let mut flow = Flow::new(head.name.clone(), kind, head.span.span);
    flow.channels = channels;
    flow.notes = pinned_nowhere(said.notes);
    flow.settings = said.settings;
    flow.description.clone_from(&head.doc);
    flow.allows = attributes::allows(&head.attributes, head.span.span, EVERY_BLOCK).collect();
    let built = body::Builder::new(index, &flow, diagnostics, &mut made.namings);
    let built = built.declaration("flow", &head.name, &declared.body);
    let built = finish::finish(index, flow, built, diagnostics)?;
    flow_type.map(|_| built)
}

fn build_module(index: &Index, declared: &ast::ModuleDeclaration, made: &mut Made) -> Option<Flow> {
    let diagnostics = &mut made.diagnostics;
    let head = &declared.head;
    let said = attributes::on_declaration(&head.attributes, diagnostics);
    check_name(head, diagnostics);
    let contract = index::contract(declared);
    check_contract(&contract, diagnostics);
    let mut flow = Flow::new(head.name.clone(), FlowKind::Module(contract), head.span.span);
    flow.notes = pinned_nowhere(said.notes);
    flow.settings = said.settings;
    flow.description.clone_from(&head.doc);
    flow.allows = attributes::allows(&head.attributes, head.span.span, EVERY_BLOCK).collect();
    let built = body::Builder::new(index, &flow, diagnostics, &mut made.namings);
    let built = built.declaration("module", &head.name, &declared.body);
    finish::finish(index, flow, built, diagnostics)
}

/// What a line above a declaration is about: also what is copied into it from elsewhere.
const EVERY_BLOCK: std::ops::Range<usize> = 0..usize::MAX;

/// Notes on a whole flow.
fn pinned_nowhere(notes: Vec<String>) -> Vec<Note> {
    notes.into_iter().map(|text| Note { text, block: None }).collect()
}

/// A fragment that nothing uses is still read: its lines are held against the catalogue, its ends are not.
fn check_fragment(index: &Index, declared: &FragmentDeclaration, made: &mut Made) {
    let diagnostics = &mut made.diagnostics;
    attributes::on_declaration(&declared.head.attributes, diagnostics);
    check_once(declared.parameters.iter(), "parameter", diagnostics);
    if !index.is_used(&declared.head.name.value) {
        let kind = FlowKind::Flow(FlowType::Inbound);
        let flow = Flow::new(declared.head.name.clone(), kind, declared.head.span.span);
        body::Builder::new(index, &flow, diagnostics, &mut made.namings).unused_fragment(declared);
    }
}

fn flow_type(words: &Name, diagnostics: &mut Diagnostics) -> Option<FlowType> {
    let known = FlowType::from_words(&words.value);
    if known.is_none() {
        let all: Vec<&str> = FlowType::all().map(FlowType::words).collect();
        diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_FLOW_TYPE, words.span, format!("`{}` is not a type of flow", words.value))
                .label("not known")
                .help(format!("the types are {}", all.join(", ")))
                .suggest(&words.value, all.iter().copied()),
        );
    }
    known
}

fn channels(words: &[Name], diagnostics: &mut Diagnostics) -> Vec<Channel> {
    let mut channels = Vec::new();
    for word in words {
        match Channel::from_word(&word.value) {
            Some(channel) => channels.push(channel),
            None => diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_FLOW_TYPE, word.span, format!("`{}` is not a channel", word.value))
                    .label("not known")
                    .help("the channels are voice, chat, task and email")
                    .suggest(&word.value, Channel::ALL.iter().map(|channel| channel.word())),
            ),
        }
    }
    channels
}

fn check_name(head: &ast::Head, diagnostics: &mut Diagnostics) {
    let length = head.name.value.chars().count();
    let most = limits::NAME_CHARACTERS_MAX;
    if length == 0 || length > most {
        let message = if length == 0 {
            "this name is empty".to_owned()
        } else {
            format!("this name has {length} characters, and the service takes {most}")
        };
        diagnostics.push(
            Diagnostic::new(codes::BAD_NAME, head.name.span, message)
                .label(if length == 0 { "empty" } else { "too long" })
                .help(format!("give it a name of 1 to {most} characters; what it is for can stand in a `///` line")),
        );
    }
    if let Some((_, c)) = unseen_in(&head.name.value) {
        diagnostics.push(
            Diagnostic::new(codes::UNSEEN_CHARACTER, head.name.span, format!("this name has {} in it", called(c)))
                .label("not all of this can be seen")
                .help("remove it; the name is another without it, though it looks the same"),
        );
    }
    let described = head.doc.as_ref().map_or(0, |doc| doc.chars().count());
    let most = limits::DESCRIPTION_CHARACTERS_MAX;
    if described > most {
        diagnostics.push(
            Diagnostic::new(
                codes::BAD_NAME,
                head.name.span,
                format!("the description of this has {described} characters, and the service takes {most}"),
            )
            .label("described by the `///` lines above")
            .help("keep the first lines, and write the rest as `//` comments"),
        );
    }
}

pub(super) const CONTRACT_TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/// Names of one list, each of which can stand there once.
fn check_once<'n>(names: impl Iterator<Item = &'n Name>, what: &str, diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, &Name> = HashMap::new();
    for name in names {
        match seen.get(name.value.as_str()) {
            Some(before) => diagnostics.push(
                Diagnostic::new(codes::GIVEN_TWICE, name.span, format!("{what} `{}` is declared twice", name.value))
                    .label("again")
                    .also(before.span, "first declared here")
                    .help("keep one of them"),
            ),
            None => {
                seen.insert(&name.value, name);
            }
        }
    }
}

fn check_contract(contract: &crate::flow::Contract, diagnostics: &mut Diagnostics) {
    check_once(contract.inputs.iter().map(|field| &field.name), "input", diagnostics);
    check_once(contract.branches.iter(), "branch", diagnostics);
    check_once(contract.returns.iter().map(|field| &field.name), "returned key", diagnostics);
    for field in contract.inputs.iter().chain(&contract.returns) {
        let kind = field.kind.value.as_str();
        if !CONTRACT_TYPES.contains(&kind) {
            diagnostics.push(
                Diagnostic::new(codes::MODULE_CONTRACT, field.kind.span, format!("`{kind}` is not a type"))
                    .label("not known")
                    .help(format!("the types are {}", CONTRACT_TYPES.join(", ")))
                    .suggest(kind, CONTRACT_TYPES),
            );
        }
    }
    if let Some(extra) = contract.branches.get(limits::MODULE_BRANCHES_MAX) {
        diagnostics.push(
            Diagnostic::new(
                codes::TOO_MANY_ENTRIES,
                extra.span,
                format!(
                    "this module has {} branches, and the service takes {}",
                    contract.branches.len(),
                    limits::MODULE_BRANCHES_MAX
                ),
            )
            .label("one too many")
            .help("return a word as data instead, and `match` on it in the caller"),
        );
    }
}
