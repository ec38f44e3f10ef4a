//! The functions of a project as templates have them: their contracts, and what `[handlers]` in flowc.toml says of them.
//!
//! A function belongs to a template if a flow invokes it, or if `[handlers.<name>]` lists it: one behind HTTP, which no flow
//! names, is nowhere else to be found.

use std::collections::BTreeMap;

use ecow::EcoString;
use toml::de::DeValue;

use super::reader::{Reader, Value, kind};
use crate::catalogue::ResourceKind;
use crate::diagnostics::{Code, Diagnostic, codes};
use crate::emit::function::{Function, Given};
use crate::flow::Flow;
use crate::mapping::Environment;
use crate::source::{Span, Spanned};
use crate::validate::ValidFlow;

/// What a project says of one function.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    place: Span,
    /// The settings, and where their names stand.
    given: BTreeMap<String, (Spanned<Given>, Span)>,
}

impl Listed {
    /// Says more, which counts where both say something.
    pub(super) fn lay(&mut self, over: Self) {
        self.place = over.place;
        self.given.extend(over.given);
    }

    /// The settings that are plain texts, and where they stand.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, Spanned<String>)> {
        self.given.iter().filter_map(|(name, (given, place))| match &given.value {
            Given::Text(text) => Some((name.as_str(), Spanned::new(text.clone(), *place))),
            Given::Flow(_) => None,
        })
    }

    /// The flows that settings name.
    pub(super) fn flows(&self) -> impl Iterator<Item = (&str, Span)> {
        self.given.values().filter_map(|(given, _)| match &given.value {
            Given::Flow((_, name)) => Some((name.as_str(), given.span)),
            Given::Text(_) => None,
        })
    }
}

/// Reads the section `[handlers]`.
pub(super) fn read(reader: &mut Reader, value: &Value) -> BTreeMap<String, Listed> {
    let Some(table) = reader.table(value, "handlers") else { return BTreeMap::new() };
    let mut all = BTreeMap::new();
    for (name, settings) in table {
        let mut listed = Listed { place: reader.span(name.span()), given: BTreeMap::new() };
        if let Some(settings) = reader.table(settings, &format!("handlers.{}", name.get_ref())) {
            for (setting, value) in settings {
                if let Some(given) = given(reader, setting.get_ref(), value) {
                    listed.given.insert(setting.get_ref().to_string(), (given, reader.span(setting.span())));
                }
            }
        }
        all.insert(name.get_ref().to_string(), listed);
    }
    all
}

fn given(reader: &mut Reader, name: &str, value: &Value) -> Option<Spanned<Given>> {
    let text = |reader: &Reader, text: String| Some(Spanned::new(Given::Text(text), reader.span(value.span())));
    if let DeValue::Table(table) = value.get_ref() {
        let flow = table.iter().find(|(key, _)| key.get_ref() == "flow").filter(|_| table.len() == 1);
        let Some((_, flow)) = flow else {
            let help = "name a flow: `{ flow = \"Main\" }`";
            reader.wrong(value, format!("`{name}` is a table that says something else than `flow`"), help);
            return None;
        };
        let flow = reader.text(flow, "flow")?;
        return Some(Spanned::new(Given::Flow((ResourceKind::Flow, flow.value)), flow.span));
    }
    match value.get_ref() {
        DeValue::String(given) => text(reader, given.to_string()),
        DeValue::Boolean(truth) => text(reader, truth.to_string()),
        DeValue::Integer(_) | DeValue::Float(_) => text(reader, reader.digits(value)),
        other => {
            let message = format!("`{name}` is {}, where one text is needed", kind(other));
            reader.wrong(value, message, "write a string, a number, `true`, `false` or `{ flow = \"..\" }`");
            None
        }
    }
}

