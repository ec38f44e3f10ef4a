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
            r#""documentPath":null,"label":"","related":[],"help":"did you mean `say`?","fixes":[{"title":"write `say`","file":"a.flow","#,
            r#""span":{"start":{"line":1,"column":3,"offset":3},"end":{"line":1,"column":6,"offset":6}},"#,
            r#""replacement":"say","safety":"unsafe"}]}"#,
            "\n"
        )
    );
}

/// The line of a drawing that begins with a line number, and the one under it with the marks.
fn drawn(text: &str) -> (&str, &str) {
    let mut lines = text.lines().skip_while(|line| !line.contains('│'));
    let pair = (lines.next().unwrap(), lines.next().unwrap());
    assert!(pair.1.contains(['┬', '─', '▲']), "{text}");
    pair
}

/// What stands above the marks, by columns of the terminal.
fn marked(text: &str) -> String {
    let (line, marks) = drawn(text);
    let mut column = 0;
    let mut columns = Vec::new();
    for c in line.chars() {
        let width = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        columns.extend(std::iter::repeat_n(c, usize::from(width > 0)));
        columns.extend(std::iter::repeat_n('\0', width.saturating_sub(1)));
        column += width;
    }
    assert_eq!(column, columns.len());
    let marked = marks.chars().enumerate().filter(|(_, mark)| matches!(mark, '┬' | '─'));
    marked.filter_map(|(column, _)| columns.get(column)).filter(|c| **c != '\0').collect()
}

/// A document on one line, with a wide character, and the place of one of its values.
fn one_line(members_before: usize, members_after: usize) -> (String, usize) {
    let before: Vec<String> = (0..members_before).map(|number| format!("\"före{number}\": \"値\", ")).collect();
    let after: Vec<String> = (0..members_after).map(|number| format!(", \"after{number}\": {number}")).collect();
    let text = format!("{{{}\"here\": @@{}}}", before.concat(), after.concat());
    let at = text.find("@@").unwrap();
    (text, at)
}

#[test]
fn a_line_is_cut_to_what_is_around_the_label() {
    for (before, after) in [(0, 0), (0, 500), (500, 0), (500, 500), (3, 3), (5000, 5000)] {
        let (text, at) = one_line(before, after);
        let sources = [source(0, "a.json", &text)];
        let problem = Diagnostic::new(codes::SYNTAX, span(0, at, at + 2), "odd").label("this");
        let text = render(&[problem], &sources, Format::Human, STYLE);
        let (line, _) = drawn(&text);
        let shown = line.split_once("│ ").unwrap().1;
        let columns: usize = shown.chars().filter_map(unicode_width::UnicodeWidthChar::width).sum();
        assert!(columns <= 120, "{columns} columns\n{text}");
        assert_eq!(shown.starts_with('…'), before > 3, "{text}");
        assert_eq!(shown.ends_with('…'), after > 3, "{text}");
        assert_eq!(marked(&text), "@@", "{text}");
        // The heading has the place in the file, not in what is shown of it.
        let column = one_line(before, after).0.get(..at).unwrap().chars().count() + 1;
        assert!(text.contains(&format!("[a.json:1:{column}]")), "{text}");
    }
}

#[test]
fn two_labels_far_apart_on_one_line_are_told_apart() {
    for distance in [10, 100, 500, 70_000] {
        let text = format!("{{\"first\": {}\"second\": 2}}", " ".repeat(distance));
        let at = text.find("\"second\"").unwrap();
        let sources = [source(0, "a.json", &text)];
        let problem = Diagnostic::new(codes::SYNTAX, span(0, at, at + 8), "given twice")
            .label("again")
            .also(span(0, 1, 8), "first given here");
        let text = render(&[problem], &sources, Format::Human, STYLE);
        assert!(text.contains("again") && text.contains("first given here"), "{text}");
        assert_eq!(text.contains("note: first given here"), distance > 100, "{text}");
        assert!(text.lines().all(|line| line.chars().count() < 140), "{text}");
    }
}

