//! Transcripts of the program: `tests/cli/<case>.txt` is what a person types and what comes back.
//!
//! A line that begins with `$ ` is run in a folder of its own, line after line; what it prints follows, then its exit
//! code where that is not 0. `flowc ..` runs the program; `write FILE` takes the lines that begin with `> ` as the file's
//! text; `show FILE`, `list FOLDER` and `remove FILE` do what they say. `UPDATE=1 cargo test --test it` writes the
//! answers anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::baseline::{Baselines, entries, files_below, flowc, repository};

#[test]
fn transcripts_say_what_the_program_says() {
    let mut baselines = Baselines::default();
    let cases = entries(&repository("tests/cli"));
    assert!(!cases.is_empty());
    for case in cases {
        let script = fs::read_to_string(&case).unwrap();
        baselines.expect(&case, &replayed(&script));
    }
    baselines.finish();
}

/// The script with its answers as they are now.
fn replayed(script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = script.lines().peekable();
    let mut out = String::new();
    // What stands above the first command says what the case is about.
    while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
        writeln!(out, "{line}").unwrap();
    }
    while let Some(command) = lines.next() {
        writeln!(out, "{command}").unwrap();
        let mut input = String::new();
        while let Some(line) = lines.next_if(|line| line.starts_with('>')) {
            writeln!(out, "{line}").unwrap();
            input.push_str(line.strip_prefix("> ").unwrap_or_default());
            input.push('\n');
        }
        // The answers on file: they are written anew.
        while lines.next_if(|line| !line.starts_with("$ ")).is_some() {}
        answer(&folder, command.trim_start_matches("$ "), &input, &mut out);
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

fn answer(folder: &TempDir, command: &str, input: &str, out: &mut String) {
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    let path = folder.path().join(rest);
    match verb {
        "flowc" => {
            let run = flowc(folder.path(), &rest.split_whitespace().collect::<Vec<_>>());
            let place = folder.path().to_string_lossy().into_owned();
            for text in [&run.stdout, &run.stderr] {
                let text = text.replace(&place, "<folder>");
                out.push_str(&text);
                if !text.is_empty() && !text.ends_with('\n') {
                    out.push('\n');
                }
            }
            if run.code != Some(0) {
                writeln!(out, "exit code {}", run.code.unwrap()).unwrap();
            }
        }
        "write" => {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, input).unwrap();
        }
        "show" => out.push_str(&fs::read_to_string(&path).unwrap()),
        "list" => list(folder.path(), &path, out),
        "remove" => fs::remove_file(&path).unwrap(),
        other => panic!("transcripts have no command `{other}`"),
    }
}

fn list(folder: &Path, path: &Path, out: &mut String) {
    for file in files_below(path) {
        writeln!(out, "{}", file.strip_prefix(folder).unwrap().display()).unwrap();
    }
}
