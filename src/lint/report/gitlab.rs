//! GitLab's code quality report: a list of issues that a merge request shows.

use serde_json::{Value, json};

use super::{Entry, Places};
use crate::diagnostics::Level;

pub(super) fn report(entries: &[Entry], places: &Places) -> String {
    let issues: Vec<Value> = entries.iter().map(|entry| issue(entry, places)).collect();
    format!("{:#}\n", Value::Array(issues))
}

fn issue(entry: &Entry, places: &Places) -> Value {
    let diagnostic = entry.diagnostic;
    let place = places.of(diagnostic.primary.span);
    let (path, line) = place.map_or(("", 1), |place| (place.path, place.start.line));
    // An error of a flow is known by its text; a finding has a name of its own.
    let fingerprint = entry.finding.map_or_else(
        || blake3::hash([diagnostic.code.id(), path, &diagnostic.message].join("\n").as_bytes()).to_hex().to_string(),
        crate::lint::Finding::fingerprint,
    );
    json!({
        "description": diagnostic.message_with_path(),
        "check_name": diagnostic.code.id(),
        "fingerprint": fingerprint,
        "severity": match diagnostic.level() { Level::Note => "info", Level::Warning => "minor", Level::Error => "major" },
        "location": { "path": path, "lines": { "begin": line } },
    })
}
