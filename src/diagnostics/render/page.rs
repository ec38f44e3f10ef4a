//! A code's page on a terminal.

use super::Style;
use crate::diagnostics::Code;

/// The page as it stands in `docs/errors/`; with colour, headings are bold and examples indented instead of fenced.
pub fn page(code: Code, style: Style) -> String {
    let markdown = code.0.page.trim_end();
    if !style.color {
        return format!("{markdown}\n");
    }
    let mut is_example = false;
    let mut lines: Vec<String> = Vec::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            is_example = !is_example;
        } else if is_example {
            lines.push(format!("    {line}"));
        } else if let Some(heading) = line.strip_prefix('#') {
            lines.push(format!("\u{1b}[1m{}\u{1b}[0m", heading.trim_start_matches('#').trim()));
        } else {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n") + "\n"
}
