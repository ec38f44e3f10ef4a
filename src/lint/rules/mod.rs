//! The rules, one file each: a page, a level, a check. A new one is its file, its page, its examples in `tests/rules/` and
//! its line here.

use super::{Rule, Setting};
use crate::diagnostics::{Code, CodeSpec, Level};

macro_rules! rules {
    ($($module:ident = $name:literal $setting:ident $title:literal)+) => {
        $(mod $module;)+

        /// Every rule, by name.
        pub static ALL: &[Rule] = &[$(Rule {
            code: Code(&CodeSpec {
                id: $name,
                level: Level::Warning,
                title: $title,
                page: include_str!(concat!("../../../docs/rules/", $name, ".md")),
            }),
            default: Setting::$setting,
            check: $module::CHECK,
        }),+];
    };
}

rules! {
    attribute_never_read = "attribute-never-read" Allow "an attribute that flows set and none reads"
    attribute_read_before_set = "attribute-read-before-set" Warn "an attribute read on a path that has not set it"
    broken_reference = "broken-reference" Warn "a text that looks like a reference and is none"
    busy_cycle = "busy-cycle" Warn "lines that repeat without a pause, an answer or a count"
    error_ignored = "error-ignored" Warn "a failure that goes on like success"
    flow_name = "flow-name" Warn "a flow whose name does not fit the project's pattern"
    literal_address = "literal-address" Warn "an address of one instance in a source for all of them"
    logging_off = "logging-off" Allow "an entry flow that never switches its log on"
    long_silence = "long-silence" Warn "functions one after another while the caller hears nothing"
    menu_gives_up = "menu-gives-up" Warn "a menu that ends the call at the first wrong key"
    menu_option_mismatch = "menu-option-mismatch" Warn "a menu that says other keys than it takes"
    missing_description = "missing-description" Warn "a flow that does not say what it is for"
    near_duplicate_attribute = "near-duplicate-attribute" Warn "an attribute that is set under nearly the name it is read by"
    queue_not_set = "queue-not-set" Deny "a transfer to a queue on a path that has set none"
    requeue_without_prompts = "requeue-without-prompts" Warn "a transfer from queue to queue before prompts are looped"
    result_not_set = "result-not-set" Warn "a result read on a path on which nothing has answered"
    secret_in_flow = "secret-in-flow" Deny "a key or a token in a flow"
    silent_hang_up = "silent-hang-up" Warn "a path that ends the call before the caller has heard a word"
    spoken_number = "spoken-number" Warn "a long number that is read out as one number"
    ssml_in_text = "ssml-in-text" Allow "tags in a text that is read out as it stands"
    ssml_long_break = "ssml-long-break" Warn "a pause longer than a voice keeps"
    ssml_malformed = "ssml-malformed" Deny "speech markup that is not well formed"
    unencrypted_card_input = "unencrypted-card-input" Warn "card numbers and the like, typed in and kept in clear"
    unknown_rule = "unknown-rule" Warn "an `@allow` of a rule that there is not"
    unused_allow = "unused-allow" Warn "an `@allow` that silences nothing"
}

/// The rule that takes a pattern.
pub const FLOW_NAME: &str = "flow-name";

/// The rule that has to know all flows.
pub const UNUSED_ALLOW: &str = "unused-allow";

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.name() == name)
}
