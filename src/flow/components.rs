//! What goes round in circles.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// The groups of nodes of a graph, given by its edges, that can all reach one another: those of one node only if it leads to
/// itself. In order of their first nodes.
pub fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(edges.len(), edges.iter().map(Vec::len).sum());
    for _ in edges {
        graph.add_node(());
    }
    for (from, targets) in edges.iter().enumerate() {
        for target in targets.iter().filter(|target| **target < edges.len()) {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(*target), ());
        }
    }
    let mut cycles: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(|group| group.len() > 1 || group.iter().any(|node| graph.contains_edge(*node, *node)))
        .map(|group| {
            let mut nodes: Vec<usize> = group.into_iter().map(NodeIndex::index).collect();
            nodes.sort_unstable();
            nodes
        })
        .collect();
    cycles.sort();
    cycles
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn only_what_comes_back_is_a_cycle() {
        // 0 -> 1 -> 2 -> 1; 2 -> 3; 3 leads to itself; 4 stands alone.
        assert_eq!(cycles(&[vec![1], vec![2], vec![1, 3], vec![3], vec![]]), [vec![1, 2], vec![3]]);
    }
}
