//! One line per diagnostic, in the form that editors and `grep` know. The path in a document comes after the message.

use super::{Places, Style};
use crate::diagnostics::Diagnostic;
use crate::source::shown_line;

pub(super) fn diagnostic(diagnostic: &Diagnostic, places: &Places, _style: Style) -> String {
    let span = diagnostic.primary.span;
    let place = places.get(span).map(|place| {
        let at = place.position(span.start as usize);
        format!("{}:{}:{}: ", shown_line(&place.source.path), at.line, at.column)
    });
    let message = diagnostic.message_with_path();
    let message = shown_line(&message);
    let (level, code) = (diagnostic.level().word(), diagnostic.code.id());
    format!("{}{level}[{code}]: {message}\n", place.unwrap_or_default())
}
