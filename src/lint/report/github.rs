//! Commands of GitHub's workflows: an annotation at each line. What a step prints so is shown in the pull request.

use super::{Entry, Places};
use crate::diagnostics::Level;
use crate::source::shown;

pub(super) fn report(entries: &[Entry], places: &Places) -> String {
    entries.iter().map(|entry| annotation(entry, places)).collect()
}

fn annotation(entry: &Entry, places: &Places) -> String {
    let diagnostic = entry.diagnostic;
    let command = match diagnostic.level() {
        Level::Note => "notice",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    let mut properties = String::new();
    if let Some(place) = places.of(diagnostic.primary.span) {
        properties = format!(
            "file={},line={},endLine={},col={},endColumn={},",
            property(place.path),
            place.start.line,
            place.end.line,
            place.start.column,
            place.end.column
        );
    }
    let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let text = text(&shown(&format!("{}{help}", diagnostic.message_with_path())));
    format!("::{command} {properties}title={}::{text}\n", property(diagnostic.code.id()))
}

fn text(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(value: &str) -> String {
    text(value).replace(':', "%3A").replace(',', "%2C")
}
