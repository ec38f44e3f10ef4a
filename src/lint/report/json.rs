//! One JSON object per finding and line. `docs/lint.md` describes the fields; programs read them.

use serde_json::{Value, json};

use super::{Entry, Places};
use crate::diagnostics::{Label, Safety};
use crate::source::{Path, Span};

pub(super) fn report(entries: &[Entry], places: &Places) -> String {
    entries.iter().map(|entry| object(entry, places).to_string() + "\n").collect()
}

fn object(entry: &Entry, places: &Places) -> Value {
    let diagnostic = entry.diagnostic;
    let labels = |labels: &[Label]| labels.iter().map(|label| labelled(label, places)).collect::<Vec<Value>>();
    let fixes: Vec<Value> = diagnostic
        .fixes
        .iter()
        .map(|fix| {
            json!({
                "title": fix.title,
                "place": place(fix.span, places),
                "replacement": fix.replacement,
                "safety": match fix.safety { Safety::Safe => "safe", Safety::Unsafe => "unsafe" },
            })
        })
        .collect();
    json!({
        "rule": diagnostic.code.id(),
        "level": diagnostic.level().word(),
        "message": diagnostic.message,
        "place": place(diagnostic.primary.span, places),
        "documentPath": diagnostic.path.as_ref().map(Path::as_str),
        "label": diagnostic.primary.text,
        "help": diagnostic.help,
        "flow": entry.finding.map(|finding| &finding.flow),
        "block": entry.finding.map(|finding| &finding.block).filter(|block| !block.is_empty()),
        "fingerprint": entry.finding.map(super::Finding::fingerprint),
        "related": labels(&diagnostic.secondary),
        "path": labels(entry.finding.map_or(&[], |finding| &finding.trail)),
        "fixes": fixes,
    })
}

fn labelled(label: &Label, places: &Places) -> Value {
    json!({ "label": label.text, "place": place(label.span, places) })
}

fn place(span: Span, places: &Places) -> Value {
    places.of(span).map_or(Value::Null, |place| {
        json!({
            "file": place.path,
            "start": { "line": place.start.line, "column": place.start.column, "offset": span.start },
            "end": { "line": place.end.line, "column": place.end.column, "offset": span.end },
        })
    })
}
