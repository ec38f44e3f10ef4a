//! What a project decides about `flowc lint`: what is right where, at which level, and what is mended by itself.

use std::collections::BTreeSet;
use std::fs;

use flowc::diagnostics::Diagnostic;
use flowc::driver::{self, Linted, Settings};
use flowc::format::{self, Formatted};
use flowc::lint::{Setting, rules};
use flowc::source::{Source, SourceId};

use crate::support::baseline::{Project, entries, repository};

fn sources(files: &[(&str, &str)]) -> Vec<Source> {
    let source = |(at, (path, text)): (usize, &(&str, &str))| {
        Source::new(SourceId(u32::try_from(at).unwrap() + 1), *path, *text)
    };
    files.iter().enumerate().map(source).collect()
}

fn settings(toml: &str) -> Settings {
    let (settings, problems) = driver::settings(&Source::new(SourceId(0), driver::FILE_NAME, toml));
    assert!(problems.is_empty(), "{problems:?}");
    settings
}

fn lint(files: &[(&str, &str)], toml: &str) -> Linted {
    let linted = driver::lint(&sources(files), &settings(toml));
    assert!(linted.errors().next().is_none(), "{:?}", linted.problems);
    linted
}

/// The names of the rules that find something, each with the line it finds it on.
fn found(files: &[(&str, &str)], toml: &str) -> Vec<(&'static str, usize)> {
    let all = sources(files);
    let line = |finding: &flowc::lint::Finding| {
        let span = finding.diagnostic.primary.span;
        let source = all.iter().find(|source| source.id == span.source).unwrap();
        source.lines().line(span.start as usize)
    };
    lint(files, toml).findings.iter().map(|finding| (finding.rule.name(), line(finding))).collect()
}

// ---- @allow -------------------------------------------------------------------------------------------------------

/// Two numbers that are read out as one, in the opening part and in a step; `@1` to `@4` are places for lines.
const NUMBERS: &str = "/// Says numbers.
@1
inbound flow Main for voice {
  on error -> over

  @2
  say \"Call 2000000.\"
  -> more

  @3
  step more {
    @4
    say \"Or call 3000000.\"
    -> over
  }

  step over { disconnect }
}
";

/// The numbers that something is said about, with a line at one of the places.
fn numbers(at: &str) -> Vec<String> {
    let is_place = |line: &&str| line.trim().starts_with('@') && line.trim() != at;
    let lines: Vec<&str> = NUMBERS.lines().filter(|line| !is_place(line)).collect();
    let text = if at.is_empty() { lines.join("\n") } else { lines.join("\n").replace(at, ALLOWED) };
    let findings = lint(&[("main.flow", &text)], "").findings;
    findings.iter().map(|finding| finding.diagnostic.message.split(' ').next().unwrap().to_owned()).collect()
}

const ALLOWED: &str = "@allow(spoken-number, \"names\")";

#[test]
fn an_allow_silences_what_it_stands_above_and_no_more() {
    assert_eq!(numbers(""), ["2000000", "3000000"]);
    assert!(numbers("@1").is_empty());
    assert_eq!(numbers("@2"), ["3000000"]);
    assert_eq!(numbers("@3"), ["2000000"]);
    assert_eq!(numbers("@4"), ["2000000"]);
}

#[test]
fn an_allow_reaches_into_clauses_and_fragments() {
    let flow = |above: &str| {
        format!(
            "/// A menu.
inbound flow Main for voice {{
  on error -> over

  {above}
  menu \"Press 1.\" (timeout: 5s) {{
    1             {{ use number }}
    timeout, else {{ retry (max: 2) {{ spent -> over }} }}
  }}
  -> over

  step over {{ disconnect }}
}}
"
        )
    };
    let fragment = "fragment number {\n  say \"Call 2000000.\"\n}\n";
    let with = |above: &str| found(&[("main.flow", &flow(above)), ("number.flow", fragment)], "");
    assert_eq!(with(""), [("spoken-number", 2)]);
    assert_eq!(with("@allow(spoken-number, \"a name\")"), []);
    let allowed = format!("@allow(spoken-number, \"a name\")\n{fragment}");
    assert_eq!(found(&[("main.flow", &flow("")), ("number.flow", &allowed)], ""), []);
    // A line in a fragment that no copy needs is told about once.
    let unused = allowed.replace("2000000", "us");
    let twice = flow("").replace("1             {", "1             { use number\n    use number }\n    2 {");
    let left = found(&[("main.flow", &twice), ("number.flow", &unused)], "");
    assert_eq!(left.iter().filter(|(rule, _)| *rule == "unused-allow").count(), 1, "{left:?}");
}

