//! Transcripts of the program: `tests/cli/<case>.txt` is what a person types and what comes back.
//!
//! A line that begins with `$ ` is run in a folder of its own, line after line; what it prints follows, then its exit
//! code where that is not 0. `flowc ..` runs the program, with lines that begin with `> ` on stdin; `write FILE` takes the lines that begin with `> ` as the file's
//! text; `show FILE`, `list FOLDER` and `remove FILE` do what they say, and `git ..` runs git in silence. `start flowc ..` runs the program beside the
//! script, `await TEXT` reads what it says up to a line with the text, and `stop` ends it. `UPDATE=1 cargo test --test it`
//! writes the answers anew.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::baseline::{Baselines, entries, files_below, flowc_command, flowc_with, repository};

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
    let mut session = None;
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
        let command = command.trim_start_matches("$ ");
        match command.split_once(' ').unwrap_or((command, "")) {
            ("start", program) => session = Some(Session::start(folder.path(), program)),
            ("await", text) => session.as_ref().expect("nothing was started").wait_for(text),
            ("stop", _) => session = None,
            _ => answer(&folder, command, &input, &mut out),
        }
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

/// A program that runs beside the script. It is ended at the latest with the script, also when that fails.
struct Session {
    child: Child,
    lines: Receiver<String>,
}

impl Session {
    /// Long past anything that a loaded machine takes: only a program that says nothing runs into it.
    const PATIENCE: Duration = Duration::from_mins(2);

    fn start(folder: &Path, program: &str) -> Self {
        let arguments: Vec<&str> = program.split_whitespace().skip(1).collect();
        let mut child = flowc_command(folder, &arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (sender, lines) = channel();
        let said = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    fn wait_for(&self, text: &str) {
        let mut said = String::new();
        while !said.contains(text) {
            match self.lines.recv_timeout(Self::PATIENCE) {
                Ok(line) => said.extend([&line, "\n"]),
                Err(error) => panic!("waited for {text:?} ({error}), and this was said:\n{said}"),
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn answer(folder: &TempDir, command: &str, input: &str, out: &mut String) {
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    let path = folder.path().join(rest);
    match verb {
        "flowc" => {
            let run = flowc_with(folder.path(), &rest.split_whitespace().collect::<Vec<_>>(), input);
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
        "git" => {
            let mut git = std::process::Command::new("git");
            for (name, value) in [("AUTHOR", "A Writer"), ("COMMITTER", "A Writer")] {
                git.env(format!("GIT_{name}_NAME"), value).env(format!("GIT_{name}_EMAIL"), "writer@example.com");
            }
            git.env("GIT_CONFIG_GLOBAL", "").env("GIT_CONFIG_NOSYSTEM", "1").args(rest.split_whitespace());
            let run = git.current_dir(folder.path()).output().unwrap();
            assert!(run.status.success(), "git {rest}: {}", String::from_utf8_lossy(&run.stderr));
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
