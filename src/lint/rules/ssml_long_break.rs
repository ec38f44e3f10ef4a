//! `ssml-long-break`: a pause in speech markup that is longer than a voice keeps.

use crate::diagnostics::Safety;
use crate::lint::analysis::{View, spoken};
use crate::lint::markup;
use crate::lint::speech::with_references;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// The longest pause of a `break`, in milliseconds.
const PAUSE_MAX: f64 = 10_000.0;
const PAUSE_MAX_WRITTEN: &str = "10s";

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        for said in spoken(block).into_iter().filter(|said| said.is_ssml) {
            let Some(text) = with_references(&said) else { continue };
            let tags = markup::read(&text).unwrap_or_default();
            let pauses = tags.iter().filter(|tag| tag.name == "break").flat_map(|tag| &tag.attributes);
            for (_, time) in pauses.filter(|(key, time)| *key == "time" && milliseconds(time) > Some(PAUSE_MAX)) {
                let mut finding = report
                    .finding(view, id, said.text.span, format!("this pause of {time} is longer than a voice keeps"))
                    .label("10 seconds are the most")
                    .help("use several, or `play` a recording of silence")
                    .subject(*time);
                let spelled = ["'", "\"", "\\\""].map(|quote| format!("time={quote}{time}{quote}"));
                let tag = spelled.iter().find_map(|tag| view.place_of(said.text.span, tag));
                if let Some(place) = tag.and_then(|tag| view.place_of(tag, time)) {
                    finding = finding.fix("pause as long as a voice can", place, PAUSE_MAX_WRITTEN, Safety::Unsafe);
                }
                report.push(finding);
            }
        }
    }
}

fn milliseconds(time: &str) -> Option<f64> {
    let time = time.trim();
    match time.strip_suffix("ms") {
        Some(number) => number.trim().parse().ok(),
        None => time.strip_suffix('s')?.trim().parse::<f64>().ok().map(|seconds| seconds * 1000.0),
    }
}
