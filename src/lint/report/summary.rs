//! What a workflow shows on its page, in Markdown: how often each rule was broken, and where.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Entry, Places};
use crate::diagnostics::Level;
use crate::source::markdown::cell;

/// More findings than these are counted and not listed: a page takes a megabyte, and nobody reads on.
const LISTED_MAX: usize = 200;

pub(super) fn report(entries: &[Entry], places: &Places) -> String {
    let mut text = "## flowc lint\n\n".to_owned();
    if entries.is_empty() {
        text.push_str("Nothing was found.\n");
        return text;
    }
    let mut counts: BTreeMap<(&str, Level), usize> = BTreeMap::new();
    for entry in entries {
        *counts.entry((entry.diagnostic.code.id(), entry.diagnostic.level())).or_default() += 1;
    }
    text.push_str("| Rule | Level | Findings |\n|---|---|---:|\n");
    for ((rule, level), count) in counts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{rule}` | {} | {count} |", level.word());
    }
    text.push_str("\n| Place | Finding | What to do |\n|---|---|---|\n");
    for entry in entries.iter().take(LISTED_MAX) {
        let diagnostic = entry.diagnostic;
        let place = places.of(diagnostic.primary.span).map(|place| format!("{}:{}", place.path, place.start.line));
        let help = diagnostic.help.as_deref().unwrap_or_default();
        let (place, message) = (cell(&place.unwrap_or_default()), cell(&diagnostic.message_with_path()));
        let _ = writeln!(text, "| {place} | {message} | {} |", cell(help));
    }
    if let Some(more) = entries.len().checked_sub(LISTED_MAX).filter(|more| *more > 0) {
        let _ = writeln!(text, "\nAnd {more} more.");
    }
    text
}
