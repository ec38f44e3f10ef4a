use super::*;
use crate::emit::tests::{Draft, small};

#[test]
fn mermaid_speaks_the_language() {
    let expected = r#"%% Main: inbound flow
flowchart LR
  start((start)) --> n0
  n0["Get participant input<br/>menu #34;For sales, press 1.#34;"]
  n1["Set working queue<br/>set queue Sales"]
  n2["Transfer to queue<br/>transfer to queue"]
  n3["Play prompt<br/>say #34;Sorry, #34;no#34; luck.#34;"]
  n4(["Disconnect<br/>disconnect"])
  n0 -->|"1"| n1
  n0 -.->|"timeout"| n0
  n0 -.->|"else"| n3
  n0 -.->|"error"| n4
  n1 --> n2
  n1 -.->|"error"| n3
  n2 --> n4
  n2 -.->|"full"| n3
  n2 -.->|"error"| n3
  n3 --> n4
"#;
    assert_eq!(picture(&small().flow, Format::Mermaid), expected);
}

#[test]
fn dot_escapes_what_dot_reads() {
    let mut draft = Draft::new("A \"quoted\" \\ name");
    draft.say("one\ntwo \\");
    let dot = picture(&draft.flow, Format::Dot);
    assert!(dot.starts_with("digraph \"A \\\"quoted\\\" \\\\ name\" {\n"), "{dot}");
    assert!(dot.contains("  n0 [label=\"Play prompt\\nsay \\\"one two \\\\\\\"\"];\n"), "{dot}");
    assert!(dot.ends_with("}\n"));
}

#[test]
fn svg_is_escaped_and_has_one_box_per_block() {
    let mut draft = small();
    draft.say("<script>&\u{1}");
    let svg = picture(&draft.flow, Format::Svg);
    assert_eq!(svg.matches("class=\"box").count(), 6);
    assert!(!svg.contains("<script") && !svg.contains('\u{1}'));
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(picture(&Draft::new("Empty").flow, Format::Svg).contains("Empty"));
}

#[test]
fn labels_are_cut_to_what_fits() {
    assert_eq!(shortened("say  \"a\nb\"", 20), "say \"a b\"");
    assert_eq!(shortened("abcdef", 4), "abc…");
    assert_eq!(shortened("長長長", 5), "長長…");
    assert_eq!(spaced("CheckMetricData"), "Check metric data");
}
