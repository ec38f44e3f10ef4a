//! The kinds of things that a flow names and an instance addresses.

/// A kind of resource. Its word is part of placeholders, environment files and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResourceKind {
    Queue,
    Hours,
    Prompt,
    Flow,
    Module,
    Lambda,
    Bot,
    View,
    User,
    PhoneNumber,
    Assistant,
    KnowledgeBase,
    MessageTemplate,
    CaseTemplate,
    TaskTemplate,
    DataTable,
    Segment,
    UserPool,
    VoiceConnector,
}

impl ResourceKind {
    pub const ALL: &'static [Self] = &[
        Self::Queue,
        Self::Hours,
        Self::Prompt,
        Self::Flow,
        Self::Module,
        Self::Lambda,
        Self::Bot,
        Self::View,
        Self::User,
        Self::PhoneNumber,
        Self::Assistant,
        Self::KnowledgeBase,
        Self::MessageTemplate,
        Self::CaseTemplate,
        Self::TaskTemplate,
        Self::DataTable,
        Self::Segment,
        Self::UserPool,
        Self::VoiceConnector,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Hours => "hours",
            Self::Prompt => "prompt",
            Self::Flow => "flow",
            Self::Module => "module",
            Self::Lambda => "lambda",
            Self::Bot => "bot",
            Self::View => "view",
            Self::User => "user",
            Self::PhoneNumber => "phone-number",
            Self::Assistant => "assistant",
            Self::KnowledgeBase => "knowledge-base",
            Self::MessageTemplate => "message-template",
            Self::CaseTemplate => "case-template",
            Self::TaskTemplate => "task-template",
            Self::DataTable => "data-table",
            Self::Segment => "segment",
            Self::UserPool => "user-pool",
            Self::VoiceConnector => "voice-connector",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// What stands where an address goes until a build decides it: `${kind:Name}`.
pub fn placeholder(kind: ResourceKind, name: &str) -> String {
    format!("${{{}:{name}}}", kind.word())
}
