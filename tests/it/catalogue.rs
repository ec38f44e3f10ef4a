//! The catalogue's rows: each is sound in itself, its examples compile, and it says what the reference says.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use flowc::catalogue::{
    self, ActionSpec, Binding, Channel, Evidence, Exit, FlowType, Group, Kind, Lowering, Modules, Need, Param, Piece,
    Seen, Sentence, Witness,
};
use flowc::driver::{self, Settings};
use flowc::format::{Formatted, format};
use flowc::source::{Source, SourceId};
use serde_json::Value;

use crate::corpus;
use crate::support::baseline::repository;
use crate::support::checker;

#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn sentences() -> impl Iterator<Item = (&'static ActionSpec, &'static Sentence)> {
    catalogue::all().flat_map(|row| row.sentences.iter().map(move |sentence| (row, sentence)))
}

// ---- in itself ----------------------------------------------------------------------------------------------------

#[test]
fn rows_have_names_of_their_own() {
    let mut seen = BTreeSet::new();
    none(&catalogue::all().filter(|row| !seen.insert(row.name)).map(|row| row.name.to_owned()).collect::<Vec<_>>());
}

/// Every action of the flow language.
const ACTIONS: [&str; 76] = [
    "MessageParticipant",
    "MessageParticipantIteratively",
    "GetParticipantInput",
    "DisconnectParticipant",
    "ConnectParticipantWithLexBot",
    "ShowView",
    "AuthenticateParticipant",
    "TransferParticipantToThirdParty",
    "ConnectParticipantWithAgenticCX",
    "CreatePersistentContactAssociation",
    "LoadContactContent",
    "Compare",
    "Wait",
    "Loop",
    "DistributeByPercentage",
    "CheckHoursOfOperation",
    "CheckMetricData",
    "GetMetricData",
    "CheckOutboundCallStatus",
    "CheckVoiceId",
    "StartVoiceIdStream",
    "EndFlowExecution",
    "TransferToFlow",
    "UpdateFlowAttributes",
    "UpdateFlowLoggingBehavior",
    "UpdateContactRoutingCriteria",
    "EndFlowModuleExecution",
    "InvokeFlowModule",
    "UpdateContactAttributes",
    "UpdateContactTargetQueue",
    "TransferContactToQueue",
    "DequeueContactAndTransferToQueue",
    "TransferContactToAgent",
    "UpdateContactCallbackNumber",
    "UpdateContactEventHooks",
    "UpdateContactRecordingBehavior",
    "UpdateContactRecordingAndAnalyticsBehavior",
    "UpdateContactTextToSpeechVoice",
    "UpdateContactRoutingBehavior",
    "UpdateContactMediaStreamingBehavior",
    "UpdateContactMediaProcessing",
    "UpdateContactData",
    "UpdatePreviousContactParticipantState",
    "TagContact",
    "UntagContact",
    "CreateTask",
    "ResumeContact",
    "CreateWisdomSession",
    "CompleteOutboundCall",
    "StartOutboundChatContact",
    "RenderMessageTemplate",
    "CreateContact",
    "StartOutboundEmailContact",
    "RouteContactToAgent",
    "InvokeLambdaFunction",
    "CreateCallbackContact",
    "GetCustomerProfile",
    "CreateCustomerProfile",
    "UpdateCustomerProfile",
    "GetCustomerProfileObject",
    "GetCalculatedAttributesForCustomerProfile",
    "AssociateContactToCustomerProfile",
    "CheckSegmentMembership",
    "CreateCase",
    "GetCase",
    "UpdateCase",
    "EvaluateDataTableValues",
    "ListDataTableValues",
    "UpsertDataTableValues",
    "SetSecurityBehavior",
    "CheckSecurityStatus",
    "SendSMS",
    "SendOutboundEmail",
    "PutDialRequest",
    "GetOutboundCommunicationStatus",
    "SendCommunication",
];

