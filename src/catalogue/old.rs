//! The blocks of the form that exports had before 2019-10-30, and the actions that do their work today.
//!
//! A row says which action a block became, where each of its parameters went, and what its branches are called now. What
//! reads old exports follows the rows and knows no block by name. Rows hold what public exports show, and no more.

use super::{Exit, FAILURE, Operator};

/// An old block.
#[derive(Debug)]
pub struct OldBlock {
    pub name: &'static str,
    /// Blocks of one name differ by their `target`. A row without one takes them all.
    pub target: Option<&'static str>,
    /// The action's type today.
    pub action: &'static str,
    pub params: &'static [OldParam],
    /// What the block's name said, and a parameter says today.
    pub fixed: &'static [Said],
    /// What only the absence of a branch said: the branch, and what its absence means.
    pub without: Option<(&'static str, Said)>,
    /// Branches whose words mean something else than [`COMMON_BRANCHES`] has for them.
    pub branches: &'static [OldBranch],
}

/// A parameter's path and a value of it.
///
/// Paths are dotted. `Name[]` is a new element of a list, `Name[0]` its first; `{key}` stands for the old parameter's
/// own `key`, and `{Other}` for the value of another parameter of the block.
pub type Said = (&'static str, &'static str);

/// A parameter of an old block. Of several rows for one name, the first that fits counts.
#[derive(Debug)]
pub struct OldParam {
    pub name: &'static str,
    pub when: Only,
    pub becomes: Becomes,
}

/// When a parameter's row fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Always,
    /// Another parameter has this value.
    With(&'static str, &'static str),
    /// The parameter's own `key` is this.
    Keyed(&'static str),
}

/// Where a parameter's value goes.
#[derive(Debug, Clone, Copy)]
pub enum Becomes {
    /// To this path.
    Value(&'static str),
    /// To this path, as a reference into the namespace that another parameter names.
    Reference(&'static str, &'static str),
    /// A word of a closed set, and what is said by it today.
    Words(&'static [(&'static str, &'static [Said])]),
    /// It chose between other parameters, and is not needed today.
    Nothing,
}

/// A branch of an old block.
#[derive(Debug)]
pub struct OldBranch {
    pub word: &'static str,
    pub becomes: OldExit,
    /// What the branch said besides, and a parameter says today.
    pub says: &'static [Said],
}

#[derive(Debug, Clone, Copy)]
pub enum OldExit {
    /// The way on.
    Next,
    /// An exit of this name.
    Is(Exit),
    /// A condition, with the operator and value that the branch holds.
    Evaluate,
}

/// The branch words that mean the same in most blocks.
pub const COMMON_BRANCHES: &[OldBranch] = &[
    branch("Success", OldExit::Next),
    branch("Error", OldExit::Is(Exit::Error(FAILURE))),
    branch("NoMatch", error("NoMatchingCondition")),
    branch("Evaluate", OldExit::Evaluate),
];

/// The operators of old conditions.
pub const OPERATORS: &[(&str, Operator)] = &[
    ("Equals", Operator::Equals),
    ("GreaterThan", Operator::NumberGreaterThan),
    ("GreaterThanOrEqualTo", Operator::NumberGreaterOrEqualTo),
    ("LessThan", Operator::NumberLessThan),
    ("LessThanOrEqualTo", Operator::NumberLessOrEqualTo),
    ("StartsWith", Operator::TextStartsWith),
    ("EndsWith", Operator::TextEndsWith),
    ("Contains", Operator::TextContains),
];

/// Namespaces whose names are free, and where they stand under `$`.
pub const NAMESPACES: &[(&str, &str)] = &[("External", "External"), ("User Defined", "Attributes")];

/// Names of the namespace `System` that are not paths under `$` themselves.
pub const SYSTEM: &[(&str, &str)] = &[
    ("Customer Number", "$.CustomerEndpoint.Address"),
    ("Dialed Number", "$.SystemEndpoint.Address"),
    ("Stored customer input", "$.StoredCustomerInput"),
];

/// The row of an old block.
pub fn find(name: &str, target: Option<&str>) -> Option<&'static OldBlock> {
    BLOCKS.iter().find(|row| row.name == name && (row.target.is_none() || row.target == target))
}

const fn branch(word: &'static str, becomes: OldExit) -> OldBranch {
    OldBranch { word, becomes, says: &[] }
}

const fn error(name: &'static str) -> OldExit {
    OldExit::Is(Exit::Error(name))
}

const fn result(name: &'static str) -> OldExit {
    OldExit::Is(Exit::Condition(Operator::Equals, name))
}

const fn value(name: &'static str, path: &'static str) -> OldParam {
    OldParam { name, when: Only::Always, becomes: Becomes::Value(path) }
}

const fn words(name: &'static str, words: &'static [(&'static str, &'static [Said])]) -> OldParam {
    OldParam { name, when: Only::Always, becomes: Becomes::Words(words) }
}

const fn nothing(name: &'static str) -> OldParam {
    OldParam { name, when: Only::Always, becomes: Becomes::Nothing }
}

impl OldParam {
    const fn with(self, param: &'static str, value: &'static str) -> Self {
        Self { when: Only::With(param, value), ..self }
    }

