//! What the two halves of the voice login share. One is called by Connect and one by Twilio; all that passes between them
//! is the caller's item in the store.

mod caller;
mod config;
mod voiceit;

/// What the settings are that both have, in the words of their contracts: a template asks for them once.
pub mod about {
    pub const SECRET: &str = "The ARN of the secret with `VIAPIKEY`, `VIAPITOKEN` and `TWILIO_AUTH_TOKEN`";
    pub const FAILURES: &str = "How many voices that do not match and wrong digits lock a number for an hour";
}

pub use caller::{CHANGED, Caller, Limits, Pending, Step, table};
pub use config::{Secrets, VoiceIt, secret_text};
pub use voiceit::{Client, Verdict};
