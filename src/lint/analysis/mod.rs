//! What is true at each point of a flow, whatever path led there.
//!
//! `graph` puts the blocks in an order, `solve` finds the least solution of a data-flow problem over them, `facts` is the
//! problem of what has been set, `program` carries facts from flow to flow. Everything is a loop, and each solution is
//! linear in the blocks: a fact can change only as often as it has bits.

mod facts;
mod graph;
mod program;
mod reads;
mod solve;

pub use facts::{Fact, Facts, Key, Status, fails_like_it_succeeds};
pub use graph::{Graph, path};
pub use program::{Program, View};
pub use reads::{Read, Spoken, Write, each_text, reads, spoken, writes};
pub use solve::{Problem, backward, forward};
