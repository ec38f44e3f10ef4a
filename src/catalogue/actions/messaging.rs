//! Text messages and e-mails to the customer.

use crate::catalogue::Piece::{Optional, Slot, Words};
use crate::catalogue::builders::{ERROR, FALLIBLE, ROW, required, resource, set, text};
use crate::catalogue::{
    ActionSpec, Allowed, Evidence, Family, FlowType as T, Kind, Next, Param, ResourceKind, Seen, Sentence, Setting,
    Variant, Witness,
};

/// All in capitals here, and only here.
const RELATED: Param = Param::new("RelatedContact", Kind::Choice(&[("current", "CURRENT")])).optional();
const SET_RELATED: Setting = set("related", "RelatedContact");

const fn address(what: &'static str) -> [Param; 1] {
    [Param::new("EmailAddress", text(what)).mixed()]
}

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "StartOutboundChatContact",
        block: "Send message (SMS)",
        family: Family::Contact,
        summary: "Sends a text message; the answers come in as a chat.",
        params: &[
            Param::new(
                "SourceEndpoint",
                Kind::Object(&[
                    Param::new("Address", resource(ResourceKind::PhoneNumber)).mixed(),
                    Param::new("Type", Kind::Choice(&[("phone-number", "CONNECT_PHONENUMBER_ARN")])),
                ]),
            ),
            Param::new(
                "DestinationEndpoint",
                Kind::Object(&[
                    Param::new("Address", Kind::Phone).mixed(),
                    Param::new("Type", Kind::Choice(&[("telephone", "TELEPHONE_NUMBER")])),
                ]),
            ),
            Param::new("ContactFlowArn", resource(ResourceKind::Flow)).single().note("the flow that the chat runs"),
            Param::new("ContactSubtype", Kind::Choice(&[("sms", "connect:SMS")])),
            Param::new("InitialSystemMessage", Kind::Object(&[Param::new("Content", text("a text")).mixed()]))
                .mixed()
                .optional(),
            RELATED,
        ],
        variants: FALLIBLE,
        flow_types: Allowed::only(&[
            T::Inbound,
            T::CustomerQueue,
            T::AgentTransfer,
            T::QueueTransfer,
            T::OutboundWhisper,
        ]),
        seen: Seen::Never,
        sources: &[Witness::Reference, Witness::Guide],
        notes: &["the list of flow types is approximate"],
        sentences: &[Sentence::new(
            &[
                Words("send sms"),
                Optional(&[Slot("InitialSystemMessage.Content")]),
                Words("from"),
                Slot("SourceEndpoint.Address"),
                Words("to"),
                Slot("DestinationEndpoint.Address"),
            ],
            r#"send sms "We have your order." from "Support line" to $.CustomerEndpoint.Address (flow: "SMS answers")"#,
        )
        .fixed(&[
            ("SourceEndpoint.Type", "CONNECT_PHONENUMBER_ARN"),
            ("DestinationEndpoint.Type", "TELEPHONE_NUMBER"),
            ("ContactSubtype", "connect:SMS"),
        ])
        .settings(&[set("flow", "ContactFlowArn"), SET_RELATED])],
        ..ROW
    },
    ActionSpec {
        name: "RenderMessageTemplate",
        block: "Send message (email with template), first of three",
        family: Family::Contact,
        summary: "Fills a message template in.",
        params: &[
            Param::new("WisdomKnowledgeBaseArn", resource(ResourceKind::KnowledgeBase)).mixed(),
            Param::new("WisdomMessageTemplateArn", resource(ResourceKind::MessageTemplate)).mixed(),
        ],
        variants: &[Variant::new(Next::Continues, &[required("rendering-failed", "TemplateRenderingError"), ERROR])],
        evidence: Evidence::Observed,
        seen: Seen::Elsewhere,
        sources: &[Witness::Guide, Witness::Exports],
        notes: &["`create email contact` and `send email` follow it"],
        sentences: &[Sentence::new(
            &[Words("fill in template"), Slot("WisdomMessageTemplateArn"), Words("of"), Slot("WisdomKnowledgeBaseArn")],
            r#"fill in template Receipt of "Message templates" { rendering-failed -> next }"#,
        )],
        ..ROW
    },
    ActionSpec {
        name: "CreateContact",
        block: "Send message (email), second of three",
        family: Family::Contact,
        summary: "Creates the contact that an e-mail belongs to.",
        params: &[Param::new("Channel", Kind::Choice(&[("email", "EMAIL")])), RELATED],
        variants: FALLIBLE,
        evidence: Evidence::Observed,
        seen: Seen::Elsewhere,
        sources: &[Witness::Exports],
        notes: &["`send email` follows it"],
        sentences: &[Sentence::new(&[Words("create email contact")], "create email contact (related: current)")
            .fixed(&[("Channel", "EMAIL")])
            .settings(&[SET_RELATED])],
        ..ROW
    },
    ActionSpec {
        name: "StartOutboundEmailContact",
        block: "Send message (email), last",
        family: Family::Contact,
        summary: "Sends an e-mail.",
        params: &[
            Param::new("FromEmailAddress", Kind::Object(&address("an e-mail address"))),
            Param::new("DestinationEmailAddress", Kind::Object(&address("an e-mail address"))),
            Param::new(
                "EmailMessage",
                Kind::Object(&[Param::new(
                    "MessageSourceType",
                    Kind::Choice(&[("raw", "RAW"), ("template", "TEMPLATE")]),
                )
                .note("`template` is spelled as in the API; no export has it")]),
            ),
        ],
        variants: FALLIBLE,
        evidence: Evidence::Observed,
        seen: Seen::Elsewhere,
        sources: &[Witness::Reference, Witness::Exports],
        sentences: &[Sentence::new(
            &[
                Words("send email from"),
                Slot("FromEmailAddress.EmailAddress"),
                Words("to"),
                Slot("DestinationEmailAddress.EmailAddress"),
            ],
            r#"send email from "hello@example.com" to $.Attributes.email (content: template)"#,
        )
        .settings(&[set("content", "EmailMessage.MessageSourceType")])],
        ..ROW
    },
];
