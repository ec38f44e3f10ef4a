//! The files that run flowc elsewhere: an action for GitHub, a template for GitLab, hooks for pre-commit. They say only what
//! flowc knows, and their scripts do what they are for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use crate::support::baseline::{flowc, repository};

const ACTION: &str = "action.yml";
const TEMPLATE: &str = "docs/ci/gitlab.yml";
const HOOKS: &str = ".pre-commit-hooks.yaml";
const PAGES: [&str; 3] = ["docs/ci.md", "docs/lint.md", "README.md"];

fn text(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap()
}

/// The documents of a YAML file; every scalar is a text.
fn yaml(path: &str) -> Vec<Value> {
    let text = text(path);
    let (mut documents, mut open): (Vec<Value>, Vec<(Value, Option<String>)>) = (Vec::new(), Vec::new());
    for event in Parser::new_from_str(&text) {
        let (event, _) = event.unwrap_or_else(|error| panic!("{path}: {error}"));
        let done = match event {
            Event::MappingStart(..) => {
                open.push((Value::Object(Map::new()), None));
                continue;
            }
            Event::SequenceStart(..) => {
                open.push((Value::Array(Vec::new()), None));
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => open.pop().unwrap().0,
            Event::Scalar(text, ..) => Value::String(text.into_owned()),
            Event::Alias(_) => panic!("{path} has an alias"),
            _ => continue,
        };
        match open.last_mut() {
            None => documents.push(done),
            Some((Value::Array(items), _)) => items.push(done),
            Some((Value::Object(members), key)) => match key.take() {
                None => *key = Some(done.as_str().unwrap().to_owned()),
                Some(key) => assert!(members.insert(key.clone(), done).is_none(), "{path}: `{key}` stands twice"),
            },
            Some(_) => panic!("only lists and mappings are open"),
        }
    }
    documents
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

/// The names behind `inputs.` in a text.
fn inputs(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap().to_owned();
    text.split("inputs.").skip(1).map(name).collect()
}

/// All texts below a value.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

// ---- what they say ------------------------------------------------------------------------------------------------

#[test]
fn the_action_takes_what_its_page_says() {
    let [action]: [Value; 1] = yaml(ACTION).try_into().unwrap();
    let declared = keys(&action["inputs"]);
    assert_eq!(inputs(&texts(&action["runs"]).join("\n")), declared);
    for (name, input) in action["inputs"].as_object().unwrap() {
        assert!(input["description"].is_string() && input["default"].is_string(), "{name}");
    }
    let page = text("docs/ci.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|row| row.split('`').next());
    assert_eq!(rows.map(str::to_owned).collect::<BTreeSet<_>>(), declared, "the table of docs/ci.md");
    assert_eq!(action["runs"]["using"], "composite");
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert!(step.get("uses").is_some() != step.get("run").is_some(), "{step}");
        assert_eq!(step.get("run").is_some(), step.get("shell").is_some(), "{step}");
        // What others can choose would be run as code.
        assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{step}");
    }
}

#[test]
fn the_template_takes_what_its_page_says() {
    let [head, jobs]: [Value; 2] = yaml(TEMPLATE).try_into().unwrap();
    let declared = &head["spec"]["inputs"];
    assert_eq!(inputs(&texts(&jobs).join("\n")), keys(declared));
    let page = text("docs/ci.md");
    for (name, input) in declared.as_object().unwrap() {
        let is_told = if input.get("default").is_some() {
            page.contains(&format!("`{name}`"))
        } else {
            page.contains(&format!("      {name}: "))
        };
        assert!(input["description"].is_string() && is_told, "{name}");
    }
    for job in ["flowc-lint", "flowc-build"] {
        assert_eq!(jobs[job]["extends"], ".flowc");
        assert!(page.contains(&format!("`{job}`")), "{job}");
    }
}

#[test]
fn the_hooks_are_those_of_their_page() {
    let [hooks]: [Value; 1] = yaml(HOOKS).try_into().unwrap();
    let page = text("docs/ci.md");
    let ids: Vec<&str> = hooks.as_array().unwrap().iter().map(|hook| hook["id"].as_str().unwrap()).collect();
    let listed: Vec<&str> = page.split("{ id: ").skip(1).filter_map(|rest| rest.split(' ').next()).collect();
    assert_eq!(ids, listed);
    for hook in hooks.as_array().unwrap() {
        assert_eq!(hook["language"], "rust");
        assert!(hook["entry"].as_str().unwrap().starts_with("flowc "), "{hook}");
    }
}

#[test]
fn linting_a_pull_request_takes_eight_lines() {
    let page = text("docs/ci.md");
    let workflow = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(workflow.starts_with("on: pull_request\n") && workflow.contains("flowc@"), "{workflow}");
    assert_eq!(workflow.lines().count(), 8);
}

#[test]
fn nothing_names_an_option_that_flowc_lacks() {
    let mut count = 0;
    let files = [ACTION, TEMPLATE, HOOKS].iter().flat_map(|path| yaml(path).iter().flat_map(texts).collect::<Vec<_>>());
    let pages = PAGES.iter().map(|path| text(path));
    for text in files.chain(pages) {
        for line in text.lines() {
            let line = line.replace("\"$flowc\" ", "flowc ").replace("$FLOWC ", "flowc ");
            for called in line.split("flowc ").skip(1) {
                let called = called.split(['|', '>', '`', ';', '&', '#']).next().unwrap();
                let mut words = called.split_whitespace();
                let command = words.next().unwrap_or_default();
                let help = help(command);
                for word in words.take_while(|word| *word != "--").filter(|word| word.starts_with("--")) {
                    let option = word.split(['=', ',', '.', ')']).next().unwrap();
                    assert!(help.contains(&format!("{option} ")) || help.contains(&format!("{option}\n")), "{line}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 30, "only {count} options were looked at");
}

fn help(command: &str) -> String {
    let run = flowc(&repository(""), &[command, "--help"]);
    if run.code == Some(0) { run.stdout + "\n" } else { String::new() }
}

/// The lines of workflows, here and in the manual.
fn workflows() -> Vec<(&'static str, String)> {
    [ACTION, ".github/workflows/ci.yml", "docs/ci.md", "docs/diff.md"].map(|path| (path, text(path))).into()
}

#[test]
fn every_action_is_pinned_by_its_digest() {
    let mut pinned = 0;
    for (path, text) in workflows() {
        for line in text.lines().filter(|line| line.trim_start_matches(['-', ' ']).starts_with("uses: ")) {
            let used = line.split("uses: ").nth(1).unwrap();
            if used.starts_with("your-org/") {
                continue;
            }
            let (digest, version) = used.split_once('@').unwrap().1.split_once(" # v").unwrap();
            assert!(digest.len() == 40 && digest.chars().all(|c| c.is_ascii_hexdigit()), "{path}: {line}");
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{path}: {line}");
            pinned += 1;
        }
    }
    assert!(pinned >= 6, "only {pinned} were looked at");
}

#[test]
fn nothing_of_a_checkout_is_run() {
    let [action]: [Value; 1] = yaml(ACTION).try_into().unwrap();
    let [_, jobs]: [Value; 2] = yaml(TEMPLATE).try_into().unwrap();
    for script in texts(&action["runs"]).iter().filter(|text| text.contains('\n')).chain(&texts(&jobs)) {
        // Cargo reads settings from where it is called, and they can name programs.
        if let Some(at) = script.find("cargo install") {
            let cd = script[..at].find("cd ");
            assert!(cd.is_some(), "{script}");
        }
        for line in script.lines() {
            assert!(!line.trim_start().starts_with("flowc ") && !line.trim_start().starts_with("./"), "{line}");
        }
    }
    assert!(!text(ACTION).contains("GITHUB_PATH"), "a folder on the path of later steps is theirs to fill");
    let variables = &jobs[".flowc"]["variables"];
    for (name, value) in variables.as_object().unwrap() {
        assert!(!value.as_str().unwrap().contains("CI_PROJECT_DIR"), "{name} lies in the checkout");
    }
    assert_eq!(jobs[".flowc"].get("cache"), None, "a cache of GitLab's lies in the checkout");
}

#[test]
fn names_of_files_come_after_two_dashes_and_inputs_by_variables() {
    let [hooks]: [Value; 1] = yaml(HOOKS).try_into().unwrap();
    for hook in hooks.as_array().unwrap() {
        let is_named = hook["pass_filenames"] != "false";
        assert_eq!(hook["args"].as_array().is_some_and(|args| *args == ["--"]), is_named, "{hook}");
    }
    let [_, jobs]: [Value; 2] = yaml(TEMPLATE).try_into().unwrap();
    for job in [".flowc", "flowc-lint", "flowc-build"] {
        for script in ["before_script", "script"].iter().flat_map(|part| texts(&jobs[job][part])) {
            assert!(!script.contains("$[["), "{script}");
            assert!(!script.contains("$FLOWC_PATHS") || script.contains(" -- $FLOWC_PATHS"), "{script}");
        }
    }
    let action = text(ACTION);
    assert!(action.find("options+=(--)\n").unwrap() < action.find("options+=(\"$path\")").unwrap());
}

#[test]
fn workflows_may_do_no_more_than_they_must() {
    for path in [".github/workflows/ci.yml", "docs/ci.md", "docs/diff.md"] {
        let text = text(path);
        assert!(text.contains("permissions:") && text.contains("contents: read"), "{path}");
        let scripts = text.lines().filter(|line| line.trim_start_matches(['-', ' ']).starts_with("run: "));
        for script in scripts {
            assert!(!script.contains("${{"), "{path}: {script}");
        }
        assert!(!text.contains("pull_request_target") && !text.contains("write-all"), "{path}");
    }
}

// ---- what they do -------------------------------------------------------------------------------------------------

/// Runs a script as a runner does, in a folder, with variables.
#[cfg(unix)]
fn bash(script: &str, folder: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_flowc")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]).current_dir(folder);
    command.envs(variables.iter().copied()).env("PATH", path).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// A repository with a project in a folder: a finding that is denied, and one that is not.
#[cfg(unix)]
fn checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let flows = folder.path().join("ivr/flows");
    fs::create_dir_all(&flows).unwrap();
    fs::write(folder.path().join("ivr/flowc.toml"), "source = \"flows\"\n").unwrap();
    fs::copy(repository("tests/rules/queue-not-set/fails.flow"), flows.join("a b.flow")).unwrap();
    let other = fs::read_to_string(repository("tests/rules/spoken-number/fails.flow")).unwrap();
    fs::write(flows.join("other.flow"), other.replace("flow Main", "flow Other")).unwrap();
    folder
}

#[cfg(unix)]
#[test]
fn the_action_lints() {
    let [action]: [Value; 1] = yaml(ACTION).try_into().unwrap();
    let steps = action["runs"]["steps"].as_array().unwrap();
    let script = |id: &str| steps.iter().find(|step| step["id"] == id).unwrap()["run"].as_str().unwrap().to_owned();
    let folder = checkout();
    let bin = folder.path().join("flowc/bin");
    fs::create_dir_all(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_flowc"), bin.join("flowc")).unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let run = |paths: &str, baseline: &str| {
        let (output, page) = (at("output"), at("page"));
        let _ = fs::remove_file(&page);
        let variables = [
            ("PROJECT", "ivr"),
            ("PATHS", paths),
            ("BASELINE", baseline),
            ("ALLOW_FILE", ""),
            ("RUNNER_TEMP", folder.path().to_str().unwrap()),
            ("GITHUB_OUTPUT", output.as_str()),
            ("GITHUB_STEP_SUMMARY", page.as_str()),
        ];
        let (code, said) = bash(&script("lint"), folder.path(), &variables);
        (code, said, fs::read_to_string(&page).unwrap())
    };
    let (code, said, page) = run("", "");
    assert_eq!(code, Some(1), "a rule is denied: {said}");
    assert!(said.starts_with("::error file=ivr/flows/a b.flow,line="), "{said}");
    assert!(page.contains("| `queue-not-set` | error | 1 |") && page.contains("| ivr/flows/other.flow:"), "{page}");
    let sarif: Value = serde_json::from_str(&fs::read_to_string(at("flowc.sarif")).unwrap()).unwrap();
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "ivr/flows/a%20b.flow");
    let (code, said, _) = run("ivr/flows/other.flow\n\n", "");
    assert_eq!((code, said.lines().count()), (Some(0), 1), "a warning fails nothing: {said}");
    let known = flowc(folder.path(), &["lint", "--project", "ivr", "--write-baseline", "known.txt"]);
    assert_eq!(known.code, Some(0), "{}", known.stderr);
    let (code, said, page) = run("", "known.txt");
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert!(page.ends_with("Nothing was found.\n"), "{page}");
    // flowc itself failing is not taken for findings.
    assert_eq!(
        bash(
            &script("lint"),
            folder.path(),
            &[("PROJECT", "nowhere"), ("RUNNER_TEMP", "."), ("GITHUB_OUTPUT", "output")]
        )
        .0,
        Some(1)
    );

    let variables =
        |output: &'static str| [("GITHUB_OUTPUT", output), ("GITHUB_PATH", "path"), ("RUNNER_TEMP", "temp")];
    for (output, system) in [("one", "Linux"), ("two", "Linux")] {
        let output = at(output);
        let root = repository("");
        let mut all = variables("").to_vec();
        all[0].1 = output.as_str();
        all.extend([("GITHUB_ACTION_PATH", root.to_str().unwrap()), ("RUNNER_OS", system), ("RUNNER_ARCH", "X64")]);
        let path = at("path");
        all[1].1 = path.as_str();
        assert_eq!(bash(&script("sources"), folder.path(), &all).0, Some(0));
    }
    let key = fs::read_to_string(at("one")).unwrap();
    assert!(key.starts_with("key=flowc-Linux-X64-") && key.trim().len() > 64, "{key}");
    assert_eq!(key, fs::read_to_string(at("two")).unwrap());
}

#[cfg(unix)]
#[test]
fn the_template_lints() {
    let [_, jobs]: [Value; 2] = yaml(TEMPLATE).try_into().unwrap();
    let folder = checkout();
    let script = jobs["flowc-lint"]["script"][0].as_str().unwrap();
    let variables = [("FLOWC", env!("CARGO_BIN_EXE_flowc")), ("FLOWC_PROJECT", "ivr"), ("FLOWC_PATHS", "")];
    let (code, _) = bash(script, folder.path(), &variables);
    assert_eq!(code, Some(1));
    let report = jobs["flowc-lint"]["artifacts"]["reports"]["codequality"].as_str().unwrap();
    let issues: Value = serde_json::from_str(&fs::read_to_string(folder.path().join(report)).unwrap()).unwrap();
    assert_eq!(issues[0]["location"]["path"], "ivr/flows/a b.flow");
    assert_eq!(issues.as_array().unwrap().len(), 2);
}
