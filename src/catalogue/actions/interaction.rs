//! Actions that reach outside the flow: Lambda functions and callbacks.

use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{
    FALLIBLE, INBOUND_TRANSFERS_QUEUE, PROBED, ROW, equal, not_equal, number, resource, seconds, set, texts,
};
use crate::catalogue::{
    ActionSpec, Allowed, Basis, Channel, Demand, Effect, Family, Holds, Keys, Kind, Lowering, Mark, Param,
    ResourceKind, Results, Sentence,
};

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "InvokeLambdaFunction",
        block: "AWS Lambda function",
        family: Family::Interaction,
        summary: "Invokes a Lambda function; what it answers is read from `$.External`.",
        effects: &[Effect::Runs { limit: "InvocationTimeLimitSeconds", most: 8, passes: "LambdaInvocationAttributes" }],
        params: &[
            Param::new("LambdaFunctionARN", Kind::Resource(ResourceKind::Lambda)).single(),
            Param::new("InvocationTimeLimitSeconds", seconds(1, 8))
                .default("8")
                .when(not_equal("InvocationType", "ASYNCHRONOUS"))
                .rests(&[(Demand::Limit, Basis::Page)]),
            Param::new("InvocationTimeLimitSeconds", seconds(1, 60)).when(equal("InvocationType", "ASYNCHRONOUS")),
            Param::new("InvocationType", Kind::Choice(&[("sync", "SYNCHRONOUS"), ("async", "ASYNCHRONOUS")]))
                .optional(),
            Param::new("LambdaInvocationAttributes", texts(Keys::Any)).optional().mixed(),
            Param::new(
                "ResponseValidation",
                Kind::Object(&[Param::new("ResponseType", Kind::Choice(&[("text", "STRING_MAP"), ("json", "JSON")]))
                    .default("STRING_MAP")
                    .assumed("STRING_MAP")]),
            )
            .optional(),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::EVERYWHERE,
        channels: Channel::ALL,
        results: Some(Results { namespace: "$.External", root: "$.External", scalar: false, special: &[] }),
        clobbers: &["$.External"],
        sentences: &[
            Sentence::new(
                &[
                    Words("invoke"),
                    Slot("LambdaFunctionARN"),
                    Optional(&[Words("with"), Map("LambdaInvocationAttributes")]),
                    Optional(&[Words("as"), Name]),
                ],
                r#"invoke find-order with (number: "7") as order (timeout: 8s, expect: json)"#,
            )
            .settings(&[
                set("timeout", "InvocationTimeLimitSeconds"),
                set("mode", "InvocationType"),
                set("expect", "ResponseValidation.ResponseType"),
            ]),
            Sentence::new(&[Words("map resources")], "map resources")
                .settings(&[set("timeout", "InvocationTimeLimitSeconds")])
                .lowering(Lowering::MapResources { param: "LambdaFunctionARN" }),
        ],
        designer: &[
            Mark::new("dynamicMetadata", Holds::Switches("LambdaInvocationAttributes")),
            Mark::new("useDynamic", Holds::IsReference(&["LambdaFunctionARN"])),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "CreateCallbackContact",
        block: "Transfer to queue (callback)",
        family: Family::Interaction,
        summary: "Queues a callback to the number that was set, or to the caller.",
        effects: &[Effect::NeedsQueue { unless: &["QueueId", "AgentId"] }],
        params: &[
            Param::new("QueueId", Kind::Resource(ResourceKind::Queue)).single().at_most_one_of("target"),
            Param::new("AgentId", Kind::Resource(ResourceKind::User)).single().at_most_one_of("target"),
            Param::new("RetryDelaySeconds", seconds(1, 259_200)),
            Param::new("InitialCallDelaySeconds", seconds(1, 259_200)),
            Param::new("MaximumConnectionAttempts", number(1, i64::MAX)).rests(&[(Demand::Limit, Basis::Page)]),
            Param::new("ContactFlowId", Kind::Resource(ResourceKind::Flow))
                .single()
                .optional()
                .note("the flow that creates the callback"),
            Param::new("CallbackMode", Kind::Choice(&[("agent-first", "AgentFirst")]))
                .optional()
                .note("seen in exports, not documented"),
            Param::new(
                "CallerId",
                Kind::Object(&[Param::new("Number", resource(ResourceKind::PhoneNumber)).single().optional()]),
            )
            .mixed()
            .optional()
            .note("its shape is presumed"),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Voice],
        sentences: &[Sentence::new(&[Words("callback")], "callback (delay: 99s, retry: 10m, attempts: 2)").settings(
            &[
                set("delay", "InitialCallDelaySeconds"),
                set("retry", "RetryDelaySeconds"),
                set("attempts", "MaximumConnectionAttempts"),
                set("queue", "QueueId"),
                set("agent", "AgentId"),
                set("flow", "ContactFlowId"),
                set("caller-number", "CallerId.Number"),
                set("mode", "CallbackMode"),
            ],
        )],
        ..ROW
    },
];
