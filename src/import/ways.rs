//! The ways out of blocks in the words of clauses.

use super::quote;
use super::units::{Default, Way, is_number, operand_text};
use crate::catalogue::{Literals, Need, Operand, Operator, OutletSpec, Variant};
use crate::flow::value::holds;
use crate::flow::{Block, BlockId, Condition, Flow, Outlet};
use crate::syntax::is_plain_word;

pub(super) fn exits_of(flow: &Flow, id: BlockId) -> impl Iterator<Item = (&Outlet, BlockId)> + Clone {
    flow.exits(id).iter().map(|exit| (&exit.outlet, exit.target))
}

/// The exits of a block but success, in order, as clauses begin.
pub(super) fn patterns(flow: &Flow, id: BlockId) -> Vec<String> {
    let Some(block) = flow.block(id) else { return Vec::new() };
    let given = exits_of(flow, id).filter(|(outlet, _)| **outlet != Outlet::Next);
    match block.variant() {
        Some(variant) => {
            let ways = ways(block, variant, given.clone(), &[]).into_iter();
            ways.take(given.count()).map(|way| way.pattern).collect()
        }
        None => given.map(|(outlet, _)| service_words(outlet).unwrap_or_default()).collect(),
    }
}

/// The exits of a block in the words of its clauses, and the branches that it could have and does not.
pub(super) fn ways<'f>(
    block: &Block,
    variant: &'static Variant,
    exits: impl Iterator<Item = (&'f Outlet, BlockId)>,
    aliases: &[(&'static str, &'static str)],
) -> Vec<Way> {
    let specs: Vec<&'static OutletSpec> =
        variant.outlets.iter().filter(|spec| spec.when.is_none_or(|when| holds(&when, &block.args))).collect();
    let word = |spec: &OutletSpec| aliases.iter().find(|alias| alias.1 == spec.word).map_or(spec.word, |alias| alias.0);
    let words: Vec<&str> = specs.iter().map(|spec| word(spec)).collect();
    let mut given = vec![false; specs.len()];
    let mut shares = 1;
    let mut ways = Vec::new();
    for (outlet, to) in exits {
        let is_condition = matches!(outlet, Outlet::Condition(_));
        let known = specs.iter().position(|spec| outlet.is(spec.exit));
        let (pattern, default) = match (known.and_then(|at| Some((at, *specs.get(at)?))), outlet) {
            (_, Outlet::Next) => continue,
            (Some((at, spec)), _) => {
                if let Some(slot) = given.get_mut(at) {
                    *slot = true;
                }
                (word(spec).to_owned(), default_of(spec.need))
            }
            (None, Outlet::Condition(condition)) => {
                let pattern = literal(condition, variant.literals, &words, &mut shares);
                (pattern.or_else(|| service_words(outlet)).unwrap_or_default(), Default::Absent)
            }
            (None, outlet) => (service_words(outlet).unwrap_or_default(), Default::Absent),
        };
        ways.push(Way { pattern, to: Some(to), default, is_condition });
    }
    for (spec, given) in specs.iter().zip(given) {
        let default = default_of(spec.need);
        if !given && default != Default::Absent {
            ways.push(Way { pattern: word(spec).to_owned(), to: None, default, is_condition: false });
        }
    }
    ways
}

fn default_of(need: Need) -> Default {
    match need {
        Need::Required => Default::Handled { required: true },
        Need::Optional => Default::Handled { required: false },
        Need::Continues => Default::After,
        Need::Explicit => Default::Explicit,
        Need::OnRequest => Default::Absent,
    }
}

/// A branch in the service's own words.
pub(super) fn service_words(outlet: &Outlet) -> Option<String> {
    Some(match outlet {
        Outlet::Next => return None,
        Outlet::Error(error) => format!("error {}", quote::literal(error)),
        Outlet::Condition(condition) => {
            let words = [format!("when {}", quote::name(&condition.operator))].into_iter();
            let operands = condition.operands.iter().map(|operand| quote::literal(operand));
            words.chain(operands).collect::<Vec<_>>().join(" ")
        }
    })
}

/// A condition as a clause has it, if the action's own conditions are like that.
fn literal(condition: &Condition, literals: Literals, words: &[&str], shares: &mut i64) -> Option<String> {
    let [operand] = condition.operands.as_slice() else { return None };
    let is_equal = condition.operator == Operator::Equals.name();
    match literals {
        Literals::None => None,
        Literals::Keys => {
            let mut chars = operand.chars();
            let key = chars.next().filter(|key| key.is_ascii_digit() || matches!(key, '*' | '#'))?;
            (is_equal && chars.next().is_none()).then(|| key.to_string())
        }
        Literals::Texts { .. } => {
            let is_word =
                is_plain_word(operand) && !words.contains(&operand.as_str()) && !RESERVED.contains(&operand.as_str());
            (is_equal && !operand.is_empty())
                .then(|| if is_word { operand.to_string() } else { quote::literal(operand) })
        }
        Literals::Comparisons { operators, operand: unit } => {
            let operator = Operator::from_name(&condition.operator).filter(|operator| operators.contains(operator))?;
            let operand = match unit {
                Operand::Text => operand_text(operand, operator)?,
                Operand::Number => Some(operand.to_string()).filter(|operand| is_number(operand))?,
                Operand::Milliseconds => milliseconds(operand)?,
            };
            if operator == Operator::Equals { Some(operand) } else { Some(format!("{} {operand}", operator.sign())) }
        }
        Literals::Percentages => {
            let limit: i64 = operand.parse().ok().filter(|_| condition.operator == Operator::NumberLessThan.name())?;
            let share = limit - *shares;
            (share > 0 && limit <= 100 && limit.to_string() == *operand).then(|| {
                *shares = limit;
                format!("{share}%")
            })
        }
    }
}

/// Words that mean something else at the beginning of a clause.
const RESERVED: [&str; 4] = ["next", "when", "error", "else"];

fn milliseconds(operand: &str) -> Option<String> {
    let total: u64 = operand.parse().ok().filter(|total: &u64| total.to_string() == operand)?;
    Some(match total {
        0 => "0ms".to_owned(),
        _ if total.is_multiple_of(3_600_000) => format!("{}h", total / 3_600_000),
        _ if total.is_multiple_of(60_000) => format!("{}m", total / 60_000),
        _ if total.is_multiple_of(1_000) => format!("{}s", total / 1_000),
        _ => format!("{total}ms"),
    })
}
