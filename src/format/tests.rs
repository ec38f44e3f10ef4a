//! Small inputs and what becomes of them; then real flows and random ones, which must keep their meaning.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{Formatted, format};
use crate::source::{Source, SourceId};
use crate::syntax;

fn formatted(text: &str) -> String {
    match format(&Source::new(SourceId(0), "test.flow", text)) {
        Formatted::Unchanged => text.to_owned(),
        Formatted::Changed(changed) => changed,
        other => panic!("{other:?}\n{text}"),
    }
}

/// The input becomes the expected text, and that stays as it is.
#[track_caller]
fn check(input: &str, expected: &str) {
    same_text(&formatted(input), expected);
    assert_eq!(format(&Source::new(SourceId(0), "test.flow", expected)), Formatted::Unchanged);
}

#[track_caller]
fn same_text(actual: &str, expected: &str) {
    if actual != expected {
        let diff = similar::TextDiff::from_lines(expected, actual);
        panic!("{}", diff.unified_diff().header("expected", "actual"));
    }
}

/// The same for the lines of a body.
#[track_caller]
fn check_lines(input: &str, expected: &str) {
    let indented: String =
        expected.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect();
    check(&format!("inbound flow F {{\n{input}\n}}\n"), &format!("inbound flow F {{\n{indented}}}\n"));
}

// ---- declarations ---------------------------------------------------------------------------------------------------

#[test]
fn declarations_stand_apart() {
    check(
        "\u{feff}inbound   flow  \"My flow\"  for voice,chat{\r\nend\r\n}\r\nfragment f(a,b){}\n\n\n\n\nmodule M{ return }",
        "inbound flow \"My flow\" for voice, chat {\n  end\n}\n\nfragment f (a, b) {}\n\nmodule M {\n  return\n}\n",
    );
    check("", "");
    check("\n\n// only this\n\n\n", "// only this\n");
}

#[test]
fn a_module_shows_its_contract() {
    check(
        "module M(a:string,b : number)->x,\n y returns(c:string){\n\nreturn x\n\n}\n",
        "module M (a: string, b: number) -> x, y returns (c: string) {\n  return x\n}\n",
    );
    check("module M () -> x returns () {\n  return x\n}\n", "module M -> x {\n  return x\n}\n");
    check(
        "module M (\na: string // why\nb: string) -> x, // when\ny returns (\nc: string) {\n}",
        "module M (\n  a: string, // why\n  b: string,\n) -> x, // when\n  y returns (\n  c: string,\n) {}\n",
    );
}

#[test]
fn attributes_stand_above_what_they_belong_to() {
    check(
        "/// Doc.\n@id(\"a\")@allow( x-y,\"r\" ) // why\n\n// apart\ninbound flow F {\n@a() say \"x\"\n}\n",
        "/// Doc.\n@id(\"a\")\n@allow(x-y, \"r\") // why\n// apart\ninbound flow F {\n  @a\n  say \"x\"\n}\n",
    );
}

#[test]
fn documentation_stays_with_what_it_documents() {
    check(
        "// Head.\n\n\n/// Doc.\ninbound flow F {\n\n/// First.\nsay \"x\"\n/// Step.\nstep a { end }\n/// Apart.\n\nstep b { end }\n}",
        "// Head.\n\n/// Doc.\ninbound flow F {\n  /// First.\n  say \"x\"\n\n  /// Step.\n  step a {\n    end\n  }\n  \
         /// Apart.\n\n  step b {\n    end\n  }\n}\n",
    );
    check("\u{feff}/// Doc.\ninbound flow F {}\n", "/// Doc.\ninbound flow F {}\n");
}

// ---- bodies ---------------------------------------------------------------------------------------------------------

#[test]
fn a_body_keeps_one_empty_line_where_the_author_put_any() {
    check_lines("\n\n  say \"a\"\n\n\n\n say \"b\"\nend\n\n", "say \"a\"\n\nsay \"b\"\nend\n");
}

#[test]
fn a_step_has_an_empty_line_above_unless_it_is_first() {
    check_lines("step a { -> b }\nstep b {\nend}", "step a {\n  -> b\n}\n\nstep b {\n  end\n}\n");
    check_lines("end\n// about\n// a\nstep a {}", "end\n\n// about\n// a\nstep a {}\n");
    check_lines("end // trailing\n\n\n\nstep a {}", "end // trailing\n\nstep a {}\n");
}

