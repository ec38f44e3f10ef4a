//! `literal-address`: an address of one instance in a source that is for all of them.

use crate::flow::Part;
use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, _, text) in view.source_texts() {
        let [Part::Literal(literal)] = text.parts.as_slice() else { continue };
        if !literal.starts_with("arn:aws") || view.is_from_environment(text.span) {
            continue;
        }
        let finding = report
            .finding(view, id, text.span, "this address is of one account and one instance")
            .label("the same in every environment")
            .help("name the thing, and give its address in environments/, or read it from `$env`");
        report.push(finding);
    }
}
