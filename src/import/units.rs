//! Blocks as statements: what is said in one line, and the ways out of it in the words of its clauses.

use super::names::Names;
use super::phrase;
use super::quote;
use super::results::Named;
use super::ways::{exits_of, service_words, ways};
use crate::catalogue::{ActionSpec, Literals, Lowering, Next, Operator, Place, Role, Sentence};
use crate::flow::{Block, BlockId, Condition, Flow, Outlet, Value};
use crate::syntax::ast::Sign;

/// How far from a sentence a block is said, because nothing nearer says exactly it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Said {
    #[default]
    Sentence,
    /// A sentence that no other block shares, and neither `if` nor `repeat`.
    Alone,
    /// `do Type (..)`: the service's names, checked.
    Checked,
    /// `do "Type" (..)`: as it stands.
    Raw,
}

/// One statement.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// Its blocks, in the order in which compiling it makes them. The first is where branches lead.
    pub blocks: Vec<BlockId>,
    pub kind: UnitKind,
    pub ways: Vec<Way>,
    /// Where success goes.
    pub next: Option<BlockId>,
    /// Whether success goes on with the next line unless a clause says otherwise.
    pub continues: bool,
    pub is_terminal: bool,
    pub said: Said,
    /// Whether its sentence can name a result.
    pub takes_name: bool,
}

#[derive(Debug, Clone)]
pub(super) enum UnitKind {
    /// A line: the words without the clauses.
    Line(String),
    /// A choice: `if` it holds, `yes`, else `no`.
    If { test: Test, yes: BlockId, no: BlockId },
    /// A counter: `repeat` and `retry` where the graph has their shape, a line where not.
    Loop { count: String, again: BlockId, done: BlockId, line: String },
}

/// A condition in words.
#[derive(Debug, Clone)]
pub(super) struct Test {
    pub text: String,
    /// The same turned round, where that is as short.
    pub negated: Option<String>,
    /// Whether it needs brackets as a part of `and`, and of `or`.
    pub is_any: bool,
    pub is_all: bool,
}

/// A way out that a clause can name.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub pattern: String,
    /// Nothing where the document has no such branch.
    pub to: Option<BlockId>,
    pub default: Default,
    /// Conditions keep their order.
    pub is_condition: bool,
}

/// Where control goes without a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Default {
    /// To the handler around, if there is one.
    Handled { required: bool },
    /// To the next line.
    After,
    /// Nowhere: the branch is not there.
    Absent,
    /// A clause has to say.
    Explicit,
}

/// The statements of a flow, and which one each block belongs to.
pub(super) struct Units {
    pub list: Vec<Unit>,
    pub of: Vec<usize>,
    /// How many of them stand for two blocks that share a sentence.
    pairs: usize,
}

impl Units {
    /// Whether one of these has the same blocks.
    fn has(&self, unit: &Unit) -> bool {
        let first = unit.blocks.first().and_then(|id| self.of.get(id.index()));
        first.and_then(|index| self.list.get(*index)).is_some_and(|ours| ours.blocks == unit.blocks)
    }
}

/// Takes a flow apart into statements. `far` says which blocks cannot be said nearer than so; with `alone`, no two blocks
/// share a statement. `results` are names of results.
///
/// With the units that were said `before`, two blocks that both carry on when they fail may share one as well: under
/// `on error -> next`, that goes without saying. Where none do, those units stay.
pub(super) fn units(
    flow: &Flow,
    names: &Names,
    far: &[Said],
    alone: bool,
    results: Option<&Named>,
    before: Option<Units>,
) -> Units {
    let mut entries = vec![0_usize; flow.len()];
    for (id, _) in flow.blocks() {
        let mut targets: Vec<BlockId> = flow.successors(id).collect();
        targets.sort_unstable();
        targets.dedup();
        for target in targets {
            if let Some(count) = entries.get_mut(target.index()) {
                *count += 1;
            }
        }
    }
    if let Some(count) = flow.start().and_then(|start| entries.get_mut(start.index())) {
        *count += 1;
    }
    let mut taken = vec![false; flow.len()];
    let mut units: Vec<Unit> = Vec::with_capacity(flow.len());
    let reader = Reader { flow, names, far, alone, results, carries_on: before.is_some(), entries };
    // Those that take others along come first: what they take cannot begin a statement of its own.
    for (id, block) in flow.blocks() {
        if is_taken(&taken, id) {
            continue;
        }
        if let Some(unit) = reader
            .saved(id, block)
            .or_else(|| reader.pair(id, block))
            .filter(|unit| !unit.blocks.iter().any(|id| is_taken(&taken, *id)))
        {
            take(&mut taken, &unit);
            units.push(unit);
        }
    }
    let pairs = units.len();
    if let Some(before) = before.filter(|before| before.pairs == pairs && units.iter().all(|unit| before.has(unit))) {
        return before;
    }
    for (id, block) in flow.blocks() {
        if !is_taken(&taken, id) {
            let unit = reader.choice(id, block, &taken).unwrap_or_else(|| reader.single(id, block));
            take(&mut taken, &unit);
            units.push(unit);
        }
    }
    units.sort_by_key(|unit| unit.blocks.first().copied());
    let mut of = vec![0; flow.len()];
    for (index, unit) in units.iter().enumerate() {
        for id in &unit.blocks {
            if let Some(slot) = of.get_mut(id.index()) {
                *slot = index;
            }
        }
    }
    Units { list: units, of, pairs }
}

