//! `unknown-rule`: an `@allow` of a rule that there is not.

use crate::lint::{Allowed, Check, Named, Report, Rule, rules};

pub(super) const CHECK: Check = Check::Allowed(check);

fn check(allowed: &[Allowed], report: &mut Report) {
    for one in allowed {
        let (name, span) = (&one.rule.value, one.rule.span);
        let mut finding = match one.named {
            Named::Rule(_) | Named::Warning(_) => continue,
            Named::Error(_) => report
                .about_allowed(one, span, format!("`{name}` is an error, and errors cannot be allowed"))
                .label("silences nothing")
                .help(format!("`flowc explain {name}` tells what to do about it")),
            Named::Unknown => report
                .about_allowed(one, span, format!("there is no rule `{name}`"))
                .label("silences nothing")
                .help("`flowc lint --list` shows them all")
                .suggest(name, rules::ALL.iter().map(Rule::name)),
        };
        // The name in a file of entries stands in quotes, and nothing mends that file.
        if !one.is_line() {
            finding.diagnostic.fixes.clear();
        }
        report.push(finding);
    }
}
