//! What a row is about in the service's own order, how well it is known, and from where.

/// The documented families of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Participant,
    FlowControl,
    Contact,
    Interaction,
    CustomerProfiles,
    Cases,
    DataTables,
    Campaign,
}

impl Family {
    pub const ALL: &'static [Self] = &[
        Self::Participant,
        Self::FlowControl,
        Self::Contact,
        Self::Interaction,
        Self::CustomerProfiles,
        Self::Cases,
        Self::DataTables,
        Self::Campaign,
    ];

    /// What its actions are for, as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Participant => "Speaking, asking, connecting",
            Self::FlowControl => "Deciding where control goes",
            Self::Contact => "Changing the contact",
            Self::Interaction => "Reaching outside the flow",
            Self::CustomerProfiles => "Customer profiles",
            Self::Cases => "Cases",
            Self::DataTables => "Data tables",
            Self::Campaign => "Campaigns",
        }
    }
}

/// How well a row is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The live service has been asked, and what it took or refused confirms or corrects the other sources.
    Probed,
    /// A page of the service's documentation has the shape.
    Documented,
    /// Seen in exports, samples or prose, without a page that can be used.
    Observed,
    /// Named somewhere, shape unknown.
    Guess,
}

impl Evidence {
    pub fn word(self) -> &'static str {
        match self {
            Self::Probed => "probed",
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Guess => "guess",
        }
    }
}

/// Whether a published flow has the action: what stands in a genuine export is a form that the service has accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// At least one flow has it that was made in the console and exported from there.
    Genuine,
    /// No genuine export has it, only a flow that somebody wrote or generated, or whose origin is not known.
    Elsewhere,
    /// No export has it: its form is what pages and tools say.
    Never,
}

impl Seen {
    /// What a reader should know before relying on the action; nothing where exports show it.
    pub fn caution(self) -> Option<&'static str> {
        match self {
            Self::Genuine => None,
            Self::Elsewhere => {
                Some("no genuine export of the console shows it, only flows of others whose origin is not known")
            }
            Self::Never => Some("no export shows it, so its form is what pages and tools say"),
        }
    }
}

/// Where a fact is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// A page of the flow language's reference.
    Reference,
    /// The administrator guide.
    Guide,
    /// Flows that the console exported.
    Exports,
    /// Calls of the live service whose outcome third parties have published.
    Probes,
    /// Sample code and tools of others.
    Samples,
}

impl Witness {
    pub fn word(self) -> &'static str {
        match self {
            Self::Reference => "the reference",
            Self::Guide => "the administrator guide",
            Self::Exports => "published exports",
            Self::Probes => "probes of the live service",
            Self::Samples => "samples and tools of others",
        }
    }
}
