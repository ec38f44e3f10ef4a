//! `unknown-result-field`: a result that the function, module or bot which answers does not have.

use std::collections::BTreeSet;

use crate::catalogue::{ResourceKind, input};
use crate::diagnostics::Safety;
use crate::flow::{Block, BlockId, Value};
use crate::lint::analysis::{Program, View, Way, called, named, reads};
use crate::lint::{Check, Report};
use crate::source::Span;

pub(super) const CHECK: Check = Check::Project(check);

/// Whose answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Function,
    Module,
    Slot,
    Session,
}

/// Where answers are read.
const PARTS: [(&str, Part); 5] = [
    ("$.External.", Part::Function),
    ("$.LambdaInvocation.ResultData.", Part::Function),
    ("$.Modules.ResultData.", Part::Module),
    ("$.Lex.Slots.", Part::Slot),
    ("$.Lex.SessionAttributes.", Part::Session),
];

impl Part {
    /// What is wrong, in words.
    fn message(self, name: &str, field: &str) -> String {
        match self {
            Self::Function | Self::Module => format!("`{name}` gives no `{field}`"),
            Self::Slot => format!("the bot `{name}` has no slot `{field}`"),
            Self::Session => format!("the bot `{name}` is told no `{field}`, and sets none"),
        }
    }

    fn help(self, fields: &BTreeSet<&str>) -> String {
        let listed = || fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
        match (self, fields.is_empty()) {
            (Self::Slot, true) => "it has no slots; read something else, or name them in its file".to_owned(),
            (Self::Session, true) => "pass it with `with (..)`, or name what the bot sets in its file".to_owned(),
            (_, true) => "it gives nothing; read something else, or let its contract name what it gives".to_owned(),
            (Self::Slot, false) => format!("it has {}", listed()),
            (_, false) => format!("it gives {}", listed()),
        }
    }
}

fn check(program: &Program, report: &mut Report) {
    for view in &program.views {
        let origins = view.origins();
        for (id, block) in view.flow.blocks() {
            for read in reads(block) {
                let Some((part, field)) = field(read.path) else { continue };
                let Some(origin) = origins.before(id, read.path).filter(|origin| !origin.many) else { continue };
                let known: Option<Vec<(String, BTreeSet<&str>)>> =
                    origin.blocks.iter().map(|by| fields(program, view, *by, part, report)).collect();
                let Some(known) = known.filter(|known| !known.is_empty()) else { continue };
                if known.iter().any(|(_, fields)| fields.contains(field)) {
                    continue;
                }
                let Some((name, fields)) = known.first() else { continue };
                let close = crate::diagnostics::closest(field, fields.iter().copied());
                let help = close.map_or_else(|| part.help(fields), |close| format!("did you mean `{close}`?"));
                let mut finding = report
                    .finding(view, id, read.span, part.message(name, field))
                    .label("always empty")
                    .help(help)
                    .subject(read.path);
                let place = view.place_of(read.span, &format!(".{field}"));
                if let (Some(close), Some(dot)) = (close, place) {
                    let place = Span { start: dot.start + 1, ..dot };
                    finding = finding.fix(&format!("read `{close}`"), place, close, Safety::Unsafe);
                }
                report.push(finding);
            }
        }
    }
}

/// What is read of an answer: the first name behind where it stands.
fn field(path: &str) -> Option<(Part, &str)> {
    let (part, rest) = PARTS.iter().find_map(|(prefix, part)| Some((*part, path.strip_prefix(prefix)?)))?;
    let field = rest.split(['.', '[']).next().filter(|field| !field.is_empty())?;
    Some((part, field))
}

/// What answers is called, and what it gives, if that is known in full.
fn fields<'p>(
    program: &'p Program,
    view: &'p View,
    by: BlockId,
    part: Part,
    report: &'p Report,
) -> Option<(String, BTreeSet<&'p str>)> {
    let block = view.flow.block(by)?;
    match part {
        Part::Module => {
            let name = called(block)?;
            let site = view.sites.iter().find(|site| site.block == by && site.way == Way::Calls)?;
            let returns = &program.views.get(site.to)?.flow.contract()?.returns;
            Some((name.to_owned(), returns.iter().map(|field| field.name.value.as_str()).collect()))
        }
        Part::Function => {
            let name = named(block, ResourceKind::Lambda).next()?;
            Some((name.to_owned(), report.config.contracts.get(name)?.fields()?))
        }
        Part::Slot | Part::Session => {
            let name = named(block, ResourceKind::Bot).next()?;
            let bot = report.config.bots.get(name)?;
            let fields = if part == Part::Slot { bot.slots() } else { session(block, bot.session.as_ref()?)? };
            Some((name.to_owned(), fields))
        }
    }
}

/// What a session holds: what the bot sets, and what it was told. Nothing if nobody knows what that was.
fn session<'p>(block: &'p Block, set: &'p BTreeSet<String>) -> Option<BTreeSet<&'p str>> {
    let mut fields: BTreeSet<&str> = set.iter().map(String::as_str).collect();
    match block.arg(input::SESSION) {
        Some(Value::Map(told, _)) => fields.extend(told.iter().map(|one| &*one.name.value)),
        Some(_) => return None,
        None => {}
    }
    Some(fields)
}
