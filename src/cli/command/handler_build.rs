//! The functions in `handlers/`, and how they become programs: cargo builds them, each with the features that it names.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cli::Failure;
use crate::cli::args::Global;
use crate::cli::files::{self, Fence};
use crate::cli::project::{Project, root_above};
use crate::diagnostics::closest;

/// The folder `handlers` of the project; where there is none, of the working directory. Above it, a folder of that name is
/// somebody else's, and building in it would run what they wrote.
pub fn all(global: &Global) -> Result<PathBuf, Failure> {
    let from = Project::folder_around(global)?;
    let root = root_above(&from).unwrap_or(&from);
    let folder = root.join("handlers");
    if !folder.is_dir() {
        return Err(Failure::new(format!("there is no folder `handlers` in `{}`", root.display()))
            .help("functions lie in the project, one folder each: `handlers/<name>/`"));
    }
    if Fence::new(root).followed(&folder).is_err() {
        return Err(Failure::new(format!("`{}` is a link that leads out of the project", folder.display()))
            .help("name the project that it is of: `--project DIR`"));
    }
    Ok(folder)
}

/// The names of the functions in a folder: whatever has a program.
pub fn names(all: &Path) -> Result<Vec<String>, Failure> {
    let entries = files::entries(all).map_err(|error| Failure::io("read", all, &error))?;
    let folders = entries.into_iter().filter(|(path, kind)| kind.is_dir() && path.join("src/main.rs").is_file());
    Ok(folders.filter_map(|(path, _)| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
}

/// The folder of one function.
pub fn folder(all: &Path, name: &str) -> Result<PathBuf, Failure> {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let folder = all.join(name);
    if is_plain && !folder.is_symlink() && folder.join("src/main.rs").is_file() {
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
