//! What people read: messages, snippets, summaries, differences, tables.

use flowc::diagnostics::render::{self, Format, Style};
use flowc::diagnostics::{Diagnostic, codes};
use flowc::source::{Source, SourceId, Span};
use unicode_width::UnicodeWidthStr;

use super::project;
use crate::support::baseline::{Project, Run, flowc};

/// Control characters, those that turn the writing around, and line breaks of Unicode's.
const HOSTILE: &[char] = &[
    '\u{0}',
    '\u{7}',
    '\u{8}',
    '\u{b}',
    '\u{c}',
    '\u{e}',
    '\u{1b}',
    '\u{7f}',
    '\u{80}',
    '\u{85}',
    '\u{9b}',
    '\u{9d}',
    '\u{61c}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{200b}',
    '\u{feff}',
    '\u{ad}',
    '\u{e0041}',
];

fn assert_harmless(text: &str) {
    for c in HOSTILE {
        assert!(!text.contains(*c), "{c:?} is in\n{text}");
    }
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line:?} is a command in\n{text}");
    }
}

fn all_of(run: &Run) -> String {
    format!("{}{}", run.stdout, run.stderr)
}

#[test]
fn every_hostile_character_of_a_message_is_shown_as_an_escape() {
    for c in HOSTILE {
        let text = format!("say \"{c}\" odd\n");
        let at = text.find("odd").unwrap();
        let sources = [Source::new(SourceId(0), format!("a{c}.flow"), text.as_str())];
        let span = Span::new(SourceId(0), at, at + 3);
        let mut problem = Diagnostic::new(codes::SYNTAX, span, format!("message {c}"))
            .label(format!("label {c}"))
            .also(Span::new(SourceId(0), 0, 3), format!("second {c}"))
            .help(format!("help {c}"));
        problem.path = Some(flowc::source::Path::new(format!("Actions[{c}]")));
        for format in [Format::Human, Format::Short] {
            let style = Style { color: false, unicode: true, width: 100 };
            let shown = render::render(std::slice::from_ref(&problem), &sources, format, style);
            assert_harmless(&shown);
            let escape = format!("\\u{{{:x}}}", u32::from(*c));
            let wanted = if format == Format::Human { 7 } else { 3 };
            assert!(shown.matches(&escape).count() >= wanted - 1, "{shown}");
        }
    }
}

#[test]
fn a_mark_is_under_its_word_whatever_stands_before_it() {
    for c in HOSTILE {
        let text = format!("say \"{c}{c}値\" odd // {c}\n");
        let at = text.find("odd").unwrap();
        let sources = [Source::new(SourceId(0), "a.flow", text.as_str())];
        let problem = Diagnostic::new(codes::SYNTAX, Span::new(SourceId(0), at, at + 3), "m").label("here");
        let style = Style { color: false, unicode: true, width: 100 };
        let shown = render::render(&[problem], &sources, Format::Human, style);
        let line = shown.lines().find(|line| line.contains("odd")).unwrap();
        let marks = shown.lines().find(|line| line.contains("─┬─")).unwrap();
        let before = |line: &str, part: &str| line.split(part).next().unwrap().width();
        assert_eq!(before(line, "odd"), before(marks, "─┬─"), "{shown}");
        // The heading has the place in the file, where the character is one.
        assert!(shown.contains("[a.flow:1:11]"), "{shown}");
    }
}

