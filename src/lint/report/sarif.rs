//! SARIF 2.1.0, which code hosts and editors show beside the lines: rules with their pages, findings with their paths,
//! fixes and fingerprints.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Entry, Finding, Places};
use crate::diagnostics::{Diagnostic, Label, Level};
use crate::lint::{Rule, rules};
use crate::source::{Path, Span, shown};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn report(entries: &[Entry], places: &Places) -> String {
    // What is no rule is the code of an error; those that occur are described as well.
    let mut codes: BTreeMap<&str, Value> = rules::ALL.iter().map(|rule| (rule.name(), described(rule))).collect();
    for entry in entries {
        let code = entry.diagnostic.code;
        codes.entry(code.id()).or_insert_with(|| {
            json!({ "id": code.id(), "shortDescription": { "text": code.0.title }, "help": { "text": code.0.page, "markdown": code.0.page } })
        });
    }
    let index: BTreeMap<&str, usize> = codes.keys().enumerate().map(|(at, name)| (*name, at)).collect();
    let results: Vec<Value> = entries.iter().map(|entry| result(entry, &index, places)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "flowc",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": codes.values().collect::<Vec<&Value>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn described(rule: &Rule) -> Value {
    let level = rule.default.level().map_or("none", level);
    json!({
        "id": rule.name(),
        "shortDescription": { "text": rule.title() },
        "fullDescription": { "text": reason(rule.code.0.page) },
        "help": { "text": rule.code.0.page, "markdown": rule.code.0.page },
        "defaultConfiguration": { "enabled": rule.default.level().is_some(), "level": level },
    })
}

/// The first paragraph of a page: why the rule is there.
fn reason(page: &str) -> String {
    let lines = page.lines().skip(1).skip_while(|line| line.trim().is_empty());
    lines.take_while(|line| !line.trim().is_empty()).collect::<Vec<&str>>().join(" ")
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn result(entry: &Entry, index: &BTreeMap<&str, usize>, places: &Places) -> Value {
    let diagnostic = entry.diagnostic;
    let name = diagnostic.code.id();
    let mut place = location(&diagnostic.primary, places);
    let in_document = diagnostic.path.as_ref().map(in_document);
    let logical: Vec<Value> = entry.finding.map(logical).into_iter().chain(in_document).collect();
    if let (false, Some(place)) = (logical.is_empty(), place.as_mut().and_then(Value::as_object_mut)) {
        place.insert("logicalLocations".to_owned(), Value::Array(logical));
    }
    let mut result = json!({
        "ruleId": name,
        "ruleIndex": index.get(name),
        "level": level(diagnostic.level()),
        "message": { "text": message(diagnostic) },
        "locations": place.into_iter().collect::<Vec<Value>>(),
    });
    let Some(members) = result.as_object_mut() else { return result };
    let related: Vec<Value> = diagnostic.secondary.iter().filter_map(|label| location(label, places)).collect();
    if !related.is_empty() {
        members.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    let fixes: Vec<Value> = diagnostic
        .fixes
        .iter()
        .filter_map(|fix| {
            Some(json!({
                "description": { "text": fix.title },
                "artifactChanges": [{
                    "artifactLocation": { "uri": uri(places.of(fix.span)?.path) },
                    "replacements": [{ "deletedRegion": region(fix.span, places)?, "insertedContent": { "text": fix.replacement } }],
                }],
            }))
        })
        .collect();
    if !fixes.is_empty() {
        members.insert("fixes".to_owned(), Value::Array(fixes));
    }
    if let Some(finding) = entry.finding {
        members.insert("partialFingerprints".to_owned(), json!({ "flowcFinding/v1": finding.fingerprint() }));
        let steps: Vec<Value> = finding
            .trail
            .iter()
            .filter_map(|label| location(label, places))
            .map(|location| json!({ "location": location }))
            .collect();
        if !steps.is_empty() {
            members.insert("codeFlows".to_owned(), json!([{ "threadFlows": [{ "locations": steps }] }]));
        }
    }
    result
}

/// The flow, and the block in it if it is about one.
fn logical(finding: &Finding) -> Value {
    let full = [finding.flow.as_str(), &finding.block].join("/");
    json!({ "name": finding.flow, "fullyQualifiedName": full.trim_end_matches('/') })
}

/// The value of a document.
fn in_document(path: &Path) -> Value {
    json!({ "fullyQualifiedName": path.as_str(), "kind": "value" })
}

/// The message and what to do, as sentences: viewers show nothing else.
fn message(diagnostic: &Diagnostic) -> String {
    plain(&match &diagnostic.help {
        Some(help) => format!("{}. Help: {help}.", diagnostic.message),
        None => format!("{}.", diagnostic.message),
    })
}

/// A text without links, which SARIF has even in plain messages: `[text](where)`.
fn plain(text: &str) -> String {
    shown(text).replace("](", "] (")
}

fn location(label: &Label, places: &Places) -> Option<Value> {
    let place = places.of(label.span)?;
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(place.path) }, "region": region(label.span, places)? },
    });
    if let (false, Some(members)) = (label.text.is_empty(), location.as_object_mut()) {
        members.insert("message".to_owned(), json!({ "text": plain(&label.text) }));
    }
    Some(location)
}

fn region(span: Span, places: &Places) -> Option<Value> {
    let place = places.of(span)?;
    Some(json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    }))
}

/// A path as a relative reference: what a reference cannot hold is written in percent.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
