//! Parameters that several rows have in common.

use crate::catalogue::builders::{speech, text};
use crate::catalogue::{Choice, Kind, Param, ResourceKind, Tag};

const MEDIA: &[Param] = &[
    Param::new("Uri", text("an S3 address")).mixed().note("WAV, 8 kHz mono u-law, up to 50 MB or 5 minutes"),
    Param::new("SourceType", Kind::Choice(&[("s3", "S3")])),
    Param::new("MediaType", Kind::Choice(&[("audio", "Audio")])),
];

pub(super) const MEDIA_FIXED: &[(&str, &str)] = &[("Media.SourceType", "S3"), ("Media.MediaType", "Audio")];

pub(super) const TEXT: Param = Param::new("Text", speech()).mixed();
pub(super) const SSML: Param = Param::new("SSML", speech()).mixed().note("a whole `<speak>` document; voice only");
pub(super) const PROMPT: Param =
    Param::new("PromptId", Kind::Resource(ResourceKind::Prompt)).single().note("voice only");
pub(super) const AUDIO: Param = Param::new("Media", Kind::Object(MEDIA));

/// The four sources of a message, of which one is given.
pub(super) const MESSAGE: [Param; 4] =
    [TEXT.one_of("message"), SSML.one_of("message"), PROMPT.one_of("message"), AUDIO.one_of("message")];

/// The same in a loop, whose prompts are fixed when the flow is built.
const LOOPED: [Param; 4] =
    [TEXT.one_of("message"), SSML.one_of("message"), PROMPT.one_of("message").fixed(), AUDIO.one_of("message")];

/// One element of a list of messages.
pub(super) const MESSAGE_ITEM: Kind = Kind::Tagged {
    params: &LOOPED,
    tags: &[
        Tag { word: "", param: "Text", fixed: &[] },
        Tag { word: "ssml", param: "SSML", fixed: &[] },
        Tag { word: "prompt", param: "PromptId", fixed: &[] },
        Tag { word: "audio", param: "Media.Uri", fixed: MEDIA_FIXED },
    ],
};

pub(super) const TARGET_CONTACT: Param =
    Param::new("TargetContact", Kind::Choice(&[("current", "Current"), ("related", "Related")]))
        .optional()
        .assumed("Current");

pub(super) const ON_OFF: &[Choice] = &[("on", "Enabled"), ("off", "Disabled")];

pub(super) const VOICE_ID_ENDED: &str = "Voice ID ended on 2026-05-20";
