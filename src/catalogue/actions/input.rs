//! Telephone keys: one that chooses, or several that are stored.

use super::shared::{AUDIO, PROMPT, SSML, TEXT};
use crate::catalogue::Piece::{Name, Optional, Slot, Words};
use crate::catalogue::builders::{
    ELSE, ERROR, INBOUND_TRANSFERS_QUEUE_OUTBOUND, NO_MATCH, PROBED, absent, equal, name, number, present, required,
    seconds, set, switch, text,
};
use crate::catalogue::{
    ActionSpec, Allowed, Basis, Channel, Demand, Effect, Family, Holds, Kind, Literals, Mark, Next, Param, Results,
    Sentence, Setting, Variant,
};

const PHONE_VALIDATION: &[Param] = &[
    Param::new("NumberFormat", Kind::Choice(&[("local", "Local"), ("e164", "E164")])),
    Param::new("CountryCode", name("a country code"))
        .when(equal("InputValidation.PhoneNumberValidation.NumberFormat", "Local")),
];

const INPUT_VALIDATION: &[Param] = &[
    Param::new("PhoneNumberValidation", Kind::Object(PHONE_VALIDATION)).one_of("validation"),
    Param::new(
        "CustomValidation",
        Kind::Object(&[Param::new("MaximumLength", number(1, 999)).default("20").note("most digits")]),
    )
    .one_of("validation"),
];

const MENU_FIXED: &[(&str, &str)] = &[("StoreInput", "False")];
/// The console says of every stored input whether the star is a digit.
const STAR_CLEARS: (&str, &str) = ("DTMFConfiguration.DisableCancelKey", "False");
const COLLECT_FIXED: &[(&str, &str)] = &[("StoreInput", "True"), STAR_CLEARS];
const PHONE_FIXED: &[(&str, &str)] =
    &[("StoreInput", "True"), ("InputValidation.PhoneNumberValidation.NumberFormat", "E164")];

const TIMEOUT: Setting = set("timeout", "InputTimeLimitSeconds");
const BETWEEN_DIGITS: Setting = set("between-digits", "DTMFConfiguration.InterdigitTimeLimitSeconds");
const ENDS_WITH: Setting = set("ends-with", "DTMFConfiguration.InputTerminationSequence");
const STAR_IS_INPUT: Setting = set("star-is-input", "DTMFConfiguration.DisableCancelKey");

const MENU: &[Setting] = &[TIMEOUT, BETWEEN_DIGITS, ENDS_WITH, STAR_IS_INPUT];
/// A menu without keys of its own: whichever is pressed is one that nothing matches.
const ANY_KEY: &[(&str, &str)] = &[("key", "else")];
const COLLECT: &[Setting] = &[
    set("digits", "InputValidation.CustomValidation.MaximumLength"),
    TIMEOUT,
    BETWEEN_DIGITS,
    ENDS_WITH,
    STAR_IS_INPUT,
    set("key", "InputEncryption.EncryptionKeyId"),
    set("certificate", "InputEncryption.Key"),
];
const COLLECT_PHONE: &[Setting] = &[
    TIMEOUT,
    set("country", "InputValidation.PhoneNumberValidation.CountryCode")
        .implies(&[("InputValidation.PhoneNumberValidation.NumberFormat", "Local")]),
    BETWEEN_DIGITS,
    ENDS_WITH,
    STAR_IS_INPUT,
];

