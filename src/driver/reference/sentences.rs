//! `docs/sentences.md`: what can be said.

use std::fmt::Write;

use super::{caution, channels, flows, one_of, quoted, spoken, takes, variant};
use crate::catalogue::{self, ActionSpec, Family, Param, Sentence, Setting};

/// What opens `docs/sentences.md`.
const INTRODUCTION: &str = "\
# Sentences

Every sentence of the language, by the action that it becomes. The catalogue's rows say what stands here; `UPDATE=1
cargo test --test it sentences` writes it anew after a row has changed.

`<..>` is a value, `[..]` may be left out, `|` is a choice. Settings stand in parentheses, in any order, and may be left
out unless marked *required*. Branches are clauses behind the sentence: `{ timeout -> step }`. A **required** branch must
lead somewhere; where it is called a failure, `on error -> step` around the line covers it as well.

`docs/actions.md` has the same actions with all of their parameters, and those that have no sentence.
";

/// `docs/sentences.md`.
pub fn sentences() -> String {
    let mut page = INTRODUCTION.to_owned();
    for family in Family::ALL {
        let rows: Vec<_> = catalogue::all().filter(|row| row.family == *family && is_said(row)).collect();
        if !rows.is_empty() {
            let _ = write!(page, "\n## {}\n", family.title());
        }
        for row in rows {
            action(row, &mut page);
        }
    }
    page
}

/// Whether the language has words for an action; the others are reached by `do`.
fn is_said(row: &ActionSpec) -> bool {
    !row.sentences.is_empty() || !row.assigns.is_empty()
}

fn action(row: &'static ActionSpec, page: &mut String) {
    let _ = write!(page, "\n### {}\n\n{} In the console: {}.\n", row.name, row.summary, row.block);
    for sentence in row.sentences {
        let _ = write!(page, "\n    {}\n", catalogue::shape(row, sentence));
        if !sentence.settings.is_empty() {
            let _ = write!(page, "\n| Setting | Takes | Otherwise |\n|---|---|---|\n");
            for found in sentence.settings {
                setting(row, sentence, found, page);
            }
        }
        let _ = write!(page, "\nExample: {}\n", quoted(sentence.example));
    }
    if !row.assigns.is_empty() {
        let key = |keyed: bool| if keyed { ".<key>" } else { "" };
        let _ = writeln!(page);
        for assign in row.assigns {
            let _ = writeln!(page, "    set {}{} = <value>", assign.root, key(assign.keyed));
        }
    }
    let _ = writeln!(page);
    for found in row.variants {
        let _ = writeln!(page, "- {}.", variant(row, found));
    }
    if let Some(results) = row.results {
        let _ = writeln!(page, "- Leaves its result in `{}`; `as name` names it.", results.root);
    }
    let _ = writeln!(page, "- Flows: {}.\n- Channels: {}.", flows(row), channels(row));
    caution(row, page);
}

fn setting(row: &'static ActionSpec, sentence: &Sentence, found: &Setting, page: &mut String) {
    let param = row.param(found.param);
    let takes = match param {
        Some(param) if !found.among.is_empty() => one_of(found.choices(&param.kind)),
        Some(param) => takes(&param.kind),
        None => "a word or text".to_owned(),
    };
    let fixed = sentence.fixed.iter().find(|fixed| fixed.0 == found.param).map(|fixed| fixed.1);
    let otherwise = match (fixed.or(param.and_then(|param| param.default)), param) {
        (Some(value), Some(param)) => spoken(&param.kind, value),
        (_, Some(param)) if is_required(row, found.param, param) => "*required*".to_owned(),
        _ => "left out".to_owned(),
    };
    let note = param.map(|param| param.note).filter(|note| !note.is_empty());
    let note = note.map(|note| format!("; {note}")).unwrap_or_default();
    let _ = writeln!(page, "| `{}` | {}{note} | {otherwise} |", found.word, takes.replace('|', "\\|"));
}

/// A parameter inside an object is asked for only when the object is there.
fn is_required(row: &'static ActionSpec, path: &str, param: &Param) -> bool {
    let outer = path.split_once('.').and_then(|(outer, _)| row.param(outer));
    param.required && param.when.is_none() && outer.is_none_or(|outer| outer.required && outer.when.is_none())
}
