//! Blocks as sentences: the catalogue's patterns read backwards.
//!
//! A sentence says a block if its words, slots and settings give exactly the block's arguments, no more and no less. What
//! it would fill in by itself counts as given.

use serde_json::Value as Plain;

use super::names::Names;
use super::quote;
use crate::catalogue::{
    ActionSpec, Choice, Is, Kind, Lowering, Param, Piece, ResourceKind, Sentence, Setting, Tag, TimeUnit, When,
};
use crate::flow::value::{holds, is_fixed};
use crate::flow::{Arg, Exit, Outlet, Part, Text, Value};
use crate::syntax::is_plain_word;

/// A block in words.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    /// The sentence without its clauses.
    pub text: String,
    pub sentence: &'static Sentence,
}

/// An argument that is not an object of known keys, by its dotted path.
#[derive(Debug, Clone)]
struct Leaf<'a> {
    path: String,
    value: &'a Value,
}

/// The sentence that says what a row is given. `extra` is what a companion block adds to it, `bind` what its result is called.
pub(super) fn phrase(
    row: &'static ActionSpec,
    args: &[Arg],
    exits: &[Exit],
    extra: Option<(&'static Sentence, &Value)>,
    bind: Option<&str>,
    names: &Names,
) -> Option<Phrase> {
    let mut leaves = Vec::new();
    flatten(row.params, args, "", false, &mut leaves)?;
    leaves.retain(|leaf| !comes_with_branches(row, leaf, exits));
    if let Some((sentence, value)) = extra {
        let Lowering::Companion { param, .. } = sentence.lowering else { return None };
        leaves.push(Leaf { path: param.to_owned(), value });
        return say(row, sentence, args, &leaves, None, names).map(|(text, _)| Phrase { text, sentence });
    }
    // One that takes a list apart says more than one that is given the list; else the fewer settings the better.
    let chooses = exits.iter().any(|exit| matches!(exit.outlet, Outlet::Condition(_)));
    let mut best: Option<((bool, bool, usize), Phrase)> = None;
    for sentence in row.sentences {
        if matches!(sentence.lowering, Lowering::Retry | Lowering::MapResources { .. }) {
            continue;
        }
        // Where nothing is chosen, one that says so is nearer.
        if !sentence.chooses && chooses {
            continue;
        }
        // A sentence that speaks of an element of a list sees the lists taken apart.
        let whole = !has_numbers(sentence);
        let said = if whole {
            say(row, sentence, args, &leaves, bind, names)
        } else {
            let mut apart = Vec::new();
            flatten(row.params, args, "", true, &mut apart).and_then(|()| say(row, sentence, args, &apart, bind, names))
        };
        let Some((text, settings)) = said else { continue };
        if best.as_ref().is_none_or(|(least, _)| (whole, sentence.chooses, settings) < *least) {
            best = Some(((whole, sentence.chooses, settings), Phrase { text, sentence }));
        }
    }
    best.map(|(_, phrase)| phrase)
}

/// Whether a list only asks for the events that the block has branches for: the branches ask for them by themselves.
fn comes_with_branches(row: &ActionSpec, leaf: &Leaf, exits: &[Exit]) -> bool {
    let Value::List(items, _) = leaf.value else { return false };
    let outlets = row.variants.iter().flat_map(|variant| variant.outlets);
    let mut asked: Vec<&str> = Vec::new();
    for spec in outlets {
        let Some(When { param, is: Is::Contains(event) }) = spec.when else { continue };
        if param == leaf.path && !asked.contains(&event) && exits.iter().any(|exit| exit.outlet.is(spec.exit)) {
            asked.push(event);
        }
    }
    !asked.is_empty() && items.iter().map(Value::as_literal).eq(asked.into_iter().map(Some))
}

/// Whether a sentence can name a result.
pub(super) fn takes_name(sentence: &Sentence) -> bool {
    let is_name = |piece: &Piece| matches!(piece, Piece::Name);
    let has_name = |piece: &Piece| matches!(piece, Piece::Optional(inner) if inner.iter().any(is_name));
    sentence.pattern.iter().any(has_name)
}

/// Whether a sentence speaks of single elements of a list.
fn has_numbers(sentence: &Sentence) -> bool {
    fn in_pieces(pieces: &[Piece]) -> bool {
        pieces.iter().any(|piece| match piece {
            Piece::Slot(path) | Piece::Map(path) | Piece::WordList(path) => has_number(path),
            Piece::Optional(inner) => in_pieces(inner),
            Piece::Words(_) | Piece::Name => false,
        })
    }
    in_pieces(sentence.pattern)
        || sentence.settings.iter().any(|setting| has_number(setting.param))
        || sentence.fixed.iter().any(|(path, _)| has_number(path))
}

fn has_number(path: &str) -> bool {
    path.split('.').any(|step| step.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The arguments of a raw action, by the service's own names.
pub(super) fn raw_settings(args: &[Arg]) -> String {
    if args.is_empty() { String::new() } else { format!(" ({})", members(args)) }
}

/// The arguments without the levels of known objects; nothing if one of them is not in the row.
fn flatten<'a>(
    params: &'static [Param],
    args: &'a [Arg],
    prefix: &str,
    lists: bool,
    leaves: &mut Vec<Leaf<'a>>,
) -> Option<()> {
    for arg in args {
        let name = arg.name.value.as_ref();
        let param = params.iter().find(|param| param.name == name)?;
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        match (&param.kind, &arg.value) {
            (Kind::Object(fields), Value::Map(entries, _)) if !entries.is_empty() => {
                flatten(fields, entries, &path, lists, leaves)?;
            }
            (Kind::List(Kind::Object(fields)), Value::List(items, _)) if lists => {
                for (index, item) in items.iter().enumerate() {
                    let Value::Map(entries, _) = item else { return None };
                    flatten(fields, entries, &format!("{path}.{index}"), lists, leaves)?;
                }
            }
            _ => leaves.push(Leaf { path, value: &arg.value }),
        }
    }
    Some(())
}

/// One sentence, if it gives exactly the leaves; with the number of settings that it takes.
fn say(
    row: &'static ActionSpec,
    sentence: &'static Sentence,
    args: &[Arg],
    leaves: &[Leaf],
    bind: Option<&str>,
    names: &Names,
) -> Option<(String, usize)> {
    let mut open: Vec<&Leaf> = leaves.iter().collect();
    let mut take = |path: &str| open.iter().position(|leaf| leaf.path == path).map(|at| open.remove(at));

    // The words, with what stands in the slots.
    let mut text = String::new();
    pieces(row, sentence, sentence.pattern, &mut take, bind, names, &mut text)?;

    // The settings, and what they decide besides, whatever the words would decide.
    let mut implied: Vec<&str> = Vec::new();
    let mut settings: Vec<String> = Vec::new();
    for setting in sentence.settings {
        let Some(param) = parameter(row, sentence, setting.param) else { continue };
        match take(setting.param) {
            Some(leaf) => {
                let fixed = sentence.fixed.iter().find(|(path, _)| *path == setting.param);
                if fixed.is_some() {
                    implied.push(setting.param);
                }
                if fixed.is_some_and(|(_, wanted)| is_fixed(leaf.value, wanted)) {
                    continue;
                }
                if !setting.takes(leaf.value.as_literal()) {
                    return None;
                }
                let value = setting_value(param, leaf.value, names)?;
                for (path, wanted) in setting.implies {
                    if implied.contains(path) || is_said(row, sentence, path, wanted, leaves) {
                        continue;
                    }
                    match take(path) {
                        Some(leaf) => is_fixed(leaf.value, wanted).then_some(())?,
                        None => is_assumed(row, path, wanted).then_some(())?,
                    }
                    implied.push(path);
                }
                settings.push(format!("{}: {value}", setting.word));
            }
            // What the sentence would fill in by itself is not there.
            None if fills_in(sentence, setting, param, args) => return None,
            None => {}
        }
    }
    for (path, wanted) in sentence.fixed {
        if implied.contains(path) {
            continue;
        }
        match take(path) {
            Some(leaf) => is_fixed(leaf.value, wanted).then_some(())?,
            // Where the service assumes the same, saying it makes no difference.
            None => is_assumed(row, path, wanted).then_some(())?,
        }
    }
    open.retain(|leaf| {
        let assumed = row.param(&leaf.path).and_then(|param| param.assumed);
        assumed.is_none_or(|assumed| !is_fixed(leaf.value, assumed))
    });
    if !open.is_empty() {
        return None;
    }
    if !settings.is_empty() {
        text.push_str(" (");
        text.push_str(&settings.join(", "));
        text.push(')');
    }
    Some((text, settings.len()))
}

fn fills_in(sentence: &Sentence, setting: &Setting, param: &Param, args: &[Arg]) -> bool {
    let is_fixed = sentence.fixed.iter().any(|(path, _)| *path == setting.param);
    let differs = param.default.is_some() && param.default != param.assumed;
    differs && !is_fixed && param.when.is_none_or(|when| holds(&when, args))
}

/// Whether the service takes a value for granted where the document says nothing.
fn is_assumed(row: &ActionSpec, path: &str, wanted: &str) -> bool {
    row.param(path).is_some_and(|param| param.assumed == Some(wanted))
}

/// Whether a setting of the sentence says another value of a parameter than is wanted.
fn is_said(row: &ActionSpec, sentence: &Sentence, path: &str, wanted: &str, leaves: &[Leaf]) -> bool {
    let has_setting = sentence.settings.iter().any(|setting| setting.param == path);
    let differs = |leaf: &&Leaf| leaf.path == path && !is_fixed(leaf.value, wanted);
    row.param(path).is_some() && has_setting && leaves.iter().any(|leaf| differs(&leaf))
}

fn pieces<'l>(
    row: &'static ActionSpec,
    sentence: &'static Sentence,
    pattern: &'static [Piece],
    take: &mut dyn FnMut(&str) -> Option<&'l Leaf<'l>>,
    bind: Option<&str>,
    names: &Names,
    text: &mut String,
) -> Option<()> {
    for piece in pattern {
        match piece {
            Piece::Words(words) => push(text, words),
            Piece::Slot(path) => {
                let param = parameter(row, sentence, path)?;
                push(text, &slot_value(param, take(path)?.value, names)?);
            }
            Piece::Map(path) => {
                let param = parameter(row, sentence, path)?;
                let entries = match (&param.kind, take(path)?.value) {
                    (Kind::Map { value: kind, .. }, Value::Map(entries, _)) => map_entries(kind, param, entries, names),
                    (Kind::Pairs(fields), Value::List(items, _)) => pairs(fields, items, names),
                    _ => None,
                };
                push(text, &format!("({})", entries?));
            }
            Piece::WordList(path) => {
                let param = parameter(row, sentence, path)?;
                let (Kind::Choices(choices), Value::List(items, _)) = (&param.kind, take(path)?.value) else {
                    return None;
                };
                push(text, &choice_words(choices, items)?.join(", "));
            }
            Piece::Name => push(text, bind.unwrap_or_default()),
            Piece::Optional(inner) => {
                // A part that only names a result says nothing of the block.
                let has_slot = inner.iter().any(|piece| matches!(piece, Piece::Slot(_) | Piece::Map(_)));
                if !has_slot && bind.is_none() {
                    continue;
                }
                let mut said = String::new();
                let mut held: Vec<&'l Leaf<'l>> = Vec::new();
                let found = pieces(
                    row,
                    sentence,
                    inner,
                    &mut |path| take(path).inspect(|leaf| held.push(leaf)),
                    bind,
                    names,
                    &mut said,
                );
                match found {
                    Some(()) => push(text, &said),
                    // Not there; but half of it cannot be left out.
                    None if held.is_empty() => {}
                    None => return None,
                }
            }
        }
    }
    Some(())
}

fn push(text: &mut String, words: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}

fn parameter(row: &'static ActionSpec, sentence: &Sentence, path: &str) -> Option<&'static Param> {
    match sentence.lowering {
        Lowering::Companion { param, action, target, .. } if param == path => {
            crate::catalogue::find(action)?.param(target)
        }
        _ => row.param(path),
    }
}

// ---- values -------------------------------------------------------------------------------------------------------

/// A value behind the words of a sentence, where a switch is on or off.
fn slot_value(param: &'static Param, value: &Value, names: &Names) -> Option<String> {
    if let (Kind::Switch { yes, no }, Some(literal)) = (&param.kind, value.as_literal()) {
        return Some(if literal == *yes {
            "on".to_owned()
        } else if literal == *no {
            "off".to_owned()
        } else {
            quote::literal(literal)
        });
    }
    convert(&param.kind, param, value, names)
}

fn setting_value(param: &'static Param, value: &Value, names: &Names) -> Option<String> {
    convert(&param.kind, param, value, names)
}

/// A value as a source gives it to a parameter of this kind; nothing if no source can.
pub(super) fn convert(kind: &'static Kind, param: &'static Param, value: &Value, names: &Names) -> Option<String> {
    if matches!(kind, Kind::Json) {
        return Some(json(value));
    }
    if let Value::Text(text) = value {
        if let Some(path) = text.as_path() {
            return Some(path.to_owned());
        }
        return text_value(kind, text, names);
    }
    match (kind, value) {
        (Kind::Choices(choices), Value::List(items, _)) => {
            let word = |item: &Value| {
                let literal = item.as_literal()?;
                match choices.iter().find(|choice| choice.1 == literal) {
                    Some(choice) => Some(choice.0.to_owned()),
                    None => spelled(choices, literal),
                }
            };
            let words: Vec<String> = items.iter().map(word).collect::<Option<_>>()?;
            Some(if words.len() == 1 { words.concat() } else { format!("[{}]", words.join(", ")) })
        }
        (Kind::List(element), Value::List(items, _)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| element_value(element, param, item, names)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        (Kind::Map { value: inner, .. }, Value::Map(entries, _)) => {
            Some(braced(&map_entries(inner, param, entries, names)?))
        }
        (Kind::Object(fields), Value::Map(entries, _)) => Some(braced(&object_entries(fields, entries, names)?)),
        (Kind::Pairs(fields), Value::List(items, _)) => Some(braced(&pairs(fields, items, names)?)),
        (Kind::Flag, Value::Plain(Plain::Bool(flag), _)) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        (Kind::Amount { .. }, Value::Plain(Plain::Number(number), _)) => Some(quote::number(number)),
        _ => None,
    }
}

/// A value behind an equals sign, where a bare word cannot stand.
pub(super) fn assigned(kind: &'static Kind, param: &'static Param, value: &Value, names: &Names) -> Option<String> {
    match (kind, value) {
        (Kind::Name { .. }, Value::Text(text)) if text.as_path().is_none() => {
            Some(quote::text(text, &|part| names.in_text(part)))
        }
        _ => convert(kind, param, value, names),
    }
}

fn text_value(kind: &'static Kind, text: &Text, names: &Names) -> Option<String> {
    let literal = text.as_literal();
    let quoted = || quote::text(text, &|part| names.in_text(part));
    Some(match (kind, literal) {
        (Kind::Name { .. }, Some(word)) if is_plain_word(word) => word.to_owned(),
        (Kind::Number { .. }, Some(digits)) if is_digits(digits) => digits.to_owned(),
        (Kind::Duration { unit, .. }, Some(digits)) => duration(digits, *unit).unwrap_or_else(quoted),
        (Kind::Switch { yes, .. }, Some(word)) if word == *yes => "yes".to_owned(),
        (Kind::Switch { no, .. }, Some(word)) if word == *no => "no".to_owned(),
        (Kind::Choice(choices), Some(word)) => match choices.iter().find(|choice| choice.1 == word) {
            Some(choice) => choice.0.to_owned(),
            None => spelled(choices, word)?,
        },
        (Kind::Resource(kind), _) => resource(*kind, text, names)?,
        (
            Kind::Choices(_)
            | Kind::List(_)
            | Kind::Map { .. }
            | Kind::Object(_)
            | Kind::Pairs(_)
            | Kind::Tagged { .. }
            | Kind::Flag
            | Kind::Amount { .. }
            | Kind::Json,
            _,
        ) => return None,
        _ => quoted(),
    })
}

/// A resource by its name, or by its address where it has none.
fn resource(kind: ResourceKind, text: &Text, names: &Names) -> Option<String> {
    match text.parts.as_slice() {
        [Part::Resource(found, name)] if *found == kind => Some(quote::name(name)),
        [Part::Literal(address)] => match names.of(kind, address) {
            Some(name) => Some(quote::name(name)),
            None if names.is_address(address) => Some(quote::literal(address)),
            // Without a mark, it would be taken for a name.
            None => Some(quote::address(address)),
        },
        [] => Some("\"\"".to_owned()),
        parts if parts.iter().any(|part| matches!(part, Part::Path(_))) => {
            Some(quote::text(text, &|part| names.in_text(part)))
        }
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A time span in the largest unit that has no rest.
fn duration(digits: &str, unit: TimeUnit) -> Option<String> {
    let count: i64 = digits.parse().ok().filter(|count: &i64| *count >= 0 && count.to_string() == digits)?;
    let seconds = count.checked_mul(unit.seconds())?;
    let (count, unit) = match seconds {
        0 => (0, "s"),
        _ if seconds % 86_400 == 0 => (seconds / 86_400, "d"),
        _ if seconds % 3_600 == 0 => (seconds / 3_600, "h"),
        _ if seconds % 60 == 0 => (seconds / 60, "m"),
        _ => (seconds, "s"),
    };
    Some(format!("{count}{unit}"))
}

/// What is no word of a closed set, as the document has it; nothing where the language would take it for one of its words.
fn spelled(choices: &[Choice], text: &str) -> Option<String> {
    let is_other = choices.iter().any(|choice| choice.0 == text && !choice.1.eq_ignore_ascii_case(text));
    (!is_other).then(|| quote::literal(text))
}

fn choice_words(choices: &'static [Choice], items: &[Value]) -> Option<Vec<String>> {
    let word = |item: &Value| {
        let literal = item.as_literal()?;
        choices.iter().find(|choice| choice.1 == literal).map(|choice| choice.0.to_owned())
    };
    let words: Option<Vec<String>> = items.iter().map(word).collect();
    words.filter(|words| !words.is_empty() && (1..words.len()).all(|at| words.get(at) != words.get(at - 1)))
}

fn braced(entries: &str) -> String {
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {entries} }}") }
}

fn map_entries(kind: &'static Kind, param: &'static Param, entries: &[Arg], names: &Names) -> Option<String> {
    let entry =
        |entry: &Arg| Some(format!("{}: {}", key(&entry.name.value), convert(kind, param, &entry.value, names)?));
    let entries: Option<Vec<String>> = entries.iter().map(entry).collect();
    Some(entries?.join(", "))
}

fn object_entries(fields: &'static [Param], entries: &[Arg], names: &Names) -> Option<String> {
    let entry = |entry: &Arg| {
        let param = fields.iter().find(|field| field.name == entry.name.value)?;
        Some(format!("{}: {}", key(param.name), convert(&param.kind, param, &entry.value, names)?))
    };
    let entries: Option<Vec<String>> = entries.iter().map(entry).collect();
    Some(entries?.join(", "))
}

/// A list of names and values as a map, if each of its elements is those two and nothing else.
fn pairs(fields: &'static [Param], items: &[Value], names: &Names) -> Option<String> {
    let [name, value, ..] = fields else { return None };
    let pair = |item: &Value| {
        let Value::Map(entries, _) = item else { return None };
        let [first, second] = entries.as_slice() else { return None };
        let (first, second) = if first.name.value == name.name { (first, second) } else { (second, first) };
        let is_pair = first.name.value == name.name && second.name.value == value.name;
        let key_text = first.value.as_literal().filter(|_| is_pair)?;
        Some(format!("{}: {}", key(key_text), convert(&value.kind, value, &second.value, names)?))
    };
    let entries: Option<Vec<String>> = items.iter().map(pair).collect();
    Some(entries?.join(", "))
}

fn key(name: &str) -> String {
    quote::name(name)
}

fn element_value(kind: &'static Kind, param: &'static Param, value: &Value, names: &Names) -> Option<String> {
    let Kind::Tagged { params, tags } = kind else { return convert(kind, param, value, names) };
    let Value::Map(entries, _) = value else { return None };
    tags.iter()
        .find_map(|tag| tagged(params, tag, entries, names))
        .or_else(|| Some(braced(&object_entries(params, entries, names)?)))
}

/// An element by its leading word, if that and the value give all of it.
fn tagged(params: &'static [Param], tag: &'static Tag, entries: &[Arg], names: &Names) -> Option<String> {
    let mut leaves = Vec::new();
    flatten(params, entries, "", false, &mut leaves)?;
    let (given, fixed): (Vec<&Leaf>, Vec<&Leaf>) = leaves.iter().partition(|leaf| leaf.path == tag.param);
    let [given] = given.as_slice() else { return None };
    let same = fixed.len() == tag.fixed.len()
        && tag.fixed.iter().all(|(path, wanted)| {
            fixed.iter().any(|leaf| leaf.path == *path && leaf.value.as_literal() == Some(*wanted))
        });
    if !same {
        return None;
    }
    let param = tag.param.split('.').try_fold((params, None), |(level, _), name| {
        let param = level.iter().find(|param| param.name == name)?;
        Some((param.kind.fields(), Some(param)))
    });
    let param = param?.1?;
    let value = convert(&param.kind, param, given.value, names)?;
    // Behind a word, another word would not be a value.
    let value = if is_plain_word(&value) { quote::literal(&value) } else { value };
    Some(if tag.word.is_empty() { value } else { format!("{} {value}", tag.word) })
}

// ---- raw values ---------------------------------------------------------------------------------------------------

/// A value in the service's own form.
pub(super) fn json(value: &Value) -> String {
    match value {
        Value::Text(text) => match text.as_path() {
            Some(path) => path.to_owned(),
            None => quote::text(text, &placeholder),
        },
        Value::Plain(Plain::Number(number), _) => quote::number(number),
        Value::Plain(plain, _) => plain.to_string(),
        Value::List(items, _) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Value::Map(entries, _) => braced(&members(entries)),
    }
}

fn placeholder(part: &Part) -> Option<String> {
    match part {
        Part::Resource(kind, name) => Some(crate::catalogue::resources::placeholder(*kind, name)),
        Part::Literal(_) | Part::Path(_) | Part::Address(_) => None,
    }
}

fn members(args: &[Arg]) -> String {
    let member = |arg: &Arg| format!("{}: {}", key(&arg.name.value), json(&arg.value));
    args.iter().map(member).collect::<Vec<_>>().join(", ")
}

/// The arguments by the service's names, each as its kind has it; nothing if one of them is not in the row.
pub(super) fn checked(row: &'static ActionSpec, args: &[Arg], names: &Names) -> Option<String> {
    if args.is_empty() {
        return Some(String::new());
    }
    Some(format!(" ({})", object_entries(row.params, args, names)?))
}
