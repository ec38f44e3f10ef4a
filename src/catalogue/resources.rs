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

    /// What one of the kind is called in a sentence.
    pub fn described(self) -> String {
        match self {
            Self::Hours => "hours of operation".to_owned(),
            Self::Lambda => "a function".to_owned(),
            kind => {
                let word = kind.word().replace('-', " ");
                let article = if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
                format!("{article} {word}")
            }
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// The function that `map resources` invokes; environments have its address under this name, as they have others.
pub const MAPPING_FUNCTION: &str = "resource-map";

/// How the addresses of a kind look.
#[derive(Debug, Clone, Copy)]
pub struct AddressSpec {
    /// The service in the ARN.
    pub service: &'static str,
    /// Whether the ARN goes through the instance: `instance/<id>/<path><id>`.
    pub in_instance: bool,
    /// What stands before the id in the ARN's last part.
    pub path: &'static str,
    /// Another spelling of the same.
    pub also: Option<&'static str>,
    /// What an id looks like.
    pub id: IdShape,
}

/// What an id is made of, where a whole ARN is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdShape {
    /// A UUID, perhaps with `:version` or `:alias` behind it.
    Uuid,
    /// A function's name, perhaps with `:version` or `:alias` behind it.
    Function,
    /// A bot's id and its alias's: `BOTID/ALIASID`.
    BotAlias,
    /// A telephone number, which stands for itself, or a UUID.
    PhoneNumber,
    /// Anything, which stands for itself: the actions that take one want the id rather than the ARN.
    Plain,
}

impl ResourceKind {
    /// How addresses of this kind look.
    pub fn address(self) -> AddressSpec {
        let instance =
            |path| AddressSpec { service: "connect", in_instance: true, path, also: None, id: IdShape::Uuid };
        let plain = |service| AddressSpec { service, in_instance: false, id: IdShape::Plain, ..instance("") };
        match self {
            Self::Queue => AddressSpec { also: Some("queue/agent/"), ..instance("queue/") },
            Self::Hours => instance("operating-hours/"),
            Self::Prompt => instance("prompt/"),
            Self::Flow => instance("contact-flow/"),
            Self::Module => instance("flow-module/"),
            Self::View => instance("view/"),
            Self::User => instance("agent/"),
            Self::Lambda => {
                AddressSpec { service: "lambda", in_instance: false, id: IdShape::Function, ..instance("function:") }
            }
            Self::Bot => {
                AddressSpec { service: "lex", in_instance: false, id: IdShape::BotAlias, ..instance("bot-alias/") }
            }
            Self::TaskTemplate => AddressSpec { id: IdShape::Plain, ..instance("task-template/") },
            Self::DataTable => AddressSpec { id: IdShape::Plain, ..instance("data-table/") },
            Self::Assistant | Self::KnowledgeBase | Self::MessageTemplate => plain("wisdom"),
            Self::CaseTemplate => plain("cases"),
            Self::Segment => plain("profile"),
            Self::UserPool => plain("cognito-idp"),
            Self::VoiceConnector => plain("chime"),
            Self::PhoneNumber => {
                AddressSpec { in_instance: false, id: IdShape::PhoneNumber, ..instance("phone-number/") }
            }
        }
    }
}

/// What stands where an address goes until a build decides it: `${kind:Name}`.
pub fn placeholder(kind: ResourceKind, name: &str) -> String {
    format!("${{{}:{name}}}", kind.word())
}
