//! From names to addresses: what a flow calls `queue Sales` becomes, for one environment, an attribute that the entry flow
//! has filled, an address, or a name that a deployment tool resolves.
//!
//! [`Analysis`] looks at all flows of a project and is the same for every environment: what they use, how contacts pass
//! from one to another, and where `map resources` has run. A [`Plan`] adds one [`Environment`] and decides each use;
//! [`mapped`] applies a plan to one flow. No step fails: what an environment lacks is part of the plan.

mod address;
mod analysis;
mod checks;
pub mod environment;
mod expand;
mod failures;
mod key;
mod plan;
mod uses;

pub use address::{Instance, complete};
pub use analysis::Analysis;
pub use checks::checks;
pub use environment::{Answers, Entry, Environment, Mode, Modes};
pub use expand::{mapped, unmapped};
pub use key::key;
pub use plan::{Plan, Reason, Resolution};
pub use uses::{Use, uses};

/// A kind of resource and a name, as flows say it.
pub type Name = (crate::catalogue::ResourceKind, String);
