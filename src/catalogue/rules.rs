//! All that the service is said to demand: the rules that no row has, and those of the rows as a list.

use super::limits::{ACTIONS_MAX, CONTENT_CHARACTERS_MAX, IDENTIFIER_CHARACTERS_MAX, NAME_CHARACTERS_MAX};
use super::rule::is_sound;
use super::{ActionSpec, Basis, Binding, Demand, Group, Keys, Kind, Literals, Modules, Param, Role, Rule};

/// A document has its parts: actions, a beginning, an identifier and a type for each action, places that exist.
pub const PARTS: Rule = Rule::error(Demand::RequiredKey, Basis::Kept);
/// Branches lead to actions of the document, and no two actions have one identifier.
pub const TARGETS: Rule = Rule::error(Demand::Syntax, Basis::Kept);
/// An action that goes on says where, even if its conditions leave nothing over.
pub const NEXT_ACTION: Rule = Rule::error(
    Demand::RequiredBranch,
    Basis::Refusal("29 types of action without `Transitions.NextAction`: \"Action is missing required property\""),
);
/// An action that ends the flow has no branches.
pub const TERMINAL: Rule =
    Rule::error(Demand::Listed, Basis::Refusal("branches of such an action: \"Action does not support transitions\""));
/// A type that the service does not have.
pub const WRONG_TYPE: Rule =
    Rule::error(Demand::Listed, Basis::Refusal("\"Invalid Action type\", for each name of the list"));
/// A type that the catalogue does not have: the service has a new one every few months.
pub const UNKNOWN_TYPE: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// A key of an action besides its identifier, type, parameters and transitions.
pub const ACTION_KEYS: Rule = Rule::error(Demand::Listed, Basis::Refusal("an action with `Metadata` of its own"));
/// A key of a document, of its transitions or of a condition.
pub const DOCUMENT_KEYS: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// `Settings` at the top of a flow that is no module.
pub const SETTINGS: Rule = Rule::error(Demand::Place, Basis::Refusal("a flow with `Settings`"));
/// Actions in a flow or a module.
pub const ACTIONS: Rule = Rule::error(Demand::Limit, Basis::Kept);
/// Characters of a document.
pub const CONTENT: Rule = Rule::error(Demand::Limit, Basis::Kept);
/// Characters of a flow's name.
pub const NAME: Rule = Rule::error(Demand::Limit, Basis::Kept);
/// How long an identifier is, and what it is made of.
pub const IDENTIFIER: Rule = Rule::error(Demand::Syntax, Basis::Kept);
/// A parameter that rows do not have.
pub const KEYS: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// A key that the service was seen to refuse.
pub const REFUSED_KEY: Rule = Rule::error(Demand::Listed, Basis::Refusal("\"Invalid Action property name\""));
/// A value of a list that the catalogue does not have.
pub const VALUES: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// A value that the service was seen to refuse.
pub const REFUSED_VALUE: Rule = Rule::error(Demand::Listed, Basis::Refusal("\"Invalid Action property value\""));
/// An error branch that the service was seen to refuse.
pub const REFUSED_ERROR: Rule = Rule::error(Demand::Listed, Basis::Refusal("\"Invalid Action error\""));
/// Conditions of an action that was seen to refuse them.
pub const REFUSED_CONDITIONS: Rule = Rule::error(Demand::Listed, Basis::Refusal("conditions of such an action"));
/// A variant or action in a type of flow that was seen to refuse it.
pub const REFUSED_PLACE: Rule = Rule::error(Demand::Place, Basis::Refusal("the action in a flow of this type"));
/// An error branch that rows do not have.
pub const ERRORS: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// A condition that rows do not have.
pub const CONDITIONS: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// An operator that nobody has seen.
pub const OPERATORS: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// An error branch is there once.
pub const ERROR_ONCE: Rule = Rule::error(Demand::OneOf, Basis::Kept);
/// A condition is there once.
pub const CONDITION_ONCE: Rule = Rule::new(Demand::OneOf, Basis::Page);
/// Operators that were refused.
pub const REFUSED_OPERATOR: Rule =
    Rule::error(Demand::Listed, Basis::Refusal("every compound operator that was tried"));
