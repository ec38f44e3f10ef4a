//! The keys under which the mapping function answers, and under which contacts carry addresses.

use crate::catalogue::ResourceKind;

/// The key of a resource: its kind, an underscore, and its name with `_` for every character but ASCII letters, digits,
/// dashes and underscores.
///
/// No kind has an underscore, so that keys of two kinds never meet; two names of one kind may, and then the plan says so.
pub fn key(kind: ResourceKind, name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' };
    let mut key = String::with_capacity(kind.word().len() + 1 + name.len());
    key.push_str(kind.word());
    key.push('_');
    key.extend(name.chars().map(kept));
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_legal_and_tells_kinds_apart() {
        assert_eq!(key(ResourceKind::Queue, "Basic Queue"), "queue_Basic_Queue");
        assert_eq!(key(ResourceKind::Prompt, "Beep.wav"), "prompt_Beep_wav");
        assert_eq!(key(ResourceKind::PhoneNumber, "main"), "phone-number_main");
        assert_eq!(key(ResourceKind::Queue, "Straße"), "queue_Stra_e");
        assert!(ResourceKind::ALL.iter().all(|kind| !kind.word().contains('_')));
    }
}
