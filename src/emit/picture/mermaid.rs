//! Mermaid: a flow chart that code hosts draw in a page of text.

use std::fmt::Write;

use super::{clean, is_failure, is_terminal, kind_words, shortened, title, word};
use crate::flow::Flow;

/// Columns of a block's label.
const LABEL_COLUMNS: usize = 48;

/// A string takes all that is written to it.
pub(super) fn draw(flow: &Flow) -> String {
    let heading = format!("{}: {}", escaped(&clean(&flow.name.value)), kind_words(flow));
    let mut text = format!("%% {heading}\nflowchart LR\n");
    if let Some(start) = flow.start() {
        let _ = writeln!(text, "  start((start)) --> n{}", start.index());
    }
    for (id, block) in flow.blocks() {
        let label = format!("{}<br/>{}", escaped(&title(block)), escaped(&shortened(&block.label, LABEL_COLUMNS)));
        let (open, close) = if is_terminal(flow, id, block) { ("([", "])") } else { ("[", "]") };
        let _ = writeln!(text, "  n{}{open}\"{label}\"{close}", id.index());
    }
    for (id, block) in flow.blocks() {
        let variant = block.variant();
        for exit in flow.exits(id) {
            let arrow = if is_failure(variant, &exit.outlet) { "-.->" } else { "-->" };
            let word = escaped(&word(variant, &exit.outlet));
            let label = if word.is_empty() { String::new() } else { format!("|\"{word}\"|") };
            let _ = writeln!(text, "  n{} {arrow}{label} n{}", id.index(), exit.target.index());
        }
    }
    text
}

/// Characters that mean something to Mermaid, or to the HTML that it makes, as entities. Directives (`%%{..}%%`) count
/// wherever they stand, in a label and in a comment.
pub fn escaped(text: &str) -> String {
    const MEANING: &str = "\"#&<>`|\\;:%{}[]()@^$*~=";
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if MEANING.contains(c) {
            let _ = write!(escaped, "#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}
