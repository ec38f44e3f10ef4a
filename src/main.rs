//! The binary: everything it does stands in [`flowc::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    flowc::cli::run(std::env::args_os())
}
