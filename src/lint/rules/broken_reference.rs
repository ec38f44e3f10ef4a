//! `broken-reference`: a text that looks like a reference and is none.

use crate::catalogue::paths;
use crate::diagnostics::Safety;
use crate::flow::{Part, Text};
use crate::lint::analysis::{View, each_text};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let mut texts: Vec<&Text> = Vec::new();
        each_text(&block.args, &mut |text| texts.push(text));
        for text in texts {
            for part in &text.parts {
                let broken = match part {
                    Part::Literal(literal) => doubled(literal).or_else(|| looks_like(literal)),
                    Part::Path(path) => unknown(path),
                    Part::Resource(..) | Part::Address(_) => None,
                };
                let Some((written, close)) = broken else { continue };
                let mut finding = report
                    .finding(view, id, text.span, format!("`{written}` looks like a reference and is none"))
                    .label("taken as it stands")
                    .help(format!("did you mean `{close}`?"))
                    .subject(&written);
                // The backslash made it a text; without it, it is a reference.
                let place = view.place_of(text.span, &format!("\\{written}")).or_else(|| view.place_of(text.span, &written));
                if let Some(place) = place {
                    finding = finding.fix(&format!("write `{close}`"), place, close, Safety::Unsafe);
                }
                report.push(finding);
            }
        }
    }
}

/// A word in a text that misses the dot of a reference: `$Attributes.name`.
fn looks_like(text: &str) -> Option<(String, String)> {
    text.split('$').skip(1).find_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_')).unwrap_or(rest.len());
        let word = rest.get(..end)?.trim_end_matches('.');
        let path = word.strip_prefix('.').unwrap_or(word);
        let (root, below) = path.split_once('.')?;
        let known = paths::ROOT.iter().find(|node| node.name.eq_ignore_ascii_case(root))?;
        let right = format!("$.{}.{below}", known.name);
        (right != format!("${word}")).then(|| (format!("${word}"), right))
    })
}

/// A reference as the key of an attribute, `$.Attributes.$.Queue.Name`: no attribute can be called so.
fn doubled(text: &str) -> Option<(String, String)> {
    const BEGIN: &str = "$.Attributes.$.";
    let at = text.find(BEGIN)?;
    let rest = text.get(at + BEGIN.len()..)?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_')).unwrap_or(rest.len());
    let path = rest.get(..end)?.trim_end_matches('.');
    (!path.is_empty()).then(|| (format!("{BEGIN}{path}"), format!("$.{path}")))
}

/// A reference into a namespace that is nearly one of Connect's.
fn unknown(path: &str) -> Option<(String, String)> {
    let rest = path.strip_prefix("$.")?;
    let (root, below) = rest.split_at(rest.find(['.', '['])?);
    if paths::ROOT.iter().any(|node| node.name == root) {
        return None;
    }
    let close = crate::diagnostics::closest(root, paths::ROOT.iter().map(|node| node.name))?;
    Some((path.to_owned(), format!("$.{close}{below}")))
}
