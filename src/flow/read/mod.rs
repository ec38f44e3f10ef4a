//! From documents to flows: what `build` is to the language, this is to Connect's JSON.
//!
//! Reading is total. What the service would refuse is reported with its path in the document; what can be understood
//! around it is kept, so that a draft with a loose end can still be looked at, checked and turned into source. Every part
//! that a flow cannot hold is told, never dropped in silence.

mod about;
mod sentence;
mod transitions;
mod values;

pub use about::{About, Known};
pub use values::parts;

use std::collections::HashMap;

use ecow::EcoString;

use crate::catalogue::{self, Rule, actions, rules};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::flow::breach::{answer, breach, wrong_type};
use crate::flow::id::looks_like_uuid;
use crate::flow::{Action, Block, BlockId, BlockOrigin, Flow, FlowKind, InDocument, Note, Outlet};
use crate::json::{Json, Member, Node, Path};
use crate::source::{Span, Spanned};

/// What a document came to.
#[derive(Debug)]
pub struct Reading {
    /// Nothing if there is no action in it.
    pub flow: Option<Flow>,
    pub diagnostics: Diagnostics,
    /// The parts of the document that the flow does not have, as paths. Each has been reported.
    pub left_out: Vec<Path>,
    /// Whether a module's contract is declared, and not what its actions seem to take.
    pub has_contract: bool,
}

/// Reads a document.
pub fn document(json: &Json, about: &About) -> Reading {
    let mut reader = Reader {
        diagnostics: Diagnostics::new(),
        left_out: Vec::new(),
        without_next: Vec::new(),
        has_contract: false,
        is_broken: false,
    };
    let flow = reader.flow(json, about);
    Reading { flow, diagnostics: reader.diagnostics, left_out: reader.left_out, has_contract: reader.has_contract }
}

struct Reader {
    diagnostics: Diagnostics,
    left_out: Vec<Path>,
    /// The actions that go on and do not say where, and the paths at which they would.
    without_next: Vec<(BlockId, Spanned<Path>)>,
    /// Whether a module's contract is declared, and not what its actions seem to take.
    has_contract: bool,
    /// Whether something is not understood, so that what is missed may only be in there.
    is_broken: bool,
}

/// An action of the document that became a block.
struct Placed<'j> {
    json: &'j Json,
    path: Path,
    block: BlockId,
}

impl Reader {
    fn flow(&mut self, json: &Json, about: &About) -> Option<Flow> {
        let top = Path::default();
        let actions = self.actions(json)?;
        let (kind, inferred) = about::kind(json, about, actions);
        let name = Spanned::new(about.name.clone(), json.span.head());
        self.diagnostics.extend(inferred);
        let mut flow = Flow::new(Spanned::new(name.value.into(), name.span), kind, json.span);
        flow.description.clone_from(&about.description);
        self.only_keys(
            json,
            &top,
            rules::DOCUMENT_KEYS,
            &["Version", "StartAction", "Metadata", "Actions", "Settings"],
        );
        self.version(json);

        let mut placed: Vec<Placed> = Vec::with_capacity(actions.len());
        let mut by_identifier: HashMap<&str, (BlockId, Span)> = HashMap::with_capacity(actions.len());
        for (index, action) in actions.iter().enumerate() {
            let path = top.key("Actions").index(index);
            let Some(block) = self.block(action, &path, index) else { continue };
            let id = flow.add(block);
            if let Some((identifier, span)) =
                action.get("Identifier").and_then(|json| json.as_text().map(|text| (text, json.span)))
            {
                match by_identifier.get(identifier) {
                    Some((_, before)) => self.duplicate(identifier, span, *before, &path),
                    None => {
                        by_identifier.insert(identifier, (id, span));
                    }
                }
            }
            placed.push(Placed { json: action, path, block: id });
        }
        for action in &placed {
            self.transitions(&mut flow, action, &by_identifier);
        }
        let start = self.start(json, &flow, &by_identifier)?;
        flow.begin_at(start);
        name_blocks(&mut flow, start);
        self.name_blocks(&flow, &placed);
        self.tell_without_next(&flow);
        // Exits that could not be read are not missed a second time.
        flow.complete = !self.is_broken;
        self.bookkeeping(json, &mut flow, &by_identifier);
        if let FlowKind::Module(contract) = &flow.kind
            && (about.contract.is_some() || !contract.is_none_declared())
        {
            self.has_contract = true;
            self.diagnostics.extend(about::undeclared(&flow, contract));
        }
        if let FlowKind::Module(_) = &flow.kind
            && !self.has_contract
        {
            // Bare content does not carry the contract; what the module reads and returns says most of it.
            let found = about::contract_in_use(&flow);
            flow.kind = FlowKind::Module(found);
        }
        Some(flow)
    }

