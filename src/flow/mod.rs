//! The pivot: a flow as a graph of blocks. Source becomes a [`Flow`], and everything behind works on it.
//!
//! `petgraph` stays in this module: others ask domain questions (`blocks`, `exits`, `reachable`, `traps`) and get
//! [`BlockId`]s. A [`Project`] holds all flows and what they share; [`build`] makes it from trees.

pub mod breach;
pub mod build;
mod components;
mod dominators;
mod function;
pub mod id;
mod links;
mod lost;
mod origin;
mod outline;
pub mod paths;
pub(crate) mod reaching;
pub mod read;
pub mod uses;
pub(crate) mod value;

pub use components::cycles;
pub use dominators::immediate_dominators;
pub use function::{Function, Parameter};
pub use links::{Links, Targets};
pub use origin::{Before, BlockOrigin, InDocument, Inserted, Speech};
pub use outline::{Fragment, Outline};
pub use value::{Address, Arg, Part, Parts, Text, Value, Word};

use std::collections::BTreeSet;
use std::ops::Range;

use ecow::EcoString;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use smallvec::{SmallVec, smallvec};

use crate::catalogue::resources::MAPPING_FUNCTION;
use crate::catalogue::{self, ActionSpec, Channel, Effect, FlowType, Operator, ResourceKind, Variant, When};
use crate::source::{Span, Spanned};

/// A block of a flow. Valid for the flow that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(u32);

impl BlockId {
    /// The block's place among the flow's blocks, which are in source order.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    fn node(self) -> NodeIndex {
        NodeIndex::new(self.index())
    }
}

impl From<NodeIndex> for BlockId {
    fn from(node: NodeIndex) -> Self {
        Self(u32::try_from(node.index()).unwrap_or(u32::MAX))
    }
}

/// What a flow is to the service.
#[derive(Debug, Clone, PartialEq)]
pub enum FlowKind {
    Flow(FlowType),
    Module(Contract),
}

/// What a module takes and gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contract {
    pub inputs: Vec<Field>,
    pub branches: Vec<Spanned<EcoString>>,
    pub returns: Vec<Field>,
}

impl Contract {
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.branches.is_empty() && self.returns.is_empty()
    }
}

/// A typed key of a contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: Spanned<EcoString>,
    /// `string`, `number`, `integer`, `boolean`, `object`, `array` or `null`.
    pub kind: Spanned<EcoString>,
}

/// What a block does.
#[derive(Debug, Clone)]
pub enum Action {
    Known(&'static ActionSpec),
    /// A type that the catalogue does not know; nothing about it is checked.
    Raw(String),
}

impl Action {
    pub fn name(&self) -> &str {
        match self {
            Self::Known(row) => row.name,
            Self::Raw(name) => name,
        }
    }

    pub fn row(&self) -> Option<&'static ActionSpec> {
        match self {
            Self::Known(row) => Some(row),
            Self::Raw(_) => None,
        }
    }
}

/// An action at its place in a flow.
#[derive(Debug, Clone)]
pub struct Block {
    pub action: Action,
    pub args: Vec<Arg>,
    /// Unique in its flow; given by `@id`, or derived by [`id`].
    pub identifier: String,
    /// Whether the identifier reads as words rather than as a UUID.
    pub readable: bool,
    /// The sentence that became this block, without its clauses.
    pub span: Span,
    /// The step it stands in; empty for the opening part.
    pub step: EcoString,
    /// The sentence as a reader would say it, for pictures and maps: `say "Welcome"`. What the block is, the origin says.
    pub label: String,
    pub origin: BlockOrigin,
}

impl Block {
    /// The argument at a dotted path.
    pub fn arg(&self, path: &str) -> Option<&Value> {
        value::lookup(&self.args, path)
    }

