//! Lines and columns, computed where something is printed.

/// A place as people count: line and column from one, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Bytes of a line after which its columns are counted from a mark, not from its beginning: a document can be one line of
/// megabytes, with a message at every tenth character.
const MARK_BYTES: usize = 4096;

/// Where the lines of a text begin. Built only when a place is printed.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// Offsets in long lines, and how many characters of the line come before each.
    marks: Vec<(usize, usize)>,
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut marks = Vec::new();
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        for (start, end) in starts.iter().copied().zip(ends) {
            let (mut at, mut characters) = (start, 0);
            while end - at > MARK_BYTES {
                let next = text.floor_char_boundary(at + MARK_BYTES);
                characters += text.get(at..next).unwrap_or_default().chars().count();
                at = next;
                marks.push((at, characters));
            }
        }
        Self { starts, marks }
    }

    /// The line that an offset lies on, from one.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).max(1)
    }

    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.line(offset);
        let (from, before) = self.counted(line, offset);
        let column = text.get(from..offset).map_or(1, |rest| before + rest.chars().count() + 1);
        Position { line, column }
    }

    /// An offset on the line, at most [`MARK_BYTES`] before the given one, and the characters of the line before it.
    fn counted(&self, line: usize, offset: usize) -> (usize, usize) {
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let mark = self.marks.partition_point(|&(at, _)| at <= offset).checked_sub(1);
        let mark = mark.and_then(|mark| self.marks.get(mark)).filter(|(at, _)| *at > start);
        mark.copied().unwrap_or((start, 0))
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let text = "ab\nçd\n";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, 5), Position { line: 2, column: 2 });
        assert_eq!(index.position(text, text.len()), Position { line: 3, column: 1 });
    }

    #[test]
    fn columns_of_long_lines_are_counted_from_nearby() {
        let text = format!("short\n{}\n{}\nçend", "ä€x".repeat(20_000), "y".repeat(10_000));
        let index = LineIndex::new(&text);
        for (offset, _) in text.char_indices().step_by(97) {
            let (before, _) = text.split_at(offset);
            let line = before.split('\n').count();
            let column = before.split('\n').next_back().unwrap().chars().count() + 1;
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            assert_eq!(index.position(&text, offset), Position { line, column }, "{offset}");
            let (from, _) = index.counted(line, offset);
            assert!((start..=offset).contains(&from) && offset - from <= MARK_BYTES + 4, "{from} for {offset}");
        }
    }
}
