//! Names of results: `invoke .. as customer`, and `$customer.tier` where a document reads `$.External.tier`.
//!
//! A document reads what the latest invocation of a kind left. Where that is one invocation on every path, the read is of
//! that one, and can say so. An invocation gets a name if each read that it may reach is provably its own.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::steps;
use super::units::{Said, Units};
use crate::catalogue::paths;
use crate::catalogue::{ActionSpec, FAILURE, Kind, Param, Results, Role};
use crate::flow::id::looks_like_uuid;
use crate::flow::reaching::{Definitions, Graph, path_of, saved_key};
use crate::flow::uses::{each_text_mut, reads, writes};
use crate::flow::{Arg, Block, BlockId, Flow, Outlet, Part, Value};
use crate::syntax::{is_plain_word, usual};

/// A flow whose reads are of results by name, and the names.
pub(super) struct Named {
    pub flow: Flow,
    pub names: BTreeMap<BlockId, String>,
    /// Invocations, and the blocks that naming their results brings along: these keep what is read when another invocation
    /// has replaced it.
    pub saves: BTreeMap<BlockId, BlockId>,
}

/// Names the results of a flow that is said in these statements; nothing where none can have a name. With `saves`, a block
/// that does what naming a result would do by itself is taken for that.
pub(super) fn named(flow: &Flow, units: &Units, names: &Names, saves: bool) -> Option<Named> {
    let blocks = Blocks::new(flow, units);
    let mut given: BTreeMap<BlockId, String> = BTreeMap::new();
    // For each block, its reads and what they become.
    let mut respelled: BTreeMap<BlockId, BTreeMap<String, String>> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut saved: BTreeMap<BlockId, BlockId> = BTreeMap::new();
    for results in blocks.results() {
        let of_kind = own_reads(flow, &blocks, results);
        for producer in blocks.producers(results) {
            let save = if saves { save(flow, producer, results) } else { None };
            let save = save.filter(|save| !taken.contains(&save.name));
            let own: Vec<&OwnRead> = of_kind
                .iter()
                .filter(|read| {
                    read.latest.contains(&producer) && save.as_ref().is_none_or(|save| save.block != read.block)
                })
                .collect();
            let is_provable = |read: &&OwnRead| read.is_sure && read.latest.len() == 1 && read.rest.is_some();
            let are_provable = !own.is_empty() && own.iter().all(is_provable);
            let Some(block) = flow.block(producer).filter(|_| are_provable || save.is_some()) else { continue };
            let wanted = save.as_ref().map_or_else(|| name(block, results, names), |save| save.name.clone());
            let name = unique(&wanted, &mut taken);
            for read in own.into_iter().filter(|_| are_provable) {
                let spelled = format!("${name}{}", read.rest.as_deref().unwrap_or_default());
                respelled.entry(read.block).or_default().insert(read.path.clone(), spelled);
            }
            if let Some(save) = save {
                for (reader, path, rest) in save.reads {
                    respelled.entry(reader).or_default().insert(path, format!("${name}{rest}"));
                }
                saved.insert(producer, save.block);
            }
            given.insert(producer, name);
        }
    }
    if given.is_empty() {
        return None;
    }
    let mut flow = flow.clone();
    for (id, paths) in respelled {
        for arg in flow.block_mut(id).into_iter().flat_map(|block| &mut block.args) {
            each_text_mut(&mut arg.value, &mut |text| {
                for part in &mut text.parts {
                    if let Part::Path(path) = part
                        && let Some(spelled) = paths.get(path.as_str())
                    {
                        *path = spelled.as_str().into();
                    }
                }
            });
        }
    }
    Some(Named { flow, names: given, saves: saved })
}

/// A read of a result of one kind.
struct OwnRead {
    block: BlockId,
    path: String,
    /// What follows the name of the result; nothing where the read cannot be spelled with one.
    rest: Option<String>,
    latest: Vec<BlockId>,
    /// Whether on each path one of these is the latest.
    is_sure: bool,
}

