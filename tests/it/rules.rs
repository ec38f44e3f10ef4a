//! Every rule of `flowc lint` has a page, flows that it finds something in, and flows that nothing is found in: in source,
//! and compiled to documents.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use flowc::diagnostics::render::{self, Format, Style};
use flowc::diagnostics::{Diagnostic, Fix, Safety};
use flowc::driver::{self, Form, Settings};
use flowc::format::{self, Formatted};
use flowc::lint::{Finding, Rule, Setting, baseline, report, rules};
use flowc::source::{Source, SourceId};

use crate::support::baseline::{Baselines, entries, is_kind, name, repository};

const FOLDER: &str = "tests/rules";
const PAGES: &str = "docs/rules";

/// What a function of the example answers.
const CONTRACT: &str = "contract.json";

/// The ending of files of what bots of the example say of themselves.
const BOT: &str = ".bot.toml";

/// What is right in documents, for rules about that.
const ALLOW_FILE: &str = "allow.toml";

/// Rules about what documents do not have.
const SOURCE_ONLY: [&str; 7] = [
    "entry-without-handler",
    "fragment-used-once",
    "literal-account",
    "literal-address",
    "literal-phone-number",
    "missing-description",
    "step-name",
];

#[test]
fn every_rule_has_a_page_and_examples_and_every_one_of_those_a_rule() {
    let known: BTreeSet<String> = rules::ALL.iter().map(|rule| rule.name().to_owned()).collect();
    let folders: BTreeSet<String> = entries(&repository(FOLDER)).iter().map(|path| name(path)).collect();
    let pages: BTreeSet<String> =
        entries(&repository(PAGES)).iter().map(|path| name(path).trim_end_matches(".md").to_owned()).collect();
    assert_eq!(known, folders, "rules, and folders in {FOLDER}");
    assert_eq!(known, pages, "rules, and pages in {PAGES}");
    let names: Vec<&str> = rules::ALL.iter().map(Rule::name).collect();
    assert!(names.is_sorted(), "rules stand in order of their names: {names:?}");
}

#[test]
fn rules_find_what_they_are_for_and_nothing_else() {
    let mut baselines = Baselines::default();
    for rule in rules::ALL {
        let folder = repository(FOLDER).join(rule.name());
        let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
        let (fails, passes, toml) = (text("fails.flow"), text("passes.flow"), text("flowc.toml"));
        let mut settings = settings(rule, &toml, &mut baselines);
        settings.lint.contracts.extend(flowc::flow::Function::read(&text(CONTRACT)));
        for path in entries(&folder).into_iter().filter(|path| name(path).ends_with(BOT)) {
            let file = name(&path).replace(BOT, ".toml");
            let source = Source::new(SourceId(9999), file, fs::read_to_string(&path).unwrap());
            let (bot, known, problems) = driver::bot(&source);
            assert!(problems.is_empty(), "{}: {problems:?}", rule.name());
            settings.lint.bots.insert(bot, known);
        }
        for (file, text, finds) in [("fails", &fails, true), ("passes", &passes, false)] {
            let source = Source::new(SourceId(1), format!("{file}.flow"), text.as_str());
            let linted = lint(std::slice::from_ref(&source), &settings);
            expect(rule, &source.path, &linted, finds, &mut baselines);
            if finds {
                let shown = rendered(&linted.diagnostics(), &source);
                baselines.expect(&folder.join("expected.txt"), &shown);
                linted.findings.iter().for_each(|finding| message_rules(rule, finding, &mut baselines));
                fixes(rule, &folder, &source, &linted, &settings, &mut baselines);
            }
            documents(rule, &folder, file, &source, &settings, finds, &mut baselines);
        }
        let fixes = safeties(&fails, &settings);
        page(rule, &fails, &passes, &toml, &fixes, &mut baselines);
        tidy(&folder, &mut baselines);
    }
    baselines.finish();
}

