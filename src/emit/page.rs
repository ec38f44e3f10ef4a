//! A page that JSON is written on: one long line first, with the places where it can be broken, then lines.

/// Of an object or a list on one line.
pub(super) const LINE_BYTES_MAX: usize = 160;
/// How many bytes there are for each place where the line could be broken, in most documents.
const MARK_BYTES: usize = 12;

/// JSON on one line, with spaces as people set them, and where it can be broken.
pub(super) struct Page {
    text: String,
    marks: Vec<Mark>,
    open: Vec<Open>,
    /// Whether what comes next is the value of a key.
    is_value: bool,
}

impl Page {
    /// A page with room for so many bytes; it takes more.
    pub fn new(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            marks: Vec::with_capacity(bytes / MARK_BYTES),
            open: Vec::new(),
            is_value: false,
        }
    }

    pub fn begin_list(&mut self) {
        self.begin(b'[');
    }

    pub fn end_list(&mut self) {
        self.end(b']');
    }

    pub fn begin_object(&mut self) {
        self.begin(b'{');
    }

    pub fn end_object(&mut self) {
        self.end(b'}');
    }

    /// Before an element of a list.
    pub fn element(&mut self, is_first: bool) {
        if !is_first {
            self.comma();
        }
    }

    /// Before a key of an object.
    pub fn key(&mut self, is_first: bool) {
        if is_first {
            self.text.push(' ');
        } else {
            self.comma();
        }
    }

    /// Between a key and its value.
    pub fn colon(&mut self) {
        self.text.push_str(": ");
        self.is_value = true;
        if let Some(around) = self.open.last_mut() {
            around.keys += 1;
        }
    }

    /// Behind the value of a key.
    pub fn end_value(&mut self) {
        self.is_value = false;
    }

    pub fn text(&mut self, text: &str) {
        if self.is_value
            && let Some(around) = self.open.last_mut()
        {
            around.texts += 1;
        }
        push_text(&mut self.text, text);
    }

    /// A number, `true`, `false` or `null`.
    pub fn plain(&mut self, written: &str) {
        self.text.push_str(written);
    }

    /// What `write` writes, in quotes if it is none: a number as a key.
    pub fn quoted<E>(&mut self, write: impl FnOnce(&mut Self) -> Result<(), E>) -> Result<(), E> {
        let at = self.text.len();
        write(self)?;
        if self.text.as_bytes().get(at) != Some(&b'"') {
            self.text.insert(at, '"');
            self.text.push('"');
        }
        Ok(())
    }

    /// The page over lines, with a newline at the end.
    pub fn lines(self) -> String {
        broken(&self.text, &self.marks)
    }

    fn mark(&mut self, byte: u8) {
        self.marks.push(Mark { at: short(self.text.len()), byte, end: 0 });
        self.text.push(char::from(byte));
    }

    fn comma(&mut self) {
        self.mark(b',');
        self.text.push(' ');
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
                self.text.push(' ');
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

/// Adds a text as JSON has it. Few need more than quotes.
pub(super) fn push_text(json: &mut String, text: &str) {
    // All bytes are looked at, which a processor does many at a time.
    let escaped = |byte: u8| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    if text.bytes().fold(0, |found, byte| found | escaped(byte)) != 0 {
        json.push_str(&serde_json::to_string(text).unwrap_or_default());
    } else {
        json.push('"');
        json.push_str(text);
        json.push('"');
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
