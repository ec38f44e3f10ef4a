//! The 2019-10-30 document, as the service accepts it and the console opens it.

use std::fmt;

use ecow::EcoString;
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use smallvec::SmallVec;

use super::layout::{Layout, layout};
use super::metadata::Metadata;
use super::spread::spread;
use crate::catalogue::{Literals, Next, resources};
use crate::flow::{Arg, Block, BlockId, Condition, Exit, Flow, Outlet, Part, Text, Value};

/// The version that every document states.
const VERSION: &str = "2019-10-30";
/// What a document takes about for each block, and besides.
const BLOCK_BYTES: usize = 640;
const FRAME_BYTES: usize = 1 << 10;

/// The document over lines, with a newline at the end.
pub(super) fn pretty(flow: &Flow) -> String {
    spread(&Document { flow, layout: &layout(flow) }, FRAME_BYTES + BLOCK_BYTES * flow.len())
}

/// The document on one line.
pub(super) fn compact(flow: &Flow) -> String {
    json(&Document { flow, layout: &layout(flow) })
}

/// What a module takes and gives, as the service is given it beside the document; nothing for a flow.
pub fn contract(flow: &Flow) -> Option<String> {
    flow.contract().map(|contract| json(&super::metadata::Settings(contract)))
}

// ---- text ---------------------------------------------------------------------------------------------------------

/// JSON on one line. Nothing that is given here can fail to be written: keys are strings, and memory is the sink.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// JSON over lines, with a newline at the end.
pub(super) fn indented<T: Serialize + ?Sized>(value: &T) -> String {
    spread(value, FRAME_BYTES)
}

// ---- document -----------------------------------------------------------------------------------------------------

/// The document of a flow as it stands, checked or not, for comparing: no place is computed, and of the console's
/// bookkeeping only that is there which the flow was read with.
pub fn draft(flow: &Flow) -> serde_json::Value {
    struct Draft<'a>(&'a Flow);
    impl Serialize for Draft<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut document = serializer.serialize_map(None)?;
            document.serialize_entry("Version", VERSION)?;
            document.serialize_entry("StartAction", self.0.start().map_or("", |start| identifier(self.0, start)))?;
            if let Some(kept) = &self.0.metadata {
                document.serialize_entry("Metadata", kept)?;
            }
            document.serialize_entry("Actions", &Actions(self.0))?;
            if let Some(settings) = settings(self.0) {
                document.serialize_entry("Settings", &settings)?;
            }
            document.end()
        }
    }
    serde_json::to_value(Draft(flow)).unwrap_or_default()
}

struct Document<'a> {
    flow: &'a Flow,
    layout: &'a Layout,
}

/// `Settings`: a module's own or those that all modules have; a flow has none unless it was read with some.
fn settings(flow: &Flow) -> Option<serde_json::Value> {
    let standard = || serde_json::to_value(ModuleForm::STANDARD).unwrap_or_default();
    flow.settings.clone().or_else(|| flow.is_module().then(standard))
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let flow = self.flow;
        let mut document = serializer.serialize_struct("Document", 5)?;
        document.serialize_field("Version", VERSION)?;
        document.serialize_field("StartAction", flow.start().map_or("", |start| identifier(flow, start)))?;
        document.serialize_field("Metadata", &Metadata { flow, layout: self.layout })?;
        document.serialize_field("Actions", &Actions(flow))?;
        match &flow.settings {
            Some(settings) => document.serialize_field("Settings", settings)?,
            None if flow.is_module() => document.serialize_field("Settings", &ModuleForm::STANDARD)?,
            None => {}
        }
        document.end()
    }
}

/// What the content of every module carries, whatever its contract: the same lists each time.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ModuleForm {
    input_parameters: [(); 0],
    output_parameters: [(); 0],
    transitions: [ModuleTransition; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ModuleTransition {
    display_name: &'static str,
    reference_name: &'static str,
    description: &'static str,
}

impl ModuleForm {
    const STANDARD: Self =
        Self { input_parameters: [], output_parameters: [], transitions: [transition("Success"), transition("Error")] };
}

const fn transition(name: &'static str) -> ModuleTransition {
    ModuleTransition { display_name: name, reference_name: name, description: "" }
}

fn identifier(flow: &Flow, id: BlockId) -> &str {
    flow.block(id).map_or("", |block| block.identifier.as_str())
}

struct Actions<'a>(&'a Flow);

impl Serialize for Actions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut actions = serializer.serialize_seq(Some(self.0.len()))?;
        for (id, block) in self.0.blocks() {
            actions.serialize_element(&Action { flow: self.0, id, block })?;
        }
        actions.end()
    }
}

struct Action<'a> {
    flow: &'a Flow,
    id: BlockId,
    block: &'a Block,
}

impl Serialize for Action<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut action = serializer.serialize_struct("Action", 4)?;
        action.serialize_field("Parameters", &Entries(&self.block.args))?;
        action.serialize_field("Identifier", &self.block.identifier)?;
        action.serialize_field("Type", self.block.action.name())?;
        action.serialize_field("Transitions", &Transitions::new(self.flow, self.id, self.block))?;
        action.end()
    }
}

