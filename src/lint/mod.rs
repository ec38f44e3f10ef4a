//! What Connect accepts and a caller would regret: rules over the flows of a whole project.
//!
//! [`analysis`] knows what is true at each point of each flow. A rule is a file in [`rules`]: it looks at that and reports
//! [`Finding`]s. Flows come from source and from documents alike. Values in, findings out; nothing here reads a file.

pub mod analysis;
pub mod baseline;
mod config;
mod contract;
mod finding;
mod language;
mod markup;
mod recording;
pub mod report;
mod rule;
pub mod rules;
mod speech;

pub use config::{Config, Scope, matches};
pub use contract::Contract;
pub use finding::Finding;
pub use rule::{Check, Report, Rule, Setting};

use rayon::prelude::*;

use crate::flow::{Flow, Outline};
use crate::source::Source;
use analysis::Program;

/// Looks at all flows with all rules that are switched on somewhere. Findings come rule by rule, flow by flow.
pub fn lint(flows: &[(&Flow, &Source)], outline: Outline, config: &Config) -> Vec<Finding> {
    let program = Program::new(flows, outline);
    let found: Vec<Vec<Finding>> = rules::ALL
        .par_iter()
        .filter(|rule| config.is_on(rule))
        .map(|rule| {
            let mut report = Report::new(rule, config);
            match rule.check {
                Check::Flow(check) => program.views.iter().for_each(|view| check(view, &mut report)),
                Check::Project(check) => check(&program, &mut report),
            }
            report.found
        })
        .collect();
    let levelled = |mut finding: Finding| {
        let level = config.setting(finding.rule, &finding.path).level()?;
        finding.diagnostic = finding.diagnostic.at(level);
        Some(finding)
    };
    let mut found: Vec<Finding> = found.into_iter().flatten().filter_map(levelled).collect();
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    found.dedup_by(|a, b| a.order() == b.order());
    finding::number(&mut found);
    found
}
