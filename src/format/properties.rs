//! What holds for every source: real flows and random ones keep their meaning, and are formatted once and for all.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::tests::{formatted, same_text};
use super::{Formatted, format};
use crate::source::{Source, SourceId};
use crate::syntax;

fn sources_under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources_under(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "flow") {
            found.push(path);
        }
    }
}

#[test]
fn real_flows_format_once() {
    let mut paths = Vec::new();
    sources_under(&Path::new(env!("CARGO_MANIFEST_DIR")).join("flows-src"), &mut paths);
    assert!(!paths.is_empty());
    for path in paths {
        let once = formatted(&std::fs::read_to_string(&path).unwrap());
        same_text(&formatted(&once), &once);
    }
}

/// Everything the language has, for the properties to spoil.
const SAMPLE: &str = r#"// Head.
/// Doc.
@allow(unused-step, "why")
inbound flow "All of it" for voice, chat {
  on error -> trouble
  set logging on
  say """
    Hello $.Attributes['my key'],
      dear \$ friend.

    Bye.
    """ { error -> next }
  menu "Pick." (timeout: 5s, more: [1, prompt "a.wav"], tags: { a: "b", "c d": -1.5% }) {
    1, "two"      -> sales
    >= 3          { set queue Sales }
    starts with "x", * {
      set $.Attributes.a = $found.b
      -> again
    }
    timeout, else { retry (max: 2) { spent -> trouble } }
  }
  if not ($.a == "1" or $.b contains "x") and $c.d > 5 { -> trouble } else if $e == yes { end } else { }
  repeat 3 { wait 1m }
  match $.Attributes.tier { "gold" -> next  else -> trouble }
  set {
    $.Attributes.one = "1"
    $.FlowAttributes.three = [1, 2]
  } { error -> next }
  do TagContact (Tags: { dept: "x" }) { error "NoMatchingError" -> next }
  do "New2030" { when Equals "x" -> trouble  when Exists -> next }
  use goodbye (reason: "x")
  record agent, customer

  /// Doc of a step.
  @id("x")
  step trouble { disconnect }
}
module Verify (attempts: string, more: string) -> verified, rejected returns (id: string) {
  return verified with (id: "x")
}
fragment goodbye (reason) { say "$reason" }
"#;

/// What formatting must hold to on any text at all.
fn hold(text: &str) -> Result<bool, TestCaseError> {
    let source = Source::new(SourceId(0), "test.flow", text);
    let once = match format(&source) {
        Formatted::Broken(_) => return Ok(false),
        Formatted::Unsound(why) => return Err(TestCaseError::fail(format!("{why}\n{text}"))),
        Formatted::Unchanged => text.to_owned(),
        Formatted::Changed(once) => once,
    };
    let again = format(&Source::new(SourceId(0), "test.flow", &*once));
    prop_assert_eq!(&again, &Formatted::Unchanged, "once:\n{}", once);
    prop_assert!(once.is_empty() || (once.ends_with('\n') && !once.ends_with("\n\n")));
    let after = Source::new(SourceId(0), "test.flow", once);
    let kept = syntax::comments(&after).len();
    prop_assert_eq!(kept, syntax::comments(&source).len());
    Ok(true)
}

#[test]
fn the_sample_is_sound() {
    assert!(hold(SAMPLE).unwrap());
}

const TOKENS: &[&str] = &[
    "\n",
    "\n",
    "\n\n\n",
    " ",
    "\t",
    "\r\n",
    "\u{feff}",
    "// c\n",
    " // c\n",
    "\n// c\n",
    "/// d\n",
    "\n/// d\n",
    "////\n",
    "{",
    "}",
    "{ }",
    "(",
    ")",
    "[",
    "]",
    ",",
    "->",
    "-> x",
    "x",
    "1",
    "5s",
    "*",
    "\"t\"",
    "\"\"\"\n a\n  b\"\"\"",
    "\"\"\"",
    "$.a.b",
    "$x",
    "==",
    "=",
    ">",
    "and",
    "or",
    "not",
    "if",
    "else",
    "repeat",
    "step s",
    "on error",
    "set",
    "do",
    "use",
    "when",
    "error",
    "say \"x\"",
    "end\n",
    "(a: 1)",
    "[1, \"b\"]",
    "{ error -> next }",
    "{ a -> b }",
    "@a",
    "@a(b)",
    "if $a == 1 ",
    "repeat 2 ",
    "{ end }",
    "set $a = 1",
    "set { $a = 1",
    "step s {",
    "\n}",
    "inbound flow F {",
    "module M",
    "fragment f",
    "returns",
    "for voice",
    "a:",
    "Größe",
    "\u{a0}",
    "\\",
    "\"",
];

