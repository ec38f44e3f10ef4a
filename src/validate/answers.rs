//! What flows read of the answers of the project's functions, held against what these answer: the part of a contract that
//! is about outcomes. Only what is certain is told: on every path to the read, a function of the project has answered
//! last, and none of those that can have been it ever gives such an answer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::inputs::function;
use crate::catalogue::{self, Role};
use crate::diagnostics::{Diagnostic, closest, codes};
use crate::flow::uses::{reads, writes};
use crate::flow::{Block, BlockId, Flow, Function, Outlet, Part};
use crate::source::Span;

/// What a flow keeps by itself until it ends, so that nothing else writes it.
const KEPT: &str = "$.FlowAttributes.";

/// Holds what a flow reads and compares against the contracts of the functions that it names. `written` is what stands at a
/// place, where that is known.
pub fn answers<'f>(
    flow: &'f Flow,
    functions: &'f BTreeMap<String, Function>,
    written: &'f dyn Fn(Span) -> Option<&'f str>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let Some((namespace, asked)) = asked(flow, functions) else { return problems };
    let sources = Sources::new(flow, namespace);
    let view = View { flow, namespace, asked, sources, written };
    for (id, block) in flow.blocks() {
        for read in reads(block) {
            problems.extend(view.unknown_key(id, read.path, read.span));
        }
        if block.action.row().is_some_and(|row| row.role == Role::Compare) {
            view.unknown_values(id, block, &mut problems);
        }
    }
    problems
}

/// Invocations, with the name of the function and what it says.
type Asked<'f> = BTreeMap<BlockId, (&'f str, &'f Function)>;

/// The invocations of functions that say what they answer, and where answers are read.
fn asked<'f>(flow: &'f Flow, functions: &'f BTreeMap<String, Function>) -> Option<(&'static str, Asked<'f>)> {
    let mut namespace = None;
    let mut asked = BTreeMap::new();
    for (id, block) in flow.blocks() {
        let Some(results) = block.action.row().and_then(|row| row.results) else { continue };
        let Some((name, known)) = function(block).and_then(|name| functions.get_key_value(name)) else { continue };
        namespace = Some(results.namespace);
        asked.insert(id, (name.as_str(), known));
    }
    Some((namespace?, asked))
}

struct View<'f> {
    flow: &'f Flow,
    namespace: &'static str,
    asked: Asked<'f>,
    sources: Sources,
    written: &'f dyn Fn(Span) -> Option<&'f str>,
}

