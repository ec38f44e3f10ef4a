//! What a number can spell on a telephone's keys.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The words, which are those of `words.txt`, by the digits that spell them.
static WORDS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for word in include_str!("words.txt").split_whitespace().filter(|word| (3..=LOCAL).contains(&word.len())) {
        let digits = word.chars().map(key).collect::<Option<String>>();
        words.entry(digits.unwrap_or_default()).or_default().push(word.to_ascii_uppercase());
    }
    words
});

/// The digits behind the area code: the ones that may spell something.
const LOCAL: usize = 7;

/// The local parts that fill up a list too short: those of a song that everybody knew, and its successors.
const FILLERS: [&str; 3] = ["8675309", "8675310", "8675311"];

/// A letter counts more than how long the longest word is, and that more than where it stands.
const PER_LETTER: u32 = 100;
const PER_LETTER_OF_LONGEST: u32 = 10;
const ENDS_WITH_WORD: u32 = 5;

/// A way to say a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vanity {
    /// Ten digits, as they are dialled.
    pub digits: String,
    /// As it is written: `718-FLOWERS`, `718-2-FLOWER`.
    pub display: String,
    pub score: u32,
}

impl Vanity {
    /// As it is spoken: digits one by one, words as words.
    pub fn speech(&self) -> String {
        let mut spoken: Vec<String> = Vec::new();
        for part in self.display.split('-') {
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                spoken.extend(part.chars().map(String::from));
            } else {
                spoken.push(part.to_owned());
            }
        }
        spoken.join(" ")
    }
}

/// The best ways to say a North American number of ten digits, best first and never fewer than three; the same number
/// gives the same list.
pub fn generate(number: &str, at_most: usize) -> Vec<Vanity> {
    let (area, local) = number.split_at_checked(number.len().saturating_sub(LOCAL)).unwrap_or((number, ""));
    let mut found: Vec<Vanity> = spellings(local)
        .into_iter()
        .filter(|parts| parts.iter().any(Part::is_word))
        .map(|parts| Vanity { digits: number.to_owned(), display: display(area, &parts), score: score(&parts) })
        .collect();
    found.sort_by(|left, right| right.score.cmp(&left.score).then_with(|| left.display.cmp(&right.display)));
    found.dedup_by(|left, right| left.display == right.display);
    found.truncate(at_most);
    for filler in FILLERS.iter().take(FILLERS.len().saturating_sub(found.len())) {
        let (exchange, line) = filler.split_at_checked(3).unwrap_or((filler, ""));
        found.push(Vanity {
            digits: format!("{area}{filler}"),
            display: format!("{area}-{exchange}-{line}"),
            score: 0,
        });
    }
    found
}

enum Part {
    Digits(String),
    Word(&'static str),
}

impl Part {
    fn is_word(&self) -> bool {
        matches!(self, Self::Word(_))
    }

    fn text(&self) -> &str {
        match self {
            Self::Digits(digits) => digits,
            Self::Word(word) => word,
        }
    }
}

/// Every way to cut the digits into words and leave the rest as digits. Words have three letters or more, so seven
/// digits hold two at most, and there are few ways.
fn spellings(digits: &str) -> Vec<Vec<Part>> {
    // From the end to the front: what can be made of everything from a place on, for each place.
    let mut from: Vec<Vec<Vec<&'static str>>> = vec![vec![Vec::new()]; digits.len() + 1];
    for start in (0..digits.len()).rev() {
        let mut ways = Vec::new();
        // An empty text stands for a digit that stays one.
        ways.extend(from.get(start + 1).into_iter().flatten().map(|rest| joined("", rest)));
        for end in start + 3..=digits.len() {
            let words = digits.get(start..end).and_then(|part| WORDS.get(part)).into_iter().flatten();
            for word in words {
                ways.extend(from.get(end).into_iter().flatten().map(|rest| joined(word, rest)));
            }
        }
        if let Some(place) = from.get_mut(start) {
            *place = ways;
        }
    }
    from.into_iter().next().into_iter().flatten().map(|way| parts(digits, &way)).collect()
}

fn joined(first: &'static str, rest: &[&'static str]) -> Vec<&'static str> {
    std::iter::once(first).chain(rest.iter().copied()).collect()
}

