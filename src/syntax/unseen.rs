//! Characters in code that look like a space and are none, or like nothing. Each is told by its name, and the text is parsed
//! as it looks, so that nothing else is said for the same reason.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{Source, Span, called, is_hidden, is_joiner, odd_space};

/// Whether a character has no place in code.
pub(super) fn is_odd(c: char) -> bool {
    !c.is_ascii() && (odd_space(c).is_some() || is_hidden(c) || is_joiner(c))
}

/// The source as it looks: odd spaces are plain ones, and what cannot be seen stands before its word, as spaces. Nothing else
/// moves, so that places stay what they are. `odd` has the places in code, in order.
pub(super) fn as_it_looks(source: &Source, odd: &[(usize, char)], diagnostics: &mut Diagnostics) -> Source {
    let mut text = String::with_capacity(source.text.len());
    let mut told_until = 0;
    let mut odd_places = odd.iter().map(|(at, _)| *at).peekable();
    let (mut word, mut unseen) = (0, 0);
    for (at, c) in source.text.char_indices() {
        let is_here = odd_places.next_if_eq(&at).is_some();
        if is_here && at >= told_until {
            diagnostics.push(told(source, at, c));
            // One a line is enough.
            told_until = source.text.get(at..).and_then(|rest| rest.find('\n')).map_or(usize::MAX, |end| at + end);
        }
        if is_here && odd_space(c).is_none() {
            unseen += c.len_utf8();
        } else if is_here || !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$')) {
            text.insert_str(word, &" ".repeat(std::mem::take(&mut unseen)));
            if is_here {
                text.push_str(&" ".repeat(c.len_utf8()));
            } else {
                text.push(c);
            }
            word = text.len();
        } else {
            text.push(c);
        }
    }
    text.insert_str(word, &" ".repeat(unseen));
    Source::new(source.id, source.path.clone(), text)
}

fn told(source: &Source, at: usize, c: char) -> Diagnostic {
    let span = Span::new(source.id, at, at + c.len_utf8());
    let help = if odd_space(c).is_some() { "write a plain space instead" } else { "remove it; it cannot be seen" };
    Diagnostic::new(codes::SYNTAX, span, format!("this is {}, which no word of the language has", called(c))).help(help)
}
