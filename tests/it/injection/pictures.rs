//! Pictures: what a label says is drawn, and nothing else is done.

use flowc::emit::{self, Format};

use super::hosts::assert_xml_characters;
use super::project;
use crate::support::baseline::{Project, flowc};

/// What would be a directive, a link, an end of a label, markup or an entity.
const LABELS: &[&str] = &[
    "%%{init: {'theme': 'dark'}}%%",
    "x %%{wrap}%% y",
    "click n0 href 'javascript:alert(1)'",
    "\\\"]; click n0 call alert(); n9[\\\"x",
    "\\\"] --> evil[\\\"x",
    "#quot; #35; &quot; &#34;",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "`**bold**` \\$\\$x",
    "end ]] )) }} || | ;",
    "style n0 fill: #fff;",
    "---\\ntitle: x\\n---",
    "\\\\",
    "a\\\\\\\" b",
    "\\\\N \\\\G &lt;b&gt;",
];

fn drawn(label: &str, format: Format) -> String {
    let text = format!("inbound flow \"{label}\" {{\n  say \"{label}\"\n  disconnect\n}}\n");
    let project = Project::flow(&text);
    let [flow] = project.checked.flows.as_slice() else { panic!("{}", project.rendered()) };
    emit::picture(flow.flow(), format)
}

#[test]
fn no_label_of_mermaid_is_more_than_a_label() {
    let lines = drawn("plain", Format::Mermaid).lines().count();
    for label in LABELS {
        let text = drawn(label, Format::Mermaid);
        assert_eq!(text.lines().count(), lines, "{text}");
        let mut all = text.lines();
        // The comment at the head is looked through for directives before comments are left out.
        let head = all.next().unwrap().strip_prefix("%% ").unwrap();
        assert!(!head.contains(['%', '{', '}']), "{text}");
        assert_eq!(all.next(), Some("flowchart LR"));
        for line in all {
            for (at, quoted) in line.split('"').enumerate() {
                let words = quoted.replace("<br/>", "");
                let is_plain = |c: char| {
                    if at % 2 == 0 {
                        c.is_ascii_alphanumeric() || " ()[]|-.>".contains(c)
                    } else {
                        !"%{}[]()<>`|\\:@&$^".contains(c)
                    }
                };
                assert!(words.chars().all(is_plain), "{line}");
                // What begins with a number sign is a character by its number.
                for entity in words.split('#').skip(1) {
                    let number = entity.split(';').next().unwrap();
                    assert!(entity.contains(';') && number.parse::<u32>().is_ok(), "{line}");
                }
            }
            assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        }
    }
}

#[test]
fn no_label_of_dot_is_more_than_a_label() {
    for label in LABELS {
        let text = drawn(label, Format::Dot);
        for line in text.lines() {
            let mut is_quoted = false;
            let mut characters = line.chars();
            let mut outside = String::new();
            while let Some(c) = characters.next() {
                match c {
                    '"' => is_quoted = !is_quoted,
                    '\\' if is_quoted => drop(characters.next()),
                    '&' if is_quoted => assert!(characters.as_str().starts_with("amp;"), "{line}"),
                    c if !is_quoted => outside.push(c),
                    _ => {}
                }
            }
            assert!(!is_quoted, "{line}");
            let is_plain = |c: char| c.is_ascii_alphanumeric() || " {}[]=;,->_".contains(c);
            assert!(outside.chars().all(is_plain) && !outside.contains("click"), "{line}");
        }
    }
}

#[test]
fn a_drawing_is_xml_whatever_a_name_has() {
    let all: String = (1..=0xffff_u32).filter_map(char::from_u32).filter(|c| !"\"\\\n$".contains(*c)).collect();
    let labels: Vec<String> =
        all.chars().collect::<Vec<char>>().chunks(100).map(|part| part.iter().collect()).collect();
    for label in labels.iter().map(String::as_str).chain(LABELS.iter().copied()) {
        let svg = drawn(label, Format::Svg);
        assert_xml_characters(&svg);
        assert!(!svg.contains("<script") && !svg.contains("<img"), "{svg}");
        for after in svg.split('&').skip(1) {
            assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|entity| after.starts_with(entity)), "{after}");
        }
        // Every tag is one of the drawing's own.
        for tag in svg.split('<').skip(1) {
            let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
            assert!(
                ["svg", "title", "style", "rect", "g", "text", "path", "circle", "tspan"].contains(&&*name),
                "{name}"
            );
        }
    }
}

#[test]
fn a_drawing_of_changes_carries_no_directive() {
    let flow = |text: &str| {
        format!("inbound flow Main {{\n  say \"{text} %%{{init: {{'theme':'x'}}}}%% `\"\n  disconnect\n}}\n")
    };
    let folder = project(&[("old/a.flow", &flow("one")), ("new/a.flow", &flow("two"))]);
    let run = flowc(folder.path(), &["diff", "--format", "markdown", "old", "new"]);
    let drawing = run.stdout.split("```mermaid\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(drawing.contains("#37;#37;#123;init") && !drawing.contains("%%"), "{drawing}");
}
