//! Reaching definitions: which invocation a result is of at each block.
//!
//! The service keeps the latest result of a kind. Forward, joined over paths, to a fixpoint over the blocks, this tells which
//! invocations can be the latest where a result is read, and which can have happened at all.

use std::collections::VecDeque;

use crate::catalogue::{self, ActionSpec, Results};
use crate::flow::Outlet;

/// A graph of blocks, by number.
pub(crate) trait Graph {
    fn count(&self) -> usize;
    /// What the catalogue knows of a block; nothing of one that may do anything.
    fn row(&self, block: usize) -> Option<&'static ActionSpec>;
    fn each_exit(&self, block: usize, act: &mut dyn FnMut(&Outlet, usize));
}

/// The path that a field of a named result reads, by what follows the name.
pub(crate) fn path_of(rest: &str, results: Results) -> String {
    for (field, path) in results.special {
        let tail = rest.strip_prefix('.').and_then(|rest| rest.strip_prefix(field));
        if let Some(tail) = tail.filter(|tail| tail.is_empty() || tail.starts_with(['.', '['])) {
            return format!("{path}{tail}");
        }
    }
    format!("{}{rest}", results.root)
}

/// The key under which a field of a result is kept: its name and what follows, in the letters that a key can have.
pub(crate) fn saved_key(field: &str) -> String {
    field.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// What reaches a read.
pub(crate) enum Reach {
    Unreachable,
    /// Only the named producers, or nothing yet.
    Only,
    /// The named producers, and on some path another in between.
    Mixed,
    /// None of the named producers on any path.
    Never,
}

/// For each block, which definitions of one namespace can be the latest, and which can have happened at all.
pub(crate) struct Definitions {
    /// The blocks that define the namespace; a definition's bit is its place here, behind the two of [`Sets`].
    blocks: Vec<usize>,
    latest: Sets,
    ever: Sets,
}

impl Definitions {
    pub(crate) fn new(graph: &dyn Graph, start: Option<usize>, namespace: &str) -> Self {
        let defines = |at: &usize| {
            let results = graph.row(*at).and_then(|row| row.results);
            results.is_some_and(|results| results.namespace == namespace)
        };
        let definitions: Vec<usize> = (0..graph.count()).filter(defines).collect();
        let (mut latest, mut ever) =
            (Sets::new(graph.count(), definitions.len()), Sets::new(graph.count(), definitions.len()));
        let mut queue: VecDeque<usize> = start.into_iter().collect();
        for &start in &queue {
            latest.insert(start, Sets::NOTHING);
        }
        // What arrives at the block at hand: its exits may lead back to it.
        let (mut latest_here, mut ever_here) = (Vec::new(), Vec::new());
        while let Some(at) = queue.pop_front() {
            latest.of(at).clone_into(&mut latest_here);
            ever.of(at).clone_into(&mut ever_here);
            let defined = definitions.binary_search(&at).ok().map(|place| place + Sets::FIRST);
            // An action that the catalogue does not know may do anything.
            let clobbers = graph.row(at).is_none_or(|row| row.clobbers.contains(&namespace));
            graph.each_exit(at, &mut |outlet, to| {
                let fails = matches!(outlet, Outlet::Error(name) if name == catalogue::FAILURE);
                let mut news = ever.join(to, &ever_here);
                news |= match defined {
                    Some(bit) if !fails => ever.insert(to, bit) | latest.insert(to, bit),
                    _ if clobbers => latest.insert(to, Sets::LOST),
                    _ => latest.join(to, &latest_here),
                };
                if news {
                    queue.push_back(to);
                }
            });
        }
        Self { blocks: definitions, latest, ever }
    }

    /// The definitions that can be the latest at a block, and whether on each path to it one of them is.
    pub(crate) fn latest(&self, block: usize) -> (Vec<usize>, bool) {
        let set = self.latest.of(block);
        let has = |bit: usize| set.get(bit / 64).is_some_and(|word| word & (1 << (bit % 64)) != 0);
        let places = self.blocks.iter().enumerate().filter(|(place, _)| has(place + Sets::FIRST));
        let is_all = !has(Sets::NOTHING) && !has(Sets::LOST);
        (places.map(|(_, block)| *block).collect(), is_all)
    }

    /// What of some definitions reaches a block.
    pub(crate) fn reach(&self, block: usize, producers: &[usize]) -> Reach {
        let (latest, ever) = (self.latest.of(block), self.ever.of(block));
        if latest.iter().all(|word| *word == 0) {
            return Reach::Unreachable;
        }
        let mut own = Sets::new(1, self.blocks.len());
        for producer in producers {
            if let Ok(place) = self.blocks.binary_search(producer) {
                own.insert(0, place + Sets::FIRST);
            }
        }
        if ever.iter().zip(own.of(0)).all(|(ever, own)| ever & own == 0) {
            return Reach::Never;
        }
        own.insert(0, Sets::NOTHING);
        let is_only = latest.iter().zip(own.of(0)).all(|(latest, own)| latest & !own == 0);
        if is_only { Reach::Only } else { Reach::Mixed }
    }
}

/// A small set of definitions for each block: rows of bits in one table.
struct Sets {
    words: Vec<u64>,
    /// Words of a row.
    width: usize,
}

impl Sets {
    /// Nothing has been defined yet.
    const NOTHING: usize = 0;
    /// Something failed, or another action overwrote it.
    const LOST: usize = 1;
    /// The bit of the first definition.
    const FIRST: usize = 2;

    fn new(blocks: usize, definitions: usize) -> Self {
        let width = (definitions + Self::FIRST).div_ceil(64);
        Self { words: vec![0; blocks * width], width }
    }

    /// A block's set; of a block that is not there, one of no size.
    fn of(&self, block: usize) -> &[u64] {
        self.words.get(block * self.width..(block + 1) * self.width).unwrap_or_default()
    }

    /// Adds to a block's set; whether that was news.
    fn insert(&mut self, block: usize, bit: usize) -> bool {
        let Some(word) = self.words.get_mut(block * self.width + bit / 64) else { return false };
        let before = *word;
        *word |= 1 << (bit % 64);
        *word != before
    }

    fn join(&mut self, block: usize, more: &[u64]) -> bool {
        let row = self.words.get_mut(block * self.width..(block + 1) * self.width).unwrap_or_default();
        let mut news = false;
        for (word, more) in row.iter_mut().zip(more) {
            news |= *word | more != *word;
            *word |= more;
        }
        news
    }
}
