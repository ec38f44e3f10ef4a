//! A compiler for Amazon Connect flows: from readable source to 2019-10-30 documents. `ARCHITECTURE.md` says what stands
//! where, and why.

// The generated parser names it, because pest is used without `std`.
extern crate alloc;

pub mod catalogue;
pub mod cli;
pub mod diagnostics;
pub mod diff;
pub mod driver;
pub mod emit;
pub mod flow;
pub mod format;
pub mod import;
pub mod intake;
pub mod json;
pub mod lint;
pub mod mapping;
pub mod source;
pub mod syntax;
pub mod validate;
