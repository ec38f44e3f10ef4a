pub mod catalogue;
pub mod diagnostics;
pub mod flow;
pub mod source;
pub mod syntax;
pub mod validate;
