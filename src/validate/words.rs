//! What messages call things: in the words of the language for who wrote a source, in the service's own for who has a document.

use crate::catalogue::{ActionSpec, Exit, Is, Kind, OutletSpec, Param, Piece, Variant, When};
use crate::diagnostics::listed;
use crate::flow::{Arg, Block, Speech, Value};
use crate::source::Path;

use super::values::{Check, below};

impl Check<'_> {
    pub(super) fn speech(&self) -> Speech {
        self.block.origin.speech()
    }

    /// What a value is called in messages. In a document, its block is named too: nobody sees the line that it is in.
    pub(super) fn spoken(&self, path: &str) -> String {
        let name = self.name(path);
        match self.speech() {
            Speech::Source => name,
            Speech::Document => format!("{name} of {}", self.block.said()),
        }
    }

    /// The setting's word or the sentence's where there is one, the reference that a `set` line writes, and the service's
    /// own name for `do` and in a document.
    fn name(&self, path: &str) -> String {
        if self.is_raw() {
            return format!("`{}`", self.word(path));
        }
        if let Some(word) = self.setting(path) {
            return format!("`{word}`");
        }
        for assign in self.row.assigns {
            match assign.param.split_once('*') {
                None if assign.param == path => return format!("`{}`", assign.root),
                Some((before, after)) => {
                    let key = path.strip_prefix(before).map(|key| key.strip_suffix(after).unwrap_or(key));
                    if let Some(key) = key {
                        return format!("`{}.{key}`", assign.root);
                    }
                }
                None => {}
            }
        }
        let key = |piece: &Piece| match piece {
            Piece::Map(map) => path.strip_prefix(map).and_then(|rest| rest.strip_prefix('.')).map(str::to_owned),
            _ => None,
        };
        let pieces = self.row.sentences.iter().flat_map(|sentence| sentence.pattern);
        let mut inner = pieces.flat_map(|piece| match piece {
            Piece::Optional(inner) => inner,
            piece => std::slice::from_ref(piece),
        });
        match inner.find_map(key) {
            Some(key) => format!("`{key}`"),
            None => {
                format!("`{}`", self.block.origin.opening().unwrap_or(path))
            }
        }
    }

    /// The setting's word, or the path below `Parameters`; as JSON has it where the reader has JSON.
    pub(super) fn word(&self, path: &str) -> String {
        match (self.setting(path), self.speech()) {
            (Some(word), _) => word.to_owned(),
            (None, Speech::Source) => self.within(path).unwrap_or(path).to_owned(),
            (None, Speech::Document) => in_json(Path::default(), &self.block.args, path).as_str().to_owned(),
        }
    }

    /// Of an object, what must be in it is what can be said.
    fn within(&self, path: &str) -> Option<&'static str> {
        let mut needed = self.row.param(path)?.kind.fields().iter().filter(|param| param.required);
        needed.find_map(|param| self.setting(&below(path, param.name)))
    }

    /// The setting's word in the block's own sentence.
    fn setting(&self, path: &str) -> Option<&'static str> {
        setting(self.block, self.row, |param| param == path)
    }

    /// Whether the block is said by the service's own names.
    fn is_raw(&self) -> bool {
        self.block.origin.is_in_service_words()
    }

    /// Where a parameter is in the document, or would be.
    pub(super) fn place(&self, path: &str) -> Option<Path> {
        let action = self.block.origin.document()?;
        Some(in_json(action.path.key("Parameters"), &self.block.args, path))
    }

    /// How to give parameters that are missing. All of them are of the object at `path`.
    pub(super) fn giving(&self, missing: &[(String, &Param)], path: &str) -> String {
        match self.speech() {
            Speech::Source => {
                let given: Vec<String> = missing.iter().map(|(path, _)| format!("{}: ..", self.word(path))).collect();
                format!("add `{}` to its parentheses", given.join(", "))
            }
            Speech::Document => {
                let blank = |kind: &Kind| match kind {
                    Kind::Object(_) | Kind::Map { .. } | Kind::Tagged { .. } | Kind::Json => "{ .. }",
                    Kind::List(_) | Kind::Pairs(_) | Kind::Choices(_) => "[ .. ]",
                    _ => "\"..\"",
                };
                let given = missing.iter().map(|(_, param)| format!("\"{}\": {}", param.name, blank(&param.kind)));
                let object = in_json(Path::default().key("Parameters"), &self.block.args, path);
                format!("add {} to `{object}`", listed(&given.collect::<Vec<_>>()))
            }
        }
    }

    /// Several values that exclude or need one another.
    pub(super) fn members(&self, members: &[&Param], path: &str) -> String {
        let names: Vec<String> = members.iter().map(|param| self.member(param, &below(path, param.name))).collect();
        names.join(", ")
    }

    fn member(&self, param: &Param, path: &str) -> String {
        if self.is_raw() {
            return format!("`{}`", self.word(path));
        }
        match (self.setting(path), self.introduced(path), &param.kind) {
            (Some(word), ..) => format!("`{word}`"),
            (None, _, Kind::Resource(kind)) => kind.described(),
            (None, Some(words), _) => format!("`{words} ..`"),
            (None, None, Kind::Text { what, .. }) => (*what).to_owned(),
            (None, None, _) => format!("`{path}`"),
        }
    }

    /// The words inside a sentence that a value comes after.
    fn introduced(&self, path: &str) -> Option<&'static str> {
        let is_it = |slot: &str| slot.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        let mut inner =
            self.row.sentences.iter().flat_map(|sentence| sentence.pattern.get(1..).unwrap_or_default().windows(2));
        inner.find_map(|pair| match pair {
            [Piece::Words(words), Piece::Slot(slot)] if is_it(slot) => Some(*words),
            _ => None,
        })
    }

    /// A condition in words, after `applies only`.
    pub(super) fn describe(&self, when: When) -> String {
        let param = self.name(when.param);
        let word = |value: &str| {
            let choices = match self.row.param(when.param).map(|param| &param.kind) {
                Some(Kind::Choice(choices)) if !self.is_raw() => *choices,
                _ => &[],
            };
            let word = choices.iter().find(|choice| choice.1 == value).map_or(value, |choice| choice.0);
            format!("`{word}`")
        };
        told(when, &param, &word)
    }
}

