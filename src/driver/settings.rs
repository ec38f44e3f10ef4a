//! `flowc.toml`: what a project decides about its flows.
//!
//! The file is read with places, so that a misspelled key is underlined where it stands, and everything that is wrong
//! with it is said at once.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::flow::build::{self, Defaults, Options};
use crate::flow::id::Style;
use crate::source::{Source, Span};

/// The project file's name.
pub const FILE_NAME: &str = "flowc.toml";

const KEYS: [&str; 5] = ["source", "out", "identifiers", "values", "defaults"];
const STYLES: [&str; 2] = ["uuid", "readable"];

/// A project's decisions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the sources, from the project file's own.
    pub source: String,
    /// The folder of what is compiled, likewise.
    pub out: String,
    pub options: Options,
}

impl Default for Settings {
    fn default() -> Self {
        Self { source: "flows-src".to_owned(), out: "out".to_owned(), options: Options::default() }
    }
}

/// Reads a project file. What cannot be understood is said and keeps its default.
pub fn settings(source: &Source) -> (Settings, Vec<Diagnostic>) {
    let mut reader = Reader { source, diagnostics: Diagnostics::new() };
    let mut settings = Settings::default();
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let shift = source.text.len() - text.len();
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or_default();
        let span = Span::new(source.id, range.start + shift, range.end + shift);
        // The library writes for programmers and over several lines; its first line is what matters.
        let reason = error.message().lines().next().unwrap_or("not TOML");
        let problem = Diagnostic::new(codes::PROJECT_FILE, span, format!("this is not TOML: {reason}"));
        reader.diagnostics.push(problem.help("strings stand in quotes, as in `out = \"out\"`"));
    }
    if reader.diagnostics.is_empty() {
        Reader { source, ..reader }.read(table.get_ref(), shift, &mut settings)
    } else {
        (settings, reader.diagnostics.into_sorted())
    }
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    source: &'a Source,
    diagnostics: Diagnostics,
}

impl Reader<'_> {
    fn read(mut self, table: &DeTable, shift: usize, settings: &mut Settings) -> (Settings, Vec<Diagnostic>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "source" => settings.source = self.folder(value, shift).unwrap_or(settings.source.clone()),
                "out" => settings.out = self.folder(value, shift).unwrap_or(settings.out.clone()),
                "identifiers" => settings.options.identifiers = self.style(value, shift),
                "values" => settings.options.values = self.texts(value, shift, "values"),
                "defaults" => settings.options.defaults = self.defaults(value, shift),
                unknown => {
                    let span = self.span(key.span(), shift);
                    let message = format!("`{unknown}` is not a setting of a project");
                    let known = format!("the settings are `{}`", KEYS.join("`, `"));
                    let problem = Diagnostic::new(codes::PROJECT_FILE, span, message).label("unknown").help(known);
                    self.diagnostics.push(problem.suggest(unknown, KEYS));
                }
            }
        }
        (settings.clone(), self.diagnostics.into_sorted())
    }

    fn span(&self, range: std::ops::Range<usize>, shift: usize) -> Span {
        Span::new(self.source.id, range.start + shift, range.end + shift)
    }

    fn wrong(&mut self, value: &Value, shift: usize, message: String, help: &str) {
        let span = self.span(value.span(), shift);
        self.diagnostics.push(Diagnostic::new(codes::PROJECT_FILE, span, message).help(help));
    }

    /// A folder inside the project: the file travels in git, and a build must not write beside its checkout.
    fn folder(&mut self, value: &Value, shift: usize) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            let message = format!("a folder is a string, not {}", kind(value.get_ref()));
            self.wrong(value, shift, message, "write it in quotes, as in `out = \"out\"`");
            return None;
        };
        let is_inside =
            Path::new(text).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if text.is_empty() || !is_inside || text.contains(['\\', ':']) {
            let message = format!("`{text}` is not a folder inside the project");
            self.wrong(value, shift, message, "name one from the folder of flowc.toml, with forward slashes");
            return None;
        }
        Some(text.trim_start_matches("./").trim_end_matches('/').to_owned())
    }

    fn style(&mut self, value: &Value, shift: usize) -> Style {
        match value.get_ref().as_str() {
            Some("uuid") => Style::Uuid,
            Some("readable") => Style::Readable,
            other => {
                let span = self.span(value.span(), shift);
                let problem = Diagnostic::new(codes::PROJECT_FILE, span, "identifiers are \"uuid\" or \"readable\"")
                    .label("neither")
                    .help("\"uuid\" is the default; \"readable\" makes them from the words of a statement")
                    .suggest_text(other.unwrap_or_default(), STYLES);
                self.diagnostics.push(problem);
                Style::default()
            }
        }
    }

    /// A table of texts; numbers and truth values count as what they look like.
    fn texts(&mut self, value: &Value, shift: usize, name: &str) -> BTreeMap<String, String> {
        let Some(table) = self.table(value, shift, name) else { return BTreeMap::new() };
        let mut texts = BTreeMap::new();
        for (key, value) in table {
            let text = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Boolean(truth) => truth.to_string(),
                DeValue::Integer(_) | DeValue::Float(_) => self.digits(value, shift),
                other => {
                    let message = format!("`{}` is {}, where one text is needed", key.get_ref(), kind(other));
                    self.wrong(value, shift, message, "write a string, a number, `true` or `false`");
                    continue;
                }
            };
            texts.insert(key.get_ref().to_string(), text);
        }
        texts
    }

    /// A number as it was written: `0012` and `1.50` keep their digits.
    fn digits(&self, value: &Value, shift: usize) -> String {
        self.source.slice(self.span(value.span(), shift)).to_owned()
    }

    fn defaults(&mut self, value: &Value, shift: usize) -> Defaults {
        let Some(table) = self.table(value, shift, "defaults") else { return BTreeMap::new() };
        let mut defaults = Defaults::new();
        for (sentence, settings) in table {
            let name = format!("defaults.{}", sentence.get_ref());
            let head = placed(sentence.get_ref(), self.span(sentence.span(), shift));
            let entries = defaults.entry(head.value.clone()).or_default();
            for (setting, text) in self.texts(settings, shift, &name) {
                let entry = settings.get_ref().as_table().and_then(|table| table.get_key_value(setting.as_str()));
                let Some((key, value)) = entry else { continue };
                let value = placed(&text, self.span(value.span(), shift));
                match build::default_problem(&head, &placed(&setting, self.span(key.span(), shift)), &value) {
                    Some(problem) => self.diagnostics.push(problem),
                    None => {
                        entries.insert(setting, value);
                    }
                }
            }
        }
        defaults
    }

    fn table<'v, 'i>(&mut self, value: &'v Value<'i>, shift: usize, name: &str) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let message = format!("`{name}` is {}, where a table is needed", kind(value.get_ref()));
            self.wrong(value, shift, message, &format!("begin a section `[{name}]` and write its entries below"));
        }
        table
    }
}

