//! One problem is told once, and none hides another. Every case is a flow with marked mistakes: the lines that end in
//! `//! FC0123` are the ones that a diagnostic points at, and nothing else is said.

use crate::support::baseline::Project;

/// Holds the marks of a flow against what is said about it.
fn check(text: &str) {
    let project = Project::flow(text);
    let marks = text.lines().enumerate().flat_map(|(line, text)| {
        let codes = text.split("//! ").nth(1).unwrap_or_default();
        codes.split(' ').filter(|code| !code.is_empty()).map(move |code| (line + 1, code.to_owned()))
    });
    let lines = project.sources[1].lines();
    let mut found: Vec<(usize, String)> = project
        .diagnostics
        .iter()
        .map(|diagnostic| (lines.line(diagnostic.primary.span.start as usize), diagnostic.code.id().to_owned()))
        .collect();
    found.sort();
    assert_eq!(marks.collect::<Vec<_>>(), found, "marks, and what is said:\n{}", project.rendered());
}

#[test]
fn a_syntax_error_hides_nothing() {
    check(
        r#"inbound flow Main {
  say "Welcome" = somewhere //! FC0101
  repeat many { //! FC0101
    say "Welcome"
  }
  if $.Attributes.visits > "some" { //! FC0410
    say "Welcome"
  }
  say "Hello" (loud: yes) //! FC0202
  menu "Press 1." {
    1 => sales //! FC0101
    two -> next //! FC0203
    timeout, else, error -> next
  }
  set {
    $.Attributes.a = "1" //! FC0402
    $.Attributes.b is "2" //! FC0101
  }
  -> nowhere //! FC0204
}
inbound flow Other {
  mneu "Press 1." //! FC0201
  disconnect
}
this is no declaration //! FC0101
inbound flow Third {
  say //! FC0201
  disconnect
}
"#,
    );
}

#[test]
fn a_clause_that_is_wrong_leaves_the_last_one_on_its_line() {
    check(
        r#"inbound flow Main {
  on error { disconnect }
  menu "Press 1." { 1 => sales, timeout, else -> nowhere } //! FC0101 FC0204
  disconnect
}
"#,
    );
}

#[test]
fn an_if_without_a_condition_says_so() {
    let project = Project::flow("inbound flow Main {\n  if {\n    disconnect\n  }\n  disconnect\n}\n");
    let [problem] = &*project.diagnostics else { panic!("{}", project.rendered()) };
    assert_eq!(problem.primary.text, "expected a condition");
    assert!(problem.help.as_ref().is_some_and(|help| help.starts_with("a condition compares")), "{problem:?}");
}

#[test]
fn a_default_that_is_unusual_is_told_once_in_the_project_file() {
    let flow = "inbound flow Main {\n  on error { disconnect }\n  menu \"Press 1.\" { 1, timeout, else -> next }\n  \
                menu \"Press 2.\" { 2, timeout, else -> next }\n  disconnect\n}\n";
    let project = Project::check("[defaults.menu]\ntimeout = \"999s\"\n", &[("main.flow", flow)]);
    assert_eq!(project.codes(), ["FC0313"]);
    let place = project.diagnostics[0].primary.span;
    assert_eq!(project.sources[place.source.0 as usize].slice(place), "\"999s\"");
}

#[test]
fn a_misspelled_text_is_mended_with_its_quotes() {
    let project = Project::flow("inbound flow Main {\n  set logging \"Enabld\"\n  disconnect\n}\n");
    assert_eq!(project.diagnostics[0].fixes[0].replacement, "\"Enabled\"");
}

#[test]
fn a_brace_that_is_missing_ends_at_the_next_declaration() {
    check(
        r#"inbound flow Main {
  if $.Channel == "CHAT" { //! FC0102
    say "Hello."
  disconnect
}
inbound flow Other {
  disconect //! FC0201
}
"#,
    );
}

#[test]
fn a_line_that_nobody_understands_may_have_ended_the_flow() {
    check("inbound flow Main {\n  say \"Goodbye.\"\n  disconect //! FC0201\n}\n");
    check("inbound flow Main {\n  say \"Goodbye.\"\n  disconnect now please //! FC0201\n}\n");
    check("inbound flow Main {\n  say \"Goodbye.\"\n  => nowhere //! FC0101\n}\n");
    check("inbound flow Main {\n  say \"Goodbye.\"\n  use goodbye //! FC0210\n}\n");
    check("inbound flow Main {\n  disconect //! FC0201\n}\n");
}

#[test]
fn an_unknown_step_is_no_missing_branch() {
    check("inbound flow Main {\n  set queue Sales { error -> sory } //! FC0204\n  disconnect\n}\n");
    check(
        "inbound flow Main {\n  on error -> sory //! FC0204\n\n  set queue Sales\n  set queue Support\n  disconnect\n}\n",
    );
}

