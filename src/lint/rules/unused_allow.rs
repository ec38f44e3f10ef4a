//! `unused-allow`: an `@allow`, or an entry of a file beside documents, that silences nothing.

use crate::diagnostics::Safety;
use crate::lint::{Allowed, Check, Report};

pub(super) const CHECK: Check = Check::Allowed(check);

fn check(allowed: &[Allowed], report: &mut Report) {
    for one in allowed.iter().filter(|one| one.is_unused) {
        let rule = &one.rule.value;
        let finding = report.about_allowed(one, one.span, format!("this allows nothing: `{rule}` finds nothing here"));
        let finding = finding.label("not needed any more");
        report.push(if one.is_line() {
            finding.help("remove the line").fix("remove the line", one.span, "", Safety::Safe)
        } else {
            finding.help("remove the entry")
        });
    }
}
