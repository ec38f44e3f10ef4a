//! What `flowc diff` tells: nothing where nothing changed but names, places and order, and of one edit exactly that one.
//!
//! The edits are planted at every place of the repository's flows and of generated ones, and, where `FLOWC_CORPUS` names a
//! folder of real exports, at some places of those. `FLOWC_DIFF_EVERY` says at one of how many.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;

use flowc::catalogue::{self, Role};
use flowc::diff::{Change, Diff, Said, Version, diff};
use flowc::driver::{self, Settings, Side};
use flowc::flow::{Action, Arg, Block, BlockOrigin, Condition, Flow, Note, Outlet, Part, Text, Value};
use flowc::source::{Form, Source, SourceId, Span, Spanned};
use rayon::prelude::*;

use crate::corpus;
use crate::support::baseline::{files_below, flowc_command, repository};
use crate::support::generate;

/// A flow as lists that can be edited.
#[derive(Clone)]
struct Draft {
    empty: Flow,
    blocks: Vec<Block>,
    exits: Vec<Vec<(Outlet, usize)>>,
    start: usize,
}

impl Draft {
    fn new(flow: &Flow) -> Option<Self> {
        let exits = |id| flow.exits(id).iter().map(|exit| (exit.outlet.clone(), exit.target.index())).collect();
        let mut empty = flow.emptied();
        empty.notes = flow.notes.iter().map(|note| Note { block: None, ..note.clone() }).collect();
        Some(Self {
            empty,
            blocks: flow.blocks().map(|(_, block)| block.clone()).collect(),
            exits: flow.blocks().map(|(id, _)| exits(id)).collect(),
            start: flow.start()?.index(),
        })
    }

    fn flow(&self) -> Flow {
        let order: Vec<usize> = (0..self.blocks.len()).collect();
        self.ordered(&order)
    }

    /// The flow with its blocks in another order.
    fn ordered(&self, order: &[usize]) -> Flow {
        let mut flow = self.empty.clone();
        let ids: HashMap<usize, _> = order.iter().map(|at| (*at, flow.add(self.blocks[*at].clone()))).collect();
        for at in order {
            for (outlet, target) in &self.exits[*at] {
                flow.connect(ids[at], outlet.clone(), ids[target], Span::default());
            }
        }
        flow.begin_at(ids[&self.start]);
        flow
    }

    /// Takes a block out; what led to it leads to where it led.
    fn without(&self, at: usize, next: usize) -> Self {
        let mut draft = self.clone();
        let place = |target: usize| {
            let target = if target == at { next } else { target };
            if target > at { target - 1 } else { target }
        };
        draft.blocks.remove(at);
        draft.exits.remove(at);
        draft.exits.iter_mut().flatten().for_each(|(_, target)| *target = place(*target));
        draft.start = place(draft.start);
        draft
    }

    /// Groups of blocks from which on everything is alike.
    fn behaviours(&self) -> Vec<usize> {
        let content = |block: &Block| format!("{} {:?}", block.action.name(), plain(&block.args));
        let mut groups: Vec<usize> = vec![0; self.blocks.len()];
        let mut count = 0;
        loop {
            let mut numbers = BTreeMap::new();
            let next: Vec<usize> = (0..self.blocks.len())
                .map(|at| {
                    let mut ways: Vec<String> = self.exits[at]
                        .iter()
                        .map(|(outlet, target)| format!("{outlet:?} {}", groups[*target]))
                        .collect();
                    ways.sort();
                    let number = numbers.len();
                    *numbers.entry((content(&self.blocks[at]), groups[at], ways)).or_insert(number)
                })
                .collect();
            if numbers.len() == count {
                return next;
            }
            count = numbers.len();
            groups = next;
        }
    }
}

/// Arguments without their places.
fn plain(args: &[Arg]) -> Vec<(String, String)> {
    fn value(value: &Value) -> String {
        match value {
            Value::Text(text) => format!("{:?}", text.parts),
            Value::Plain(plain, _) => plain.to_string(),
            Value::List(items, _) => format!("{:?}", items.iter().map(plain_value).collect::<Vec<_>>()),
            Value::Map(entries, _) => format!("{:?}", plain(entries)),
        }
    }
    args.iter().map(|arg| (arg.name.value.to_string(), value(&arg.value))).collect()
}