/// A condition on a parameter in words.
fn told(when: When, param: &str, word: &dyn Fn(&str) -> String) -> String {
    match when.is {
        Is::Present => format!("together with {param}"),
        Is::Absent => format!("without {param}"),
        Is::Equal(value) => format!("when {param} is {}", word(value)),
        Is::NotEqual(value) => format!("when {param} is not {}", word(value)),
        Is::OneOf(values) => {
            format!("when {param} is one of {}", values.iter().map(|value| word(value)).collect::<Vec<_>>().join(", "))
        }
        Is::Contains(value) => format!("when {param} has {}", word(value)),
    }
}

/// The form of an action that a message is about, after the block's name: what makes it this form. In a source the words
/// of the sentence say so, if it is no setting.
pub(super) fn form(block: &Block, variant: &Variant) -> String {
    variant.when.first().and_then(|when| condition(block, *when)).map(|told| format!(" {told}")).unwrap_or_default()
}

/// A condition on a parameter in the words of whoever reads: settings in a source, the service's own in a document. A
/// source has no word for what its sentence is made of.
pub(super) fn condition(block: &Block, when: When) -> Option<String> {
    let row = block.action.row()?;
    let choices = match row.param(when.param).map(|param| &param.kind) {
        Some(Kind::Choice(choices)) => *choices,
        _ => &[],
    };
    let is_in_service_words = block.origin.speech() == Speech::Document || block.origin.is_in_service_words();
    // An object is given by what is in it.
    let is_it = |param: &str| param == when.param || inside(param, when.param);
    let param = if is_in_service_words { when.param } else { setting(block, row, is_it)? };
    let word = |value: &str| {
        let choice = choices.iter().find(|choice| choice.1 == value && !is_in_service_words);
        format!("`{}`", choice.map_or(value, |choice| choice.0))
    };
    let kind = if is_in_service_words { "" } else { "the setting " };
    Some(told(when, &format!("{kind}`{param}`"), &word))
}