/// A condition has one operand.
pub const OPERANDS: Rule = Rule::error(Demand::OneOf, Basis::Kept);
/// An operand is no empty text.
pub const EMPTY_OPERAND: Rule = Rule::error(Demand::Syntax, Basis::Refusal("an empty text as an operand"));
/// A comparison compares with something.
pub const SOME_CONDITION: Rule = Rule::error(Demand::RequiredBranch, Basis::Kept);
/// An action or parameter that some instances do not have.
pub const FEATURE: Rule = Rule::new(Demand::Place, Basis::Page);
/// References below `$`.
pub const REFERENCES: Rule = Rule::new(Demand::Listed, Basis::Seen);
/// A JSON number or boolean where texts are usual.
pub const JSON_TYPE: Rule = Rule::new(Demand::Syntax, Basis::Page);
/// A value of a map with free keys is no empty text.
pub const EMPTY_ENTRY: Rule = Rule::new(Demand::Syntax, Basis::Page);
/// An id that is a name.
pub const NAME_AS_ID: Rule =
    Rule::error(Demand::Syntax, Basis::Refusal("a queue's name as its id: \"Failed to convert id\""));
/// What a module returns is declared by it.
pub const MODULE_RESULT: Rule =
    Rule::error(Demand::Listed, Basis::Refusal("a result or data that the module's settings do not declare"));
/// A module's contract at the side of who calls it.
pub const MODULE_CALL: Rule =
    Rule::error(Demand::Listed, Basis::Refusal("inputs and branches that the module does not declare"));

/// One line of the list of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The action, and the parameter or branch.
    pub about: String,
    /// What is demanded, in words.
    pub says: String,
    pub rule: Rule,
}

/// The rules that no row has.
pub fn general() -> Vec<Line> {
    let line = |about: &str, says: String, rule| Line { about: about.to_owned(), says, rule };
    vec![
        line("`Actions`, `StartAction`, `Identifier`, `Type`", "are there".to_owned(), PARTS),
        line("`NextAction` of every branch", "leads to one action of the document".to_owned(), TARGETS),
        line("`Transitions.NextAction`", "is there where an action goes on".to_owned(), NEXT_ACTION),
        line("`Transitions` of an action that ends the flow", "is empty".to_owned(), TERMINAL),
        line("`Type`", "is none of the names known to be wrong".to_owned(), WRONG_TYPE),
        line("`Type`", "is one that the catalogue has".to_owned(), UNKNOWN_TYPE),
        line("an action", "has no other keys than its four".to_owned(), ACTION_KEYS),
        line("a document, its transitions and conditions", "have known keys".to_owned(), DOCUMENT_KEYS),
        line("`Settings`", "is in modules only".to_owned(), SETTINGS),
        line("`Actions`", format!("are {ACTIONS_MAX} at most"), ACTIONS),
        line("a document", format!("has {CONTENT_CHARACTERS_MAX} characters at most"), CONTENT),
        line("a name", format!("has {NAME_CHARACTERS_MAX} characters at most"), NAME),
        line(
            "`Identifier`",
            format!("has {IDENTIFIER_CHARACTERS_MAX} characters at most, and none of `%:(\\/)=$,;[]{{}}`"),
            IDENTIFIER,
        ),
        line("`Parameters`", "have keys that the catalogue has".to_owned(), KEYS),
        line("`Transitions.Errors`", "are those that the catalogue has".to_owned(), ERRORS),
        line("`Transitions.Conditions`", "are those that the catalogue has".to_owned(), CONDITIONS),
        line("an error branch", "is there once".to_owned(), ERROR_ONCE),
        line("a condition", "is there once".to_owned(), CONDITION_ONCE),
        line("`Operator`", "is one that the catalogue has".to_owned(), OPERATORS),
        line("`Operator`", "is none of And, Or, Not, All, Any, Contains, Exists".to_owned(), REFUSED_OPERATOR),
        line("`Operands`", "are one".to_owned(), OPERANDS),
        line("`Operands`", "are not empty".to_owned(), EMPTY_OPERAND),
        line("a comparison", "has a condition".to_owned(), SOME_CONDITION),
        line("a reference below `$`", "is one that the catalogue has".to_owned(), REFERENCES),
        line("an action or parameter of a feature", "is one that the instance has".to_owned(), FEATURE),
        line("a number or switch", "is written as a text".to_owned(), JSON_TYPE),
        line("a value of a map with free keys", "is not empty".to_owned(), EMPTY_ENTRY),
        line("an address in the instance", "is an id or an ARN, and no name".to_owned(), NAME_AS_ID),
        line("`Result` and `ResultData` of a module", "are declared by it".to_owned(), MODULE_RESULT),
        line("inputs and branches of a call", "are declared by the module".to_owned(), MODULE_CALL),
    ]
}

