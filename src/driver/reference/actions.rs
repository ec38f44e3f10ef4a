//! `docs/actions.md`: every action of the service, with all that is known about it.

use std::fmt::Write;

use super::{caution, channels, condition, flows, quoted, spoken, takes, variant};
use crate::catalogue::{self, ActionSpec, Binding, Choice, Evidence, Family, Group, Kind, Param};

const INTRODUCTION: &str = "\
# Actions

Every action of the service: how it is said, what it takes, how it can be left, where it may stand, and how well all this
is known. The catalogue's rows say what stands here; `UPDATE=1 cargo test --test it sentences` writes it anew.

A parameter is *static* where the document must hold a fixed value, *single* where one reference may stand for the whole
of it, *dynamic* where references may stand anywhere in the text, and *reference* where nothing else will do. It is
required unless it says otherwise; of parameters with the same word in *italics*, so many are given. Behind a word of the
language stands what the document has for it. `do Type (Parameter: value)` gives parameters by these names.

| Evidence | Means |
|---|---|
| probed | the live service was asked, and what it took or refused confirms or corrects the other sources |
| documented | a page of the documentation has the shape |
| observed | seen in exports, samples or prose, without a page that can be used |
| guess | the name is known, the shape is not: it has no sentence, and `do` takes what it is given |
";

/// `docs/actions.md`.
pub fn actions() -> String {
    let mut page = INTRODUCTION.to_owned();
    for family in Family::ALL {
        let _ = write!(page, "\n## {}\n", family.title());
        for row in catalogue::all().filter(|row| row.family == *family) {
            action(row, &mut page);
        }
    }
    page
}

fn action(row: &'static ActionSpec, page: &mut String) {
    let _ = write!(page, "\n### {}\n\n{} In the console: {}.\n", row.name, row.summary, row.block);
    said(row, page);
    if row.params.is_empty() && !row.open {
        let _ = write!(page, "\nIt takes no parameters.\n");
    } else if !row.params.is_empty() {
        let _ = write!(
            page,
            "\n| Parameter | Takes | Required | Value | Otherwise | Said by |\n|---|---|---|---|---|---|\n"
        );
        params(row, row.params, "", page);
    }
    if row.open {
        let _ = write!(page, "\nIts parameters are not published: it takes what it is given.\n");
    }
    let _ = writeln!(page);
    for found in row.variants {
        let _ = writeln!(page, "- {}.", variant(row, found));
    }
    if let Some(results) = row.results {
        let _ = writeln!(page, "- Result: `{}`.", results.root);
    }
    let _ = writeln!(page, "- Flows: {}.\n- Channels: {}.", flows(row), channels(row));
    if !row.needs.is_empty() {
        let _ = writeln!(page, "- The instance needs {}.", row.needs);
    }
    if !row.doubt.is_empty() {
        let _ = writeln!(page, "- Doubtful: {}.", row.doubt);
    }
    for note in row.notes {
        let _ = writeln!(page, "- Note: {note}.");
    }
    let sources: Vec<&str> = row.sources.iter().map(|source| source.word()).collect();
    let _ = writeln!(page, "- Evidence: {}, by {}.", row.evidence.word(), sources.join(", "));
    caution(row, page);
}

fn said(row: &'static ActionSpec, page: &mut String) {
    for sentence in row.sentences {
        let _ = write!(page, "\n    {}\n", catalogue::shape(row, sentence));
    }
    for assign in row.assigns {
        let key = if assign.keyed { ".<key>" } else { "" };
        let _ = write!(page, "\n    set {}{key} = <value>\n", assign.root);
    }
    match row.sentences {
        [] if row.assigns.is_empty() => {
            let why = if row.evidence == Evidence::Guess { ", because too little is known of it" } else { "" };
            let _ = write!(page, "\nIt has no sentence{why}: `do {} (..)`.\n", row.name);
        }
        [] => {}
        [first, ..] => {
            let _ = write!(page, "\nExample: {}\n", quoted(first.example));
        }
    }
}