fn is_taken(taken: &[bool], id: BlockId) -> bool {
    taken.get(id.index()).copied().unwrap_or(true)
}

fn take(taken: &mut [bool], unit: &Unit) {
    for id in &unit.blocks {
        if let Some(slot) = taken.get_mut(id.index()) {
            *slot = true;
        }
    }
}

struct Reader<'a> {
    flow: &'a Flow,
    names: &'a Names,
    far: &'a [Said],
    alone: bool,
    /// What results are called.
    results: Option<&'a Named>,
    carries_on: bool,
    /// How many blocks lead to each; the beginning counts as one.
    entries: Vec<usize>,
}

impl Reader<'_> {
    fn far(&self, id: BlockId) -> Said {
        self.far.get(id.index()).copied().unwrap_or_default()
    }

    fn has_one_entry(&self, id: BlockId) -> bool {
        self.entries.get(id.index()) == Some(&1)
    }

    fn target(&self, id: BlockId, outlet: &Outlet) -> Option<BlockId> {
        self.flow.exits(id).iter().find(|exit| exit.outlet == *outlet).map(|exit| exit.target)
    }

    // ---- one block --------------------------------------------------------------------------------------------------

    fn single(&self, id: BlockId, block: &Block) -> Unit {
        let far = self.far(id);
        let Some((row, variant)) = block.action.row().zip(block.variant()) else { return self.raw(id, block) };
        let exits = self.flow.exits(id);
        // What ends a flow has no clauses in the language.
        if far == Said::Raw || (variant.next == Next::Terminal && !exits.is_empty()) {
            return self.raw(id, block);
        }
        let next = self.target(id, &Outlet::Next);
        let whole = |text: String, aliases, said| Unit {
            blocks: vec![id],
            kind: self.kind(id, row, &text).unwrap_or(UnitKind::Line(text)),
            ways: ways(block, variant, exits_of(self.flow, id), aliases),
            next,
            continues: variant.next == Next::Continues,
            is_terminal: variant.next == Next::Terminal,
            said,
            takes_name: false,
        };
        if far <= Said::Alone {
            if let Some(text) = assignment(row, block, self.names) {
                return whole(text, &[], Said::Sentence);
            }
            let bind = self.results.and_then(|results| results.names.get(&id)).map(String::as_str);
            if let Some(phrase) = phrase::phrase(row, &block.args, exits, None, bind, self.names) {
                let unit = whole(phrase.text, phrase.sentence.aliases, Said::Sentence);
                return Unit { takes_name: phrase::takes_name(phrase.sentence), ..unit };
            }
        }
        match phrase::checked(row, &block.args, self.names) {
            Some(settings) => whole(format!("do {}{settings}", row.name), &[], Said::Checked),
            None => self.raw(id, block),
        }
    }

    fn raw(&self, id: BlockId, block: &Block) -> Unit {
        let mut ways = Vec::new();
        for (outlet, to) in exits_of(self.flow, id) {
            if let Some(pattern) = service_words(outlet) {
                let is_condition = matches!(outlet, Outlet::Condition(_));
                ways.push(Way { pattern, to: Some(to), default: Default::Absent, is_condition });
            }
        }
        let action = quote::literal(block.action.name());
        Unit {
            blocks: vec![id],
            kind: UnitKind::Line(format!("do {action}{}", phrase::raw_settings(&block.args))),
            ways,
            next: self.target(id, &Outlet::Next),
            continues: true,
            is_terminal: false,
            said: Said::Raw,
            takes_name: false,
        }
    }

    /// A counter, if a block is one that has a count and nothing else.
    fn kind(&self, id: BlockId, row: &ActionSpec, text: &str) -> Option<UnitKind> {
        if row.role != Role::Loop || self.far(id) != Said::Sentence {
            return None;
        }
        let block = self.flow.block(id)?;
        let [count] = block.args.as_slice() else { return None };
        let param = row.params.first().filter(|param| param.name == count.name.value)?;
        let count = phrase::convert(&param.kind, param, &count.value, self.names)?;
        let to = |word: &str| {
            let spec = row.variants.first()?.outlets.iter().find(|spec| spec.word == word)?;
            self.flow.exits(id).iter().find(|exit| exit.outlet.is(spec.exit)).map(|exit| exit.target)
        };
        Some(UnitKind::Loop { count, again: to("continue")?, done: to("done")?, line: text.to_owned() })
    }

    /// An invocation with the block that saves its result, which naming the result brings along.
    fn saved(&self, id: BlockId, block: &Block) -> Option<Unit> {
        let save = *self.results?.saves.get(&id)?;
        let mut unit = self.single(id, block);
        let next = self.target(save, &Outlet::Next);
        if !unit.takes_name || !self.has_one_entry(save) || next.is_none() {
            return None;
        }
        unit.blocks.push(save);
        for to in unit.ways.iter_mut().map(|way| &mut way.to).chain([&mut unit.next]) {
            if *to == Some(save) {
                *to = next;
            }
        }
        Some(unit)
    }

    // ---- several blocks ---------------------------------------------------------------------------------------------

    /// Two blocks that one sentence says, if they follow each other and fail alike.
    fn pair(&self, id: BlockId, block: &Block) -> Option<Unit> {
        if self.alone || self.far(id) != Said::Sentence {
            return None;
        }
        let row = block.action.row()?;
        let after = self.target(id, &Outlet::Next).filter(|after| *after != id && self.has_one_entry(*after))?;
        let second = self.flow.block(after)?;
        if self.far(after) != Said::Sentence {
            return None;
        }
        let second_row = second.action.row()?;
        row.sentences
            .iter()
            .find_map(|sentence| self.companion(sentence, (id, block, row), (after, second, second_row), Place::After))
            .or_else(|| {
                second_row.sentences.iter().find_map(|sentence| {
                    self.companion(sentence, (after, second, second_row), (id, block, row), Place::Before)
                })
            })
    }

    fn companion(
        &self,
        sentence: &'static Sentence,
        (main_id, main, row): (BlockId, &Block, &'static ActionSpec),
        (other_id, other, other_row): (BlockId, &Block, &'static ActionSpec),
        wanted: Place,
    ) -> Option<Unit> {
        let Lowering::Companion { action, target, place, .. } = sentence.lowering else { return None };
        if place != wanted || other_row.name != action {
            return None;
        }
        let [arg] = other.args.as_slice() else { return None };
        let carry_on = self.carries_on && self.carry_on(main_id, other_id, wanted);
        if arg.name.value != target || !(carry_on || self.fail_alike(main_id, other_id)) {
            return None;
        }
        let variant = main.variant()?;
        let phrase =
            phrase::phrase(row, &main.args, self.flow.exits(main_id), Some((sentence, &arg.value)), None, self.names)?;
        let (blocks, last) = match place {
            Place::Before => (vec![other_id, main_id], main_id),
            Place::After => (vec![main_id, other_id], other_id),
        };
        let next = self.target(last, &Outlet::Next);
        if next.is_none() && variant.next == Next::Continues {
            return None;
        }
        let mut ways = ways(main, variant, exits_of(self.flow, main_id), sentence.aliases);
        // Of the two, the one whose failure the service requires decides what may go without saying.
        if let Some(error) = ways.iter_mut().find(|way| way.pattern == "error") {
            error.default = Default::Handled { required: true };
            if carry_on {
                error.to = next;
            }
        }
        Some(Unit {
            blocks,
            kind: UnitKind::Line(phrase.text),
            ways,
            next,
            continues: variant.next == Next::Continues,
            is_terminal: false,
            said: Said::Sentence,
            takes_name: false,
        })
    }

    /// Whether two blocks that follow each other both carry on when they fail.
    fn carry_on(&self, main: BlockId, other: BlockId, place: Place) -> bool {
        let (first, second) = if place == Place::Before { (other, main) } else { (main, other) };
        let failure = Outlet::Error(crate::catalogue::FAILURE.into());
        let next = self.target(second, &Outlet::Next);
        self.flow.exits(first).len() == 2
            && self.flow.exits(second).len() == 2
            && self.target(first, &failure) == Some(second)
            && next.is_some()
            && self.target(second, &failure) == next
    }

    /// Whether two blocks that follow each other have the same errors to the same place, as far as both can fail.
    fn fail_alike(&self, main: BlockId, other: BlockId) -> bool {
        let errors = |id| {
            let of_error = |exit: &crate::flow::Exit| match &exit.outlet {
                Outlet::Error(error) => Some((error.to_string(), exit.target)),
                Outlet::Next | Outlet::Condition(_) => None,
            };
            self.flow.exits(id).iter().filter_map(of_error).collect::<Vec<_>>()
        };
        let (main, others) = (errors(main), errors(other));
        let target = |errors: &[(String, BlockId)]| {
            errors.iter().find(|(error, _)| error == crate::catalogue::FAILURE).map(|(_, to)| *to)
        };
        others.len() == 1
            && target(&others).is_some()
            && target(&others) == target(&main)
            && target(&main) != Some(other)
    }

    /// A comparison, with those that only refine it.
    fn choice(&self, id: BlockId, block: &Block, taken: &[bool]) -> Option<Unit> {
        let mut one = self.comparison(id, block)?;
        let mut blocks = vec![id];
        // `a and b`: the second is asked only if the first holds, and both fail alike; `a or b` the other way round.
        loop {
            let step = [one.1, one.2].into_iter().find_map(|to| {
                let is_free = self.has_one_entry(to) && !is_taken(taken, to) && !blocks.contains(&to);
                let (test, yes, no) = self.comparison(to, self.flow.block(to)?).filter(|_| is_free)?;
                if to == one.1 && no == one.2 && to != one.2 {
                    Some((to, one.0.and(&test), yes, no))
                } else if to == one.2 && yes == one.1 && to != one.1 {
                    Some((to, one.0.or(&test), yes, no))
                } else {
                    None
                }
            });
            let Some((to, test, yes, no)) = step.filter(|_| !self.alone) else { break };
            blocks.push(to);
            one = (test, yes, no);
        }
        let (test, yes, no) = one;
        Some(Unit {
            blocks,
            kind: UnitKind::If { test, yes, no },
            ways: Vec::new(),
            next: None,
            continues: false,
            is_terminal: false,
            said: Said::Sentence,
            takes_name: false,
        })
    }

    /// A comparison of one reference whose conditions all lead to one place, and everything else to another.
    fn comparison(&self, id: BlockId, block: &Block) -> Option<(Test, BlockId, BlockId)> {
        let row = block.action.row().filter(|row| row.role == Role::Compare)?;
        if self.far(id) != Said::Sentence {
            return None;
        }
        let [arg] = block.args.as_slice() else { return None };
        let subject =
            arg.value.as_text()?.as_path().filter(|_| row.params.first().is_some_and(|p| p.name == arg.name.value))?;
        let Literals::Comparisons { operators, .. } = row.variants.first()?.literals else { return None };
        let otherwise = row.variants.first()?.outlets.first()?;
        let (mut tests, mut yes, mut no) = (Vec::new(), None, None);
        for exit in self.flow.exits(id) {
            match &exit.outlet {
                Outlet::Condition(condition) => {
                    if yes.is_some_and(|yes| yes != exit.target) {
                        return None;
                    }
                    yes = Some(exit.target);
                    tests.push(comparison(condition, operators)?);
                }
                outlet if outlet.is(otherwise.exit) && no.is_none() => no = Some(exit.target),
                Outlet::Error(_) | Outlet::Next => return None,
            }
        }
        let (yes, no) = (yes?, no.filter(|no| Some(*no) != yes)?);
        let text = tests.iter().map(|test| format!("{subject} {test}")).collect::<Vec<_>>().join(" or ");
        let negated = match tests.as_slice() {
            [test] => test.strip_prefix("== ").map(|operand| format!("{subject} != {operand}")),
            _ => None,
        };
        Some((Test { text, negated, is_any: tests.len() > 1, is_all: false }, yes, no))
    }
}

impl Test {
    fn and(&self, other: &Self) -> Self {
        let side = |test: &Self| if test.is_any { format!("({})", test.text) } else { test.text.clone() };
        Self { text: format!("{} and {}", side(self), side(other)), negated: None, is_any: false, is_all: true }
    }

    fn or(&self, other: &Self) -> Self {
        let side = |test: &Self| if test.is_all { format!("({})", test.text) } else { test.text.clone() };
        Self { text: format!("{} or {}", side(self), side(other)), negated: None, is_any: true, is_all: false }
    }
}

/// A condition as `if` has it: `== "gold"`, `> 5`.
fn comparison(condition: &Condition, operators: &[Operator]) -> Option<String> {
    let operator = Operator::from_name(&condition.operator).filter(|operator| operators.contains(operator))?;
    let sign = Sign::from_text(operator.sign())?;
    let [operand] = condition.operands.as_slice() else { return None };
    Some(format!("{} {}", sign.text(), operand_text(operand, operator)?))
}

pub(super) fn operand_text(operand: &str, operator: Operator) -> Option<String> {
    if operator.is_numeric() {
        operand.parse::<f64>().ok()?;
        return Some(if is_number(operand) { operand.to_owned() } else { quote::literal(operand) });
    }
    (!operand.is_empty()).then(|| quote::literal(operand))
}

/// Whether a source reads a text as a number and gives it back digit by digit.
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned.split_once('.').map_or_else(|| digits(unsigned), |(whole, rest)| digits(whole) && digits(rest))
}