    /// What the block is called in messages: the words of its line up to the first value. An action of a document has the
    /// name that a person gave it; one whose identifier says nothing is found by what comes before it.
    pub fn said(&self) -> String {
        let words = self.words();
        match self.origin.document().map(|action| &action.before) {
            Some(_) if self.readable => format!("`{}`", shortened(&self.identifier)),
            Some(Before::Block(before)) => format!("`{words}` after `{before}`"),
            Some(Before::Start) => format!("`{words}` at the start"),
            Some(Before::Unknown) | None => format!("`{words}`"),
        }
    }

    /// The words of the label up to the first value.
    fn words(&self) -> String {
        if matches!(self.origin, BlockOrigin::Quoted) {
            return shortened(&format!("do \"{}\"", self.action.name()));
        }
        let end = self.label.find(['"', '$', '(', '[', '{']).unwrap_or(self.label.len());
        let words = self.label.get(..end).unwrap_or(&self.label).trim();
        let words = words.strip_suffix(" with").unwrap_or(words);
        shortened(if words.is_empty() { self.action.name() } else { words })
    }

    /// Whether this is `map resources`: the invocation of the mapping function, whose address is not decided yet.
    pub fn maps_resources(&self) -> bool {
        let Some(param) = self.action.row().and_then(ActionSpec::mapping_param) else { return false };
        let parts = self.arg(param).and_then(Value::as_text).map(|text| text.parts.as_slice());
        matches!(parts, Some([Part::Resource(_, name)]) if name == MAPPING_FUNCTION)
    }

    /// Whether a condition on the arguments holds.
    pub fn is(&self, when: &When) -> bool {
        value::holds(when, &self.args)
    }

    /// Whether the block's action does this to a contact.
    pub fn has(&self, effect: Effect) -> bool {
        self.effects().contains(&effect)
    }

    /// What the block's action means to a contact. Nothing is known of an action without a row.
    pub fn effects(&self) -> &'static [Effect] {
        self.action.row().map_or(&[], |row| row.effects)
    }

    /// The way this block's action behaves, given its arguments.
    pub fn variant(&self) -> Option<&'static Variant> {
        self.action.row().and_then(|row| value::variant(row, &self.args))
    }
}

/// Characters of a block's name in a message.
const NAME_CHARACTERS_MAX: usize = 60;

fn shortened(name: &str) -> String {
    name.chars().take(NAME_CHARACTERS_MAX).collect()
}

/// How control leaves a block.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Outlet {
    /// Success; in the document, the default target.
    Next,
    /// Boxed: most ways out are none, and a project has hundreds of thousands of them.
    Condition(Box<Condition>),
    /// The error type, as the service spells it.
    Error(Word),
}

impl Outlet {
    /// Whether this is the way out that the catalogue means.
    pub fn is(&self, exit: catalogue::Exit) -> bool {
        match (self, exit) {
            (Self::Error(error), catalogue::Exit::Error(wanted)) => error == wanted,
            (Self::Condition(condition), catalogue::Exit::Condition(operator, operand)) => {
                condition.operator == operator.name() && condition.operands.iter().map(EcoString::as_str).eq([operand])
            }
            _ => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The operator as the service spells it; not always one that the catalogue knows.
    pub operator: Word,
    /// One, in every flow that was ever seen; documents can hold others.
    pub operands: SmallVec<[EcoString; 1]>,
}

impl Condition {
    pub fn new(operator: Operator, operand: impl Into<EcoString>) -> Self {
        Self { operator: operator.name().into(), operands: smallvec![operand.into()] }
    }
}

/// A way out of a block: where it goes, and what in the source says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Exit {
    pub outlet: Outlet,
    pub target: BlockId,
    pub span: Span,
}

/// A note that the console shows beside the blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub text: String,
    /// The block that it is pinned to, if it is pinned.
    pub block: Option<BlockId>,
}

/// `@allow(rule, "reason")`: what a rule finds below the line is right as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Allow {
    /// The name of a rule, or the code of a warning.
    pub rule: Spanned<String>,
    /// The line itself.
    pub span: Span,
    /// What it stands above.
    pub scope: Span,
    /// The blocks that came of that, by their places; some may stand in a fragment's text.
    pub blocks: Range<usize>,
}

