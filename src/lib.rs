pub mod catalogue;
pub mod diagnostics;
pub mod emit;
pub mod flow;
pub mod source;
pub mod syntax;
pub mod validate;
