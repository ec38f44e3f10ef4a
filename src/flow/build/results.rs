//! Named results. The service keeps only the latest result of a kind, so a read of `$name.field` is one of three things:
//! the namespace itself, where on every path the named invocation is the latest; a flow attribute that the compiler saves
//! after the invocation, where another may have come between; or wrong, where no path can have set it.
//!
//! Reaching definitions decide, per namespace: forward, joined over paths, to a fixpoint over the blocks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ecow::{EcoString, eco_format};
use smallvec::smallvec;

use super::finish::{Settled, SettledExit};
use super::index::Index;
use crate::catalogue::paths::{self, PathProblem};
use crate::catalogue::{self, Results, Role};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::flow::reaching::{Definitions, Graph, Reach, path_of, saved_key};
use crate::flow::uses::each_text_mut;
use crate::flow::{Action, Arg, Block, BlockOrigin, Inserted, Outlet, Part, Text, Value};
use crate::source::Span;

/// A read of a named result.
struct Read {
    block: usize,
    name: String,
    /// What follows the name: `.count`, `['my key']`, or nothing.
    rest: String,
    span: Span,
}

/// The blocks that a name stands for.
struct Producers {
    blocks: Vec<usize>,
    results: Results,
    span: Span,
}

struct Blocks<'s>(&'s [Settled]);

impl Graph for Blocks<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn row(&self, block: usize) -> Option<&'static catalogue::ActionSpec> {
        self.0.get(block).and_then(|entry| entry.block.action.row())
    }

    fn each_exit(&self, block: usize, act: &mut dyn FnMut(&Outlet, usize)) {
        for exit in self.0.get(block).into_iter().flat_map(|entry| &entry.exits) {
            act(&exit.outlet, exit.to);
        }
    }
}

/// Where a read finds its value.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    Latest,
    Saved,
}

/// Rewrites every named read in the blocks, and adds the blocks that save what would be overwritten.
pub(super) fn resolve(index: &Index, settled: &mut Vec<Settled>, start: Option<usize>, diagnostics: &mut Diagnostics) {
    let reads = reads(index, settled);
    let names = producers(settled, diagnostics);
    if reads.is_empty() {
        return;
    }
    let mut analyses: HashMap<&'static str, Definitions> = HashMap::new();
    let mut places: BTreeMap<(String, String), Vec<(usize, Place)>> = BTreeMap::new();
    for read in &reads {
        let Some(producers) = names.get(read.name.as_str()) else {
            diagnostics.push(unknown(read, &names));
            continue;
        };
        if !check_field(read, producers, diagnostics) {
            continue;
        }
        let namespace = producers.results.namespace;
        let definitions =
            analyses.entry(namespace).or_insert_with(|| Definitions::new(&Blocks(settled), start, namespace));
        let place = match definitions.reach(read.block, &producers.blocks) {
            Reach::Unreachable | Reach::Only => Place::Latest,
            Reach::Mixed => Place::Saved,
            Reach::Never => {
                diagnostics.push(never(read, producers));
                Place::Latest
            }
        };
        places.entry((read.name.clone(), read.rest.clone())).or_default().push((read.block, place));
    }
    let keys = saved_keys(settled, &places);
    rewrite(settled, &names, &places, &keys);
    save(settled, &names, &keys);
}

// ---- reads and producers ----------------------------------------------------------------------------------------------

fn reads(index: &Index, settled: &[Settled]) -> Vec<Read> {
    let mut reads = Vec::new();
    for (block, entry) in settled.iter().enumerate() {
        for arg in &entry.block.args {
            each_text(&arg.value, &mut |text| {
                for part in &text.parts {
                    let Part::Path(path) = part else { continue };
                    if let Some((name, rest)) = named(path) {
                        let (name, rest) = (name.to_owned(), rest.to_owned());
                        let span = place(index.slice(text.span), path, text.span);
                        reads.push(Read { block, name, rest, span });
                    }
                }
            });
        }
    }
    reads
}

/// Where in a text a reference stands; the whole text where it is written in another way than it is kept.
fn place(written: &str, path: &str, whole: Span) -> Span {
    let found = written.match_indices(path).find(|(at, _)| {
        let behind = written.get(at + path.len()..).and_then(|rest| rest.chars().next());
        !behind.is_some_and(|c| c.is_alphanumeric() || c == '_')
    });
    let offset = |at: usize| whole.start + u32::try_from(at).unwrap_or(0);
    found.map_or(whole, |(at, _)| Span { start: offset(at), end: offset(at + path.len()), ..whole })
}

