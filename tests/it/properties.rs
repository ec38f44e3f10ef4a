//! What holds for every input: no panic on any bytes, a formatter that changes nothing, the same output in any order,
//! and edits that move nothing else.

use std::collections::BTreeMap;

use flowc::driver::{self, Form, Settings};
use flowc::emit::manifest::Entry;
use flowc::format::{Formatted, format};
use flowc::source::{Source, SourceId};
use flowc::syntax;
use proptest::prelude::*;
use serde_json::Value;

use crate::corpus;
use crate::support::checker::{self, What};
use crate::support::generate;

fn sources(files: &[(String, String)]) -> Vec<Source> {
    files
        .iter()
        .enumerate()
        .map(|(number, (path, text))| Source::new(SourceId(u32::try_from(number).unwrap()), &**path, &**text))
        .collect()
}

fn lone(text: &str) -> Source {
    Source::new(SourceId(0), "main.flow", text)
}

/// Everything that a build of a project gives: file names and texts, and the manifest.
fn outputs(sources: &[Source], settings: &Settings) -> BTreeMap<String, String> {
    let checked = driver::check(sources, settings);
    let said: Vec<&String> = checked.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    assert!(!checked.has_errors(), "{said:#?}");
    let products: Vec<_> = checked.flows.iter().map(|flow| driver::product(flow, sources, Form::Content)).collect();
    let mut entries: Vec<Entry> = Vec::new();
    let mut files = BTreeMap::new();
    for product in products {
        files.extend(product.outputs.map(|output| (output.name, output.text)));
        entries.push(product.entry);
    }
    let manifest = driver::manifest(None, entries);
    files.insert(manifest.name, manifest.text);
    files
}

/// Takes a text through every stage, and holds what is said about it to its place.
fn survives(text: &str) {
    let source = lone(text);
    let parsed = syntax::parse(&source);
    let checked = driver::check(std::slice::from_ref(&source), &Settings::default());
    let said = checked.diagnostics.iter().chain(parsed.diagnostics.iter());
    for diagnostic in said {
        let places = diagnostic.secondary.iter().map(|label| label.span);
        let fixes = diagnostic.fixes.iter().map(|fix| fix.span);
        for span in std::iter::once(diagnostic.primary.span).chain(places).chain(fixes) {
            assert!(source.text.get(span.range()).is_some(), "{span:?} is no place in {text:?}: {diagnostic:?}");
        }
    }
    let _ = driver::settings(&Source::new(SourceId(0), driver::FILE_NAME, text));
    match format(&source) {
        Formatted::Changed(again) => assert_eq!(format(&lone(&again)), Formatted::Unchanged, "{text:?}"),
        Formatted::Unsound(difference) => panic!("{difference}: {text:?}"),
        Formatted::Unchanged | Formatted::Broken(_) => {}
    }
    for flow in &checked.flows {
        let _ = driver::product(flow, std::slice::from_ref(&source), Form::Envelope);
    }
}

const TOKENS: &[&str] = &[
    "inbound",
    "flow",
    "module",
    "fragment",
    "customer",
    "queue",
    "hold",
    "Main",
    "for",
    "voice",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "->",
    "=",
    "==",
    "!=",
    ">",
    ">=",
    "say",
    "menu",
    "collect",
    "ask",
    "set",
    "if",
    "else",
    "match",
    "repeat",
    "retry",
    "split",
    "do",
    "use",
    "step",
    "on",
    "error",
    "when",
    "next",
    "again",
    "timeout",
    "invoke",
    "with",
    "as",
    "call",
    "return",
    "disconnect",
    "end",
    "and",
    "or",
    "not",
    "contains",
    "starts with",
    "\"text\"",
    "\"$.Queue.Name and $x.y\"",
    "\"",
    "\"\"\"",
    "\\",
    "$",
    "$.Attributes.a",
    "$x",
    "$env.X",
    "5",
    "5s",
    "20%",
    "1",
    "*",
    "#",
    "@id(\"a\")",
    "@allow(a, \"b\")",
    "///",
    "//",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\t",
    "é",
    "\u{feff}",
    "\u{0}",
    "x",
    "max",
    "queue Sales",
    "x: 5",
    "\"a\": [1]",
    "{ a: 1 }",
    "inbound flow A {\n",
    "step a {\n",
    "menu \"x\" {\n",
];

/// Few cases by default, so that the whole suite stays quick; `PROPTEST_CASES` asks for more.
fn cases(few: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { few };
    ProptestConfig { cases, failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn tokens_never_panic(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..80)) {
        survives(&tokens.join(" "));
        survives(&format!("inbound flow A {{\n{}\n}}\n", tokens.join(" ")));
    }

    #[test]
    fn damage_never_panics(seed in any::<u64>(), cut in any::<prop::sample::Index>(), token in prop::sample::select(TOKENS)) {
        let text = generate::project(seed, 1, 12).pop().unwrap().1;
        let at = cut.index(text.len());
        survives(&format!("{} {token} {}", &text[..at], &text[at..]));
        survives(&text[..at]);
    }
}