#[test]
fn one_simple_line_stays_between_its_braces() {
    check_lines("on error{return rejected}", "on error { return rejected }\n");
    check_lines("on error   -> next", "on error -> next\n");
    check_lines("if $a.b==\"0\"{->sorry}", "if $a.b == \"0\" { -> sorry }\n");
    check_lines("if $a == 1 { -> x } else { -> y }", "if $a == 1 { -> x } else { -> y }\n");
    check_lines("repeat 3 { say \"x\" { error -> next } }", "repeat 3 { say \"x\" { error -> next } }\n");
    check_lines("repeat 3 {\nsay \"x\" }", "repeat 3 {\n  say \"x\"\n}\n");
    check_lines("repeat 3 { if $a == 1 { -> x } }", "repeat 3 {\n  if $a == 1 { -> x }\n}\n");
}

#[test]
fn what_does_not_fit_is_broken() {
    let long = "x".repeat(85);
    check_lines(
        &format!("repeat 3 {{ say \"{long}\" }}\nsay \"{long}\" {{ error -> next }}"),
        &format!("repeat 3 {{\n  say \"{long}\"\n}}\nsay \"{long}\" {{\n  error -> next\n}}\n"),
    );
}

#[test]
fn choices_keep_their_arms_together() {
    check_lines(
        "if $a == 1 { -> x }\nelse if not ($b>2 and $c starts   with \"x\") or $d != 3 {\n} else {\nend }",
        "if $a == 1 {\n  -> x\n} else if not ($b > 2 and $c starts with \"x\") or $d != 3 {} else {\n  end\n}\n",
    );
    check_lines(
        "if ((($a == 1))) and $b == 2 or not not $c == 3 { -> x }",
        "if ($a == 1 and $b == 2) or $c == 3 { -> x }\n",
    );
    check_lines(
        "if $a == 1 { // one\n-> x\n} // two\n\n// three\nelse {\n// four\n}",
        "if $a == 1 { // one\n  -> x\n} // two\n// three\nelse {\n  // four\n}\n",
    );
}

// ---- statements -----------------------------------------------------------------------------------------------------

#[test]
fn sentences_have_one_space_between_their_parts() {
    check_lines("record   agent ,customer", "record agent, customer\n");
    check_lines("collect \"Now.\"(digits:4,timeout : 8s)", "collect \"Now.\" (digits: 4, timeout: 8s)\n");
    check_lines("check  queue \"next\" ( )", "check queue \"next\" ()\n");
    check_lines("say \"tab\\t \\u{41} $.Queue.Name\"", "say \"tab\\t \\u{41} $.Queue.Name\"\n");
}

#[test]
fn settings_that_do_not_fit_have_a_line_each() {
    let long = "x".repeat(70);
    check_lines(
        &format!("invoke f with (a: \"{long}\", b: [1,\"two\",]) as y (c: 8s) {{ error -> next }}"),
        &format!("invoke f with (\n  a: \"{long}\",\n  b: [1, \"two\"],\n) as y (c: 8s) {{ error -> next }}\n"),
    );
}

#[test]
fn brackets_that_the_author_opened_over_lines_stay_open() {
    check_lines("loop prompts [\n\"a\", prompt \"b.wav\"]", "loop prompts [\n  \"a\",\n  prompt \"b.wav\",\n]\n");
    check_lines("loop prompts [\"a\",\n\"b\"\n]", "loop prompts [\"a\", \"b\"]\n");
    check_lines("loop prompts [\n]", "loop prompts []\n");
}

#[test]
fn assignments_line_up() {
    check_lines("set $.Attributes.a=\"1\"", "set $.Attributes.a = \"1\"\n");
    check_lines(
        "set{ $.Attributes.a=\"1\" // one\n\n\n// about\n$.Attributes.bcd   = $x.y\n// last\n} {error->next}\nset {}",
        "set {\n  $.Attributes.a   = \"1\" // one\n\n  // about\n  $.Attributes.bcd = $x.y\n  // last\n} \
         { error -> next }\nset {}\n",
    );
}

