//! What the console's designer keeps of a block besides its place, its parameters and its conditions. The service
//! ignores it; a flow that has it looks the same after it was opened in the console and saved.

use super::When;

/// One key of a block's entry in `ActionMetadata`.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub key: &'static str,
    pub holds: Holds,
    /// The key is there only when this holds.
    pub when: Option<When>,
}

/// What the console writes there. Parameters are named by their dotted paths.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    Text(&'static str),
    Flag(bool),
    EmptyList,
    /// The keys of a map whose values are references.
    References(&'static str),
    /// Each key of a map, and whether its value is a reference.
    Switches(&'static str),
    /// Each key of a map or object whose value is a reference, with a yes.
    SwitchedOn(&'static str),
    /// A yes, if one of the parameters is a reference.
    IsReference(&'static [&'static str]),
    /// A yes, if the parameter names a resource.
    IsNamed(&'static str),
    /// The name of the resource that a parameter addresses, and the address if `id`.
    Named {
        param: &'static str,
        id: bool,
    },
    /// The prompts in a list of messages.
    Prompts(&'static str),
    /// Whether a list has a value.
    Has(&'static str, &'static str),
    /// Not a key of its own: what the console keeps of the parameter called `key` is that it counts seconds.
    Seconds,
    /// That the span beside the block is shown in seconds.
    ShownInSeconds,
}

impl Mark {
    pub(super) const fn new(key: &'static str, holds: Holds) -> Self {
        Self { key, holds, when: None }
    }

    pub(super) const fn when(mut self, when: When) -> Self {
        self.when = Some(when);
        self
    }
}
