//! Documents to sources: the files that an import makes, and what there is to say about them.
//!
//! What is written is held against the project that it joins by the same pipeline that builds it, so that an import says
//! what a build would refuse, and calls a source proven only where it builds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::documents::{Document, documents};
use super::outputs::Output;
use super::{Settings, check};
use crate::catalogue::limits::NAME_CHARACTERS_MAX;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::emit;
use crate::flow::Flow;
use crate::import::{self, Difference, Options, Resource, Stats};
use crate::source::{LAYOUT_ENDING, Source, SourceId};

/// The ending of files that hold the names of a flow with their addresses, which no build reads.
const RESOURCES_ENDING: &str = ".resources.toml";

/// A flow that was imported.
#[derive(Debug)]
pub struct ImportedFlow {
    pub name: String,
    /// What it was called, where it could not keep that name, and why.
    pub renamed: Option<Renamed>,
    /// The words of its declaration: `inbound flow`, `module`.
    pub kind: String,
    pub stats: Stats,
    /// The source, and what stands beside it.
    pub files: Vec<Output>,
    /// What compiling the source gives that the document does not have, or the other way round.
    pub differences: Vec<Difference>,
    /// Whether a build would take it. Known once it has been judged.
    pub builds: Option<bool>,
    document: Document,
    imported: import::Imported,
}

impl ImportedFlow {
    /// Whether its source builds, and to the document that was read, of which nothing was left out.
    pub fn is_proven(&self) -> bool {
        self.builds == Some(true) && self.differences.is_empty() && self.document.left_out.is_empty()
    }
}

/// A name that a flow could not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    pub from: String,
    pub why: &'static str,
}

/// What sources came to.
#[derive(Debug, Default)]
pub struct Imported {
    pub flows: Vec<ImportedFlow>,
    /// Texts inside the sources that diagnostics may speak of.
    pub inner: Vec<Source>,
    pub diagnostics: Diagnostics,
}

/// The project that sources are imported into.
#[derive(Debug, Default)]
pub struct Surroundings<'p> {
    pub settings: Settings,
    /// Its sources. One that an imported source takes the place of is passed over.
    pub sources: &'p [Source],
    /// The folder that the imported sources go to, as paths in messages have it: empty, or with a slash at its end.
    pub folder: String,
}

/// What a build would refuse.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Errors in imported sources, and those of others that an imported source is the reason for.
    pub refused: Vec<Diagnostic>,
    /// The imported sources, which these speak of.
    pub sources: Vec<Source>,
}

/// Imports every flow of a source by itself. With `verify`, holds what each compiles to against its document.
pub fn import(source: &Source, base: u32, options: Options, verify: bool) -> Imported {
    let mut imported = import_all(&[source], base, options, &Settings::default(), &|| ());
    if verify {
        judge(&mut imported, base.saturating_add(1 << 24), options, true, &Surroundings::default());
    }
    imported
}

/// Imports every flow of some sources. Texts inside them get ids behind `base`. Each flow gets a name, and so files, of its
/// own.
pub fn import_all(
    sources: &[&Source],
    base: u32,
    options: Options,
    settings: &Settings,
    on_step: &(dyn Fn() + Sync),
) -> Imported {
    let mut all = Imported::default();
    let mut found: Vec<(Document, Flow, Option<Renamed>)> = Vec::new();
    let mut taken = BTreeSet::new();
    for read in sources.par_iter().map(|source| documents(source, base)).collect::<Vec<_>>() {
        all.inner.extend(read.inner);
        all.diagnostics.extend(read.diagnostics);
        for mut document in read.documents {
            let Some(mut flow) = document.flow.take() else { continue };
            let renamed = own_name(&mut flow, &mut taken);
            found.push((document, flow, renamed));
        }
    }
    let imported = found.into_par_iter().map(|(document, flow, renamed)| {
        let one = one(document, flow, renamed, options, settings);
        on_step();
        one
    });
    all.flows = imported.collect();
    all
}

/// Shortens the name of a flow that is too long, and counts on where another flow has its files.
fn own_name(flow: &mut Flow, taken: &mut BTreeSet<String>) -> Option<Renamed> {
    let from = flow.name.value.to_string();
    let is_long = from.chars().count() > NAME_CHARACTERS_MAX;
    let mut name = beginning(&from, NAME_CHARACTERS_MAX);
    let mut count = 1;
    // Compared without case: on many disks `Main` and `main` are one file.
    while !taken.insert(emit::file_stem(&name, flow.is_module()).to_lowercase()) {
        count += 1;
        let ending = format!(" {count}");
        name = beginning(&from, NAME_CHARACTERS_MAX - ending.len()) + &ending;
    }
    if name == from {
        return None;
    }
    flow.name.value = name.into();
    let why = if is_long { "the service takes 127 characters" } else { "another flow has that name, or its files" };
    Some(Renamed { from, why })
}

