//! The functions of a project as templates have them: their contracts, and what `[handlers]` in flowc.toml says of them.
//!
//! A function belongs to a template if a flow invokes it, or if `[handlers.<name>]` lists it: one behind HTTP, which no flow
//! names, is nowhere else to be found.

use std::collections::BTreeMap;

use ecow::EcoString;
use toml::de::DeValue;

use super::reader::{Reader, Value, kind};
use crate::catalogue::ResourceKind;
use crate::diagnostics::{Diagnostic, codes};
use crate::emit::function::{Function, Given};
use crate::flow::Flow;
use crate::source::{Span, Spanned};
use crate::validate::ValidFlow;

/// What a project says of one function.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    place: Span,
    given: BTreeMap<String, (Spanned<Given>, Span)>,
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
                    let given = Spanned::new(given, reader.span(value.span()));
                    listed.given.insert(setting.get_ref().to_string(), (given, reader.span(setting.span())));
                }
            }
        }
        all.insert(name.get_ref().to_string(), listed);
    }
    all
}

fn given(reader: &mut Reader, name: &str, value: &Value) -> Option<Given> {
    if let DeValue::Table(table) = value.get_ref() {
        let flow = table.iter().find(|(key, _)| key.get_ref() == "flow").filter(|_| table.len() == 1);
        let Some((_, flow)) = flow else {
            let help = "name a flow: `{ flow = \"Main\" }`";
            reader.wrong(value, format!("`{name}` is a table that says something else than `flow`"), help);
            return None;
        };
        let flow = reader.text(flow, "flow")?;
        return Some(Given::Flow((ResourceKind::Flow, flow.value)));
    }
    match value.get_ref() {
        DeValue::String(text) => Some(Given::Text(text.to_string())),
        DeValue::Boolean(truth) => Some(Given::Text(truth.to_string())),
        DeValue::Integer(_) | DeValue::Float(_) => Some(Given::Text(reader.digits(value))),
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
        let Some(function) = functions.get_mut(name) else {
            let message = format!("there is no function `{name}`");
            let help = format!("a function of the project has a contract: `handlers/{name}/contract.json`");
            let problem = Diagnostic::new(codes::PROJECT_FILE, said.place, message).label("unknown").help(help);
            problems.push(problem.suggest(name, contracts.keys().map(String::as_str)));
            continue;
        };
        function.is_listed = true;
        for (setting, (given, place)) in &said.given {
            let known = || function.settings.iter().map(|known| known.name.as_str());
            if !known().any(|known| known == setting) {
                let message = format!("`{name}` has no setting `{setting}`");
                let names: Vec<&str> = known().collect();
                let help = match names.as_slice() {
                    [] => "its contract names none".to_owned(),
                    names => format!("its settings are `{}`", names.join("`, `")),
                };
                let problem = Diagnostic::new(codes::PROJECT_FILE, *place, message).label("unknown").help(help);
                problems.push(problem.suggest(setting, known()));
                continue;
            }
            function.given.insert(setting.clone(), given.value.clone());
        }
    }
    (functions, problems)
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
        for (given, _) in said.given.values() {
            let Given::Flow((_, name)) = &given.value else { continue };
            let problem = |message: String| Diagnostic::new(codes::PROJECT_FILE, given.span, message);
            if !names().any(|known| known == name) {
                let problem = problem(format!("there is no flow `{name}`")).label("unknown");
                problems.push(problem.help("name a flow of this project").suggest(name, names()));
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