#[test]
fn an_allow_of_a_rule_that_does_not_look_is_not_unused() {
    let text = NUMBERS.replace("@1", "@allow(busy-cycle, \"it is quick\")").replace("2000000", "us");
    let text = ["@2", "@3", "@4"].iter().fold(text, |text, place| text.replace(place, "")).replace("3000000", "us");
    let with = |toml: &str| found(&[("main.flow", &text)], toml);
    assert_eq!(with(""), [("unused-allow", 2)]);
    assert_eq!(with("[lint]\nbusy-cycle = \"allow\"\n"), []);
    assert_eq!(with("[[lint.in]]\npaths = [\"*.flow\"]\nbusy-cycle = \"allow\"\n"), []);
    assert_eq!(with("[lint]\nunused-allow = \"allow\"\n"), []);
    // Asked for alone, it still lets the others look first.
    let mut only = settings("");
    only.lint.only = Some("unused-allow");
    let linted = driver::lint(&sources(&[("main.flow", &text)]), &only);
    assert_eq!(linted.findings.len(), 1);
    only.lint.only = Some("spoken-number");
    assert!(driver::lint(&sources(&[("main.flow", &text)]), &only).findings.is_empty());
    // Beside a flow with errors nobody can tell.
    let broken = ("other.flow", "inbound flow Other {\n  say\n}\n");
    let linted = driver::lint(&sources(&[("main.flow", &text), broken]), &settings(""));
    assert!(linted.errors().next().is_some() && linted.findings.iter().all(|finding| finding.flow == "Other"));
}

#[test]
fn a_warning_of_the_compiler_is_allowed_by_its_code() {
    let flow = |above: &str| {
        format!("/// Ends.\ninbound flow Main {{\n  disconnect\n\n{above}  step spare {{\n    disconnect\n  }}\n}}\n")
    };
    assert_eq!(Project::flow(&flow("")).codes(), ["FC0405"]);
    let allowed = flow("  @allow(FC0405, \"for the holidays\")\n");
    assert!(Project::flow(&allowed).codes().is_empty());
    assert_eq!(found(&[("main.flow", &allowed)], ""), []);
    // Elsewhere it silences nothing, and that is told.
    let elsewhere = flow("").replace("  disconnect\n\n", "  @allow(FC0405, \"for the holidays\")\n  disconnect\n\n");
    assert_eq!(Project::flow(&elsewhere).codes(), ["FC0405"]);
    assert_eq!(found(&[("main.flow", &elsewhere)], ""), [("unused-allow", 3), ("unreachable-block", 7)]);
    // An error is not silenced.
    let error = "@allow(FC0204, \"later\")\ninbound flow Main {\n  -> nowhere\n}\n";
    assert_eq!(Project::flow(error).codes(), ["FC0204"]);
}

#[test]
fn an_allow_needs_a_reason() {
    for line in ["@allow(busy-cycle)", "@allow(busy-cycle, \" \")", "@allow"] {
        let project = Project::flow(&format!("{line}\ninbound flow Main {{\n  disconnect\n}}\n"));
        assert_eq!(project.codes(), ["FC0217"], "{line}");
    }
}

// ---- files of what is right in documents --------------------------------------------------------------------------

fn allowed(text: &str) -> (usize, Vec<Diagnostic>) {
    let (entries, problems) = driver::allowed(&Source::new(SourceId(7), "allow.toml", text));
    (entries.len(), problems)
}

