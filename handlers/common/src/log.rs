//! Logs as lines of JSON on stdout, where Lambda collects them, each scrubbed of what belongs to customers.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::mask;

/// Begins to log. `LOG_LEVEL` is a filter of `tracing`, such as `debug`; it is `info` unless set.
pub fn begin(level: Option<&str>) {
    let filter = EnvFilter::try_new(level.unwrap_or("info")).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().json().with_env_filter(filter).with_current_span(false).with_span_list(false);
    // A second call, in a test, finds the first one's subscriber in place.
    let _ = lines.with_writer(|| Scrubbed(io::stdout())).try_init();
}

/// A writer to which lines come whole: the subscriber hands each event over in one piece.
pub(crate) struct Scrubbed<W>(pub(crate) W);

impl<W: Write> Write for Scrubbed<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(mask::scrub(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
