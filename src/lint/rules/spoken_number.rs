//! `spoken-number`: a long number in a text, which is read out as one number.

use crate::catalogue::Channel;
use crate::diagnostics::Safety;
use crate::lint::analysis::{View, spoken};
use crate::lint::speech::literals;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// From here on nobody understands it: eight hundred fifty-five million ...
const DIGITS_MIN: usize = 7;

fn check(view: &View, report: &mut Report) {
    if !view.flow.channels.is_empty() && !view.flow.channels.contains(&Channel::Voice) {
        return;
    }
    for (id, block) in view.flow.blocks() {
        for said in spoken(block).into_iter().filter(|said| !said.is_ssml) {
            let text = literals(&said);
            let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '_' | '-' | '='));
            let mut numbers = words.filter(|word| word.len() >= DIGITS_MIN && word.bytes().all(|b| b.is_ascii_digit()));
            let Some(number) = numbers.next() else { continue };
            let mut finding = report
                .finding(view, id, said.text.span, format!("{number} is read out as one number"))
                .label("millions and thousands")
                .help("part it with spaces, or say it as markup: `<say-as interpret-as=\"telephone\">`")
                .subject(number);
            if let Some(place) = view.place_of(said.text.span, number) {
                let apart: Vec<String> = number.chars().map(String::from).collect();
                finding = finding.fix("say it digit by digit", place, apart.join(" "), Safety::Unsafe);
            }
            report.push(finding);
        }
    }
}