    /// The list of actions; a message if there is none.
    fn actions<'j>(&mut self, json: &'j Json) -> Option<&'j [Json]> {
        let found = json.get("Actions");
        let problem = match found.map(|actions| (&actions.node, actions.span)) {
            Some((Node::List(actions), span)) if actions.is_empty() => {
                Diagnostic::new(codes::NOT_A_FLOW, span, "this flow has no actions").label("empty")
            }
            Some((Node::List(actions), _)) => return Some(actions),
            Some((_, span)) => {
                let what = found.map_or("nothing", Json::what);
                Diagnostic::new(codes::NOT_A_FLOW, span, format!("`Actions` is {what}, and must be a list"))
                    .label("not a list")
            }
            None => Diagnostic::new(codes::NOT_A_FLOW, json.span.head(), "this document has no `Actions`")
                .label("no list of actions in here"),
        };
        self.diagnostics.push(problem.help("a flow is a list of at least one action; export it again if it was cut"));
        None
    }

    fn version(&mut self, json: &Json) {
        const VERSION: &str = "2019-10-30";
        let Some(version) = json.get("Version") else { return };
        if version.as_text() != Some(VERSION) {
            let shown = version.as_text().unwrap_or("something else");
            self.leave_out(
                Path::default().key("Version"),
                Diagnostic::new(codes::MALFORMED, version.span, format!("`Version` is {shown}, not {VERSION}"))
                    .label("read as if it were")
                    .help(format!("the service takes documents of the version {VERSION} alone")),
            );
        }
    }

    fn block(&mut self, action: &Json, path: &Path, index: usize) -> Option<Block> {
        let Node::Object(_) = &action.node else {
            let message = format!("`{path}` is {}, and must be an action", action.what());
            self.leave_out(
                path.clone(),
                Diagnostic::new(codes::MALFORMED, action.span, message)
                    .label("left out")
                    .help("an action is an object with `Identifier`, `Type`, `Parameters` and `Transitions`"),
            );
            return None;
        };
        let kind = match action.get("Type").map(|kind| (kind.as_text(), kind.span)) {
            Some((Some(kind), span)) if !kind.is_empty() => Spanned::new(kind, span),
            other => {
                let span = other.map_or(action.span.head(), |(_, span)| span);
                self.leave_out(
                    path.clone(),
                    Diagnostic::new(codes::MALFORMED, span, format!("`{path}` has no `Type`, so it is no action"))
                        .label("left out")
                        .help("say what it does: `\"Type\": \"MessageParticipant\"`"),
                );
                return None;
            }
        };
        self.only_keys(action, path, rules::ACTION_KEYS, &["Identifier", "Type", "Parameters", "Transitions"]);
        let identifier = self.identifier(action, path, index);
        let row = catalogue::find(kind.value);
        if let Some(problem) = actions::problem(kind.value) {
            self.diagnostics.push(wrong_type(kind.value, &problem, kind.span));
        }
        let args = match action.get("Parameters") {
            None => Vec::new(),
            Some(Json { node: Node::Object(members), .. }) => {
                self.arguments(members, row.map_or(&[][..], |row| row.params), &path.key("Parameters"))
            }
            Some(other) => {
                self.leave_out(
                    path.key("Parameters"),
                    Diagnostic::new(
                        codes::MALFORMED,
                        other.span,
                        format!("`{}` is {}, and must be an object", path.key("Parameters"), other.what()),
                    )
                    .label("left out")
                    .help("an action without parameters has `{}` there"),
                );
                Vec::new()
            }
        };
        let action = row.map_or_else(|| Action::Raw(kind.value.to_owned()), Action::Known);
        let readable = !looks_like_uuid(&identifier);
        // Its words depend on where it leads.
        let label = String::new();
        let origin = InDocument { index, path: path.clone(), ..InDocument::default() };
        let origin = BlockOrigin::Document(origin.into());
        Some(Block { action, args, identifier, readable, span: kind.span, step: EcoString::new(), label, origin })
    }

    fn identifier(&mut self, action: &Json, path: &Path, index: usize) -> String {
        if let Some(identifier) = action.text("Identifier").filter(|identifier| !identifier.is_empty()) {
            return identifier.to_owned();
        }
        let span = action.get("Identifier").map_or(action.span.head(), |json| json.span);
        self.leave_out(
            path.key("Identifier"),
            Diagnostic::new(codes::MALFORMED, span, format!("`{path}` has no `Identifier`, so nothing can lead to it"))
                .label("named by its place")
                .help("give every action an identifier of its own"),
        );
        format!("action-{index}")
    }

    fn start(&mut self, json: &Json, flow: &Flow, by_identifier: &HashMap<&str, (BlockId, Span)>) -> Option<BlockId> {
        let named = json.get("StartAction");
        if let Some((id, _)) = named.and_then(Json::as_text).and_then(|name| by_identifier.get(name)) {
            return Some(*id);
        }
        // The first that no other leads to, or simply the first.
        let mut led_to = vec![false; flow.len()];
        for (id, _) in flow.blocks() {
            for target in flow.successors(id).filter(|target| *target != id) {
                if let Some(led_to) = led_to.get_mut(target.index()) {
                    *led_to = true;
                }
            }
        }
        let ids: Vec<BlockId> = flow.blocks().map(|(id, _)| id).collect();
        let is_first = |id: &&BlockId| led_to.get(id.index()) == Some(&false);
        let first = *ids.iter().find(is_first).or_else(|| ids.first())?;
        let shown = flow.block(first).map_or("", |block| block.identifier.as_str());
        let (span, message) = match named {
            None => (json.span.head(), "this document has no `StartAction`".to_owned()),
            Some(json) => {
                let name = json.as_text().unwrap_or_default();
                (json.span, format!("`StartAction` is `{name}`, and no action has that identifier"))
            }
        };
        self.leave_out(
            Path::default().key("StartAction"),
            Diagnostic::new(codes::NO_START, span, message)
                .label(format!("read as if it were `{shown}`"))
                .help("name the action that the flow begins with"),
        );
        Some(first)
    }

    /// Notes, settings and the rest of what is not the flow itself.
    fn bookkeeping(&mut self, json: &Json, flow: &mut Flow, by_identifier: &HashMap<&str, (BlockId, Span)>) {
        if let Some(settings) = json.get("Settings").filter(|_| !flow.is_module()) {
            self.diagnostics.push(
                breach(rules::SETTINGS, codes::STRAY_PART, settings.span, "a flow has no `Settings`; modules have")
                    .label(answer(rules::SETTINGS))
                    .help("remove it, or make it a module: `UpdateContactFlowModuleContent`"),
            );
        }
        if let Some(settings) = json.get("Settings").map(Json::plain) {
            let standard = flow.is_module() && about::is_standard(&settings);
            flow.settings = (!standard).then_some(settings);
        }
        let Some(metadata) = json.get("Metadata") else { return };
        let serde_json::Value::Object(plain) = metadata.plain() else {
            self.leave_out(
                Path::default().key("Metadata"),
                Diagnostic::new(codes::MALFORMED, metadata.span, "`Metadata` is not an object")
                    .label("left out")
                    .help("the console keeps positions there; the service does not read it"),
            );
            return;
        };
        for note in metadata.get("Annotations").and_then(Json::as_list).into_iter().flatten() {
            let Some(text) = note.text("content") else { continue };
            let block = note.text("actionId").and_then(|id| by_identifier.get(id)).map(|(id, _)| *id);
            flow.notes.push(Note { text: text.to_owned(), block });
        }
        flow.metadata = Some(Box::new(plain));
    }

    /// Says of what was found inside a block which block that is, now that each has its name.
    fn name_blocks(&mut self, flow: &Flow, placed: &[Placed]) {
        let named = [codes::UNKNOWN_PATH, codes::DANGLING_TARGET, codes::STRAY_PART, codes::MALFORMED];
        for problem in self.diagnostics.iter_mut().filter(|problem| named.contains(&problem.code)) {
            let span = problem.primary.span;
            let holds = |around: Span| around.start <= span.start && span.end <= around.end;
            let around = placed.iter().find(|action| holds(action.json.span));
            if let Some(block) = around.and_then(|action| flow.block(action.block)) {
                problem.message = if problem.code == codes::UNKNOWN_PATH {
                    format!("{}, in {}", problem.message, block.said())
                } else {
                    format!("in {}: {}", block.said(), problem.message)
                };
            }
        }
    }

    // ---- messages -----------------------------------------------------------------------------------------------------

    /// Reports a part that the flow does not have.
    fn leave_out(&mut self, path: Path, diagnostic: Diagnostic) {
        self.left_out.push(path);
        self.is_broken |= diagnostic.is_error() && diagnostic.code != codes::STRAY_PART;
        self.diagnostics.push(diagnostic);
    }

    fn duplicate(&mut self, identifier: &str, span: Span, before: Span, path: &Path) {
        self.leave_out(
            path.key("Identifier"),
            Diagnostic::new(codes::DUPLICATE_ACTION, span, format!("another action is called `{identifier}` already"))
                .label(format!("`{path}`; no branch can lead here"))
                .also(before, "branches lead to this one")
                .help("give one of the two another identifier, and say which of them each branch means"),
        );
    }

    /// Reports the keys of an object that it cannot have, and those that are there twice.
    fn only_keys(&mut self, json: &Json, path: &Path, rule: Rule, known: &[&str]) {
        let members: &[Member] = json.as_object().unwrap_or_default();
        for (index, member) in members.iter().enumerate() {
            let name = member.name.value.as_str();
            if !known.contains(&name) {
                let place = path.key(name);
                let help = format!("the keys here are {}", crate::diagnostics::listed(known));
                self.leave_out(
                    place.clone(),
                    breach(rule, codes::STRAY_PART, member.name.span, format!("documents have no `{place}`"))
                        .label(answer(rule))
                        .help(help)
                        .suggest(name, known.iter().copied()),
                );
            } else if members.iter().skip(index + 1).any(|other| other.name.value == name) {
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::STRAY_PART,
                        member.name.span,
                        format!("`{}` is there twice", path.key(name)),
                    )
                    .label("the last one counts")
                    .help("remove one of them"),
                );
            }
        }
    }
}

/// Gives the blocks their words, and tells each what comes before it: by that, messages call one that nobody named.
fn name_blocks(flow: &mut Flow, start: BlockId) {
    let ids: Vec<BlockId> = flow.blocks().map(|(id, _)| id).collect();
    for id in &ids {
        let chooses = flow.exits(*id).iter().any(|exit| matches!(exit.outlet, Outlet::Condition(_)));
        let Some(block) = flow.block_mut(*id) else { continue };
        let sentence = block.action.row().and_then(|row| sentence::sentence(row, &block.args, chooses));
        block.label = sentence::words(&block.action, &block.args, sentence);
        if let BlockOrigin::Document(action) = &mut block.origin {
            action.sentence = sentence;
        }
    }
    for (id, before) in ids.into_iter().zip(sentence::befores(flow, start)) {
        if let Some(Block { origin: BlockOrigin::Document(action), .. }) = flow.block_mut(id) {
            action.before = before;
        }
    }
}
