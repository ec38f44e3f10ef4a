//! What build servers obey and code hosts show: commands, pages in Markdown, reports.

use flowc::diagnostics::{Diagnostic, codes};
use flowc::lint::report::{self, Form};
use flowc::source::{Source, SourceId, Span, markdown};
use proptest::prelude::*;
use serde_json::Value;

use super::project;
use crate::support::baseline::{flowc, flowc_command};

/// A name with all that means something to a host.
const NAME: &str = "N`</td><script>alert(1)</script> <img src=x> ![i](http://evil.example/i.png) [l](http://evil.example) \
                    http://evil.example www.evil.example @someone a@evil.example #1 GH-1 x|y \\| **b** _i_ ~~s~~ $x$ ``` \
                    ::error::x ##[error]x";

fn told(path: &str, message: &str) -> (Vec<Diagnostic>, Vec<Source>) {
    let source = Source::new(SourceId(0), path, "inbound flow Main {\n}\n");
    let problem = Diagnostic::new(codes::SYNTAX, Span::new(SourceId(0), 0, 7), message).label(message).help(message);
    (vec![problem], vec![source])
}

fn reported(form: Form, path: &str, message: &str) -> String {
    let (problems, sources) = told(path, message);
    report::report(form, &[], &problems, &sources)
}

/// What is left of Markdown when its code is taken out: runs of backticks up to the next run of that length, and `<code>`.
fn without_code(markdown: &str) -> String {
    let mut rest = markdown;
    let mut out = String::new();
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let inner = &rest[at + run..];
        let mut from = 0;
        let end = loop {
            let Some(next) = inner[from..].find('`').map(|next| from + next) else { break None };
            let length = inner[next..].len() - inner[next..].trim_start_matches('`').len();
            if length == run {
                break Some((next, length));
            }
            from = next + length;
        };
        let Some((end, length)) = end else { panic!("code that is never closed in {markdown}") };
        rest = &inner[end + length..];
    }
    out.push_str(rest);
    out.replace("<code>", "").replace("</code>", "")
}

/// Nothing that a host would make something of stands outside of code, but for entities. Mentions are looked for when an
/// entity has been read already: a break stands after it.
fn assert_no_markup(markdown: &str) {
    let words = without_code(markdown);
    for (at, _) in words.match_indices("&#64;").chain(words.match_indices("&#35;")) {
        assert!(words[at + 5..].starts_with("&#8203;"), "{words}");
    }
    let mut parts = words.split("&#");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').unwrap();
        assert!(number.parse::<u32>().is_ok(), "{words}");
        plain.push('\u{1}');
        plain.push_str(rest);
    }
    for mark in ["<", ">", "[", "]", "*", "_", "~", "$", "@", "#", "&", "`", "://", "www.", "GH-1"] {
        assert!(!plain.contains(mark), "{mark} is in {words}\nof {markdown}");
    }
}

#[test]
fn an_annotation_of_github_is_one_command_whatever_its_parts_are() {
    let path = "a%0A::b\r\n::error file=x,line=1::y\n:,.flow";
    let said = reported(Form::Github, path, "one%0A\n::warning::two\r::notice::three\u{2028}::debug::x\u{202e}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!said.contains('\r'), "{said}");
    let (head, data) = said.strip_prefix("::error ").unwrap().split_once("::").unwrap();
    let file = head.split(',').next().unwrap();
    assert_eq!(file, "file=a%250A%3A%3Ab%0D%0A%3A%3Aerror file=x%2Cline=1%3A%3Ay%0A%3A%2C.flow");
    assert!(data.starts_with("one%250A%0A::warning::two\\r::notice::three\\u{2028}"), "{data}");
}

#[test]
fn no_line_of_a_check_in_a_workflow_is_a_command_that_a_name_made() {
    let text = "inbound flow \"A\\n::error::1\" {\n  sya \"x\\n::error::2\"\n  set queue \"Q\\n::error::3\"\n  // ##[error]4\n  -> x\n}\n";
    let folder = project(&[("flows/a\n::error::5.flow", text)]);
    for arguments in [&["lint", "--format", "github"][..], &["check"], &["lint"], &["build"], &["resources"]] {
        let run = flowc(folder.path(), arguments);
        for line in run.stdout.lines().chain(run.stderr.lines()) {
            let is_command = line.trim_start().starts_with("::");
            let is_own =
                arguments.contains(&"github") && line.split("::").nth(1).is_some_and(|own| own.contains("file="));
            assert!(!is_command || is_own, "{arguments:?}: {line}");
        }
    }
}

#[test]
fn the_page_of_a_workflow_takes_no_markup_from_names_and_paths() {
    let page = reported(Form::Summary, NAME, &format!("`{NAME}` is odd, {NAME}"));
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 6, "{page}");
    for row in rows.iter().skip(5) {
        assert_no_markup(row);
        // A table has as many cells as its head; no bar of a name is one.
        assert_eq!(row.matches('|').count(), 4, "{row}");
    }
    let other = reported(Form::Summary, "a\n| b |.flow", "`x\ny` | z\n# heading");
    assert_eq!(other.lines().count(), page.lines().count(), "{other}");
}

