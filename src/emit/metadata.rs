//! What the console's designer reads besides the actions: places, names behind addresses, and how to show conditions.
//! The service ignores all of it.

use std::borrow::Cow;

use ecow::EcoString;
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Plain};
use uuid::Uuid;

use super::layout::{Frame, Layout, Point};
use super::marks::Marks;
use crate::catalogue::{Binding, Holds, Kind, Literals, Mark, Operand, Operator, Param, ResourceKind};
use crate::flow::id::uuid;
use crate::flow::{Arg, Block, BlockId, Condition, Contract, Exit, Field, Flow, Outlet, Part, Text, Value};

pub(super) struct Metadata<'a> {
    pub flow: &'a Flow,
    pub layout: &'a Layout,
}

/// A position as the console writes it.
#[derive(Serialize)]
struct Position {
    x: i64,
    y: i64,
}

impl From<Point> for Position {
    fn from(point: Point) -> Self {
        Self { x: point.x, y: point.y }
    }
}

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// An object without keys.
        #[derive(Serialize)]
        struct Empty {}
        let flow = self.flow;
        if let Some(kept) = &flow.metadata {
            return self.kept(kept, serializer);
        }
        let mut metadata = serializer.serialize_struct("Metadata", 9)?;
        metadata.serialize_field("entryPointPosition", &Position::from(self.layout.entry))?;
        metadata.serialize_field("ActionMetadata", &Blocks(self))?;
        metadata.serialize_field("Annotations", &Annotations(self, &[]))?;
        metadata.serialize_field("name", &flow.name.value)?;
        metadata.serialize_field("description", flow.description.as_deref().unwrap_or_default())?;
        if let Some(flow_type) = flow.flow_type() {
            metadata.serialize_field("type", flow_type.metadata_name())?;
        }
        metadata.serialize_field("status", "published")?;
        if let Some(contract) = flow.contract() {
            metadata.serialize_field("settings", &Settings(contract))?;
        }
        metadata.serialize_field("hash", &Empty {})?;
        metadata.end()
    }
}

impl Metadata<'_> {
    /// What was kept of the console's bookkeeping, with places for the blocks that are new.
    fn kept<S: Serializer>(&self, kept: &Map<String, Plain>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut metadata = serializer.serialize_map(Some(kept.len()))?;
        for (name, value) in kept {
            match (name.as_str(), value) {
                ("ActionMetadata", Plain::Object(blocks)) => {
                    metadata.serialize_entry(name, &KeptBlocks(self, blocks))?;
                }
                ("Annotations", Plain::Array(notes)) => metadata.serialize_entry(name, &Annotations(self, notes))?,
                _ => metadata.serialize_entry(name, value)?,
            }
        }
        metadata.end()
    }

    /// What the console keeps of one block, which may stand lower than it is laid out.
    fn note<'a>(&'a self, id: BlockId, block: &'a Block, lower: i64) -> BlockNote<'a> {
        let frame = self.layout.frame(id);
        BlockNote::new(block, frame.x, frame.y + lower, conditions(block, self.flow.exits(id)))
    }
}

/// Blocks by identifier: as they were kept, and the new ones as they are laid out.
struct KeptBlocks<'a>(&'a Metadata<'a>, &'a Map<String, Plain>);

impl Serialize for KeptBlocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(metadata, kept) = self;
        let mut map = serializer.serialize_map(None)?;
        for (identifier, value) in *kept {
            map.serialize_entry(identifier, value)?;
        }
        // A block that nothing was kept of at the time is as good as new, unless none was kept of any.
        if !kept.is_empty() {
            let lower = self.lower();
            for (id, block) in metadata.flow.blocks().filter(|(_, block)| !kept.contains_key(&block.identifier)) {
                map.serialize_entry(&block.identifier, &metadata.note(id, block, lower))?;
            }
        }
        map.end()
    }
}

impl KeptBlocks<'_> {
    /// How much lower than they are laid out the new blocks stand: below all others, if one of them would cover another.
    fn lower(&self) -> i64 {
        let Self(Metadata { flow, layout }, kept) = self;
        let (mut old, mut new): (Vec<Frame>, Vec<Frame>) = (Vec::new(), Vec::new());
        for (id, block) in flow.blocks() {
            match kept.get(&block.identifier) {
                Some(note) => old.extend(place(note).map(|Point { x, y }| Frame { x, y, ..layout.frame(id) })),
                None => new.push(layout.frame(id)),
            }
        }
        let covers = |new: &Frame, old: &Frame| {
            let (right, bottom) = (new.x + new.width, new.y + new.height);
            new.x < old.x + old.width && old.x < right && new.y < old.y + old.height && old.y < bottom
        };
        let is_clear = !new.iter().any(|new| old.iter().any(|old| covers(new, old)));
        let lowest = old.iter().map(|frame| frame.y + frame.height).max();
        let highest = new.iter().map(|frame| frame.y).min();
        match (lowest, highest) {
            (Some(lowest), Some(highest)) if !is_clear => lowest + NEW_BELOW - highest,
            _ => 0,
        }
    }
}

