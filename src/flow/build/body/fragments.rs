//! Fragments: copied where they are used, with what they are given.

use ecow::{EcoString, eco_format};

use super::{Builder, FragmentFrame, Here, Label, Parameters};
use crate::catalogue::limits;
use crate::diagnostics::{Diagnostic, codes, listed};
use crate::source::Span;
use crate::syntax::ast::{FragmentDeclaration, Name, Setting, Value};

impl Builder<'_> {
    pub(super) fn use_fragment(
        &mut self,
        name: &Name,
        arguments: &[Setting],
        span: Span,
        entry: Label,
        next: Label,
        here: Here,
    ) {
        let Some(declared) = self.index.fragments.get(&name.value) else {
            let known = self.index.fragments.keys().map(EcoString::as_str);
            self.diagnostics.push(
                Diagnostic::new(codes::UNKNOWN_FRAGMENT, name.span, format!("there is no fragment `{}`", name.value))
                    .label("not declared in this project")
                    .help(format!("declare it: `fragment {} {{ .. }}`", name.value))
                    .suggest(&name.value, known),
            );
            self.draft.alias_unknown(entry, next, span);
            return;
        };
        let is_itself = std::iter::successors(here.fragments, |frame| frame.up).any(|frame| frame.name == name.value);
        if is_itself || here.depth >= limits::FRAGMENT_DEPTH_MAX {
            let (message, label) = if is_itself {
                (format!("fragment `{}` uses itself", name.value), "would be copied without end".to_owned())
            } else {
                let most = limits::FRAGMENT_DEPTH_MAX;
                ("fragments are nested too deep".to_owned(), format!("more than {most} inside one another"))
            };
            self.diagnostics.push(
                Diagnostic::new(codes::FRAGMENT_RECURSION, name.span, message)
                    .label(label)
                    .also(declared.head.name.span, "declared here")
                    .help("a fragment is copied where it is used; `repeat` says something often, and a module can be called from anywhere"),
            );
            self.draft.alias_unknown(entry, next, span);
            return;
        }
        let Some(entries) = self.match_arguments(declared, arguments, name) else {
            // Without its values, the fragment would be full of problems that are not its own.
            self.draft.alias_unknown(entry, next, span);
            return;
        };
        self.uses += 1;
        let parameters = Parameters { entries, outer: here.parameters };
        let step = if here.step.is_empty() {
            declared.head.name.value.clone()
        } else {
            eco_format!("{}/{}", here.step, declared.head.name.value)
        };
        let frame = FragmentFrame { name: &declared.head.name.value, up: here.fragments };
        let inside = Here {
            scope: self.open_scope(&declared.body),
            fragments: Some(&frame),
            step: &step,
            parameters: Some(&parameters),
            owner: None,
            holds_steps: true,
            depth: here.depth + 1,
            ..here
        };
        let first_block = self.draft.blocks.len();
        self.body(&declared.body, entry, next, inside);
        self.allow(&declared.head.attributes, declared.head.span.span, first_block);
    }

    fn match_arguments<'b>(
        &mut self,
        declared: &'b FragmentDeclaration,
        arguments: &'b [Setting],
        name: &Name,
    ) -> Option<Vec<(&'b str, &'b Value)>> {
        let known: Vec<&str> = declared.parameters.iter().map(|parameter| parameter.value.as_str()).collect();
        let mut entries: Vec<(&str, &Value)> = Vec::new();
        for argument in arguments {
            let given = argument.name.value.as_str();
            if !known.contains(&given) {
                self.diagnostics.push(
                    Diagnostic::new(
                        codes::FRAGMENT_ARGUMENTS,
                        argument.name.span,
                        format!("fragment `{}` has no parameter `{given}`", name.value),
                    )
                    .label("not a parameter")
                    .also(declared.head.name.span, "declared here")
                    .help(format!("its parameters are {}", listed(&known)))
                    .suggest(given, known.iter().copied()),
                );
            } else if entries.iter().any(|(name, _)| *name == given) {
                self.diagnostics.push(
                    Diagnostic::new(codes::GIVEN_TWICE, argument.name.span, format!("`{given}` is given twice"))
                        .label("again")
                        .help("keep one of them"),
                );
            } else {
                entries.push((given, &argument.value));
            }
        }
        let missing: Vec<&str> =
            known.iter().copied().filter(|name| !entries.iter().any(|(given, _)| given == name)).collect();
        // A misspelled argument is told already; then the one it was meant for is not missing as well.
        let has_unknown = arguments.iter().any(|argument| !known.contains(&argument.name.value.as_str()));
        if !missing.is_empty() && !has_unknown {
            self.diagnostics.push(
                Diagnostic::new(
                    codes::FRAGMENT_ARGUMENTS,
                    name.span,
                    format!("fragment `{}` needs {}", name.value, listed(&missing)),
                )
                .label("not given here")
                .also(declared.head.name.span, "declared here")
                .help(format!("write `use {} ({}: ..)`", name.value, missing.join(": .., "))),
            );
        }
        (missing.is_empty() && !has_unknown).then_some(entries)
    }
}
