//! The shape of a catalogue row. The columns follow the headings of the service's reference pages, so that a row can be
//! held beside its page: parameters, results, conditions, errors, restrictions, block.

use super::{
    Allowed, Channel, Demand, Effect, Evidence, Family, FlowType, Mark, ResourceKind, Rests, Rule, Seen, Witness,
};

/// One action of the service.
#[derive(Debug)]
pub struct ActionSpec {
    /// The type in the flow document, spelled as the service spells it.
    pub name: &'static str,
    /// The block or blocks of the console's designer.
    pub block: &'static str,
    pub family: Family,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// What it means to the contact, for those who look at paths rather than at blocks.
    pub effects: &'static [Effect],
    pub params: &'static [Param],
    /// How the action can be left. The first variant whose conditions hold is the one.
    pub variants: &'static [Variant],
    pub flow_types: Allowed,
    pub channels: &'static [Channel],
    pub results: Option<Results>,
    /// Result namespaces that running this action replaces.
    pub clobbers: &'static [&'static str],
    pub evidence: Evidence,
    pub seen: Seen,
    /// Where the facts are from.
    pub sources: &'static [Witness],
    /// What the instance must have for it to do anything.
    pub needs: &'static str,
    /// What else there is to know before using it.
    pub notes: &'static [&'static str],
    /// Whether the service takes parameters that nobody has published: they are taken as they are written.
    pub open: bool,
    /// Why an instance may refuse the action altogether; empty where none is known to.
    pub doubt: &'static str,
    /// Whether exports leave `NextAction` out although the action goes on.
    pub may_lack_next: bool,
    /// Keys by their dotted paths that the service was seen to refuse, whatever pages say.
    pub refuses: &'static [&'static str],
    pub role: Role,
    pub sentences: &'static [Sentence],
    /// References that a `set .. = ..` line writes through this action.
    pub assigns: &'static [Assignment],
    /// What the console's designer keeps of a block of it.
    pub designer: &'static [Mark],
}

/// Structural parts that the language needs an action for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    None,
    /// `if` and `match`.
    Compare,
    /// `repeat` and `retry`.
    Loop,
    /// Where the compiler saves a named result.
    SaveResult,
    /// Ends a contact.
    HangUp,
    /// Ends a flow that must not end the contact.
    Finish,
    /// Ends a module.
    Return,
    /// Calls another module of the project, whose contract decides its branches.
    CallModule,
}

// ---- parameters ---------------------------------------------------------------------------------------------------

/// One parameter, or one key of an object parameter.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// The key in the document.
    pub name: &'static str,
    pub kind: Kind,
    pub binding: Binding,
    pub required: bool,
    pub group: Group,
    /// The parameter applies only when this holds: required then if `required`, refused otherwise.
    pub when: Option<When>,
    /// What a sentence writes when its author says nothing.
    pub default: Option<&'static str>,
    /// What the service takes for granted where the document says nothing: writing it makes no difference.
    pub assumed: Option<&'static str>,
    /// A name given here has to be an address when the flow is built: the service does not look it up during a contact,
    /// or refuses a flow whose resource it does not know.
    pub fixed: bool,
    /// The only type of flow that can be named here.
    pub leads_to: Option<FlowType>,
    /// Why the service may refuse the parameter altogether; empty where it is not known to.
    pub doubt: &'static str,
    /// Values that the service was seen to refuse.
    pub refuses: &'static [&'static str],
    /// What is unusual about its rules.
    pub rests: Rests,
    pub note: &'static str,
}

/// How dynamic a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// A literal, known when the flow is built.
    Static,
    /// A literal, or exactly one reference as the whole value.
    Single,
    /// Text with references anywhere.
    Mixed,
    /// Exactly one reference.
    Reference,
}

/// Siblings that exclude or need one another; the name ties them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    None,
    ExactlyOne(&'static str),
    AtMostOne(&'static str),
    AtLeastOne(&'static str),
}

impl Group {
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::ExactlyOne(name) | Self::AtMostOne(name) | Self::AtLeastOne(name) => Some(name),
        }
    }
}

/// A word of the language and what the document holds for it.
pub type Choice = (&'static str, &'static str);

