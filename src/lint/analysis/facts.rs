//! What has been set: attributes, results, the queue, the voice, and whether anything was said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::modules::{Call, Summary};
use super::{Graph, Problem, forward, reads, writes};
use crate::catalogue::{self, Effect, Operator, Role, input, speech};
use crate::flow::{Block, BlockId, Condition, Exit, Flow, Outlet};
use crate::lint::recording;

/// Something that a path has set or has not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// An attribute, as a read spells it, or the namespace of a result.
    Path(String),
    Queue,
    Engine,
    Logging,
    Recording,
    /// Whether the contact has heard or read anything.
    Spoken,
    /// Whether prompts have been repeated while the contact waits.
    Looped,
    /// Whether time was given or an answer awaited.
    Paused,
    /// Whether callers have been told that they are recorded.
    Announced,
    /// Everything that goes with the contact and that the flow does not name.
    Rest,
}

impl Key {
    const STATES: [Self; 9] = [
        Self::Queue,
        Self::Engine,
        Self::Logging,
        Self::Recording,
        Self::Spoken,
        Self::Looped,
        Self::Paused,
        Self::Announced,
        Self::Rest,
    ];

    /// What a reference reads: the attribute itself, or the namespace that an invocation fills. Nothing of a reference that
    /// the service fills by itself.
    pub fn of(path: &str) -> Option<Self> {
        let is_attribute = ATTRIBUTES.iter().any(|root| below(path, root));
        if is_attribute {
            return Some(Self::Path(path.to_owned()));
        }
        Some(Self::Path(namespace(path)?.to_owned()))
    }

    pub fn is_attribute(&self) -> bool {
        matches!(self, Self::Path(path) if ATTRIBUTES.iter().any(|root| below(path, root)))
    }

    /// Whether it goes with the contact from flow to flow.
    pub fn travels(&self) -> bool {
        match self {
            Self::Path(path) => below(path, ATTRIBUTES[0]),
            Self::Spoken
            | Self::Queue
            | Self::Engine
            | Self::Logging
            | Self::Recording
            | Self::Announced
            | Self::Rest => true,
            Self::Looped | Self::Paused => false,
        }
    }

    /// Whether a module that is called finds it as it is, and leaves it to its caller.
    pub fn is_shared_with_modules(&self) -> bool {
        self.travels() || matches!(self, Self::Looped | Self::Paused)
    }

    /// Whether it is a result that the next invocation of its kind replaces.
    pub fn is_result(&self) -> bool {
        matches!(self, Self::Path(_)) && !self.is_attribute()
    }
}

/// Where keys that flows set are read: those of the contact, then those of the flow.
const ATTRIBUTES: [&str; 2] = ["$.Attributes", "$.FlowAttributes"];

/// The namespace of a result that a reference reads.
pub fn namespace(path: &str) -> Option<&'static str> {
    static NAMESPACES: LazyLock<BTreeSet<&'static str>> =
        LazyLock::new(|| catalogue::all().filter_map(|row| row.results.map(|results| results.namespace)).collect());
    NAMESPACES.iter().copied().find(|namespace| path == *namespace || below(path, namespace))
}

fn below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// How a key can stand at a point, over all paths that lead there: any of these, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status(u8);

impl Status {
    pub const NONE: Self = Self(0);
    pub const UNSET: Self = Self(1);
    pub const SET: Self = Self(2);
    /// Nobody here can tell: what came before, or was called, is not part of the project.
    pub const UNKNOWN: Self = Self(4);
    /// As it was where the module was entered. Only in what is known of a module by itself.
    pub const AS_ENTERED: Self = Self(8);

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it is unset on some path.
    pub fn may_be_unset(self) -> bool {
        self.0 & Self::UNSET.0 != 0
    }

    /// Whether it is set on some path.
    pub fn may_be_set(self) -> bool {
        self.0 & Self::SET.0 != 0
    }

    /// The same, where it was like this when the module was entered.
    pub fn entered_with(self, before: Self) -> Self {
        let known = Self(self.0 & !Self::AS_ENTERED.0);
        if self.0 & Self::AS_ENTERED.0 == 0 { known } else { known.or(before) }
    }

    /// As it may be later, when nobody knows what was set in the meantime. What was set stays set.
    pub fn later(self) -> Self {
        if self.may_be_unset() { Self(self.0 & !Self::UNSET.0 | Self::UNKNOWN.0) } else { self }
    }

    /// Whether no path has set it.
    pub fn is_never_set(self) -> bool {
        self == Self::UNSET
    }
}

/// One point's status for every key of the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact(Vec<Status>);

/// What holds before each block of a flow.
#[derive(Debug)]
pub struct Facts {
    keys: BTreeMap<Key, usize>,
    before: Vec<Option<Fact>>,
    changes: Changes,
}

