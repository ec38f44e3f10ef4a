pub mod catalogue;
pub mod diagnostics;
pub mod source;
pub mod syntax;
