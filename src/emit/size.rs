//! How long a document is, for the service's limit on it. Nearly every flow is far below, which is found out by counting;
//! only where that comes near the limit the document is written to be measured.

use crate::flow::{Arg, Flow, Outlet, Part, Value};

use super::document::compact;

/// Characters of a flow's document as the service is given it, if they are more than this.
pub fn length_beyond(flow: &Flow, most: usize) -> Option<usize> {
    if bound(flow) <= most {
        return None;
    }
    Some(compact(flow).chars().count()).filter(|length| *length > most)
}

/// What stands around the blocks, and around a module's contract.
const FRAME: usize = 1_000;
/// A block in the actions and in the metadata, without what it is given.
const BLOCK: usize = 600;
/// A parameter or an entry of a map, in both.
const ENTRY: usize = 120;
const ERROR: usize = 50;
/// A condition, and the console's note on it with an identifier of its own.
const CONDITION: usize = 350;

/// A number of characters that a document does not exceed.
fn bound(flow: &Flow) -> usize {
    let name = text(&flow.name.value) + flow.description.as_deref().map_or(0, text);
    let contract = flow.contract().map_or(0, |contract| {
        let fields = contract.inputs.iter().chain(&contract.returns);
        let branches = contract.branches.iter().map(|branch| ENTRY + 2 * text(&branch.value));
        fields.map(|field| ENTRY + text(&field.name.value) + text(&field.kind.value)).chain(branches).sum()
    });
    let identifier = flow.blocks().map(|(_, block)| block.identifier.len()).max().unwrap_or(0);
    let blocks = flow.blocks().map(|(id, block)| {
        let exits = flow.exits(id).iter().map(|exit| identifier + outlet(&exit.outlet));
        BLOCK + 3 * identifier + entries(&block.args) + exits.sum::<usize>()
    });
    FRAME + name + contract + blocks.sum::<usize>()
}

/// What a text takes between its quotes at most. Identifiers hold nothing that has to be escaped.
fn text(text: &str) -> usize {
    let more = |byte| match byte {
        ..b' ' => 5,
        b'"' | b'\\' => 1,
        _ => 0,
    };
    text.len() + text.bytes().map(more).sum::<usize>()
}

fn outlet(outlet: &Outlet) -> usize {
    match outlet {
        Outlet::Next => 0,
        Outlet::Error(name) => ERROR + text(name),
        Outlet::Condition(test) => {
            CONDITION + text(&test.operator) + test.operands.iter().map(|operand| 8 + 2 * text(operand)).sum::<usize>()
        }
    }
}

fn entries(args: &[Arg]) -> usize {
    args.iter().map(|arg| ENTRY + 3 * text(&arg.name.value) + value(&arg.value)).sum()
}

fn value(given: &Value) -> usize {
    match given {
        Value::Text(text) => text.parts.iter().map(part).sum(),
        Value::Plain(plain, _) => plain.to_string().len(),
        Value::List(items, _) => items.iter().map(|item| ENTRY + value(item)).sum(),
        Value::Map(fields, _) => entries(fields),
    }
}

/// A resource stands in the metadata by its name as well, under several keys.
fn part(part: &Part) -> usize {
    match part {
        Part::Literal(literal) | Part::Path(literal) => text(literal),
        Part::Resource(_, name) => 40 + 6 * text(name),
        Part::Address(address) => 40 + text(&address.text) + 6 * text(&address.name),
    }
}
