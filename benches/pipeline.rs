//! How long flows take: each stage by itself, whole projects in memory, and the program from start to exit.
//!
//! `cargo bench` runs all of it; `benches/README.md` says what the figures mean, and which were measured where. The
//! projects are made by the generator of the tests, so that both are about the same flows.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark that cannot go on stops")]

#[path = "../tests/it/support/generate.rs"]
mod generate;

use std::collections::BTreeSet;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use flowc::driver::{self, Checked, EnvironmentFile, Form, Settings, Side};
use flowc::import::Options;
use flowc::lint::{Setting, rules};
use flowc::mapping::{Analysis, Plan, uses};
use flowc::source::{Source, SourceId};
use flowc::validate::ValidFlow;
use tempfile::TempDir;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SEED: u64 = 7;
const STATEMENTS: usize = 100;
/// Statements that come to just under the 250 blocks which the service takes.
const LARGE: usize = 200;

fn sources(flows: usize, statements: usize) -> Vec<Source> {
    let files = generate::project(SEED, flows, statements);
    files.into_iter().zip(0..).map(|((path, text), id)| Source::new(SourceId(id), path, text)).collect()
}

fn compile(sources: &[Source], settings: &Settings) -> usize {
    let Checked { flows, .. } = driver::check(sources, settings);
    flows.iter().map(|flow| driver::product(flow, sources, Form::Content).outputs[0].text.len()).sum()
}

/// The stages of one flow.
fn stages(c: &mut Criterion) {
    let mut group = c.benchmark_group("one flow of 100 statements");
    let settings = Settings::default();
    let project = sources(1, STATEMENTS);
    let flow = &project[1];
    let checked = driver::check(&project, &settings);
    assert!(!checked.has_errors(), "the generator writes valid flows");
    let main = checked.flows.iter().find(|valid| !valid.flow().is_module());
    group.bench_function("parse", |b| b.iter(|| black_box(flowc::syntax::parse(flow))));
    group.bench_function("parse, build, validate", |b| b.iter(|| black_box(driver::check(&project, &settings))));
    if let Some(main) = main {
        group.bench_function("emit", |b| b.iter(|| black_box(driver::product(main, &project, Form::Content))));
    }
    group.bench_function("format", |b| b.iter(|| black_box(flowc::format::format(flow))));
    group.finish();
}

/// Whole projects, from texts to texts.
fn projects(c: &mut Criterion) {
    let mut group = c.benchmark_group("in memory");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let settings = Settings::default();
    for flows in [1, 500, 5_000] {
        let project = sources(flows, STATEMENTS);
        group.bench_function(format!("{flows} flows"), |b| b.iter(|| black_box(compile(&project, &settings))));
    }
    group.finish();
}

/// Lint of whole projects with every rule, also those that are off by default, beside building the same.
fn lint(c: &mut Criterion) {
    let mut group = c.benchmark_group("lint");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let mut settings = Settings::default();
    for rule in rules::ALL {
        settings.lint.levels.insert(rule.name(), Setting::Warn);
    }
    for flows in [500, 5_000] {
        let project = sources(flows, STATEMENTS);
        group.bench_function(format!("build of {flows} flows"), |b| {
            b.iter(|| black_box(compile(&project, &settings)));
        });
        group.bench_function(format!("all rules over {flows} flows"), |b| {
            b.iter(|| black_box(driver::lint(&project, &settings)));
        });
    }
    group.finish();
}

/// Every flow says one thing otherwise: whole projects, and single flows of any size, from texts to what is told.
fn diff(c: &mut Criterion) {
    let mut group = c.benchmark_group("diff");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    let settings = Settings::default();
    let sizes = [(100, STATEMENTS), (1_000, STATEMENTS), (1, LARGE), (1, 10 * LARGE)];
    for (flows, statements) in sizes {
        let old = sources(flows, statements);
        let new: Vec<Source> = old.iter().map(changed).collect();
        let side = |sources| Side { sources, settings: &settings, chosen: None, is_file: false, prefix: "" };
        let told = driver::diff(&side(&old), &side(&new)).diff;
        assert!(told.unread.is_empty() && told.flows.len() >= flows, "one change in every flow");
        group.bench_function(format!("{flows} flows of {statements} statements"), |b| {
            b.iter(|| black_box(driver::diff(&side(&old), &side(&new))));
        });
    }
    group.finish();
}

/// A source whose first prompt says something else.
fn changed(source: &Source) -> Source {
    Source::new(source.id, source.path.clone(), source.text.replacen("say \"", "say \"Changed. ", 1))
}

/// What an editor asks for: one line of a large flow has changed.
fn edit(c: &mut Criterion) {
    let settings = Settings::default();
    let mut project = sources(1, LARGE);
    project[1] = changed(&project[1]);
    let checked = driver::check(&project, &settings);
    assert!(!checked.has_errors(), "the edited flow is still valid");
    let blocks = checked.flows.iter().map(|valid| valid.flow().len()).max();
    c.bench_function(&format!("check after an edit, {} blocks", blocks.unwrap_or(0)), |b| {
        b.iter(|| black_box(driver::check(&project, &settings)));
    });
}

