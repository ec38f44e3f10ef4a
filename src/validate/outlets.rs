//! Exits against variants: what the service requires, what it refuses, and what it can test.

use ecow::EcoString;

use super::Report;
use crate::catalogue::{Exit as Known, Literals, Next, Operator, OutletSpec, Variant};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::value::holds;
use crate::flow::{Block, BlockId, Condition, Exit, Flow, Outlet};

pub(super) fn check(flow: &Flow, id: BlockId, block: &Block, report: &mut Report) {
    let exits = flow.exits(id);
    twice(exits, report);
    let Some(variant) = block.variant() else {
        for exit in exits {
            if let Outlet::Condition(condition) = &exit.outlet {
                operands(condition, exit, report);
            }
        }
        return;
    };
    let outlets: Vec<&OutletSpec> =
        variant.outlets.iter().filter(|spec| spec.when.is_none_or(|when| holds(&when, &block.args))).collect();
    for exit in exits {
        match &exit.outlet {
            Outlet::Next => next(block, variant, exit, report),
            Outlet::Error(name) => error(block, variant, &outlets, name, exit, report),
            Outlet::Condition(condition) => {
                operands(condition, exit, report);
                tested(block, variant, &outlets, condition, exit, report);
            }
        }
    }
    required(block, &outlets, exits, report);
    if let (Literals::Keys | Literals::Comparisons { .. } | Literals::Percentages, false) =
        (variant.literals, exits.iter().any(|exit| matches!(exit.outlet, Outlet::Condition(_))))
    {
        let said = block.said();
        report.push(
            Diagnostic::new(codes::BAD_CONDITION, block.span, format!("{said} has nothing to choose between"))
                .label("only branches for the rest")
                .help("the service requires at least one condition: add a clause"),
        );
    }
}

fn twice(exits: &[Exit], report: &mut Report) {
    for (index, exit) in exits.iter().enumerate() {
        let before = exits.get(..index).unwrap_or_default().iter().find(|before| before.outlet == exit.outlet);
        if let Some(before) = before {
            report.push(
                Diagnostic::new(codes::DUPLICATE_BRANCH, exit.span, "this branch is given twice")
                    .label("again")
                    .also(before.span, "first given here")
                    .help("remove one of them"),
            );
        }
    }
}

fn next(block: &Block, variant: &Variant, exit: &Exit, report: &mut Report) {
    if variant.next == Next::Terminal {
        let said = block.said();
        report.push(
            Diagnostic::new(codes::REFUSED_BRANCH, exit.span, format!("{said} ends the flow, so nothing comes next"))
                .label("never taken")
                .help("remove the branch"),
        );
    }
}

fn error(block: &Block, variant: &Variant, outlets: &[&OutletSpec], name: &str, exit: &Exit, report: &mut Report) {
    if outlets.iter().any(|spec| spec.exit == Known::Error(known(name, outlets))) {
        return;
    }
    let said = block.said();
    let errors: Vec<&str> =
        outlets.iter().filter_map(|spec| if let Known::Error(name) = spec.exit { Some(name) } else { None }).collect();
    let variant = if variant.name.is_empty() { String::new() } else { format!(" as a {}", variant.name) };
    let help = if errors.is_empty() {
        "it takes no error branch at all: remove it".to_owned()
    } else {
        format!("it takes {}", errors.join(", "))
    };
    report.push(
        Diagnostic::new(
            codes::REFUSED_BRANCH,
            exit.span,
            format!("the service refuses the error branch `{name}` of {said}{variant}"),
        )
        .label("refused")
        .help(help),
    );
}

/// The catalogue's own spelling of an error, so that it can be compared.
fn known(name: &str, outlets: &[&OutletSpec]) -> &'static str {
    outlets
        .iter()
        .find_map(|spec| match spec.exit {
            Known::Error(known) if known == name => Some(known),
            _ => None,
        })
        .unwrap_or("")
}

/// One static, non-empty operand, and an operator that the service has.
fn operands(condition: &Condition, exit: &Exit, report: &mut Report) {
    let operator = &condition.operator;
    if Operator::from_name(operator).is_none() {
        report.push(
            Diagnostic::new(codes::BAD_CONDITION, exit.span, format!("the service has no operator `{operator}`"))
                .label("not known")
                .help(format!("the operators are {}", Operator::ALL.map(Operator::name).join(", ")))
                .suggest(operator, Operator::ALL.map(Operator::name)),
        );
    }
    match condition.operands.as_slice() {
        [one] if one.is_empty() => report.push(
            Diagnostic::new(codes::EMPTY_TEXT, exit.span, "the service cannot compare with an empty text")
                .label("empty")
                .help("there is no test for something that is not set: let its producer write a word such as \"none\""),
        ),
        [_] => {}
        several => {
            let count = several.len();
            report.push(
                Diagnostic::new(codes::BAD_CONDITION, exit.span, format!("a condition has one operand, not {count}"))
                    .label("not one operand")
                    .help("write one clause per value"),
            );
        }
    }
}

fn tested(
    block: &Block,
    variant: &Variant,
    outlets: &[&OutletSpec],
    condition: &Condition,
    exit: &Exit,
    report: &mut Report,
) {
    let operand = condition.operands.first().map(EcoString::as_str).unwrap_or_default();
    let operator = Operator::from_name(&condition.operator);
    let listed = outlets.iter().any(|spec| match spec.exit {
        Known::Condition(known, text) => Some(known) == operator && text == operand,
        Known::Error(_) => false,
    });
    let fits = match variant.literals {
        Literals::None => false,
        Literals::Keys => operator == Some(Operator::Equals) && operand.len() == 1,
        Literals::Texts { .. } => operator == Some(Operator::Equals),
        Literals::Comparisons { operators, .. } => operator.is_none_or(|operator| operators.contains(&operator)),
        Literals::Percentages => operator == Some(Operator::NumberLessThan),
    };
    if !listed && !fits {
        let said = block.said();
        report.push(
            Diagnostic::new(
                codes::REFUSED_BRANCH,
                exit.span,
                format!("the service refuses the condition `{} \"{operand}\"` of {said}", condition.operator),
            )
            .label("refused")
            .help(words(outlets)),
        );
    }
}

fn words(outlets: &[&OutletSpec]) -> String {
    let words: Vec<String> = outlets.iter().map(|spec| format!("`{}`", spec.word)).collect();
    if words.is_empty() { "it takes no branches".to_owned() } else { format!("it takes {}", words.join(", ")) }
}

fn required(block: &Block, outlets: &[&OutletSpec], exits: &[Exit], report: &mut Report) {
    let has = |spec: &OutletSpec| {
        exits.iter().any(|exit| match (&exit.outlet, spec.exit) {
            (Outlet::Error(name), Known::Error(known)) => name == known,
            (Outlet::Condition(condition), Known::Condition(operator, operand)) => {
                condition.operator == operator.name() && condition.operands.as_slice() == [operand]
            }
            _ => false,
        })
    };
    let missing: Vec<&str> =
        outlets.iter().filter(|spec| spec.need.is_required() && !has(spec)).map(|spec| spec.word).collect();
    if !missing.is_empty() {
        let said = block.said();
        let list: Vec<String> = missing.iter().map(|word| format!("`{word}`")).collect();
        report.push(
            Diagnostic::new(
                codes::MISSING_BRANCH,
                block.span,
                format!("the service requires {} of {said}", list.join(", ")),
            )
            .label("a branch is missing")
            .help(format!("add `{} -> ..` to its clauses", missing.join(", "))),
        );
    }
}
