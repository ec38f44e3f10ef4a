//! The generated parser. The grammar is `grammar/flowc.pest`.

#[derive(pest_derive::Parser)]
#[grammar = "grammar/flowc.pest"]
pub(super) struct FlowParser;
