//! How sentences look to readers, and what of a row they reach.

use super::{ActionSpec, Is, Kind, Piece, Sentence};

/// A sentence's form for readers: `check hours [<hours>]`.
pub fn shape(row: &ActionSpec, sentence: &Sentence) -> String {
    fn pieces(row: &ActionSpec, pattern: &[Piece], shape: &mut Vec<String>) {
        for piece in pattern {
            shape.push(match piece {
                Piece::Words(words) => (*words).to_owned(),
                Piece::Slot(path) => format!("<{}>", slot_word(row, path)),
                Piece::Map(_) => "(<key>: <value>, ..)".to_owned(),
                Piece::WordList(path) => format!("<{}>, ..", slot_word(row, path)),
                Piece::Name => "<name>".to_owned(),
                Piece::Optional(inner) => {
                    let mut optional = Vec::new();
                    pieces(row, inner, &mut optional);
                    format!("[{}]", optional.join(" "))
                }
            });
        }
    }
    let mut shape = Vec::new();
    pieces(row, sentence.pattern, &mut shape);
    shape.join(" ")
}

/// What stands in a slot, in a word or two.
fn slot_word(row: &ActionSpec, path: &str) -> String {
    let param = row.param(path);
    match param.map(|param| &param.kind) {
        Some(Kind::Text { what, .. } | Kind::Name { what }) => {
            what.trim_start_matches("a ").trim_start_matches("an ").to_owned()
        }
        Some(Kind::Number { .. } | Kind::Amount { .. } | Kind::Phone) => "number".to_owned(),
        Some(Kind::Duration { .. }) => "duration".to_owned(),
        Some(Kind::Switch { .. } | Kind::Flag) => "on | off".to_owned(),
        Some(Kind::Choice(choices) | Kind::Choices(choices)) => {
            choices.iter().map(|choice| choice.0).collect::<Vec<_>>().join(" | ")
        }
        Some(Kind::Resource(kind)) => kind.word().to_owned(),
        Some(Kind::List(_)) => "list".to_owned(),
        // The companion's parameter is named for what it is.
        None => path.trim_end_matches("Id").to_lowercase(),
        Some(_) => "value".to_owned(),
    }
}

/// Where a source gives a parameter, each way once: a slot, a setting, a reference that is set, or the words themselves.
/// A key of an object is given with the object. Nothing where only `do` gives it.
pub fn said_by(row: &ActionSpec, path: &str) -> Vec<String> {
    fn pieces(row: &ActionSpec, pattern: &[Piece], path: &str, ways: &mut Vec<String>) {
        for piece in pattern {
            match piece {
                Piece::Slot(given) | Piece::WordList(given) if covers(given, path) => {
                    ways.push(format!("<{}>", slot_word(row, given)));
                }
                Piece::Map(given) if covers(given, path) => ways.push("(<key>: <value>)".to_owned()),
                Piece::Optional(inner) => pieces(row, inner, path, ways),
                Piece::Words(_) | Piece::Name | Piece::Slot(_) | Piece::WordList(_) | Piece::Map(_) => {}
            }
        }
    }
    let mut ways = Vec::new();
    for sentence in row.sentences {
        pieces(row, sentence.pattern, path, &mut ways);
        let settings = sentence.settings.iter().filter(|setting| covers(setting.param, path));
        ways.extend(settings.map(|setting| format!("({}: ..)", setting.word)));
        let implied = sentence.settings.iter().flat_map(|setting| setting.implies);
        if sentence.fixed.iter().chain(implied).any(|(given, _)| covers(given, path)) {
            ways.push("its words".to_owned());
        }
    }
    for assign in row.assigns {
        if covers(assign.param, path) {
            ways.push(format!("set {}", assign.root));
        }
    }
    let mut outlets = row.variants.iter().flat_map(|variant| variant.outlets);
    if outlets.any(|outlet| outlet.when.is_some_and(|when| when.param == path && matches!(when.is, Is::Contains(_)))) {
        ways.push("its branches".to_owned());
    }
    let mut seen = Vec::new();
    ways.retain(|way| {
        let is_new = !seen.contains(way);
        seen.push(way.clone());
        is_new
    });
    ways
}

/// What a source calls a parameter: the word of its setting, what stands in its slot, the reference that is set. The
/// service's own name where no sentence gives it.
pub fn word_of(row: &ActionSpec, path: &[String]) -> String {
    let dotted = path.join(".");
    let last = path.last().map_or("", String::as_str);
    for assign in row.assigns {
        match assign.param.strip_suffix('*') {
            Some(prefix) if dotted.starts_with(prefix) => {
                let key = path.get(prefix.matches('.').count()).map_or(last, String::as_str);
                return format!("{}.{key}", assign.root);
            }
            None if assign.param == dotted => return assign.root.to_owned(),
            _ => {}
        }
    }
    let settings = || row.sentences.iter().flat_map(|sentence| sentence.settings);
    if let Some(setting) = settings().find(|setting| covers(setting.param, &dotted) && covers(&dotted, setting.param)) {
        return setting.word.to_owned();
    }
    if let Some(setting) = settings().find(|setting| covers(setting.param, &dotted)) {
        return format!("{} {last}", setting.word);
    }
    let slot = row.sentences.iter().find_map(|sentence| slot_of(row, sentence.pattern, &dotted, last));
    slot.unwrap_or(dotted)
}

/// What stands in the slot of a path, if the pattern has one.
fn slot_of(row: &ActionSpec, pattern: &[Piece], path: &str, last: &str) -> Option<String> {
    pattern.iter().find_map(|piece| match piece {
        Piece::Slot(given) | Piece::WordList(given) if covers(given, path) => {
            let word = slot_word(row, given);
            // A choice between words has none of its own.
            Some(if word.contains('|') { last.to_owned() } else { word })
        }
        Piece::Map(given) if covers(given, path) => Some(last.to_owned()),
        Piece::Optional(inner) => slot_of(row, inner, path, last),
        _ => None,
    })
}

/// Whether giving one path gives the other: it is the same, or lies below it. Elements of a list and keys of a map are all alike.
fn covers(given: &str, path: &str) -> bool {
    let is_name = |step: &&str| *step != "*" && step.parse::<usize>().is_err();
    let mut wanted = path.split('.').filter(is_name);
    given.split('.').filter(is_name).all(|step| wanted.next() == Some(step))
}
