//! `prompt-language`: a text in another language than the voice speaks.

use crate::lint::analysis::{LANGUAGE, VOICE, View, spoken};
use crate::lint::language::{self, Language};
use crate::lint::speech::{literals, without_tags};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let said = spoken(block);
        if said.is_empty() {
            continue;
        }
        let only = |path| view.values.before(id, path).and_then(crate::lint::analysis::Held::only);
        // Who speaks decides how it sounds; the language that was set only where the voice is not known.
        let by_voice = only(VOICE).and_then(|voice| Some((language::of_voice(voice)?, format!("the voice {voice}"))));
        let set = by_voice.or_else(|| {
            let code = only(LANGUAGE).filter(|_| only(VOICE).is_none())?;
            Some((Language::of_code(code)?, format!("the language {code}")))
        });
        let Some((expected, why)) = set else { continue };
        for said in said {
            // A word that is in another language on purpose is marked as such.
            let text = literals(&said);
            if text.contains("<lang") {
                continue;
            }
            let Some(found) = language::detect(&without_tags(&text), expected) else { continue };
            let finding = report
                .finding(view, id, said.text.span, format!("this text is {}, and {why} speaks {}", found.word(), expected.word()))
                .label(format!("is said as if it were {}", expected.word()))
                .help("set a voice of that language before it, or say it in the other");
            report.push(finding);
        }
    }
}
