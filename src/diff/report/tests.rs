//! What the reports do with odd texts.

use super::*;
use crate::diff::{Change, Detail, FlowDiff, Said, State, Told};

fn said(sentence: &str) -> Said {
    Said { sentence: sentence.to_owned(), step: String::new() }
}

fn edited(text: &str) -> Diff {
    let detail = Detail { what: "text".to_owned(), before: Some("\"a\"".to_owned()), after: Some(text.to_owned()) };
    let change = Change::Edited { before: said("say \"a\""), after: said(text), details: vec![detail] };
    let flow = FlowDiff {
        name: "Main".to_owned(),
        kind: "inbound flow".to_owned(),
        path: "main.flow".to_owned(),
        line: None,
        state: State::Changed,
        changes: vec![Told { change, before: None, after: None }],
        callers: Vec::new(),
        drawings: Vec::new(),
        blocks: 2,
    };
    Diff { flows: vec![flow], ..Diff::default() }
}

#[test]
fn nothing_that_a_flow_says_breaks_out_of_a_comment() {
    let text = report(&edited("\"`@all` </details> | ```\n# no\""), Form::Markdown);
    let line = text.lines().find(|line| line.contains("→")).unwrap();
    assert_eq!(line, "  - text: `\"a\"` → ````\"`@all` </details> | ``` # no\"````");
}

#[test]
fn nothing_that_a_flow_says_steers_the_terminal() {
    let text = report(&edited("\"\u{1b}[2Jgone\""), Form::Human { color: false });
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn a_comment_stays_below_what_code_hosts_take() {
    let mut diff = edited("\"b\"");
    let flow = diff.flows.pop().unwrap();
    for number in 0..3000 {
        diff.flows.push(FlowDiff { name: format!("Flow {number}"), ..flow.clone() });
    }
    let text = report(&diff, Form::Markdown);
    assert!(text.len() < 65_536 && text.contains("only by name"), "{}", text.len());
}
