//! What actions mean to a contact: the column for those who look at paths rather than at blocks.

/// One thing that an action does to a contact, or needs of what came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The contact hears or reads something.
    Speaks,
    /// The contact is asked something, and the flow waits for the answer.
    Asks,
    /// Time passes before the flow goes on.
    Waits,
    /// Prompts are repeated while the contact is in a queue.
    Loops,
    /// Code runs elsewhere and the contact waits in silence: at most as long as this parameter says, in seconds; `most`
    /// where it says nothing. It is given the texts of the parameter `passes`.
    Runs { limit: &'static str, most: u32, passes: &'static str },
    /// Decides the queue that the contact goes to.
    SetsQueue,
    /// Goes to the queue that was set, unless one of these parameters names another.
    NeedsQueue { unless: &'static [&'static str] },
    /// Takes a contact that waits in a queue to another queue.
    Requeues,
    /// The contact leaves for a queue, an agent or a telephone number.
    HandsOver,
    /// The contact goes on in the flow that this parameter names.
    Leaves { to: &'static str },
    /// Puts who was on the line before on hold, or joins them again: the contact has company.
    Holds,
    /// Decides who speaks, and with what engine.
    SetsVoice,
    /// Switches the log of the flow on or off.
    Logs,
    /// Decides what is recorded and analysed.
    Records,
}

/// Where the actions that speak keep what they say.
pub mod speech {
    pub const TEXT: &str = "Text";
    pub const SSML: &str = "SSML";
    /// What is played rather than spoken: nobody here can tell what it says.
    pub const PLAYED: [&str; 2] = ["PromptId", "Media"];
    /// The list of an action that says several.
    pub const SEVERAL: &str = "Messages";
    pub const VOICE: &str = "TextToSpeechVoice";
    pub const ENGINE: &str = "TextToSpeechEngine";
}

/// Where the actions that ask keep how they ask.
pub mod input {
    use crate::catalogue::{Is, When};

    /// Whether what was typed is kept.
    pub const STORED: When = When { param: "StoreInput", is: Is::Equal("True") };
    pub const ENCRYPTION: &str = "InputEncryption";
    pub const DIGITS_MAX: &str = "InputValidation.CustomValidation.MaximumLength";
    /// Whether it is about another contact than the one in the flow.
    pub const ELSEWHERE: When = When { param: "TargetContact", is: Is::Equal("Related") };
    /// Whether code that runs elsewhere is not waited for.
    pub const NOT_AWAITED: When = When { param: "InvocationType", is: Is::Equal("ASYNCHRONOUS") };
    /// What a bot is told at the beginning, and may tell back.
    pub const SESSION: &str = "LexSessionAttributes";
    /// Whether the log of the flow is on.
    pub const LOGGED: When = When { param: "FlowLoggingBehavior", is: Is::Equal("Enabled") };
}

/// Where the actions that record keep what they record.
pub mod recording {
    use crate::catalogue::{Is, When};

    /// Who is recorded: nobody, if the list is empty.
    pub const PARTICIPANTS: [&str; 2] =
        ["RecordingBehavior.RecordedParticipants", "VoiceBehavior.VoiceRecordingBehavior.RecordedParticipants"];
    /// What is analysed.
    pub const ANALYSED: [When; 3] = [
        When { param: "AnalyticsBehavior.Enabled", is: Is::Equal("True") },
        When { param: "VoiceBehavior.VoiceAnalyticsBehavior.Enabled", is: Is::Equal("True") },
        When { param: "ChatBehavior.ChatAnalyticsBehavior.Enabled", is: Is::Equal("True") },
    ];
    /// Whether it begins at once, and not only when an agent has answered.
    pub const AT_ONCE: [When; 2] = [
        When { param: "RecordingBehavior.IVRRecordingBehavior", is: Is::Equal("Enabled") },
        When { param: "VoiceBehavior.VoiceRecordingBehavior.IVRRecordingBehavior", is: Is::Equal("Enabled") },
    ];
}
