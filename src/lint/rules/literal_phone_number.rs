//! `literal-phone-number`: a telephone number in a source, where it is the same in every environment.

use crate::catalogue::ResourceKind;
use crate::flow::Part;
use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// Digits of the shortest number with a country code that is worth the name.
const DIGITS_MIN: usize = 8;

fn check(view: &View, report: &mut Report) {
    for (id, _, text) in view.source_texts() {
        let [Part::Literal(number) | Part::Resource(ResourceKind::PhoneNumber, number)] = text.parts.as_slice()
        else {
            continue;
        };
        if !is_number(number) || view.is_from_environment(text.span) {
            continue;
        }
        let finding = report
            .finding(view, id, text.span, format!("the number {number} is written into the flow"))
            .label("the same in every environment, and in every copy")
            .help("give it a name in `[values]` of flowc.toml, and read it from `$env`")
            .subject(number);
        report.push(finding);
    }
}

fn is_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        digits.len() >= DIGITS_MIN && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
