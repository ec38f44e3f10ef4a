//! What sources declare besides blocks: which flows say where failures go, and where fragments are used.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::build::visit;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Declaration, File, Line, StatementKind};

/// The declarations of a project, as far as no block tells of them.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// By the place of the flow's name.
    flows: BTreeMap<Span, bool>,
    pub fragments: Vec<Fragment>,
    /// By the names of fragments.
    uses: BTreeMap<EcoString, Vec<Span>>,
}

/// A fragment, and the places that use it.
#[derive(Debug, Clone)]
pub struct Fragment {
    pub name: Spanned<EcoString>,
    /// The path of its source.
    pub path: String,
    pub uses: Vec<Span>,
}

impl Outline {
    /// What one file declares, with the path of its source.
    pub fn of(path: &str, file: &File) -> Self {
        let mut outline = Self::default();
        for declaration in &file.declarations {
            let body = match declaration {
                Declaration::Flow(flow) => {
                    let handles = flow.body.lines.iter().any(|line| matches!(line, Line::Handler(_)));
                    outline.flows.insert(flow.head.name.span, handles);
                    &flow.body
                }
                Declaration::Module(module) => &module.body,
                Declaration::Fragment(fragment) => {
                    let name = fragment.head.name.clone();
                    outline.fragments.push(Fragment { name, path: path.to_owned(), uses: Vec::new() });
                    &fragment.body
                }
            };
            visit(body, &mut |kind| {
                if let StatementKind::Use { fragment, .. } = kind {
                    outline.uses.entry(fragment.value.clone()).or_default().push(fragment.span);
                }
            });
        }
        outline
    }

    /// All files as one, in order: now it is known where each fragment is used.
    pub fn joined(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::default();
        for part in parts {
            whole.flows.extend(part.flows);
            whole.fragments.extend(part.fragments);
            for (name, spans) in part.uses {
                whole.uses.entry(name).or_default().extend(spans);
            }
        }
        for fragment in &mut whole.fragments {
            fragment.uses = whole.uses.get(&fragment.name.value).cloned().unwrap_or_default();
        }
        whole
    }

    /// The names of the fragments that are used somewhere, whether there are any such or not.
    pub fn used(&self) -> impl Iterator<Item = &EcoString> {
        self.uses.keys()
    }

    /// Whether a flow has an `on error` of its own, by the place of its name. Nothing of what is no source.
    pub fn handles_errors(&self, name: Span) -> Option<bool> {
        self.flows.get(&name).copied()
    }
}
