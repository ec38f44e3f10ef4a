//! What every path to a node goes through.

use petgraph::algo::dominators::simple_fast;
use petgraph::graph::{DiGraph, NodeIndex};

/// The immediate dominator of every node of a graph that is given by its edges. The paths begin at the `roots`; a node that
/// only they lead to, and a node that nothing reaches, has none.
pub fn immediate_dominators(edges: &[Vec<usize>], roots: &[usize]) -> Vec<Option<usize>> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(edges.len() + 1, edges.iter().map(Vec::len).sum());
    for _ in edges {
        graph.add_node(());
    }
    // One node above all roots.
    let top = graph.add_node(());
    for root in roots.iter().filter(|root| **root < edges.len()) {
        graph.add_edge(top, NodeIndex::new(*root), ());
    }
    for (from, targets) in edges.iter().enumerate() {
        for target in targets.iter().filter(|target| **target < edges.len()) {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(*target), ());
        }
    }
    let dominators = simple_fast(&graph, top);
    (0..edges.len())
        .map(|node| {
            dominators.immediate_dominator(NodeIndex::new(node)).filter(|above| *above != top).map(NodeIndex::index)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::immediate_dominators;

    #[test]
    fn branches_come_together_below_what_they_left() {
        // 0 -> 1, 2; both -> 3; 3 -> 1 goes back; 4 is reached by nothing; 5 is a root of its own.
        let edges = [vec![1, 2], vec![3], vec![3], vec![1], vec![3], vec![]];
        assert_eq!(immediate_dominators(&edges, &[0, 5]), [None, Some(0), Some(0), Some(0), None, None]);
    }
}
