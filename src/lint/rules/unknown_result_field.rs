//! `unknown-result-field`: a result that the function or module which answers does not have.

use std::collections::BTreeSet;

use crate::catalogue::ResourceKind;
use crate::diagnostics::Safety;
use crate::lint::analysis::{Program, View, called, named, reads};
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Project(check);

/// Where what a function answered, and what a module returned, is read.
const ANSWERED: [&str; 2] = ["$.External.", "$.LambdaInvocation.ResultData."];
const RETURNED: &str = "$.Modules.ResultData.";

fn check(program: &Program, report: &mut Report) {
    for view in &program.views {
        let origins = view.origins();
        for (id, block) in view.flow.blocks() {
            for read in reads(block) {
                let Some(field) = field(read.path) else { continue };
                let Some(origin) = origins.before(id, read.path).filter(|origin| !origin.many) else { continue };
                let known: Option<Vec<(String, BTreeSet<&str>)>> =
                    origin.blocks.iter().map(|by| fields(program, view, *by, report)).collect();
                let Some(known) = known.filter(|known| !known.is_empty()) else { continue };
                if known.iter().any(|(_, fields)| fields.contains(field)) {
                    continue;
                }
                let Some((name, fields)) = known.first() else { continue };
                let close = crate::diagnostics::closest(field, fields.iter().copied());
                let help = match close {
                    Some(close) => format!("did you mean `{close}`?"),
                    None if fields.is_empty() => "it gives nothing; read something else, or let its contract name what it gives".to_owned(),
                    None => format!("it gives {}", fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ")),
                };
                let mut finding = report
                    .finding(view, id, read.span, format!("`{name}` gives no `{field}`"))
                    .label("always empty")
                    .help(help)
                    .subject(read.path);
                let place = view.place_of(read.span, &format!(".{field}"));
                if let (Some(close), Some(dot)) = (close, place) {
                    let place = Span { start: dot.start + 1, ..dot };
                    finding = finding.fix(&format!("read `{close}`"), place, close, Safety::Unsafe);
                }
                report.push(finding);
            }
        }
    }
}

/// The first name behind the namespace.
fn field(path: &str) -> Option<&str> {
    let rest = ANSWERED.iter().chain([&RETURNED]).find_map(|prefix| path.strip_prefix(prefix))?;
    rest.split(['.', '[']).next().filter(|field| !field.is_empty())
}

/// What an invocation is called and gives, if that is known in full.
fn fields<'p>(
    program: &'p Program,
    view: &View,
    by: crate::flow::BlockId,
    report: &'p Report,
) -> Option<(String, BTreeSet<&'p str>)> {
    let block = view.flow.block(by)?;
    if let Some(name) = called(block) {
        let module = program.views.iter().find(|view| view.flow.is_module() && view.flow.name.value == name)?;
        let returns = &module.flow.contract()?.returns;
        return Some((name.to_owned(), returns.iter().map(|field| field.name.value.as_str()).collect()));
    }
    let name = named(block, ResourceKind::Lambda).next()?;
    let contract = report.config.contracts.get(name)?;
    Some((name.to_owned(), contract.fields()?))
}
