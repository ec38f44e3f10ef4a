//! A flow under construction: blocks whose exits lead to labels, before anybody knows which block a label is.

use ecow::EcoString;

use crate::flow::{Allow, Block, Outlet};
use crate::source::{Span, Spanned};

/// A place that control can go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Label(usize);

/// What a label turned out to be.
#[derive(Debug, Clone)]
enum Binding {
    /// Not placed yet; at the end, that is the same as the end of the flow.
    Open,
    Block(usize),
    /// The same place as another label, by the arrow at the span.
    Same(Label, Span),
    /// Behind a line that could not be understood. It may have been the one that ends the path.
    Unknown(Label, Span),
    End(End),
}

/// Where a path has no next line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The end of a flow's opening part, a step or a module: the words name it, the span is its closing brace.
    Off { what: String, brace: Span },
    /// The end of an error handler's body.
    Handler { span: Span },
    /// An arrow that could not be resolved; it has been reported.
    Broken,
}

/// Where a label leads when all is placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Block(usize),
    End(End),
    /// Arrows that only lead to each other; the span is one of them.
    Cycle(Span),
}

/// Why an exit is there, which decides what happens if it leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A clause, an arrow or the next line.
    Written,
    /// A branch that the service can do without.
    Dispensable,
    /// An error in the step that handles errors: it carries on, or ends the contact.
    Uncovered,
}

#[derive(Debug, Clone)]
pub(super) struct DraftExit {
    pub outlet: Outlet,
    pub to: Label,
    pub span: Span,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub(super) struct DraftBlock {
    pub block: Block,
    pub exits: Vec<DraftExit>,
    /// The name of its result.
    pub binds: Option<Spanned<EcoString>>,
    /// The identifier that the source fixes.
    pub fixed: Option<Spanned<EcoString>>,
    /// What the console shows beside it.
    pub notes: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Draft {
    pub blocks: Vec<DraftBlock>,
    /// What the source says is right.
    pub allows: Vec<Allow>,
    /// Whether some of the source could not be understood.
    pub torn: bool,
    labels: Vec<Binding>,
}

impl Draft {
    pub fn label(&mut self) -> Label {
        self.labels.push(Binding::Open);
        Label(self.labels.len() - 1)
    }

    pub fn end(&mut self, end: End) -> Label {
        self.labels.push(Binding::End(end));
        Label(self.labels.len() - 1)
    }

    fn bind(&mut self, label: Label, binding: Binding) {
        if let Some(slot) = self.labels.get_mut(label.0) {
            *slot = binding;
        }
    }

    /// Makes one label the same place as another.
    pub fn alias(&mut self, label: Label, to: Label, span: Span) {
        self.bind(label, Binding::Same(to, span));
    }

    /// Makes a label go on behind a line that was reported. If nothing follows, that is not worth a second report.
    pub fn alias_unknown(&mut self, label: Label, to: Label, span: Span) {
        self.torn = true;
        self.bind(label, Binding::Unknown(to, span));
    }

    /// Adds a block at a label.
    pub fn push(&mut self, at: Label, block: DraftBlock) -> usize {
        let index = self.blocks.len();
        self.blocks.push(block);
        self.bind(at, Binding::Block(index));
        index
    }

    /// Follows a label to what it is.
    pub fn target(&self, label: Label) -> Target {
        let mut at = label;
        // Every step follows one of finitely many labels; more steps than labels is a cycle.
        let mut last = Span::default();
        let mut is_unknown = false;
        for _ in 0..=self.labels.len() {
            match self.labels.get(at.0) {
                Some(Binding::Block(index)) => return Target::Block(*index),
                Some(Binding::Same(next, span)) => {
                    at = *next;
                    last = *span;
                }
                Some(Binding::Unknown(next, span)) => {
                    at = *next;
                    last = *span;
                    is_unknown = true;
                }
                Some(Binding::End(_)) if is_unknown => return Target::End(End::Broken),
                Some(Binding::End(end)) => return Target::End(end.clone()),
                Some(Binding::Open) | None => return Target::End(End::Broken),
            }
        }
        if is_unknown { Target::End(End::Broken) } else { Target::Cycle(last) }
    }
}
