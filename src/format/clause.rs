//! How clauses look: a line to each, with their arrows and braces in one column.

use std::ops::Range;

use super::pen::{Gap, Pen};
use crate::syntax::ast::{Branch, Clause, Clauses, Pattern, PatternKind};

/// Patterns that are longer than this do not move the column of the others.
const PATTERN_WIDTH_MAX: usize = 36;

fn branch_place(branch: &Branch) -> Range<usize> {
    match branch {
        Branch::Arrow(target) => target.span.range(),
        Branch::Body(body) => body.span.span.range(),
    }
}

/// From the first pattern to the last, and to the end of the branch.
fn clause_place(clause: &Clause) -> Range<usize> {
    let branch = branch_place(&clause.branch);
    clause.patterns.first().map_or(branch.start, |first| first.span.span.start as usize)..branch.end
}

/// Whether clauses can be read on one line.
fn shares_a_line(clauses: &[Clause]) -> bool {
    clauses.len() == 1 || clauses.iter().all(|clause| matches!(clause.branch, Branch::Arrow(_)))
}

impl Pen<'_> {
    /// Writes the clauses behind a statement. One alone may stand on its line, and so may several arrows, as the author
    /// wrote it.
    pub(super) fn clauses(&mut self, clauses: Option<&Clauses>) {
        let Some(clauses) = clauses else { return };
        self.push(" ");
        let whole = clauses.span.span.range();
        let within = whole.start + 1..whole.end.saturating_sub(1);
        match clauses.clauses.as_slice() {
            [] if !self.has_comment(&within) => self.push("{}"),
            rows if self.one_line(clauses.span.span) && shares_a_line(rows) => {
                let lines: Option<Vec<String>> =
                    rows.iter().map(|clause| self.try_flat(|trial| trial.clause(clause, 0))).collect();
                let line = lines.map(|lines| format!("{{ {} }}", lines.join("  ")));
                match line {
                    Some(line) if self.flat || self.fits(&line, 0) => self.push(&line),
                    _ => self.clause_rows(within, rows),
                }
            }
            rows => self.clause_rows(within, rows),
        }
        self.at = whole.end;
    }

    fn clause_rows(&mut self, within: Range<usize>, clauses: &[Clause]) {
        let widths = clauses.iter().filter_map(|clause| Some(self.pattern_line(clause)?.chars().count()));
        let column = widths.filter(|&width| width <= PATTERN_WIDTH_MAX).max().unwrap_or(0);
        self.push("{");
        self.rows(within, clauses, clause_place, |_| Gap::Kept, |pen, clause| pen.clause(clause, column));
        self.push("}");
    }

    /// The patterns of a clause, if nothing keeps them from one line.
    fn pattern_line(&self, clause: &Clause) -> Option<String> {
        self.try_flat(|trial| trial.patterns(&clause.patterns))
    }

    fn clause(&mut self, clause: &Clause, column: usize) {
        match self.pattern_line(clause) {
            Some(line) => self.push(&format!("{line:column$}")),
            None => self.patterns(&clause.patterns),
        }
        self.push(" ");
        self.branch(&clause.branch);
    }

    fn patterns(&mut self, patterns: &[Pattern]) {
        let mut end = None;
        for pattern in patterns {
            let place = pattern.span.span.range();
            if let Some(end) = end {
                self.push(",");
                self.at = end;
                if self.has_comment(&(end..place.start)) {
                    self.trail(place.start);
                    self.lead(place.start, Gap::Tight);
                } else {
                    self.push(" ");
                }
            }
            self.pattern(pattern);
            end = Some(place.end);
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Word(word) => self.push(word),
            PatternKind::Text(text) => self.copy(text.span.span),
            PatternKind::Quantity(quantity) => {
                self.push(&quantity.number);
                self.push(quantity.unit.text());
            }
            PatternKind::Key(key) => self.push(key.encode_utf8(&mut [0; 4])),
            PatternKind::Comparison(operator, operand) => {
                self.push(operator.value.text());
                self.push(" ");
                self.value(operand, 4);
            }
            PatternKind::When { operator, operands } => {
                self.push("when ");
                self.copy(operator.span);
                for text in operands {
                    self.push(" ");
                    self.copy(text.span.span);
                }
            }
            PatternKind::Error(text) => {
                self.push("error ");
                self.copy(text.span.span);
            }
        }
    }
}
