//! One JSON object per line. The field names are part of flowc's interface: programs read them.

use serde::Serialize;

use super::{Places, Style};
use crate::diagnostics::{Diagnostic, Label, Safety};
use crate::source::{Path, Span};

#[derive(Serialize)]
struct Json<'a> {
    code: &'a str,
    level: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(rename = "documentPath")]
    document_path: Option<&'a str>,
    label: &'a str,
    related: Vec<Related<'a>>,
    help: Option<&'a str>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: Option<&'a str>,
    span: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

/// Line and column from one, the column in characters; the offset in bytes from zero.
#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    replacement: &'a str,
    safety: &'a str,
}

pub(super) fn diagnostic(diagnostic: &Diagnostic, places: &Places, _style: Style) -> String {
    let related = |label: &'_ Label| place(label.span, places);
    let json = Json {
        code: diagnostic.code.id(),
        level: diagnostic.level().word(),
        message: &diagnostic.message,
        place: place(diagnostic.primary.span, places),
        document_path: diagnostic.path.as_ref().map(Path::as_str),
        label: &diagnostic.primary.text,
        related: diagnostic
            .secondary
            .iter()
            .map(|label| Related { place: related(label), label: &label.text })
            .collect(),
        help: diagnostic.help.as_deref(),
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| Fix {
                title: &fix.title,
                place: place(fix.span, places),
                replacement: &fix.replacement,
                safety: match fix.safety {
                    Safety::Safe => "safe",
                    Safety::Unsafe => "unsafe",
                },
            })
            .collect(),
    };
    // Strings and numbers always serialise.
    serde_json::to_string(&json).unwrap_or_default() + "\n"
}

fn place<'a>(span: Span, places: &Places<'a>) -> Place<'a> {
    let Some(found) = places.get(span) else { return Place { file: None, span: None } };
    let point = |offset: u32| {
        let at = found.position(offset as usize);
        Point { line: at.line, column: at.column, offset: offset as usize }
    };
    Place { file: Some(&found.source.path), span: Some(Range { start: point(span.start), end: point(span.end) }) }
}
