//! What real exports have to prove: a suite of its own, that `cargo test` leaves out, since it needs a folder of exports.
//!
//! `FLOWC_CORPUS=<folder> FLOWC_REFERENCE=<file> cargo test --test exports`. The folder has the flows in `flows/` and
//! `old/`, and an `index.json` that says of each file which actions are unknown, and whether it is a genuine export of the
//! console. Without a folder, the tests fail.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    dead_code,
    reason = "a test that cannot go on stops, helpers included; not everything of the other suite is needed here"
)]

/// The tests that take any flows take real exports here.
const TAKES_EXPORTS: bool = true;

mod accepted;
mod fixes;
mod imports;
mod reference;

#[path = "../it/control.rs"]
mod control;
#[path = "../it/corpus.rs"]
mod corpus;
#[path = "../it/diff.rs"]
mod diff;
#[path = "../it/support/mod.rs"]
mod support;
