//! All declarations of a project, parsed and built.
//!
//! A flow uses the modules and fragments of other sources, so the sources that may declare some are parsed before anything
//! is built. All others are parsed and built in one go, and let go of their trees: trees of all sources at once would take
//! more memory than all that becomes of them.

use std::collections::HashMap;

use ecow::EcoString;
use rayon::prelude::*;

use crate::catalogue::ResourceKind;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::flow::Outline;
use crate::flow::build::{self, Head, Index, Made, Names, Naming, Options};
use crate::source::{Source, Spanned};
use crate::syntax::{self, Parsed, ast, may_share};

/// A project's declarations, and what each has become.
pub(super) struct Declarations<T> {
    pub built: Vec<Declaration<T>>,
    /// What parsing has to say, and which names clash.
    pub problems: Diagnostics,
    /// The names of all flows and modules, broken ones too.
    pub declared: Vec<Spanned<EcoString>>,
    pub outline: Outline,
}

/// One of them.
pub(super) struct Declaration<T> {
    pub what: T,
    /// What is wrong with the flows and modules that it names.
    pub misnamed: Vec<Diagnostic>,
}

/// A source that has been parsed, and perhaps built.
struct Unit<T> {
    heads: Vec<Head>,
    outline: Outline,
    problems: Diagnostics,
    tree: Option<ast::File>,
    built: Vec<(T, Vec<Naming>)>,
}

impl<T> Unit<T> {
    fn parsed(source: &Source) -> Self {
        let Parsed { file, diagnostics, .. } = syntax::parse(source);
        Self {
            heads: file.declarations.iter().map(Head::of).collect(),
            outline: Outline::of(&source.path, &file),
            problems: diagnostics,
            tree: Some(file),
            built: Vec::new(),
        }
    }
}

/// Parses the sources and builds their declarations; `finish` is given each, built, on any thread. What comes back is in the
/// order of the sources. `on_step` is called when a source or a declaration has been dealt with.
pub(super) fn declarations<T: Send>(
    sources: &[&Source],
    options: &Options,
    finish: impl Fn(Made) -> T + Sync,
    on_step: &(dyn Fn() + Sync),
) -> Declarations<T> {
    let (units, outline) = units(sources, options, finish, on_step);
    let (mut heads, mut problems, mut built) = (Vec::new(), Diagnostics::new(), Vec::new());
    for unit in units {
        heads.extend(unit.heads);
        problems.extend(unit.problems);
        built.extend(unit.built);
    }
    let (names, clashes) = Names::new(heads.iter());
    problems.extend(clashes);
    let misses = misses(&names, built.iter().flat_map(|(_, namings): &(T, Vec<Naming>)| namings));
    let problems_of = |naming: &Naming| {
        let missed = misses.get(&naming.key()).map(|close| naming.missed(close));
        names.misfit(naming).into_iter().chain(missed)
    };
    let misnamed: Vec<Vec<Diagnostic>> =
        built.iter().map(|(_, namings)| namings.iter().flat_map(problems_of).collect()).collect();
    let built = built.into_iter().zip(misnamed).map(|((what, _), misnamed)| Declaration { what, misnamed }).collect();
    let declared = heads.iter().filter(|head| head.is_built()).map(|head| head.name.clone()).collect();
    Declarations { built, problems, declared, outline }
}

