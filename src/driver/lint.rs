//! Lint as a step of the pipeline: all flows of a project, from source and from documents, and the settings of its rules.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::mapping::{Group, MissingName, about, check_in, map_all, missing, told};
use super::reader::{self, Reader, Value, kind};
use super::{Checked, Settings, check, paths};
use crate::diagnostics::{Diagnostic, codes};
use crate::flow::Flow;
use crate::lint::{self, Config, Entry, Finding, Scope, Setting, rules};
use crate::mapping::Environment;
use crate::source::{Form, Source, SourceId};
use crate::validate::ValidFlow;

/// What lint says of a project.
#[derive(Debug, Default)]
pub struct Linted {
    pub findings: Vec<Finding>,
    /// What check says, but for what is among the findings as well.
    pub problems: Vec<Diagnostic>,
    /// Texts that stood inside documents.
    pub inner: Vec<Source>,
    /// The sources of the flows that were looked at, once for each flow.
    pub flows: Vec<SourceId>,
}

impl Linted {
    /// Why flows could not be looked at, or only in part.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter().filter(|problem| problem.is_error())
    }
}

/// Checks a project and looks at its flows. A flow of the language has to be sound for that; a document is taken as far as it
/// can be read.
pub fn lint(sources: &[Source], settings: &Settings) -> Linted {
    looked(sources, check(sources, settings), &settings.lint)
}

/// The same as it is in each environment: a finding that all of them have once, and others with those that have it.
pub fn lint_in(sources: &[Source], settings: &Settings, environments: &[Environment]) -> Linted {
    let (groups, mut problems) = check_in(sources, settings, environments, &|| ());
    if !problems.iter().any(Diagnostic::is_error) {
        let mapped = map_all(&groups);
        problems.extend(told(&mapped));
        problems.extend(missing(&mapped).iter().map(MissingName::diagnostic));
    }
    let count = groups.len();
    let mut linted = Linted::default();
    let mut found: BTreeMap<String, (Finding, Vec<&str>, usize)> = BTreeMap::new();
    for Group { environments, checked } in groups {
        let one = looked(sources, checked, &settings.lint);
        for finding in one.findings {
            let (_, names, groups) = found.entry(finding.fingerprint()).or_insert((finding, Vec::new(), 0));
            names.extend(environments.iter().map(|environment| environment.name.as_str()));
            *groups += 1;
        }
        (linted.inner, linted.flows) = (one.inner, one.flows);
    }
    let named = |(mut finding, names, groups): (Finding, Vec<&str>, usize)| {
        if groups < count {
            finding.diagnostic = about(finding.diagnostic, &names);
        }
        finding
    };
    linted.findings = found.into_values().map(named).collect();
    linted.findings.sort_by_key(|finding| finding.diagnostic.primary.span);
    let is_found = |problem: &Diagnostic| {
        let of_rule = |finding: &&Finding| rules::code_of(finding.rule) == Some(problem.code);
        linted.findings.iter().filter(of_rule).any(|finding| finding.diagnostic.primary.span == problem.primary.span)
    };
    problems.retain(|problem| !is_found(problem));
    linted.problems = problems;
    linted
}

/// Looks at the flows of what has been checked.
fn looked(sources: &[Source], checked: Checked, config: &Config) -> Linted {
    let Checked { flows: valid, documents, links, outline, silenced, inner, mut diagnostics, .. } = checked;
    let by_id: BTreeMap<SourceId, &Source> = sources.iter().map(|source| (source.id, source)).collect();
    let is_source = |id: &SourceId| by_id.get(id).is_some_and(|source| source.form() == Form::Flow);
    let of_sources = valid.iter().map(ValidFlow::flow).map(|flow| (flow, flow.span.source));
    let of_sources = of_sources.filter(|(_, file)| is_source(file));
    let of_documents = documents.iter().map(|document| (&document.flow, document.file));
    let flows: Vec<(&Flow, &Source)> =
        of_sources.chain(of_documents).filter_map(|(flow, file)| Some((flow, *by_id.get(&file)?))).collect();
    let (mut findings, told) = lint::lint(&flows, &links, outline, config, &silenced);
    diagnostics.retain(|problem| rules::same_as(problem.code).is_none() || !told.contains(&problem.primary.span));
    let has_errors = diagnostics.iter().any(Diagnostic::is_error);
    // A flow that could not be looked at may be what an `@allow` elsewhere is for.
    findings.retain(|finding| !has_errors || finding.rule.name() != rules::UNUSED_ALLOW);
    paths::add_paths(findings.iter_mut().map(|finding| &mut finding.diagnostic), sources, &inner);
    let flows = flows.iter().map(|(flow, _)| flow.span.source).collect();
    Linted { findings, problems: diagnostics, inner, flows }
}

/// Reads a file of what is right in documents, which cannot say so themselves.
pub fn allowed(source: &Source) -> (Vec<Entry>, Vec<Diagnostic>) {
    let mut entries = Vec::new();
    let example = "rule = \"silent-hang-up\"";
    let problems = reader::read(source, codes::PROJECT_FILE, example, |reader, table| {
        for (key, value) in table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                (ENTRIES, DeValue::Array(found)) => {
                    entries.extend(found.iter().filter_map(|value| entry(reader, value, &source.path)));
                }
                (ENTRIES, other) => {
                    let message = format!("`{ENTRIES}` is {}, where sections are needed", kind(other));
                    reader.wrong(value, message, "write `[[allow]]`, with `rule`, `flow` and `reason` below it");
                }
                (unknown, _) => {
                    reader.unknown(key, &format!("`{unknown}` is nothing that this file holds"), &[ENTRIES]);
                }
            }
        }
    });
    (entries, problems)
}

