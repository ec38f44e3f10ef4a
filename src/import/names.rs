//! What resources are called. A document has addresses; the console keeps the names behind them in its metadata, and some
//! addresses end in one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value as Plain};

use crate::catalogue::{Kind, Param, ResourceKind, resources};
use crate::flow::id::looks_like_uuid;
use crate::flow::value::{is_address, is_template};
use crate::flow::{Arg, Block, Flow, Part, Value};

/// Something of the instance, with its name and its address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    pub kind: ResourceKind,
    pub name: String,
    pub address: String,
}

/// The names of one flow's resources.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_address: HashMap<(ResourceKind, String), String>,
    taken: BTreeMap<(ResourceKind, String), String>,
    /// Names that the document itself has, with no address behind them: another thing is not called that.
    given: BTreeSet<(ResourceKind, String)>,
    /// Uses of resources by a fixed address, and how many of them have a name.
    pub uses: usize,
    pub named: usize,
}

impl Names {
    /// Collects the names of a flow. Where addresses are to be kept, nothing gets a name that has none.
    pub fn new(flow: &Flow, keep_addresses: bool) -> Self {
        let mut names = Self::default();
        for (_, block) in flow.blocks() {
            block.args.iter().for_each(|arg| names.give(&arg.value));
        }
        let mut told = Told { keep: keep_addresses, ..Told::default() };
        for (_, block) in flow.blocks() {
            let Some(row) = block.action.row() else { continue };
            told.args(row.params, &block.args, &mut Vec::new(), about(flow, block));
        }
        (names.uses, names.named) = (told.named, told.named);
        names.settle(told);
        names
    }

    /// The name of an address.
    pub fn of(&self, kind: ResourceKind, address: &str) -> Option<&str> {
        self.by_address.get(&(kind, address.to_owned())).map(String::as_str)
    }

    /// Whether a source would leave an address as it stands.
    #[expect(clippy::unused_self, reason = "reads as a question about names")]
    pub fn is_address(&self, text: &str) -> bool {
        is_address(text)
    }

    /// What stands for a resource inside a text.
    #[expect(clippy::unused_self, reason = "passed where texts are written")]
    pub fn in_text(&self, part: &Part) -> Option<String> {
        match part {
            Part::Resource(kind, name) => Some(resources::placeholder(*kind, name)),
            Part::Literal(_) | Part::Path(_) | Part::Address(_) => None,
        }
    }

    /// The address of a name.
    pub fn address(&self, kind: ResourceKind, name: &str) -> Option<&str> {
        self.taken.get(&(kind, name.to_owned())).map(String::as_str)
    }

    pub fn resources(&self) -> Vec<Resource> {
        self.taken
            .iter()
            .map(|((kind, name), address)| Resource { kind: *kind, name: name.clone(), address: address.clone() })
            .collect()
    }

    fn give(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.given.extend(text.parts.iter().filter_map(|part| match part {
                Part::Resource(kind, name) => Some((*kind, name.to_string())),
                Part::Literal(_) | Part::Path(_) | Part::Address(_) => None,
            })),
            Value::Plain(..) => {}
            Value::List(items, _) => items.iter().for_each(|item| self.give(item)),
            Value::Map(entries, _) => entries.iter().for_each(|entry| self.give(&entry.value)),
        }
    }

    /// Gives each address its name. In the order of the names and addresses, not of the blocks: the console lists these in
    /// another order whenever it likes, and two versions of a flow call things alike.
    fn settle(&mut self, told: Told) {
        let mut wanted: Vec<((ResourceKind, String), String)> = Vec::new();
        for ((kind, address), about) in told.of {
            self.uses += about.uses;
            let name = about.name();
            self.named += if name.is_some() { about.uses } else { 0 };
            let name = name.or_else(|| stand_in(kind, &address).filter(|_| !about.is_kept));
            wanted.extend(name.map(|name| ((kind, name), address)));
        }
        wanted.sort();
        for ((kind, wanted), address) in wanted {
            let mut key = (kind, wanted.clone());
            let mut count = 1;
            while self.taken.contains_key(&key) || self.given.contains(&key) {
                count += 1;
                key.1 = format!("{wanted} {count}");
            }
            self.by_address.insert((kind, address.clone()), key.1.clone());
            self.taken.insert(key, address);
        }
    }
}

/// What a flow tells of the addresses in it.
#[derive(Debug, Default)]
struct Told {
    /// Whether what is an address stays one.
    keep: bool,
    of: BTreeMap<(ResourceKind, String), About>,
    /// Uses by a name.
    named: usize,
}

/// What is told of one address.
#[derive(Debug, Default)]
struct About {
    uses: usize,
    /// By name, how often it is called that.
    names: BTreeMap<String, usize>,
    is_kept: bool,
}

impl About {
    /// What it is called most often: the console keeps a name with every block, and does not renew it in all of them.
    fn name(&self) -> Option<String> {
        let most = self.names.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(*name)));
        most.map(|(name, _)| name.clone())
    }
}

