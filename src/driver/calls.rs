//! Calls of modules by documents, held against what the modules declare. Between sources, the compiler does so while it
//! builds them.

use super::links::Linked;
use crate::catalogue::{ResourceKind, Role, rules};
use crate::diagnostics::{Diagnostic, codes, listed};
use crate::flow::breach::{answer, breach};
use crate::flow::{Block, BlockId, Contract, Flow, Outlet, Part, Value};
use crate::source::Span;

impl Linked {
    /// What documents pass to a module of the run, or expect of it, and it does not declare.
    pub fn undeclared(&self, sources: &[&Flow]) -> Vec<Diagnostic> {
        // What a module seems to take is no promise.
        let declared = |at: usize| match at.checked_sub(sources.len()) {
            Some(at) => self.documents.get(at).filter(|document| document.has_contract).map(|document| &document.flow),
            None => sources.get(at).copied(),
        };
        let mut found = Vec::new();
        for (at, document) in self.documents.iter().enumerate() {
            let from = sources.len() + at;
            for (id, block) in document.flow.blocks() {
                let module = called(block).and_then(|name| self.links.target(from, ResourceKind::Module, name));
                let Some(module) = module.and_then(declared) else { continue };
                if let Some(contract) = module.contract() {
                    call(&document.flow, id, block, module, contract, &mut found);
                }
            }
        }
        found
    }
}

/// The module that a block calls, by its name.
fn called(block: &Block) -> Option<&str> {
    block.action.row().filter(|row| row.role == Role::CallModule)?;
    block.args.iter().find_map(|arg| match arg.value.as_text()?.parts.as_slice() {
        [Part::Resource(ResourceKind::Module, name)] => Some(name.as_str()),
        _ => None,
    })
}

fn call(flow: &Flow, id: BlockId, block: &Block, module: &Flow, contract: &Contract, found: &mut Vec<Diagnostic>) {
    let told = |span: Span, name: &str, what: &str, known: &[&str]| {
        let message = format!("module `{}` declares no {what} `{name}`", module.name.value);
        breach(rules::MODULE_CALL, codes::MODULE_CONTRACT, span, message)
            .label(answer(rules::MODULE_CALL))
            .also(module.name.span, "this module")
            .help(format!("it declares {}", listed(known)))
    };
    let inputs: Vec<&str> = contract.inputs.iter().map(|field| field.name.value.as_str()).collect();
    for arg in &block.args {
        let Value::Map(entries, _) = &arg.value else { continue };
        let unknown = entries.iter().filter(|entry| !inputs.contains(&&*entry.name.value));
        found.extend(unknown.map(|entry| told(entry.name.span, &entry.name.value, "input", &inputs)));
    }
    let branches: Vec<&str> = contract.branches.iter().map(|branch| branch.value.as_str()).collect();
    for exit in flow.exits(id) {
        let Outlet::Condition(condition) = &exit.outlet else { continue };
        let unknown = condition.operands.iter().filter(|operand| !branches.contains(&operand.as_str()));
        found.extend(unknown.map(|operand| told(exit.span, operand, "branch", &branches)));
    }
}
