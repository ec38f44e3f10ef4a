//! One file per command: what it reads, which steps of the driver it calls, what it prints.

pub mod build;
pub mod check;
pub mod completions;
pub mod diff;
pub mod emit;
pub mod explain;
pub mod fmt;
pub mod graph;
pub mod handler;
mod handler_build;
mod handler_contract;
mod handler_http;
mod handler_runtime;
pub mod import;
pub mod init;
pub mod lint;
mod lint_fixes;
pub mod package;
pub mod resources;
mod watch;
