//! JSON over lines, for people and their diffs: short where nothing is lost by it, a line for each thing otherwise.
//!
//! An object in a list is one thing, such as a way out of a block, and takes one line. An object under a key takes a
//! line for each of its keys, unless it has only one or only numbers. A list takes one line if it holds only scalars.
//! Nothing longer than [`LINE_BYTES_MAX`] is put on one line. So what changes one parameter or one way out changes one
//! line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Of an object or a list on one line.
const LINE_BYTES_MAX: usize = 160;

/// A value as JSON over lines, with a newline at the end.
pub(super) fn spread<T: Serialize + ?Sized>(value: &T) -> String {
    let mut line = Vec::new();
    // Nothing that is given here can fail to be written: keys are strings, and memory is the sink.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut line, OneLine::default()));
    broken(&String::from_utf8(line).unwrap_or_default())
}

/// JSON on one line, with spaces as people set them.
#[derive(Default)]
struct OneLine {
    has_entries: bool,
}

impl Formatter for OneLine {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.has_entries = false;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b" " } else { b", " })
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_entries = true;
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.has_entries { b" }" } else { b"}" })
    }
}

/// Breaks the line wherever something does not stay on one.
fn broken(line: &str) -> String {
    let marks = marks(line);
    let mut text = String::with_capacity(line.len() + line.len() / 2);
    let (mut next, mut copied, mut depth) = (0, 0, 0_usize);
    while let Some(mark) = marks.get(next) {
        next += 1;
        // What is copied, and where it goes on after the break: the space that is there is not needed any more.
        let (end, begin) = match (mark.byte, mark.end) {
            // What takes one line is copied with what comes after it.
            (_, Some(end)) => {
                next = end + 1;
                continue;
            }
            (b'[', None) => (mark.at + 1, mark.at + 1),
            (b'}', None) => (mark.at.saturating_sub(1), mark.at),
            (b']', None) => (mark.at, mark.at),
            (_, None) => (mark.at + 1, mark.at + 2),
        };
        text.push_str(line.get(copied..end).unwrap_or_default());
        copied = begin;
        match mark.byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        break_line(&mut text, depth);
    }
    text.push_str(line.get(copied..).unwrap_or_default());
    text.push('\n');
    text
}

fn break_line(text: &mut String, depth: usize) {
    const SPACES: &str = "\n                                ";
    let width = 1 + 2 * depth;
    if let Some(line) = SPACES.get(..width) {
        text.push_str(line);
    } else {
        text.push('\n');
        text.extend(std::iter::repeat_n(' ', width - 1));
    }
}

/// A bracket or a comma.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: usize,
    byte: u8,
    /// Of the beginning of something that takes one line: the mark that ends it.
    end: Option<usize>,
}

/// What is known of an open object or list.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    mark: usize,
    at: usize,
    is_object: bool,
    is_listed: bool,
    keys: usize,
    texts: usize,
    /// Objects and lists within, and those of them that take several lines.
    inner: usize,
    broken: usize,
}

impl Open {
    fn is_flat(&self, end: usize) -> bool {
        let is_simple = if self.is_object {
            self.is_listed || self.keys <= 1 && self.broken == 0 || self.texts + self.inner == 0
        } else {
            self.inner == 0
        };
        is_simple && end - self.at < LINE_BYTES_MAX
    }
}

/// All brackets and commas, those in texts apart.
fn marks(line: &str) -> Vec<Mark> {
    let bytes = line.as_bytes();
    let mut marks: Vec<Mark> = Vec::with_capacity(line.len() / 12);
    let mut open: Vec<Open> = Vec::new();
    let mut is_value = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                if let Some(around) = open.last_mut() {
                    around.texts += usize::from(is_value);
                }
                at = text_end(bytes, at + 1);
                continue;
            }
            b'{' | b'[' => {
                let mut is_listed = false;
                if let Some(around) = open.last_mut() {
                    around.inner += 1;
                    is_listed = !around.is_object;
                }
                open.push(Open { mark: marks.len(), at, is_object: byte == b'{', is_listed, ..Open::default() });
                marks.push(Mark { at, byte, end: None });
                is_value = false;
            }
            b'}' | b']' => {
                if let Some(closed) = open.pop() {
                    let end = closed.is_flat(at).then_some(marks.len());
                    if let Some(begin) = marks.get_mut(closed.mark) {
                        begin.end = end;
                    }
                    if let Some(around) = open.last_mut() {
                        around.broken += usize::from(end.is_none());
                    }
                }
                marks.push(Mark { at, byte, end: None });
            }
            b',' => {
                marks.push(Mark { at, byte, end: None });
                is_value = false;
            }
            b':' => {
                if let Some(around) = open.last_mut() {
                    around.keys += 1;
                }
                is_value = true;
            }
            _ => {}
        }
        at += 1;
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

    fn parsed(json: &str) -> String {
        spread(&serde_json::from_str::<Value>(json).unwrap())
    }

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
        assert_eq!(parsed(compact), expected);
    }

    #[test]
    fn what_is_long_takes_several_lines() {
        let long = "x".repeat(LINE_BYTES_MAX);
        assert_eq!(parsed(&format!(r#"{{"a":["{long}"]}}"#)), format!("{{\n  \"a\": [\n    \"{long}\"\n  ]\n}}\n"));
        assert_eq!(parsed(r#"{"a":{"b":{"c":""}}}"#), "{ \"a\": { \"b\": { \"c\": \"\" } } }\n");
        assert_eq!(parsed("{}"), "{}\n");
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
            let text = spread(&value);
            let again: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(again.to_string(), compact);
            prop_assert!(text.lines().all(|line| line.trim_end() == line && !line.is_empty()));
        }
    }
}
