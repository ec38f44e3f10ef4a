//! An environment: an instance, and what the names of a project mean there.

use std::collections::BTreeMap;

use super::Name;
use super::address::Instance;
use crate::catalogue::ResourceKind;
use crate::source::{Span, Spanned};

/// How a name becomes an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The flow reads an attribute that `map resources` has filled, and is the same in every environment.
    #[default]
    Attributes,
    /// The address is written into the flow.
    Static,
    /// The name stays, for a deployment tool to resolve.
    Template,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Attributes, Self::Static, Self::Template];

    pub fn word(self) -> &'static str {
        match self {
            Self::Attributes => "attributes",
            Self::Static => "static",
            Self::Template => "template",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// The mode of every name: its own, that of its kind, or the environment's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modes {
    pub default: Mode,
    pub kinds: BTreeMap<ResourceKind, Mode>,
    pub names: BTreeMap<Name, Mode>,
}

impl Modes {
    pub fn all(mode: Mode) -> Self {
        Self { default: mode, ..Self::default() }
    }
}

/// What a name means.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The whole address.
    pub address: String,
    /// The name, in the file that says it.
    pub key: Span,
}

/// How a mapping function answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answers {
    /// By the keys of this compiler, from the build's own map.
    #[default]
    Keys,
    /// By the names alone, from a map that a provisioner makes of what it finds in the instance: queues, prompts, bots and
    /// flows. Two of one name are one there, and names with other signs than those of keys cannot be read.
    Names,
}

/// One environment, or one region of it.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The file's name, and the region behind a slash where there are several: `prod`, `prod/us-west-2`.
    pub name: String,
    pub instance: Instance,
    pub modes: Modes,
    /// `$env.<name>`, where the environment says something else than the project.
    pub values: BTreeMap<String, String>,
    pub resources: BTreeMap<Name, Entry>,
    /// Settings of functions, by function and setting, with the places of their names.
    pub settings: BTreeMap<(String, String), Spanned<String>>,
    /// How the mapping function answers.
    pub answers: Answers,
    /// Where the environment says which instance it is.
    pub place: Span,
}

impl Environment {
    pub fn address(&self, name: &Name) -> Option<&str> {
        self.resources.get(name).map(|entry| entry.address.as_str())
    }

    pub fn mode(&self, name: &Name) -> Mode {
        let Modes { default, kinds, names } = &self.modes;
        names.get(name).or_else(|| kinds.get(&name.0)).copied().unwrap_or(*default)
    }
}
