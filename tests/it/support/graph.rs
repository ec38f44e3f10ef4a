//! A flow's graph as text: a block per line by number, and below it where it goes. No identifiers and no places, so
//! that a change shows what it does to control and nothing else.

use std::fmt::Write;

use flowc::flow::{Arg, Block, Flow, FlowKind, Outlet, Part, Text, Value};

/// The graph of a flow or module.
pub fn graph(flow: &Flow) -> String {
    let mut out = match &flow.kind {
        FlowKind::Flow(kind) => format!("{} flow {:?}\n", kind.words(), flow.name.value),
        FlowKind::Module(_) => format!("module {:?}\n", flow.name.value),
    };
    for (id, block) in flow.blocks() {
        let start = if flow.start() == Some(id) { " start" } else { "" };
        let step = if block.step.is_empty() { String::new() } else { format!(" in {}", block.step) };
        writeln!(out, "{:>4}{start}{step}: {}", id.index(), block.label.replace('\n', "\\n")).unwrap();
        writeln!(out, "        {}({})", name(block), args(&block.args)).unwrap();
        let exits: Vec<String> =
            flow.exits(id).iter().map(|exit| format!("{} -> {}", outlet(&exit.outlet), exit.target.index())).collect();
        if !exits.is_empty() {
            writeln!(out, "        {}", exits.join("  ")).unwrap();
        }
    }
    out
}

/// The variant says which of an action's rules apply.
fn name(block: &Block) -> String {
    match block.variant() {
        Some(variant) if !variant.name.is_empty() => format!("{} [{}] ", block.action.name(), variant.name),
        Some(_) => block.action.name().to_owned(),
        None => format!("{} [unknown] ", block.action.name()),
    }
}

fn outlet(outlet: &Outlet) -> String {
    match outlet {
        Outlet::Next => "next".to_owned(),
        Outlet::Condition(condition) => format!("{} {:?}", condition.operator, condition.operands.join(" | ")),
        Outlet::Error(error) => format!("!{error}"),
    }
}

fn args(args: &[Arg]) -> String {
    args.iter().map(|arg| format!("{}: {}", arg.name.value, value(&arg.value))).collect::<Vec<_>>().join(", ")
}

fn value(found: &Value) -> String {
    match found {
        Value::Text(found) => text(found),
        Value::Plain(plain, _) => format!("json {plain}"),
        Value::List(items, _) => format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(", ")),
        Value::Map(entries, _) => format!("{{{}}}", args(entries)),
    }
}

fn text(found: &Text) -> String {
    let part = |part: &Part| match part {
        Part::Literal(literal) => format!("{literal:?}"),
        Part::Path(path) => path.to_string(),
        Part::Resource(kind, name) => format!("<{} {name}>", kind.word()),
        Part::Address(address) => format!("<{} {} at {}>", address.kind.word(), address.name, address.text),
    };
    if found.parts.is_empty() {
        "\"\"".to_owned()
    } else {
        found.parts.iter().map(part).collect::<Vec<_>>().join(" + ")
    }
}
