//! Did you mean: the known word that is closest to a written one.

/// Of more known words than this, only the first are looked at: a guess is not worth a walk through all names of a file at each
/// of its mistakes.
pub const CANDIDATES_MAX: usize = 2_000;

/// The known word closest to a misspelled one, if any is close enough to be what was meant.
///
/// The bound grows with the word, a third of its length: one or two letters can be anything. Names that differ in digits
/// only are meant to.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bound = (word.chars().count() / 3).min(4);
    let letters = |text: &'a str| text.chars().filter(|c| !c.is_ascii_digit());
    let lower = word.to_lowercase();
    known
        .into_iter()
        .take(CANDIDATES_MAX)
        // Words of very different length cannot be close; most candidates need no closer look.
        .filter(|candidate| {
            candidate.len().abs_diff(word.len())
                <= if candidate.is_ascii() && word.is_ascii() { bound } else { bound * 4 }
        })
        .filter(|candidate| *candidate != word && !letters(candidate).eq(word.chars().filter(|c| !c.is_ascii_digit())))
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}

/// Words as a message lists them: `a`, `b` and `c`.
pub fn listed(words: &[impl AsRef<str>]) -> String {
    listed_of(words.iter())
}

/// The same of words that are not in a list yet. Only those that are shown are looked at.
pub fn listed_of(words: impl ExactSizeIterator<Item: AsRef<str>>) -> String {
    const SHOWN: usize = 12;
    let rest = words.len().saturating_sub(SHOWN);
    let quoted: Vec<String> = words.take(SHOWN).map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        _ if rest > 0 => format!("{} and {rest} more", quoted.join(", ")),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn only_near_words_are_suggested() {
        let known = ["menu", "collect", "disconnect"];
        assert_eq!(closest("disconect", known), Some("disconnect"));
        assert_eq!(closest("mneu", known), Some("menu"));
        assert_eq!(closest("transfer", known), None);
        assert_eq!(closest("menu", known), None);
        assert_eq!(closest("z", ["a"]), None);
        assert_eq!(closest("Sales2", ["Sales1"]), None);
    }

    #[test]
    fn of_very_many_words_only_the_first_are_looked_at() {
        let looked_at = std::cell::Cell::new(0);
        let known = (0..1_000_000).map(|_| {
            looked_at.set(looked_at.get() + 1);
            "disconnect"
        });
        assert_eq!(closest("disconect", known), Some("disconnect"));
        assert_eq!(looked_at.get(), super::CANDIDATES_MAX);
        let shown = std::cell::Cell::new(0);
        let words = (0..1_000).map(|_| {
            shown.set(shown.get() + 1);
            "a"
        });
        assert!(super::listed_of(words).ends_with(" and 988 more"));
        assert_eq!(shown.get(), 12);
    }
}
