//! Differences for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use super::telling::{Line, Piece, Sign, line, newly_ending, places, state, summary};
use crate::diff::{Diff, FlowDiff, State};
use crate::source::{shown_line, without_commands};

/// Values up to this long stand on one line, before and after.
const VALUE_COLUMNS: usize = 40;

/// A string takes all that is written to it.
pub(super) fn report(diff: &Diff, color: bool) -> String {
    let mut text = String::new();
    for flow in &diff.flows {
        heading(&mut text, flow, color);
        for told in &flow.changes {
            write_line(&mut text, &line(&told.change), &places(told), color);
        }
        let ends = flow.changes.iter().filter(|told| told.change.hangs_up()).count();
        if ends > 0 {
            let _ = writeln!(text, "  {} in a disconnect", newly_ending(ends));
        }
        if !flow.callers.is_empty() {
            let _ = writeln!(text, "  reached from {}", plain(&flow.callers.join(", ")));
        }
        if !flow.changes.is_empty() {
            text.push('\n');
        }
    }
    let _ = writeln!(text, "{}", plain(&summary(diff)));
    without_commands(&text).into_owned()
}

fn heading(text: &mut String, flow: &FlowDiff, color: bool) {
    let before = match &flow.state {
        State::Renamed(before) => format!(" (was {})", plain(before)),
        State::Added | State::Removed | State::Changed => String::new(),
    };
    let blocks = match flow.state {
        State::Added | State::Removed => format!(", {} blocks", flow.blocks),
        State::Renamed(_) | State::Changed => String::new(),
    };
    let name = painted(&flow.name, "1", color);
    let _ = writeln!(text, "{} {name}{before}: {}, {}{blocks}", state(flow), flow.kind, plain(&flow.place()));
}

fn write_line(text: &mut String, line: &Line, places: &[Piece], color: bool) {
    let mark = painted(&line.sign.mark().to_string(), colour(line.sign), color);
    let _ = write!(text, "  {mark} ");
    for (at, piece) in line.pieces.iter().enumerate() {
        match piece {
            Piece::Words(words) => text.push_str(&plain(words)),
            // What the line is about needs no marks.
            Piece::Code(code) if at == 0 => text.push_str(&painted(code, "36", color)),
            Piece::Code(code) => text.push_str(&painted(&format!("`{code}`"), "36", color)),
        }
    }
    text.push('\n');
    if !places.is_empty() {
        let words = |piece: &Piece| match piece {
            Piece::Words(words) | Piece::Code(words) => words.clone(),
        };
        let places: String = places.iter().map(words).collect();
        let _ = writeln!(text, "      {}", painted(&places, "2", color));
    }
    for detail in &line.details {
        let what = plain(&detail.what);
        match (detail.before.as_deref(), detail.after.as_deref()) {
            (Some(before), Some(after)) if is_short(before) && is_short(after) => {
                let _ = writeln!(text, "      {what}: {} -> {}", plain(before), plain(after));
            }
            (Some(before), Some(after)) => {
                let _ = writeln!(text, "      {what}:");
                value(text, '-', before, color);
                value(text, '+', after, color);
            }
            (None, Some(after)) if is_short(after) => {
                let _ = writeln!(text, "      {what}: {}, which is new", plain(after));
            }
            (Some(before), None) if is_short(before) => {
                let _ = writeln!(text, "      {what}: {} is gone", plain(before));
            }
            (before, after) => {
                let _ = writeln!(text, "      {what}:");
                if let Some(before) = before {
                    value(text, '-', before, color);
                }
                if let Some(after) = after {
                    value(text, '+', after, color);
                }
            }
        }
    }
}

fn is_short(value: &str) -> bool {
    value.chars().count() <= VALUE_COLUMNS && !value.contains('\n')
}

fn value(text: &mut String, mark: char, value: &str, color: bool) {
    let code = if mark == '-' { "31" } else { "32" };
    for line in value.lines() {
        let _ = writeln!(text, "        {}", painted(&format!("{mark} {line}"), code, color));
    }
}

fn colour(sign: Sign) -> &'static str {
    match sign {
        Sign::Added => "32",
        Sign::Removed => "31",
        Sign::Edited => "33",
        Sign::Moved => "34",
    }
}

/// Names and prompts come from anywhere.
fn plain(text: &str) -> Cow<'_, str> {
    shown_line(text)
}

fn painted(text: &str, code: &str, color: bool) -> String {
    let plain = plain(text);
    if color { format!("\u{1b}[{code}m{plain}\u{1b}[0m") } else { plain.into_owned() }
}
