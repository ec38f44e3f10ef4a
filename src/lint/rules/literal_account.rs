//! `literal-account`: the id of an account in a source that is for all of them.

use crate::flow::Part;
use crate::lint::analysis::{View, spoken};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// Digits of an account's id.
const DIGITS: usize = 12;

fn check(view: &View, report: &mut Report) {
    for (id, block, text) in view.source_texts() {
        let found = text.parts.iter().find_map(|part| match part {
            Part::Literal(literal) => account(literal),
            _ => None,
        });
        let Some(number) = found.filter(|_| !view.is_from_environment(text.span)) else { continue };
        // What is said to callers is no id of an account.
        if spoken(block).iter().any(|said| std::ptr::eq(said.text, text)) {
            continue;
        }
        let finding = report
            .finding(view, id, text.span, format!("{number} looks like the id of an account"))
            .label("the same in every environment")
            .help("name the thing, and give its address in environments/, or read the id from `$env`")
            .subject(number);
        report.push(finding);
    }
}

/// A number of twelve digits by itself. One in an address is told with the address.
fn account(text: &str) -> Option<&str> {
    if text.starts_with("arn:") {
        return None;
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '+');
    words.find(|word| word.len() == DIGITS && word.bytes().all(|byte| byte.is_ascii_digit()))
}
