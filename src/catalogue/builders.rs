//! Short constructors, so that a row reads like a table row.

use super::limits::SPEECH_CHARACTERS_MAX;
use super::{
    ActionSpec, Allowed, Assignment, Basis, Binding, Channel, Demand, Evidence, Exit, Family, FlowType, Group, Is,
    Keys, Kind, Literals, Lowering, Modules, Need, Next, Operator, OutletSpec, Param, Piece, ResourceKind, Rests, Role,
    Seen, Sentence, Setting, TimeUnit, Variant, When, Witness,
};

/// What a row says when it says nothing: no results, no part in the language, documented and seen in exports.
pub(super) const ROW: ActionSpec = ActionSpec {
    name: "",
    block: "",
    family: Family::Contact,
    summary: "",
    effects: &[],
    params: &[],
    variants: &[],
    flow_types: Allowed::EVERY_CONTACT,
    channels: Channel::ALL,
    results: None,
    clobbers: &[],
    evidence: Evidence::Documented,
    seen: Seen::Genuine,
    sources: &[Witness::Reference, Witness::Guide, Witness::Exports],
    needs: "",
    notes: &[],
    open: false,
    doubt: "",
    may_lack_next: false,
    refuses: &[],
    role: Role::None,
    sentences: &[],
    assigns: &[],
    designer: &[],
};

/// A row that rests on everything there is, calls of the live service included.
pub(super) const PROBED: ActionSpec = ActionSpec {
    evidence: Evidence::Probed,
    sources: &[Witness::Reference, Witness::Guide, Witness::Exports, Witness::Probes],
    ..ROW
};

impl Param {
    /// A required, static parameter; the other methods change that.
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            binding: Binding::Static,
            required: true,
            group: Group::None,
            when: None,
            default: None,
            assumed: None,
            fixed: false,
            leads_to: None,
            doubt: "",
            refuses: &[],
            rests: &[],
            note: "",
        }
    }
    pub(super) const fn leads_to(mut self, flow_type: FlowType) -> Self {
        self.leads_to = Some(flow_type);
        self
    }
    pub(super) const fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }
    pub(super) const fn optional(mut self) -> Self {
        self.required = false;
        self
    }
    pub(super) const fn mixed(mut self) -> Self {
        self.binding = Binding::Mixed;
        self
    }
    pub(super) const fn single(mut self) -> Self {
        self.binding = Binding::Single;
        self
    }
    pub(super) const fn reference(mut self) -> Self {
        self.binding = Binding::Reference;
        self
    }
    pub(super) const fn one_of(mut self, group: &'static str) -> Self {
        self.required = false;
        self.group = Group::ExactlyOne(group);
        self
    }
    pub(super) const fn at_most_one_of(mut self, group: &'static str) -> Self {
        self.required = false;
        self.group = Group::AtMostOne(group);
        self
    }
    pub(super) const fn at_least_one_of(mut self, group: &'static str) -> Self {
        self.required = false;
        self.group = Group::AtLeastOne(group);
        self
    }
    pub(super) const fn when(mut self, when: When) -> Self {
        self.when = Some(when);
        self
    }
    pub(super) const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
    pub(super) const fn assumed(mut self, value: &'static str) -> Self {
        self.assumed = Some(value);
        self
    }
    /// Why the service may refuse the parameter altogether.
    pub(super) const fn doubt(mut self, why: &'static str) -> Self {
        self.doubt = why;
        self
    }
    /// Values that the service was seen to refuse.
    pub(super) const fn refuses(mut self, values: &'static [&'static str]) -> Self {
        self.refuses = values;
        self
    }
    /// What is unusual about its rules.
    pub(super) const fn rests(mut self, rests: Rests) -> Self {
        self.rests = rests;
        self
    }
    pub(super) const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }
}

pub(super) const fn text(what: &'static str) -> Kind {
    Kind::Text { what, max: 32_768 }
}
pub(super) const fn speech() -> Kind {
    Kind::Text { what: "a text", max: SPEECH_CHARACTERS_MAX }
}
pub(super) const fn name(what: &'static str) -> Kind {
    Kind::Name { what }
}
pub(super) const fn seconds(min: i64, max: i64) -> Kind {
    Kind::Duration { min, max, unit: TimeUnit::Seconds }
}
pub(super) const fn minutes(min: i64, max: i64) -> Kind {
    Kind::Duration { min, max, unit: TimeUnit::Minutes }
}
pub(super) const fn number(min: i64, max: i64) -> Kind {
    Kind::Number { min, max }
}
pub(super) const fn resource(kind: ResourceKind) -> Kind {
    Kind::Resource(kind)
}
/// Free keys, each with a text.
pub(super) const fn texts(keys: Keys) -> Kind {
    Kind::Map { value: &Kind::Text { what: "a text", max: 32_768 }, keys, max: usize::MAX }
}
/// Free keys, each with any JSON.
pub(super) const fn anything() -> Kind {
    Kind::Map { value: &Kind::Json, keys: Keys::Any, max: usize::MAX }
}
pub(super) const fn switch(yes: &'static str, no: &'static str) -> Kind {
    Kind::Switch { yes, no }
}

