//! Text from elsewhere in Markdown, as code hosts read it: it brings no markup, link or image along, and mentions nobody.

use super::shown::{shown_line, without_commands};

/// Ends whatever a code host would make of the letters around it; nobody sees it.
const BREAK: &str = "&#8203;";

/// A text as code on one line, whatever is in it.
pub fn code(text: &str) -> String {
    let line = without_commands(&shown_line(text)).into_owned();
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A space on either side is not shown. A text of spaces alone keeps all of its own.
    let is_bare = line.starts_with([' ', '`']) || line.ends_with([' ', '`']) || line.is_empty();
    let space = if is_bare { " " } else { "" };
    format!("{fence}{space}{line}{space}{fence}")
}

/// Words without meaning to Markdown, and to whoever is mentioned. What a name is in HTML, a host looks at once more, so that
/// an entity alone does not keep `@` from being a mention.
pub fn words(text: &str) -> String {
    let line = shown_line(text);
    let mut words = String::with_capacity(line.len());
    for (at, c) in line.char_indices() {
        let ends_with = |before: &str| {
            let front = line.get(..at).unwrap_or_default();
            let from = front.len().checked_sub(before.len()).and_then(|from| front.get(from..));
            from.is_some_and(|found| found.eq_ignore_ascii_case(before))
        };
        let is_before_slash = || line.get(at + 1..).is_some_and(|rest| rest.starts_with('/'));
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' => push_entity(&mut words, c),
            '@' | '#' => {
                push_entity(&mut words, c);
                words.push_str(BREAK);
            }
            ':' if is_before_slash() => {
                words.push(c);
                words.push_str(BREAK);
            }
            '.' if ends_with("www") => {
                words.push_str(BREAK);
                words.push(c);
            }
            '-' if ends_with("gh") => {
                words.push(c);
                words.push_str(BREAK);
            }
            c => words.push(c),
        }
    }
    words
}

/// A message in the cell of a table: names stand between backticks, and are code; the rest is words. A name that has a
/// backtick itself ends the code, and what comes after it is words as well.
pub fn cell(text: &str) -> String {
    let mut parts = text.split('`').peekable();
    let mut cell = String::new();
    let mut is_code = false;
    while let Some(part) = parts.next() {
        match (is_code, parts.peek().is_some()) {
            // The last backtick has no partner.
            (true, false) => cell.push_str(&words(&format!("`{part}"))),
            // A bar would end the cell even in code.
            (true, true) if part.contains(['|', '\\']) => cell.extend(["<code>", &words(part), "</code>"]),
            (true, true) => {
                // Two runs of backticks side by side would be one.
                cell.push_str(if cell.ends_with('`') { " " } else { "" });
                cell.push_str(&code(part));
            }
            (false, _) => cell.push_str(&words(part)),
        }
        is_code = !is_code;
    }
    cell
}

fn push_entity(words: &mut String, c: char) {
    words.extend(["&#", &u32::from(c).to_string(), ";"]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_code_whatever_is_in_it() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(""), "`  `");
        assert_eq!(code("a\n## b\u{202e}"), "`a\\n## b\\u{202e}`");
    }

    #[test]
    fn words_are_nothing_but_words() {
        assert_eq!(words("a-b: 1, 2."), "a-b: 1, 2.");
        assert_eq!(words("![x](y) <b>"), "!&#91;x&#93;(y) &#60;b&#62;");
        assert_eq!(words("@me #1 GH-1"), "&#64;&#8203;me &#35;&#8203;1 GH-&#8203;1");
        assert_eq!(words("https://a www.b"), "https:&#8203;//a www&#8203;.b");
    }

    #[test]
    fn backticks_in_names_end_no_more_than_the_name() {
        assert_eq!(cell("`a` is `b`"), "`a` is `b`");
        assert_eq!(cell("`a``b`"), "`a` `b`");
        assert_eq!(cell("`a`<b>` is"), "`a`&#60;b&#62;&#96; is");
        assert_eq!(cell("`a|b` | c"), "<code>a&#124;b</code> &#124; c");
    }
}
