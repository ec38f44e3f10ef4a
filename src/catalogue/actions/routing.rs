//! Where a contact goes: queues, agents, priorities, skills.

use crate::catalogue::Piece::{Optional, Slot, Words};
use crate::catalogue::builders::{
    ANY_ERROR, ERROR, ERROR_OPTIONAL, FALLIBLE, INBOUND_AND_TRANSFERS, INBOUND_TRANSFERS_QUEUE,
    INBOUND_TRANSFERS_QUEUE_OUTBOUND, NEVER_FAILS, PROBED, ROW, TERMINAL, number, required, resource, seconds, set,
    text,
};
use crate::catalogue::{
    ActionSpec, Allowed, Channel, Effect, Evidence, Family, FlowType as T, Holds, Kind, Lowering, Mark, Next, Param,
    Place, ResourceKind, Seen, Sentence, Variant, Witness,
};

/// What is asked of an agent: a skill at some level, or to be one of a few.
const ATTRIBUTE: Param = Param::new(
    "AttributeCondition",
    Kind::Object(&[
        Param::new("Name", text("an attribute's name")).mixed().optional().note("a predefined attribute"),
        Param::new("Value", text("a value")).mixed().optional(),
        Param::new("ProficiencyLevel", text("a level")).mixed().optional().note("`1.0` to `5.0`"),
        Param::new("ComparisonOperator", Kind::Choice(&[("at-least", "NumberGreaterOrEqualTo"), ("match", "Match")]))
            .note("`match` is the form that prefers agents, as a sample has it"),
        Param::new(
            "MatchCriteria",
            Kind::Object(&[Param::new(
                "AgentsCriteria",
                Kind::Object(&[
                    Param::new("AgentIds", Kind::List(&Kind::Text { what: "an agent's id", max: 32_768 })).mixed()
                ]),
            )
            .mixed()]),
        )
        .mixed()
        .optional(),
    ]),
)
.mixed()
.one_of("expression");

const AND: &str = "AndExpression";
const OR: &str = "OrExpression";
const OR_NOTE: &str = "not verified in flows";

/// Expressions inside one another, as deep as anyone has need of.
const INNERMOST: &[Param] = &[ATTRIBUTE, list(AND, &Kind::Json), list(OR, &Kind::Json).note(OR_NOTE)];
const EXPRESSION: &[Param] =
    &[ATTRIBUTE, list(AND, &Kind::Object(INNERMOST)), list(OR, &Kind::Object(INNERMOST)).note(OR_NOTE)];

