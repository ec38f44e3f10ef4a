//! What a bot says of itself: a file of the project, since nothing in a flow tells it.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::reader::{self, Reader, Value, kind};
use crate::diagnostics::{Diagnostic, codes};
use crate::lint::Bot;
use crate::source::Source;

/// The folder of these files in a project.
pub const FOLDER: &str = "bots";

const NAME: &str = "name";
const INTENTS: &str = "intents";
const SLOTS: &str = "slots";
const SESSION: &str = "session-attributes";

/// Reads a file: what flows call the bot, which is the file's name unless it says another, and what it can answer.
pub fn bot(source: &Source) -> (String, Bot, Vec<Diagnostic>) {
    let file = source.path.rsplit('/').next().unwrap_or_default();
    let mut name = file.strip_suffix(".toml").unwrap_or(file).to_owned();
    let mut bot = Bot::default();
    let problems = reader::read(source, codes::PROJECT_FILE, "slots = [\"City\"]", |reader, table| {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                NAME => name = reader.text(value, NAME).map_or_else(String::new, |name| name.value),
                INTENTS => {
                    for (intent, value) in reader.table(value, INTENTS).into_iter().flatten() {
                        let slots = slots(reader, value, intent.get_ref());
                        bot.intents.insert(intent.get_ref().to_string(), slots);
                    }
                }
                SESSION => bot.session = Some(texts(reader, value, SESSION)),
                unknown => {
                    let message = format!("a bot has no `{unknown}`");
                    reader.unknown(key, &message, &[NAME, INTENTS, SESSION]);
                }
            }
        }
    });
    (name, bot, problems)
}

/// The slots of an intent.
fn slots(reader: &mut Reader, value: &Value, intent: &str) -> BTreeSet<String> {
    let mut slots = BTreeSet::new();
    for (key, value) in reader.table(value, &format!("{INTENTS}.{intent}")).into_iter().flatten() {
        match key.get_ref().as_ref() {
            SLOTS => slots = texts(reader, value, SLOTS),
            unknown => reader.unknown(key, &format!("an intent has no `{unknown}`"), &[SLOTS]),
        }
    }
    slots
}

fn texts(reader: &mut Reader, value: &Value, name: &str) -> BTreeSet<String> {
    let DeValue::Array(items) = value.get_ref() else {
        let message = format!("`{name}` is {}, where a list is needed", kind(value.get_ref()));
        reader.wrong(value, message, &format!("write a list of strings: `{name} = [\"..\"]`"));
        return BTreeSet::new();
    };
    items.iter().filter_map(|item| reader.text(item, name)).map(|text| text.value).collect()
}