#[test]
fn the_flows_of_this_repository_have_no_finding() {
    let mut sources = Vec::new();
    for path in crate::support::baseline::files_below(&repository("flows-src")) {
        let shown = path.strip_prefix(repository("")).unwrap().to_string_lossy().into_owned();
        let id = SourceId(u32::try_from(sources.len()).unwrap());
        sources.push(Source::new(id, shown, fs::read_to_string(&path).unwrap()));
    }
    let text = fs::read_to_string(repository("flowc.toml")).unwrap();
    let (settings, _) = driver::settings(&Source::new(SourceId(9999), driver::FILE_NAME, text));
    let linted = driver::lint(&sources, &settings);
    assert!(linted.problems.is_empty() && linted.flows.len() >= 10);
    let found: Vec<String> = linted
        .findings
        .iter()
        .map(|finding| format!("{} in {}: {}", finding.rule.name(), finding.flow, finding.diagnostic.message))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

struct Linted {
    findings: Vec<Finding>,
    errors: Vec<Diagnostic>,
}

impl Linted {
    fn diagnostics(&self) -> Vec<Diagnostic> {
        self.errors.iter().cloned().chain(self.findings.iter().map(|finding| finding.diagnostic.clone())).collect()
    }
}

fn lint(sources: &[Source], settings: &Settings) -> Linted {
    let linted = driver::lint(sources, settings);
    let errors = linted.errors().cloned().collect();
    Linted { findings: linted.findings, errors }
}

/// The settings of the examples: the defaults, and the rule itself switched on.
fn settings(rule: &Rule, toml: &str, baselines: &mut Baselines) -> Settings {
    let (mut settings, problems) = driver::settings(&Source::new(SourceId(0), driver::FILE_NAME, toml));
    if !problems.is_empty() {
        baselines.fail(format!("{}: its flowc.toml is not sound: {problems:?}", rule.name()));
    }
    if rule.default == Setting::Allow {
        settings.lint.levels.insert(rule.name(), Setting::Warn);
    }
    settings
}

fn expect(rule: &Rule, file: &str, linted: &Linted, finds: bool, baselines: &mut Baselines) {
    let found: BTreeSet<&str> = linted.findings.iter().map(|finding| finding.rule.name()).collect();
    let expected: BTreeSet<&str> = finds.then_some(rule.name()).into_iter().collect();
    if found != expected || !linted.errors.is_empty() {
        let errors: Vec<&String> = linted.errors.iter().map(|error| &error.message).collect();
        let messages: Vec<&String> = linted.findings.iter().map(|finding| &finding.diagnostic.message).collect();
        baselines.fail(format!("{}: {file} gives {found:?} {messages:?} {errors:?}", rule.name()));
    }
}

/// What the fixes of a rule's bad example make of it: `fixed.flow`, which is whole, has its one form and stays as it is.
fn fixes(rule: &Rule, folder: &Path, source: &Source, linted: &Linted, settings: &Settings, baselines: &mut Baselines) {
    let path = folder.join("fixed.flow");
    let found: Vec<&Fix> = linted.findings.iter().flat_map(|finding| &finding.diagnostic.fixes).collect();
    if found.is_empty() {
        if path.exists() {
            baselines.fail(format!("{}: has a fixed.flow and no fix", rule.name()));
        }
        return;
    }
    let fixed = |source: &Source, every_fix: bool| {
        let fixed = driver::fix(std::slice::from_ref(source), settings, every_fix, &|_| true);
        assert!(fixed.is_settled && fixed.left.is_empty(), "{}: {:?}", rule.name(), fixed.left);
        fixed
    };
    let all = fixed(source, true);
    assert!(all.linted.errors().next().is_none(), "{}: {:?}", rule.name(), all.linted.problems);
    let text = all.sources[0].clone();
    baselines.expect(&path, &text.text);
    assert_eq!(format::format(&text), Formatted::Unchanged, "{}", rule.name());
    assert!(fixed(&text, true).changed.is_empty(), "{}: fixes twice", rule.name());
    let left = all.linted.findings.iter().find(|finding| !finding.diagnostic.fixes.is_empty());
    assert!(left.is_none(), "{}: leaves {left:?}", rule.name());
    let has_safe = found.iter().any(|fix| fix.safety == Safety::Safe);
    assert_eq!(!fixed(source, false).changed.is_empty(), has_safe, "{}: safe fixes, and only those", rule.name());
}

/// The same flows as documents.
fn documents(
    rule: &Rule,
    folder: &Path,
    file: &str,
    source: &Source,
    settings: &Settings,
    finds: bool,
    baselines: &mut Baselines,
) {
    let checked = driver::check(std::slice::from_ref(source), settings);
    let is_one = checked.flows.len() == 1;
    let mut sources = Vec::new();
    for flow in &checked.flows {
        let product = driver::product(flow, std::slice::from_ref(source), Form::Content);
        // The document, and its source map.
        let [document, _] = product.outputs;
        let shown = if is_one { format!("{file}.json") } else { format!("{file}.{}.json", flow.flow().name.value) };
        baselines.expect(&folder.join(&shown), &document.text);
        let id = SourceId(u32::try_from(sources.len() + 1).unwrap());
        sources.push(Source::new(id, shown, document.text));
    }
    let mut settings = settings.clone();
    if let Ok(text) = fs::read_to_string(folder.join(format!("{file}.{ALLOW_FILE}"))) {
        let (entries, problems) = driver::allowed(&Source::new(SourceId(9999), ALLOW_FILE, text));
        assert!(problems.is_empty(), "{}: {problems:?}", rule.name());
        settings.lint.allowed = entries;
    }
    let linted = lint(&sources, &settings);
    if linted.findings.iter().any(|finding| !finding.diagnostic.fixes.is_empty()) {
        baselines.fail(format!("{}: would edit a document", rule.name()));
    }
    let is_seen = finds && !SOURCE_ONLY.contains(&rule.name());
    expect(rule, &format!("{file}.json"), &linted, is_seen, baselines);
}

fn rendered(diagnostics: &[Diagnostic], source: &Source) -> String {
    let style = Style { color: false, unicode: true, width: 100 };
    render::render(diagnostics, std::slice::from_ref(source), Format::Human, style)
}

/// What every message keeps to.
fn message_rules(rule: &Rule, finding: &Finding, baselines: &mut Baselines) {
    let diagnostic = &finding.diagnostic;
    let labels = diagnostic.secondary.iter().chain([&diagnostic.primary]).map(|label| &label.text);
    for text in labels.chain(&diagnostic.help).chain([&diagnostic.message]) {
        if text.ends_with('.') && !text.ends_with("..") || text.starts_with(char::is_uppercase) {
            baselines.fail(format!("{}: begins with a capital or ends with a full stop: {text}", rule.name()));
        }
    }
    if diagnostic.help.as_ref().is_none_or(String::is_empty) {
        baselines.fail(format!("{}: says no word about what to do: {}", rule.name(), diagnostic.message));
    }
    if diagnostic.message.matches('`').count() % 2 == 1 {
        baselines.fail(format!("{}: has a lone backtick: {}", rule.name(), diagnostic.message));
    }
}

/// How safe the fixes are of what is found in a text.
fn safeties(text: &str, settings: &Settings) -> BTreeSet<Safety> {
    let found = lint(&[Source::new(SourceId(1), "fails.flow", text)], settings).findings;
    found.iter().flat_map(|finding| &finding.diagnostic.fixes).map(|fix| fix.safety).collect()
}

/// The page: its title and prose as they are written, the examples as they are in the folder.
fn page(rule: &Rule, fails: &str, passes: &str, toml: &str, fixes: &BTreeSet<Safety>, baselines: &mut Baselines) {
    let path = repository(PAGES).join(format!("{}.md", rule.name()));
    let stored = fs::read_to_string(&path).unwrap_or_default();
    let prose = stored.split("\n## ").next().unwrap().trim_end();
    let title = format!("# {}: {}", rule.name(), rule.title());
    if prose.lines().next() != Some(&title) || prose.lines().count() < 3 {
        baselines.fail(format!("{}: its page does not begin with `{title}` and a paragraph", rule.name()));
    }
    let default = match rule.default {
        Setting::Allow => "Off unless a project switches it on.",
        Setting::Warn => "A warning unless a project decides otherwise.",
        Setting::Deny => "An error unless a project decides otherwise.",
    };
    let fix = match (fixes.contains(&Safety::Safe), fixes.contains(&Safety::Unsafe)) {
        (true, true) => "\n\n`flowc lint --fix` fixes some of it, `--unsafe-fixes` the rest.",
        (true, false) => "\n\n`flowc lint --fix` fixes it.",
        (false, true) => "\n\n`flowc lint --unsafe-fixes` fixes what it can; read what it did.",
        (false, false) => "",
    };
    let mut text = format!(
        "{prose}\n\n## Level\n\n{default}{fix}\n\n## Bad\n\n```flow\n{fails}```\n\n## Good\n\n```flow\n{passes}```\n"
    );
    if !toml.is_empty() {
        write!(text, "\n## With this flowc.toml\n\n```toml\n{toml}```\n").unwrap();
    }
    baselines.expect(&path, &text);
}

/// Nothing lies in a folder that no test reads.
fn tidy(folder: &Path, baselines: &mut Baselines) {
    for path in entries(folder) {
        let name = name(&path);
        let is_allow_file = ["fails", "passes"].iter().any(|file| name == format!("{file}.{ALLOW_FILE}"));
        let is_document =
            is_allow_file || is_kind(&path, "json") && (name.starts_with("fails.") || name.starts_with("passes."));
        if !is_document
            && !name.ends_with(BOT)
            && !["fails.flow", "fixed.flow", "passes.flow", "expected.txt", "flowc.toml", CONTRACT]
                .contains(&name.as_str())
        {
            baselines.fail(format!("nothing reads {}", path.display()));
        }
    }
}

// ---- reports ------------------------------------------------------------------------------------------------------

/// The findings of a rule's bad example, behind so many empty lines.
fn example(rule: &str, lines: usize) -> (Vec<Finding>, Source) {
    let text = fs::read_to_string(repository(FOLDER).join(rule).join("fails.flow")).unwrap();
    let source = Source::new(SourceId(1), "flows-src/a b.flow", "\n".repeat(lines) + &text);
    let linted = lint(std::slice::from_ref(&source), &Settings::default());
    assert!(!linted.findings.is_empty());
    (linted.findings, source)
}

fn reported(form: report::Form, findings: &[Finding], source: &Source) -> String {
    report::report(form, findings, &[], std::slice::from_ref(source))
}

#[test]
fn sarif_has_the_rule_the_path_and_the_place() {
    let (findings, source) = example("queue-not-set", 0);
    let log: serde_json::Value = serde_json::from_str(&reported(report::Form::Sarif, &findings, &source)).unwrap();
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(rule["id"], "queue-not-set");
    assert_eq!(result["ruleId"], rule["id"]);
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "flows-src/a%20b.flow");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&10.into(), &3.into()));
    let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    assert_eq!(steps.len(), 2, "from the menu to the transfer");
    assert_eq!(result["partialFingerprints"]["flowcFinding/v1"], findings[0].fingerprint());
}

