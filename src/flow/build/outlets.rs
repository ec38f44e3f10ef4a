//! Where a block's exits go: its clauses first, then the handler around it, then the next line.

use super::body::{Builder, Cover, Here, Owner, next_exit};
use super::draft::{DraftBlock, DraftExit, Label, Origin};
use crate::catalogue::{Demand, Exit, Is, Literals, Need, Next, Operand, Operator, OutletSpec, Variant, When};
use crate::diagnostics::{Diagnostic, Safety, codes, listed};
use crate::flow::breach::breach;
use crate::flow::value::{holds, variant};
use crate::flow::{Condition, Outlet};
use crate::source::Span;
use crate::syntax::ast::{Body, Branch, Clause, Clauses, Pattern, PatternKind, Quantity, Sign, Unit, Value};

/// The branches of a statement: each clause and where it leads, nothing where the branch is to be left out.
pub(super) struct Branches<'b> {
    pub entries: Vec<(&'b Clause, Option<Label>)>,
    bodies: Vec<(Label, &'b Body)>,
    /// Whether a clause could not be understood.
    broken: bool,
    /// The clauses with their braces.
    pub span: Option<Span>,
}

/// How clauses are read for one block of a statement.
pub(super) struct Reading<'r> {
    pub branches: &'r Branches<'r>,
    /// Whether clauses that mean nothing to this block are wrong, or meant for another block of the statement.
    pub strict: bool,
    /// Clause words of the sentence and the outlets they stand for.
    pub aliases: &'static [(&'static str, &'static str)],
    /// Outlets that the sentence itself decides.
    pub preset: &'r [(&'static str, Label)],
    /// Texts that the clauses may name, where they are known: a module's branches, and where it is declared.
    pub declared: Option<(&'r [String], Span)>,
    /// Whether success goes on with the next line, where the variant says so.
    pub continues: bool,
    pub owner: Owner,
}

/// The clause word of success.
pub(super) const NEXT: &str = "next";

/// The document's outlet of a catalogue exit.
pub(super) fn outlet(exit: Exit) -> Outlet {
    match exit {
        Exit::Error(name) => Outlet::Error(name.into()),
        Exit::Condition(operator, operand) => Outlet::Condition(Condition::new(operator, operand).into()),
    }
}

