//! `flowc completions`: a script for a shell.

use clap::CommandFactory;

use crate::cli::args::{Arguments, Completions};
use crate::cli::terminal::Console;
use crate::cli::{Failure, Outcome};

#[expect(clippy::unnecessary_wraps, reason = "all commands have one shape")]
pub fn run(completions: &Completions, console: &Console) -> Result<Outcome, Failure> {
    // Written to memory first: the generator panics on a stream that closes.
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Arguments::command(), "flowc", &mut script);
    console.result(&String::from_utf8_lossy(&script));
    Ok(Outcome::Clean)
}