const fn list(name: &'static str, of: &'static Kind) -> Param {
    Param::new(name, Kind::List(of)).one_of("expression")
}

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "UpdateContactTargetQueue",
        block: "Set working queue",
        family: Family::Contact,
        summary: "Sets the queue, or the agent's own queue, that the contact will go to.",
        effects: &[Effect::SetsQueue],
        params: &[
            Param::new("QueueId", resource(ResourceKind::Queue)).single().one_of("target"),
            Param::new("AgentId", resource(ResourceKind::User)).single().one_of("target"),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::only(INBOUND_AND_TRANSFERS),
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(&[Words("set queue"), Slot("QueueId")], "set queue Sales"),
            Sentence::new(&[Words("set queue of agent"), Slot("AgentId")], "set queue of agent mjackson"),
        ],
        designer: &[Mark::new("useDynamic", Holds::IsReference(&["QueueId", "AgentId"]))],
        ..ROW
    },
    ActionSpec {
        name: "TransferContactToQueue",
        block: "Transfer to queue",
        family: Family::Contact,
        summary: "Puts the contact into the queue that was set, and ends the flow.",
        refuses: &["QueueId"],
        effects: &[Effect::NeedsQueue { unless: &[] }, Effect::HandsOver],
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
        ..PROBED
    },
    ActionSpec {
        name: "DequeueContactAndTransferToQueue",
        block: "Transfer to queue (customer queue flow)",
        family: Family::Contact,
        summary: "Takes the contact out of its queue and puts it into another.",
        effects: &[Effect::HandsOver, Effect::Requeues],
        params: &[
            Param::new("QueueId", resource(ResourceKind::Queue)).single().at_most_one_of("target"),
            Param::new("AgentId", resource(ResourceKind::User)).single().at_most_one_of("target"),
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
        effects: &[Effect::HandsOver],
        params: &[],
        variants: TERMINAL,
        flow_types: Allowed::only(&[T::AgentTransfer, T::QueueTransfer]),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(&[Words("transfer to agent")], "transfer to agent")],
        ..ROW
    },
    ActionSpec {
        name: "RouteContactToAgent",
        block: "Interrupt agent",
        family: Family::Contact,
        summary: "Interrupts an agent with the contact.",
        effects: &[Effect::Waits],
        params: &[Param::new("AgentId", resource(ResourceKind::User)).single().note("a guessed name")],
        variants: &[Variant::new(Next::Continues, &[ERROR_OPTIONAL])],
        flow_types: Allowed::only(&[T::CustomerQueue]),
        channels: &[Channel::Voice],
        evidence: Evidence::Guess,
        seen: Seen::Never,
        sources: &[Witness::Guide, Witness::Probes],
        doubt: "one instance answered that it does not know the action",
        notes: &["rings for 30 seconds"],
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
        )
        .refuses_errors(&["NoMatchingError"])],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(
            &[Words("set callback number"), Slot("CallbackNumber")],
            "set callback number $.CustomerEndpoint.Address { invalid, undialable -> next }",
        )],
        ..PROBED
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
        variants: NEVER_FAILS,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE_OUTBOUND),
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(&[Words("set routing priority"), Slot("QueuePriority")], "set routing priority 1"),
            Sentence::new(&[Words("set routing age"), Slot("QueueTimeAdjustmentSeconds")], "set routing age 60s"),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "UpdateContactRoutingCriteria",
        block: "Set routing criteria",
        family: Family::FlowControl,
        summary: "Sets which agents may take the contact, in steps that ask for less and less.",
        params: &[Param::new(
            "RoutingCriteria",
            Kind::Object(&[Param::new(
                "Steps",
                Kind::List(&Kind::Object(&[
                    Param::new("Expression", Kind::Object(EXPRESSION)),
                    Param::new(
                        "Expiry",
                        Kind::Object(&[Param::new("DurationInSeconds", seconds(1, i64::MAX)).mixed()]),
                    )
                    .optional()
                    .note("when the next step begins; the last may be without"),
                ])),
            )]),
        )
        .single()
        .note("or one reference to all of it")],
        variants: FALLIBLE,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        evidence: Evidence::Probed,
        sources: &[Witness::Reference, Witness::Guide, Witness::Probes, Witness::Samples],
        notes: &["its page is called UpdateRoutingCriteria, which the service refuses"],
        sentences: &[
            Sentence::new(
                &[
                    Words("require skill"),
                    Slot("RoutingCriteria.Steps.0.Expression.AttributeCondition.Name"),
                    Slot("RoutingCriteria.Steps.0.Expression.AttributeCondition.Value"),
                ],
                r#"require skill "Language" "French" (level: 4.0, for: 60s)"#,
            )
            .fixed(&[(
                "RoutingCriteria.Steps.0.Expression.AttributeCondition.ComparisonOperator",
                "NumberGreaterOrEqualTo",
            )])
            .settings(&[
                set("level", "RoutingCriteria.Steps.0.Expression.AttributeCondition.ProficiencyLevel"),
                set("for", "RoutingCriteria.Steps.0.Expiry.DurationInSeconds"),
            ]),
            Sentence::new(
                &[
                    Words("prefer agents"),
                    Slot("RoutingCriteria.Steps.0.Expression.AttributeCondition.MatchCriteria.AgentsCriteria.AgentIds"),
                ],
                "prefer agents [$.Attributes.lastAgent] (for: 60s)",
            )
            .fixed(&[("RoutingCriteria.Steps.0.Expression.AttributeCondition.ComparisonOperator", "Match")])
            .settings(&[set("for", "RoutingCriteria.Steps.0.Expiry.DurationInSeconds")]),
            Sentence::new(
                &[Words("set routing criteria"), Slot("RoutingCriteria")],
                "set routing criteria $.External.criteria",
            ),
            Sentence::new(
                &[Words("set routing steps"), Slot("RoutingCriteria.Steps")],
                r#"set routing steps [{ Expression: { AttributeCondition: { Name: "Language", Value: "French", ProficiencyLevel: 4.0, ComparisonOperator: at-least } }, Expiry: { DurationInSeconds: 30s } }, { Expression: { AttributeCondition: { Name: "Language", Value: "French", ProficiencyLevel: 2.0, ComparisonOperator: at-least } } }]"#,
            ),
        ],
        ..ROW
    },
];
