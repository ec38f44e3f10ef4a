//! `entry-without-handler`: an entry flow that does not say where failures go.

use crate::catalogue::{Exit, FAILURE, FlowType, OutletSpec};
use crate::lint::analysis::Program;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Project(check);

fn check(program: &Program, report: &mut Report) {
    for view in program.views.iter().filter(|view| view.is_source) {
        let is_entry = view.flow.flow_type() == Some(FlowType::Inbound) && view.is_root;
        let handles = program.outline.handles_errors(view.flow.name.span);
        // A flow of prompts alone needs none.
        let fails = view.flow.blocks().any(|(_, block)| {
            let is_failure = |outlet: &OutletSpec| {
                outlet.need.is_required() && matches!(outlet.exit, Exit::Error(error) if error == FAILURE)
            };
            block.variant().is_some_and(|variant| variant.outlets.iter().any(is_failure))
        });
        if !is_entry || handles != Some(false) || !fails {
            continue;
        }
        let finding = report
            .about(view, format!("`{}` does not say where failures go", view.flow.name.value))
            .label("without `on error`")
            .help("begin it with `on error -> sorry`, and tell callers there what to do");
        report.push(finding);
    }
}
