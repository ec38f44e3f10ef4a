//! What is recorded, analysed and streamed of a contact.

use super::shared::ON_OFF;
use crate::catalogue::Piece::{Slot, WordList, Words};
use crate::catalogue::builders::{
    ERROR, FALLIBLE, INBOUND_TRANSFERS_QUEUE_OUTBOUND, PROBED, ROW, name, on_request, present, required, resource, set,
    switch,
};
use crate::catalogue::{
    ActionSpec, Allowed, Basis, Channel, Choice, Demand, Effect, Evidence, Family, FlowType as T, Holds, Kind, Mark,
    Next, OutletSpec, Param, ResourceKind, Seen, Sentence, Setting, Variant, Witness,
};

const TRUE_FALSE: Kind = switch("True", "False");
const PARTICIPANTS: Kind = Kind::Choices(&[("agent", "Agent"), ("customer", "Customer")]);
const VOICE_MODES: Kind =
    Kind::Choices(&[("post-contact", "PostContact"), ("real-time", "RealTime"), ("automated", "AutomatedInteraction")]);
const CHAT_MODES: Kind = Kind::Choices(&[("contact-lens", "ContactLens")]);

const SENTIMENT: Param =
    Param::new("SentimentConfiguration", Kind::Object(&[Param::new("Enabled", TRUE_FALSE)])).optional();
const SUMMARY: Param = Param::new(
    "SummaryConfiguration",
    Kind::Object(&[Param::new(
        "SummaryModes",
        Kind::Choices(&[("post-contact", "PostContact"), ("automated", "AutomatedInteraction")]),
    )]),
)
.optional();

// ---- the older block ----------------------------------------------------------------------------------------------

const ANALYTICS: &[Param] = &[
    Param::new("Enabled", TRUE_FALSE),
    Param::new(
        "AnalyticsMode",
        Kind::Choice(&[("post-call", "PostCall"), ("post-contact", "PostContact"), ("real-time", "RealTime")]),
    )
    .optional()
    .note("older form of the channel configuration"),
    Param::new("AnalyticsLanguage", name("a language")).mixed(),
    Param::new("AnalyticsRedactionBehavior", Kind::Choice(ON_OFF)).optional(),
    Param::new(
        "AnalyticsRedactionResults",
        Kind::Choice(&[("both", "RedactedAndOriginal"), ("redacted", "RedactedOnly"), ("none", "None")]),
    )
    .optional(),
    Param::new(
        "ChannelConfiguration",
        Kind::Object(&[
            Param::new("Chat", Kind::Object(&[Param::new("AnalyticsModes", CHAT_MODES)])).optional(),
            Param::new("Voice", Kind::Object(&[Param::new("AnalyticsModes", VOICE_MODES)])).optional(),
        ]),
    )
    .optional(),
    SUMMARY,
    SENTIMENT,
];

const RECORDING: &[Setting] = &[
    set("screen", "RecordingBehavior.ScreenRecordedParticipants"),
    set("ivr", "RecordingBehavior.IVRRecordingBehavior"),
    set("analytics", "AnalyticsBehavior.Enabled"),
    set("language", "AnalyticsBehavior.AnalyticsLanguage"),
    set("redaction", "AnalyticsBehavior.AnalyticsRedactionBehavior"),
    set("keep", "AnalyticsBehavior.AnalyticsRedactionResults"),
    set("voice-analytics", "AnalyticsBehavior.ChannelConfiguration.Voice.AnalyticsModes"),
    set("chat-analytics", "AnalyticsBehavior.ChannelConfiguration.Chat.AnalyticsModes"),
    set("sentiment", "AnalyticsBehavior.SentimentConfiguration.Enabled"),
    set("summary", "AnalyticsBehavior.SummaryConfiguration.SummaryModes"),
    set("mode", "AnalyticsBehavior.AnalyticsMode"),
];

// ---- the newer block ----------------------------------------------------------------------------------------------

const MASK: Param =
    Param::new("RedactionMaskMode", Kind::Choice(&[("entity", "EntityType"), ("pii", "PII")])).optional();
const ENTITIES: Param =
    Param::new("RedactionEntities", Kind::List(&Kind::Text { what: "an entity", max: 32_768 })).optional();