fn placed(text: &str, span: Span) -> crate::source::Spanned<String> {
    crate::source::Spanned::new(text.to_owned(), span)
}

fn kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn read(text: &str) -> (Settings, Vec<Diagnostic>, Source) {
        let source = Source::new(SourceId(0), FILE_NAME, text);
        let (settings, diagnostics) = settings(&source);
        (settings, diagnostics, source)
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        let (settings, diagnostics, _) = read("");
        assert!(diagnostics.is_empty());
        assert_eq!((&*settings.source, &*settings.out), ("flows-src", "out"));
    }

    #[test]
    fn everything_that_can_be_said() {
        let (settings, diagnostics, _) = read(
            "source = \"./flows/\"\nout = \"built\"\nidentifiers = \"readable\"\n\
             [values]\nNumber = \"+1206\"\nLimit = 007.50\nOpen = true\n\
             [defaults.menu]\ntimeout = \"5s\"\n[defaults.\"transfer to phone\"]\ntimeout = 30\n",
        );
        // TOML has no leading zeros: the number is refused, everything else of a sound file is kept.
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(settings.source, "flows-src");
        let (settings, diagnostics, _) = read(
            "source = \"./flows/\"\nout = \"built\"\nidentifiers = \"readable\"\n\
             [values]\nNumber = \"+1206\"\nLimit = 7.50\nOpen = true\n\
             [defaults.menu]\ntimeout = \"5s\"\n[defaults.\"transfer to phone\"]\ntimeout = 30\n",
        );
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!((&*settings.source, &*settings.out), ("flows", "built"));
        assert_eq!(settings.options.identifiers, Style::Readable);
        assert_eq!(settings.options.values["Limit"], "7.50");
        assert_eq!(settings.options.values["Open"], "true");
        assert_eq!(settings.options.defaults["transfer to phone"]["timeout"].value, "30");
    }

    #[test]
    fn every_wrong_entry_is_underlined_in_one_run() {
        let text = "\u{feff}sorce = \"x\"\nout = \"../x\"\nidentifiers = \"uid\"\nvalues = 3\n[defaults]\nmenu = []\n";
        let (_, diagnostics, source) = read(text);
        let places: Vec<&str> = diagnostics.iter().map(|problem| source.slice(problem.primary.span)).collect();
        assert_eq!(places, ["sorce", "\"../x\"", "\"uid\"", "3", "[]"]);
        let helps: Vec<&str> = diagnostics.iter().filter_map(|problem| problem.help.as_deref()).collect();
        assert_eq!(helps[0], "did you mean `source`?");
        assert_eq!(helps[2], "did you mean \"uuid\"?");
    }

    #[test]
    fn broken_toml_is_said_where_it_breaks() {
        let (_, diagnostics, source) = read("out = out\n");
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(source.slice(diagnostics[0].primary.span), "out");
        assert!(diagnostics[0].message.starts_with("this is not TOML"));
    }
}
