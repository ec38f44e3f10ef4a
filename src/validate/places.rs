//! Where an action may stand: types of flow, modules, channels.

use super::Report;
use super::words::form;
use crate::catalogue::{ActionSpec, Demand, FlowType, Modules, Variant, rules};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::breach::breach;
use crate::flow::{Block, Flow, Speech};

pub(super) fn check(flow: &Flow, block: &Block, report: &mut Report) {
    let Some(row) = block.action.row() else { return };
    match flow.flow_type() {
        Some(flow_type) => in_flow(flow, flow_type, row, block, report),
        None => in_module(flow, row, block, report),
    }
    let variant = block.variant().map_or(&[][..], |variant| variant.channels);
    let channels = if variant.is_empty() { row.channels } else { variant };
    let missing: Vec<&str> =
        flow.channels.iter().filter(|channel| !channels.contains(channel)).map(|channel| channel.word()).collect();
    if !missing.is_empty() {
        let works: Vec<&str> = channels.iter().map(|channel| channel.word()).collect();
        let said = block.said();
        report.push(
            Diagnostic::new(
                codes::CHANNEL,
                block.span,
                format!("{said} does not work for {}, which this flow is for", missing.join(" and ")),
            )
            .label(format!("works for {}", works.join(", ")))
            .also(flow.name.span, "this flow's channels are declared here")
            .help("leave the channel out of the flow's `for`, or give it a flow of its own; without `for`, nothing is assumed"),
        );
    }
}

fn in_flow(flow: &Flow, flow_type: FlowType, row: &'static ActionSpec, block: &Block, report: &mut Report) {
    let words = flow_type.words();
    if row.flow_types.modules == Modules::Only {
        let said = block.said();
        report.push(declared(
            flow,
            breach(row.rule(Demand::Place, &[]), codes::FLOW_TYPE, block.span, format!("{said} is for modules only"))
                .label(format!("in {} {words} flow", article(words)))
                .help(block.origin.speech().say(
                    "a flow ends with `disconnect`, `end` or a transfer",
                    "a flow disconnects, ends or transfers; if this is a module, create it as one",
                )),
        ));
        return;
    }
    let refused_variant = block.variant().filter(|variant| variant.refused_in.contains(&flow_type));
    if row.flow_types.refused.contains(&flow_type) || refused_variant.is_some() {
        let said = block.said();
        let form = refused_variant.map(|variant| form(block, variant)).unwrap_or_default();
        let message = format!("{} {words} flow refuses {said}{form}", article(words));
        report.push(declared(
            flow,
            breach(rules::REFUSED_PLACE, codes::FLOW_TYPE, block.span, message)
                .label("refused by the service")
                .help(refused_variant.map_or_else(|| places(row), |variant| other_form(row, variant, block))),
        ));
    } else if !row.flow_types.listed.contains(&flow_type) {
        let said = block.said();
        report.push(declared(
            flow,
            Diagnostic::new(
                codes::FLOW_TYPE_UNDOCUMENTED,
                block.span,
                format!("{said} is not documented for {} {words} flow", article(words)),
            )
            .label("may be refused, or take its error branch")
            .help(places(row)),
        ));
    }
}

fn in_module(flow: &Flow, row: &'static ActionSpec, block: &Block, report: &mut Report) {
    if row.flow_types.modules == Modules::Never {
        let said = block.said();
        report.push(declared(
            flow,
            Diagnostic::new(codes::FLOW_TYPE_UNDOCUMENTED, block.span, format!("{said} is not documented for modules"))
                .label("may be refused")
                .help(
                    block.origin.speech().say("a module ends with `return`", "a module ends by returning to the flow"),
                ),
        ));
    }
}

/// What to change where the service refuses only one form of an action.
fn other_form(row: &ActionSpec, variant: &Variant, block: &Block) -> String {
    let param = variant.when.first().map_or("its form", |when| when.param);
    let setting = row.sentences.iter().flat_map(|sentence| sentence.settings).find(|setting| setting.param == param);
    let word = setting.map_or(param, |setting| block.origin.speech().say(setting.word, param));
    format!("other forms of it are taken: change or leave out `{word}`")
}

fn places(row: &ActionSpec) -> String {
    let mut types: Vec<&str> = row.flow_types.listed.iter().map(|flow_type| flow_type.words()).collect();
    if row.flow_types.modules != Modules::Never {
        types.push("module");
    }
    format!("it belongs in: {}", types.join(", "))
}

fn article(words: &str) -> &'static str {
    if words.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// Adds where the flow says its type. A document does not say it.
fn declared(flow: &Flow, problem: Diagnostic) -> Diagnostic {
    match flow.speech() {
        Speech::Source => problem.also(flow.name.span, "declared here"),
        Speech::Document => problem,
    }
}
