//! Voice ID, which the service ended on 2026-05-20: flows that were made before still hold it.

use super::shared::VOICE_ID_ENDED;
use crate::catalogue::Piece::Words;
use crate::catalogue::builders::{ANY_ERROR, ERROR, FALLIBLE, ROW, number, one_of, result, set};
use crate::catalogue::{
    ActionSpec, Allowed, Channel, Evidence, Family, FlowType as T, Kind, Next, OutletSpec, Param, Sentence, Variant,
    Witness,
};

const DOMAIN: &str = "a Voice ID domain";
const PREVIEW: &str = "an obsolete name of the Voice ID preview: not for new flows";

const EVERYWHERE_BUT_HOLD: Allowed = Allowed::only(&[
    T::Inbound,
    T::AgentTransfer,
    T::QueueTransfer,
    T::CustomerQueue,
    T::CustomerWhisper,
    T::AgentWhisper,
    T::OutboundWhisper,
]);

const AUTHENTICATED: OutletSpec = result("authenticated", "Authenticated");
const NOT_AUTHENTICATED: OutletSpec = result("not-authenticated", "NotAuthenticated");
const INCONCLUSIVE: OutletSpec = result("inconclusive", "Inconclusive");
const NOT_ENROLLED: OutletSpec = result("not-enrolled", "NotEnrolled");
const OPTED_OUT: OutletSpec = result("opted-out", "OptedOut");

pub(super) const ROWS: &[ActionSpec] = &[
    ActionSpec {
        name: "CheckVoiceId",
        block: "Check Voice ID",
        family: Family::FlowControl,
        summary: "Branches on what Voice ID has found out about the caller.",
        params: &[Param::new(
            "CheckVoiceIdOption",
            Kind::Choice(&[
                ("enrollment", "enrollmentStatus"),
                ("authentication", "voiceAuthentication"),
                ("fraud", "fraudDetection"),
            ]),
        )],
        variants: &[
            Variant::new(
                Next::Copies(ANY_ERROR),
                &[result("enrolled", "Enrolled"), NOT_ENROLLED, OPTED_OUT, ERROR],
            )
            .named("enrollment", &[one_of("CheckVoiceIdOption", &["enrollmentStatus"])]),
            Variant::new(
                Next::Copies(ANY_ERROR),
                &[result("high-risk", "HighRisk"), result("low-risk", "LowRisk"), INCONCLUSIVE, ERROR],
            )
            .named("fraud", &[one_of("CheckVoiceIdOption", &["fraudDetection"])]),
            Variant::new(
                Next::Copies(ANY_ERROR),
                &[AUTHENTICATED, NOT_AUTHENTICATED, INCONCLUSIVE, NOT_ENROLLED, OPTED_OUT, ERROR],
            )
            .named("authentication", &[]),
        ],
        flow_types: EVERYWHERE_BUT_HOLD,
        channels: &[Channel::Voice],
        evidence: Evidence::Probed,
        sources: &[Witness::Reference, Witness::Exports, Witness::Probes],
        needs: DOMAIN,
        doubt: VOICE_ID_ENDED,
        sentences: &[
            Sentence::new(
                &[Words("check voice enrollment")],
                "check voice enrollment { enrolled -> next not-enrolled, opted-out -> next }",
            )
            .fixed(&[("CheckVoiceIdOption", "enrollmentStatus")]),
            Sentence::new(
                &[Words("check voice authentication")],
                "check voice authentication { authenticated -> next not-authenticated, inconclusive, not-enrolled, opted-out -> next }",
            )
            .fixed(&[("CheckVoiceIdOption", "voiceAuthentication")]),
            Sentence::new(
                &[Words("check voice fraud")],
                "check voice fraud { low-risk -> next high-risk, inconclusive -> next }",
            )
            .fixed(&[("CheckVoiceIdOption", "fraudDetection")]),
        ],
        ..ROW
    },
    ActionSpec {
        name: "StartVoiceIdStream",
        block: "Set Voice ID (second of two actions)",
        family: Family::FlowControl,
        summary: "Lets Voice ID listen to the caller.",
        variants: FALLIBLE,
        flow_types: EVERYWHERE_BUT_HOLD,
        channels: &[Channel::Voice],
        sources: &[Witness::Reference, Witness::Exports],
        needs: DOMAIN,
        doubt: VOICE_ID_ENDED,
        notes: &["comes behind an `update contact` that switches Voice ID on"],
        sentences: &[Sentence::new(&[Words("start voice id")], "start voice id")],
        ..ROW
    },
    ActionSpec {
        name: "SetSecurityBehavior",
        block: "Set security behavior (Voice ID preview)",
        family: Family::Contact,
        summary: "Switches voice authentication on.",
        params: &[
            Param::new("SecurityBehaviorOption", Kind::Choice(&[("enable", "Enable")])),
            Param::new("VoiceAuthentication", number(0, 100)).optional().note("the threshold"),
        ],
        variants: FALLIBLE,
        flow_types: Allowed::only(&[T::Inbound]),
        channels: &[Channel::Voice],
        evidence: Evidence::Observed,
        sources: &[Witness::Samples],
        notes: &[PREVIEW, "UpdateContactData and StartVoiceIdStream took its place"],
        sentences: &[Sentence::new(&[Words("enable voice security")], "enable voice security (threshold: 90)")
            .fixed(&[("SecurityBehaviorOption", "Enable")])
            .settings(&[set("threshold", "VoiceAuthentication")])],
        ..ROW
    },
    ActionSpec {
        name: "CheckSecurityStatus",
        block: "Check security status (Voice ID preview)",
        family: Family::FlowControl,
        summary: "Branches on whether the caller's voice was recognised.",
        variants: &[Variant::new(
            Next::Copies(ANY_ERROR),
            &[AUTHENTICATED, NOT_AUTHENTICATED, INCONCLUSIVE, OPTED_OUT, NOT_ENROLLED, ERROR],
        )],
        flow_types: Allowed::only(&[T::Inbound]),
        channels: &[Channel::Voice],
        evidence: Evidence::Observed,
        sources: &[Witness::Samples],
        notes: &[PREVIEW, "CheckVoiceId took its place"],
        sentences: &[Sentence::new(
            &[Words("check voice security")],
            "check voice security { authenticated -> next not-authenticated, inconclusive, opted-out, not-enrolled -> next }",
        )],
        ..ROW
    },
];
