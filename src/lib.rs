pub mod catalogue;
pub mod diagnostics;
pub mod format;
pub mod source;
pub mod syntax;
