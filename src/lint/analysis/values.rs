//! Which values a reference can hold, as far as only constants are written to it: by flow and point, over all paths.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;

use super::{Graph, Key, Problem, forward, reads, writes};
use crate::catalogue::{self, Channel, Effect, Operator, Role, input, speech};
use crate::flow::{Block, BlockId, Condition, Exit, Flow, Outlet, Value};
use crate::lint::speech::is_templated;
use crate::source::Source;

/// What can be held at a point, as bits: the first two, and one for each constant that the project writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bits(u64);

impl Bits {
    const ANY: Self = Self(1);
    const UNSET: Self = Self(2);
    /// So many constants have a bit; a reference that is given more can hold anything.
    const CONSTANTS_MAX: usize = 62;

    fn constant(at: usize) -> Self {
        if at < Self::CONSTANTS_MAX { Self(4 << at) } else { Self::ANY }
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The reference that tells what a contact came in by.
const CHANNEL: &str = "$.Channel";
/// Where the language is kept that a contact is spoken to in.
pub const LANGUAGE: &str = "$.LanguageCode";
/// Who speaks, and with what engine: no reference reads them.
pub const VOICE: &str = "voice";
pub const ENGINE: &str = "engine";

/// By reference, what the whole project writes to it.
#[derive(Debug, Default)]
pub struct Writers {
    of: BTreeMap<String, Written>,
}

#[derive(Debug, Clone, Default)]
struct Written {
    /// Shared by all flows that compare the reference.
    constants: Arc<Vec<String>>,
    /// Whether something else than constants is written, or more than can be told apart.
    anything: bool,
}

impl Written {
    fn add(&mut self, constant: Option<&str>) {
        match constant {
            None => self.anything = true,
            Some(constant) if self.constants.iter().any(|known| known == constant) => {}
            Some(_) if self.constants.len() == Bits::CONSTANTS_MAX => self.anything = true,
            Some(constant) => Arc::make_mut(&mut self.constants).push(constant.to_owned()),
        }
    }

    fn bits(&self, constant: Option<&str>) -> Bits {
        let place = constant.and_then(|constant| self.constants.iter().position(|known| known == constant));
        place.map_or(Bits::ANY, Bits::constant)
    }

    /// All that any flow writes.
    fn all(&self) -> Bits {
        let constants = (0..self.constants.len()).map(Bits::constant).fold(Bits::default(), Bits::or);
        if self.anything { constants.or(Bits::ANY) } else { constants }
    }
}

impl Writers {
    pub fn new(flows: &[(&Flow, &Source)]) -> Self {
        let mut writers = Self::default();
        let channels = writers.of.entry(CHANNEL.to_owned()).or_default();
        for channel in Channel::ALL {
            channels.add(Some(&channel.word().to_uppercase()));
        }
        for (flow, _) in flows {
            for (_, block) in flow.blocks() {
                for (path, constant) in written_by(block) {
                    match writers.of.get_mut(&path) {
                        Some(written) => written.add(constant.as_deref()),
                        None => writers.of.entry(path).or_default().add(constant.as_deref()),
                    }
                }
            }
        }
        writers
    }
}

/// What a block writes, with the text if it is one.
fn written_by(block: &Block) -> Vec<(String, Option<String>)> {
    let mut written = Vec::new();
    if block.is(&input::ELSEWHERE) {
        return written;
    }
    // What a template fills in later is no constant here.
    let fixed = |text: &str| (!is_templated(text)).then(|| text.to_owned());
    let literal = |value: Option<&Value>| value.and_then(Value::as_literal).and_then(fixed);
    if block.has(Effect::SetsVoice) {
        written.push((VOICE.to_owned(), literal(block.arg(speech::VOICE))));
        // Without one, the voice decides.
        let engine = block.arg(speech::ENGINE).map(|engine| engine.as_literal().map(str::to_lowercase));
        written.push((ENGINE.to_owned(), engine.unwrap_or(Some(String::new()))));
    }
    for write in writes(block) {
        if is_followed(&write.path) {
            written.push((write.path, write.value.and_then(|text| text.as_literal()).and_then(fixed)));
        }
    }
    written
}

fn is_followed(path: &str) -> bool {
    path == CHANNEL || path == LANGUAGE || Key::of(path).is_some_and(|key| key.is_attribute())
}

/// What references can hold before each block of a flow.
#[derive(Debug)]
pub struct Values {
    keys: BTreeMap<String, usize>,
    /// By key, the constants that have a bit.
    constants: Vec<Arc<Vec<String>>>,
    before: Vec<Option<Vec<Bits>>>,
}

/// What a reference can hold at a point.
#[derive(Debug, Clone, Copy)]
pub struct Held<'v> {
    bits: Bits,
    constants: &'v [String],
}

impl<'v> Held<'v> {
    /// Whether nothing but these constants, or nothing at all, can be there.
    pub fn is_known(&self) -> bool {
        !self.bits.has(Bits::ANY) && self.bits != Bits::default()
    }