#[test]
fn the_comment_about_changes_takes_no_markup_from_names() {
    let all = NAME.replace('\\', "\\\\").replace('$', "\\$");
    let name: String = all.chars().take(100).collect();
    let flow = |text: &str| format!("inbound flow \"{name}\" {{\n  say \"{text} {all}\"\n  disconnect\n}}\n");
    let folder = project(&[("old/a.flow", &flow("one")), ("new/a.flow", &flow("two"))]);
    let run = flowc(folder.path(), &["diff", "--format", "markdown", "old", "new"]);
    let (words, drawings) = run.stdout.split_once("```mermaid\n").unwrap_or_else(|| panic!("{run:?}"));
    let own = ["### ", "#### ", "**changed**"];
    assert_no_markup(&own.iter().rev().fold(words.to_owned(), |words, own| words.replace(own, "")));
    assert!(!drawings.contains("```m") && drawings.matches("```").count() == 1, "{drawings}");
    assert!(!drawings.contains(['<', '@']), "{drawings}");
}

#[test]
fn a_report_for_code_scanning_has_no_link_from_a_name() {
    let report: Value = serde_json::from_str(&reported(Form::Sarif, "a.flow", NAME)).unwrap();
    let result = &report["runs"][0]["results"][0];
    for text in [&result["message"]["text"], &result["locations"][0]["message"]["text"]] {
        assert!(text.as_str().unwrap().contains("[l] (http") && !text.as_str().unwrap().contains("]("), "{text}");
    }
}

#[test]
fn a_report_of_tests_is_xml_whatever_a_name_has() {
    let all: String = (0..=0xffff_u32).filter_map(char::from_u32).collect();
    let report = reported(Form::Junit, &all, &all);
    assert_xml_characters(&report);
    assert_eq!(report.matches("<testcase").count(), 1);
    assert_eq!(report.matches('<').count(), report.matches('>').count());
}

/// All characters are those that XML 1.0 has.
pub(super) fn assert_xml_characters(text: &str) {
    let is_allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert_eq!(text.chars().find(|c| !is_allowed(*c)), None);
}

#[test]
fn the_page_of_the_step_is_written_in_the_same_form() {
    let folder = project(&[("flows/<b>@x #1.flow", "inbound flow Main {\n  sya \"x\"\n}\n")]);
    let page = folder.path().join("page.md");
    let run = flowc_command(folder.path(), &["lint", "--format", "github"]).env("GITHUB_STEP_SUMMARY", &page).output();
    assert_eq!(run.unwrap().status.code(), Some(1));
    let page = std::fs::read_to_string(page).unwrap();
    assert_no_markup(page.lines().last().unwrap());
}

proptest! {
    #[test]
    fn no_text_ends_the_code_that_it_is_in(text in "[`a|\\\\ <@\n]{0,24}") {
        prop_assert_eq!(without_code(&markdown::code(&text)), "");
        let cell = markdown::cell(&format!("`{text}` is {text}"));
        assert_no_markup(&cell);
        prop_assert!(!without_code(&cell).contains('|') && !cell.contains(['|', '\n']), "{}", cell);
    }
}
