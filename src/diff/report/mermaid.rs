//! A drawing in Mermaid, with colours that hold on light and on dark pages.

use std::fmt::Write;

use crate::diff::{Drawing, Mark};
use crate::emit::{mermaid_text, shortened};

/// Columns of a block's label.
const LABEL_COLUMNS: usize = 44;

const STYLES: &str = "  classDef added fill:#dafbe1,stroke:#1a7f37,color:#116329,stroke-width:2px
  classDef removed fill:#ffebe9,stroke:#cf222e,color:#82071e,stroke-dasharray:5 4
  classDef changed fill:#fff8c5,stroke:#9a6700,color:#4d2d00,stroke-width:2px
";

/// A string takes all that is written to it.
pub(super) fn drawing(drawing: &Drawing) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (at, node) in drawing.nodes.iter().enumerate() {
        let label = mermaid_text(&shortened(&node.sentence, LABEL_COLUMNS));
        let (open, close) = if node.is_end { ("([", "])") } else { ("[", "]") };
        let class = match node.mark {
            Mark::Same => "",
            Mark::Changed => ":::changed",
            Mark::Added => ":::added",
            Mark::Removed => ":::removed",
        };
        let _ = writeln!(text, "  n{at}{open}\"{label}\"{close}{class}");
    }
    let mut number = 0;
    for (at, _) in drawing.nodes.iter().enumerate().filter(|(_, node)| node.is_start) {
        let _ = writeln!(text, "  start((start)) --> n{at}");
        number += 1;
    }
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for edge in &drawing.edges {
        let arrow = match edge.mark {
            Mark::Added => "==>",
            Mark::Removed => "-.->",
            Mark::Same | Mark::Changed if edge.is_error => "-.->",
            Mark::Same | Mark::Changed => "-->",
        };
        let word = match (edge.mark, edge.branch.as_str()) {
            (Mark::Removed, "") => "before".to_owned(),
            (Mark::Removed, branch) => format!("before: {}", mermaid_text(branch)),
            (_, branch) => mermaid_text(branch),
        };
        let label = if word.is_empty() { String::new() } else { format!("|\"{word}\"|") };
        let _ = writeln!(text, "  n{} {arrow}{label} n{}", edge.from, edge.to);
        match edge.mark {
            Mark::Added => added.push(number),
            Mark::Removed => removed.push(number),
            Mark::Same | Mark::Changed => {}
        }
        number += 1;
    }
    text.push_str(STYLES);
    for (numbers, stroke) in [(added, "#1a7f37"), (removed, "#cf222e")] {
        if !numbers.is_empty() {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            let _ = writeln!(text, "  linkStyle {} stroke:{stroke}", numbers.join(","));
        }
    }
    text
}
