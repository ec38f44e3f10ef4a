//! Several JSON values in one text, one behind the other: what `aws connect describe-contact-flow >> all.json` leaves.

use std::ops::Range;

use crate::source::Source;

/// Where the values of a text stand, if there are at least two and the text holds nothing else.
pub fn values(source: &Source) -> Option<Vec<Range<usize>>> {
    let mark = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    let bytes = source.text.as_bytes();
    let mut found = Vec::new();
    let (mut depth, mut start, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for (at, byte) in bytes.iter().enumerate().skip(mark) {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'{' | b'[' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    found.push(start..at + 1);
                }
            }
            b'"' if depth > 0 => in_string = true,
            _ if depth == 0 && !byte.is_ascii_whitespace() => return None,
            _ => {}
        }
    }
    // What is open at the end was cut off; it is a value nevertheless, and its reading will say so.
    if depth > 0 && !found.is_empty() {
        found.push(start..bytes.len());
    }
    (found.len() > 1).then_some(found)
}