/// What kind of value a parameter holds. Every scalar is a JSON string in the document unless said.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Free text of at most `max` characters; `what` names it in messages.
    Text {
        what: &'static str,
        max: usize,
    },
    /// A proper name from outside the project (a voice, a language): a bare word will do.
    Name {
        what: &'static str,
    },
    /// A whole number.
    Number {
        min: i64,
        max: i64,
    },
    /// A time span; the bounds are in the unit that the document counts in.
    Duration {
        min: i64,
        max: i64,
        unit: TimeUnit,
    },
    /// A switch: the spellings of yes and no differ per key.
    Switch {
        yes: &'static str,
        no: &'static str,
    },
    /// A real JSON boolean, one of the few scalars that are no string.
    Flag,
    /// A real JSON number.
    Amount {
        min: i64,
        max: i64,
    },
    /// One word of a closed set.
    Choice(&'static [Choice]),
    /// One to five telephone keys.
    Keys {
        max: usize,
    },
    /// A telephone number in E.164 form.
    Phone,
    /// Something of the instance, addressed by name here and by ARN or id there.
    Resource(ResourceKind),
    Object(&'static [Param]),
    List(&'static Kind),
    /// A list of objects whose first two keys are a name and its value, said as a map.
    Pairs(&'static [Param]),
    /// Several words of a closed set, as a list.
    Choices(&'static [Choice]),
    /// Free keys; the values all have one kind.
    Map {
        value: &'static Kind,
        keys: Keys,
        max: usize,
    },
    /// Any JSON, taken over as it is written.
    Json,
    /// A list element that is said with a leading word: `prompt "a.wav"`, `ssml ".."`, or plain text.
    Tagged {
        params: &'static [Param],
        tags: &'static [Tag],
    },
}

/// What the document counts a time span in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    Seconds,
    Minutes,
}

impl TimeUnit {
    pub fn word(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
        }
    }

    /// How many seconds one has.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
        }
    }
}

/// What a map's keys may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Attribute names: no `$` and no dot.
    Attribute,
    /// Anything but the empty text.
    Any,
    /// One of these.
    Known(&'static [&'static str]),
}

/// A leading word of a tagged list element. The empty word is the element without one.
#[derive(Debug)]
pub struct Tag {
    pub word: &'static str,
    pub param: &'static str,
    pub fixed: &'static [(&'static str, &'static str)],
}

/// A condition on another parameter of the same action, by its dotted path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    pub param: &'static str,
    pub is: Is,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    Present,
    Absent,
    /// The value is this text, whatever its case.
    Equal(&'static str),
    /// The value is absent, or another text.
    NotEqual(&'static str),
    /// The value is one of these.
    OneOf(&'static [&'static str]),
    /// The value is a list with this element.
    Contains(&'static str),
}

// ---- exits --------------------------------------------------------------------------------------------------------

/// One way an action behaves, chosen by its parameters.
#[derive(Debug)]
pub struct Variant {
    pub name: &'static str,
    /// All must hold. The last variant of a row has none.
    pub when: &'static [When],
    pub next: Next,
    pub outlets: &'static [OutletSpec],
    pub literals: Literals,
    /// Flow types in which the service was seen to refuse this variant.
    pub refused_in: &'static [FlowType],
    /// The channels that it works for, where they are not the row's.
    pub channels: &'static [Channel],
    /// Errors that the service was seen to refuse as branches of this variant.
    pub refused_errors: &'static [&'static str],
    /// Whether the service was seen to refuse conditions of this variant.
    pub refuses_conditions: bool,
}

/// What the action does when it has succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Control goes to the next line.
    Continues,
    /// There is no success exit, yet the document must carry a `NextAction`: the console copies this outlet's target.
    Copies(Exit),
    /// There is no success exit, and the document repeats the target of an error as `NextAction`, or has none.
    Absent,
    /// The action ends the flow: its transitions are empty.
    Terminal,
}

/// A way out of an action, as the document names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Error(&'static str),
    Condition(Operator, &'static str),
}

/// A named way out.
#[derive(Debug)]
pub struct OutletSpec {
    /// The clause word.
    pub word: &'static str,
    pub exit: Exit,
    pub need: Need,
    /// The outlet exists only when this holds.
    pub when: Option<When>,
    /// What is unusual about its rules.
    pub rests: Rests,
}

impl OutletSpec {
    /// Whether the service is said to require it, whatever the language asks for.
    pub fn is_required(&self) -> bool {
        self.need.is_required() || self.rests.iter().any(|(demand, _)| *demand == Demand::RequiredBranch)
    }
}