#[test]
fn raw_statements_keep_the_services_words() {
    check_lines(
        "do Tag(Tags:{a:\"x\"}){error->next}\ndo \"New\" ( )\ndo Old(// why\n)",
        "do Tag (Tags: { a: \"x\" }) { error -> next }\ndo \"New\"\ndo Old ( // why\n)\n",
    );
}

#[test]
fn blocks_of_text_follow_their_line() {
    check_lines("say \"\"\"\na\n   b\n\n c\"\"\"", "say \"\"\"\n  a\n     b\n\n   c\n  \"\"\"\n");
    check_lines("say \"\"\" one line \"\"\"", "say \"\"\" one line \"\"\"\n");
    check_lines(
        "repeat 2 {\nsay (text: \"\"\"\n  a\n\"\"\", b: 1)\n}",
        "repeat 2 {\n  say (\n    text: \"\"\"\n      a\n      \"\"\",\n    b: 1,\n  )\n}\n",
    );
}

// ---- clauses --------------------------------------------------------------------------------------------------------

#[test]
fn arrows_and_braces_of_clauses_line_up() {
    check_lines(
        "menu \"x\" { 1->a  \"long\"{ set queue B }\n\n>=   3 {\nsay \"x\"\nend }\n*,timeout,else -> next }",
        "menu \"x\" {\n  1                -> a\n  \"long\"           { set queue B }\n\n  >= 3             {\n    \
         say \"x\"\n    end\n  }\n  *, timeout, else -> next\n}\n",
    );
    let long = "x".repeat(60);
    check_lines(
        &format!("match $a {{\n\"{long}\" -> x\nelse -> y\n}}"),
        &format!("match $a {{\n  \"{long}\" -> x\n  else -> y\n}}\n"),
    );
}

#[test]
fn one_clause_stays_on_its_line() {
    check_lines("transfer to queue {full->closed}", "transfer to queue { full -> closed }\n");
    check_lines("transfer to queue {\nfull->closed}", "transfer to queue {\n  full -> closed\n}\n");
    check_lines("x { else {retry(max:2){spent->agent}} }", "x { else { retry (max: 2) { spent -> agent } } }\n");
    check_lines("do \"X\" { when Equals  \"x\"->a }", "do \"X\" { when Equals \"x\" -> a }\n");
    check_lines("do X { error  \"E\"->a }\nx { }", "do X { error \"E\" -> a }\nx {}\n");
}

// ---- comments -------------------------------------------------------------------------------------------------------

#[test]
fn comments_stay_where_they_belong() {
    check_lines(
        "menu \"x\" ( // a\n// b\nt: // c\n5s // d\n, // e\nu: [1 // f\n]\n// g\n) { // h\n// i\n1, // j\n// k\n2 -> x // l\n\
         3 { // m\n} // n\n// o\n} // p\n// q",
        "menu \"x\" ( // a\n  // b\n  t: // c\n    5s, // d\n  // e\n  u: [\n    1, // f\n  ],\n  // g\n) { // h\n  // i\n  \
         1, // j\n  // k\n  2 -> x // l\n  3 { // m\n  } // n\n  // o\n} // p\n// q\n",
    );
}

#[test]
fn a_comment_opens_what_would_go_on_one_line() {
    check_lines("x { full -> a // why\n}", "x {\n  full -> a // why\n}\n");
    check_lines("x { // why\n}\ny (// why\n)", "x { // why\n}\ny ( // why\n)\n");
    check_lines("repeat 2 { end // why\n}", "repeat 2 {\n  end // why\n}\n");
}

// ---- what is left alone ---------------------------------------------------------------------------------------------

#[test]
fn a_source_with_errors_is_left_alone() {
    let source = Source::new(SourceId(0), "test.flow", "inbound flow F {\n  say \"x\n}\n");
    assert!(matches!(format(&source), Formatted::Broken(problems) if !problems.is_empty()));
}

#[test]
fn a_canonical_source_is_unchanged() {
    let source = Source::new(SourceId(0), "test.flow", "inbound flow F {\n  end\n}\n");
    assert_eq!(format(&source), Formatted::Unchanged);
}

// ---- properties -----------------------------------------------------------------------------------------------------

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