/// A text cut to so many characters, without space at the end.
fn beginning(text: &str, most: usize) -> String {
    let cut: String = text.chars().take(most).collect();
    if cut.len() == text.len() { cut } else { cut.trim_end().to_owned() }
}

fn one(
    mut document: Document,
    flow: Flow,
    renamed: Option<Renamed>,
    options: Options,
    settings: &Settings,
) -> ImportedFlow {
    let mut imported = import::import(&flow, options, &settings.options);
    let stem = emit::file_stem(&flow.name.value, flow.is_module());
    let mut files = vec![Output { name: format!("{stem}.flow"), text: imported.text.clone() }];
    if !imported.resources.is_empty() {
        files.push(Output { name: format!("{stem}{RESOURCES_ENDING}"), text: table(&imported.resources) });
    }
    if let (true, Some(metadata)) = (options.keep_identifiers, &flow.metadata) {
        files.push(Output { name: format!("{stem}{LAYOUT_ENDING}"), text: emit::json_text(&**metadata) });
    }
    let kind = flow.flow_type().map_or("module".to_owned(), |flow_type| format!("{} flow", flow_type.words()));
    let name = flow.name.value.to_string();
    document.flow = Some(flow);
    ImportedFlow {
        name,
        renamed,
        kind,
        stats: imported.stats,
        files,
        differences: std::mem::take(&mut imported.differences),
        builds: None,
        document,
        imported,
    }
}

/// Checks imported sources as a build of their project would. With `verify`, holds what each compiles to against its
/// document. The sources get ids from `base` on.
pub fn judge(imported: &mut Imported, base: u32, options: Options, verify: bool, around: &Surroundings) -> Judgement {
    let mut ids = base..;
    let mut own: HashMap<SourceId, usize> = HashMap::new();
    let mut sources: Vec<Source> = Vec::new();
    for (index, flow) in imported.flows.iter().enumerate() {
        for file in &flow.files {
            let is_read = !file.name.ends_with(RESOURCES_ENDING);
            let Some(id) = ids.next().map(SourceId).filter(|_| is_read) else { continue };
            own.insert(id, index);
            sources.push(Source::new(id, format!("{}{}", around.folder, file.name), file.text.as_str()));
        }
    }
    let written: BTreeSet<&str> = sources.iter().map(|source| &*source.path).collect();
    let others = around.sources.iter().filter(|source| !written.contains(&*source.path));
    let all: Vec<Source> = others.cloned().chain(sources.iter().cloned()).collect();
    let checked = check(&all, &around.settings);
    let concerned = |problem: &Diagnostic| -> BTreeSet<usize> {
        let labels = std::iter::once(&problem.primary).chain(&problem.secondary);
        labels.filter_map(|label| own.get(&label.span.source).copied()).collect()
    };
    let mut refused: Vec<Diagnostic> = Vec::new();
    let mut failing: BTreeSet<usize> = BTreeSet::new();
    for problem in checked.diagnostics.into_iter().filter(Diagnostic::is_error) {
        let about = concerned(&problem);
        if !about.is_empty() {
            failing.extend(about);
            refused.push(problem);
        }
    }
    let valid: HashMap<usize, &Flow> =
        checked.flows.iter().filter_map(|valid| Some((*own.get(&valid.flow().span.source)?, valid.flow()))).collect();
    imported.flows.par_iter_mut().enumerate().for_each(|(index, flow)| {
        let built = valid.get(&index).copied();
        flow.builds = Some(built.is_some() && !failing.contains(&index));
        if let (true, Some(read)) = (verify, flow.document.flow.as_ref()) {
            let found =
                import::verify(&flow.document.json, &flow.document.left_out, read, &flow.imported, options, built);
            flow.differences.extend(found);
        }
    });
    Judgement { refused, sources }
}

/// Names and addresses, a table to each kind: the form that environment files have.
fn table(resources: &[Resource]) -> String {
    let mut kinds: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for resource in resources {
        kinds.entry(resource.kind.word()).or_default().insert(&resource.name, &resource.address);
    }
    toml::to_string(&kinds).unwrap_or_default()
}