#[test]
fn entries_are_about_a_flow_or_one_of_its_blocks() {
    let text = ["@1", "@2", "@3", "@4"].iter().fold(NUMBERS.to_owned(), |text, place| text.replace(place, ""));
    let checked = driver::check(&sources(&[("main.flow", &text)]), &settings(""));
    let [document, _] =
        driver::product(&checked.flows[0], &sources(&[("main.flow", &text)]), driver::Form::Content).outputs;
    let export = [("export.json", document.text.as_str())];
    let blocks: Vec<String> = lint(&export, "").findings.iter().map(|finding| finding.block.clone()).collect();
    assert_eq!(blocks.len(), 2);
    let left = |entries: &str| {
        let mut settings = settings("");
        let (allowed, problems) = driver::allowed(&Source::new(SourceId(7), "allow.toml", entries));
        assert!(problems.is_empty(), "{problems:?}");
        settings.lint.allowed = allowed;
        let linted = driver::lint(&sources(&export), &settings);
        linted.findings.iter().map(|finding| (finding.rule.name(), finding.block.clone())).collect::<Vec<_>>()
    };
    let entry = |flow: &str, block: &str| {
        let block = if block.is_empty() { String::new() } else { format!("block = \"{block}\"\n") };
        format!("[[allow]]\nrule = \"spoken-number\"\nflow = \"{flow}\"\n{block}reason = \"a name\"\n")
    };
    assert_eq!(left(&entry("Main", "")), []);
    assert_eq!(left(&entry("Main", &blocks[0])), [("spoken-number", blocks[1].clone())]);
    let gone = left(&(entry("Main", "") + &entry("Main", "gone")));
    assert_eq!(gone, [("unused-allow", String::new())]);
    // What is about flows that were not looked at may be needed there.
    assert_eq!(left(&entry("Other", "")).len(), 2);
}

#[test]
fn a_file_of_what_is_right_says_what_is_wrong_with_it() {
    let entry = "rule = \"busy-cycle\"\nflow = \"Main\"\nreason = \"quick\"\n";
    assert_eq!(allowed(&format!("[[allow]]\n{entry}")), (1, Vec::new()));
    let messages = |text: &str| {
        let (count, problems) = allowed(text);
        assert_eq!(count, 0);
        problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
    };
    assert_eq!(messages("[[alow]]\nrule = \"a\"\n"), ["`alow` is nothing that this file holds"]);
    assert_eq!(messages("allow = 1\n"), ["`allow` is a number, where sections are needed"]);
    assert_eq!(messages("[[allow]]\nrule = \"a\"\nflow = \"b\"\nreason = \" \"\n"), ["the reason is empty"]);
    assert_eq!(messages("[[allow]]\nrule = \"a\"\nreason = \"b\"\n"), ["this entry does not say its flow"]);
    let (_, problems) = allowed(&format!("[[allow]]\n{entry}blok = \"x\"\n"));
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `block`?"));
}

// ---- levels -------------------------------------------------------------------------------------------------------

