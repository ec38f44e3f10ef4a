//! An outline as text. Where lines break is decided here only as far as an author would: the formatter does the rest.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use super::quote;
use super::structure::{Arm, Branch, Clause, Line, Outline, Section, Target};
use super::units::{UnitKind, Units};
use crate::flow::{BlockId, Flow, FlowKind, Note};

/// Characters of clauses that may share a line with the end of their statement. Whether it has room is seen later.
const INLINE_MAX: usize = 80;
/// Clauses that share a line.
const INLINE_CLAUSES_MAX: usize = 4;

/// A text, and which blocks its lines become, in order.
pub(super) struct Written {
    pub text: String,
    pub blocks: Vec<BlockId>,
}

/// Writes a flow.
pub(super) fn write(flow: &Flow, units: &Units, outline: &Outline, keep_identifiers: bool) -> Written {
    let stepped = outline.steps.iter().filter_map(|section| Some((section.step, units.list.get(section.step)?)));
    let mut notes: HashMap<BlockId, Vec<&Note>> = HashMap::new();
    for note in &flow.notes {
        if let Some(block) = note.block {
            notes.entry(block).or_default().push(note);
        }
    }
    let mut writer = Writer {
        flow,
        units,
        names: super::steps::names(flow, stepped),
        notes,
        keep_identifiers,
        out: String::new(),
        blocks: Vec::with_capacity(flow.len()),
    };
    writer.declaration(outline);
    Written { text: writer.out, blocks: writer.blocks }
}

struct Writer<'a> {
    flow: &'a Flow,
    units: &'a Units,
    names: BTreeMap<usize, String>,
    notes: HashMap<BlockId, Vec<&'a Note>>,
    keep_identifiers: bool,
    out: String,
    blocks: Vec<BlockId>,
}

