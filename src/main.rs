//! The binary: everything it does stands in [`flowc::cli`].

use std::process::ExitCode;

/// A build makes millions of small lists and texts, on all cores at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    flowc::cli::run(std::env::args_os())
}
