//! What the live service refuses besides the form of parameters and transitions, a row each. Every row has an action
//! that it refuses and one beside it that it takes, and the tests hold it to both.

use serde_json::{Map, Value};

/// Types that do not exist, though pages, tools or their names suggest so, and what to write instead.
pub(super) const WRONG_TYPES: &[(&str, &str)] = &[
    ("UnTagContact", "UntagContact"),
    ("UpdateRoutingCriteria", "UpdateContactRoutingCriteria"),
    ("ReturnFromFlowModule", "EndFlowModuleExecution"),
    ("TransferToAgent", "TransferContactToAgent"),
    ("TransferToPhoneNumber", "TransferParticipantToThirdParty"),
    ("CheckQueueStatus", "CheckMetricData"),
    ("CheckStaffing", "CheckMetricData"),
    ("Distribute", "DistributeByPercentage"),
    ("StartMediaStreaming", "UpdateContactMediaStreamingBehavior"),
    ("StopMediaStreaming", "UpdateContactMediaStreamingBehavior"),
    ("SetLoggingBehavior", "UpdateFlowLoggingBehavior"),
    ("UpdateCustomerProfileObject", ""),
    ("PutCustomerProfile", ""),
    ("UpdateContactRoutingData", ""),
    ("InvokeAPI", ""),
    ("SetContactAttributes", "UpdateContactAttributes"),
    ("CheckAttribute", "Compare"),
    ("CheckContactAttributes", "Compare"),
    ("StoreCustomerInput", "GetParticipantInput"),
    ("TransferContactToFlow", "TransferToFlow"),
    ("TransferToQueue", "TransferContactToQueue"),
    ("TransferParticipantToQueue", "TransferContactToQueue"),
    ("SetCallbackNumber", "UpdateContactCallbackNumber"),
    ("SetWorkingQueue", "UpdateContactTargetQueue"),
    ("GetQueueMetrics", "GetMetricData"),
    ("PlayPrompt", "MessageParticipant"),
    ("MessageParticipants", "MessageParticipant"),
];

/// Operators that the service refuses wherever they stand.
pub(super) const REFUSED_OPERATORS: [&str; 6] = ["And", "Or", "Not", "All", "Any", "Contains"];

/// Whether one of a group of parameters must be there, or may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Exactly,
    AtMost,
    AtLeast,
}

impl Count {
    fn allows(self, given: usize) -> bool {
        match self {
            Self::Exactly => given == 1,
            Self::AtMost => given <= 1,
            Self::AtLeast => given >= 1,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Exactly => "exactly one",
            Self::AtMost => "at most one",
            Self::AtLeast => "at least one",
        }
    }
}

const PROMPT: &[&str] = &["Text", "SSML", "PromptId", "Media"];
const TARGET: &[&str] = &["QueueId", "AgentId"];

/// Parameters that exclude or need one another: type, how many, of which. "Only one of these properties may be defined."
pub(super) const GROUPS: &[(&str, Count, &[&str])] = &[
    ("MessageParticipant", Count::Exactly, PROMPT),
    ("GetParticipantInput", Count::AtMost, PROMPT),
    ("ConnectParticipantWithLexBot", Count::AtMost, &["Text", "SSML", "PromptId", "Media", "LexInitializationData"]),
    ("ConnectParticipantWithLexBot", Count::Exactly, &["LexV2Bot", "LexBot"]),
    ("CheckMetricData", Count::AtMost, TARGET),
    ("GetMetricData", Count::AtMost, TARGET),
    ("UpdateContactTargetQueue", Count::Exactly, TARGET),
    ("DequeueContactAndTransferToQueue", Count::AtMost, TARGET),
    ("CreateCallbackContact", Count::AtMost, TARGET),
    ("CreateTask", Count::AtMost, &["DelaySeconds", "ScheduledTime"]),
    (
        "UpdateContactRecordingAndAnalyticsBehavior",
        Count::Exactly,
        &["VoiceBehavior", "ChatBehavior", "ScreenRecordingBehavior"],
    ),
    (
        "UpdateContactRoutingBehavior",
        Count::Exactly,
        &["QueuePriority", "QueueTimeAdjustmentSeconds", "RoutingProficiencies"],
    ),
    (
        "UpdateContactData",
        Count::AtLeast,
        &[
            "Name",
            "Description",
            "LanguageCode",
            "CustomerId",
            "References",
            "IsVoiceIdStreamingEnabled",
            "IsVoiceAuthenticationEnabled",
            "IsFraudDetectionEnabled",
            "WisdomSessionArn",
        ],
    ),
];

/// What of a group is wrong.
pub(super) fn group((_, count, members): &(&str, Count, &[&str]), parameters: &Map<String, Value>) -> Option<String> {
    let given = members.iter().filter(|member| parameters.contains_key(**member)).count();
    (!count.allows(given)).then(|| format!("{} of {} may be defined, not {given}", count.words(), members.join(", ")))
}