#[test]
fn every_action_has_a_row() {
    let rows: BTreeSet<&str> = catalogue::all().map(|row| row.name).collect();
    assert_eq!(rows, BTreeSet::from(ACTIONS));
}

#[test]
fn what_is_no_guess_can_be_said() {
    let said = |row: &&ActionSpec| !row.sentences.is_empty();
    let assigned = |row: &&ActionSpec| !row.assigns.is_empty();
    let is_guess = |row: &&ActionSpec| row.evidence == Evidence::Guess;
    let problems: Vec<String> = catalogue::all()
        .filter(|row| if is_guess(row) { said(row) || assigned(row) } else { !said(row) && !assigned(row) })
        .map(|row| format!("{}: a guess has no sentence, and all others have one", row.name))
        .collect();
    none(&problems);
    let mute: Vec<&str> = sentences().filter(|(_, found)| found.example.is_empty()).map(|(row, _)| row.name).collect();
    assert_eq!(mute, [""; 0]);
}

#[test]
fn what_no_export_shows_does_not_rest_on_exports() {
    let problems: Vec<String> = catalogue::all()
        .filter(|row| row.seen == Seen::Never && row.sources.contains(&Witness::Exports))
        .map(|row| format!("{}: {:?}, and exports are among its sources", row.name, row.seen))
        .collect();
    none(&problems);
}

/// Parameters that no sentence gives, and why not.
const UNSAID: &[(&str, &str, &str)] = &[("UpdateFlowAttributes", "FlowAttributes.Type", "it is a string, said or not")];

fn leaves(path: &str, params: &'static [Param], found: &mut Vec<String>) {
    for param in params {
        let path = if path.is_empty() { param.name.to_owned() } else { format!("{path}.{}", param.name) };
        let below = match &param.kind {
            Kind::Map { value, .. } => value.fields(),
            kind => kind.element().fields(),
        };
        if below.is_empty() {
            found.push(path);
        } else {
            leaves(&path, below, found);
        }
    }
}

#[test]
fn every_parameter_can_be_said() {
    let mut problems = Vec::new();
    for row in catalogue::all().filter(|row| row.evidence != Evidence::Guess) {
        let mut paths = Vec::new();
        leaves("", row.params, &mut paths);
        for path in paths {
            let excused = UNSAID.iter().any(|(name, unsaid, _)| row.name == *name && path == *unsaid);
            if catalogue::said_by(row, &path).is_empty() != excused {
                problems.push(format!("{} {path}: said by {:?}", row.name, catalogue::said_by(row, &path)));
            }
        }
    }
    none(&problems);
}

/// Of two rows with the same sentence, the type of the flow decides; within a row nothing does.
#[test]
fn sentences_of_a_row_differ() {
    let mut problems = Vec::new();
    for row in catalogue::all() {
        let mut shapes = BTreeSet::new();
        for sentence in row.sentences {
            if !shapes.insert(catalogue::shape(row, sentence)) {
                problems.push(format!("{}: `{}` is there twice", row.name, catalogue::shape(row, sentence)));
            }
        }
    }
    none(&problems);
}

#[test]
fn the_last_variant_takes_what_is_left() {
    let mut problems = Vec::new();
    for row in catalogue::all() {
        match row.variants {
            [most @ .., last] if last.when.is_empty() && most.iter().all(|variant| !variant.when.is_empty()) => {}
            _ => problems.push(format!("{}: only the last variant may be without a condition, and must be", row.name)),
        }
        for variant in row.variants {
            let mut words = BTreeSet::new();
            for outlet in variant.outlets.iter().filter(|outlet| !words.insert(outlet.word)) {
                problems.push(format!("{} {}: two outlets are called `{}`", row.name, variant.name, outlet.word));
            }
        }
    }
    none(&problems);
}

