//! What the service wants of each action's transitions, in a table of its own.

use serde_json::{Map, Value};

pub(super) const OPERATORS: [&str; 9] = [
    "Equals",
    "TextStartsWith",
    "TextEndsWith",
    "TextContains",
    "NumberGreaterThan",
    "NumberGreaterOrEqualTo",
    "NumberLessThan",
    "NumberLessOrEqualTo",
    "KeyExists",
];

/// Actions that nothing follows.
pub(super) const TERMINAL: [&str; 4] =
    ["DisconnectParticipant", "EndFlowExecution", "EndFlowModuleExecution", "TransferContactToAgent"];

/// Actions whose error branches do not depend on their parameters, and that take no condition: type, the errors that
/// must be there, those that may.
const PLAIN: &[(&str, &[&str], &[&str])] = &[
    ("MessageParticipant", &[], &["NoMatchingError"]),
    ("UpdateContactTextToSpeechVoice", &[], &["NoMatchingError"]),
    ("CreatePersistentContactAssociation", &["NoMatchingError"], &[]),
    ("LoadContactContent", &["NoMatchingError"], &[]),
    ("GetMetricData", &["NoMatchingError"], &[]),
    ("StartVoiceIdStream", &["NoMatchingError"], &[]),
    ("TransferToFlow", &["NoMatchingError"], &[]),
    ("UpdateFlowAttributes", &["NoMatchingError"], &[]),
    ("UpdateFlowLoggingBehavior", &[], &[]),
    ("UpdateContactRoutingCriteria", &["NoMatchingError"], &[]),
    ("UpdateContactAttributes", &["NoMatchingError"], &[]),
    ("UpdateContactTargetQueue", &["NoMatchingError"], &[]),
    ("TransferContactToQueue", &["NoMatchingError", "QueueAtCapacity"], &[]),
    ("DequeueContactAndTransferToQueue", &["NoMatchingError", "QueueAtCapacity"], &[]),
    ("UpdateContactCallbackNumber", &["InvalidCallbackNumber", "CallbackNumberNotDialable"], &[]),
    ("UpdateContactEventHooks", &["NoMatchingError"], &[]),
    ("UpdateContactRecordingBehavior", &[], &["NoMatchingError"]),
    ("UpdateContactRoutingBehavior", &[], &[]),
    ("UpdateContactMediaStreamingBehavior", &["NoMatchingError"], &[]),
    ("UpdateContactMediaProcessing", &["NoMatchingError", "ChannelMismatch"], &[]),
    ("UpdateContactData", &["NoMatchingError"], &[]),
    ("UpdatePreviousContactParticipantState", &["NoMatchingError"], &[]),
    ("TagContact", &["NoMatchingError"], &[]),
    ("UntagContact", &["NoMatchingError"], &[]),
    ("CreateTask", &["NoMatchingError"], &[]),
    ("ResumeContact", &[], &["NoMatchingError"]),
    ("CreateWisdomSession", &["NoMatchingError"], &[]),
    ("CompleteOutboundCall", &[], &[]),
    ("StartOutboundChatContact", &["NoMatchingError"], &[]),
    ("RenderMessageTemplate", &["NoMatchingError", "TemplateRenderingError"], &[]),
    ("CreateContact", &["NoMatchingError"], &[]),
    ("StartOutboundEmailContact", &["NoMatchingError"], &[]),
    ("RouteContactToAgent", &[], &["NoMatchingError"]),
    ("InvokeLambdaFunction", &["NoMatchingError"], &[]),
    ("CreateCallbackContact", &["NoMatchingError"], &[]),
    ("GetCustomerProfile", &["MultipleFoundError", "NoneFoundError", "NoMatchingError"], &[]),
    ("CreateCustomerProfile", &["NoMatchingError"], &[]),
    ("UpdateCustomerProfile", &["NoMatchingError"], &[]),
    ("GetCustomerProfileObject", &["NoneFoundError", "NoMatchingError"], &[]),
    ("GetCalculatedAttributesForCustomerProfile", &["NoneFoundError", "NoMatchingError"], &[]),
    ("AssociateContactToCustomerProfile", &["NoMatchingError"], &[]),
    ("EvaluateDataTableValues", &["NoMatchingError"], &[]),
    ("ListDataTableValues", &["NoMatchingError"], &[]),
    ("UpsertDataTableValues", &["NoMatchingError"], &[]),
    ("SendSMS", &["NoMatchingError"], &[]),
    ("SendOutboundEmail", &["NoMatchingError"], &[]),
    ("PutDialRequest", &["NoMatchingError"], &[]),
    ("GetOutboundCommunicationStatus", &["NoMatchingError"], &[]),
];

