//! The parser takes any text in time that grows as the text does: of each construct, whole or broken, twice as much takes
//! at most twice the calls of the grammar's rules. Calls are counted and not seconds, so that the answer is the same on
//! every machine.
//!
//! The parser counts only against a limit, and the limit is one for the whole process. So this is a process of its own, with
//! one test: a limit would make the parses of other tests fail.

use std::num::NonZeroUsize;

use flowc::source::{Source, SourceId};
use flowc::syntax;

/// A construct: what opens it once, what is repeated, and what closes it as often.
struct Construct {
    name: &'static str,
    begin: &'static str,
    open: &'static str,
    close: &'static str,
    /// How often at first. Brackets are nested 48 deep at most.
    count: usize,
}

const fn flat(name: &'static str, begin: &'static str, open: &'static str) -> Construct {
    Construct { name, begin, open, close: "", count: 100 }
}

const fn nested(name: &'static str, open: &'static str, close: &'static str) -> Construct {
    Construct { name, begin: "inbound flow A {\n", open, close, count: 20 }
}

/// The same, where two brackets open each time.
const fn doubly(name: &'static str, open: &'static str, close: &'static str) -> Construct {
    Construct { count: 10, ..nested(name, open, close) }
}

const FLOW: &str = "inbound flow A {\n";

const CONSTRUCTS: &[Construct] = &[
    // Sound.
    flat("lines", FLOW, "  say \"Hello $.Attributes.name.\"\n"),
    flat("words on a line", FLOW, "say "),
    flat("texts on a line", FLOW, "\"a\" "),
    flat("steps", FLOW, "  step a {\n    disconnect\n  }\n"),
    flat("attributes of a line", FLOW, "  @id(\"a\")\n"),
    flat("attributes of a declaration", "", "@id(\"a\")\n"),
    flat("blank lines in a body", FLOW, "\n"),
    flat("blank lines with space", FLOW, "   \n"),
    flat("blank lines at the top", "", "\n"),
    flat("comments", FLOW, "  // a comment { \"\n"),
    flat("lines of documentation", "", "/// What it does.\n"),
    flat("flows", "", "inbound flow A {\n  disconnect\n}\n"),
    flat("inputs of a module", "module M (", "a: text, "),
    flat("branches of a module", "module M () -> a", ", b"),
    flat("entries of a set", "inbound flow A {\n  set {\n", "    $.Attributes.a = \"b\"\n"),
    flat("clauses", "inbound flow A {\n  menu \"a\" {\n", "    1 -> next\n"),
    flat("settings", "inbound flow A {\n  say \"a\" (", "a: 1, "),
    flat("elements of a list", "inbound flow A {\n  do X (a: [", "1, "),
    flat("alternatives", "inbound flow A {\n  if $.a == 1", " or $.a == 1"),
    flat("negations", "inbound flow A {\n  if ", "not "),
    flat("steps of a reference", "inbound flow A {\n  say $", ".a"),
    flat("keys of a reference", "inbound flow A {\n  say $.a", "['{\"']"),
    flat("other branches", "inbound flow A {\n  if $.a == 1 {\n  }", " else if $.a == 1 {\n  }"),
    nested("bodies", "if $.a == 1 {\n", "}\n"),
    nested("steps in steps", "step a {\n", "}\n"),
    nested("loops", "repeat 3 {\n", "}\n"),
    doubly("clauses with bodies", "menu \"a\" { 1 {\n", "}}\n"),
    nested("lists", "[", "]"),
    doubly("maps", "(a: {", "})"),
    nested("conditions in brackets", "if (", ")"),
    // Broken.
    nested("braces that stay open", "{", ""),
    nested("braces after a word", "a {", ""),
    nested("braces on lines", "a {\n", ""),
    doubly("braces and a mark", "a { b { !", ""),
    nested("bodies that stay open", "if $.a == 1 {\n", ""),
    nested("code that is none", "for (i = 0; i < n; i++) { x[i] = \"a\"; \n", ""),
    nested("code that ends too often", "", "}"),
    nested("lists that stay open", "[", ""),
    doubly("settings that stay open", "say (a: (", ""),
    nested("broken lines in bodies", "if $.a == 1 { !!\n", "}\n"),
    nested("bodies before junk", "if $.a == 1 {\n", "} !!\n"),
    nested("steps before junk", "step a {\n", "} else {} \"\n"),
    doubly("clauses before junk", "menu \"a\" { 1 {\n", "} !! }\n"),
    nested("choices that go on wrongly", "if $.a == 1 {\n", "} else\n"),
    flat("escaped quotes", FLOW, "\\\""),
    flat("quotes", FLOW, "\""),
    flat("quotes by three", FLOW, "\"\"\""),
    flat("quotes on lines", FLOW, "say \"a\n"),
    flat("blank lines after junk", "!\n", "\n"),
    flat("blank lines with space after junk", "!\n", "  \n"),
    flat("junk on lines at the top", "", "! {\n}\n"),
    flat("junk on lines in a body", FLOW, "  ! {\n}\n"),
    flat("closing braces", "", "}"),
    flat("closing braces on lines", "", "}\n"),
    flat("marks", FLOW, "@"),
    flat("marks on lines", FLOW, "@\n"),
    flat("dollar signs", FLOW, "$"),
    nested("half references", "$.a['", ""),
    flat("arrows", FLOW, "-> "),
    flat("clauses without an arrow", "inbound flow A {\n  menu \"a\" {\n", "    1 2\n"),
    flat("clauses on one line", "inbound flow A {\n  menu \"a\" {", " 1 else"),
    flat("entries that break", "inbound flow A {\n  set {\n", "    $.Attributes.a\n"),
    flat("inputs that break", "module M (", "a, "),
    flat("heads", "", "inbound flow "),
    flat("heads on lines", "", "inbound flow A\n"),
    nested("heads in a body", "inbound flow A {\n", ""),
    flat("words at the top", "", "a b c "),
    flat("carriage returns", FLOW, "\r"),
    flat("slashes", FLOW, "/ "),
    flat("patterns without a branch", "inbound flow A {\n  menu \"a\" {\n", "    1,\n"),
    flat("attributes of junk", FLOW, "  @id(\"a\")\n  = 5\n  @a(=)\n"),
    flat("attributes that stay open", "", "@a(\n\"b\"\n)\n@id\n"),
    flat("escaped blocks in flows", "inbound flow A {\nsay \"\"\"\n}\n", "inbound flow A {\n\\\"\"\"\n}\n"),
    flat("braces after an open text", "inbound flow A {\n  say \"a", "{} "),
    flat("closed braces in junk", "inbound flow A {\n  =", " { ! }"),
    flat("lists on lines that stay open", "inbound flow A {\n  say [[[[\n", "[1],\n"),
    flat("settings on lines that stay open", "inbound flow A {\n  say (\n", "a: 1,\n"),
    flat("inputs on lines that stay open", "module M (\n", "module: text,\n"),
    flat("entries with a rest", "inbound flow A {\n  set {\n", "    $.a = \"b\" $.c\n"),
    doubly("sets in clauses", "set { $.a = \"b\"\n} { error {\n", "} }\n"),
    nested("maps of a condition that stay open", "if $.a == { b: ", ""),
];

