//! `ssml-unsupported-tag`: speech markup that the voice which speaks does not follow.

use crate::lint::analysis::{ENGINE, Held, View, spoken};
use crate::lint::markup::{self, Tag};
use crate::lint::speech::with_references;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        for said in spoken(block).into_iter().filter(|said| said.is_ssml) {
            let Some(text) = with_references(&said) else { continue };
            let held = view.values.before(id, ENGINE).filter(Held::is_known);
            let engines: Vec<&str> = held.map(|held| held.constants().collect()).unwrap_or_default();
            for tag in markup::read(&text).unwrap_or_default() {
                let (message, label) = if let Some((what, engine)) =
                    engines.iter().find_map(|engine| Some((lacked(engine, &tag)?, *engine)))
                {
                    (format!("{engine} voices do not follow {what}"), "the voice set before this is one")
                } else if KNOWN.contains(&tag.name) {
                    continue;
                } else {
                    (format!("no voice follows `<{}>`", tag.name), "not a tag of speech markup here")
                };
                let finding = report
                    .finding(view, id, said.text.span, message)
                    .label(label)
                    .help("leave the tag out, or set a voice with an engine that follows it")
                    .subject(tag.name);
                report.push(finding);
            }
        }
    }
}

/// What an engine does not follow of a tag. An engine that is not given is the voice's own, which is not known here.
fn lacked(engine: &str, tag: &Tag) -> Option<String> {
    let engine = ENGINES.iter().find(|(name, _)| *name == engine)?;
    let fits = |lacks: &&Lacks| {
        let with = lacks.attribute.is_none_or(|(key, value)| {
            tag.attributes.iter().any(|(name, given)| *name == key && value.is_none_or(|value| value == *given))
        });
        lacks.tag == tag.name && with
    };
    let lacks = engine.1.iter().copied().flatten().find(fits)?;
    Some(match lacks.attribute {
        None => format!("`<{}>`", lacks.tag),
        Some((key, None)) => format!("`{key}` of `<{}>`", lacks.tag),
        Some((key, Some(value))) => format!("`<{} {key}=\"{value}\">`", lacks.tag),
    })
}

struct Lacks {
    tag: &'static str,
    /// Only with this attribute, or with this value of it.
    attribute: Option<(&'static str, Option<&'static str>)>,
}

const fn tag(tag: &'static str) -> Lacks {
    Lacks { tag, attribute: None }
}

const fn with(tag: &'static str, key: &'static str, value: Option<&'static str>) -> Lacks {
    Lacks { tag, attribute: Some((key, value)) }
}

/// What only standard voices follow.
const STANDARD_ONLY: [Lacks; 8] = [
    tag("emphasis"),
    tag("amazon:auto-breaths"),
    tag("amazon:breath"),
    with("prosody", "amazon:max-duration", None),
    with("prosody", "pitch", None),
    with("amazon:effect", "phonation", None),
    with("amazon:effect", "vocal-tract-length", None),
    with("amazon:effect", "name", Some("whispered")),
];
/// What only some neural voices follow.
const NEWS: [Lacks; 1] = [with("amazon:domain", "name", Some("news"))];
/// What generative voices do not follow besides.
const RANGE: [Lacks; 1] = [with("amazon:effect", "name", Some("drc"))];

/// By engine, what its voices do not follow, after Amazon Polly's table of supported tags. What they follow in part counts as
/// followed, but for the pitch, which only standard voices change.
const ENGINES: [(&str, &[&[Lacks]]); 4] = [
    ("standard", &[&NEWS]),
    ("neural", &[&STANDARD_ONLY]),
    ("long-form", &[&STANDARD_ONLY, &NEWS]),
    ("generative", &[&STANDARD_ONLY, &NEWS, &RANGE]),
];

/// Every tag that some voice follows.
const KNOWN: [&str; 16] = [
    "speak", "break", "emphasis", "lang", "mark", "p", "phoneme", "prosody", "s", "say-as", "sub", "w",
    "amazon:auto-breaths", "amazon:breath", "amazon:domain", "amazon:effect",
];
