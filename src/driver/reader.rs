//! Reading TOML with places, so that what is wrong is underlined where it stands, and all of it is said at once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{self, Source, Span};

pub(super) type Key<'a> = Spanned<Cow<'a, str>>;
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// One file, and what there is to say about it.
pub(super) struct Reader<'a> {
    source: &'a Source,
    /// What kind of file cannot be understood.
    code: Code,
    /// The length of a mark at the file's beginning, which the parser does not see.
    shift: usize,
    pub diagnostics: Diagnostics,
}

/// Reads a file, unless it is not TOML at all. `example` is a line such as the file has.
pub(super) fn read(
    source: &Source,
    code: Code,
    example: &str,
    found: impl FnOnce(&mut Reader, &DeTable),
) -> Vec<Diagnostic> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let mut reader = Reader { source, code, shift: source.text.len() - text.len(), diagnostics: Diagnostics::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = reader.span(error.span().unwrap_or_default());
        // The library writes for programmers and over several lines; its first line is what matters.
        let reason = error.message().lines().next().unwrap_or("not TOML");
        let problem = Diagnostic::new(code, span, format!("this is not TOML: {reason}"));
        reader.diagnostics.push(problem.help(format!("strings stand in quotes, as in `{example}`")));
    }
    if reader.diagnostics.is_empty() {
        found(&mut reader, table.get_ref());
    }
    reader.diagnostics.into_sorted()
}

impl Reader<'_> {
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source.id, range.start + self.shift, range.end + self.shift)
    }

    pub fn wrong(&mut self, value: &Value, message: String, help: &str) {
        let span = self.span(value.span());
        self.diagnostics.push(Diagnostic::new(self.code, span, message).help(help));
    }

    /// A key that means nothing here.
    pub fn unknown(&mut self, key: &Key, message: &str, known: &[&str]) {
        let help = format!("the settings are `{}`", known.join("`, `"));
        let problem = Diagnostic::new(self.code, self.span(key.span()), message).label("unknown").help(help);
        self.diagnostics.push(problem.suggest(key.get_ref(), known.iter().copied()));
    }

    pub fn table<'v, 'i>(&mut self, value: &'v Value<'i>, name: &str) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let message = format!("`{name}` is {}, where a table is needed", kind(value.get_ref()));
            self.wrong(value, message, &format!("begin a section `[{name}]` and write its entries below"));
        }
        table
    }

    /// A string with its place, quotes included.
    pub fn text(&mut self, value: &Value, name: &str) -> Option<source::Spanned<String>> {
        let Some(text) = value.get_ref().as_str() else {
            let message = format!("`{name}` is {}, where a string is needed", kind(value.get_ref()));
            self.wrong(value, message, "write it in quotes");
            return None;
        };
        Some(source::Spanned::new(text.to_owned(), self.span(value.span())))
    }

    /// A table of texts; numbers and truth values count as what they look like.
    pub fn texts(&mut self, value: &Value, name: &str) -> BTreeMap<String, String> {
        let Some(table) = self.table(value, name) else { return BTreeMap::new() };
        let mut texts = BTreeMap::new();
        for (key, value) in table {
            let text = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Boolean(truth) => truth.to_string(),
                DeValue::Integer(_) | DeValue::Float(_) => self.digits(value),
                other => {
                    let message = format!("`{}` is {}, where one text is needed", key.get_ref(), kind(other));
                    self.wrong(value, message, "write a string, a number, `true` or `false`");
                    continue;
                }
            };
            texts.insert(key.get_ref().to_string(), text);
        }
        texts
    }

    /// A number as it was written: `0012` and `1.50` keep their digits.
    pub fn digits(&self, value: &Value) -> String {
        self.source.slice(self.span(value.span())).to_owned()
    }
}

pub(super) fn kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