fn text(construct: &Construct, count: usize) -> String {
    let Construct { begin, open, close, .. } = construct;
    format!("{begin}{}{}", open.repeat(count), close.repeat(count))
}

/// Whether the parser comes to its end with so many calls for each of its runs.
fn ends(source: &Source, calls: usize) -> bool {
    pest::set_call_limit(NonZeroUsize::new(calls));
    let parsed = syntax::parse(source);
    pest::set_call_limit(None);
    // A limit that is met makes the parser fail, which the grammar never does.
    !parsed
        .diagnostics
        .iter()
        .any(|problem| problem.message == "this cannot be understood" && problem.primary.text == "here")
}

/// The least limit that a text stays under.
fn calls(source: &Source) -> usize {
    let mut most = 64;
    while !ends(source, most) {
        most *= 2;
        assert!(most < 1 << 26, "the parser does not end");
    }
    let mut least = most / 2;
    while most - least > 1 {
        let middle = usize::midpoint(least, most);
        if ends(source, middle) { most = middle } else { least = middle }
    }
    most
}

#[test]
fn twice_the_text_takes_twice_the_calls() {
    let mut worse = Vec::new();
    for construct in CONSTRUCTS {
        let most = Source::new(SourceId(0), "main.flow", text(construct, construct.count * 2));
        if syntax::parse(&most).diagnostics.iter().any(|problem| problem.code.id() == "FC0103") {
            worse.push(format!("{}: nested too deep, so that the parser never sees it", construct.name));
        }
        let count = |count| calls(&Source::new(SourceId(0), "main.flow", text(construct, count)));
        let (once, twice) = (count(construct.count), count(construct.count * 2));
        // What is there once, whatever the count, makes the double of it less than double.
        if twice > 2 * once {
            worse.push(format!("{}: {once} calls, and {twice} for twice as much", construct.name));
        }
    }
    assert!(worse.is_empty(), "\n{}", worse.join("\n"));
}
