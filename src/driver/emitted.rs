//! Projects for deployment tools: the files of one target.

use std::collections::BTreeMap;

use super::{Form, Group, Mapped, MissingName, Output, map, product, resources};
use crate::catalogue::ResourceKind;
use crate::catalogue::resources::MAPPING_FUNCTION;
use crate::diagnostics::Diagnostics;
use crate::emit::function::Function;
use crate::emit::stack::{Name, Refusal, Stack};
use crate::emit::{cloudformation, terraform};
use crate::mapping::{self, Answers, Entry, Environment, Instance, Mode, Modes};
use crate::source::{Source, Span};
use crate::validate::{Unfilled, ValidFlow, validate};

/// What stands for the mapping function's ARN in files that a provisioner deploys.
const REPLACED: &str = "<<ARNREPLACE>>";

/// The list of what was written, so that the next time what is gone can be removed, and nothing else.
pub const EMITTED: &str = ".flowc-emitted";

/// Whether a file can be one that is emitted, by its name: a document, a template or its values, in folders as the targets
/// have them.
pub fn is_emitted(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let is_plain = |part: &&str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':']);
    let is_kind = [".json", ".json.tftpl"].iter().any(|ending| name.ends_with(ending));
    // Environment, region, folder and file are the most.
    is_kind && parts.len() <= 4 && parts.iter().all(is_plain)
}

// ---- provisioners -------------------------------------------------------------------------------------------------

/// The flows for a provisioner that knows only the mapping function's placeholder, and makes the map by itself.
pub fn provisioned(flows: &[ValidFlow], environment: Option<&Environment>) -> Mapped {
    let mut environment = environment.cloned().unwrap_or_else(|| Environment {
        name: String::new(),
        instance: Instance::default(),
        modes: Modes::all(Mode::Attributes),
        values: BTreeMap::new(),
        resources: BTreeMap::new(),
        settings: BTreeMap::new(),
        answers: Answers::Names,
        place: Span::default(),
    });
    environment.answers = Answers::Names;
    let mapping = (ResourceKind::Lambda, MAPPING_FUNCTION.to_owned());
    let key = environment.place;
    environment.resources.insert(mapping, Entry { address: REPLACED.to_owned(), key });
    map(flows, &environment)
}

/// The files that a provisioner takes; what it cannot take, if there is such a thing.
pub fn envelopes(mapped: &Mapped, sources: &[Source]) -> Result<Vec<Output>, String> {
    let mut outputs = Vec::new();
    for (flow, _) in &mapped.flows {
        let [document, _] = product(flow, sources, Form::Envelope).outputs;
        let name = &flow.flow().name.value;
        if document.text.matches(REPLACED).count() > 1 {
            return Err(format!(
                "`{name}` maps resources more than once, and a provisioner replaces the first `{REPLACED}`"
            ));
        }
        let folder = if flow.flow().is_module() { "modules" } else { "callflows" };
        outputs.push(Output { name: format!("{folder}/{}", document.name), text: document.text });
    }
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(outputs)
}

// ---- templates ----------------------------------------------------------------------------------------------------

/// A tool that resolves names by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    Cloudformation,
    Terraform,
}

/// The files of a template, and of its values in each environment of the group; what is missing there.
pub fn templates(
    tool: Tool,
    group: &Group,
    functions: &BTreeMap<String, Function>,
) -> Result<(Vec<Output>, Vec<MissingName>), Refusal> {
    let flows: Vec<ValidFlow> = group.checked.flows.iter().map(unmapped).collect();
    let stack = Stack::new(&flows, functions);
    stack.clash()?;
    let files = match tool {
        Tool::Cloudformation => vec![("template.json".to_owned(), cloudformation::template(&stack)?)],
        Tool::Terraform => terraform::configuration(&stack)?,
    };
    let mut outputs: Vec<Output> = files.into_iter().map(|(name, text)| Output { name, text }).collect();
    let mut missing = Vec::new();
    for environment in &group.environments {
        let address = |name: &Name| environment.address(name).map(str::to_owned);
        let file = environment.name.replace('/', "-");
        let instance = environment.instance.arn.as_str();
        let settings = stack.given(|key| environment.settings.get(key).map(|text| text.value.clone()));
        let refused = |what: String| {
            let what = format!("the environment `{}` {what}", environment.name);
            Refusal::new(what, "give them one value, or call the settings of the functions otherwise")
        };
        let settings = settings.map_err(refused)?;
        outputs.push(match tool {
            Tool::Cloudformation => Output {
                name: format!("parameters/{file}.json"),
                text: cloudformation::parameters(&stack, instance, &address, &settings),
            },
            Tool::Terraform => Output {
                name: format!("environments/{file}.tfvars.json"),
                text: terraform::variables(&stack, instance, &address, &settings),
            },
        });
        missing.extend(stack.outside.iter().filter(|name| environment.address(name).is_none()).map(|name| {
            MissingName {
                kind: name.0,
                name: name.1.clone(),
                span: Span::default(),
                environments: vec![environment.name.clone()],
                near: None,
                limit: None,
            }
        }));
    }
    let places: BTreeMap<Name, Span> = resources(std::slice::from_ref(group))
        .into_iter()
        .filter_map(|row| Some(((row.kind, row.name), row.uses.first()?.span)))
        .collect();
    for name in &mut missing {
        name.span = places.get(&(name.kind, name.name.clone())).copied().unwrap_or_default();
    }
    Ok((outputs, missing))
}

/// What a template cannot say, for people to know.
pub fn limits(tool: Tool, group: &Group) -> Vec<String> {
    let flows: Vec<ValidFlow> = group.checked.flows.iter().map(unmapped).collect();
    let stack = Stack::new(&flows, &BTreeMap::new());
    let mut notes = Vec::new();
    for unit in stack.awaited.iter().filter_map(|at| stack.units.get(*at)) {
        let name = &unit.flow.name.value;
        notes.push(format!(
            "`{name}` and a flow that it leads to need each other, and neither can be made first: deploy once, then again \
             with the ARN of `{name}` from the outputs"
        ));
    }
    if tool == Tool::Terraform {
        for (_, name) in stack.bots() {
            notes.push(format!(
                "the provider cannot associate the bot `{name}` with the instance: do so in the console, once"
            ));
        }
        for unit in stack.units.iter().filter(|unit| unit.flow.contract().is_some_and(|contract| !contract.is_empty()))
        {
            let name = &unit.flow.name.value;
            notes.push(format!(
                "the provider has no argument for what the module `{name}` takes and gives: set it by other means"
            ));
        }
    }
    notes
}

fn unmapped(flow: &ValidFlow) -> ValidFlow {
    let unmapped =
        mapping::unmapped(flow.flow()).and_then(|flow| validate(flow, Diagnostics::new(), Unfilled::Noted).0);
    unmapped.unwrap_or_else(|| flow.clone())
}