fn own_reads(flow: &Flow, blocks: &Blocks, results: Results) -> Vec<OwnRead> {
    let start = flow.start().map(BlockId::index);
    let definitions = Definitions::new(blocks, start, results.namespace);
    let mut found = Vec::new();
    for (index, id) in blocks.ids.iter().enumerate() {
        let Some(block) = flow.block(*id) else { continue };
        let of_kind = |path: &str| {
            path.strip_prefix(results.namespace).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        for read in reads(block).into_iter().filter(|read| of_kind(read.path)) {
            let (latest, is_sure) = definitions.latest(index);
            let latest = latest.into_iter().filter_map(|at| blocks.ids.get(at).copied()).collect();
            let rest = rest_of(read.path, results).filter(|_| blocks.is_said(index));
            found.push(OwnRead { block: *id, path: read.path.to_owned(), rest, latest, is_sure });
        }
    }
    found
}

/// What follows the name where a read of this path is spelled with one.
fn rest_of(path: &str, results: Results) -> Option<String> {
    let special = results.special.iter().find_map(|(field, of)| {
        let tail = path.strip_prefix(of).filter(|tail| tail.is_empty() || tail.starts_with(['.', '[']))?;
        Some(format!(".{field}{tail}"))
    });
    let rest = special.or_else(|| path.strip_prefix(results.root).map(str::to_owned))?;
    let fits = if results.scalar { rest.is_empty() } else { rest.starts_with(['.', '[']) && !rest.starts_with(".[") };
    let usual = usual(path);
    let steps: Vec<&str> =
        usual.trim_start_matches("$.").split(['.', '[']).map(|step| step.trim_matches(['\'', ']'])).collect();
    (fits && usual == path && path_of(&rest, results) == path && paths::check(&steps).is_ok()).then_some(rest)
}

/// A block that keeps fields of a result.
struct Save {
    block: BlockId,
    name: String,
    /// Where what it keeps is read: the block, the reference, and what follows the name in its place.
    reads: Vec<(BlockId, String, String)>,
}

/// The block behind an invocation that does what a build adds where a named result is read too late.
fn save(flow: &Flow, producer: BlockId, results: Results) -> Option<Save> {
    let target = |id: BlockId, fails: bool| {
        let is_failure = |outlet: &Outlet| matches!(outlet, Outlet::Error(name) if name == FAILURE);
        let exits = flow.exits(id).iter().filter(|exit| is_failure(&exit.outlet) == fails);
        let targets: BTreeSet<BlockId> = exits.map(|exit| exit.target).collect();
        if targets.len() > 1 { None } else { targets.first().copied() }
    };
    let id = target(producer, false)?;
    let block = flow.block(id)?;
    let row = block.action.row().filter(|row| row.role == Role::SaveResult)?;
    let [assign] = row.assigns else { return None };
    let failed = target(producer, true).or_else(|| target(id, false));
    if block.args.len() != 1 || target(id, true) != failed {
        return None;
    }
    let mut name: Option<String> = None;
    let mut reads_of = Vec::new();
    for write in writes(block) {
        let rest = rest_of(write.value?.as_path()?, results)?;
        let key = write.path.strip_prefix(assign.root)?.strip_prefix('.')?;
        let stem = key.strip_suffix(&saved_key(&rest))?;
        if !is_plain_word(stem)
            || !stem.is_ascii()
            || stem == ENVIRONMENT
            || name.as_deref().is_some_and(|name| name != stem)
        {
            return None;
        }
        name = Some(stem.to_owned());
        for (other, block) in flow.blocks() {
            if other != id && writes(block).iter().any(|other| other.path == write.path) {
                return None;
            }
            let reads = reads(block).into_iter().filter(|read| usual(read.path) == write.path);
            reads_of.extend(reads.map(|read| (other, read.path.to_owned(), rest.clone())));
        }
    }
    Some(Save { block: id, name: name?, reads: reads_of }).filter(|save| !save.reads.is_empty())
}

/// The blocks of a flow as the statements that say them are compiled.
struct Blocks<'f> {
    flow: &'f Flow,
    units: &'f Units,
    ids: Vec<BlockId>,
}

impl<'f> Blocks<'f> {
    fn new(flow: &'f Flow, units: &'f Units) -> Self {
        Self { flow, units, ids: flow.blocks().map(|(id, _)| id).collect() }
    }

