//! The catalogue's rows: each is sound in itself, its examples compile, and it says what the reference says.

use std::collections::BTreeSet;

use flowc::catalogue::{self, ActionSpec, Evidence, Kind, Lowering, Param, Piece, Seen, Sentence, Witness};
use flowc::diagnostics::codes;
use flowc::driver::{self, Settings};
use flowc::format::{Formatted, format};
use flowc::source::{Source, SourceId};

use crate::corpus;
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
    // That not every instance takes an action is no fault of the example.
    if let Some(problem) = checked.diagnostics.iter().find(|problem| problem.code != codes::FEATURE) {
        return Err(problem.message.clone());
    }
    let (_, document, what) = corpus::documents(&checked, &sources).pop().ok_or("no flow")?;
    match checker::problems(&document, what).into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(document),
    }
}
