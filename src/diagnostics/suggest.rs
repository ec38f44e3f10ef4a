//! Did you mean: the known word that is closest to a written one.

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
    const SHOWN: usize = 12;
    let quoted: Vec<String> = words.iter().take(SHOWN).map(|word| format!("`{}`", word.as_ref())).collect();
    let rest = words.len().saturating_sub(SHOWN);
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
}
