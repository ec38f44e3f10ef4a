//! `empty-attributes`: an action that sets attributes and is given none.

use crate::flow::Value;
use crate::lint::analysis::View;
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let assigns = block.action.row().map_or(&[][..], |row| row.assigns);
        let maps = assigns.iter().filter(|assign| assign.keyed).filter_map(|assign| assign.param.split('.').next());
        let is_empty = |param| matches!(block.arg(param), Some(Value::Map(entries, _)) if entries.is_empty());
        if maps.into_iter().any(is_empty) {
            let finding = report
                .finding(view, id, block.span, format!("{} sets no attribute", block.said()))
                .label("nothing changes here")
                .help("remove it, or give the attributes that it is for");
            report.push(finding);
        }
    }
}
