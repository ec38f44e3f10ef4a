//! Actions on the contact: its attributes, queue, hooks, recording, routing, tags.

use super::shared::{ON_OFF, TARGET_CONTACT};
use crate::catalogue::Piece::{Map, Optional, Slot, WordList, Words};
use crate::catalogue::builders::{
    ANY_ERROR, ERROR, FALLIBLE, FALLIBLE_OPTIONAL, INBOUND_AND_TRANSFERS, INBOUND_TRANSFERS_QUEUE,
    INBOUND_TRANSFERS_QUEUE_OUTBOUND, INFALLIBLE, ROW, TERMINAL, equal, keyed, name, number, required, seconds, set,
    switch, text, whole,
};
use crate::catalogue::limits::TAGS_MAX;
use crate::catalogue::{
    ActionSpec, Allowed, Channel, Family, FlowType as T, Keys, Kind, Lowering, Next, Param, Place, ResourceKind,
    Sentence, Setting, Variant,
};

const fn hook(event: &'static str) -> Param {
    Param::new(event, Kind::Resource(ResourceKind::Flow)).single().one_of("event")
}

const HOOKS: &[Param] = &[
    hook("AgentHold"),
    hook("AgentWhisper"),
    hook("CustomerHold"),
    hook("CustomerQueue"),
    hook("CustomerRemaining"),
    hook("CustomerWhisper"),
    hook("DefaultAgentUI"),
    hook("DisconnectAgentUI"),
    hook("PauseContact"),
    hook("ResumeContact"),
];

const SWITCHED_OFF: &[Param] = &[Param::new("DisableExecution", switch("true", "false"))];

const fn hook_switch(event: &'static str) -> Param {
    Param::new(event, Kind::Object(SWITCHED_OFF)).optional()
}

const HOOK_SWITCHES: &[Param] = &[
    hook_switch("AgentHold"),
    hook_switch("AgentWhisper"),
    hook_switch("CustomerHold"),
    hook_switch("CustomerQueue"),
    hook_switch("CustomerRemaining"),
    hook_switch("CustomerWhisper"),
    hook_switch("DefaultAgentUI"),
    hook_switch("DisconnectAgentUI"),
    hook_switch("PauseContact"),
    hook_switch("ResumeContact"),
];

const fn modes(choices: Kind) -> [Param; 1] {
    [Param::new("AnalyticsModes", choices)]
}

const ANALYTICS: &[Param] = &[
    Param::new("Enabled", switch("True", "False")),
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
            Param::new(
                "Voice",
                Kind::Object(&modes(Kind::Choices(&[
                    ("post-contact", "PostContact"),
                    ("real-time", "RealTime"),
                    ("automated", "AutomatedInteraction"),
                ]))),
            )
            .optional(),
            Param::new("Chat", Kind::Object(&modes(Kind::Choices(&[("contact-lens", "ContactLens")])))).optional(),
        ]),
    )
    .optional(),
    Param::new("SentimentConfiguration", Kind::Object(&[Param::new("Enabled", switch("True", "False"))])).optional(),
    Param::new(
        "SummaryConfiguration",
        Kind::Object(&[Param::new(
            "SummaryModes",
            Kind::Choices(&[("post-contact", "PostContact"), ("automated", "AutomatedInteraction")]),
        )]),
    )
    .optional(),
    Param::new("AnalyticsMode", Kind::Choice(&[("post-call", "PostCall"), ("real-time", "RealTime")]))
        .optional()
        .note("older form of the channel configuration"),
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
];