// ---- values -------------------------------------------------------------------------------------------------------

struct Entries<'a>(&'a [Arg]);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for arg in self.0 {
            map.serialize_entry(&arg.name.value, &Wire(&arg.value))?;
        }
        map.end()
    }
}

struct Wire<'a>(&'a Value);

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => match text.as_literal().or_else(|| text.as_path()) {
                Some(whole) => serializer.serialize_str(whole),
                None => serializer.collect_str(&Joined(text)),
            },
            Value::Plain(value, _) => value.serialize(serializer),
            Value::List(items, _) => serializer.collect_seq(items.iter().map(Wire)),
            Value::Map(entries, _) => Entries(entries).serialize(serializer),
        }
    }
}

/// A text's parts as one: the service finds references in it by their form.
struct Joined<'a>(&'a Text);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0.parts {
            match part {
                Part::Literal(text) | Part::Path(text) => f.write_str(text)?,
                Part::Resource(kind, name) => f.write_str(&resources::placeholder(*kind, name))?,
                Part::Address(address) => f.write_str(&address.text)?,
            }
        }
        Ok(())
    }
}

// ---- transitions --------------------------------------------------------------------------------------------------

/// The ways out of a block, in the order in which the console writes them.
struct Transitions<'a> {
    flow: &'a Flow,
    next: Option<BlockId>,
    conditions: SmallVec<[(usize, &'a Condition, BlockId); 8]>,
    errors: SmallVec<[(usize, &'a str, BlockId); 4]>,
}

impl<'a> Transitions<'a> {
    fn new(flow: &'a Flow, id: BlockId, block: &Block) -> Self {
        let variant = block.variant();
        let exits = flow.exits(id);
        let mut ways = Self { flow, next: None, conditions: SmallVec::new(), errors: SmallVec::new() };
        if variant.is_some_and(|variant| variant.next == Next::Terminal) {
            return ways;
        }
        ways.next = next_action(variant.map_or(Next::Continues, |variant| variant.next), exits);
        let place = |exit: &Exit| {
            let mut outlets = variant.iter().flat_map(|variant| variant.outlets);
            outlets.position(|spec| exit.outlet.is(spec.exit)).unwrap_or(usize::MAX)
        };
        for exit in exits {
            match &exit.outlet {
                Outlet::Next => {}
                Outlet::Condition(test) => ways.conditions.push((place(exit), test, exit.target)),
                Outlet::Error(error) => ways.errors.push((place(exit), error, exit.target)),
            }
        }
        // Errors and results exclude each other, so their order is the console's. Of what a flow compares with, the
        // first that holds decides.
        ways.errors.sort_by_key(|way| way.0);
        if variant.is_some_and(|variant| variant.literals == Literals::None) {
            ways.conditions.sort_by_key(|way| way.0);
        }
        ways
    }
}

/// The default target. Where an action has no success exit the console copies another, and the service wants it there.
fn next_action(way: Next, exits: &[Exit]) -> Option<BlockId> {
    let first =
        |wanted: &dyn Fn(&Outlet) -> bool| exits.iter().find(|exit| wanted(&exit.outlet)).map(|exit| exit.target);
    if let Some(target) = first(&|outlet| *outlet == Outlet::Next) {
        return Some(target);
    }
    match way {
        Next::Terminal => None,
        Next::Absent => first(&|outlet| matches!(outlet, Outlet::Error(_))),
        Next::Copies(copied) => first(&|outlet| outlet.is(copied)).or_else(|| first(&|_| true)),
        Next::Continues => first(&|_| true),
    }
}

impl Serialize for Transitions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What there is none of is left out, as the console does.
        let mut transitions = serializer.serialize_map(None)?;
        if let Some(next) = self.next {
            transitions.serialize_entry("NextAction", identifier(self.flow, next))?;
        }
        if !self.conditions.is_empty() {
            transitions.serialize_entry("Conditions", &Conditions(self))?;
        }
        if !self.errors.is_empty() {
            transitions.serialize_entry("Errors", &Errors(self))?;
        }
        transitions.end()
    }
}

struct Conditions<'t, 'a>(&'t Transitions<'a>);

impl Serialize for Conditions<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Branch<'a> {
            next_action: &'a str,
            condition: Test<'a>,
        }
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Test<'a> {
            operator: &'a str,
            operands: &'a [EcoString],
        }
        serializer.collect_seq(self.0.conditions.iter().map(|(_, test, target)| Branch {
            next_action: identifier(self.0.flow, *target),
            condition: Test { operator: &test.operator, operands: &test.operands },
        }))
    }
}

struct Errors<'t, 'a>(&'t Transitions<'a>);

impl Serialize for Errors<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Branch<'a> {
            next_action: &'a str,
            error_type: &'a str,
        }
        serializer.collect_seq(
            self.0
                .errors
                .iter()
                .map(|(_, error_type, target)| Branch { next_action: identifier(self.0.flow, *target), error_type }),
        )
    }
}
