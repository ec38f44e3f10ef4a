//! Baselines: files that say what the compiler answers. A test loads a folder, checks it, and holds the answer against
//! the file. `UPDATE=1 cargo test --test it` writes them all anew; they are never edited by hand.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flowc::diagnostics::Diagnostic;
use flowc::diagnostics::render::{self, Format, Style};
use flowc::driver::{self, Checked};
use flowc::source::{Source, SourceId};
use similar::TextDiff;

/// A path of this repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The entries of a folder, sorted, so that tests tell the same story on every machine.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// All files below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let below = |path: PathBuf| if path.is_dir() { files_below(&path) } else { vec![path] };
    entries(folder).into_iter().flat_map(below).collect()
}

/// Whether a file name ends so: `is_kind(path, "flow")`.
pub fn is_kind(path: impl AsRef<Path>, extension: &str) -> bool {
    path.as_ref().extension().is_some_and(|found| found == extension)
}

pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

// ---- checking -----------------------------------------------------------------------------------------------------

/// A project in memory and what the compiler says about it.
pub struct Project {
    pub sources: Vec<Source>,
    pub checked: Checked,
    /// About the project file first, then about the flows.
    pub diagnostics: Vec<Diagnostic>,
}

impl Project {
    /// Checks flow sources, each a path and a text, under the text of a `flowc.toml`.
    pub fn check(settings: &str, flows: &[(&str, &str)]) -> Self {
        let file = Source::new(SourceId(0), driver::FILE_NAME, settings);
        let (settings, mut diagnostics) = driver::settings(&file);
        let mut sources = vec![file];
        for (path, text) in flows {
            sources.push(Source::new(SourceId(u32::try_from(sources.len()).unwrap()), *path, *text));
        }
        let checked = driver::check(&sources[1..], &settings);
        diagnostics.extend(checked.diagnostics.iter().cloned());
        Self { sources, checked, diagnostics }
    }

    /// A flow by itself, called `main.flow`.
    pub fn flow(text: &str) -> Self {
        Self::check("", &[("main.flow", text)])
    }

    /// The ids of the codes, in order.
    pub fn codes(&self) -> Vec<&'static str> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect()
    }

    /// What a person reads in a terminal of 100 columns without colour.
    pub fn rendered(&self) -> String {
        let style = Style { color: false, unicode: true, width: 100 };
        render::render(&self.diagnostics, &self.sources, Format::Human, style)
    }
}

// ---- the program --------------------------------------------------------------------------------------------------

/// How a run of the program ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs the program in a folder, as a script would: no terminal, no colour.
pub fn flowc(folder: &Path, arguments: &[&str]) -> Run {
    flowc_with(folder, arguments, "")
}

/// Runs the program with a text on stdin.
pub fn flowc_with(folder: &Path, arguments: &[&str], input: &str) -> Run {
    let mut command = flowc_command(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// The program in a folder, to be run.
pub fn flowc_command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowc"));
    command.args(arguments).current_dir(folder).env_remove("CLICOLOR_FORCE");
    command.env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8");
    command
}

// ---- comparing ----------------------------------------------------------------------------------------------------

/// Holds texts against files, and tells about all of them at the end.
#[derive(Default)]
pub struct Baselines {
    failures: Vec<String>,
}

impl Baselines {
    /// Something that no update can mend.
    pub fn fail(&mut self, message: impl Into<String>) {
        self.failures.push(message.into());
    }

    /// The file holds this text; with `UPDATE` set, it does from now on.
    pub fn expect(&mut self, path: &Path, text: &str) {
        let stored = fs::read_to_string(path).unwrap_or_default();
        if stored == text {
            return;
        }
        if std::env::var_os("UPDATE").is_some_and(|value| !value.is_empty()) {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
            return;
        }
        let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display().to_string();
        let diff = TextDiff::from_lines(&stored, text).unified_diff().header(&shown, "now").to_string();
        self.failures.push(format!("{diff}`UPDATE=1 cargo test --test it` takes this over, if it is right"));
    }

    pub fn finish(self) {
        let mut report = String::new();
        for failure in &self.failures {
            writeln!(report, "\n{failure}").unwrap();
        }
        assert!(self.failures.is_empty(), "{report}");
    }
}
