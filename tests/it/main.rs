//! All integration tests, in one binary. `tests/README.md` says what each module proves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy.toml exempts tests, but not what they share"
)]

mod bad_input;
mod errors;
mod recovery;
mod support;
