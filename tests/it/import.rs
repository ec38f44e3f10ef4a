//! Imports: a folder per case with a document and the source that it becomes, the examples of the catalogue there and
//! back, and inputs that are too much.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use flowc::diagnostics::Diagnostic;
use flowc::diagnostics::render::{self, Format, Style};
use flowc::driver;
use flowc::format::{Formatted, format};
use flowc::import::Options;
use flowc::source::{Source, SourceId};

use crate::catalogue;
use crate::support::baseline::{Baselines, entries, flowc, is_kind, name, repository};

const OPTIONS: &str = "options.txt";
const INPUTS: [&str; 3] = ["input.json", "input.yaml", "input.template"];

#[test]
fn documents_become_the_source_that_is_on_file() {
    let mut baselines = Baselines::default();
    let cases = entries(&repository("tests/import"));
    assert!(!cases.is_empty());
    for case in cases {
        hold(&case, &mut baselines);
    }
    baselines.finish();
}

fn hold(case: &Path, baselines: &mut Baselines) {
    let is_input = |path: &std::path::PathBuf| INPUTS.contains(&name(path).as_str());
    let input = entries(case).into_iter().find(is_input).expect("a case has an input");
    let words = fs::read_to_string(case.join(OPTIONS)).unwrap_or_default();
    let has = |option: &str| words.split_whitespace().any(|word| word == option);
    let options = Options { keep_identifiers: has("--keep-ids"), keep_addresses: has("--keep-arns") };
    let source = Source::new(SourceId(0), name(&input), fs::read_to_string(&input).unwrap());
    let imported = driver::import(&source, 1, options, true);

    let mut known: BTreeSet<String> = BTreeSet::from([name(&input), OPTIONS.to_owned()]);
    for flow in &imported.flows {
        for difference in &flow.differences {
            baselines.fail(format!("{}: {}: {}", name(case), difference.place, difference.what));
        }
        for file in &flow.files {
            if !known.insert(file.name.clone()) {
                baselines.fail(format!("{}: two flows would be {}", name(case), file.name));
            }
            baselines.expect(&case.join(&file.name), &file.text);
            let again = Source::new(SourceId(0), "main.flow", file.text.as_str());
            if is_kind(&file.name, "flow") && format(&again) != Formatted::Unchanged {
                baselines.fail(format!("{}/{} is not formatted", name(case), file.name));
            }
        }
    }
    let problems: Vec<Diagnostic> = imported.diagnostics.into_sorted();
    if imported.flows.is_empty() && !problems.iter().any(Diagnostic::is_error) {
        baselines.fail(format!("{}: there is no flow, and no word about it", name(case)));
    }
    if !problems.is_empty() {
        let texts: Vec<Source> = std::iter::once(source).chain(imported.inner).collect();
        let style = Style { color: false, unicode: true, width: 100 };
        baselines.expect(&case.join("diagnostics.txt"), &render::render(&problems, &texts, Format::Human, style));
        known.insert("diagnostics.txt".to_owned());
    }
    for stray in entries(case).iter().map(|path| name(path)).filter(|file| !known.contains(file)) {
        baselines.fail(format!("{}/{stray} is nothing that the import makes", name(case)));
    }
}

// ---- the catalogue's examples -------------------------------------------------------------------------------------

/// Sentences that come back as other words for the same blocks, and why that is right.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("set attributes of current contact (tier: \"gold\")", "one attribute of this contact is what `set` is for"),
    ("transfer to queue Sales { full -> next }", "the errors of the two blocks lead to different places here"),
    ("set routing age 60s", "a whole minute is said as one"),
    ("set customer whisper flow \"Connecting\"", "a name of one word needs no quotes"),
    ("set customer hold flow \"Hold\"", "a name of one word needs no quotes"),
    ("set disconnect flow \"Survey\"", "a name of one word needs no quotes"),
    ("map resources", "it becomes no block: it tells the compiler to write a table into the flow"),
];

