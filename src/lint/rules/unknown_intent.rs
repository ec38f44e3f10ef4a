//! `unknown-intent`: a branch for an intent that the bot does not have.

use crate::catalogue::ResourceKind;
use crate::diagnostics::{Safety, closest};
use crate::flow::{Block, BlockId, Outlet};
use crate::lint::analysis::{View, compared, named};
use crate::lint::{Bot, Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// Where the name of the intent is read.
const INTENT: &str = "$.Lex.IntentName";
/// More intents than these nobody reads in a message.
const SHOWN_MAX: usize = 6;

fn check(view: &View, report: &mut Report) {
    let config = report.config;
    for (id, block) in view.flow.blocks() {
        let asked = |block: &Block| -> Option<(String, &Bot)> {
            let name = named(block, ResourceKind::Bot).next()?;
            Some((name.to_owned(), config.bots.get(name)?))
        };
        let bots: Vec<(String, &Bot)> = match asked(block) {
            Some(bot) => vec![bot],
            None if compared(block) == Some(INTENT) => {
                let answered = |by: &BlockId| asked(view.flow.block(*by)?);
                let origin = view.origins().before(id, INTENT).filter(|origin| !origin.many && !origin.other);
                let bots: Option<Vec<(String, &Bot)>> = origin.and_then(|origin| origin.blocks.iter().map(answered).collect());
                bots.unwrap_or_default()
            }
            None => continue,
        };
        let Some((name, _)) = bots.first() else { continue };
        for exit in view.flow.exits(id) {
            let Outlet::Condition(condition) = &exit.outlet else { continue };
            let Some(intent) = condition.operands.first().filter(|_| is_equality(condition)) else { continue };
            if intent.contains("$.") || bots.iter().any(|(_, bot)| bot.has(intent)) {
                continue;
            }
            let known: Vec<&str> = bots.iter().flat_map(|(_, bot)| bot.intents.keys().map(String::as_str)).collect();
            let close = closest(intent, known.iter().copied());
            let mut finding = report
                .finding(view, id, exit.span, format!("the bot `{name}` has no intent `{intent}`"))
                .label("no answer leads on from this branch")
                .help(close.map_or_else(|| has(&known), |close| format!("did you mean `{close}`?")))
                .subject(intent.as_str());
            if let (Some(close), Some(place)) = (close, view.place_of(exit.span, intent)) {
                finding = finding.fix(&format!("compare with `{close}`"), place, close, Safety::Unsafe);
            }
            report.push(finding);
        }
    }
}

fn is_equality(condition: &crate::flow::Condition) -> bool {
    condition.operator == crate::catalogue::Operator::Equals.name()
}

fn has(known: &[&str]) -> String {
    let shown: Vec<String> = known.iter().take(SHOWN_MAX).map(|intent| format!("`{intent}`")).collect();
    let more = if known.len() > SHOWN_MAX { " and others" } else { "" };
    if shown.is_empty() {
        return "its file names no intent; name them there, or remove the branch".to_owned();
    }
    format!("it has {}{more}; name one of them, or add it to the bot and its file", shown.join(", "))
}
