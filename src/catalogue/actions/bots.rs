//! Bots that talk to the participant.

use super::shared::{MEDIA_FIXED, MESSAGE};
use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{
    ANY_ERROR, ELSE, ERROR, INBOUND_TRANSFERS_QUEUE, NO_MATCH, PROBED, ROW, name, on_request, present, required,
    resource, result, seconds, set, text, texts,
};
use crate::catalogue::{
    ActionSpec, Allowed, Basis, Channel, Demand, Effect, Evidence, Family, FlowType as T, Holds, Keys, Kind, Literals,
    Mark, Next, Param, ResourceKind, Results, Seen, Sentence, Setting, Variant, Witness,
};

const BOT: &[Setting] = &[set("timeout", "LexTimeoutSeconds.Text")];

const CLASSIC_BOT: &[Setting] =
    &[set("region", "LexBot.Region"), set("alias", "LexBot.Alias"), set("timeout", "LexTimeoutSeconds.Text")];

/// `ask <bot> ..` for the bot of one generation: the words and the slot that name it, and what it is asked.
macro_rules! asking {
    ($words:literal, $bot:literal, $settings:expr, $name:literal, $given:literal) => {
        [
            asking!(@ $words, $bot, [Optional(&[Slot("Text")])], $settings,
                concat!($words, " ", $name, " \"What can we do for you?\"", $given, " { OrderFlowers -> next else -> again }")),
            asking!(@ $words, $bot, [Words("ssml"), Slot("SSML")], $settings,
                concat!($words, " ", $name, " ssml \"<speak>What can we do?</speak>\"", $given, " { OrderFlowers -> next else -> again }")),
            asking!(@ $words, $bot, [Words("prompt"), Slot("PromptId")], $settings,
                concat!($words, " ", $name, " prompt \"Hello.wav\"", $given, " { OrderFlowers -> next else -> again }")),
            asking!(@ $words, $bot, [Words("audio"), Slot("Media.Uri")], $settings,
                concat!($words, " ", $name, " audio \"s3://prompts/hello.wav\"", $given, " { OrderFlowers -> next else -> again }"))
                .fixed(MEDIA_FIXED),
            asking!(@ $words, $bot, [Words("about"), Slot("LexInitializationData.InitialMessage")], $settings,
                concat!($words, " ", $name, " about $.Media.InitialMessage", $given, " { OrderFlowers -> next else -> again }")),
        ]
    };
    (@ $words:literal, $bot:literal, [$($piece:expr),*], $settings:expr, $example:expr) => {
        Sentence::new(
            &[
                Words($words),
                Slot($bot),
                $($piece,)*
                Optional(&[Words("with"), Map("LexSessionAttributes")]),
                Optional(&[Words("as"), Name]),
            ],
            $example,
        )
        .settings($settings)
    };
}