#[test]
fn levels_are_of_the_project_and_of_its_parts() {
    let flow = "inbound flow NAME {\n  disconnect\n}\n";
    let flows: Vec<(&str, String)> = ["flows/new/a.flow", "flows/old/b.flow", "flows/old/deep/c.flow"]
        .map(|path| (path, flow.replace("NAME", path.rsplit('/').next().unwrap().trim_end_matches(".flow"))))
        .into();
    let files: Vec<(&str, &str)> = flows.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let levels = |toml: &str| {
        let findings = lint(&files, toml).findings;
        let of = |finding: &flowc::lint::Finding| (finding.flow.clone(), finding.diagnostic.is_error());
        findings.iter().filter(|finding| finding.rule.name() == "missing-description").map(of).collect::<Vec<_>>()
    };
    let (a, b, c) = ("a".to_owned(), "b".to_owned(), "c".to_owned());
    let warned = |name: &String| (name.clone(), false);
    let denied = |name: &String| (name.clone(), true);
    assert_eq!(levels(""), [warned(&a), warned(&b), warned(&c)]);
    assert_eq!(levels("[lint]\nmissing-description = \"allow\"\n"), []);
    assert_eq!(levels("[lint]\nmissing-description = \"deny\"\n"), [denied(&a), denied(&b), denied(&c)]);
    let part =
        |glob: &str, level: &str| format!("[[lint.in]]\npaths = [\"{glob}\"]\nmissing-description = \"{level}\"\n");
    assert_eq!(levels(&part("flows/old/*", "allow")), [warned(&a), warned(&c)]);
    assert_eq!(levels(&part("flows/old/**", "deny")), [warned(&a), denied(&b), denied(&c)]);
    // The last part that a file is in decides.
    let both = part("flows/**", "deny") + &part("**/b.flow", "allow");
    assert_eq!(levels(&both), [denied(&a), denied(&c)]);
    // A part switches on what is off elsewhere.
    let on = "[lint]\nmissing-description = \"allow\"\n".to_owned() + &part("**/deep/*", "warn");
    assert_eq!(levels(&on), [warned(&c)]);
}

// ---- fixes --------------------------------------------------------------------------------------------------------

/// The bad examples of all rules, as one project.
pub fn bad_examples() -> (Vec<Source>, Settings) {
    let mut found = Vec::new();
    for folder in entries(&repository("tests/rules")) {
        let text = fs::read_to_string(folder.join("fails.flow")).unwrap();
        let id = SourceId(u32::try_from(found.len()).unwrap() + 1);
        let rule = folder.file_name().unwrap().to_string_lossy().into_owned();
        // One project has each name once.
        let text = text.replace(" flow ", &format!(" flow {}_", rule.replace('-', "_")));
        found.push(Source::new(id, format!("{rule}.flow"), text));
    }
    let mut settings = settings("");
    for rule in rules::ALL.iter().filter(|rule| rule.default == Setting::Allow) {
        settings.lint.levels.insert(rule.name(), Setting::Warn);
    }
    (found, settings)
}

#[test]
fn all_fixes_together_converge_to_what_builds_and_has_its_form() {
    let (found, settings) = bad_examples();
    let errors = |sources: &[Source]| {
        driver::check(sources, &settings).diagnostics.iter().filter(|problem| problem.is_error()).count()
    };
    let before = errors(&found);
    for every_fix in [false, true] {
        let fixed = driver::fix(&found, &settings, every_fix, &|_| true);
        assert!(fixed.is_settled, "{:?}", fixed.left);
        assert!(fixed.changed.len() > if every_fix { 8 } else { 0 });
        assert_eq!(errors(&fixed.sources), before);
        for source in &fixed.sources {
            let is_changed = fixed.changed.contains_key(&source.id);
            assert!(!is_changed || format::format(source) == Formatted::Unchanged, "{}", source.path);
            let old = found.iter().find(|old| old.id == source.id).unwrap();
            assert_eq!(is_changed, old.text != source.text, "{}", source.path);
        }
        let again = driver::fix(&fixed.sources, &settings, every_fix, &|_| true);
        assert!(again.changed.is_empty(), "{:?}", again.changed);
    }
}

#[test]
fn only_what_is_wanted_is_fixed() {
    let (found, settings) = bad_examples();
    let wanted = "spoken-number.flow";
    let fixed = driver::fix(&found, &settings, true, &|finding| finding.path == wanted);
    let changed: BTreeSet<&str> = fixed
        .sources
        .iter()
        .filter(|source| fixed.changed.contains_key(&source.id))
        .map(|source| &*source.path)
        .collect();
    assert_eq!(changed, BTreeSet::from([wanted]));
}

/// What all fixes make of a flow, and why it was left as it was, if it was.
fn fixed(text: &str, toml: &str) -> (String, Option<String>) {
    let found = sources(&[("main.flow", text)]);
    let mut fixed = driver::fix(&found, &settings(toml), true, &|_| true);
    assert!(fixed.is_settled);
    (fixed.sources[0].text.to_string(), fixed.left.pop().map(|left| left.why))
}

