//! Where the actions of a document lead.

use std::collections::HashMap;

use smallvec::SmallVec;

use super::values::{place, spanned};
use super::{Placed, Reader};
use crate::catalogue::{Next, Operator, rules};
use crate::diagnostics::{CANDIDATES_MAX, Diagnostic, codes};
use crate::flow::breach::breach;
use crate::flow::{BlockId, Condition, Flow, Outlet};
use crate::json::{Json, Node, Path};
use crate::source::{Span, Spanned};

/// Blocks by the identifiers of the document.
type Blocks<'j> = HashMap<&'j str, (BlockId, Span)>;

impl Reader {
    /// The exits of one action: conditions, then errors, then success.
    pub(super) fn transitions(&mut self, flow: &mut Flow, action: &Placed, blocks: &Blocks) {
        let path = action.path.key("Transitions");
        let transitions = match action.json.get("Transitions") {
            Some(json) if json.as_object().is_some() => json,
            None => {
                self.no_next(flow, action, action.json, &path);
                return;
            }
            Some(other) => {
                if other.node != Node::Null {
                    let message = format!("`{path}` is {}, and must be an object", other.what());
                    let problem = Diagnostic::new(codes::MALFORMED, other.span, message);
                    self.leave_out(path, problem.label("left out").help("an action that ends the flow has `{}` there"));
                }
                return;
            }
        };
        self.only_keys(transitions, &path, rules::DOCUMENT_KEYS, &["NextAction", "Conditions", "Errors"]);
        for (condition, place) in self.branches(transitions, "Conditions", &path) {
            self.only_keys(condition, &place, rules::DOCUMENT_KEYS, &["NextAction", "Condition"]);
            let Some(test) = self.condition(condition, &place) else { continue };
            if let Some((to, span)) = self.target(condition, &place, blocks) {
                let span = tested(condition).unwrap_or(span);
                flow.connect(action.block, Outlet::Condition(test.into()), to, span);
            }
        }
        for (error, place) in self.branches(transitions, "Errors", &path) {
            self.only_keys(error, &place, rules::DOCUMENT_KEYS, &["NextAction", "ErrorType"]);
            let Some(kind) = self.error_type(error, &place) else { continue };
            if let Some((to, span)) = self.target(error, &place, blocks) {
                let span = error.get("ErrorType").map_or(span, |kind| kind.span);
                flow.connect(action.block, Outlet::Error(kind.into()), to, span);
            }
        }
        if transitions.get("NextAction").is_none() {
            self.no_next(flow, action, transitions, &path);
        } else if let Some((to, span)) = self.target(transitions, &path, blocks)
            && !is_mirror(flow, action.block, to)
        {
            flow.connect(action.block, Outlet::Next, to, span);
        }
    }

    /// An action that goes on has to say where, even where its branches leave nothing over.
    fn no_next(&mut self, flow: &Flow, action: &Placed, around: &Json, path: &Path) {
        let Some(block) = flow.block(action.block) else { return };
        let goes_on = block.variant().is_some_and(|variant| !matches!(variant.next, Next::Terminal | Next::Absent));
        let may_lack_it = block.action.row().is_some_and(|row| row.may_lack_next);
        if !goes_on || may_lack_it {
            return;
        }
        let span = action.json.get("Type").map_or(around.span.head(), |json| json.span);
        self.without_next.push((action.block, Spanned::new(path.key("NextAction"), span)));
    }

    /// Tells the actions that do not say what comes next, now that each has its name.
    pub(super) fn tell_without_next(&mut self, flow: &Flow) {
        for (id, path) in std::mem::take(&mut self.without_next) {
            let Some(block) = flow.block(id) else { continue };
            let is_copy = block.variant().is_some_and(|variant| matches!(variant.next, Next::Copies(_)));
            let message = format!("{} has no `NextAction`", block.said());
            self.diagnostics.push(
                breach(rules::NEXT_ACTION, codes::MISSING_BRANCH, path.span, message)
                    .label("the service requires it of every action that goes on")
                    .path(Some(path.value))
                    .help(if is_copy {
                        "add `\"NextAction\": \"..\"` to `Transitions`, with the target of one of its branches, as the console does"
                    } else {
                        "add `\"NextAction\": \"..\"` to `Transitions`; in the console, connect the block to the next one"
                    }),
            );
        }
    }

