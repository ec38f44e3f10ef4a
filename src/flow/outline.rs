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
    /// Looks at all files, each with the path of its source.
    pub fn new<'f>(files: impl Iterator<Item = (&'f str, &'f File)>) -> Self {
        let mut outline = Self::default();
        let mut uses: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for (path, file) in files {
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
                        uses.entry(&fragment.value).or_default().push(fragment.span);
                    }
                });
            }
        }
        for fragment in &mut outline.fragments {
            fragment.uses = uses.remove(fragment.name.value.as_str()).unwrap_or_default();
        }
        outline
    }

    /// Whether a flow has an `on error` of its own, by the place of its name. Nothing of what is no source.
    pub fn handles_errors(&self, name: Span) -> Option<bool> {
        self.flows.get(&name).copied()
    }
}
