//! What SECURITY.md promises of files: nothing is lost, nothing is read or written elsewhere, nothing wrong is called right.
//!
//! Every promise has a test here that bears its name. Nothing depends on permissions, since root has them all.

mod comparing;
mod editing;
mod finding;
mod owning;
#[cfg(unix)]
mod reaching;
mod saying;

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    // Not hidden, as temporary folders are otherwise: links to what is hidden are not read.
    let folder = tempfile::Builder::new().prefix("flowc-").tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

/// A project with one flow, and these files besides.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(&[("flowc.toml", ""), ("flows-src/main.flow", &flow("Main", "Welcome."))]);
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// A flow that says something, in the one form of sources.
fn flow(name: &str, text: &str) -> String {
    format!("inbound flow {name} {{\n  on error -> next\n\n  say \"{text}\"\n  disconnect\n}}\n")
}

/// Git as a person without settings has it.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    for name in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{name}_NAME"), "A Writer").env(format!("GIT_{name}_EMAIL"), "writer@example.com");
    }
    git.env("GIT_CONFIG_GLOBAL", "").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(folder).args(arguments);
    let run = git.output().unwrap();
    assert!(run.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap().trim().to_owned()
}

/// Puts everything that lies there into a commit.
fn commit(folder: &Path) {
    if !folder.join(".git").exists() {
        git(folder, &["init", "-q", "-b", "main"]);
    }
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "as it is"]);
}