    pub fn may_be_unset(&self) -> bool {
        self.bits.has(Bits::UNSET)
    }

    pub fn constants(self) -> impl Iterator<Item = &'v str> {
        let held = move |(at, text): (usize, &'v String)| self.bits.has(Bits::constant(at)).then_some(text.as_str());
        self.constants.iter().enumerate().filter_map(held)
    }

    /// The one constant that is there on every path.
    pub fn only(self) -> Option<&'v str> {
        let mut constants = self.constants();
        let only = constants.next()?;
        (self.is_known() && !self.may_be_unset() && constants.next().is_none()).then_some(only)
    }
}

impl Values {
    /// Solves a flow. `is_known`: whether the project shows how contacts come in. `is_called`: whether other flows lead here.
    pub fn new(flow: &Flow, graph: &Graph, writers: &Writers, is_known: bool, is_called: bool) -> Self {
        let mut keys: BTreeMap<String, usize> = BTreeMap::new();
        let mut intern = |path: &str| {
            if !keys.contains_key(path) {
                keys.insert(path.to_owned(), keys.len());
            }
        };
        [CHANNEL, LANGUAGE, VOICE, ENGINE].into_iter().for_each(&mut intern);
        for (_, block) in flow.blocks() {
            compared(block).filter(|path| is_followed(path)).into_iter().for_each(&mut intern);
        }
        let none = Written::default();
        let mut written = vec![none.clone(); keys.len()];
        let mut first = vec![Bits::ANY; keys.len()];
        for (path, at) in &keys {
            let of = writers.of.get(path).unwrap_or(&none);
            let entry = match path.as_str() {
                CHANNEL if flow.channels.is_empty() => of.all(),
                CHANNEL => flow
                    .channels
                    .iter()
                    .map(|channel| of.bits(Some(&channel.word().to_uppercase())))
                    .fold(Bits::default(), Bits::or),
                path if Key::of(path).is_some_and(|key| !key.travels()) => Bits::UNSET,
                // What no flow of the project writes comes from elsewhere.
                _ if !is_known || of.constants.is_empty() => Bits::ANY,
                _ if is_called || flow.is_module() => of.all().or(Bits::UNSET),
                _ => Bits::UNSET,
            };
            for (slot, entry) in first.get_mut(*at).into_iter().zip([entry]) {
                *slot = entry;
            }
            if let Some(slot) = written.get_mut(*at) {
                *slot = of.clone();
            }
        }
        let sets = flow.blocks().map(|(_, block)| {
            let number = |(path, constant): (String, Option<String>)| {
                let at = *keys.get(&path)?;
                Some((at, written.get(at)?.bits(constant.as_deref())))
            };
            written_by(block).into_iter().filter_map(number).collect()
        });
        let sets: Vec<Vec<(usize, Bits)>> = sets.collect();
        let shared: Vec<bool> = {
            let mut shared = vec![false; keys.len()];
            for (path, at) in &keys {
                if let Some(slot) = shared.get_mut(*at) {
                    *slot = path != CHANNEL && Key::of(path).is_none_or(|key| key.travels());
                }
            }
            shared
        };
        let solver = Solver { flow, keys: &keys, written: &written, sets: &sets, shared: &shared, first };
        let before = forward(flow, graph, &solver);
        Self { keys, constants: written.into_iter().map(|written| written.constants).collect(), before }
    }

    /// What a reference can hold before a block. Nothing where it is not followed, or no path leads.
    pub fn before(&self, id: BlockId, path: &str) -> Option<Held<'_>> {
        let at = *self.keys.get(path)?;
        let bits = *self.before.get(id.index())?.as_ref()?.get(at)?;
        Some(Held { bits, constants: self.constants.get(at)? })
    }

    /// All constants that the project writes to a reference, if it is followed.
    pub fn written(&self, path: &str) -> Option<&[String]> {
        self.constants.get(*self.keys.get(path)?).map(|constants| constants.as_slice())
    }

    /// Whether a contact can be of this channel before a block.
    pub fn may_be(&self, id: BlockId, channel: Channel) -> bool {
        let word = channel.word().to_uppercase();
        self.before(id, CHANNEL).is_none_or(|held| !held.is_known() || held.constants().any(|known| known == word))
    }

    /// Whether a comparison, or the flow's declaration, has told the channels apart before a block.
    pub fn knows_channel(&self, id: BlockId) -> bool {
        self.before(id, CHANNEL).is_some_and(|held| held.constants().count() < Channel::ALL.len())
    }
}

