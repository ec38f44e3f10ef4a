//! Documents as a first-class input: whatever holds flows in JSON, read as far as it can be.

use std::collections::BTreeMap;

use super::paths;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::flow::Flow;
use crate::flow::read::{self, About, Known};
use crate::intake::{self, Found, FoundKind, Origin};
use crate::json::{Json, Path};
use crate::source::{Source, SourceId};

/// A document and the flow in it.
#[derive(Debug)]
pub struct Document {
    pub json: Json,
    pub origin: Origin,
    /// Nothing where there is no action in it.
    pub flow: Option<Flow>,
    /// Whether it is called what something in it says, rather than what its file is called.
    pub is_named: bool,
    /// Whether something in it says its type, or it was inferred.
    pub is_typed: bool,
    /// Whether a module's contract is declared, and not what its actions seem to take.
    pub has_contract: bool,
    /// What others address it by, as far as what holds it says so.
    pub addresses: Vec<String>,
    /// The parts of the document that the flow does not have. Each has been reported.
    pub left_out: Vec<Path>,
}

/// What a source was found to hold.
#[derive(Debug, Default)]
pub struct Documents {
    pub documents: Vec<Document>,
    /// Texts that stood as strings inside the source.
    pub inner: Vec<Source>,
    pub diagnostics: Diagnostics,
}

/// Ids for texts inside sources, so that they are the same in any order and on any number of threads.
const INNER_MAX: u32 = 1 << 12;

/// Reads the flows of a source. Texts inside it get ids behind `base`, which is behind those of all sources.
pub fn documents(source: &Source, base: u32) -> Documents {
    let first = base.saturating_add(source.id.0.saturating_mul(INNER_MAX));
    let mut given = 0;
    let mut next = || {
        given += 1;
        SourceId(first.saturating_add(given))
    };
    let intake = intake::read(source, &mut next);
    let mut read = Documents { documents: Vec::new(), inner: intake.sources, diagnostics: intake.diagnostics };
    for found in intake.found {
        let about = about(&found, source);
        let is_named = about.name != stem(&source.path);
        let reading = read::document(&found.json, &about);
        // An old block without a counterpart is no type that nobody knows.
        let is_old =
            |span| read.diagnostics.iter().any(|old| old.code == codes::NO_COUNTERPART && old.primary.span == span);
        let problems: Vec<Diagnostic> = reading
            .diagnostics
            .into_iter()
            .filter(|problem| problem.code != codes::UNKNOWN_ACTION || !is_old(problem.primary.span))
            .collect();
        read.diagnostics.extend(problems);
        read.documents.push(Document {
            json: found.json,
            origin: found.origin,
            flow: reading.flow,
            is_named,
            is_typed: about.kind.is_some(),
            has_contract: reading.has_contract,
            addresses: found.addresses,
            left_out: reading.left_out,
        });
    }
    if read.documents.is_empty() && !read.diagnostics.has_errors() {
        let span = crate::source::Span::new(source.id, 0, 0);
        read.diagnostics.push(
            Diagnostic::new(codes::NOT_A_FLOW, span, "there is no flow in this file")
                .help("`flowc explain FC0702` lists what is understood"),
        );
    }
    paths::add_paths(read.diagnostics.iter_mut(), [source], &read.inner);
    read
}

/// Whether a text is more like one that holds documents than like a source.
pub fn is_document(text: &str) -> bool {
    intake::is_document(text)
}

/// What is known of a document from around it. Where nothing names it, the file or the resource does.
fn about(found: &Found, source: &Source) -> About {
    let name = match (&found.name, &found.origin) {
        (Some(name), _) if !name.trim().is_empty() => name.trim().to_owned(),
        (_, Origin::Template { resource }) => resource.clone(),
        _ => stem(&source.path),
    };
    let kind = found.kind.map(|kind| match kind {
        FoundKind::Flow(flow_type) => Known::Flow(flow_type),
        FoundKind::Module => Known::Module,
    });
    About {
        name,
        kind,
        description: found.description.clone().filter(|description| !description.trim().is_empty()),
        contract: found.contract.clone(),
    }
}

/// More files than these are counted and not listed.
const UNTYPED_SHOWN: usize = 3;

/// Says once of all documents that nothing says what type of flow they are. Of one alone it is said as it was.
pub fn untyped_once(mut found: Vec<Diagnostic>, sources: &[&Source]) -> Vec<Diagnostic> {
    let is_untyped = |problem: &Diagnostic| problem.code == codes::TYPE_INFERRED;
    let untyped: Vec<Diagnostic> = found.iter().filter(|problem| is_untyped(problem)).cloned().collect();
    if untyped.len() < 2 {
        return found;
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut files: Vec<&str> = Vec::new();
    for problem in &untyped {
        *kinds.entry(problem.message.rsplit(" as ").next().unwrap_or_default()).or_default() += 1;
        let file = sources.iter().find(|source| source.id == problem.primary.span.source);
        files.extend(file.map(|source| &*source.path).filter(|path| files.last() != Some(path)));
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
    let more = files.len().saturating_sub(UNTYPED_SHOWN);
    files.truncate(UNTYPED_SHOWN);
    let files = files.join(", ") + &if more == 0 { String::new() } else { format!(" and {more} more") };
    let mut is_first = true;
    found.retain(|problem| !is_untyped(problem) || std::mem::take(&mut is_first));
    for first in found.iter_mut().filter(|problem| is_untyped(problem)) {
        let count = untyped.len();
        first.message =
            format!("nothing says what type of flow {count} documents are; they are read as {}", kinds.join(", "));
        first.help = Some(format!(
            "{files}: where it is another, give the answer of `describe-contact-flow`; in a source that is made of one, \
             the first line says the type"
        ));
    }
    found
}

/// A file's name without folders and endings.
pub(super) fn stem(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.strip_suffix(".module").unwrap_or(stem);
    if stem.is_empty() || stem == "<stdin>" { "Imported".to_owned() } else { stem.to_owned() }
}
