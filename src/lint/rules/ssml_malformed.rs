//! `ssml-malformed`: speech markup that is not well formed.

use crate::lint::analysis::{View, spoken};
use crate::lint::markup::{self, Problem};
use crate::lint::speech::with_references;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        for said in spoken(block).into_iter().filter(|said| said.is_ssml) {
            let Some(text) = with_references(&said) else { continue };
            let problem = match markup::read(&text) {
                Err(problem) => problem,
                Ok(tags) if tags.first().is_none_or(|tag| tag.name != "speak") => Problem::new("it does not begin with `<speak>`"),
                Ok(_) => continue,
            };
            let finding = report
                .finding(view, id, said.text.span, format!("this speech markup is not well formed: {}", problem.what))
                .label("no voice can read this")
                .help("one `<speak>` holds everything, every tag is closed in turn, and `&` is written `&amp;`")
                .subject(problem.what);
            report.push(finding);
        }
    }
}