/// An action with what lies around it.
pub(super) struct Facts<'a> {
    pub parameters: &'a Map<String, Value>,
    /// The error branches.
    pub errors: Vec<&'a str>,
    /// The flow's type as Metadata has it.
    pub flow_type: &'a str,
    /// What Metadata says of a module's contract.
    pub settings: &'a Value,
}

impl Facts<'_> {
    fn has(&self, key: &str) -> bool {
        self.parameters.contains_key(key)
    }

    fn at(&self, pointer: &str) -> Option<&Value> {
        let (key, rest) =
            pointer.split_once('/').map_or((pointer, String::new()), |(key, rest)| (key, format!("/{rest}")));
        self.parameters.get(key)?.pointer(&rest)
    }

    fn is(&self, pointer: &str, wanted: &str) -> bool {
        self.at(pointer).and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(wanted))
    }

    fn entries(&self, pointer: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.at(pointer).and_then(Value::as_object).into_iter().flatten()
    }

    fn texts(&self, pointer: &str) -> impl Iterator<Item = &str> {
        self.at(pointer).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether a module declares something; one that declares nothing at all is not judged, for its contract is elsewhere.
    fn declares(&self, pointer: &str, name: &str) -> bool {
        match self.settings.pointer(pointer) {
            Some(Value::Array(results)) => results.iter().any(|result| result["name"] == name),
            Some(Value::Object(properties)) => properties.contains_key(name),
            _ => false,
        }
    }
}

/// One thing that is refused.
pub(super) struct Refusal {
    pub action: &'static str,
    pub says: &'static str,
    pub is_refused: fn(&Facts) -> bool,
    /// Parameters that are refused, and others that are taken.
    pub refused: &'static str,
    pub taken: &'static str,
    /// The types of flow in which they are, as Metadata has them; none for a module.
    pub refused_in: &'static str,
    pub taken_in: &'static str,
}

const PLAIN: Refusal = Refusal {
    action: "",
    says: "",
    is_refused: |_| false,
    refused: "{}",
    taken: "{}",
    refused_in: "contactFlow",
    taken_in: "contactFlow",
};

const HOLDS_AND_WHISPERS: [&str; 5] =
    ["customerHold", "agentHold", "customerWhisper", "agentWhisper", "outboundWhisper"];