/// The key of the list of a file of what is right in documents.
const ENTRIES: &str = "allow";

fn entry(reader: &mut Reader, value: &Value, path: &str) -> Option<Entry> {
    let (mut rule, mut flow, mut block, mut reason) = (None, None, None, None);
    let table = reader.table(value, ENTRIES)?;
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "rule" => rule = reader.text(value, "rule"),
            "flow" => flow = reader.text(value, "flow"),
            "block" => block = reader.text(value, "block"),
            "reason" => {
                reason = reader.text(value, "reason");
                if reason.as_ref().is_some_and(|reason| reason.value.trim().is_empty()) {
                    reader.wrong(value, "the reason is empty".to_owned(), "say why it is right there");
                    reason = None;
                }
            }
            unknown => {
                let message = format!("an entry has no `{unknown}`");
                reader.unknown(key, &message, &["rule", "flow", "block", "reason"]);
            }
        }
    }
    for name in ["rule", "flow", "reason"].iter().filter(|name| !table.contains_key(**name)) {
        let help =
            "an entry says a rule, the flow's name and why it is right there; `block` is the identifier of one block";
        reader.wrong(value, format!("this entry does not say its {name}"), help);
    }
    let (rule, flow, _) = (rule?, flow?, reason?);
    // The section as it is written would be underlined over many lines.
    let span = rule.span;
    Some(Entry { rule, flow, block, path: path.to_owned(), span })
}

/// The key of the list of parts of a project that have levels of their own.
const PARTS: &str = "in";

/// Reads the section `[lint]`.
pub(super) fn config(reader: &mut Reader, value: &Value) -> Config {
    let mut config = Config::default();
    let Some(table) = reader.table(value, "lint") else { return config };
    for (key, value) in table {
        match (key.get_ref().as_ref(), value.get_ref()) {
            (PARTS, DeValue::Array(parts)) => config.scopes = parts.iter().map(|part| scope(reader, part)).collect(),
            (PARTS, other) => {
                let message = format!("`lint.in` is {}, where sections are needed", kind(other));
                reader.wrong(value, message, "write `[[lint.in]]`, with `paths = [\"..\"]` and levels below it");
            }
            (name, DeValue::Table(table)) if rules::find(name).is_some() => {
                for (option, value) in table {
                    match option.get_ref().as_ref() {
                        "level" => level(reader, name, value, &mut config.levels),
                        "pattern" if rules::NAMING.contains(&name) => {
                            let pattern = reader.text(value, "pattern");
                            config.patterns.extend(pattern.map(|pattern| (name.to_owned(), pattern.value)));
                        }
                        unknown => {
                            reader.unknown(
                                option,
                                &format!("`{name}` has no option `{unknown}`"),
                                &["level", "pattern"],
                            );
                        }
                    }
                }
            }
            (name, _) if rules::find(name).is_some() => level(reader, name, value, &mut config.levels),
            (name, _) => unknown_rule(reader, key, name),
        }
    }
    config
}

fn scope(reader: &mut Reader, value: &Value) -> Scope {
    let mut scope = Scope::default();
    let Some(table) = reader.table(value, "lint.in") else { return scope };
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "paths" => match value.get_ref() {
                DeValue::Array(paths) => {
                    scope.paths =
                        paths.iter().filter_map(|path| reader.text(path, "paths")).map(|path| path.value).collect();
                }
                other => {
                    let message = format!("`paths` is {}, where a list is needed", kind(other));
                    reader.wrong(value, message, "write a list of strings: `paths = [\"flows-src/old/**\"]`");
                }
            },
            name if rules::find(name).is_some() => level(reader, name, value, &mut scope.levels),
            name => unknown_rule(reader, key, name),
        }
    }
    if scope.paths.is_empty() {
        reader.wrong(
            value,
            "this part of the project has no paths".to_owned(),
            "say which: `paths = [\"flows-src/old/**\"]`",
        );
    }
    scope
}

fn level(reader: &mut Reader, name: &str, value: &Value, levels: &mut BTreeMap<&'static str, Setting>) {
    let Some(rule) = rules::find(name) else { return };
    match value.get_ref().as_str().and_then(Setting::from_word) {
        Some(setting) => {
            levels.insert(rule.name(), setting);
        }
        None => {
            let span = reader.span(value.span());
            let word = value.get_ref().as_str().unwrap_or_default();
            let problem = Diagnostic::new(codes::PROJECT_FILE, span, "a rule is \"allow\", \"warn\" or \"deny\"")
                .label("none of them")
                .help("\"warn\" reports, \"deny\" reports and fails, \"allow\" does neither")
                .suggest_text(word, Setting::WORDS);
            reader.diagnostics.push(problem);
        }
    }
}

fn unknown_rule(reader: &mut Reader, key: &reader::Key, name: &str) {
    let span = reader.span(key.span());
    let problem = Diagnostic::new(codes::PROJECT_FILE, span, format!("there is no rule `{name}`"))
        .label("unknown")
        .help("`flowc lint --list` shows them all")
        .suggest(name, rules::ALL.iter().map(lint::Rule::name));
    reader.diagnostics.push(problem);
}
