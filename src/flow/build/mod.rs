//! From trees to flows: names are resolved, sentences become blocks, structure becomes edges.
//!
//! [`Index`] knows what the whole project declares; [`flow`] builds one declaration and needs nothing else, so that
//! declarations can be built side by side.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::flow::Flow;
use crate::flow::id::Style;
use crate::source::Source;
use crate::syntax::ast;

/// What a project decides about its flows.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub identifiers: Style,
    /// `$env.<name>`.
    pub values: BTreeMap<String, String>,
    /// Settings that sentences take when they do not give their own: first words of the sentence, setting, value.
    pub defaults: BTreeMap<String, BTreeMap<String, String>>,
}

/// A source and its tree.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    pub source: &'a Source,
    pub file: &'a ast::File,
}

/// Everything that the project's declarations can refer to.
#[derive(Debug)]
pub struct Index<'a> {
    #[expect(dead_code, reason = "being built")]
    options: &'a Options,
}

impl<'a> Index<'a> {
    /// Collects the declarations of all units, in order; says which clash.
    pub fn new(_units: &[Unit<'a>], options: &'a Options) -> (Self, Vec<Diagnostic>) {
        (Self { options }, Vec::new())
    }
}

/// Builds one flow or module. Fragments build nothing by themselves, but are checked when nothing uses them.
pub fn flow(_index: &Index, _unit: Unit, _declaration: &ast::Declaration) -> (Option<Flow>, Diagnostics) {
    (None, Diagnostics::new())
}