pub(super) const REFUSALS: &[Refusal] = &[
    Refusal {
        action: "GetParticipantInput",
        says: "InputTimeLimitSeconds is missing",
        is_refused: |facts| !facts.has("InputTimeLimitSeconds") && !facts.has("EnableDTMFBuffer"),
        refused: r#"{"StoreInput": "False"}"#,
        taken: r#"{"StoreInput": "False", "EnableDTMFBuffer": "true"}"#,
        ..PLAIN
    },
    Refusal {
        action: "GetParticipantInput",
        says: "InputValidation is missing",
        is_refused: |facts| facts.is("StoreInput", "True") && !facts.has("InputValidation"),
        refused: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5"}"#,
        taken: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {"CustomValidation": {"MaximumLength": 20}}}"#,
        ..PLAIN
    },
    Refusal {
        action: "GetParticipantInput",
        says: "InputValidation is not for a menu",
        is_refused: |facts| facts.is("StoreInput", "False") && facts.has("InputValidation"),
        refused: r#"{"StoreInput": "False", "InputTimeLimitSeconds": "5", "InputValidation": {"CustomValidation": {"MaximumLength": "20"}}}"#,
        taken: r#"{"StoreInput": "False", "InputTimeLimitSeconds": "5"}"#,
        ..PLAIN
    },
    Refusal {
        action: "GetParticipantInput",
        says: "exactly one validation may be defined",
        is_refused: |facts| facts.has("InputValidation") && facts.entries("InputValidation").count() != 1,
        refused: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {}}"#,
        taken: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}}}"#,
        ..PLAIN
    },
    Refusal {
        action: "GetParticipantInput",
        says: "a telephone number cannot be encrypted",
        is_refused: |facts| facts.has("InputEncryption") && facts.at("InputValidation/CustomValidation").is_none(),
        refused: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}}, "InputEncryption": {"EncryptionKeyId": "k", "Key": "c"}}"#,
        taken: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {"CustomValidation": {"MaximumLength": "4"}}, "InputEncryption": {"EncryptionKeyId": "k", "Key": "c"}}"#,
        ..PLAIN
    },
    Refusal {
        action: "GetParticipantInput",
        says: "a local number needs its CountryCode",
        is_refused: |facts| {
            facts.is("InputValidation/PhoneNumberValidation/NumberFormat", "Local")
                && facts.at("InputValidation/PhoneNumberValidation/CountryCode").is_none()
        },
        refused: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "Local"}}}"#,
        taken: r#"{"StoreInput": "True", "InputTimeLimitSeconds": "5", "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "US"}}}"#,
        ..PLAIN
    },
    Refusal {
        action: "Compare",
        says: "a name space is no value",
        is_refused: |facts| {
            let value = facts.at("ComparisonValue").and_then(Value::as_str).unwrap_or_default();
            value.strip_prefix("$.").is_some_and(|root| ROOTS.contains(&root))
        },
        refused: r#"{"ComparisonValue": "$.Attributes"}"#,
        taken: r#"{"ComparisonValue": "$.Attributes.['my key']"}"#,
        ..PLAIN
    },
    Refusal {
        action: "Compare",
        says: "a fixed text is no reference",
        is_refused: |facts| {
            !facts.at("ComparisonValue").and_then(Value::as_str).is_some_and(|value| value.starts_with("$."))
        },
        refused: r#"{"ComparisonValue": "gold"}"#,
        taken: r#"{"ComparisonValue": "$.Channel"}"#,
        ..PLAIN
    },
    Refusal {
        action: "Wait",
        says: "no such event",
        is_refused: |facts| {
            facts.texts("Events").any(|event| ["LambdaReturned", "AsyncLambdaCompletion"].contains(&event))
        },
        refused: r#"{"TimeLimitSeconds": "60", "Events": ["LambdaReturned"]}"#,
        taken: r#"{"TimeLimitSeconds": "60", "Events": ["CustomerReturned"]}"#,
        ..PLAIN
    },
    Refusal {
        action: "Wait",
        says: "MinimumWaitTimeSeconds is for a flow that keeps running",
        is_refused: |facts| facts.has("MinimumWaitTimeSeconds") && !facts.is("ContinueExecution", "True"),
        refused: r#"{"TimeLimitSeconds": "60", "MinimumWaitTimeSeconds": "30"}"#,
        taken: r#"{"TimeLimitSeconds": "60", "MinimumWaitTimeSeconds": "30", "ContinueExecution": "True"}"#,
        ..PLAIN
    },
    Refusal {
        action: "TagContact",
        says: "6 tags are the most",
        is_refused: |facts| facts.entries("Tags").count() > 6,
        refused: r#"{"Tags": {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "6", "g": "7"}}"#,
        taken: r#"{"Tags": {"aws:a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "6"}}"#,
        ..PLAIN
    },
    Refusal {
        action: "UntagContact",
        says: "there must be a key",
        is_refused: |facts| facts.at("TagKeys").and_then(Value::as_array).is_some_and(Vec::is_empty),
        refused: r#"{"TagKeys": []}"#,
        taken: r#"{"TagKeys": ["a"]}"#,
        ..PLAIN
    },
    Refusal {
        action: "TransferParticipantToThirdParty",
        says: "a transfer to an agent does not go on when a call fails",
        is_refused: |facts| {
            facts.flow_type == "agentTransfer"
                && facts.errors.iter().any(|error| ["CallFailed", "ConnectionTimeLimitExceeded"].contains(error))
        },
        refused: r#"{"ThirdPartyPhoneNumber": "+12065550100", "ThirdPartyConnectionTimeLimitSeconds": "30", "ContinueFlowExecution": "True"}"#,
        taken: r#"{"ThirdPartyPhoneNumber": "+12065550100", "ThirdPartyConnectionTimeLimitSeconds": "30", "ContinueFlowExecution": "False"}"#,
        refused_in: "agentTransfer",
        taken_in: "agentTransfer",
    },
    Refusal {
        action: "DisconnectParticipant",
        says: "holds and whispers cannot disconnect",
        is_refused: |facts| HOLDS_AND_WHISPERS.contains(&facts.flow_type),
        refused_in: "customerHold",
        ..PLAIN
    },
    Refusal {
        action: "CompleteOutboundCall",
        says: "an inbound flow places no call",
        is_refused: |facts| facts.flow_type == "contactFlow",
        taken_in: "outboundWhisper",
        ..PLAIN
    },
    Refusal {
        action: "EndFlowModuleExecution",
        says: "the module declares no such result",
        is_refused: |facts| {
            let result = facts.at("Result").and_then(Value::as_str);
            result.is_some_and(|result| !facts.declares("/transitions/results", result))
        },
        refused: r#"{"Result": "Undeclared"}"#,
        taken: r#"{"Result": "Done"}"#,
        refused_in: "",
        taken_in: "",
    },
    Refusal {
        action: "EndFlowModuleExecution",
        says: "the module declares no such data",
        is_refused: |facts| {
            facts.entries("ResultData").any(|(key, _)| !facts.declares("/resultData/schema/properties", key))
        },
        refused: r#"{"ResultData": {"undeclared": "1"}}"#,
        taken: r#"{"ResultData": {"number": "1"}}"#,
        refused_in: "",
        taken_in: "",
    },
    Refusal {
        action: "ShowView",
        says: "an empty text stands directly in ViewData",
        is_refused: |facts| facts.entries("ViewData").any(|(_, value)| value == ""),
        refused: r#"{"ViewResource": {"Id": "form"}, "InvocationTimeLimitSeconds": "60", "ViewData": {"Heading": ""}}"#,
        taken: r#"{"ViewResource": {"Id": "form"}, "InvocationTimeLimitSeconds": "60", "ViewData": {"Sections": [{"Label": "", "Value": 1}]}}"#,
        ..PLAIN
    },
];

/// Name spaces that hold several values.
const ROOTS: [&str; 9] =
    ["Attributes", "FlowAttributes", "External", "Lex", "Lex.Slots", "Views", "Customer", "Modules", "Metrics"];
