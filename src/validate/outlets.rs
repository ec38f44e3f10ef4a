//! Exits against variants: what the service requires, what it refuses, and what it can test.

use ecow::EcoString;

use super::Report;
use super::words::{branches, condition, connecting, form, outlet};
use crate::catalogue::{Demand, Exit as Known, FlowType, Literals, Next, Operator, OutletSpec, Rule, Variant, rules};
use crate::diagnostics::{closest, codes, listed};
use crate::flow::breach::{answer, breach};
use crate::flow::value::{holds, is_template};
use crate::flow::{Block, BlockId, Condition, Exit, Flow, Outlet};

pub(super) fn check(flow: &Flow, id: BlockId, block: &Block, report: &mut Report) {
    let exits = flow.exits(id);
    twice(block, exits, report);
    let Some(variant) = block.variant() else {
        for exit in exits {
            if let Outlet::Condition(condition) = &exit.outlet {
                operands(flow, block, condition, exit, report);
            }
        }
        return;
    };
    let outlets: Vec<&OutletSpec> =
        variant.outlets.iter().filter(|spec| spec.when.is_none_or(|when| holds(&when, &block.args))).collect();
    if variant.next == Next::Terminal {
        for exit in exits {
            ended(block, exit, report);
        }
        return;
    }
    for exit in exits {
        match &exit.outlet {
            Outlet::Next => {}
            Outlet::Error(name) => error(block, variant, &outlets, name, exit, report),
            Outlet::Condition(condition) => {
                operands(flow, block, condition, exit, report);
                tested(block, variant, &outlets, condition, exit, report);
            }
        }
    }
    required(block, &outlets, exits, report);
    if let (Literals::Comparisons { .. } | Literals::Percentages, false) =
        (variant.literals, exits.iter().any(|exit| matches!(exit.outlet, Outlet::Condition(_))))
    {
        let said = block.said();
        report.push(
            breach(
                rules::SOME_CONDITION,
                codes::BAD_CONDITION,
                block.span,
                format!("{said} has nothing to choose between"),
            )
            .label("only branches for the rest")
            .path(block.origin.document().map(|action| action.path.key("Transitions").key("Conditions")))
            .help(block.origin.speech().say(
                "the service requires at least one condition: add a clause",
                "the service requires at least one condition: add one to `Transitions.Conditions`",
            )),
        );
    }
}

fn twice(block: &Block, exits: &[Exit], report: &mut Report) {
    for (index, exit) in exits.iter().enumerate() {
        let before = exits.get(..index).unwrap_or_default().iter().find(|before| before.outlet == exit.outlet);
        if let Some(before) = before {
            report.push(
                // Of two conditions the first wins; an error can be there once.
                breach(
                    if matches!(exit.outlet, Outlet::Condition(_)) { rules::CONDITION_ONCE } else { rules::ERROR_ONCE },
                    codes::DUPLICATE_BRANCH,
                    exit.span,
                    format!("this branch of {} is given twice", block.said()),
                )
                .label("again")
                .also(before.span, "first given here")
                .help("remove one of them"),
            );
        }
    }
}

fn ended(block: &Block, exit: &Exit, report: &mut Report) {
    let said = block.said();
    let message = format!("{said} ends the flow, so nothing comes next");
    report.push(
        breach(rules::TERMINAL, codes::REFUSED_BRANCH, exit.span, message)
            .label("never taken, and refused by the service")
            .help("remove the branch"),
    );
}

fn error(block: &Block, variant: &Variant, outlets: &[&OutletSpec], name: &str, exit: &Exit, report: &mut Report) {
    if outlets.iter().any(|spec| spec.exit == Known::Error(known(name, outlets))) {
        return;
    }
    let said = block.said();
    let rule = unknown_error(block, variant, name);
    let errors: Vec<&str> =
        outlets.iter().filter_map(|spec| if let Known::Error(name) = spec.exit { Some(name) } else { None }).collect();
    // A branch that is there in another form of the same action says what it waits for.
    let elsewhere = outlet_by_error(variant, name);
    let waits_for = elsewhere.and_then(|spec| spec.when).and_then(|when| condition(block, when));
    let form = form(block, variant);
    let help = if let Some(when) = &waits_for {
        format!("it comes only {when}: remove the branch, or add what it waits for")
    } else if errors.is_empty() {
        "it takes no error branch, as far as is known: remove it".to_owned()
    } else {
        format!("it takes {}", listed(&errors))
    };
    let message = if rule.is_error() {
        format!("the service refuses the error branch `{name}` of {said}{form}")
    } else if waits_for.is_some() {
        let word = elsewhere.map_or(name.to_owned(), |spec| outlet(block, spec));
        format!("the branch `{word}` of {said} is never taken as it is here")
    } else {
        format!("the error branch `{name}` is not known of {said}{form}")
    };
    report.push(
        breach(rule, codes::REFUSED_BRANCH, exit.span, message)
            .label(answer(rule))
            .help(help)
            .suggest(name, errors.iter().copied()),
    );
}

/// The rule about an error branch that the variant does not have.
fn unknown_error(block: &Block, variant: &Variant, name: &str) -> Rule {
    if variant.refused_errors.contains(&name) {
        return rules::REFUSED_ERROR;
    }
    match (block.action.row(), outlet_by_error(variant, name)) {
        (Some(row), Some(spec)) => row.rule(Demand::Applicability, spec.rests),
        _ => rules::ERRORS,
    }
}

