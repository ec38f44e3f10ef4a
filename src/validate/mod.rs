//! What the service would refuse, found before it can. Emission takes only what has passed here.
//!
//! Everything is read from the catalogue row of a block: `values` and `keys` hold arguments against parameters, `outlets` exits
//! against variants, `places` the flow's type and channels against restrictions, `paths` the graph against reason, and
//! `limits` counts; `words` says what messages call things. It works on any [`Flow`], wherever it came from. `inputs` and `answers` are about the project's own
//! functions rather than the service.

mod answers;
mod inputs;
mod keys;
mod limits;
mod outlets;
mod paths;
mod places;
mod values;
mod words;

use crate::catalogue::{self, rules};
use crate::diagnostics::{Diagnostic, Diagnostics, Level, codes};
use crate::flow::breach::{answer, breach};
use crate::flow::{Action, Block, BlockId, Flow, Speech};
use crate::source::Span;

pub use answers::answers;
pub use inputs::inputs;

/// A flow that the service will accept, as far as this compiler can know. Only this module makes one.
#[derive(Debug, Clone)]
pub struct ValidFlow(Flow);

impl ValidFlow {
    pub fn flow(&self) -> &Flow {
        &self.0
    }

    /// A flow that a test vouches for.
    #[cfg(test)]
    pub(crate) fn assume(flow: Flow) -> Self {
        Self(flow)
    }
}

/// What becomes of addresses that are empty, or stand-ins such as `REPLACE_ME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unfilled {
    /// The service refuses an empty one.
    #[default]
    Refused,
    /// Somebody fills them in later, so that they are worth a note.
    Noted,
}

/// Holds a flow against the service's rules. `before` is what building it had to say: a problem that is known already is
/// not told twice, and exits that could not be built are not missed a second time.
pub fn validate(flow: Flow, before: Diagnostics, unfilled: Unfilled) -> (Option<ValidFlow>, Diagnostics) {
    // A type that the service does not have is built all the same, with all of its branches.
    let is_unbuilt = |problem: &Diagnostic| problem.is_error() && problem.code != codes::UNKNOWN_ACTION;
    let built = flow.complete && !before.iter().any(is_unbuilt);
    let refused = before.iter().filter(|diagnostic| diagnostic.is_error()).map(|diagnostic| diagnostic.primary.span);
    let mut report = Report { refused: refused.collect(), diagnostics: before };
    for (id, block) in flow.blocks() {
        limits::identifier(block, &mut report);
        match unchecked(block) {
            None => action(&flow, id, block, built, &mut report),
            Some(known) => {
                let mut refused = Report { refused: Vec::new(), diagnostics: Diagnostics::new() };
                action(&flow, id, &known, built, &mut refused);
                refused.diagnostics.into_iter().filter(Diagnostic::is_error).for_each(|problem| report.push(problem));
            }
        }
    }
    report.gather_unfilled(unfilled);
    if let (Speech::Source, Some(_), false) = (flow.speech(), &flow.settings, flow.is_module()) {
        report.push(
            breach(rules::SETTINGS, codes::STRAY_PART, flow.name.span, "a flow has no settings; modules have")
                .label(answer(rules::SETTINGS))
                .help("remove the line `@settings`"),
        );
    }
    limits::size(&flow, &mut report);
    if built {
        paths::check(&flow, &mut report);
    }
    let is_valid = flow.complete && flow.start().is_some() && !report.diagnostics.has_errors();
    let valid = is_valid.then_some(ValidFlow(flow));
    (valid, report.diagnostics)
}

fn action(flow: &Flow, id: BlockId, block: &Block, is_built: bool, report: &mut Report) {
    values::check(block, report);
    places::check(flow, block, report);
    if is_built {
        outlets::check(flow, id, block, report);
    }
}

/// An action in quotes that the catalogue has, as if it were not in quotes. It is taken as it is written, but for what the
/// service is known to refuse.
fn unchecked(block: &Block) -> Option<Block> {
    let Action::Raw(name) = &block.action else { return None };
    let row = catalogue::find(name)?;
    Some(Block { action: Action::Known(row), ..block.clone() })
}

/// Collects problems, each once.
struct Report {
    /// Where building the flow met an error.
    refused: Vec<Span>,
    diagnostics: Diagnostics,
}

impl Report {
    /// Whether something inside this place could not be built, so that what is missing there may only be misspelled.
    fn is_doubtful(&self, place: Span) -> bool {
        let is_inside = |span: &Span| {
            span.source == place.source && span.start >= place.start && span.end <= place.end && *span != place
        };
        self.refused.iter().any(is_inside)
    }

    /// Tells the addresses of a flow that are not filled in once, with their number.
    fn gather_unfilled(&mut self, unfilled: Unfilled) {
        let all = std::mem::take(&mut self.diagnostics);
        let (mut found, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|problem| problem.code == codes::EMPTY_ADDRESS);
        self.diagnostics.extend(others);
        found.sort_by_key(|problem| (std::cmp::Reverse(problem.level), problem.primary.span));
        let count = found.len();
        let Some(mut first) = found.into_iter().next() else { return };
        if count > 1 {
            first.message = format!("{count} addresses are not filled in; {}", first.message);
            first.primary.text.push_str(", as the first of them");
        }
        if unfilled == Unfilled::Noted {
            first.level = Level::Note;
        }
        self.diagnostics.push(first);
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        let known = self
            .diagnostics
            .iter()
            .any(|known| known.code == diagnostic.code && known.primary.span == diagnostic.primary.span);
        if !known {
            self.diagnostics.push(diagnostic);
        }
    }
}