/// Whether an outlet must be there, and what covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The service requires it; `on error` covers it.
    Required,
    /// The service requires it, and it is a choice rather than a failure: only a clause covers it.
    Explicit,
    /// The service takes it or leaves it; `on error` covers it.
    Optional,
    /// The service requires it; without a clause it goes to the next line.
    Continues,
    /// Written only where a clause asks for it.
    OnRequest,
}

impl Need {
    pub fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::Explicit | Self::Continues)
    }

    pub fn is_handled(self) -> bool {
        matches!(self, Self::Required | Self::Optional)
    }
}

/// Which literal patterns the clauses of a variant may have, besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literals {
    None,
    /// One telephone key each.
    Keys,
    /// Texts compared with the action's own result; `what` names them in messages.
    Texts {
        what: &'static str,
    },
    /// Comparisons with a static operand.
    Comparisons {
        operators: &'static [Operator],
        operand: Operand,
    },
    /// Shares of a hundred.
    Percentages,
}

/// How a comparison's operand is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    Text,
    Number,
    /// A duration, in milliseconds in the document.
    Milliseconds,
}

/// The operators of conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    Equals,
    TextStartsWith,
    TextEndsWith,
    TextContains,
    NumberGreaterThan,
    NumberGreaterOrEqualTo,
    NumberLessThan,
    NumberLessOrEqualTo,
    KeyExists,
}

impl Operator {
    /// Operator, its spelling in the document, its spelling in the language.
    const SPELLINGS: [(Operator, &'static str, &'static str); 9] = [
        (Self::Equals, "Equals", "=="),
        (Self::TextStartsWith, "TextStartsWith", "starts with"),
        (Self::TextEndsWith, "TextEndsWith", "ends with"),
        (Self::TextContains, "TextContains", "contains"),
        (Self::NumberGreaterThan, "NumberGreaterThan", ">"),
        (Self::NumberGreaterOrEqualTo, "NumberGreaterOrEqualTo", ">="),
        (Self::NumberLessThan, "NumberLessThan", "<"),
        (Self::NumberLessOrEqualTo, "NumberLessOrEqualTo", "<="),
        (Self::KeyExists, "KeyExists", "exists"),
    ];

    pub const ALL: [Operator; 9] = [
        Self::Equals,
        Self::TextStartsWith,
        Self::TextEndsWith,
        Self::TextContains,
        Self::NumberGreaterThan,
        Self::NumberGreaterOrEqualTo,
        Self::NumberLessThan,
        Self::NumberLessOrEqualTo,
        Self::KeyExists,
    ];

    pub fn name(self) -> &'static str {
        Self::SPELLINGS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    pub fn sign(self) -> &'static str {
        Self::SPELLINGS.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::SPELLINGS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::SPELLINGS.iter().find(|row| row.2 == sign).map(|row| row.0)
    }

    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::NumberGreaterThan | Self::NumberGreaterOrEqualTo | Self::NumberLessThan | Self::NumberLessOrEqualTo
        )
    }
}

/// Where an action leaves something to read, and what a `$name.field` of it becomes.
#[derive(Debug, Clone, Copy)]
pub struct Results {
    /// The namespace that the next action of the kind replaces, such as `$.External`.
    pub namespace: &'static str,
    /// Where `$name.field` reads, such as `$.Modules.ResultData`; `$name` alone reads this path when `scalar`.
    pub root: &'static str,
    pub scalar: bool,
    /// Fields that live elsewhere.
    pub special: &'static [(&'static str, &'static str)],
}

// ---- sentences ----------------------------------------------------------------------------------------------------

/// One way to say an action.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    pub pattern: &'static [Piece],
    pub settings: &'static [Setting],
    /// Parameters that the words themselves decide, by dotted path: a text, a reference, or nothing for an empty list.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Clause words that this sentence has of its own, and the outlet words they stand for.
    pub aliases: &'static [(&'static str, &'static str)],
    /// Whether its clauses may name values that choose, as `menu` does with keys.
    pub chooses: bool,
    pub lowering: Lowering,
    /// A complete line that uses it; compiled by the tests and printed in the reference.
    pub example: &'static str,
}