pub(super) const ROWS: &[ActionSpec] = &[ActionSpec {
    name: "GetParticipantInput",
    block: "Get customer input (DTMF), Store customer input, Set Touchtone Buffer Behavior",
    family: Family::Participant,
    summary: "Asks for telephone keys: one that chooses a branch, or several that are stored; or waits for any key or silence.",
    effects: &[Effect::Speaks, Effect::Asks],
    params: &[
        Param::new("StoreInput", switch("True", "False"))
            .rests(&[(Demand::RequiredKey, Basis::Refusal("an action without `StoreInput`"))]),
        Param::new("InputTimeLimitSeconds", seconds(1, 180))
            .single()
            .rests(&[(Demand::Limit, Basis::Page)])
            .when(absent("EnableDTMFBuffer"))
            .default("5")
            .note("until the first key"),
        TEXT.at_most_one_of("message"),
        SSML.at_most_one_of("message"),
        PROMPT.at_most_one_of("message"),
        AUDIO.at_most_one_of("message"),
        Param::new(
            "DTMFConfiguration",
            Kind::Object(&[
                Param::new("DisableCancelKey", switch("True", "False"))
                    .optional()
                    .assumed("False")
                    .rests(&[(Demand::Syntax, Basis::Refusal("a JSON boolean"))])
                    .note("True: the star is ordinary input; False: it clears what was typed"),
                Param::new("InputTerminationSequence", Kind::Keys { max: 5 }).optional(),
                Param::new("InterdigitTimeLimitSeconds", seconds(1, 20)).optional(),
            ]),
        )
        .optional()
        .note("of stored input; one third party saw it refused in menus"),
        Param::new("InputValidation", Kind::Object(INPUT_VALIDATION))
            .when(equal("StoreInput", "True"))
            .rests(&[(Demand::RequiredKey, Basis::Page)]),
        Param::new(
            "InputEncryption",
            Kind::Object(&[
                Param::new("EncryptionKeyId", text("a key id")).mixed(),
                Param::new("Key", text("a certificate")).mixed(),
            ]),
        )
        .optional()
        .when(absent("InputValidation.PhoneNumberValidation"))
        .rests(&[(Demand::Applicability, Basis::Refusal("an encrypted telephone number"))]),
        Param::new("EnableDTMFBuffer", switch("true", "false")).optional(),
    ],
    variants: &[
        Variant::new(Next::Continues, &[ERROR])
            .named("touchtone-buffer", &[present("EnableDTMFBuffer")])
            .refuses_conditions(),
        Variant::new(Next::Continues, &[ERROR, required("invalid", "InvalidPhoneNumber")])
            .named("store-phone", &[equal("StoreInput", "True"), present("InputValidation.PhoneNumberValidation")])
            .refuses_conditions(),
        Variant::new(Next::Continues, &[ERROR])
            .named("store-custom", &[equal("StoreInput", "True")])
            .refuses_conditions()
            .refuses_errors(&["InvalidPhoneNumber"]),
        Variant::new(Next::Copies(NO_MATCH), &[required("timeout", "InputTimeLimitExceeded"), ELSE, ERROR])
            .literals(Literals::Keys)
            .named("menu", &[])
            .refuses_errors(&["InvalidPhoneNumber"]),
    ],
    flow_types: Allowed::only(INBOUND_TRANSFERS_QUEUE_OUTBOUND),
    channels: &[Channel::Voice],
    refuses: &["DTMFConfiguration.FinishOnKey"],
    results: Some(Results {
        namespace: "$.StoredCustomerInput",
        root: "$.StoredCustomerInput",
        scalar: true,
        special: &[],
    }),
    clobbers: &["$.StoredCustomerInput"],
    sentences: &[
        Sentence::new(
            &[Words("menu"), Slot("Text")],
            r#"menu "For sales, press 1." (timeout: 5s) { 1 -> next timeout, else -> again }"#,
        )
        .fixed(MENU_FIXED)
        .settings(MENU),
        Sentence::new(
            &[Words("menu ssml"), Slot("SSML")],
            r#"menu ssml "<speak>Press 1.</speak>" { 1 -> next timeout, else -> again }"#,
        )
        .fixed(MENU_FIXED)
        .settings(MENU),
        Sentence::new(
            &[Words("menu prompt"), Slot("PromptId")],
            r#"menu prompt "Menu.wav" { 1 -> next timeout, else -> again }"#,
        )
        .fixed(MENU_FIXED)
        .settings(MENU),
        Sentence::new(
            &[Words("menu audio"), Slot("Media.Uri")],
            r#"menu audio "s3://prompts/menu.wav" { 1 -> next timeout, else -> again }"#,
        )
        .fixed(&[("StoreInput", "False"), ("Media.SourceType", "S3"), ("Media.MediaType", "Audio")])
        .settings(MENU),
        Sentence::new(
            &[Words("listen"), Optional(&[Slot("Text")])],
            r#"listen "Leave your message." (timeout: 2m) { key, timeout -> next error -> next }"#,
        )
        .fixed(MENU_FIXED)
        .settings(MENU)
        .aliases(ANY_KEY)
        .without_choice(),
        Sentence::new(
            &[Words("listen ssml"), Slot("SSML")],
            r#"listen ssml "<speak>Leave your message.</speak>" (timeout: 2m) { key, timeout -> next }"#,
        )
        .fixed(MENU_FIXED)
        .settings(MENU)
        .aliases(ANY_KEY)
        .without_choice(),
        Sentence::new(
            &[Words("listen prompt"), Slot("PromptId")],
            r#"listen prompt "Beep.wav" (timeout: 2m) { key, timeout -> next }"#,
        )
        .fixed(MENU_FIXED)
        .settings(MENU)
        .aliases(ANY_KEY)
        .without_choice(),
        Sentence::new(
            &[Words("listen audio"), Slot("Media.Uri")],
            r#"listen audio "s3://prompts/beep.wav" (timeout: 2m) { key, timeout -> next }"#,
        )
        .fixed(&[("StoreInput", "False"), ("Media.SourceType", "S3"), ("Media.MediaType", "Audio")])
        .settings(MENU)
        .aliases(ANY_KEY)
        .without_choice(),
        Sentence::new(
            &[Words("collect"), Optional(&[Slot("Text")]), Optional(&[Words("as"), Name])],
            r##"collect "Enter your account number." as account (digits: 10, timeout: 8s, ends-with: "#")"##,
        )
        .fixed(COLLECT_FIXED)
        .settings(COLLECT),
        Sentence::new(
            &[Words("collect ssml"), Slot("SSML"), Optional(&[Words("as"), Name])],
            r#"collect ssml "<speak>Enter your PIN.</speak>" (digits: 4)"#,
        )
        .fixed(COLLECT_FIXED)
        .settings(COLLECT),
        Sentence::new(
            &[Words("collect prompt"), Slot("PromptId"), Optional(&[Words("as"), Name])],
            r#"collect prompt "Pin.wav" (digits: 4)"#,
        )
        .fixed(COLLECT_FIXED)
        .settings(COLLECT),
        Sentence::new(
            &[Words("collect audio"), Slot("Media.Uri"), Optional(&[Words("as"), Name])],
            r#"collect audio "s3://prompts/pin.wav" (digits: 4)"#,
        )
        .fixed(&[("StoreInput", "True"), STAR_CLEARS, ("Media.SourceType", "S3"), ("Media.MediaType", "Audio")])
        .settings(COLLECT),
        Sentence::new(
            &[Words("collect phone number"), Optional(&[Slot("Text")]), Optional(&[Words("as"), Name])],
            r#"collect phone number "Enter the number we should call." (country: US) { invalid -> again }"#,
        )
        .fixed(PHONE_FIXED)
        .settings(COLLECT_PHONE),
        Sentence::new(
            &[Words("collect phone number ssml"), Slot("SSML"), Optional(&[Words("as"), Name])],
            r#"collect phone number ssml "<speak>Your number, please.</speak>" { invalid -> again }"#,
        )
        .fixed(PHONE_FIXED)
        .settings(COLLECT_PHONE),
        Sentence::new(
            &[Words("collect phone number prompt"), Slot("PromptId"), Optional(&[Words("as"), Name])],
            r#"collect phone number prompt "Number.wav" { invalid -> again }"#,
        )
        .fixed(PHONE_FIXED)
        .settings(COLLECT_PHONE),
        Sentence::new(
            &[Words("collect phone number audio"), Slot("Media.Uri"), Optional(&[Words("as"), Name])],
            r#"collect phone number audio "s3://prompts/number.wav" { invalid -> again }"#,
        )
        .fixed(&[
            ("StoreInput", "True"),
            ("InputValidation.PhoneNumberValidation.NumberFormat", "E164"),
            ("Media.SourceType", "S3"),
            ("Media.MediaType", "Audio"),
        ])
        .settings(COLLECT_PHONE),
        Sentence::new(&[Words("set key buffer"), Slot("EnableDTMFBuffer")], "set key buffer on").fixed(MENU_FIXED),
    ],
    designer: &[Mark::new("conditionMetadata", Holds::EmptyList).when(equal("StoreInput", "True"))],
    ..PROBED
}];