    /// The elements of a list of branches, with their paths.
    fn branches<'j>(&mut self, transitions: &'j Json, name: &str, path: &Path) -> Vec<(&'j Json, Path)> {
        let path = path.key(name);
        match transitions.get(name).map(|json| (&json.node, json)) {
            None | Some((Node::Null, _)) => Vec::new(),
            Some((Node::List(items), _)) => {
                let places = items.iter().enumerate().map(|(index, item)| (item, path.index(index)));
                places.collect()
            }
            Some((_, json)) => {
                let message = format!("`{path}` is {}, and must be a list", json.what());
                let problem = Diagnostic::new(codes::MALFORMED, json.span, message).label("left out");
                self.leave_out(path, problem.help("write the branches as a list of objects"));
                Vec::new()
            }
        }
    }

    fn condition(&mut self, branch: &Json, path: &Path) -> Option<Condition> {
        let path = path.key("Condition");
        let condition = branch.get("Condition");
        let operator = condition.and_then(|condition| condition.text("Operator"));
        let operands = condition.and_then(|condition| condition.get("Operands")).and_then(Json::as_list);
        let (Some(condition), Some(operator), Some(operands)) = (condition, operator, operands) else {
            let span = place(condition, branch);
            let problem = Diagnostic::new(codes::MALFORMED, span, format!("`{path}` is not a condition"));
            self.leave_out(
                path,
                problem.label("the branch is left out").help(
                    "a condition is an object with an `Operator` such as `\"Equals\"` and a list of one operand, `Operands`",
                ),
            );
            return None;
        };
        self.only_keys(condition, &path, rules::DOCUMENT_KEYS, &["Operator", "Operands"]);
        let mut texts = SmallVec::with_capacity(operands.len());
        for (index, operand) in operands.iter().enumerate() {
            match &operand.node {
                Node::Text(text) => texts.push(text.as_str().into()),
                // The service has strings there, and takes numbers.
                Node::Number(digits) => texts.push(digits.as_str().into()),
                Node::Bool(value) => {
                    self.odd_operand(operand, &path.key("Operands").index(index), "read as a string");
                    texts.push(value.to_string().into());
                }
                Node::Null | Node::List(_) | Node::Object(_) => {
                    self.odd_operand(operand, &path.key("Operands").index(index), "left out");
                }
            }
        }
        Some(Condition { operator: operator.to_owned().into(), operands: texts })
    }

    fn odd_operand(&mut self, operand: &Json, path: &Path, done: &str) {
        let message = format!("`{path}` is {}, and must be a string", operand.what());
        self.leave_out(
            path.clone(),
            Diagnostic::new(codes::MALFORMED, operand.span, message)
                .label(done)
                .help("operands are strings, numbers too: `\"Operands\": [\"5\"]`"),
        );
    }

    fn error_type(&mut self, branch: &Json, path: &Path) -> Option<String> {
        let kind = branch.get("ErrorType");
        if let Some(kind) = kind.and_then(Json::as_text).filter(|kind| !kind.is_empty()) {
            return Some(kind.to_owned());
        }
        let path = path.key("ErrorType");
        let problem =
            Diagnostic::new(codes::MALFORMED, place(kind, branch), format!("`{path}` does not name an error"));
        self.leave_out(
            path,
            problem.label("the branch is left out").help("write `\"ErrorType\": \"NoMatchingError\"`"),
        );
        None
    }

    /// The block that a branch leads to; a message if there is none.
    fn target(&mut self, branch: &Json, path: &Path, blocks: &Blocks) -> Option<(BlockId, Span)> {
        let path = path.key("NextAction");
        let named = branch.get("NextAction");
        let name = named.and_then(spanned);
        if let Some((id, _)) = name.and_then(|name| blocks.get(name.value)) {
            return Some((*id, name.map_or(branch.span, |name| name.span)));
        }
        let (message, label) = match (named, name) {
            (_, Some(name)) if !name.value.is_empty() => {
                (format!("`{path}` is `{}`, and no action has that identifier", name.value), "leads nowhere")
            }
            (Some(json), None) if json.node != Node::Null => {
                (format!("`{path}` is {}, and must be an identifier", json.what()), "leads nowhere")
            }
            (Some(_), _) => (format!("`{path}` is empty"), "leads nowhere"),
            (None, _) => (format!("`{path}` is missing"), "this branch leads nowhere"),
        };
        let mut problem = Diagnostic::new(codes::DANGLING_TARGET, place(named, branch), message)
            .label(label)
            .help("name an action of this document; in the console, connect the branch to a block");
        if let Some(name) = name.filter(|name| !name.value.is_empty()) {
            // Identifiers are long and alike: only a slip of the pen is worth suggesting. Of too many, the first would be some
            // others each time.
            if !crate::flow::id::looks_like_uuid(name.value) && blocks.len() <= CANDIDATES_MAX {
                problem = problem.suggest(name.value, blocks.keys().copied());
            }
        }
        self.leave_out(path, problem);
        None
    }
}

/// What a condition is known by among the others: what it compares with, or all of it where that is not all there is to say.
fn tested(branch: &Json) -> Option<Span> {
    let condition = branch.get("Condition")?;
    let is_known = condition.text("Operator").is_some_and(|operator| Operator::from_name(operator).is_some());
    match condition.get("Operands").and_then(Json::as_list) {
        Some([operand]) if is_known => Some(operand.span),
        _ => Some(condition.span),
    }
}

/// Whether the default target only repeats another branch: the console copies one there where an action has no success
/// of its own, and nothing ever takes it.
fn is_mirror(flow: &Flow, block: BlockId, to: BlockId) -> bool {
    let Some(variant) = flow.block(block).and_then(crate::flow::Block::variant) else { return false };
    let never_taken = matches!(variant.next, Next::Copies(_) | Next::Absent);
    never_taken && flow.exits(block).iter().any(|exit| exit.target == to)
}
