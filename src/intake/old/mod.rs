//! The form from before 2019-10-30, as a document of today.
//!
//! The rows of [`crate::catalogue::old`] say what became of what. All that has no row stays, under its old name and with a
//! warning: a block as an action of a type that nobody knows, a parameter among the others, a branch as an error. Nothing
//! is made up: a branch that an old block did not have and today's action requires is missing afterwards.

mod branches;
mod values;

use crate::catalogue::{self, old};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::json::{Json, Member, Node};
use crate::source::{Span, Spanned};

use super::tree::{self, Step};

/// Problems that are told about, of one export. A flow has at most 250 blocks.
const TOLD_MAX: usize = 500;
/// Parameters of one block that are read. Attributes are the most a block can have of anything, and their texts may take
/// 32 KiB in all.
const PARAMETERS_MAX: usize = 4_096;

/// Whether a value is in the old form.
pub fn is_old(json: &Json) -> bool {
    json.get("modules").is_some_and(|modules| modules.as_list().is_some())
        && ["start", "version", "metadata", "type"].iter().any(|key| json.get(key).is_some())
        && json.get("Actions").is_none()
}

/// The document of today, with spans into the old one.
pub fn today(json: &Json, diagnostics: &mut Diagnostics) -> Json {
    let head = json.span.head();
    let mut converter = Converter { diagnostics, told: 0, shown: Vec::new() };
    let blocks = json.get("modules");
    let actions: Vec<Json> =
        blocks.and_then(Json::as_list).unwrap_or_default().iter().filter_map(|block| converter.block(block)).collect();
    let version = json.get("version").map_or(head, |version| version.span);
    let mut members = vec![tree::member("Version", tree::text("2019-10-30", version))];
    if let Some(start) = json.get("start") {
        members.push(renamed(json, "start", "StartAction", start.clone()));
    }
    let metadata = converter.metadata(json);
    members.push(tree::member("Metadata", metadata));
    members.push(renamed(json, "modules", "Actions", tree::list(actions, blocks.map_or(head, |blocks| blocks.span))));
    tree::object(members, json.span)
}

/// A member of today that stands where one of the old form does.
fn renamed(json: &Json, old: &str, name: &str, value: Json) -> Member {
    let place = json.as_object().unwrap_or_default().iter().rev().find(|member| member.name.value == old);
    Member { name: Spanned::new(name.to_owned(), place.map_or(json.span.head(), |member| member.name.span)), value }
}

struct Converter<'a> {
    diagnostics: &'a mut Diagnostics,
    told: usize,
    /// What the designer shows of each block: its identifier, and its part of the metadata.
    shown: Vec<Member>,
}

/// A block while it becomes an action.
struct Block<'a> {
    json: &'a Json,
    /// Its old name, and where that stands.
    name: &'a str,
    span: Span,
    row: Option<&'static old::OldBlock>,
    action: Option<&'static catalogue::ActionSpec>,
    parameters: Json,
    /// Names of resources, at the paths of the parameters that address them.
    names: Json,
}

impl Block<'_> {
    /// A block's name for messages: `Transfer` alone does not say which.
    fn called(&self) -> String {
        match self.json.text("target") {
            Some(target) => format!("{} ({target})", self.name),
            None => self.name.to_owned(),
        }
    }

    /// Says something about a parameter that no parameter of the old block says.
    fn say(&mut self, (path, value): old::Said, span: Span) {
        let Some(steps) = tree::steps(path, &self.parameters, |_| None) else { return };
        let is_list = value.is_empty();
        let value = if is_list { tree::list(Vec::new(), span) } else { tree::text(value, span) };
        tree::put(&mut self.parameters, &steps, span, value);
    }

    /// Puts a parameter's value where today's action has it.
    fn put(&mut self, steps: &[Step], name: Span, value: Json, shown: Option<Json>) {
        tree::put(&mut self.parameters, steps, name, value);
        if let Some(shown) = shown {
            let mut steps = steps.to_vec();
            steps.push(Step::Key("displayName".to_owned()));
            tree::put(&mut self.names, &steps, shown.span, shown);
        }
    }
}

