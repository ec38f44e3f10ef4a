//! Actions on the contact itself: its attributes, voice and tags, tasks beside it, help for its agent.

use super::shared::{TARGET_CONTACT, VOICE_ID_ENDED};
use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{
    FALLIBLE, FALLIBLE_AS_RECORDED, FALLIBLE_OPTIONAL, INFALLIBLE, PROBED, ROW, absent, anything, equal, keyed, name,
    number, present, resource, seconds, set, switch, text, texts, whole,
};
use crate::catalogue::limits::TAGS_MAX;
use crate::catalogue::{
    ActionSpec, Allowed, Basis, Channel, Demand, Effect, Evidence, Family, FlowType as T, Holds, Keys, Kind, Lowering,
    Mark, Param, Place, ResourceKind, Results, Seen, Sentence, Witness,
};

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "UpdateContactAttributes",
        block: "Set contact attributes (user defined)",
        family: Family::Contact,
        summary: "Sets attributes that stay with the contact.",
        params: &[Param::new("Attributes", texts(Keys::Attribute)).mixed(), TARGET_CONTACT.default("Current")],
        variants: FALLIBLE,
        flow_types: Allowed::EVERYWHERE,
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(
                &[Words("set attributes of current contact"), Map("Attributes")],
                r#"set attributes of current contact (tier: "gold")"#,
            )
            .fixed(&[("TargetContact", "Current")]),
            Sentence::new(
                &[Words("set attributes of related contact"), Map("Attributes")],
                r#"set attributes of related contact (callback: "yes")"#,
            )
            .fixed(&[("TargetContact", "Related")]),
        ],
        assigns: &[keyed("$.Attributes", "Attributes.*")],
        designer: &[Mark::new("dynamicParams", Holds::References("Attributes"))],
        ..PROBED
    },
    ActionSpec {
        name: "UpdateContactTextToSpeechVoice",
        block: "Set voice",
        family: Family::Contact,
        summary: "Sets the voice that speaks from here on, and the language if one is given.",
        effects: &[Effect::SetsVoice],
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
            .optional()
            .assumed("None"),
        ],
        variants: FALLIBLE_OPTIONAL,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        sentences: &[Sentence::new(
            &[Words("set voice"), Slot("TextToSpeechVoice")],
            "set voice Joanna (engine: neural, language: en-US)",
        )
        .settings(&[
            set("engine", "TextToSpeechEngine").implies(&[("TextToSpeechStyle", "None")]),
            set("style", "TextToSpeechStyle"),
            set("language", "LanguageCode"),
        ])
        .lowering(Lowering::Companion {
            param: "LanguageCode",
            action: "UpdateContactData",
            target: "LanguageCode",
            place: Place::After,
        })],
        designer: &[
            Mark::new("overrideConsoleVoice", Holds::Flag(true)).when(present("TextToSpeechEngine")),
            Mark::new("overrideConsoleVoice", Holds::Flag(false)).when(absent("TextToSpeechEngine")),
        ],
        ..PROBED
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
            Param::new("References", anything())
                .mixed()
                .at_least_one_of("field")
                .doubt("a page documents it, and one record says that the service does not know it"),
            Param::new("IsVoiceIdStreamingEnabled", switch("true", "false"))
                .at_least_one_of("field")
                .doubt(VOICE_ID_ENDED),
            Param::new("IsFraudDetectionEnabled", switch("true", "false"))
                .at_least_one_of("field")
                .doubt(VOICE_ID_ENDED),
            Param::new("IsVoiceAuthenticationEnabled", switch("true", "false"))
                .at_least_one_of("field")
                .doubt(VOICE_ID_ENDED),
            Param::new("VoiceAuthenticationThreshold", number(0, 100))
                .when(equal("IsVoiceAuthenticationEnabled", "true")),
            Param::new("VoiceAuthenticationResponseTime", seconds(5, 10))
                .when(equal("IsVoiceAuthenticationEnabled", "true")),
            Param::new("FraudDetectionThreshold", number(0, 100)).when(equal("IsFraudDetectionEnabled", "true")),
            Param::new("WatchlistId", text("an id")).mixed().optional(),
            Param::new("WisdomSessionArn", text("a session")).mixed().at_least_one_of("field"),
            TARGET_CONTACT,
        ],
        variants: FALLIBLE,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        evidence: Evidence::Probed,
        sources: &[Witness::Reference, Witness::Exports, Witness::Probes],
        sentences: &[Sentence::new(
            &[Words("update contact")],
            r#"update contact (name: "Claim", language: en-US, contact: related)"#,
        )
        .settings(&[
            set("name", "Name"),
            set("description", "Description"),
            set("language", "LanguageCode"),
            set("customer", "CustomerId"),
            set("references", "References"),
            set("voice-id", "IsVoiceIdStreamingEnabled"),
            set("authentication", "IsVoiceAuthenticationEnabled"),
            set("authentication-threshold", "VoiceAuthenticationThreshold"),
            set("authentication-time", "VoiceAuthenticationResponseTime"),
            set("fraud-detection", "IsFraudDetectionEnabled"),
            set("fraud-threshold", "FraudDetectionThreshold"),
            set("watchlist", "WatchlistId"),
            set("assistant-session", "WisdomSessionArn"),
            set("contact", "TargetContact"),
        ])],
        assigns: &[
            whole("$.Name", "Name"),
            whole("$.Description", "Description"),
            whole("$.LanguageCode", "LanguageCode"),
            whole("$.CustomerId", "CustomerId"),
        ],
        designer: &[Mark::new("dynamicParams", Holds::EmptyList)],
        ..ROW
    },
    ActionSpec {
        name: "UpdatePreviousContactParticipantState",
        block: "Hold customer or agent",
        family: Family::Contact,
        summary: "Puts the customer or the agent of the transferred call on hold, or takes both off it.",
        effects: &[Effect::Holds],
        params: &[Param::new(
            "PreviousContactParticipantState",
            Kind::Choice(&[("agent", "AgentOnHold"), ("customer", "CustomerOnHold"), ("nobody", "OffHold")]),
        )],
        variants: FALLIBLE,
        flow_types: Allowed::only(&[T::Inbound, T::AgentTransfer, T::QueueTransfer, T::OutboundWhisper]),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(&[Words("hold"), Slot("PreviousContactParticipantState")], "hold customer")],
        ..PROBED
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
        .mixed()
        .rests(&[(Demand::Limit, Basis::Refusal("a seventh tag"))])],
        variants: FALLIBLE_AS_RECORDED,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        evidence: Evidence::Probed,
        sources: &[Witness::Reference, Witness::Guide, Witness::Probes],
        sentences: &[Sentence::new(&[Words("tag with"), Map("Tags")], r#"tag with (department: "sales")"#)],
        ..ROW
    },
    ActionSpec {
        name: "UntagContact",
        block: "Contact tags (untag)",
        family: Family::Contact,
        summary: "Removes tags from the contact.",
        params: &[Param::new("TagKeys", Kind::List(&Kind::Text { what: "a tag's key", max: 128 }))
            .rests(&[(Demand::RequiredKey, Basis::Refusal("an empty list"))])],
        variants: FALLIBLE_AS_RECORDED,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        evidence: Evidence::Probed,
        seen: Seen::Never,
        sources: &[Witness::Reference, Witness::Probes],
        sentences: &[Sentence::new(&[Words("untag"), Slot("TagKeys")], r#"untag ["department"]"#)],
        ..ROW
    },
    ActionSpec {
        name: "CreateTask",
        block: "Create task",
        family: Family::Contact,
        summary: "Creates a task, now or later.",
        params: &[
            Param::new("Name", text("a name")).mixed(),
            Param::new("ContactFlowId", resource(ResourceKind::Flow)).single().note("the flow that handles the task"),
            Param::new("Description", text("a text")).mixed().optional(),
            Param::new("Attributes", texts(Keys::Attribute)).mixed().optional(),
            Param::new("References", anything()).mixed().optional().note("name: { Type, Value }, as far as is known"),
            Param::new("DelaySeconds", seconds(1, 518_400)).single().at_most_one_of("schedule"),
            Param::new("ScheduledTime", text("a time")).mixed().at_most_one_of("schedule").note("Unix seconds"),
            Param::new("TaskTemplateId", resource(ResourceKind::TaskTemplate)).optional(),
        ],
        variants: FALLIBLE,
        results: Some(Results { namespace: "$.Task", root: "$.Task", scalar: false, special: &[] }),
        clobbers: &["$.Task"],
        sentences: &[Sentence::new(
            &[
                Words("create task"),
                Slot("Name"),
                Optional(&[Words("with"), Map("Attributes")]),
                Optional(&[Words("as"), Name]),
            ],
            r#"create task "Call back" with (reason: $.Attributes.reason) as task (flow: "Handle task", delay: 10m)"#,
        )
        .settings(&[
            set("flow", "ContactFlowId"),
            set("description", "Description"),
            set("references", "References"),
            set("delay", "DelaySeconds"),
            set("at", "ScheduledTime"),
            set("template", "TaskTemplateId"),
        ])],
        designer: &[Mark::new("ContactFlow", Holds::Named { param: "ContactFlowId", id: false })],
        ..ROW
    },
    ActionSpec {
        name: "ResumeContact",
        block: "Resume contact",
        family: Family::Contact,
        summary: "Takes a paused task up again.",
        variants: FALLIBLE_OPTIONAL,
        channels: &[Channel::Task],
        seen: Seen::Never,
        sources: &[Witness::Reference, Witness::Guide],
        notes: &["meant for the flows behind `set pause flow` and `set resume flow`"],
        sentences: &[Sentence::new(&[Words("resume contact")], "resume contact")],
        ..ROW
    },
    ActionSpec {
        name: "CreateWisdomSession",
        block: "Connect assistant (Amazon Q in Connect, Wisdom)",
        family: Family::Contact,
        summary: "Opens a session with an assistant, which then helps the agent.",
        params: &[Param::new("WisdomAssistantArn", resource(ResourceKind::Assistant)).mixed()],
        variants: FALLIBLE,
        channels: &[Channel::Voice, Channel::Chat],
        needs: "an assistant that is associated with the instance",
        notes: &["the console hands the session to the contact with a second action, as `connect assistant` does"],
        sentences: &[
            Sentence::new(&[Words("connect assistant"), Slot("WisdomAssistantArn")], "connect assistant Helper")
                .fixed(&[("WisdomSessionArn", "$.Wisdom.SessionArn")])
                .lowering(Lowering::Companion {
                    param: "WisdomSessionArn",
                    action: "UpdateContactData",
                    target: "WisdomSessionArn",
                    place: Place::After,
                }),
            Sentence::new(
                &[Words("open assistant session with"), Slot("WisdomAssistantArn")],
                "open assistant session with Helper",
            ),
        ],
        ..ROW
    },
    ActionSpec {
        name: "CompleteOutboundCall",
        block: "Call phone number",
        family: Family::Contact,
        summary: "Places the agent's outbound call now, and not only when the whisper ends.",
        effects: &[Effect::HandsOver],
        params: &[
            Param::new("CallerId", Kind::Object(&[Param::new("Number", resource(ResourceKind::PhoneNumber)).single()]))
                .mixed()
                .optional(),
            Param::new(
                "VoiceConnector",
                Kind::Object(&[
                    Param::new("VoiceConnectorType", Kind::Choice(&[("chime", "ChimeConnector")])),
                    Param::new("VoiceConnectorArn", resource(ResourceKind::VoiceConnector)).mixed(),
                    Param::new("FromUser", text("a user")).mixed().optional(),
                    Param::new("ToUser", text("a user")).mixed().optional(),
                    Param::new("UserToUserInformation", text("a text")).mixed().optional(),
                ]),
            )
            .mixed()
            .optional(),
            Param::new("ConnectionTimeLimitSeconds", seconds(1, 600)).mixed().optional(),
        ],
        variants: INFALLIBLE,
        flow_types: Allowed::only(&[T::OutboundWhisper]).refused(&[T::Inbound]),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(
            &[Words("place call")],
            "place call (caller-number: $.Attributes.callerNumber, timeout: 30s)",
        )
        .settings(&[
            set("caller-number", "CallerId.Number"),
            set("timeout", "ConnectionTimeLimitSeconds"),
            set("connector", "VoiceConnector.VoiceConnectorArn")
                .implies(&[("VoiceConnector.VoiceConnectorType", "ChimeConnector")]),
            set("from-user", "VoiceConnector.FromUser"),
            set("to-user", "VoiceConnector.ToUser"),
            set("user-to-user", "VoiceConnector.UserToUserInformation"),
        ])],
        ..PROBED
    },
];