fn plain_value(value: &Value) -> String {
    let arg = Arg { name: Spanned::new("".into(), Span::default()), value: value.clone() };
    plain(&[arg]).remove(0).1
}

fn version(flow: Flow) -> Version {
    Version::new(flow, "main.json", Form::Document, true)
}

fn between(old: &Draft, new: &Draft) -> Diff {
    diff(&[version(old.flow())], &[version(shuffled(new))], false)
}

/// The flow under other identifiers and in another order.
fn shuffled(draft: &Draft) -> Flow {
    let mut draft = draft.clone();
    let mut about = draft.empty.metadata.take().unwrap_or_default();
    let known = about.get_mut("ActionMetadata").and_then(serde_json::Value::as_object_mut);
    let mut kept = known.map(std::mem::take).unwrap_or_default();
    let mut renamed = serde_json::Map::new();
    for (at, block) in draft.blocks.iter_mut().enumerate() {
        let identifier = format!("other-{}", at * 7919 % 10_007);
        if let Some(mut about) = kept.remove(&block.identifier) {
            about["position"] = serde_json::json!({ "x": at * 31 % 977, "y": 5 });
            renamed.insert(identifier.clone(), about);
        }
        block.identifier = identifier;
    }
    about.insert("ActionMetadata".to_owned(), serde_json::Value::Object(renamed));
    draft.empty.metadata = Some(about);
    let count = draft.blocks.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| (at * 7919 + 13) % 10_007);
    draft.ordered(&order)
}

// ---- flows ------------------------------------------------------------------------------------------------------------

fn flows_of(sources: &[Source], settings: &Settings) -> Vec<Flow> {
    driver::check(sources, settings).flows.iter().map(|flow| flow.flow().clone()).collect()
}

fn repository_flows() -> Vec<Flow> {
    let (sources, settings) = corpus::project();
    flows_of(&sources, &settings)
}

fn generated_flows(seed: u64, statements: usize) -> Vec<Flow> {
    let files = generate::project(seed, 2, statements);
    let sources: Vec<Source> = files
        .iter()
        .enumerate()
        .map(|(at, (path, text))| Source::new(SourceId(u32::try_from(at).unwrap()), path.as_str(), text.as_str()))
        .collect();
    flows_of(&sources, &Settings::default())
}

fn corpus_flows() -> Vec<Flow> {
    let Some(place) = crate::support::exports::folder() else { return Vec::new() };
    let texts = files_below(&place.join("flows")).into_iter().map(|path| {
        Source::new(SourceId(0), path.file_name().unwrap().to_string_lossy(), fs::read_to_string(&path).unwrap())
    });
    let documents = texts.flat_map(|source| driver::documents(&source, 1).documents);
    documents.filter_map(|document| document.flow).filter(|flow| !flow.is_empty()).collect()
}

// ---- nothing changed --------------------------------------------------------------------------------------------------

fn is_the_same(flow: &Flow) {
    let draft = Draft::new(flow).unwrap();
    let found = diff(&[version(flow.clone())], &[version(flow.clone())], false);
    assert!(found.is_empty() && found.same == 1, "{}: {:#?}", flow.name.value, found.flows);
    let found = between(&draft, &draft);
    assert!(found.is_empty() && found.same == 1, "{}: {:#?}", flow.name.value, found.flows[0].changes);
}

#[test]
fn names_places_and_order_of_blocks_are_no_change() {
    let generated = (0..6).flat_map(|seed| generated_flows(seed, 40));
    for flow in repository_flows().into_iter().chain(generated).chain(corpus_flows()) {
        is_the_same(&flow);
    }
}

