//! What the modules of this binary share.

pub mod baseline;
