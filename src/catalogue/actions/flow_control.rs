//! Actions that decide where control goes: choices, loops, waits, other flows.

use super::shared::ON_OFF;
use crate::catalogue::Piece::{Map, Name, Optional, Slot, Words};
use crate::catalogue::builders::{
    ANY_ERROR, ELSE_EXPLICIT, ERROR, FALLIBLE, INBOUND_AND_TRANSFERS, INBOUND_TRANSFERS_QUEUE, NEVER_FAILS, NO_MATCH,
    PROBED, ROW, TERMINAL, contains, equal, keyed, on_request, one_of, outlet, present, required, result, seconds, set,
    text,
};
use crate::catalogue::{
    ActionSpec, Allowed, Basis, Channel, Demand, Effect, Evidence, Exit, Family, FlowType as T, Holds, Keys, Kind,
    Literals, Lowering, Mark, Modules, Need, Next, Operand, Operator, OutletSpec, Param, ResourceKind, Results, Role,
    Sentence, Variant, Witness,
};

const NUMERIC: &[Operator] = &[
    Operator::Equals,
    Operator::NumberGreaterThan,
    Operator::NumberGreaterOrEqualTo,
    Operator::NumberLessThan,
    Operator::NumberLessOrEqualTo,
];

const QUEUE: Param = Param::new("QueueId", Kind::Resource(ResourceKind::Queue)).single().at_most_one_of("target");
const AGENT: Param = Param::new("AgentId", Kind::Resource(ResourceKind::User)).single().at_most_one_of("target");

/// How a wait ends that the flow does not go on beside.
const WAITED: &[OutletSpec] = &[
    outlet("done", Exit::Condition(Operator::Equals, "WaitCompleted"), Need::Continues),
    result("returned", "CustomerReturned").when(contains("Events", "CustomerReturned")),
    result("bot-left", "BotParticipantDisconnected").when(contains("Events", "BotParticipantDisconnected")),
    required("gone", "ParticipantNotFound").when(contains("Events", "BotParticipantDisconnected")),
    ERROR,
];

const STAFFING: &[&str] = &["NumberOfAgentsAvailable", "NumberOfAgentsStaffed", "NumberOfAgentsOnline"];

