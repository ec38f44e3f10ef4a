//! `near-duplicate-attribute`: an attribute read that nothing sets, and one of nearly its name that something does.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Safety;
use crate::flow::BlockId;
use crate::lint::analysis::{Key, Program, View, reads, writes};
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Project(check);

/// Shorter names are near one another by chance.
const LENGTH_MIN: usize = 5;

fn check(program: &Program, report: &mut Report) {
    let mut written: BTreeSet<String> = BTreeSet::new();
    let mut read: BTreeMap<&str, Vec<(&View, BlockId, Span)>> = BTreeMap::new();
    for view in &program.views {
        for (id, block) in view.flow.blocks() {
            written.extend(writes(block).into_iter().map(|write| write.path));
            for read_here in reads(block) {
                if Key::of(read_here.path).is_some_and(|key| key.is_attribute()) {
                    read.entry(read_here.path).or_default().push((view, id, read_here.span));
                }
            }
        }
    }
    for (path, places) in &read {
        if written.contains(*path) {
            continue;
        }
        // Attributes that are read and set are each what they say.
        let close = written.iter().filter(|other| !read.contains_key(other.as_str())).find(|other| near(path, other));
        let Some(close) = close else { continue };
        for (view, id, span) in places {
            let mut finding = report
                .finding(view, *id, *span, format!("nothing sets `{path}`"))
                .label("always empty")
                .help(format!("did you mean `{close}`, which is set and never read?"))
                .subject(*path);
            if let Some(place) = view.place_of(*span, path) {
                finding = finding.fix(&format!("read `{close}`"), place, close.as_str(), Safety::Unsafe);
            }
            report.push(finding);
        }
    }
}

/// Whether two attributes are one, misspelled.
fn near(path: &str, other: &str) -> bool {
    let (Some((root, name)), Some((other_root, other_name))) = (split(path), split(other)) else { return false };
    let plain = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let ends_differ = name.chars().last().is_some_and(|c| c.is_ascii_digit())
        || other_name.chars().last().is_some_and(|c| c.is_ascii_digit());
    let is_typo = || !ends_differ && name.len() >= LENGTH_MIN && strsim::osa_distance(&plain(name), &plain(other_name)) == 1;
    root == other_root && (plain(name) == plain(other_name) || is_typo())
}

fn split(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("$.")?.split_once(['.', '['])
}