/// How a writer in a hurry, or another editor, leaves the same text.
fn untidy(text: &str, way: u64) -> String {
    let lines = text.lines().map(|line| match way % 4 {
        0 => line.trim_start().to_owned(),
        1 => format!("{}\t// said so", line.replace(" { ", "{").replace(": ", ":").replace(" = ", "=")),
        2 => format!("    {}\n", line.replace(" (", "   (").replace(", ", " ,  ")),
        _ => line.replace(" -> ", "->"),
    });
    // A comment may not follow a documentation line, which it would join.
    lines.map(|line| if line.starts_with("///") { line.replace("\t// said so", "") } else { line } + "\n").collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn generated_projects_are_valid(seed in any::<u64>(), statements in 0_usize..60) {
        let files = generate::project(seed, 3, statements);
        let sources = sources(&files);
        let checked = driver::check(&sources, &Settings::default());
        let said: Vec<&String> = checked.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
        prop_assert!(said.is_empty(), "{said:#?}\n{}", files.last().unwrap().1);
        for (file, text, what) in corpus::documents(&checked, &sources) {
            prop_assert_eq!(checker::problems(&text, what), [""; 0], "{}", file);
        }
    }

    #[test]
    fn formatting_changes_no_document(seed in any::<u64>(), way in any::<u64>()) {
        let files: Vec<(String, String)> =
            generate::project(seed, 1, 25).into_iter().map(|(path, text)| (path, untidy(&text, way))).collect();
        formats_to_the_same(&sources(&files), &Settings::default());
    }

    #[test]
    fn order_and_threads_do_not_matter(seed in any::<u64>(), turn in 1_usize..5) {
        let mut files = generate::project(seed, 5, 10);
        let before = in_pool(1, &files);
        files.rotate_left(turn);
        files.swap(0, 1);
        prop_assert_eq!(&before, &in_pool(4, &files));
        prop_assert_eq!(&before, &in_pool(1, &files));
    }

    #[test]
    fn an_edit_moves_nothing_else(seed in any::<u64>(), place in any::<prop::sample::Index>()) {
        let files = generate::project(seed, 1, 30);
        inserts_cleanly(&files, place);
    }
}

fn in_pool(threads: usize, files: &[(String, String)]) -> BTreeMap<String, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| outputs(&sources(files), &Settings::default()))
}

/// The documents alone: a source map names lines, which formatting moves.
fn documents(sources: &[Source], settings: &Settings) -> BTreeMap<String, String> {
    let files = outputs(sources, settings);
    files.into_iter().filter(|(name, _)| !name.ends_with(".map.json") && name != driver::MANIFEST).collect()
}

fn formats_to_the_same(sources: &[Source], settings: &Settings) {
    let tidy: Vec<Source> = sources
        .iter()
        .map(|source| match format(source) {
            Formatted::Unchanged => source.clone(),
            Formatted::Changed(text) => {
                let tidy = Source::new(source.id, source.path.clone(), text);
                assert_eq!(format(&tidy), Formatted::Unchanged, "{}", tidy.text);
                tidy
            }
            other => panic!("{other:?}\n{}", source.text),
        })
        .collect();
    assert_eq!(documents(sources, settings), documents(&tidy, settings));
}

#[test]
fn formatting_changes_no_document_of_the_repository() {
    let (mut sources, settings) = corpus::project();
    for way in 0..4 {
        for source in &mut sources {
            // Block texts would keep the spaces.
            if !source.text.contains("\"\"\"") {
                source.text = untidy(&source.text, way).into();
            }
        }
        formats_to_the_same(&sources, &settings);
        sources = corpus::project().0;
    }
}

const FRESH: &str = "say \"A fresh statement, said nowhere else.\" { error -> next }";

/// Inserts a line where a statement of the flow's opening part begins, and compares the documents.
fn inserts_cleanly(files: &[(String, String)], place: prop::sample::Index) {
    let (path, text) = files.last().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let begins: Vec<usize> = (0..lines.len())
        .filter(|&line| lines[line].starts_with("  ") && !lines[line].starts_with("   "))
        .filter(|&line| !["}", "step", "on "].iter().any(|word| lines[line].trim_start().starts_with(word)))
        .filter(|&line| !lines[..line].iter().any(|before| before.trim_start().starts_with("step")))
        .collect();
    let at = begins[place.index(begins.len())];
    let mut edited = lines.clone();
    edited.insert(at, FRESH);
    let mut after = files.to_vec();
    *after.last_mut().unwrap() = (path.clone(), edited.join("\n"));

    let name = "Flow 0.json";
    let [before, after] = [files, &after].map(|files| {
        let text = documents(&sources(files), &Settings::default())[name].clone();
        assert_eq!(checker::problems(&text, What::Flow), [""; 0]);
        serde_json::from_str::<Value>(&text).unwrap()
    });
    let by_identifier = |document: &Value| -> BTreeMap<String, Value> {
        let actions = document["Actions"].as_array().unwrap();
        actions.iter().map(|action| (action["Identifier"].as_str().unwrap().to_owned(), action.clone())).collect()
    };
    let (before_actions, mut after_actions) = (by_identifier(&before), by_identifier(&after));
    let fresh: Vec<String> =
        after_actions.keys().filter(|identifier| !before_actions.contains_key(*identifier)).cloned().collect();
    let [fresh] = fresh.as_slice() else { panic!("{} new blocks for one new line", fresh.len()) };
    let behind = after_actions.remove(fresh).unwrap()["Transitions"]["NextAction"].as_str().unwrap().to_owned();
    // Whatever led to the statement that it was put before leads to the new one now, and nothing else is another.
    let bypassed = |value: &Value| value.to_string().replace(fresh, &behind);
    assert_eq!(bypassed(&after["StartAction"]), before["StartAction"].to_string());
    assert_eq!(after_actions.len(), before_actions.len());
    for (identifier, action) in &before_actions {
        assert_eq!(bypassed(&after_actions[identifier]), action.to_string());
    }
}
