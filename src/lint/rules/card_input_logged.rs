//! `card-input-logged`: card numbers and the like, typed in while the log is on.

use super::unencrypted_card_input::secret;
use crate::catalogue::input;
use crate::diagnostics::Safety;
use crate::lint::analysis::{Key, View, path};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks().filter(|(id, _)| view.graph.reaches(*id)) {
        let is_logged = view.facts.before(id, &Key::Logging).may_be_set();
        if !block.is(&input::STORED) || !is_logged {
            continue;
        }
        let Some(what) = secret(block) else { continue };
        let mut finding = report
            .finding(view, id, block.span, format!("{what} is asked for while the log is on"))
            .label("what is typed goes into the log")
            .help(view.speech().say("say `set logging off` before it, and `set logging on` behind it", "put a block before it that switches the log off, and one after it that switches it on again"));
        let switched = view.flow.blocks().find(|(at, block)| {
            block.is(&input::LOGGED) && path(view.flow, *at, id, |from, exit| keeps_on(view, from, exit)).is_some()
        });
        if let Some((_, switched)) = switched {
            finding = finding.also(switched.span, "switches it on");
        }
        // What has branches is more than its line.
        let is_line = view.begins_line(block.span) && view.behind(block.span).is_some_and(|rest| rest.trim().is_empty());
        if let Some(written) = view.written(block.span).filter(|_| is_line) {
            let between = format!("set logging off\n{written}\nset logging on");
            finding = finding.fix("switch the log off meanwhile", block.span, between, Safety::Unsafe);
        }
        report.push(finding);
    }
}

/// Whether the log is still on behind an exit of a block.
fn keeps_on(view: &View, from: crate::flow::BlockId, _: &crate::flow::Exit) -> bool {
    view.flow.block(from).is_none_or(|block| !block.has(crate::catalogue::Effect::Logs) || block.is(&input::LOGGED))
}
