//! Outbound campaigns: what a journey sends and dials.

use crate::catalogue::Piece::{Slot, Words};
use crate::catalogue::builders::{ERROR_OPTIONAL, FALLIBLE, ROW, resource, set, text};
use crate::catalogue::{
    ActionSpec, Allowed, Evidence, Family, FlowType, Kind, Next, Param, ResourceKind, Seen, Sentence, Variant, Witness,
};

const TEMPLATED: &[Param] = &[
    Param::new("MessageSourceType", Kind::Choice(&[("template", "TEMPLATE")])),
    Param::new(
        "TemplatedMessage",
        Kind::Object(&[
            Param::new("WisdomKnowledgeBaseArn", resource(ResourceKind::KnowledgeBase)).mixed(),
            Param::new("WisdomMessageTemplateArn", resource(ResourceKind::MessageTemplate)).mixed(),
        ]),
    ),
];

/// What the rows of this file have in common.
const CAMPAIGN: ActionSpec = ActionSpec {
    family: Family::Campaign,
    variants: FALLIBLE,
    flow_types: Allowed::only(&[FlowType::Campaign]),
    channels: &[],
    sources: &[Witness::Guide],
    ..ROW
};

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "SendSMS",
        block: "Send communication (SMS)",
        summary: "Sends a text message from a template.",
        params: &[
            Param::new("Message", Kind::Object(TEMPLATED)),
            Param::new(
                "SourceEndpoint",
                Kind::Object(&[
                    Param::new("Address", resource(ResourceKind::PhoneNumber)).mixed(),
                    Param::new("Type", Kind::Choice(&[("phone-number", "CONNECT_PHONENUMBER_ARN")])),
                ]),
            ),
        ],
        seen: Seen::Never,
        sentences: &[Sentence::new(
            &[
                Words("send sms template"),
                Slot("Message.TemplatedMessage.WisdomMessageTemplateArn"),
                Words("of"),
                Slot("Message.TemplatedMessage.WisdomKnowledgeBaseArn"),
                Words("from"),
                Slot("SourceEndpoint.Address"),
            ],
            r#"send sms template Reminder of "Message templates" from "Support line""#,
        )
        .fixed(&[("Message.MessageSourceType", "TEMPLATE"), ("SourceEndpoint.Type", "CONNECT_PHONENUMBER_ARN")])],
        ..CAMPAIGN
    },
    ActionSpec {
        name: "SendOutboundEmail",
        block: "Send communication (email)",
        summary: "Sends an e-mail from a template.",
        params: &[
            Param::new("EmailMessage", Kind::Object(TEMPLATED)),
            Param::new(
                "FromEmailAddress",
                Kind::Object(&[Param::new("EmailAddress", text("an e-mail address")).mixed()]),
            ),
        ],
        seen: Seen::Never,
        sentences: &[Sentence::new(
            &[
                Words("send email template"),
                Slot("EmailMessage.TemplatedMessage.WisdomMessageTemplateArn"),
                Words("of"),
                Slot("EmailMessage.TemplatedMessage.WisdomKnowledgeBaseArn"),
                Words("from"),
                Slot("FromEmailAddress.EmailAddress"),
            ],
            r#"send email template Reminder of "Message templates" from "hello@example.com""#,
        )
        .fixed(&[("EmailMessage.MessageSourceType", "TEMPLATE")])],
        ..CAMPAIGN
    },
    ActionSpec {
        name: "PutDialRequest",
        block: "Send communication (telephony)",
        summary: "Has the customer called.",
        params: &[Param::new(
            "dialCriteriaRules",
            Kind::List(&Kind::Object(&[
                Param::new("type", Kind::Choice(&[("segment", "CheckSegmentMembershipForCustomerProfile")])),
                Param::new("segmentArn", resource(ResourceKind::Segment)),
            ])),
        )
        .optional()
        .note("its keys begin in lower case, unlike all others")],
        seen: Seen::Never,
        sentences: &[
            Sentence::new(&[Words("dial customer")], "dial customer (segment: Leads)").settings(&[set(
                "segment",
                "dialCriteriaRules.0.segmentArn",
            )
            .implies(&[("dialCriteriaRules.0.type", "CheckSegmentMembershipForCustomerProfile")])]),
            Sentence::new(
                &[Words("dial customer if"), Slot("dialCriteriaRules")],
                "dial customer if [{ type: segment, segmentArn: Leads }, { type: segment, segmentArn: Active }]",
            ),
        ],
        ..CAMPAIGN
    },
    ActionSpec {
        name: "GetOutboundCommunicationStatus",
        block: "Check communication status",
        summary: "Asks what became of messages that were sent.",
        params: &[Param::new("OutboundCommunicationIds", Kind::List(&Kind::Text { what: "a reference", max: 32_768 }))
            .reference()
            .note("normally `[$.OutboundCommunication.Latest.Id]`")],
        seen: Seen::Never,
        notes: &["what it learns is read from `$.DeliveryReceipts`"],
        sentences: &[Sentence::new(
            &[Words("get communication status of"), Slot("OutboundCommunicationIds")],
            "get communication status of [$.OutboundCommunication.Latest.Id]",
        )],
        ..CAMPAIGN
    },
    ActionSpec {
        name: "SendCommunication",
        block: "Send communication",
        summary: "Sends a message by some channel.",
        variants: &[Variant::new(Next::Continues, &[ERROR_OPTIONAL])],
        evidence: Evidence::Guess,
        seen: Seen::Never,
        notes: &["only its name is known; SendSMS, SendOutboundEmail and PutDialRequest are documented"],
        open: true,
        ..CAMPAIGN
    },
];