/// What the service wants of one action's transitions.
pub(super) struct Rule {
    pub required: Vec<&'static str>,
    pub allowed: Vec<&'static str>,
    pub operands: Operands,
    pub operators: &'static [&'static str],
    /// Whether `NextAction` must be there; where it need not, it repeats the target of an error at most.
    pub next: bool,
    /// Whether an operand can be a number as well as a text.
    pub numbers: bool,
}

pub(super) enum Operands {
    /// No condition at all.
    None,
    /// These, each once.
    Exactly(Vec<&'static str>),
    /// Any of these.
    Among(&'static [&'static str]),
    /// Free ones, so many at least.
    Free(usize),
}

const EQUALS: &[&str] = &["Equals"];
const NUMERIC: &[&str] =
    &["Equals", "NumberGreaterThan", "NumberGreaterOrEqualTo", "NumberLessThan", "NumberLessOrEqualTo"];
const KEYS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"];

pub(super) fn rule(action: &str, parameters: &Map<String, Value>) -> Option<Rule> {
    let is = |name: &str, wanted: &str| parameters.get(name).and_then(Value::as_str) == Some(wanted);
    let has = |name: &str| parameters.contains_key(name);
    let rule = |required: &[&'static str], allowed: &[&'static str], operands, operators| Rule {
        required: required.to_vec(),
        allowed: allowed.to_vec(),
        operands,
        operators,
        next: true,
        numbers: false,
    };
    if let Some((_, required, allowed)) = PLAIN.iter().find(|row| row.0 == action) {
        return Some(rule(required, allowed, Operands::None, EQUALS));
    }
    Some(match action {
        "MessageParticipantIteratively" if has("InterruptFrequencySeconds") => Rule {
            next: false,
            ..rule(&[], &["NoMatchingError"], Operands::Exactly(vec!["MessagesInterrupted"]), EQUALS)
        },
        "MessageParticipantIteratively" => {
            Rule { next: false, ..rule(&[], &["NoMatchingError"], Operands::None, EQUALS) }
        }
        "GetParticipantInput" if has("EnableDTMFBuffer") => rule(&["NoMatchingError"], &[], Operands::None, EQUALS),
        "GetParticipantInput" if is("StoreInput", "True") => {
            let phone = parameters.get("InputValidation").and_then(|value| value.get("PhoneNumberValidation"));
            let invalid: &[&'static str] =
                if phone.is_some() { &["NoMatchingError", "InvalidPhoneNumber"] } else { &["NoMatchingError"] };
            rule(invalid, &[], Operands::None, EQUALS)
        }
        "GetParticipantInput" => rule(
            &["NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded"],
            &[],
            Operands::Among(KEYS),
            EQUALS,
        ),
        "ConnectParticipantWithLexBot" => {
            rule(&["NoMatchingError", "NoMatchingCondition"], &["InputTimeLimitExceeded"], Operands::Free(0), EQUALS)
        }
        "ShowView" => {
            rule(&["NoMatchingError", "NoMatchingCondition", "TimeLimitExceeded"], &[], Operands::Free(0), EQUALS)
        }
        "AuthenticateParticipant" => {
            rule(&["NoMatchingError", "TimeLimitExceeded"], &[], Operands::Exactly(vec!["OptedOut"]), EQUALS)
        }
        "TransferParticipantToThirdParty" if is("ContinueFlowExecution", "True") => {
            rule(&["NoMatchingError", "CallFailed", "ConnectionTimeLimitExceeded"], &[], Operands::None, EQUALS)
        }
        "TransferParticipantToThirdParty" => rule(&["NoMatchingError"], &[], Operands::None, EQUALS),
        "ConnectParticipantWithAgenticCX" => rule(
            &["NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded"],
            &[],
            Operands::Among(&["Escalation"]),
            EQUALS,
        ),
        "Compare" => rule(&["NoMatchingCondition"], &[], Operands::Free(1), &OPERATORS),
        "Wait" => {
            let mut operands = vec!["WaitCompleted"];
            let mut errors = vec!["NoMatchingError"];
            let events = parameters.get("Events").and_then(Value::as_array).cloned().unwrap_or_default();
            for event in events {
                match event.as_str() {
                    Some("CustomerReturned") => operands.push("CustomerReturned"),
                    Some("BotParticipantDisconnected") => {
                        operands.push("BotParticipantDisconnected");
                        errors.push("ParticipantNotFound");
                    }
                    _ => return None,
                }
            }
            if has("ContinueExecution") {
                operands = vec!["Continue", "WaitCompleted"];
            }
            rule(&errors, &[], Operands::Exactly(operands), EQUALS)
        }
        "Loop" => rule(&[], &["NoMatchingError"], Operands::Exactly(vec!["ContinueLooping", "DoneLooping"]), EQUALS),
        "DistributeByPercentage" => {
            Rule { numbers: true, ..rule(&["NoMatchingCondition"], &[], Operands::Free(1), &["NumberLessThan"]) }
        }
        "CheckHoursOfOperation" => rule(&["NoMatchingError"], &[], Operands::Exactly(vec!["True", "False"]), EQUALS),
        "CheckMetricData" => {
            let agents = parameters
                .get("MetricType")
                .and_then(Value::as_str)
                .is_some_and(|metric| metric.starts_with("NumberOfAgents"));
            let errors = ["NoMatchingError", "NoMatchingCondition"];
            if agents {
                rule(&errors, &[], Operands::Exactly(vec!["0"]), &["NumberGreaterThan"])
            } else {
                rule(&errors, &[], Operands::Free(1), NUMERIC)
            }
        }
        "CheckOutboundCallStatus" => rule(
            &["NoMatchingError"],
            &[],
            Operands::Exactly(vec!["CallAnswered", "VoicemailBeep", "VoicemailNoBeep", "NotDetected"]),
            EQUALS,
        ),
        "CheckVoiceId" | "CheckSecurityStatus" => rule(&["NoMatchingError"], &[], Operands::Free(1), EQUALS),
        "InvokeFlowModule" => rule(&["NoMatchingError"], &["NoMatchingCondition"], Operands::Free(0), EQUALS),
        "UpdateContactRecordingAndAnalyticsBehavior" => {
            let chat: &[&'static str] = if has("ChatBehavior") {
                &["NoMatchingError", "ChannelMismatch", "InFlightRedactionConfigurationFailed"]
            } else {
                &["NoMatchingError", "ChannelMismatch"]
            };
            rule(chat, &[], Operands::None, EQUALS)
        }
        "CreateCase" | "UpdateCase" | "GetCase" => {
            let mut errors = vec!["NoMatchingError"];
            if action == "GetCase" {
                errors.extend(["MultipleFound", "NoneFound"]);
            }
            if is("LinkContactToCase", "true") {
                errors.push("ContactNotLinked");
            }
            rule(&errors, &["ContactNotLinked"], Operands::None, EQUALS)
        }
        _ => return None,
    })
}