const REDACTION: Param = Param::new(
    "ConversationalAnalyticsRedactionConfiguration",
    Kind::Object(&[
        Param::new("Enabled", TRUE_FALSE),
        Param::new("RedactionResults", Kind::Choice(&[("both", "RedactedAndOriginal"), ("redacted", "RedactedOnly")]))
            .optional(),
        MASK,
        ENTITIES,
    ]),
)
.optional();

const IN_FLIGHT: Param = Param::new(
    "InFlightChatRedactionConfiguration",
    Kind::Object(&[
        Param::new("Enabled", TRUE_FALSE),
        MASK,
        ENTITIES,
        Param::new("DeliverUnprocessedMessages", TRUE_FALSE).optional(),
    ]),
)
.optional();

const LANGUAGE: Param = Param::new("AnalyticsLanguage", name("a language")).mixed().optional();

const BEHAVIORS: &[Param] = &[
    Param::new(
        "VoiceBehavior",
        Kind::Object(&[
            Param::new(
                "VoiceRecordingBehavior",
                Kind::Object(&[
                    Param::new("RecordedParticipants", PARTICIPANTS),
                    Param::new("IVRRecordingBehavior", Kind::Choice(ON_OFF)).optional(),
                ]),
            )
            .optional(),
            Param::new(
                "VoiceAnalyticsBehavior",
                Kind::Object(&[
                    Param::new("Enabled", TRUE_FALSE),
                    LANGUAGE,
                    Param::new("AnalyticsModes", VOICE_MODES).optional(),
                    REDACTION,
                    SENTIMENT,
                    SUMMARY,
                ]),
            )
            .optional(),
        ]),
    )
    .one_of("behavior"),
    Param::new(
        "ChatBehavior",
        Kind::Object(&[Param::new(
            "ChatAnalyticsBehavior",
            Kind::Object(&[
                Param::new("Enabled", TRUE_FALSE),
                LANGUAGE,
                Param::new("AnalyticsModes", CHAT_MODES).optional(),
                REDACTION,
                IN_FLIGHT,
                SENTIMENT,
                SUMMARY,
            ]),
        )]),
    )
    .one_of("behavior"),
    Param::new(
        "ScreenRecordingBehavior",
        Kind::Object(&[Param::new("ScreenRecordedParticipants", Kind::Choices(&[("agent", "Agent")]))]),
    )
    .one_of("behavior"),
];

const CALL_ANALYTICS: &[Setting] = &[
    set("ivr", "VoiceBehavior.VoiceRecordingBehavior.IVRRecordingBehavior"),
    set("analytics", "VoiceBehavior.VoiceAnalyticsBehavior.Enabled"),
    set("language", "VoiceBehavior.VoiceAnalyticsBehavior.AnalyticsLanguage"),
    set("modes", "VoiceBehavior.VoiceAnalyticsBehavior.AnalyticsModes"),
    set("redaction", "VoiceBehavior.VoiceAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.Enabled"),
    set("keep", "VoiceBehavior.VoiceAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.RedactionResults"),
    set("mask", "VoiceBehavior.VoiceAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.RedactionMaskMode"),
    set(
        "entities",
        "VoiceBehavior.VoiceAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.RedactionEntities",
    ),
    set("sentiment", "VoiceBehavior.VoiceAnalyticsBehavior.SentimentConfiguration.Enabled"),
    set("summary", "VoiceBehavior.VoiceAnalyticsBehavior.SummaryConfiguration.SummaryModes"),
];

const CHAT_ANALYTICS: &[Setting] = &[
    set("analytics", "ChatBehavior.ChatAnalyticsBehavior.Enabled"),
    set("language", "ChatBehavior.ChatAnalyticsBehavior.AnalyticsLanguage"),
    set("modes", "ChatBehavior.ChatAnalyticsBehavior.AnalyticsModes"),
    set("redaction", "ChatBehavior.ChatAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.Enabled"),
    set("keep", "ChatBehavior.ChatAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.RedactionResults"),
    set("mask", "ChatBehavior.ChatAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.RedactionMaskMode"),
    set(
        "entities",
        "ChatBehavior.ChatAnalyticsBehavior.ConversationalAnalyticsRedactionConfiguration.RedactionEntities",
    ),
    set("live-redaction", "ChatBehavior.ChatAnalyticsBehavior.InFlightChatRedactionConfiguration.Enabled"),
    set("live-mask", "ChatBehavior.ChatAnalyticsBehavior.InFlightChatRedactionConfiguration.RedactionMaskMode"),
    set("live-entities", "ChatBehavior.ChatAnalyticsBehavior.InFlightChatRedactionConfiguration.RedactionEntities"),
    set(
        "deliver-unprocessed",
        "ChatBehavior.ChatAnalyticsBehavior.InFlightChatRedactionConfiguration.DeliverUnprocessedMessages",
    ),
    set("sentiment", "ChatBehavior.ChatAnalyticsBehavior.SentimentConfiguration.Enabled"),
    set("summary", "ChatBehavior.ChatAnalyticsBehavior.SummaryConfiguration.SummaryModes"),
];