/// All sources, parsed and built, and what they declare besides blocks.
fn units<T: Send>(
    sources: &[&Source],
    options: &Options,
    finish: impl Fn(Made) -> T + Sync,
    on_step: &(dyn Fn() + Sync),
) -> (Vec<Unit<T>>, Outline) {
    let parse = |source: &Source| {
        let unit = Unit::parsed(source);
        on_step();
        unit
    };
    let build = |index: &Index, mut unit: Unit<T>| {
        let declared = unit.tree.take().unwrap_or_default().declarations;
        let built = declared.into_par_iter().map(|declaration| {
            let mut made = build::flow(index, &declaration);
            let namings = std::mem::take(&mut made.namings);
            let what = finish(made);
            on_step();
            (what, namings)
        });
        unit.built.par_extend(built);
        unit
    };
    // What others may use is parsed first, and waits; all else is built at once.
    let shared = sources.par_iter().map(|source| may_share(&source.text).then(|| parse(source)));
    let shared: Vec<Option<Unit<T>>> = shared.collect();
    let trees = shared.iter().flatten().filter_map(|unit| unit.tree.as_ref());
    let mut index = Index::new(sources.iter().copied(), trees, options);
    let units = sources.par_iter().zip(shared);
    let units = units.map(|(source, shared)| shared.unwrap_or_else(|| build(&index, parse(source))));
    let mut units: Vec<Unit<T>> = units.collect();
    // Whether a fragment is used is known now, and says how it is built.
    let outline = Outline::joined(units.iter_mut().map(|unit| std::mem::take(&mut unit.outline)));
    index.set_used(outline.used());
    let built = units.into_par_iter().map(|unit| if unit.tree.is_some() { build(&index, unit) } else { unit });
    (built.collect(), outline)
}

/// What is meant by names that nothing has, where that is known. Each is looked for once, however often it stands there.
fn misses<'n>(
    names: &Names<'n>,
    namings: impl Iterator<Item = &'n Naming>,
) -> HashMap<(ResourceKind, &'n str), &'n str> {
    let unknown: HashMap<(ResourceKind, &str), &Naming> =
        namings.filter(|naming| !names.declares(naming)).map(|naming| (naming.key(), naming)).collect();
    unknown.into_par_iter().filter_map(|(key, naming)| Some((key, names.near_miss(naming)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn built(texts: &[&str]) -> (Vec<String>, Vec<String>) {
        let ids = (0..).map(SourceId);
        let sources: Vec<Source> =
            texts.iter().zip(ids).map(|(text, id)| Source::new(id, format!("{}.flow", id.0), *text)).collect();
        let sources: Vec<&Source> = sources.iter().collect();
        let all = declarations(&sources, &Options::default(), |made| made, &|| ());
        let name = |flow: &crate::flow::Flow| format!("{} {}", flow.name.value, flow.len());
        let flows = all.built.iter().filter_map(|one| one.what.flow.as_ref().map(name)).collect();
        let found = all.built.iter().flat_map(|one| one.what.diagnostics.iter().chain(&one.misnamed));
        (flows, found.chain(all.problems.iter()).map(|problem| problem.message.clone()).collect())
    }

    #[test]
    fn what_a_flow_uses_may_stand_in_sources_before_and_behind_it() {
        let fragment = "fragment bye { say \"a\"\n say \"b\" }";
        let module = "module Ask() -> yes, no { return yes }";
        let flow = "inbound flow A { use bye\n call Ask { yes -> next\n no -> next\n error -> next }\n disconnect }";
        for texts in [[fragment, flow, module], [module, flow, fragment], [flow, fragment, module]] {
            let (flows, problems) = built(&texts);
            assert!(problems.is_empty(), "{problems:?}");
            assert!(flows.contains(&"A 4".to_owned()), "{flows:?}");
        }
    }

    #[test]
    fn a_fragment_that_nothing_uses_is_read_by_itself() {
        let fragment = "fragment bye { sya \"a\" }";
        assert_eq!(built(&[fragment]).1.len(), 1);
        let user = "inbound flow A { use bye\n disconnect }";
        let (_, problems) = built(&[user, fragment]);
        assert_eq!(problems.len(), 1, "once, where it is used: {problems:?}");
    }

    #[test]
    fn names_are_judged_when_all_are_known() {
        let from = "inbound flow A { transfer to flow \"Afternoom\" { error -> next }\n disconnect }";
        let (_, problems) = built(&[from, "inbound flow Afternoon { disconnect }"]);
        assert_eq!(problems, ["this project has no flow `Afternoom`"]);
        let (_, problems) = built(&["inbound flow A { disconnect }", "inbound flow A { disconnect }"]);
        assert_eq!(problems, ["there is a flow `A` already"]);
    }
}
