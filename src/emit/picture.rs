//! A placeholder for pictures: names and signatures only.

use crate::flow::Flow;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Svg,
    Mermaid,
    Dot,
}

pub fn picture(flow: &Flow, format: Format) -> String {
    format!("{format:?} of {}\n", flow.name.value)
}