/// The functions with what the project says of them, and what it says of nothing.
pub fn functions(
    contracts: &BTreeMap<String, String>,
    listed: &BTreeMap<String, Listed>,
) -> (BTreeMap<String, Function>, Vec<Diagnostic>) {
    let read = contracts.iter().filter_map(|(name, text)| Some((name.clone(), Function::read(text)?)));
    let mut functions: BTreeMap<String, Function> = read.collect();
    let mut problems = Vec::new();
    for (name, said) in listed {
        match functions.get_mut(name) {
            Some(function) => {
                function.is_listed = true;
                for (setting, (given, place)) in &said.given {
                    problems.extend(unknown_setting(name, function, setting, *place, codes::PROJECT_FILE));
                    function.given.insert(setting.clone(), given.value.clone());
                }
            }
            None => problems.push(unknown_function(name, contracts.keys(), said.place, codes::PROJECT_FILE)),
        }
    }
    (functions, problems)
}

/// What an environment says of functions and settings that there are not, or that the project has settled for all.
pub fn unknown_settings(environment: &Environment, functions: &BTreeMap<String, Function>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for ((name, setting), text) in &environment.settings {
        let Some(function) = functions.get(name) else {
            // The place is the setting's, so the function's name is not to be written there.
            let mut problem = unknown_function(name, functions.keys(), text.span, codes::ENVIRONMENT_FILE);
            problem.fixes.clear();
            problems.push(problem);
            continue;
        };
        problems.extend(unknown_setting(name, function, setting, text.span, codes::ENVIRONMENT_FILE));
        if function.given.contains_key(setting) {
            let message = format!("flowc.toml says what `{setting}` of `{name}` is, for all environments");
            let help = "say it in one of the two places";
            problems.push(Diagnostic::new(codes::ENVIRONMENT_FILE, text.span, message).label("said again").help(help));
        }
    }
    problems
}

fn unknown_function<'a>(name: &str, known: impl Iterator<Item = &'a String>, place: Span, code: Code) -> Diagnostic {
    let help = format!("a function of the project has a contract: `handlers/{name}/contract.json`");
    let problem = Diagnostic::new(code, place, format!("there is no function `{name}`")).label("unknown").help(help);
    problem.suggest(name, known.map(String::as_str))
}

fn unknown_setting(name: &str, function: &Function, setting: &str, place: Span, code: Code) -> Option<Diagnostic> {
    let known: Vec<&str> = function.settings.iter().map(|known| known.name.as_str()).collect();
    if known.contains(&setting) {
        return None;
    }
    let help = match known.as_slice() {
        [] => "its contract names none".to_owned(),
        names => format!("its settings are `{}`", names.join("`, `")),
    };
    let problem = Diagnostic::new(code, place, format!("`{name}` has no setting `{setting}`"));
    Some(problem.label("unknown").help(help).suggest(setting, known))
}

/// What is wrong with flows that settings name: none of that name, or one that cannot be told in a template.
pub(super) fn named_flows(
    listed: &BTreeMap<String, Listed>,
    declared: &[Spanned<EcoString>],
    flows: &[ValidFlow],
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let names = || declared.iter().map(|name| name.value.as_str());
    for (function, said) in listed {
        for (name, place) in said.flows() {
            let problem = |message: String| Diagnostic::new(codes::PROJECT_FILE, place, message);
            if !names().any(|known| known == name) {
                let problem = problem(format!("there is no flow `{name}`")).label("unknown");
                problems.push(problem.help("name a flow of this project").suggest_text(name, names()));
            } else if flows.iter().any(|flow| invokes(flow.flow(), function)) {
                let problem = problem(format!("flows invoke `{function}`, so it cannot be told the address of one"));
                problems.push(problem.label("made later than the function").help(
                    "leave the setting out: the template asks for it, and it can be given with the next deployment",
                ));
            }
        }
    }
    problems
}

fn invokes(flow: &Flow, function: &str) -> bool {
    let names = |value: &crate::flow::Value| {
        value.as_text().is_some_and(|text| {
            text.parts
                .iter()
                .any(|part| matches!(part, crate::flow::Part::Resource(ResourceKind::Lambda, name) if name == function))
        })
    };
    flow.blocks().any(|(_, block)| block.args.iter().any(|arg| names(&arg.value)))
}
