//! What the terminal can show, and writing to it.
//!
//! All that flowc says goes through here. A reader that goes away (`flowc explain FC0101 | head -1`) is no error: what it did
//! not want is not written. Anything else that keeps words from where they belong, such as a full disk, is kept until the
//! end, where [`Console::lost`] makes a failure of it: a report that was cut short must not look like a clean one.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;
use super::args::{Global, MessageFormat, When};
use crate::diagnostics::{Diagnostic, Level, render};
use crate::source::{Source, shown, shown_line, without_commands};

/// The width of what is no terminal: transcripts must not depend on a window.
const WIDTH_ELSEWHERE: usize = 100;
/// Wider than this, lines are hard to read.
const WIDTH_MAX: usize = 120;
/// Narrower than this, snippets fall apart.
const WIDTH_MIN: usize = 40;
/// Work that takes no longer needs no progress bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where results and messages go.
#[derive(Debug)]
pub struct Console {
    pub format: render::Format,
    pub stdout: render::Style,
    pub stderr: render::Style,
    is_watched: bool,
    stdout_failed: OnceLock<std::io::Error>,
    stderr_failed: OnceLock<std::io::Error>,
}

impl Console {
    pub fn new(global: &Global) -> Self {
        let format = match global.message_format {
            MessageFormat::Human => render::Format::Human,
            MessageFormat::Short => render::Format::Short,
            MessageFormat::Json => render::Format::Json,
        };
        let variable = |name: &str| std::env::var(name).ok();
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let width = terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0));
        Self {
            format,
            stdout: style(global.color, out, width, variable),
            stderr: style(global.color, err, width, variable),
            is_watched: err,
            stdout_failed: OnceLock::new(),
            stderr_failed: OnceLock::new(),
        }
    }

    /// A line or a text that was asked for.
    pub fn result(&self, text: &str) {
        write(&mut std::io::stdout().lock(), text, &self.stdout_failed);
    }

    /// A text for people, with whatever sources and files brought into it.
    pub fn lines(&self, text: &str) {
        self.result(&without_commands(&shown(text)));
    }

    /// What was done: a result for people, an aside when a program reads stdout.
    pub fn summary(&self, text: &str) {
        match self.format {
            render::Format::Json => self.note(text),
            render::Format::Human | render::Format::Short => self.lines(&format!("{text}\n")),
        }
    }

    /// Something about one file: a line for people, an object for programs.
    pub fn finding(&self, state: &str, file: &str) {
        match self.format {
            render::Format::Json => {
                self.result(&format!("{}\n", serde_json::json!({ "state": state, "file": file })));
            }
            render::Format::Human | render::Format::Short => self.lines(&format!("{state} {}\n", shown_line(file))),
        }
    }

    /// Something to know that is no result.
    pub fn note(&self, text: &str) {
        self.aside(&without_commands(&format!("{}\n", shown(text))));
    }

    fn aside(&self, text: &str) {
        write(&mut std::io::stderr().lock(), text, &self.stderr_failed);
    }

    /// What could not be said, if something could not.
    pub fn lost(&self) -> Option<Failure> {
        let lost = |name: &str, failed: &OnceLock<std::io::Error>| {
            let error = failed.get().filter(|error| error.kind() != ErrorKind::BrokenPipe)?;
            let message = format!("cannot write to {name}: {}", super::reason(error));
            Some(Failure::new(message).help("what was written there is not whole; make room, or write elsewhere"))
        };
        lost("stdout", &self.stdout_failed).or_else(|| lost("stderr", &self.stderr_failed))
    }

    pub fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &[Source]) {
        if self.format == render::Format::Json {
            self.result(&render::render(diagnostics, sources, self.format, self.stdout));
        } else {
            self.aside(&render::render(diagnostics, sources, self.format, self.stderr));
        }
    }

    /// The same in another form for people.
    pub fn diagnostics_as(&self, format: Option<render::Format>, diagnostics: &[Diagnostic], sources: &[Source]) {
        self.aside(&render::render(diagnostics, sources, format.unwrap_or(self.format), self.stderr));
    }

    pub fn failure(&self, failure: &Failure) {
        let head = if self.stderr.color { "\u{1b}[31mflowc:\u{1b}[0m" } else { "flowc:" };
        self.aside(&without_commands(&format!("{head} {}\n", shown(&failure.message))));
        if let Some(help) = &failure.help {
            self.note(&format!("  help: {help}"));
        }
    }

    /// Shows how far some work is, if a person watches and it takes long.
    pub fn progress(&self, what: &'static str, steps: usize) -> Progress {
        Progress {
            what,
            is_watched: self.is_watched,
            chars: if self.stderr.unicode { "█▉░" } else { "##-" },
            begin: Instant::now(),
            steps,
            done: AtomicU64::new(0),
            bar: Mutex::new(None),
        }
    }

    /// The time that something took, for people who watch; a transcript has no times.
    pub fn elapsed(&self, begin: Instant) -> String {
        if self.is_watched { format!(" in {}", duration(begin.elapsed())) } else { String::new() }
    }
}

