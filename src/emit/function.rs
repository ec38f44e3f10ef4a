//! A function of the project as templates have it, read from its contract: who calls it, which settings it has, what its
//! role allows, and where it keeps items.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::stack::Name;

/// How long a flow waits for a function.
const FLOW_SECONDS: u64 = 8;

#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// What its role has to allow.
    pub grants: Vec<Grant>,
    /// Where it keeps items. Functions that name the same table share it.
    pub table: Option<Table>,
    pub settings: Vec<Setting>,
    /// What the project says its settings are.
    pub given: BTreeMap<String, Given>,
    /// Whether it is the project's even if no flow invokes it.
    pub is_listed: bool,
    /// What an HTTP API in front of it answers.
    pub routes: Vec<Route>,
    pub events: Vec<Event>,
    /// How long an invocation can take.
    pub seconds: u64,
}

/// Actions that a role allows, and what they are allowed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub actions: BTreeSet<String>,
    pub on: On,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// What a parameter names. If there need not be any, what it would be.
    Asked(Option<String>),
    /// Addresses, in which `${..}` stands for what is known when a template is deployed.
    Patterns(Vec<String>),
}

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Partition,
    Region,
    Account,
    Instance,
    Setting(&'a str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    pub about: String,
    /// Without one, it has to be given.
    pub default: Option<String>,
    pub is: Is,
}

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Is {
    Asked,
    InstanceArn,
    InstanceId,
    FlowId,
    /// The address of the function's API, with this behind it, unless another is given.
    Url(String),
}

/// What a project says that a setting is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    Text(String),
    /// The id or address of a flow.
    Flow(Name),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub method: String,
    pub path: String,
    /// Whether the gateway takes requests only from who has signed them.
    pub is_signed: bool,
    /// Whether pages ask from a browser, which asks first whether they may.
    pub is_for_pages: bool,
    /// How many requests a second are let through, where it is not as many as for the others.
    pub per_second: Option<u64>,
}

impl Route {
    /// How a gateway calls it.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Something that a function is told of.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub about: String,
    /// Which events those are, in the words of `EventBridge`.
    pub pattern: Value,
}

/// A table of `DynamoDB`, as functions expect it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Table {
    pub name: String,
    pub partition_key: String,
    pub sort_key: Option<String>,
    /// The attribute with the time at which an item is over.
    pub expires: Option<String>,
}

impl Table {
    /// Its keys and what they are to the table: all are texts.
    pub fn keys(&self) -> Vec<(&str, &'static str)> {
        let partition = Some((self.partition_key.as_str(), "HASH"));
        let sort = self.sort_key.as_deref().map(|key| (key, "RANGE"));
        partition.into_iter().chain(sort).collect()
    }

    /// Its id in a template.
    pub fn id(&self) -> String {
        let letters = self.name.chars().filter(char::is_ascii_alphanumeric);
        format!("Table{}", letters.collect::<String>())
    }
}

impl Function {
    /// Reads a contract; nothing if it is no JSON object.
    pub fn read(contract: &str) -> Option<Self> {
        let contract: Value = serde_json::from_str(contract).ok()?;
        let contract = contract.as_object()?;
        let list = |key: &str| contract.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let settings = contract.get("settings").and_then(Value::as_object);
        let routes = contract.get("http").and_then(|http| http.get("routes")).and_then(Value::as_array);
        Some(Self {
            grants: grants(list("permissions")),
            table: contract.get("table").and_then(table),
            settings: settings.into_iter().flatten().map(|(name, row)| setting(name, row)).collect(),
            given: BTreeMap::new(),
            is_listed: false,
            routes: routes.into_iter().flatten().filter_map(route).collect(),
            events: list("events").iter().filter_map(event).collect(),
            seconds: contract.get("seconds").and_then(Value::as_u64).unwrap_or(FLOW_SECONDS),
        })
    }

    /// The paths of pages, of which browsers ask first whether they may.
    pub fn asked_first(&self) -> BTreeSet<&str> {
        self.routes.iter().filter(|route| route.is_for_pages).map(|route| route.path.as_str()).collect()
    }

    /// The settings that a grant depends on: without a value for each, there is nothing to allow.
    pub fn needed_by<'a>(&'a self, patterns: &'a [String]) -> impl Iterator<Item = &'a Setting> {
        let named: BTreeSet<&str> = patterns.iter().flat_map(|pattern| pieces(pattern)).filter_map(named).collect();
        self.settings.iter().filter(move |setting| {
            let is_optional = setting.is == Is::Asked && setting.default.as_deref() == Some("");
            is_optional && named.contains(setting.name.as_str()) && !self.given.contains_key(&setting.name)
        })
    }
}

fn named(piece: Piece<'_>) -> Option<&str> {
    if let Piece::Setting(name) = piece { Some(name) } else { None }
}

