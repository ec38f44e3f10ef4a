//! Bounds on what a source may be, each with its reason.

/// Bytes of one source file: sixteen times what the service takes of a compiled flow, so that several fit in one file.
pub const SOURCE_BYTES_MAX: usize = 4 << 20;
/// Brackets inside one another. The parser descends once per level; real flows stay below ten.
pub const NESTING_MAX: usize = 48;
