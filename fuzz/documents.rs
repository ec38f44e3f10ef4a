//! Documents out of bytes: any bytes give one, the same ones give the same one, and few bytes give a small one. Blocks are
//! rows of the catalogue with parameters of their kinds, or none that anybody knows; branches lead anywhere among them.
//! What no export has, such as a number where a text belongs, comes up now and then.

use flowc::catalogue::{self, ActionSpec, Exit, Kind, Literals, Next, Operator, Param};
use serde_json::{Map, Value, json};

/// Bytes to choose by. When there are none left, every choice is the first.
struct Choices<'b>(std::slice::Iter<'b, u8>);

impl Choices<'_> {
    fn below(&mut self, sides: usize) -> usize {
        let high = if sides > 256 { self.byte() } else { 0 };
        (high * 256 + self.byte()) % sides.max(1)
    }

    fn byte(&mut self) -> usize {
        self.0.next().copied().map_or(0, usize::from)
    }

    /// True about once in so many times, and never without bytes.
    fn seldom(&mut self, once_in: usize) -> bool {
        self.below(once_in) == once_in - 1
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// The most blocks of a document: more take long and find nothing else.
const BLOCKS_MAX: usize = 24;

/// A document.
pub fn document(bytes: &[u8]) -> Value {
    let mut choices = Choices(bytes.iter());
    let count = 1 + choices.below(BLOCKS_MAX);
    let identifiers: Vec<String> = (0..count).map(|index| identifier(&mut choices, index)).collect();
    let mut blocks: Vec<Value> = Vec::with_capacity(count);
    for own in &identifiers {
        let block = block(&mut choices, own, &identifiers);
        blocks.push(block);
    }
    let start = identifiers[if choices.seldom(8) { choices.below(count) } else { 0 }].clone();
    let mut document = json!({ "Version": "2019-10-30", "StartAction": start, "Actions": blocks });
    if let Some(metadata) = metadata(&mut choices, &identifiers) {
        document["Metadata"] = metadata;
    }
    if choices.seldom(6) {
        document["Settings"] = json!({ "InputParameters": [], "OutputParameters": [], "Transitions": [] });
    }
    document
}

fn identifier(choices: &mut Choices, index: usize) -> String {
    match choices.below(4) {
        0 => format!("00000000-0000-4000-8000-{index:012}"),
        1 => format!("block-{index}"),
        2 => format!("Say \"{index}\" twice"),
        _ => format!("é\\{index}"),
    }
}

fn block(choices: &mut Choices, own: &str, all: &[String]) -> Value {
    let rows: Vec<&ActionSpec> = catalogue::all().collect();
    let number = choices.below(rows.len() + 4);
    let mut block = json!({ "Identifier": own });
    match rows.get(number) {
        Some(row) => {
            block["Type"] = row.name.into();
            block["Parameters"] = Value::Object(object(choices, row.params, 0));
            block["Transitions"] = transitions(choices, Some(row), all);
        }
        None => {
            block["Type"] = choices.pick(&["Teleport", "do", "Über-Block", "x"]).into();
            block["Parameters"] = odd(choices, 0);
            if !block["Parameters"].is_object() {
                block["Parameters"] = json!({});
            }
            block["Transitions"] = transitions(choices, None, all);
        }
    }
    match choices.below(40) {
        37 => block["Parameters"] = Value::Null,
        38 => drop(block.as_object_mut().and_then(|block| block.shift_remove("Parameters"))),
        39 => drop(block.as_object_mut().and_then(|block| block.shift_remove("Transitions"))),
        _ => {}
    }
    block
}

// ---- parameters ---------------------------------------------------------------------------------------------------

/// As deep as parameters go inside one another.
const DEPTH_MAX: usize = 5;

fn object(choices: &mut Choices, params: &[Param], depth: usize) -> Map<String, Value> {
    let mut object = Map::new();
    for param in params {
        // Groups exclude one another mostly, and optional ones are mostly not there.
        if param.required && param.group.name().is_none() || choices.below(3) == 2 {
            object.insert(param.name.to_owned(), value(choices, &param.kind, depth));
        }
    }
    if choices.seldom(24) {
        let name = choices.pick(&["Unheard", "of it", "", "Text", "a.b", "$"]);
        object.insert(name.to_owned(), odd(choices, depth));
    }
    object
}

fn value(choices: &mut Choices, kind: &Kind, depth: usize) -> Value {
    if choices.seldom(24) {
        return odd(choices, depth);
    }
    match kind {
        _ if depth > DEPTH_MAX => "deep".into(),
        Kind::Object(params) | Kind::Tagged { params, .. } => Value::Object(object(choices, params, depth + 1)),
        Kind::Pairs(params) => {
            let count = choices.below(3);
            Value::Array((0..count).map(|_| Value::Object(object(choices, params, depth + 1))).collect())
        }
        Kind::List(kind) => {
            let count = choices.below(3);
            Value::Array((0..count).map(|_| value(choices, kind, depth + 1)).collect())
        }
        Kind::Map { value: kind, .. } => {
            let count = choices.below(3);
            let mut map = Map::new();
            for _ in 0..count {
                let key = choices.pick(&["tier", "a b", "é", "step", "x.y", "1", "Default"]);
                map.insert(key.to_owned(), value(choices, kind, depth + 1));
            }
            Value::Object(map)
        }
        Kind::Choices(words) => {
            let count = choices.below(3);
            Value::Array((0..count).map(|_| words[choices.below(words.len())].1.into()).collect())
        }
        Kind::Flag => Value::Bool(choices.seldom(2)),
        Kind::Amount { min, max } => json!(number(choices, *min, *max)),
        Kind::Json => odd(choices, depth),
        Kind::Text { .. } => text(choices),
        kind => scalar(choices, kind),
    }
}

/// Scalars that the document holds as strings.
fn scalar(choices: &mut Choices, kind: &Kind) -> Value {
    if choices.seldom(8) {
        return choices.pick(PATHS).into();
    }
    match kind {
        Kind::Number { min, max, .. } | Kind::Duration { min, max, .. } => {
            number(choices, *min, *max).to_string().into()
        }
        Kind::Switch { yes, no } => choices.pick(&[*yes, *no]).into(),
        Kind::Choice(words) => words[choices.below(words.len())].1.into(),
        Kind::Keys { .. } => choices.pick(&["#", "*", "12", "#*", ""]).into(),
        Kind::Phone => choices.pick(&["+12065550100", "+442079460000", "12065550100"]).into(),
        Kind::Resource(_) => choices
            .pick(&[
                "arn:aws:connect:us-east-1:111122223333:instance/00000000-0000-4000-8000-000000000000/queue/\
                 11111111-1111-4111-8111-111111111111",
                "arn:aws:lambda:us-east-1:111122223333:function:find-it",
                "arn:aws:lambda:us-east-1:111122223333:function:find-it:live",
                "11111111-1111-4111-8111-111111111111",
                "${queue:Sales}",
                "${queue:Sales}/agent",
                "{{SalesQueueArn}}",
                "<<queue>>",
                "%%QUEUE%%",
                "",
                "Sales",
            ])
            .into(),
        _ => choices.pick(&["Joanna", "en-US", "two words", "", "Neural"]).into(),
    }
}

fn number(choices: &mut Choices, min: i64, max: i64) -> i64 {
    match choices.below(6) {
        0 => min.max(0),
        1 => max.min(1 << 40),
        2 => max.saturating_add(1),
        3 => min.saturating_sub(1),
        _ => min.max(0).saturating_add(i64::try_from(choices.below(300)).unwrap_or(0)).min(max),
    }
}

const PATHS: &[&str] = &[
    "$.Attributes.tier",
    "$.External.x",
    "$.StoredCustomerInput",
    "$.Queue.ARN",
    "$.Attributes['a b']",
    "$.Nowhere",
    "$['Attributes']['x']",
    "$.Lex.Slots.a",
    "$.Modules.Input.a",
    "$.FlowAttributes.a",
    "$",
    "$.",
    "$..x",
];

const TEXTS: &[&str] = &[
    "Welcome.",
    "",
    "Hello, $.Attributes.name.",
    "It costs $5, $x, and $.50.",
    "\"quoted\" \\ back\\n",
    "two\nlines",
    "  spaces around  ",
    "\n\nends\n",
    "\"\"\"",
    "<speak>Hello <break time=\"1s\"/></speak>",
    "${prompt:Welcome}",
    "${env}",
    "{{name}} and %%name%% and <<name>>",
    "// no comment",
    "tab\there, bell\u{7}, null\u{0}, line\u{2028}separator, \u{feff}mark, \u{200b}",
    "carriage\r\nreturn\r",
    "$",
    "\\$x",
    "é 🎉 中文",
    "$.External.a$.External.b",
    "step a {",
    "A long text that goes on and on, so that nobody would like to have it on one line: it says what it says, and then it \
     says the same again, until everybody has heard it and nobody listens any more.",
];

fn text(choices: &mut Choices) -> Value {
    if !choices.seldom(6) {
        return choices.pick(TEXTS).into();
    }
    let count = 1 + choices.below(6);
    let text: String = (0..count)
        .map(|_| choices.pick(&["$", ".", "\\", "\"", "{", "}", "\n", "a", " ", "$.Attributes.b", "é", "#"]))
        .collect();
    text.into()
}

/// Any JSON.
fn odd(choices: &mut Choices, depth: usize) -> Value {
    let most = if depth > DEPTH_MAX { 8 } else { 11 };
    match choices.below(most) {
        0 => text(choices),
        1 => Value::Null,
        2 => Value::Bool(choices.seldom(2)),
        3 => json!(choices.below(1000)),
        4 => json!(-1.5e-7),
        5 => json!(u64::MAX),
        6 => choices.pick(&["true", "True", "FALSE", "5", "05", "5.0", " 5", "1e3"]).into(),
        7 => choices.pick(PATHS).into(),
        8 => {
            let count = choices.below(3);
            Value::Array((0..count).map(|_| odd(choices, depth + 1)).collect())
        }
        _ => {
            let count = choices.below(3);
            let mut map = Map::new();
            for _ in 0..count {
                let key = choices.pick(&["a", "A b", "", "\"", "$.x", "5", "é", "true"]);
                map.insert(key.to_owned(), odd(choices, depth + 1));
            }
            Value::Object(map)
        }
    }
}

// ---- transitions --------------------------------------------------------------------------------------------------

fn transitions(choices: &mut Choices, row: Option<&ActionSpec>, all: &[String]) -> Value {
    let variant = row.map(|row| &row.variants[choices.below(row.variants.len())]);
    let next = variant.map_or(Next::Continues, |variant| variant.next);
    let mut conditions: Vec<Value> = Vec::new();
    let mut errors: Vec<Value> = Vec::new();
    let condition = |operator: &str, operands: Value, target: &str| json!({ "NextAction": target, "Condition": { "Operator": operator, "Operands": operands } });
    for outlet in variant.map_or(&[][..], |variant| variant.outlets) {
        // Mostly the first half of what there may be, so that complete blocks come up.
        if choices.seldom(5) {
            continue;
        }
        let target = target(choices, all);
        match outlet.exit {
            Exit::Error(error) => errors.push(json!({ "NextAction": target, "ErrorType": error })),
            Exit::Condition(operator, operand) => {
                conditions.push(condition(operator.name(), json!([operand]), &target));
            }
        }
    }
    let literals = variant.map_or(Literals::None, |variant| variant.literals);
    let count = if matches!(literals, Literals::None) && !choices.seldom(16) { 0 } else { choices.below(4) };
    for _ in 0..count {
        let target = target(choices, all);
        let operator = match literals {
            Literals::Comparisons { operators, .. } => operators[choices.below(operators.len())],
            Literals::Percentages => Operator::NumberLessThan,
            _ => Operator::Equals,
        };
        let operand: Value = match literals {
            Literals::Keys => choices.pick(&["1", "2", "*", "#", "12"]).into(),
            Literals::Percentages => choices.pick(&["10", "30", "100", "0", "x"]).into(),
            _ if operator.is_numeric() => choices.pick(&["5", "-1", "2.5", "60000", "0"]).into(),
            _ => text(choices),
        };
        let operands = match choices.below(24) {
            21 => json!([]),
            22 => json!([operand, "two"]),
            23 => json!(choices.below(9)),
            _ => json!([operand]),
        };
        let operator = if choices.seldom(24) { "Resembles" } else { operator.name() };
        conditions.push(condition(operator, operands, &target));
    }
    if choices.seldom(12) {
        let error = choices.pick(&["NoMatchingError", "NoMatchingCondition", "Weather", "", "error", "two words"]);
        errors.push(json!({ "NextAction": target(choices, all), "ErrorType": error }));
    }
    let mut transitions = Map::new();
    let with_next = match next {
        Next::Continues | Next::Copies(_) => !choices.seldom(16),
        Next::Absent | Next::Terminal => choices.seldom(8),
    };
    if with_next {
        transitions.insert("NextAction".to_owned(), target(choices, all).into());
    }
    for (name, list) in [("Conditions", conditions), ("Errors", errors)] {
        if !list.is_empty() || !choices.seldom(4) {
            transitions.insert(name.to_owned(), Value::Array(list));
        }
    }
    Value::Object(transitions)
}

/// Forward mostly: real flows run from top to bottom.
fn target(choices: &mut Choices, all: &[String]) -> String {
    if choices.seldom(64) {
        return choices.pick(&["nowhere", ""]).to_owned();
    }
    all[choices.below(all.len())].clone()
}

// ---- what the console keeps ---------------------------------------------------------------------------------------

fn metadata(choices: &mut Choices, identifiers: &[String]) -> Option<Value> {
    if choices.below(3) == 0 {
        return None;
    }
    let mut kept = Map::new();
    for identifier in identifiers {
        let (x, y) = (choices.below(900), choices.below(900));
        let mut about = json!({ "position": { "x": x, "y": y } });
        if choices.seldom(4) {
            about["isFriendlyName"] = true.into();
        }
        if choices.seldom(8) {
            about["displayName"] = text(choices);
        }
        if choices.seldom(6) {
            let name = choices.pick(&["Sales", "Basic Queue", "", "é", "a/b"]);
            about["parameters"] =
                json!({ "QueueId": { "displayName": name }, "LambdaFunctionARN": { "displayName": name } });
        }
        kept.insert(identifier.clone(), about);
    }
    let mut metadata = json!({ "entryPointPosition": { "x": 10, "y": 20 }, "ActionMetadata": kept });
    if choices.seldom(3) {
        metadata["name"] = choices.pick(&["Main", "two words", "", "a/b", "\"", "é\\"]).into();
        metadata["type"] = choices.pick(&["contactFlow", "customerQueue", "agentWhisper", "x"]).into();
        metadata["description"] = text(choices);
    }
    if choices.seldom(4) {
        let about = if choices.seldom(2) {
            Value::Null
        } else {
            choices.pick(&identifiers.iter().map(String::as_str).collect::<Vec<_>>()).into()
        };
        metadata["Annotations"] = json!([{
            "type": "default", "id": "note", "content": text(choices), "actionId": about,
            "isFolded": false, "position": { "x": 5, "y": 5 }, "size": { "height": 295, "width": 300 },
        }]);
    }
    Some(metadata)
}