#[test]
fn a_handler_that_cannot_be_read_still_covers() {
    check(
        "inbound flow Main {\n  on error => sorry //! FC0101\n  set queue Sales\n  set queue Support\n  disconnect\n}\n",
    );
    check("inbound flow Main {\n  on eror -> sorry //! FC0101\n  set queue Sales\n  disconnect\n}\n");
}

#[test]
fn a_misspelled_branch_is_no_missing_branch() {
    check("inbound flow Main {\n  set queue Sales { eror -> next } //! FC0203\n  disconnect\n}\n");
    check("inbound flow Main {\n  set queue Sales { error = next } //! FC0101\n  disconnect\n}\n");
}

#[test]
fn the_word_of_a_branch_that_does_not_apply_is_no_intent() {
    check(
        "inbound flow Main {\n  ask Orders \"Hello.\" { timeout -> next  else -> next  error -> next } //! FC0403\n  disconnect\n}\n",
    );
    check(
        "inbound flow Main {\n  ask Orders \"Hello.\" (timeout: 60s) { else -> next  error -> next } //! FC0402\n  disconnect\n}\n",
    );
}

#[test]
fn an_attribute_is_set_once_however_it_is_spelled() {
    check(
        "inbound flow Main {\n  set {\n    $.Attributes.a = \"1\"\n    $.Attributes['a'] = \"2\" //! FC0311\n  } { error -> next }\n  disconnect\n}\n",
    );
}

#[test]
fn a_refused_value_is_no_missing_value() {
    check(
        "inbound flow Main {\n  callback (delay: soon, retry: 10m, attempts: 2) { error -> next } //! FC0302\n  disconnect\n}\n",
    );
    check(
        "inbound flow Main {\n  callback (delai: 10s, retry: 10m, attempts: 2) { error -> next } //! FC0202\n  disconnect\n}\n",
    );
    check("inbound flow Main {\n  do TagContact (Tag: { a: \"1\" }) { error -> next } //! FC0214\n  disconnect\n}\n");
    check("inbound flow Main {\n  say $.Queue.Nmae //! FC0207\n  disconnect\n}\n");
    check("inbound flow Main {\n  say $env.Nmber //! FC0209\n  disconnect\n}\n");
    check(
        "inbound flow Main {\n  if $.Attributes.a == $.Attributes.b { //! FC0410\n    say \"Same.\"\n  }\n  disconnect\n}\n",
    );
    check("inbound flow Main {\n  set $.Atributes.a = \"1\" { error -> next } //! FC0207\n  disconnect\n}\n");
}

#[test]
fn an_unknown_result_is_told_at_each_read() {
    check(
        r#"inbound flow Main {
  say "You are number $plce.number." //! FC0208
  say "Again: number $plce.number." //! FC0208
  disconnect
}
"#,
    );
}

#[test]
fn a_problem_in_a_fragment_is_told_once_however_often_it_is_used() {
    check(
        r#"inbound flow Main {
  use greet
  use greet
  disconnect
}
inbound flow Other {
  use greet
  disconnect
}
fragment greet {
  say "Welcome" (loud: yes) //! FC0202
}
fragment unused {
  say "Welcome" (loud: yes) //! FC0202
}
"#,
    );
}

#[test]
fn a_broken_declaration_is_still_known_to_others() {
    check(
        r"inbound flow Main {
  call Greeting { else, error -> next }
  transfer to flow Other { error -> next }
  disconnect
}
module Greeting {
  syntax = error //! FC0101
}
inbound flow Other {
  disconect //! FC0201
}
",
    );
}

#[test]
fn ends_that_one_line_would_mend_are_one_problem() {
    check(
        r#"inbound flow Main {
  if $.Channel == "CHAT" {
    say "Hello." //! FC0401
  } else {
    say "Welcome."
  }
}
"#,
    );
}

#[test]
fn everything_that_a_line_needs_is_told_at_once() {
    let project = Project::flow("inbound flow Main {\n  callback { error -> next }\n  disconnect\n}\n");
    let messages: Vec<&str> = project.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(messages, ["`callback` needs `retry`, `delay` and `attempts`"]);
}

#[test]
fn values_are_called_what_the_line_calls_them() {
    let first = |line: &str| {
        let project =
            Project::flow(&format!("inbound flow Main {{\n  on error -> next\n\n  {line}\n  disconnect\n}}\n"));
        project.diagnostics.first().map(|diagnostic| diagnostic.message.clone()).unwrap_or_default()
    };
    assert_eq!(first("set logging maybe"), "`maybe` is not known of `set logging`");
    assert_eq!(first("set $.Attributes.a = [1]"), "`$.Attributes.a` takes a text, not `[1]`");
    assert_eq!(first("do TagContact (Tags: 5)"), "`Tags` takes a map `{ key: value }`, not `5`");
    assert_eq!(first("repeat 300 {\n    say \"x\"\n  }"), "`repeat` takes 0 to 100, not 300");
    assert_eq!(first("say \"\""), "the service refuses an empty text for `say`");
}