impl Told {
    fn args<'a>(
        &mut self,
        params: &'static [Param],
        args: &'a [Arg],
        path: &mut Vec<&'a str>,
        about: Option<&Map<String, Plain>>,
    ) {
        for arg in args {
            let Some(param) = params.iter().find(|param| param.name == arg.name.value) else { continue };
            path.push(&arg.name.value);
            self.value(&param.kind, &arg.value, path, about);
            path.pop();
        }
    }

    fn value<'a>(
        &mut self,
        kind: &'static Kind,
        value: &'a Value,
        path: &mut Vec<&'a str>,
        about: Option<&Map<String, Plain>>,
    ) {
        match (kind, value) {
            (Kind::Resource(kind), value) => {
                if let Some(Part::Resource(..)) = value.as_text().and_then(|text| text.parts.first()) {
                    self.named += 1;
                } else if let Some(address) = value.as_literal().filter(|address| !address.is_empty()) {
                    self.add(*kind, address, path, about);
                }
            }
            (Kind::List(kind), Value::List(items, _)) => {
                for item in items {
                    self.value(kind, item, path, about);
                }
            }
            (Kind::Map { value: kind, .. }, Value::Map(entries, _)) => {
                for entry in entries {
                    path.push(&entry.name.value);
                    self.value(kind, &entry.value, path, about);
                    path.pop();
                }
            }
            (kind, Value::Map(entries, _)) => self.args(kind.fields(), entries, path, about),
            _ => {}
        }
    }

    fn add(&mut self, kind: ResourceKind, address: &str, path: &[&str], about: Option<&Map<String, Plain>>) {
        let known = self.of.entry((kind, address.to_owned())).or_default();
        known.uses += 1;
        known.is_kept = self.keep || is_template(address);
        let told = if known.is_kept {
            None
        } else if !is_address(address) {
            Some(address.to_owned())
        } else {
            about.and_then(|about| displayed(about, kind, path)).or_else(|| tail(kind, address))
        };
        if let Some(name) = told {
            *known.names.entry(name).or_default() += 1;
        }
    }
}

/// What the console keeps about a block.
fn about<'f>(flow: &'f Flow, block: &Block) -> Option<&'f Map<String, Plain>> {
    flow.metadata.as_deref()?.get("ActionMetadata")?.get(&block.identifier)?.as_object()
}

/// The name that the console shows for a parameter.
fn displayed(about: &Map<String, Plain>, kind: ResourceKind, path: &[&str]) -> Option<String> {
    let of_parameter = || {
        let start = about.get("parameters")?;
        let at = path.iter().try_fold(start, |at, name| at.get(*name))?;
        let bot = at.get("lexV2BotName").filter(|_| kind == ResourceKind::Bot);
        bot.or_else(|| at.get("displayName")).or_else(|| at.get("text"))?.as_str()
    };
    // Older exports name things beside the parameters.
    let of_block = || {
        let text = |name: &str| about.get(name).and_then(|named| named.get("text").unwrap_or(named).as_str());
        match kind {
            ResourceKind::Queue => text("queue"),
            ResourceKind::Flow => text("contactFlow").or_else(|| text("ContactFlow")),
            ResourceKind::Prompt => text("promptName").or_else(|| text("audio")),
            ResourceKind::Bot => text("lexV2BotName"),
            ResourceKind::Module => text("contactFlowModuleName"),
            ResourceKind::Hours => text("hours").or_else(|| text("Hours")),
            _ => None,
        }
    };
    of_parameter().filter(|name| is_name(name)).or_else(of_block).filter(|name| is_name(name)).map(str::to_owned)
}

/// Whether a text can be a name: not an address, and not what the console shows where it knows none.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.len() <= 127 && !is_address(text) && !text.contains(['$', '\n', '"', '\\', '{', '}'])
}

/// The name that an address ends in.
fn tail(kind: ResourceKind, address: &str) -> Option<String> {
    let rest = address.strip_prefix("arn:")?;
    let name = match kind {
        ResourceKind::Lambda => rest.split(":function:").nth(1)?.split(':').next()?,
        ResourceKind::View => rest.rsplit('/').next()?.split(':').next()?,
        // An alias is an id.
        ResourceKind::Bot => return None,
        _ => rest.rsplit(['/', ':']).next()?,
    };
    (is_name(name) && !name.starts_with("arn") && !is_version(name)).then(|| name.to_owned())
}

/// What stands for a name where there is none: the kind and the beginning of the id. Short enough to be read over, and a
/// place to put a better one.
fn stand_in(kind: ResourceKind, address: &str) -> Option<String> {
    let id = address.rsplit(['/', ':']).next()?;
    let begin: String = id.chars().take_while(char::is_ascii_alphanumeric).take(8).collect();
    let is_id = address.starts_with("arn:") || looks_like_uuid(address);
    (is_id && begin.len() >= 4).then(|| format!("{}-{begin}", kind.word()))
}

/// Whether the end of an address is a version or an alias rather than a name.
fn is_version(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) || text == "TSTALIASID"
}
