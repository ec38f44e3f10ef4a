//! A placeholder for the manifest: names and signatures only.

/// One flow's row.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: String,
    pub file: String,
}

pub fn manifest(entries: Vec<Entry>) -> String {
    let rows: Vec<serde_json::Value> = entries
        .into_iter()
        .map(|entry| serde_json::json!({"name": entry.name, "kind": "flow", "file": entry.file}))
        .collect();
    format!("{:#}\n", serde_json::json!({ "flows": rows }))
}
