//! Sentences: words are held against the catalogue's patterns; the longest that fits decides the row.

use smallvec::smallvec;

use super::body::{Builder, Here, Owner};
use super::defaults::default_value;
use super::draft::{DraftBlock, Label};
use super::outlets::{Branches, Reading};
use super::pattern::{Captured, Captures, agreement, alternatives, fit, literal_word, misplaced_settings};
use super::values;
use crate::catalogue::resources::MAPPING_FUNCTION;
use crate::catalogue::{self, ActionSpec, Lowering, Param, Phrase, Place, ResourceKind, Role};
use crate::diagnostics::{Diagnostic, codes, listed};
use crate::flow::value::holds;
use crate::flow::{Arg, BlockOrigin, Inserted, Outlet, Part as TextPart, Text, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name, Part, Sentence};

impl Builder<'_> {
    pub fn sentence(&mut self, sentence: &Sentence, entry: Label, next: Label, here: Here) {
        let owner = Owner { entry, next };
        let Some((phrase, captures)) = self.find(sentence, here) else {
            // What follows is still worth reading: its clauses may hold other problems, and lead to steps.
            let branches = self.branches(sentence.clauses.as_ref(), owner, here);
            self.branch_bodies(&branches, owner, here);
            self.draft.alias_unknown(entry, next, sentence.head.span);
            return;
        };
        let branches = self.branches(sentence.clauses.as_ref(), owner, here);
        match phrase.sentence.lowering {
            Lowering::Retry => self.retry(phrase, &captures, sentence, &branches, owner, here),
            Lowering::Direct | Lowering::Companion { .. } | Lowering::MapResources { .. } => {
                self.place(phrase, &captures, sentence, &branches, owner, here);
            }
        }
        self.branch_bodies(&branches, owner, here);
    }

    // ---- finding the pattern ----------------------------------------------------------------------------------------

    fn find<'s>(&mut self, sentence: &'s Sentence, here: Here) -> Option<(Phrase, Captures<'s>)> {
        let Some(Part::Word(verb)) = sentence.parts.first() else { return None };
        let phrases = catalogue::phrases(&verb.value);
        let flow_type = self.flow.flow_type();
        let best = phrases
            .iter()
            .filter_map(|phrase| fit(phrase.sentence, &sentence.parts).map(|captures| (*phrase, captures)))
            .max_by_key(|(phrase, captures)| {
                // Of two rows that say the same, the one that belongs in this type of flow; else the first.
                let at_home = flow_type.is_none_or(|flow_type| phrase.row.flow_types.listed.contains(&flow_type));
                let place = phrases.iter().position(|other| std::ptr::eq(other.sentence, phrase.sentence));
                (captures.words, at_home, std::cmp::Reverse(place))
            });
        if best.is_none() {
            let diagnostic = self.unknown(sentence, verb, phrases);
            self.diagnostics.push(diagnostic);
        }
        let _ = here;
        best
    }

    /// What to say about a sentence that fits no pattern.
    fn unknown(&self, sentence: &Sentence, verb: &Name, phrases: &[Phrase]) -> Diagnostic {
        let said = self.index.slice(sentence.head.span).lines().next().unwrap_or_default();
        let said: String = said.chars().take(60).collect();
        if phrases.is_empty() {
            let verbs: Vec<&str> = catalogue::verbs().chain(["if", "repeat", "use", "do", "step"]).collect();
            return Diagnostic::new(
                codes::UNKNOWN_SENTENCE,
                verb.span,
                format!("no sentence begins with `{}`", verb.value),
            )
            .label("not known")
            .help("docs/sentences.md lists all sentences; `do Type (..)` says any action by its own name")
            .suggest(&verb.value, verbs);
        }
        if let Some(misplaced) = misplaced_settings(phrases, &sentence.parts) {
            return Diagnostic::new(codes::UNKNOWN_SENTENCE, misplaced, format!("`{said}` has its settings too early"))
                .label("these stand at the end of the sentence")
                .help("move the parentheses behind the last word, before the braces if there are any");
        }
        // The candidate that agrees longest says best what is wrong.
        let furthest = phrases
            .iter()
            .map(|phrase| (agreement(phrase.sentence, &sentence.parts), phrase))
            .max_by(|a, b| a.0.cmp(&b.0).then(std::cmp::Ordering::Greater));
        let agreed = furthest.map_or(1, |(agreed, _)| agreed);
        let at = sentence.parts.get(agreed).map_or(sentence.head.span.tail(), Part::span);
        let fitting: Vec<&Phrase> =
            phrases.iter().filter(|phrase| agreement(phrase.sentence, &sentence.parts) == agreed).collect();
        let mut forms: Vec<String> =
            fitting.iter().map(|phrase| catalogue::shape(phrase.row, phrase.sentence)).collect();
        forms.dedup();
        let mut diagnostic = Diagnostic::new(codes::UNKNOWN_SENTENCE, at, format!("`{said}` is not a sentence"));
        diagnostic = match sentence.parts.get(agreed) {
            None => diagnostic.label("something is missing here"),
            Some(_) => diagnostic.label("does not fit here"),
        };
        if let Some(Part::Word(word)) = sentence.parts.get(agreed) {
            let words: Vec<&str> = phrases.iter().filter_map(|phrase| literal_word(phrase.sentence, agreed)).collect();
            diagnostic = diagnostic.suggest(&word.value, words);
            if diagnostic.help.is_some() {
                return diagnostic;
            }
        }
        diagnostic.help(format!("the sentence is {}", alternatives(&forms)))
    }

    // ---- building the blocks ----------------------------------------------------------------------------------------

    fn place(
        &mut self,
        phrase: Phrase,
        captures: &Captures,
        sentence: &Sentence,
        branches: &Branches,
        owner: Owner,
        here: Here,
    ) {
        let span = sentence.head.span;
        let mut args = self.arguments(phrase, captures, span, here);
        let companion = self.companion(phrase, &mut args, span, here);
        imply(phrase.row, &mut args, branches);
        if let Lowering::MapResources { param } = phrase.sentence.lowering {
            let function = TextPart::Resource(ResourceKind::Lambda, MAPPING_FUNCTION.into());
            values::insert(&mut args, param, Value::Text(Text { parts: smallvec![function], span }), span);
            self.mapping_in_module(span);
        }
        values::sort(&mut args, phrase.row.params);
        let origin = match phrase.row.role {
            Role::Compare => BlockOrigin::Match(phrase.sentence),
            _ => BlockOrigin::Sentence(phrase.sentence),
        };
        let mut main = self.block(phrase.row, args, span, origin, here);
        main.binds = captures.name.cloned();
        self.check_name(&main, captures);
        let declared = self.declared_branches(phrase.row, &main);
        let (mut at, mut after) = (owner.entry, None);
        if let Some((place, block)) = companion {
            let joint = self.draft.label();
            match place {
                Place::Before => {
                    self.companion_block(block, branches, owner.entry, joint, here);
                    at = joint;
                }
                Place::After => after = Some((block, joint)),
            }
        }
        let next = after.as_ref().map_or(owner.next, |(_, joint)| *joint);
        let reading = Reading {
            branches,
            strict: true,
            aliases: phrase.sentence.aliases,
            preset: &[],
            declared: declared.as_ref().map(|module| (module.branches.as_slice(), module.span)),
            continues: declared.as_ref().is_none_or(|module| module.branches.is_empty() || module.returns_plainly),
            owner: Owner { entry: owner.entry, next },
        };
        self.exits(&mut main, &reading, here);
        if !phrase.sentence.chooses {
            self.refuse_choices(&main, phrase.sentence);
        }
        if let Some(module) = &declared {
            self.check_all_branches(&main, module, &reading);
        }
        self.draft.push(at, main);
        if let Some((block, joint)) = after {
            self.companion_block(block, branches, joint, owner.next, here);
        }
    }

    /// A sentence that only waits has no branch for what it hears.
    fn refuse_choices(&mut self, block: &DraftBlock, sentence: &catalogue::Sentence) {
        let word = sentence.aliases.first().map_or("else", |alias| alias.0);
        for exit in block.exits.iter().filter(|exit| matches!(exit.outlet, Outlet::Condition(_))) {
            let said = block.block.said();
            self.diagnostics.push(
                Diagnostic::new(codes::REFUSED_BRANCH, exit.span, format!("{said} has one branch for all keys"))
                    .label("a key of its own")
                    .help(format!("write `{word} -> ..`, or another sentence: `menu` has a branch for each key")),
            );
        }
    }

    /// Which resources a contact needs depends on where it came in, and a module does not know that.
    fn mapping_in_module(&mut self, span: Span) {
        if self.flow.is_module() {
            self.diagnostics.push(
                Diagnostic::new(codes::OUT_OF_PLACE, span, "a module cannot map resources")
                    .label("belongs in the flow where contacts come in")
                    .help("write `map resources` at the beginning of each entry flow that leads to this module"),
            );
        }
    }

    fn companion_block(&mut self, mut block: DraftBlock, branches: &Branches, at: Label, next: Label, here: Here) {
        let reading = Reading {
            branches,
            strict: false,
            aliases: &[],
            preset: &[],
            declared: None,
            continues: true,
            owner: Owner { entry: at, next },
        };
        self.exits(&mut block, &reading, here);
        self.draft.push(at, block);
    }

    fn retry(
        &mut self,
        phrase: Phrase,
        captures: &Captures,
        sentence: &Sentence,
        branches: &Branches,
        owner: Owner,
        here: Here,
    ) {
        let span = sentence.head.span;
        let Some(retried) = here.owner else {
            self.diagnostics.push(
                Diagnostic::new(codes::OUT_OF_PLACE, span, "there is nothing to retry here")
                    .label("no statement owns this line")
                    .help("`retry` stands in a branch of the menu or question that it repeats: `timeout { retry (max: 2) { spent -> agent } }`"),
            );
            self.draft.alias(owner.entry, owner.next, span);
            return;
        };
        let args = self.arguments(phrase, captures, span, here);
        let mut block = self.block(phrase.row, args, span, BlockOrigin::Retry(phrase.sentence), here);
        let reading = Reading {
            branches,
            strict: true,
            aliases: phrase.sentence.aliases,
            preset: &[("continue", retried.entry)],
            declared: None,
            continues: true,
            owner,
        };
        self.exits(&mut block, &reading, here);
        self.draft.push(owner.entry, block);
    }

    /// The action that a sentence needs besides its own, if what calls for it was given.
    fn companion(
        &mut self,
        phrase: Phrase,
        args: &mut Vec<Arg>,
        span: Span,
        here: Here,
    ) -> Option<(Place, DraftBlock)> {
        let Lowering::Companion { param, action, target, place } = phrase.sentence.lowering else { return None };
        let at = args.iter().position(|arg| arg.name.value == param)?;
        let given = args.remove(at);
        let row = catalogue::find(action)?;
        let name = Spanned::new(target.into(), given.name.span);
        let origin = BlockOrigin::Inserted(Inserted::Companion(phrase.sentence));
        Some((place, self.block(row, vec![Arg { name, value: given.value }], span, origin, here)))
    }

    /// The arguments that a sentence gives: what its words fix, its slots, its settings, and defaults.
    fn arguments(&mut self, phrase: Phrase, captures: &Captures, span: Span, here: Here) -> Vec<Arg> {
        let pattern = phrase.sentence;
        let mut args: Vec<Arg> = Vec::new();
        for (path, text) in pattern.fixed {
            let kind = parameter(phrase, path).map(|param| &param.kind);
            values::insert(&mut args, path, fixed(kind, text, span), span);
        }
        for (path, captured) in &captures.values {
            let Some(param) = parameter(phrase, path) else { continue };
            self.subject = Some(pattern.head().into());
            let value = match captured {
                Captured::Value(value) => self.value(param, value, here),
                Captured::Word(word) => self.value(param, &ast::Value::Word((*word).clone()), here),
                Captured::Map(settings, span) => match &param.kind {
                    catalogue::Kind::Map { value, keys, .. } => {
                        Some(self.map(value, *keys, param, settings, *span, here))
                    }
                    catalogue::Kind::Pairs(params) => self.pairs(params, settings, *span, here),
                    _ => None,
                },
                Captured::Words(words) => self.word_list(param, words),
            };
            self.subject = None;
            if let Some(value) = value {
                let at = value.span();
                values::insert(&mut args, path, value, at);
            }
        }
        let given = self.settings(phrase, captures, &mut args, here);
        self.defaults(phrase, &given, &mut args, span, here);
        args
    }

    fn settings<'s>(
        &mut self,
        phrase: Phrase,
        captures: &Captures<'s>,
        args: &mut Vec<Arg>,
        here: Here,
    ) -> Vec<&'s str> {
        let pattern = phrase.sentence;
        let mut given: Vec<(&str, Span)> = Vec::new();
        let mut implied: Vec<(&str, &str, Span)> = Vec::new();
        for setting in &captures.settings {
            let word = setting.name.value.as_str();
            let Some(known) = pattern.settings.iter().find(|known| known.word == word) else {
                let words: Vec<&str> = pattern.settings.iter().map(|known| known.word).collect();
                let help = if words.is_empty() {
                    "it takes no settings: remove the parentheses".to_owned()
                } else {
                    format!("it has {}", listed(&words))
                };
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::UNKNOWN_SETTING,
                        setting.name.span,
                        format!("`{}` has no setting `{word}`", pattern.head()),
                    )
                    .label("not known")
                    .help(help)
                    .suggest(word, words),
                );
                continue;
            };
            if let Some((_, before)) = given.iter().find(|(known, _)| *known == word) {
                self.given_twice(word, setting.name.span, *before);
                continue;
            }
            given.push((word, setting.name.span));
            let Some(param) = parameter(phrase, known.param) else { continue };
            self.subject = Some(known.word.into());
            let value = self.value(param, &setting.value, here);
            self.subject = None;
            if let Some(value) = value {
                if !known.takes(value.as_literal()) {
                    self.not_among(phrase, known, param, &value);
                    continue;
                }
                values::insert(args, known.param, value, setting.span.span);
                implied.extend(known.implies.iter().map(|(path, text)| (*path, *text, setting.span.span)));
            }
        }
        // What is said in its own words counts more than what other words imply.
        let is_said = |path: &str| {
            given
                .iter()
                .any(|(word, _)| pattern.settings.iter().any(|known| known.word == *word && known.param == path))
        };
        for (path, text, span) in implied.into_iter().filter(|(path, ..)| !is_said(path)) {
            values::insert(args, path, Value::literal(text, span), span);
        }
        given.into_iter().map(|(word, _)| word).collect()
    }

    /// A value that the action takes, and the sentence is not about.
    fn not_among(&mut self, phrase: Phrase, setting: &catalogue::Setting, param: &Param, value: &Value) {
        let words = setting.choices(&param.kind);
        let takes = |other: &&catalogue::Setting| other.param == setting.param && other.takes(value.as_literal());
        let better = phrase.row.sentences.iter().find(|other| other.settings.iter().any(|found| takes(&found)));
        let help = match better {
            Some(better) => format!("say `{}`; here it can be {}", better.head(), listed(&words)),
            None => format!("here it can be {}", listed(&words)),
        };
        let message = format!("`{}` has another `{}`", phrase.sentence.head(), setting.word);
        let problem = Diagnostic::new(codes::WRONG_VALUE, value.span(), message);
        self.diagnostics.push(problem.label("of another sentence").help(help));
    }

    /// What the project, or else the catalogue, writes where the sentence says nothing.
    fn defaults(&mut self, phrase: Phrase, given: &[&str], args: &mut Vec<Arg>, span: Span, here: Here) {
        let project = self.index.options.defaults.get(phrase.sentence.head());
        for setting in phrase.sentence.settings {
            if given.contains(&setting.word) {
                continue;
            }
            let Some(param) = parameter(phrase, setting.param) else { continue };
            let value = match (project.and_then(|project| project.get(setting.word)), param.default) {
                (Some(written), _) => self.value(param, &default_value(&written.value, written.span), here),
                // What the words of the sentence fix is not a default to be overwritten.
                (None, Some(_)) if phrase.sentence.fixed.iter().any(|(path, _)| *path == setting.param) => None,
                (None, Some(text)) => Some(Value::literal(text, span)),
                (None, None) => None,
            };
            if let (Some(value), true) = (value, param.when.is_none_or(|when| holds(&when, args))) {
                values::insert(args, setting.param, value, span);
            }
        }
    }

    fn check_name(&mut self, block: &DraftBlock, captures: &Captures) {
        let Some(name) = captures.name else { return };
        if block.block.action.row().is_some_and(|row| row.results.is_none()) {
            self.diagnostics.push(
                Diagnostic::new(codes::OUT_OF_PLACE, name.span, "this leaves nothing to read, so it needs no name")
                    .label("names nothing")
                    .help(format!("remove `as {}`", name.value)),
            );
        } else if name.value == "env" {
            self.diagnostics.push(
                Diagnostic::new(codes::OUT_OF_PLACE, name.span, "`env` is the environment's name")
                    .label("taken")
                    .help("`$env.Name` reads an environment value; give the result another name"),
            );
        }
    }

    // ---- module contracts -------------------------------------------------------------------------------------------

    /// What the project knows of the module that a block calls; checks the arguments on the way.
    fn declared_branches(&mut self, row: &'static ActionSpec, block: &DraftBlock) -> Option<Declared> {
        match row.role {
            Role::Return => {
                self.check_return(block);
                None
            }
            Role::CallModule => {
                let name = block.block.args.iter().find_map(|arg| match &arg.value {
                    Value::Text(text) => match text.parts.as_slice() {
                        [TextPart::Resource(ResourceKind::Module, name)] => Some(name.as_str()),
                        _ => None,
                    },
                    _ => None,
                })?;
                let module = self.index.modules.get(name)?;
                let inputs: Vec<(&str, &str)> = module
                    .contract
                    .inputs
                    .iter()
                    .map(|field| (field.name.value.as_str(), field.kind.value.as_str()))
                    .collect();
                let what = format!("module `{name}`");
                self.check_fields(block, &inputs, &what, "input", Some(module.span));
                Some(Declared {
                    name: name.to_owned(),
                    branches: module
                        .contract
                        .branches
                        .iter()
                        .map(|branch| branch.value.to_string())
                        .collect::<Vec<_>>(),
                    returns_plainly: module.returns_plainly,
                    span: module.span,
                })
            }
            _ => None,
        }
    }

    fn check_return(&mut self, block: &DraftBlock) {
        let Some(contract) = self.flow.contract() else { return };
        let what = format!("module `{}`", self.flow.name.value);
        let result =
            block.block.args.iter().find_map(|arg| arg.value.as_literal().map(|text| (text, arg.value.span())));
        if let Some((branch, span)) = result {
            let known: Vec<&str> = contract.branches.iter().map(|branch| branch.value.as_str()).collect();
            if !known.contains(&branch) {
                self.diagnostics.push(
                    Diagnostic::new(codes::MODULE_CONTRACT, span, format!("{what} declares no branch `{branch}`"))
                        .label("not declared")
                        .also(self.flow.name.span, "declared here")
                        .help(format!(
                            "declare it behind `->` in the module's first line; there are {}",
                            listed(&known)
                        ))
                        .suggest(branch, known.iter().copied()),
                );
            }
        }
        let returns: Vec<(&str, &str)> =
            contract.returns.iter().map(|field| (field.name.value.as_str(), field.kind.value.as_str())).collect();
        self.check_fields(block, &returns, &what, "returned key", Some(self.flow.name.span));
    }

    /// Holds the map among a block's arguments against a contract's fields.
    fn check_fields(
        &mut self,
        block: &DraftBlock,
        fields: &[(&str, &str)],
        what: &str,
        noun: &str,
        declared: Option<Span>,
    ) {
        let known: Vec<&str> = fields.iter().map(|field| field.0).collect();
        let entries = block.block.args.iter().find_map(|arg| match &arg.value {
            Value::Map(entries, _) => Some(entries),
            _ => None,
        });
        for entry in entries.into_iter().flatten() {
            let name = &*entry.name.value;
            let Some((_, kind)) = fields.iter().find(|field| field.0 == name) else {
                let mut diagnostic = Diagnostic::new(
                    codes::MODULE_CONTRACT,
                    entry.name.span,
                    format!("{what} declares no {noun} `{name}`"),
                )
                .label("not declared");
                if let Some(span) = declared {
                    diagnostic = diagnostic.also(span, "declared here");
                }
                let help = if known.is_empty() {
                    "it declares none".to_owned()
                } else {
                    format!("it declares {}", listed(&known))
                };
                self.diagnostics.push(diagnostic.help(help).suggest(name, known.iter().copied()));
                continue;
            };
            if let Some(found) = mismatch(kind, &entry.value) {
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::MODULE_CONTRACT,
                        entry.value.span(),
                        format!("`{name}` of {what} is of type {kind}, not {found}"),
                    )
                    .label("of another type")
                    .help("the service checks the type; references are taken for `string` only"),
                );
            }
        }
    }

    /// A module's branches must all go somewhere.
    fn check_all_branches(&mut self, block: &DraftBlock, module: &Declared, reading: &Reading) {
        use crate::flow::Outlet;
        let has_else = reading.branches.entries.iter().any(|(clause, _)| {
            clause
                .patterns
                .iter()
                .any(|pattern| matches!(&pattern.kind, ast::PatternKind::Word(word) if word == "else"))
        });
        let missing: Vec<&str> = module
            .branches
            .iter()
            .map(String::as_str)
            .filter(|branch| {
                !block
                    .exits
                    .iter()
                    .any(|exit| matches!(&exit.outlet, Outlet::Condition(condition) if condition.operands.as_slice() == [*branch]))
            })
            .collect();
        // A clause that the module does not declare is told already.
        let is_declared = |exit: &super::draft::DraftExit| match &exit.outlet {
            Outlet::Condition(condition) => {
                module.branches.iter().any(|branch| condition.operands.as_slice() == [branch.as_str()])
            }
            Outlet::Next | Outlet::Error(_) => true,
        };
        if !missing.is_empty() && !has_else && block.exits.iter().all(is_declared) {
            self.diagnostics.push(
                Diagnostic::new(
                    codes::MISSING_BRANCH,
                    block.block.span,
                    format!(
                        "`call {}` does not say where {} {}",
                        module.name,
                        listed(&missing),
                        if missing.len() == 1 { "goes" } else { "go" }
                    ),
                )
                .label("a branch of the module is missing")
                .also(module.span, "declared here")
                .help(format!("add `{} -> ..` to its clauses, or `else -> ..` for all others", missing.join(", "))),
            );
        }
    }
}