/// A line for each parameter, and below an object's one for each of its keys.
fn params(row: &'static ActionSpec, list: &'static [Param], path: &str, page: &mut String) {
    for param in list {
        let name = if path.is_empty() { param.name.to_owned() } else { format!("{path}.{}", param.name) };
        let (takes, below, inner) = shape(&param.kind, &name);
        let said = catalogue::said_by(row, &name.replace("[]", "").replace(".*", ""));
        let said: Vec<String> = said.iter().map(|way| format!("`{way}`")).collect();
        let said = if said.is_empty() { "`do`".to_owned() } else { said.join(", ") };
        let said_of = [param.note, param.doubt].into_iter().filter(|text| !text.is_empty());
        let note = said_of.fold(String::new(), |note, text| note + "; " + text);
        let otherwise = param.default.map_or_else(|| "left out".to_owned(), |value| spoken(&param.kind, value));
        let otherwise = if param.required && param.default.is_none() { "-".to_owned() } else { otherwise };
        let cell = format!("{takes}{note}").replace('|', "\\|");
        let (need, binding) = (need(row, param), binding(param));
        let _ =
            writeln!(page, "| `{name}` | {cell} | {need} | {binding} | {otherwise} | {} |", said.replace('|', "\\|"));
        params(row, below, &inner, page);
    }
}

/// What a parameter takes, and the keys below it with the path that they are under.
fn shape(kind: &'static Kind, path: &str) -> (String, &'static [Param], String) {
    match kind {
        Kind::Object(fields) => ("an object".to_owned(), fields, path.to_owned()),
        Kind::List(element) if !element.fields().is_empty() => {
            ("a list of objects".to_owned(), element.fields(), format!("{path}[]"))
        }
        Kind::Pairs(fields) => ("a list of names and values, said as a map".to_owned(), fields, format!("{path}[]")),
        Kind::Map { value, .. } => match value {
            Kind::Object(fields) => ("a map of objects".to_owned(), fields, format!("{path}.*")),
            Kind::Json => ("a map of any JSON".to_owned(), &[], String::new()),
            _ => ("a map of texts".to_owned(), &[], String::new()),
        },
        Kind::Json => ("any JSON".to_owned(), &[], String::new()),
        Kind::Switch { yes, no } => (format!("`yes` (`{yes}`) | `no` (`{no}`)"), &[], String::new()),
        Kind::Flag => ("`yes` | `no`, a real boolean".to_owned(), &[], String::new()),
        Kind::Amount { .. } => (format!("{}, a real one", takes(kind)), &[], String::new()),
        Kind::Choice(choices) => (spelled(choices), &[], String::new()),
        Kind::Choices(choices) => (format!("a list of {}", spelled(choices)), &[], String::new()),
        kind => (takes(kind), &[], String::new()),
    }
}

/// The words of a choice, with what the document has for them.
fn spelled(choices: &[Choice]) -> String {
    choices.iter().map(|(word, wire)| format!("`{word}` (`{wire}`)")).collect::<Vec<_>>().join(" | ")
}

fn need(row: &ActionSpec, param: &Param) -> String {
    let group = match param.group {
        Group::None if param.required => "yes".to_owned(),
        Group::None => "no".to_owned(),
        Group::ExactlyOne(name) => format!("exactly one *{name}*"),
        Group::AtMostOne(name) => format!("at most one *{name}*"),
        Group::AtLeastOne(name) => format!("at least one *{name}*"),
    };
    match param.when {
        Some(when) => format!("{group}, only where {}", condition(row, &when)),
        None => group,
    }
}

fn binding(param: &Param) -> &'static str {
    match param.binding {
        Binding::Static => "static",
        Binding::Single => "single",
        Binding::Mixed => "dynamic",
        Binding::Reference => "reference",
    }
}
