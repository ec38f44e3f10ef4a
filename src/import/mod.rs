//! Flows as source: any flow that can be read from a document becomes text that compiles to the same document.
//!
//! `names` finds what resources are called, `units` makes statements of blocks with the help of `phrase`, `ways` and `quote`,
//! `results` names results, `handlers` chooses the `on error`, `structure` lays their `graph` out as bodies and steps, `scopes` gives steps handlers
//! of their own, `steps` names them, and `write` makes text of it. Then `proof` compiles the text and holds the result
//! against the flow: a block that came out different is said again, further from a sentence and nearer to the document, until
//! nothing differs. So what is returned is proven, or says what is not.

mod graph;
mod handlers;
mod named;
mod names;
mod phrase;
mod proof;
mod quote;
mod results;
mod scopes;
mod stats;
mod steps;
mod structure;
mod units;
mod verify;
mod ways;
mod words;
mod write;

pub use named::named;
pub use names::Resource;
pub use proof::Difference;
pub use stats::Stats;
pub use verify::verify;
pub use words::Words;

use crate::catalogue::{self, ActionSpec, Literals};
use crate::flow::{BlockId, Flow, build};
use crate::format::{self, Formatted};
use crate::source::{Source, SourceId};
use crate::syntax::{self, Parsed};

use names::Names;
use proof::Proof;
use results::Named;
use structure::Handler;
use units::{Said, Units};

/// What an importer decides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Write the identifiers of all blocks into the source.
    pub keep_identifiers: bool,
    /// Leave addresses where they are instead of naming them.
    pub keep_addresses: bool,
}

/// A flow as source.
#[derive(Debug, Clone)]
pub struct Imported {
    /// In the formatter's form.
    pub text: String,
    /// What the source names, with the addresses.
    pub resources: Vec<Resource>,
    /// What compiling the text gives that is not what was read. Nothing, as far as anybody knows.
    pub differences: Vec<Difference>,
    pub stats: Stats,
    /// Which block each line became, in order.
    order: Vec<BlockId>,
}

/// Writes a flow as source, for a project that has decided this.
pub fn import(flow: &Flow, options: Options, project: &build::Options) -> Imported {
    let names = Names::new(flow, options.keep_addresses);
    let mut far = vec![Said::Sentence; flow.len()];
    let mut rescue = Rescue::None;
    let job = Job { flow, names: &names, options, project };
    let draft = loop {
        let draft = job.draft(&far, rescue, None);
        if draft.proof.changed.iter().any(|id| step_back(&mut far, *id)) {
            continue;
        }
        if draft.proof.differences.is_empty() || rescue == Rescue::Raw {
            break draft;
        }
        rescue = match rescue {
            Rescue::None => Rescue::OneHandler,
            Rescue::OneHandler => Rescue::Alone,
            Rescue::Alone | Rescue::Raw => {
                far.fill(Said::Raw);
                Rescue::Raw
            }
        };
    };
    // Names of results change what is written and not what it means; where that is in doubt, there are none.
    let named = [true, false].into_iter().find_map(|saves| {
        let results = results::named(flow, &draft.units, &names, saves)?;
        Some(job.draft(&far, rescue, Some(&results))).filter(|named| named.proof.is_clean())
    });
    let draft = named.unwrap_or(draft);
    let stats = Stats::new(&draft.text, &draft.units, &names);
    Imported {
        text: draft.text,
        resources: names.resources(),
        differences: draft.proof.differences,
        stats,
        order: draft.order,
    }
}

/// A flow that is to be written.
struct Job<'f> {
    flow: &'f Flow,
    names: &'f Names,
    options: Options,
    project: &'f build::Options,
}

/// A text, and what it compiles to.
struct Draft {
    text: String,
    units: Units,
    order: Vec<BlockId>,
    proof: Proof,
}

impl Job<'_> {
    fn draft(&self, far: &[Said], rescue: Rescue, results: Option<&Named>) -> Draft {
        let alone = rescue >= Rescue::Alone;
        let flow = results.map_or(self.flow, |results| &results.flow);
        let mut units = units::units(flow, self.names, far, alone, results, None);
        let handler = handlers::choose(&units);
        if handler == Handler::Next {
            units = units::units(flow, self.names, far, alone, results, Some(units));
        }
        let mut outline = structure::outline(flow, &units, handler, !self.options.keep_identifiers);
        if rescue == Rescue::None {
            scopes::handle(&mut outline, &units);
        }
        let written = write::write(flow, &units, &outline, self.options.keep_identifiers);
        let source = Source::new(SourceId(0), "import.flow", written.text);
        let parsed = syntax::parse(&source);
        // Nearly every text is proven, so it is formatted meanwhile.
        let (proof, text) = rayon::join(
            || proof::compare(self.flow, &source, &parsed, &written.blocks, self.names, self.project),
            || formatted(&source, &parsed),
        );
        Draft { text, units, order: written.blocks, proof }
    }
}

/// What is done about a source that as a whole is not what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rescue {
    None,
    /// No step has a handler of its own.
    OneHandler,
    /// No two blocks share a statement.
    Alone,
    /// And all stand in the service's own words.
    Raw,
}

/// Gives the blocks of a flow that was read from a document the words of their sentences, for pictures.
pub fn label(flow: &mut Flow) {
    let names = Names::new(flow, false);
    let units = units::units(flow, &names, &vec![Said::Sentence; flow.len()], true, None, None);
    for unit in units.list {
        let text = match unit.kind {
            units::UnitKind::Line(text) | units::UnitKind::Loop { line: text, .. } => text,
            units::UnitKind::If { test, .. } => format!("if {}", test.text),
        };
        for block in unit.blocks {
            if let Some(block) = flow.block_mut(block) {
                block.label = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            }
        }
    }
}

/// Whether an action has fixed results: they exclude each other, so that their order means nothing, and documents have
/// any.
fn has_fixed_results(action: &str) -> bool {
    let is_fixed = |row: &ActionSpec| row.variants.iter().all(|variant| variant.literals == Literals::None);
    catalogue::find(action).is_some_and(is_fixed)
}

/// Says a block one step further from a sentence; whether there was such a step.
fn step_back(far: &mut [Said], id: BlockId) -> bool {
    match far.get_mut(id.index()) {
        Some(said @ Said::Sentence) => {
            *said = Said::Alone;
            true
        }
        Some(said @ Said::Alone) => {
            *said = Said::Checked;
            true
        }
        Some(said @ Said::Checked) => {
            *said = Said::Raw;
            true
        }
        Some(Said::Raw) | None => false,
    }
}

/// The text as the formatter has it. One that it does not take stays as it is, for the proof to say why.
fn formatted(source: &Source, parsed: &Parsed) -> String {
    match format::format_parsed(source, parsed) {
        Formatted::Changed(text) => text,
        Formatted::Unchanged | Formatted::Broken(_) | Formatted::Unsound(_) => source.text.to_string(),
    }
}
