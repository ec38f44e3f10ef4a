//! Blocks that no path from the start reaches.

use std::collections::BTreeSet;

use super::{BlockId, Flow};

impl Flow {
    /// Where each stretch of blocks that no path reaches begins: one block for all that only it leads to. First those that
    /// nothing leads to at all; what is left then only leads to itself.
    pub fn lost(&self) -> Vec<BlockId> {
        let reachable = self.reachable();
        if self.start().is_none() || reachable.len() == self.len() {
            return Vec::new();
        }
        let is_lost = |id: &BlockId| !reachable.contains(id);
        let lost = || self.blocks().map(|(id, _)| id).filter(is_lost);
        let led_to: BTreeSet<BlockId> =
            lost().flat_map(|id| self.successors(id).filter(move |next| *next != id)).collect();
        let (first, second): (Vec<BlockId>, Vec<BlockId>) = lost().partition(|id| !led_to.contains(id));
        let mut told: BTreeSet<BlockId> = BTreeSet::new();
        let mut begins = Vec::new();
        for id in first.into_iter().chain(second) {
            if told.contains(&id) {
                continue;
            }
            begins.push(id);
            let mut rest = vec![id];
            while let Some(at) = rest.pop() {
                if told.insert(at) {
                    rest.extend(self.successors(at).filter(is_lost));
                }
            }
        }
        begins
    }
}
