//! `ssml-malformed`: speech markup that is not well formed.

use crate::diagnostics::Safety;
use crate::lint::analysis::{View, spoken};
use crate::lint::markup::{self, Problem};
use crate::lint::speech::with_references;
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        for said in spoken(block).into_iter().filter(|said| said.is_ssml) {
            let Some(text) = with_references(&said) else { continue };
            let problem = match markup::read(&text) {
                Err(problem) => problem,
                Ok(tags) if tags.first().is_some_and(|tag| tag.name != "speak") => Problem::new("it does not begin with `<speak>`"),
                Ok(_) => continue,
            };
            let lone = lone_ampersand(view.written(said.text.span).unwrap_or_default());
            let mut finding = report
                .finding(view, id, said.text.span, format!("this speech markup is not well formed: {}", problem.what))
                .label("no voice can read this")
                .help("one `<speak>` holds everything, every tag is closed in turn, and `&` is written `&amp;`")
                .subject(problem.what);
            if let Some(at) = lone {
                let start = said.text.span.start as usize + at;
                let place = Span::new(said.text.span.source, start, start + 1);
                finding = finding.fix("write `&amp;`", place, "&amp;", Safety::Unsafe);
            }
            report.push(finding);
        }
    }
}

/// Where an `&` stands that begins no entity.
fn lone_ampersand(text: &str) -> Option<usize> {
    let begins_entity = |at: usize| {
        let name = text.get(at + 1..).and_then(|rest| rest.split_once(';')).map(|(name, _)| name);
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
    };
    text.match_indices('&').map(|(at, _)| at).find(|at| !begins_entity(*at))
}