pub(super) const fn equal(param: &'static str, value: &'static str) -> When {
    When { param, is: Is::Equal(value) }
}
pub(super) const fn not_equal(param: &'static str, value: &'static str) -> When {
    When { param, is: Is::NotEqual(value) }
}
pub(super) const fn one_of(param: &'static str, values: &'static [&'static str]) -> When {
    When { param, is: Is::OneOf(values) }
}
pub(super) const fn present(param: &'static str) -> When {
    When { param, is: Is::Present }
}
pub(super) const fn absent(param: &'static str) -> When {
    When { param, is: Is::Absent }
}
pub(super) const fn contains(param: &'static str, value: &'static str) -> When {
    When { param, is: Is::Contains(value) }
}

/// The error that nearly every action can raise.
pub(super) const ANY_ERROR: Exit = Exit::Error("NoMatchingError");
/// The result that no condition matched.
pub(super) const NO_MATCH: Exit = Exit::Error("NoMatchingCondition");

pub(super) const fn outlet(word: &'static str, exit: Exit, need: Need) -> OutletSpec {
    OutletSpec { word, exit, need, when: None, rests: &[] }
}
pub(super) const fn required(word: &'static str, error: &'static str) -> OutletSpec {
    outlet(word, Exit::Error(error), Need::Required)
}
pub(super) const fn optional(word: &'static str, error: &'static str) -> OutletSpec {
    outlet(word, Exit::Error(error), Need::Optional)
}
pub(super) const fn on_request(word: &'static str, error: &'static str) -> OutletSpec {
    outlet(word, Exit::Error(error), Need::OnRequest)
}
pub(super) const fn result(word: &'static str, operand: &'static str) -> OutletSpec {
    outlet(word, Exit::Condition(Operator::Equals, operand), Need::Explicit)
}
impl OutletSpec {
    /// What is unusual about its rules.
    pub(super) const fn rests(mut self, rests: Rests) -> Self {
        self.rests = rests;
        self
    }
    pub(super) const fn when(mut self, when: When) -> Self {
        self.when = Some(when);
        self
    }
}

pub(super) const ERROR: OutletSpec = required("error", "NoMatchingError");
pub(super) const ERROR_OPTIONAL: OutletSpec = optional("error", "NoMatchingError");
pub(super) const ELSE: OutletSpec = required("else", "NoMatchingCondition");
pub(super) const ELSE_EXPLICIT: OutletSpec = outlet("else", NO_MATCH, Need::Explicit);

impl Variant {
    pub(super) const fn new(next: Next, outlets: &'static [OutletSpec]) -> Self {
        Self {
            name: "",
            when: &[],
            next,
            outlets,
            literals: Literals::None,
            refused_in: &[],
            channels: &[],
            refused_errors: &[],
            refuses_conditions: false,
        }
    }
    pub(super) const fn named(mut self, name: &'static str, when: &'static [When]) -> Self {
        self.name = name;
        self.when = when;
        self
    }
    pub(super) const fn refused_in(mut self, types: &'static [FlowType]) -> Self {
        self.refused_in = types;
        self
    }
    /// The channels that it works for, where they are not the row's.
    pub(super) const fn channels(mut self, channels: &'static [Channel]) -> Self {
        self.channels = channels;
        self
    }
    /// Errors that the service was seen to refuse as branches.
    pub(super) const fn refuses_errors(mut self, errors: &'static [&'static str]) -> Self {
        self.refused_errors = errors;
        self
    }
    /// The service was seen to refuse conditions.
    pub(super) const fn refuses_conditions(mut self) -> Self {
        self.refuses_conditions = true;
        self
    }
    pub(super) const fn literals(mut self, literals: Literals) -> Self {
        self.literals = literals;
        self
    }
}

