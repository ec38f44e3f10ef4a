//! x
pub fn run(_a: std::env::ArgsOs) -> std::process::ExitCode { 0.into() }
