//! `unencrypted-card-input`: card numbers and the like, typed in and kept in clear.

use crate::catalogue::input;
use crate::flow::{Block, Part, Value};
use crate::lint::analysis::{View, spoken};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        if !block.is(&input::STORED) || block.arg(input::ENCRYPTION).is_some() {
            continue;
        }
        let Some(what) = secret(block) else { continue };
        let finding = report
            .finding(view, id, block.span, format!("{what} is kept in clear"))
            .label("asked for without a key")
            .help(view.speech().say("encrypt what is typed: give `key` and `certificate`, and decrypt it in the function that needs it", "encrypt what is typed with `InputEncryption`, and decrypt it in the function that needs it"));
        report.push(finding);
    }
}

/// What callers are asked for, if it is a thing that must not be read by others.
pub(super) fn secret(block: &Block) -> Option<&'static str> {
    let mut words = String::new();
    for said in spoken(block) {
        for part in &said.text.parts {
            if let Part::Literal(text) = part {
                words.push_str(&text.to_lowercase());
                words.push(' ');
            }
        }
    }
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| window == phrase.as_slice())
    };
    let named = SECRETS.iter().find(|(phrases, _)| phrases.iter().any(|phrase| has(phrase))).map(|(_, what)| *what);
    named.or_else(|| {
        let digits = block.arg(input::DIGITS_MAX).and_then(Value::as_literal)?.parse::<u32>().ok()?;
        (digits == CARD_DIGITS && words.contains(&"card")).then_some("a card number")
    })
}

/// The length of most card numbers.
const CARD_DIGITS: u32 = 16;

const SECRETS: [(&[&str], &str); 4] = [
    (
        &["card number", "credit card", "debit card", "tarjeta de crédito", "kartennummer", "numéro de carte"],
        "a card number",
    ),
    (&["cvv", "cvc", "security code", "expiration date", "expiry date"], "a card's security code or date"),
    (&["social security", "ssn"], "a social security number"),
    (&["pin", "pin number", "password", "passcode", "access code"], "a secret code"),
];