/// Documents to sources: a large flow, and real exports where `$FLOWC_CORPUS` names a folder of them.
fn imports(c: &mut Criterion) {
    let mut group = c.benchmark_group("import");
    let project = sources(1, LARGE);
    let checked = driver::check(&project, &Settings::default());
    let large = checked.flows.iter().max_by_key(|valid| valid.flow().len()).expect("the generator writes valid flows");
    let [document, _] = driver::product(large, &project, Form::Content).outputs;
    let document = Source::new(SourceId(0), "main.json", document.text);
    let options = Options::default();
    group.bench_function(format!("a document of {} blocks", large.flow().len()), |b| {
        b.iter(|| black_box(driver::import(&document, 1, options, false)));
    });
    if let Some(corpus) = std::env::var_os("FLOWC_CORPUS") {
        let folder = Path::new(&corpus).join("flows");
        let files = fs::read_dir(folder).expect("the corpus has flows").filter_map(Result::ok);
        let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
        let exports: Vec<Source> =
            texts.zip(0..).map(|(text, id)| Source::new(SourceId(id), "main.json", text)).collect();
        group.sample_size(10).bench_function(format!("{} real exports, on one thread", exports.len()), |b| {
            b.iter(|| {
                exports.iter().map(|export| driver::import(export, 1, options, false).flows.len()).sum::<usize>()
            });
        });
    }
    group.finish();
}

/// The program, from its start to its exit, each time into a folder of its own: some file systems are slow to give out again
/// what was just removed. The folders go at the end; until then, 5,000 flows take some gigabytes.
fn processes(c: &mut Criterion) {
    let mut group = c.benchmark_group("whole process");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for flows in [1, 500, 5_000] {
        let folder = on_disk(flows);
        group.bench_function(format!("build of {flows} flows"), |b| {
            let mut number = 0;
            b.iter(|| {
                number += 1;
                run(folder.path(), number);
            });
        });
    }
    group.finish();
}

/// Mapping alone: a project that was checked, and the decisions about all of its names. Each flow has five, one of them
/// the flow behind it; every tenth is an entry that maps.
fn mapping(c: &mut Criterion) {
    let mut group = c.benchmark_group("mapping");
    let instance = "arn:aws:connect:eu-central-1:111122223333:instance/0f1e2d3c-1111-4222-8333-444455556666";
    for flows in [500, 1_000, 2_000] {
        let project = references(flows);
        let Checked { flows: valid, .. } = driver::check(&project, &Settings::default());
        assert_eq!(valid.len(), flows, "the project is valid");
        let all: Vec<_> = valid.iter().map(ValidFlow::flow).collect();
        let names: BTreeSet<_> =
            all.iter().flat_map(|flow| uses(flow)).map(|used| (used.kind.word(), used.name)).collect();
        let line = |(kind, name): &(&str, &str)| match *kind {
            "lambda" => format!("{kind}.{name:?} = \"function\"\n"),
            _ => format!("{kind}.{name:?} = \"0f1e2d3c-1111-4222-8333-444455556666\"\n"),
        };
        let lines: Vec<String> = names.iter().map(line).collect();
        let text = format!("instance = {instance:?}\n{}", lines.concat());
        let source = Source::new(SourceId(0), "environments/dev.toml", text);
        let file = EnvironmentFile { name: "dev".to_owned(), source: &source, included: Vec::new() };
        let (environments, problems) = driver::environments(&file);
        assert!(problems.is_empty(), "the environment is sound");
        group.bench_function(format!("analysis of {flows} flows with {} references", 5 * flows), |b| {
            b.iter(|| black_box(Plan::new(&Analysis::new(&all), &environments[0])));
        });
        group.bench_function(format!("{flows} flows, changed and checked again"), |b| {
            b.iter(|| black_box(driver::map(&valid, &environments[0])));
        });
    }
    group.finish();
}

fn references(flows: usize) -> Vec<Source> {
    let flow = |number: usize| {
        let next = (number + 1) % flows;
        let map = if number.is_multiple_of(10) { "  map resources\n" } else { "" };
        let text = format!(
            "inbound flow F{number} {{\n  on error -> out\n{map}  set queue Q{}\n  play \"P{}.wav\"\n  \
             set customer queue flow W{}\n  invoke L{}\n  transfer to flow F{next}\n  -> out\n  step out {{\n    disconnect\n  }}\n}}\n",
            number % 50,
            number % 40,
            number % 30,
            number % 20
        );
        Source::new(SourceId(u32::try_from(number).unwrap_or_default()), format!("f{number}.flow"), text)
    };
    (0..flows).map(flow).collect()
}

fn on_disk(flows: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the project");
    fs::write(folder.path().join("flowc.toml"), "source = \"flows\"\nout = \"out\"\n").expect("a project file");
    for (path, text) in generate::project(SEED, flows, STATEMENTS) {
        let file = folder.path().join("flows").join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a source");
    }
    folder
}

fn run(folder: &Path, number: usize) {
    let status = Command::new(env!("CARGO_BIN_EXE_flowc"))
        .args(["build", "--out", &format!("out{number}")])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    assert!(status.success(), "the project builds");
}

criterion_group!(benches, stages, edit, imports, projects, lint, diff, mapping, processes);
criterion_main!(benches);