#[test]
fn no_command_writes_a_hostile_character_for_people() {
    let hostile: String = HOSTILE.iter().filter(|c| **c != '\0').collect();
    let name = format!("N{}::error::x", hostile.chars().map(|c| c.escape_unicode().to_string()).collect::<String>());
    let flow = format!(
        "inbound flow \"{name}\\n::error::x\" {{\n  say \"{hostile}\" \n  set queue \"Q{hostile}\" {{ error -> next }}\n  sya \"##[error]x\"\n  disconnect\n}}\n"
    );
    let sound = format!(
        "inbound flow \"{name}\\n::error::x\" {{\n  say \"{hostile}\"\n  set queue \"Q{hostile}\" {{ error -> next }}\n  disconnect\n}}\n"
    );
    let files = [("flows/bad\u{202e}\u{9b}.flow", flow.as_str())];
    let broken = project(&files);
    let path = format!("flows/{}\n::error::x.flow", "\u{202e}\u{9b}\u{1b}");
    let whole = project(&[(path.as_str(), sound.as_str())]);
    let old = project(&[("old/Main.flow", "inbound flow Main {\n  disconnect\n}\n")]);
    let mut looked = 0;
    for arguments in [
        vec!["check"],
        vec!["check", "--message-format", "short"],
        vec!["build"],
        vec!["build", "--check"],
        vec!["fmt", "--check"],
        vec!["fmt"],
        vec!["lint"],
        vec!["lint", "--format", "github"],
        vec!["resources"],
        vec!["graph", "--format", "mermaid", "N\u{202e}"],
        vec!["check", "missing\u{202e}\n::error::x.flow"],
        vec!["check", "--odd\u{1b}[31m\n::error::x"],
        vec!["no\u{202e}command"],
        vec!["explain", "FC\u{9b}9999"],
        vec!["diff", "gone\u{202e}\n::error::x", "flows"],
    ] {
        for folder in [&broken, &whole] {
            let run = flowc(folder.path(), &arguments);
            let said = all_of(&run);
            if arguments != ["lint", "--format", "github"] {
                assert_harmless(&said);
            }
            let is_file_told = arguments == ["lint", "--format", "github"];
            assert!(
                is_file_told || said.contains("\\u{") || said.lines().count() < 3 || arguments[0] == "build",
                "{arguments:?}\n{said}"
            );
            looked += 1;
        }
    }
    let old_path = old.path().join("old");
    let run = flowc(whole.path(), &["diff", old_path.to_str().unwrap(), "flows"]);
    assert_harmless(&all_of(&run));
    assert!(run.stdout.contains("\\u{202e}"), "{}{}", run.stdout, run.stderr);
    looked += 1;
    for format in ["svg", "mermaid", "dot"] {
        let name = "N".to_owned() + &hostile + "::error::x\n::error::x";
        let run = flowc(whole.path(), &["graph", "--format", format, &name]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_harmless(&all_of(&run));
        looked += 1;
    }
    assert_eq!(looked, 34);
}

#[test]
fn a_name_with_a_character_that_nobody_sees_is_told_by_the_characters_name() {
    for (c, called) in [
        ('\u{200b}', "U+200B, a zero-width space"),
        ('\u{200c}', "U+200C, a zero-width non-joiner"),
        ('\u{200d}', "U+200D, a zero-width joiner"),
        ('\u{feff}', "U+FEFF, a byte order mark"),
        ('\u{ad}', "U+00AD, a soft hyphen"),
        ('\u{e0041}', "U+E0041, a tag character"),
        ('\u{202e}', "U+202E, a character that turns the writing around"),
        ('\u{1b}', "U+001B, a control character"),
    ] {
        for head in ["inbound flow", "module"] {
            let inputs = if head == "module" { " ()" } else { "" };
            let end = if head == "module" { "return" } else { "disconnect" };
            let project = Project::flow(&format!("{head} \"Sa{c}les\"{inputs} {{\n  {end}\n}}\n"));
            assert_eq!(project.codes(), ["FC0222"], "{}", project.rendered());
            assert!(project.rendered().contains(called), "{}", project.rendered());
            assert!(project.rendered().contains("help: remove it"), "{}", project.rendered());
        }
    }
    for name in ["Grüße", "نمی\u{200c}خواهم", "Café 👩\u{200d}💻", "営業　部"] {
        assert!(Project::flow(&format!("inbound flow \"{name}\" {{\n  disconnect\n}}\n")).codes().is_empty(), "{name}");
    }
}

#[test]
fn a_space_that_is_none_is_told_by_its_name() {
    for (text, called) in [
        ("inbound flow Main {\n  say\u{a0}\"Hello\"\n  disconnect\n}\n", "U+00A0, a no-break space"),
        ("inbound\u{a0}flow Main {\n  disconnect\n}\n", "U+00A0, a no-break space"),
        ("inbound flow Main {\n\u{3000}disconnect\n}\n", "U+3000, an ideographic space"),
        ("inbound flow Main {\n  dis\u{200b}connect\n}\n", "U+200B, a zero-width space"),
        (
            "inbound flow Main {\n  menu \"x\" {\n    1\u{a0}-> a\n    timeout, else, error -> a\n  }\n  step a { disconnect }\n}\n",
            "U+00A0",
        ),
    ] {
        let project = Project::flow(text);
        let said = project.rendered();
        assert!(said.contains(called), "{said}");
        assert_eq!(
            project.diagnostics.iter().filter(|one| one.is_error()).count(),
            1,
            "one cause, one message\n{said}"
        );
        assert!(said.contains("write a plain space instead") || said.contains("remove it"), "{said}");
    }
}
