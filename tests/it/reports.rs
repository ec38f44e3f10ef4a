//! What `flowc lint` prints for programs, held against what those programs promise to read.

use std::fs;

use flowc::diagnostics::Diagnostic;
use flowc::driver::{self, Settings};
use flowc::lint::{Finding, Setting, report, rules};
use flowc::source::{Source, SourceId};
use serde_json::Value;

use crate::support::baseline::{entries, repository};

/// Every finding of every rule's bad example, and an error of a flow that is broken.
fn everything() -> (Vec<Finding>, Vec<Diagnostic>, Vec<Source>) {
    let mut settings = Settings::default();
    for rule in rules::ALL.iter().filter(|rule| rule.default == Setting::Allow) {
        settings.lint.levels.insert(rule.name(), Setting::Warn);
    }
    let (mut findings, mut errors, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    let broken = "inbound flow Broken {\n  -> nowhere\n}\n".to_owned();
    let examples = entries(&repository("tests/rules")).into_iter().flat_map(|folder| {
        let texts =
            ["fails.flow", "fails.json"].map(|file| fs::read_to_string(folder.join(file)).map(|text| (file, text)));
        texts.into_iter().flatten().collect::<Vec<_>>()
    });
    for (at, (file, text)) in examples.chain([("broken.flow", broken)]).enumerate() {
        let id = SourceId(u32::try_from(at).unwrap() + 1);
        let source = Source::new(id, format!("flows/{at} ü/{file}"), text);
        let linted = driver::lint(std::slice::from_ref(&source), &settings);
        findings.extend(linted.findings);
        errors.extend(linted.problems.into_iter().filter(Diagnostic::is_error));
        sources.extend(linted.inner);
        sources.push(source);
    }
    assert!(findings.len() >= rules::ALL.len() && errors.len() == 1);
    assert!(findings.iter().any(|finding| !finding.trail.is_empty()), "no path to show");
    assert!(findings.iter().any(|finding| !finding.diagnostic.fixes.is_empty()), "no fix to show");
    (findings, errors, sources)
}

fn report(form: report::Form) -> String {
    let (findings, errors, sources) = everything();
    report::report(form, &findings, &errors, &sources)
}

/// What a schema has to say of a value, one line each.
fn problems(schema: &str, values: &[Value]) -> Vec<String> {
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(repository(schema)).unwrap()).unwrap();
    // As it was published, the pattern of a language has a bracket too many, and is none.
    for owner in ["run", "toolComponent"] {
        if let Some(language) = schema.pointer_mut(&format!("/definitions/{owner}/properties/language")) {
            language.as_object_mut().unwrap().remove("pattern");
        }
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let told = |value| {
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect::<Vec<_>>()
    };
    values.iter().flat_map(told).collect()
}

const SARIF: &str = "tests/schemas/sarif-2.1.0.json";
const JSON: &str = "docs/lint.schema.json";

#[test]
fn sarif_is_what_its_schema_says() {
    let log: Value = serde_json::from_str(&report(report::Form::Sarif)).unwrap();
    assert_eq!(problems(SARIF, std::slice::from_ref(&log)), Vec::<String>::new());
    // The schema is one that can refuse.
    let mut wrong = log.clone();
    wrong["runs"][0]["results"][0]["level"] = "fatal".into();
    assert_eq!(problems(SARIF, &[wrong]).len(), 1);
}

#[test]
fn sarif_tells_all_there_is() {
    let (findings, errors, _) = everything();
    let log: Value = serde_json::from_str(&report(report::Form::Sarif)).unwrap();
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert!(driver["semanticVersion"].is_string());
    let described = driver["rules"].as_array().unwrap();
    for rule in rules::ALL {
        let found = described.iter().find(|described| described["id"] == rule.name()).unwrap();
        assert!(found["help"]["markdown"].as_str().unwrap().contains("## Bad"), "{}", rule.name());
        assert!(found["fullDescription"]["text"].as_str().unwrap().len() > 40, "{}", rule.name());
        assert_eq!(found["shortDescription"]["text"], rule.title());
        assert_eq!(found["defaultConfiguration"]["enabled"], rule.default != Setting::Allow);
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len() + errors.len());
    for (finding, result) in findings.iter().zip(&results[errors.len()..]) {
        assert_eq!(result["ruleId"], finding.rule.name());
        assert_eq!(described[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], result["ruleId"]);
        assert_eq!(result["partialFingerprints"]["flowcFinding/v1"], finding.fingerprint());
        assert_eq!(result.get("codeFlows").is_some(), !finding.trail.is_empty());
        assert_eq!(result.get("fixes").is_some(), !finding.diagnostic.fixes.is_empty());
        let logical = &result["locations"][0]["logicalLocations"][0];
        assert_eq!(logical["name"], finding.flow);
    }
}

#[test]
fn json_is_what_its_schema_says() {
    let text = report(report::Form::Json);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(problems(JSON, &lines), Vec::<String>::new());
    let mut wrong = lines[0].clone();
    wrong["more"] = 1.into();
    assert_eq!(problems(JSON, &[wrong]).len(), 1, "a field that the schema does not know is told about");
}

#[test]
fn a_step_summary_is_two_tables() {
    let (findings, errors, sources) = everything();
    let text = report::report(report::Form::Summary, &findings, &errors, &sources);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    // Bars inside cells are escaped, so that every row of a table has as many cells as its head.
    let cells = |row: &str| row.replace("\\|", "").matches('|').count() - 1;
    assert!(rows.iter().all(|row| cells(row) == 3), "{text}");
    assert!(rows.iter().any(|row| row.starts_with("| `queue-not-set` | error |")), "{text}");
    assert!(text.contains(".flow:"), "{text}");
    let nothing = report::report(report::Form::Summary, &[], &[], &[]);
    assert_eq!(nothing, "## flowc lint\n\nNothing was found.\n");
}
