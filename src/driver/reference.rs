//! The language's reference pages, generated from the catalogue. Like every other reader of the rows, it knows no
//! action: what a page says about one stands in its row.

use std::fmt::Write;

use crate::catalogue::{
    self, ActionSpec, Exit, Family, Kind, Literals, Modules, Need, Next, OutletSpec, Param, Sentence, Setting, Variant,
    When,
};

/// What opens `docs/sentences.md`.
const INTRODUCTION: &str = "\
# Sentences

Every sentence of the language, by the action that it becomes. The catalogue's rows say what stands here; `UPDATE=1
cargo test --test it sentences` writes it anew after a row has changed.

`<..>` is a value, `[..]` may be left out, `|` is a choice. Settings stand in parentheses, in any order, and may be left
out unless marked *required*. Branches are clauses behind the sentence: `{ timeout -> step }`. A **required** branch must
lead somewhere; where it is called a failure, `on error -> step` around the line covers it as well.
";

const FAMILIES: [(Family, &str); 4] = [
    (Family::Participant, "Speaking, asking, connecting"),
    (Family::FlowControl, "Deciding where control goes"),
    (Family::Contact, "Changing the contact"),
    (Family::Interaction, "Reaching outside the flow"),
];

/// `docs/sentences.md`.
pub fn sentences() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (family, title) in FAMILIES {
        let _ = write!(page, "\n## {title}\n");
        for row in catalogue::all().filter(|row| row.family == family) {
            action(row, &mut page);
        }
    }
    page
}

fn action(row: &'static ActionSpec, page: &mut String) {
    let _ = write!(page, "\n### {}\n\n{} In the console: {}.\n", row.name, row.summary, row.block);
    for sentence in row.sentences {
        let _ = write!(page, "\n    {}\n", catalogue::shape(row, sentence));
        if !sentence.settings.is_empty() {
            let _ = write!(page, "\n| Setting | Takes | Otherwise |\n|---|---|---|\n");
            for found in sentence.settings {
                setting(row, sentence, found, page);
            }
        }
        let example = sentence.example;
        let quote = if example.contains('`') { "``" } else { "`" };
        let _ = write!(page, "\nExample: {quote}{example}{quote}\n");
    }
    if !row.assigns.is_empty() {
        let key = |keyed: bool| if keyed { ".<key>" } else { "" };
        let _ = writeln!(page);
        for assign in row.assigns {
            let _ = writeln!(page, "    set {}{} = <value>", assign.root, key(assign.keyed));
        }
    }
    if row.sentences.is_empty() && row.assigns.is_empty() {
        let _ = write!(page, "\nIt has no sentence: `do {} (..)` says it by its own name.\n", row.name);
    }
    let _ = writeln!(page);
    for variant in row.variants {
        branches(row, variant, page);
    }
    if let Some(results) = row.results {
        let _ = writeln!(page, "- Leaves its result in `{}`; `as name` names it.", results.root);
    }
    places(row, page);
}

fn setting(row: &'static ActionSpec, sentence: &Sentence, found: &Setting, page: &mut String) {
    let param = row.param(found.param);
    let takes = param.map_or_else(|| "a word or text".to_owned(), |param| takes(&param.kind));
    let fixed = sentence.fixed.iter().find(|fixed| fixed.0 == found.param).map(|fixed| fixed.1);
    let otherwise = match (fixed.or(param.and_then(|param| param.default)), param) {
        (Some(value), Some(param)) => spoken(&param.kind, value),
        (_, Some(param)) if is_required(row, found.param, param) => "*required*".to_owned(),
        _ => "left out".to_owned(),
    };
    let note = param.map(|param| param.note).filter(|note| !note.is_empty());
    let note = note.map(|note| format!("; {note}")).unwrap_or_default();
    let _ = writeln!(page, "| `{}` | {}{note} | {otherwise} |", found.word, takes.replace('|', "\\|"));
}

/// A parameter inside an object is asked for only when the object is there.
fn is_required(row: &'static ActionSpec, path: &str, param: &Param) -> bool {
    let outer = path.split_once('.').and_then(|(outer, _)| row.param(outer));
    param.required && param.when.is_none() && outer.is_none_or(|outer| outer.required && outer.when.is_none())
}

/// What a setting takes, in words.
fn takes(kind: &Kind) -> String {
    let choices = |choices: &[(&str, &str)]| {
        choices.iter().map(|choice| format!("`{}`", choice.0)).collect::<Vec<_>>().join(" | ")
    };
    match kind {
        Kind::Text { what, .. } | Kind::Name { what } => (*what).to_owned(),
        Kind::Number { min, max, .. } => format!("a number{}", bounds(*min, *max, "")),
        Kind::Duration { min, max, .. } => format!("a duration{}", bounds(*min, *max, " seconds")),
        Kind::Switch { .. } => "`yes` | `no`".to_owned(),
        Kind::Choice(known) => choices(known),
        Kind::Choices(known) => format!("a list of {}", choices(known)),
        Kind::Keys { max } => format!("1 to {max} telephone keys, as a text"),
        Kind::Phone => "a number such as `\"+12065550100\"`".to_owned(),
        Kind::Resource(kind) => format!("the name of a {}", kind.word().replace('-', " ")),
        Kind::List(_) => "a list".to_owned(),
        Kind::Object(_) | Kind::Map { .. } | Kind::Json | Kind::Tagged { .. } => "a map".to_owned(),
    }
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
        Kind::Duration { .. } => format!("`{value}s`"),
        _ => format!("`{value}`"),
    }
}

fn branches(row: &ActionSpec, variant: &Variant, page: &mut String) {
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
    let _ = writeln!(page, "- {title}: {}.", said.join("; "));
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

fn places(row: &ActionSpec, page: &mut String) {
    let mut types: Vec<&str> = row.flow_types.listed.iter().map(|flow_type| flow_type.words()).collect();
    if row.flow_types.modules != Modules::Never {
        types.push("module");
    }
    let _ = write!(page, "- Flows: {}", types.join(", "));
    if !row.flow_types.refused.is_empty() {
        let refused: Vec<&str> = row.flow_types.refused.iter().map(|flow_type| flow_type.words()).collect();
        let _ = write!(page, "; refused in: {}", refused.join(", "));
    }
    let channels: Vec<&str> = row.channels.iter().map(|channel| channel.word()).collect();
    let _ = writeln!(page, ".\n- Channels: {}.", channels.join(", "));
}