#[test]
fn a_description_stands_above_what_else_is_said_of_a_flow() {
    let flow = "inbound flow Main_menu {\n  disconnect\n}\n";
    for above in ["", "@note(\"a\")\n", "@note(\"a\")\n@allow(silent-hang-up, \"b\")\n", "// About flows.\n\n"] {
        let (text, left) = fixed(&format!("{above}{flow}"), "[lint]\nunused-allow = \"allow\"\n");
        let (before, attributes) = if above.starts_with('@') { ("", above) } else { (above, "") };
        assert_eq!((text, left), (format!("{before}/// Main menu.\n{attributes}{flow}"), None));
    }
    // Where it would stand in the wrong place, nothing is done.
    let torn = format!("@note(\n  \"a\",\n)\n{flow}");
    assert_eq!(fixed(&torn, "").0, torn);
}

#[test]
fn a_fix_that_does_not_help_is_taken_back() {
    let text = "@note(\"a\")\n// Between a line with `@` and its flow, no description counts.\ninbound flow Main {\n  disconnect\n}\n";
    let (after, left) = fixed(text, "");
    assert_eq!((after.as_str(), left.as_deref()), (text, Some("fixed, it would be found again")));
}

/// Two of five edits would break the file, one of another file would not: the rest is applied, and what was left is told.
#[test]
fn what_cannot_be_fixed_keeps_nothing_else_from_being_fixed() {
    // With the ampersand spelled out, it would be longer than the service takes.
    let long = |mark: &str| {
        let begin = format!("<speak>{mark} & ");
        let rest = "x".repeat(6_000 - begin.len() - "</speak>".len());
        format!("  say ssml \"{begin}{rest}</speak>\"\n")
    };
    let flow = |name: &str, lines: &str| {
        format!("/// Signs in.\ninbound flow {name} for chat {{\n  on error -> next\n\n{lines}  disconnect\n}}\n")
    };
    let say = |path: &str| format!("  say \"{path}\"\n");
    let slip = |name: &str| format!("\\$Attributes.{name}");
    let read = |name: &str| format!("$.Attributes.{name}");
    let broken = [say(&slip("x")), long("a"), say(&slip("y")), long("b"), say(&slip("z"))].concat();
    let files = [("main.flow", &*flow("Main", &broken)), ("other.flow", &*flow("Other", &say(&slip("x"))))];
    let fixed = driver::fix(&sources(&files), &settings(""), true, &|_| true);
    let mended = [say(&read("x")), long("a"), say(&read("y")), long("b"), say(&read("z"))].concat();
    let texts: Vec<&str> = fixed.sources.iter().map(|source| &*source.text).collect();
    assert_eq!(texts, [flow("Main", &mended), flow("Other", &say(&read("x")))]);
    let left: Vec<&str> = fixed.left.iter().map(|left| &*left.title).collect();
    assert_eq!(left, ["write `&amp;`", "write `&amp;`"]);
    assert!(
        fixed.is_settled && fixed.left.iter().all(|left| left.why.contains("would not compile")),
        "{:?}",
        fixed.left
    );
    assert_eq!(fixed.changed.values().copied().collect::<Vec<_>>(), [3, 1]);
}

#[test]
fn the_log_is_switched_on_before_the_first_statement_and_not_inside_it() {
    let on = "[lint]\nlogging-off = \"warn\"\n";
    let flow = |first: &str| {
        format!("/// Ends.\ninbound flow Main {{\n  on error {{\n    disconnect\n  }}\n\n{first}  disconnect\n}}\n")
    };
    let (text, left) = fixed(&flow("  set $.Attributes.a = \"b\"\n"), on);
    assert_eq!((text, left), (flow("  set logging on\n  set $.Attributes.a = \"b\"\n"), None));
    let block = flow("  set {\n    $.Attributes.a = \"b\"\n  }\n");
    assert_eq!(fixed(&block, on), (block, None));
}