impl Builder<'_> {
    /// Resolves the branches of a statement. Their bodies are lowered by `branch_bodies`, after the statement's blocks.
    pub fn branches<'b>(&mut self, clauses: Option<&'b Clauses>, owner: Owner, here: Here) -> Branches<'b> {
        let mut branches = Branches {
            entries: Vec::new(),
            bodies: Vec::new(),
            broken: clauses.is_some_and(|clauses| clauses.broken),
            span: clauses.map(|clauses| clauses.span.span),
        };
        for clause in clauses.into_iter().flat_map(|clauses| &clauses.clauses) {
            let to = match &clause.branch {
                Branch::Arrow(name) => self.arrow(name, owner, here),
                Branch::Body(body) => {
                    let label = self.draft.label();
                    branches.bodies.push((label, body));
                    Some(label)
                }
            };
            branches.entries.push((clause, to));
        }
        branches
    }

    pub fn branch_bodies(&mut self, branches: &Branches, owner: Owner, here: Here) {
        for (label, body) in &branches.bodies {
            self.body(body, *label, owner.next, here.owned_by(owner));
        }
    }

    /// Gives a block its exits.
    pub fn exits(&mut self, block: &mut DraftBlock, reading: &Reading, here: Here) {
        let row = block.block.action.row();
        let Some(variant) = row.and_then(|row| variant(row, &block.block.args)) else {
            self.raw_exits(block, reading, here);
            return;
        };
        if variant.next == Next::Terminal {
            if let (true, Some(span)) = (reading.strict, reading.branches.span) {
                let said = block.block.said();
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::REFUSED_BRANCH,
                        span,
                        format!("{said} ends the flow, so it has no branches"),
                    )
                    .label("never taken")
                    .help("remove the braces"),
                );
            }
            return;
        }
        let mut left_out: Vec<&OutletSpec> = Vec::new();
        let outlets: Vec<&'static OutletSpec> = variant
            .outlets
            .iter()
            .filter(|spec| spec.when.is_none_or(|when| holds(&when, &block.block.args)))
            .collect();
        let mut given = Given::default();
        let mut cumulated = 0;
        let mut has_unknown = reading.branches.broken;
        self.draft.torn |= has_unknown;
        for (clause, to) in &reading.branches.entries {
            for pattern in &clause.patterns {
                let found = self.pattern(pattern, block, variant, &outlets, reading, &mut cumulated);
                let Some(found) = found else {
                    has_unknown |= reading.strict;
                    continue;
                };
                if let Some(before) = given.add(&found, pattern.span.span) {
                    self.duplicate(pattern, before);
                    continue;
                }
                match to {
                    Some(to) => block.exits.push(DraftExit {
                        outlet: found,
                        to: *to,
                        span: pattern.span.span.to(clause.span.span.tail()),
                        origin: Origin::Written,
                    }),
                    None => {
                        if let Some(spec) = outlets.iter().find(|spec| outlet(spec.exit) == found) {
                            self.refuse_leaving_out(spec, pattern.span.span, block);
                            left_out.push(spec);
                        }
                    }
                }
            }
        }
        for (word, to) in reading.preset {
            if let Some(spec) = outlets.iter().find(|spec| spec.word == *word) {
                let exit = outlet(spec.exit);
                let span = block.block.span;
                given.add(&exit, span);
                block.exits.push(DraftExit { outlet: exit, to: *to, span, origin: Origin::Written });
            }
        }
        let missing = remaining(block, &outlets, &given, &left_out, reading, here);
        // Where a clause was refused, the branch that it was meant for is not missing as well.
        if let (Some((missing, leaving_out)), false) = (missing, has_unknown) {
            self.missing(block, variant, &missing, leaving_out, reading);
        }
        if variant.next == Next::Continues && reading.continues && !given.has(&Outlet::Next) {
            block.exits.push(next_exit(reading.owner.next, block.block.span));
        }
    }

    fn missing(
        &mut self,
        block: &DraftBlock,
        variant: &Variant,
        missing: &[&OutletSpec],
        leaving_out: Option<Span>,
        reading: &Reading,
    ) {
        let words: Vec<&str> = missing
            .iter()
            .map(|spec| reading.aliases.iter().find(|alias| alias.1 == spec.word).map_or(spec.word, |alias| alias.0))
            .collect();
        let said = block.block.said();
        let failures = missing.iter().all(|spec| spec.need.is_handled());
        let plain_error = words == ["error"];
        let message = if plain_error {
            format!("{said} can fail, and nothing says where that goes")
        } else {
            format!("{said} does not say where {} {}", listed(&words), if words.len() == 1 { "goes" } else { "go" })
        };
        let branch = format!("{} -> next", words.join(", "));
        let help = if failures {
            format!("add `{{ {branch} }}` to the line, or `on error -> ..` to the body around it")
        } else if reading.branches.span.is_none() {
            format!("add `{{ {branch} }}` to the line, or another target")
        } else if matches!(variant.literals, Literals::None) || words != ["else"] {
            format!("add `{branch}` to its clauses, or another target")
        } else {
            format!("add `{branch}` to its clauses: what is to happen when nothing else fits")
        };
        let mut diagnostic = Diagnostic::new(codes::MISSING_BRANCH, block.block.span, message)
            .label(if plain_error { "no error branch" } else { "a branch is missing" })
            .help(help);
        if let Some(handler) = leaving_out {
            diagnostic = diagnostic.also(handler, "this handler leaves errors out, and the service requires this one");
        }
        diagnostic = match reading.branches.span {
            Some(span) => {
                let at = self.brace(span).head();
                diagnostic.fix(format!("add `{branch}`"), at, format!("{branch} "), Safety::Unsafe)
            }
            None => {
                let at = block.block.span.tail();
                diagnostic.fix(format!("add `{{ {branch} }}`"), at, format!(" {{ {branch} }}"), Safety::Unsafe)
            }
        };
        self.diagnostics.push(diagnostic);
    }

    fn refuse_leaving_out(&mut self, spec: &OutletSpec, span: Span, block: &DraftBlock) {
        let Some(row) = block.block.action.row().filter(|_| spec.need.is_required()) else { return };
        let rule = row.rule(Demand::RequiredBranch, spec.rests);
        // What nobody saw refused is told once, when the flow is whole.
        if rule.is_error() {
            let said = block.block.said();
            self.diagnostics.push(
                breach(
                    rule,
                    codes::MISSING_BRANCH,
                    span,
                    format!("the service requires `{}` of {said}, so it cannot be left out", spec.word),
                )
                .label("`unhandled` here")
                .help("send it somewhere: `-> next` carries on as if nothing had happened"),
            );
        }
    }

    fn duplicate(&mut self, pattern: &Pattern, before: Span) {
        self.diagnostics.push(
            Diagnostic::new(codes::DUPLICATE_BRANCH, pattern.span.span, "this branch is given twice")
                .label("again")
                .also(before, "first given here")
                .help("the first one would always win; remove one of them"),
        );
    }

    // ---- patterns ---------------------------------------------------------------------------------------------------

    /// The outlet that a pattern means.
    fn pattern(
        &mut self,
        pattern: &Pattern,
        block: &DraftBlock,
        variant: &'static Variant,
        outlets: &[&'static OutletSpec],
        reading: &Reading,
        cumulated: &mut u32,
    ) -> Option<Outlet> {
        if matches!(pattern.kind, PatternKind::When { .. } | PatternKind::Error(_)) {
            return self.service_words(pattern);
        }
        if let PatternKind::Word(word) = &pattern.kind {
            let word = reading.aliases.iter().find(|alias| alias.0 == word).map_or(word.as_str(), |alias| alias.1);
            if let Some(spec) = outlets.iter().find(|spec| spec.word == word) {
                return Some(outlet(spec.exit));
            }
            // Where any text can be tested, the word of a branch that does not apply here must not become such a text.
            let waiting = variant.outlets.iter().find(|spec| spec.word == word && spec.when.is_some());
            if let (Literals::Texts { .. }, Some(spec)) = (variant.literals, waiting) {
                return Some(outlet(spec.exit));
            }
            // Success, which goes on with the next line, can be sent elsewhere like any other branch.
            if word == NEXT && reading.strict {
                return Some(Outlet::Next);
            }
        }
        if !reading.strict && variant.literals == Literals::None {
            return None;
        }
        let span = pattern.span.span;
        match variant.literals {
            Literals::Keys => {
                if let Some(key) = key(&pattern.kind) {
                    return Some(Outlet::Condition(Condition::new(Operator::Equals, key).into()));
                }
            }
            Literals::Texts { .. } => {
                if let Some(text) = literal_text(&pattern.kind) {
                    self.check_declared(&text, span, reading);
                    return Some(Outlet::Condition(Condition::new(Operator::Equals, text).into()));
                }
            }
            Literals::Comparisons { operators, operand } => {
                let (sign, value) = match &pattern.kind {
                    PatternKind::Comparison(sign, value) => (sign.value, (**value).clone()),
                    PatternKind::Quantity(quantity) => {
                        (Sign::Equal, Value::Quantity(crate::source::Spanned::new(quantity.clone(), span)))
                    }
                    PatternKind::Text(text) => (Sign::Equal, Value::Text(text.clone())),
                    PatternKind::Word(word) if operand == Operand::Text => {
                        (Sign::Equal, Value::Word(crate::source::Spanned::new(word.clone(), span)))
                    }
                    _ => {
                        self.unknown_branch(pattern, block, variant, outlets, reading);
                        return None;
                    }
                };
                return self
                    .comparison(sign, &value, operators, operand, span)
                    .map(|test| Outlet::Condition(test.into()));
            }
            Literals::Percentages => {
                if let PatternKind::Quantity(Quantity { number, unit: Unit::Percent }) = &pattern.kind {
                    return self.percentage(number, span, cumulated).map(|test| Outlet::Condition(test.into()));
                }
            }
            Literals::None => {}
        }
        self.unknown_branch(pattern, block, variant, outlets, reading);
        None
    }

    /// `when Operator "x"` and `error "Name"`.
    fn service_words(&mut self, pattern: &Pattern) -> Option<Outlet> {
        match &pattern.kind {
            PatternKind::When { operator, operands } => {
                let operands = operands.iter().filter_map(|text| self.static_text(text)).map(Into::into).collect();
                Some(Outlet::Condition(Condition { operator: operator.value.to_string().into(), operands }.into()))
            }
            PatternKind::Error(text) => self.static_text(text).map(|name| Outlet::Error(name.into())),
            _ => None,
        }
    }

    fn check_declared(&mut self, text: &str, span: Span, reading: &Reading) {
        let Some((declared, module)) = reading.declared else { return };
        if declared.iter().any(|branch| branch == text) {
            return;
        }
        let known: Vec<&str> = declared.iter().map(String::as_str).collect();
        self.diagnostics.push(
            Diagnostic::new(codes::MODULE_CONTRACT, span, format!("the module has no branch `{text}`"))
                .label("not declared")
                .also(module, "the module is declared here")
                .help(format!("its branches are {}", listed(&known)))
                .suggest(text, known.iter().copied()),
        );
    }

    fn percentage(&mut self, number: &str, span: Span, cumulated: &mut u32) -> Option<Condition> {
        let share = number.parse::<u32>().ok().filter(|share| (1..=100).contains(share));
        let Some(share) = share else {
            self.diagnostics.push(
                Diagnostic::new(codes::BAD_PERCENTAGES, span, format!("`{number}%` is not a share"))
                    .label("not between 1% and 100%")
                    .help("shares are whole percentages"),
            );
            return None;
        };
        *cumulated += share;
        if *cumulated > 99 {
            let message = format!("the shares up to here are {cumulated}%, which leaves nothing for `else`");
            self.diagnostics.push(
                Diagnostic::new(codes::BAD_PERCENTAGES, span, message)
                    .label("too much")
                    .help("the last share is what `else` takes: write only the others"),
            );
            return None;
        }
        // The service draws a number from 1 to 100 and compares with one more than the shares so far.
        Some(Condition::new(Operator::NumberLessThan, (*cumulated + 1).to_string()))
    }

    /// A condition from a sign and a static operand.
    pub fn comparison(
        &mut self,
        sign: Sign,
        value: &Value,
        operators: &[Operator],
        operand: Operand,
        span: Span,
    ) -> Option<Condition> {
        let operator = operator(sign);
        let Some(operator) = operator.filter(|operator| operators.contains(operator)) else {
            let known: Vec<&str> = operators.iter().map(|operator| operator.sign()).collect();
            self.diagnostics.push(
                Diagnostic::new(codes::BAD_CONDITION, span, format!("`{}` cannot be tested here", sign.text()))
                    .label("not one of its comparisons")
                    .help(format!("it takes {}", listed(&known))),
            );
            return None;
        };
        let text = self.operand(value, operand, operator)?;
        Some(Condition::new(operator, text))
    }

    fn operand(&mut self, value: &Value, operand: Operand, operator: Operator) -> Option<String> {
        let span = value.span();
        let text = match value {
            Value::Word(word) => Some(word.value.to_string()),
            Value::Quantity(quantity) => match (operand, quantity.value.unit) {
                (_, Unit::None) => Some(quantity.value.number.to_string()),
                (Operand::Milliseconds, unit) => milliseconds(&quantity.value.number, unit),
                _ => None,
            },
            Value::Text(text) => Some(self.static_operand(text)?),
            Value::Reference(reference) if reference.root == "env" => {
                Some(self.environment(reference).filter(|text| !text.is_empty())?)
            }
            Value::Reference(_) => {
                self.diagnostics.push(
                    Diagnostic::new(codes::BAD_CONDITION, span, "the service compares with fixed values only")
                        .label("known only while a call runs")
                        .help("compare inside a Lambda and test its answer, or test each value that can come"),
                );
                return None;
            }
            Value::List(..) | Value::Map(..) => None,
        };
        let numeric = operator.is_numeric() || operand != Operand::Text;
        let text = text.filter(|text| !numeric || text.parse::<f64>().is_ok());
        if text.is_none() {
            let wanted = match operand {
                Operand::Milliseconds => "a duration such as `5m`",
                _ if numeric => "a number",
                _ => "a text or a number",
            };
            self.diagnostics.push(
                Diagnostic::new(codes::BAD_CONDITION, span, format!("this comparison needs {wanted}"))
                    .label("not one")
                    .help(format!("write {wanted} behind `{}`", operator.sign())),
            );
        }
        text
    }

    fn static_operand(&mut self, text: &crate::syntax::ast::Text) -> Option<String> {
        let literal = self.static_text(text)?;
        if literal.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(codes::EMPTY_TEXT, text.span.span, "the service cannot compare with an empty text")
                    .label("empty")
                    .help("there is no test for something that is not set: let its producer write a word such as \"none\""),
            );
            return None;
        }
        Some(literal)
    }

    fn unknown_branch(
        &mut self,
        pattern: &Pattern,
        block: &DraftBlock,
        variant: &'static Variant,
        outlets: &[&'static OutletSpec],
        reading: &Reading,
    ) {
        let shown = self.index.slice(pattern.span.span);
        let said = block.block.said();
        // An event that the action reports when a clause asks for it can be asked for as well.
        let on_request = |spec: &&OutletSpec| matches!(spec.when, Some(When { is: Is::Contains(_), .. }));
        let others =
            variant.outlets.iter().filter(on_request).filter(|spec| outlets.iter().all(|o| o.word != spec.word));
        let mut words: Vec<&str> = outlets
            .iter()
            .copied()
            .chain(others)
            .filter(|spec| !reading.preset.iter().any(|(word, _)| *word == spec.word))
            .map(|spec| reading.aliases.iter().find(|alias| alias.1 == spec.word).map_or(spec.word, |alias| alias.0))
            .collect();
        words.dedup();
        let literals = match variant.literals {
            Literals::None => String::new(),
            Literals::Keys => ", and a key each: `0` to `9`, `*`, `#`".to_owned(),
            Literals::Texts { what } => format!(", and {what} by its name"),
            Literals::Comparisons { .. } => ", and comparisons such as `> 5`".to_owned(),
            Literals::Percentages => ", and shares such as `20%`".to_owned(),
        };
        let help = if words.is_empty() && literals.is_empty() {
            "it has no branches: remove the braces".to_owned()
        } else {
            format!("it has {}{literals}", listed(&words))
        };
        self.diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_BRANCH, pattern.span.span, format!("{said} has no branch `{shown}`"))
                .label("not one of its branches")
                .help(help)
                .suggest(shown, words),
        );
    }
}

