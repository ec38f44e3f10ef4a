//! The service's quotas and the compiler's own bounds on input, each with its reason.

/// Actions per flow, and per module on its own.
pub const ACTIONS_MAX: usize = 250;
/// Characters of a flow's content, as the API takes it.
pub const CONTENT_CHARACTERS_MAX: usize = 256_000;
/// Characters of an action's identifier.
pub const IDENTIFIER_CHARACTERS_MAX: usize = 50;
/// Characters of a flow's or module's name.
pub const NAME_CHARACTERS_MAX: usize = 127;
/// Characters of a flow's or module's description.
pub const DESCRIPTION_CHARACTERS_MAX: usize = 500;
/// Characters of one spoken text, marks included.
pub const SPEECH_CHARACTERS_MAX: usize = 6_000;
/// User-defined tags of a contact.
pub const TAGS_MAX: usize = 6;
/// Custom branches of a module.
pub const MODULE_BRANCHES_MAX: usize = 8;

/// Bytes of all attributes of a contact, names and values.
pub const ATTRIBUTES_BYTES_MAX: usize = 32 * 1024;
/// Bytes of a function's answer to a flow.
pub const LAMBDA_ANSWER_BYTES_MAX: usize = 32 * 1024;

/// Characters that an identifier may not hold.
pub const IDENTIFIER_FORBIDDEN: &[char] = &['%', ':', '(', '\\', '/', ')', '=', '$', ',', ';', '[', ']', '{', '}'];
/// Identifiers that the service keeps for itself.
pub const IDENTIFIER_RESERVED: &[&str] = &[
    "__proto__",
    "constructor",
    "__defineGetter__",
    "__defineSetter__",
    "toString",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "valueOf",
];

/// Fragments inside one another.
pub const FRAGMENT_DEPTH_MAX: usize = 16;
/// Blocks that one flow may become before lowering stops: far above the service's limit, so that the report can say by
/// how much, and low enough that fragments which use fragments cannot exhaust memory.
pub const BLOCKS_MAX: usize = 10_000;
/// Bytes that are filled in for parameters of fragments in one flow: several times what the service takes of a flow, and few
/// enough that parameters which hold parameters several times cannot exhaust memory.
pub const FILLED_BYTES_MAX: usize = 16 * CONTENT_CHARACTERS_MAX;

const RESERVED: &str = "the service keeps it for itself";

/// Why the service refuses an identifier, if it does.
pub fn identifier_problem(identifier: &str) -> Option<String> {
    // Nearly all are made of these, and every block of every flow has one.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let length = identifier.len();
    if (1..=IDENTIFIER_CHARACTERS_MAX).contains(&length) && identifier.bytes().all(is_plain) {
        return IDENTIFIER_RESERVED.contains(&identifier).then(|| RESERVED.to_owned());
    }
    let length = identifier.chars().count();
    if length == 0 {
        Some("it is empty".to_owned())
    } else if length > IDENTIFIER_CHARACTERS_MAX {
        Some(format!("it has {length} characters, and {IDENTIFIER_CHARACTERS_MAX} are the most"))
    } else if let Some(character) = identifier.chars().find(|c| IDENTIFIER_FORBIDDEN.contains(c)) {
        Some(format!("it holds `{character}`"))
    } else if IDENTIFIER_RESERVED.contains(&identifier) {
        Some(RESERVED.to_owned())
    } else {
        None
    }
}