/// The word of the setting that gives a parameter in the block's own sentence.
fn setting(block: &Block, row: &ActionSpec, is_it: impl Fn(&str) -> bool) -> Option<&'static str> {
    let head = block.origin.opening()?;
    let sentences = row.sentences.iter().filter(|sentence| sentence.head() == head);
    let mut settings = sentences.flat_map(|sentence| sentence.settings);
    settings.find(|setting| is_it(setting.param)).map(|setting| setting.word)
}

/// Whether a path leads to something inside the object at another.
fn inside(path: &str, object: &str) -> bool {
    path.strip_prefix(object).is_some_and(|rest| rest.starts_with('.'))
}

/// A dotted path below a path, as JSON has it: whether a number is an element or a key, what is there says.
fn in_json(path: Path, args: &[Arg], dotted: &str) -> Path {
    if dotted.is_empty() {
        return path;
    }
    let is_on_the_way =
        |name: &str| dotted.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let Some(arg) = args.iter().find(|arg| is_on_the_way(&arg.name.value)) else {
        return dotted.split('.').fold(path, |path, step| path.key(step));
    };
    let mut path = path.key(&arg.name.value);
    let mut rest = dotted.get(arg.name.value.len()..).unwrap_or_default().trim_start_matches('.');
    let mut value = &arg.value;
    while let Value::List(items, _) = value {
        let (step, after) = rest.split_once('.').unwrap_or((rest, ""));
        let Some((index, item)) = step.parse().ok().and_then(|index: usize| Some((index, items.get(index)?))) else {
            break;
        };
        (path, rest, value) = (path.index(index), after, item);
    }
    let entries = if let Value::Map(entries, _) = value { entries.as_slice() } else { &[] };
    in_json(path, entries, rest)
}

/// What a way out is called: the clause's word, or what the document has in its place.
pub(super) fn outlet(block: &Block, spec: &OutletSpec) -> String {
    match (block.origin.speech(), spec.exit) {
        (Speech::Source, _) => spec.word.to_owned(),
        (Speech::Document, Exit::Error(name)) => name.to_owned(),
        (Speech::Document, Exit::Condition(operator, operand)) => format!("{} \"{operand}\"", operator.name()),
    }
}

/// How to give ways out that are missing.
pub(super) fn connecting(block: &Block, missing: &[&OutletSpec]) -> String {
    if block.origin.speech() == Speech::Source {
        let words: Vec<&str> = missing.iter().map(|spec| spec.word).collect();
        return format!("add `{} -> ..` to its clauses", words.join(", "));
    }
    let mut errors = Vec::new();
    let mut conditions = Vec::new();
    for spec in missing {
        match spec.exit {
            Exit::Error(name) => errors.push(format!("{{ \"ErrorType\": \"{name}\", \"NextAction\": \"..\" }}")),
            Exit::Condition(operator, operand) => conditions.push(format!(
                "{{ \"NextAction\": \"..\", \"Condition\": {{ \"Operator\": \"{}\", \"Operands\": [\"{operand}\"] }} }}",
                operator.name()
            )),
        }
    }
    let lists = [(errors, "Errors"), (conditions, "Conditions")];
    let lists = lists.iter().filter(|(missing, _)| !missing.is_empty());
    let lists: Vec<String> =
        lists.map(|(missing, list)| format!("{} to `Transitions.{list}`", listed(missing))).collect();
    let it = if missing.len() == 1 { "the branch" } else { "the branches" };
    format!("add {}; in the console, connect {it}", lists.join(" and "))
}

/// The list of branches in the document that lacks one.
pub(super) fn branches(block: &Block, missing: &OutletSpec) -> Option<Path> {
    let list = match missing.exit {
        Exit::Error(_) => "Errors",
        Exit::Condition(..) => "Conditions",
    };
    Some(block.origin.document()?.path.key("Transitions").key(list))
}