// ---- assignments --------------------------------------------------------------------------------------------------

/// `set reference = value`, if that is all that a block does.
fn assignment(row: &'static ActionSpec, block: &Block, names: &Names) -> Option<String> {
    let mut entries: Vec<String> = Vec::new();
    for arg in &block.args {
        let param = row.params.iter().find(|param| param.name == arg.name.value)?;
        if param.assumed.is_some_and(|assumed| arg.value.as_literal() == Some(assumed)) {
            continue;
        }
        let assign = row.assigns.iter().find(|assign| assign.param.split('.').next() == Some(param.name))?;
        if !assign.keyed {
            entries.push(format!("{} = {}", assign.root, phrase::assigned(&param.kind, param, &arg.value, names)?));
            continue;
        }
        let (crate::catalogue::Kind::Map { value: kind, .. }, Value::Map(given, _)) = (&param.kind, &arg.value) else {
            return None;
        };
        for entry in given {
            let (kind, param, value) = match (kind, &entry.value) {
                // `{ "Value": .. }`, and nothing beside it.
                (crate::catalogue::Kind::Object([first, ..]), Value::Map(inner, _)) => match inner.as_slice() {
                    [only] if only.name.value == first.name => (&first.kind, first, &only.value),
                    _ => return None,
                },
                (kind, value) => (*kind, param, value),
            };
            let key = &entry.name.value;
            let step = if is_plain_key(key) {
                format!(".{key}")
            } else if is_key(key) {
                format!("['{key}']")
            } else {
                return None;
            };
            entries.push(format!("{}{step} = {}", assign.root, phrase::assigned(kind, param, value, names)?));
        }
    }
    match entries.as_slice() {
        [] => None,
        [one] => Some(format!("set {one}")),
        several => Some(format!("set {{\n{}\n}}", several.join("\n"))),
    }
}

/// Whether a key of an attribute reads as a step of a path.
fn is_plain_key(key: &str) -> bool {
    let mut previous = '-';
    for character in key.chars() {
        let fits = character.is_ascii_alphanumeric() || character == '_' || (character == '-' && previous != '-');
        if !fits {
            return false;
        }
        previous = character;
    }
    !key.is_empty() && previous != '-'
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && !key.contains(['\'', '\n', '\r', '\\', '"'])
}
