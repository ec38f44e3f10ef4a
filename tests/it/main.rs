//! All integration tests, in one binary. `tests/README.md` says what each module proves.

mod bad_input;
mod errors;
mod recovery;
mod support;