impl Allow {
    /// Whether a place lies in what the line stands above.
    pub fn covers(&self, span: Span) -> bool {
        self.scope.source == span.source && self.scope.start <= span.start && span.end <= self.scope.end
    }
}

/// One flow or module.
#[derive(Debug, Clone)]
pub struct Flow {
    pub name: Spanned<EcoString>,
    pub kind: FlowKind,
    pub channels: Vec<Channel>,
    pub description: Option<String>,
    /// The declaration.
    pub span: Span,
    /// Whether every line of its source is in it. A flow with a line that nobody understands is still worth checking, but
    /// what it lacks may only be in that line.
    pub complete: bool,
    pub notes: Vec<Note>,
    /// What the source says is right.
    pub allows: Vec<Allow>,
    /// The document's `Settings` where they are not what the flow's kind has anyway.
    pub settings: Option<serde_json::Value>,
    /// The console's bookkeeping as it was found: positions first of all. What it says of a block holds while the block
    /// keeps its identifier.
    pub metadata: Option<Box<serde_json::Map<String, serde_json::Value>>>,
    start: Option<BlockId>,
    blocks: Vec<Block>,
    /// Of all blocks, one after the other. Apart from the graph, which exists only while it is searched, so that they can be
    /// lent in order.
    exits: Vec<Exit>,
    /// By block: where its exits end, and the next block's begin. The last blocks may be missing, and have none.
    ends: Vec<u32>,
}

