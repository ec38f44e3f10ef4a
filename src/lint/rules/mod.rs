//! The rules, one file each: a page, a level, a check. A new one is its file, its page, its examples in `tests/rules/` and
//! its line here.

use super::{Rule, Setting};
use crate::diagnostics::{Code, CodeSpec, Level, codes};

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
    attribute_name = "attribute-name" Warn "an attribute whose name does not fit the project's pattern"
    attribute_never_read = "attribute-never-read" Allow "an attribute that flows set and none reads"
    attribute_never_set = "attribute-never-set" Allow "an attribute read that no flow of the project sets"
    attribute_read_before_set = "attribute-read-before-set" Warn "an attribute read on a path that has not set it"
    audio_on_chat = "audio-on-chat" Warn "markup or a recording where a chat can come"
    broken_reference = "broken-reference" Warn "a text that looks like a reference and is none"
    busy_cycle = "busy-cycle" Warn "lines that repeat without a pause, an answer or a count"
    card_input_exposed = "card-input-exposed" Warn "card numbers and the like, handed on in clear"
    card_input_logged = "card-input-logged" Warn "card numbers and the like, typed in while the log is on"
    constant_condition = "constant-condition" Warn "a condition that every path has decided already"
    contact_chain = "contact-chain" Warn "more transfers in a row than the service takes"
    empty_attributes = "empty-attributes" Allow "an action that sets attributes and is given none"
    entry_without_handler = "entry-without-handler" Warn "an entry flow that does not say where failures go"
    error_ignored = "error-ignored" Warn "a failure that goes on like success"
    error_loop = "error-loop" Warn "a failure that leads back to what failed, for ever"
    flow_name = "flow-name" Warn "a flow whose name does not fit the project's pattern"
    fragment_used_once = "fragment-used-once" Allow "a fragment that is copied to one place only"
    impossible_comparison = "impossible-comparison" Warn "a comparison with a value that nothing writes"
    literal_account = "literal-account" Warn "the id of an account in a source for all of them"
    literal_address = "literal-address" Warn "an address of one instance in a source for all of them"
    literal_phone_number = "literal-phone-number" Warn "a telephone number in a source for all environments"
    logging_off = "logging-off" Allow "an entry flow that never switches its log on"
    long_silence = "long-silence" Warn "functions one after another while the caller hears nothing"
    long_speech = "long-speech" Warn "a text longer than is said in one go"
    loop_on_chat = "loop-on-chat" Warn "prompts that are repeated where a chat can come"
    menu_gives_up = "menu-gives-up" Warn "a menu that ends the call at the first wrong key"
    menu_option_mismatch = "menu-option-mismatch" Warn "a menu that says other keys than it takes"
    missing_description = "missing-description" Warn "a flow that does not say what it is for"
    module_depth = "module-depth" Deny "modules that call each other too deep, or for ever"
    near_duplicate_attribute = "near-duplicate-attribute" Warn "an attribute that is set under nearly the name it is read by"
    no_match_ignored = "no-match-ignored" Warn "an answer that fits nothing and goes on as if it did"
    prompt_language = "prompt-language" Warn "a text in another language than the voice speaks"
    queue_not_set = "queue-not-set" Deny "a transfer to a queue on a path that has set none"
    recording_unannounced = "recording-unannounced" Warn "a contact that is recorded, and nobody has told it"
    requeue_without_prompts = "requeue-without-prompts" Warn "a transfer from queue to queue before prompts are looped"
    result_not_set = "result-not-set" Warn "a result read on a path on which nothing has answered"
    result_replaced = "result-replaced" Warn "a result read after another invocation has replaced it"
    secret_in_flow = "secret-in-flow" Deny "a key or a token in a flow"
    silent_hang_up = "silent-hang-up" Warn "a path that ends the call before the caller has heard a word"
    spoken_number = "spoken-number" Warn "a long number that is read out as one number"
    ssml_in_text = "ssml-in-text" Allow "tags of speech markup in a plain text"
    ssml_long_break = "ssml-long-break" Warn "a pause longer than a voice keeps"
    ssml_malformed = "ssml-malformed" Deny "speech markup that is not well formed"
    ssml_unsupported_tag = "ssml-unsupported-tag" Warn "speech markup that the voice does not follow"
    step_name = "step-name" Warn "a step whose name does not fit the project's pattern"
    transfer_cycle = "transfer-cycle" Warn "flows that can transfer to each other for ever"
    unchecked_input = "unchecked-input" Warn "what a caller typed, said back before anything has looked at it"
    unencrypted_card_input = "unencrypted-card-input" Warn "card numbers and the like, typed in and kept in clear"
    unknown_intent = "unknown-intent" Warn "a branch for an intent that the bot does not have"
    unknown_result_field = "unknown-result-field" Warn "a result that what answers does not have"
    unknown_rule = "unknown-rule" Warn "an `@allow` of a rule that there is not"
    unreachable_block = "unreachable-block" Warn "blocks that no path leads to"
    unused_allow = "unused-allow" Warn "an `@allow` that silences nothing"
}

/// The rules that take a pattern: how a project calls its things.
pub const NAMING: [&str; 3] = [ATTRIBUTE_NAME, FLOW_NAME, STEP_NAME];
const ATTRIBUTE_NAME: &str = "attribute-name";
const FLOW_NAME: &str = "flow-name";
const STEP_NAME: &str = "step-name";

/// The rule that has to know all flows.
pub const UNUSED_ALLOW: &str = "unused-allow";

/// The rules that are the same finding as a warning of the compiler, which check and build say by its code. Where lint says both,
/// the rule speaks: it has a level that projects decide, and a place in baselines. The level is that of the code, too.
const SAME: [(&str, Code); 1] = [("unreachable-block", codes::UNREACHABLE)];

/// The rule that is the same finding as a warning of the compiler.
pub fn same_as(code: Code) -> Option<&'static Rule> {
    SAME.iter().find(|(_, same)| *same == code).and_then(|(name, _)| find(name))
}

/// The warning of the compiler that is the same finding as a rule.
pub fn code_of(rule: &Rule) -> Option<Code> {
    SAME.iter().find(|(name, _)| *name == rule.name()).map(|(_, code)| *code)
}

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.name() == name)
}
