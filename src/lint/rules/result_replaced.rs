//! `result-replaced`: a result read after another invocation has replaced it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Kind, input};
use crate::flow::{Block, BlockId};
use crate::lint::analysis::{Origins, Read, View, path, reads};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

/// A read, and the one thing that was invoked whose answer it can be.
struct Answered<'f> {
    at: BlockId,
    read: Read<'f>,
    by: BlockId,
    name: String,
}

fn check(view: &View, report: &mut Report) {
    let origins = view.origins();
    let mut by_path: BTreeMap<&str, Vec<Answered>> = BTreeMap::new();
    for (at, block) in view.flow.blocks() {
        for read in reads(block) {
            // A result with a name is kept by the compiler; what is written there is no reference of the service.
            if view.written(read.span).is_some_and(|text| !text.contains(NAMESPACE)) {
                continue;
            }
            let Some((by, name)) = only_origin(view, origins, at, read.path) else { continue };
            by_path.entry(read.path).or_default().push(Answered { at, read, by, name });
        }
    }
    forgotten(view, origins, report);
    for (path, found) in &by_path {
        if is_common(path) {
            continue;
        }
        for read in found {
            let Some(owner) = owner(view, read, found) else { continue };
            let Some(replacing) = view.flow.block(read.by) else { continue };
            let mut finding = report
                .finding(view, read.at, read.read.span, format!("`{path}` was answered before, and something else has answered since"))
                .label(format!("reads the answer of {}", replacing.said()))
                .also(replacing.span, "replaces the answer")
                .help(view.speech().say("keep the first answer in an attribute, or give it a name with `as`: then it is kept by itself", "keep the first answer in an attribute before the second is asked for"))
                .subject(*path);
            if let Some(owner) = view.flow.block(owner) {
                finding = finding.also(owner.span, "answered it");
            }
            report.push(finding);
        }
    }
}

/// What references of the service begin with.
const NAMESPACE: &str = "$.";

/// What a caller typed and nobody read, because the next question replaced it.
fn forgotten(view: &View, origins: &Origins, report: &mut Report) {
    let asks: Vec<(BlockId, &Block)> =
        view.flow.blocks().filter(|(id, block)| block.is(&input::STORED) && view.graph.reaches(*id)).collect();
    if asks.len() < 2 {
        return;
    }
    let mut read: BTreeMap<BlockId, Vec<(BlockId, Read)>> = BTreeMap::new();
    for (at, block) in view.flow.blocks() {
        for reading in reads(block) {
            let Some(origin) = origins.before(at, reading.path) else { continue };
            if origin.many {
                return;
            }
            for by in &origin.blocks {
                read.entry(*by).or_default().push((at, reading));
            }
        }
    }
    for (first, asked) in asks.iter().filter(|(id, _)| !read.contains_key(id)) {
        let others: Vec<BlockId> = asks.iter().map(|(id, _)| *id).filter(|id| id != first).collect();
        // Nothing but the next question may lie between; another try at the same question asks for the same.
        let next = others.iter().find(|other| path(view.flow, *first, **other, |from, _| !others.contains(&from)).is_some());
        let Some((next, reads)) = next.and_then(|next| Some((*next, read.get(next)?))) else { continue };
        let comes_back = path(view.flow, next, *first, |_, _| true).is_some();
        let (Some((at, reading)), Some(replacing)) = (reads.first().filter(|_| !comes_back), view.flow.block(next)) else {
            continue;
        };
        let finding = report
            .finding(view, *at, reading.span, "this reads the second of two answers, and nothing reads the first")
            .label(format!("reads the answer of {}", replacing.said()))
            .also(replacing.span, "replaces the answer")
            .also(asked.span, "asks for what nobody reads")
            .help(view.speech().say("keep the first answer in an attribute, or give it a name with `as`: then it is kept by itself", "keep the first answer in an attribute before the second is asked for"))
            .subject(reading.path);
        report.push(finding);
    }
}

/// The invocation whose answer a read is, on every path; nothing if there are several of different things.
fn only_origin(view: &View, origins: &Origins, at: BlockId, path: &str) -> Option<(BlockId, String)> {
    let origin = origins.before(at, path).filter(|origin| !origin.many)?;
    let names: BTreeSet<String> =
        origin.blocks.iter().filter_map(|id| view.flow.block(*id)).filter_map(invoked).collect();
    let first = origin.blocks.first()?;
    (names.len() == 1).then_some(())?;
    Some((*first, names.into_iter().next()?))
}

/// The block that gave what a read reads, if another has answered since: the same field was read behind it before, and whoever
/// answers now has not been asked for it anywhere else.
fn owner(view: &View, read: &Answered, all: &[Answered]) -> Option<BlockId> {
    let leads = |from: BlockId, to: BlockId| path(view.flow, from, to, |_, _| true).is_some();
    let earlier = all.iter().find(|other| other.name != read.name && leads(other.at, read.by))?;
    // Whoever answers it behind the read as well knows the field.
    (!leads(read.at, earlier.by)).then_some(earlier.by)
}

/// What a block invokes: the resource that it names. Nothing where it names none.
fn invoked(block: &Block) -> Option<String> {
    let row = block.action.row()?;
    row.results?;
    let mut named = row.params.iter().flat_map(|param| {
        let whole = matches!(param.kind, Kind::Resource(_)).then(|| param.name.to_owned());
        let inner = param.kind.fields().iter().filter(|field| matches!(field.kind, Kind::Resource(_)));
        whole.into_iter().chain(inner.map(|field| format!("{}.{}", param.name, field.name)))
    });
    named.find_map(|path| block.arg(&path)?.as_text()?.parts.first().map(|part| format!("{part:?}")))
}

/// Whether a field is one that any function answers: how it went, or what to say.
fn is_common(path: &str) -> bool {
    let field = path.rsplit(['.', '\'', ']']).find(|part| !part.is_empty()).unwrap_or_default().to_lowercase();
    let field = field.replace(['_', '-'], "");
    COMMON.contains(&field.as_str()) || path.matches('.').count() < 2 && !path.contains('[')
}

const COMMON: [&str; 26] = [
    "status", "statuscode", "result", "results", "success", "error", "errormessage", "code", "message", "msg", "response",
    "body", "flag", "found", "valid", "isvalid", "ok", "data", "value", "intentname", "resultdata", "action",
    "inputtranscript", "text", "name", "id",
];
