//! How much two things have in common: from nothing, 0, to everything, 1.

use std::collections::BTreeMap;

use super::fields::Field;

/// How much two blocks are given alike.
#[expect(clippy::cast_precision_loss, reason = "a share of a few values")]
pub(super) fn similarity(old: &[Field], new: &[Field]) -> f64 {
    let find =
        |path: &[String]| new.binary_search_by(|field| field.path.as_slice().cmp(path)).ok().and_then(|at| new.get(at));
    let shared: f64 =
        old.iter().filter_map(|field| find(&field.path).map(|other| of_texts(&field.text, &other.text))).sum();
    let all = old.len().max(new.len());
    if all == 0 { 1.0 } else { shared / all as f64 }
}

/// How many words two texts share.
#[expect(clippy::cast_precision_loss, reason = "a share of a few words")]
fn of_texts(old: &str, new: &str) -> f64 {
    if old == new {
        return 1.0;
    }
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    let (olds, news) = (words(old), words(new));
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for word in old.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        counts.entry(word).or_default().0 += 1;
    }
    for word in new.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        counts.entry(word).or_default().1 += 1;
    }
    let shared: usize = counts.values().map(|(old, new)| (*old).min(*new)).sum();
    let all = olds.max(news);
    if all == 0 { 0.0 } else { shared as f64 / all as f64 }
}