fn soup(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(TOKENS), 0..most).prop_map(|tokens| tokens.join(" "))
}

const TRIVIA: &[&str] = &[
    "\n",
    "\n\n\n",
    "\r\n",
    " // c\n",
    "\n// c\n",
    "\n\n// c\n\n",
    "\n/// d\n",
    "// one\n// two\n",
    "\u{feff}\n",
    " \t \n",
];

const LINES: &[&str] = &[
    "end",
    "-> x",
    "say \"x\"",
    "say \"x\" { error -> next }",
    "x (a: 1, b: [1 2\n3])",
    "x (\na: { b: $c.d }) as y (e: 5s)",
    "set $.a.b = \"c\"",
    "set {\n$a = 1\n$.long.name = [1]\n} { error { end } }",
    "do X",
    "do \"X\" (A: \"b\")",
    "use f ()",
    "say \"\"\"\n   a\n  b\n\n \"\"\"",
    "menu \"x\" { 1, \"two\" -> a  >= 3 { end }\n*, else {\nx\ny } }",
    "on error -> x",
    "if $a == 1 { -> x } else if not $b contains \"c\" { }",
    "@a(b, \"c\") end",
    "@a // c\nend",
    "step s { end }",
    "x { }",
    "x \"a long text that goes to the end of the line, or a little before the end\" (and: \"settings\", more: \"x\")",
    "x { a { y { b { z { c -> d } } } } }",
    "x, y , z",
    "if ($a == 1 or $b == 2) and $c != [1\n2] { x }",
];

/// What holds lines: its beginning and its end.
const HOLDERS: &[(&str, &str)] = &[
    ("repeat 2 {", "}"),
    ("if $a == 1 {", "}"),
    ("if $a == 1 { end }\n// c\nelse {", "}"),
    ("if $a == 1 {", "} // c\nelse if $b == 2 { end }"),
    ("on error {", "}"),
    ("/// d\nstep s {", "}"),
    ("x { 1 {", "} }"),
    ("x { 1, // c\n 2 {", "}\n* -> a\n// c\n}"),
];

/// Lines with anything that may stand between them.
fn lines(line: impl Strategy<Value = String> + 'static, most: usize) -> BoxedStrategy<String> {
    let between = || prop_oneof![3 => Just("\n"), 2 => Just(" "), 4 => prop::sample::select(TRIVIA)];
    (prop::collection::vec((between(), line), 0..most), between())
        .prop_map(|(rows, last)| {
            let rows: String = rows.iter().flat_map(|(before, line)| [*before, line.as_str()]).collect();
            rows + last
        })
        .boxed()
}

/// Lines that hold lines.
fn body() -> impl Strategy<Value = String> {
    let line = prop::sample::select(LINES).prop_map(str::to_owned);
    let held = line.prop_recursive(4, 24, 4, |inner| {
        (prop::sample::select(HOLDERS), lines(inner, 4))
            .prop_map(|((open, close), lines)| format!("{open}{lines}{close}"))
    });
    lines(held, 6)
}

proptest! {
    #[test]
    fn soup_is_formatted_or_refused(soup in soup(24)) {
        hold(&soup)?;
        hold(&format!("inbound flow F {{\n{soup}\n}}\n"))?;
    }

    #[test]
    fn spoiled_flows_are_formatted_or_refused(spoils in prop::collection::vec(
        (0..SAMPLE.len(), prop::sample::select(TOKENS)), 1..6,
    )) {
        let mut text = SAMPLE.to_owned();
        for (at, token) in spoils {
            let at = text.floor_char_boundary(at);
            text.insert_str(at, token);
        }
        hold(&text)?;
    }

    #[test]
    fn comments_and_newlines_go_anywhere(spoils in prop::collection::vec(
        (0..SAMPLE.len(), prop::sample::select(TRIVIA)), 1..12,
    )) {
        // Where the sample has a newline or an open bracket, so that most results still parse.
        let mut text = SAMPLE.to_owned();
        for (at, trivia) in spoils {
            let rest = text.get(at..).unwrap_or_default();
            let at = rest.find(['\n', '(', '{', '[', ',']).map_or(0, |found| at + found + 1);
            text.insert_str(at, trivia);
        }
        hold(&text)?;
    }

    #[test]
    fn any_nesting_is_formatted(body in body()) {
        hold(&format!("inbound flow F {{{body}}}\n"))?;
    }
}
