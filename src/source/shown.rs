//! Text from elsewhere, as people are shown it.
//!
//! Names, texts and paths come from whoever wrote them. A character that moves a cursor, turns the writing around or cannot
//! be seen is shown as the escape that a source would have for it, and no line is one that a build server obeys.

use std::borrow::Cow;
use std::fmt::Write;

/// A text over several lines: line breaks and tabs stay.
pub fn shown(text: &str) -> Cow<'_, str> {
    // Of the two characters that end a line on Windows, the first stays as well.
    let stays = |c: char, rest: &str| matches!(c, '\n' | '\t') || c == '\r' && rest.starts_with('\n');
    escaped(text, stays)
}

/// A text that belongs on one line, such as a name or a path.
pub fn shown_line(text: &str) -> Cow<'_, str> {
    escaped(text, |_, _| false)
}

fn escaped(text: &str, stays: impl Fn(char, &str) -> bool) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        let rest = || text.get(at + c.len_utf8()..).unwrap_or_default();
        if is_hidden(c) && !stays(c, rest()) {
            push_escape(&mut shown, c);
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn push_escape(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        // Writing to a string cannot fail.
        _ => drop(write!(shown, "\\u{{{:x}}}", u32::from(c))),
    }
}

/// Whether a character is shown as an escape. Joiners are not: words of some languages and many emoji have them.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || unseen(c).is_some() && !is_joiner(c)
}

/// How many columns a hidden character takes when it is shown.
pub fn escape_columns(c: char) -> usize {
    let mut escape = String::new();
    push_escape(&mut escape, c);
    escape.len()
}

/// The first character of a name that cannot be seen in it, and its place. Joiners are at home between letters that are not
/// ASCII.
pub fn unseen_in(name: &str) -> Option<(usize, char)> {
    let is_foreign = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
    name.char_indices().find(|(at, c)| {
        let before = || name.get(..*at).and_then(|text| text.chars().next_back());
        let after = || name.get(at + c.len_utf8()..).and_then(|text| text.chars().next());
        let is_at_home = || is_joiner(*c) && is_foreign(before()) && is_foreign(after());
        (c.is_control() || unseen(*c).is_some()) && !is_at_home()
    })
}

/// `U+00A0, a no-break space`: a character that cannot be seen, or not be told from a space, by its name.
pub fn called(c: char) -> String {
    let name = unseen(c).or_else(|| odd_space(c));
    let name = name.unwrap_or(if c.is_control() { "a control character" } else { "a character" });
    format!("U+{:04X}, {name}", u32::from(c))
}

/// What a space that is none of the two which part words is called.
pub fn odd_space(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{a0}' => "a no-break space",
        '\u{202f}' => "a narrow no-break space",
        '\u{2007}' => "a figure space",
        '\u{3000}' => "an ideographic space",
        '\u{1680}' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200a}' | '\u{205f}' => "a space of another width",
        _ => return None,
    })
}

/// Whether a character only says how those beside it are drawn.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// What a character that cannot be seen is called; control characters have no names.
fn unseen(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{ad}' => "a soft hyphen",
        '\u{34f}' => "a grapheme joiner",
        '\u{61c}' => "an Arabic letter mark",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "a Hangul filler",
        '\u{180e}' => "a Mongolian vowel separator",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{200e}' => "a left-to-right mark",
        '\u{200f}' => "a right-to-left mark",
        '\u{2028}' => "a line separator",
        '\u{2029}' => "a paragraph separator",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "a character that turns the writing around",
        '\u{2060}' => "a word joiner",
        '\u{2061}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => "an invisible control",
        '\u{feff}' => "a byte order mark",
        '\u{e0000}'..='\u{e007f}' => "a tag character",
        _ => return None,
    })
}

/// What begins a command on a line, in the order of GitHub's older form and that of Azure.
const COMMANDS: [&str; 2] = ["##[", "##vso["];

/// Lines for people that no build server takes for a command of its own: `::error ..::` at a line's beginning, `##[..]`
/// anywhere.
pub fn without_commands(text: &str) -> Cow<'_, str> {
    let begins = |line: &str| line.trim_start().starts_with("::");
    if !text.lines().any(begins) && !COMMANDS.iter().any(|command| text.contains(command)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        match line.split_at_checked(indent) {
            Some((space, rest)) if begins(line) => {
                shown.push_str(space);
                shown.push_str("\\u{3a}");
                shown.push_str(rest.get(1..).unwrap_or_default());
            }
            _ => shown.push_str(line),
        }
    }
    Cow::Owned(COMMANDS.iter().fold(shown, |shown, command| {
        let inert = format!("#\\u{{23}}{}", command.trim_start_matches('#'));
        shown.replace(command, &inert)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_an_escape_and_all_else_stays() {
        assert_eq!(shown("a\tb\r\nc\rd\u{1b}[2J"), "a\tb\r\nc\\rd\\u{1b}[2J");
        assert_eq!(shown_line("a\tb\nc\u{9b}1m\u{202e}\u{2028}"), "a\\tb\\nc\\u{9b}1m\\u{202e}\\u{2028}");
        let plain = "Grüße, 値段 👩\u{200d}💻 نمی\u{200c}خواهم";
        assert!(matches!(shown_line(plain), Cow::Borrowed(same) if same == plain));
        for c in (0..=0x0010_ffff_u32).filter_map(char::from_u32).filter(|c| is_hidden(*c)) {
            let text = String::from(c);
            let shown = shown_line(&text);
            assert!(shown.is_ascii() && shown.len() == escape_columns(c), "{shown}");
        }
    }

    #[test]
    fn joiners_are_at_home_in_words_that_need_them() {
        assert_eq!(unseen_in("نمی\u{200c}خواهم 👩\u{200d}💻"), None);
        assert_eq!(unseen_in("Sa\u{200d}les"), Some((2, '\u{200d}')));
        assert_eq!(unseen_in("\u{feff}Sales"), Some((0, '\u{feff}')));
        assert_eq!(unseen_in("Sales\u{e0041}"), Some((5, '\u{e0041}')));
        assert_eq!(called('\u{a0}'), "U+00A0, a no-break space");
    }

    #[test]
    fn no_line_is_a_command() {
        assert_eq!(without_commands("a::b\n  ::error::c\n"), "a::b\n  \\u{3a}:error::c\n");
        assert_eq!(without_commands("a ##[error]b ##vso[task]"), "a #\\u{23}[error]b #\\u{23}vso[task]");
        assert_eq!(without_commands("AWS::Connect::ContactFlow # #1"), "AWS::Connect::ContactFlow # #1");
    }
}