/// What a row fixes: nothing stands for a list without elements, and what begins like a reference is one.
fn fixed(kind: Option<&catalogue::Kind>, text: &str, span: Span) -> Value {
    if matches!(kind, Some(catalogue::Kind::Flag)) {
        Value::Plain((text == "true").into(), span)
    } else if text.is_empty() {
        Value::List(Vec::new(), span)
    } else if text.starts_with("$.") {
        Value::Text(Text { parts: smallvec![TextPart::Path(text.into())], span })
    } else {
        Value::literal(text, span)
    }
}

/// A clause for an event that the action reports only when asked asks for it.
fn imply(row: &'static ActionSpec, args: &mut Vec<Arg>, branches: &Branches) {
    for variant in row.variants {
        for spec in variant.outlets {
            let Some(catalogue::When { param, is: catalogue::Is::Contains(wanted) }) = spec.when else { continue };
            let clause = branches.entries.iter().find_map(|(clause, _)| {
                clause
                    .patterns
                    .iter()
                    .find(|pattern| matches!(&pattern.kind, ast::PatternKind::Word(word) if word == spec.word))
            });
            let Some(clause) = clause else { continue };
            let span = clause.span.span;
            let at = args.iter().position(|arg| arg.name.value == param);
            let item = Value::literal(wanted, span);
            match at.and_then(|at| args.get_mut(at)) {
                Some(Arg { value: Value::List(items, _), .. }) => {
                    if !items.contains(&item) && !items.iter().any(|known| known.as_literal() == Some(wanted)) {
                        items.push(item);
                    }
                }
                Some(_) => {}
                None => {
                    args.push(Arg { name: Spanned::new(param.into(), span), value: Value::List(vec![item], span) });
                }
            }
        }
    }
}

