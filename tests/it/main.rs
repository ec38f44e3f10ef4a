//! All integration tests, in one binary. `tests/README.md` says what each module proves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on stops, helpers included"
)]

/// Real exports are a suite of their own: `cargo test --test exports`.
const TAKES_EXPORTS: bool = false;

mod bad_input;
mod baselines;
mod catalogue;
mod cli;
mod contracts;
mod control;
mod corpus;
mod diff;
mod docs;
mod document_messages;
mod emitted;
mod errors;
mod files;
mod flows;
mod functions;
mod gate;
mod import;
mod injection;
mod integrations;
mod linked;
mod mapping;
mod origins;
mod package;
mod planted;
mod properties;
mod recovery;
mod reports;
mod rules;
mod sentences;
mod support;
mod tidy;
