//! JSON over lines, for people and their diffs: short where nothing is lost by it, a line for each thing otherwise.
//!
//! An object in a list is one thing, such as a way out of a block, and takes one line. An object under a key takes a
//! line for each of its keys, unless it has only one or only numbers. A list takes one line if it holds only scalars.
//! Nothing longer than [`LINE_BYTES_MAX`] is put on one line. So what changes one parameter or one way out changes one
//! line.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Of an object or a list on one line.
const LINE_BYTES_MAX: usize = 160;
/// What most documents need no more room than.
const USUAL_BYTES: usize = 1 << 16;

/// A value as JSON over lines, with a newline at the end.
pub(super) fn spread<T: Serialize + ?Sized>(value: &T) -> String {
    let page = RefCell::new(Page {
        text: Vec::with_capacity(USUAL_BYTES),
        marks: Vec::with_capacity(USUAL_BYTES / 16),
        ..Page::default()
    });
    // Nothing that is given here can fail to be written: keys are strings, and memory is the sink.
    let _ = value.serialize(&mut Serializer::with_formatter(Pen(&page), Pen(&page)));
    let Page { text, marks, .. } = page.into_inner();
    broken(&String::from_utf8(text).unwrap_or_default(), &marks)
}

/// JSON on one line, with spaces as people set them, and where it can be broken.
#[derive(Default)]
struct Page {
    text: Vec<u8>,
    marks: Vec<Mark>,
    open: Vec<Open>,
    /// Whether what comes next is the value of a key.
    is_value: bool,
}

impl Page {
    fn mark(&mut self, byte: u8) {
        self.marks.push(Mark { at: short(self.text.len()), byte, end: 0 });
        self.text.push(byte);
    }

    fn comma(&mut self) {
        self.mark(b',');
        self.text.push(b' ');
    }

    fn begin(&mut self, byte: u8) {
        let mut is_listed = false;
        if let Some(around) = self.open.last_mut() {
            around.inner += 1;
            is_listed = !around.is_object;
        }
        let (mark, at) = (self.marks.len(), self.text.len());
        self.open.push(Open { mark, at, is_object: byte == b'{', is_listed, ..Open::default() });
        self.is_value = false;
        self.mark(byte);
    }

    fn end(&mut self, byte: u8) {
        if let Some(closed) = self.open.pop() {
            if closed.keys > 0 {
                self.text.push(b' ');
            }
            let is_flat = closed.is_flat(self.text.len());
            let end = if is_flat { short(self.marks.len()) } else { 0 };
            if let Some(begin) = self.marks.get_mut(closed.mark) {
                begin.end = end;
            }
            if let Some(around) = self.open.last_mut() {
                around.broken += usize::from(!is_flat);
            }
        }
        self.mark(byte);
    }
}

/// Writes on a page: as the sink it is given the texts and numbers, as the formatter all that stands between them.
struct Pen<'a>(&'a RefCell<Page>);

impl Write for Pen<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Formatter for Pen<'_> {
    fn begin_array<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().begin(b'[');
        Ok(())
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        if !first {
            self.0.borrow_mut().comma();
        }
        Ok(())
    }

    fn end_array<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().end(b']');
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().begin(b'{');
        Ok(())
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> io::Result<()> {
        let mut page = self.0.borrow_mut();
        if first {
            page.text.push(b' ');
        } else {
            page.comma();
        }
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let mut page = self.0.borrow_mut();
        page.text.extend_from_slice(b": ");
        page.is_value = true;
        if let Some(around) = page.open.last_mut() {
            around.keys += 1;
        }
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().is_value = false;
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.0.borrow_mut().end(b'}');
        Ok(())
    }

    fn begin_string<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let mut page = self.0.borrow_mut();
        if page.is_value
            && let Some(around) = page.open.last_mut()
        {
            around.texts += 1;
        }
        page.text.push(b'"');
        Ok(())
    }
}

/// Breaks the line wherever something does not stay on one.
fn broken(line: &str, marks: &[Mark]) -> String {
    let mut text = String::with_capacity(line.len() + line.len() / 2);
    let (mut next, mut copied, mut depth) = (0, 0, 0_usize);
    while let Some(mark) = marks.get(next) {
        next += 1;
        // What is copied, and where it goes on after the break: the space that is there is not needed any more.
        let at = mark.at as usize;
        let (end, begin) = match mark.byte {
            // What takes one line is copied with what comes after it.
            _ if mark.end > 0 => {
                next = mark.end as usize + 1;
                continue;
            }
            b'[' => (at + 1, at + 1),
            b'}' => (at.saturating_sub(1), at),
            b']' => (at, at),
            _ => (at + 1, at + 2),
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

/// A bracket or a comma. There are as many as there are lines, and more: they are kept small.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: u32,
    /// Of the beginning of something that takes one line: the mark that ends it, which is never the first. Else zero.
    end: u32,
    byte: u8,
}

/// No document comes near four gigabytes.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
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
