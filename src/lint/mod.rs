//! What Connect accepts and a caller would regret: rules over the flows of a whole project.
//!
//! [`analysis`] knows what is true at each point of each flow. A rule is a file in [`rules`]: it looks at that and reports
//! [`Finding`]s. Flows come from source and from documents alike. Values in, findings out; nothing here reads a file.

mod allow;
pub mod analysis;
pub mod baseline;
mod bot;
mod config;
mod finding;
mod language;
mod markup;
mod recording;
pub mod report;
mod rule;
pub mod rules;
mod speech;

pub use allow::{Allowed, Entry, Named};
pub use bot::Bot;
pub use config::{Config, Scope, matches};
pub use finding::Finding;
pub use rule::{Check, Report, Rule, Setting};

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::flow::{Flow, Links, Outline, uses};
use crate::source::{Form, Source, Span};
use analysis::Program;

/// Looks at all flows with all rules that are switched on somewhere. Findings come by place. `links` says where the flows
/// lead, `outline` is what the sources declare besides blocks, `silenced` are the lines with `@allow` that have silenced a
/// warning of the compiler. Beside the findings, the places of all that the compiler warns of as well, allowed or not.
pub fn lint(
    flows: &[(&Flow, &Source)],
    links: &Links,
    outline: Outline,
    config: &Config,
    silenced: &BTreeSet<Span>,
) -> (Vec<Finding>, BTreeSet<Span>) {
    let respelled: Vec<Option<Flow>> = flows.par_iter().map(|(flow, _)| uses::respelled(flow)).collect();
    let flows: Vec<(&Flow, &Source)> = flows
        .iter()
        .zip(&respelled)
        .map(|((flow, source), respelled)| (respelled.as_ref().unwrap_or(flow), *source))
        .collect();
    let flows = flows.as_slice();
    let program = Program::new(flows, links, outline);
    // What is allowed for nothing shows only when all others have looked.
    let is_about_allowed = rules::ALL.iter().any(|rule| rule.is_about_allowed() && config.only == Some(rule.name()));
    let others = Config { only: config.only.filter(|_| !is_about_allowed), ..config.clone() };
    let found: Vec<Vec<Finding>> = rules::ALL
        .par_iter()
        .filter(|rule| others.is_on(rule))
        .map(|rule| {
            let mut report = Report::new(rule, &others);
            match rule.check {
                Check::Flow(check) => program.views.iter().for_each(|view| check(view, &mut report)),
                Check::Project(check) => check(&program, &mut report),
                Check::Allowed(_) => {}
            }
            report.found
        })
        .collect();
    let is_told = |finding: &&Finding| rules::code_of(finding.rule).is_some();
    let told = found.iter().flatten().filter(is_told).map(|finding| finding.diagnostic.primary.span).collect();
    let found = found.into_iter().flatten().filter_map(|finding| levelled(finding, &others)).collect();
    let mut allowed = allow::all(flows, config);
    let mut found = allow::settle(&mut allowed, found, flows, &others, silenced);
    for rule in rules::ALL.iter().filter(|rule| config.is_on(rule)) {
        let Check::Allowed(check) = rule.check else { continue };
        let mut report = Report::new(rule, config);
        check(&allowed, &mut report);
        found.extend(report.found.into_iter().filter_map(|finding| levelled(finding, config)));
    }
    found.retain(|finding| config.only.is_none_or(|only| only == finding.rule.name()));
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    found.dedup_by(|a, b| a.order() == b.order());
    finding::number(&mut found);
    (found, told)
}

/// A finding at the level that its rule has where it stands, unless it is off there.
fn levelled(mut finding: Finding, config: &Config) -> Option<Finding> {
    let level = config.setting(finding.rule, &finding.path).level()?;
    finding.diagnostic = finding.diagnostic.at(level);
    // A document is not edited: it is another program's, and would be written anew.
    if Form::of(&finding.path) != Form::Flow {
        finding.diagnostic.fixes.clear();
    }
    Some(finding)
}
