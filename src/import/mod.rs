//! Flows as source: any flow that can be read from a document becomes text that compiles to the same document.
//!
//! `names` finds what resources are called, `units` makes statements of blocks with the help of `phrase` and `quote`,
//! `handlers` chooses the `on error`, `structure` lays their `graph` out as bodies and steps, `scopes` gives steps handlers
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
mod scopes;
mod stats;
mod steps;
mod structure;
mod units;
mod verify;
mod words;
mod write;

pub use named::named;
pub use names::Resource;
pub use proof::Difference;
pub use stats::Stats;
pub use verify::verify;
pub use words::Words;

use crate::catalogue::{self, Role};
use crate::flow::{BlockId, Flow, build};
use crate::format::{self, Formatted};
use crate::source::{Source, SourceId};
use crate::syntax::{self, Parsed};

use names::Names;
use structure::Handler;
use units::Said;

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
    loop {
        let alone = rescue >= Rescue::Alone;
        let mut units = units::units(flow, &names, &far, alone, None);
        let handler = handlers::choose(&units);
        if handler == Handler::Next {
            units = units::units(flow, &names, &far, alone, Some(units));
        }
        let mut outline = structure::outline(flow, &units, handler, !options.keep_identifiers);
        if rescue == Rescue::None {
            scopes::handle(&mut outline, &units);
        }
        let written = write::write(flow, &units, &outline, options.keep_identifiers);
        let source = Source::new(SourceId(0), "import.flow", written.text);
        let parsed = syntax::parse(&source);
        // Nearly every text is proven, so it is formatted meanwhile.
        let (proof, text) = rayon::join(
            || proof::compare(flow, &source, &parsed, &written.blocks, &names, project),
            || formatted(&source, &parsed),
        );
        if proof.changed.iter().any(|id| step_back(&mut far, *id)) {
            continue;
        }
        if !proof.differences.is_empty() {
            match rescue {
                Rescue::None => {
                    rescue = Rescue::OneHandler;
                    continue;
                }
                Rescue::OneHandler => {
                    rescue = Rescue::Alone;
                    continue;
                }
                Rescue::Alone => {
                    rescue = Rescue::Raw;
                    far.fill(Said::Raw);
                    continue;
                }
                Rescue::Raw => {}
            }
        }
        let stats = Stats::new(&text, &units, &names);
        return Imported {
            text,
            resources: names.resources(),
            differences: proof.differences,
            stats,
            order: written.blocks,
        };
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
    let units = units::units(flow, &names, &vec![Said::Sentence; flow.len()], true, None);
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

/// Whether an action counts arrivals: its conditions exclude each other, so that their order means nothing, and documents
/// have either.
fn is_counter(action: &str) -> bool {
    catalogue::find(action).is_some_and(|row| row.role == Role::Loop)
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