impl<'f> View<'f> {
    /// The key of an answer that a reference reads.
    fn key<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(self.namespace)?.strip_prefix('.')?;
        rest.split(['.', '[']).next().filter(|key| !key.is_empty())
    }

    /// The functions one of which has answered last before a block, if that is certain.
    fn last(&self, id: BlockId) -> Option<Vec<(&'f str, &'f Function)>> {
        let source = self.sources.before.get(id.index())?.as_ref().filter(|source| !source.is_unknown)?;
        let functions: Option<Vec<_>> = source.blocks.iter().map(|block| self.asked.get(block).copied()).collect();
        functions.filter(|functions| !functions.is_empty())
    }

    fn unknown_key(&self, id: BlockId, path: &str, span: Span) -> Option<Diagnostic> {
        let key = self.key(path)?;
        let functions = self.last(id)?;
        let fields: Option<Vec<BTreeSet<&str>>> = functions.iter().map(|(_, function)| function.fields()).collect();
        let fields: BTreeSet<&str> = fields?.into_iter().flatten().collect();
        if fields.contains(key) {
            return None;
        }
        let name = functions.first().map_or("", |(name, _)| name);
        let help =
            if fields.is_empty() { "it answers nothing".to_owned() } else { format!("it answers {}", listed(&fields)) };
        let place = self.place(span, &format!(".{key}")).map(|dot| Span { start: dot.start + 1, ..dot });
        let message = format!("`{name}` never answers `{key}`");
        let problem = Diagnostic::new(codes::FUNCTION_ANSWER, place.unwrap_or(span), message);
        let problem = problem.label("always empty").help(help);
        Some(match (place, closest(key, fields.iter().copied())) {
            (Some(_), _) => problem.suggest(key, fields),
            (None, Some(close)) => problem.help(format!("did you mean `{close}`?")),
            (None, None) => problem,
        })
    }

    /// Where a part of what is written stands, if it goes on with no further letter.
    fn place(&self, span: Span, part: &str) -> Option<Span> {
        let text = (self.written)(span)?;
        let goes_on = |at: usize| {
            let behind = text.get(at + part.len()..).and_then(|behind| behind.chars().next());
            behind.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        let at = text.match_indices(part).map(|(at, _)| at).find(|at| !goes_on(*at))?;
        let start = span.start as usize + at;
        Some(Span::new(span.source, start, start + part.len()))
    }

    /// What can be in a reference that is compared, if it is a function's answer and its values are a closed set.
    fn values(&self, id: BlockId, path: &str) -> Option<(&'f str, BTreeSet<&'f str>)> {
        if let Some(key) = self.key(path).filter(|key| path.len() == self.namespace.len() + 1 + key.len()) {
            let functions = self.last(id)?;
            let sets: Option<Vec<BTreeSet<&str>>> =
                functions.iter().map(|(_, function)| function.values(key)).collect();
            return Some((functions.first()?.0, sets?.into_iter().flatten().collect()));
        }
        // A named result that a later invocation would replace is kept, and read there.
        if !path.starts_with(KEPT) {
            return None;
        }
        let mut all: Option<(&str, BTreeSet<&str>)> = None;
        for (at, block) in self.flow.blocks() {
            for write in writes(block).into_iter().filter(|write| write.path == path) {
                let [Part::Path(from)] = write.value?.parts.as_slice() else { return None };
                let key = self.key(from)?;
                let (name, values) = self.values(at, from).filter(|_| !key.is_empty())?;
                all.get_or_insert_with(|| (name, BTreeSet::new())).1.extend(values);
            }
        }
        all
    }

    fn unknown_values(&self, id: BlockId, block: &Block, problems: &mut Vec<Diagnostic>) {
        let read = reads(block);
        let Some(path) = read.first().map(|read| read.path) else { return };
        let Some((name, values)) = self.values(id, path) else { return };
        for exit in self.flow.exits(id) {
            let Outlet::Condition(condition) = &exit.outlet else { continue };
            let [operand] = condition.operands.as_slice() else { continue };
            let is_equality = condition.operator == catalogue::Operator::Equals.name();
            if !is_equality || operand.contains("$.") || values.contains(operand.as_str()) {
                continue;
            }
            let key = path.rsplit(['.', '_']).next().unwrap_or(path);
            let message = format!("`{name}` never answers \"{operand}\" for `{key}`");
            let place = self.place(exit.span, &format!("\"{operand}\""));
            let problem = Diagnostic::new(codes::FUNCTION_ANSWER, place.unwrap_or(exit.span), message)
                .label("no contact takes this way")
                .help(format!("it is {}", listed(&values)));
            problems.push(match (place, closest(operand, values.iter().copied())) {
                (Some(_), _) => problem.suggest_text(operand, values.iter().copied()),
                (None, Some(close)) => problem.help(format!("did you mean \"{close}\"?")),
                (None, None) => problem,
            });
        }
    }
}

fn listed(names: &BTreeSet<&str>) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => quoted.concat(),
    }
}

// ---- who has answered -------------------------------------------------------------------------------------------------

/// Who can have answered last, at a point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Source {
    /// The invocations whose answer it can be. None at all is an answer that was lost.
    blocks: BTreeSet<BlockId>,
    /// Whether it can also be one from before the flow, or from a module.
    is_unknown: bool,
}

/// By block, who can have answered last before it. Nothing where no path leads.
struct Sources {
    before: Vec<Option<Source>>,
}

impl Sources {
    fn new(flow: &Flow, namespace: &str) -> Self {
        let mut before: Vec<Option<Source>> = vec![None; flow.len()];
        let mut queue: VecDeque<BlockId> = flow.start().into_iter().collect();
        for start in &queue {
            if let Some(place) = before.get_mut(start.index()) {
                *place = Some(Source { blocks: BTreeSet::new(), is_unknown: true });
            }
        }
        while let Some(at) = queue.pop_front() {
            let Some(here) = before.get(at.index()).cloned().flatten() else { continue };
            for exit in flow.exits(at) {
                let behind = behind(flow, at, &exit.outlet, &here, namespace);
                let Some(place) = before.get_mut(exit.target.index()) else { continue };
                let known = place.clone();
                let joined = place.get_or_insert_default();
                joined.is_unknown |= behind.is_unknown;
                joined.blocks.extend(behind.blocks);
                if known.as_ref() != Some(joined) {
                    queue.push_back(exit.target);
                }
            }
        }
        Self { before }
    }
}

fn behind(flow: &Flow, at: BlockId, outlet: &Outlet, here: &Source, namespace: &str) -> Source {
    let row = flow.block(at).and_then(|block| block.action.row());
    let Some(row) = row.filter(|row| row.role != Role::CallModule) else {
        return Source { blocks: BTreeSet::new(), is_unknown: true };
    };
    if row.results.is_none_or(|results| results.namespace != namespace) {
        return here.clone();
    }
    let is_lost = matches!(outlet, Outlet::Error(error) if error == catalogue::FAILURE);
    let blocks = if is_lost { BTreeSet::new() } else { BTreeSet::from([at]) };
    Source { blocks, is_unknown: false }
}