const VOICE_ID: &str = "Voice ID ended on 2026-05-20";

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "UpdateContactAttributes",
        block: "Set contact attributes (user defined)",
        family: Family::Contact,
        summary: "Sets attributes that stay with the contact.",
        params: &[
            Param::new(
                "Attributes",
                Kind::Map {
                    value: &Kind::Text { what: "a text", max: 32_768 },
                    keys: Keys::Attribute,
                    max: usize::MAX,
                },
            )
            .mixed(),
            TARGET_CONTACT,
        ],
        variants: FALLIBLE,
        flow_types: Allowed::EVERYWHERE,
        channels: Channel::ALL,
        sentences: &[],
        assigns: &[keyed("$.Attributes", "Attributes.*")],
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactTargetQueue",
        block: "Set working queue",
        family: Family::Contact,
        summary: "Sets the queue, or the agent's own queue, that the contact will go to.",
        params: &[
            Param::new("QueueId", Kind::Resource(ResourceKind::Queue)).single().one_of("target"),
            Param::new("AgentId", Kind::Resource(ResourceKind::User)).single().one_of("target"),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::only(INBOUND_AND_TRANSFERS),
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(&[Words("set queue"), Slot("QueueId")], "set queue Sales"),
            Sentence::new(&[Words("set queue of agent"), Slot("AgentId")], "set queue of agent mjackson"),
        ],
        ..ROW
    },
    ActionSpec {
        name: "TransferContactToQueue",
        block: "Transfer to queue",
        family: Family::Contact,
        summary: "Puts the contact into the queue that was set, and ends the flow.",
        params: &[],
        variants: &[Variant::new(Next::Copies(ANY_ERROR), &[required("full", "QueueAtCapacity"), ERROR])],
        flow_types: Allowed::only(INBOUND_AND_TRANSFERS),
        channels: Channel::ALL,
        sentences: &[Sentence::new(
            &[Words("transfer to queue"), Optional(&[Slot("QueueId")])],
            "transfer to queue Sales { full -> next }",
        )
        .lowering(Lowering::Companion {
            param: "QueueId",
            action: "UpdateContactTargetQueue",
            target: "QueueId",
            place: Place::Before,
        })],
        ..ROW
    },
    ActionSpec {
        name: "DequeueContactAndTransferToQueue",
        block: "Transfer to queue (customer queue flow)",
        family: Family::Contact,
        summary: "Takes the contact out of its queue and puts it into another.",
        params: &[
            Param::new("QueueId", Kind::Resource(ResourceKind::Queue)).single().at_most_one_of("target"),
            Param::new("AgentId", Kind::Resource(ResourceKind::User)).single().at_most_one_of("target"),
        ],
        variants: &[Variant::new(Next::Copies(ANY_ERROR), &[required("full", "QueueAtCapacity"), ERROR])],
        flow_types: Allowed::only(&[T::CustomerQueue]),
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(
                &[Words("transfer to queue"), Optional(&[Slot("QueueId")])],
                "transfer to queue Overflow { full -> next }",
            ),
            Sentence::new(
                &[Words("transfer to queue of agent"), Slot("AgentId")],
                "transfer to queue of agent mjackson { full -> next }",
            ),
        ],
        ..ROW
    },
    ActionSpec {
        name: "TransferContactToAgent",
        block: "Transfer to agent (beta)",
        family: Family::Contact,
        summary: "Hands the contact to the agent of the quick connect.",
        params: &[],
        variants: TERMINAL,
        flow_types: Allowed::only(&[T::AgentTransfer, T::QueueTransfer]),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(&[Words("transfer to agent")], "transfer to agent")],
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactCallbackNumber",
        block: "Set callback number",
        family: Family::Contact,
        summary: "Sets the number that a callback will dial.",
        params: &[Param::new("CallbackNumber", text("a reference")).reference()],
        variants: &[Variant::new(
            Next::Continues,
            &[required("invalid", "InvalidCallbackNumber"), required("undialable", "CallbackNumberNotDialable")],
        )],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(
            &[Words("set callback number"), Slot("CallbackNumber")],
            "set callback number $.CustomerEndpoint.Address { invalid, undialable -> next }",
        )],
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactEventHooks",
        block: "Set whisper flow, Set hold flow, Set customer queue flow, Set disconnect flow, Set event flow",
        family: Family::Contact,
        summary: "Sets the flow that runs on an event of the contact.",
        params: &[
            Param::new("EventHooks", Kind::Object(HOOKS)).at_least_one_of("hook"),
            Param::new("EventHooksConfiguration", Kind::Object(HOOK_SWITCHES)).at_least_one_of("hook"),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(
                &[Words("set customer queue flow"), Slot("EventHooks.CustomerQueue")],
                r#"set customer queue flow "Hold music""#,
            ),
            Sentence::new(
                &[Words("set agent whisper flow"), Slot("EventHooks.AgentWhisper")],
                r#"set agent whisper flow "Say the queue""#,
            ),
            Sentence::new(
                &[Words("set customer whisper flow"), Slot("EventHooks.CustomerWhisper")],
                r#"set customer whisper flow "Connecting""#,
            ),
            Sentence::new(
                &[Words("set customer hold flow"), Slot("EventHooks.CustomerHold")],
                r#"set customer hold flow "Hold""#,
            ),
            Sentence::new(
                &[Words("set agent hold flow"), Slot("EventHooks.AgentHold")],
                r#"set agent hold flow "Agent hold""#,
            ),
            Sentence::new(
                &[Words("set disconnect flow"), Slot("EventHooks.CustomerRemaining")],
                r#"set disconnect flow "Survey""#,
            ),
            Sentence::new(
                &[Words("set agent guide flow"), Slot("EventHooks.DefaultAgentUI")],
                r#"set agent guide flow "Agent guide""#,
            ),
            Sentence::new(
                &[Words("set after contact guide flow"), Slot("EventHooks.DisconnectAgentUI")],
                r#"set after contact guide flow "Wrap up""#,
            ),
            Sentence::new(
                &[Words("set pause flow"), Slot("EventHooks.PauseContact")],
                r#"set pause flow "Task paused""#,
            ),
            Sentence::new(
                &[Words("set resume flow"), Slot("EventHooks.ResumeContact")],
                r#"set resume flow "Task resumed""#,
            ),
            Sentence::new(&[Words("disable agent whisper flow")], "disable agent whisper flow")
                .fixed(&[("EventHooksConfiguration.AgentWhisper.DisableExecution", "true")]),
            Sentence::new(&[Words("disable customer whisper flow")], "disable customer whisper flow")
                .fixed(&[("EventHooksConfiguration.CustomerWhisper.DisableExecution", "true")]),
        ],
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactRecordingBehavior",
        block: "Set recording and analytics behavior",
        family: Family::Contact,
        summary: "Sets who is recorded, and what Contact Lens does with it.",
        params: &[
            Param::new(
                "RecordingBehavior",
                Kind::Object(&[
                    Param::new("RecordedParticipants", Kind::Choices(&[("agent", "Agent"), ("customer", "Customer")])),
                    Param::new("ScreenRecordedParticipants", Kind::Choices(&[("agent", "Agent")])).optional(),
                    Param::new("IVRRecordingBehavior", Kind::Choice(ON_OFF)).optional(),
                ]),
            ),
            Param::new("AnalyticsBehavior", Kind::Object(ANALYTICS)).optional(),
        ],
        variants: INFALLIBLE,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE_OUTBOUND),
        channels: &[Channel::Voice, Channel::Chat],
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
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactTextToSpeechVoice",
        block: "Set voice",
        family: Family::Contact,
        summary: "Sets the voice that speaks from here on, and the language if one is given.",
        params: &[
            Param::new("TextToSpeechVoice", name("a voice")).mixed(),
            Param::new(
                "TextToSpeechEngine",
                Kind::Choice(&[
                    ("neural", "Neural"),
                    ("generative", "Generative"),
                    ("standard", "Standard"),
                    ("long-form", "long-form"),
                ]),
            )
            .mixed()
            .optional(),
            Param::new(
                "TextToSpeechStyle",
                Kind::Choice(&[("none", "None"), ("conversational", "Conversational"), ("newscaster", "Newscaster")]),
            )
            .optional(),
        ],
        variants: FALLIBLE_OPTIONAL,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        sentences: &[Sentence::new(
            &[Words("set voice"), Slot("TextToSpeechVoice")],
            "set voice Joanna (engine: neural, language: en-US)",
        )
        .settings(&[
            set("engine", "TextToSpeechEngine"),
            set("style", "TextToSpeechStyle"),
            set("language", "LanguageCode"),
        ])
        .lowering(Lowering::Companion {
            param: "LanguageCode",
            action: "UpdateContactData",
            target: "LanguageCode",
            place: Place::After,
        })],
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactRoutingBehavior",
        block: "Change routing priority / age",
        family: Family::Contact,
        summary: "Moves the contact forward or back in its queue.",
        params: &[
            Param::new("QueuePriority", number(1, i64::MAX)).one_of("behavior").note("lower is served first"),
            Param::new("QueueTimeAdjustmentSeconds", seconds(i64::MIN, i64::MAX)).one_of("behavior"),
        ],
        variants: INFALLIBLE,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE_OUTBOUND),
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(&[Words("set routing priority"), Slot("QueuePriority")], "set routing priority 1"),
            Sentence::new(&[Words("set routing age"), Slot("QueueTimeAdjustmentSeconds")], "set routing age 60s"),
        ],
        ..ROW
    },
    ActionSpec {
        name: "UpdateContactData",
        block: "Set contact attributes (system)",
        family: Family::Contact,
        summary: "Sets the contact's name, description, language or customer id.",
        params: &[
            Param::new("Name", text("a name")).mixed().at_least_one_of("field"),
            Param::new("Description", text("a text")).mixed().at_least_one_of("field"),
            Param::new("LanguageCode", name("a language")).mixed().at_least_one_of("field"),
            Param::new("CustomerId", text("an id")).mixed().at_least_one_of("field"),
            Param::new("References", Kind::Map { value: &Kind::Json, keys: Keys::Any, max: usize::MAX })
                .mixed()
                .at_least_one_of("field")
                .note("documented, yet refused by one probe"),
            Param::new("IsVoiceIdStreamingEnabled", switch("true", "false")).at_least_one_of("field").note(VOICE_ID),
            Param::new("IsVoiceAuthenticationEnabled", switch("true", "false")).at_least_one_of("field").note(VOICE_ID),
            Param::new("IsFraudDetectionEnabled", switch("true", "false")).at_least_one_of("field").note(VOICE_ID),
            Param::new("VoiceAuthenticationThreshold", number(0, 100))
                .when(equal("IsVoiceAuthenticationEnabled", "true")),
            Param::new("VoiceAuthenticationResponseTime", number(5, 10))
                .when(equal("IsVoiceAuthenticationEnabled", "true")),
            Param::new("FraudDetectionThreshold", number(0, 100)).when(equal("IsFraudDetectionEnabled", "true")),
            Param::new("WatchlistId", text("an id")).mixed().optional(),
            Param::new("WisdomSessionArn", text("a session")).mixed().at_least_one_of("field"),
            TARGET_CONTACT,
        ],
        variants: FALLIBLE,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        sentences: &[],
        assigns: &[
            whole("$.Name", "Name"),
            whole("$.Description", "Description"),
            whole("$.LanguageCode", "LanguageCode"),
            whole("$.CustomerId", "CustomerId"),
        ],
        ..ROW
    },
    ActionSpec {
        name: "TagContact",
        block: "Contact tags (tag)",
        family: Family::Contact,
        summary: "Adds tags to the contact.",
        params: &[Param::new(
            "Tags",
            Kind::Map { value: &Kind::Text { what: "a text", max: 256 }, keys: Keys::Any, max: TAGS_MAX },
        )
        .mixed()],
        variants: FALLIBLE,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        sentences: &[Sentence::new(&[Words("tag with"), Map("Tags")], r#"tag with (department: "sales")"#)],
        ..ROW
    },
    ActionSpec {
        name: "UntagContact",
        block: "Contact tags (untag)",
        family: Family::Contact,
        summary: "Removes tags from the contact.",
        params: &[Param::new("TagKeys", Kind::List(&Kind::Text { what: "a tag's key", max: 128 }))],
        variants: FALLIBLE,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        sentences: &[Sentence::new(&[Words("untag"), Slot("TagKeys")], r#"untag ["department"]"#)],
        ..ROW
    },
];
