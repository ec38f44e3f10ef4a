//! What a bot of the project says of itself: the part that rules ask about.

use std::collections::{BTreeMap, BTreeSet};

/// What a bot can answer.
#[derive(Debug, Clone, Default)]
pub struct Bot {
    /// By intent, its slots.
    pub intents: BTreeMap<String, BTreeSet<String>>,
    /// The attributes of the session that it sets; nothing if it may set any.
    pub session: Option<BTreeSet<String>>,
}

impl Bot {
    /// Whether it can find an intent. Every bot has those of the service, which begin alike, and the one for everything else.
    pub fn has(&self, intent: &str) -> bool {
        intent.starts_with("AMAZON.") || intent == FALLBACK || self.intents.contains_key(intent)
    }

    pub fn slots(&self) -> BTreeSet<&str> {
        self.intents.values().flatten().map(String::as_str).collect()
    }
}

/// The intent that stands for what fits no other.
const FALLBACK: &str = "FallbackIntent";
