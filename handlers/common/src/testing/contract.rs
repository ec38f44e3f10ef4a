//! The file `contract.json`: what a handler reads and answers, for those who write flows. It is made from the handler's
//! Rust types, so that it cannot say anything else.

use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::store::{EXPIRES, Table};

pub struct Contract {
    handler: String,
    parameters: Map<String, Value>,
    takes_others: bool,
    outcomes: Map<String, Value>,
    permissions: Vec<String>,
    table: Option<Value>,
}

impl Contract {
    pub fn new(handler: &str) -> Self {
        Self {
            handler: handler.to_owned(),
            parameters: Map::new(),
            takes_others: false,
            outcomes: Map::new(),
            permissions: Vec::new(),
            table: None,
        }
    }

    /// A parameter that a flow may pass, by the constant that the handler reads it by, and the values that it may have,
    /// where they are a closed set.
    pub fn parameter(mut self, name: &str, values: &[&str]) -> Self {
        let row =
            if values.is_empty() { json!({ "type": "string" }) } else { json!({ "type": "string", "values": values }) };
        self.parameters.insert(name.to_owned(), row);
        self
    }

    /// Parameters that the handler does not know are passed on by it.
    pub fn other_parameters(mut self) -> Self {
        self.takes_others = true;
        self
    }

    /// One of the answers: the keys, and whether there may be others besides.
    pub fn outcome<T: JsonSchema>(mut self, name: &str) -> Self {
        let (keys, is_open) = shape::<T>();
        self.outcomes.insert(name.to_owned(), json!({ "keys": keys, "open": is_open }));
        self
    }

    /// What the handler's role must allow, and nothing else.
    pub fn permissions(mut self, actions: &[&str]) -> Self {
        self.permissions = actions.iter().map(|action| (*action).to_owned()).collect();
        assert!(self.permissions.iter().all(|action| !action.contains('*')), "a role names every action");
        self
    }

    /// The table that the handler keeps its items in: whoever deploys it makes one with these keys.
    pub fn table(mut self, table: &Table) -> Self {
        let mut row = json!({ "name": table.name, "partitionKey": table.partition_key });
        if let Some(key) = table.sort_key {
            row["sortKey"] = json!(key);
        }
        row["expires"] = json!(EXPIRES);
        self.table = Some(row);
        self
    }

    fn text(&self) -> String {
        let mut contract = json!({
            "handler": self.handler,
            "parameters": { "keys": self.parameters, "open": self.takes_others },
            "outcomes": self.outcomes,
            "permissions": self.permissions,
        });
        if let Some(table) = &self.table {
            contract["table"] = table.clone();
        }
        format!("{}\n", serde_json::to_string_pretty(&contract).unwrap())
    }

    /// Fails when the file in the crate's folder says something else. `UPDATE=1` writes it anew.
    pub fn is_what_the_file_says(&self, folder: &str) {
        let path = Path::new(folder).join("contract.json");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, self.text()).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == self.text(),
            "contract.json is stale; UPDATE=1 writes it anew. Flows that use what has changed will need a change too.\n{}",
            self.text()
        );
    }
}

/// The fields of a type, and whether it takes others besides.
fn shape<T: JsonSchema>() -> (Map<String, Value>, bool) {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema["properties"].as_object().cloned().unwrap_or_default();
    let fields = fields.into_iter().map(|(name, field)| {
        let mut row = Map::new();
        let kind = match &field["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").cloned().unwrap_or_default(),
            kind => kind.clone(),
        };
        row.insert("type".to_owned(), if kind.is_null() { json!("string") } else { kind });
        if let Some(values) = values(&field) {
            row.insert("values".to_owned(), values);
        }
        row.insert("always".to_owned(), json!(required.contains(&name.as_str())));
        (name, Value::Object(row))
    });
    let is_open = !matches!(&schema["additionalProperties"], Value::Null | Value::Bool(false));
    (fields.collect(), is_open)
}

/// The closed set of values that an enumeration is.
fn values(field: &Value) -> Option<Value> {
    if let Some(values) = field.get("enum") {
        return Some(values.clone());
    }
    // Variants with a comment of their own come one by one.
    let variants = field.get("oneOf").or_else(|| field.get("anyOf"))?.as_array()?;
    let mut values = Vec::new();
    for variant in variants {
        match (variant.get("const"), variant.get("enum").and_then(Value::as_array)) {
            (Some(value), _) => values.push(value.clone()),
            (_, Some(several)) => values.extend(several.iter().cloned()),
            _ => {}
        }
    }
    (!values.is_empty()).then_some(Value::Array(values))
}
