//! Places in documents, as their readers name them.

use std::fmt;
use std::fmt::Write;

/// Where a value is in a document: `Actions[3].Transitions.NextAction`. Empty for the document itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(String);

impl Path {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        let mut path = self.0.clone();
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if plain {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
        } else {
            let _ = write!(path, "[{name:?}]");
        }
        Self(path)
    }

    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// The path below this one; `steps` is dotted, and numbers are elements of lists.
    #[must_use]
    pub fn below(&self, steps: &str) -> Self {
        steps.split('.').fold(self.clone(), |path, step| match step.parse::<usize>() {
            Ok(index) => path.index(index),
            Err(_) => path.key(step),
        })
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This path from the root of a text in which the document may be nested, given the path of something in the same
    /// document from that root. Nothing where the two have nothing in common: then the text has another form.
    #[must_use]
    pub fn within(&self, other: &Self) -> Option<Self> {
        let end = self.0.find('.').unwrap_or(self.0.len());
        let first = self.0.get(..end)?;
        let (at, _) = other.0.match_indices(first).find(|(at, _)| {
            let is_begun = *at == 0 || other.0.get(..*at).is_some_and(|before| before.ends_with('.'));
            let after = other.0.get(at + first.len()..).unwrap_or_default();
            is_begun && (after.is_empty() || after.starts_with(['.', '[']))
        })?;
        Some(Self(format!("{}{}", other.0.get(..at)?, self.0)))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "the document" } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_like_code() {
        let path = Path::default().key("Actions").index(3).key("Parameters").key("my key");
        assert_eq!(path.to_string(), r#"Actions[3].Parameters["my key"]"#);
        let path = Path::new("Actions[3]").below("Parameters.Media.0.Uri");
        assert_eq!(path.to_string(), "Actions[3].Parameters.Media[0].Uri");
    }

    #[test]
    fn a_path_in_a_document_is_found_in_what_holds_the_document() {
        let within = |other: &str| Path::new("Actions[0].Parameters.Text").within(&Path::new(other));
        let nested = "Resources.Main.Properties.Content.Actions[0].Parameters.Text";
        assert_eq!(within("Resources.Main.Properties.Content.Actions[0].Type"), Some(Path::new(nested)));
        assert_eq!(within("Actions[0]"), Some(Path::new("Actions[0].Parameters.Text")));
        assert_eq!(within("Actions[01]"), None);
        assert_eq!(within("modules[0].parameters"), None, "an old document has no actions");
    }
}