/// The operator that pages have for campaigns: without an operand, and refused in flows of contacts.
pub const CAMPAIGN_OPERATOR: &str = "Exists";

/// Operators that contact flows refuse.
pub const REFUSED_OPERATORS: [&str; 7] = ["And", "Or", "Not", "All", "Any", "Contains", "Exists"];

/// The rules of a row, in the order of its columns.
pub fn of(row: &'static ActionSpec) -> Vec<Line> {
    let mut lines = Vec::new();
    for key in row.refuses {
        lines.push(Line { about: format!("`{key}`"), says: "is not given".to_owned(), rule: REFUSED_KEY });
    }
    params(row, row.params, "", &mut lines);
    for variant in row.variants {
        let name = if variant.name.is_empty() { String::new() } else { format!(" ({})", variant.name) };
        for outlet in variant.outlets {
            let about = format!("{}{name}", spelled(outlet.exit));
            if outlet.is_required() {
                let rule = row.rule(Demand::RequiredBranch, outlet.rests);
                lines.push(Line { about: about.clone(), says: "is there".to_owned(), rule });
            }
            if outlet.when.is_some() {
                let rule = row.rule(Demand::Applicability, outlet.rests);
                lines.push(Line { about, says: "is there only where it applies".to_owned(), rule });
            }
        }
        for error in variant.refused_errors {
            lines.push(Line {
                about: format!("`{error}`{name}"),
                says: "is not given".to_owned(),
                rule: REFUSED_ERROR,
            });
        }
        if variant.refuses_conditions {
            let about = format!("`Conditions`{name}");
            lines.push(Line { about, says: "are not given".to_owned(), rule: REFUSED_CONDITIONS });
        }
        if matches!(variant.literals, Literals::Comparisons { .. } | Literals::Percentages) {
            lines.push(Line {
                about: format!("`Conditions`{name}"),
                says: "are there".to_owned(),
                rule: SOME_CONDITION,
            });
        }
        for flow_type in variant.refused_in {
            let says = format!("is not in {} flows", flow_type.words());
            lines.push(Line { about: format!("the action{name}"), says, rule: REFUSED_PLACE });
        }
    }
    for flow_type in row.flow_types.refused {
        let says = format!("is not in {} flows", flow_type.words());
        lines.push(Line { about: "the action".to_owned(), says, rule: REFUSED_PLACE });
    }
    let places = match (row.flow_types.modules, row.role) {
        (Modules::Only, _) => "is in modules only",
        (_, Role::HangUp | Role::Finish) => "is in the types of flow that pages list",
        _ => "is in the types of flow that were seen",
    };
    lines.push(Line { about: "the action".to_owned(), says: places.to_owned(), rule: row.rule(Demand::Place, &[]) });
    lines
}

fn spelled(exit: super::Exit) -> String {
    match exit {
        super::Exit::Error(name) => format!("`{name}`"),
        super::Exit::Condition(operator, operand) => format!("`{} {operand}`", operator.name()),
    }
}

fn params(row: &'static ActionSpec, list: &'static [Param], path: &str, lines: &mut Vec<Line>) {
    for param in list {
        let name = if path.is_empty() { param.name.to_owned() } else { format!("{path}.{}", param.name) };
        let mut push = |says: String, demand| {
            lines.push(Line { about: format!("`{name}`"), says, rule: row.rule(demand, param.rests) });
        };
        if param.required {
            push("is there".to_owned(), Demand::RequiredKey);
        }
        match param.group {
            Group::None => {}
            Group::ExactlyOne(group) => push(format!("is there, or another {group}"), Demand::OneOf),
            Group::AtMostOne(group) => push(format!("is the only {group}"), Demand::OneOf),
            Group::AtLeastOne(group) => push(format!("is one {group} of one or more"), Demand::OneOf),
        }
        if param.when.is_some() {
            push("is given only where it applies".to_owned(), Demand::Applicability);
        }
        match param.binding {
            Binding::Static => push("is fixed".to_owned(), Demand::Binding),
            Binding::Single => push("is fixed, or one reference alone".to_owned(), Demand::Binding),
            Binding::Reference => push("is one reference".to_owned(), Demand::Binding),
            Binding::Mixed => {}
        }
        for (says, demand) in of_kind(&param.kind) {
            push(says, demand);
        }
        for value in param.refuses {
            lines.push(Line { about: format!("`{name}`"), says: format!("is not `{value}`"), rule: REFUSED_VALUE });
        }
        match &param.kind {
            Kind::List(element) => params(row, element.fields(), &format!("{name}[]"), lines),
            Kind::Pairs(fields) => params(row, fields, &format!("{name}[]"), lines),
            Kind::Map { value, .. } => params(row, value.fields(), &format!("{name}.*"), lines),
            kind => params(row, kind.fields(), &name, lines),
        }
    }
}

