//! The command line: the only place that reads and writes. It decides nothing about flows; [`crate::driver`] does.
//!
//! Results go to stdout, what there is to say goes to stderr (with `--message-format json`, problems go to stdout and
//! everything else to stderr). Start reading at [`run`], then at one file of [`command`].

mod args;
mod command;
mod environments;
mod files;
mod folders;
mod project;
mod revision;
mod snapshot;
mod terminal;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use terminal::Console;

use crate::source::{is_hidden, shown_line, without_commands};

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Clean,
    /// Errors in flows, or differences that `--check` found.
    Problems,
}

/// Why flowc could not do its work. The fault is not in a flow.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// What the system said about a path, in the words `cannot <act> <path>: <reason>`.
    fn io(act: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {act} `{}`: {}", path.display(), reason(error)))
    }
}

/// An error of the system without its number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Runs flowc. The exit code is 0 when all is clean, 1 when flows have errors, 2 when flowc itself failed.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let given: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        Err(problem) => {
            let is_lost = said(&problem, &given).is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe);
            return ExitCode::from(u8::from(is_lost || problem.use_stderr()) * 2);
        }
    };
    let console = Console::new(&arguments.global);
    let global = &arguments.global;
    let outcome = match &arguments.command {
        Command::Init(init) => command::init::run(init, &console),
        Command::Build(build) => command::build::run(build, global, &console),
        Command::Check(check) => command::check::run(check, global, &console),
        Command::Fmt(fmt) => command::fmt::run(fmt, global, &console),
        Command::Explain(explain) => command::explain::run(explain, &console),
        Command::Import(import) => command::import::run(import, global, &console),
        Command::Lint(lint) => command::lint::run(lint, global, &console),
        Command::Diff(diff) => command::diff::run(diff, global, &console),
        Command::Graph(graph) => command::graph::run(graph, global, &console),
        Command::Handler(handler) => command::handler::run(handler, global, &console),
        Command::Package(package) => command::package::run(package, global, &console),
        Command::Resources(resources) => command::resources::run(resources, global, &console),
        Command::Emit(emit) => command::emit::run(emit, global, &console),
        Command::Completions(completions) => command::completions::run(completions, &console),
    };
    let code = match outcome {
        Ok(Outcome::Clean) => 0,
        Ok(Outcome::Problems) => 1,
        Err(failure) => {
            console.failure(&failure);
            2
        }
    };
    match console.lost() {
        None => ExitCode::from(code),
        Some(lost) => {
            console.failure(&lost);
            ExitCode::from(2)
        }
    }
}

/// Says what is wrong with arguments, or what was asked for. Arguments may be names of files, which scripts take from
/// elsewhere: what would steer a terminal or a build server is shown as an escape, and without colours.
fn said(problem: &clap::Error, given: &[OsString]) -> std::io::Result<()> {
    let given: Vec<_> = given.iter().map(|argument| argument.to_string_lossy()).collect();
    let is_plain = |argument: &str| !argument.chars().any(is_hidden) && !argument.contains("##");
    if !problem.use_stderr() || given.iter().all(|argument| is_plain(argument)) {
        return problem.print();
    }
    // The command line's parser drops what it takes for colours, so the argument is told as it was given.
    let text = problem.kind().as_str().unwrap_or("an argument cannot be understood");
    let odd: Vec<String> =
        given.iter().filter(|argument| !is_plain(argument)).map(|odd| format!("`{}`", shown_line(odd))).collect();
    let line = format!("error: {text}, with {}\n\nFor more information, try '--help'.\n", odd.join(" and "));
    std::io::Write::write_all(&mut std::io::stderr(), without_commands(&line).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
