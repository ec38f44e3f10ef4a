//! Pictures of a flow, for people: the words are the language's, the order is the source's.

mod dot;
mod mermaid;
mod svg;

pub use mermaid::escaped as mermaid_text;

use crate::catalogue::{self, Literals, Need, Operand, Operator, Variant};
use crate::flow::{Action, Block, BlockId, Condition, Flow, Outlet};
use crate::source::{is_hidden, shown_line};

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Svg,
    Mermaid,
    Dot,
}

/// Draws a flow.
pub fn picture(flow: &Flow, format: Format) -> String {
    match format {
        Format::Svg => svg::draw(flow),
        Format::Mermaid => mermaid::draw(flow),
        Format::Dot => dot::draw(flow),
    }
}

/// What kind of flow it is, in the language's words.
pub fn kind_words(flow: &Flow) -> String {
    flow.flow_type().map_or_else(|| "module".to_owned(), |flow_type| format!("{} flow", flow_type.words()))
}

/// What a block is: the console's name for it, where it has a single one.
fn title(block: &Block) -> String {
    let Action::Known(row) = &block.action else { return block.action.name().to_owned() };
    if row.block.is_empty() || row.block.contains(", ") {
        return spaced(row.name);
    }
    let end = row.block.find([',', '/', '(']).unwrap_or(row.block.len());
    row.block.get(..end).unwrap_or(row.block).trim().to_owned()
}

/// `CheckMetricData` as `Check metric data`.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for (at, c) in name.chars().enumerate() {
        if at > 0 && c.is_uppercase() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
    }
    words
}

fn is_terminal(flow: &Flow, id: BlockId, block: &Block) -> bool {
    block.variant().map_or_else(|| flow.exits(id).is_empty(), |variant| variant.next == catalogue::Next::Terminal)
}

/// Whether a way out is one that `on error` covers. A choice that the service calls an error is none: the `else` of a
/// comparison.
pub fn is_failure(variant: Option<&Variant>, outlet: &Outlet) -> bool {
    let spec = || variant?.outlets.iter().find(|spec| outlet.is(spec.exit));
    matches!(outlet, Outlet::Error(_))
        && spec().is_none_or(|spec| spec.need.is_handled() || spec.need == Need::OnRequest)
}

/// A way out in the language's words; nothing for success, which needs none.
fn word(variant: Option<&Variant>, outlet: &Outlet) -> String {
    let named = variant.and_then(|variant| variant.outlets.iter().find(|spec| outlet.is(spec.exit)));
    match (outlet, named) {
        (Outlet::Next, _) => String::new(),
        (_, Some(spec)) => spec.word.to_owned(),
        (Outlet::Error(error), None) => match &**error {
            "NoMatchingError" => "error".to_owned(),
            "NoMatchingCondition" => "else".to_owned(),
            _ => clean(&spaced(error)),
        },
        (Outlet::Condition(condition), None) => {
            clean(&comparison(condition, variant.map_or(Literals::None, |variant| variant.literals)))
        }
    }
}

fn comparison(condition: &Condition, literals: Literals) -> String {
    let operand = condition.operands.join(", ");
    match (Operator::from_name(&condition.operator), literals) {
        (Some(Operator::Equals), _) => operand,
        (Some(Operator::NumberLessThan), Literals::Percentages) => format!("up to {operand}"),
        (Some(operator), Literals::Comparisons { operand: Operand::Milliseconds, .. }) => {
            let seconds = operand.parse::<i64>().map_or(operand, |milliseconds| format!("{}s", milliseconds / 1000));
            format!("{} {seconds}", operator.sign())
        }
        (Some(operator), _) => format!("{} {operand}", operator.sign()),
        (None, _) => format!("{} {operand}", condition.operator),
    }
}

/// One line. Between words stands one space, and what cannot be seen is an escape; no picture format takes control
/// characters.
fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() && (c.is_ascii() || !is_hidden(c))) {
        if !line.is_empty() && !word.is_empty() {
            line.push(' ');
        }
        line.push_str(&shown_line(word));
    }
    line
}

/// A text on one line, cut to a number of columns; wide characters take two.
pub fn shortened(text: &str, columns: usize) -> String {
    let line = clean(text);
    let width = |c: char| if u32::from(c) >= 0x1100 { 2 } else { 1 };
    if line.chars().map(width).sum::<usize>() <= columns {
        return line;
    }
    let mut room = columns.saturating_sub(1);
    let mut cut = String::new();
    for c in line.chars() {
        match room.checked_sub(width(c)) {
            Some(rest) => room = rest,
            None => break,
        }
        cut.push(c);
    }
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests;
