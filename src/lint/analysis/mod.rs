//! What is true at each point of a flow, whatever path led there.
//!
//! `graph` puts the blocks in an order, `solve` finds the least solution of a data-flow problem over them. Three problems
//! are solved for every flow: `facts` tells what has been set, `values` which constants references can hold, `origins`, where
//! a rule asks, whose answer a result is. `modules` sums up what calling a module does, `program` carries facts from flow to
//! flow. Everything is a loop, and each solution is linear in the blocks: a fact can change only as often as it has bits.

mod facts;
mod graph;
mod modules;
mod origins;
mod program;
mod solve;
mod values;

pub use crate::flow::uses::{Read, Spoken, Write, each_text, reads, spoken, writes};
pub use facts::{Elsewhere, Fact, Facts, Key, Status, fails_like_it_succeeds, namespace};
pub use graph::{Graph, path};
pub use modules::{Call, Summary, called, named};
pub use origins::{Origin, Origins};
pub use program::{Program, Site, View, Way};
pub use solve::{Problem, backward, forward};
pub use values::{ENGINE, Held, LANGUAGE, VOICE, Values, Writers, compared, holds};