/// Covers the outlets that no clause gives; those that nothing covers, and the handler that left them out.
fn remaining(
    block: &mut DraftBlock,
    outlets: &[&'static OutletSpec],
    given: &Given,
    left_out: &[&OutletSpec],
    reading: &Reading,
    here: Here,
) -> Option<(Vec<&'static OutletSpec>, Option<Span>)> {
    let span = block.block.span;
    let mut missing: Vec<&'static OutletSpec> = Vec::new();
    let mut leaving_out: Option<Span> = None;
    for spec in outlets {
        let exit = outlet(spec.exit);
        if given.has(&exit) || left_out.iter().any(|left| left.word == spec.word) {
            continue;
        }
        let mut push = |to, origin, span| block.exits.push(DraftExit { outlet: exit.clone(), to, span, origin });
        match spec.need {
            Need::OnRequest => {}
            Need::Continues => push(reading.owner.next, Origin::Written, span),
            Need::Explicit => missing.push(spec),
            Need::Required | Need::Optional => {
                let required = spec.need == Need::Required;
                match here.cover(reading.owner.entry, reading.owner.next) {
                    Cover::To(to) => {
                        let origin = if required { Origin::Written } else { Origin::Dispensable };
                        push(to, origin, span);
                    }
                    Cover::LeaveOut(_) if !required => {}
                    Cover::Nothing { own_step: true } if required => {
                        push(reading.owner.next, Origin::Uncovered, span);
                    }
                    Cover::Nothing { .. } if !required => push(reading.owner.next, Origin::Dispensable, span),
                    Cover::LeaveOut(handler) => {
                        leaving_out = Some(handler);
                        missing.push(spec);
                    }
                    Cover::Nothing { .. } => missing.push(spec),
                }
            }
        }
    }
    (!missing.is_empty()).then_some((missing, leaving_out))
}

/// The outlets that have been given, and where.
#[derive(Default)]
struct Given(Vec<(Outlet, Span)>);

impl Given {
    /// Adds an outlet; where it was given before, if it was.
    fn add(&mut self, outlet: &Outlet, span: Span) -> Option<Span> {
        if let Some((_, before)) = self.0.iter().find(|(known, _)| known == outlet) {
            return Some(*before);
        }
        self.0.push((outlet.clone(), span));
        None
    }

    fn has(&self, outlet: &Outlet) -> bool {
        self.0.iter().any(|(known, _)| known == outlet)
    }
}

pub(super) fn operator(sign: Sign) -> Option<Operator> {
    Operator::from_sign(sign.text())
}

fn key(kind: &PatternKind) -> Option<String> {
    let text = match kind {
        PatternKind::Key(key) => key.to_string(),
        PatternKind::Quantity(Quantity { number, unit: Unit::None }) => number.to_string(),
        PatternKind::Text(text) => text.literal()?,
        _ => return None,
    };
    (text.len() == 1 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'))).then_some(text)
}

fn literal_text(kind: &PatternKind) -> Option<String> {
    match kind {
        PatternKind::Word(word) => Some(word.to_string()),
        PatternKind::Text(text) => text.literal().filter(|text| !text.is_empty()),
        PatternKind::Quantity(Quantity { number, unit: Unit::None }) => Some(number.to_string()),
        _ => None,
    }
}

fn milliseconds(number: &str, unit: Unit) -> Option<String> {
    let number: u64 = number.parse().ok()?;
    let factor = match unit {
        Unit::Milliseconds => 1,
        Unit::Seconds => 1_000,
        Unit::Minutes => 60_000,
        Unit::Hours => 3_600_000,
        Unit::Days => 86_400_000,
        Unit::None | Unit::Percent => return None,
    };
    number.checked_mul(factor).map(|total| total.to_string())
}
