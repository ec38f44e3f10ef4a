//! The functions in `handlers/`, and how they become programs: cargo builds them, each with the features that it names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cli::Failure;
use crate::cli::args::Global;
use crate::diagnostics::closest;

/// The folder `handlers` of the project, or of the working directory, or above.
pub fn all(global: &Global) -> Result<PathBuf, Failure> {
    let from = match &global.project {
        Some(project) => project.clone(),
        None => std::env::current_dir().map_err(|error| Failure::io("find", Path::new("."), &error))?,
    };
    let found = from.ancestors().map(|above| above.join("handlers")).find(|folder| folder.is_dir());
    found.ok_or_else(|| Failure::new("there is no folder `handlers` here or above"))
}

/// The names of the functions in a folder: whatever has a program.
pub fn names(all: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(all).map_err(|error| Failure::io("read", all, &error))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().join("src/main.rs").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// The folder of one function.
pub fn folder(all: &Path, name: &str) -> Result<PathBuf, Failure> {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let folder = all.join(name);
    if is_plain && folder.join("src/main.rs").is_file() {
        return Ok(folder);
    }
    let names = names(all)?;
    let help = match closest(name, names.iter().map(String::as_str)) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("there are {}", names.join(", ")),
    };
    Err(Failure::new(format!("there is no handler `{name}`")).help(help))
}

/// Has cargo build a function, and asks it where the program is. A target is another machine to build for.
pub fn build(name: &str, folder: &Path, release: bool, target: Option<&str>) -> Result<PathBuf, Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let message_format = ["--message-format", "json-render-diagnostics"];
    cargo.current_dir(folder).args(["build", "--quiet", "--package", name]).args(message_format);
    if release {
        cargo.arg("--release");
    }
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    let built = cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let built = built.map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !built.status.success() {
        return Err(Failure::new(format!("cargo could not build `{name}`")));
    }
    let messages = String::from_utf8_lossy(&built.stdout).into_owned();
    let program = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
        let is_ours = message.pointer("/target/name").and_then(Value::as_str) == Some(name);
        message.get("executable").filter(|_| is_ours)?.as_str().map(PathBuf::from)
    });
    program.ok_or_else(|| Failure::new(format!("cargo built no program `{name}`")))
}
