//! Differences as a step of the pipeline: two sets of texts in, what changed between their flows out.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use rayon::prelude::*;

use super::declarations::{Declaration, Declarations, declarations};
use super::{Documents, Settings, documents};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::diff::{self, Diff, Origin, Texts, Version};
use crate::flow::build::Head;
use crate::flow::{Block, Flow};
use crate::json::{Json, Member};
use crate::mapping;
use crate::source::{Form, Source, SourceId, Span};
use crate::syntax;

/// One side of a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub sources: &'a [Source],
    pub settings: &'a Settings,
    /// The sources whose flows are compared; nothing means all. The others are read for what they declare.
    pub chosen: Option<&'a BTreeSet<SourceId>>,
    /// Whether this is a single file.
    pub is_file: bool,
    /// What stands before the paths of sources, and is not shown with flows.
    pub prefix: &'a str,
}

/// What comparing comes to.
#[derive(Debug, Default)]
pub struct Compared {
    pub diff: Diff,
    /// Why something could not be compared, for each side.
    pub problems: [Vec<Diagnostic>; 2],
    /// Texts that stood inside documents, for each side.
    pub inner: [Vec<Source>; 2],
}

/// Compares the flows of two sides. Whether the service takes them is not asked. A source has to be understood whole, a
/// document is taken as far as it can be read.
pub fn diff(old: &Side, new: &Side) -> Compared {
    let [mut before, mut after] = [old, new].map(flows);
    // Half of a flow, held against the whole, would be told as gone.
    let broken: BTreeSet<String> = before.broken.iter().chain(&after.broken).cloned().collect();
    for read in [&mut before, &mut after] {
        read.versions.retain(|version| version.form != Form::Flow || !broken.contains(version.name()));
    }
    let is_document = |side: &Read| side.versions.iter().any(|version| version.form == Form::Document);
    let is_source = |side: &Read| side.versions.iter().any(|version| version.form == Form::Flow);
    // A document was compiled for an environment or for none, and with none nothing is looked up.
    let is_mixed = (is_document(&before) && is_source(&after)) || (is_source(&before) && is_document(&after));
    let [before, after] = [before, after].map(|mut read| {
        for version in read.versions.iter_mut().filter(|version| is_mixed && version.form == Form::Flow) {
            if let Some(flow) = mapping::unmapped(&version.flow) {
                let (path, origin) = (std::mem::take(&mut version.path), std::mem::take(&mut version.origin));
                *version = Version::new(flow, path, version.form, version.is_named).from(origin);
            }
        }
        read
    });
    let mut diff = diff::diff(&before.versions, &after.versions, old.is_file && new.is_file);
    diff.unread =
        broken.into_iter().chain(before.unread).chain(after.unread).collect::<BTreeSet<_>>().into_iter().collect();
    Compared { diff, problems: [before.problems, after.problems], inner: [before.inner, after.inner] }
}

/// The flows of one side.
struct Read {
    versions: Vec<Version>,
    /// The names of flows of which a line is not understood.
    broken: BTreeSet<String>,
    /// The paths of texts with errors in which no flow was found at all.
    unread: BTreeSet<String>,
    problems: Vec<Diagnostic>,
    inner: Vec<Source>,
}

fn flows(side: &Side) -> Read {
    let is_chosen = |id: SourceId| side.chosen.is_none_or(|chosen| chosen.contains(&id));
    let path_of = |id: SourceId| {
        let path = side.sources.iter().find(|source| source.id == id).map_or("", |source| &source.path);
        path.strip_prefix(side.prefix).unwrap_or(path).to_owned()
    };
    let sources = given_way(side);
    let sources: Vec<&Source> = sources.iter().map(AsRef::as_ref).collect();
    let Declarations { built, problems, .. } =
        declarations(&sources, &side.settings.options, |made| (made.flow, made.diagnostics), &|| ());
    let mut problems: Vec<Diagnostic> = problems.into_iter().collect();
    let misread: BTreeSet<SourceId> =
        problems.iter().filter(|problem| problem.is_error()).map(|problem| problem.primary.span.source).collect();
    let declared = sources.iter().map(|source| (*source).clone());
    let origin = Origin { texts: Arc::new(Texts::new(declared, side.prefix)), actions: Vec::new() };
    let mut versions = Vec::new();
    let mut broken = BTreeSet::new();
    let mut found_in = BTreeSet::new();
    for Declaration { what: (flow, mut found), misnamed } in built {
        found.extend(misnamed);
        if let Some(flow) = &flow
            && (found.has_errors() || misread.contains(&flow.span.source))
        {
            broken.insert(flow.name.value.to_string());
        }
        problems.extend(found);
        found_in.extend(flow.iter().map(|flow| flow.span.source));
        if let Some(flow) = flow.filter(|flow| is_chosen(flow.span.source)) {
            let path = path_of(flow.span.source);
            versions.push(Version::new(flow, path, Form::Flow, true).from(origin.clone()));
        }
    }
    let base = side.sources.iter().map(|source| source.id.0).max().unwrap_or_default().saturating_add(1);
    let texts: Vec<&Source> =
        side.sources.iter().filter(|source| source.form() == Form::Document && is_chosen(source.id)).collect();
    let read: Vec<(&Source, Documents)> = texts.par_iter().map(|source| (*source, documents(source, base))).collect();
    let mut inner = Vec::new();
    let mut unread: BTreeSet<String> =
        misread.iter().filter(|id| is_chosen(**id) && !found_in.contains(*id)).map(|id| path_of(*id)).collect();
    for (source, read) in read {
        let lost = lost(&read, side.is_file);
        if !lost.is_empty() && read.documents.iter().all(|document| document.flow.is_none()) {
            unread.insert(path_of(source.id));
        }
        problems.extend(lost);
        let texts = read.inner.iter().chain([source]).cloned();
        let texts = Arc::new(Texts::new(texts, side.prefix));
        for document in read.documents {
            let Some(flow) = document.flow else { continue };
            let origin = Origin { texts: Arc::clone(&texts), actions: actions(&document.json, &flow, &texts) };
            let version = Version::new(flow, path_of(source.id), Form::Document, document.is_named);
            versions.push(version.from(origin));
        }
        inner.extend(read.inner);
    }
    let mut sorted = Diagnostics::new();
    sorted.extend(problems.into_iter().filter(|problem| {
        let is_here = is_chosen(problem.primary.span.source) || problem.primary.span.source.0 >= base;
        problem.is_error() && is_here
    }));
    Read { versions, broken, unread, problems: sorted.into_sorted(), inner }
}

