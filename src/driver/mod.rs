//! The pipeline as named steps: settings, check, product. Pure: texts in, texts and diagnostics out.
//!
//! The command line, the tests and the benchmarks all call these. The same sources give the same answer in any order
//! and on any number of threads: sources are sorted by path first, and everything collected keeps that order.

mod bots;
mod calls;
mod declarations;
mod diff;
mod documents;
mod emitted;
mod environments;
mod fix;
mod handlers;
mod import;
mod layouts;
mod links;
mod lint;
mod mapping;
mod outputs;
mod paths;
mod reader;
pub mod reference;
mod resources;
mod settings;
mod silence;

pub use bots::{FOLDER as BOTS, bot};
pub use diff::{Compared, Side, diff};
pub use documents::{Document, Documents, documents, is_document, untyped_once};
pub use emitted::{EMITTED, Tool, envelopes, is_emitted, limits, provisioned, templates};
pub use environments::{EnvironmentFile, FOLDER as ENVIRONMENTS, environments, includes, shared_files};
pub use fix::{Fixed, fix};
pub use handlers::{Listed, functions, unknown_settings};
pub use import::{Imported, ImportedFlow, Judgement, Renamed, Surroundings, import, import_all, judge};
pub use links::Exported;
pub use lint::{Linted, allowed, lint, lint_in};
pub use mapping::{Fallback, Group, Mapped, MissingName, check_in, map, map_all, missing, told, written_in};
pub use outputs::{
    Form, MANIFEST, Output, Product, RESOURCE_MAP, built_for, is_manifest, is_output, listed, manifest,
    merged_manifest, output_names, product,
};
pub use resources::{ResourceRow, ResourceUse, UnusedName, resources, unused};
pub use settings::{FILE_NAME, Settings, settings};

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use rayon::prelude::*;

use crate::catalogue::limits::CONTENT_CHARACTERS_MAX;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::emit;
use crate::flow::build::Made;
use crate::flow::{Flow, Links, Outline};
use crate::source::{Form as SourceForm, Source, SourceId, Span, Spanned};
use crate::validate::{Unfilled, ValidFlow, answers, inputs, validate};

use declarations::{Declaration, Declarations, declarations};
use layouts::Layouts;

/// What a project comes to.
#[derive(Debug, Default)]
pub struct Checked {
    /// Texts that stood inside documents; diagnostics may speak of them.
    pub inner: Vec<Source>,
    /// The flows without an error: those of sources, in order of the sources' paths, then those of documents.
    pub flows: Vec<ValidFlow>,
    /// The flows of documents, as far as they could be read.
    pub documents: Vec<Exported>,
    /// Where these flows lead, those of sources first.
    pub links: Links,
    /// By path, place and code.
    pub diagnostics: Vec<Diagnostic>,
    /// The lines with `@allow` that took a warning away.
    pub silenced: BTreeSet<Span>,
    /// The names of all flows and modules, broken ones too, in the same order.
    pub declared: Vec<Spanned<EcoString>>,
    /// What the sources declare besides blocks.
    pub outline: Outline,
}

