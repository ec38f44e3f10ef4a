//! Which flow became which: the one of the same name, or, where that is gone, one that does much of the same.

use std::collections::{BTreeMap, HashMap};

use super::Version;
use super::fields::{Addresses, fields};
use crate::catalogue::ResourceKind;
use crate::import::Words;

/// What two flows must share of their blocks for one to be the other under a new name.
const SHARED_MIN: f64 = 0.5;
/// A block that more flows have says nothing about which flow it is from: nearly all hang up.
const COMMON: usize = 32;

/// The flows of two sides.
#[derive(Debug, Default)]
pub(super) struct Pairs<'v> {
    pub kept: Vec<(&'v Version, &'v Version)>,
    pub added: Vec<&'v Version>,
    pub removed: Vec<&'v Version>,
}

/// Pairs the flows of two sides.
pub(super) fn pairs<'v>(old: &'v [Version], new: &'v [Version], as_one: bool) -> Pairs<'v> {
    if let (true, [before], [after]) = (as_one, old, new) {
        return Pairs { kept: vec![(before, after)], ..Pairs::default() };
    }
    // Several of one name, as in a folder of exports from several instances, are told apart by their paths.
    let mut by_name: BTreeMap<(ResourceKind, &str), [Vec<&Version>; 2]> = BTreeMap::new();
    for (side, versions) in [old, new].into_iter().enumerate() {
        for version in versions {
            let sides = by_name.entry((version.flow.resource_kind(), version.name())).or_default();
            if let Some(side) = sides.get_mut(side) {
                side.push(version);
            }
        }
    }
    let mut pairs = Pairs::default();
    for [mut before, mut after] in by_name.into_values() {
        before.retain(|version| match after.iter().position(|other| other.path == version.path) {
            Some(at) => {
                pairs.kept.push((version, after.remove(at)));
                false
            }
            None => true,
        });
        let count = before.len().min(after.len());
        pairs.removed.extend(before.split_off(count));
        pairs.added.extend(after.split_off(count));
        pairs.kept.extend(before.into_iter().zip(after));
    }
    pair_renamed(&mut pairs);
    pairs
}

/// Pairs what is gone with what is new where they share most of their blocks, the most alike first.
fn pair_renamed(pairs: &mut Pairs) {
    let removed: Vec<Vec<String>> = pairs.removed.iter().map(|version| contents(version)).collect();
    let added: Vec<Vec<String>> = pairs.added.iter().map(|version| contents(version)).collect();
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, contents) in removed.iter().enumerate() {
        for content in contents {
            let holders = holders.entry(content).or_default();
            if holders.last() != Some(&at) {
                holders.push(at);
            }
        }
    }
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    for (new, contents) in added.iter().enumerate() {
        let mut near: Vec<usize> = contents
            .iter()
            .filter_map(|content| holders.get(content.as_str()))
            .filter(|holders| holders.len() <= COMMON)
            .flatten()
            .copied()
            .collect();
        near.sort_unstable();
        near.dedup();
        for old in near {
            let same_kind = pairs.removed.get(old).zip(pairs.added.get(new));
            let same_kind = same_kind.is_some_and(|(a, b)| a.flow.resource_kind() == b.flow.resource_kind());
            let share = removed.get(old).map_or(0.0, |before| share(before, contents));
            if same_kind && share >= SHARED_MIN {
                candidates.push((share, old, new));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut old_taken, mut new_taken) = (vec![false; removed.len()], vec![false; added.len()]);
    for (_, old, new) in candidates {
        if let (Some(old_slot @ false), Some(new_slot @ false)) = (old_taken.get_mut(old), new_taken.get_mut(new)) {
            (*old_slot, *new_slot) = (true, true);
            pairs.kept.extend(pairs.removed.get(old).copied().zip(pairs.added.get(new).copied()));
        }
    }
    let mut at = 0..;
    pairs.removed.retain(|_| at.next().and_then(|at| old_taken.get(at)) == Some(&false));
    let mut at = 0..;
    pairs.added.retain(|_| at.next().and_then(|at| new_taken.get(at)) == Some(&false));
}

/// What the blocks of a flow do, in order of the texts.
fn contents(version: &Version) -> Vec<String> {
    let words = Words::new(&version.flow);
    let content = |block: &crate::flow::Block| {
        let fields = fields(block, &words, Addresses::ByName);
        let given = fields.iter().map(|field| format!("\n{} {}", field.path.join("."), field.text));
        block.action.name().to_owned() + &given.collect::<String>()
    };
    let mut contents: Vec<String> = version.flow.blocks().map(|(_, block)| content(block)).collect();
    contents.sort_unstable();
    contents
}

/// How much two ordered lists share.
#[expect(clippy::cast_precision_loss, reason = "a share of at most some thousand blocks")]
fn share(old: &[String], new: &[String]) -> f64 {
    let (mut a, mut b, mut shared) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (old.get(a), new.get(b)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => (a, b, shared) = (a + 1, b + 1, shared + 1),
        }
    }
    let all = old.len().max(new.len());
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}