/// A part of a sentence's pattern.
#[derive(Debug)]
pub enum Piece {
    /// Words that must stand there.
    Words(&'static str),
    /// A value for the parameter of this dotted path.
    Slot(&'static str),
    /// A parenthesised map for the parameter of this dotted path.
    Map(&'static str),
    /// Words of a closed set with commas between, for a list parameter.
    WordList(&'static str),
    /// `as name`: the result's name.
    Name,
    Optional(&'static [Piece]),
}

/// A word in the settings' parentheses and the parameter it sets.
#[derive(Debug)]
pub struct Setting {
    pub word: &'static str,
    pub param: &'static str,
    /// Parameters that giving the setting decides as well.
    pub implies: &'static [(&'static str, &'static str)],
    /// The only values, as the document has them, that the sentence is about; empty if it is about all of them.
    pub among: &'static [&'static str],
}

impl Setting {
    /// Whether the sentence takes a fixed value here. What is only known during a contact is taken.
    pub fn takes(&self, literal: Option<&str>) -> bool {
        self.among.is_empty() || literal.is_none_or(|literal| self.among.contains(&literal))
    }

    /// The words that it can be, where the parameter has a closed set of them.
    pub fn choices(&self, kind: &Kind) -> Vec<&'static str> {
        let Kind::Choice(choices) = kind else { return Vec::new() };
        choices.iter().filter(|choice| self.takes(Some(choice.1))).map(|choice| choice.0).collect()
    }
}

/// What a sentence becomes, where that is more than its own action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lowering {
    /// One action.
    Direct,
    /// If the parameter was given, another action that takes it comes before or after; the row itself never sees it.
    Companion { param: &'static str, action: &'static str, target: &'static str, place: Place },
    /// A loop around the statement that owns the clause: `retry`.
    Retry,
    /// The invocation of the mapping function, which this parameter names. Builds without a mapping leave it out.
    MapResources { param: &'static str },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Before,
    After,
}

/// A reference that a `set` line writes, and the parameter behind it.
#[derive(Debug)]
pub struct Assignment {
    /// `$.Attributes`, or a whole path such as `$.Name`.
    pub root: &'static str,
    /// The dotted path; `*` stands for the key.
    pub param: &'static str,
    pub keyed: bool,
}

impl Sentence {
    /// The first word.
    pub fn verb(&self) -> &'static str {
        match self.pattern.first() {
            Some(Piece::Words(words)) => words.split(' ').next().unwrap_or(words),
            _ => "",
        }
    }

    /// The words that open the sentence, up to its first value.
    pub fn head(&self) -> &'static str {
        match self.pattern.first() {
            Some(Piece::Words(words)) => words,
            _ => "",
        }
    }
}

impl ActionSpec {
    /// Whether a flow that was made in the console and exported from there has the action.
    pub const fn in_exports(&self) -> bool {
        matches!(self.seen, Seen::Genuine)
    }

    /// A rule of this action; `rests` is what the parameter, branch or variant says of it.
    pub const fn rule(&self, demand: Demand, rests: Rests) -> Rule {
        // What exports show of an action that instances need not have is no witness any more.
        Rule::of(demand, rests, self.in_exports() && self.doubt.is_empty())
    }

    /// A parameter by its dotted path. A number is an element of a list: `Participants.0.MediaDirections`.
    pub fn param(&self, path: &str) -> Option<&'static Param> {
        let mut params = self.params;
        let mut found: Option<&'static Param> = None;
        for name in path.split('.') {
            if let (Ok(_), Some(list)) = (name.parse::<usize>(), found) {
                params = list.kind.element().fields();
                continue;
            }
            let param = params.iter().find(|param| param.name == name)?;
            found = Some(param);
            params = param.kind.fields();
        }
        found
    }

    /// The parameter that names the mapping function, in the row that `map resources` becomes.
    pub fn mapping_param(&self) -> Option<&'static str> {
        self.sentences.iter().find_map(|sentence| match sentence.lowering {
            Lowering::MapResources { param } => Some(param),
            _ => None,
        })
    }

    pub fn is_terminal(&self) -> bool {
        self.variants.iter().all(|variant| variant.next == Next::Terminal)
    }
}

impl Kind {
    /// The keys of an object.
    pub fn fields(&self) -> &'static [Param] {
        match self {
            Self::Object(params) | Self::Tagged { params, .. } | Self::Pairs(params) => params,
            _ => &[],
        }
    }

    /// What the elements of a list are; anything else is its own.
    pub fn element(&self) -> &Self {
        match self {
            Self::List(element) => element,
            kind => kind,
        }
    }
}
