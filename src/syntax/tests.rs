//! What the pass over the bytes knows of the parser, held against the parser.

use pest::Parser;
use pest::iterators::Pair;

use super::parser::{FlowParser, Rule};
use super::scan::scan;
use crate::source::{Source, SourceId, limits};

/// Pieces that the grammar and the pass over the bytes read each in a way of their own.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "{\n",
    "}\n",
    "\n",
    " ",
    "\"",
    "\"\"\"",
    "\\",
    "//",
    "/",
    "$",
    "$.a",
    "['",
    "']",
    "'",
    ".",
    "a ",
    "a: ",
    "@",
    "@a(",
    ",",
    "1",
    "->",
    "-> a\n",
    "if $.a == 1 ",
    "else ",
    "step a ",
    "set ",
    "do X ",
    "use a ",
    "repeat 2 ",
    "menu \"a\" ",
    "on error ",
    "inbound flow A ",
    "module M ",
    "fragment f ",
    "say \"a\"",
    "$.a['{\"']",
    "\\{",
    "\r\n",
    "\u{e9}",
    "\u{feff}",
    "not ",
    "= ",
    "{ {",
    "{)",
    "(a: ",
    "[[",
    "}}",
    "//{\n",
    "\"{\n",
    "!",
];

/// How deep the parser descends into a pair: through the rules that a bracket opens.
fn depth(pair: Pair<Rule>) -> usize {
    let opens = match pair.as_rule() {
        Rule::body
        | Rule::clauses
        | Rule::settings
        | Rule::list
        | Rule::map
        | Rule::inputs
        | Rule::returns
        | Rule::parameters => 1,
        Rule::set_block => usize::from(pair.as_str().contains('{')),
        Rule::attribute => usize::from(pair.as_str().contains('(')),
        Rule::negation => usize::from(pair.as_str().trim_start_matches("not").trim_start().starts_with('(')),
        _ => 0,
    };
    opens + pair.into_inner().map(depth).max().unwrap_or(0)
}

fn text(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mut roll = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    // Few kinds of pieces to a text, so that each meets the others often.
    let few: Vec<&str> = (0..3 + roll(4)).map(|_| PIECES[roll(PIECES.len())]).collect();
    let mut text = String::new();
    for _ in 0..roll(60) {
        text.push_str(few[roll(few.len())]);
    }
    if roll(2) == 0 { format!("inbound flow A {{\n{text}") } else { text }
}

#[test]
fn the_depth_that_is_bounded_is_never_under_the_parsers() {
    for seed in 1..6_000 {
        let text = text(seed);
        let scanned = scan(&Source::new(SourceId(0), "main.flow", text.as_str()));
        if scanned.depth > limits::NESTING_MAX {
            continue;
        }
        let pairs = FlowParser::parse(Rule::file, &text).unwrap_or_else(|error| panic!("{seed}: {error}\n{text}"));
        let parsed = pairs.map(depth).max().unwrap_or(0);
        assert!(
            parsed <= scanned.depth,
            "{seed}: the parser goes {parsed} deep, and the scan says {}\n{text}",
            scanned.depth
        );
    }
}

#[test]
fn brackets_of_different_kinds_do_not_close_one_another() {
    for text in ["{)".repeat(100_000), "(}".repeat(100_000), "[)".repeat(100_000), "say $.A['\"'] {".repeat(50_000)] {
        let parsed = super::parse(&Source::new(SourceId(0), "main.flow", text));
        assert!(parsed.diagnostics.has_errors());
    }
}