const METRICS: &[(&str, &str)] = &[
    ("available", "NumberOfAgentsAvailable"),
    ("staffed", "NumberOfAgentsStaffed"),
    ("online", "NumberOfAgentsOnline"),
    ("age", "OldestContactInQueueAgeSeconds"),
    ("size", "NumberOfContactsInQueue"),
];

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "Compare",
        block: "Check contact attributes",
        family: Family::FlowControl,
        summary: "Compares one reference with fixed values; the first that holds decides.",
        params: &[Param::new("ComparisonValue", text("a reference")).reference().rests(&[(
            Demand::Binding,
            Basis::Refusal("a fixed text, or a name space alone, as the value that is compared"),
        )])],
        variants: &[Variant::new(Next::Copies(NO_MATCH), &[ELSE_EXPLICIT])
            .literals(Literals::Comparisons { operators: &Operator::ALL, operand: Operand::Text })
            .refuses_errors(&["NoMatchingError"])],
        flow_types: Allowed::EVERYWHERE,
        channels: Channel::ALL,
        role: Role::Compare,
        sentences: &[Sentence::new(
            &[Words("match"), Slot("ComparisonValue")],
            r#"match $.Attributes.tier { "gold" -> next starts with "p" -> next else -> next }"#,
        )],
        designer: &[Mark::new("conditions", Holds::EmptyList)],
        ..PROBED
    },
    ActionSpec {
        name: "Wait",
        block: "Wait",
        family: Family::FlowControl,
        summary: "Waits for a time, or for an event.",
        effects: &[Effect::Waits],
        params: &[
            Param::new("TimeLimitSeconds", seconds(1, 604_800)).single(),
            Param::new(
                "Events",
                Kind::Choices(&[("returned", "CustomerReturned"), ("bot-left", "BotParticipantDisconnected")]),
            )
            .optional()
            .refuses(&["LambdaReturned", "AsyncLambdaCompletion"]),
            Param::new("ContinueExecution", Kind::Choice(&[("yes", "True")]))
                .optional()
                .note("not documented: the flow goes on at once, and again when the time is over"),
            Param::new("MinimumWaitTimeSeconds", seconds(1, 604_800))
                .optional()
                .when(equal("ContinueExecution", "True")),
        ],
        variants: &[
            Variant::new(
                Next::Copies(ANY_ERROR),
                &[
                    result("continue", "Continue"),
                    outlet("done", Exit::Condition(Operator::Equals, "WaitCompleted"), Need::Continues),
                    ERROR,
                ],
            )
            .named("keep-running", &[present("ContinueExecution")])
            .channels(Channel::ALL),
            Variant::new(Next::Copies(ANY_ERROR), WAITED)
                .named("waiting-for-an-event", &[present("Events")])
                .channels(Channel::ALL),
            Variant::new(Next::Copies(ANY_ERROR), WAITED).named("waiting", &[]),
        ],
        flow_types: Allowed::EVERYWHERE,
        channels: &[Channel::Chat, Channel::Task, Channel::Email],
        refuses: &["TimeoutSeconds"],
        sentences: &[Sentence::new(
            &[Words("wait"), Slot("TimeLimitSeconds")],
            "wait 5m { done -> next returned -> again }",
        )
        .settings(&[set("keep-running", "ContinueExecution"), set("at-least", "MinimumWaitTimeSeconds")])],
        designer: &[Mark::new("TimeLimitSeconds", Holds::Seconds)],
        ..PROBED
    },
    ActionSpec {
        name: "Loop",
        block: "Loop",
        family: Family::FlowControl,
        summary: "Counts arrivals: takes one branch so many times, then the other.",
        params: &[Param::new("LoopCount", crate::catalogue::builders::number(0, 100))
            .single()
            .rests(&[(Demand::RequiredKey, Basis::Page)])
            .note("a loop over an array has other keys, which nobody has published")],
        variants: &[Variant::new(
            Next::Copies(Exit::Condition(Operator::Equals, "DoneLooping")),
            &[
                result("continue", "ContinueLooping"),
                result("done", "DoneLooping"),
                on_request("error", "NoMatchingError"),
            ],
        )],
        flow_types: Allowed::EVERYWHERE,
        channels: Channel::ALL,
        role: Role::Loop,
        sentences: &[
            Sentence::new(&[Words("loop"), Slot("LoopCount")], "loop 3 { continue -> again done -> next }"),
            Sentence::new(
                &[Words("retry")],
                r#"menu "Press 1." { 1 -> next timeout, else { retry (max: 2) { spent -> next } } }"#,
            )
            .settings(&[set("max", "LoopCount")])
            .aliases(&[("spent", "done")])
            .lowering(Lowering::Retry),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "DistributeByPercentage",
        block: "Distribute by percentage",
        family: Family::FlowControl,
        summary: "Sends contacts different ways at random, by share.",
        params: &[],
        variants: &[Variant::new(Next::Copies(NO_MATCH), &[ELSE_EXPLICIT])
            .literals(Literals::Percentages)
            .refuses_errors(&["NoMatchingError"])],
        flow_types: Allowed::only(&[
            T::Inbound,
            T::AgentTransfer,
            T::QueueTransfer,
            T::CustomerQueue,
            T::OutboundWhisper,
            T::Campaign,
        ]),
        channels: Channel::ALL,
        sentences: &[Sentence::new(&[Words("split")], "split { 20% -> next 30% -> next else -> next }")],
        ..ROW
    },
    ActionSpec {
        name: "CheckHoursOfOperation",
        block: "Check hours of operation",
        family: Family::FlowControl,
        summary: "Branches on whether an hours of operation is open now.",
        params: &[Param::new("HoursOfOperationId", Kind::Resource(ResourceKind::Hours))
            .single()
            .optional()
            .note("default: the hours of the contact's queue")],
        variants: &[Variant::new(Next::Copies(ANY_ERROR), &[result("open", "True"), result("closed", "False"), ERROR])
            .refuses_errors(&["NoMatchingCondition"])],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: Channel::ALL,
        sentences: &[Sentence::new(
            &[Words("check hours"), Optional(&[Slot("HoursOfOperationId")])],
            "check hours Weekdays { open -> next closed -> next }",
        )],
        designer: &[Mark::new("Hours", Holds::Named { param: "HoursOfOperationId", id: true })],
        ..PROBED
    },
    ActionSpec {
        name: "CheckMetricData",
        block: "Check staffing, Check queue status",
        family: Family::FlowControl,
        summary: "Branches on agents or contacts of a queue.",
        params: &[Param::new("MetricType", Kind::Choice(METRICS)), QUEUE, AGENT],
        variants: &[
            Variant::new(
                Next::Copies(ANY_ERROR),
                &[
                    outlet("yes", Exit::Condition(Operator::NumberGreaterThan, "0"), Need::Explicit),
                    outlet("no", NO_MATCH, Need::Explicit),
                    ERROR,
                ],
            )
            .named("staffing", &[one_of("MetricType", STAFFING)]),
            Variant::new(Next::Copies(ANY_ERROR), &[ELSE_EXPLICIT, ERROR])
                .literals(Literals::Comparisons { operators: NUMERIC, operand: Operand::Milliseconds })
                .named("queue-age", &[equal("MetricType", "OldestContactInQueueAgeSeconds")]),
            Variant::new(Next::Copies(ANY_ERROR), &[ELSE_EXPLICIT, ERROR])
                .literals(Literals::Comparisons { operators: NUMERIC, operand: Operand::Number })
                .named("queue-size", &[]),
        ],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: Channel::ALL,
        sentences: &[
            Sentence::new(
                &[Words("check staffing"), Optional(&[Slot("QueueId")])],
                "check staffing Sales (metric: available) { yes -> next no -> next }",
            )
            .fixed(&[("MetricType", "NumberOfAgentsAvailable")])
            .settings(&[set("metric", "MetricType").among(STAFFING), set("agent", "AgentId")]),
            Sentence::new(
                &[Words("check queue"), Optional(&[Slot("QueueId")])],
                "check queue Sales (metric: size) { > 10 -> next else -> next }",
            )
            .fixed(&[("MetricType", "NumberOfContactsInQueue")])
            .settings(&[
                set("metric", "MetricType").among(&["OldestContactInQueueAgeSeconds", "NumberOfContactsInQueue"]),
                set("agent", "AgentId"),
            ]),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "GetMetricData",
        block: "Get metrics",
        family: Family::FlowControl,
        summary: "Reads the metrics of a queue or agent into `$.Metrics`.",
        params: &[
            QUEUE,
            AGENT,
            Param::new("QueueChannel", Kind::Choice(&[("voice", "Voice"), ("chat", "Chat")])).mixed().optional(),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        results: Some(Results { namespace: "$.Metrics", root: "$.Metrics", scalar: false, special: &[] }),
        clobbers: &["$.Metrics"],
        sentences: &[Sentence::new(
            &[Words("get metrics"), Optional(&[Slot("QueueId")]), Optional(&[Words("as"), Name])],
            "get metrics Sales as sales (channel: voice)",
        )
        .settings(&[set("channel", "QueueChannel"), set("agent", "AgentId")])],
        ..ROW
    },
    ActionSpec {
        name: "CheckOutboundCallStatus",
        block: "Check call progress",
        family: Family::FlowControl,
        summary: "Branches on who or what answered a call that a campaign made.",
        effects: &[Effect::Waits],
        variants: &[Variant::new(
            Next::Copies(ANY_ERROR),
            &[
                result("answered", "CallAnswered"),
                result("beep", "VoicemailBeep"),
                result("no-beep", "VoicemailNoBeep"),
                result("not-detected", "NotDetected"),
                ERROR,
            ],
        )],
        flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE),
        channels: &[Channel::Voice],
        notes: &["means something for calls of outbound campaigns only"],
        sentences: &[Sentence::new(
            &[Words("check call progress")],
            "check call progress { answered -> next beep, no-beep, not-detected -> next }",
        )],
        ..ROW
    },
    ActionSpec {
        name: "EndFlowExecution",
        block: "End flow / Resume",
        family: Family::FlowControl,
        summary: "Ends this flow and leaves the contact where it is.",
        params: &[],
        variants: TERMINAL,
        flow_types: Allowed::only(&[
            T::CustomerQueue,
            T::CustomerWhisper,
            T::AgentWhisper,
            T::OutboundWhisper,
            T::CustomerHold,
            T::AgentHold,
            T::Campaign,
        ])
        .modules(Modules::Never),
        channels: Channel::ALL,
        role: Role::Finish,
        sentences: &[Sentence::new(&[Words("end")], "end")],
        ..PROBED
    },
    ActionSpec {
        name: "TransferToFlow",
        block: "Transfer to flow",
        family: Family::FlowControl,
        summary: "Goes on in another flow and does not come back.",
        effects: &[Effect::Leaves { to: "ContactFlowId" }],
        params: &[Param::new("ContactFlowId", Kind::Resource(ResourceKind::Flow)).single()],
        variants: &[Variant::new(Next::Copies(ANY_ERROR), &[ERROR])],
        flow_types: Allowed::only(INBOUND_AND_TRANSFERS),
        channels: Channel::ALL,
        sentences: &[Sentence::new(
            &[Words("transfer to flow"), Slot("ContactFlowId")],
            r#"transfer to flow "Opening hours""#,
        )],
        designer: &[
            Mark::new("useDynamic", Holds::IsReference(&["ContactFlowId"])),
            Mark::new("ContactFlow", Holds::Named { param: "ContactFlowId", id: false }),
        ],
        ..ROW
    },
    ActionSpec {
        name: "UpdateFlowAttributes",
        block: "Set contact attributes (flow)",
        family: Family::FlowControl,
        summary: "Sets attributes that only this flow sees.",
        params: &[Param::new(
            "FlowAttributes",
            Kind::Map {
                value: &Kind::Object(&[
                    Param::new("Value", Kind::Text { what: "a text", max: 32_768 }).mixed(),
                    Param::new("Type", Kind::Choice(&[("string", "String")])).optional(),
                ]),
                keys: Keys::Attribute,
                max: usize::MAX,
            },
        )
        .mixed()
        .rests(&[(Demand::Syntax, Basis::Refusal("an attribute whose value is a text and no object"))])],
        variants: FALLIBLE,
        flow_types: Allowed::EVERYWHERE,
        channels: Channel::ALL,
        evidence: Evidence::Probed,
        sources: &[Witness::Reference, Witness::Exports, Witness::Probes],
        role: Role::SaveResult,
        sentences: &[],
        assigns: &[keyed("$.FlowAttributes", "FlowAttributes.*.Value")],
        ..ROW
    },
    ActionSpec {
        name: "UpdateFlowLoggingBehavior",
        block: "Set logging behavior",
        family: Family::FlowControl,
        summary: "Switches the flow log on or off, for this contact and the flows that follow.",
        effects: &[Effect::Logs],
        params: &[Param::new("FlowLoggingBehavior", Kind::Choice(ON_OFF))],
        variants: NEVER_FAILS,
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        evidence: Evidence::Probed,
        sources: &[Witness::Reference, Witness::Exports, Witness::Probes],
        sentences: &[Sentence::new(&[Words("set logging"), Slot("FlowLoggingBehavior")], "set logging on")],
        ..ROW
    },
    ActionSpec {
        name: "EndFlowModuleExecution",
        block: "Return",
        family: Family::FlowControl,
        summary: "Returns from a module, with a branch and data for the caller.",
        params: &[
            Param::new("Result", Kind::Name { what: "a branch of the module" }).optional(),
            Param::new("ResultData", Kind::Map { value: &Kind::Json, keys: Keys::Any, max: usize::MAX })
                .optional()
                .mixed(),
        ],
        variants: TERMINAL,
        flow_types: Allowed::only(&[]).modules(Modules::Only),
        channels: Channel::ALL,
        role: Role::Return,
        sentences: &[
            Sentence::new(
                &[Words("return"), Optional(&[Slot("Result")]), Optional(&[Words("with"), Map("ResultData")])],
                "return",
            ),
            Sentence::new(
                &[Words("return"), Optional(&[Slot("Result")]), Words("with data"), Slot("ResultData")],
                "return with data $.External",
            ),
        ],
        ..PROBED
    },
    ActionSpec {
        name: "InvokeFlowModule",
        block: "Invoke module",
        family: Family::FlowControl,
        summary: "Runs a module and branches on what it returns.",
        params: &[
            Param::new("FlowModuleId", Kind::Resource(ResourceKind::Module)).single(),
            Param::new("Input", Kind::Map { value: &Kind::Json, keys: Keys::Any, max: usize::MAX }).optional().mixed(),
        ],
        variants: &[Variant::new(Next::Continues, &[outlet("else", NO_MATCH, Need::Optional), ERROR])
            .literals(Literals::Texts { what: "a branch of the module" })],
        flow_types: Allowed::EVERY_CONTACT,
        channels: Channel::ALL,
        results: Some(Results {
            namespace: "$.Modules",
            root: "$.Modules.ResultData",
            scalar: false,
            special: &[("Result", "$.Modules.Result")],
        }),
        // A module may invoke anything; what its own invocations leave behind in the caller is not documented.
        clobbers: &["$.Modules", "$.External", "$.Lex", "$.Views", "$.StoredCustomerInput", "$.Metrics"],
        role: Role::CallModule,
        sentences: &[Sentence::new(
            &[
                Words("call"),
                Slot("FlowModuleId"),
                Optional(&[Words("with"), Map("Input")]),
                Optional(&[Words("as"), Name]),
            ],
            r#"call "Shared greeting" as greeting { error, else -> next }"#,
        )],
        designer: &[Mark::new("useDynamic", Holds::IsReference(&["FlowModuleId"]))],
        ..PROBED
    },
];