#[test]
fn other_reports_escape_what_would_break_them() {
    let (findings, source) = example("ssml-malformed", 0);
    let github = reported(report::Form::Github, &findings, &source);
    assert!(github.starts_with("::error file=flows-src/a b.flow,line=3,endLine=3,col=12,"), "{github}");
    assert_eq!(github.lines().count(), 1, "a line break in a message would end the command");
    let junit = reported(report::Form::Junit, &findings, &source);
    assert!(junit.contains("`&amp;`") && !junit.contains("`&`"), "{junit}");
    let gitlab: serde_json::Value = serde_json::from_str(&reported(report::Form::Gitlab, &findings, &source)).unwrap();
    assert_eq!(gitlab[0]["location"]["lines"]["begin"], 3);
    assert_eq!(gitlab[0]["severity"], "major");
}

#[test]
fn a_finding_is_known_again_when_lines_move() {
    let (findings, _) = example("menu-option-mismatch", 0);
    let (moved, _) = example("menu-option-mismatch", 7);
    let known = baseline::text(&findings, &[], &[]);
    assert_eq!(known.lines().count(), 2, "two keys are two findings: {known}");
    let known = baseline::Known::read(&known);
    assert!(moved.iter().all(|finding| known.holds(finding)));
    let (others, _) = example("queue-not-set", 0);
    assert!(!others.iter().any(|finding| known.holds(finding)));
}