impl Converter<'_> {
    /// An action, unless the block is nothing that could be one.
    fn block(&mut self, json: &Json) -> Option<Json> {
        let (Some(id), Some(kind)) = (json.get("id"), json.get("type")) else {
            self.tell(
                Diagnostic::new(codes::MALFORMED, json.span, "this block has no `id` or no `type`")
                    .label(format!("this is {}", json.what()))
                    .help("it is left out; everything around it is read"),
            );
            return None;
        };
        let name = kind.as_text().unwrap_or_default();
        let row = old::find(name, json.text("target"));
        let mut block = Block {
            json,
            name,
            span: kind.span,
            row,
            action: row.and_then(|row| catalogue::find(row.action)),
            parameters: tree::object(Vec::new(), json.get("parameters").map_or(kind.span, |list| list.span)),
            names: tree::object(Vec::new(), kind.span),
        };
        if row.is_none() {
            self.no_counterpart(kind.span, &format!("`{}` blocks", block.called()));
        }
        self.parameters(&mut block);
        // Of a block that nothing is known of, all that it says is kept.
        if row.is_none()
            && let Some(target) = json.get("target").filter(|target| target.as_text().is_some())
        {
            block.put(&[Step::Key("target".to_owned())], target.span, target.clone(), None);
        }
        let transitions = self.transitions(&mut block);
        self.show(id, &block);
        let name = row.map_or(name, |row| row.action);
        let members = vec![
            renamed(json, "id", "Identifier", id.clone()),
            renamed(json, "type", "Type", tree::text(name, kind.span)),
            renamed(json, "parameters", "Parameters", block.parameters),
            renamed(json, "branches", "Transitions", transitions),
        ];
        Some(tree::object(members, json.span))
    }

    fn tell(&mut self, problem: Diagnostic) {
        self.told += 1;
        if self.told <= TOLD_MAX {
            self.diagnostics.push(problem);
        }
    }

    fn no_counterpart(&mut self, span: Span, what: &str) {
        self.tell(
            Diagnostic::new(codes::NO_COUNTERPART, span, format!("{what} have no counterpart in today's flows"))
                .label("kept under its old name")
                .help("replace it by hand with what does its work today"),
        );
    }

    /// What the designer shows of a block: all that it did, and the names of resources.
    fn show(&mut self, id: &Json, block: &Block) {
        let Some(id) = id.as_text() else { return };
        let mut members = block.json.get("metadata").and_then(Json::as_object).unwrap_or_default().to_vec();
        if block.names.as_object().is_some_and(|names| !names.is_empty()) {
            members.push(tree::member("parameters", block.names.clone()));
        }
        let span = block.json.get("metadata").map_or(block.span, |metadata| metadata.span);
        self.shown.push(tree::member(id, tree::object(members, span)));
    }

    fn metadata(&mut self, json: &Json) -> Json {
        let old = json.get("metadata");
        let span = old.map_or(json.span.head(), |metadata| metadata.span);
        let mut members = old.and_then(Json::as_object).unwrap_or_default().to_vec();
        // The type stands in both places, and in either alone.
        if let Some(kind) = json.get("type")
            && !members.iter().any(|member| member.name.value == "type")
        {
            members.push(renamed(json, "type", "type", kind.clone()));
        }
        members.push(tree::member("ActionMetadata", tree::object(std::mem::take(&mut self.shown), span)));
        tree::object(members, span)
    }
}

/// A number's or switch's text; today's documents hold nothing else.
fn scalar(json: &Json) -> Option<String> {
    match &json.node {
        Node::Text(text) => Some(text.clone()),
        Node::Number(digits) => Some(digits.clone()),
        Node::Bool(true) => Some("True".to_owned()),
        Node::Bool(false) => Some("False".to_owned()),
        Node::Null | Node::List(_) | Node::Object(_) => None,
    }
}