/// The reference that a block compares.
pub fn compared(block: &Block) -> Option<&str> {
    let compares = block.action.row().is_some_and(|row| row.role == Role::Compare);
    compares.then(|| reads(block).first().map(|read| read.path)).flatten()
}

/// Whether a condition holds for a text. Nothing where the operator is not known.
pub fn holds(condition: &Condition, text: &str) -> Option<bool> {
    // What is compared with may be a reference as well.
    let operand = condition.operands.first().filter(|operand| !operand.contains("$."))?;
    let numbers = || Some((text.trim().parse::<f64>().ok()?, operand.trim().parse::<f64>().ok()?));
    Some(match Operator::from_name(&condition.operator)? {
        Operator::Equals => text == operand,
        Operator::TextStartsWith => text.starts_with(operand.as_str()),
        Operator::TextEndsWith => text.ends_with(operand.as_str()),
        Operator::TextContains => text.contains(operand.as_str()),
        // A comparison of numbers is false where one side is none.
        Operator::NumberGreaterThan => numbers().is_some_and(|(a, b)| a > b),
        Operator::NumberGreaterOrEqualTo => numbers().is_some_and(|(a, b)| a >= b),
        Operator::NumberLessThan => numbers().is_some_and(|(a, b)| a < b),
        Operator::NumberLessOrEqualTo => numbers().is_some_and(|(a, b)| a <= b),
        Operator::KeyExists => return None,
    })
}

struct Solver<'a> {
    flow: &'a Flow,
    keys: &'a BTreeMap<String, usize>,
    written: &'a [Written],
    sets: &'a [Vec<(usize, Bits)>],
    /// By key, whether a module that is called may write it.
    shared: &'a [bool],
    first: Vec<Bits>,
}

impl Problem for Solver<'_> {
    type Fact = Vec<Bits>;

    fn boundary(&self, _: BlockId) -> Vec<Bits> {
        self.first.clone()
    }

    fn join(&self, into: &mut Vec<Bits>, more: &Vec<Bits>) -> bool {
        let mut news = false;
        for (known, more) in into.iter_mut().zip(more) {
            let both = known.or(*more);
            news |= both != *known;
            *known = both;
        }
        news
    }

    fn along(&self, id: BlockId, exit: &Exit, before: &Vec<Bits>) -> Vec<Bits> {
        let mut behind = before.clone();
        let Some(block) = self.flow.block(id) else { return behind };
        match block.action.row() {
            None => behind.iter_mut().for_each(|bits| *bits = Bits::ANY),
            Some(row) if row.role == Role::CallModule => {
                for ((bits, written), shared) in behind.iter_mut().zip(self.written).zip(self.shared) {
                    let more = if written.constants.is_empty() { Bits::ANY } else { written.all() };
                    *bits = if *shared { bits.or(more) } else { *bits };
                }
            }
            Some(_) => {}
        }
        let failed = matches!(&exit.outlet, Outlet::Error(error) if error == catalogue::FAILURE);
        for (at, bits) in self.sets.get(id.index()).into_iter().flatten() {
            if let Some(slot) = behind.get_mut(*at) {
                *slot = if failed { slot.or(*bits) } else { *bits };
            }
        }
        let looked_at = compared(block).and_then(|path| self.keys.get(path)).copied();
        if let Some(at) = looked_at
            && let Some(((slot, before), written)) = behind.get_mut(at).zip(before.get(at)).zip(self.written.get(at))
        {
            *slot = self.narrowed(id, exit, *before, written);
        }
        behind
    }
}

impl Solver<'_> {
    /// What is left of what a reference can hold, behind an exit of the block that compares it.
    fn narrowed(&self, id: BlockId, exit: &Exit, before: Bits, written: &Written) -> Bits {
        let mut left = before;
        for other in self.flow.exits(id) {
            let Outlet::Condition(condition) = &other.outlet else { continue };
            let fitting = |wanted: bool| {
                let fits = |(at, text): (usize, &String)| {
                    (holds(condition, text).is_none_or(|holds| holds == wanted)).then(|| Bits::constant(at))
                };
                written.constants.iter().enumerate().filter_map(fits).fold(Bits::default(), Bits::or)
            };
            if other == exit {
                let equal = condition.operator == Operator::Equals.name();
                let known = written.bits(condition.operands.first().map(EcoString::as_str));
                // Whatever was there, it is this now.
                return if equal && left.has(Bits::ANY) && known != Bits::ANY {
                    known
                } else {
                    left.without(Bits::UNSET).without(fitting(false).without(fitting(true)))
                };
            }
            left = left.without(fitting(true).without(fitting(false)));
        }
        left
    }
}
