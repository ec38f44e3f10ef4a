//! DOT, for Graphviz.

use std::fmt::Write;

use super::{clean, is_failure, is_terminal, kind_words, shortened, title, word};
use crate::flow::Flow;

/// Columns of a block's label.
const LABEL_COLUMNS: usize = 48;

/// A string takes all that is written to it.
pub(super) fn draw(flow: &Flow) -> String {
    let name = quoted(&clean(&flow.name.value));
    let heading = quoted(&format!("{}: {}", clean(&flow.name.value), kind_words(flow)));
    let mut text = format!(
        "digraph {name} {{\n  rankdir=LR; label={heading}; labelloc=t;\n  node [shape=box, style=rounded, \
         fontname=\"sans-serif\", fontsize=11];\n  edge [fontname=\"sans-serif\", fontsize=9];\n"
    );
    if let Some(start) = flow.start() {
        let _ = writeln!(text, "  start [shape=circle, label=\"start\"];\n  start -> n{};", start.index());
    }
    for (id, block) in flow.blocks() {
        // The line break is DOT's own escape, so it goes between two texts that are escaped already.
        let label = format!("{}\\n{}", escaped(&title(block)), escaped(&shortened(&block.label, LABEL_COLUMNS)));
        let bold = if is_terminal(flow, id, block) { ", style=\"rounded,bold\"" } else { "" };
        let _ = writeln!(text, "  n{} [label=\"{label}\"{bold}];", id.index());
    }
    for (id, block) in flow.blocks() {
        let variant = block.variant();
        for exit in flow.exits(id) {
            let mut attributes = Vec::new();
            let word = word(variant, &exit.outlet);
            if !word.is_empty() {
                attributes.push(format!("label={}", quoted(&word)));
            }
            if is_failure(variant, &exit.outlet) {
                attributes.push("style=dashed, color=gray50".to_owned());
            }
            let attributes =
                if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
            let _ = writeln!(text, "  n{} -> n{}{attributes};", id.index(), exit.target.index());
        }
    }
    text.push_str("}\n");
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Graphviz reads entities in labels, as in HTML.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}
