//! Holding sentences against patterns: what fits, what it takes from the sentence, and how far a misfit agrees.

use crate::catalogue::{Phrase, Piece, Sentence as Pattern};
use crate::source::Span;
use crate::syntax::ast::{self, Name, Part, Setting};

/// What a pattern took from a sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Captures<'s> {
    pub values: Vec<(&'static str, Captured<'s>)>,
    pub name: Option<&'s Name>,
    pub settings: Vec<&'s Setting>,
    pub words: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Captured<'s> {
    Value(&'s ast::Value),
    Word(&'s Name),
    Map(&'s [Setting], Span),
    Words(Vec<&'s Name>),
}

/// Holds a sentence against a pattern. What is left over must be settings.
pub(super) fn fit<'s>(pattern: &'static Pattern, parts: &'s [Part]) -> Option<Captures<'s>> {
    let (mut captures, rest) = pieces(pattern.pattern, parts, Captures::default())?;
    for part in rest {
        match part {
            Part::Settings(settings, _) => captures.settings.extend(settings),
            _ => return None,
        }
    }
    Some(captures)
}

type Fit<'s> = Option<(Captures<'s>, &'s [Part])>;

/// Matches pieces in order, trying optional ones first with and then without.
fn pieces<'s>(pattern: &'static [Piece], parts: &'s [Part], mut captures: Captures<'s>) -> Fit<'s> {
    let Some((piece, later)) = pattern.split_first() else {
        let done = parts.iter().all(|part| matches!(part, Part::Settings(..)));
        return done.then_some((captures, parts));
    };
    let rest = match piece {
        Piece::Words(words) => {
            let (count, rest) = said(words, parts)?;
            captures.words += count;
            rest
        }
        Piece::Slot(path) => match parts.split_first()? {
            (Part::Value(value), tail) => {
                captures.values.push((path, Captured::Value(value)));
                tail
            }
            (Part::Word(word), tail) => {
                captures.values.push((path, Captured::Word(word)));
                tail
            }
            _ => return None,
        },
        Piece::Map(path) => match parts.split_first()? {
            (Part::Settings(settings, span), tail) => {
                captures.values.push((path, Captured::Map(settings, span.span)));
                tail
            }
            _ => return None,
        },
        Piece::WordList(path) => {
            let (words, tail) = word_list(parts)?;
            captures.values.push((path, Captured::Words(words)));
            tail
        }
        Piece::Name => match parts.split_first()? {
            (Part::Word(name), tail) => {
                captures.name = Some(name);
                tail
            }
            _ => return None,
        },
        Piece::Optional(inner) => return optional(inner, later, parts, captures),
    };
    pieces(later, rest, captures)
}

/// Whether a sentence goes on with these words; how many they are, and what follows. The words are not taken apart for that:
/// every pattern of a verb is tried on every line that begins with it.
fn said<'s>(words: &'static str, parts: &'s [Part]) -> Option<(usize, &'s [Part])> {
    let (mut left, mut rest, mut count) = (words, parts, 0);
    loop {
        let (Part::Word(word), tail) = rest.split_first()? else { return None };
        let behind = left.strip_prefix(word.value.as_str())?;
        (rest, count) = (tail, count + 1);
        match behind.strip_prefix(' ') {
            Some(more) => left = more,
            None => return behind.is_empty().then_some((count, rest)),
        }
    }
}

fn optional<'s>(
    inner: &'static [Piece],
    later: &'static [Piece],
    parts: &'s [Part],
    captures: Captures<'s>,
) -> Fit<'s> {
    let with = partial(inner, parts, captures.clone()).and_then(|(taken, rest)| pieces(later, rest, taken));
    let without = pieces(later, parts, captures);
    // A slot takes any word: in `return with (..)`, it must not take the one that the pattern itself has next.
    match (with, without) {
        (Some(with), Some(without)) => Some(if without.0.words > with.0.words { without } else { with }),
        (with, without) => with.or(without),
    }
}

/// As `pieces`, but the parts may go on behind the pattern. Optional pieces hold no optional pieces.
fn partial<'s>(pattern: &'static [Piece], parts: &'s [Part], mut captures: Captures<'s>) -> Fit<'s> {
    let mut rest = parts;
    for piece in pattern {
        let length = match piece {
            Piece::Words(words) => words.split(' ').count(),
            Piece::WordList(_) | Piece::Optional(_) => return None,
            Piece::Slot(_) | Piece::Map(_) | Piece::Name => 1,
        };
        let (head, tail) = rest.split_at_checked(length)?;
        captures = pieces(std::slice::from_ref(piece), head, captures)?.0;
        rest = tail;
    }
    Some((captures, rest))
}

/// Settings that stand before the end of a sentence which is right otherwise.
pub(super) fn misplaced_settings(phrases: &[Phrase], parts: &[Part]) -> Option<Span> {
    (1..parts.len()).find_map(|at| {
        let moved = parts.get(at).filter(|part| matches!(part, Part::Settings(..)))?;
        let mut reordered: Vec<Part> = parts.to_vec();
        reordered.remove(at);
        reordered.push(moved.clone());
        phrases.iter().any(|phrase| fit(phrase.sentence, &reordered).is_some()).then(|| moved.span())
    })
}

fn word_list(parts: &[Part]) -> Option<(Vec<&Name>, &[Part])> {
    let mut words = Vec::new();
    let mut rest = parts;
    loop {
        let (Part::Word(word), tail) = rest.split_first()? else { return None };
        words.push(word);
        match tail.split_first() {
            Some((Part::Comma(_), tail)) => rest = tail,
            _ => return Some((words, tail)),
        }
    }
}

/// How many parts of a sentence agree with a pattern before it goes wrong.
pub(super) fn agreement(pattern: &'static Pattern, parts: &[Part]) -> usize {
    let mut agreed = 0;
    for piece in pattern.pattern {
        match piece {
            Piece::Words(words) => {
                for word in words.split(' ') {
                    match parts.get(agreed) {
                        Some(Part::Word(found)) if found.value == word => agreed += 1,
                        _ => return agreed,
                    }
                }
            }
            Piece::Slot(_) | Piece::Name => match parts.get(agreed) {
                Some(Part::Value(_) | Part::Word(_)) => agreed += 1,
                _ => return agreed,
            },
            Piece::Map(_) => match parts.get(agreed) {
                Some(Part::Settings(..)) => agreed += 1,
                _ => return agreed,
            },
            Piece::WordList(_) | Piece::Optional(_) => return agreed,
        }
    }
    agreed
}

/// The word that a pattern's opening words have at an index.
pub(super) fn literal_word(pattern: &'static Pattern, index: usize) -> Option<&'static str> {
    pattern.head().split(' ').nth(index)
}

pub(super) fn alternatives(forms: &[String]) -> String {
    let quoted: Vec<String> = forms.iter().take(6).map(|form| format!("`{form}`")).collect();
    match quoted.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        _ => quoted.concat(),
    }
}
