//! Small inputs and what becomes of them.

use super::{Formatted, format};
use crate::source::{Source, SourceId};

pub(super) fn formatted(text: &str) -> String {
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
pub(super) fn same_text(actual: &str, expected: &str) {
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
        "// Head.\n\n/// Doc.\ninbound flow F {\n  /// First.\n  say \"x\"\n\n  /// Step.\n  step a { end }\n  \
         /// Apart.\n\n  step b { end }\n}\n",
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
    check_lines("step a { -> b }\nstep b {\nend}", "step a { -> b }\n\nstep b {\n  end\n}\n");
    check_lines("end\n// about\n// a\nstep a {}", "end\n\n// about\n// a\nstep a {}\n");
    check_lines("end // trailing\n\n\n\nstep a {}", "end // trailing\n\nstep a {}\n");
}

#[test]
fn an_arrow_stays_behind_the_statement_that_it_follows() {
    check_lines("say \"x\"  ->   a\nend", "say \"x\" -> a\nend\n");
    check_lines("say \"x\"\n-> a", "say \"x\"\n-> a\n");
    check_lines("menu \"x\" {\n1 { end }\n2 -> b } -> a", "menu \"x\" {\n  1 { end }\n  2 -> b\n} -> a\n");
    check_lines("menu \"x\" { 1 { say \"y\" -> b } }", "menu \"x\" { 1 { say \"y\" -> b } }\n");
    check_lines("say \"x\" -> a // why", "say \"x\" -> a // why\n");
    let long = "x".repeat(106);
    check_lines(&format!("say \"{long}\" -> there"), &format!("say \"{long}\"\n-> there\n"));
}

#[test]
fn one_short_setting_stays_behind_a_text_that_is_too_long() {
    let long = "x".repeat(130);
    check_lines(&format!("menu \"{long}\" (timeout: 5s)"), &format!("menu \"{long}\" (timeout: 5s)\n"));
    check_lines(
        &format!("collect \"{long}\" (timeout: 5s, digits: 3)"),
        &format!("collect \"{long}\" (\n  timeout: 5s, digits: 3\n)\n"),
    );
}

#[test]
fn arrows_of_several_clauses_can_share_a_line() {
    check_lines(
        "match $.Channel { \"VOICE\" -> a \"CHAT\" -> b\telse -> next }",
        "match $.Channel { \"VOICE\" -> a  \"CHAT\" -> b  else -> next }\n",
    );
    check_lines("menu \"x\" { 1 -> a 2 { end } }", "menu \"x\" {\n  1 -> a\n  2 { end }\n}\n");
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
    let long = "x".repeat(105);
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
fn settings_that_do_not_fit_share_the_next_line() {
    let long = "x".repeat(90);
    let together = format!("invoke f with (\n  a: \"{long}\", b: [1, \"two\"]\n) as y (c: 8s) {{ error -> next }}\n");
    check_lines(&format!("invoke f with (a: \"{long}\", b: [1,\"two\",]) as y (c: 8s) {{ error -> next }}"), &together);
    check_lines(&together, &together);
    // To the last column: what is a list within is not broken to make room for a comma that is not there.
    let longest = "x".repeat(102);
    check_lines(
        &format!("do F (a: \"{longest}\", b: [1s]) {{ error -> next }}"),
        &format!("do F (\n  a: \"{longest}\", b: [1s]\n) {{ error -> next }}\n"),
    );
    check_lines("collect \"x\" (\n  digits: 3, timeout: 5s,\n)", "collect \"x\" (\n  digits: 3, timeout: 5s\n)\n");
}

#[test]
fn settings_that_do_not_fit_there_or_that_the_author_parted_have_a_line_each() {
    let long = "x".repeat(108);
    check_lines(
        &format!("invoke f with (a: \"{long}\", b: 1s)"),
        &format!("invoke f with (\n  a: \"{long}\",\n  b: 1s,\n)\n"),
    );
    check_lines(
        "collect \"x\" (\n  digits: 3,\n  timeout: 5s\n)",
        "collect \"x\" (\n  digits: 3,\n  timeout: 5s,\n)\n",
    );
    // One that stands in a line of its own stays there, and data is read down.
    check_lines("collect \"x\" (\n  digits: 3\n)", "collect \"x\" (\n  digits: 3,\n)\n");
    check_lines(
        &format!("show view a with (b: {{ c: \"{long}\", d: \"x\" }})"),
        &format!("show view a with (\n  b: {{\n    c: \"{long}\",\n    d: \"x\",\n  }},\n)\n"),
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