/// The outlet of a variant that has this error, whether or not it is there as the block is.
fn outlet_by_error(variant: &Variant, name: &str) -> Option<&'static OutletSpec> {
    variant.outlets.iter().find(|spec| matches!(spec.exit, Known::Error(known) if known == name))
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
fn operands(flow: &Flow, block: &Block, condition: &Condition, exit: &Exit, report: &mut Report) {
    let operator = &condition.operator;
    if flow.flow_type() == Some(FlowType::Campaign) && **operator == *rules::CAMPAIGN_OPERATOR {
        return;
    }
    if Operator::from_name(operator).is_none() {
        let said = block.said();
        let is_refused = rules::REFUSED_OPERATORS.contains(&&**operator);
        let rule = if is_refused { rules::REFUSED_OPERATOR } else { rules::OPERATORS };
        let message = if is_refused {
            format!("the service refuses the operator `{operator}` of {said}")
        } else {
            format!("the operator `{operator}` of {said} is not known")
        };
        let known = Operator::ALL.map(Operator::name);
        let help = match closest(operator, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the operators are {}", listed(&known)),
        };
        report.push(breach(rule, codes::BAD_CONDITION, exit.span, message).label(answer(rule)).help(help));
    }
    match condition.operands.as_slice() {
        [one] if one.is_empty() => report.push(
            breach(
                rules::EMPTY_OPERAND,
                codes::EMPTY_TEXT,
                exit.span,
                format!("{} compares with an empty text, and the service cannot", block.said()),
            )
            .label("empty")
            .help("there is no test for something that is not set: let its producer write a word such as \"none\""),
        ),
        [_] => {}
        several => {
            let (count, said) = (several.len(), block.said());
            report.push(
                breach(
                    rules::OPERANDS,
                    codes::BAD_CONDITION,
                    exit.span,
                    format!("a condition has one operand, and this one of {said} has {count}"),
                )
                .label("not one operand")
                .help(block.origin.speech().say("write one clause per value", "write one condition per value")),
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
    let is_listed = outlets.iter().any(|spec| match spec.exit {
        Known::Condition(known, text) => Some(known) == operator && text == operand,
        Known::Error(_) => false,
    });
    let fits = match variant.literals {
        Literals::None => false,
        Literals::Keys => operator == Some(Operator::Equals) && (operand.len() == 1 || is_template(operand)),
        Literals::Texts { .. } => operator == Some(Operator::Equals),
        Literals::Comparisons { operators, .. } => operator.is_none_or(|operator| operators.contains(&operator)),
        Literals::Percentages => operator == Some(Operator::NumberLessThan),
    };
    if !is_listed && !fits {
        let said = block.said();
        let rule = if variant.refuses_conditions { rules::REFUSED_CONDITIONS } else { rules::CONDITIONS };
        let shown = format!("`{} \"{operand}\"`", condition.operator);
        let message = if rule.is_error() {
            format!("the service refuses the condition {shown} of {said}")
        } else {
            format!("the condition {shown} is not known of {said}")
        };
        report.push(
            breach(rule, codes::REFUSED_BRANCH, exit.span, message)
                .label(answer(rule))
                .help(takes(block, variant, outlets)),
        );
    }
}

/// What an action can test, and its other branches.
fn takes(block: &Block, variant: &Variant, outlets: &[&OutletSpec]) -> String {
    let speech = block.origin.speech();
    let tested = match variant.literals {
        Literals::None => None,
        Literals::Keys => Some(speech.say("telephone keys", "`Equals` with one telephone key")),
        Literals::Texts { .. } => Some(speech.say("texts", "`Equals` with a text")),
        Literals::Comparisons { .. } => Some("comparisons"),
        Literals::Percentages => Some(speech.say("percentages", "`NumberLessThan` with a percentage")),
    };
    let words: Vec<String> = outlets.iter().map(|spec| outlet(block, spec)).collect();
    match (tested, words.as_slice()) {
        (None, []) => "it takes no branches".to_owned(),
        (None, words) => format!("it takes {}", listed(words)),
        (Some(tested), []) => format!("it takes {tested}"),
        (Some(tested), words) => format!("it takes {tested}, and {}", listed(words)),
    }
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
    let Some(row) = block.action.row() else { return };
    let missing = outlets.iter().filter(|spec| spec.is_required() && !has(spec));
    let missing = missing.map(|spec| (*spec, row.rule(Demand::RequiredBranch, spec.rests)));
    let (refused, doubted): (Vec<_>, Vec<_>) = missing.partition(|(_, rule)| rule.is_error());
    for missing in [refused, doubted] {
        let Some((first, rule)) = missing.first().copied() else { continue };
        let missing: Vec<&OutletSpec> = missing.into_iter().map(|(spec, _)| spec).collect();
        let said = block.said();
        let words: Vec<String> = missing.iter().map(|spec| outlet(block, spec)).collect();
        let branches_of = if missing.len() == 1 { "the branch" } else { "the branches" };
        let requires = if rule.is_error() { "requires" } else { "is said to require" };
        let when =
            first.when.and_then(|when| condition(block, when)).map(|when| format!(" {when}")).unwrap_or_default();
        let message = format!("the service {requires} {branches_of} {} of {said}{when}", listed(&words));
        report.push(
            breach(rule, codes::MISSING_BRANCH, block.span, message)
                .label("a branch is missing")
                .path(branches(block, first))
                .help(connecting(block, &missing)),
        );
    }
}