/// The name and the rest of a reference that is not one of Connect's own.
fn named(path: &str) -> Option<(&str, &str)> {
    let tail = path.strip_prefix('$').filter(|tail| !tail.starts_with('.'))?;
    let end = tail.find(['.', '[']).unwrap_or(tail.len());
    tail.split_at_checked(end)
}

fn each_text<'v>(value: &'v Value, found: &mut impl FnMut(&'v Text)) {
    match value {
        Value::Text(text) => found(text),
        Value::List(items, _) => items.iter().for_each(|item| each_text(item, found)),
        Value::Map(entries, _) => entries.iter().for_each(|entry| each_text(&entry.value, found)),
        Value::Plain(..) => {}
    }
}

fn producers(settled: &[Settled], diagnostics: &mut Diagnostics) -> BTreeMap<EcoString, Producers> {
    let mut names: BTreeMap<EcoString, Producers> = BTreeMap::new();
    for (index, entry) in settled.iter().enumerate() {
        let Some(name) = &entry.binds else { continue };
        let Some(results) = entry.block.action.row().and_then(|row| row.results) else { continue };
        match names.get_mut(&name.value) {
            None => {
                let producers = Producers { blocks: vec![index], results, span: name.span };
                names.insert(name.value.clone(), producers);
            }
            Some(known) if known.results.namespace == results.namespace => known.blocks.push(index),
            Some(known) => diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_RESULT,
                    name.span,
                    format!("`{}` already names a result of another kind", name.value),
                )
                .label("named again")
                .also(known.span, "first named here")
                .help("give one of them another name"),
            ),
        }
    }
    names
}

fn unknown(read: &Read, names: &BTreeMap<EcoString, Producers>) -> Diagnostic {
    let known = names.keys().map(EcoString::as_str);
    let help = if names.is_empty() {
        format!("name a result, as in `invoke .. as {}`; write `\\$` for a dollar sign", read.name)
    } else {
        format!("the results are {}; write `\\$` for a dollar sign", crate::diagnostics::listed_of(names.keys()))
    };
    // Only the name is wrong, and only it is to be replaced.
    let whole = u32::try_from(read.name.len() + read.rest.len() + 1).unwrap_or(0);
    let span = if read.span.end - read.span.start == whole {
        let start = read.span.start + 1;
        Span { start, end: start + u32::try_from(read.name.len()).unwrap_or(0), ..read.span }
    } else {
        read.span
    };
    Diagnostic::new(codes::UNKNOWN_RESULT, span, format!("nothing is called `${}`", read.name))
        .label("not known")
        .help(help)
        .suggest(&read.name, known)
}

/// Whether a field can be read of such a result.
fn check_field(read: &Read, producers: &Producers, diagnostics: &mut Diagnostics) -> bool {
    let results = producers.results;
    let shown = format!("`${}`", read.name);
    if read.rest.is_empty() && !results.scalar {
        diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_RESULT, read.span, format!("{shown} is a whole result, not a value"))
                .label("no field is named")
                .also(producers.span, "named here")
                .help(format!("read one of its fields: `${}.field`", read.name)),
        );
        return false;
    }
    if !read.rest.is_empty() && results.scalar {
        diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_RESULT, read.span, format!("{shown} is one value, and has no fields"))
                .label(format!("`{}` is read of it", read.rest))
                .also(producers.span, "named here")
                .help(format!("write {shown}; in a text, end it with a space")),
        );
        return false;
    }
    let path = latest(read, results);
    let steps: Vec<&str> =
        path.trim_start_matches("$.").split(['.', '[']).map(|step| step.trim_matches(['\'', ']'])).collect();
    if let Err(PathProblem::Unknown { known, at }) = paths::check(&steps) {
        let step = steps.get(at).copied().unwrap_or_default();
        diagnostics.push(
            Diagnostic::new(codes::UNKNOWN_PATH, read.span, format!("{shown} has no field `{step}`"))
                .label(format!("reads `{path}`"))
                .also(producers.span, "named here")
                .help(format!("it has {}", crate::diagnostics::listed(&known)))
                .suggest(step, known),
        );
        return false;
    }
    true
}

fn never(read: &Read, producers: &Producers) -> Diagnostic {
    Diagnostic::new(codes::NEVER_SET, read.span, format!("no path to this line has set `${}{}`", read.name, read.rest))
        .label("read here")
        .also(producers.span, "set here, on paths that do not lead to the read")
        .help("read it only behind the line that sets it, and not on its error branch")
}

/// The path of a read in the service's own namespace.
fn latest(read: &Read, results: Results) -> String {
    path_of(&read.rest, results)
}

// ---- saving -------------------------------------------------------------------------------------------------------------

/// The attribute of each field that must be saved: by name, then by what follows it.
type Keys = BTreeMap<String, BTreeMap<String, String>>;

