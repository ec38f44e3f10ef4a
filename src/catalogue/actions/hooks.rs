//! Flows that run on events of a contact.

use crate::catalogue::Piece::{Slot, Words};
use crate::catalogue::builders::{FALLIBLE, PROBED, present, resource, set, switch};
use crate::catalogue::{ActionSpec, Family, FlowType as T, Holds, Kind, Mark, Param, ResourceKind, Sentence};

const fn hook(event: &'static str, flow_type: T) -> Param {
    Param::new(event, resource(ResourceKind::Flow)).single().optional().leads_to(flow_type)
}

const HOOKS: &[Param] = &[
    hook("AgentHold", T::AgentHold),
    hook("AgentWhisper", T::AgentWhisper),
    hook("CustomerHold", T::CustomerHold),
    hook("CustomerQueue", T::CustomerQueue),
    hook("CustomerRemaining", T::Inbound),
    hook("CustomerWhisper", T::CustomerWhisper),
    hook("DefaultAgentUI", T::Inbound),
    hook("DisconnectAgentUI", T::Inbound),
    hook("PauseContact", T::Inbound),
    hook("ResumeContact", T::Inbound),
];

const SWITCHED_OFF: &[Param] = &[Param::new("DisableExecution", switch("true", "false")).assumed("false")];

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

/// `set <event> flow <flow>` and `disable <event> flow`, as the console calls the event. Of a whisper the console says
/// both, which flow it is and that it is not disabled.
macro_rules! sentences {
    (@ whisper $event:literal) => {
        &[(concat!("EventHooksConfiguration.", $event, ".DisableExecution"), "false")]
    };
    (@ event $event:literal) => {
        &[]
    };
    ($($kind:ident $event:literal, $words:literal, $example:literal;)*) => {
        &[
            $(
                Sentence::new(
                    &[Words(concat!("set ", $words, " flow")), Slot(concat!("EventHooks.", $event))],
                    concat!("set ", $words, " flow ", $example),
                )
                .fixed(sentences!(@ $kind $event))
                .settings(&[set("disabled", concat!("EventHooksConfiguration.", $event, ".DisableExecution"))]),
                Sentence::new(
                    &[Words(concat!("disable ", $words, " flow"))],
                    concat!("disable ", $words, " flow"),
                )
                .fixed(&[(concat!("EventHooksConfiguration.", $event, ".DisableExecution"), "true")]),
            )*
        ]
    };
}

/// Of whom an event is, for the events that the console shows in one block each with the others of their kind.
const DESIGNER: &[Mark] = &[
    of("EventHooks.CustomerQueue", true),
    of("EventHooks.CustomerWhisper", true),
    of("EventHooks.CustomerHold", true),
    of("EventHooks.AgentWhisper", false),
    of("EventHooks.AgentHold", false),
    flow("EventHooks.CustomerQueue"),
    flow("EventHooks.CustomerWhisper"),
    flow("EventHooks.CustomerHold"),
    flow("EventHooks.AgentWhisper"),
    flow("EventHooks.AgentHold"),
    Mark::new(
        "useDynamic",
        Holds::IsReference(&[
            "EventHooks.CustomerQueue",
            "EventHooks.CustomerWhisper",
            "EventHooks.CustomerHold",
            "EventHooks.AgentWhisper",
            "EventHooks.AgentHold",
        ]),
    ),
];

const fn of(event: &'static str, customer: bool) -> Mark {
    Mark::new("customerOrAgent", Holds::Flag(customer)).when(present(event))
}

const fn flow(event: &'static str) -> Mark {
    Mark::new("contactFlow", Holds::Named { param: event, id: true })
}

pub(super) const ROWS: &[ActionSpec] = &[ActionSpec {
    name: "UpdateContactEventHooks",
    block: "Set whisper flow, Set hold flow, Set customer queue flow, Set disconnect flow, Set event flow",
    family: Family::Contact,
    summary: "Sets the flow that runs on an event of the contact.",
    params: &[
        Param::new("EventHooks", Kind::Object(HOOKS))
            .single()
            .at_least_one_of("hook")
            .note("the console writes one event into each action"),
        Param::new("EventHooksConfiguration", Kind::Object(HOOK_SWITCHES))
            .at_least_one_of("hook")
            .note("the console writes it for whispers; of other events no export has it and no page speaks"),
    ],
    variants: FALLIBLE,
    sentences: sentences! {
        event "CustomerQueue", "customer queue", "\"Hold music\"";
        whisper "AgentWhisper", "agent whisper", "\"Say the queue\"";
        whisper "CustomerWhisper", "customer whisper", "\"Connecting\"";
        event "CustomerHold", "customer hold", "\"Hold\"";
        event "AgentHold", "agent hold", "\"Agent hold\"";
        event "CustomerRemaining", "disconnect", "\"Survey\"";
        event "DefaultAgentUI", "agent guide", "\"Agent guide\"";
        event "DisconnectAgentUI", "after contact guide", "\"Wrap up\"";
        event "PauseContact", "pause", "\"Task paused\"";
        event "ResumeContact", "resume", "\"Task resumed\"";
    },
    notes: &["`disable .. flow` is unproven for events that are no whispers: no export has it, and no page"],
    designer: DESIGNER,
    ..PROBED
}];
