//! The file `contract.json`: what a handler reads and answers, for those who write flows, and what it needs, for templates
//! that deploy it. It is made from the handler's Rust types and constants, so that it cannot say anything else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::contract_claims::{granted_by_readme, read_by_sources};
use crate::store::{EXPIRES, Table};

pub struct Contract {
    handler: String,
    parameters: Map<String, Value>,
    takes_others: bool,
    outcomes: Map<String, Value>,
    routes: Vec<Value>,
    events: Vec<Value>,
    seconds: Option<u64>,
    settings: Map<String, Value>,
    /// Settings that no template should hold.
    kept_out: BTreeSet<String>,
    permissions: Vec<Value>,
    table: Option<Value>,
}

/// An address of an HTTP API.
#[derive(Debug, Clone, Copy, Default)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// Whether the gateway takes requests only from who has signed them.
    pub signed: bool,
    /// The settings with the pages that may ask from a browser.
    pub origins: &'static [&'static str],
    /// How many requests a second are enough for everybody together, where that is fewer than for the rest.
    pub per_second: Option<u32>,
}

/// Where a template takes the value of a setting from, if not from who deploys it.
#[derive(Debug, Clone, Copy)]
pub enum FilledBy {
    InstanceArn,
    InstanceId,
    FlowId,
    /// The API's own address, with this behind it.
    Url(&'static str),
}

impl Contract {
    pub fn new(handler: &str) -> Self {
        Self {
            handler: handler.to_owned(),
            parameters: Map::new(),
            takes_others: false,
            outcomes: Map::new(),
            routes: Vec::new(),
            events: Vec::new(),
            seconds: None,
            settings: Map::new(),
            kept_out: BTreeSet::new(),
            permissions: Vec::new(),
            table: None,
        }
    }

    // ---- who calls it -------------------------------------------------------------------------------------------

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

    /// What an HTTP API in front of the handler answers.
    pub fn routes(mut self, routes: impl IntoIterator<Item = Route>) -> Self {
        self.routes.extend(routes.into_iter().map(|route| {
            let mut row = json!({ "method": route.method, "path": route.path, "signed": route.signed });
            if !route.origins.is_empty() {
                row["origins"] = json!(route.origins);
            }
            if let Some(limit) = route.per_second {
                row["perSecond"] = json!(limit);
            }
            row
        }));
        self
    }

    /// What happens elsewhere that the handler is told of: a pattern of `EventBridge`.
    pub fn event(mut self, about: &str, pattern: &Value) -> Self {
        self.events.push(json!({ "about": about, "pattern": pattern }));
        self
    }

    /// How long an invocation can take, where no flow waits for it.
    pub fn seconds(mut self, seconds: u64) -> Self {
        self.seconds = Some(seconds);
        self
    }

    // ---- what it needs ------------------------------------------------------------------------------------------

    /// A setting that has to be given.
    pub fn setting(mut self, name: &str, about: &str) -> Self {
        self.settings.insert(name.to_owned(), json!({ "about": about }));
        self
    }

    /// A setting with what counts if nothing is given.
    pub fn setting_or(mut self, name: &str, default: &str, about: &str) -> Self {
        self.settings.insert(name.to_owned(), json!({ "about": about, "default": default }));
        self
    }

    /// A setting that a template can fill in.
    pub fn setting_of(mut self, name: &str, by: FilledBy, about: &str) -> Self {
        let (is, path) = match by {
            FilledBy::InstanceArn => ("instance-arn", None),
            FilledBy::InstanceId => ("instance-id", None),
            FilledBy::FlowId => ("flow-id", None),
            FilledBy::Url(path) => ("url", Some(path)),
        };
        let mut row = json!({ "about": about, "is": is });
        if let Some(path) = path {
            row["path"] = json!(path);
        }
        self.settings.insert(name.to_owned(), row);
        self
    }

    /// Settings that have no place in a template: credentials, which a secret holds there, and what is for tests.
    pub fn settings_kept_out(mut self, names: &[&str]) -> Self {
        self.kept_out.extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    /// What the handler's role must allow, and nothing else: on the table what belongs to tables, and on what who deploys it
    /// names what does not.
    pub fn permissions(mut self, actions: &[&str]) -> Self {
        self.permissions.extend(actions.iter().map(|action| json!(action)));
        self
    }

    /// What the role must allow on one kind of thing: addresses, in which `${partition}`, `${region}`, `${account}`,
    /// `${instance}` and settings stand for what they will be. It is left out where a setting among them has no value.
    pub fn permissions_on(mut self, on: &[&str], actions: &[&str]) -> Self {
        self.permissions.push(json!({ "actions": actions, "on": on }));
        self
    }

    /// What the role must allow on things that who deploys it may name.
    pub fn permissions_on_named(mut self, about: &str, actions: &[&str]) -> Self {
        self.permissions.push(json!({ "actions": actions, "about": about }));
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
        let mut contract = json!({ "handler": self.handler });
        if !self.outcomes.is_empty() {
            contract["parameters"] = json!({ "keys": self.parameters, "open": self.takes_others });
            contract["outcomes"] = json!(self.outcomes);
        }
        if !self.routes.is_empty() {
            contract["http"] = json!({ "routes": self.routes });
        }
        if !self.events.is_empty() {
            contract["events"] = json!(self.events);
        }
        if let Some(seconds) = self.seconds {
            contract["seconds"] = json!(seconds);
        }
        if !self.settings.is_empty() {
            contract["settings"] = json!(self.settings);
        }
        contract["permissions"] = json!(self.permissions);
        if let Some(table) = &self.table {
            contract["table"] = table.clone();
        }
        format!("{}\n", serde_json::to_string_pretty(&contract).unwrap())
    }

    fn actions(&self) -> BTreeSet<String> {
        let rows = self.permissions.iter().flat_map(|row| match row.get("actions").and_then(Value::as_array) {
            Some(actions) => actions.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
            None => row.as_str().into_iter().collect(),
        });
        rows.map(str::to_owned).collect()
    }

    /// Fails when the file in the crate's folder says something else, and when the crate's README grants other permissions or
    /// its code reads other settings. `UPDATE=1` writes the file anew.
    pub fn is_what_the_file_says(&self, folder: &str) {
        let folder = Path::new(folder);
        let actions = self.actions();
        assert!(actions.iter().all(|action| !action.contains('*')), "a role names every action");
        assert_eq!(granted_by_readme(folder), actions, "the README grants other permissions than the contract");
        let settings: BTreeSet<String> = self.settings.keys().chain(&self.kept_out).cloned().collect();
        let read = read_by_sources(folder, &settings);
        assert_eq!(read, settings, "the code reads other settings than the contract lists");
        let path = folder.join("contract.json");
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