/// By block: what its success sets, and what it leaves in doubt on any exit.
#[derive(Debug)]
struct Changes {
    sets: Vec<Vec<(usize, Status)>>,
    elsewhere: Vec<Elsewhere<Call>>,
    /// By block that compares: the key that it looks at.
    compares: Vec<Option<usize>>,
    /// By block, whether its failure goes on like its success.
    ignored: Vec<bool>,
    /// The keys that an action sets which hardly ever fails.
    lasting: BTreeSet<usize>,
}

/// What a block does that is not in its row.
#[derive(Debug)]
pub enum Elsewhere<S> {
    Nothing,
    /// It may set anything.
    Anything,
    /// It calls a module of the project.
    Calls(S),
}

impl Facts {
    /// Solves a flow. `entry` says how it can be entered, `elsewhere` what is not in the rows of its blocks.
    pub fn new<'s>(
        flow: &Flow,
        graph: &Graph,
        entry: impl Fn(&Key) -> Status,
        elsewhere: impl Fn(&Block) -> Elsewhere<&'s Summary>,
    ) -> Self {
        let mut keys: BTreeMap<Key, usize> = BTreeMap::new();
        for key in Key::STATES {
            intern(&mut keys, key);
        }
        let mut changes = Changes {
            sets: vec![Vec::new(); flow.len()],
            elsewhere: Vec::with_capacity(flow.len()),
            compares: vec![None; flow.len()],
            ignored: vec![false; flow.len()],
            lasting: BTreeSet::new(),
        };
        for (id, block) in flow.blocks() {
            for read in reads(block) {
                let key = Key::of(read.path).map(|key| intern(&mut keys, key));
                if let (Some(slot), true) = (changes.compares.get_mut(id.index()), compares(block)) {
                    *slot = key;
                }
            }
            if let Some(slot) = changes.sets.get_mut(id.index()) {
                *slot = set_by(block).into_iter().map(|(key, status)| (intern(&mut keys, key), status)).collect();
            }
            if let Some(slot) = changes.ignored.get_mut(id.index()) {
                let results = block.action.row().is_some_and(|row| row.results.is_some());
                *slot = results && fails_like_it_succeeds(flow, id);
            }
            if let Elsewhere::Calls(summary) = elsewhere(block) {
                summary.keys().for_each(|key| {
                    intern(&mut keys, key.clone());
                });
            }
        }
        // Only now all keys are known.
        changes.elsewhere.extend(flow.blocks().map(|(_, block)| match elsewhere(block) {
            Elsewhere::Nothing => Elsewhere::Nothing,
            Elsewhere::Anything => Elsewhere::Anything,
            Elsewhere::Calls(summary) => Elsewhere::Calls(Call::new(summary, &keys)),
        }));
        changes.lasting = keys
            .iter()
            .filter(|(key, _)| key.is_attribute() || matches!(key, Key::Spoken | Key::Announced))
            .map(|(_, index)| *index)
            .collect();
        let mut first = vec![Status::NONE; keys.len()];
        for (key, index) in &keys {
            if let Some(slot) = first.get_mut(*index) {
                *slot = entry(key);
            }
        }
        let solver = Solver { first: Fact(first), changes: &changes };
        let before = forward(flow, graph, &solver);
        Self { keys, before, changes }
    }

    /// How a key stands before a block. Nothing at a block that no path reaches.
    pub fn before(&self, id: BlockId, key: &Key) -> Status {
        let fact = self.before.get(id.index()).and_then(Option::as_ref);
        fact.zip(self.keys.get(key)).and_then(|(fact, index)| fact.0.get(*index)).copied().unwrap_or_default()
    }

    /// Whether a block's point is reached at all.
    pub fn reaches(&self, id: BlockId) -> bool {
        self.before.get(id.index()).is_some_and(Option::is_some)
    }

    /// Whether some path keeps a key unset over this exit of a block, where it was unset before.
    pub fn keeps_unset(&self, id: BlockId, exit: &Exit, key: &Key) -> bool {
        let Some(index) = self.keys.get(key) else { return true };
        let mut one = Fact(vec![Status::NONE; self.keys.len()]);
        if let Some(slot) = one.0.get_mut(*index) {
            *slot = Status::UNSET;
        }
        let behind = self.changes.along(id, exit, &one);
        behind.0.get(*index).is_some_and(|status| status.may_be_unset())
    }

    /// Every key of the flow.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.keys()
    }

    /// The keys that some block sets.
    pub fn written(&self) -> impl Iterator<Item = &Key> {
        let written: BTreeSet<usize> = self.changes.sets.iter().flatten().map(|(index, _)| *index).collect();
        self.keys.iter().filter(move |(_, index)| written.contains(index)).map(|(key, _)| key)
    }
}

fn intern(keys: &mut BTreeMap<Key, usize>, key: Key) -> usize {
    let next = keys.len();
    *keys.entry(key).or_insert(next)
}

