//! How diagnostics look in each format.

use super::*;
use crate::diagnostics::codes;

const STYLE: Style = Style { color: false, unicode: true, width: 80 };

fn source(id: u32, path: &str, text: &str) -> Source {
    Source::new(SourceId(id), path, text)
}

fn span(source: u32, start: usize, end: usize) -> Span {
    Span::new(SourceId(source), start, end)
}

#[test]
fn human_shows_both_files_and_then_the_help() {
    let sources =
        [source(0, "a.flow", "inbound flow A {\n  sya \"x\"\n}\n"), source(1, "b.flow", "module B () {\n}\n")];
    let problem = Diagnostic::new(codes::UNKNOWN_SENTENCE, span(0, 19, 22), "no sentence begins with `sya`")
        .label("unknown")
        .also(span(0, 13, 14), "in this flow")
        .also(span(1, 7, 8), "and here is another")
        .help("did you mean `say`?");
    let text = render(&[problem], &sources, Format::Human, STYLE);
    let expected = "\
error[FC0201]: no sentence begins with `sya`
   ╭─[a.flow:2:3]
 1 │ inbound flow A {
   ·              ┬
   ·              ╰── in this flow
 2 │   sya \"x\"
   ·   ─┬─
   ·    ╰── unknown
 3 │ }
   ╰────
note: and here is another
   ╭─[b.flow:1:8]
 1 │ module B () {
   ·        ─
 2 │ }
   ╰────
  help: did you mean `say`?

";
    assert_eq!(text, expected, "{text}");
}

#[test]
fn a_source_without_text_has_a_path_and_no_snippet() {
    let sources = [source(0, "a.flow", "")];
    let problem = Diagnostic::new(codes::UNREADABLE, span(0, 0, 0), "this is a folder").help("rename it");
    let text = render(std::slice::from_ref(&problem), &sources, Format::Human, STYLE);
    assert_eq!(text, "error[FC0108]: this is a folder\n   ╭─[a.flow]\n   ╰────\n  help: rename it\n\n");
    let text = render(&[problem], &sources, Format::Human, Style { color: true, ..STYLE });
    assert!(text.find("a.flow") < text.find("rename it"), "{text}");
}

#[test]
fn the_end_of_a_text_is_shown_behind_its_last_word() {
    let sources = [source(0, "a.flow", "inbound flow A {\n\n\n")];
    let problem = Diagnostic::new(codes::UNCLOSED, span(0, 19, 19), "never closed").label("here");
    let text = render(&[problem], &sources, Format::Human, STYLE);
    assert!(text.contains("here"), "{text}");
}

#[test]
fn a_line_of_a_megabyte_is_cut() {
    let long = format!("inbound flow A {{ say \"{}\" }}", "ä".repeat(500_000));
    let sources = [source(0, "a.flow", &long)];
    let problem = Diagnostic::new(codes::SYNTAX, span(0, 500_000, 500_004), "odd").label("here");
    let text = render(&[problem], &sources, Format::Human, STYLE);
    assert!(text.len() < 2_000 && text.contains("here"), "{}", text.len());
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let sources = [source(0, "a.flow", "say \u{1b}[31m \u{202e}x\n")];
    let problem = Diagnostic::new(codes::SYNTAX, span(0, 4, 5), "odd \u{1b}]0;x\u{7}").label("here");
    let text = render(&[problem], &sources, Format::Human, STYLE);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
}

#[test]
fn short_and_json_count_characters_from_one() {
    let sources = [source(0, "a.flow", "é sya\n")];
    let problem = Diagnostic::new(codes::UNKNOWN_SENTENCE, span(0, 3, 6), "odd").suggest("sya", ["say"]);
    let short = render(std::slice::from_ref(&problem), &sources, Format::Short, STYLE);
    assert_eq!(short, "a.flow:1:3: error[FC0201]: odd\n");
    let json = render(&[problem], &sources, Format::Json, STYLE);
    assert_eq!(
        json,
        concat!(
            r#"{"code":"FC0201","level":"error","message":"odd","file":"a.flow","#,
            r#""span":{"start":{"line":1,"column":3,"offset":3},"end":{"line":1,"column":6,"offset":6}},"#,
            r#""label":"","related":[],"help":"did you mean `say`?","fixes":[{"title":"write `say`","file":"a.flow","#,
            r#""span":{"start":{"line":1,"column":3,"offset":3},"end":{"line":1,"column":6,"offset":6}},"#,
            r#""replacement":"say","safety":"unsafe"}]}"#,
            "\n"
        )
    );
}