const ASK: [Sentence; 5] = asking!("ask", "LexV2Bot.AliasArn", BOT, "Orders", "");
const ASK_CLASSIC: [Sentence; 5] =
    asking!("ask classic bot", "LexBot.Name", CLASSIC_BOT, "\"Orders\"", " (region: \"us-east-1\", alias: \"prod\")");

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "ConnectParticipantWithLexBot",
        block: "Get customer input (Amazon Lex)",
        family: Family::Participant,
        summary: "Lets a Lex bot talk to the participant and branches on the intent it found.",
        effects: &[Effect::Speaks, Effect::Asks],
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
                Kind::Object(&[Param::new("AliasArn", resource(ResourceKind::Bot)).mixed()]),
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
            Param::new("LexSessionAttributes", texts(Keys::Any))
                .optional()
                .mixed()
                .note("keys that begin with `x-amz-lex:` tune timeouts, interruption and keys"),
            Param::new("LexTimeoutSeconds", Kind::Object(&[Param::new("Text", seconds(60, 604_800)).mixed()]))
                .optional()
                .note("chat only"),
        ],
        variants: &[Variant::new(
            Next::Copies(ANY_ERROR),
            &[
                on_request("timeout", "InputTimeLimitExceeded")
                    .when(present("LexTimeoutSeconds"))
                    .rests(&[(Demand::RequiredBranch, Basis::Page)]),
                ELSE,
                ERROR,
            ],
        )
        .literals(Literals::Texts { what: "an intent" })
        .refuses_errors(&["AgentError"])],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Voice, Channel::Chat],
        results: Some(Results { namespace: "$.Lex", root: "$.Lex", scalar: false, special: &[] }),
        clobbers: &["$.Lex"],
        sentences: &[
            ASK[0], ASK[1], ASK[2], ASK[3], ASK[4], ASK_CLASSIC[0], ASK_CLASSIC[1], ASK_CLASSIC[2], ASK_CLASSIC[3],
            ASK_CLASSIC[4],
        ],
        designer: &[
            Mark::new("dynamicMetadata", Holds::Switches("LexSessionAttributes")).when(present("LexSessionAttributes")),
            Mark::new("useLexBotDropdown", Holds::IsNamed("LexV2Bot.AliasArn")),
            Mark::new("useDynamicLexBotArn", Holds::IsReference(&["LexV2Bot.AliasArn"])),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "ConnectParticipantWithAgenticCX",
        block: "Agentic CX",
        family: Family::Participant,
        summary: "Lets an AI agent talk to the participant.",
        effects: &[Effect::Speaks, Effect::Asks],
        params: &[
            Param::new(
                "AgentConfiguration",
                Kind::Object(&[
                    Param::new("WorkspaceId", text("an id")).mixed(),
                    Param::new("ApplicationId", text("an application id")).mixed(),
                    Param::new("Alias", text("an alias")).mixed(),
                    Param::new(
                        "ContextVariables",
                        Kind::Map { value: &Kind::Text { what: "a text", max: 32_768 }, keys: Keys::Any, max: 10 },
                    )
                    .mixed()
                    .optional(),
                ]),
            ),
            Param::new(
                "SpeechRecognitionConfiguration",
                Kind::Object(&[Param::new(
                    "SpeechRecognitionEngine",
                    Kind::Choice(&[("agentic-voice", "AMAZON_AGENTIC_VOICE")]),
                )
                .assumed("AMAZON_AGENTIC_VOICE")]),
            )
            .optional(),
            Param::new(
                "AudioFillerConfiguration",
                Kind::Object(&[
                    Param::new("Enabled", Kind::Flag).assumed("false"),
                    Param::new("AudioType", name("a kind of sound")).optional(),
                    Param::new("StartDelayInMilliseconds", Kind::Amount { min: 0, max: i64::MAX }).optional(),
                    Param::new("MinimumPlayDurationInMilliseconds", Kind::Amount { min: 0, max: i64::MAX }).optional(),
                    Param::new("ResponseDeliveryDelayInMilliseconds", Kind::Amount { min: 0, max: i64::MAX })
                        .optional(),
                ]),
            )
            .optional()
            .note("one of the few places with real JSON booleans and numbers"),
        ],
        variants: &[Variant::new(
            Next::Copies(NO_MATCH),
            &[result("escalation", "Escalation"), required("timeout", "InputTimeLimitExceeded"), ELSE, ERROR],
        )],
        flow_types: Allowed::only(&[
            T::Inbound,
            T::CustomerQueue,
            T::CustomerHold,
            T::CustomerWhisper,
            T::OutboundWhisper,
        ]),
        channels: &[Channel::Voice, Channel::Chat],
        results: Some(Results {
            namespace: "$.AgenticCX",
            root: "$.AgenticCX.ContextVariables",
            scalar: false,
            special: &[],
        }),
        clobbers: &["$.AgenticCX"],
        evidence: Evidence::Probed,
        seen: Seen::Elsewhere,
        sources: &[Witness::Guide, Witness::Exports, Witness::Probes],
        notes: &["the list of flow types may be incomplete", "ids are not checked when the flow is created"],
        sentences: &[Sentence::new(
            &[
                Words("connect ai agent"),
                Slot("AgentConfiguration.ApplicationId"),
                Optional(&[Words("with"), Map("AgentConfiguration.ContextVariables")]),
                Optional(&[Words("as"), Name]),
            ],
            r#"connect ai agent "orders" with (language: "en") as talk (workspace: "acme", alias: "live") { escalation -> next timeout, else -> again }"#,
        )
        .fixed(&[
            ("SpeechRecognitionConfiguration.SpeechRecognitionEngine", "AMAZON_AGENTIC_VOICE"),
            ("AudioFillerConfiguration.Enabled", "false"),
        ])
        .settings(&[
            set("workspace", "AgentConfiguration.WorkspaceId"),
            set("alias", "AgentConfiguration.Alias"),
            set("speech", "SpeechRecognitionConfiguration.SpeechRecognitionEngine"),
            set("filler", "AudioFillerConfiguration.Enabled"),
            set("filler-sound", "AudioFillerConfiguration.AudioType"),
            set("filler-delay", "AudioFillerConfiguration.StartDelayInMilliseconds"),
            set("filler-at-least", "AudioFillerConfiguration.MinimumPlayDurationInMilliseconds"),
            set("answer-delay", "AudioFillerConfiguration.ResponseDeliveryDelayInMilliseconds"),
        ])],
        ..ROW
    },
];
