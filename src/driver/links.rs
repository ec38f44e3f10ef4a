//! Which flows of a run lead to which. Sources name each other. Documents address each other: by ARN and id, which what holds a
//! document tells, by the resources of a template, by the names that the console keeps, and by the names of their files.
//!
//! Check and lint ask the same links, so that what spans flows is known of exports as it is of sources.

use std::collections::HashMap;

use ecow::{EcoString, eco_format};

use super::Document;
use super::documents::stem;
use crate::catalogue::{FlowType, Param, ResourceKind};
use crate::diagnostics::Diagnostic;
use crate::flow::build::wrong_type;
use crate::flow::id::looks_like_uuid;
use crate::flow::uses::each_text;
use crate::flow::{Arg, Flow, Links, Part, Targets, Value};
use crate::import;
use crate::intake::Origin;
use crate::json::Json;
use crate::lint::Config;
use crate::source::{Source, SourceId, Span};

/// A flow that was read from a document, sound or not.
#[derive(Debug)]
pub struct Exported {
    /// With names in place of the addresses of what is known here: flows of the run, functions and bots with a contract.
    pub flow: Flow,
    /// The file that the document came from; the document itself may be a text inside it.
    pub file: SourceId,
    /// The identifier of each of its actions, and all of the action.
    pub(super) actions: Vec<(String, Span)>,
    /// Whether something says its type, or it was inferred, and may be another.
    is_typed: bool,
    /// Whether a module's contract is declared, and not what its actions seem to take.
    pub(super) has_contract: bool,
}

/// The flows of a run: those of sources, then those of documents, and where they lead.
#[derive(Debug)]
pub(super) struct Linked {
    pub documents: Vec<Exported>,
    pub links: Links,
}

/// Links flows: the sound ones of sources, and all that could be read of documents.
pub(super) fn link(sources: &[&Flow], read: &[(&Source, &[Document])], config: &Config) -> Linked {
    let found: Vec<(&Source, &Document, &Flow)> = read
        .iter()
        .flat_map(|(file, documents)| documents.iter().filter_map(|one| Some((*file, one, one.flow.as_ref()?))))
        .collect();
    let index = Index::new(sources, &found);
    let mut links = Links::by_name(sources.iter().copied().chain(found.iter().map(|(.., flow)| *flow)));
    let mut documents = Vec::with_capacity(found.len());
    for (at, (file, document, flow)) in found.iter().enumerate() {
        let mut naming = Naming { index: &index, file, targets: Targets::new() };
        naming.given(flow);
        let flow = import::named(flow, &mut |kind, address, told| match kind {
            ResourceKind::Flow | ResourceKind::Module => naming.name(kind, address, told),
            ResourceKind::Lambda => told.filter(|name| config.contracts.contains_key(*name)).map(EcoString::from),
            ResourceKind::Bot => told.filter(|name| config.bots.contains_key(*name)).map(EcoString::from),
            _ => None,
        });
        links.set(sources.len() + at, naming.targets);
        let actions = document.json.get("Actions").and_then(Json::as_list).unwrap_or_default().iter();
        let actions = actions.filter_map(|action| Some((action.text("Identifier")?.to_owned(), action.span)));
        documents.push(Exported {
            flow,
            file: file.id,
            actions: actions.collect(),
            has_contract: document.has_contract,
            is_typed: document.is_typed,
        });
    }
    Linked { documents, links }
}

/// A flow that can be meant.
#[derive(Debug, Clone, Copy)]
struct Candidate<'f> {
    at: usize,
    /// Nothing for the flow of a source.
    file: Option<&'f Source>,
    name: &'f str,
}

/// A flow of an id, and the instance that it is of, where that is known.
#[derive(Debug, Clone, Copy)]
struct Addressed<'f> {
    instance: Option<&'f str>,
    candidate: Candidate<'f>,
}