const WRONG_CHANNEL: OutletSpec = required("wrong-channel", "ChannelMismatch");

// ---- streaming ----------------------------------------------------------------------------------------------------

const DIRECTIONS: &[Choice] = &[("from-customer", "From"), ("to-customer", "To")];

const STREAMS: &[Param] = &[
    Param::new("MediaStreamingState", Kind::Choice(ON_OFF)),
    Param::new("MediaStreamType", Kind::Choice(&[("audio", "Audio")])),
    Param::new(
        "Participants",
        Kind::List(&Kind::Object(&[
            Param::new("ParticipantType", Kind::Choice(&[("customer", "Customer")])),
            Param::new("MediaDirections", Kind::Choices(DIRECTIONS)),
        ])),
    ),
];

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "UpdateContactRecordingBehavior",
        block: "Set recording and analytics behavior (older block)",
        family: Family::Contact,
        summary: "Sets who is recorded, and what Contact Lens does with it.",
        effects: &[Effect::Records],
        params: &[
            Param::new(
                "RecordingBehavior",
                Kind::Object(&[
                    Param::new("RecordedParticipants", PARTICIPANTS),
                    Param::new("ScreenRecordedParticipants", Kind::Choices(&[("agent", "Agent")])).optional(),
                    Param::new("IVRRecordingBehavior", Kind::Choice(ON_OFF)).optional(),
                ]),
            ),
            Param::new("AnalyticsBehavior", Kind::Object(ANALYTICS))
                .optional()
                .note("only when both participants are recorded"),
        ],
        variants: &[Variant::new(Next::Continues, &[on_request("error", "NoMatchingError")])],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE_OUTBOUND),
        channels: &[Channel::Voice, Channel::Chat],
        notes: &["the block has an error branch since January 2026; older exports have none"],
        sentences: &[
            Sentence::new(
                &[Words("record"), WordList("RecordingBehavior.RecordedParticipants")],
                "record agent, customer",
            )
            .settings(RECORDING),
            Sentence::new(&[Words("record nobody")], "record nobody")
                .fixed(&[("RecordingBehavior.RecordedParticipants", "")])
                .settings(RECORDING),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "UpdateContactRecordingAndAnalyticsBehavior",
        block: "Set recording, analytics and processing behavior",
        family: Family::Contact,
        summary: "Sets what is recorded and analysed of one channel.",
        effects: &[Effect::Records],
        params: BEHAVIORS,
        variants: &[Variant::new(
            Next::Continues,
            &[
                ERROR,
                WRONG_CHANNEL,
                required("redaction-failed", "InFlightRedactionConfigurationFailed")
                    .when(present("ChatBehavior"))
                    .rests(&[(Demand::Applicability, Basis::Refusal("the branch beside voice or screen"))]),
            ],
        )],
        notes: &["the console's block becomes one action for each channel"],
        sentences: &[
            Sentence::new(
                &[Words("record call of"), WordList("VoiceBehavior.VoiceRecordingBehavior.RecordedParticipants")],
                "record call of agent, customer (analytics: on, language: en-US, modes: [real-time])",
            )
            .settings(CALL_ANALYTICS),
            Sentence::new(&[Words("record call of nobody")], "record call of nobody")
                .fixed(&[("VoiceBehavior.VoiceRecordingBehavior.RecordedParticipants", "")])
                .settings(CALL_ANALYTICS),
            Sentence::new(&[Words("analyze call")], "analyze call (language: en-US, modes: [post-contact], sentiment: on)")
                .fixed(&[("VoiceBehavior.VoiceAnalyticsBehavior.Enabled", "True")])
                .settings(CALL_ANALYTICS),
            Sentence::new(
                &[Words("analyze chat")],
                "analyze chat (language: en-US, modes: [contact-lens], live-redaction: on) { redaction-failed -> next }",
            )
            .fixed(&[("ChatBehavior.ChatAnalyticsBehavior.Enabled", "True")])
            .settings(CHAT_ANALYTICS),
            Sentence::new(
                &[Words("record screen of"), WordList("ScreenRecordingBehavior.ScreenRecordedParticipants")],
                "record screen of agent",
            ),
            Sentence::new(&[Words("record screen of nobody")], "record screen of nobody")
                .fixed(&[("ScreenRecordingBehavior.ScreenRecordedParticipants", "")]),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "UpdateContactMediaStreamingBehavior",
        block: "Start media streaming, Stop media streaming",
        family: Family::Contact,
        summary: "Starts or stops a live copy of the audio.",
        params: STREAMS,
        variants: FALLIBLE,
        flow_types: Allowed::only(&[
            T::Inbound,
            T::AgentTransfer,
            T::QueueTransfer,
            T::CustomerQueue,
            T::CustomerWhisper,
            T::AgentWhisper,
            T::OutboundWhisper,
        ]),
        channels: &[Channel::Voice],
        notes: &["fills `$.MediaStreams.Customer.Audio`"],
        sentences: &[
            Sentence::new(&[Words("start media streaming")], "start media streaming (audio: [from-customer, to-customer])")
                .fixed(&[
                    ("MediaStreamingState", "Enabled"),
                    ("MediaStreamType", "Audio"),
                    ("Participants.0.ParticipantType", "Customer"),
                ])
                .settings(&[set("audio", "Participants.0.MediaDirections")]),
            Sentence::new(&[Words("stop media streaming")], "stop media streaming (audio: [from-customer, to-customer])")
                .fixed(&[
                    ("MediaStreamingState", "Disabled"),
                    ("MediaStreamType", "Audio"),
                    ("Participants.0.ParticipantType", "Customer"),
                ])
                .settings(&[set("audio", "Participants.0.MediaDirections")]),
        ],
        designer: &[
            Mark::new("toCustomer", Holds::Has("Participants.0.MediaDirections", "To")),
            Mark::new("fromCustomer", Holds::Has("Participants.0.MediaDirections", "From")),
        ],
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactMediaProcessing",
        block: "Set recording, analytics and processing behavior (chat processing)",
        family: Family::Contact,
        summary: "Has a Lambda function look at every chat message before it is delivered.",
        params: &[Param::new(
            "ChatProcessor",
            Kind::Object(&[
                Param::new("ProcessingEnabled", TRUE_FALSE),
                Param::new("LambdaProcessorARN", resource(ResourceKind::Lambda)).optional(),
                Param::new(
                    "ChatProcessorSettings",
                    Kind::Object(&[Param::new("DeliverUnprocessedMessages", TRUE_FALSE)
                        .default("True")
                        .note("whether messages pass when the function fails")]),
                )
                .rests(&[(Demand::RequiredKey, Basis::Refusal("an action without the key, whatever its page says"))]),
            ]),
        )],
        variants: &[Variant::new(Next::Continues, &[ERROR, WRONG_CHANNEL])],
        channels: &[Channel::Chat],
        evidence: Evidence::Probed,
        seen: Seen::Never,
        sources: &[Witness::Reference, Witness::Probes],
        sentences: &[
            Sentence::new(
                &[Words("process chat with"), Slot("ChatProcessor.LambdaProcessorARN")],
                "process chat with mask-messages (deliver-unprocessed: no)",
            )
            .fixed(&[("ChatProcessor.ProcessingEnabled", "True")])
            .settings(&[set("deliver-unprocessed", "ChatProcessor.ChatProcessorSettings.DeliverUnprocessedMessages")]),
            Sentence::new(&[Words("stop processing chat")], "stop processing chat")
                .fixed(&[("ChatProcessor.ProcessingEnabled", "False")])
                .settings(&[
                    set("lambda", "ChatProcessor.LambdaProcessorARN"),
                    set("deliver-unprocessed", "ChatProcessor.ChatProcessorSettings.DeliverUnprocessedMessages"),
                ]),
        ],
        ..ROW
    },
];