/// What a caller knows of a module of the project.
struct Declared {
    name: String,
    branches: Vec<String>,
    returns_plainly: bool,
    span: Span,
}

/// What a value is, if it is not of a contract's type.
fn mismatch(kind: &str, value: &Value) -> Option<&'static str> {
    let found = match value {
        Value::Text(text) if text.has_path() => "a reference",
        Value::Text(_) => "a string",
        Value::Plain(serde_json::Value::Number(_), _) => "a number",
        Value::Plain(serde_json::Value::Bool(_), _) => "a boolean",
        Value::Plain(..) => "null",
        Value::List(..) => "an array",
        Value::Map(..) => "an object",
    };
    let fits = match kind {
        "string" => matches!(found, "a string" | "a reference"),
        "number" => found == "a number",
        "integer" => {
            matches!(value, Value::Plain(serde_json::Value::Number(number), _) if number.is_i64() || number.is_u64())
        }
        "boolean" => found == "a boolean",
        "object" => found == "an object",
        "array" => found == "an array",
        "null" => found == "null",
        _ => true,
    };
    (!fits).then_some(found)
}

/// The parameter at a path of the row, or of the row that a companion parameter belongs to.
pub(super) fn parameter(phrase: Phrase, path: &str) -> Option<&'static Param> {
    match phrase.sentence.lowering {
        Lowering::Companion { param, action, target, .. } if param == path => catalogue::find(action)?.param(target),
        _ => phrase.row.param(path),
    }
}
