//! What the flows of a project need of an instance, and what environments know.

use std::collections::BTreeMap;

use super::Group;
use crate::catalogue::ResourceKind;
use crate::mapping::{Name, uses};
use crate::source::Span;

/// Something that flows name.
#[derive(Debug, Clone)]
pub struct ResourceRow {
    pub kind: ResourceKind,
    pub name: String,
    /// In the order of flows and lines.
    pub uses: Vec<ResourceUse>,
    /// Environments, and the address that each knows.
    pub environments: Vec<(String, Option<String>)>,
}

/// A place where a flow names something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceUse {
    pub span: Span,
    pub flow: String,
    /// Whether the service takes only an address here.
    pub is_fixed: bool,
}

/// A name that an environment knows and no flow says.
#[derive(Debug, Clone)]
pub struct UnusedName {
    pub environment: String,
    pub kind: ResourceKind,
    pub name: String,
    pub key: Span,
}

/// Everything that flows name, by kind and name.
pub fn resources(groups: &[Group]) -> Vec<ResourceRow> {
    let mut found: BTreeMap<Name, Vec<ResourceUse>> = BTreeMap::new();
    for group in groups {
        for flow in group.checked.flows.iter().map(crate::validate::ValidFlow::flow) {
            for used in uses(flow) {
                let rows = found.entry((used.kind, used.name.to_owned())).or_default();
                rows.push(ResourceUse {
                    span: used.span,
                    flow: flow.name.value.to_string(),
                    is_fixed: used.fixed.is_some() || used.is_mapping,
                });
            }
        }
    }
    let environments = || groups.iter().flat_map(|group| &group.environments);
    let row = |((kind, name), mut uses): (Name, Vec<ResourceUse>)| {
        uses.sort();
        uses.dedup();
        let full = (kind, name.clone());
        let known = environments().map(|known| (known.name.clone(), known.address(&full).map(str::to_owned)));
        let mut environments: Vec<(String, Option<String>)> = known.collect();
        environments.sort();
        ResourceRow { kind, name, uses, environments }
    };
    found.into_iter().map(row).collect()
}

/// What environments know and no flow says, by environment.
pub fn unused(groups: &[Group]) -> Vec<UnusedName> {
    let used: BTreeMap<Name, Vec<ResourceUse>> =
        resources(groups).into_iter().map(|row| ((row.kind, row.name), row.uses)).collect();
    let mut found = Vec::new();
    for environment in groups.iter().flat_map(|group| &group.environments) {
        for ((kind, name), entry) in &environment.resources {
            if !used.contains_key(&(*kind, name.clone())) {
                let environment = environment.name.clone();
                found.push(UnusedName { environment, kind: *kind, name: name.clone(), key: entry.key });
            }
        }
    }
    found.sort_by(|a, b| (&a.environment, a.kind, &a.name).cmp(&(&b.environment, b.kind, &b.name)));
    found
}
