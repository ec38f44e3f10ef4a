//! How values look: settings, lists and maps, texts, and conditions.

use std::ops::Range;

use super::pen::{Gap, Pen, WIDTH_MAX};
use crate::source::Span;
use crate::syntax::ast::{Attribute, AttributeValue, Condition, Element, Setting, Typed, Value};

/// One of the things that stand in brackets with commas between them.
pub(super) enum Row<'t> {
    Setting(&'t Setting),
    Element(&'t Element),
    Typed(&'t Typed),
    /// A word or text, copied.
    Plain(Span),
}

impl Row<'_> {
    pub(super) fn place(&self) -> Range<usize> {
        match self {
            Self::Setting(setting) => setting.name.span.to(setting.value.span()),
            Self::Element(element) => {
                element.tag.as_ref().map_or(element.value.span(), |tag| tag.span.to(element.value.span()))
            }
            Self::Typed(typed) => typed.name.span.to(typed.kind.span),
            Self::Plain(span) => *span,
        }
        .range()
    }
}

/// How long the only one of its kind may be to stand behind a line that is too long without it.
const LONE_WIDTH_MAX: usize = 40;

/// A pair of brackets: round, square, or the curly ones of a map, which keep a space inside.
#[derive(Clone, Copy)]
pub(super) struct Brackets {
    open: &'static str,
    close: &'static str,
    space: &'static str,
    /// Whether what does not fit may share a line between the brackets. Data does not: it is read down.
    share: bool,
}

pub(super) const ROUND: Brackets = Brackets { open: "(", close: ")", space: "", share: true };
const SQUARE: Brackets = Brackets { open: "[", close: "]", space: "", share: false };
const CURLY: Brackets = Brackets { open: "{", close: "}", space: " ", share: false };

impl Pen<'_> {
    /// Writes rows in brackets: on one line if the author began so and `behind` more characters fit on it, else settings
    /// on a line of their own if they fit there and the author did not part them, else a line to each.
    pub(super) fn group(&mut self, whole: Range<usize>, brackets: Brackets, rows: &[Row], behind: usize) {
        let within = whole.start + 1..whole.end.saturating_sub(1);
        let commented = self.has_comment(&within);
        if self.flat {
            if commented || (!rows.is_empty() && self.broken_at(within.start)) {
                self.fail();
                return;
            }
            self.push(brackets.open);
            self.push(if rows.is_empty() { "" } else { brackets.space });
            self.listed(rows);
            self.push(if rows.is_empty() { "" } else { brackets.space });
            self.push(brackets.close);
            return;
        }
        match self.try_flat(|trial| trial.group(whole.clone(), brackets, rows, 0)) {
            Some(line) if rows.is_empty() || self.fits(&line, behind) => self.push(&line),
            // Behind a text that is too long anyway, a line for one short setting would help nobody.
            Some(line) if rows.len() == 1 && line.len() <= LONE_WIDTH_MAX && !self.fits("", 0) => self.push(&line),
            _ => {
                self.push(brackets.open);
                let shared = if brackets.share && !commented { self.shared_line(rows) } else { None };
                match shared {
                    Some(line) => {
                        self.level += 1;
                        self.newline();
                        self.push(&line);
                        self.level -= 1;
                        self.newline();
                    }
                    None => self.rows(
                        within,
                        rows,
                        Row::place,
                        |_| Gap::Kept,
                        |pen, row| {
                            pen.row(row);
                            pen.push(",");
                        },
                    ),
                }
                self.push(brackets.close);
            }
        }
        self.at = whole.end;
    }

    fn listed(&mut self, rows: &[Row]) {
        for (index, row) in rows.iter().enumerate() {
            self.push(if index == 0 { "" } else { ", " });
            self.row(row);
        }
    }

    /// Several rows that stand on one line in the source, if they fit on a line of their own.
    fn shared_line(&self, rows: &[Row]) -> Option<String> {
        let [first, .., last] = rows else { return None };
        let are_together = !self.between(first.place().start, last.place().end).contains('\n');
        let line = if are_together { self.try_flat(|trial| trial.listed(rows)) } else { None };
        line.filter(|line| self.indent() + 2 + line.chars().count() <= WIDTH_MAX)
    }

    fn row(&mut self, row: &Row) {
        match row {
            Row::Setting(setting) => self.setting(setting),
            Row::Element(element) => {
                if let Some(tag) = &element.tag {
                    self.copy(tag.span);
                    self.push(" ");
                }
                self.value(&element.value, 1);
            }
            Row::Typed(typed) => {
                self.copy(typed.name.span);
                self.push(": ");
                self.copy(typed.kind.span);
            }
            Row::Plain(span) => self.copy(*span),
        }
    }

    fn setting(&mut self, setting: &Setting) {
        self.copy(setting.name.span);
        self.push(":");
        let (name, value) = (setting.name.span.range(), setting.value.span().range());
        if !self.has_comment(&(name.end..value.start)) {
            self.push(" ");
            self.value(&setting.value, 1);
            return;
        }
        self.at = name.end;
        self.trail(value.start);
        self.level += 1;
        self.lead(value.start, Gap::Tight);
        self.value(&setting.value, 1);
        self.level -= 1;
    }

    pub(super) fn settings(&mut self, settings: &[Setting], whole: Range<usize>, behind: usize) {
        let rows: Vec<Row> = settings.iter().map(Row::Setting).collect();
        self.group(whole, ROUND, &rows, behind);
    }

    /// Writes a value that `behind` more characters follow on its line.
    pub(super) fn value(&mut self, value: &Value, behind: usize) {
        match value {
            Value::List(elements, span) => {
                let rows: Vec<Row> = elements.iter().map(Row::Element).collect();
                self.group(span.span.range(), SQUARE, &rows, behind);
            }
            Value::Map(settings, span) => {
                let rows: Vec<Row> = settings.iter().map(Row::Setting).collect();
                self.group(span.span.range(), CURLY, &rows, behind);
            }
            Value::Text(text) => {
                let raw = self.source.slice(text.span.span);
                match reindented(raw, self.indent() + 2) {
                    Some(block) => self.push(&block),
                    None => self.push(raw),
                }
            }
            Value::Word(_) | Value::Reference(_) | Value::Quantity(_) => self.copy(value.span()),
        }
    }

    pub(super) fn attribute(&mut self, attribute: &Attribute) {
        self.push("@");
        self.copy(attribute.name.span);
        let open = self.token(attribute.name.span.end as usize);
        let end = attribute.span.span.end as usize;
        let rows: Vec<Row> = attribute
            .values
            .iter()
            .map(|value| match value {
                AttributeValue::Word(word) => Row::Plain(word.span),
                AttributeValue::Text(text) => Row::Plain(text.span.span),
            })
            .collect();
        if open < end && (!rows.is_empty() || self.has_comment(&(open..end))) {
            self.group(open..end, ROUND, &rows, 0);
        }
        self.at = end;
    }

    /// Writes a condition. `and` within `or` gets its parentheses even where they could be left out: few readers know
    /// which binds tighter, and none should have to.
    pub(super) fn condition(&mut self, condition: &Condition) {
        let (parts, between) = match condition {
            Condition::Any(parts) => (parts.as_slice(), " or "),
            Condition::All(parts) => (parts.as_slice(), " and "),
            Condition::Not(inner) => {
                self.push("not ");
                self.operand(inner, !matches!(**inner, Condition::Test(_)));
                return;
            }
            Condition::Test(test) => {
                self.copy(test.subject.span.span);
                self.push(" ");
                self.push(test.operator.value.text());
                self.push(" ");
                self.value(&test.operand, 2);
                return;
            }
        };
        for (index, part) in parts.iter().enumerate() {
            self.push(if index == 0 { "" } else { between });
            self.operand(part, matches!(part, Condition::Any(_) | Condition::All(_)));
        }
    }

    fn operand(&mut self, condition: &Condition, parentheses: bool) {
        self.push(if parentheses { "(" } else { "" });
        self.condition(condition);
        self.push(if parentheses { ")" } else { "" });
    }
}

const QUOTES: &str = "\"\"\"";

/// A block of text with its lines at an indentation, if that leaves the text the same. It does not where the block is
/// one line, which has no indentation to lose, or holds lone carriage returns, which would meet the newlines.
fn reindented(raw: &str, indent: usize) -> Option<String> {
    let inner = raw.strip_prefix(QUOTES)?.strip_suffix(QUOTES)?.replace("\r\n", "\n");
    if inner.contains('\r') {
        return None;
    }
    let mut lines: Vec<&str> = inner.split_inclusive('\n').collect();
    if lines.len() < 2 {
        return None;
    }
    if lines.first().is_some_and(|line| line.trim().is_empty()) {
        lines.remove(0);
    }
    if lines.last().is_some_and(|line| !line.ends_with('\n') && line.trim().is_empty()) {
        lines.pop();
    }
    let leading = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| leading(line)).min()?;
    let margin = " ".repeat(indent);
    let mut block = format!("{QUOTES}\n");
    for line in lines {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.get(common.min(leading(line))..).unwrap_or_default();
        if !line.is_empty() {
            block.push_str(&margin);
            block.push_str(line);
        }
        block.push('\n');
    }
    Some(block + &margin + QUOTES)
}