fn parts(digits: &str, way: &[&'static str]) -> Vec<Part> {
    let mut digits = digits.chars();
    let mut parts: Vec<Part> = Vec::new();
    for word in way {
        let covered: String = digits.by_ref().take(word.len().max(1)).collect();
        match (parts.last_mut(), *word) {
            (Some(Part::Digits(run)), "") => run.push_str(&covered),
            (_, "") => parts.push(Part::Digits(covered)),
            (_, word) => parts.push(Part::Word(word)),
        }
    }
    parts
}

fn display(area: &str, parts: &[Part]) -> String {
    std::iter::once(area).chain(parts.iter().map(Part::text)).collect::<Vec<_>>().join("-")
}

fn score(parts: &[Part]) -> u32 {
    let lengths =
        || parts.iter().filter(|part| part.is_word()).map(|part| u32::try_from(part.text().len()).unwrap_or(0));
    let ends = if parts.last().is_some_and(Part::is_word) { ENDS_WITH_WORD } else { 0 };
    lengths().sum::<u32>() * PER_LETTER + lengths().max().unwrap_or(0) * PER_LETTER_OF_LONGEST + ends
}

/// The key that a letter is on.
fn key(letter: char) -> Option<char> {
    let key = match letter {
        'a'..='c' => '2',
        'd'..='f' => '3',
        'g'..='i' => '4',
        'j'..='l' => '5',
        'm'..='o' => '6',
        'p'..='s' => '7',
        't'..='v' => '8',
        'w'..='z' => '9',
        _ => return None,
    };
    Some(key)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn displays(number: &str) -> Vec<String> {
        generate(number, 5).into_iter().map(|vanity| vanity.display).collect()
    }

    #[test]
    fn every_word_of_the_list_can_be_found() {
        for word in include_str!("words.txt").split_whitespace() {
            assert!(word.chars().all(|letter| key(letter).is_some()), "{word} has a letter that no key has");
        }
        assert!(WORDS.len() > 1000, "{}", WORDS.len());
    }

    #[test]
    fn a_whole_word_comes_first() {
        assert_eq!(displays("7183569377").first().map(String::as_str), Some("718-FLOWERS"));
        assert_eq!(displays("7182101010").first().map(String::as_str), Some("718-867-5309"));
    }

    #[test]
    fn more_letters_win_then_longer_words_then_the_end_then_the_alphabet() {
        // 227 is BAR, CAP and CAR, 364 is DOG and FOG, and the last digit has no letters.
        let expected = ["718-BAR-DOG-0", "718-BAR-FOG-0", "718-CAP-DOG-0", "718-CAP-FOG-0", "718-CAR-DOG-0"];
        assert_eq!(displays("7182273640"), expected);
        let score = |parts: &[Part]| score(parts);
        let digits = || Part::Digits("2".to_owned());
        assert!(score(&[Part::Word("CAR"), Part::Word("DOG")]) > score(&[Part::Word("ROCKS"), digits()]));
        assert!(score(&[Part::Word("ROCKET")]) > score(&[Part::Word("CAR"), Part::Word("DOG")]));
        assert!(score(&[digits(), Part::Word("CAR")]) > score(&[Part::Word("CAR"), digits()]));
    }

    #[test]
    fn numbers_that_spell_nothing_get_the_song() {
        assert_eq!(displays("7182101010"), ["718-867-5309", "718-867-5310", "718-867-5311"]);
    }

    #[test]
    fn digits_are_spoken_one_by_one_and_words_as_words() {
        let vanity = |display: &str| Vanity { digits: String::new(), display: display.to_owned(), score: 0 };
        assert_eq!(vanity("718-FLOWERS").speech(), "7 1 8 FLOWERS");
        assert_eq!(vanity("718-2-CAR-95").speech(), "7 1 8 2 CAR 9 5");
        assert_eq!(vanity("718-867-5309").speech(), "7 1 8 8 6 7 5 3 0 9");
    }

    proptest! {
        #[test]
        fn what_is_spelled_is_the_number(number in "[2-9][0-9]{2}[2-9][0-9]{6}") {
            let found = generate(&number, 5);
            prop_assert!((3..=5).contains(&found.len()));
            prop_assert!(found.is_sorted_by_key(|vanity| std::cmp::Reverse(vanity.score)));
            for vanity in &found {
                let letters = vanity.display.to_ascii_lowercase();
                let dialled: String =
                    letters.chars().filter(|c| *c != '-').map(|c| key(c).unwrap_or(c)).collect();
                prop_assert_eq!(&dialled, &vanity.digits);
                prop_assert!(vanity.score == 0 || vanity.digits == number);
            }
            prop_assert_eq!(generate(&number, 5), found);
        }

        #[test]
        fn no_text_is_too_odd(text in "\\PC*") {
            generate(&text, 5);
        }
    }
}
