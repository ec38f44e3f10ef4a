//! Differences as a comment of a pull request.

use std::fmt::Write;

use super::mermaid;
use super::telling::{Line, Piece, line, newly_ending, places, state, summary};
use crate::diff::{Diff, FlowDiff, State};
use crate::emit::shortened;
use crate::source::markdown;

/// Code hosts refuse comments beyond 65,536 characters. What is left over is for the lines that say so.
const CHARACTERS_MAX: usize = 60_000;
/// Drawings of one flow; more, and nobody looks at any.
const DRAWINGS_MAX: usize = 4;
/// Columns of a value; who wants to read more reads the source.
const VALUE_COLUMNS: usize = 400;

/// A string takes all that is written to it.
pub(super) fn report(diff: &Diff) -> String {
    let mut text = format!("### Flows: {}\n", markdown::words(&summary(diff)));
    let mut left = Vec::new();
    for flow in &diff.flows {
        // Whole or, where there is no more room, without drawings, or by name alone.
        let whole = section(flow, true);
        let bare = section(flow, false);
        let room = CHARACTERS_MAX.saturating_sub(text.len());
        if whole.len() <= room {
            text.push_str(&whole);
        } else if bare.len() <= room {
            text.push_str(&bare);
        } else {
            left.push(code(&shortened(&flow.name, 127)));
        }
    }
    if !left.is_empty() {
        let shown = left.get(..20).unwrap_or(&left);
        let more = left.len() - shown.len();
        let _ = write!(text, "\nToo much for one comment, so only by name: {}", shown.join(", "));
        let _ = if more > 0 { writeln!(text, " and {more} more.") } else { writeln!(text, ".") };
    }
    text
}

fn section(flow: &FlowDiff, with_drawings: bool) -> String {
    let mut text = format!("\n#### {}: {}", markdown::words(&capital(state(flow))), code(&flow.name));
    if let State::Renamed(before) = &flow.state {
        let _ = write!(text, " (was {})", code(before));
    }
    let _ = write!(text, "\n\n{}, {}", capital(&flow.kind), code(&flow.place()));
    if matches!(flow.state, State::Added | State::Removed) {
        let _ = write!(text, ", {} blocks", flow.blocks);
    }
    text.push_str(".\n");
    let ends = flow.changes.iter().filter(|told| told.change.hangs_up()).count();
    if ends > 0 {
        let _ = writeln!(text, "**{} in a disconnect.**", newly_ending(ends));
    }
    if !flow.callers.is_empty() {
        let callers: Vec<String> = flow.callers.iter().map(|caller| code(caller)).collect();
        let _ = writeln!(text, "Reached from {}.", callers.join(", "));
    }
    if !flow.changes.is_empty() {
        text.push('\n');
    }
    for told in &flow.changes {
        bullet(&mut text, &line(&told.change), &places(told));
    }
    if with_drawings {
        for drawing in flow.drawings.iter().take(DRAWINGS_MAX) {
            let _ = write!(text, "\n```mermaid\n{}```\n", mermaid::drawing(drawing));
            if drawing.left_out > 0 {
                let _ = writeln!(text, "\n{} more blocks around this are not drawn.", drawing.left_out);
            }
        }
        let more = flow.drawings.len().saturating_sub(DRAWINGS_MAX);
        if more > 0 {
            let _ = writeln!(text, "\n{more} more places that changed are not drawn.");
        }
    }
    text
}

fn bullet(text: &mut String, line: &Line, places: &[Piece]) {
    let _ = write!(text, "- **{}** ", line.sign.word());
    pieces(text, &line.pieces);
    if !places.is_empty() {
        text.push_str(" (");
        pieces(text, places);
        text.push(')');
    }
    text.push('\n');
    for detail in &line.details {
        let what = markdown::words(&detail.what);
        let value = |value: &str| code(&shortened(value, VALUE_COLUMNS));
        let _ = match (&detail.before, &detail.after) {
            (Some(before), Some(after)) => writeln!(text, "  - {what}: {} → {}", value(before), value(after)),
            (None, Some(after)) => writeln!(text, "  - {what}: {}, which is new", value(after)),
            (Some(before), None) => writeln!(text, "  - {what}: {} is gone", value(before)),
            (None, None) => writeln!(text, "  - {what}"),
        };
    }
}

fn pieces(text: &mut String, pieces: &[Piece]) {
    for piece in pieces {
        match piece {
            Piece::Words(words) => text.push_str(&markdown::words(words)),
            Piece::Code(sentence) => text.push_str(&code(sentence)),
        }
    }
}

/// A text as code, on one line.
fn code(text: &str) -> String {
    markdown::code(&shortened(text, usize::MAX))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