/// What a kind of value demands.
fn of_kind(kind: &Kind) -> Vec<(String, Demand)> {
    let bounds = |min: i64, max: i64| match (min, max) {
        (i64::MIN, i64::MAX) => None,
        (min, i64::MAX) => Some((format!("is {min} or more"), Demand::Limit)),
        (min, max) => Some((format!("is {min} to {max}"), Demand::Limit)),
    };
    let not_empty = ("is not empty".to_owned(), Demand::Syntax);
    match kind {
        Kind::Text { max, .. } => {
            vec![not_empty, (format!("has {max} characters at most"), Demand::Limit)]
        }
        Kind::Name { .. } => vec![not_empty],
        Kind::Number { min, max } | Kind::Amount { min, max } | Kind::Duration { min, max, .. } => {
            [("is a number".to_owned(), Demand::Syntax)].into_iter().chain(bounds(*min, *max)).collect()
        }
        Kind::Switch { yes, no } => vec![(format!("is `{yes}` or `{no}`"), Demand::Listed)],
        Kind::Flag => vec![("is `true` or `false`".to_owned(), Demand::Syntax)],
        Kind::Choice(choices) | Kind::Choices(choices) => {
            let words: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.1)).collect();
            vec![(format!("is one of {}", words.join(", ")), Demand::Listed)]
        }
        Kind::Keys { max } => vec![(format!("is 1 to {max} telephone keys"), Demand::Syntax)],
        Kind::Phone => vec![("is a number in E.164 form".to_owned(), Demand::Syntax)],
        Kind::Resource(_) => vec![("is an address, and not empty".to_owned(), Demand::Syntax)],
        Kind::Map { keys, max, .. } => {
            let keys = match keys {
                Keys::Attribute => Some(("has keys without a dot or a dollar sign".to_owned(), Demand::Listed)),
                Keys::Known(known) => Some((format!("has the keys {}", known.join(", ")), Demand::Listed)),
                Keys::Any => None,
            };
            let most = (*max < usize::MAX).then(|| (format!("has {max} entries at most"), Demand::Limit));
            keys.into_iter().chain(most).collect()
        }
        Kind::Object(_) | Kind::List(_) | Kind::Pairs(_) | Kind::Json | Kind::Tagged { .. } => Vec::new(),
    }
}

// ---- while the catalogue compiles -------------------------------------------------------------------------------------

/// Holds what all rows say of their rules against what can be said.
pub(super) const fn hold(tables: &[&[ActionSpec]]) {
    let mut tables = tables;
    while let [table, others @ ..] = tables {
        let mut rows = *table;
        while let [row, others @ ..] = rows {
            assert!(params_hold(row.params, row.in_exports()), "a parameter's rule has a witness that cannot be one");
            assert!(branches_hold(row), "a branch's rule has a witness that cannot be one");
            rows = others;
        }
        tables = others;
    }
}

const fn branches_hold(row: &ActionSpec) -> bool {
    let mut variants = row.variants;
    while let [variant, others @ ..] = variants {
        let mut outlets = variant.outlets;
        while let [outlet, others @ ..] = outlets {
            if !is_sound(outlet.rests, row.in_exports()) {
                return false;
            }
            outlets = others;
        }
        variants = others;
    }
    true
}

const fn params_hold(params: &[Param], in_exports: bool) -> bool {
    let mut params = params;
    while let [param, others @ ..] = params {
        if !is_sound(param.rests, in_exports) || !params_hold(fields_of(&param.kind), in_exports) {
            return false;
        }
        params = others;
    }
    true
}

/// The keys below a kind, in lists and maps as well.
const fn fields_of(kind: &Kind) -> &[Param] {
    match kind {
        Kind::Object(params) | Kind::Tagged { params, .. } | Kind::Pairs(params) => params,
        Kind::List(element) => fields_of(element),
        Kind::Map { value, .. } => fields_of(value),
        _ => &[],
    }
}
