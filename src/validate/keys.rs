//! Keys against parameters: those that the service refuses, and those that nobody knows.

use super::values::{Check, below};
use crate::catalogue::{Demand, Param, rules};
use crate::diagnostics::{closest, codes, listed};
use crate::flow::breach::{answer, breach};
use crate::flow::{Arg, Speech, Value};
use crate::source::Span;

impl Check<'_> {
    /// The keys that the service was seen to refuse, whatever pages say of them.
    pub(super) fn refused_keys(&mut self) {
        for path in self.row.refuses {
            let Some((name, span)) = key_at(&self.block.args, path) else { continue };
            let said = self.block.said();
            let name = self.speech().say(name.to_owned(), self.word(path));
            let message = format!("the service refuses `{name}` of {said}");
            self.report.push(
                breach(rules::REFUSED_KEY, codes::UNKNOWN_PARAMETER, span, message)
                    .label("not one of its parameters, whatever a page says")
                    .help("leave it out"),
            );
        }
    }

    /// Keys that the row does not have: the service gets new ones, and refuses what it does not know.
    pub(super) fn unknown_keys(&mut self, params: &'static [Param], args: &[Arg], path: &str) {
        if self.row.open {
            return;
        }
        for arg in args {
            let name = &*arg.name.value;
            let place = below(path, name);
            if params.iter().any(|param| param.name == name) || self.row.refuses.contains(&&*place) {
                continue;
            }
            let mut known: Vec<&str> = params.iter().map(|param| param.name).collect();
            // Rows of one name are about different values of another parameter.
            known.dedup();
            // What is missing and misspelled here is told in one go, and is as bad as what is missing.
            let meant = closest(name, known.iter().copied()).filter(|meant| lacks(args, meant));
            let meant = params.iter().find(|param| Some(param.name) == meant && param.required);
            let rule = meant.map_or(rules::KEYS, |param| self.row.rule(Demand::RequiredKey, param.rests));
            let owner = match (path, self.speech()) {
                ("", _) => self.block.said(),
                (_, Speech::Source) => format!("`{path}`"),
                (_, Speech::Document) => self.spoken(path),
            };
            let message = format!("`{name}` is not known of {owner}");
            let help = match known.as_slice() {
                [] => "it takes nothing, as far as is known".to_owned(),
                known => format!("it has {}", listed(known)),
            };
            self.report.push(
                breach(rule, codes::UNKNOWN_PARAMETER, arg.name.span, message)
                    .label(answer(rule))
                    .help(help)
                    .suggest(name, known.iter().copied()),
            );
        }
    }
}

/// Whether a key is not given.
fn lacks(args: &[Arg], name: &str) -> bool {
    !args.iter().any(|arg| arg.name.value == name)
}

/// Whether a key that nobody knows is this one, misspelled.
pub(super) fn is_misspelled(name: &str, params: &[Param], args: &[Arg]) -> bool {
    let known = || params.iter().map(|param| param.name);
    let mut unknown = args.iter().map(|arg| &*arg.name.value).filter(|given| !known().any(|known| known == *given));
    unknown.any(|given| closest(given, known()) == Some(name))
}

/// A key at a dotted path, and its place.
fn key_at<'a>(args: &'a [Arg], path: &str) -> Option<(&'a str, Span)> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let arg = args.iter().find(|arg| arg.name.value == name)?;
    match (rest, &arg.value) {
        (None, _) => Some((&arg.name.value, arg.name.span)),
        (Some(rest), Value::Map(entries, _)) => key_at(entries, rest),
        (Some(_), _) => None,
    }
}
