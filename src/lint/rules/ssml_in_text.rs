//! `ssml-in-text`: tags of speech markup in a plain text.

use crate::diagnostics::Safety;
use crate::lint::analysis::{View, spoken};
use crate::lint::speech::literals;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// What a tag of speech markup begins with.
const TAGS: [&str; 9] =
    ["<speak", "<break", "<prosody", "<say-as", "<emphasis", "<phoneme", "<amazon:", "</speak>", "<sub "];

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        for said in spoken(block).into_iter().filter(|said| !said.is_ssml) {
            let text = literals(&said).to_lowercase();
            let Some(tag) = TAGS.iter().find(|tag| text.contains(**tag)) else { continue };
            let name = tag.trim_matches(['<', '>', '/', ' ', ':']);
            let mut finding = report
                .finding(view, id, said.text.span, format!("this text has the tag `{name}`, and texts have no tags"))
                .label("markup where plain text is said")
                .help(view.speech().say("say it as markup: `say ssml \"<speak>..</speak>\"`", "have it read as SSML: `\"SSML\": \"<speak>..</speak>\"` in place of `Text`"))
                .subject(name);
            if view.is_source && text.trim_start().starts_with("<speak") {
                let at = crate::source::Span { end: said.text.span.start, ..said.text.span };
                finding = finding.fix("say it as markup", at, "ssml ", Safety::Unsafe);
            }
            report.push(finding);
        }
    }
}
