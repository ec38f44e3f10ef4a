//! Files: every read, write, rename and delete of the program goes through here, so that each promise of SECURITY.md about
//! them is held in one place. A test (`tests/it/files/`) reads the other modules and fails where one goes past it.
//!
//! Begin at [`Fence`]: a folder, and the rule that no link leads out of it. [`reading`] reads with a bound and never waits,
//! [`writing`] puts whole files in place, [`walking`] finds sources, [`outputs`] is the folder that a build owns, and
//! [`lock`] makes those who write there wait for each other.

mod fence;
mod lock;
mod outputs;
mod reading;
mod walking;
mod writing;

pub use fence::Fence;
pub use lock::Lock;
pub use outputs::{Folder, List, Place, gone};
pub use reading::{Unread, bytes, entries};
pub use walking::{Odd, Walk, is_flow, normal, walk};
pub use writing::{State, add_to};
