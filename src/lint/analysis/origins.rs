//! Which invocations can have answered what a result reads: by flow and point, over all paths.

use std::collections::BTreeSet;

use super::{Graph, Problem, forward, namespace, reads};
use crate::catalogue::{self, Role};
use crate::flow::{BlockId, Exit, Flow, Outlet};

/// More are not told apart.
const INVOCATIONS_MAX: usize = 16;

/// Who can have answered, at a point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The blocks whose answer it can be.
    pub blocks: BTreeSet<BlockId>,
    /// Whether it can also be an answer from before the flow, or none at all.
    pub other: bool,
    /// Whether there are more than are told apart; then none is named.
    pub many: bool,
}

impl Origin {
    fn of(block: BlockId) -> Self {
        Self { blocks: BTreeSet::from([block]), ..Self::default() }
    }

    fn elsewhere() -> Self {
        Self { other: true, ..Self::default() }
    }

    fn join(&mut self, more: &Self) -> bool {
        let before = (self.blocks.len(), self.other, self.many);
        self.other |= more.other;
        self.many |= more.many;
        if !self.many {
            self.blocks.extend(&more.blocks);
            self.many = self.blocks.len() > INVOCATIONS_MAX;
        }
        if self.many {
            self.blocks.clear();
        }
        before != (self.blocks.len(), self.other, self.many)
    }
}

/// For each result that a flow reads, the invocations that can have answered, before each block.
#[derive(Debug)]
pub struct Origins {
    namespaces: Vec<&'static str>,
    before: Vec<Option<Vec<Origin>>>,
}

impl Origins {
    pub fn new(flow: &Flow, graph: &Graph) -> Self {
        let read: BTreeSet<&'static str> =
            flow.blocks().flat_map(|(_, block)| reads(block)).filter_map(|read| namespace(read.path)).collect();
        let namespaces: Vec<&'static str> = read.into_iter().collect();
        let before = if namespaces.is_empty() {
            vec![None; flow.len()]
        } else {
            forward(flow, graph, &Solver { flow, namespaces: &namespaces })
        };
        Self { namespaces, before }
    }

    /// Who can have answered what a reference reads before a block. Nothing if it reads no result, or no path leads there.
    pub fn before(&self, id: BlockId, path: &str) -> Option<&Origin> {
        let namespace = namespace(path)?;
        let at = self.namespaces.iter().position(|known| *known == namespace)?;
        self.before.get(id.index())?.as_ref()?.get(at)
    }
}

struct Solver<'a> {
    flow: &'a Flow,
    namespaces: &'a [&'static str],
}

impl Problem for Solver<'_> {
    type Fact = Vec<Origin>;

    fn boundary(&self, _: BlockId) -> Vec<Origin> {
        vec![Origin::elsewhere(); self.namespaces.len()]
    }

    fn join(&self, into: &mut Vec<Origin>, more: &Vec<Origin>) -> bool {
        let mut news = false;
        for (known, more) in into.iter_mut().zip(more) {
            news |= known.join(more);
        }
        news
    }

    fn along(&self, id: BlockId, exit: &Exit, before: &Vec<Origin>) -> Vec<Origin> {
        let mut behind = before.clone();
        let Some(block) = self.flow.block(id) else { return behind };
        let failed = matches!(&exit.outlet, Outlet::Error(error) if error == catalogue::FAILURE);
        let results = block.action.row().and_then(|row| row.results);
        let doubts = block.action.row().is_none_or(|row| row.role == Role::CallModule);
        for (namespace, origin) in self.namespaces.iter().zip(&mut behind) {
            if results.is_some_and(|results| results.namespace == *namespace) {
                *origin = if failed { Origin::elsewhere() } else { Origin::of(id) };
            } else if doubts {
                *origin = Origin::elsewhere();
            }
        }
        behind
    }
}
