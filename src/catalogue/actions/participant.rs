//! Actions on a participant: speaking, showing, signing in, connecting elsewhere.

use super::shared::{MEDIA_FIXED, MESSAGE, MESSAGE_ITEM};
use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{
    ANY_ERROR, ELSE, ERROR, ERROR_OPTIONAL, FALLIBLE, INBOUND_TRANSFERS_QUEUE, INBOUND_TRANSFERS_QUEUE_OUTBOUND,
    PROBED, ROW, TERMINAL, anything, equal, minutes, name, present, required, resource, result, seconds, set, switch,
    text,
};
use crate::catalogue::{
    ActionSpec, Allowed, Basis, Channel, Demand, Effect, Evidence, Family, FlowType as T, Holds, Kind, Literals, Mark,
    Next, Param, ResourceKind, Rests, Results, Role, Seen, Sentence, Setting, Variant, Witness,
};

const SKIP: &[Setting] = &[set("skip-when-buffered", "SkipWhenDTMFBufferEnabled")];

/// What signing in does not do without.
const SIGN_IN: Rests = &[
    (Demand::RequiredKey, Basis::Refusal("an action without the key, in October 2026")),
    (Demand::RequiredBranch, Basis::Refusal("an action without the branch, in October 2026")),
];

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "MessageParticipant",
        block: "Play prompt",
        family: Family::Participant,
        summary: "Plays or sends a message to the participant.",
        effects: &[Effect::Speaks],
        params: &[
            Param::new("SkipWhenDTMFBufferEnabled", switch("true", "false")).optional(),
            MESSAGE[0],
            MESSAGE[1],
            MESSAGE[2],
            MESSAGE[3],
        ],
        variants: &[Variant::new(Next::Continues, &[ERROR_OPTIONAL]).refuses_conditions()],
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
                .settings(SKIP),
            Sentence::new(&[Words("say ssml"), Slot("SSML")], r#"say ssml "<speak>Welcome.</speak>""#)
                .settings(SKIP),
            Sentence::new(&[Words("play"), Slot("PromptId")], r#"play "Music.wav""#)
                .settings(SKIP),
            Sentence::new(&[Words("play audio"), Slot("Media.Uri")], r#"play audio "s3://prompts/hello.wav""#)
                .fixed(MEDIA_FIXED)
                .settings(SKIP),
        ],
        designer: &[Mark::new("useDynamic", Holds::IsReference(&["Text", "SSML", "PromptId"]))],
        ..PROBED
    },
    ActionSpec {
        name: "MessageParticipantIteratively",
        block: "Loop prompts",
        family: Family::Participant,
        summary: "Plays messages in turn, from the top again when they are through.",
        effects: &[Effect::Speaks, Effect::Waits, Effect::Loops],
        may_lack_next: true,
        params: &[
            Param::new("Messages", Kind::List(&MESSAGE_ITEM)).mixed(),
            Param::new("InterruptFrequencySeconds", seconds(1, i64::MAX)).optional(),
            Param::new("ContinueMessagingDuringInterrupt", switch("true", "false")).optional(),
        ],
        variants: &[
            Variant::new(Next::Absent, &[result("interrupt", "MessagesInterrupted"), ERROR_OPTIONAL]).named("interrupted", &[present("InterruptFrequencySeconds")]),
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
        designer: &[
            Mark::new("InterruptFrequencySeconds", Holds::Seconds),
            Mark::new("audio", Holds::Prompts("Messages")),
            Mark::new("timeoutUnit", Holds::ShownInSeconds).when(present("InterruptFrequencySeconds")),
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
        ..PROBED
    },
    ActionSpec {
        name: "ShowView",
        block: "Show view",
        family: Family::Participant,
        summary: "Shows a view and branches on the action taken in it.",
        effects: &[Effect::Asks],
        params: &[
            Param::new(
                "ViewResource",
                Kind::Object(&[
                    Param::new("Id", resource(ResourceKind::View)).mixed(),
                    Param::new("Version", text("a version")).mixed().optional(),
                ]),
            ),
            Param::new("InvocationTimeLimitSeconds", seconds(1, i64::MAX)).mixed().default("400"),
            Param::new("ViewData", anything())
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
            &[ELSE, ERROR, required("timeout", "TimeLimitExceeded")],
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
            set("version", "ViewResource.Version"),
            set("hide-response-on", "SensitiveDataConfiguration.HideResponseOn"),
        ])],
        designer: &[Mark::new("InvocationTimeLimitSeconds", Holds::Seconds)],
        ..PROBED
    },
    ActionSpec {
        name: "AuthenticateParticipant",
        block: "Authenticate Customer",
        family: Family::Participant,
        summary: "Has the customer sign in.",
        effects: &[Effect::Asks],
        params: &[
            Param::new(
                "CognitoConfiguration",
                Kind::Object(&[
                    Param::new("UserPoolArn", resource(ResourceKind::UserPool)),
                    Param::new("AppClientId", text("an id")),
                ]),
            )
            .rests(SIGN_IN),
            Param::new(
                "CustomerProfilesConfiguration",
                Kind::Object(&[Param::new("ObjectTypeName", name("an object type"))]),
            )
            .rests(SIGN_IN),
            Param::new("TimeLimitMinutes", minutes(3, 15)).default("3").rests(SIGN_IN),
        ],
        variants: &[Variant::new(
            Next::Continues,
            &[
                result("opted-out", "OptedOut").rests(SIGN_IN),
                required("timeout", "TimeLimitExceeded").rests(SIGN_IN),
                ERROR,
            ],
        )],
        flow_types: Allowed::only(&[T::Inbound]),
        channels: &[Channel::Chat],
        evidence: Evidence::Probed,
        seen: Seen::Elsewhere,
        sources: &[Witness::Guide, Witness::Exports, Witness::Probes],
        needs: "a Cognito user pool and a Customer Profiles domain",
        sentences: &[Sentence::new(
            &[Words("authenticate customer with"), Slot("CognitoConfiguration.UserPoolArn")],
            r#"authenticate customer with Customers (client: "acme-app", object-type: Customers, timeout: 5m) { opted-out, timeout -> next }"#,
        )
        .settings(&[
            set("client", "CognitoConfiguration.AppClientId"),
            set("timeout", "TimeLimitMinutes"),
            set("object-type", "CustomerProfilesConfiguration.ObjectTypeName"),
        ])],
        ..ROW
    },
    ActionSpec {
        name: "TransferParticipantToThirdParty",
        block: "Transfer to phone number",
        family: Family::Participant,
        summary: "Connects the participant with a telephone number outside the instance.",
        effects: &[Effect::HandsOver],
        params: &[
            Param::new("ThirdPartyPhoneNumber", Kind::Phone).single(),
            Param::new("ThirdPartyConnectionTimeLimitSeconds", seconds(1, 600))
                .single()
                .rests(&[(Demand::Limit, Basis::Page)])
            .default("30"),
            Param::new("ContinueFlowExecution", switch("True", "False"))
                .default("False")
                .note("True: the flow goes on when the third party hangs up"),
            Param::new("ThirdPartyDTMFDigits", text("keys")).mixed().optional(),
            Param::new(
                "CallerId",
                Kind::Object(&[
                    Param::new("Name", text("a name")).mixed().optional(),
                    Param::new("Number", resource(ResourceKind::PhoneNumber)).single().optional(),
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
            Variant::new(Next::Copies(ANY_ERROR), &[ERROR])
                .named("final", &[])
                .refuses_errors(&["CallFailed", "ConnectionTimeLimitExceeded"]),
        ],
        refuses: &["CallerIdNumber"],
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
        ..PROBED
    },
    ActionSpec {
        name: "CreatePersistentContactAssociation",
        block: "Create persistent contact association",
        family: Family::Participant,
        summary: "Brings the history of an earlier chat into this one.",
        params: &[
            Param::new(
                "RehydrationType",
                Kind::Choice(&[("entire-session", "ENTIRE_PAST_SESSION"), ("segment", "FROM_SEGMENT")]),
            )
            .mixed(),
            Param::new("SourceContactId", text("a contact id")).mixed().note("the earlier contact"),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE_OUTBOUND),
        channels: &[Channel::Chat],
        evidence: Evidence::Observed,
        seen: Seen::Elsewhere,
        notes: &["the list of flow types is approximate"],
        sentences: &[Sentence::new(
            &[Words("continue chat"), Slot("SourceContactId")],
            "continue chat $.Attributes.previousContactId (history: entire-session)",
        )
        .settings(&[set("history", "RehydrationType")])],
        ..ROW
    },
    ActionSpec {
        name: "LoadContactContent",
        block: "Get stored content",
        family: Family::Participant,
        summary: "Loads the text of the e-mail that came in.",
        params: &[Param::new("ContentType", Kind::Choice(&[("email-message", "EmailMessage")]))
            .optional()
            .note("the service takes the action without it")],
        variants: FALLIBLE,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Email],
        results: Some(Results { namespace: "$.Email", root: "$.Email.EmailMessage", scalar: false, special: &[] }),
        clobbers: &["$.Email"],
        evidence: Evidence::Observed,
        seen: Seen::Elsewhere,
        sources: &[Witness::Guide, Witness::Exports],
        notes: &["the list of flow types is approximate"],
        sentences: &[Sentence::new(
            &[Words("load email message"), Optional(&[Words("as"), Name])],
            "load email message as mail",
        )
        .fixed(&[("ContentType", "EmailMessage")])],
        ..ROW
    },
];