/// A sentence becomes a document, and the document the same sentence.
#[test]
fn examples_come_back_from_their_documents() {
    let mut problems = Vec::new();
    for (row, example, text, document) in catalogue::compiled_examples() {
        let source = Source::new(SourceId(0), "Example.json", document.as_str());
        let imported = driver::import(&source, 1, Options::default(), true);
        let [flow] = imported.flows.as_slice() else {
            problems.push(format!("{row}: `{example}` is not imported: {:?}", imported.diagnostics));
            continue;
        };
        for difference in &flow.differences {
            problems.push(format!("{row}: `{example}`: {}: {}", difference.place, difference.what));
        }
        let back = &flow.files[0].text;
        let comes_back =
            flow.stats.sentences == flow.stats.blocks && sentence(back, example) == sentence(&text, example);
        let is_listed = OTHER_WORDS.iter().any(|(listed, _)| *listed == example);
        match (comes_back, is_listed) {
            (false, false) => problems.push(format!("{row}: `{example}` comes back as other words:\n{back}")),
            (true, true) => problems.push(format!("{row}: `{example}` does come back; it needs no excuse")),
            _ => {}
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// The words of a line up to its values, its settings and its clauses: what they are is the document's business, and what
/// a line leaves to its defaults is said in what comes back.
fn sentence(text: &str, example: &str) -> Option<String> {
    let tidy = match format(&Source::new(SourceId(0), "main.flow", text)) {
        Formatted::Changed(tidy) => tidy,
        _ => text.to_owned(),
    };
    let verb = example.split_whitespace().next().unwrap_or_default();
    let line = tidy.lines().map(str::trim).find(|line| line.split_whitespace().next() == Some(verb))?;
    let words = line.split(['(', '{', '[']).next().unwrap_or(line);
    Some(words.split(" as ").next().unwrap_or(words).trim().to_owned())
}

// ---- marks of template engines ------------------------------------------------------------------------------------

const MARKS: [&str; 7] = ["${Mark}", "{{Mark}}", "{Mark}", "<<Mark>>", "<Mark>", "%%Mark%%", "%Mark%"];

/// Each text of each example in turn becomes a placeholder of a template engine: it is still there in what the source
/// compiles to, with names and without.
#[test]
fn marks_of_template_engines_survive_in_every_position() {
    let mut problems = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (row, example, _, document) in catalogue::compiled_examples() {
        let whole: serde_json::Value = serde_json::from_str(&document).unwrap();
        for place in places(&whole) {
            let general: Vec<&str> = place.split('/').filter(|step| step.parse::<usize>().is_err()).collect();
            if !seen.insert((row, general.join("/"))) {
                continue;
            }
            for (index, mark) in MARKS.into_iter().enumerate() {
                let mut marked = whole.clone();
                *marked.pointer_mut(&place).unwrap() = mark.into();
                let source = Source::new(SourceId(0), "Example.json", marked.to_string());
                let options = Options { keep_addresses: index % 2 == 1, ..Options::default() };
                let imported = driver::import(&source, 1, options, true);
                let [flow] = imported.flows.as_slice() else { panic!("{row}: {place}: {mark}") };
                for difference in &flow.differences {
                    problems.insert(format!("{row}: `{example}`: {}: {}", difference.place, difference.what));
                }
            }
        }
    }
    assert!(seen.len() > 100, "{} places", seen.len());
    assert!(problems.is_empty(), "\n{}", problems.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The places of texts in parameters and in the operands of conditions, as JSON pointers.
fn places(document: &serde_json::Value) -> Vec<String> {
    fn below(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
        match value {
            serde_json::Value::String(_) => found.push(at.to_owned()),
            serde_json::Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| below(item, &format!("{at}/{index}"), found));
            }
            serde_json::Value::Object(entries) => {
                for (key, value) in entries {
                    below(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (index, action) in document["Actions"].as_array().unwrap().iter().enumerate() {
        below(&action["Parameters"], &format!("/Actions/{index}/Parameters"), &mut found);
        for (number, condition) in action["Transitions"]["Conditions"].as_array().into_iter().flatten().enumerate() {
            let at = format!("/Actions/{index}/Transitions/Conditions/{number}/Condition/Operands");
            below(&condition["Condition"]["Operands"], &at, &mut found);
        }
    }
    found
}

// ---- too much -----------------------------------------------------------------------------------------------------

/// Imports a file and holds that it is refused with one message.
#[track_caller]
fn refused(text: &[u8], words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.json"), text).unwrap();
    let run = flowc(folder.path(), &["import", "main.json", "--message-format", "short"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    assert_eq!(run.stderr.matches("error[").count(), 1, "{}", run.stderr);
    assert_eq!(entries(folder.path()).len(), 1, "something was written");
}

#[test]
fn a_hundred_megabytes() {
    refused(&vec![b' '; 100 << 20], &["main.json", "error[FC0105]"]);
}

#[test]
fn nesting_a_hundred_thousand_deep() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = format!("{{\"Actions\": {}1{}}}", open.repeat(100_000), close.repeat(100_000));
        refused(text.as_bytes(), &["main.json:1:", "error[FC0103]"]);
    }
}

#[test]
fn bytes_that_are_no_text() {
    refused(b"{\"Actions\": \"\xFF\xFE\"}", &["main.json", "error[FC0104]"]);
}

#[test]
fn a_flow_cut_short_anywhere() {
    let whole = fs::read_to_string(repository("tests/baselines/menu/main.json")).unwrap();
    for end in (0..whole.trim_end().len()).step_by(97).filter(|end| whole.is_char_boundary(*end)) {
        let source = Source::new(SourceId(0), "main.json", &whole[..end]);
        let imported = driver::import(&source, 1, Options::default(), true);
        assert!(imported.flows.is_empty() && imported.diagnostics.has_errors(), "cut at {end}");
        assert_eq!(imported.diagnostics.iter().count(), 1, "cut at {end}: {:?}", imported.diagnostics);
    }
}