fn saved_keys(settled: &[Settled], places: &BTreeMap<(String, String), Vec<(usize, Place)>>) -> Keys {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for entry in settled.iter().filter(|entry| is_save(&entry.block)) {
        for arg in &entry.block.args {
            if let Value::Map(entries, _) = &arg.value {
                taken.extend(entries.iter().map(|entry| entry.name.value.to_string()));
            }
        }
    }
    let mut keys = Keys::new();
    for ((name, rest), uses) in places {
        if !uses.iter().any(|(_, place)| *place == Place::Saved) {
            continue;
        }
        let mut key = saved_key(&format!("{name}{rest}"));
        while !taken.insert(key.clone()) {
            key.push('_');
        }
        keys.entry(name.clone()).or_default().insert(rest.clone(), key);
    }
    keys
}

fn is_save(block: &Block) -> bool {
    block.action.row().is_some_and(|row| row.role == Role::SaveResult)
}

fn rewrite(
    settled: &mut [Settled],
    names: &BTreeMap<EcoString, Producers>,
    places: &BTreeMap<(String, String), Vec<(usize, Place)>>,
    keys: &Keys,
) {
    for (index, entry) in settled.iter_mut().enumerate() {
        for arg in &mut entry.block.args {
            each_text_mut(&mut arg.value, &mut |text| {
                for part in &mut text.parts {
                    let Part::Path(path) = part else { continue };
                    let Some((name, rest)) = named(path) else { continue };
                    let Some(producers) = names.get(name) else { continue };
                    let uses = places.get(&(name.to_owned(), rest.to_owned()));
                    let saved = uses.is_some_and(|uses| uses.contains(&(index, Place::Saved)));
                    let key = keys.get(name).and_then(|fields| fields.get(rest)).filter(|_| saved);
                    *path = match key {
                        Some(key) => eco_format!("{SAVED}.{key}"),
                        None => path_of(rest, producers.results).into(),
                    };
                }
            });
        }
    }
}

/// Where saved values are read.
const SAVED: &str = "$.FlowAttributes";

/// Puts a saving block behind every success of every producer of a name with saved fields.
fn save(settled: &mut Vec<Settled>, names: &BTreeMap<EcoString, Producers>, keys: &Keys) {
    let Some(row) = catalogue::with_role(Role::SaveResult) else { return };
    for (name, fields) in keys {
        let Some(producers) = names.get(name.as_str()) else { continue };
        for &producer in &producers.blocks {
            let Some(entry) = settled.get(producer) else { continue };
            let exits = entry.exits.clone();
            let span = entry.binds.as_ref().map_or(entry.block.span, |name| name.span);
            let step = entry.block.step.clone();
            let is_failure = |exit: &SettledExit| exit.outlet == Outlet::Error(catalogue::FAILURE.into());
            let failure = exits.iter().find(|exit| is_failure(exit)).map(|exit| exit.to);
            let successes: BTreeSet<usize> =
                exits.iter().filter(|exit| !is_failure(exit)).map(|exit| exit.to).collect();
            for success in successes {
                let at = settled.len();
                let failed = failure.unwrap_or(success);
                let mut outlets = vec![SettledExit { outlet: Outlet::Next, to: success, span }];
                for variant in row.variants {
                    for spec in variant.outlets {
                        outlets.push(SettledExit { outlet: super::outlets::outlet(spec.exit), to: failed, span });
                    }
                }
                let block = Block {
                    action: Action::Known(row),
                    args: saving(row, fields, producers.results, span),
                    identifier: String::new(),
                    readable: false,
                    span,
                    step: step.clone(),
                    label: format!("save ${name}"),
                    origin: BlockOrigin::Inserted(Inserted::SavedResult),
                };
                settled.push(Settled { block, exits: outlets, binds: None, fixed: None, notes: Vec::new() });
                if let Some(entry) = settled.get_mut(producer) {
                    for exit in entry.exits.iter_mut().filter(|exit| !is_failure(exit) && exit.to == success) {
                        exit.to = at;
                    }
                }
            }
        }
    }
}

fn saving(
    row: &'static catalogue::ActionSpec,
    fields: &BTreeMap<String, String>,
    results: Results,
    span: Span,
) -> Vec<Arg> {
    let mut args = Vec::new();
    let Some(assignment) = row.assigns.first() else { return args };
    for (rest, key) in fields {
        let path: Vec<String> = assignment.param.split('.').map(|step| step.replace('*', key)).collect();
        let value = Value::Text(Text { parts: smallvec![Part::Path(path_of(rest, results).into())], span });
        super::set::insert(&mut args, &path, value, span);
    }
    args
}
