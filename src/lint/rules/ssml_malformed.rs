//! `ssml-malformed`: speech markup that is not well formed.

use crate::flow::Part;
use crate::lint::analysis::{Spoken, View, spoken};
use crate::lint::markup::{self, Problem};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        for said in spoken(block).into_iter().filter(|said| said.is_ssml) {
            let Some(text) = whole(&said) else { continue };
            let problem = match markup::read(&text) {
                Err(problem) => problem,
                Ok(tags) if tags.first().is_none_or(|tag| tag.name != "speak") => Problem::new("it does not begin with `<speak>`"),
                Ok(_) => continue,
            };
            let finding = report
                .finding(view, id, said.text.span, format!("this speech markup is not well formed: {}", problem.what))
                .label("the service takes its error branch")
                .help("one `<speak>` holds everything, every tag is closed in turn, and `&` is written `&amp;`")
                .subject(problem.what);
            report.push(finding);
        }
    }
}

/// The text with a word for each reference; nothing if all of it comes from elsewhere.
fn whole(said: &Spoken) -> Option<String> {
    let mut text = String::new();
    let mut has_words = false;
    for part in &said.text.parts {
        match part {
            Part::Literal(literal) => {
                has_words |= !literal.trim().is_empty();
                text.push_str(literal);
            }
            Part::Path(_) | Part::Resource(..) | Part::Address(_) => text.push_str("reference"),
        }
    }
    has_words.then_some(text)
}
