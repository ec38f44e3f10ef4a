//! `flowc explain`: the page of a code.

use crate::cli::args::Explain;
use crate::cli::terminal::Console;
use crate::cli::{Failure, Outcome};
use crate::diagnostics::{closest, codes, render};

pub fn run(explain: &Explain, console: &Console) -> Result<Outcome, Failure> {
    let wanted = explain.code.trim();
    // The prefix is the same for all, so `402` can only mean one.
    let code = codes::find(wanted).or_else(|| codes::find(&format!("FC{wanted:0>4}")));
    if let Some(code) = code {
        console.result(&render::page(code, console.stdout));
        return Ok(Outcome::Clean);
    }
    let upper = wanted.to_uppercase();
    let help = match closest(&upper, codes::ALL.iter().map(|code| code.id())) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "messages show their code in brackets, as in `error[FC0402]`".to_owned(),
    };
    Err(Failure::new(format!("there is no code `{wanted}`")).help(help))
}