/// Between the blocks that were kept and those that are new.
const NEW_BELOW: i64 = 100;

/// Where a block was, by what was kept of it. The console writes fractions of a point.
fn place(note: &Plain) -> Option<Point> {
    let at = |name: &str| note.get("position")?.get(name)?.as_f64().map(|value| value.clamp(-FAR, FAR));
    #[expect(clippy::cast_possible_truncation, reason = "it lies between two bounds that an integer holds")]
    let point = Point { x: at("x")? as i64, y: at("y")? as i64 };
    Some(point)
}

/// No designer shows more than this, and sums of such numbers stay numbers.
const FAR: f64 = 1e9;

/// The notes of a flow: those that were kept as they were, and new ones beside their blocks.
struct Annotations<'a>(&'a Metadata<'a>, &'a [Plain]);

impl Serialize for Annotations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(Metadata { flow, layout }, kept) = self;
        let mut left: Vec<&Plain> = kept.iter().collect();
        let mut notes: Vec<Plain> = Vec::new();
        for (index, note) in flow.notes.iter().enumerate() {
            let block = note.block.and_then(|id| flow.block(id)).map(|block| block.identifier.as_str());
            let same = left.iter().position(|kept| {
                kept.get("content").and_then(Plain::as_str) == Some(&note.text)
                    && (block.is_none() || kept.get("actionId").and_then(Plain::as_str) == block)
            });
            match same {
                Some(at) => notes.push(left.remove(at).clone()),
                None => {
                    let place = note.block.map_or(layout.entry, |id| {
                        let frame = layout.frame(id);
                        Point { x: frame.x, y: frame.y - NOTE_ABOVE }
                    });
                    let id = Uuid::new_v5(
                        &Uuid::NAMESPACE_OID,
                        format!("{}\n{index}\n{}", flow.name.value, note.text).as_bytes(),
                    );
                    let mut made = serde_json::json!({
                        "type": "default", "id": id.to_string(), "content": note.text, "isFolded": false,
                        "position": { "x": place.x, "y": place.y }, "size": { "height": 295, "width": 300 },
                    });
                    if let (Some(block), Some(made)) = (block, made.as_object_mut()) {
                        made.insert("actionId".to_owned(), block.into());
                    }
                    notes.push(made);
                }
            }
        }
        // What has no text is no note, but it was there.
        notes.extend(left.into_iter().filter(|kept| kept.get("content").and_then(Plain::as_str).is_none()).cloned());
        notes.serialize(serializer)
    }
}

/// How far above its block a new note stands.
const NOTE_ABOVE: i64 = 320;

struct Blocks<'a>(&'a Metadata<'a>);

impl Serialize for Blocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.flow.len()))?;
        for (id, block) in self.0.flow.blocks() {
            map.serialize_entry(&block.identifier, &self.0.note(id, block, 0))?;
        }
        map.end()
    }
}

/// What the console keeps of one block.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BlockNote<'a> {
    position: Position,
    #[serde(skip_serializing_if = "is_false")]
    is_friendly_name: bool,
    #[serde(skip_serializing_if = "Notes::is_empty")]
    parameters: Notes<'a>,
    #[serde(flatten)]
    marks: Marks<'a>,
    /// Older names of the same, which some of the console's blocks still read first.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lex_v2_bot_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_flow_module_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_metadata: Option<Vec<ConditionNote<'a>>>,
}

#[derive(Serialize)]
struct Named<'a> {
    text: &'a str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl<'a> BlockNote<'a> {
    fn new(block: &'a Block, x: i64, y: i64, conditions: Option<Vec<ConditionNote<'a>>>) -> Self {
        let named = |wanted: ResourceKind| block.args.iter().find_map(|arg| find(&arg.value, wanted));
        Self {
            position: Position { x, y },
            is_friendly_name: block.readable,
            parameters: parameters(block),
            marks: Marks(block),
            prompt_name: named(ResourceKind::Prompt),
            queue: named(ResourceKind::Queue).map(|text| Named { text }),
            lex_v2_bot_name: named(ResourceKind::Bot),
            contact_flow_module_name: named(ResourceKind::Module),
            condition_metadata: conditions,
        }
    }
}

/// The name of the first resource of a kind in a block's own parameters, lists apart.
fn find(value: &Value, wanted: ResourceKind) -> Option<&str> {
    match value {
        Value::Text(text) => resource(text).filter(|(kind, _)| *kind == wanted).map(|(_, name)| name),
        Value::Map(entries, _) => entries.iter().find_map(|entry| find(&entry.value, wanted)),
        Value::List(..) | Value::Plain(..) => None,
    }
}

