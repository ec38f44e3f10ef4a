//! `secret-in-flow`: a key or a token that everyone who sees the flow can use.

use crate::flow::{Part, Text};
use crate::lint::analysis::{View, each_text};
use crate::lint::{Check, Report};

pub(super) const CHECK: Check = Check::Flow(check);

fn check(view: &View, report: &mut Report) {
    for (id, block) in view.flow.blocks() {
        let mut texts: Vec<&Text> = Vec::new();
        each_text(&block.args, &mut |text| texts.push(text));
        for text in texts {
            let found = text.parts.iter().find_map(|part| match part {
                Part::Literal(literal) => secret(literal),
                _ => None,
            });
            let Some(what) = found else { continue };
            let finding = report
                .finding(view, id, text.span, format!("this text is {what}"))
                .label("everyone who can see the flow can use it")
                .help("take it back, and let the function that needs it read it from a secret store")
                .subject(what);
            report.push(finding);
        }
    }
}

fn secret(text: &str) -> Option<&'static str> {
    let is_key = |word: &str| {
        word.len() == 20
            && (word.starts_with("AKIA") || word.starts_with("ASIA"))
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let is_token = |word: &str| {
        let parts: Vec<&str> = word.split('.').collect();
        parts.len() == 3 && word.starts_with("eyJ") && parts.iter().all(|part| part.len() > 8)
    };
    let is_prefixed = |word: &str| {
        ["ghp_", "github_pat_", "xoxb-", "xoxp-", "sk_live_", "glpat-"].iter().any(|prefix| {
            word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= 16)
        })
    };
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'));
    words.find_map(|word| {
        if is_key(word) {
            Some("an access key")
        } else if is_token(word) || is_prefixed(word) {
            Some("a token")
        } else {
            None
        }
    })
}
