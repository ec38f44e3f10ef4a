//! Whether a formatted text still says the same. The printer is not trusted: its result is parsed afresh.

use crate::source::Source;
use crate::syntax::{self, Comment, Parsed};

/// What the formatted text says otherwise than the source, if anything.
pub(super) fn difference(source: &Source, before: &Parsed, text: &str) -> Option<String> {
    let result = Source::new(source.id, source.path.clone(), text);
    let after = syntax::parse(&result);
    if let Some(error) = after.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
        return Some(format!("the result has an error: {}", error.message));
    }
    let (kept, had) = (texts(&result, &after.comments), texts(source, &before.comments));
    if kept != had {
        let lost = had.iter().find(|comment| !kept.contains(comment));
        return Some(lost.map_or_else(
            || "the result has its comments in another order".to_owned(),
            |comment| format!("the result lacks the comment `{comment}`"),
        ));
    }
    (after.file != before.file).then(|| "the result has another tree".to_owned())
}

/// Space at the end of a comment says nothing, and the formatter drops it.
fn texts<'a>(source: &'a Source, comments: &[Comment]) -> Vec<&'a str> {
    comments.iter().map(|comment| source.slice(comment.span).trim_end()).collect()
}