/// The resource that a text addresses, if it is one and nothing else.
pub(super) fn resource(text: &Text) -> Option<(ResourceKind, &str)> {
    match text.parts.as_slice() {
        [Part::Resource(kind, name)] => Some((*kind, name)),
        [Part::Address(address)] => Some((address.kind, &address.name)),
        _ => None,
    }
}

// ---- parameters ---------------------------------------------------------------------------------------------------

/// What the console keeps of a parameter.
#[derive(Serialize)]
#[serde(untagged)]
enum Note<'a> {
    Resource(Shown<'a>),
    Dynamic(Dynamic),
    Unit(Unit),
    Object(Notes<'a>),
    List(Vec<Option<Note<'a>>>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lex_v2_bot_name: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dynamic {
    use_dynamic: bool,
}

/// What the console counts a time span in: so many seconds.
#[derive(Serialize)]
struct Unit {
    unit: u8,
}

struct Notes<'a>(Vec<(&'a str, Note<'a>)>);

impl Notes<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Notes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, note)| (key, note)))
    }
}

/// What the console keeps of a block's parameters.
fn parameters(block: &Block) -> Notes<'_> {
    let Some(row) = block.action.row() else { return Notes(Vec::new()) };
    let counts = |arg: &Arg| {
        let is_it = |mark: &&Mark| matches!(mark.holds, Holds::Seconds) && mark.key == arg.name.value;
        row.designer.iter().any(|mark| is_it(&mark)) && arg.value.as_literal().is_some()
    };
    let notes = block.args.iter().filter_map(|arg| {
        if counts(arg) {
            Some((&*arg.name.value, Note::Unit(Unit { unit: 1 })))
        } else {
            object(std::slice::from_ref(arg), row.params).0.pop()
        }
    });
    Notes(notes.collect())
}

fn object<'a>(args: &'a [Arg], params: &'static [Param]) -> Notes<'a> {
    let note = |arg: &'a Arg| {
        let param = params.iter().find(|param| param.name == arg.name.value)?;
        // What must be a reference has no switch in the console between a fixed value and one.
        let switches = matches!(param.binding, Binding::Single | Binding::Mixed);
        Some((&*arg.name.value, note(&arg.value, &param.kind, switches)?))
    };
    Notes(args.iter().filter_map(note).collect())
}

fn note<'a>(value: &'a Value, kind: &'static Kind, switches: bool) -> Option<Note<'a>> {
    match (value, kind) {
        (Value::Text(text), Kind::Resource(_)) if resource(text).is_some() => {
            let (kind, name) = resource(text)?;
            let bot = Some(name).filter(|_| kind == ResourceKind::Bot);
            Some(Note::Resource(Shown { display_name: name, lex_v2_bot_name: bot }))
        }
        (Value::Text(text), _) => {
            (switches && text.as_path().is_some()).then_some(Note::Dynamic(Dynamic { use_dynamic: true }))
        }
        (Value::Map(entries, _), Kind::Map { value, .. }) => {
            let notes = entries.iter().filter_map(|entry| Some((&*entry.name.value, note(&entry.value, value, true)?)));
            Some(Notes(notes.collect())).filter(|notes| !notes.is_empty()).map(Note::Object)
        }
        (Value::Map(entries, _), kind) => {
            Some(object(entries, kind.fields())).filter(|notes| !notes.is_empty()).map(Note::Object)
        }
        (Value::List(items, _), Kind::List(kind)) => {
            let notes: Vec<Option<Note<'a>>> = items.iter().map(|item| note(item, kind, switches)).collect();
            notes.iter().any(Option::is_some).then_some(Note::List(notes))
        }
        (Value::List(items, _), Kind::Pairs(_)) => {
            let notes: Vec<Option<Note<'a>>> = items.iter().map(|item| note(item, kind, switches)).collect();
            notes.iter().any(Option::is_some).then_some(Note::List(notes))
        }
        (Value::List(..) | Value::Plain(..), _) => None,
    }
}

// ---- conditions ---------------------------------------------------------------------------------------------------

/// How the console shows a branch.
#[derive(Serialize)]
struct ConditionNote<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<OperatorNote>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<Percent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    value: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OperatorNote {
    name: &'static str,
    value: &'static str,
    short_display: &'static str,
}

#[derive(Serialize)]
struct Percent {
    value: i64,
    display: String,
}

