//! What the service is said to demand, and who says so. The level of every message about the service follows from here:
//! an error is for what the service is known to refuse, everything else is a warning at most.
//!
//! A rule is a [`Demand`] and a [`Basis`]. Rows say only what is unusual (`rests`); [`Basis::usual`] is the rest. What a
//! row says is held against [`is_sound`] while the catalogue compiles.

/// What a rule demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Demand {
    /// A key has to be there, or a list or map has to have an entry.
    RequiredKey,
    /// A branch has to be there.
    RequiredBranch,
    /// Exactly one, at most one, or at least one of several keys is given.
    OneOf,
    /// A number, a length or a count stays within bounds.
    Limit,
    /// A text is written in some way: as a number, a telephone number, an identifier; or it is not empty.
    Syntax,
    /// A value, key, branch or reference is one of those that pages and exports show.
    Listed,
    /// A value is as dynamic as the parameter allows.
    Binding,
    /// A key applies only together with another.
    Applicability,
    /// An action is at home in a type of flow.
    Place,
}

impl Demand {
    /// What the rule is about, in the list of rules.
    pub fn word(self) -> &'static str {
        match self {
            Self::RequiredKey => "required key",
            Self::RequiredBranch => "required branch",
            Self::OneOf => "one of several",
            Self::Limit => "limit",
            Self::Syntax => "way of writing",
            Self::Listed => "list of what was seen",
            Self::Binding => "fixed or dynamic",
            Self::Applicability => "applies only with another",
            Self::Place => "type of flow",
        }
    }

    /// Whether a page is believed that every published export keeps.
    const fn is_kept_or_not(self) -> bool {
        matches!(self, Self::RequiredKey | Self::RequiredBranch | Self::OneOf | Self::Limit | Self::Syntax)
    }
}

/// Who says that the service demands it: the witness of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// Somebody asked the live service, and wrote down that it refused. The words say what was refused.
    Refusal(&'static str),
    /// A page or the service's own model states it, and every published export of the console keeps it.
    Kept,
    /// A page or a tool of others states it; no export shows that it is so, or one shows that it is not.
    Page,
    /// These were seen, in pages and exports, and nobody says that there are no others.
    Seen,
}

impl Basis {
    /// What a rule rests on whose row says nothing about it.
    pub const fn usual(demand: Demand, in_exports: bool) -> Self {
        match demand {
            Demand::Listed => Self::Seen,
            _ if demand.is_kept_or_not() && in_exports => Self::Kept,
            _ => Self::Page,
        }
    }

    /// The witness, in the list of rules.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refusal(_) => "a recorded refusal",
            Self::Kept => "a page, and every export keeps it",
            Self::Page => "a page alone",
            Self::Seen => "seen so far",
        }
    }
}

/// What is unusual about the rules of a parameter, branch, variant or row.
pub type Rests = &'static [(Demand, Basis)];

/// The level that a rule has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Warning,
    Error,
}

/// One thing that the service demands, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub demand: Demand,
    pub basis: Basis,
}

impl Rule {
    pub const fn new(demand: Demand, basis: Basis) -> Self {
        Self { demand, basis }
    }

    /// A rule whose breach is an error. It does not compile on a witness that is too weak for that:
    ///
    /// ```compile_fail
    /// use flowc::catalogue::{Basis, Demand, Rule};
    /// const LIST: Rule = Rule::error(Demand::Listed, Basis::Seen);
    /// ```
    ///
    /// ```compile_fail
    /// use flowc::catalogue::{Basis, Demand, Rule};
    /// const PAGE: Rule = Rule::error(Demand::Limit, Basis::Page);
    /// ```
    ///
    /// ```
    /// use flowc::catalogue::{Basis, Demand, Rule};
    /// const LIMIT: Rule = Rule::error(Demand::Limit, Basis::Kept);
    /// assert!(LIMIT.is_error());
    /// ```
    #[expect(clippy::missing_panics_doc, reason = "it panics while it compiles, and never in a program")]
    pub const fn error(demand: Demand, basis: Basis) -> Self {
        let rule = Self { demand, basis };
        assert!(rule.is_error(), "an error needs a recorded refusal, or a page that every export keeps");
        rule
    }

    /// What a rule rests on: what its row says, else what is usual.
    pub const fn of(demand: Demand, rests: Rests, in_exports: bool) -> Self {
        let mut rest = rests;
        while let [(about, basis), others @ ..] = rest {
            if *about as u8 == demand as u8 {
                return Self { demand, basis: *basis };
            }
            rest = others;
        }
        Self { demand, basis: Basis::usual(demand, in_exports) }
    }

    /// Whether the service is known to refuse what breaks the rule.
    pub const fn is_error(self) -> bool {
        match self.basis {
            Basis::Refusal(_) => true,
            Basis::Kept => self.demand.is_kept_or_not(),
            Basis::Page | Basis::Seen => false,
        }
    }

    pub const fn severity(self) -> Severity {
        if self.is_error() { Severity::Error } else { Severity::Warning }
    }
}

/// Whether what a row says of its rules can be: that exports keep a rule is no witness for a list or a restriction, and
/// nobody can have seen it of an action that no export has.
pub(super) const fn is_sound(rests: Rests, in_exports: bool) -> bool {
    let mut rest = rests;
    while let [(demand, basis), others @ ..] = rest {
        if matches!(basis, Basis::Kept) && !(demand.is_kept_or_not() && in_exports) {
            return false;
        }
        rest = others;
    }
    true
}