/// Where a path may point that a sentence gives: at a parameter, or at what goes to the companion.
fn is_param(row: &ActionSpec, sentence: &Sentence, path: &str) -> bool {
    let companion = matches!(sentence.lowering, Lowering::Companion { param, .. } if param == path);
    companion || row.param(path).is_some()
}

fn slots(pattern: &'static [Piece]) -> Vec<&'static str> {
    let slot = |piece: &'static Piece| match piece {
        Piece::Slot(path) | Piece::Map(path) | Piece::WordList(path) => vec![*path],
        Piece::Optional(inner) => slots(inner),
        Piece::Words(_) | Piece::Name => Vec::new(),
    };
    pattern.iter().flat_map(slot).collect()
}

#[test]
fn sentences_fill_parameters_that_exist() {
    let mut problems = Vec::new();
    for (row, sentence) in sentences() {
        let settings = sentence.settings.iter().map(|setting| setting.param);
        let implied = sentence.settings.iter().flat_map(|setting| setting.implies).map(|implied| implied.0);
        let fixed = sentence.fixed.iter().map(|fixed| fixed.0);
        for path in slots(sentence.pattern).into_iter().chain(settings).chain(implied).chain(fixed) {
            // Whether a hook is switched off stands behind a free key.
            if !is_param(row, sentence, path) {
                problems.push(format!("`{}`: {} has no parameter {path}", sentence.example, row.name));
            }
        }
        if let Lowering::Companion { action, target, .. } = sentence.lowering
            && catalogue::find(action).and_then(|row| row.param(target)).is_none()
        {
            problems.push(format!("`{}`: there is no {target} of {action}", sentence.example));
        }
        let mut words = BTreeSet::new();
        for setting in sentence.settings.iter().filter(|setting| !words.insert(setting.word)) {
            problems.push(format!("`{}`: two settings are called `{}`", sentence.example, setting.word));
        }
    }
    for row in catalogue::all() {
        for assign in row.assigns {
            let top = assign.param.split(".*").next().unwrap();
            if row.param(top).is_none() {
                problems.push(format!("{}: `{}` sets {}, which it has not", row.name, assign.root, assign.param));
            }
        }
    }
    none(&problems);
}

/// Every list of parameters in a row, with where it stands.
fn lists(place: &str, params: &'static [Param], found: &mut Vec<(String, &'static [Param])>) {
    found.push((place.to_owned(), params));
    for param in params {
        let below = match &param.kind {
            Kind::List(kind) | Kind::Map { value: kind, .. } => kind.fields(),
            kind => kind.fields(),
        };
        if let Kind::Pairs(fields) = &param.kind {
            assert!(fields.len() >= 2, "{place}.{}: a pair has a name and a value", param.name);
        }
        if !below.is_empty() {
            lists(&format!("{place}.{}", param.name), below, found);
        }
    }
}

fn all_lists() -> Vec<(String, &'static [Param])> {
    let mut found = Vec::new();
    for row in catalogue::all() {
        lists(row.name, row.params, &mut found);
    }
    found
}

#[test]
fn groups_have_members() {
    let mut problems = Vec::new();
    for (place, params) in all_lists() {
        for group in params.iter().filter_map(|param| param.group.name()) {
            let members = params.iter().filter(|param| param.group.name() == Some(group)).count();
            if members < 2 {
                problems.push(format!("{place}: {group:?} is a group of one"));
            }
        }
    }
    none(&problems);
}

#[test]
fn defaults_are_values_that_the_parameter_takes() {
    let mut problems = Vec::new();
    for (place, params) in all_lists() {
        for param in params {
            let Some(default) = param.default else { continue };
            let fits = match &param.kind {
                Kind::Number { min, max, .. } | Kind::Duration { min, max, .. } => {
                    default.parse::<i64>().is_ok_and(|number| (*min..=*max).contains(&number))
                }
                Kind::Switch { yes, no } => [*yes, *no].contains(&default),
                Kind::Choice(choices) => choices.iter().any(|choice| choice.1 == default),
                Kind::Text { .. } | Kind::Name { .. } => !default.is_empty(),
                _ => false,
            };
            if !fits {
                problems.push(format!("{place}.{}: {default:?} is not one of its values", param.name));
            }
        }
    }
    none(&problems);
}