impl Writer<'_> {
    fn declaration(&mut self, outline: &Outline) {
        if let Some(description) = self.flow.description.as_deref() {
            for line in description.trim().lines() {
                // What no source can hold is no part of a description either.
                let line = line.replace(char::is_control, " ");
                let line = line.trim_end();
                self.out.push_str(if line.is_empty() { "///" } else { "/// " });
                self.out.push_str(line);
                self.out.push('\n');
            }
        }
        for note in self.flow.notes.iter().filter(|note| note.block.is_none()) {
            let _ = writeln!(self.out, "@note({})", quote::literal(&note.text));
        }
        if let Some(settings) = &self.flow.settings {
            let _ = writeln!(self.out, "@settings({})", quote::literal(&settings.to_string()));
        }
        let name = quote::name(&self.flow.name.value);
        match &self.flow.kind {
            FlowKind::Flow(flow_type) => {
                let _ = write!(self.out, "{} flow {name}", flow_type.words());
                for (index, channel) in self.flow.channels.iter().enumerate() {
                    self.out.push_str(if index == 0 { " for " } else { ", " });
                    self.out.push_str(channel.word());
                }
            }
            FlowKind::Module(contract) => {
                let _ = write!(self.out, "module {name}");
                let typed =
                    |field: &crate::flow::Field| format!("{}: {}", quote::name(&field.name.value), field.kind.value);
                let list = |fields: &[crate::flow::Field]| fields.iter().map(typed).collect::<Vec<_>>().join(", ");
                if !contract.inputs.is_empty() {
                    let _ = write!(self.out, " ({})", list(&contract.inputs));
                }
                for (index, branch) in contract.branches.iter().enumerate() {
                    self.out.push_str(if index == 0 { " -> " } else { ", " });
                    self.out.push_str(&quote::name(&branch.value));
                }
                if !contract.returns.is_empty() {
                    let _ = write!(self.out, " returns ({})", list(&contract.returns));
                }
            }
        }
        self.out.push_str(" {\n");
        let handled = match &outline.handler {
            Some(Branch::Arrow(target)) => {
                self.out.push_str("on error ");
                self.arrow(*target);
                self.out.push_str("\n\n");
                None
            }
            Some(Branch::Body(lines)) => Some(lines),
            None => None,
        };
        if let Some(lines) = handled {
            self.out.push_str("on error ");
            self.body(lines);
            self.out.push_str("\n\n");
        }
        self.lines(&outline.opening);
        for Section { step, handler, lines } in &outline.steps {
            let name = self.names.get(step).cloned().unwrap_or_default();
            let _ = write!(self.out, "\nstep {name} ");
            if let Some(target) = handler {
                self.out.push_str("{\non error ");
                self.arrow(*target);
                self.out.push_str("\n\n");
                self.lines(lines);
                self.out.push('}');
            } else {
                self.body(lines);
            }
            self.out.push('\n');
        }
        self.out.push_str("}\n");
    }

    fn lines(&mut self, lines: &[Line]) {
        for (index, line) in lines.iter().enumerate() {
            self.line(line);
            // An arrow stands behind the statement that it follows.
            let is_followed = matches!(lines.get(index + 1), Some(Line::Jump(_))) && !matches!(line, Line::If { .. });
            self.out.push(if is_followed { ' ' } else { '\n' });
        }
    }

    fn line(&mut self, line: &Line) {
        match line {
            Line::Jump(target) => self.arrow(*target),
            Line::Statement { unit, clauses } => {
                self.begin(*unit);
                let text = match self.units.list.get(*unit).map(|unit| &unit.kind) {
                    Some(UnitKind::Line(text) | UnitKind::Loop { line: text, .. }) => text.clone(),
                    Some(UnitKind::If { .. }) | None => String::new(),
                };
                self.out.push_str(&text);
                self.clauses(clauses);
            }
            Line::Retry { unit, clauses } => {
                self.begin(*unit);
                let count = self.count(*unit);
                let _ = write!(self.out, "retry (max: {count})");
                self.clauses(clauses);
            }
            Line::Repeat { unit, body } => {
                self.begin(*unit);
                let count = self.count(*unit);
                let _ = write!(self.out, "repeat {count} ");
                self.body(body);
            }
            Line::If { arms, otherwise } => self.choice(arms, otherwise),
        }
    }

    fn choice(&mut self, arms: &[(Arm, Vec<Line>)], otherwise: &[Line]) {
        if let Some((first, _)) = arms.first() {
            self.attributes(first.unit);
        }
        for (index, (arm, body)) in arms.iter().enumerate() {
            if index > 0 {
                self.out.push_str(" else ");
            }
            self.blocks_of(arm.unit);
            let text = match self.units.list.get(arm.unit).map(|unit| &unit.kind) {
                Some(UnitKind::If { test, .. }) if arm.negated => test.negated.clone().unwrap_or_default(),
                Some(UnitKind::If { test, .. }) => test.text.clone(),
                Some(UnitKind::Line(_) | UnitKind::Loop { .. }) | None => String::new(),
            };
            let _ = write!(self.out, "if {text} ");
            let alone = arms.len() == 1 && otherwise.is_empty();
            if alone { self.body(body) } else { self.broken(body) }
        }
        if !otherwise.is_empty() {
            self.out.push_str(" else ");
            self.broken(otherwise);
        }
    }

    fn count(&self, unit: usize) -> String {
        match self.units.list.get(unit).map(|unit| &unit.kind) {
            Some(UnitKind::Loop { count, .. }) => count.clone(),
            Some(UnitKind::Line(_) | UnitKind::If { .. }) | None => String::new(),
        }
    }

    fn begin(&mut self, unit: usize) {
        self.attributes(unit);
        self.blocks_of(unit);
    }

    fn blocks_of(&mut self, unit: usize) {
        self.blocks.extend(self.units.list.get(unit).into_iter().flat_map(|unit| &unit.blocks));
    }

    /// The lines above a statement: notes, and the identifiers of its blocks.
    fn attributes(&mut self, unit: usize) {
        let Some(unit) = self.units.list.get(unit) else { return };
        for id in &unit.blocks {
            for note in self.notes.get(id).into_iter().flatten() {
                let _ = writeln!(self.out, "@note({})", quote::literal(&note.text));
            }
        }
        if self.keep_identifiers {
            let identifiers: Vec<String> = unit
                .blocks
                .iter()
                .filter_map(|id| self.flow.block(*id))
                .map(|block| quote::literal(&block.identifier))
                .collect();
            let _ = writeln!(self.out, "@id({})", identifiers.join(", "));
        }
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        if clauses.is_empty() {
            return;
        }
        let is_short = self.is_short(clauses);
        self.out.push_str(if is_short { " { " } else { " {\n" });
        for clause in clauses {
            self.out.push_str(&clause.patterns.join(", "));
            self.out.push(' ');
            match &clause.branch {
                Branch::Arrow(target) => self.arrow(*target),
                Branch::Body(lines) => self.body(lines),
            }
            self.out.push(if is_short { ' ' } else { '\n' });
        }
        self.out.push('}');
    }

    /// Whether clauses can be read on the line of their statement.
    fn is_short(&self, clauses: &[Clause]) -> bool {
        let width = |clause: &Clause| {
            let target = match &clause.branch {
                Branch::Arrow(Target::Step(step)) => self.names.get(step).map_or(0, String::len),
                Branch::Arrow(_) => "unhandled".len(),
                Branch::Body(_) => 0,
            };
            clause.patterns.iter().map(|pattern| pattern.len() + 2).sum::<usize>() + target + 4
        };
        clauses.len() <= INLINE_CLAUSES_MAX
            && clauses.iter().all(|clause| matches!(clause.branch, Branch::Arrow(_)))
            && clauses.iter().map(width).sum::<usize>() < INLINE_MAX
    }

    /// A body: on one line if it holds one simple line, with or without an arrow behind.
    fn body(&mut self, lines: &[Line]) {
        let simple = match lines {
            [Line::Jump(_)] => true,
            [Line::Statement { unit, clauses } | Line::Retry { unit, clauses }]
            | [Line::Statement { unit, clauses }, Line::Jump(_)] => {
                let has_lines = |unit: &usize| match self.units.list.get(*unit).map(|unit| &unit.kind) {
                    Some(UnitKind::Line(text) | UnitKind::Loop { line: text, .. }) => text.contains('\n'),
                    Some(UnitKind::If { .. }) | None => true,
                };
                let is_noted = |unit: &usize| {
                    self.keep_identifiers
                        || self
                            .units
                            .list
                            .get(*unit)
                            .is_some_and(|unit| unit.blocks.iter().any(|id| self.notes.contains_key(id)))
                };
                !has_lines(unit)
                    && !is_noted(unit)
                    && clauses.iter().all(|clause| matches!(clause.branch, Branch::Arrow(_)))
                    && clauses.len() <= INLINE_CLAUSES_MAX
            }
            _ => false,
        };
        match lines {
            [line, onward @ ..] if simple => {
                self.out.push_str("{ ");
                self.line(line);
                for arrow in onward {
                    self.out.push(' ');
                    self.line(arrow);
                }
                self.out.push_str(" }");
            }
            lines => self.broken(lines),
        }
    }

    fn broken(&mut self, lines: &[Line]) {
        self.out.push_str("{\n");
        self.lines(lines);
        self.out.push('}');
    }

    fn arrow(&mut self, target: Target) {
        let name = match target {
            Target::Next => "next",
            Target::Again => "again",
            Target::Unhandled => "unhandled",
            Target::Step(step) => self.names.get(&step).map_or("", String::as_str),
        };
        let _ = write!(self.out, "-> {name}");
    }
}
