//! Parameters of old blocks: a list of names and values, where a value may be a name in a namespace.

use crate::catalogue::old::{Becomes, NAMESPACES, OldParam, Only, SYSTEM};
use crate::catalogue::{self, Kind, paths, resources};
use crate::diagnostics::{Diagnostic, codes};
use crate::intake::tree::{self, Step};
use crate::json::Json;
use crate::source::Span;

use super::{Block, Converter, PARAMETERS_MAX, scalar};

/// A parameter as it stands.
struct Given<'a> {
    json: &'a Json,
    name: &'a str,
    span: Span,
}

impl Converter<'_> {
    pub(super) fn parameters(&mut self, block: &mut Block) {
        let list = block.json.get("parameters").and_then(Json::as_list).unwrap_or_default();
        if let Some(more) = list.get(PARAMETERS_MAX) {
            self.tell(
                Diagnostic::new(codes::MALFORMED, more.span, "this block has more parameters than any block can have")
                    .label(format!("beyond {PARAMETERS_MAX}"))
                    .help("they are left out from here"),
            );
        }
        let given: Vec<Given> = list
            .iter()
            .take(PARAMETERS_MAX)
            .filter_map(|json| {
                let name = json.get("name")?;
                Some(Given { json, name: name.as_text()?, span: name.span })
            })
            .collect();
        for param in &given {
            let rows = block.row.map_or(&[][..], |row| row.params);
            let row = rows.iter().find(|row| row.name == param.name && fits(row, param, &given));
            let is_taken = match row.map(|row| row.becomes) {
                Some(becomes) => self.becomes(block, param, &given, becomes),
                None => false,
            };
            if !is_taken {
                if block.row.is_some() {
                    let what = format!("`{}` parameters of `{}` blocks", param.name, block.called());
                    self.no_counterpart(param.span, &what);
                }
                self.keep(block, param);
            }
        }
        let Some(row) = block.row else { return };
        for said in row.fixed {
            let has = tree::steps(said.0, &block.parameters, |_| None)
                .is_some_and(|steps| value_at(&block.parameters, &steps).is_some());
            if !has {
                block.say(*said, block.span);
            }
        }
        if let Some((branch, said)) = row.without {
            let branches = block.json.get("branches").and_then(Json::as_list).unwrap_or_default();
            let has_it = branches.iter().any(|json| json.text("condition") == Some(branch));
            if !has_it && block.parameters.get(said.0).is_none() {
                block.say(said, block.span);
            }
        }
    }

    /// Gives a parameter's value to today's action. What the row has no place for is not taken.
    fn becomes(&mut self, block: &mut Block, param: &Given, all: &[Given], becomes: Becomes) -> bool {
        match becomes {
            Becomes::Nothing => true,
            Becomes::Words(words) => {
                let value = param.json.get("value");
                let word = value.and_then(scalar).unwrap_or_default();
                let is_dynamic = param.json.text("namespace").is_some();
                let Some((_, says)) = words.iter().find(|row| !is_dynamic && row.0.eq_ignore_ascii_case(&word)) else {
                    return false;
                };
                for said in *says {
                    block.say(*said, value.map_or(param.span, |value| value.span));
                }
                true
            }
            Becomes::Value(path) => self.place(block, param, all, path, param.json.text("namespace")),
            Becomes::Reference(path, namespace) => {
                let namespace = all.iter().find(|other| other.name == namespace);
                let namespace = namespace.and_then(|other| other.json.text("value"));
                self.place(block, param, all, path, namespace)
            }
        }
    }

    fn place(&mut self, block: &mut Block, param: &Given, all: &[Given], path: &str, namespace: Option<&str>) -> bool {
        let filled = |name: &str| {
            let of_itself = param.json.get(name).and_then(scalar);
            of_itself.or_else(|| scalar(all.iter().find(|other| other.name == name)?.json.get("value")?))
        };
        let Some(steps) = tree::steps(path, &block.parameters, filled) else { return false };
        let kind = block.action.and_then(|action| kind_at(action, &steps));
        let Some(value) = self.value(param, kind, namespace) else {
            // There was nothing in it, and nothing is what stays.
            return true;
        };
        let shown = param.json.get("resourceName").filter(|name| name.as_text().is_some_and(|text| !text.is_empty()));
        block.put(&steps, param.span, value, shown.cloned());
        true
    }

    /// A parameter's value in today's words.
    fn value(&mut self, param: &Given, kind: Option<&'static Kind>, namespace: Option<&str>) -> Option<Json> {
        let value = param.json.get("value");
        let text = value.and_then(scalar);
        if let Some(namespace) = namespace {
            let span = value.map_or(param.span, |value| value.span);
            let name = text?;
            let path = reference(namespace, &name);
            if path.is_none() {
                self.no_counterpart(span, &format!("attributes `{name}` of the namespace `{namespace}`"));
            }
            return Some(tree::text(path.unwrap_or(name), span));
        }
        let name = param.json.get("resourceName");
        match (text, name.and_then(Json::as_text)) {
            // An address that was left out on export: the name is what there is.
            (None, Some(text)) if !text.is_empty() => Some(named(kind, text, name?.span)),
            (Some(empty), Some(text)) if empty.is_empty() && !text.is_empty() => Some(named(kind, text, name?.span)),
            (Some(text), _) => Some(tree::text(spelled(kind, text), value?.span)),
            // A list or an object: nothing that old parameters had.
            (None, _) => value.filter(|value| value.as_list().is_some() || value.as_object().is_some()).cloned(),
        }
    }

    /// Keeps a parameter under its old name. One that is there several times becomes a list, one with keys an object.
    fn keep(&mut self, block: &mut Block, param: &Given) {
        let value = self.value(param, None, param.json.text("namespace"));
        let Some(value) = value else { return };
        let mut steps = vec![Step::Key(param.name.to_owned())];
        match (param.json.text("key"), block.parameters.get(param.name)) {
            (Some(key), _) => steps.push(Step::Key(key.to_owned())),
            (None, Some(before)) => {
                let items = match before.as_list() {
                    Some(items) => items.to_vec(),
                    None => vec![before.clone()],
                };
                let count = items.len();
                let before = tree::list(items, value.span);
                tree::put(&mut block.parameters, &steps, param.span, before);
                steps.push(Step::Index(count));
            }
            (None, None) => {}
        }
        block.put(&steps, param.span, value, param.json.get("resourceName").filter(|n| n.as_text().is_some()).cloned());
    }
}

