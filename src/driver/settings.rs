//! `flowc.toml`: what a project decides about its flows.
//!
//! The file is read with places, so that a misspelled key is underlined where it stands, and everything that is wrong
//! with it is said at once.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::handlers::{self, Listed};
use super::reader::{self, Reader, Value, kind};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::Function;
use crate::flow::build::{self, Defaults, Options};
use crate::flow::id::Style;
use crate::lint::Config;
use crate::source::{Source, Span, Spanned};
use crate::validate::Unfilled;

/// The project file's name.
pub const FILE_NAME: &str = "flowc.toml";

const KEYS: [&str; 9] =
    ["source", "out", "identifiers", "placeholders", "links", "values", "defaults", "lint", "handlers"];
const STYLES: [&str; 2] = ["uuid", "readable"];

/// A project's decisions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of the sources, from the project file's own.
    pub source: String,
    /// The folder of what is compiled, likewise.
    pub out: String,
    pub options: Options,
    /// Whether addresses that are not filled in are to be expected.
    pub unfilled: Unfilled,
    /// Whether links that lead out of the project are read.
    pub links: bool,
    pub lint: Config,
    /// What the project's functions take and answer.
    pub functions: BTreeMap<String, Function>,
    /// What it says of functions for templates.
    pub handlers: BTreeMap<String, Listed>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            source: "flows-src".to_owned(),
            out: "out".to_owned(),
            options: Options::default(),
            unfilled: Unfilled::default(),
            links: false,
            lint: Config::default(),
            functions: BTreeMap::new(),
            handlers: BTreeMap::new(),
        }
    }
}

/// Reads a project file. What cannot be understood is said and keeps its default.
pub fn settings(source: &Source) -> (Settings, Vec<Diagnostic>) {
    let mut settings = Settings::default();
    let problems = reader::read(source, codes::PROJECT_FILE, "out = \"out\"", |reader, table| {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "source" => settings.source = folder(reader, value).unwrap_or(settings.source.clone()),
                "out" => settings.out = out(reader, value).unwrap_or(settings.out.clone()),
                "identifiers" => settings.options.identifiers = style(reader, value),
                "placeholders" => settings.unfilled = placeholders(reader, value),
                "links" => settings.links = links(reader, value),
                "values" => settings.options.values = reader.texts(value, "values"),
                "handlers" => settings.handlers = handlers::read(reader, value),
                "lint" => settings.lint = super::lint::config(reader, value),
                "defaults" => settings.options.defaults = defaults(reader, value),
                unknown => reader.unknown(key, &format!("`{unknown}` is not a setting of a project"), &KEYS),
            }
        }
        if let Some(value) = table.get("out").filter(|_| settings.out == settings.source) {
            let message = format!("`{}` is the folder of the sources as well", settings.out);
            reader.wrong(value, message, "compiled flows have a folder of their own, as in `out = \"out\"`");
        }
    });
    (settings, problems)
}

/// A folder that a build writes into: one of its own, where nothing else is looked for.
fn out(reader: &mut Reader, value: &Value) -> Option<String> {
    let text = folder(reader, value)?;
    let is_project = text.is_empty() || text == ".";
    let is_hidden = is_project || text.split('/').any(|part| part.starts_with('.'));
    if is_hidden {
        let what = if is_project { "the project itself" } else { "a hidden folder, or lies in one" };
        let message = format!("what is compiled cannot go there: it is {what}");
        reader.wrong(value, message, "name a folder of its own, as in `out = \"out\"`");
    }
    (!is_hidden).then_some(text)
}

fn links(reader: &mut Reader, value: &Value) -> bool {
    value.get_ref().as_bool().unwrap_or_else(|| {
        let message = format!("`links` is true or false, not {}", kind(value.get_ref()));
        reader.wrong(value, message, "with `links = true`, links that lead out of the project are read");
        false
    })
}

/// A folder inside the project: the file travels in git, and a build must not write beside its checkout.
fn folder(reader: &mut Reader, value: &Value) -> Option<String> {
    let Some(text) = value.get_ref().as_str() else {
        let message = format!("a folder is a string, not {}", kind(value.get_ref()));
        reader.wrong(value, message, "write it in quotes, as in `out = \"out\"`");
        return None;
    };
    let is_inside = Path::new(text).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if text.is_empty() || !is_inside || text.contains(['\\', ':']) {
        let message = format!("`{text}` is not a folder inside the project");
        reader.wrong(value, message, "name one from the folder of flowc.toml, with forward slashes");
        return None;
    }
    Some(text.trim_start_matches("./").trim_end_matches('/').to_owned())
}

fn placeholders(reader: &mut Reader, value: &Value) -> Unfilled {
    match value.get_ref().as_bool() {
        Some(true) => Unfilled::Noted,
        Some(false) => Unfilled::Refused,
        None => {
            let message = format!("`placeholders` is true or false, not {}", kind(value.get_ref()));
            reader.wrong(value, message, "with `placeholders = true`, addresses that are not filled in are only noted");
            Unfilled::default()
        }
    }
}

fn style(reader: &mut Reader, value: &Value) -> Style {
    match value.get_ref().as_str() {
        Some("uuid") => Style::Uuid,
        Some("readable") => Style::Readable,
        other => {
            let span = reader.span(value.span());
            let problem = Diagnostic::new(codes::PROJECT_FILE, span, "identifiers are \"uuid\" or \"readable\"")
                .label("neither")
                .help("\"uuid\" is the default; \"readable\" makes them from the words of a statement")
                .suggest_text(other.unwrap_or_default(), STYLES);
            reader.diagnostics.push(problem);
            Style::default()
        }
    }
}

fn defaults(reader: &mut Reader, value: &Value) -> Defaults {
    let Some(table) = reader.table(value, "defaults") else { return BTreeMap::new() };
    let mut defaults = Defaults::new();
    for (sentence, settings) in table {
        let name = format!("defaults.{}", sentence.get_ref());
        let head = placed(sentence.get_ref(), reader.span(sentence.span()));
        let entries = defaults.entry(head.value.clone()).or_default();
        for (setting, text) in reader.texts(settings, &name) {
            let entry = settings.get_ref().as_table().and_then(|table| table.get_key_value(setting.as_str()));
            let Some((key, value)) = entry else { continue };
            let value = placed(&text, reader.span(value.span()));
            match build::default_problem(&head, &placed(&setting, reader.span(key.span())), &value) {
                Some(problem) => reader.diagnostics.push(problem),
                None => {
                    entries.insert(setting, value);
                }
            }
        }
    }
    defaults
}

fn placed(text: &str, span: Span) -> Spanned<String> {
    Spanned::new(text.to_owned(), span)
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
