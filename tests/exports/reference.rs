//! The catalogue's rows say what a table says that was made of the service's reference pages and of what third parties
//! recorded: `$FLOWC_REFERENCE` names it. Where they differ, the difference is listed with its reason.

use std::collections::BTreeSet;
use std::{env, fs};

use flowc::catalogue::{
    self, ActionSpec, Binding, Channel, Exit, FlowType, Group, Kind, Modules, Need, Param, Witness,
};
use serde_json::Value;

#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// Where a row says something else than the reference, and why.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "AuthenticateParticipant",
        "parameter CustomerProfilesConfiguration: required is false in the reference",
        "the service refused the action without it",
    ),
    (
        "LoadContactContent",
        "parameter ContentType: required is true in the reference",
        "the service took the action without it",
    ),
    (
        "GetParticipantInput",
        "parameter StoreInput: required is false in the reference",
        "the service refused the action without it",
    ),
    (
        "UpdateContactRecordingBehavior",
        "error NoMatchingError is only in the row",
        "the block has an error branch since January 2026",
    ),
    (
        "UpdateContactRecordingBehavior",
        "error NoMatchingError is refused",
        "the block has an error branch since January 2026",
    ),
    (
        "Loop",
        "parameter LoopCount: group Some(\"ExactlyOne\") in the reference, None in the row",
        "nobody knows the keys of the other form, a loop over an array",
    ),
    (
        "InvokeLambdaFunction",
        "parameter InvocationTimeLimitSeconds: [1,8] in the reference, 1 to 60 in the row",
        "the row has a second range, for asynchronous calls",
    ),
    ("CreateCallbackContact", "parameter CallbackMode is only in the row", "several published exports have it"),
    ("GetCustomerProfile", "parameter ProfileRequestData.EmailAddress is only in the row", STANDARD_FIELD),
    ("GetCustomerProfile", "parameter ProfileRequestData.AccountNumber is only in the row", STANDARD_FIELD),
    (
        "UpdateContactTextToSpeechVoice",
        "channels: [\"CHAT\", \"EMAIL\", \"TASK\"] is only in the row",
        "elsewhere it does nothing and goes on, so a flow for several channels may hold it",
    ),
    (
        "UpdateContactRoutingBehavior",
        "parameter RoutingProficiencies is only in the reference",
        "one third party claims it, with an error branch that the other forms refuse",
    ),
];

const STANDARD_FIELD: &str = "the reference names one standard field and says that others go likewise";