// ---- examples -----------------------------------------------------------------------------------------------------

/// An example inside the smallest flow that it can stand in, in several ways: not every line needs a handler, or may
/// be followed by another.
fn wrappers(row: &ActionSpec, sentence: &Sentence) -> Vec<String> {
    let (head, ending) = match row.flow_types.listed.first() {
        None => ("module Example".to_owned(), "return"),
        Some(flow_type) => {
            let end = catalogue::all().find(|row| row.role == catalogue::Role::HangUp).unwrap();
            let hangs_up = end.flow_types.listed.contains(flow_type);
            (format!("{} flow Example", flow_type.words()), if hangs_up { "disconnect" } else { "end" })
        }
    };
    let mut found = Vec::new();
    for handler in ["", "on error -> next\n", "on error -> away\n"] {
        for after in ["", ending] {
            let step = if handler.contains("away") { format!("step away {{ {ending} }}\n") } else { String::new() };
            found.push(format!("{head} {{\n{handler}{}\n{after}\n{step}}}\n", sentence.example));
        }
    }
    found
}

#[test]
fn examples_compile_and_format_and_are_taken_by_the_service() {
    let mut problems = Vec::new();
    for (row, sentence) in sentences() {
        let mut reasons = Vec::new();
        let holds = wrappers(row, sentence).iter().any(|text| match fault(text) {
            Ok(()) => true,
            Err(reason) => {
                reasons.push(reason);
                false
            }
        });
        if !holds {
            problems.push(format!("{}: `{}`\n  {}", row.name, sentence.example, reasons.join("\n  ")));
        }
    }
    none(&problems);
}

/// Every example with its row, the flow around it, and what that compiles to.
pub fn compiled_examples() -> Vec<(&'static str, &'static str, String, String)> {
    let mut found = Vec::new();
    for (row, sentence) in sentences() {
        let compiled = |text: String| compile(&text).ok().map(|document| (text, document));
        if let Some((text, document)) = wrappers(row, sentence).into_iter().find_map(compiled) {
            found.push((row.name, sentence.example, text, document));
        }
    }
    found
}

fn fault(text: &str) -> Result<(), String> {
    let document = compile(text)?;
    let tidy = match format(&Source::new(SourceId(0), "main.flow", text)) {
        Formatted::Unchanged => text.to_owned(),
        Formatted::Changed(tidy) => tidy,
        other => return Err(format!("{other:?}")),
    };
    if format(&Source::new(SourceId(0), "main.flow", &*tidy)) != Formatted::Unchanged {
        return Err("its formatted form is not stable".to_owned());
    }
    if compile(&tidy)? != document {
        return Err("formatted, it is another flow".to_owned());
    }
    Ok(())
}

fn compile(text: &str) -> Result<String, String> {
    let sources = [Source::new(SourceId(0), "main.flow", text)];
    let checked = driver::check(&sources, &Settings::default());
    if let Some(problem) = checked.diagnostics.first() {
        return Err(problem.message.clone());
    }
    let (_, document, what) = corpus::documents(&checked, &sources).pop().ok_or("no flow")?;
    match checker::problems(&document, what).into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(document),
    }
}

// ---- the reference ------------------------------------------------------------------------------------------------

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

/// The reference's table, which lies beside the repository where the rows are written.
fn reference() -> Option<Value> {
    let path =
        env::var_os("FLOWC_REFERENCE").map_or_else(|| repository("../shared/reference/actions.json"), PathBuf::from);
    let text = fs::read_to_string(&path).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn rows_say_what_the_reference_says() {
    let Some(reference) = reference() else {
        println!("skipped: there is no reference to hold the rows against; FLOWC_REFERENCE names one");
        return;
    };
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