/// Flows by what they are addressed by and called.
#[derive(Debug, Default)]
struct Index<'f> {
    ids: HashMap<(ResourceKind, &'f str), Vec<Addressed<'f>>>,
    names: HashMap<(ResourceKind, String), Vec<Candidate<'f>>>,
    resources: HashMap<(SourceId, &'f str), Candidate<'f>>,
}

impl<'f> Index<'f> {
    fn new(sources: &[&'f Flow], found: &[(&'f Source, &'f Document, &'f Flow)]) -> Self {
        let mut index = Self::default();
        for (at, flow) in sources.iter().enumerate() {
            let candidate = Candidate { at, file: None, name: &flow.name.value };
            index.called(flow.resource_kind(), flow.name.value.as_str(), candidate);
        }
        for (at, (file, document, flow)) in found.iter().enumerate() {
            let (kind, name) = (flow.resource_kind(), flow.name.value.as_str());
            let candidate = Candidate { at: sources.len() + at, file: Some(file), name };
            index.called(kind, name, candidate);
            // A file is often called after the flow, or after its id; with several flows in it, after none of them.
            let is_only = found.iter().filter(|(other, ..)| other.id == file.id).nth(1).is_none();
            let stem = stem(&file.path);
            if is_only && stem != name {
                index.called(kind, &stem, candidate);
            }
            for address in &document.addresses {
                let (instance, id) = identity(address);
                let known = index.ids.entry((kind, id)).or_default();
                if !known.iter().any(|known| known.candidate.at == candidate.at) {
                    known.push(Addressed { instance, candidate });
                }
            }
            if let Origin::Template { resource } = &document.origin {
                index.resources.insert((file.id, resource), candidate);
            }
        }
        index
    }

    fn called(&mut self, kind: ResourceKind, name: &str, candidate: Candidate<'f>) {
        self.names.entry((kind, name.to_owned())).or_default().push(candidate);
    }

    /// The flow that an address in a document of this file means. `told` is what the document calls it.
    fn addressed(&self, file: &Source, kind: ResourceKind, address: &str, told: Option<&str>) -> Option<Candidate<'f>> {
        if let Some(resource) = resource_of(address) {
            return self.resources.get(&(file.id, resource)).copied();
        }
        let (instance, id) = identity(address);
        let is_there = |known: &&Addressed| instance.zip(known.instance).is_none_or(|(one, other)| one == other);
        let known = self.ids.get(&(kind, id)).into_iter().flatten().filter(is_there);
        let by_id: Vec<Candidate> = known.map(|known| known.candidate).collect();
        if !by_id.is_empty() {
            return nearest(file, &by_id);
        }
        // A file may be called after the id.
        let stems = looks_like_uuid(id).then(|| self.called_by(file, kind, id)).flatten();
        stems.or_else(|| self.called_by(file, kind, told?))
    }

    fn called_by(&self, file: &Source, kind: ResourceKind, name: &str) -> Option<Candidate<'f>> {
        nearest(file, self.names.get(&(kind, name.to_owned()))?)
    }
}

/// Of several flows that an address or a name may mean, the one in the same file, else in the same folder, else among the
/// documents, else among all. Where there are several even so, nobody knows which is meant.
fn nearest<'f>(file: &Source, candidates: &[Candidate<'f>]) -> Option<Candidate<'f>> {
    let folder = |path: &'_ str| path.rfind('/').map_or(0, |at| at + 1);
    let in_file = |other: &Source| other.id == file.id;
    let in_folder = |other: &Source| other.path.get(..folder(&other.path)) == file.path.get(..folder(&file.path));
    let ranks: [&dyn Fn(&Source) -> bool; 3] = [&in_file, &in_folder, &|_| true];
    for is_near in ranks {
        let near: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.file.is_some_and(is_near)).collect();
        match near.as_slice() {
            [] => {}
            [only] => return Some(**only),
            _ => return None,
        }
    }
    candidates.first().copied()
}

/// The instance that an address is of, where it says so, and the id that it ends in. What follows it is a version or an alias.
fn identity(address: &str) -> (Option<&str>, &str) {
    let Some((before, rest)) = ["/contact-flow/", "/flow-module/"].iter().find_map(|part| address.split_once(part))
    else {
        return (None, address);
    };
    let id = rest.split([':', '/']).next().unwrap_or(rest);
    (before.rsplit('/').next(), id)
}