/// The reference's table: the file that `$FLOWC_REFERENCE` names.
fn reference() -> Value {
    let path = env::var_os("FLOWC_REFERENCE").expect("FLOWC_REFERENCE names the reference's table");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn rows_say_what_the_reference_says() {
    let reference = reference();
    let mut found: Vec<(String, String)> = Vec::new();
    for row in catalogue::all() {
        let page = reference["actions"].as_array().unwrap().iter().find(|page| page["type"] == row.name);
        match page {
            Some(page) => found.extend(differences(row, page).into_iter().map(|what| (row.name.to_owned(), what))),
            None => found.push((row.name.to_owned(), "is not in the reference".to_owned())),
        }
    }
    let is_listed = |name: &str, what: &str| DIFFERENCES.iter().any(|row| row.0 == name && row.1 == what);
    let mut problems: Vec<String> = found
        .iter()
        .filter(|(name, what)| !is_listed(name, what))
        .map(|(name, what)| format!("{name}: {what}"))
        .collect();
    for (name, what, _) in DIFFERENCES {
        if !found.iter().any(|(row, difference)| row == name && difference == what) {
            problems.push(format!("{name}: not a difference any more: {what}"));
        }
    }
    none(&problems);
}

fn texts(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn differences(row: &ActionSpec, page: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |what: &str, ours: &BTreeSet<&str>, theirs: &BTreeSet<&str>| {
        let ours_only: Vec<_> = ours.difference(theirs).collect();
        let theirs_only: Vec<_> = theirs.difference(ours).collect();
        if !ours_only.is_empty() {
            found.push(format!("{what}: {ours_only:?} is only in the row"));
        }
        if !theirs_only.is_empty() {
            found.push(format!("{what}: {theirs_only:?} is only in the reference"));
        }
    };

    let channels: Vec<String> = row.channels.iter().map(|channel: &Channel| channel.word().to_uppercase()).collect();
    differ("channels", &channels.iter().map(String::as_str).collect(), &texts(&page["channels"]));

    let mut types = texts(&page["flow_types"]);
    if page["flow_types"] == "all" {
        types = FlowType::all().filter(|found| *found != FlowType::Campaign).map(FlowType::api_name).collect();
    }
    if page["campaign"] == true {
        types.insert("CAMPAIGN");
    }
    differ("flow types", &row.flow_types.listed.iter().map(|found| found.api_name()).collect(), &types);
    let only_modules = page["module_only"] == true;
    if (row.flow_types.modules == Modules::Only) != only_modules {
        found.push(format!("stands in modules only: {only_modules} in the reference"));
    }

    params("", row.params, &page["parameters"], &mut found);
    errors(row, page, &mut found);

    let is_terminal = page["terminal"] == true;
    if row.is_terminal() != is_terminal {
        found.push(format!("terminal: {is_terminal} in the reference"));
    }
    evidence(row, page, &mut found);
    found
}

/// A probe outweighs what a page or an export says; a guess stays one.
fn evidence(row: &ActionSpec, page: &Value, found: &mut Vec<String>) {
    let source = page["source"].as_str().unwrap();
    let has = |hints: &[&str]| hints.iter().any(|hint| source.contains(hint));
    let expected = [
        (
            Witness::Reference,
            has(&["-actions-", "interactions-", "createtask", "case", "createwisdom", "endflowmodule", " API"])
                && source != "adminguide cases-block",
        ),
        (Witness::Guide, has(&["adminguide", "campaign documentation"])),
        (Witness::Exports, has(&["observed", "export"])),
        (Witness::Probes, has(&["probe:"])),
        (Witness::Samples, has(&["sample", "third-party code"])),
    ];
    for (witness, wanted) in expected {
        if row.sources.contains(&witness) != wanted {
            found.push(format!("source {}: {wanted} in the reference", witness.word()));
        }
    }
    let wanted = match page["confidence"].as_str().unwrap() {
        "guess" => "guess",
        _ if has(&["probe:"]) => "probed",
        other => other,
    };
    if row.evidence.word() != wanted {
        found.push(format!("evidence: {} in the row, {wanted} in the reference", row.evidence.word()));
    }
}

/// How dynamic, of what kind and in which range the reference has a parameter. What it does not know may be anything.
fn facts(path: &str, param: &Param, page: &Value, found: &mut Vec<String>) {
    let binding = match page["dynamic"].as_str().unwrap_or("unknown") {
        "yes" => Some(Binding::Mixed),
        "single" => Some(Binding::Single),
        "jsonpath-only" => Some(Binding::Reference),
        "no" => Some(Binding::Static),
        _ => None,
    };
    // An object's own keys say how dynamic they are.
    let is_whole = !matches!(param.kind, Kind::Object(_) | Kind::List(_) | Kind::Pairs(_));
    if is_whole && binding.is_some_and(|binding| binding != param.binding) {
        found.push(format!("parameter {path}: {} in the reference, {:?} in the row", page["dynamic"], param.binding));
    }
    let group = match page["group"].as_str().map(|group| group.split(':').next().unwrap_or_default()) {
        None => None,
        Some("exactly-one-of") => Some("ExactlyOne"),
        Some("at-most-one-of") => Some("AtMostOne"),
        Some(_) => Some("AtLeastOne"),
    };
    let ours = match param.group {
        Group::None => None,
        Group::ExactlyOne(_) => Some("ExactlyOne"),
        Group::AtMostOne(_) => Some("AtMostOne"),
        Group::AtLeastOne(_) => Some("AtLeastOne"),
    };
    if ours != group {
        found.push(format!("parameter {path}: group {group:?} in the reference, {ours:?} in the row"));
    }
    let wanted = texts(&page["values"]);
    let spelled: Option<BTreeSet<&str>> = match &param.kind {
        Kind::Choice(choices) | Kind::Choices(choices) => Some(choices.iter().map(|choice| choice.1).collect()),
        Kind::Switch { yes, no } => Some(BTreeSet::from([*yes, *no])),
        _ => None,
    };
    if let Some(spelled) = spelled
        && !wanted.is_empty()
        && !wanted.iter().all(|value| spelled.iter().any(|ours| ours.eq_ignore_ascii_case(value)))
    {
        found.push(format!("parameter {path}: {wanted:?} in the reference, {spelled:?} in the row"));
    }
    let (min, max) = match &param.kind {
        Kind::Number { min, max, .. } | Kind::Duration { min, max, .. } | Kind::Amount { min, max } => (*min, *max),
        _ => return,
    };
    let bound = |index: usize, otherwise: i64| page["range"][index].as_i64().unwrap_or(otherwise);
    if page["range"].is_array() && (min, max) != (bound(0, i64::MIN), bound(1, i64::MAX)) {
        found.push(format!("parameter {path}: {} in the reference, {min} to {max} in the row", page["range"]));
    }
}

fn params(place: &str, ours: &'static [Param], theirs: &Value, found: &mut Vec<String>) {
    let name = |param: &Value| param["name"].as_str().unwrap_or_default().to_owned();
    let mut known: BTreeSet<String> = theirs.as_array().into_iter().flatten().map(name).collect();
    for param in ours {
        known.remove(param.name);
        let path = format!("{place}{}", param.name);
        let Some(page) = theirs.as_array().into_iter().flatten().find(|page| page["name"] == param.name) else {
            found.push(format!("parameter {path} is only in the row"));
            continue;
        };
        facts(&path, param, page, found);
        let required = page["required"] == true;
        let may_differ = param.when.is_some() || page["required"].is_string();
        if param.required != required && !may_differ {
            found.push(format!("parameter {path}: required is {required} in the reference"));
        }
        let below = param.kind.element().fields();
        if page["nested"].is_array() && page["kind"] != "map" {
            params(&format!("{path}."), below, &page["nested"], found);
        }
    }
    // `<..>` stands for what nobody knows.
    for missing in known.iter().filter(|name| !name.starts_with('<')) {
        found.push(format!("parameter {place}{missing} is only in the reference"));
    }
}

/// An error that the reference requires must be required by every variant; one that depends on a parameter by some.
fn errors(row: &ActionSpec, page: &Value, found: &mut Vec<String>) {
    let variants = || {
        row.variants.iter().map(|variant| {
            variant
                .outlets
                .iter()
                .filter_map(|outlet| match outlet.exit {
                    Exit::Error(error) => Some((error, outlet.need, outlet.when.is_some())),
                    Exit::Condition(..) => None,
                })
                .collect::<Vec<_>>()
        })
    };
    let known = page["errors"].as_array().unwrap();
    for error in known {
        let name = error["type"].as_str().unwrap();
        let depends = error["when"].is_object();
        let needs: Vec<Option<(Need, bool)>> = variants()
            .map(|outlets| outlets.iter().find(|outlet| outlet.0 == name).map(|outlet| (outlet.1, outlet.2)))
            .collect();
        let required = |need: &Option<(Need, bool)>| need.is_some_and(|(need, _)| need.is_required());
        let conditional = needs.iter().any(|need| need.is_some_and(|(_, depends)| depends));
        let agrees = match (&error["required"], depends) {
            (Value::Bool(true), false) => needs.iter().all(required),
            (Value::Bool(true), true) => {
                needs.iter().any(required) && (conditional || needs.iter().any(|need| !required(need)))
            }
            (Value::Bool(false), _) => needs.iter().all(|need| need.is_some() && !required(need)),
            _ => needs.iter().any(Option::is_some),
        };
        if !agrees {
            found.push(format!(
                "error {name}: required is {} in the reference, {needs:?} in the row",
                error["required"]
            ));
        }
    }
    let names: BTreeSet<&str> = variants().flatten().map(|outlet| outlet.0).collect();
    for name in names {
        if !known.iter().any(|error| error["type"] == name) {
            found.push(format!("error {name} is only in the row"));
        }
        if texts(&page["rejected_errors"]).contains(name) {
            found.push(format!("error {name} is refused"));
        }
    }
}