#[test]
fn a_document_under_other_names_and_in_another_order_is_the_same() {
    let (sources, settings) = corpus::project();
    let checked = driver::check(&sources, &settings);
    for (file, text, _) in corpus::documents(&checked, &sources) {
        let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let identifiers: Vec<String> = document["Actions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|action| action["Identifier"].as_str().unwrap().to_owned())
            .collect();
        document["Actions"].as_array_mut().unwrap().reverse();
        for about in document["Metadata"]["ActionMetadata"].as_object_mut().unwrap().values_mut() {
            about["position"] = serde_json::json!({ "x": 7, "y": 9 });
        }
        let mut other = document.to_string();
        for (at, identifier) in identifiers.iter().enumerate() {
            other = other.replace(identifier.as_str(), &format!("block-{at}"));
        }
        let (before, after) = (Source::new(SourceId(0), "a.json", text), Source::new(SourceId(0), "b.json", other));
        let compared = compared(&[before], &[after]);
        assert!(compared.diff.is_empty(), "{file}: {:#?}", compared.diff);
        assert_eq!(compared.diff.same, 1, "{file}");
    }
}

#[test]
fn a_source_is_the_same_as_what_it_compiles_to() {
    let (sources, settings) = corpus::project();
    let checked = driver::check(&sources, &settings);
    for valid in &checked.flows {
        let source = sources.iter().find(|source| source.id == valid.flow().span.source).unwrap();
        let [document, _] = driver::product(valid, &sources, driver::Form::Content).outputs;
        let document = Source::new(SourceId(0), document.name, document.text);
        let chosen = BTreeSet::from([source.id]);
        let side = |sources, chosen| Side { sources, settings: &settings, chosen, is_file: true, prefix: "" };
        let found = driver::diff(&side(&sources, Some(&chosen)), &side(std::slice::from_ref(&document), None));
        assert!(found.diff.is_empty(), "{}: {:#?}", source.path, found.diff);
    }
}

fn compared(old: &[Source], new: &[Source]) -> driver::Compared {
    let settings = Settings::default();
    let side = |sources| Side { sources, settings: &settings, chosen: None, is_file: true, prefix: "" };
    let found = driver::diff(&side(old), &side(new));
    assert!(found.problems.iter().all(Vec::is_empty), "{:#?}", found.problems);
    found
}

// ---- one edit ---------------------------------------------------------------------------------------------------------

/// What was planted, and what is to be told of it.
struct Planted {
    what: &'static str,
    flow: Draft,
    /// How a change looks that tells exactly that.
    told: Box<Told>,
}

type Told = dyn Fn(&Change, &Labels) -> bool;

/// What blocks are called: before, and with the edit. A comparison's words are its branches.
struct Labels {
    old: Vec<String>,
    new: Vec<String>,
}

impl Labels {
    fn is(&self, said: &Said, at: usize) -> bool {
        self.old[at] == said.sentence || self.new.get(at) == Some(&said.sentence)
    }
}

fn labels(version: &Version) -> Vec<String> {
    version.flow.blocks().map(|(_, block)| block.label.clone()).collect()
}

const TEXT: &str = "Planted, and said nowhere else.";

fn literal(text: &str) -> Value {
    Value::literal(text, Span::default())
}

/// A block that says something.
fn saying() -> Block {
    let row = catalogue::all().find(|row| row.sentences.iter().any(|sentence| sentence.head() == "say")).unwrap();
    Block {
        action: Action::Known(row),
        args: vec![Arg { name: Spanned::new("Text".into(), Span::default()), value: literal(TEXT) }],
        identifier: "planted".to_owned(),
        readable: true,
        span: Span::default(),
        step: "".into(),
        label: String::new(),
        origin: BlockOrigin::Do,
    }
}

/// Every edit of every kind that a flow has a place for, one of `every`.
fn edits(flow: &Flow, every: usize) -> Vec<Planted> {
    let draft = Draft::new(flow).unwrap();
    let groups = draft.behaviours();
    let mut turn = draft.blocks.len();
    let mut is_turn = move || {
        turn += 1;
        turn.is_multiple_of(every)
    };
    let mut planted: Vec<Planted> = Vec::new();
    for at in 0..draft.blocks.len() {
        // A value of a block: a text, a number, an address.
        for (place, arg) in draft.blocks[at].args.iter().enumerate() {
            let Some(text) = arg.value.as_text() else { continue };
            let changed = match text.parts.as_slice() {
                [Part::Literal(text)] if text.parse::<u32>().is_ok() => {
                    Part::Literal((text.parse::<u32>().unwrap() + 1).to_string().into())
                }
                [Part::Literal(_)] if ["Text", "SSML"].contains(&&*arg.name.value) => Part::Literal(TEXT.into()),
                [Part::Resource(kind, name)] => Part::Resource(*kind, format!("{name} planted").into()),
                [Part::Literal(text)] if text.starts_with("arn:") => Part::Literal(format!("{text}f").into()),
                _ => continue,
            };
            if !is_turn() {
                continue;
            }
            let mut flow = draft.clone();
            flow.blocks[at].args[place].value = Value::Text(Text { parts: [changed].into(), span: Span::default() });
            planted.push(Planted {
                what: "a value is another",
                flow,
                told: Box::new(move |change, labels| {
                    matches!(change, Change::Edited { before, details, .. }
                        if labels.is(before, at) && details.len() == 1 && details[0].before != details[0].after)
                }),
            });
        }
        for (place, (outlet, target)) in draft.exits[at].iter().enumerate() {
            // A branch leads elsewhere; to where all is the same would be no change that anyone notices.
            let other = (1..draft.blocks.len()).map(|step| (target + step * 3) % draft.blocks.len());
            let other = other.clone().find(|other| groups[*other] != groups[*target]);
            if let Some(other) = other.filter(|_| is_turn()) {
                let mut flow = draft.clone();
                flow.exits[at][place].1 = other;
                let was = *target;
                planted.push(Planted {
                    what: "a branch leads elsewhere",
                    flow,
                    told: Box::new(move |change, labels| {
                        matches!(change, Change::Branch { way, before: Some(before), after: Some(after), .. }
                            if labels.is(&way.block, at) && labels.is(before, was) && labels.is(after, other))
                    }),
                });
            }
            // A line between two others.
            if is_turn() {
                let mut flow = draft.clone();
                let new = flow.blocks.len();
                flow.blocks.push(saying());
                flow.exits.push(vec![(Outlet::Next, *target), (Outlet::Error(catalogue::FAILURE.into()), *target)]);
                flow.exits[at][place].1 = new;
                let to_place = *target;
                planted.push(Planted {
                    what: "a block is new",
                    flow,
                    told: Box::new(move |change, labels| {
                        matches!(change, Change::Added { block, from, to: Some(to), .. }
                            if block.sentence.contains(TEXT) && labels.is(to, to_place)
                                && from.len() == 1 && labels.is(&from[0].block, at))
                    }),
                });
            }
            if *outlet == Outlet::Next {
                continue;
            }
            // A branch is gone.
            if is_turn() {
                let mut flow = draft.clone();
                flow.exits[at].remove(place);
                let was = *target;
                let is_error = matches!(outlet, Outlet::Error(_));
                planted.push(Planted {
                    what: "a branch is gone",
                    flow,
                    told: Box::new(move |change, labels| {
                        matches!(change, Change::Branch { way, before: Some(before), after: None, is_error: error, .. }
                            if (is_error || !error) && labels.is(before, was) && labels.is(&way.block, at))
                    }),
                });
            }
            // A branch is taken in another case.
            if let Outlet::Condition(condition) = outlet
                && is_turn()
            {
                let mut flow = draft.clone();
                let condition = Condition { operator: condition.operator.clone(), operands: ["planted".into()].into() };
                flow.exits[at][place].0 = Outlet::Condition(condition.into());
                planted.push(Planted {
                    what: "a branch is taken in another case",
                    flow,
                    told: Box::new(move |change, labels| {
                        matches!(change, Change::Case { block, before, after } if before != after && labels.is(block, at))
                    }),
                });
            }
        }
        // An error is handled that was not.
        if draft.blocks.len() > 1 && is_turn() {
            let mut flow = draft.clone();
            let target = (at + 1) % draft.blocks.len();
            flow.exits[at].push((Outlet::Error("PlantedError".into()), target));
            planted.push(Planted {
                what: "an error is handled",
                flow,
                told: Box::new(move |change, labels| {
                    matches!(change, Change::Branch { way, before: None, after: Some(after), is_error: true, .. }
                        if labels.is(&way.block, at) && labels.is(after, target))
                }),
            });
        }
        // A block is gone, and what led to it leads to where it led.
        let next = draft.exits[at].iter().find(|exit| exit.0 == Outlet::Next).map(|exit| exit.1);
        if let Some(next) = next.filter(|next| *next != at && draft.blocks.len() > 2 && is_turn()) {
            planted.push(Planted {
                what: "a block is gone",
                flow: draft.without(at, next),
                told: Box::new(move |change, labels| {
                    matches!(change, Change::Removed { block, .. } if block.sentence == labels.old[at])
                }),
            });
        }
    }
    planted
}

/// Holds what is told of every edit against the edit.
fn is_told(flows: impl IntoIterator<Item = Flow>, every: usize) {
    let flows: Vec<Flow> = flows.into_iter().collect();
    let told: Vec<(&'static str, Option<String>)> = flows.par_iter().flat_map_iter(|flow| told(flow, every)).collect();
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for (what, failure) in &told {
        let count = counts.entry(what).or_default();
        count.0 += 1;
        count.1 += usize::from(failure.is_some());
    }
    for (what, (all, failed)) in &counts {
        println!("{all:>7} times {what}: {failed} told otherwise");
    }
    let failures: Vec<String> = told.into_iter().filter_map(|(_, failure)| failure).collect();
    let shown = failures.get(..16).unwrap_or(&failures);
    assert!(failures.is_empty(), "{} of them:\n{}", failures.len(), shown.join("\n"));
}

/// What each edit of a flow is about, and what was told instead of it.
fn told(flow: &Flow, every: usize) -> Vec<(&'static str, Option<String>)> {
    let old = version(flow.clone());
    let hold = |planted: Planted| {
        let labels = Labels { old: labels(&old), new: labels(&version(planted.flow.flow())) };
        let found = diff(std::slice::from_ref(&old), &[version(shuffled(&planted.flow))], false);
        let changes = found.flows.first().map(|flow| flow.changes.as_slice()).unwrap_or_default();
        let is_told = matches!(changes, [only] if (planted.told)(&only.change, &labels));
        let failure = (!is_told).then(|| format!("{}: {}: {changes:?}", flow.name.value, planted.what));
        (planted.what, failure)
    };
    edits(flow, every).into_iter().map(hold).collect()
}

#[test]
fn every_edit_of_the_repository_s_flows_is_told_as_itself() {
    is_told(repository_flows(), 1);
}

#[test]
fn every_edit_of_generated_flows_is_told_as_itself() {
    is_told((0..6).flat_map(|seed| generated_flows(seed, 25)), 5);
}

#[test]
fn edits_of_real_exports_are_told_as_themselves() {
    let every = std::env::var("FLOWC_DIFF_EVERY").ok().and_then(|every| every.parse().ok()).unwrap_or(29);
    is_told(corpus_flows(), every);
}

/// Nothing tells these blocks apart but where they are, and all of them lead to one more. Work that grows with the pairs of
/// blocks would not come to an end here.
#[test]
fn a_long_row_of_blocks_that_are_all_alike_is_compared() {
    let count = 4000;
    let mut draft = Draft::new(&repository_flows().remove(0)).unwrap();
    let end = catalogue::with_role(Role::HangUp).unwrap();
    let end = Block { action: Action::Known(end), args: Vec::new(), ..saying() };
    let ways = |to: usize| vec![(Outlet::Next, to), (Outlet::Error(catalogue::FAILURE.into()), count)];
    draft.blocks = vec![saying(); count];
    draft.exits = (1..=count).map(ways).collect();
    draft.blocks.push(end);
    draft.exits.push(Vec::new());
    draft.start = 0;
    assert!(between(&draft, &draft).is_empty());
    let found = between(&draft, &draft.without(count / 2, count / 2 + 1));
    let changes: Vec<&Change> = found.flows[0].changes.iter().map(|told| &told.change).collect();
    assert!(matches!(changes.as_slice(), [Change::Removed { .. }]), "{:#?}", found.flows[0].changes);
}

// ---- the program ------------------------------------------------------------------------------------------------------

#[test]
fn without_git_the_program_says_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let run = flowc_command(folder.path(), &["diff", "main"]).env("PATH", folder.path()).output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("there is no program `git`") && said.contains("help: install it"), "{said}");
    assert_eq!(run.status.code(), Some(2));
}

/// The manual shows nothing that the program does not say: what it shows stands in the transcript.
#[test]
fn the_manual_shows_what_the_program_says() {
    let transcript = fs::read_to_string(repository("tests/cli/diff.txt")).unwrap();
    let page = fs::read_to_string(repository("docs/diff.md")).unwrap();
    let mut blocks = 0;
    for block in page.split("\n````").skip(1).step_by(2) {
        let (_, text) = block.split_once('\n').unwrap();
        blocks += 1;
        assert!(transcript.contains(text), "not in tests/cli/diff.txt:\n{text}");
    }
    assert_eq!(blocks, 3);
}