    const fn keyed(self, key: &'static str) -> Self {
        Self { when: Only::Keyed(key), ..self }
    }
}

impl OldBlock {
    const fn new(name: &'static str, action: &'static str, params: &'static [OldParam]) -> Self {
        Self { name, target: None, action, params, fixed: &[], without: None, branches: &[] }
    }

    const fn to(self, target: &'static str) -> Self {
        Self { target: Some(target), ..self }
    }

    const fn fixed(self, fixed: &'static [Said]) -> Self {
        Self { fixed, ..self }
    }

    const fn without(self, branch: &'static str, said: Said) -> Self {
        Self { without: Some((branch, said)), ..self }
    }

    const fn branches(self, branches: &'static [OldBranch]) -> Self {
        Self { branches, ..self }
    }
}

const SSML: OldParam = value("Text", "SSML").with("TextToSpeechType", "ssml");
const TEXT: OldParam = value("Text", "Text");
const TEXT_TYPE: OldParam = words("TextToSpeechType", &[("text", &[]), ("ssml", &[])]);
const AUDIO: OldParam = value("AudioPrompt", "PromptId");
const QUEUE: OldParam = value("Queue", "QueueId");
const AGENT: OldParam = value("Agent", "AgentId");

const PROMPT: &[OldParam] = &[SSML, TEXT, TEXT_TYPE, AUDIO];

const STORED_INPUT: &[OldParam] = &[
    SSML,
    TEXT,
    TEXT_TYPE,
    AUDIO,
    value("Timeout", "InputTimeLimitSeconds"),
    words("CustomerInputType", &[("Custom", &[]), ("PhoneNumber", &[])]),
    value("MaxDigits", "InputValidation.CustomValidation.MaximumLength").with("CustomerInputType", "Custom"),
    words(
        "PhoneNumberFormat",
        &[
            ("Local", &[("InputValidation.PhoneNumberValidation.NumberFormat", "Local")]),
            ("International", &[("InputValidation.PhoneNumberValidation.NumberFormat", "E164")]),
        ],
    ),
    value("CountryCode", "InputValidation.PhoneNumberValidation.CountryCode"),
    // With a key and without: the two parameters behind it say so today.
    nothing("EncryptEntry"),
    value("EncryptionKeyId", "InputEncryption.EncryptionKeyId"),
    value("EncryptionKey", "InputEncryption.Key"),
    value("DisableCancel", "DTMFConfiguration.DisableCancelKey"),
    value("TerminatorDigits", "DTMFConfiguration.InputTerminationSequence"),
];

const HOOK: &[OldParam] = &[value("ContactFlowId", "EventHooks.{Type}"), nothing("Type")];

const STREAMING: &[OldParam] = &[
    words(
        "Track",
        &[
            ("FromCustomer", &[("Participants[0].MediaDirections[]", "From")]),
            ("ToCustomer", &[("Participants[0].MediaDirections[]", "To")]),
        ],
    ),
    value("ParticipantTypes", "Participants[0].ParticipantType"),
    value("MediaStreamTypes", "MediaStreamType"),
];

const TO_QUEUE: OldBlock = OldBlock::new("Transfer", "TransferContactToQueue", &[])
    .branches(&[branch("AtCapacity", error("QueueAtCapacity"))]);
const TO_FLOW: OldBlock =
    OldBlock::new("Transfer", "TransferToFlow", &[value("ContactFlowId", "ContactFlowId")]).to("Flow");
const STORE: OldBlock = OldBlock::new("StoreUserInput", "GetParticipantInput", STORED_INPUT)
    .fixed(&[("StoreInput", "True")])
    .branches(&[branch("InvalidNumber", error("InvalidPhoneNumber"))]);

const OPEN_OR_NOT: &[OldBranch] = &[branch("True", result("True")), branch("False", result("False"))];

/// Every old block that has a counterpart.
pub const BLOCKS: &[OldBlock] = &[
    OldBlock::new("PlayPrompt", "MessageParticipant", PROMPT),
    OldBlock::new("PlayAudio", "MessageParticipant", PROMPT),
    OldBlock::new(
        "LoopPrompts",
        "MessageParticipantIteratively",
        &[
            value("Text", "Messages[].SSML").keyed("ssml"),
            value("Text", "Messages[].Text"),
            value("AudioPrompt", "Messages[].PromptId"),
        ],
    )
    .branches(&[branch("Timeout", result("MessagesInterrupted"))]),
    OldBlock::new(
        "GetUserInput",
        "GetParticipantInput",
        &[
            SSML,
            TEXT,
            TEXT_TYPE,
            AUDIO,
            value("Timeout", "InputTimeLimitSeconds"),
            // A menu takes one key, and has no parameter for it.
            words("MaxDigits", &[("1", &[])]),
        ],
    )
    .to("Digits")
    .fixed(&[("StoreInput", "False")])
    .branches(&[branch("Timeout", error("InputTimeLimitExceeded"))]),
    OldBlock::new(
        "GetUserInput",
        "ConnectParticipantWithLexBot",
        &[
            SSML,
            TEXT,
            TEXT_TYPE,
            AUDIO,
            value("BotName", "LexBot.Name"),
            value("BotRegion", "LexBot.Region"),
            value("BotAlias", "LexBot.Alias"),
            value("BotAliasArn", "LexV2Bot.AliasArn"),
            // Which of the two it is follows from the bot's parameters.
            words("LexVersion", &[("V1", &[]), ("V2", &[])]),
        ],
    )
    .to("Lex")
    .branches(&[branch("Timeout", error("InputTimeLimitExceeded"))]),
    STORE,
    OldBlock { name: "StoreCustomerInput", ..STORE },
    OldBlock::new("Disconnect", "DisconnectParticipant", &[]),
    OldBlock::new("Resume", "EndFlowExecution", &[]),
    TO_QUEUE.to("Queue"),
    OldBlock { name: "CustomerInQueue", ..TO_QUEUE },
    TO_FLOW,
    OldBlock { name: "TransferToFlow", target: None, ..TO_FLOW },
    OldBlock::new(
        "Transfer",
        "TransferParticipantToThirdParty",
        &[
            value("PhoneNumber", "ThirdPartyPhoneNumber"),
            value("TimeLimit", "ThirdPartyConnectionTimeLimitSeconds"),
            words(
                "BlindTransfer",
                &[("True", &[("ContinueFlowExecution", "False")]), ("False", &[("ContinueFlowExecution", "True")])],
            ),
        ],
    )
    .to("PhoneNumber")
    // A call that comes back has a branch for it.
    .without("Success", ("ContinueFlowExecution", "False"))
    .branches(&[branch("CallFailure", error("CallFailed")), branch("Timeout", error("ConnectionTimeLimitExceeded"))]),
    OldBlock::new(
        "InvokeExternalResource",
        "InvokeLambdaFunction",
        &[
            value("FunctionArn", "LambdaFunctionARN"),
            value("TimeLimit", "InvocationTimeLimitSeconds"),
            value("Parameter", "LambdaInvocationAttributes.{key}"),
        ],
    )
    .to("Lambda"),
    OldBlock::new("SetQueue", "UpdateContactTargetQueue", &[QUEUE, AGENT]),
    OldBlock::new("SetAttributes", "UpdateContactAttributes", &[value("Attribute", "Attributes.{key}")]),
    OldBlock::new("SetScreenPop", "UpdateContactAttributes", &[nothing("key"), value("value", "Attributes.{key}")]),
    OldBlock::new("SetCallBackNumber", "UpdateContactCallbackNumber", &[value("CallBackNumber", "CallbackNumber")])
        .branches(&[
            branch("InvalidPhoneNumber", error("InvalidCallbackNumber")),
            branch("NonDialableNumber", error("CallbackNumberNotDialable")),
        ]),
    OldBlock::new(
        "CreateCallback",
        "CreateCallbackContact",
        &[
            QUEUE,
            AGENT,
            value("InitialDelaySeconds", "InitialCallDelaySeconds"),
            value("RetryDelaySeconds", "RetryDelaySeconds"),
            value("MaxRetryAttempts", "MaximumConnectionAttempts"),
        ],
    ),
    OldBlock::new(
        "CheckAttribute",
        "Compare",
        &[
            OldParam {
                name: "Attribute",
                when: Only::Always,
                becomes: Becomes::Reference("ComparisonValue", "Namespace"),
            },
            nothing("Namespace"),
        ],
    ),
    OldBlock::new("CheckHoursOfOperation", "CheckHoursOfOperation", &[value("Hours", "HoursOfOperationId")])
        .branches(OPEN_OR_NOT),
    OldBlock::new(
        "CheckStaffing",
        "CheckMetricData",
        &[
            words(
                "Status",
                &[
                    ("Available", &[("MetricType", "NumberOfAgentsAvailable")]),
                    ("Staffed", &[("MetricType", "NumberOfAgentsStaffed")]),
                    ("Online", &[("MetricType", "NumberOfAgentsOnline")]),
                ],
            ),
            QUEUE,
            AGENT,
        ],
    )
    .branches(&[
        branch("True", OldExit::Is(Exit::Condition(Operator::NumberGreaterThan, "0"))),
        branch("False", error("NoMatchingCondition")),
    ]),
    OldBlock::new("CheckQueueStatus", "CheckMetricData", &[QUEUE, AGENT]).branches(&[OldBranch {
        word: "CheckQueueTime",
        becomes: OldExit::Evaluate,
        says: &[("MetricType", "OldestContactInQueueAgeSeconds")],
    }]),
    OldBlock::new("GetMetricData", "GetMetricData", &[QUEUE, AGENT]),
    OldBlock::new("PercentileBranching", "DistributeByPercentage", &[]),
    OldBlock::new("Loop", "Loop", &[value("LoopCount", "LoopCount")])
        .branches(&[branch("Looping", result("ContinueLooping")), branch("Complete", result("DoneLooping"))]),
    OldBlock::new(
        "Wait",
        "Wait",
        &[
            value("TimeoutSeconds", "TimeLimitSeconds"),
            words("InterruptOnCustomerReturn", &[("true", &[("Events[]", "CustomerReturned")]), ("false", &[])]),
        ],
    )
    .branches(&[branch("Timeout", result("WaitCompleted")), branch("CustomerReturn", result("CustomerReturned"))]),
    OldBlock::new(
        "SetLoggingBehavior",
        "UpdateFlowLoggingBehavior",
        &[words(
            "LoggingBehavior",
            &[("Enable", &[("FlowLoggingBehavior", "Enabled")]), ("Disable", &[("FlowLoggingBehavior", "Disabled")])],
        )],
    ),
    OldBlock::new(
        "SetRecordingBehavior",
        "UpdateContactRecordingBehavior",
        &[
            words(
                "RecordingBehaviorOption",
                &[
                    ("Enable", &[]),
                    // Nobody: the list without an element.
                    ("Disable", &[("RecordingBehavior.RecordedParticipants", "")]),
                ],
            ),
            nothing("RecordingParticipantOption").with("RecordingBehaviorOption", "Disable"),
            words(
                "RecordingParticipantOption",
                &[
                    (
                        "Both",
                        &[
                            ("RecordingBehavior.RecordedParticipants[]", "Agent"),
                            ("RecordingBehavior.RecordedParticipants[]", "Customer"),
                        ],
                    ),
                    ("Agent", &[("RecordingBehavior.RecordedParticipants[]", "Agent")]),
                    ("Customer", &[("RecordingBehavior.RecordedParticipants[]", "Customer")]),
                ],
            ),
            words(
                "AnalyticsBehaviorOption",
                &[
                    ("Enable", &[("AnalyticsBehavior.Enabled", "True")]),
                    ("Disable", &[("AnalyticsBehavior.Enabled", "False")]),
                ],
            ),
            value("AnalyticsLanguageLocaleCode", "AnalyticsBehavior.AnalyticsLanguage"),
            words("AnalyticsCustomVocabulary", &[("None", &[])]),
            words(
                "AnalyticsRedactionOption",
                &[
                    ("Enable", &[("AnalyticsBehavior.AnalyticsRedactionBehavior", "Enabled")]),
                    ("Disable", &[("AnalyticsBehavior.AnalyticsRedactionBehavior", "Disabled")]),
                ],
            ),
            value("AnalyticsRedactionPolicy", "AnalyticsBehavior.AnalyticsRedactionResults"),
            words(
                "AnalyticsMode",
                &[
                    ("PostCall", &[("AnalyticsBehavior.ChannelConfiguration.Voice.AnalyticsModes[]", "PostContact")]),
                    ("RealTime", &[("AnalyticsBehavior.ChannelConfiguration.Voice.AnalyticsModes[]", "RealTime")]),
                ],
            ),
        ],
    ),
    OldBlock::new("SetVoice", "UpdateContactTextToSpeechVoice", &[value("GlobalVoice", "TextToSpeechVoice")]),
    OldBlock::new("SetEventHook", "UpdateContactEventHooks", HOOK),
    OldBlock::new("SetContactFlow", "UpdateContactEventHooks", HOOK),
    OldBlock::new("StartMediaStreaming", "UpdateContactMediaStreamingBehavior", STREAMING)
        .fixed(&[("MediaStreamingState", "Enabled"), ("Participants[0].ParticipantType", "Customer")]),
    OldBlock::new("StopMediaStreaming", "UpdateContactMediaStreamingBehavior", STREAMING)
        .fixed(&[("MediaStreamingState", "Disabled"), ("Participants[0].ParticipantType", "Customer")]),
    OldBlock::new(
        "UpdateRoutingPriority",
        "UpdateContactRoutingBehavior",
        &[value("AbsolutePosition", "QueuePriority"), value("TimeOffset", "QueueTimeAdjustmentSeconds")],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    fn rows() -> impl Iterator<Item = (&'static OldBlock, &'static catalogue::ActionSpec)> {
        BLOCKS
            .iter()
            .map(|row| (row, catalogue::find(row.action).unwrap_or_else(|| panic!("there is no {}", row.action))))
    }

    #[test]
    fn no_row_hides_another() {
        for row in BLOCKS {
            let found = find(row.name, row.target).unwrap();
            assert_eq!((found.target, found.action), (row.target, row.action), "{} is hidden by another row", row.name);
        }
    }

    #[test]
    fn every_parameter_goes_where_the_action_has_one() {
        for (row, action) in rows() {
            let paths = row.params.iter().flat_map(|param| match param.becomes {
                Becomes::Value(path) | Becomes::Reference(path, _) => vec![path],
                Becomes::Words(words) => words.iter().flat_map(|word| word.1.iter().map(|said| said.0)).collect(),
                Becomes::Nothing => Vec::new(),
            });
            let said = row.branches.iter().flat_map(|branch| branch.says).chain(row.fixed).map(|said| said.0);
            for path in paths.chain(said) {
                let plain = path.replace("[]", "").replace("[0]", "");
                let plain = plain.split(".{").next().unwrap();
                let (head, rest) = plain.split_once('.').unwrap_or((plain, ""));
                assert!(action.param(head).is_some(), "{}: {} has no {path}", row.name, row.action);
                let is_nested = !rest.is_empty() && !path.contains("].");
                assert!(!is_nested || action.param(plain).is_some(), "{}: {} has no {path}", row.name, row.action);
            }
        }
    }

    #[test]
    fn every_branch_is_an_exit_of_the_action() {
        for (row, action) in rows() {
            for branch in row.branches {
                let OldExit::Is(exit) = branch.becomes else { continue };
                let is_there = action.variants.iter().any(|variant| {
                    variant.outlets.iter().any(|outlet| outlet.exit == exit)
                        || (matches!(exit, Exit::Condition(..)) && variant.literals != catalogue::Literals::None)
                });
                assert!(is_there, "{}: {} cannot be left by {exit:?}", row.name, row.action);
            }
        }
    }
}