impl Checked {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Checks the flows of a project.
pub fn check(sources: &[Source], settings: &Settings) -> Checked {
    check_with(sources, settings, &|| ())
}

/// Like [`check`], and tells when a declaration or a source has been dealt with: `2 * sources` times at least.
pub fn check_with(sources: &[Source], settings: &Settings, on_step: &(dyn Fn() + Sync)) -> Checked {
    let all = by_path(sources);
    let sources: Vec<&Source> = all.iter().copied().filter(|source| source.form() == SourceForm::Flow).collect();
    let layouts = Layouts::new(&all);
    let finish = |made| valid_flow(made, &layouts, settings.unfilled);
    let Declarations { built, problems, mut declared, outline } =
        declarations(&sources, &settings.options, finish, on_step);
    let mut diagnostics: Vec<Diagnostic> = problems.into_iter().chain(layouts.problems.iter().cloned()).collect();
    let mut flows = Vec::with_capacity(built.len());
    for Declaration { what: (flow, problems), misnamed } in built {
        flows.extend(flow.filter(|_| !misnamed.iter().any(Diagnostic::is_error)));
        diagnostics.extend(problems.into_iter().chain(misnamed));
    }
    let written = |span: Span| sources.iter().find(|source| source.id == span.source).map(|source| source.slice(span));
    let problems = flows.par_iter().map(|flow| {
        let mut problems = inputs(flow.flow(), &settings.functions);
        problems.extend(answers(flow.flow(), &settings.functions, &written));
        problems
    });
    diagnostics.extend(problems.collect::<Vec<_>>().into_iter().flatten());
    diagnostics.extend(handlers::named_flows(&settings.handlers, &declared, &flows));
    diagnostics.extend(outputs::collisions(&flows.iter().map(ValidFlow::flow).collect::<Vec<_>>()));
    // Documents stand for themselves: an export of a flow of the project is not another flow of that name.
    let base = u32::try_from(all.len()).unwrap_or(u32::MAX).saturating_add(1);
    let read: Vec<(&Source, Documents)> = all
        .par_iter()
        .filter(|source| source.form() == SourceForm::Document)
        .map(|source| {
            let read = documents(source, base);
            on_step();
            (*source, read)
        })
        .collect();
    let of_sources: Vec<&Flow> = flows.iter().map(ValidFlow::flow).collect();
    let files: Vec<(&Source, &[Document])> =
        read.iter().map(|(source, read)| (*source, read.documents.as_slice())).collect();
    let linked = links::link(&of_sources, &files, &settings.lint);
    diagnostics.extend(linked.misfits(&of_sources));
    diagnostics.extend(linked.undeclared(&of_sources));
    let mut inner = Vec::new();
    for (_, read) in read {
        inner.extend(read.inner);
        diagnostics.extend(read.diagnostics);
        for flow in read.documents.into_iter().filter_map(|document| document.flow) {
            declared.push(flow.name.clone());
            let (flow, problems) = validate(flow, Diagnostics::new(), settings.unfilled);
            flows.extend(flow);
            diagnostics.extend(problems);
        }
    }
    let links::Linked { documents, links } = linked;
    let known: Vec<&Source> = all.iter().copied().chain(&inner).collect();
    silence::level(&mut diagnostics, &known, &settings.lint);
    let allowed = &settings.lint.allowed;
    let silenced = silence::silence(flows.iter().map(ValidFlow::flow), &documents, allowed, &mut diagnostics);
    let mut diagnostics = untyped_once(sorted(diagnostics, &known), &known);
    paths::add_paths(&mut diagnostics, all.iter().copied(), &inner);
    Checked { inner, flows, documents, links, diagnostics, silenced, declared, outline }
}

/// Validates what one declaration has become. A flow that was built with errors is still validated, so that one run tells
/// everything, but does not count as valid.
fn valid_flow(made: Made, layouts: &Layouts, unfilled: Unfilled) -> (Option<ValidFlow>, Diagnostics) {
    let (flow, mut diagnostics) = match made.flow {
        Some(mut flow) => {
            flow.metadata = layouts.of(&flow);
            validate(flow, made.diagnostics, unfilled)
        }
        None => (None, made.diagnostics),
    };
    let too_large = flow.as_ref().and_then(|flow| too_large(flow.flow()));
    match too_large {
        Some(problem) => {
            diagnostics.push(problem);
            (None, diagnostics)
        }
        None => (flow, diagnostics),
    }
}

/// The service's limit on a whole document. Only emission knows how long that is, so it is not among the other limits.
fn too_large(flow: &Flow) -> Option<Diagnostic> {
    emit::length_beyond(flow, CONTENT_CHARACTERS_MAX).map(|length| {
        let what = if flow.is_module() { "module" } else { "flow" };
        let message =
            format!("this {what} compiles to {length} characters, and the service takes {CONTENT_CHARACTERS_MAX}");
        Diagnostic::new(codes::CONTENT_TOO_LARGE, flow.name.span, message)
            .label("too large")
            .help("say long texts in a module, where they are written once; a fragment is copied at every use")
    })
}

fn by_path(sources: &[Source]) -> Vec<&Source> {
    let mut sorted: Vec<&Source> = sources.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    sorted
}

/// Sources may come with any ids; readers want them by path.
fn sorted(diagnostics: Vec<Diagnostic>, sources: &[&Source]) -> Vec<Diagnostic> {
    let ranks: BTreeMap<SourceId, usize> = sources.iter().enumerate().map(|(rank, source)| (source.id, rank)).collect();
    let mut collected = Diagnostics::new();
    collected.extend(diagnostics);
    let mut diagnostics = collected.into_sorted();
    // Stable: within a source, the order by place stays.
    diagnostics.sort_by_key(|diagnostic| ranks.get(&diagnostic.primary.span.source).copied());
    diagnostics
}