fn fits(row: &OldParam, param: &Given, all: &[Given]) -> bool {
    match row.when {
        Only::Always => true,
        Only::Keyed(key) => param.json.text("key") == Some(key),
        Only::With(name, value) => all
            .iter()
            .any(|other| other.name == name && other.json.get("value").and_then(scalar).as_deref() == Some(value)),
    }
}

fn value_at<'a>(json: &'a Json, steps: &[Step]) -> Option<&'a Json> {
    steps.iter().try_fold(json, |at, step| match step {
        Step::Key(key) => at.get(key),
        Step::Index(index) => at.as_list()?.get(*index),
    })
}

/// The kind of value that an action has at a place.
fn kind_at(action: &'static catalogue::ActionSpec, steps: &[Step]) -> Option<&'static Kind> {
    let (Step::Key(first), rest) = steps.split_first()? else { return None };
    rest.iter().try_fold(&action.param(first)?.kind, |kind, step| match (kind, step) {
        (Kind::List(of), Step::Index(_)) => Some(*of),
        (Kind::Map { value, .. }, Step::Key(_)) => Some(*value),
        (kind, Step::Key(key)) => kind.fields().iter().find(|param| param.name == *key).map(|param| &param.kind),
        (_, Step::Index(_)) => None,
    })
}

/// What stands for a resource of which only the name is left.
fn named(kind: Option<&Kind>, name: &str, span: Span) -> Json {
    let text = match kind {
        Some(Kind::Resource(kind)) => resources::placeholder(*kind, name),
        _ => name.to_owned(),
    };
    tree::text(text, span)
}

/// A switch in the spelling that today's parameter has.
fn spelled(kind: Option<&Kind>, text: String) -> String {
    match kind {
        Some(Kind::Switch { yes, .. }) if text.eq_ignore_ascii_case("true") => (*yes).to_owned(),
        Some(Kind::Switch { no, .. }) if text.eq_ignore_ascii_case("false") => (*no).to_owned(),
        _ => text,
    }
}

/// The reference of today for a name in a namespace, if there is one.
pub fn reference(namespace: &str, name: &str) -> Option<String> {
    if name.starts_with("$.") {
        return Some(name.to_owned());
    }
    if let Some((_, root)) = NAMESPACES.iter().find(|row| row.0 == namespace) {
        let is_plain =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        return Some(if is_plain { format!("$.{root}.{name}") } else { format!("$.{root}['{name}']") });
    }
    if let Some((_, path)) = SYSTEM.iter().find(|row| namespace == "System" && row.0 == name) {
        return Some((*path).to_owned());
    }
    let path = if namespace == "System" { name.to_owned() } else { format!("{namespace}.{name}") };
    let steps: Vec<&str> = path.split('.').collect();
    paths::check(&steps).is_ok().then(|| format!("$.{path}"))
}