/// An action that carries on, and can only fail.
pub(super) const FALLIBLE: &[Variant] = &[Variant::new(Next::Continues, &[ERROR])];
/// The same, where the service was seen to refuse it without its error branch.
pub(super) const FALLIBLE_AS_RECORDED: &[Variant] = &[Variant::new(
    Next::Continues,
    &[ERROR.rests(&[(Demand::RequiredBranch, Basis::Refusal("the action without `NoMatchingError`"))])],
)];
/// An action that carries on; its error branch is taken or left.
pub(super) const FALLIBLE_OPTIONAL: &[Variant] = &[Variant::new(Next::Continues, &[ERROR_OPTIONAL])];
/// An action that carries on and takes no error branch at all.
pub(super) const INFALLIBLE: &[Variant] = &[Variant::new(Next::Continues, &[])];
/// The same, where the service was seen to refuse one.
pub(super) const NEVER_FAILS: &[Variant] = &[Variant::new(Next::Continues, &[]).refuses_errors(&["NoMatchingError"])];
/// An action that ends the flow.
pub(super) const TERMINAL: &[Variant] = &[Variant::new(Next::Terminal, &[])];

use FlowType as T;

/// Every type that has a contact.
pub(super) const CONTACT_TYPES: &[FlowType] = &[
    T::Inbound,
    T::CustomerQueue,
    T::CustomerHold,
    T::CustomerWhisper,
    T::AgentHold,
    T::AgentWhisper,
    T::OutboundWhisper,
    T::AgentTransfer,
    T::QueueTransfer,
];
pub(super) const INBOUND_AND_TRANSFERS: &[FlowType] = &[T::Inbound, T::AgentTransfer, T::QueueTransfer];
pub(super) const INBOUND_TRANSFERS_QUEUE: &[FlowType] =
    &[T::Inbound, T::AgentTransfer, T::QueueTransfer, T::CustomerQueue];
pub(super) const INBOUND_TRANSFERS_QUEUE_OUTBOUND: &[FlowType] =
    &[T::Inbound, T::AgentTransfer, T::QueueTransfer, T::CustomerQueue, T::OutboundWhisper];

impl Allowed {
    pub(super) const fn only(listed: &'static [FlowType]) -> Self {
        Self { listed, refused: &[], modules: Modules::Also }
    }
    pub(super) const fn refused(mut self, refused: &'static [FlowType]) -> Self {
        self.refused = refused;
        self
    }
    pub(super) const fn modules(mut self, modules: Modules) -> Self {
        self.modules = modules;
        self
    }
    pub(super) const EVERY_CONTACT: Self = Self::only(CONTACT_TYPES);
    pub(super) const EVERYWHERE: Self = Self::only(&[
        T::Inbound,
        T::CustomerQueue,
        T::CustomerHold,
        T::CustomerWhisper,
        T::AgentHold,
        T::AgentWhisper,
        T::OutboundWhisper,
        T::AgentTransfer,
        T::QueueTransfer,
        T::Campaign,
    ]);
}

impl Sentence {
    pub(super) const fn new(pattern: &'static [Piece], example: &'static str) -> Self {
        Self { pattern, settings: &[], fixed: &[], aliases: &[], chooses: true, lowering: Lowering::Direct, example }
    }
    pub(super) const fn without_choice(mut self) -> Self {
        self.chooses = false;
        self
    }
    pub(super) const fn settings(mut self, settings: &'static [Setting]) -> Self {
        self.settings = settings;
        self
    }
    pub(super) const fn fixed(mut self, fixed: &'static [(&'static str, &'static str)]) -> Self {
        self.fixed = fixed;
        self
    }
    pub(super) const fn aliases(mut self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        self.aliases = aliases;
        self
    }
    pub(super) const fn lowering(mut self, lowering: Lowering) -> Self {
        self.lowering = lowering;
        self
    }
}

pub(super) const fn set(word: &'static str, param: &'static str) -> Setting {
    Setting { word, param, implies: &[], among: &[] }
}
impl Setting {
    pub(super) const fn implies(mut self, implies: &'static [(&'static str, &'static str)]) -> Self {
        self.implies = implies;
        self
    }

    pub(super) const fn among(mut self, among: &'static [&'static str]) -> Self {
        self.among = among;
        self
    }
}
pub(super) const fn keyed(root: &'static str, param: &'static str) -> Assignment {
    Assignment { root, param, keyed: true }
}
pub(super) const fn whole(root: &'static str, param: &'static str) -> Assignment {
    Assignment { root, param, keyed: false }
}