/// The resource of the same template that an address is read from: `${Waiting}`, `${Waiting.Arn}`.
fn resource_of(address: &str) -> Option<&str> {
    let inner = address.strip_prefix("${")?.strip_suffix('}')?;
    let resource = inner.split('.').next()?;
    let is_plain = !resource.is_empty() && resource.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_plain.then_some(resource)
}

/// Gives the flows that one document leads to names that are theirs alone in it.
struct Naming<'a, 'f> {
    index: &'a Index<'f>,
    file: &'a Source,
    targets: Targets,
}

impl Naming<'_, '_> {
    /// Links what the document names already.
    fn given(&mut self, flow: &Flow) {
        for (_, block) in flow.blocks() {
            each_text(&block.args, &mut |text| {
                for part in &text.parts {
                    if let Part::Resource(kind @ (ResourceKind::Flow | ResourceKind::Module), name) = part
                        && let Some(candidate) = self.index.called_by(self.file, *kind, name)
                    {
                        self.targets.insert((*kind, name.as_str().into()), candidate.at);
                    }
                }
            });
        }
    }

    fn name(&mut self, kind: ResourceKind, address: &str, told: Option<&str>) -> Option<EcoString> {
        let candidate = self.index.addressed(self.file, kind, address, told)?;
        let mut name = EcoString::from(candidate.name);
        let mut count = 1;
        while self.targets.get(&(kind, name.clone())).is_some_and(|at| *at != candidate.at) {
            count += 1;
            name = eco_format!("{} {count}", candidate.name);
        }
        self.targets.insert((kind, name.clone()), candidate.at);
        Some(name)
    }
}

// ---- what events run ------------------------------------------------------------------------------------------------

impl Linked {
    /// The events that would run a flow of another type than theirs, where a document is on either side. Between sources, the
    /// compiler says so while it builds them.
    pub fn misfits(&self, sources: &[&Flow]) -> Vec<Diagnostic> {
        let documents = self.documents.iter().map(|document| &document.flow);
        let flows = sources.iter().copied().chain(documents).enumerate();
        flows.flat_map(|(from, flow)| self.of_flow(from, flow, sources)).collect()
    }

    fn of_flow(&self, from: usize, flow: &Flow, sources: &[&Flow]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (_, block) in flow.blocks() {
            let mut open: Vec<(&[Param], &[Arg])> = Vec::new();
            open.extend(block.action.row().map(|row| (row.params, block.args.as_slice())));
            while let Some((params, args)) = open.pop() {
                for arg in args {
                    let Some(param) = params.iter().find(|param| param.name == arg.name.value) else { continue };
                    match (param.leads_to, &arg.value) {
                        (Some(wanted), value) => found.extend(self.misfit(from, wanted, value, sources)),
                        (None, Value::Map(entries, _)) => open.push((param.kind.fields(), entries)),
                        (None, _) => {}
                    }
                }
            }
        }
        found
    }

    fn misfit(&self, from: usize, wanted: FlowType, value: &Value, sources: &[&Flow]) -> Option<Diagnostic> {
        let text = value.as_text()?;
        let [Part::Resource(ResourceKind::Flow, name)] = text.parts.as_slice() else { return None };
        let to = self.links.target(from, ResourceKind::Flow, name)?;
        let flow = match to.checked_sub(sources.len()) {
            // Of a document that does not say its type, nothing is known for sure.
            Some(at) => self.documents.get(at).filter(|document| document.is_typed).map(|document| &document.flow)?,
            None if from >= sources.len() => sources.get(to).copied()?,
            None => return None,
        };
        let found = flow.flow_type().filter(|found| *found != wanted)?;
        Some(
            wrong_type(&flow.name.value, found, wanted, text.span)
                .also(flow.name.span, "this flow")
                .help(format!("choose a flow of the type `{}`", wanted.words())),
        )
    }
}
