//! Branches of old blocks: one list of words, which today are the way on, conditions and errors.

use crate::catalogue::old::{COMMON_BRANCHES, OPERATORS, OldBranch, OldExit};
use crate::catalogue::{ActionSpec, Exit, Literals, Next, Operator};
use crate::intake::tree;
use crate::json::{Json, Node};

use super::{Block, Converter, renamed, scalar};

/// Where the branches of a block go.
#[derive(Default)]
struct Ways {
    next: Option<Json>,
    conditions: Vec<Json>,
    errors: Vec<Json>,
    /// The same by exit: operator and operand, or the error's name alone.
    targets: Vec<(Option<&'static str>, String, Json)>,
    /// What earlier branches of a distribution have taken of the hundred.
    taken: u32,
}

impl Converter<'_> {
    pub(super) fn transitions(&mut self, block: &mut Block) -> Json {
        let json = block.json;
        let place = json.get("branches").map_or(block.span, |list| list.span);
        let branches = json.get("branches").and_then(Json::as_list).unwrap_or_default();
        if branches.is_empty() && block.action.is_some_and(ActionSpec::is_terminal) {
            return tree::object(Vec::new(), place);
        }
        let mut ways = Ways::default();
        for branch in branches {
            self.branch(block, branch, &mut ways);
        }
        let next = ways.next.take().or_else(|| copied(block, &ways));
        let mut members: Vec<_> = next.map(|next| tree::member("NextAction", next)).into_iter().collect();
        members.push(tree::member("Errors", tree::list(ways.errors, place)));
        members.push(tree::member("Conditions", tree::list(ways.conditions, place)));
        tree::object(members, place)
    }

    fn branch(&mut self, block: &mut Block, json: &Json, ways: &mut Ways) {
        let target = json.get("transition").cloned().unwrap_or(Json { node: Node::Null, span: json.span });
        let condition = json.get("condition");
        let word = condition.and_then(Json::as_text).unwrap_or_default();
        let span = condition.map_or(json.span, |condition| condition.span);
        let row = block.row.and_then(|row| find(row.branches, word)).or_else(|| find(COMMON_BRANCHES, word));
        for said in row.map_or(&[][..], |row| row.says) {
            let has = block.parameters.get(said.0).is_some();
            if !has {
                block.say(*said, span);
            }
        }
        let Some(becomes) = row.map(|row| row.becomes) else {
            if block.row.is_some() {
                self.no_counterpart(span, &format!("`{word}` branches of `{}` blocks", block.called()));
            }
            return ways.error(json, word, target);
        };
        match becomes {
            OldExit::Next => ways.next = Some(target),
            OldExit::Is(Exit::Error(name)) => ways.error(json, name, target),
            OldExit::Is(Exit::Condition(operator, operand)) => {
                ways.condition(json, operator.name(), tree::text(operand, span), target);
            }
            OldExit::Evaluate => self.evaluated(block, json, ways, target),
        }
    }

    fn evaluated(&mut self, block: &Block, json: &Json, ways: &mut Ways, target: Json) {
        let value = json.get("conditionValue");
        let span = value.map_or(json.span, |value| value.span);
        let text = value.and_then(scalar).unwrap_or_default();
        let is_share = block
            .action
            .is_some_and(|action| action.variants.iter().any(|variant| variant.literals == Literals::Percentages));
        if is_share && let Ok(share) = text.parse::<u32>() {
            // A share of its own then, today a bound that the drawn number must stay below.
            ways.taken = ways.taken.saturating_add(share);
            let bound = ways.taken.saturating_add(1).to_string();
            return ways.condition(json, Operator::NumberLessThan.name(), tree::text(bound, span), target);
        }
        let word = json.text("conditionType").unwrap_or("Equals");
        let operator = OPERATORS.iter().find(|row| row.0 == word).map(|row| row.1.name());
        if operator.is_none() {
            let span = json.get("conditionType").map_or(json.span, |kind| kind.span);
            self.no_counterpart(span, &format!("conditions with the operator `{word}`"));
        }
        match operator {
            Some(operator) => ways.condition(json, operator, tree::text(text, span), target),
            None => ways.conditions.push(condition(json, word, tree::text(text, span), target)),
        }
    }
}

impl Ways {
    fn error(&mut self, json: &Json, name: &str, target: Json) {
        let span = json.get("condition").map_or(json.span, |condition| condition.span);
        self.targets.push((None, name.to_owned(), target.clone()));
        let members =
            vec![renamed(json, "transition", "NextAction", target), tree::member("ErrorType", tree::text(name, span))];
        self.errors.push(tree::object(members, json.span));
    }

    fn condition(&mut self, json: &Json, operator: &'static str, operand: Json, target: Json) {
        let value = operand.as_text().unwrap_or_default().to_owned();
        self.targets.push((Some(operator), value, target.clone()));
        self.conditions.push(condition(json, operator, operand, target));
    }
}

fn condition(json: &Json, operator: &str, operand: Json, target: Json) -> Json {
    let span = json.get("conditionType").or(json.get("condition")).map_or(json.span, |kind| kind.span);
    let place = operand.span;
    let members = vec![
        tree::member("Operator", tree::text(operator, span)),
        tree::member("Operands", tree::list(vec![operand], place)),
    ];
    tree::object(
        vec![
            renamed(json, "transition", "NextAction", target),
            tree::member("Condition", tree::object(members, json.span)),
        ],
        json.span,
    )
}

fn find(rows: &'static [OldBranch], word: &str) -> Option<&'static OldBranch> {
    rows.iter().find(|row| row.word == word)
}

/// The target that today's document repeats where an action has no way on: that of the exit which the console copies.
fn copied(block: &Block, ways: &Ways) -> Option<Json> {
    block.action?.variants.iter().find_map(|variant| {
        let Next::Copies(exit) = variant.next else { return None };
        let (operator, name) = match exit {
            Exit::Error(name) => (None, name),
            Exit::Condition(operator, operand) => (Some(operator.name()), operand),
        };
        let target = ways.targets.iter().find(|target| target.0 == operator && target.1 == name);
        target.map(|target| target.2.clone())
    })
}