    /// Whether a block is said by a sentence, or by `do` with the service's names.
    fn is_said(&self, at: usize) -> bool {
        let unit = self.ids.get(at).and_then(|id| self.units.of.get(id.index()));
        unit.and_then(|unit| self.units.list.get(*unit)).is_some_and(|unit| unit.said < Said::Raw)
    }

    /// The kinds of results that a flow leaves, each once.
    fn results(&self) -> Vec<Results> {
        let mut found: Vec<Results> = Vec::new();
        for results in (0..self.ids.len()).filter_map(|at| self.row(at)?.results) {
            if !found.iter().any(|known| known.namespace == results.namespace) {
                found.push(results);
            }
        }
        found
    }

    /// The blocks whose statement can name a result of this kind.
    fn producers(&self, results: Results) -> Vec<BlockId> {
        let is_of = |at: &usize| {
            self.row(*at).and_then(|row| row.results).is_some_and(|found| found.namespace == results.namespace)
        };
        let takes_name = |id: &BlockId| {
            let unit = self.units.of.get(id.index()).and_then(|unit| self.units.list.get(*unit));
            unit.is_some_and(|unit| unit.takes_name)
        };
        (0..self.ids.len()).filter(is_of).filter_map(|at| self.ids.get(at).copied()).filter(takes_name).collect()
    }
}

impl Graph for Blocks<'_> {
    fn count(&self) -> usize {
        self.ids.len()
    }

    fn row(&self, at: usize) -> Option<&'static ActionSpec> {
        let block = self.ids.get(at).and_then(|id| self.flow.block(*id)).filter(|_| self.is_said(at))?;
        block.action.row()
    }

    fn each_exit(&self, at: usize, act: &mut dyn FnMut(&Outlet, usize)) {
        let Some(id) = self.ids.get(at) else { return };
        for exit in self.flow.exits(*id) {
            act(&exit.outlet, exit.target.index());
        }
    }
}

// ---- names --------------------------------------------------------------------------------------------------------

/// What is told of where the result comes from; else what it is.
fn name(block: &Block, results: Results, names: &Names) -> String {
    let source = block.action.row().and_then(|row| resource(row.params, &block.args, names));
    let plain = source.map(|name| steps::words(&name.replace(|c: char| !c.is_ascii(), " "), WORDS_MAX));
    // Among steps, what begins with a digit is a step, and so is what has no words.
    let plain = plain.filter(|name| name != STEP && name != ENVIRONMENT);
    let plain = plain.map(|name| {
        match name.strip_prefix("step_").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            Some(rest) => format!("{RESULT}_{rest}"),
            None => name,
        }
    });
    plain.filter(|name| is_plain_word(name)).unwrap_or_else(|| if results.scalar { INPUT } else { RESULT }.to_owned())
}

/// What the first resource among some arguments is called, or what stands for it. Nesting is that of the catalogue.
fn resource(params: &[Param], args: &[Arg], names: &Names) -> Option<String> {
    args.iter().find_map(|arg| {
        let param = params.iter().find(|param| param.name == arg.name.value)?;
        match (&param.kind, &arg.value) {
            (Kind::Object(fields), Value::Map(entries, _)) => resource(fields, entries, names),
            (Kind::Resource(kind), Value::Text(text)) => match text.parts.as_slice() {
                [Part::Resource(_, name)] => Some(name.to_string()),
                [Part::Path(path)] => path.rsplit('.').next().map(str::to_owned),
                [Part::Literal(address)] => match names.of(*kind, address) {
                    Some(name) => Some(name.to_owned()),
                    None => address.rsplit(['/', ':']).next().filter(|end| !looks_like_uuid(end)).map(str::to_owned),
                },
                _ => None,
            },
            _ => None,
        }
    })
}

/// Words of a result's name: it stands in front of each field that is read.
const WORDS_MAX: usize = 3;
/// What a name without words is called among steps.
const STEP: &str = "step";
/// What `$env` stands for already.
const ENVIRONMENT: &str = "env";
/// What a result without a better name is.
const RESULT: &str = "result";
const INPUT: &str = "input";

fn unique(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut count = 1;
    while !taken.insert(name.clone()) {
        count += 1;
        name = format!("{wanted}_{count}");
    }
    name
}