impl Flow {
    pub fn new(name: Spanned<EcoString>, kind: FlowKind, span: Span) -> Self {
        Self {
            name,
            kind,
            channels: Vec::new(),
            description: None,
            span,
            complete: true,
            notes: Vec::new(),
            allows: Vec::new(),
            settings: None,
            metadata: None,
            start: None,
            blocks: Vec::new(),
            exits: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The same flow without its blocks.
    pub fn emptied(&self) -> Self {
        Self {
            name: self.name.clone(),
            kind: self.kind.clone(),
            channels: self.channels.clone(),
            description: self.description.clone(),
            blocks: Vec::new(),
            exits: Vec::new(),
            ends: Vec::new(),
            start: None,
            notes: Vec::new(),
            allows: Vec::new(),
            settings: self.settings.clone(),
            metadata: self.metadata.clone(),
            ..*self
        }
    }

    pub fn flow_type(&self) -> Option<FlowType> {
        match self.kind {
            FlowKind::Flow(flow_type) => Some(flow_type),
            FlowKind::Module(_) => None,
        }
    }

    pub fn contract(&self) -> Option<&Contract> {
        match &self.kind {
            FlowKind::Module(contract) => Some(contract),
            FlowKind::Flow(_) => None,
        }
    }

    pub fn is_module(&self) -> bool {
        self.contract().is_some()
    }

    /// How to speak of the flow.
    pub fn speech(&self) -> Speech {
        self.blocks.first().map_or(Speech::Source, |block| block.origin.speech())
    }

    pub fn resource_kind(&self) -> ResourceKind {
        if self.is_module() { ResourceKind::Module } else { ResourceKind::Flow }
    }

    pub fn add(&mut self, mut block: Block) -> BlockId {
        value::tighten(&mut block.args);
        block.label.shrink_to_fit();
        let id = NodeIndex::new(self.blocks.len()).into();
        self.blocks.push(block);
        id
    }

    /// Makes room for so many blocks and ways out more.
    pub(crate) fn expect(&mut self, blocks: usize, exits: usize) {
        self.blocks.reserve_exact(blocks);
        self.exits.reserve_exact(exits);
        self.ends.reserve_exact(blocks);
    }

    /// Adds a way out. The order of additions is the order of branches. Whoever goes from block to block adds to the end of
    /// the list; what comes later moves what stands behind it.
    pub fn connect(&mut self, from: BlockId, outlet: Outlet, to: BlockId, span: Span) {
        if from.index().max(to.index()) >= self.len() {
            return;
        }
        if self.ends.len() <= from.index() {
            self.ends.resize(from.index() + 1, self.end_of_exits());
        }
        let at = self.ends.get(from.index()).map_or(self.exits.len(), |end| *end as usize);
        self.exits.insert(at.min(self.exits.len()), Exit { outlet, target: to, span });
        self.ends.iter_mut().skip(from.index()).for_each(|end| *end += 1);
    }

    fn end_of_exits(&self) -> u32 {
        u32::try_from(self.exits.len()).unwrap_or(u32::MAX)
    }

    /// Completes the flow: where it begins. Gives back the room that its lists do not need any more.
    pub fn begin_at(&mut self, start: BlockId) {
        self.start = Some(start);
        self.blocks.shrink_to_fit();
        self.exits.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub fn start(&self) -> Option<BlockId> {
        self.start
    }

    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// All blocks, in source order.
    pub fn blocks(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.blocks.iter().enumerate().map(|(index, block)| (NodeIndex::new(index).into(), block))
    }

    pub fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(id.index())
    }

    /// The block at a place among all.
    pub fn at(&self, place: usize) -> Option<(BlockId, &Block)> {
        self.blocks.get(place).map(|block| (NodeIndex::new(place).into(), block))
    }

    pub fn block_mut(&mut self, id: BlockId) -> Option<&mut Block> {
        self.blocks.get_mut(id.index())
    }

    /// The ways out of a block, in source order.
    pub fn exits(&self, id: BlockId) -> &[Exit] {
        let Some(end) = self.ends.get(id.index()) else { return &[] };
        let begin = id.index().checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.exits.get(begin as usize..*end as usize).unwrap_or_default()
    }

    /// The targets of a block, in source order: one for each way out.
    pub fn successors(&self, id: BlockId) -> impl Iterator<Item = BlockId> {
        self.exits(id).iter().map(|exit| exit.target)
    }

    /// What the algorithms work on.
    fn graph(&self) -> DiGraph<(), ()> {
        let mut graph = DiGraph::with_capacity(self.len(), self.exits.len());
        for _ in &self.blocks {
            graph.add_node(());
        }
        for (id, _) in self.blocks() {
            for target in self.successors(id) {
                graph.add_edge(id.node(), target.node(), ());
            }
        }
        graph
    }

    /// The blocks that some path from the start reaches.
    pub fn reachable(&self) -> BTreeSet<BlockId> {
        let mut seen = vec![false; self.len()];
        let mut open: Vec<BlockId> = self.start.into_iter().collect();
        while let Some(id) = open.pop() {
            if let Some(slot) = seen.get_mut(id.index()).filter(|slot| !**slot) {
                *slot = true;
                open.extend(self.successors(id));
            }
        }
        // In order, which makes a set in one go.
        self.blocks().map(|(id, _)| id).filter(|id| seen.get(id.index()) == Some(&true)).collect()
    }

    /// Groups of blocks that can all reach one another and that no path leaves, in source order.
    pub fn traps(&self) -> Vec<Vec<BlockId>> {
        let graph = self.graph();
        let groups = kosaraju_scc(&graph);
        let mut group_of = vec![0_usize; self.len()];
        for (group, nodes) in groups.iter().enumerate() {
            for node in nodes {
                if let Some(slot) = group_of.get_mut(node.index()) {
                    *slot = group;
                }
            }
        }
        let is_trap = |group: usize, nodes: &[NodeIndex]| {
            nodes.iter().all(|&node| {
                let mut targets = graph.neighbors(node).peekable();
                targets.peek().is_some() && targets.all(|target| group_of.get(target.index()) == Some(&group))
            })
        };
        let mut traps: Vec<Vec<BlockId>> = groups
            .iter()
            .enumerate()
            .filter(|(group, nodes)| is_trap(*group, nodes))
            .map(|(_, nodes)| {
                let mut blocks: Vec<BlockId> = nodes.iter().copied().map(BlockId::from).collect();
                blocks.sort_unstable();
                blocks
            })
            .collect();
        traps.sort();
        traps
    }
}
