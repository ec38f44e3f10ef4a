//! What the modules of this binary share.

pub mod baseline;
pub mod checker;
pub mod dice;
pub mod exports;
pub mod generate;
pub mod graph;
pub mod tree;