/// The sources of a side. What the chosen ones declare takes the place of what others declare by the same name: a copy that
/// lies elsewhere is a version of the flow, and no second flow. Blanks are put there, so that all places stay as they are.
fn given_way<'s>(side: &Side<'s>) -> Vec<Cow<'s, Source>> {
    let sources = side.sources.iter().filter(|source| source.form() == Form::Flow);
    let Some(chosen) = side.chosen else { return sources.map(Cow::Borrowed).collect() };
    let heads = |source: &Source| -> Vec<(Head, Span)> {
        let declarations = syntax::parse(source).file.declarations;
        declarations.iter().map(|declaration| (Head::of(declaration), declaration.span())).collect()
    };
    let all: Vec<&Source> = sources.collect();
    let named = all.par_iter().filter(|source| chosen.contains(&source.id)).flat_map_iter(|source| heads(source));
    let named: BTreeSet<(&'static str, EcoString)> = named.map(|(head, _)| (head.kind, head.name.value)).collect();
    let give_way = |source: &&'s Source| {
        let source: &'s Source = source;
        let may_clash = || named.iter().any(|(_, name)| source.text.contains(name.as_str()));
        if chosen.contains(&source.id) || !may_clash() {
            return Cow::Borrowed(source);
        }
        let (mut text, mut end) = (String::new(), 0);
        for (head, span) in heads(source) {
            // What stands before a declaration belongs to it.
            let piece = source.text.get(end..span.end as usize).unwrap_or_default();
            end = span.end as usize;
            if named.contains(&(head.kind, head.name.value)) {
                text.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            } else {
                text.push_str(piece);
            }
        }
        text.push_str(source.text.get(end..).unwrap_or_default());
        Cow::Owned(Source::new(source.id, Arc::clone(&source.path), text))
    };
    all.par_iter().map(give_way).collect()
}

/// The key of the list of actions.
const ACTIONS: &str = "Actions";

/// Which of the document's actions each block is. Both come in the same order; what is no action became no block. Nothing
/// where the text has no such list: an old document was converted.
fn actions(json: &Json, flow: &Flow, texts: &Texts) -> Vec<Option<usize>> {
    let is_written = |member: &&Member| texts.text(member.name.span).is_some_and(|text| text.contains(ACTIONS));
    let mut members = json.as_object().into_iter().flatten().filter(|member| member.name.value == ACTIONS);
    let Some(list) = members.next().filter(is_written) else { return Vec::new() };
    let mut actions = list.value.as_list().unwrap_or_default().iter().enumerate();
    let holds = |json: &Json, span: Span| json.span.start <= span.start && span.end <= json.span.end;
    let place = |block: &Block| actions.find(|(_, action)| holds(action, block.span)).map(|(at, _)| at);
    flow.blocks().map(|(_, block)| block).map(place).collect()
}

/// What of a document the flows do not have, so that it is not compared. In a folder, a file without a flow is somebody
/// else's.
fn lost(read: &Documents, is_file: bool) -> Vec<Diagnostic> {
    let matters = |problem: &&Diagnostic| {
        let is_stray = problem.code == codes::STRAY_PART;
        let is_other = problem.code == codes::NOT_A_FLOW && !is_file;
        problem.is_error() && !is_stray && !is_other
    };
    read.diagnostics.iter().filter(matters).cloned().collect()
}
