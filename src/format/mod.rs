//! A placeholder for the formatter: names and signatures only.

use crate::diagnostics::Diagnostic;
use crate::source::Source;

/// What formatting came to.
#[derive(Debug)]
pub enum Formatted {
    Unchanged,
    Changed(String),
    Broken(Vec<Diagnostic>),
    Unsound(String),
}

pub fn format(source: &Source) -> Formatted {
    let parsed = crate::syntax::parse(source);
    if parsed.diagnostics.has_errors() {
        return Formatted::Broken(parsed.diagnostics.into_sorted());
    }
    let lines: Vec<&str> = source.text.lines().map(str::trim_end).collect();
    let text = if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" };
    if *text == *source.text { Formatted::Unchanged } else { Formatted::Changed(text) }
}
