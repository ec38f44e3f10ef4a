//! Actions on a participant: speaking, asking, transferring out.

use super::shared::{ASK_TIMEOUT, AUDIO, INPUT_VALIDATION, MEDIA_FIXED, MESSAGE, MESSAGE_ITEM, PROMPT, SSML, TEXT};
use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{
    ANY_ERROR, ELSE, ERROR, ERROR_OPTIONAL, FALLIBLE_OPTIONAL, INBOUND_TRANSFERS_QUEUE,
    INBOUND_TRANSFERS_QUEUE_OUTBOUND, NO_MATCH, ROW, TERMINAL, absent, equal, on_request, present, required, result,
    seconds, set, switch, text,
};
use crate::catalogue::{
    ActionSpec, Allowed, Channel, Family, FlowType as T, Keys, Kind, Literals, Next, Param, ResourceKind, Results,
    Role, Sentence, Variant,
};

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "MessageParticipant",
        block: "Play prompt",
        family: Family::Participant,
        summary: "Plays or sends a message to the participant.",
        params: &[
            MESSAGE[0],
            MESSAGE[1],
            MESSAGE[2],
            MESSAGE[3],
            Param::new("SkipWhenDTMFBufferEnabled", switch("true", "false")).optional(),
        ],
        variants: FALLIBLE_OPTIONAL,
        flow_types: Allowed::only(&[
            T::Inbound,
            T::AgentTransfer,
            T::QueueTransfer,
            T::CustomerWhisper,
            T::AgentWhisper,
            T::OutboundWhisper,
            T::CustomerQueue,
        ]),
        channels: &[Channel::Voice, Channel::Chat],
        sentences: &[
            Sentence::new(&[Words("say"), Slot("Text")], r#"say "Welcome to ACME.""#)
                .settings(&[set("skip-when-buffered", "SkipWhenDTMFBufferEnabled")]),
            Sentence::new(&[Words("say ssml"), Slot("SSML")], r#"say ssml "<speak>Welcome.</speak>""#)
                .settings(&[set("skip-when-buffered", "SkipWhenDTMFBufferEnabled")]),
            Sentence::new(&[Words("play"), Slot("PromptId")], r#"play "Music.wav""#)
                .settings(&[set("skip-when-buffered", "SkipWhenDTMFBufferEnabled")]),
            Sentence::new(&[Words("play audio"), Slot("Media.Uri")], r#"play audio "s3://prompts/hello.wav""#)
                .fixed(MEDIA_FIXED)
                .settings(&[set("skip-when-buffered", "SkipWhenDTMFBufferEnabled")]),
        ],
        ..ROW
    },
    ActionSpec {
        name: "MessageParticipantIteratively",
        block: "Loop prompts",
        family: Family::Participant,
        summary: "Plays messages in turn, from the top again when they are through.",
        params: &[
            Param::new("Messages", Kind::List(&MESSAGE_ITEM)).mixed(),
            Param::new("InterruptFrequencySeconds", seconds(1, i64::MAX)).optional(),
            Param::new("ContinueMessagingDuringInterrupt", switch("true", "false")).optional(),
        ],
        variants: &[
            Variant::new(
                Next::Copies(crate::catalogue::Exit::Condition(
                    crate::catalogue::Operator::Equals,
                    "MessagesInterrupted",
                )),
                &[result("interrupt", "MessagesInterrupted"), ERROR_OPTIONAL],
            )
            .named("interrupted", &[present("InterruptFrequencySeconds")]),
            Variant::new(Next::Absent, &[ERROR_OPTIONAL]).named("endless", &[]),
        ],
        flow_types: Allowed::only(&[T::CustomerQueue, T::CustomerHold, T::AgentHold]),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(
            &[Words("loop prompts"), Slot("Messages")],
            r#"loop prompts ["Please hold.", prompt "Music.wav"] (interrupt: 30s) { interrupt -> next }"#,
        )
        .settings(&[
            set("interrupt", "InterruptFrequencySeconds"),
            set("continue-during-interrupt", "ContinueMessagingDuringInterrupt"),
        ])],
        ..ROW
    },
    ActionSpec {
        name: "GetParticipantInput",
        block: "Get customer input (DTMF), Store customer input, Set Touchtone Buffer Behavior",
        family: Family::Participant,
        summary: "Asks for telephone keys: one that chooses a branch, or several that are stored.",
        params: &[
            TEXT.at_most_one_of("message"),
            SSML.at_most_one_of("message"),
            PROMPT.at_most_one_of("message"),
            AUDIO.at_most_one_of("message"),
            Param::new("InputTimeLimitSeconds", Kind::Duration { min: 1, max: 180, hard: false })
                .single()
                .when(absent("EnableDTMFBuffer"))
                .default("5")
                .note("until the first key"),
            Param::new("StoreInput", switch("True", "False")).optional(),
            Param::new("InputValidation", Kind::Object(INPUT_VALIDATION)).when(equal("StoreInput", "True")),
            Param::new(
                "InputEncryption",
                Kind::Object(&[
                    Param::new("EncryptionKeyId", text("a key id")).mixed(),
                    Param::new("Key", text("a certificate")).mixed(),
                ]),
            )
            .optional()
            .when(present("InputValidation.CustomValidation")),
            Param::new(
                "DTMFConfiguration",
                Kind::Object(&[
                    Param::new("InputTerminationSequence", Kind::Keys { max: 5 }).optional(),
                    Param::new("DisableCancelKey", switch("True", "False"))
                        .optional()
                        .note("True: the star is ordinary input; False: it clears what was typed"),
                    Param::new("InterdigitTimeLimitSeconds", seconds(1, 20)).optional(),
                ]),
            )
            .optional()
            .when(equal("StoreInput", "True")),
            Param::new("EnableDTMFBuffer", switch("True", "False")).optional(),
        ],
        variants: &[
            Variant::new(Next::Continues, &[ERROR]).named("touchtone-buffer", &[present("EnableDTMFBuffer")]),
            Variant::new(Next::Continues, &[required("invalid", "InvalidPhoneNumber"), ERROR]).named(
                "store-phone",
                &[equal("StoreInput", "True"), present("InputValidation.PhoneNumberValidation")],
            ),
            Variant::new(Next::Continues, &[ERROR]).named("store-custom", &[equal("StoreInput", "True")]),
            Variant::new(
                Next::Copies(NO_MATCH),
                &[required("timeout", "InputTimeLimitExceeded"), ELSE, ERROR],
            )
            .literals(Literals::Keys)
            .named("menu", &[]),
        ],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE_OUTBOUND),
        channels: &[Channel::Voice],
        results: Some(Results {
            namespace: "$.StoredCustomerInput",
            root: "$.StoredCustomerInput",
            scalar: true,
            special: &[],
        }),
        clobbers: &["$.StoredCustomerInput"],
        sentences: &[
            Sentence::new(
                &[Words("menu"), Slot("Text")],
                r#"menu "For sales, press 1." (timeout: 5s) { 1 -> next timeout, else -> again }"#,
            )
            .fixed(&[("StoreInput", "False")])
            .settings(&[ASK_TIMEOUT]),
            Sentence::new(
                &[Words("menu ssml"), Slot("SSML")],
                r#"menu ssml "<speak>Press 1.</speak>" { 1 -> next timeout, else -> again }"#,
            )
            .fixed(&[("StoreInput", "False")])
            .settings(&[ASK_TIMEOUT]),
            Sentence::new(
                &[Words("menu prompt"), Slot("PromptId")],
                r#"menu prompt "Menu.wav" { 1 -> next timeout, else -> again }"#,
            )
            .fixed(&[("StoreInput", "False")])
            .settings(&[ASK_TIMEOUT]),
            Sentence::new(
                &[Words("menu audio"), Slot("Media.Uri")],
                r#"menu audio "s3://prompts/menu.wav" { 1 -> next timeout, else -> again }"#,
            )
            .fixed(&[("StoreInput", "False"), ("Media.SourceType", "S3"), ("Media.MediaType", "Audio")])
            .settings(&[ASK_TIMEOUT]),
            Sentence::new(
                &[Words("collect"), Slot("Text"), Optional(&[Words("as"), Name])],
                r##"collect "Enter your account number." as account (digits: 10, timeout: 8s, ends-with: "#")"##,
            )
            .fixed(&[("StoreInput", "True")])
            .settings(COLLECT),
            Sentence::new(
                &[Words("collect ssml"), Slot("SSML"), Optional(&[Words("as"), Name])],
                r#"collect ssml "<speak>Enter your PIN.</speak>" (digits: 4)"#,
            )
            .fixed(&[("StoreInput", "True")])
            .settings(COLLECT),
            Sentence::new(
                &[Words("collect prompt"), Slot("PromptId"), Optional(&[Words("as"), Name])],
                r#"collect prompt "Pin.wav" (digits: 4)"#,
            )
            .fixed(&[("StoreInput", "True")])
            .settings(COLLECT),
            Sentence::new(
                &[Words("collect phone number"), Slot("Text"), Optional(&[Words("as"), Name])],
                r#"collect phone number "Enter the number we should call." (country: US) { invalid -> again }"#,
            )
            .fixed(&[("StoreInput", "True"), ("InputValidation.PhoneNumberValidation.NumberFormat", "E164")])
            .settings(&[
                ASK_TIMEOUT,
                set("country", "InputValidation.PhoneNumberValidation.CountryCode")
                    .implies(&[("InputValidation.PhoneNumberValidation.NumberFormat", "Local")]),
                set("between-digits", "DTMFConfiguration.InterdigitTimeLimitSeconds"),
                set("ends-with", "DTMFConfiguration.InputTerminationSequence"),
                set("star-is-input", "DTMFConfiguration.DisableCancelKey"),
            ]),
            Sentence::new(&[Words("set key buffer"), Slot("EnableDTMFBuffer")], "set key buffer on"),
        ],
        ..ROW
    },
    ActionSpec {
        name: "DisconnectParticipant",
        block: "Disconnect / hang up",
        family: Family::Participant,
        summary: "Ends the contact.",
        params: &[],
        variants: TERMINAL,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE).refused(&[
            T::CustomerHold,
            T::AgentHold,
            T::CustomerWhisper,
            T::AgentWhisper,
            T::OutboundWhisper,
        ]),
        channels: Channel::ALL,
        role: Role::HangUp,
        sentences: &[Sentence::new(&[Words("disconnect")], "disconnect")],
        ..ROW
    },
    ActionSpec {
        name: "ConnectParticipantWithLexBot",
        block: "Get customer input (Amazon Lex)",
        family: Family::Participant,
        summary: "Lets a Lex bot talk to the participant and branches on the intent it found.",
        params: &[
            MESSAGE[0],
            MESSAGE[1],
            MESSAGE[2],
            MESSAGE[3],
            Param::new(
                "LexInitializationData",
                Kind::Object(&[Param::new("InitialMessage", text("a text")).mixed()]),
            )
            .one_of("message"),
            Param::new(
                "LexV2Bot",
                Kind::Object(&[Param::new("AliasArn", Kind::Resource(ResourceKind::Bot)).mixed()]),
            )
            .one_of("bot"),
            Param::new(
                "LexBot",
                Kind::Object(&[
                    Param::new("Name", text("a bot's name")).mixed(),
                    Param::new("Region", text("a region")).mixed(),
                    Param::new("Alias", text("an alias")).mixed(),
                ]),
            )
            .one_of("bot")
            .note("Lex V1, a retired service"),
            Param::new(
                "LexSessionAttributes",
                Kind::Map { value: &Kind::Text { what: "a text", max: 32_768 }, keys: Keys::Any, max: usize::MAX },
            )
            .optional()
            .mixed(),
            Param::new("LexTimeoutSeconds", Kind::Object(&[Param::new("Text", seconds(60, 604_800)).mixed()]))
                .optional()
                .note("chat only"),
        ],
        variants: &[Variant::new(
            Next::Copies(NO_MATCH),
            &[ELSE, ERROR, on_request("timeout", "InputTimeLimitExceeded")],
        )
        .literals(Literals::Texts { what: "an intent" })],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Voice, Channel::Chat],
        results: Some(Results { namespace: "$.Lex", root: "$.Lex", scalar: false, special: &[] }),
        clobbers: &["$.Lex"],
        sentences: &[
            Sentence::new(
                &[
                    Words("ask"),
                    Slot("LexV2Bot.AliasArn"),
                    Slot("Text"),
                    Optional(&[Words("with"), Map("LexSessionAttributes")]),
                    Optional(&[Words("as"), Name]),
                ],
                r#"ask Orders "What can we do for you?" { OrderFlowers -> next else -> again }"#,
            )
            .settings(&[set("timeout", "LexTimeoutSeconds.Text")]),
            Sentence::new(
                &[
                    Words("ask"),
                    Slot("LexV2Bot.AliasArn"),
                    Words("ssml"),
                    Slot("SSML"),
                    Optional(&[Words("with"), Map("LexSessionAttributes")]),
                    Optional(&[Words("as"), Name]),
                ],
                r#"ask Orders ssml "<speak>What can we do?</speak>" { OrderFlowers -> next else -> again }"#,
            )
            .settings(&[set("timeout", "LexTimeoutSeconds.Text")]),
            Sentence::new(
                &[
                    Words("ask"),
                    Slot("LexV2Bot.AliasArn"),
                    Words("prompt"),
                    Slot("PromptId"),
                    Optional(&[Words("with"), Map("LexSessionAttributes")]),
                    Optional(&[Words("as"), Name]),
                ],
                r#"ask Orders prompt "Hello.wav" { OrderFlowers -> next else -> again }"#,
            )
            .settings(&[set("timeout", "LexTimeoutSeconds.Text")]),
            Sentence::new(
                &[
                    Words("ask"),
                    Slot("LexV2Bot.AliasArn"),
                    Words("about"),
                    Slot("LexInitializationData.InitialMessage"),
                    Optional(&[Words("with"), Map("LexSessionAttributes")]),
                    Optional(&[Words("as"), Name]),
                ],
                "ask Orders about $.Media.InitialMessage { OrderFlowers -> next else -> again }",
            )
            .settings(&[set("timeout", "LexTimeoutSeconds.Text")]),
        ],
        ..ROW
    },
    ActionSpec {
        name: "ShowView",
        block: "Show view",
        family: Family::Participant,
        summary: "Shows a view and branches on the action taken in it.",
        params: &[
            Param::new(
                "ViewResource",
                Kind::Object(&[
                    Param::new("Id", Kind::Resource(ResourceKind::View)).mixed(),
                    Param::new("Version", text("a version")).mixed().optional(),
                ]),
            ),
            Param::new("InvocationTimeLimitSeconds", seconds(1, i64::MAX)).single().default("400"),
            Param::new("ViewData", Kind::Map { value: &Kind::Json, keys: Keys::Any, max: usize::MAX })
                .optional()
                .mixed(),
            Param::new(
                "SensitiveDataConfiguration",
                Kind::Object(&[Param::new("HideResponseOn", Kind::Choices(&[("transcript", "TRANSCRIPT")]))]),
            )
            .optional(),
        ],
        variants: &[Variant::new(
            Next::Copies(ANY_ERROR),
            &[required("timeout", "TimeLimitExceeded"), ELSE, ERROR],
        )
        .literals(Literals::Texts { what: "an action of the view" })],
        flow_types: Allowed::only(&[T::Inbound, T::CustomerQueue]),
        channels: &[Channel::Chat],
        results: Some(Results {
            namespace: "$.Views",
            root: "$.Views.ViewResultData",
            scalar: false,
            special: &[("Action", "$.Views.Action")],
        }),
        clobbers: &["$.Views"],
        sentences: &[Sentence::new(
            &[
                Words("show view"),
                Slot("ViewResource.Id"),
                Optional(&[Words("with"), Map("ViewData")]),
                Optional(&[Words("as"), Name]),
            ],
            r#"show view Details with (Heading: "Your order") as details (timeout: 10m) { Submit -> next timeout, else -> again }"#,
        )
        .settings(&[
            set("timeout", "InvocationTimeLimitSeconds"),
            set("hide-response-on", "SensitiveDataConfiguration.HideResponseOn"),
        ])],
        ..ROW
    },
    ActionSpec {
        name: "TransferParticipantToThirdParty",
        block: "Transfer to phone number",
        family: Family::Participant,
        summary: "Connects the participant with a telephone number outside the instance.",
        params: &[
            Param::new("ThirdPartyPhoneNumber", Kind::Phone).single(),
            Param::new(
                "ThirdPartyConnectionTimeLimitSeconds",
                Kind::Duration { min: 1, max: 600, hard: false },
            )
            .single()
            .default("30"),
            Param::new("ContinueFlowExecution", switch("True", "False"))
                .default("False")
                .note("True: the flow goes on when the third party hangs up"),
            Param::new("ThirdPartyDTMFDigits", text("keys")).mixed().optional(),
            Param::new(
                "CallerId",
                Kind::Object(&[
                    Param::new("Name", text("a name")).mixed().optional(),
                    Param::new("Number", Kind::Resource(ResourceKind::PhoneNumber)).single().optional(),
                ]),
            )
            .optional(),
        ],
        variants: &[
            Variant::new(
                Next::Continues,
                &[
                    required("busy", "CallFailed"),
                    required("timeout", "ConnectionTimeLimitExceeded"),
                    ERROR,
                ],
            )
            .named("resuming", &[equal("ContinueFlowExecution", "True")])
            .refused_in(&[T::AgentTransfer]),
            Variant::new(Next::Copies(ANY_ERROR), &[ERROR]).named("final", &[]),
        ],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(
            &[Words("transfer to phone"), Slot("ThirdPartyPhoneNumber")],
            "transfer to phone $.Attributes.number (timeout: 30s, resume: yes) { busy, timeout -> next }",
        )
        .settings(&[
            set("timeout", "ThirdPartyConnectionTimeLimitSeconds"),
            set("dtmf", "ThirdPartyDTMFDigits"),
            set("resume", "ContinueFlowExecution"),
            set("caller-name", "CallerId.Name"),
            set("caller-number", "CallerId.Number"),
        ])],
        ..ROW
    },
];

const COLLECT: &[crate::catalogue::Setting] = &[
    set("digits", "InputValidation.CustomValidation.MaximumLength"),
    ASK_TIMEOUT,
    set("between-digits", "DTMFConfiguration.InterdigitTimeLimitSeconds"),
    set("ends-with", "DTMFConfiguration.InputTerminationSequence"),
    set("star-is-input", "DTMFConfiguration.DisableCancelKey"),
    set("key", "InputEncryption.EncryptionKeyId"),
    set("certificate", "InputEncryption.Key"),
];