pub fn duration(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// `3 errors, 1 warning`.
pub fn tally(diagnostics: &[Diagnostic]) -> String {
    let count = |level| diagnostics.iter().filter(|diagnostic| diagnostic.level() == level).count();
    format!("{}, {}", counted(count(Level::Error), "error"), counted(count(Level::Warning), "warning"))
}

/// `1 flow`, `2 flows`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Writes, unless an earlier attempt failed: what comes after a gap would be taken for what belongs there.
fn write(stream: &mut dyn Write, text: &str, failed: &OnceLock<std::io::Error>) {
    if failed.get().is_some() {
        return;
    }
    if let Err(error) = stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        // Set once: only this call found it empty, or another thread has the same to tell.
        let _ = failed.set(error);
    }
}

fn style(
    when: When,
    is_terminal: bool,
    width: Option<usize>,
    variable: impl Fn(&str) -> Option<String>,
) -> render::Style {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let color = match when {
        When::Always => true,
        When::Never => false,
        When::Auto if is_set("NO_COLOR") => false,
        When::Auto if is_set("CLICOLOR_FORCE") && variable("CLICOLOR_FORCE").as_deref() != Some("0") => true,
        When::Auto => is_terminal && variable("TERM").as_deref() != Some("dumb"),
    };
    let width = if is_terminal { width.unwrap_or(WIDTH_ELSEWHERE) } else { WIDTH_ELSEWHERE };
    render::Style { color, unicode: !is_terminal || has_unicode(variable), width: width.clamp(WIDTH_MIN, WIDTH_MAX) }
}

/// Whether the locale is a UTF-8 one. Windows has no such variables, and its terminals can.
fn has_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty());
    locale.map_or(cfg!(windows), |locale| locale.to_lowercase().replace('-', "").contains("utf8"))
}

/// How far some work is. Shown only once it has taken longer than [`PATIENCE`].
pub struct Progress {
    what: &'static str,
    is_watched: bool,
    /// What the bar is drawn with.
    chars: &'static str,
    begin: Instant,
    steps: usize,
    done: AtomicU64,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    pub fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.is_watched || self.begin.elapsed() < PATIENCE {
            return;
        }
        // A thread that finds the bar in use leaves the drawing to the other.
        let Ok(mut bar) = self.bar.try_lock() else { return };
        bar.get_or_insert_with(|| self.drawn()).set_position(done);
    }
}

impl Progress {
    fn drawn(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.steps as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {elapsed}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars(self.chars);
        bar.with_style(style).with_message(self.what).with_elapsed(self.begin.elapsed())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Ok(Some(bar)) = self.bar.get_mut() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styled(when: When, is_terminal: bool, variables: &[(&str, &str)]) -> render::Style {
        let variable = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        style(when, is_terminal, Some(300), variable)
    }

    #[test]
    fn colour_follows_the_terminal_and_its_variables() {
        assert!(styled(When::Auto, true, &[]).color);
        assert!(!styled(When::Auto, false, &[]).color);
        assert!(!styled(When::Auto, true, &[("NO_COLOR", "1")]).color);
        assert!(styled(When::Auto, true, &[("NO_COLOR", "")]).color);
        assert!(!styled(When::Auto, true, &[("TERM", "dumb")]).color);
        assert!(styled(When::Auto, false, &[("CLICOLOR_FORCE", "1")]).color);
        assert!(!styled(When::Auto, false, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).color);
        assert!(styled(When::Always, false, &[("NO_COLOR", "1")]).color);
        assert!(!styled(When::Never, true, &[]).color);
    }

    #[test]
    fn a_transcript_does_not_depend_on_the_window_or_the_locale() {
        let style = styled(When::Auto, false, &[("LANG", "C")]);
        assert_eq!((style.width, style.unicode), (WIDTH_ELSEWHERE, true));
        let style = styled(When::Auto, true, &[("LANG", "C")]);
        assert_eq!((style.width, style.unicode), (WIDTH_MAX, false));
        assert!(styled(When::Auto, true, &[("LC_ALL", ""), ("LANG", "de_DE.UTF-8")]).unicode);
    }
}
