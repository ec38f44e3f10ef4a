//! JSON over lines, for people and their diffs: short where nothing is lost by it, a line for each thing otherwise.
//!
//! An object in a list is one thing, such as a way out of a block, and takes one line. An object under a key takes a
//! line for each of its keys, unless it has only one or only numbers. A list takes one line if it holds only scalars.
//! Nothing longer than [`LINE_BYTES_MAX`] is put on one line. So what changes one parameter or one way out changes one
//! line.

/// Of an object or a list on one line.
const LINE_BYTES_MAX: usize = 160;

/// Spreads JSON without spaces over lines, with a newline at the end.
pub(super) fn spread(compact: &str) -> String {
    let marks = marks(compact);
    let mut flat = flat(&marks).into_iter();
    let mut text = String::with_capacity(compact.len() + compact.len() / 2);
    // Whether each thing around is on one line: then so is all within it.
    let mut around: Vec<bool> = Vec::new();
    let mut is_flat = false;
    let mut copied = 0;
    let mut copy = |text: &mut String, end: usize| {
        text.push_str(compact.get(copied..end).unwrap_or_default());
        copied = end;
    };
    let mut marks = marks.iter().copied().filter(|(_, byte)| *byte != b'"').peekable();
    while let Some((at, byte)) = marks.next() {
        match byte {
            b'{' | b'[' => {
                let is_next_flat = flat.next().unwrap_or(false) || is_flat;
                copy(&mut text, at + 1);
                if marks.next_if(|(next, byte)| *next == at + 1 && matches!(byte, b'}' | b']')).is_some() {
                    copy(&mut text, at + 2);
                    continue;
                }
                around.push(std::mem::replace(&mut is_flat, is_next_flat));
                match byte {
                    _ if !is_flat => break_line(&mut text, around.len()),
                    b'{' => text.push(' '),
                    _ => {}
                }
            }
            b'}' | b']' => {
                copy(&mut text, at);
                let was_flat = std::mem::replace(&mut is_flat, around.pop().unwrap_or(false));
                match byte {
                    _ if !was_flat => break_line(&mut text, around.len()),
                    b'}' => text.push(' '),
                    _ => {}
                }
                copy(&mut text, at + 1);
            }
            b',' if !is_flat => {
                copy(&mut text, at + 1);
                break_line(&mut text, around.len());
            }
            _ => {
                copy(&mut text, at + 1);
                text.push(' ');
            }
        }
    }
    copy(&mut text, compact.len());
    text.push('\n');
    text
}

fn break_line(text: &mut String, depth: usize) {
    const SPACES: &str = "\n                                ";
    let width = 1 + 2 * depth;
    match SPACES.get(..width) {
        Some(line) => text.push_str(line),
        None => {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', width - 1));
        }
    }
}

/// What the first pass knows of an open object or list.
#[derive(Debug, Clone, Copy)]
struct Open {
    index: usize,
    start: usize,
    /// Spaces that one line would have before it.
    spaces: usize,
    is_object: bool,
    is_listed: bool,
    has_texts: bool,
    has_inner: bool,
    /// Whether nothing within needs lines of its own.
    is_quiet: bool,
    keys: usize,
}

impl Open {
    fn is_flat(&self, bytes: usize) -> bool {
        let is_short = if self.is_object {
            self.is_listed || self.keys <= 1 && self.is_quiet || !self.has_texts && !self.has_inner
        } else {
            !self.has_inner
        };
        is_short && bytes <= LINE_BYTES_MAX
    }
}

/// Whether each object or list, in the order of their beginnings, takes one line. Those inside one that does are told of
/// as if they stood alone.
fn flat(marks: &[(usize, u8)]) -> Vec<bool> {
    let mut flat = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut spaces = 0;
    let mut is_value = false;
    for &(at, byte) in marks {
        match byte {
            b'{' | b'[' => {
                let mut is_listed = false;
                if let Some(around) = open.last_mut() {
                    around.has_inner = true;
                    is_listed = !around.is_object;
                }
                let is_object = byte == b'{';
                open.push(Open {
                    index: flat.len(),
                    start: at,
                    spaces,
                    is_object,
                    is_listed,
                    has_texts: false,
                    has_inner: false,
                    is_quiet: true,
                    keys: 0,
                });
                spaces += if is_object { 2 } else { 0 };
                flat.push(false);
            }
            b'}' | b']' => {
                let Some(closed) = open.pop() else { continue };
                let is_flat = closed.is_flat(at + 1 - closed.start + spaces - closed.spaces);
                if let Some(slot) = flat.get_mut(closed.index) {
                    *slot = is_flat;
                }
                if let Some(around) = open.last_mut() {
                    around.is_quiet &= is_flat;
                }
            }
            b':' => {
                spaces += 1;
                if let Some(around) = open.last_mut() {
                    around.keys += 1;
                }
            }
            b',' => spaces += 1,
            _ => {
                if let Some(around) = open.last_mut() {
                    around.has_texts |= is_value;
                }
            }
        }
        is_value = byte == b':';
    }
    flat
}

/// What structures JSON, and the beginnings of texts.
fn marks(json: &str) -> Vec<(usize, u8)> {
    let mut marks = Vec::with_capacity(json.len() / 6);
    let mut at = 0;
    while let Some(&byte) = json.as_bytes().get(at) {
        if matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':') {
            marks.push((at, byte));
        }
        at = if byte == b'"' { text_end(json.as_bytes(), at + 1) } else { at + 1 };
    }
    marks
}

/// Where a text is over that begins here.
fn text_end(json: &[u8], begin: usize) -> usize {
    let mut at = begin;
    while let Some(found) = json.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        match json.get(at - 1) {
            Some(b'\\') => at += 1,
            _ => return at,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn one_thing_takes_one_line() {
        let compact = r#"{"a":{"x":1,"y":2},"b":{"t":"1"},"c":{"t":"1","u":"2"},"d":[{"n":"1","c":{"o":["}"]}},{"n":"\"{,"}],"e":[],"f":["1",2]}"#;
        let expected = r#"{
  "a": { "x": 1, "y": 2 },
  "b": { "t": "1" },
  "c": {
    "t": "1",
    "u": "2"
  },
  "d": [
    { "n": "1", "c": { "o": ["}"] } },
    { "n": "\"{," }
  ],
  "e": [],
  "f": ["1", 2]
}
"#;
        assert_eq!(spread(compact), expected);
    }

    #[test]
    fn what_is_long_takes_several_lines() {
        let long = "x".repeat(LINE_BYTES_MAX);
        assert_eq!(spread(&format!(r#"{{"a":["{long}"]}}"#)), format!("{{\n  \"a\": [\n    \"{long}\"\n  ]\n}}\n"));
        assert_eq!(spread(r#"{"a":{"b":{"c":""}}}"#), "{ \"a\": { \"b\": { \"c\": \"\" } } }\n");
        assert_eq!(spread("{}"), "{}\n");
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[a-z\"\\\\{}:,\\[ é\n]{0,40}".prop_map(Value::from)
        ];
        leaf.prop_recursive(6, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[a-z\"{]{0,9}", inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_but_spaces_is_added(value in json()) {
            let compact = value.to_string();
            let text = spread(&compact);
            let again: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(again.to_string(), compact);
            prop_assert!(text.lines().all(|line| line.trim_end() == line && !line.is_empty()));
        }
    }
}