/// The parts of an address.
pub fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once("${") {
        let Some((name, after)) = behind.split_once('}') else { break };
        pieces.push(Piece::Text(before));
        pieces.push(match name {
            "partition" => Piece::Partition,
            "region" => Piece::Region,
            "account" => Piece::Account,
            "instance" => Piece::Instance,
            setting => Piece::Setting(setting),
        });
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

/// Actions that stand alone are joined by the service that they belong to.
fn grants(rows: &[Value]) -> Vec<Grant> {
    let mut services: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut grants = Vec::new();
    for row in rows {
        if let Some((action, (service, _))) = row.as_str().and_then(|action| Some((action, action.split_once(':')?))) {
            services.entry(service.to_owned()).or_default().insert(action.to_owned());
        } else if let Some(actions) = row.get("actions").and_then(Value::as_array) {
            let on = match row.get("on").and_then(Value::as_array) {
                Some(patterns) => On::Patterns(patterns.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
                None => On::Asked(row.get("about").and_then(Value::as_str).map(str::to_owned)),
            };
            grants.push(Grant { actions: actions.iter().filter_map(Value::as_str).map(str::to_owned).collect(), on });
        }
    }
    let plain = services.into_values().map(|actions| Grant { actions, on: On::Asked(None) });
    plain.chain(grants).collect()
}

impl Grant {
    /// The service that its actions belong to.
    pub fn service(&self) -> &str {
        self.actions.first().and_then(|action| action.split_once(':')).map_or("", |(service, _)| service)
    }
}

fn setting(name: &str, row: &Value) -> Setting {
    let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
    Setting {
        name: name.to_owned(),
        about: text("about").unwrap_or_else(|| format!("The setting `{name}`")),
        default: text("default"),
        is: match text("is").as_deref() {
            Some("instance-arn") => Is::InstanceArn,
            Some("instance-id") => Is::InstanceId,
            Some("flow-id") => Is::FlowId,
            Some("url") => Is::Url(text("path").unwrap_or_default()),
            _ => Is::Asked,
        },
    }
}

fn route(row: &Value) -> Option<Route> {
    let origins = row.get("origins").and_then(Value::as_array);
    Some(Route {
        method: row.get("method")?.as_str()?.to_owned(),
        path: row.get("path")?.as_str()?.to_owned(),
        is_signed: row.get("signed").and_then(Value::as_bool).unwrap_or(false),
        is_for_pages: origins.is_some_and(|origins| !origins.is_empty()),
        per_second: row.get("perSecond").and_then(Value::as_u64),
    })
}

fn event(row: &Value) -> Option<Event> {
    let about = row.get("about").and_then(Value::as_str).unwrap_or("An event").to_owned();
    Some(Event { about, pattern: row.get("pattern")?.clone() })
}

/// The table that a contract names.
fn table(contract: &Value) -> Option<Table> {
    let text = |key: &str| contract.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Table {
        name: text("name")?,
        partition_key: text("partitionKey")?,
        sort_key: text("sortKey"),
        expires: text("expires"),
    })
}

/// The words of a name, each with a capital and nothing between them: `API_URL` is `ApiUrl`, `oauthSecretArn` keeps its
/// humps.
pub fn capitals(name: &str) -> String {
    let is_shouted = !name.chars().any(|c| c.is_ascii_lowercase());
    let mut id = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        let rest = letters.as_str();
        id.push_str(&if is_shouted { rest.to_ascii_lowercase() } else { rest.to_owned() });
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_parts() {
        let pattern = "arn:${partition}:s3:::${BUCKET}/x/*";
        assert_eq!(
            pieces(pattern),
            [
                Piece::Text("arn:"),
                Piece::Partition,
                Piece::Text(":s3:::"),
                Piece::Setting("BUCKET"),
                Piece::Text("/x/*")
            ]
        );
        assert_eq!(pieces("*"), [Piece::Text("*")]);
        assert_eq!(pieces("a${b"), [Piece::Text("a${b")]);
    }

    #[test]
    fn what_is_no_contract_is_none_and_what_is_left_out_is_plain() {
        assert!(Function::read("[]").is_none() && Function::read("{").is_none());
        let function = Function::read("{}").unwrap();
        assert!(function.grants.is_empty() && function.routes.is_empty() && function.seconds == FLOW_SECONDS);
    }

    #[test]
    fn names_become_words_with_capitals() {
        assert_eq!(capitals("API_URL"), "ApiUrl");
        assert_eq!(capitals("oauthSecretArn"), "OauthSecretArn");
        assert_eq!(capitals("/frontend-config.js"), "FrontendConfigJs");
        assert_eq!(capitals("/setConnectUserId"), "SetConnectUserId");
    }
}
