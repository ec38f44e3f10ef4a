//! What the two halves of the voice login share. One is called by Connect and one by Twilio; all that passes between them
//! is the caller's item in the store.

mod caller;
mod config;
mod voiceit;

pub use caller::{CHANGED, Caller, Limits, Pending, Step, table};
pub use config::{Secrets, VoiceIt, secret_text};
pub use voiceit::{Client, Verdict};
