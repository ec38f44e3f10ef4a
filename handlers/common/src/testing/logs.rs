//! What a handler logs, caught for a look at it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use crate::log::Scrubbed;

thread_local! {
    /// What was logged on this thread since somebody began to catch it.
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// One subscriber for the whole program: with one per test, a line that two tests reach at once may be lost.
static BEGIN: Once = Once::new();

/// Collects every line of this thread, down to `trace`, until it goes out of scope.
pub struct Logs(());

impl Logs {
    pub fn caught() -> Self {
        BEGIN.call_once(|| {
            let lines = tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE);
            lines.with_writer(|| Scrubbed(OfThisThread)).init();
        });
        LINES.set(Some(Vec::new()));
        Self(())
    }

    pub fn text(&self) -> String {
        LINES.with_borrow(|lines| String::from_utf8_lossy(lines.as_deref().unwrap_or_default()).into_owned())
    }

    /// Fails when one of the texts was logged, or nothing at all was.
    #[track_caller]
    pub fn hold_none_of(&self, secrets: &[&str]) {
        let text = self.text();
        assert!(!text.is_empty(), "nothing was logged, so this proves nothing");
        for secret in secrets {
            assert!(!text.contains(secret), "the logs hold {secret}:\n{text}");
        }
    }
}

impl Drop for Logs {
    fn drop(&mut self) {
        LINES.set(None);
    }
}

struct OfThisThread;

impl Write for OfThisThread {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.as_mut().map(|lines| lines.extend_from_slice(line)));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
