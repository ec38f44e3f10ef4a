//! A compiler for Amazon Connect flows: from readable source to 2019-10-30 documents. `ARCHITECTURE.md` says what stands
//! where, and why.

pub mod catalogue;
pub mod cli;
pub mod diagnostics;
pub mod driver;
pub mod emit;
pub mod flow;
pub mod format;
pub mod source;
pub mod syntax;
pub mod validate;
