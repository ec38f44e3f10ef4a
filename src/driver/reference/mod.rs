//! The language's reference pages, generated from the catalogue. Like every other reader of the rows, it knows no
//! action: what a page says about one stands in its row.

mod actions;
mod rules;
mod sentences;

pub use actions::actions;
pub use rules::service_rules;
pub use sentences::sentences;

use std::fmt::Write;

use crate::catalogue::{
    self, ActionSpec, Exit, Kind, Literals, Modules, Need, Next, OutletSpec, TimeUnit, Variant, When,
};

/// What nobody has seen at work is marked as such.
fn caution(row: &ActionSpec, page: &mut String) {
    if let Some(caution) = row.seen.caution() {
        let _ = writeln!(page, "- Unproven: {caution}.");
    }
}

/// What a setting takes, in words.
fn takes(kind: &Kind) -> String {
    let choices = |choices: &[(&str, &str)]| one_of(choices.iter().map(|choice| choice.0));
    match kind {
        Kind::Text { what, .. } | Kind::Name { what } => (*what).to_owned(),
        Kind::Number { min, max, .. } | Kind::Amount { min, max } => format!("a number{}", bounds(*min, *max, "")),
        Kind::Duration { min, max, unit, .. } => {
            format!("a duration{}", bounds(*min, *max, &format!(" {}", unit.word())))
        }
        Kind::Switch { .. } | Kind::Flag => "`yes` | `no`".to_owned(),
        Kind::Choice(known) => choices(known),
        Kind::Choices(known) => format!("a list of {}", choices(known)),
        Kind::Keys { max } => format!("1 to {max} telephone keys, as a text"),
        Kind::Phone => "a number such as `\"+12065550100\"`".to_owned(),
        Kind::Resource(kind) => format!("the name of a {}", kind.word().replace('-', " ")),
        Kind::List(_) => "a list".to_owned(),
        Kind::Object(_) | Kind::Pairs(_) | Kind::Map { .. } | Kind::Json | Kind::Tagged { .. } => "a map".to_owned(),
    }
}

fn one_of<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" | ")
}

fn bounds(min: i64, max: i64, unit: &str) -> String {
    match (min, max) {
        (i64::MIN, i64::MAX) => String::new(),
        (min, i64::MAX) => format!(", {min}{unit} at least"),
        (i64::MIN, max) => format!(", {max}{unit} at most"),
        (min, max) => format!(", {min} to {max}{unit}"),
    }
}

/// A value of the document in the language's own words.
fn spoken(kind: &Kind, value: &str) -> String {
    match kind {
        Kind::Switch { yes, .. } => format!("`{}`", if value == *yes { "yes" } else { "no" }),
        Kind::Choice(known) => {
            format!("`{}`", known.iter().find(|choice| choice.1 == value).map_or(value, |choice| choice.0))
        }
        Kind::Duration { unit: TimeUnit::Seconds, .. } => format!("`{value}s`"),
        Kind::Duration { unit: TimeUnit::Minutes, .. } => format!("`{value}m`"),
        _ => format!("`{value}`"),
    }
}

/// A way in which an action behaves, with its branches.
fn variant(row: &ActionSpec, variant: &Variant) -> String {
    let title = if variant.name.is_empty() {
        "Branches".to_owned()
    } else {
        let when: Vec<String> = variant.when.iter().map(|when| condition(row, when)).collect();
        let when = if when.is_empty() { String::new() } else { format!(" ({})", when.join(", ")) };
        format!("Branches of the {} form{when}", variant.name)
    };
    let mut said: Vec<String> = variant.outlets.iter().map(|outlet| branch(row, outlet)).collect();
    said.extend(match variant.literals {
        Literals::None => None,
        Literals::Keys => Some("a key each: `0` to `9`, `*`, `#`".to_owned()),
        Literals::Texts { what } => Some(format!("{what}, as a word or text")),
        Literals::Comparisons { .. } => Some("comparisons such as `> 5`, `\"text\"`, `starts with \"a\"`".to_owned()),
        Literals::Percentages => Some("shares such as `20%`".to_owned()),
    });
    if variant.next == Next::Terminal {
        said.push("none: control ends here".to_owned());
    } else if said.is_empty() {
        said.push("none: it cannot fail".to_owned());
    }
    format!("{title}: {}", said.join("; "))
}

fn branch(row: &ActionSpec, outlet: &OutletSpec) -> String {
    let need = match outlet.need {
        Need::Required => "**required**, a failure",
        Need::Explicit => "**required**",
        Need::Optional => "optional, a failure",
        Need::Continues => "goes on to the next line unless said",
        Need::OnRequest => "optional",
    };
    let name = match outlet.exit {
        Exit::Error(error) => error.to_owned(),
        Exit::Condition(operator, operand) => format!("{} {operand}", operator.name()),
    };
    let when = outlet.when.map(|when| format!(", only where {}", condition(row, &when))).unwrap_or_default();
    format!("`{}` ({name}; {need}{when})", outlet.word)
}

/// A condition on a parameter, by the setting that gives it where one does.
fn condition(row: &ActionSpec, when: &When) -> String {
    use catalogue::Is;
    let setting = row.sentences.iter().flat_map(|sentence| sentence.settings).find(|found| found.param == when.param);
    let name = format!("`{}`", setting.map_or(when.param, |setting| setting.word));
    match when.is {
        Is::Present => format!("{name} is given"),
        Is::Absent => format!("{name} is not given"),
        Is::Equal(value) => format!("{name} is {value}"),
        Is::NotEqual(value) => format!("{name} is not {value}"),
        Is::OneOf(values) => format!("{name} is {}", values.join(" or ")),
        Is::Contains(value) => format!("{name} holds {value}"),
    }
}

/// Where it may stand.
fn flows(row: &ActionSpec) -> String {
    let mut types: Vec<&str> = row.flow_types.listed.iter().map(|flow_type| flow_type.words()).collect();
    if row.flow_types.modules != Modules::Never {
        types.push("module");
    }
    let refused: Vec<&str> = row.flow_types.refused.iter().map(|flow_type| flow_type.words()).collect();
    let refused = if refused.is_empty() { String::new() } else { format!("; refused in: {}", refused.join(", ")) };
    format!("{}{refused}", types.join(", "))
}

fn channels(row: &ActionSpec) -> String {
    let channels: Vec<&str> = row.channels.iter().map(|channel| channel.word()).collect();
    if channels.is_empty() { "none: a campaign has no contact yet".to_owned() } else { channels.join(", ") }
}

/// Source between backticks.
fn quoted(source: &str) -> String {
    let quote = if source.contains('`') { "``" } else { "`" };
    format!("{quote}{source}{quote}")
}
