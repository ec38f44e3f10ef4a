//! Layers: each block stands to the right of all that lead to it, cycles apart.

use super::Ways;

/// Where each block of a group stands among the layers.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    /// The blocks of the group, in the order of a walk that takes branches in source order.
    pub order: Vec<usize>,
    /// By block of the flow; nothing for blocks of other groups.
    layers: Vec<Option<usize>>,
}

impl Ranks {
    pub fn layer(&self, block: usize) -> Option<usize> {
        self.layers.get(block).copied().flatten()
    }
}

/// A connection that closes a cycle is one that leads to a block whose walk has not ended; without those, the longest
/// path from the group's roots gives the layer.
pub(super) fn rank(group: &[usize], ways: &Ways) -> Ranks {
    let mut member = vec![false; ways.len()];
    for &block in group {
        set(&mut member, block, true);
    }
    let mut seen = vec![false; ways.len()];
    let mut order = Vec::with_capacity(group.len());
    let mut ended = Vec::with_capacity(group.len());
    let mut path: Vec<(usize, usize)> = Vec::new();
    for &root in group {
        if get(&seen, root) {
            continue;
        }
        set(&mut seen, root, true);
        order.push(root);
        path.push((root, 0));
        while let Some((block, next)) = path.last_mut() {
            let way = ways.of(*block).get(*next);
            *next += 1;
            match way {
                Some(way) if get(&member, way.target) && !get(&seen, way.target) => {
                    set(&mut seen, way.target, true);
                    order.push(way.target);
                    path.push((way.target, 0));
                }
                Some(_) => {}
                None => {
                    ended.push(*block);
                    path.pop();
                }
            }
        }
    }

    // The later a block's walk ended, the earlier it stands: only connections along this order count.
    let mut place = vec![0_usize; ways.len()];
    for (at, &block) in ended.iter().rev().enumerate() {
        set(&mut place, block, at);
    }
    let mut layers: Vec<Option<usize>> = vec![None; ways.len()];
    for &block in group {
        set(&mut layers, block, Some(0));
    }
    for &block in ended.iter().rev() {
        let layer = get(&layers, block).unwrap_or(0);
        for way in ways.of(block) {
            if get(&member, way.target) && get(&place, way.target) > get(&place, block) {
                let least = get(&layers, way.target).unwrap_or(0).max(layer + 1);
                set(&mut layers, way.target, Some(least));
            }
        }
    }
    Ranks { order, layers }
}

fn get<T: Copy + Default>(table: &[T], index: usize) -> T {
    table.get(index).copied().unwrap_or_default()
}

fn set<T>(table: &mut [T], index: usize, value: T) {
    if let Some(slot) = table.get_mut(index) {
        *slot = value;
    }
}
