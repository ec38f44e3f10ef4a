//! Which `on error` saves the most clauses.

use std::collections::BTreeSet;

use super::structure::Handler;
use super::units::{Default, Unit, Units};
use crate::flow::BlockId;

/// The handler under which the fewest statements have to say where their errors go.
pub(super) fn choose(units: &Units) -> Handler {
    let of = |id: BlockId| units.of.get(id.index()).copied().unwrap_or_default();
    let targets: BTreeSet<usize> = units
        .list
        .iter()
        .flat_map(|unit| unit.ways.iter().filter(|way| matches!(way.default, Default::Handled { .. })))
        .filter_map(|way| way.to.map(of))
        .collect();
    let candidates =
        [Handler::None, Handler::Next, Handler::Unhandled].into_iter().chain(targets.into_iter().map(Handler::To));
    // A line for the handler has to save more than one clause, and of two that save as much, the plainer one is taken.
    let cost = |handler: Handler| {
        let said = units.list.iter().filter(|unit| has_to_say(unit, handler, of)).count();
        let own = match handler {
            Handler::None => 0,
            Handler::Next | Handler::Unhandled | Handler::To(_) => 1,
        };
        2 * said + own
    };
    candidates.min_by_key(|handler| cost(*handler)).unwrap_or(Handler::None)
}

/// Whether a statement needs a clause for an error under a handler. What follows a statement that has no success is not
/// known here; nothing is taken to.
fn has_to_say(unit: &Unit, handler: Handler, of: impl Fn(BlockId) -> usize) -> bool {
    let after = unit.next.map(&of);
    unit.ways.iter().any(|way| {
        let Default::Handled { required } = way.default else { return false };
        let to = way.to.map(&of);
        match handler {
            Handler::To(target) => to != Some(target),
            Handler::Unhandled => to.is_some(),
            Handler::None if required => to.is_some(),
            Handler::Next | Handler::None => to != after,
        }
    })
}
