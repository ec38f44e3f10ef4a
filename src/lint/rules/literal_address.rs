//! `literal-address`: an address of one instance in a source that is for all of them.

use crate::flow::{Part, Text};
use crate::lint::analysis::{View, each_text};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    // Exports are of one instance.
    if !view.is_source {
        return;
    }
    for (id, block) in view.flow.blocks() {
        let mut texts: Vec<&Text> = Vec::new();
        each_text(&block.args, &mut |text| texts.push(text));
        for text in texts {
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
}