/// The notes on a block's conditions, where its branches are the author's own; fixed results such as open and closed
/// have none.
fn conditions<'a>(block: &Block, exits: &'a [Exit]) -> Option<Vec<ConditionNote<'a>>> {
    let literals = block.variant().map_or(Literals::None, |variant| variant.literals);
    if literals == Literals::None {
        return None;
    }
    let tests: Vec<&Condition> = exits
        .iter()
        .filter_map(|exit| if let Outlet::Condition(test) = &exit.outlet { Some(&**test) } else { None })
        .collect();
    let mut before = 1;
    let notes = tests.iter().enumerate().map(|(at, &test)| {
        let operand = test.operands.first().map_or("", EcoString::as_str);
        let mut note = ConditionNote {
            id: note_id(block, test, tests.iter().take(at).filter(|other| **other == test).count()),
            operator: None,
            percent: None,
            name: None,
            value: Cow::Borrowed(operand),
            time: None,
        };
        match literals {
            Literals::None | Literals::Keys => {}
            Literals::Texts { .. } => note.operator = Some(operator_note(test)),
            Literals::Comparisons { operand: unit, .. } => {
                note.operator = Some(operator_note(test));
                if let Some(milliseconds) = operand.parse::<i64>().ok().filter(|_| unit == Operand::Milliseconds) {
                    note.value = (milliseconds / 1000).to_string().into();
                    note.time = Some("sec.");
                }
            }
            Literals::Percentages => {
                // The document holds running sums over a number from 1 to 100; the console shows each branch's share.
                let limit = operand.parse::<i64>().unwrap_or(before).clamp(1, 101);
                let share = limit - before;
                before = limit;
                note.percent = Some(Percent { value: share, display: format!("{share}%") });
                note.name = Some((at + 2).to_string());
                note.value = share.to_string().into();
            }
        }
        note
    });
    Some(notes.collect())
}

/// An id that only what the branch says decides.
fn note_id(block: &Block, test: &Condition, earlier: usize) -> String {
    let mut place = String::with_capacity(128);
    place.extend([&block.identifier, "\n", &test.operator, "\n"]);
    for operand in &test.operands {
        place.extend([operand, "\n"]);
    }
    place.push_str(&earlier.to_string());
    uuid(&Uuid::NAMESPACE_OID, &place)
}

/// An operator in the console's words.
fn operator_note(test: &Condition) -> OperatorNote {
    let (name, value, short_display) = match Operator::from_name(&test.operator) {
        Some(Operator::Equals) | None => ("Equals", "Equals", "="),
        Some(Operator::TextStartsWith) => ("Starts with", "StartsWith", "starts with"),
        Some(Operator::TextEndsWith) => ("Ends with", "EndsWith", "ends with"),
        Some(Operator::TextContains) => ("Contains", "Contains", "contains"),
        Some(Operator::NumberGreaterThan) => ("Is greater than", "GreaterThan", ">"),
        Some(Operator::NumberGreaterOrEqualTo) => ("Is greater or equal", "GreaterThanOrEqualTo", ">="),
        Some(Operator::NumberLessThan) => ("Is less than", "LessThan", "<"),
        Some(Operator::NumberLessOrEqualTo) => ("Is less or equal", "LessThanOrEqualTo", "<="),
        Some(Operator::KeyExists) => ("Exists", "KeyExists", "exists"),
    };
    OperatorNote { name, value, short_display }
}

// ---- contracts ----------------------------------------------------------------------------------------------------

/// A module's contract in the service's form: JSON schemas (draft 4) of what it takes and gives, and its branches.
pub(super) struct Settings<'a>(pub &'a Contract);

impl Serialize for Settings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Schema<'a> {
            schema: ObjectSchema<'a>,
        }
        #[derive(Serialize)]
        struct ObjectSchema<'a> {
            r#type: &'static str,
            properties: Properties<'a>,
        }
        #[derive(Serialize)]
        struct Transitions<'a> {
            results: Vec<Branch<'a>>,
        }
        #[derive(Serialize)]
        struct Branch<'a> {
            name: &'a str,
            /// The declaration says no more than the name, and an empty text may be refused.
            description: &'a str,
        }
        let Contract { inputs, branches, returns } = self.0;
        if inputs.is_empty() && branches.is_empty() && returns.is_empty() {
            return serializer.serialize_map(Some(0))?.end();
        }
        let schema = |fields| Schema { schema: ObjectSchema { r#type: "object", properties: Properties(fields) } };
        let results =
            branches.iter().map(|branch| Branch { name: &branch.value, description: &branch.value }).collect();
        let mut settings = serializer.serialize_struct("Settings", 3)?;
        settings.serialize_field("input", &schema(inputs))?;
        settings.serialize_field("resultData", &schema(returns))?;
        settings.serialize_field("transitions", &Transitions { results })?;
        settings.end()
    }
}

struct Properties<'a>(&'a [Field]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Typed<'a> {
            r#type: &'a str,
        }
        serializer.collect_map(self.0.iter().map(|field| (&field.name.value, Typed { r#type: &field.kind.value })))
    }
}
