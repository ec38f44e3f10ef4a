//! Differences for programs.

use serde_json::{Map, Value, json};

use super::telling::state;
use crate::diff::{Change, Detail, Diff, FlowDiff, Place, Said, State, Told, Way};
use crate::emit::json_text;

/// Counted up when a field changes its meaning or goes.
const VERSION: u32 = 1;

pub(super) fn report(diff: &Diff) -> String {
    let flows: Vec<Value> = diff.flows.iter().map(flow).collect();
    json_text(&json!({ "version": VERSION, "same": diff.same, "unread": diff.unread, "flows": flows }))
}

fn flow(flow: &FlowDiff) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(flow.name));
    if let State::Renamed(before) = &flow.state {
        object.insert("before".to_owned(), json!(before));
    }
    object.insert("state".to_owned(), json!(state(flow)));
    object.insert("kind".to_owned(), json!(flow.kind));
    object.insert("path".to_owned(), json!(flow.path));
    object.insert("line".to_owned(), json!(flow.line));
    object.insert("blocks".to_owned(), json!(flow.blocks));
    object.insert("changes".to_owned(), flow.changes.iter().map(told).collect());
    object.insert("callers".to_owned(), json!(flow.callers));
    Value::Object(object)
}

/// A change with its places behind what it says.
fn told(told: &Told) -> Value {
    let mut value = change(&told.change);
    if let Value::Object(object) = &mut value {
        object.insert(
            "places".to_owned(),
            json!({ "before": place(told.before.as_ref()), "after": place(told.after.as_ref()) }),
        );
    }
    value
}

fn place(place: Option<&Place>) -> Value {
    let Some(place) = place else { return Value::Null };
    let mut object = json!({ "file": place.file, "line": place.line, "column": place.column });
    if let (Some(action), Value::Object(object)) = (&place.action, &mut object) {
        object.extend(action.path.iter().map(|path| ("path".to_owned(), json!(path))));
        object.insert("identifier".to_owned(), json!(action.identifier));
    }
    object
}

fn change(change: &Change) -> Value {
    match change {
        Change::About { what, before, after } => {
            json!({ "change": "about", "what": what, "before": before, "after": after })
        }
        Change::Begins { before, after, hangs_up } => json!({
            "change": "begins", "before": before.as_ref().map(said), "after": after.as_ref().map(said),
            "hangsUp": hangs_up,
        }),
        Change::Added { block, is_first, from, to, hangs_up } => json!({
            "change": "added", "block": said(block), "isFirst": is_first, "from": from.iter().map(way).collect::<Vec<_>>(),
            "to": to.as_ref().map(said), "hangsUp": hangs_up,
        }),
        Change::Removed { block, is_first, from, now, hangs_up } => json!({
            "change": "removed", "block": said(block), "isFirst": is_first, "from": from.iter().map(way).collect::<Vec<_>>(),
            "now": now.iter().map(said).collect::<Vec<_>>(), "hangsUp": hangs_up,
        }),
        Change::Edited { before, after, details } => json!({
            "change": "edited", "block": said(after), "was": said(before),
            "details": details.iter().map(detail).collect::<Vec<_>>(),
        }),
        Change::Branch { way, is_error, before, after, hangs_up } => json!({
            "change": match (before, after) {
                (None, _) => "branch-added",
                (_, None) => "branch-removed",
                _ => "rerouted",
            },
            "block": said(&way.block), "branch": way.branch, "isError": is_error,
            "before": before.as_ref().map(said), "after": after.as_ref().map(said), "hangsUp": hangs_up,
        }),
        Change::Case { block, before, after } => {
            json!({ "change": "case", "block": said(block), "before": before, "after": after })
        }
        Change::Order { block, before, after } => {
            json!({ "change": "order", "block": said(block), "before": before, "after": after })
        }
    }
}

fn said(said: &Said) -> Value {
    if said.step.is_empty() {
        json!({ "sentence": said.sentence })
    } else {
        json!({ "sentence": said.sentence, "step": said.step })
    }
}

fn way(way: &Way) -> Value {
    json!({ "block": said(&way.block), "branch": way.branch })
}

fn detail(detail: &Detail) -> Value {
    json!({ "what": detail.what, "before": detail.before, "after": detail.after })
}