#[test]
fn marks_are_under_what_they_mean_after_tabs_and_wide_characters() {
    for text in ["\tsay \"値段\" 99", "値値\t99", "a\tb\t99 rest", "\t\t99"] {
        let at = text.find("99").unwrap();
        let sources = [source(0, "a.flow", text)];
        let problem = Diagnostic::new(codes::SYNTAX, span(0, at, at + 2), "odd").label("here");
        let drawing = render(&[problem], &sources, Format::Human, STYLE);
        assert_eq!(marked(&drawing), "99", "{drawing}");
    }
}

#[test]
fn a_label_over_long_lines_shows_where_it_begins() {
    let text = format!("{{\n  \"a\": \"{}\",\n  \"b\": [\n    \"{}\"\n  ]\n}}", "x".repeat(900), "y".repeat(900));
    let sources = [source(0, "a.json", &text)];
    let problem = Diagnostic::new(codes::SYNTAX, span(0, 0, text.len()), "odd").label("all of it");
    let drawing = render(&[problem], &sources, Format::Human, STYLE);
    assert!(drawing.contains("all of it"), "{drawing}");
    assert!(drawing.lines().all(|line| line.chars().count() < 140), "{drawing}");
}

#[test]
fn the_path_in_a_document_stands_beside_line_and_column() {
    let sources = [source(0, "a.json", "{\"Actions\": [{\"Parameters\": {\"QueueId\": \"\"}}]}")];
    let mut problem = Diagnostic::new(codes::EMPTY_TEXT, span(0, 41, 43), "this is empty");
    problem.path = Some(crate::source::Path::new("Actions[0].Parameters.QueueId"));
    let human = render(std::slice::from_ref(&problem), &sources, Format::Human, STYLE);
    assert!(human.contains("╭─[a.json:1:42, Actions[0].Parameters.QueueId]\n"), "{human}");
    let short = render(std::slice::from_ref(&problem), &sources, Format::Short, STYLE);
    assert_eq!(short, "a.json:1:42: error[FC0307]: this is empty (Actions[0].Parameters.QueueId)\n");
    let json = render(std::slice::from_ref(&problem), &sources, Format::Json, STYLE);
    assert!(json.contains(r#""documentPath":"Actions[0].Parameters.QueueId""#), "{json}");
    problem.message = "`Actions[0].Parameters.QueueId` is empty".to_owned();
    let short = render(&[problem], &sources, Format::Short, STYLE);
    assert_eq!(
        short, "a.json:1:42: error[FC0307]: `Actions[0].Parameters.QueueId` is empty\n",
        "and is not said twice"
    );
}

#[test]
fn people_are_shown_what_weighs_most_and_told_what_is_left() {
    let sources = [source(0, "a.flow", &"x\n".repeat(600))];
    let problem = |at: usize| {
        // Every tenth is an error; the others only warn.
        let code = if at.is_multiple_of(10) { codes::UNKNOWN_SENTENCE } else { codes::UNUSUAL_VALUE };
        Diagnostic::new(code, span(0, at * 2, at * 2 + 1), format!("problem {at}"))
    };
    let all: Vec<Diagnostic> = (0..600).map(problem).collect();
    let text = render(&all, &sources, Format::Human, STYLE);
    assert_eq!(text.matches("error[").count(), 60);
    assert_eq!(text.matches("warning[").count(), SHOWN_MAX - 60);
    let places: Vec<usize> = text.match_indices("problem ").map(|(at, _)| at).collect();
    assert!(places.is_sorted() && text.contains("problem 590\n"), "in their order, and none of the errors is left out");
    assert!(text.ends_with("and 400 more: 400 warnings; `--message-format short` shows all, a line each\n"), "{text}");
    assert_eq!(render(&all, &sources, Format::Short, STYLE).lines().count(), 600);
    assert_eq!(render(&all, &sources, Format::Json, STYLE).lines().count(), 600);
    assert!(!render(&all[..200], &sources, Format::Human, STYLE).contains("more:"));
}
