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
    attribute_read_before_set = "attribute-read-before-set" Warn "an attribute read on a path that has not set it"
    flow_name = "flow-name" Warn "a flow whose name does not fit the project's pattern"
    menu_option_mismatch = "menu-option-mismatch" Warn "a menu that says other keys than it takes"
    missing_description = "missing-description" Warn "a flow that does not say what it is for"
    queue_not_set = "queue-not-set" Deny "a transfer to a queue on a path that has set none"
    ssml_malformed = "ssml-malformed" Deny "speech markup that is not well formed"
    unencrypted_card_input = "unencrypted-card-input" Warn "card numbers and the like, typed in and kept in clear"
}

/// The rule that takes a pattern.
pub const FLOW_NAME: &str = "flow-name";

/// The rule of a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.name() == name)
}