/// Whether a block's failure leads where its success does.
pub fn fails_like_it_succeeds(flow: &Flow, id: BlockId) -> bool {
    let target = |wanted: &dyn Fn(&Outlet) -> bool| {
        flow.exits(id).iter().find(|exit| wanted(&exit.outlet)).map(|exit| exit.target)
    };
    let next = target(&|outlet| *outlet == Outlet::Next);
    next.is_some() && next == target(&|outlet| matches!(outlet, Outlet::Error(error) if error == catalogue::FAILURE))
}

fn compares(block: &Block) -> bool {
    block.action.row().is_some_and(|row| row.role == Role::Compare)
}

/// What a block's success sets.
fn set_by(block: &Block) -> Vec<(Key, Status)> {
    let mut set: Vec<(Key, Status)> = Vec::new();
    let Some(row) = block.action.row() else { return set };
    // What is written to another contact is not here afterwards.
    if !block.is(&input::ELSEWHERE) {
        set.extend(writes(block).into_iter().filter_map(|write| Key::of(&write.path)).map(|key| (key, Status::SET)));
    }
    if let Some(results) = row.results {
        set.push((Key::Path(results.namespace.to_owned()), Status::SET));
    }
    for effect in row.effects {
        match effect {
            Effect::SetsQueue => set.push((Key::Queue, Status::SET)),
            Effect::Speaks => {
                set.push((Key::Spoken, Status::SET));
                if recording::may_announce(block) {
                    set.push((Key::Announced, Status::SET));
                }
            }
            // Whom somebody else takes is not left in silence either.
            Effect::HandsOver => set.push((Key::Spoken, Status::SET)),
            Effect::Loops => set.push((Key::Looped, Status::SET)),
            Effect::Asks => set.extend([(Key::Paused, Status::SET), (Key::Spoken, Status::SET)]),
            Effect::Waits => set.push((Key::Paused, Status::SET)),
            Effect::SetsVoice => {
                let engine = block.arg(speech::ENGINE).map_or(Status::UNSET, |_| Status::SET);
                set.push((Key::Engine, engine));
            }
            Effect::Logs => {
                let on = if block.is(&input::LOGGED) { Status::SET } else { Status::UNSET };
                set.push((Key::Logging, on));
            }
            Effect::Records => {
                let status = |on| if on { Status::SET } else { Status::UNSET };
                set.extend(recording::switches(block).map(|on| (Key::Recording, status(on))));
            }
            Effect::Runs { .. }
            | Effect::Holds
            | Effect::NeedsQueue { .. }
            | Effect::Requeues
            | Effect::Leaves { .. } => {}
        }
    }
    set
}

impl Changes {
    fn along(&self, id: BlockId, exit: &Exit, before: &Fact) -> Fact {
        let mut behind = before.clone();
        match self.elsewhere.get(id.index()) {
            None | Some(Elsewhere::Nothing) => {}
            Some(Elsewhere::Anything) => behind.0.iter_mut().for_each(|status| *status = Status::UNKNOWN),
            Some(Elsewhere::Calls(call)) => {
                let changes = call.along(&exit.outlet);
                for (status, change) in behind.0.iter_mut().zip(changes) {
                    *status = change.entered_with(*status);
                }
            }
        }
        // A queue that could not be set is as if it had not been. An attribute that could not, or a prompt that could not
        // be played, is too rare to tell; and a failure that goes on like success is told for itself. That nobody
        // answered is no failure of asking.
        let failed = matches!(&exit.outlet, Outlet::Error(error) if error == catalogue::FAILURE);
        for (index, status) in self.sets.get(id.index()).into_iter().flatten() {
            let Some(slot) = behind.0.get_mut(*index) else { continue };
            if !failed {
                *slot = *status;
            } else if self.lasting.contains(index) || self.ignored.get(id.index()) == Some(&true) {
                *slot = Status::UNKNOWN;
            }
        }
        // A comparison that held shows that there was something to compare.
        let looked_at = self.compares.get(id.index()).copied().flatten();
        if let (Some(index), Outlet::Condition(condition)) = (looked_at, &exit.outlet)
            && shows_a_value(condition)
            && let Some(slot) = behind.0.get_mut(index)
        {
            *slot = Status::SET;
        }
        behind
    }
}

fn shows_a_value(condition: &Condition) -> bool {
    let is_empty = condition.operands.iter().all(|operand| operand.trim().is_empty());
    !(is_empty && condition.operator == Operator::Equals.name())
}

struct Solver<'a> {
    first: Fact,
    changes: &'a Changes,
}

impl Problem for Solver<'_> {
    type Fact = Fact;

    fn boundary(&self, _: BlockId) -> Fact {
        self.first.clone()
    }

    fn join(&self, into: &mut Fact, more: &Fact) -> bool {
        let mut news = false;
        for (known, more) in into.0.iter_mut().zip(&more.0) {
            let both = known.or(*more);
            news |= both != *known;
            *known = both;
        }
        news
    }

    fn along(&self, id: BlockId, exit: &Exit, fact: &Fact) -> Fact {
        self.changes.along(id, exit, fact)
    }
}
