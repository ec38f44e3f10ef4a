//! Why a handler has no answer. Connect then takes the flow's error edge; the kind tells the operator where to look.

use thiserror::Error;

/// Messages go to logs and to the caller of the function: they never hold numbers, addresses or secrets.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    #[error("the event is not usable: {0}")]
    Event(String),
    #[error("the configuration is not usable: {0}")]
    Configuration(String),
    #[error("another service failed: {0}")]
    Upstream(String),
    #[error("the store failed: {0}")]
    Store(String),
    #[error("the answer breaks Connect's limits: {0}")]
    Answer(String),
    #[error("the time that the flow allows is used up")]
    Deadline,
}

impl Failure {
    /// The word that the runtime reports as the type of the error.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) => "UnusableEvent",
            Self::Configuration(_) => "UnusableConfiguration",
            Self::Upstream(_) => "UpstreamFailed",
            Self::Store(_) => "StoreFailed",
            Self::Answer(_) => "UnusableAnswer",
            Self::Deadline => "DeadlineExceeded",
        }
    }
}
