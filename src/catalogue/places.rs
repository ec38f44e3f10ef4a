//! Where an action may be: types of flow, modules, channels.

/// The types of flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlowType {
    Inbound,
    CustomerQueue,
    CustomerHold,
    CustomerWhisper,
    AgentHold,
    AgentWhisper,
    OutboundWhisper,
    AgentTransfer,
    QueueTransfer,
    Campaign,
}

impl FlowType {
    /// Type, words of the language, name in the API, name in the console's metadata.
    const SPELLINGS: [(FlowType, &'static str, &'static str, &'static str); 10] = [
        (Self::Inbound, "inbound", "CONTACT_FLOW", "contactFlow"),
        (Self::CustomerQueue, "customer queue", "CUSTOMER_QUEUE", "customerQueue"),
        (Self::CustomerHold, "customer hold", "CUSTOMER_HOLD", "customerHold"),
        (Self::CustomerWhisper, "customer whisper", "CUSTOMER_WHISPER", "customerWhisper"),
        (Self::AgentHold, "agent hold", "AGENT_HOLD", "agentHold"),
        (Self::AgentWhisper, "agent whisper", "AGENT_WHISPER", "agentWhisper"),
        (Self::OutboundWhisper, "outbound whisper", "OUTBOUND_WHISPER", "outboundWhisper"),
        (Self::AgentTransfer, "agent transfer", "AGENT_TRANSFER", "agentTransfer"),
        (Self::QueueTransfer, "queue transfer", "QUEUE_TRANSFER", "queueTransfer"),
        (Self::Campaign, "campaign", "CAMPAIGN", "campaign"),
    ];

    pub fn all() -> impl Iterator<Item = Self> {
        Self::SPELLINGS.iter().map(|row| row.0)
    }

    fn row(self) -> (Self, &'static str, &'static str, &'static str) {
        Self::SPELLINGS.into_iter().find(|row| row.0 == self).unwrap_or(Self::SPELLINGS[0])
    }

    /// As the source writes it.
    pub fn words(self) -> &'static str {
        self.row().1
    }

    /// As the API writes it.
    pub fn api_name(self) -> &'static str {
        self.row().2
    }

    /// As the console's metadata writes it.
    pub fn metadata_name(self) -> &'static str {
        self.row().3
    }

    pub fn from_words(words: &str) -> Option<Self> {
        Self::SPELLINGS.iter().find(|row| row.1 == words).map(|row| row.0)
    }

    /// The type of a name in the console's metadata. Some exports have the API's name there.
    pub fn from_metadata_name(name: &str) -> Option<Self> {
        Self::SPELLINGS.iter().find(|row| row.3 == name || row.2 == name).map(|row| row.0)
    }

    pub fn from_api_name(name: &str) -> Option<Self> {
        Self::SPELLINGS.iter().find(|row| row.2 == name).map(|row| row.0)
    }
}

/// Where an action may stand.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// Documented or seen here; elsewhere a warning.
    pub listed: &'static [FlowType],
    /// Refused by a probe of the service: an error.
    pub refused: &'static [FlowType],
    pub modules: Modules,
}

/// Whether an action may stand in a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modules {
    Also,
    Only,
    Never,
}

/// What a contact comes in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    Voice,
    Chat,
    Task,
    Email,
}

impl Channel {
    pub const ALL: &'static [Self] = &[Self::Voice, Self::Chat, Self::Task, Self::Email];

    pub fn word(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Chat => "chat",
            Self::Task => "task",
            Self::Email => "email",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|channel| channel.word() == word)
    }
}
